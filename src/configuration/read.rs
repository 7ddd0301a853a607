//! The schema of `.portcullis.yaml`, key by key.
//!
//! Owns which keys exist and what their values may be. Must not decide how a fault is worded beyond its own checks.

use std::collections::BTreeMap;

use super::{Configuration, Packs, PathGlobs, PolicyFolder, UnknownLines, classes, imports, intent};
use crate::diagnostic::{UsageError, shortened};
use crate::finding::{RuleId, Severity, Status};
use crate::limits::{LIMITS, Limits};
use crate::policies::{RuleOverride, Scope};
use crate::verdict::FailOn;
use crate::yaml::decode::{Faults, Words, suggestion};
use crate::yaml::{self, Node, Place, Placed, Value};

pub(super) const KEYS: &[&str] = &[
    "version",
    "system",
    "packs",
    "policies",
    "rules",
    "paths",
    "limits",
    "fail-on",
    "provenance",
    "spec",
    "baseline",
    "imports",
];
pub(super) const POLICY_KEYS: &[&str] = &["path", "scope", "namespaces", "rego", "data", "files", "combine"];
pub(super) const RULE_KEYS: &[&str] = &["severity", "status"];
pub(super) const PATH_KEYS: &[&str] = &["generated", "vendored", "test"];
pub(crate) const SEVERITIES: &Words<Severity> =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
pub(crate) const STATUSES: &Words<Status> = &[
    ("draft", Status::Draft),
    ("observe", Status::Observe),
    ("advisory", Status::Advisory),
    ("enforced", Status::Enforced),
    ("retired", Status::Retired),
];
pub(super) const SCOPES: &Words<Scope> =
    &[("change", Scope::Change), ("file", Scope::File), ("document", Scope::Document), ("review", Scope::Review)];
pub(super) const FAIL_ON: &Words<FailOn> =
    &[("error", FailOn::Error), ("warning", FailOn::Warning), ("never", FailOn::Never)];
pub(super) const UNKNOWN: &Words<UnknownLines> = &[("ai", UnknownLines::Ai), ("human", UnknownLines::Human)];
pub(super) const TRUTH: &Words<bool> = &[("true", true), ("false", false)];
pub(super) const REGO: &Words<bool> = &[("v0", true), ("v1", false)];

/// Longest glob or path in bytes.
const LONGEST_PATH: usize = 500;
/// Most entries of one list of globs.
const MOST_GLOBS: usize = 1_000;

pub(super) fn configuration(bytes: &[u8], file: &str, packs: &[&str]) -> Result<Configuration, Vec<UsageError>> {
    let mut faults = Faults::of(bytes, file);
    let root = match yaml::tree(bytes, file) {
        Ok(root) => root,
        Err(fault) => {
            faults.stop(fault);
            return Err(faults.into_errors());
        }
    };
    let mut configuration = Configuration::default();
    let entries = faults.map(&root, file);
    let is_map = faults.is_empty();
    for (key, value) in entries {
        take(&mut configuration, &mut faults, packs, key, value);
    }
    if is_map && !entries.iter().any(|(key, _)| key.value == "version") {
        let place = entries.first().map_or(root.place, |(key, _)| key.place);
        faults.add(place, "the key `version` is missing", "write it first", "Write `version: 1`.");
    }
    if faults.is_empty() { Ok(configuration) } else { Err(faults.into_errors()) }
}

fn take(into: &mut Configuration, faults: &mut Faults<'_>, packs: &[&str], key: &Placed<String>, value: &Node) {
    match key.value.as_str() {
        "version" => version(faults, value),
        "packs" => into.packs = Packs::Only(pack_names(faults, value, packs)),
        "policies" => {
            into.policies = faults.list(value, "policies").iter().filter_map(|node| policy(faults, node)).collect();
        }
        "rules" => into.rules = rules(faults, value),
        "paths" => into.paths = paths(faults, value),
        "limits" => limits(faults, value, &mut into.limits),
        "fail-on" => into.fail_on = faults.word(value, "fail-on", FAIL_ON).unwrap_or(into.fail_on),
        "provenance" => into.unknown = provenance(faults, value),
        "system" => into.systems = intent::systems(faults, value),
        "spec" => into.specification = intent::specification(faults, value),
        "baseline" => into.baseline = checked_path(faults, value, "baseline"),
        "imports" => into.imports = imports::rules(faults, value, packs),
        _ => faults.unknown_key(key, KEYS, ""),
    }
}

