//! A rule of another tool, as far as the gate knows it.
//!
//! Owns what is said about rules whose text stands in imported reports: what base makes of them, and where to look.

use serde_json::{Value, json};

use crate::commands::page::Sheet;
use crate::configuration::Configuration;
use crate::diagnostic::shortened;
use crate::finding::{RuleId, Severity, Status};

/// A rule of a tool that the configuration names.
pub(super) struct ImportedRule<'a> {
    id: &'a RuleId,
    tool: &'a str,
    name: &'a str,
    configuration: &'a Configuration,
}

impl<'a> ImportedRule<'a> {
    /// Returns the rule where the configuration names its tool.
    pub(super) fn of(id: &'a RuleId, configuration: &'a Configuration) -> Option<Self> {
        let (tool, name) = id.as_str().split_once('/')?;
        configuration.imports.names(id.as_str()).then_some(Self { id, tool, name, configuration })
    }

    /// Writes everything for a person.
    pub(super) fn page(&self, sheet: &mut Sheet) {
        sheet.line(&format!("{}: {} of {}", self.id, shortened(self.name), shortened(self.tool)));
        sheet.gap();
        sheet.field("why", &format!("{} knows; its reports bring title, reason and fix along", shortened(self.tool)));
        sheet.field("status", &self.status());
        sheet.field("when it fires", "on changed lines of reports that `check --import` is given; failed tests always");
        sheet.field("defined in", &format!("{}; not in the gate", shortened(self.tool)));
        sheet.gap();
        sheet.line("to change what it counts for, in .portcullis.yaml on the base branch");
        sheet.code(4, &self.lines());
    }

    /// Returns everything for programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "schema": super::SCHEMA,
            "id": self.id,
            "kind": "import",
            "tool": self.tool,
            "status": self.weight(Severity::Error),
            "waive": {"file": ".portcullis.yaml", "lines": self.lines()},
        })
    }

    fn weight(&self, severity: Severity) -> Status {
        let own = self.configuration.rules.get(self.id).and_then(|told| told.status);
        own.unwrap_or_else(|| self.configuration.imports.status(self.tool, severity))
    }

    fn status(&self) -> String {
        let word = |severity: Severity| {
            format!("{} for results of severity {}", self.weight(severity).word(), severity.word())
        };
        [Severity::Error, Severity::Warning, Severity::Info].map(word).join("; ")
    }

    fn lines(&self) -> String {
        format!("rules:\n  \"{}\": {{status: observe}}", self.id)
    }
}
