//! What is said about a rule of a pack or of a policy folder.
//!
//! Owns the words, and the exact lines that change what the rule does here. Must not look a rule up.

use serde_json::{Value, json};

use crate::commands::page::Sheet;
use crate::commands::spec::show::layer_words;
use crate::finding::{Severity, SourceKind, Status};
use crate::policies::{EntryKind, Package, Rule, Scope};

/// A rule with what is known about it here.
pub(super) struct Explained<'a> {
    /// Its package.
    pub(super) package: &'a Package,
    /// The rule.
    pub(super) rule: &'a Rule,
    /// False for a built-in rule whose pack does not run here.
    pub(super) configured: bool,
}

impl Explained<'_> {
    /// Writes everything for people.
    pub(super) fn page(&self, sheet: &mut Sheet) {
        let rule = self.rule;
        sheet.line(&format!("{}: {}", rule.id, rule.title));
        sheet.gap();
        sheet.field("why", &rule.rationale);
        sheet.field("to satisfy it", &rule.fix);
        sheet.field("looks at", self.scope());
        sheet.field("status", &format!("{}, {}", rule.status.word(), rule.severity.word()));
        sheet.field("when it fires", &self.consequence());
        if rule.layer > 1 {
            sheet.field("asks for", &layer_words(rule.layer));
        }
        sheet.field("controls", &rule.controls.join(", "));
        sheet.field("read on", &rule.links.join(" "));
        if !rule.forge_inputs.is_empty() {
            let read = rule.forge_inputs.join(", ");
            sheet.field("of the forge", &format!("reads {read}; without the forge it waits for CI"));
        }
        sheet.field("defined in", &self.place());
        sheet.field("who to ask", &self.owner());
        for (heading, text) in [("breaks it", &rule.examples.bad), ("is fine", &rule.examples.good)] {
            if !text.is_empty() {
                sheet.gap();
                sheet.line(heading);
                sheet.code(4, text);
            }
        }
        sheet.gap();
        if !self.configured {
            sheet.line("to run it, in .portcullis.yaml on the base branch");
            sheet.code(4, &format!("packs: [..., {}]", self.package.pack));
            return;
        }
        if self.lines().is_empty() {
            sheet.line("there is nothing to waive: it blocks nothing, and nobody sees it");
            return;
        }
        sheet.line("to waive it, in .portcullis.yaml on the base branch");
        sheet.code(4, &self.lines());
        sheet.gap();
        sheet.prose(0, LOOSENS);
    }

    /// Returns everything for programs.
    pub(super) fn json(&self) -> Value {
        let rule = self.rule;
        json!({
            "schema": super::SCHEMA,
            "id": rule.id,
            "title": rule.title,
            "why": rule.rationale,
            "fix": rule.fix,
            "kind": self.package.kind,
            "pack": self.package.pack,
            "configured": self.configured,
            "scope": self.package.scope,
            "status": rule.status,
            "severity": rule.severity,
            "layer": rule.layer,
            "controls": rule.controls,
            "links": rule.links,
            "forge_inputs": rule.forge_inputs,
            "defined": {"path": rule.path, "line": rule.line},
            "examples": rule.examples,
            "waive": {"file": ".portcullis.yaml", "lines": self.lines()},
        })
    }

    fn scope(&self) -> &'static str {
        match self.package.scope {
            Scope::Change => "the change as a whole, once",
            Scope::File => "each changed file by itself",
            Scope::Document => "each changed configuration document by itself",
            Scope::Review => "everything that was found, once, after all other rules",
        }
    }

    fn consequence(&self) -> String {
        let rule = self.rule;
        match (rule.status, rule.kind, rule.severity) {
            (Status::Draft | Status::Retired, ..) => "it does not run".to_owned(),
            (Status::Observe, ..) => "it is recorded, and nobody sees it".to_owned(),
            (Status::Advisory, ..) => "it is shown, and nothing is blocked".to_owned(),
            (Status::Enforced, EntryKind::Review, _) => format!("asks for {}; never fails", layer_words(rule.layer)),
            (Status::Enforced, EntryKind::Warn, _) => "it is reported, and never fails".to_owned(),
            (Status::Enforced, _, Severity::Error) => "the change fails".to_owned(),
            (Status::Enforced, ..) => "it is reported; it fails where `fail-on` says so".to_owned(),
        }
    }

    fn place(&self) -> String {
        match self.package.kind {
            SourceKind::Builtin => {
                format!(
                    "policies/{}:{} of portcullis, the built-in pack {}",
                    self.rule.path, self.rule.line, self.package.pack
                )
            }
            SourceKind::Policy | SourceKind::Specification | SourceKind::Import => {
                format!("{}:{}", self.rule.path, self.rule.line)
            }
        }
    }

    fn owner(&self) -> String {
        match self.package.kind {
            SourceKind::Builtin => "whoever owns .portcullis.yaml here".to_owned(),
            SourceKind::Policy | SourceKind::Specification | SourceKind::Import => {
                format!("the owners of {} (CODEOWNERS)", self.rule.path)
            }
        }
    }

    /// Returns the lines of `.portcullis.yaml` that let more through: one step down; none below the last.
    fn lines(&self) -> String {
        let less = match self.rule.status {
            Status::Enforced => "advisory",
            Status::Advisory => "observe",
            Status::Draft | Status::Observe | Status::Retired => return String::new(),
        };
        format!("rules:\n  \"{}\": {{status: {less}}}", self.rule.id)
    }
}

const LOOSENS: &str = "That holds for the whole rule, and merging it is a loosening: it asks for a review of layer 3. Where \
                       base has a specification, one finding is waived by itself in its `waivers/`.";
