//! Trees under `tests/<RULE-ID>/`: little repositories that must make a rule fire when they are added, or must not.
//!
//! Owns how a tree becomes a change: the specification is the base, the tree is added on top of it at the root of a
//! system, and the whole gate judges that. So a tree proves the rule as it will be enforced, its scope included.

use std::collections::BTreeMap;

use super::Trial;
use crate::change::sample::{SampleCommit, write_repository};
use crate::change::{Mode, RangeRequest};
use crate::commands::check::threads;
use crate::commands::spec::desk::Desk;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{UsageError, shortened};
use crate::error::Error;
use crate::finding::SourceKind;
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, check};
use crate::outcome::Outcome;
use crate::review::state::ForgeFacts;
use crate::specification::files::SpecificationFile;
use crate::specification::hosted::globs;
use crate::specification::rule::Rule;

/// Files of one tree.
const MOST_FILES: usize = 500;
/// Seconds since 1970 of the commits; the same everywhere.
const SECONDS: u64 = 1_767_225_600;

/// One little repository.
pub(super) struct Tree<'f> {
    /// Its folder in the specification.
    folder: String,
    must_fire: bool,
    /// Texts by path; none for a file that is not text.
    files: BTreeMap<&'f str, Option<&'f str>>,
}

/// Returns the trees of all rules by id.
pub(super) fn all(files: &BTreeMap<String, SpecificationFile>) -> Result<BTreeMap<&str, Vec<Tree<'_>>>, Error> {
    let mut trees: BTreeMap<&str, Vec<Tree<'_>>> = BTreeMap::new();
    for (path, SpecificationFile(bytes)) in files {
        let Some(inside) = path.strip_prefix("tests/").filter(|inside| inside.contains('/')) else { continue };
        let parts: Vec<&str> = inside.splitn(4, '/').collect();
        let [id, word @ ("pass" | "fail"), case, file] = parts.as_slice() else {
            if inside.ends_with("/README.md") {
                continue;
            }
            let help = "Write `tests/<RULE-ID>/fail/<case>/<file>` or `tests/<RULE-ID>/pass/<case>/<file>`.";
            return Err(UsageError::new(format!("`{}` belongs to no tree", shortened(path)), help).into());
        };
        let folder = format!("tests/{id}/{word}/{case}");
        let of_rule = trees.entry(id).or_default();
        if of_rule.last().is_none_or(|tree| tree.folder != folder) {
            of_rule.push(Tree { folder, must_fire: *word == "fail", files: BTreeMap::new() });
        }
        if let Some(tree) = of_rule.last_mut() {
            tree.files.insert(file, std::str::from_utf8(bytes).ok());
        }
    }
    Ok(trees)
}

/// Adds the tree to each system that it may belong to, and says whether the rule did what it must.
pub(super) fn tried(tree: &Tree<'_>, rule: &Rule, desk: &Desk, surroundings: &Surroundings) -> Trial {
    let mut seen = Vec::new();
    let mut failure = None;
    let mut fired = Vec::new();
    let systems = systems(tree, rule, desk);
    for system in &systems {
        match judged(tree, system, desk, surroundings) {
            Ok(outcome) => {
                let found = hits(&outcome, rule);
                if !found.is_empty() {
                    fired.push(system.as_str());
                }
                seen.extend(found);
                seen.extend(others(&outcome, rule).into_iter().filter(|_| tree.must_fire));
            }
            Err(why) => failure = Some(format!("could not be judged as {system}: {why}")),
        }
    }
    let failure = failure.or_else(|| match (tree.must_fire, fired.is_empty()) {
        (true, true) => Some(format!("must fire, and did not in {}", systems.join(", "))),
        (false, false) => Some(format!("must not fire, and did in {}", fired.join(", "))),
        _ => None,
    });
    Trial { place: desk.files.shown(&tree.folder), name: "tree".to_owned(), failure, seen }
}

