//! A replay as comma-separated values (RFC 4180): one row a rule, for a spreadsheet.
//!
//! No text of the repository is in it: rule ids, words and numbers need no escaping, and no cell can be a formula.

use std::fmt::Write as _;

use super::{Report, Tally};

/// Returns the whole table, with a row of names.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut text = String::from("rule,severity,status,findings,changes,of_changes,share_percent,package_ms,newest\r\n");
    for tally in &report.rules {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{}\r\n", row(tally, report.changes));
    }
    text
}

fn row(tally: &Tally, of: u32) -> String {
    let newest = tally.newest.first().map(|example| example.past.commit.as_str()).unwrap_or_default();
    let status = if tally.needs_forge { "needs-forge" } else { tally.status.word() };
    format!(
        "{},{},{status},{},{},{of},{:.1},{},{newest}",
        tally.rule,
        tally.severity.word(),
        tally.fired,
        tally.changes,
        tally.share,
        tally.package_ms
    )
}
