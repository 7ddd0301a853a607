//! `agents/*.yaml`: what an AI agent may do, one agent a file.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Specification;
use super::page::{Fields, Keys, Page, Subject, has_mail_address, value, values};
use crate::diagnostic::shortened;
use crate::yaml::{Node, Value};

pub(super) const KEYS: &Keys = &[
    ("id", true),
    ("title", true),
    ("owner", true),
    ("phase", true),
    ("identities", true),
    ("review-by", true),
    ("models", false),
    ("systems", false),
    ("paths", false),
    ("limits", false),
    ("may", false),
    ("prompts", false),
    ("min-layer", false),
];
pub(super) const IDENTITY_KEYS: &Keys = &[("authors", false), ("emails", false), ("trailers", false)];
pub(super) const PATH_KEYS: &Keys = &[("allow", false), ("deny", false)];
pub(super) const LIMIT_KEYS: &Keys = &[("files", false), ("lines", false), ("open-changes", false)];
pub(super) const MAY: &[&str] = &["comment", "open-change", "update-change"];
/// Highest limit; more is no limit.
const MOST: u32 = 1_000_000;

/// The contract of one agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agent {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The team that answers for it.
    pub owner: String,
    /// 1 tests and documentation, 2 features with review, 3 exploration with oversight, 4 within constraints.
    pub phase: u8,
    /// How its work is recognised.
    pub identities: Identities,
    /// Globs over model names; empty means any.
    pub models: Vec<String>,
    /// Systems that it may change; empty means any.
    pub systems: Vec<String>,
    /// Paths that it may change.
    pub paths: AgentPaths,
    /// How much it may change at once.
    pub limits: AgentLimits,
    /// What it may do on the forge.
    pub may: Vec<String>,
    /// Prompts that it may work from.
    pub prompts: Vec<String>,
    /// The review that its changes need at least: 1 to 3.
    pub min_layer: u8,
    /// The contract ends after this day, `YYYY-MM-DD`, unless renewed.
    pub review_by: String,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line of the id in that file, from 1.
    pub line: u32,
}

/// How an agent's work is recognised; any of these is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Identities {
    /// Names of git authors or logins on the forge.
    pub authors: Vec<String>,
    /// Mail addresses of authors, committers or co-authors.
    pub emails: Vec<String>,
    /// Trailers by key.
    pub trailers: BTreeMap<String, String>,
}

/// Paths that an agent may change: those allowed and not denied; nothing allowed means every path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AgentPaths {
    /// Globs.
    pub allow: Vec<String>,
    /// Globs.
    pub deny: Vec<String>,
}

/// How much an agent may change at once; nothing means no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AgentLimits {
    /// Changed files.
    pub files: Option<u32>,
    /// Added and removed lines.
    pub lines: Option<u32>,
    /// Changes open at the same time.
    pub open_changes: Option<u32>,
}

/// Reads one agent.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    let fields = page.fields(root, "", KEYS);
    let id = page.id(&fields, Subject::Agent);
    let agent = Agent {
        id: value(id.clone()),
        title: page.line(&fields, "title"),
        owner: value(page.name(&fields, "owner", Subject::Team)),
        phase: phase(page, &fields),
        identities: fields.get("identities").map(|node| identities(page, node)).unwrap_or_default(),
        models: page.globs(&fields, "models"),
        systems: values(page.names(&fields, "systems", Subject::System)),
        paths: fields.get("paths").map(|node| paths(page, node)).unwrap_or_default(),
        limits: fields.get("limits").map(|node| limits(page, node)).unwrap_or_default(),
        may: may(page, &fields),
        prompts: prompts(page, &fields, into),
        min_layer: page.layer(&fields, "min-layer").max(1),
        review_by: value(page.date(&fields, "review-by")),
        file: page.file.to_owned(),
        line: fields.get("id").map_or(fields.place.line, |node| node.place.line),
    };
    if let Some(id) = id {
        into.agents.entry(id.value).or_insert(agent);
    }
}

