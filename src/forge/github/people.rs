//! Who somebody is, what they may, and who is in a team.
//!
//! Owns the questions about accounts. Whatever is not answered stays unknown, which is no. Must not say whose approval
//! counts.

use std::collections::BTreeSet;

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::review::state::{AccountKind, Answer, Membership, PullState, Stance};

use super::GitHub;
use super::line::Trouble;
use super::wire::{Permission, Review, User};

/// People whose permission is asked, so that a crowd of reviewers does not use up the run.
const ASKED: usize = 100;

impl GitHub {
    /// Notes an account among the people and returns its login; an account that is gone is GitHub's `ghost`.
    pub(super) fn meet(user: Option<&User>, state: &mut PullState) -> String {
        let ghost = User { login: "ghost".to_owned(), kind: String::new() };
        let user = user.filter(|user| !user.login.is_empty()).unwrap_or(&ghost);
        let person = state.people.entry(user.login.clone()).or_default();
        if person.kind == AccountKind::Unknown {
            person.kind = kind(user);
        }
        user.login.clone()
    }

    /// Asks for the permission of everybody who took a stance.
    pub(super) async fn read_people(&self, patience: &Patience, reviews: &[Review], state: &mut PullState) {
        let weighty = state.opinions.iter().filter(|opinion| opinion.stance != Stance::Commented);
        let logins: BTreeSet<String> = weighty.map(|opinion| opinion.login.clone()).collect();
        if reviews.is_empty() {
            return;
        }
        if logins.len() > ASKED {
            state.gaps.push(format!("more than {ASKED} people took a stance; not everybody's permission was asked"));
        }
        for login in logins.iter().take(ASKED) {
            let human = state.people.get(login).is_some_and(|person| person.kind == AccountKind::Human);
            if human {
                let writes = self.writes(patience, login, state).await;
                state.people.entry(login.clone()).or_default().writes = writes;
            }
        }
    }

    async fn writes(&self, patience: &Patience, login: &str, state: &mut PullState) -> Answer {
        let path = self.path(&format!("/collaborators/{}/permission", escaped(login)));
        match self.line.get::<Permission>(patience, &path).await {
            // The word is that of the role on which a custom role is built.
            Ok(Permission { permission }) => match permission.as_str() {
                "admin" | "maintain" | "write" => Answer::Yes,
                "triage" | "read" | "none" => Answer::No,
                _ => Answer::Unknown,
            },
            Err(trouble) => {
                // Somebody who is not known here at all (404) simply may not.
                if trouble.status != 404 {
                    state.gaps.push(format!("what a reviewer may do here is not known: {}", trouble.error.why));
                }
                Answer::Unknown
            }
        }
    }

    /// Reads the members of every team that was asked for.
    pub(super) async fn read_teams(&self, patience: &Patience, handles: &[String], state: &mut PullState) {
        for handle in handles {
            let membership = self.members(patience, handle, state).await;
            state.teams.insert(handle.clone(), membership);
        }
    }

    async fn members(&self, patience: &Patience, handle: &str, state: &mut PullState) -> Membership {
        let halves = handle.split_once('/').filter(|(organisation, team)| !organisation.is_empty() && !team.is_empty());
        let Some((organisation, team)) = halves else {
            return Membership::Unreadable("it is not written `organisation/team`".to_owned());
        };
        let path = format!("/orgs/{}/teams/{}/members", escaped(organisation), escaped(team));
        match self.members_line().all::<User>(patience, &path).await {
            Ok(members) => {
                let logins: BTreeSet<String> = members.iter().map(|member| Self::meet(Some(member), state)).collect();
                Membership::Members(logins.into_iter().collect())
            }
            Err(trouble) => Membership::Unreadable(self.unreadable(&trouble)),
        }
    }

    /// Says why a team cannot be read and what to do.
    fn unreadable(&self, trouble: &Trouble) -> String {
        if !trouble.refused() {
            return trouble.error.why.clone();
        }
        let remedy = "or list the members in the specification's teams.yaml";
        if self.organisation.is_some() {
            let app = "the token of PORTCULLIS_ORG_TOKEN may not read its members, or there is no such team; give it";
            return format!("{app} the permission `members: read` of the organisation, {remedy}");
        }
        let never =
            "the token of a workflow (GITHUB_TOKEN) can never read team membership; set PORTCULLIS_ORG_TOKEN to";
        format!("{never} a token of a GitHub App with the permission `members: read` of the organisation, {remedy}")
    }
}

/// Says whose account it is; a word that is not known is not a human's.
fn kind(user: &User) -> AccountKind {
    if user.kind == "Bot" || user.login.ends_with("[bot]") {
        AccountKind::Bot
    } else if user.kind == "User" {
        AccountKind::Human
    } else {
        AccountKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::{User, kind};
    use crate::review::state::AccountKind;

    #[test]
    fn only_an_account_that_says_so_is_a_humans_row_145() {
        let of = |login: &str, word: &str| kind(&User { login: login.to_owned(), kind: word.to_owned() });
        assert_eq!(of("ann", "User"), AccountKind::Human);
        assert_eq!(of("copilot-pull-request-reviewer[bot]", "User"), AccountKind::Bot);
        assert_eq!(of("app", "Bot"), AccountKind::Bot);
        assert_eq!(of("old", "Mannequin"), AccountKind::Unknown);
        assert_eq!(of("ghost", ""), AccountKind::Unknown);
    }
}
