//! A saved decision judged anew with what the forge says now: approvals, title, labels. Nothing of head is read again.
//!
//! Owns what of a saved input is still believed: its facts. Rules are compared with those of the merge base in the
//! repository, letter for letter, so that whoever made the file cannot have brought rules of his own; who may have made
//! it is the caller's to know.

use std::path::PathBuf;

use crate::change::Repository;
use crate::change::trusted::Tree;
use crate::completeness::{Completeness, Reason};
use crate::configuration::Configuration;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::Asked;
use crate::gate::collect::CONFIGURATION;
use crate::gate::intent::Intent;
use crate::gate::saved::SavedInput;
use crate::gate::{ForgeAccess, decide_again, heard};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::policies::packs;
use crate::review::state::{ForgeFacts, Freshness};
use crate::worker::WorkerCommand;

/// What one such run is asked to do.
pub struct AgainRequest<'a> {
    /// A folder of the repository.
    pub repository: PathBuf,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
    /// Threads of the worker.
    pub threads: u32,
    /// How to start a worker.
    pub worker: WorkerCommand,
    /// Asks the forge, once.
    pub ask: &'a dyn Fn(&Asked) -> ForgeFacts,
}

/// Judges a saved decision anew.
///
/// # Errors
/// When there is no repository.
pub fn review_again(mut saved: SavedInput, request: &AgainRequest<'_>) -> Result<Outcome, Error> {
    let repository = Repository::open(&request.repository).map_err(|error| UsageError::new(error.to_string(), ""))?;
    let limits = saved.configuration.limits.clone();
    let mut reasons = saved.input.completeness.reasons.clone();
    let merge_base = saved.input.change.merge_base.clone();
    let intent = same_rules(&repository, &merge_base, &saved, &limits).unwrap_or_else(|reason| {
        reasons.push(reason);
        Intent::default()
    });
    saved.forge = heard::ask(&ForgeAccess::Open(request.ask), &intent, &saved.input, &saved.moved);
    if let ForgeFacts::Obtained(state) = &saved.forge {
        heard::fill(&mut saved.input.change, state);
        let statuses = saved.input.files.iter().map(|file| file.status).collect();
        let head = &saved.input.change.head;
        let shown = heard::Shown { repository: &repository, merge_base: &merge_base, head, statuses };
        reasons.extend(heard::contradictions(&shown, state, &limits));
        if state.base != merge_base {
            reasons.extend(same_rules(&repository, &state.base, &saved, &limits).err());
        }
    }
    let head = saved.input.change.head.clone();
    saved.freshness = match saved.input.change.head.as_str() {
        "" => Freshness::new(),
        _ => heard::freshness(&saved.forge, (&merge_base, &head), &repository, &limits),
    };
    reasons.sort();
    reasons.dedup();
    saved.input.completeness = Completeness::of(reasons);
    saved.as_of.clone_from(&request.as_of);
    Ok(decide_again(&saved, request.worker.clone(), request.threads))
}

/// Reads the rules of a commit of the trusted side, where they are the saved ones.
fn same_rules(repository: &Repository, commit: &str, saved: &SavedInput, limits: &Limits) -> Result<Intent, Reason> {
    let tree = Tree::at_commit(repository, commit, &Limits::default())?;
    let differ = |what: &str| {
        let message = format!("{what} of {commit} are not those of the saved input");
        let remedy =
            "run `portcullis check --save-input` again; where the base branch has new rules, update the change first";
        Reason::new("saved-rules-differ", message, remedy)
    };
    let configuration = match tree.read(CONFIGURATION, &Limits::default())? {
        None => Configuration::default(),
        Some(bytes) => Configuration::read(&bytes, CONFIGURATION, &packs::names().collect::<Vec<_>>())
            .map_err(|_| differ("the settings"))?,
    };
    // `--fail-on` may have gone before the configuration's.
    let fail_on = saved.configuration.fail_on;
    if (Configuration { fail_on, ..configuration.clone() }) != saved.configuration {
        return Err(differ("the settings"));
    }
    let intent = Intent::read(&tree, repository, &configuration, limits);
    let same = intent.rules.set == saved.policies
        && intent.specification == saved.specification
        && intent.baseline == saved.baseline;
    if same && saved.trust == "base" { Ok(intent) } else { Err(differ("the rules")) }
}
