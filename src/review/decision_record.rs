//! The decision record that a change of the architecture must cite.
//!
//! Owns what counts as citing one: `ADR-<number>` in a commit message, in the title or text of the request, or a decision
//! file that the change adds or edits. Where the specification has decisions, a number that neither it nor the change
//! holds does not count. Whether the record says the right thing is for the people who review.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::state::ForgeFacts;
use super::{DECISION_RECORD, Requirement, ReviewRequest};
use crate::change::FileStatus;
use crate::finding::RuleId;
use crate::policies::input::InputDocument;
use crate::specification::Specification;
use crate::specification::decision::record_number;
use crate::untrusted::Untrusted;

/// How many ids a reason names before it counts the rest.
const NAMED: usize = 5;

#[expect(clippy::expect_used, reason = "the pattern is compiled in, and tests use it")]
static CITED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)ADR-([0-9]{1,9})(?-u:\b)").expect("the pattern is well formed"));

/// What the change cites, and what there is to cite. Numbers have no leading zeros: `ADR-7` is `ADR-0007`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Numbers cited in texts.
    pub cited: BTreeSet<u32>,
    /// Numbers of decision files that the change adds or edits.
    pub changed: BTreeSet<u32>,
    /// Numbers of the specification's decisions, or none where it has none.
    pub known: Option<BTreeSet<u32>>,
}

impl Records {
    /// Returns what a change cites. `folder` is the specification's in this repository, or empty where it lies elsewhere.
    #[must_use]
    pub fn of(input: &InputDocument, forge: &ForgeFacts, specification: &Specification) -> Self {
        let commits = input.change.commits.iter().flat_map(|commit| [commit.subject.as_str(), commit.body.as_str()]);
        let pull = forge.obtained().map(|state| [state.title.as_str(), state.body.as_str()]);
        let own = [input.change.title.as_str(), input.change.body.as_str()];
        let texts = commits.chain(pull.into_iter().flatten()).chain(own);
        let added = input.files.iter().filter(|file| file.status != FileStatus::Deleted && file.kind == "file");
        let decisions = specification.decisions.keys();
        let known: BTreeSet<u32> = decisions.flat_map(|id| numbers(id)).collect();
        Self {
            cited: texts.flat_map(numbers).collect(),
            changed: added.filter_map(|file| record_number(&file.path, &specification.folder)).collect(),
            known: (!known.is_empty()).then_some(known),
        }
    }

    /// Returns the numbers that count.
    fn counted(&self) -> BTreeSet<u32> {
        let there = |number: &&u32| match &self.known {
            Some(known) => known.contains(number) || self.changed.contains(number),
            None => true,
        };
        self.cited.iter().filter(there).chain(&self.changed).copied().collect()
    }

    /// Returns the requirement that `requests`, which all want a record, add up to.
    pub(super) fn requirement(&self, requests: &[&ReviewRequest]) -> Requirement {
        let counted = self.counted();
        let rules: BTreeSet<&RuleId> = requests.iter().map(|request| &request.rule).collect();
        let reasons: BTreeSet<String> =
            requests.iter().map(|request| request.reason.raw().replace(['\r', '\n'], " ")).collect();
        let mut lines = vec![self.found(&counted)];
        lines.extend(reasons);
        Requirement {
            id: DECISION_RECORD.to_owned(),
            layer: 3,
            reason: Untrusted::new(lines.join("\n")),
            rules: rules.into_iter().cloned().collect(),
            met: !counted.is_empty(),
            ..Requirement::default()
        }
    }

    /// Says what was found, and what was cited in vain.
    fn found(&self, counted: &BTreeSet<u32>) -> String {
        let vain: BTreeSet<u32> = self.cited.difference(counted).copied().collect();
        let lead = match counted.is_empty() {
            true => {
                "none is cited yet: write ADR-<number> in a commit message or in the text of the request".to_owned()
            }
            false => format!("cites {}", named(counted)),
        };
        if vain.is_empty() {
            return lead;
        }
        let verb = if vain.len() == 1 { "is no decision" } else { "are no decisions" };
        format!("{lead}; {} {verb} of the specification", named(&vain))
    }
}

fn named(ids: &BTreeSet<u32>) -> String {
    let shown: Vec<String> = ids.iter().take(NAMED).map(|id| format!("ADR-{id:04}")).collect();
    let shown = shown.join(", ");
    match ids.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

/// Returns the numbers of the records that a text names.
fn numbers(text: &str) -> Vec<u32> {
    let found = CITED.captures_iter(text).filter_map(|found| found.get(1)?.as_str().parse().ok());
    found.collect()
}

#[cfg(test)]
mod tests;
