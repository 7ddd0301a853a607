//! Git and worker -> everything that the decision uses.
//!
//! Owns the order of reading: range, rules of the trusted side, changed files, facts. Must not decide.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::trusted::Tree;
use crate::change::{Change, Range, RangeError, Repository, read_change, remote_branch, resolve};
use crate::completeness::{Completeness, Reason};
use crate::configuration::Configuration;
use crate::diagnostic::UsageError;
use crate::enforcement::contracts;
use crate::error::Error;
use crate::facts::secrets::Redaction;
use crate::gate::beside::add_unchanged;
use crate::gate::cache::Cache;
use crate::gate::importing::import;
use crate::gate::intent::Intent;
use crate::gate::proposed::Proposed;
use crate::gate::reach::{Ground, Reach, reach};
use crate::gate::reading::{Read, read_files};
use crate::gate::redacting::{cover, note_spoken, take_values};
use crate::gate::saved::{SCHEMA, SavedInput, tool};
use crate::gate::specified::Specified;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, coordinating, governed, heard, twins, unknown};
use crate::impact::graph::Graphs;
use crate::impact::owners::{self, Dialect, Owners};
use crate::imported::ImportFile;
use crate::limits::Limits;
use crate::policies::document::{Collected, assemble};
use crate::policies::folders::read_rules;
use crate::policies::input::InputDocument;
use crate::policies::{Loaded, PolicySet, RuleOverride, packs};
use crate::provenance::{self, Provenance};
use crate::review::state::{ForgeFacts, Freshness};
use crate::untrusted::Untrusted;
use crate::worker::Supervisor;
use crate::worker::protocol::Setup;

/// The file that configures the gate, at the root of the trusted side.
pub(super) const CONFIGURATION: &str = ".portcullis.yaml";

/// What the decision uses, and what it was read with.
pub(super) struct Collection {
    pub(super) saved: SavedInput,
    pub(super) specified: Specified,
    pub(super) graphs: Option<Graphs>,
    pub(super) loaded: Loaded,
    pub(super) supervisor: Supervisor,
    pub(super) repository: Repository,
    /// None when there was nothing to compare.
    pub(super) change: Option<Change>,
    pub(super) limits: Limits,
    /// What masks the secrets that were found.
    pub(super) redaction: Redaction,
}

/// Collects everything that the decision uses.
pub(super) fn collect(request: &CheckRequest<'_>) -> Result<Collection, Error> {
    let repository =
        Repository::open(&request.repository).map_err(|error| UsageError::new(error.to_string(), error.remedy()))?;
    let range = match resolve(&repository, &request.range, &request.environment, &Limits::default()) {
        Ok(range) => range,
        Err(RangeError::Undecided(reason)) => return Ok(nothing_to_compare(request, repository, reason)),
        Err(RangeError::Usage { message, help }) => return Err(UsageError::new(message, help).into()),
    };
    let tree = match trusted(request.trust, &repository, &range) {
        Ok(tree) => tree,
        Err(reason) => return Ok(nothing_to_compare(request, repository, reason)),
    };
    let side = match request.trust {
        Trust::Base => format!("{CONFIGURATION} at {}", short(&range.merge_base)),
        Trust::Worktree => CONFIGURATION.to_owned(),
    };
    let configuration = match configuration(request.trust, &tree, &side)? {
        Ok(configuration) => configuration,
        Err(reason) => return Ok(nothing_to_compare(request, repository, reason)),
    };
    let intent = Intent::read(&tree, &repository, &configuration, &configuration.limits);
    gather(request, repository, &range, &tree, configuration, intent)
}

