//! `conftest.toml` -> the lines of our configuration that mean the same.
//!
//! Owns which key becomes what, and what is said about the rest.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use crate::diagnostic::UsageError;
use crate::error::Error;

/// Keys that say how results are shown, which plays no part here.
const SHOWN: &[&str] =
    &["no-color", "no-fail", "output", "quiet", "suppress-exceptions", "trace", "junit-hide-message"];

/// What a Conftest folder says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Folders or files of policies, from the folder.
    pub(super) policy: Vec<String>,
    /// Folders or files of data, from the folder.
    pub(super) data: Vec<String>,
    /// Packages that decide; empty means `main` and below.
    pub(super) namespaces: Vec<String>,
    /// All documents in one input.
    pub(super) combine: bool,
    /// Rego of before version 1.
    pub(super) v0: bool,
    /// What has no counterpart.
    pub(super) notes: Vec<String>,
}

impl Settings {
    /// Reads the settings of a folder; without a file they follow from what is there.
    pub(super) fn of(folder: &Path) -> Result<Self, Error> {
        if !folder.is_dir() {
            return Err(UsageError::new(
                format!("{} is no folder", folder.display()),
                "Name the folder with conftest.toml, or the one with the .rego files.",
            )
            .into());
        }
        let file = folder.join("conftest.toml");
        let mut settings = match std::fs::read_to_string(&file) {
            Ok(text) => Self::read(&text).map_err(|why| {
                UsageError::new(format!("{}: {why}", file.display()), "Mend the file: it must be TOML.")
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => {
                return Err(UsageError::new(
                    format!("{}: {error}", file.display()),
                    "Make the file readable, or move it away.",
                )
                .into());
            }
        };
        if settings.policy.is_empty() {
            let usual = if folder.join("policy").is_dir() { "policy" } else { "." };
            settings.policy.push(usual.to_owned());
        }
        Ok(settings)
    }

    fn read(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut settings = Self::default();
        for (key, value) in &table {
            settings.take(key, value);
        }
        Ok(settings)
    }

    fn take(&mut self, key: &str, value: &Value) {
        let truth = value.as_bool().unwrap_or(false);
        match key {
            "policy" => self.policy = list(value),
            "data" => self.data = list(value),
            "namespace" => self.namespaces = list(value),
            "all-namespaces" if truth => self.namespaces = vec!["*".to_owned()],
            "combine" => self.combine = truth,
            "fail-on-warn" if truth => self.note(key, "`warn` never gates here; name those rules `deny`"),
            "rego-version" => self.v0 = value.as_str().is_some_and(|version| version.eq_ignore_ascii_case("v0")),
            "ignore" => self.note(key, "say which documents are looked at with `files: [...]` in the entry"),
            "parser" => self.note(key, "a document is read as its name says"),
            "update" => self.note(key, "policies are read from the base branch; commit them"),
            "capabilities" => self.note(key, "only pure builtins are offered, whatever a file says"),
            "strict" => self.note(key, "the checker looks for other things than OPA's strict mode"),
            "all-namespaces" | "fail-on-warn" | "show-builtin-errors" => {}
            _ if SHOWN.contains(&key) => {}
            _ => self.note(key, "it has no counterpart here"),
        }
    }

    fn note(&mut self, key: &str, what: &str) {
        self.notes.push(format!("conftest.toml: `{key}`: {what}"));
    }

    /// Returns the lines for `.portcullis.yaml`.
    pub(super) fn entry(&self, into: &str, data: &BTreeSet<String>, v0: bool) -> String {
        let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
        let mut lines = vec!["policies:".to_owned(), format!("  - path: {into}"), "    scope: document".to_owned()];
        if !self.namespaces.is_empty() {
            lines.push(format!(
                "    namespaces: [{}]",
                self.namespaces.iter().map(quoted).collect::<Vec<_>>().join(", ")
            ));
        }
        if v0 {
            lines.push("    rego: v0".to_owned());
        }
        if !data.is_empty() {
            lines.push(format!("    data: [{}]", data.iter().map(quoted).collect::<Vec<_>>().join(", ")));
        }
        if self.combine {
            lines.push("    combine: true".to_owned());
        }
        lines.join("\n")
    }
}

/// Returns the texts of a list, or the only one.
fn list(value: &Value) -> Vec<String> {
    let plain = |text: &str| text.trim_start_matches("./").trim_end_matches('/').to_owned();
    match value {
        Value::String(text) => vec![plain(text)],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(plain).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Settings;

    #[test]
    fn every_key_becomes_a_line_or_a_note() {
        let text = "policy = [\"./policy/\", \"more\"]\ndata = \"data\"\nnamespace = [\"main\", \"k8s.*\"]\ncombine = true\n\
                    rego-version = \"v0\"\nfail-on-warn = true\nparser = \"yaml\"\nupdate = \"git::x\"\nno-color = true\nodd = 1\n";
        let settings = Settings::read(text).unwrap();
        assert_eq!(
            (&settings.policy, &settings.data),
            (&vec!["policy".to_owned(), "more".to_owned()], &vec!["data".to_owned()])
        );
        let entry = settings.entry("policies/a", &BTreeSet::from(["policies/a-data".to_owned()]), true);
        let lines = "policies:\n  - path: policies/a\n    scope: document\n    namespaces: [\"main\", \"k8s.*\"]\n    rego: v0\n    \
                     data: [\"policies/a-data\"]\n    combine: true";
        assert_eq!(entry, lines);
        let named: Vec<&str> = settings.notes.iter().filter_map(|note| note.split('`').nth(1)).collect();
        assert_eq!(named, ["fail-on-warn", "odd", "parser", "update"]);
        assert!(Settings::read("policy = [").is_err());
    }

    #[test]
    fn the_entry_is_a_configuration() {
        let settings = Settings { namespaces: vec!["*".to_owned()], combine: true, ..Settings::default() };
        let text = format!("version: 1\n{}\n", settings.entry("policies/a", &BTreeSet::new(), false));
        let read = crate::configuration::Configuration::read(text.as_bytes(), ".portcullis.yaml", &[]).unwrap();
        assert!(read.policies[0].combine && read.policies[0].namespaces == ["*"]);
    }
}
