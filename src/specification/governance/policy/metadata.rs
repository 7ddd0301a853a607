//! METADATA of rules, as far as it decides what gates.
//!
//! Owns which fields those are and when one is lowered. Faults are the loader's to report: a block that cannot be read
//! is compared as text.

use std::collections::BTreeMap;

use super::compare::{Statement, statements};
use super::scan::{Comment, Scanned, scan};
use crate::finding::{Severity, Status};
use crate::yaml::{self, Node, Value};

/// What METADATA says of one rule, with the package's filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct RuleMetadata {
    /// The rule's id.
    pub(in super::super) id: Option<String>,
    /// How bad.
    pub(in super::super) severity: Option<Severity>,
    /// How far rolled out.
    pub(in super::super) status: Option<Status>,
    scope: Option<String>,
    layer: Option<String>,
    /// The text of a block that cannot be read.
    unread: Option<String>,
}

impl RuleMetadata {
    fn within(self, outer: &Self) -> Self {
        Self {
            id: self.id.or_else(|| outer.id.clone()),
            severity: self.severity.or(outer.severity),
            status: self.status.or(outer.status),
            scope: self.scope.or_else(|| outer.scope.clone()),
            layer: self.layer.or_else(|| outer.layer.clone()),
            unread: self.unread.or_else(|| outer.unread.clone()),
        }
    }

    fn with_defaults(mut self, name: &str) -> Self {
        let severity = if name == "warn" || name.starts_with("warn_") { Severity::Warning } else { Severity::Error };
        self.severity.get_or_insert(severity);
        self.status.get_or_insert(Status::Enforced);
        self
    }

    /// Names what `head` lowers, or may lower.
    pub(super) fn lowered_to(&self, head: &Self) -> Vec<&'static str> {
        if head.unread != self.unread {
            return vec!["METADATA cannot be read, so what it lowers cannot be told,"];
        }
        let what = [
            (head.severity < self.severity, "METADATA lowers the severity"),
            (head.status < self.status, "METADATA lowers the status"),
            (head.scope != self.scope, "METADATA changes the scope"),
            (head.layer != self.layer && head.layer < self.layer, "METADATA lowers the review layer"),
            (head.id != self.id, "METADATA changes the id, on which overrides and waivers hang,"),
        ];
        what.into_iter().filter_map(|(is, text)| is.then_some(text)).collect()
    }
}

/// Says whether a rule of that name decides: `deny`, `warn`, `violation`, `review`, with suffixes.
pub(super) fn is_decision(name: &str) -> bool {
    let decides = |kind: &str| name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    ["deny", "review", "violation", "warn"].into_iter().any(decides)
}

/// Returns the METADATA of every decision rule of a policy text.
pub(in super::super) fn rules_of(text: &str) -> BTreeMap<String, RuleMetadata> {
    scan(text.as_bytes()).map(|scanned| read(&scanned, &statements(&scanned))).unwrap_or_default()
}

/// Reads the blocks of a file; a rule's own stands above one of its clauses, the package's above `package`.
pub(super) fn read(scanned: &Scanned<'_>, statements: &[Statement]) -> BTreeMap<String, RuleMetadata> {
    let mut package = RuleMetadata::default();
    let mut own: BTreeMap<&str, RuleMetadata> = BTreeMap::new();
    let mut next = statements.iter().peekable();
    for (line, text) in blocks(&scanned.comments) {
        while next.next_if(|statement| statement.line < line).is_some() {}
        match next.peek() {
            Some(statement) if statement.name == "package" => package = block(&text).within(&package),
            Some(statement) => {
                let known = own.remove(statement.name.as_str()).unwrap_or_default();
                own.insert(&statement.name, known.within(&block(&text)));
            }
            None => {}
        }
    }
    let decisions = statements.iter().map(|statement| statement.name.as_str()).filter(|name| is_decision(name));
    decisions
        .map(|name| {
            let metadata = own.get(name).cloned().unwrap_or_default();
            (name.to_owned(), metadata.within(&package).with_defaults(name))
        })
        .collect()
}

/// Returns each block's line and text: a comment line `METADATA`, and the comment lines directly below it.
fn blocks(comments: &[Comment<'_>]) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut last = None;
    for comment in comments.iter().filter(|comment| comment.alone) {
        if comment.text.trim() == "METADATA" {
            blocks.push((comment.line, String::new()));
            last = Some(comment.line);
        } else if last.is_some_and(|last| last + 1 == comment.line) {
            if let Some((_, text)) = blocks.last_mut() {
                text.extend([comment.text, "\n"]);
            }
            last = Some(comment.line);
        } else {
            last = None;
        }
    }
    blocks
}

fn block(text: &str) -> RuleMetadata {
    let Ok(root) = yaml::tree(text.as_bytes(), "METADATA") else {
        return RuleMetadata { unread: Some(text.to_owned()), ..RuleMetadata::default() };
    };
    let custom = field(&root, "custom");
    let word = |key: &str| custom.and_then(|custom| field(custom, key)).and_then(scalar);
    let known = |key: &str| word(key).map(|word| serde_json::Value::String(word.to_owned()));
    let mut metadata = RuleMetadata {
        id: word("id").or_else(|| field(&root, "id").and_then(scalar)).map(str::to_owned),
        severity: known("severity").and_then(|value| serde_json::from_value(value).ok()),
        status: known("status").and_then(|value| serde_json::from_value(value).ok()),
        scope: word("scope").map(str::to_owned),
        layer: word("layer").map(layer),
        unread: None,
    };
    let misread = |key: &str, is: bool| custom.is_some_and(|custom| field(custom, key).is_some()) && !is;
    if misread("severity", metadata.severity.is_some()) || misread("status", metadata.status.is_some()) {
        metadata.unread = Some(text.to_owned());
    }
    metadata
}

fn layer(word: &str) -> String {
    match word {
        "automated" => "1",
        "team" => "2",
        "architecture" => "3",
        other => other,
    }
    .to_owned()
}

fn field<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    match &node.value {
        Value::Map(entries) => entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value),
        _ => None,
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Plain(text) | Value::Quoted(text) => Some(text),
        _ => None,
    }
}
