//! Findings of the baseline -> old debt, which leaves the list and is counted; entries that are mended -> findings.
//!
//! Owns what counts as old debt. The baseline is base's. Must not grow it.

use std::collections::BTreeSet;

use super::waivers::{Ground, gone_at, rule_id};
use crate::diagnostic::shortened;
use crate::finding::draft::{Draft, Judged, fingerprinted};
use crate::finding::{Finding, Position, Severity, Source, SourceKind, Status};
use crate::specification::baseline::{Baseline, Entry};
use crate::untrusted::Untrusted;

/// What is left without old debt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settled {
    /// The findings that are no old debt, and those about the baseline, in the order of every list of findings.
    pub judged: Vec<Judged>,
    /// How many findings were old debt.
    pub carried: u32,
}

/// Takes the findings of the baseline out of the list, and reports entries that this run knows to be mended.
///
/// `file` is the baseline's own path, for reports.
#[must_use]
pub fn settle(judged: Vec<Judged>, baseline: &Baseline, file: &str, ground: &Ground<'_>) -> Settled {
    let (old, mut left): (Vec<Judged>, Vec<Judged>) =
        judged.into_iter().partition(|one| is_carried(&one.finding, baseline, ground));
    let fires: BTreeSet<&str> = old.iter().chain(&left).map(|one| one.finding.fingerprint.as_str()).collect();
    let mended = |entry: &&Entry| {
        !fires.contains(entry.fingerprint.as_str())
            && gone_at(entry.rule.as_str(), &entry.path, &entry.fingerprint, ground)
    };
    let drafts: Vec<Draft> = baseline.entries.iter().filter(mended).map(|entry| stale(entry, file)).collect();
    let carried = u32::try_from(old.len()).unwrap_or(u32::MAX);
    left.extend(fingerprinted(drafts));
    left.sort_by_cached_key(|one| one.finding.order());
    Settled { judged: left, carried }
}

/// A finding is old debt when its rule may be carried, and it and all like it in the file stand in the baseline.
fn is_carried(finding: &Finding, baseline: &Baseline, ground: &Ground<'_>) -> bool {
    let Some(entry) = Entry::of(finding) else { return false };
    if !ground.specification.rules.get(&entry.rule).is_some_and(|rule| rule.baseline) {
        return false;
    }
    let renamed = ground.files.iter().find(|file| file.path == entry.path && file.old_path != file.path);
    let paths = [Some(entry.path.clone()), renamed.map(|file| file.old_path.clone())];
    let held = |print: &str| {
        paths.iter().flatten().any(|path| {
            let entry = Entry { path: path.clone(), fingerprint: print.to_owned(), rule: entry.rule.clone() };
            baseline.entries.contains(&entry)
        })
    };
    match ground.standing {
        None => held(&entry.fingerprint),
        Some(standing) => standing.all_accepted(&entry.fingerprint, held),
    }
}

fn stale(entry: &Entry, file: &str) -> Draft {
    let top = Position { line: 1, column: 1 };
    let message =
        format!("base's baseline still carries a finding of {} here that is mended", shortened(entry.rule.as_str()));
    let finding = Finding {
        rule: rule_id("baseline", "stale"),
        title: "The baseline only shrinks".into(),
        message: Untrusted::new(message),
        severity: Severity::Warning,
        status: Status::Advisory,
        path: Some(Untrusted::new(entry.path.clone())),
        start: Some(top),
        end: Some(top),
        fix: "Take the entry out, unless this change does: `portcullis spec baseline --prune`.".into(),
        rationale: "An entry that covers nothing lets the same violation come back unseen.".into(),
        source: Source { kind: SourceKind::Builtin, path: Untrusted::new(file), line: 1 },
        owner: Untrusted::default(),
        links: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: std::collections::BTreeMap::new(),
        waived_by: None,
    };
    let judged = Judged { finding, gates: true };
    Draft { judged, fingerprint_path: entry.path.clone(), anchor: format!("{} {}", entry.rule, entry.fingerprint) }
}