/// Reads the change and everything that rules look at beside it.
pub(super) fn gather(
    request: &CheckRequest<'_>,
    repository: Repository,
    range: &Range,
    tree: &Tree,
    configuration: Configuration,
    intent: Intent,
) -> Result<Collection, Error> {
    let limits = configuration.limits.clone();
    let classifier = configuration.classifier();
    let mut supervisor = Supervisor::new(request.worker.clone(), setup(request, &configuration, &intent));
    supervisor.begin();
    let change = read_change(&repository, range, &limits);
    let mut cache = Cache::open(request.cache.as_deref(), &intent.rules.set.patterns, &limits);
    let mut read =
        read_files(&change, &repository, &classifier, &limits, &mut supervisor, &mut cache, request.progress);
    let mut values = take_values(&mut read);
    let (owners, unowned) = owners_of(tree, &limits);
    let before = policies_before(request.trust, &repository, range, &configuration, &intent);
    let (governance, ungoverned) = governed::judge(&change, &repository, &configuration, &before, &limits);
    let proposed = governed::proposed(&change, &repository, &configuration, &limits);
    let mut notes = notes(&change, range, &read);
    notes.extend(configuration.notes().into_iter().map(Untrusted::new));
    if request.trust == Trust::Worktree {
        notes.extend(unnamed(tree, &configuration).into_iter().map(Untrusted::new));
    }
    let provenance = made(request, &change, &repository, &read, &limits);
    notes.extend(provenance.notes.iter().map(|note| note.as_str().into()));
    let Read { facts, loaded, reasons: unread } = read;
    let rules = (&configuration, &owners, &intent);
    let outdated = outdated(request, &repository, (&range.base, &range.merge_base), rules, &change)?;
    let hunks = twins::hunks_of(&facts);
    let reasons = [change.reasons.clone(), intent.reasons.clone(), unread, unowned, ungoverned, outdated].concat();
    let mut input = assemble(Collected {
        change: &change,
        facts,
        classifier: &classifier,
        owners: &owners,
        provenance,
        governance,
        completeness: Completeness::of(reasons),
    });
    let book = &intent.specified.book;
    contracts::fill(book, &mut input);
    let ground = Ground {
        change: &change,
        repository: &repository,
        classifier: &classifier,
        limits: &limits,
        progress: request.progress,
    };
    twins::find(&mut input, &hunks, &ground);
    unknown::find(&mut input, &ground);
    let policies = intent.specified.with_policies(&intent.rules.set);
    let Reach { imports, graphs, reasons: unreached } = reach(book, &policies, &mut input, &ground, &mut supervisor);
    input.completeness = Completeness::of([input.completeness.reasons, unreached].concat());
    add_unchanged(&mut input, &ground, &loaded, &mut supervisor);
    notes.extend(import(request, &configuration, &ground, &mut input, &mut supervisor));
    let again = again(&change, request, &intent);
    let moved = moved(&input, &owners);
    let mut heard = hear(request, (&intent, &moved), &mut input, &change, &repository, &limits);
    coordinating::find(request, (&ground, book, &loaded), (range, &heard.0), &mut input)?;
    values.extend(note_spoken(&mut input.change));
    let redaction = Redaction::of(&values);
    cover(&mut input, &redaction);
    notes.extend(kept(cache, &redaction));
    heard.0 = redaction.value(heard.0);
    notes.extend(newer(request, &repository, (range, &heard.0), rules, &change, &mut input.completeness)?);
    let (mut saved, specified) = saved(request, configuration, intent, input, heard, notes, again);
    (saved.imports, saved.moved, saved.proposed) = (imports, moved, redaction.value(proposed));
    saved.notes = redaction.value(saved.notes);
    Ok(Collection { saved, specified, graphs, loaded, supervisor, repository, change: Some(change), limits, redaction })
}

/// Writes the cache, but for what repeats a secret of another file; returns a note where that was not possible.
fn kept(mut cache: Cache, redaction: &Redaction) -> Option<Untrusted> {
    cache.forget(|facts| redaction.finds(facts));
    let error = cache.close().err()?;
    Some(Untrusted::new(format!("the cache of base facts could not be written: {error}")))
}

/// Asks the forge, and holds its answers against what git shows.
fn hear(
    request: &CheckRequest<'_>,
    (intent, moved): (&Intent, &BTreeMap<String, Vec<String>>),
    input: &mut InputDocument,
    change: &Change,
    repository: &Repository,
    limits: &Limits,
) -> (ForgeFacts, Freshness) {
    let forge = heard::ask(&request.forge, intent, input, moved);
    if let Some(state) = forge.obtained() {
        let statuses = change.files.iter().map(|file| file.status).collect();
        heard::fill(&mut input.change, state);
        let shown = heard::Shown { repository, merge_base: &change.merge_base, head: &change.head, statuses };
        let contradictions = heard::contradictions(&shown, state, limits);
        let known = std::mem::take(&mut input.completeness.reasons);
        input.completeness = Completeness::of([known, contradictions].concat());
    }
    let freshness = heard::freshness(&forge, (&change.merge_base, &change.head), repository, limits);
    (forge, freshness)
}

/// How the change was made, with the branch's name as CI says it.
fn made(
    request: &CheckRequest<'_>,
    change: &Change,
    repository: &Repository,
    read: &Read,
    limits: &Limits,
) -> Provenance {
    let added = read.facts.iter().map(|(path, facts)| (path.as_str(), facts.hunks.as_slice())).collect();
    provenance::resolve(change, repository, &added, provenance::branch_name(&request.environment), limits)
}

