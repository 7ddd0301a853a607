//! Results of other tools -> findings.
//!
//! Owns what of a result becomes title, place, status and identity. A tool's own fingerprint identifies a finding only
//! where no text of ours does. Must not weigh a finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::configuration::Configuration;
use crate::finding::draft::{Draft, Judged, Spot, Texts};
use crate::finding::{Finding, RuleId, Source, SourceKind};
use crate::policies::input::{FileEntry, ImportEntry, ImportKind, ImportResult, InputDocument};
use crate::untrusted::Untrusted;

/// Returns the findings of other tools, fingerprints still to come; what several files say in one way counts once.
#[must_use]
pub fn drafts(input: &InputDocument, configuration: &Configuration, texts: &Texts<'_>) -> Vec<Draft> {
    let files: BTreeMap<&str, &FileEntry> = input.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut read: BTreeMap<&str, Option<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut drafts = Vec::new();
    for entry in &input.imports {
        for result in entry.results.iter().filter(|result| seen.insert(*result)) {
            let text = read.entry(result.path.as_str()).or_insert_with(|| texts(&result.path)).as_deref();
            let file = files.get(result.path.as_str()).copied();
            drafts.extend(draft(entry, result, configuration, file, text));
        }
    }
    drafts
}

fn draft(
    entry: &ImportEntry,
    result: &ImportResult,
    configuration: &Configuration,
    file: Option<&FileEntry>,
    text: Option<&str>,
) -> Option<Draft> {
    let rule = RuleId::new(result.rule.as_str()).ok()?;
    let told = configuration.rules.get(&rule);
    let status = told.and_then(|told| told.status);
    let status = status.unwrap_or_else(|| configuration.imports.status(&entry.tool, result.severity));
    if !status.runs() {
        return None;
    }
    let lines = (result.line, result.column, result.end_line, result.end_column);
    let spot = file.map(|_| Spot::of(lines, text));
    let snippet = spot.as_ref().map(|spot| spot.snippet.as_str()).unwrap_or_default();
    // A test has a name; anything else is known by its text, as our own findings are.
    let named = snippet.is_empty() || entry.kind == ImportKind::Junit;
    let anchor = if named { result.subject.as_str() } else { snippet };
    let pure_rename = file.filter(|file| file.path != file.old_path && file.added + file.removed == 0);
    let finding = Finding {
        rule,
        title: Untrusted::new(result.title.as_str()),
        message: Untrusted::new(result.message.as_str()),
        severity: told.and_then(|told| told.severity).unwrap_or(result.severity),
        status,
        path: spot.as_ref().map(|_| Untrusted::new(result.path.as_str())),
        start: spot.as_ref().map(|spot| spot.start),
        end: spot.as_ref().map(|spot| spot.end),
        fix: Untrusted::new(result.fix.as_str()),
        rationale: Untrusted::new(result.rationale.as_str()),
        source: Source { kind: SourceKind::Import, path: Untrusted::new(entry.file.as_str()), line: 1 },
        owner: Untrusted::default(),
        links: result.links.iter().map(|link| Untrusted::new(link.as_str())).collect(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    };
    Some(Draft {
        judged: Judged { finding, gates: true },
        fingerprint_path: pure_rename.map_or_else(|| result.path.clone(), |file| file.old_path.clone()),
        anchor: anchor.to_owned(),
    })
}
