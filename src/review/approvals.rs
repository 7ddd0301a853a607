//! Whose approval counts, and why not.
//!
//! Owns the judgement: a pure function of what the forge said, what became of older commits, the specification, the
//! commits of the change and the date. `voices` is who said what last, `makers` who made the change, `membership` who may
//! speak for a team, `certificate` who holds one. Must not ask a forge. **Unknown is no**: what the forge did not say,
//! would not say, or said in words that this version does not know, never becomes a yes.
//!
//! What it cannot see: a second account of the author that the project trusts is a person like any other (ask for two).

mod certificate;
mod makers;
mod membership;
mod voices;

use std::collections::{BTreeMap, BTreeSet};

use self::makers::Makers;
use self::voices::{Voice, voices};
use super::state::{AccountKind, Answer, Carried, ForgeFacts, Freshness, Person, PullState, UNKNOWN_TIME};
use super::{Approval, Requirement, Review};
use crate::policies::input::InputDocument;
use crate::provenance::is_machine_login;
use crate::specification::Specification;
use crate::untrusted::Untrusted;

pub use self::membership::handles_to_ask;

/// Most commits whose approval is held against head.
const COMPARED: usize = 50;

/// How many paths a reason names before it counts the rest.
const NAMED: usize = 3;

/// What approvals are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// What the forge said.
    pub forge: &'a ForgeFacts,
    /// What became of each commit that was approved and is not head.
    pub freshness: &'a Freshness,
    /// Teams, agents and defaults; the empty specification where there is none.
    pub specification: &'a Specification,
    /// The change that was judged: its head, its commits and its files.
    pub input: &'a InputDocument,
    /// The head of the request when its change was read: the head that was judged, or in a merge queue, where another
    /// commit is judged, the head that the queue names.
    pub pull_head: &'a str,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: &'a str,
}

/// Returns the commits that [`Ground::freshness`] should know: those that somebody approves and that are not the head
/// that was judged, sorted. An approval of a commit beyond a bound is stale.
#[must_use]
pub fn commits_to_compare(state: &PullState, judged_head: &str) -> Vec<String> {
    let voices = voices(&state.opinions).into_iter().filter(|voice| voice.ended.is_none());
    let commits: BTreeSet<&str> = voices.map(|voice| voice.commit).collect();
    let wanted = commits.into_iter().filter(|commit| !commit.is_empty() && *commit != judged_head);
    wanted.take(COMPARED).map(str::to_owned).collect()
}

/// Returns the review with its approvals judged and each requirement met or not.
///
/// One person counts once for a requirement, and for every requirement that he or she may speak for. A requirement
/// that asks for no approval (a decision record) stays as it is.
#[must_use]
pub fn judged(mut review: Review, ground: &Ground<'_>) -> Review {
    match ground.forge {
        ForgeFacts::Local => {}
        ForgeFacts::NotObtained(why) => {
            let note = format!("approvals could not be read: {}", one_line(why));
            for requirement in review.requirements.iter_mut().filter(|requirement| requirement.count > 0) {
                add_reason(requirement, &note);
            }
        }
        ForgeFacts::Obtained(state) => {
            let bench = Bench::of(ground, state);
            review.requirements.iter_mut().for_each(|requirement| bench.judge(requirement));
        }
    }
    review
}

fn add_reason(requirement: &mut Requirement, note: &str) {
    let reason = requirement.reason.raw();
    let told = if reason.is_empty() { note.to_owned() } else { format!("{reason}\n{note}") };
    requirement.reason = Untrusted::new(told);
}

/// Everything that is the same for all requirements.
struct Bench<'a> {
    ground: &'a Ground<'a>,
    state: &'a PullState,
    voices: Vec<Voice<'a>>,
    people: BTreeMap<String, &'a Person>,
    makers: Makers,
    /// Every file of the change under both its names.
    changed: BTreeSet<&'a str>,
}