/// Without a range, a trusted side or a readable configuration there is a document all the same: it says why.
fn nothing_to_compare(request: &CheckRequest<'_>, repository: Repository, reason: Reason) -> Collection {
    let input = InputDocument::nothing(Completeness::of(vec![reason]));
    let intent = Intent::default();
    let configuration = Configuration::default();
    let limits = configuration.limits.clone();
    let supervisor = Supervisor::new(request.worker.clone(), setup(request, &configuration, &intent));
    let again = "portcullis check".to_owned();
    let unheard = match &request.forge {
        ForgeAccess::Closed(facts) => facts.clone(),
        ForgeAccess::Open(_) => ForgeFacts::NotObtained("there was no change to ask about".to_owned()),
    };
    let (saved, specified) =
        saved(request, configuration, intent, input, (unheard, Freshness::new()), Vec::new(), again);
    Collection {
        saved,
        specified,
        graphs: None,
        loaded: Loaded::default(),
        supervisor,
        repository,
        change: None,
        limits,
        redaction: Redaction::default(),
    }
}

fn saved(
    request: &CheckRequest<'_>,
    mut configuration: Configuration,
    intent: Intent,
    input: InputDocument,
    (forge, freshness): (ForgeFacts, Freshness),
    notes: Vec<Untrusted>,
    again: String,
) -> (SavedInput, Specified) {
    configuration.fail_on = request.fail_on.unwrap_or(configuration.fail_on);
    let trust = match request.trust {
        Trust::Base => "base",
        Trust::Worktree => "worktree",
    };
    let Intent { rules, specification, specified, baseline, .. } = intent;
    let saved = SavedInput {
        schema: SCHEMA.to_owned(),
        tool: tool(),
        input,
        policies: rules.set,
        packs: rules.packs,
        specification,
        proposed: Proposed::default(),
        baseline,
        imports: None,
        configuration,
        trust: trust.to_owned(),
        forge,
        freshness,
        moved: BTreeMap::new(),
        as_of: request.as_of.clone(),
        texts: BTreeMap::new(),
        notes,
        again,
    };
    (saved, specified)
}

/// Rules come from the merge base, unless an author at his desk asked for the work tree.
fn trusted(trust: Trust, repository: &Repository, range: &Range) -> Result<Tree, Reason> {
    match trust {
        Trust::Base => Tree::at_commit(repository, &range.merge_base, &Limits::default()),
        Trust::Worktree => Tree::at_work_tree(repository),
    }
}

/// Says which folders look like policies and are not named: nothing in them runs, and their author may not know.
fn unnamed(tree: &Tree, configuration: &Configuration) -> Vec<String> {
    let mut notes = Vec::new();
    for folder in ["policies", "policy"] {
        let inside = |path: &str, folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
        let named = |path: &str| configuration.policies.iter().any(|known| inside(path, &known.path));
        // What could not be listed is no reason to keep anybody waiting: the note is help, and decides nothing.
        let files = tree.list(folder, &configuration.limits).ok().flatten().unwrap_or_default();
        let idle = |path: &&String| path.ends_with(".rego") && !path.ends_with("_test.rego") && !named(path);
        if let Some(first) = files.iter().find(idle) {
            let add = if configuration.policies.is_empty() {
                format!("add `policies: [{folder}]`")
            } else {
                format!("add `{folder}` to `policies:`")
            };
            notes.push(format!(
                "{first} and what else lies in `{folder}` never runs: {CONFIGURATION} does not name it; {add}"
            ));
        }
    }
    notes
}

/// Returns the policies that the change found: those of the merge base, also where the work tree is trusted.
fn policies_before(
    trust: Trust,
    repository: &Repository,
    range: &Range,
    configuration: &Configuration,
    intent: &Intent,
) -> PolicySet {
    let base = || Tree::at_commit(repository, &range.merge_base, &configuration.limits).ok();
    match (trust, base()) {
        (Trust::Worktree, Some(tree)) => read_rules(&tree, configuration, &configuration.limits).set,
        _ => intent.rules.set.clone(),
    }
}

