//! Which findings are shown, which are only counted, and how many of each there are.

use std::collections::BTreeSet;

use crate::finding::{Finding, Severity, Status};
use crate::outcome::Outcome;

/// The findings of an outcome, sorted into what a reader must see and what he must only know of.
#[derive(Debug)]
pub(in crate::reports) struct Tally<'a> {
    /// Findings of enforced and advisory rules that no waiver silences, worst first, those of one file together.
    pub(in crate::reports) shown: Vec<&'a Finding>,
    /// How many are covered by an `exception` of their policy.
    pub(in crate::reports) excepted: usize,
    /// How many are waived.
    pub(in crate::reports) waived: usize,
    /// How many come from observed rules.
    pub(in crate::reports) observed: usize,
}

impl<'a> Tally<'a> {
    /// Sorts the findings of an outcome.
    pub(in crate::reports) fn of(outcome: &'a Outcome) -> Self {
        let findings = &outcome.document.findings;
        let excepted = findings.iter().filter(|finding| finding.is_excepted()).count();
        let waived = findings.iter().filter(|finding| finding.waived_by.is_some()).count() - excepted;
        let open = || findings.iter().filter(|finding| finding.waived_by.is_none());
        let mut shown: Vec<&Finding> = open().filter(|finding| finding.status >= Status::Advisory).collect();
        let observed = open().count() - shown.len();
        shown.sort_by_cached_key(|finding| finding.order());
        Self { shown: by_file(&shown), excepted, waived, observed }
    }

    /// Returns how many enforced findings of that severity are shown.
    pub(in crate::reports) fn enforced(&self, severity: Severity) -> usize {
        self.shown.iter().filter(|f| f.status == Status::Enforced && f.severity == severity).count()
    }

    /// Returns how many advisory findings are shown.
    pub(in crate::reports) fn advisory(&self) -> usize {
        self.shown.iter().filter(|f| f.status == Status::Advisory).count()
    }

    /// Returns in how many files enforced errors are.
    pub(in crate::reports) fn files_with_errors(&self) -> usize {
        let errors = self.shown.iter().filter(|f| f.status == Status::Enforced && f.severity == Severity::Error);
        errors.filter_map(|f| f.path.as_ref()).collect::<BTreeSet<_>>().len()
    }
}

/// Returns the findings with those of one file together, files in the order of their worst finding.
fn by_file<'a>(worst_first: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut files = Vec::new();
    let mut ranks = std::collections::BTreeMap::new();
    for finding in worst_first {
        let rank = *ranks.entry(&finding.path).or_insert_with(|| {
            files.push(Vec::new());
            files.len() - 1
        });
        if let Some(file) = files.get_mut(rank) {
            file.push(*finding);
        }
    }
    files.into_iter().flatten().collect()
}