impl<'a> Bench<'a> {
    fn of(ground: &'a Ground<'a>, state: &'a PullState) -> Self {
        let files = &ground.input.files;
        let mut people: BTreeMap<String, &Person> = BTreeMap::new();
        for (login, person) in &state.people {
            // Two spellings of one login that disagree tell nothing.
            people
                .entry(folded(login))
                .and_modify(|known| *known = if *known == person { person } else { &NOBODY })
                .or_insert(person);
        }
        Self {
            ground,
            state,
            voices: voices(&state.opinions),
            people,
            makers: Makers::of(state, &ground.input.change.commits),
            changed: files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]).collect(),
        }
    }

    fn judge(&self, requirement: &mut Requirement) {
        if requirement.count == 0 {
            return;
        }
        if self.makers.last_pusher_unknown() {
            // SAFETY-OF-GATE: it may be any one of those who approve, and is one person.
            requirement.count = requirement.count.saturating_add(1);
            add_reason(requirement, "one approval more is needed, as it is not known who pushed last");
        }
        if self.state.opinions_missing {
            add_reason(requirement, "what people said could not be read whole, so that nobody has approved");
        }
        requirement.approvals = self.voices.iter().map(|voice| self.weigh(requirement, voice)).collect();
        let counting = requirement.approvals.iter().filter(|approval| approval.counts).count();
        requirement.met = u32::try_from(counting).unwrap_or(u32::MAX) >= requirement.count;
    }

    fn weigh(&self, requirement: &Requirement, voice: &Voice<'_>) -> Approval {
        let why_not = self.why_not(requirement, voice);
        Approval {
            login: Untrusted::new(voice.login),
            counts: why_not.is_none(),
            why_not: Untrusted::new(one_line(&why_not.unwrap_or_default())),
        }
    }

    /// Returns the first of the reasons for which this approval does not count; the order is that of this function.
    fn why_not(&self, requirement: &Requirement, voice: &Voice<'_>) -> Option<String> {
        let id = folded(voice.login);
        let person = self.people.get(&id).copied().unwrap_or(&NOBODY);
        self.moved_on()
            .or_else(|| self.unheard())
            .or_else(|| voice.ended.map(str::to_owned))
            .or_else(|| self.no_human(voice.login, person))
            .or_else(|| self.makers.why_not(&id))
            .or_else(|| no_right(person))
            .or_else(|| membership::why_not(requirement, &id, self.state, self.ground.specification))
            .or_else(|| self.no_certificate(requirement, &id))
            .or_else(|| self.retargeted(voice.at))
            .or_else(|| self.stale(requirement, voice.commit))
    }

    /// Nothing that was said about another head says anything about the one that was judged.
    fn moved_on(&self) -> Option<String> {
        (self.state.head.is_empty() || self.state.head != self.ground.pull_head)
            .then(|| "the head moved on while this was judged".to_owned())
    }

    /// Behind what was not told there may be a word that takes this one back.
    fn unheard(&self) -> Option<String> {
        self.state.opinions_missing.then(|| "the forge does not tell all that was said since".to_owned())
    }

    fn no_human(&self, login: &str, person: &Person) -> Option<String> {
        let agents = self.ground.specification.agents.values();
        let mut accounts = agents.flat_map(|agent| &agent.identities.authors);
        if person.kind == AccountKind::Bot || folded(login).ends_with("[bot]") {
            return Some("a bot, not a human".to_owned());
        }
        if is_machine_login(login) || accounts.any(|account| folded(account) == folded(login)) {
            return Some("the account of an AI agent, not a human".to_owned());
        }
        (person.kind != AccountKind::Human).then(|| "not known to be a human".to_owned())
    }

    fn no_certificate(&self, requirement: &Requirement, id: &str) -> Option<String> {
        let wanted = requirement.certified.raw();
        let Ground { specification, as_of, .. } = self.ground;
        if wanted.is_empty() { None } else { certificate::why_not(wanted, id, specification, as_of) }
    }

    /// Against another branch the same head is another change: more of it may be new there.
    fn retargeted(&self, at: &str) -> Option<String> {
        let changed = &self.state.retargeted;
        if changed.is_empty() {
            return None;
        }
        if changed == UNKNOWN_TIME {
            return Some("stale: whether the target branch was changed since is not known".to_owned());
        }
        let later = matches!((second(at), second(changed)), (Some(at), Some(changed)) if at > changed);
        (!later).then(|| "stale: given before the target branch was changed".to_owned())
    }

    /// Says why an approval of an earlier commit does not hold for head.
    fn stale(&self, requirement: &Requirement, commit: &str) -> Option<String> {
        if commit.is_empty() {
            return Some("stale: nobody knows any more which commit it was given on".to_owned());
        }
        if commit == self.ground.input.change.head {
            return None;
        }
        let short: String = commit.chars().take(7).collect();
        match self.ground.freshness.get(commit) {
            None => Some(format!("stale: given on {short}, and what changed since is not known")),
            Some(Carried::Unknown(why)) => {
                Some(format!("stale: given on {short}, and what changed since is not known: {why}"))
            }
            Some(Carried::Except(paths)) => {
                let paths: Vec<&str> =
                    paths.iter().map(String::as_str).filter(|path| self.concerns(requirement, path)).collect();
                (!paths.is_empty()).then(|| format!("stale: given on {short}; since then {} changed", named(&paths)))
            }
        }
    }

    /// Says whether a path that differs is one that the requirement is about. One that the change does not touch any
    /// more was touched when the approval was given, and nobody can say whose it was: it concerns everyone.
    fn concerns(&self, requirement: &Requirement, path: &str) -> bool {
        requirement.paths.is_empty()
            || requirement.paths.iter().any(|scoped| scoped.raw() == path)
            || !self.changed.contains(path)
    }
}

/// Somebody of whom the forge said nothing.
const NOBODY: Person = Person { kind: AccountKind::Unknown, writes: Answer::Unknown };

fn no_right(person: &Person) -> Option<String> {
    match person.writes {
        Answer::Yes => None,
        Answer::No => Some("no right to write to the project".to_owned()),
        Answer::Unknown => Some("not known to have the right to write to the project".to_owned()),
    }
}

/// Returns the second of a time in UTC as text that sorts by time; none for a time in another form.
fn second(at: &str) -> Option<&str> {
    let (second, rest) = at.strip_suffix('Z').or_else(|| at.strip_suffix("+00:00"))?.split_at_checked(19)?;
    let shaped = second
        .bytes()
        .zip(*b"0000-00-00T00:00:00")
        .all(|(byte, shape)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape });
    (shaped && (rest.is_empty() || rest.starts_with('.'))).then_some(second)
}

/// Returns a login or handle in the form in which it is compared: without `@`, in lower case.
fn folded(login: &str) -> String {
    let login = login.trim();
    login.strip_prefix('@').unwrap_or(login).to_lowercase()
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn named(paths: &[&str]) -> String {
    let shown = paths.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match paths.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests;
