//! What an account is, what it may, and who is in a group.
//!
//! Owns the words of GitLab for programs' accounts and roles. Must not judge; what GitLab does not say is unknown.

use std::collections::BTreeMap;

use super::answers::{Member, User};
use super::api::Asking;
use super::calls::{self, Project};
use crate::forge::ForgeError;
use crate::review::state::{AccountKind, Answer, Membership, Person};

/// The role from which on somebody may push: Developer.
const DEVELOPER: u64 = 30;

/// So many accounts are looked at; a change has a handful.
const LOOKED_AT: usize = 100;

/// What was learnt about people.
#[derive(Default)]
pub(super) struct Looked {
    /// Everybody by login.
    pub(super) people: BTreeMap<String, Person>,
    /// Names that their accounts show, by login.
    pub(super) names: BTreeMap<String, String>,
    /// What could not be read, a sentence each.
    pub(super) gaps: Vec<String>,
}

/// Returns everybody, from what is known of them so far.
///
/// After one refusal nothing of its kind is asked again: the token will not be let through the next time.
pub(super) fn people(asking: &Asking<'_>, project: &Project, known: &BTreeMap<String, u64>) -> Looked {
    let Looked { mut people, mut names, mut gaps } = Looked::default();
    let (mut accounts, mut roles) = (true, true);
    for (at, (login, id)) in known.iter().enumerate() {
        let mut person = Person { kind: by_name(login), writes: Answer::Unknown };
        if at == LOOKED_AT {
            gaps.push(format!("more than {LOOKED_AT} people are named; the rest was not looked at"));
        }
        let asked = accounts && at < LOOKED_AT;
        let user = asked.then(|| account(asking, login, *id)).transpose().unwrap_or_else(|error| {
            accounts = false;
            gaps.push(format!("accounts could not be read ({error})"));
            None
        });
        if let Some(user) = user.flatten() {
            person.kind = kind(&user);
            names.insert(login.clone(), user.name.clone());
            if roles {
                person.writes = writes(asking, project, &user).unwrap_or_else(|error| {
                    roles = false;
                    gaps.push(format!("roles in the project could not be read ({error})"));
                    Answer::Unknown
                });
            }
        }
        people.insert(login.clone(), person);
    }
    Looked { people, names, gaps }
}

/// Returns the account of that number; of that login where the number is not known.
fn account(asking: &Asking<'_>, login: &str, id: u64) -> Result<Option<User>, ForgeError> {
    let id = match id {
        0 => {
            let found: Vec<User> = asking.ask(&calls::users_named(login))?;
            found.iter().find(|user| user.username.eq_ignore_ascii_case(login)).map_or(0, |user| user.id)
        }
        id => id,
    };
    if id == 0 {
        return Ok(None);
    }
    // The number must still be the login's: an answer about somebody else says nothing.
    let user: Option<User> = asking.ask_if_any(&calls::user(id))?;
    Ok(user.filter(|user| user.id == id && user.username.eq_ignore_ascii_case(login)))
}

fn kind(user: &User) -> AccountKind {
    match (user.bot, by_name(&user.username)) {
        (Some(true), _) | (_, AccountKind::Bot) => AccountKind::Bot,
        (Some(false), _) => AccountKind::Human,
        (None, kind) => kind,
    }
}

/// Returns what the login alone says: GitLab gives these names to the accounts of tokens, service accounts and its own
/// helpers; nobody may choose them. It never says that somebody is human.
fn by_name(login: &str) -> AccountKind {
    let login = login.to_lowercase();
    let numbered = |prefix: &str| {
        let rest = login.strip_prefix(prefix).map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        rest.is_some_and(|rest| rest.starts_with("_bot"))
    };
    let ghost = login.strip_prefix("ghost").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let program = ghost || login == "gitlabduo" || login.starts_with("service_account_");
    if numbered("project_") || numbered("group_") || program { AccountKind::Bot } else { AccountKind::Unknown }
}

fn writes(asking: &Asking<'_>, project: &Project, user: &User) -> Result<Answer, ForgeError> {
    if !user.state.is_empty() && user.state != "active" {
        return Ok(Answer::No);
    }
    let member: Option<Member> = asking.ask_if_any(&project.member(user.id))?;
    Ok(match member {
        Some(member) if member.id == user.id => role(&member),
        Some(_) => Answer::Unknown,
        None => Answer::No,
    })
}

fn role(member: &Member) -> Answer {
    if counts(member) && member.access_level >= DEVELOPER { Answer::Yes } else { Answer::No }
}

/// Says whether a membership is in force: not blocked, not awaiting anything.
fn counts(member: &Member) -> bool {
    let in_force = |state: &str| state.is_empty() || state == "active";
    in_force(&member.state) && in_force(&member.membership_state)
}

/// Returns who is in the groups of these handles.
pub(super) fn teams(asking: &Asking<'_>, handles: &[String]) -> BTreeMap<String, Membership> {
    let mut teams = BTreeMap::new();
    for handle in handles {
        let group = handle.trim_start_matches('@');
        let membership = match asking.list::<Member>(&calls::group_members(group)) {
            Ok(members) => {
                let mut logins: Vec<String> = members
                    .into_iter()
                    .filter(counts)
                    .map(|member| member.username)
                    .filter(|l| !l.is_empty())
                    .collect();
                logins.sort();
                logins.dedup();
                Membership::Members(logins)
            }
            Err(error) if error.remedy.is_empty() => Membership::Unreadable(error.to_string()),
            Err(error) => Membership::Unreadable(format!("{error}; {}", error.remedy)),
        };
        teams.insert(handle.clone(), membership);
    }
    teams
}

#[cfg(test)]
mod tests {
    use super::{by_name, kind, role};
    use crate::forge::gitlab::answers::{Member, User};
    use crate::review::state::{AccountKind, Answer};

    #[test]
    fn accounts_of_tokens_and_services_are_programs_by_their_name_alone() {
        for program in ["project_12_bot", "group_3_bot_a1b2c3", "service_account_group_9_x", "GitLabDuo", "ghost"] {
            assert_eq!(by_name(program), AccountKind::Bot, "{program}");
        }
        for other in ["ada", "project_manager", "robot", "group_bottle", "my_project_1_bot", "ghostwriter"] {
            assert_eq!(by_name(other), AccountKind::Unknown, "{other}");
        }
    }

    #[test]
    fn only_gitlab_says_that_somebody_is_human() {
        let user = |bot| User { username: "ada".to_owned(), bot, ..User::default() };
        assert_eq!(kind(&user(Some(false))), AccountKind::Human);
        assert_eq!(kind(&user(Some(true))), AccountKind::Bot);
        assert_eq!(kind(&user(None)), AccountKind::Unknown);
        let named = User { username: "project_1_bot".to_owned(), bot: Some(false), ..User::default() };
        assert_eq!(kind(&named), AccountKind::Bot);
    }

    #[test]
    fn developers_write_and_reporters_and_the_blocked_do_not() {
        let member = |access_level, state: &str, membership_state: &str| Member {
            access_level,
            state: state.to_owned(),
            membership_state: membership_state.to_owned(),
            ..Member::default()
        };
        assert_eq!(role(&member(30, "active", "")), Answer::Yes);
        assert_eq!(role(&member(20, "active", "active")), Answer::No);
        assert_eq!(role(&member(50, "blocked", "active")), Answer::No);
        assert_eq!(role(&member(40, "active", "awaiting")), Answer::No);
    }
}
