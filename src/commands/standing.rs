//! Whether a commit may be shown as good: a status stands at a commit and is seen by every request that has it as head.
//!
//! Owns that one judgement, from what the forge says right before something is written. A green that was found for one
//! request must not be taken for that of another, so that what is not known withholds it. Must not ask and must not write.

use crate::forge::{Ends, OpenChange};
use crate::untrusted::terminal;

/// Longest name of a branch that is told, in characters.
const BRANCH: usize = 40;

/// What was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged<'a> {
    /// Number of the request, or 0 where the run was about none.
    pub(super) number: u64,
    /// Branch that it was judged for, or empty where the forge did not say.
    pub(super) target_branch: &'a str,
    /// Full id of that branch's tip, or of what stood for it.
    pub(super) base: &'a str,
    /// What stands before a number: `#` or `!`.
    pub(super) sign: char,
}

/// What the forge says right before something is written; none where it did not answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The request itself; none where the run was about none.
    pub(super) now: Option<Ends>,
    /// All open requests that have the commit as head.
    pub(super) sharing: Vec<OpenChange>,
}

/// Says why the commit is not shown as good although what was judged may be, or none.
///
/// Another request into the same branch brings the same, so that it takes nothing away.
pub(super) fn withheld(judged: &Judged<'_>, standing: Option<&Standing>) -> Option<String> {
    let Some(standing) = standing else {
        return Some("which open requests have this commit could not be read; run again".to_owned());
    };
    if judged.number > 0 && judged.target_branch.is_empty() {
        return Some("the forge did not say which branch this is for; run again".to_owned());
    }
    if standing.now.as_ref().is_some_and(|now| now.target_branch != judged.target_branch) {
        return Some("the request wants into another branch by now; run again".to_owned());
    }
    // All that is asked in one run is answered with one tip.
    if standing.now.as_ref().is_some_and(|now| now.base != judged.base) {
        return Some("the tip of the target branch could not be read in time; run again".to_owned());
    }
    let same = |one: &&OpenChange| {
        let itself = one.number == judged.number || one.target_branch == judged.target_branch;
        judged.number > 0 && !one.elsewhere && itself
    };
    let others: Vec<&OpenChange> = standing.sharing.iter().filter(|one| !same(one)).collect();
    let first = others.first()?;
    let named = named(first, judged.sign);
    let more = match others.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(match judged.number {
        0 => format!("the commit is the head of {named}{more}, which this run is not about"),
        _ => format!("{named}{more} has the same head: push a commit of its own, or close one"),
    })
}

fn named(one: &OpenChange, sign: char) -> String {
    let branch = terminal(&one.target_branch);
    let cut = if branch.chars().count() > BRANCH { "\u{2026}" } else { "" };
    let branch: String = branch.chars().take(BRANCH).chain(cut.chars()).collect();
    let place = if one.elsewhere { " of another project" } else { "" };
    format!("{sign}{} into {branch}{place}", one.number)
}

#[cfg(test)]
mod tests {
    use super::{Judged, Standing, withheld};
    use crate::forge::{Ends, OpenChange};

    const JUDGED: Judged<'_> = Judged { number: 7, target_branch: "main", base: "b", sign: '#' };

    fn open(number: u64, elsewhere: bool, branch: &str) -> OpenChange {
        OpenChange { number, elsewhere, target_branch: branch.to_owned(), head: "h".to_owned() }
    }

    fn standing(branch: &str, others: &[OpenChange]) -> Standing {
        let now =
            Ends { number: 7, open: true, target_branch: branch.to_owned(), base: "b".to_owned(), ..Ends::default() };
        Standing { now: Some(now), sharing: [&[open(7, false, branch)], others].concat() }
    }

    fn why(standing: &Standing) -> String {
        withheld(&JUDGED, Some(standing)).unwrap_or_default()
    }

    #[test]
    fn a_commit_of_one_request_is_shown_as_it_was_judged() {
        assert_eq!(why(&standing("main", &[])), "");
        assert_eq!(why(&standing("main", &[open(8, false, "main")])), "", "a twin brings the same to the same branch");
    }

    #[test]
    fn a_commit_of_a_request_into_another_branch_or_project_is_not_good_for_either() {
        let found = why(&standing("main", &[open(8, false, "release/1")]));
        assert_eq!(found, "#8 into release/1 has the same head: push a commit of its own, or close one");
        let found = why(&standing("main", &[open(7, true, "main"), open(9, false, "x")]));
        assert!(found.starts_with("#7 into main of another project and 1 more has"), "{found}");
        let long = why(&standing("main", &[open(8, false, &format!("{}\u{202E}", "x".repeat(200)))]));
        assert!(long.chars().count() < 140 && long.is_ascii() || long.contains('\u{2026}'), "{long}");
    }

    #[test]
    fn what_is_not_known_withholds_it() {
        assert!(withheld(&JUDGED, None).is_some());
        let unsaid = Judged { target_branch: "", ..JUDGED };
        assert!(withheld(&unsaid, Some(&standing("main", &[]))).is_some());
        assert!(why(&standing("release/1", &[])).contains("another branch by now"));
        let older = Judged { base: "a", ..JUDGED };
        assert!(withheld(&older, Some(&standing("main", &[]))).unwrap().contains("the tip of the target branch"));
    }

    #[test]
    fn a_run_about_no_request_says_nothing_for_a_head_of_one() {
        let none = Judged { number: 0, target_branch: "", base: "", sign: '!' };
        assert_eq!(withheld(&none, Some(&Standing::default())), None);
        let found = withheld(&none, Some(&Standing { now: None, sharing: vec![open(7, false, "main")] })).unwrap();
        assert!(found.contains("!7 into main, which this run is not about"), "{found}");
    }
}
