//! The key `imports`: what results of other tools count for, and which must be there.
//!
//! Owns its schema and its defaults: whatever is not named is advisory, and nothing is required.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read::{STATUSES, globs};
use crate::diagnostic::shortened;
use crate::finding::{Severity, Status};
use crate::policies::input::ImportKind;
use crate::yaml::decode::{Faults, Words};
use crate::yaml::{Node, Value};

pub(super) const KEYS: &[&str] = &["tools", "required"];
pub(super) const TOOL_KEYS: &[&str] = &["error", "warning", "info"];
pub(super) const REQUIRED_KEYS: &[&str] = &["tool", "kind", "paths"];
pub(super) const KINDS: &Words<ImportKind> = &[("sarif", ImportKind::Sarif), ("junit", ImportKind::Junit)];

/// Longest name of a tool in bytes.
const LONGEST_TOOL: usize = 60;

/// What results of other tools count for, and which must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRules {
    /// What the results of a tool count for, by its id.
    pub tools: BTreeMap<String, ToolStatus>,
    /// Which results must be there, for which files.
    pub required: Vec<RequiredImport>,
}

/// The status of a tool's results by how bad it calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolStatus {
    /// Of errors.
    pub error: Status,
    /// Of warnings.
    pub warning: Status,
    /// Of notes.
    pub info: Status,
}

impl ToolStatus {
    /// Returns one status for all.
    #[must_use]
    pub fn all(status: Status) -> Self {
        Self { error: status, warning: status, info: status }
    }

    /// Returns the status of results that the tool calls so bad.
    #[must_use]
    pub fn of(self, severity: Severity) -> Status {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}

/// A result that must be there when certain files change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequiredImport {
    /// The tool's id; empty means any tool.
    pub tool: String,
    /// The format; none means any.
    pub kind: Option<ImportKind>,
    /// Globs over changed files; empty means all.
    pub paths: Vec<String>,
}

impl ImportRules {
    /// Returns the status of a tool's results; advisory where the configuration does not name the tool.
    #[must_use]
    pub fn status(&self, tool: &str, severity: Severity) -> Status {
        self.tools.get(tool).map_or(Status::Advisory, |status| status.of(severity))
    }

    /// Says whether a rule's id is one of a tool that the configuration names, or of test reports.
    #[must_use]
    pub fn names(&self, rule: &str) -> bool {
        rule.split_once('/').is_some_and(|(tool, _)| tool == ImportKind::Junit.word() || self.tools.contains_key(tool))
    }
}

pub(super) fn rules(faults: &mut Faults<'_>, value: &Node, packs: &[&str]) -> ImportRules {
    let mut rules = ImportRules::default();
    for (key, value) in faults.map(value, "imports") {
        match key.value.as_str() {
            "tools" => {
                for (name, value) in faults.map(value, "tools") {
                    if let (true, Some(status)) =
                        (is_tool(faults, &name.value, name.place, packs), tool(faults, &name.value, value))
                    {
                        rules.tools.insert(name.value.clone(), status);
                    }
                }
            }
            "required" => {
                let items = faults.list(value, "required");
                rules.required = items.iter().filter_map(|item| required(faults, item, packs)).collect();
            }
            _ => faults.unknown_key(key, KEYS, "imports"),
        }
    }
    rules.required.sort();
    rules.required.dedup();
    rules
}

/// A status for everything, or one for each severity; what is not said is advisory.
fn tool(faults: &mut Faults<'_>, name: &str, value: &Node) -> Option<ToolStatus> {
    let Value::Map(entries) = &value.value else {
        return faults.word(value, &shortened(name), STATUSES).map(ToolStatus::all);
    };
    let mut status = ToolStatus::all(Status::Advisory);
    for (key, value) in entries {
        match key.value.as_str() {
            "error" => status.error = faults.word(value, "error", STATUSES)?,
            "warning" => status.warning = faults.word(value, "warning", STATUSES)?,
            "info" => status.info = faults.word(value, "info", STATUSES)?,
            _ => faults.unknown_key(key, TOOL_KEYS, "tools"),
        }
    }
    Some(status)
}

fn required(faults: &mut Faults<'_>, node: &Node, packs: &[&str]) -> Option<RequiredImport> {
    let mut wanted = RequiredImport { tool: String::new(), kind: None, paths: Vec::new() };
    let entries = faults.map(node, "required");
    for (key, value) in entries {
        match key.value.as_str() {
            "tool" => {
                let name = faults.text(value, "tool")?;
                if !is_tool(faults, &name, value.place, packs) {
                    return None;
                }
                wanted.tool = name;
            }
            "kind" => wanted.kind = Some(faults.word(value, "kind", KINDS)?),
            "paths" => wanted.paths = globs(faults, value, "paths"),
            _ => faults.unknown_key(key, REQUIRED_KEYS, "required"),
        }
    }
    if wanted.tool.is_empty() && wanted.kind.is_none() {
        let help = "Write `tool: semgrep`, or `kind: junit`.";
        faults.add(node.place, "an entry of `required` names no tool and no kind", "in this entry", help);
        return None;
    }
    Some(wanted)
}

fn is_tool(faults: &mut Faults<'_>, name: &str, place: crate::yaml::Place, packs: &[&str]) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if packs.contains(&name) {
        let title = format!("`{}` is a pack, not another tool", shortened(name));
        faults.add(place, title, "the name of a pack", "A tool with that name is called `<name>-tool`.");
        return false;
    }
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if name.len() > LONGEST_TOOL || !starts || !name.chars().all(plain) {
        let help = "Write it as the first part of its rules' ids, such as `semgrep` or `golangci-lint`.";
        faults.add(place, format!("`{}` is no id of a tool", shortened(name)), "not an id", help);
        return false;
    }
    true
}