fn version(faults: &mut Faults<'_>, value: &Node) {
    if value.value != Value::Plain("1".to_owned()) {
        faults.add(value.place, "`version` must be 1", "not a known version", "Write `version: 1`.");
    }
}

fn pack_names(faults: &mut Faults<'_>, value: &Node, known: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in faults.texts(value, "packs") {
        if !known.contains(&name.value.as_str()) {
            let title = format!("there is no built-in pack `{}`", shortened(&name.value));
            faults.add(name.place, title, "unknown pack", suggestion(&name.value, known.iter().copied()));
        } else if names.contains(&name.value) {
            faults.add(name.place, format!("the pack `{}` stands twice", name.value), "again", "Keep one of the two.");
        } else {
            names.push(name.value);
        }
    }
    names.sort();
    names
}

fn policy(faults: &mut Faults<'_>, node: &Node) -> Option<PolicyFolder> {
    let mut folder = PolicyFolder::at("");
    let Value::Map(entries) = &node.value else {
        if let Value::List(_) = &node.value {
            let title = "an entry of `policies` must be a folder or a mapping, not a list";
            faults.add(
                node.place,
                title,
                "a folder or a mapping wanted",
                "Write `- policies`, or `- {path: policies}`.",
            );
            return None;
        }
        folder.path = checked_path(faults, node, "policies")?;
        return Some(folder);
    };
    for (key, value) in entries {
        match key.value.as_str() {
            "path" => folder.path = checked_path(faults, value, "path").unwrap_or_default(),
            "scope" => folder.scope = faults.word(value, "scope", SCOPES),
            "namespaces" => folder.namespaces = namespaces(faults, value),
            "rego" => folder.v0 = faults.word(value, "rego", REGO).unwrap_or_default(),
            "data" => {
                let items = faults.list(value, "data");
                folder.data = items.iter().filter_map(|item| checked_path(faults, item, "data")).collect();
            }
            "files" => folder.files = globs(faults, value, "files"),
            "combine" => folder.combine = faults.word(value, "combine", TRUTH).unwrap_or_default(),
            _ => faults.unknown_key(key, POLICY_KEYS, "policies"),
        }
    }
    if !entries.iter().any(|(key, _)| key.value == "path") {
        let place = entries.first().map_or(node.place, |(key, _)| key.place);
        faults.add(place, "the key `path` is missing in `policies`", "in this entry", "Write `path: FOLDER`.");
    }
    Some(folder)
}

fn namespaces(faults: &mut Faults<'_>, value: &Node) -> Vec<String> {
    let mut names = Vec::new();
    for name in faults.texts(value, "namespaces") {
        // `*` and `?` stand for letters of any part, dots included, as on Conftest's command line.
        let plain = |part: &str| {
            let mut letters = part.chars();
            letters.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '*' | '?'))
                && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '*' | '?'))
        };
        if name.value.split('.').all(plain) {
            names.push(name.value);
        } else {
            let title = format!("`{}` is no Rego package name", shortened(&name.value));
            faults.add(
                name.place,
                title,
                "a dotted name wanted",
                "Write it as after `package`, such as `main` or `main.*`.",
            );
        }
    }
    names
}

fn rules(faults: &mut Faults<'_>, value: &Node) -> BTreeMap<RuleId, RuleOverride> {
    let mut rules = BTreeMap::new();
    for (key, value) in faults.map(value, "rules") {
        let mut change = RuleOverride { severity: None, status: None };
        let name = shortened(&key.value);
        for (inner, word) in faults.map(value, &name) {
            match inner.value.as_str() {
                "severity" => change.severity = faults.word(word, "severity", SEVERITIES),
                "status" => change.status = faults.word(word, "status", STATUSES),
                _ => faults.unknown_key(inner, RULE_KEYS, &name),
            }
        }
        match RuleId::new(key.value.clone()) {
            Ok(id) => drop(rules.insert(id, change)),
            Err(why) => {
                let help = format!("Write the id as reports show it; {why}.");
                faults.add(key.place, format!("`{name}` is no rule id"), "not a rule id", help);
            }
        }
    }
    rules
}

