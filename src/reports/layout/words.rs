//! The words for things, so that all formats use the same ones.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::review::{Approval, Requirement};
use crate::specification::waiver::WaiverUse;
use crate::untrusted::{Untrusted, terminal};
use crate::verdict::Verdict;

/// Returns the word of a verdict, as it stands in the last line.
pub(in crate::reports) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Review => "REVIEW",
        Verdict::Fail => "FAIL",
        Verdict::Undecided => "UNDECIDED",
    }
}

/// Returns the name of a review layer.
pub(in crate::reports) fn layer(layer: u8) -> &'static str {
    match layer {
        0 | 1 => "automated review",
        2 => "team review",
        _ => "architecture review",
    }
}

/// Returns `1 error`, `2 errors`.
pub(in crate::reports) fn count(number: usize, noun: &str) -> String {
    let plural = match noun {
        _ if number == 1 => noun.to_owned(),
        "info" => "infos".to_owned(),
        _ => format!("{}s", noun.strip_suffix('y').map_or_else(|| noun.to_owned(), |stem| format!("{stem}ie"))),
    };
    format!("{number} {plural}")
}

/// Returns `1 module relies on it`, `2 modules rely on it`.
pub(in crate::reports) fn relying(modules: u32) -> String {
    let verb = if modules == 1 { "relies" } else { "rely" };
    format!("{} {verb} on it", count(usize::try_from(modules).unwrap_or(usize::MAX), "module"))
}

/// Returns `path:line:column` in terminal form; the path alone for a whole file, empty for the whole change.
pub(in crate::reports) fn place(finding: &Finding) -> String {
    let Some(path) = &finding.path else { return String::new() };
    match finding.start {
        Some(start) if !is_whole_file(finding) => format!("{}:{}:{}", terminal(path.raw()), start.line, start.column),
        _ => terminal(path.raw()),
    }
}

/// Says whether a finding is about a file rather than a place in it: an empty range at its first character.
pub(in crate::reports) fn is_whole_file(finding: &Finding) -> bool {
    finding.start.is_none_or(|start| start.line == 1 && start.column == 1 && finding.end.is_none_or(|end| end <= start))
}

/// Says whether a requirement is met by a decision record rather than by somebody's approval.
pub(in crate::reports) fn is_record(requirement: &Requirement) -> bool {
    requirement.count == 0
}

/// Returns whose approval counts for a requirement, in terminal form.
pub(in crate::reports) fn approvers(requirement: &Requirement) -> Vec<String> {
    let counting = requirement.approvals.iter().filter(|approval| approval.counts);
    counting.map(|approval| approval.login.terminal()).collect()
}

/// Returns the approvals that do not count for a requirement, without those of which the same was told before.
pub(in crate::reports) fn refused<'r>(
    requirement: &'r Requirement,
    told: &mut BTreeSet<(&'r Untrusted, &'r Untrusted)>,
) -> Vec<&'r Approval> {
    let refused = requirement.approvals.iter().filter(|approval| !approval.counts);
    refused.filter(|approval| told.insert((&approval.login, &approval.why_not))).collect()
}

/// Returns what to do about a requirement, in terminal form: `ask platform` or `cite a decision record`.
pub(in crate::reports) fn step(requirement: &Requirement) -> String {
    format!("{} {}", if is_record(requirement) { "cite" } else { "ask" }, who(requirement))
}

/// Returns who is asked, in terminal form: `platform` or `anyone who may give architecture review`, with the number.
pub(in crate::reports) fn who(requirement: &Requirement) -> String {
    if is_record(requirement) {
        return "a decision record".to_owned();
    }
    let who = match requirement.team.is_empty() {
        true => format!("anyone who may give {}", layer(requirement.layer)),
        false => requirement.team.terminal(),
    };
    match (requirement.count, approvers(requirement).len()) {
        (1, _) => who,
        (count, 0) => format!("{who} ({count} approvals)"),
        (count, given) => format!("{who} ({given} of {count} approvals)"),
    }
}

/// Says what a waiver let through, and whose it is.
pub(in crate::reports) fn waived(waiver: &WaiverUse) -> String {
    let findings = count(usize::try_from(waiver.findings).unwrap_or(usize::MAX), "finding");
    let owner = if waiver.owner.is_empty() { String::new() } else { format!(", owned by {}", waiver.owner) };
    format!("{findings} of {}{owner}", waiver.rule)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{count, refused};
    use crate::review::{Approval, Requirement};

    #[test]
    fn counts_have_the_right_plural() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(0, "error"), "0 errors");
        assert_eq!(count(2, "policy"), "2 policies");
    }

    #[test]
    fn why_somebodys_approval_does_not_count_is_told_once_and_again_only_where_it_is_another_reason() {
        let approval =
            |login: &str, why: &str| Approval { login: login.into(), counts: why.is_empty(), why_not: why.into() };
        let requirement = |bob: &str| Requirement {
            approvals: vec![approval("ada", "the author of the change"), approval("bob", bob), approval("cy", "")],
            ..Requirement::default()
        };
        let all = [requirement("not a member of web"), requirement("not a member of core"), requirement("")];
        let mut told = BTreeSet::new();
        let mut logins = |requirement| -> Vec<&str> {
            refused(requirement, &mut told).into_iter().map(|approval| approval.login.raw()).collect()
        };
        assert_eq!(logins(&all[0]), ["ada", "bob"]);
        assert_eq!(logins(&all[1]), ["bob"]);
        assert_eq!(logins(&all[2]), [""; 0]);
    }
}