/// Returns the systems of the rule with a module that holds a file of the tree, else all systems of the rule.
fn systems(tree: &Tree<'_>, rule: &Rule, desk: &Desk) -> Vec<String> {
    let holds = |id: &&String| {
        let modules = desk.specification.systems.get(*id).map(|system| system.modules.values().flatten());
        let globs = modules.and_then(|modules| globs(&modules.collect::<Vec<_>>()).ok());
        globs.is_some_and(|globs| tree.files.keys().any(|path| globs.is_match(path)))
    };
    let near: Vec<String> = rule.scope.systems.iter().filter(holds).cloned().collect();
    if near.is_empty() { rule.scope.systems.clone() } else { near }
}

fn judged(tree: &Tree<'_>, system: &str, desk: &Desk, surroundings: &Surroundings) -> Result<Outcome, String> {
    if tree.files.len() > MOST_FILES {
        return Err(format!("it holds more than {MOST_FILES} files"));
    }
    // One pack, for a gate without any policy says that it decided nothing.
    let configuration = format!("version: 1\nsystem: {system}\npacks: [size]\nspec: {{path: .portcullis}}\n");
    let mut base = vec![(".portcullis.yaml".to_owned(), configuration)];
    for (path, SpecificationFile(bytes)) in desk.files.files.iter().filter(|(path, _)| !path.starts_with("tests/")) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            base.push((format!(".portcullis/{path}"), text.to_owned()));
        }
    }
    let mut head = Vec::new();
    for (path, text) in &tree.files {
        if path.starts_with(".portcullis") {
            return Err(format!("`{}` would replace what judges it", shortened(path)));
        }
        let text = text.ok_or_else(|| format!("`{}` is not UTF-8", shortened(path)))?;
        head.push((*path, text.to_owned()));
    }
    let base: Vec<(&str, String)> = base.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let commit = |files, message| SampleCommit {
        files,
        message,
        author: ("portcullis", "portcullis@example.invalid"),
        seconds: SECONDS,
    };
    let folder = tempfile::Builder::new().prefix("portcullis-tree-").tempdir().map_err(|error| error.to_string())?;
    let commits = [commit(base.as_slice(), "The specification"), commit(head.as_slice(), "The tree")];
    write_repository(folder.path(), &commits, &surroundings.search_path()).map_err(|error| error.to_string())?;
    let request = CheckRequest {
        repository: folder.path().to_owned(),
        range: RangeRequest { base: Some("HEAD~1".to_owned()), head: Some("HEAD".to_owned()), mode: Mode::Range },
        environment: Default::default(),
        trust: Trust::Base,
        fail_on: None,
        as_of: crate::clock::today(),
        threads: threads(),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(ForgeFacts::Local),
        others: OpenChanges::Closed,
        imports: Vec::new(),
        cache: None,
        progress: &Silent,
    };
    let outcome = check(&request).map_err(|error| error.to_string())?;
    match outcome.document.completeness.reasons.first() {
        Some(reason) => Err(reason.message.terminal()),
        None => Ok(outcome),
    }
}

/// Returns what the rule said, line by line.
fn hits(outcome: &Outcome, rule: &Rule) -> Vec<String> {
    let findings = outcome.document.findings.iter().filter(|finding| finding.rule == rule.id);
    let mut lines: Vec<String> = findings
        .map(|finding| {
            let path = finding.path.as_ref().map(|path| path.raw().to_owned()).unwrap_or_default();
            let line = finding.start.map_or(0, |start| start.line);
            format!("{path}:{line}: {}", finding.message.raw())
        })
        .collect();
    let asks = outcome.document.review.requirements.iter().filter(|asked| asked.rules.contains(&rule.id));
    if lines.is_empty() {
        lines.extend(asks.map(|asked| format!("asks: {}", asked.reason.raw())));
    }
    lines
}

/// Returns the other rules that fired: most often the one that was meant.
fn others(outcome: &Outcome, rule: &Rule) -> Vec<String> {
    let findings = outcome.document.findings.iter();
    let others = findings.filter(|finding| finding.rule != rule.id && finding.source.kind == SourceKind::Specification);
    others.map(|finding| format!("fired instead: {}: {}", finding.rule, finding.message.raw())).collect()
}