/// Holds the rules of the merge base against those of the base branch today.
///
/// The author chooses where the change forks off: before a rule came, or at a commit of his own that a merge brought in
/// and a later commit of the same merge took back. Rules that differ from today's decide nothing.
fn outdated(
    request: &CheckRequest<'_>,
    repository: &Repository,
    (base, merge_base): (&str, &str),
    (configuration, owners, intent): (&Configuration, &Owners, &Intent),
    change: &Change,
) -> Result<Vec<Reason>, Error> {
    if base == merge_base || request.trust == Trust::Worktree {
        return Ok(Vec::new());
    }
    let today = match Tree::at_commit(repository, base, &Limits::default()) {
        Ok(tree) => tree,
        Err(reason) => return Ok(vec![reason]),
    };
    let side = format!("{CONFIGURATION} at {}", short(base));
    let same = match self::configuration(request.trust, &today, &side)? {
        Ok(other) => {
            other == *configuration && Intent::gather(&today, repository, &other, &other.limits).decides_as(intent)
        }
        Err(reason) => return Ok(vec![reason]),
    };
    let same = same && same_owners(&today, owners, change);
    let message = "the base branch has other rules today than where this change forked off";
    let remedy = "merge the base branch into this one, or rebase, and check again";
    Ok(if same { Vec::new() } else { vec![Reason::new("outdated-rules", message, remedy)] })
}

/// Holds the rules of the merge base against those of the branch that the forge names, too: the base of an event, and of a
/// request on GitHub, is what the branch was at the last push. Returns a note where the clone does not have what it is now.
fn newer(
    request: &CheckRequest<'_>,
    repository: &Repository,
    (range, forge): (&Range, &ForgeFacts),
    rules: (&Configuration, &Owners, &Intent),
    change: &Change,
    completeness: &mut Completeness,
) -> Result<Option<Untrusted>, Error> {
    let asked = request.trust == Trust::Base;
    let Some(state) = forge.obtained().filter(|state| asked && state.head == change.head) else { return Ok(None) };
    let newest = heard::newest_target(repository, state, &Limits::default());
    let mut targets = vec![newest.to_owned()];
    let mut note = None;
    if newest != state.base {
        let moved = "the target branch moved since this clone was made; rules that came since are not seen";
        note = Some(Untrusted::new(moved));
        targets.extend(remote_branch(repository, &state.target_branch, &Limits::default()));
    }
    let mut reasons = std::mem::take(&mut completeness.reasons);
    for target in targets.iter().filter(|target| **target != range.base) {
        reasons.extend(outdated(request, repository, (target, &range.merge_base), rules, change)?);
    }
    *completeness = Completeness::of(reasons);
    Ok(note)
}

/// Says whether the same people own the changed files today, by CODEOWNERS.
fn same_owners(today: &Tree, owners: &Owners, change: &Change) -> bool {
    let (now, unread) = owners_of(today, &Limits::default());
    let mut paths = change.files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]);
    unread.is_empty() && paths.all(|path| now.of(path) == owners.of(path))
}

/// Reads the configuration: a wrong one is the caller's mistake, one that cannot be read leaves the change undecided.
///
/// `side` says in messages where the file stands: a branch that has mended it is still judged by the base's.
pub(super) fn configuration(trust: Trust, tree: &Tree, side: &str) -> Result<Result<Configuration, Reason>, Error> {
    let file = match tree.read(CONFIGURATION, &Limits::default()) {
        Ok(file) => file,
        Err(reason) => return Ok(Err(reason)),
    };
    let configuration = match file {
        None => Configuration::default(),
        Some(bytes) => match Configuration::read(&bytes, side, &packs::names().collect::<Vec<_>>()) {
            Ok(configuration) => configuration,
            Err(faults) => return Err(misconfigured(faults, trust).into()),
        },
    };
    Ok(Ok(configuration))
}

/// Says, after the last fault, how a wrong configuration of the base is mended.
fn misconfigured(mut faults: Vec<UsageError>, trust: Trust) -> Vec<UsageError> {
    if let (Trust::Base, Some(last)) = (trust, faults.last_mut()) {
        let way = "The rules are read from that commit, not from this change: mend the file on the base branch, or see \
                   with `--trust worktree` whether yours is right. A change that mends it ends like this as well: \
                   somebody has to merge it who may merge past this check.";
        let gap = if last.help.is_empty() { "" } else { " " };
        last.help = format!("{}{gap}{way}", last.help);
    }
    faults
}

