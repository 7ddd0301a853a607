//! A saved decision judged anew with what the forge says now: approvals, title, labels. Nothing of head is read again.
//!
//! Owns what of a saved input is still believed: what was read inside of files. Rules are compared with those of the merge
//! base in the repository, letter for letter, and commits, files and their owners with what git shows, so that whoever made
//! the file cannot have brought his own; who may have made it is the caller's to know. Whatever the file says is never
//! looser than the base's configuration.

use std::path::PathBuf;

use crate::change::trusted::Tree;
use crate::change::{
    ChangedFile, Commit, Environment, Mode, RangeError, RangeRequest, Repository, read_change, resolve,
};
use crate::completeness::{Completeness, Reason};
use crate::configuration::Configuration;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::facts::secrets::Redaction;
use crate::forge::Asked;
use crate::gate::collect::{CONFIGURATION, owners_of};
use crate::gate::intent::Intent;
use crate::gate::redacting::{cover, note_spoken_again};
use crate::gate::saved::SavedInput;
use crate::gate::{ForgeAccess, decide_again, heard};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::policies::input::{CommitEntry, FileEntry};
use crate::policies::packs;
use crate::review::state::{ForgeFacts, Freshness};
use crate::verdict::FailOn;
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
    let repository =
        Repository::open(&request.repository).map_err(|error| UsageError::new(error.to_string(), error.remedy()))?;
    let limits = saved.configuration.limits.clone();
    let mut reasons = saved.input.completeness.reasons.clone();
    let merge_base = saved.input.change.merge_base.clone();
    let (intent, fail_on) = same_rules(&repository, &merge_base, &saved, &limits).unwrap_or_else(|reason| {
        reasons.push(reason);
        (Intent::default(), saved.configuration.fail_on)
    });
    saved.configuration.fail_on = stricter(saved.configuration.fail_on, fail_on);
    reasons.extend(same_facts(&repository, &saved, &limits));
    saved.forge = heard::ask(&ForgeAccess::Open(request.ask), &intent, &saved.input, &saved.moved);
    if let ForgeFacts::Obtained(state) = &saved.forge {
        heard::fill(&mut saved.input.change, state);
        let statuses = saved.input.files.iter().map(|file| file.status).collect();
        let head = &saved.input.change.head;
        let shown = heard::Shown { repository: &repository, merge_base: &merge_base, head, statuses };
        reasons.extend(heard::contradictions(&shown, state, &limits));
        if state.base != merge_base {
            match same_rules(&repository, &state.base, &saved, &limits) {
                Ok((_, today)) => saved.configuration.fail_on = stricter(saved.configuration.fail_on, today),
                Err(reason) => reasons.push(reason),
            }
        }
    }
    let redaction = Redaction::of(&note_spoken_again(&mut saved.input.change));
    cover(&mut saved.input, &redaction);
    saved.forge = redaction.value(saved.forge);
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

/// Returns the one by which more fails.
fn stricter(one: FailOn, other: FailOn) -> FailOn {
    match (one, other) {
        (FailOn::Warning, _) | (_, FailOn::Warning) => FailOn::Warning,
        (FailOn::Error, _) | (_, FailOn::Error) => FailOn::Error,
        (FailOn::Never, FailOn::Never) => FailOn::Never,
    }
}

/// Holds the saved change against what git shows of it: who wrote which commits, which files changed, and whose they are.
fn same_facts(repository: &Repository, saved: &SavedInput, limits: &Limits) -> Vec<Reason> {
    let said = &saved.input.change;
    if said.head.is_empty() {
        return Vec::new();
    }
    let differ = |what: &str| {
        let message =
            format!("{what} of the saved input are not those that git shows between {} and {}", said.base, said.head);
        Reason::new("saved-facts-differ", message, "run `portcullis check --save-input` again, in this clone")
    };
    let ends = RangeRequest { base: Some(said.base.clone()), head: Some(said.head.clone()), mode: Mode::Range };
    let range = match resolve(repository, &ends, &Environment::new(), limits) {
        Ok(range) if range.merge_base == said.merge_base => range,
        Ok(_) | Err(RangeError::Usage { .. }) => return vec![differ("the ends")],
        Err(RangeError::Undecided(reason)) => return vec![reason],
    };
    let (owners, mut reasons) = match Tree::at_commit(repository, &range.merge_base, limits) {
        Ok(tree) => owners_of(&tree, limits),
        Err(reason) => return vec![reason],
    };
    let change = read_change(repository, &range, limits);
    // Secrets were masked when the input was saved.
    let covered = Redaction::default();
    let commit = |one: &Commit| {
        let people = covered.value((one.author.clone(), one.committer.clone()));
        let (subject, body) = (covered.text(&one.subject).into_owned(), covered.text(&one.body).into_owned());
        (one.id.clone(), people.0, people.1, subject, body)
    };
    let saved_commit = |one: &CommitEntry| {
        (one.id.clone(), one.author.clone(), one.committer.clone(), one.subject.clone(), one.body.clone())
    };
    if !change.commits.iter().map(commit).eq(said.commits.iter().map(saved_commit)) {
        reasons.push(differ("the commits"));
    }
    let classifier = saved.configuration.classifier();
    let file = |one: &ChangedFile| {
        let class = (classifier.classify(&one.path), classifier.declares(&one.path));
        ((one.path.clone(), one.old_path.clone()), one.status, one.mode_change(), class, owners.of(&one.path))
    };
    let saved_file = |one: &FileEntry| {
        let class = (one.class, one.declared);
        ((one.path.clone(), one.old_path.clone()), one.status, one.mode_change.clone(), class, one.owners.clone())
    };
    let moved = saved.moved.iter().all(|(path, saved)| owners.of(path) == *saved);
    let left = saved.input.files.iter().filter(|one| one.path != one.old_path);
    let all_moved = left.clone().all(|one| saved.moved.contains_key(&one.old_path));
    if !(change.files.iter().map(file).eq(saved.input.files.iter().map(saved_file)) && moved && all_moved) {
        reasons.push(differ("the files"));
    }
    reasons.extend(change.reasons);
    reasons
}

/// Reads the rules of a commit of the trusted side, where they are the saved ones, and from which severity on it fails.
fn same_rules(
    repository: &Repository,
    commit: &str,
    saved: &SavedInput,
    limits: &Limits,
) -> Result<(Intent, FailOn), Reason> {
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
    if same && saved.trust == "base" { Ok((intent, configuration.fail_on)) } else { Err(differ("the rules")) }
}
