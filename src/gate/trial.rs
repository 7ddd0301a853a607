//! Policies on trial: rules that decide nothing yet, held against changes that were taken in long ago.
//!
//! Owns where rules on trial come from, and the judging of one past change by them. Packs and policies only: no
//! specification, baseline or forge, for those belong to their day.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::change::trusted::Tree;
use crate::change::{Landed, Mode, Repository, resolve};
use crate::change::{RangeError, RangeRequest};
use crate::completeness::Reason;
use crate::configuration::{Configuration, Packs, PolicyFolder};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::gate::collect::{self, CONFIGURATION, configuration, gather};
use crate::gate::intent::Intent;
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, decide, decided};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::policies::folders::{Rules, read_folder, read_rules};
use crate::policies::{Loaded, packs};
use crate::replay::Answer;
use crate::review::state::ForgeFacts;
use crate::worker::{Supervisor, WorkerCommand};

/// Which rules are tried.
#[derive(Clone, Debug)]
pub struct TrialRequest {
    /// A folder of the repository.
    pub repository: PathBuf,
    /// The revision that holds them; none means the work tree.
    pub revision: Option<String>,
    /// Policy folders; with any of these or of the packs, only what is named is tried.
    pub policies: Vec<PathBuf>,
    /// Built-in packs.
    pub packs: Vec<String>,
    /// How to start a worker.
    pub worker: WorkerCommand,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
}

/// Rules on trial, read and loaded once.
pub struct Trial {
    request: TrialRequest,
    configuration: Configuration,
    rules: Rules,
    /// What loading them gave.
    pub loaded: Loaded,
    /// SHA-256 over the rules and what the configuration says about them.
    pub digest: String,
    /// What makes them unfit: with any, nothing is judged.
    pub reasons: Vec<Reason>,
}

impl Trial {
    /// Reads the rules and loads them once, so that a fault is told before anything is judged.
    ///
    /// # Errors
    /// When the repository, the revision, the configuration or a name of a pack is wrong.
    pub fn open(request: TrialRequest) -> Result<Self, Error> {
        let repository = opened(&request.repository)?;
        let (tree, side) = place(&request, &repository)?;
        let trust = if request.revision.is_some() { Trust::Base } else { Trust::Worktree };
        let mut reasons = Vec::new();
        let mut configuration = configuration(trust, &tree, &side)?.unwrap_or_else(|reason| {
            reasons.push(reason);
            Configuration::default()
        });
        // The specification and old debt are of their day.
        (configuration.specification, configuration.baseline) = (None, None);
        let rules = rules(&request, &repository, &tree, &mut configuration)?;
        reasons.extend(rules.reasons.iter().cloned());
        let mut trial =
            Self { request, configuration, rules, loaded: Loaded::default(), digest: String::new(), reasons };
        trial.load();
        Ok(trial)
    }

    fn load(&mut self) {
        let intent = self.intent();
        let setup = collect::setup(&self.check_request(None), &self.configuration, &intent);
        let mut supervisor = Supervisor::new(self.request.worker.clone(), setup);
        let read = super::reading::load(&mut supervisor, &self.configuration.limits);
        self.reasons.extend(read.reasons);
        self.reasons.extend(read.loaded.faults.iter().map(decide::reason));
        self.loaded = read.loaded;
        self.digest = decide::digest_with(&self.rules.set, &self.configuration);
    }

    /// Says what the rules say about one change, and how many microseconds each package took.
    #[must_use]
    pub fn judge(&self, landed: &Landed) -> (Answer, BTreeMap<String, u64>) {
        let told = |error: Error| Reason::new("not-judged", error.told(), "run `portcullis check` on it by hand");
        match self.outcome(landed) {
            Ok(outcome) => (Answer::of(&outcome), outcome.micros),
            Err(error) => (Answer::unjudged(told(error)), BTreeMap::new()),
        }
    }

    fn outcome(&self, landed: &Landed) -> Result<Outcome, Error> {
        let request = self.check_request(Some(landed));
        let repository = opened(&self.request.repository)?;
        let limits = &self.configuration.limits;
        let range = resolve(&repository, &request.range, &request.environment, limits).map_err(unresolved)?;
        let tree = Tree::at_commit(&repository, &range.merge_base, limits).map_err(|reason| usage(&reason))?;
        let (configuration, intent) = (self.configuration.clone(), self.intent());
        Ok(decided(&mut gather(&request, repository, &range, &tree, configuration, intent)?))
    }

    fn intent(&self) -> Intent {
        Intent { rules: self.rules.clone(), ..Intent::default() }
    }

