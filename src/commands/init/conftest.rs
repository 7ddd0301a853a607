//! Policies for Conftest that a repository has already, and whether they run here as they are.
//!
//! Owns which folders they are and their entry of the configuration. Changes none of their files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::change::trusted::Tree;
use crate::configuration::{Configuration, Packs, PolicyFolder};
use crate::limits::Limits;
use crate::policies::folders::read_rules;
use crate::policies::{Scope, loader};

/// Most folders that are looked into, and files that are read of one to see what they are.
const MOST_FOLDERS: usize = 12;
const SAMPLE: usize = 40;
/// Folders whose policies are samples for something else.
const SAMPLES: &[&str] =
    &["cases", "example", "examples", "fixtures", "node_modules", "test", "testdata", "tests", "vendor"];

#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static DECISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^(deny|warn|violation)(_\w+)?\s*(\[|\{|:=|=|contains\b|if\b)").expect("constant pattern")
});
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static PACKAGE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^package\s+([\w.]+)").expect("constant pattern"));

/// One folder of Conftest policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Existing {
    /// The entry as it would stand in the configuration.
    pub(super) folder: PolicyFolder,
    /// The first fault that keeps it from running, and how many there are; none means that it runs as it is.
    pub(super) fault: Option<(String, usize)>,
}

/// Finds them among the tracked files.
pub(super) fn existing(paths: &[String], tree: &Tree) -> Vec<Existing> {
    let policy = |path: &&String| {
        path.ends_with(".rego") && !path.ends_with("_test.rego") && !path.split('/').any(|part| SAMPLES.contains(&part))
    };
    let mut folders: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for path in paths.iter().filter(policy) {
        if let Some(folder) = folder_of(path) {
            folders.entry(folder).or_default().push(path);
        }
    }
    folders.into_iter().take(MOST_FOLDERS).filter_map(|(folder, files)| look(folder, &files, tree)).collect()
}

/// Returns the folder that is named: one called `policy` or `policies`, else the one around the file.
fn folder_of(path: &str) -> Option<String> {
    let (folder, _) = path.rsplit_once('/')?;
    let parts: Vec<&str> = folder.split('/').collect();
    let named = parts.iter().position(|part| matches!(*part, "policy" | "policies"));
    Some(named.and_then(|at| parts.get(..=at)).unwrap_or(&parts).join("/"))
}

fn look(path: String, files: &[&String], tree: &Tree) -> Option<Existing> {
    let mut packages = BTreeSet::new();
    for file in files.iter().take(SAMPLE) {
        let bytes = tree.read(file, &Limits::default()).ok().flatten().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        // Our own policies look at changes; their METADATA says so.
        if DECISION.is_match(&text) && !text.contains("input.files") && !text.contains("input.file.") {
            packages
                .extend(PACKAGE.captures(&text).and_then(|found| found.get(1)).map(|name| name.as_str().to_owned()));
        }
    }
    let main = |package: &&String| *package == "main" || package.starts_with("main.");
    if packages.is_empty() {
        return None;
    }
    let others: Vec<String> = packages.iter().filter(|package| !main(package)).cloned().collect();
    let mut folder = PolicyFolder { scope: Some(Scope::Document), ..PolicyFolder::at(path) };
    if others.len() == packages.len() {
        // Conftest runs these by `--namespace`.
        folder.namespaces = others;
    }
    let tried = faults(&folder, tree);
    if tried.is_empty() {
        return Some(Existing { folder, fault: None });
    }
    let old = PolicyFolder { v0: true, ..folder.clone() };
    let old_faults = faults(&old, tree);
    let (folder, faults) = if old_faults.len() < tried.len() { (old, old_faults) } else { (folder, tried) };
    let count = faults.len();
    Some(Existing { folder, fault: faults.into_iter().next().map(|first| (first, count)) })
}

/// Says what keeps a folder from running, as a run would.
fn faults(folder: &PolicyFolder, tree: &Tree) -> Vec<String> {
    let limits = Limits::default();
    let alone =
        Configuration { policies: vec![folder.clone()], packs: Packs::Only(Vec::new()), ..Configuration::default() };
    let rules = read_rules(tree, &alone, &limits);
    let unread = rules.reasons.iter().map(|reason| reason.message.terminal());
    let loaded = loader::load(&rules.set, &BTreeMap::new(), &limits).0;
    let wrong = loaded.faults.iter().map(|fault| match fault.line {
        0 => format!("{}: {}", fault.path, fault.message),
        line => format!("{}:{line}: {}", fault.path, fault.message),
    });
    unread.chain(wrong).collect()
}
