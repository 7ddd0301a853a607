//! The baseline: findings that were there before a rule was, by fingerprint.
//!
//! Owns the file: strict JSON, versioned, sorted, one entry a line, so that two branches that shrink it merge. It may
//! only shrink. Only rules with `baseline: allowed` may stand in it. Must not know what fires.

use std::collections::BTreeSet;

use super::Specification;
use super::lock::is_hexadecimal;
use crate::diagnostic::{UsageError, shortened};
use crate::finding::{Finding, RuleId, SourceKind};
use crate::yaml::decode::{Faults, suggestion};
use crate::yaml::{self, Node, Place, Value};

/// The number of the format.
const VERSION: u64 = 1;
const KEYS: &[&str] = &["version", "entries"];
const ENTRY_KEYS: &[&str] = &["rule", "path", "fingerprint"];

/// Found debt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Its entries.
    pub entries: BTreeSet<Entry>,
}

/// One finding that was there before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The rule.
    pub rule: RuleId,
    /// The file, from the root of the repository.
    pub path: String,
    /// The finding's fingerprint.
    pub fingerprint: String,
}

impl Entry {
    /// Returns the entry of a finding of the specification, or none for any other.
    #[must_use]
    pub fn of(finding: &Finding) -> Option<Self> {
        let path = finding.path.as_ref().filter(|_| finding.source.kind == SourceKind::Specification)?;
        Some(Self { rule: finding.rule.clone(), path: path.raw().to_owned(), fingerprint: finding.fingerprint.clone() })
    }
}

impl Baseline {
    /// Reads the bytes of a baseline; `file` is its name as shown to people. With a specification, every entry must be
    /// of a rule that allows it.
    ///
    /// # Errors
    /// All faults at once, in the order of the file.
    pub fn read(bytes: &[u8], file: &str, specification: Option<&Specification>) -> Result<Self, Vec<UsageError>> {
        let mut faults = Faults::of(bytes, file);
        let read = entries(&mut faults, bytes, file, specification);
        if faults.is_empty() { Ok(read) } else { Err(faults.into_errors()) }
    }

    /// Returns the text of the file: sorted, one entry a line, the same bytes for the same entries.
    #[must_use]
    pub fn text(&self) -> String {
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let line = |entry: &Entry| {
            let (rule, path, print) = (json(entry.rule.as_str()), json(&entry.path), json(&entry.fingerprint));
            format!("    {{\"rule\": {rule}, \"path\": {path}, \"fingerprint\": {print}}}")
        };
        let lines: Vec<String> = self.entries.iter().map(line).collect();
        let list = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"entries\": {list}\n}}\n")
    }

    /// Returns the first baseline of a repository: what fires in a full run and may be carried.
    ///
    /// # Errors
    /// When there is a baseline already: it can only shrink, unless somebody begins it `again`.
    pub fn first(
        existing: Option<&Self>,
        findings: &[Finding],
        specification: &Specification,
        again: bool,
    ) -> Result<Self, Vec<UsageError>> {
        if existing.is_some_and(|baseline| !baseline.entries.is_empty()) && !again {
            let title = "there is a baseline, and it can only shrink";
            let help = "`--prune` takes out what is mended; to begin anew, delete the file in a change that its owners approve.";
            return Err(vec![UsageError::new(title, help)]);
        }
        Ok(Self { entries: carried(findings, specification).collect() })
    }

    /// Returns what is left of the baseline when only what still fires in a full run stays, and what goes.
    #[must_use]
    pub fn pruned(&self, findings: &[Finding], specification: &Specification) -> (Self, BTreeSet<Entry>) {
        let fires: BTreeSet<Entry> = carried(findings, specification).collect();
        let (kept, gone) = self.entries.iter().cloned().partition(|entry| fires.contains(entry));
        (Self { entries: kept }, gone)
    }

    /// Returns the entries that `self` has and `before` does not.
    #[must_use]
    pub fn grown<'a>(&'a self, before: &'a Self) -> Vec<&'a Entry> {
        self.entries.difference(&before.entries).collect()
    }
}