    fn check_request(&self, landed: Option<&Landed>) -> CheckRequest<'static> {
        let revision = |id: fn(&Landed) -> &String| landed.map(|landed| id(landed).clone());
        let range =
            RangeRequest { base: revision(|of| &of.parent), head: revision(|of| &of.commit), mode: Mode::Range };
        CheckRequest {
            repository: self.request.repository.clone(),
            range,
            environment: Default::default(),
            trust: Trust::Worktree,
            fail_on: None,
            as_of: self.request.as_of.clone(),
            // Changes are judged side by side instead.
            threads: 1,
            worker: self.request.worker.clone(),
            forge: ForgeAccess::Closed(ForgeFacts::Local),
            others: OpenChanges::Closed,
            imports: Vec::new(),
            cache: None,
            progress: &Silent,
        }
    }
}

fn opened(folder: &Path) -> Result<Repository, Error> {
    Repository::open(folder).map_err(|error| UsageError::new(error.to_string(), error.remedy()).into())
}

/// Returns where the configuration is read, and how messages call it. A bare clone has no desk: its branch stands in.
fn place(request: &TrialRequest, repository: &Repository) -> Result<(Tree, String), Error> {
    match (&request.revision, Tree::at_work_tree(repository)) {
        (None, Ok(tree)) => Ok((tree, CONFIGURATION.to_owned())),
        (revision, _) => {
            let revision = revision.as_deref().unwrap_or("HEAD");
            Ok((at(repository, revision)?, format!("{CONFIGURATION} at {}", revision.escape_debug())))
        }
    }
}

fn at(repository: &Repository, revision: &str) -> Result<Tree, Error> {
    let range = RangeRequest { base: None, head: Some(revision.to_owned()), mode: Mode::Whole };
    let found = resolve(repository, &range, &Default::default(), &Limits::default()).map_err(unresolved)?;
    Tree::at_commit(repository, &found.head, &Limits::default()).map_err(|reason| usage(&reason).into())
}

fn unresolved(error: RangeError) -> Error {
    match error {
        RangeError::Usage { message, help } => UsageError::new(message, help).into(),
        RangeError::Undecided(reason) => usage(&reason).into(),
    }
}

fn usage(reason: &Reason) -> UsageError {
    UsageError::new(reason.message.raw(), reason.remedy.raw())
}

/// Returns the rules that are named, or all that the configuration names.
fn rules(
    request: &TrialRequest,
    repository: &Repository,
    tree: &Tree,
    configuration: &mut Configuration,
) -> Result<Rules, Error> {
    if !request.policies.is_empty() || !request.packs.is_empty() {
        packs::builtin(&request.packs.iter().map(String::as_str).collect::<Vec<_>>()).map_err(|unknown| {
            UsageError::new(unknown.to_string(), "Name a built-in pack; docs/rules.md lists them with their rules.")
        })?;
        configuration.packs = Packs::Only(request.packs.clone());
    }
    let named = !request.policies.is_empty() || !request.packs.is_empty();
    // A folder that the configuration names is read as it says there.
    let places: Vec<Option<String>> = request.policies.iter().map(|folder| inside(repository, folder)).collect();
    if named {
        configuration.policies.retain(|entry| places.iter().flatten().any(|place| *place == entry.path));
    }
    let limits = configuration.limits.clone();
    let mut rules = read_rules(tree, configuration, &limits);
    for (folder, place) in request.policies.iter().zip(&places) {
        if configuration.policies.iter().any(|entry| Some(&entry.path) == place.as_ref()) {
            continue;
        }
        let (tree, path) = policy_folder(request, repository, folder)?;
        read_folder(&tree, &PolicyFolder::at(path), &limits, &mut rules);
        rules.packs = rules.packs.saturating_add(1);
    }
    rules.set.policies.sort();
    rules.set.data.sort();
    rules.set.patterns.sort();
    Ok(rules)
}

/// Returns the path of a folder from the root of the work tree; none where it lies elsewhere.
fn inside(repository: &Repository, folder: &Path) -> Option<String> {
    let root = std::fs::canonicalize(repository.work_tree()?).ok()?;
    let full = std::fs::canonicalize(folder).ok()?;
    Some(full.strip_prefix(root).ok()?.to_str()?.replace('\\', "/"))
}

/// Returns where a policy folder is read: in the repository at the revision, or anywhere on this machine.
fn policy_folder(request: &TrialRequest, repository: &Repository, folder: &Path) -> Result<(Tree, String), Error> {
    let missing = |help: &str| {
        let shown = crate::untrusted::Untrusted::new(folder.display().to_string()).terminal();
        UsageError::new(format!("there is no policy folder {shown}"), help)
    };
    let full = std::fs::canonicalize(folder).map_err(|_| missing("name a folder of .rego files"))?;
    if let Some(revision) = &request.revision {
        let inside = inside(repository, folder)
            .ok_or_else(|| missing("with `--against` a policy folder lies in the repository"))?;
        return Ok((at(repository, revision)?, inside));
    }
    let name =
        full.file_name().and_then(|name| name.to_str()).ok_or_else(|| missing("name a folder of .rego files"))?;
    let parent = full.parent().ok_or_else(|| missing("name a folder of .rego files"))?;
    Ok((Tree::at_folder(parent), name.to_owned()))
}
