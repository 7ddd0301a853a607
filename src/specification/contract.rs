//! `contracts/<name>/contract.yaml`: an interface between teams, as registered.
//!
//! Owns the registry entry. Must not compare contracts: that comes with the contract engine.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Specification;
use super::hosted;
use super::page::{Fields, Keys, Page, Subject, value, values};
use crate::configuration::words::SEVERITIES;
use crate::diagnostic::shortened;
use crate::finding::Severity;
use crate::yaml::{Node, Placed};

pub(super) const KEYS: &Keys = &[
    ("id", true),
    ("title", true),
    ("kind", true),
    ("provider", true),
    ("source", true),
    ("published", true),
    ("compatibility", true),
    ("layer", true),
    ("stability", false),
    ("content-model", false),
    ("sunset-days", false),
    ("consumers", false),
    ("levels", false),
];
pub(super) const CONSUMER_KEYS: &Keys = &[("system", true), ("uses", false)];
pub(super) const STABILITIES: &[&str] = &["alpha", "beta", "stable"];
pub(super) const CONTENT_MODELS: &[&str] = &["strict", "lenient"];
/// The kinds, sorted, and the words of compatibility of each; `none` is one of every kind.
pub(super) const KINDS: &[(&str, &[&str])] = &[
    ("asyncapi", &["backward", "none"]),
    ("avro", SCHEMA_WORDS),
    ("code-api", &["backward", "none"]),
    ("graphql", &["backward", "none"]),
    ("json-schema", SCHEMA_WORDS),
    ("openapi", &["backward", "none"]),
    ("protobuf", &["wire", "wire-json", "package", "file", "none"]),
];
const SCHEMA_WORDS: &[&str] =
    &["backward", "backward-transitive", "forward", "forward-transitive", "full", "full-transitive", "none"];
/// Longest notice of a removal, in days.
const MOST_DAYS: u32 = 3_650;

/// One contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contract {
    /// `CON-…`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// `openapi`, `avro`, `protobuf`, `graphql`, `json-schema`, `asyncapi`, `code-api`.
    pub kind: String,
    /// The system that provides it.
    pub provider: String,
    /// Glob of the source in the provider's repository.
    pub source: String,
    /// Glob of the published copy, beside `contract.yaml`.
    pub published: String,
    /// Which compatibility is promised; the words depend on the kind.
    pub compatibility: String,
    /// `alpha`, `beta` or `stable`.
    pub stability: String,
    /// `strict` or `lenient`, for JSON Schema; or empty.
    pub content_model: String,
    /// Days between the announcement of a removal and the removal; 0 when not said.
    pub sunset_days: u32,
    /// The review asked for when the contract is touched: 1 to 3.
    pub layer: u8,
    /// Who depends on it.
    pub consumers: Vec<Consumer>,
    /// Other severities for single kinds of change.
    pub levels: BTreeMap<String, Severity>,
    /// The file, relative to the root of the specification.
    pub file: String,
}

/// A system that depends on a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Consumer {
    /// The system.
    pub system: String,
    /// What it uses; empty means all of it.
    pub uses: Vec<String>,
}

/// Reads one contract; `copies` are the paths of all files of the specification.
pub(super) fn read(page: &mut Page<'_>, root: &Node, copies: &[&str], into: &mut Specification) {
    let fields = page.fields(root, "", KEYS);
    let id = page.id(&fields, Subject::Contract);
    let kind_names: Vec<&'static str> = KINDS.iter().map(|(name, _)| *name).collect();
    let kind = page.one_of(&fields, "kind", &kind_names);
    let words = KINDS.iter().find(|(name, _)| *name == kind).map(|(_, words)| *words);
    // Which words there are depends on the kind; without one nothing can be said about them.
    let compatibility = words.map(|words| page.one_of(&fields, "compatibility", words)).unwrap_or_default();
    let stability = page.one_of(&fields, "stability", STABILITIES);
    let contract = Contract {
        id: value(id.clone()),
        title: page.line(&fields, "title"),
        content_model: content_model(page, &fields, &kind),
        kind,
        provider: value(page.name(&fields, "provider", Subject::System)),
        source: glob(page, &fields, "source").map(|glob| glob.value).unwrap_or_default(),
        published: published(page, &fields, copies),
        compatibility,
        stability: if stability.is_empty() { "stable".to_owned() } else { stability },
        sunset_days: page.number(&fields, "sunset-days", MOST_DAYS).unwrap_or_default(),
        layer: page.layer(&fields, "layer"),
        consumers: fields.get("consumers").map(|node| consumers(page, node)).unwrap_or_default(),
        levels: fields.get("levels").map(|node| levels(page, node)).unwrap_or_default(),
        file: page.file.to_owned(),
    };
    if let Some(id) = id {
        into.contracts.entry(id.value).or_insert(contract);
    }
}

fn content_model(page: &mut Page<'_>, fields: &Fields<'_>, kind: &str) -> String {
    let model = page.one_of(fields, "content-model", CONTENT_MODELS);
    match (fields.get("content-model"), kind) {
        (_, "json-schema") if model.is_empty() => "lenient".to_owned(),
        (Some(node), other) if !matches!(other, "json-schema" | "") => {
            page.add(
                node.place,
                "`content-model` is for the kind `json-schema` only",
                "means nothing here",
                "Remove it.",
            );
            String::new()
        }
        _ => model,
    }
}

fn glob(page: &mut Page<'_>, fields: &Fields<'_>, key: &str) -> Option<Placed<String>> {
    let node = fields.get(key)?;
    let glob = Placed { value: page.faults.text(node, key)?, place: node.place };
    page.is_glob(&glob).then_some(glob)
}

/// The published copy is what consumers were promised: it must be there.
fn published(page: &mut Page<'_>, fields: &Fields<'_>, copies: &[&str]) -> String {
    let Some(glob) = glob(page, fields, "published") else { return String::new() };
    let folder = page.file.strip_suffix("contract.yaml").unwrap_or_default();
    let matcher = hosted::glob(&glob.value).map(|glob| glob.compile_matcher());
    let beside = copies.iter().filter_map(|path| path.strip_prefix(folder)).filter(|path| *path != "contract.yaml");
    if matcher.is_ok_and(|matcher| !beside.into_iter().any(|path| matcher.is_match(path))) {
        let title = format!("no file in `{folder}` is matched by `{}`", shortened(&glob.value));
        page.add(glob.place, title, "no published copy", "Put the published copy beside this file.");
    }
    glob.value
}

fn consumers(page: &mut Page<'_>, node: &Node) -> Vec<Consumer> {
    let mut consumers: Vec<Consumer> = Vec::new();
    let mut seen = BTreeSet::new();
    for node in page.faults.list(node, "consumers") {
        let fields = page.fields(node, "consumers", CONSUMER_KEYS);
        let system = page.name(&fields, "system", Subject::System);
        let uses = values(page.texts(&fields, "uses"));
        let Some(system) = system else { continue };
        if !seen.insert(system.value.clone()) {
            let title = format!("the consumer `{}` stands twice", shortened(&system.value));
            page.add(system.place, title, "again", "Keep one of the two.");
        } else {
            consumers.push(Consumer { system: system.value, uses });
        }
    }
    consumers
}

fn levels(page: &mut Page<'_>, node: &Node) -> BTreeMap<String, Severity> {
    let entries = page.faults.map(node, "levels");
    let level = |(name, word): &(Placed<String>, Node)| {
        Some((name.value.clone(), page.faults.word(word, &shortened(&name.value), SEVERITIES)?))
    };
    entries.iter().filter_map(level).collect()
}