pub(super) fn setup(request: &CheckRequest<'_>, configuration: &Configuration, intent: &Intent) -> Setup {
    Setup {
        threads: request.threads,
        limits: configuration.limits.clone(),
        policies: intent.specified.with_policies(&intent.rules.set),
        code: intent.specified.book.patterns(),
        overrides: overrides(configuration),
        defer_forge: matches!(request.forge, ForgeAccess::Closed(ForgeFacts::Local)),
        others: matches!(request.others, OpenChanges::Branches(_)),
        tests: Vec::new(),
    }
}

/// Returns the overrides as the loader takes them.
pub(super) fn overrides(configuration: &Configuration) -> BTreeMap<String, RuleOverride> {
    // What rules of other tools count for, their findings are told themselves.
    let own = configuration.rules.iter().filter(|(id, _)| !configuration.imports.names(id.as_str()));
    own.map(|(id, rule)| (id.as_str().to_owned(), *rule)).collect()
}

/// Returns who owned the places that files left.
fn moved(input: &InputDocument, owners: &Owners) -> BTreeMap<String, Vec<String>> {
    let moved = input.files.iter().filter(|file| file.path != file.old_path);
    moved.map(|file| (file.old_path.clone(), owners.of(&file.old_path))).collect()
}

/// Returns who owns files, by the CODEOWNERS of a commit.
pub(super) fn owners_of(tree: &Tree, limits: &Limits) -> (Owners, Vec<Reason>) {
    for place in owners::PLACES {
        match tree.read(place, limits) {
            Ok(Some(bytes)) if place.starts_with(".gitlab/") => {
                return (Owners::parse_as(&bytes, Dialect::GitLab), Vec::new());
            }
            Ok(Some(bytes)) => return (Owners::parse(&bytes), Vec::new()),
            Ok(None) => {}
            Err(reason) => return (Owners::default(), vec![reason]),
        }
    }
    (Owners::default(), Vec::new())
}

/// One line each of what people should know and no rule says.
fn notes(change: &Change, range: &Range, read: &Read) -> Vec<Untrusted> {
    let mut notes: Vec<Untrusted> = range.notes.iter().chain(&change.notes).map(|note| note.as_str().into()).collect();
    if change.uncommitted > 0 {
        let files = if change.uncommitted == 1 { "file was" } else { "files were" };
        let count = change.uncommitted;
        let note = format!("{count} uncommitted {files} not checked; `--staged` or `--worktree` includes them");
        notes.push(Untrusted::new(note));
    }
    for (path, facts) in &read.facts {
        if let (Some(line), false) = (facts.error_lines.first(), facts.parsed.errors_in_change) {
            notes.push(Untrusted::new(format!("{path}:{line}: a syntax error outside the change")));
        }
    }
    notes
}

/// Returns the command that collects the same again.
fn again(change: &Change, request: &CheckRequest<'_>, intent: &Intent) -> String {
    let head = match change.head.as_str() {
        "index" => "--staged".to_owned(),
        "worktree" => "--worktree".to_owned(),
        head => format!("--head {}", short(head)),
    };
    let trust = match request.trust {
        Trust::Base => "",
        Trust::Worktree => " --trust worktree",
    };
    // Waivers and certificates end: the same again is the same day again.
    let day = intent.specification.as_ref().map(|_| format!(" --as-of {}", request.as_of)).unwrap_or_default();
    let files = imports(request);
    let others = against(request);
    format!("portcullis check --base {} {head}{trust}{day}{others}{files}", short(&change.base))
}

/// Returns the options that name other branches; one that a shell would read otherwise is left to the reader.
fn against(request: &CheckRequest<'_>) -> String {
    let OpenChanges::Branches(names) = request.others else { return String::new() };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./*".contains(c);
    let option = |name: &String| match name.chars().all(plain) {
        true if name.contains('*') => format!(" --against '{name}'"),
        true => format!(" --against {name}"),
        false => " --against BRANCH".to_owned(),
    };
    names.iter().collect::<BTreeSet<_>>().into_iter().map(option).collect()
}

/// Returns the options that name files of other tools; one that a shell would read otherwise is left to the reader.
fn imports(request: &CheckRequest<'_>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let option = |file: &ImportFile| match file.path.to_str().filter(|path| path.chars().all(plain)) {
        Some(path) => format!(" --import {}={path}", file.kind.word()),
        None => format!(" --import {}=FILE", file.kind.word()),
    };
    request.imports.iter().collect::<BTreeSet<_>>().into_iter().map(option).collect()
}

/// Cuts an object id to what a person can type.
fn short(id: &str) -> &str {
    let hexadecimal = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hexadecimal { id.get(..12).unwrap_or(id) } else { id }
}
