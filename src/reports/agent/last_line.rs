//! The last line: the verdict, the exit code, and the one thing to do next.

use crate::outcome::Outcome;
use crate::reports::layout::text::clip;
use crate::reports::layout::words;
use crate::untrusted::{log_line, terminal};
use crate::verdict::Verdict;

/// No part of the line takes more characters than this.
const LONGEST: usize = 200;

/// Returns the last line. Only our words, names of teams and object ids stand in it.
pub(super) fn line(outcome: &Outcome) -> String {
    let (verdict, code) = (outcome.document.verdict.word(), outcome.document.exit_code);
    format!("verdict: {verdict} (exit {code}); next: {}\n", next(outcome))
}

fn next(outcome: &Outcome) -> String {
    let again = again(outcome);
    match outcome.document.verdict {
        Verdict::Pass => "nothing".to_owned(),
        Verdict::Review => {
            let unmet = outcome.document.review.requirements.iter().find(|requirement| !requirement.met);
            let step = unmet.map(words::step).unwrap_or_default();
            format!("stop here, people decide: {}", clip(&log_line(&terminal(&step)), LONGEST))
        }
        Verdict::Undecided => format!("do what block [1] says, then run `{again}`"),
        Verdict::Fail => format!("fix block [1] and those after it, then run `{again}`"),
    }
}

/// Returns the command that judges what the agent has before it now, not what was judged here.
fn again(outcome: &Outcome) -> String {
    let change = &outcome.document.change;
    let hexadecimal = change.base.len() >= 40 && change.base.bytes().all(|byte| byte.is_ascii_hexdigit());
    let base = change.base.get(..12).filter(|_| hexadecimal);
    let base = base.map(|base| format!(" --base {base}")).unwrap_or_default();
    let side = if change.head == "index" { "--staged" } else { "--worktree" };
    format!("portcullis check{base} {side} --format agent")
}
