//! As many results as GitHub keeps, and no file that it refuses for its size.
//!
//! GitHub takes ten megabytes of compressed JSON. Nothing is compressed here: a file whose bytes, without the blanks that
//! indent it, stay below that is below it compressed as well, whatever its texts are.

use std::collections::BTreeMap;

use super::model::{Result as SarifResult, Rule};
use super::{result, rule};
use crate::finding::{Finding, RuleId};
use crate::outcome::Outcome;
use crate::untrusted::write_json;

/// GitHub keeps so many results of one run.
const RESULTS: usize = 5_000;
/// Results and rules take no more bytes together; the rest of ten million is for everything else.
const BYTES: usize = 8_000_000;

/// What is written, rules sorted by id.
pub(super) struct Fitted {
    pub(super) results: Vec<SarifResult>,
    pub(super) rules: Vec<Rule>,
}

/// Returns the first of `findings`, which are sorted, and their rules.
pub(super) fn fitted(findings: &[&Finding], outcome: &Outcome) -> Fitted {
    let mut rules: BTreeMap<&RuleId, Rule> = BTreeMap::new();
    let mut results = Vec::new();
    let mut bytes = 0;
    for finding in findings.iter().take(RESULTS) {
        let result = result(finding);
        let rule = (!rules.contains_key(&finding.rule)).then(|| rule::of(finding, outcome));
        bytes += size(&result) + rule.as_ref().map_or(0, size);
        if bytes > BYTES {
            break;
        }
        results.push(result);
        if let Some(rule) = rule {
            rules.insert(&finding.rule, rule);
        }
    }
    let rows: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
    for result in &mut results {
        result.rule_index = rows.get(result.rule_id.as_str()).copied().unwrap_or_default();
    }
    Fitted { results, rules: rules.into_values().collect() }
}

/// Returns how many bytes a part takes, its lines without their indent but with room for their ends.
fn size<T: serde::Serialize>(part: &T) -> usize {
    let mut bytes = Vec::new();
    // Writing into memory does not fail; what could not be written would take nothing.
    let _ = write_json(part, &mut bytes);
    bytes.split(|byte| *byte == b'\n').map(|line| line.trim_ascii_start().len() + 4).sum()
}