fn paths(faults: &mut Faults<'_>, value: &Node) -> PathGlobs {
    let mut paths = PathGlobs::default();
    for (key, value) in faults.map(value, "paths") {
        match key.value.as_str() {
            "generated" => paths.generated = globs(faults, value, "generated"),
            "vendored" => paths.vendored = globs(faults, value, "vendored"),
            "test" => paths.test = globs(faults, value, "test"),
            _ => faults.unknown_key(key, PATH_KEYS, "paths"),
        }
    }
    paths
}

pub(super) fn globs(faults: &mut Faults<'_>, value: &Node, what: &str) -> Vec<String> {
    let globs = faults.texts(value, what);
    if globs.len() > MOST_GLOBS {
        faults.add(
            value.place,
            format!("`{what}` holds more than {MOST_GLOBS} globs"),
            "too many",
            "Write wider globs: `**` crosses folders.",
        );
        return Vec::new();
    }
    globs.into_iter().filter(|glob| is_glob(faults, glob)).map(|glob| glob.value).collect()
}

fn is_glob(faults: &mut Faults<'_>, glob: &Placed<String>) -> bool {
    if !is_inside(faults, &glob.value, glob.place) {
        return false;
    }
    if glob.value.ends_with('/') {
        let title = format!("`{}` matches no file", shortened(&glob.value));
        faults.add(glob.place, title, "ends with a slash", format!("Write `{}**`.", shortened(&glob.value)));
        return false;
    }
    if let Err(error) = classes::glob(&glob.value) {
        let title = format!("`{}` is no glob: {}", shortened(&glob.value), error.kind());
        faults.add(
            glob.place,
            title,
            "not a glob",
            "`*` stays within a folder, `**/` crosses folders, `{a,b}` is either.",
        );
        return false;
    }
    true
}

/// Checks that a path stays inside the repository.
fn is_inside(faults: &mut Faults<'_>, path: &str, place: Place) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    let fault = if path.len() > LONGEST_PATH {
        "is too long"
    } else if path.starts_with(['/', '~', '\\']) || drive {
        "is not relative"
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        "leaves the repository"
    } else if path.starts_with("./") || path.contains("//") {
        "has a needless part"
    } else {
        return true;
    };
    let help = "Write it from the root of the repository, such as `third_party/a`.";
    faults.add(place, format!("`{}` {fault}", shortened(path)), fault, help);
    false
}

pub(super) fn checked_path(faults: &mut Faults<'_>, node: &Node, what: &str) -> Option<String> {
    let path = faults.text(node, what)?;
    if !is_inside(faults, &path, node.place) {
        return None;
    }
    let path = path.trim_end_matches('/');
    if path.contains(['*', '?', '[', '\\']) || path.chars().any(char::is_control) {
        faults.add(
            node.place,
            format!("`{what}` takes a folder or a file, not a glob"),
            "a plain path wanted",
            "Name the folder; all of it is read.",
        );
        return None;
    }
    Some(path.to_owned())
}

fn limits(faults: &mut Faults<'_>, value: &Node, limits: &mut Limits) {
    for (key, value) in faults.map(value, "limits") {
        if limits.get(&key.value).is_none() {
            let title = format!("there is no limit `{}`", shortened(&key.value));
            faults.add(
                key.place,
                title,
                "unknown limit",
                suggestion(&key.value, LIMITS.iter().map(|limit| limit.name)),
            );
        } else if let Some(number) = faults.positive(value, &key.value) {
            limits.set(&key.value, number);
        }
    }
}

fn provenance(faults: &mut Faults<'_>, value: &Node) -> UnknownLines {
    let mut unknown = UnknownLines::Ai;
    for (key, value) in faults.map(value, "provenance") {
        match key.value.as_str() {
            "unknown" => unknown = faults.word(value, "unknown", UNKNOWN).unwrap_or(unknown),
            _ => faults.unknown_key(key, &["unknown"], "provenance"),
        }
    }
    unknown
}