/// Returns the entries of findings whose rule may be carried.
fn carried<'a>(findings: &'a [Finding], specification: &'a Specification) -> impl Iterator<Item = Entry> + 'a {
    let allowed = |entry: &Entry| specification.rules.get(&entry.rule).is_some_and(|rule| rule.baseline);
    findings.iter().filter_map(Entry::of).filter(allowed)
}

fn entries(faults: &mut Faults<'_>, bytes: &[u8], file: &str, specification: Option<&Specification>) -> Baseline {
    let mut baseline = Baseline::default();
    // The reader with places reads a superset of JSON: what is no JSON is refused first.
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        faults.add(place_of(bytes, &error), "this is not JSON", "here", format!("The reader says: {error}."));
        return baseline;
    }
    let root = match yaml::tree(bytes, file) {
        Ok(root) => root,
        Err(fault) => {
            faults.stop(fault);
            return baseline;
        }
    };
    let (mut version, mut list) = (None, None);
    for (key, value) in faults.map(&root, "baseline") {
        match key.value.as_str() {
            "version" => version = faults.positive(value, "version"),
            "entries" => list = Some(value),
            _ => faults.unknown_key(key, KEYS, ""),
        }
    }
    if version != Some(VERSION) && faults.is_empty() {
        faults.add(root.place, format!("`version` must be {VERSION}"), "here", "Write it anew with `spec baseline`.");
    }
    let Some(list) = list else {
        faults.add(root.place, "the key `entries` is missing", "here", "Write `\"entries\": []`.");
        return baseline;
    };
    for node in faults.list(list, "entries") {
        let Some(entry) = entry(faults, node, specification) else { continue };
        if !baseline.entries.insert(entry) {
            faults.add(node.place, "the same entry stands twice", "a second time", "Keep one of the two.");
        }
    }
    baseline
}

fn entry(faults: &mut Faults<'_>, node: &Node, specification: Option<&Specification>) -> Option<Entry> {
    let (mut rule, mut path, mut fingerprint) = (None, None, None);
    for (key, value) in faults.map(node, "entries") {
        match key.value.as_str() {
            "rule" => rule = faults.text(value, "rule").map(|text| (text, value.place)),
            "path" => path = faults.text(value, "path"),
            "fingerprint" => fingerprint = faults.text(value, "fingerprint").map(|text| (text, value.place)),
            _ => faults.unknown_key(key, ENTRY_KEYS, "entries"),
        }
    }
    let (Some((rule, place)), Some(path), Some((fingerprint, print))) = (rule, path, fingerprint) else {
        if matches!(node.value, Value::Map(_)) {
            let help = "Each entry has `rule`, `path` and `fingerprint`.";
            faults.add(node.place, "the entry is not complete", "something is missing", help);
        }
        return None;
    };
    if !is_hexadecimal(&fingerprint, &[32]) {
        faults.add(
            print,
            "this is no fingerprint",
            "32 hexadecimal digits wanted",
            "`portcullis spec baseline` writes them.",
        );
    }
    let id = match RuleId::new(rule.clone()) {
        Ok(id) => id,
        Err(why) => {
            faults.add(place, "this is no id of a rule", "here", why);
            return None;
        }
    };
    if let Some(specification) = specification {
        allowed(faults, &id, place, specification);
    }
    Some(Entry { rule: id, path, fingerprint })
}

/// A rule without `baseline: allowed` gates everything that it finds.
fn allowed(faults: &mut Faults<'_>, id: &RuleId, place: Place, specification: &Specification) {
    match specification.rules.get(id) {
        None => {
            let title = format!("the specification has no rule `{}`", shortened(id.as_str()));
            let help = suggestion(id.as_str(), specification.rules.keys().map(RuleId::as_str));
            faults.add(place, title, "unknown rule", help);
        }
        Some(rule) if !rule.baseline => {
            let title = format!("`{id}` may not be carried as old debt");
            let help = "Take the entry out, or have the rule say `baseline: allowed`.";
            faults.add(place, title, "not allowed by the rule", help);
        }
        Some(_) => {}
    }
}

fn place_of(bytes: &[u8], error: &serde_json::Error) -> Place {
    let text = String::from_utf8_lossy(bytes);
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    Place::of(&text, (before + error.column().saturating_sub(1)).min(text.len()), 1)
}

#[cfg(test)]
mod tests;