fn phase(page: &mut Page<'_>, fields: &Fields<'_>) -> u8 {
    let words: [(&'static str, u8); 4] = [("1", 1), ("2", 2), ("3", 3), ("4", 4)];
    let Some(node) = fields.get("phase") else { return 0 };
    match &node.value {
        Value::Plain(digit) if words.iter().any(|(word, _)| word == digit) => digit.parse().unwrap_or_default(),
        _ => {
            let help = "Write 1 (tests and documents), 2 (features with review), 3 (exploration with oversight) or 4 \
                        (within constraints).";
            page.add(node.place, "`phase` must be 1 to 4", "no phase", help);
            0
        }
    }
}

fn identities(page: &mut Page<'_>, node: &Node) -> Identities {
    let fields = page.fields(node, "identities", IDENTITY_KEYS);
    let mut identities =
        Identities { authors: values(page.texts(&fields, "authors")), emails: Vec::new(), trailers: BTreeMap::new() };
    for email in page.texts(&fields, "emails") {
        if has_mail_address(&email.value) && !email.value.contains(char::is_whitespace) {
            identities.emails.push(email.value);
        } else {
            let title = format!("`{}` is no mail address", shortened(&email.value));
            page.add(email.place, title, "not a mail address", "Names belong under `authors`.");
        }
    }
    for (key, value) in fields.get("trailers").map(|node| page.faults.map(node, "trailers")).unwrap_or_default() {
        if key.value.is_empty() || !key.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            let title = format!("`{}` is no key of a trailer", shortened(&key.value));
            page.add(key.place, title, "not such a key", "Letters, digits and `-`, such as `Assisted-by`.");
        } else if let Some(text) = page.faults.text(value, &key.value) {
            identities.trailers.insert(key.value.clone(), text);
        }
    }
    if let Value::Map(entries) = &node.value
        && entries.is_empty()
    {
        let help = "Name at least one of `authors`, `emails` and `trailers`.";
        page.add(node.place, "`identities` is empty: the agent would never be recognised", "nobody", help);
    }
    identities
}

fn paths(page: &mut Page<'_>, node: &Node) -> AgentPaths {
    let fields = page.fields(node, "paths", PATH_KEYS);
    AgentPaths { allow: page.globs(&fields, "allow"), deny: page.globs(&fields, "deny") }
}

fn limits(page: &mut Page<'_>, node: &Node) -> AgentLimits {
    let fields = page.fields(node, "limits", LIMIT_KEYS);
    AgentLimits {
        files: page.number(&fields, "files", MOST),
        lines: page.number(&fields, "lines", MOST),
        open_changes: page.number(&fields, "open-changes", MOST),
    }
}

fn may(page: &mut Page<'_>, fields: &Fields<'_>) -> Vec<String> {
    let words: Vec<(&'static str, &'static str)> = MAY.iter().map(|word| (*word, *word)).collect();
    let items = fields.get("may").map(|node| page.faults.list(node, "may")).unwrap_or_default();
    let mut may: Vec<String> =
        items.iter().filter_map(|item| page.faults.word(item, "may", &words)).map(str::to_owned).collect();
    may.sort();
    may.dedup();
    may
}

/// An agent works from approved prompts only; prompts were read before.
fn prompts(page: &mut Page<'_>, fields: &Fields<'_>, specification: &Specification) -> Vec<String> {
    let names = page.names(fields, "prompts", Subject::Prompt);
    for name in &names {
        let Some(prompt) = specification.prompts.get(&name.value) else { continue };
        if !matches!(prompt.status.as_str(), "approved" | "") {
            let title = format!("the prompt `{}` is {}", shortened(&name.value), prompt.status);
            page.add(name.place, title, "not approved", "An agent works from prompts of the status `approved` only.");
        }
    }
    values(names)
}
