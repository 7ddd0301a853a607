//! Answers -> counts by rule, and what differs between two sets of rules.

use std::collections::{BTreeMap, BTreeSet};

use super::{Against, Answer, Difference, Example, Hit, Past, Report, SCHEMA, Tally, Turned, Undecided};
use crate::finding::{RuleId, Status};
use crate::policies::Loaded;
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

/// A set of rules and its answers, one a change, newest first.
pub struct Ruled<'a> {
    /// The rules as loaded.
    pub loaded: &'a Loaded,
    /// Their digest.
    pub digest: &'a str,
    /// Where they were read.
    pub revision: &'a str,
    /// The answers.
    pub answers: Vec<Answer>,
    /// Microseconds by package.
    pub micros: BTreeMap<String, u64>,
}

/// Adds up what a set of rules says about changes, newest first, and what another one says differently.
///
/// Keeps at most `examples` of each rule.
#[must_use]
pub fn report(tool: &str, changes: &[Past], ruled: &Ruled<'_>, other: Option<&Ruled<'_>>, examples: usize) -> Report {
    let pairs: Vec<(&Past, &Answer)> = changes.iter().zip(&ruled.answers).collect();
    let unjudged = pairs.iter().filter(|(_, answer)| answer.verdict == Verdict::Undecided);
    Report {
        schema: SCHEMA.to_owned(),
        tool: tool.to_owned(),
        policies_digest: ruled.digest.to_owned(),
        changes: size(changes.len()),
        newest: changes.first().cloned(),
        oldest: changes.last().cloned(),
        verdicts: verdicts(&ruled.answers),
        rules: tallies(&pairs, ruled, examples),
        undecided: unjudged
            .map(|(past, answer)| Undecided { past: (*past).clone(), reasons: answer.reasons.clone() })
            .collect(),
        against: other.map(|other| against(changes, ruled, other, examples)),
    }
}

fn verdicts(answers: &[Answer]) -> BTreeMap<String, u32> {
    let all = [Verdict::Pass, Verdict::Review, Verdict::Fail, Verdict::Undecided];
    let count = |verdict: &Verdict| answers.iter().filter(|answer| answer.verdict == *verdict).count();
    all.iter().map(|verdict| (verdict.word().to_owned(), size(count(verdict)))).collect()
}

fn tallies(pairs: &[(&Past, &Answer)], ruled: &Ruled<'_>, examples: usize) -> Vec<Tally> {
    let mut rows: BTreeMap<RuleId, Tally> = BTreeMap::new();
    for package in &ruled.loaded.packages {
        for rule in package.rules.iter().filter(|rule| rule.status.runs()) {
            rows.entry(rule.id.clone()).or_insert_with(|| Tally {
                rule: rule.id.clone(),
                severity: rule.severity,
                status: rule.status,
                needs_forge: !rule.forge_inputs.is_empty(),
                fired: 0,
                changes: 0,
                share: 0.0,
                package_ms: ruled.micros.get(&package.name).copied().unwrap_or_default() / 1_000,
                newest: Vec::new(),
            });
        }
    }
    for (past, answer) in pairs {
        let mut seen = BTreeSet::new();
        for hit in &answer.hits {
            // What the gate itself says, such as a requirement without a rule of these packs, has no row.
            let Some(row) = rows.get_mut(&hit.rule) else { continue };
            row.fired = row.fired.saturating_add(1);
            if seen.insert(&hit.rule) {
                row.changes = row.changes.saturating_add(1);
                // One example a change says more than three of one change.
                if row.newest.len() < examples {
                    row.newest.push(example(past, hit));
                }
            }
        }
    }
    let mut rows: Vec<Tally> = rows.into_values().collect();
    for row in &mut rows {
        row.share = share(row.changes, pairs.len());
    }
    rows.sort_by(|a, b| (b.changes, b.fired, &a.rule).cmp(&(a.changes, a.fired, &b.rule)));
    rows
}

/// Returns a share in percent, to a tenth.
fn share(part: u32, whole: usize) -> f64 {
    let whole = whole.max(1) as u64;
    let tenths = (u64::from(part) * 1_000 + whole / 2) / whole;
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}

fn against(changes: &[Past], ruled: &Ruled<'_>, other: &Ruled<'_>, examples: usize) -> Against {
    let sides = || changes.iter().zip(other.answers.iter().zip(&ruled.answers));
    let turned = sides().filter(|(_, (before, now))| before.verdict != now.verdict);
    let mut rows: BTreeMap<RuleId, Difference> = BTreeMap::new();
    for (past, (before, now)) in sides() {
        for hit in &before.hits {
            row(&mut rows, hit).before += 1;
        }
        for hit in &now.hits {
            row(&mut rows, hit).now += 1;
        }
        for hit in only(&now.hits, &before.hits) {
            let row = row(&mut rows, hit);
            row.appeared += 1;
            keep(&mut row.newest_appeared, examples, past, hit);
        }
        for hit in only(&before.hits, &now.hits) {
            let row = row(&mut rows, hit);
            row.vanished += 1;
            keep(&mut row.newest_vanished, examples, past, hit);
        }
    }
    Against {
        revision: Untrusted::new(other.revision),
        policies_digest: other.digest.to_owned(),
        verdicts: verdicts(&other.answers),
        turned: turned
            .map(|(past, (before, now))| Turned { past: past.clone(), before: before.verdict, now: now.verdict })
            .collect(),
        rules: rows.into_values().filter(|row| row.appeared + row.vanished > 0).collect(),
    }
}

fn row<'r>(rows: &'r mut BTreeMap<RuleId, Difference>, hit: &Hit) -> &'r mut Difference {
    rows.entry(hit.rule.clone()).or_insert_with(|| Difference {
        rule: hit.rule.clone(),
        before: 0,
        now: 0,
        appeared: 0,
        vanished: 0,
        newest_appeared: Vec::new(),
        newest_vanished: Vec::new(),
    })
}

/// Returns the hits of `these` whose rule and identity `those` do not have.
fn only<'h>(these: &'h [Hit], those: &[Hit]) -> Vec<&'h Hit> {
    let known: BTreeSet<(&RuleId, &str)> = those.iter().map(|hit| (&hit.rule, hit.identity.as_str())).collect();
    these.iter().filter(|hit| !known.contains(&(&hit.rule, hit.identity.as_str()))).collect()
}

fn keep(kept: &mut Vec<Example>, examples: usize, past: &Past, hit: &Hit) {
    if kept.len() < examples {
        kept.push(example(past, hit));
    }
}

fn example(past: &Past, hit: &Hit) -> Example {
    Example { past: past.clone(), path: hit.path.clone(), line: hit.line, message: hit.message.clone() }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Tally {
    /// Says whether the rule could fire at all.
    #[must_use]
    pub fn ran(&self) -> bool {
        self.status >= Status::Observe && !self.needs_forge
    }
}
