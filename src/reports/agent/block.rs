//! One block: a headline of ours, then quoted lines.

use std::collections::BTreeSet;

use crate::completeness::Reason;
use crate::finding::{Finding, RuleId, Severity, Status};
use crate::outcome::Outcome;
use crate::reports::layout::text::clip;
use crate::reports::layout::words;
use crate::review::Requirement;
use crate::untrusted::{log_line, terminal, terminal_lines};

/// No line of a block takes more characters than this.
const LINE: usize = 400;
/// No place takes more characters than this.
const PLACE: usize = 300;
/// So many lines of one text are quoted.
const LINES: usize = 12;
/// So many other places of one finding are named.
const RELATED: usize = 10;

/// A block, whole and only named. Its first line waits for the number.
pub(super) struct Block {
    pub(super) full: String,
    pub(super) short: String,
}

/// Says whether a finding can fail the change where nothing else is configured.
pub(super) fn is_severe(finding: &Finding) -> bool {
    finding.status == Status::Enforced && finding.severity == Severity::Error
}

impl Block {
    /// Puts the number before both forms.
    pub(super) fn number(&mut self, number: usize) {
        self.full.insert_str(0, &format!("[{number}] "));
        self.short.insert_str(0, &format!("[{number}] "));
    }

    fn of(headline: &str, rows: &[(&str, String)]) -> Self {
        let headline = log_line(headline);
        let mut full = format!("{headline}\n");
        for (label, text) in rows {
            quote(label, text, &mut full);
        }
        full.push('\n');
        let mut short = format!("{headline}\n");
        if let Some((label, text)) = rows.first() {
            let first = clip(text.lines().next().unwrap_or_default(), LINE / 2);
            quote(label, &first, &mut short);
        }
        Self { full, short }
    }

    /// A finding: place, rule, what is wrong, fix; an example the first time that the rule is named.
    pub(super) fn of_finding<'f>(
        finding: &'f Finding,
        outcome: &'f Outcome,
        explained: &mut BTreeSet<&'f RuleId>,
    ) -> Self {
        let advisory = if finding.status == Status::Advisory { "advisory " } else { "" };
        let headline = format!("{advisory}{} {}", finding.severity.word(), finding.rule);
        let place = words::place(finding);
        let place = if place.is_empty() { "the whole change".to_owned() } else { place };
        let mut rows = vec![("at", clip(&place, PLACE)), ("wrong", finding.message.raw().to_owned())];
        rows.extend(code(finding, outcome).map(|line| ("code", line)));
        for also in finding.related.iter().take(RELATED) {
            rows.push(("and", format!("{}:{} {}", terminal(also.path.raw()), also.line, also.message.raw())));
        }
        rows.push(("fix", finding.fix.raw().to_owned()));
        if explained.insert(&finding.rule) {
            rows.push(("why", finding.rationale.raw().to_owned()));
            if let Some(note) = outcome.rules.get(&finding.rule) {
                rows.push(("bad", note.bad.raw().to_owned()));
                rows.push(("good", note.good.raw().to_owned()));
            }
        }
        Self::of(&headline, &rows)
    }

    /// Something that could not be checked.
    pub(super) fn of_reason(reason: &Reason) -> Self {
        let headline = format!("undecided {}", clip(&terminal(&reason.code), PLACE));
        let rows = [
            ("wrong", reason.message.raw().to_owned()),
            ("at", clip(&terminal(reason.path.raw()), PLACE)),
            ("do", reason.remedy.raw().to_owned()),
        ];
        Self::of(&headline, &rows)
    }

    /// People who must approve.
    pub(super) fn of_requirement(requirement: &Requirement) -> Self {
        let headline = format!("review {}", words::layer(requirement.layer));
        let rules: Vec<&str> = requirement.rules.iter().map(RuleId::as_str).collect();
        let rows = [
            ("ask", words::who(requirement)),
            ("why", requirement.reason.raw().to_owned()),
            ("rules", rules.join(", ")),
        ];
        Self::of(&headline, &rows)
    }
}

/// Adds the lines of `text` behind a label; nothing where there are none.
fn quote(label: &str, text: &str, into: &mut String) {
    let lines = terminal_lines(text.trim_end());
    for (at, line) in lines.iter().take(LINES).enumerate() {
        let label = if at == 0 { label } else { "" };
        into.push_str(log_line(&format!("  {label:<5} | {}", clip(line, LINE))).trim_end());
        into.push('\n');
    }
    if lines.len() > LINES {
        into.push_str(&format!("  ({} more lines)\n", lines.len() - LINES));
    }
}

/// Returns the line of the file at which the finding starts.
fn code(finding: &Finding, outcome: &Outcome) -> Option<String> {
    let start = finding.start.filter(|_| !words::is_whole_file(finding))?;
    let text = outcome.texts.get(finding.path.as_ref()?.raw())?;
    let line = text.lines().nth(usize::try_from(start.line.checked_sub(1)?).ok()?)?;
    // A line of a minified file is shown from where the finding starts.
    let column = usize::try_from(start.column.saturating_sub(1)).ok()?;
    let skipped = if column > LINE / 2 { column } else { 0 };
    let shown: String = line.chars().skip(skipped).take(LINE).collect();
    Some(shown.trim().to_owned()).filter(|shown| !shown.is_empty())
}
