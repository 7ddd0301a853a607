//! What the forge said -> what the decision uses: facts of the request, and what became of commits that were approved.
//!
//! Owns when the forge is asked and how its answers meet those of git. Where the two speak of different changes, the change
//! is undecided: an approval of one thing must not pass another.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Carried, FileStatus, Repository, carried, merge_base};
use crate::completeness::Reason;
use crate::forge::Asked;
use crate::gate::ForgeAccess;
use crate::gate::intent::Intent;
use crate::gate::saved::SavedInput;
use crate::limits::Limits;
use crate::policies::input::{Account, ChangeEntry, InputDocument};
use crate::review::approvals::{commits_to_compare, handles_to_ask};
use crate::review::state::{AccountKind, ForgeFacts, Freshness, PullState};

/// Asks the forge, once it is known whose members matter.
pub(super) fn ask(
    access: &ForgeAccess<'_>,
    intent: &Intent,
    input: &InputDocument,
    moved: &BTreeMap<String, Vec<String>>,
) -> ForgeFacts {
    let specification = &intent.specified.book.specification;
    match access {
        ForgeAccess::Closed(facts) => facts.clone(),
        ForgeAccess::Open(ask) => {
            let open_changes = specification.agents.values().any(|agent| agent.limits.open_changes.is_some());
            let mut teams: BTreeSet<String> = handles_to_ask(specification, input).into_iter().collect();
            // Who owned the place that a file left answers for it too.
            let owners = moved.values().flatten().filter_map(|owner| owner.trim().strip_prefix('@'));
            teams.extend(owners.filter(|owner| owner.contains('/')).map(str::to_owned));
            ask(&Asked { number: 0, teams: teams.into_iter().collect(), open_changes })
        }
    }
}

/// Writes the facts of the request into the document.
pub(super) fn fill(change: &mut ChangeEntry, state: &PullState) {
    let kind = state.people.iter().find(|(login, _)| login.eq_ignore_ascii_case(&state.author));
    let kind = match kind.map(|(_, person)| person.kind) {
        Some(AccountKind::Human) => "human",
        Some(AccountKind::Bot) => "bot",
        Some(AccountKind::Unknown) | None => "unknown",
    };
    change.title.clone_from(&state.title);
    change.body.clone_from(&state.body);
    change.author = Account { login: state.author.clone(), kind: kind.to_owned() };
    change.labels.clone_from(&state.labels);
    change.draft = state.draft;
    change.from_fork = state.from_fork;
    change.source_branch.clone_from(&state.source_branch);
    change.target_branch.clone_from(&state.target_branch);
    change.url.clone_from(&state.url);
}

/// What git shows of the change.
pub(super) struct Shown<'a> {
    pub(super) repository: &'a Repository,
    pub(super) merge_base: &'a str,
    pub(super) head: &'a str,
    pub(super) statuses: Vec<FileStatus>,
}

/// Returns what makes the answers of forge and git not fit together.
pub(super) fn contradictions(shown: &Shown<'_>, state: &PullState, limits: &Limits) -> Vec<Reason> {
    // In a merge queue or a train what is judged is made by the forge, and its head is nobody's.
    if state.head != shown.head {
        return Vec::new();
    }
    counted(&shown.statuses, state).into_iter().chain(aimed(shown, state, limits)).collect()
}

/// Returns the newest commit of the target branch that the forge names and this clone has. The branch may have moved since
/// the clone was made, and then it is judged as the clone has it.
pub(super) fn newest_target<'s>(repository: &Repository, state: &'s PullState, limits: &Limits) -> &'s str {
    let here = |id: &&str| !id.is_empty() && merge_base(repository, id, id, limits).is_ok();
    [state.base.as_str(), &state.pushed_base].into_iter().find(here).unwrap_or(&state.base)
}

/// A run that is started again replays the event of the first one: the request may want into another branch by now.
fn aimed(shown: &Shown<'_>, state: &PullState, limits: &Limits) -> Option<Reason> {
    let target = newest_target(shown.repository, state, limits);
    let from = match merge_base(shown.repository, target, shown.head, limits) {
        Ok(from) => from,
        Err(reason) => return Some(reason),
    };
    let message =
        format!("the request wants into {}, and what was compared is not its change there", state.target_branch);
    let remedy = "compare with the branch that the request wants into, as it is now";
    (from != shown.merge_base).then(|| Reason::new("target-differs", message, remedy))
}

fn counted(statuses: &[FileStatus], state: &PullState) -> Vec<Reason> {
    let Some(said) = state.changed_files else { return Vec::new() };
    let (least, most) = plausible(statuses.iter().copied());
    if (least..=most).contains(&said) {
        return Vec::new();
    }
    let message = format!("the forge says that {said} files changed, git shows {}", statuses.len());
    let remedy = "fetch base and head again, and compare with the target branch of the request";
    vec![Reason::new("changed-files-differ", message, remedy)]
}

/// Returns how many files the forge may count. Which deleted and added files are one that moved, the forge may see
/// otherwise than we do, and nothing else.
fn plausible(statuses: impl Iterator<Item = FileStatus>) -> (u32, u32) {
    let (mut added, mut deleted, mut rest) = (0_u32, 0_u32, 0_u32);
    for status in statuses {
        match status {
            FileStatus::Added => added = added.saturating_add(1),
            FileStatus::Deleted => deleted = deleted.saturating_add(1),
            FileStatus::Renamed => {
                added = added.saturating_add(1);
                deleted = deleted.saturating_add(1);
            }
            FileStatus::Modified | FileStatus::Typechanged => rest = rest.saturating_add(1),
        }
    }
    (rest.saturating_add(added.max(deleted)), rest.saturating_add(added).saturating_add(deleted))
}

/// Compares each commit that was approved, and is not head, with head.
pub(super) fn freshness(
    forge: &ForgeFacts,
    (merge_base, head): (&str, &str),
    repository: &Repository,
    limits: &Limits,
) -> Freshness {
    let Some(state) = forge.obtained() else { return Freshness::new() };
    let mut commits: BTreeSet<String> = commits_to_compare(state, head).into_iter().collect();
    // In a merge queue what is judged is not the head of the request; it has to be what its merge gives.
    commits.insert(state.head.clone());
    let old = commits.into_iter().filter(|commit| !commit.is_empty() && commit != head);
    old.map(|commit| {
        let carried = carried(repository, &commit, merge_base, head, limits);
        (commit, carried)
    })
    .collect()
}

/// Returns the head of the request that was judged: in a merge queue the one whose merge it is, byte for byte.
pub(super) fn pull_head(saved: &SavedInput) -> &str {
    let judged = saved.input.change.head.as_str();
    let Some(state) = saved.forge.obtained() else { return judged };
    let same = |carried: &Carried| matches!(carried, Carried::Except(paths) if paths.is_empty());
    if saved.freshness.get(&state.head).is_some_and(same) { &state.head } else { judged }
}

#[cfg(test)]
mod tests {
    use super::plausible;
    use crate::change::FileStatus::{Added, Deleted, Modified, Renamed};

    #[test]
    fn what_moved_may_be_counted_once_or_twice_and_nothing_else() {
        let counts = |list: &[crate::change::FileStatus]| plausible(list.iter().copied());
        assert_eq!(counts(&[Modified, Modified]), (2, 2));
        assert_eq!(counts(&[Renamed]), (1, 2));
        assert_eq!(counts(&[Added, Deleted]), (1, 2));
        assert_eq!(counts(&[Added, Added, Deleted, Modified]), (3, 4));
        assert_eq!(counts(&[]), (0, 0));
    }
}
