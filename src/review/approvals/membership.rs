//! Who may speak for a team, and who may approve a layer.
//!
//! Owns where a team's members are looked up: in the specification where it lists them, else on the forge under the
//! team's handles. Must not guess: a membership that could not be read has no members.

use std::collections::BTreeSet;

use super::folded;
use crate::policies::input::InputDocument;
use crate::review::Requirement;
use crate::review::reached::OR;
use crate::review::state::{Membership, PullState};
use crate::specification::Specification;
use crate::specification::team::Team;

/// Returns the handles of all teams whose members the forge must be asked for before this change can be judged, without
/// `@`, sorted: those of teams whose members the specification does not list, and teams among the owners of files.
#[must_use]
pub fn handles_to_ask(specification: &Specification, input: &InputDocument) -> Vec<String> {
    let listed = specification.teams.values().filter(|team| !team.members.is_empty());
    let listed: BTreeSet<String> = listed.flat_map(|team| &team.handles).map(|handle| folded(handle)).collect();
    let unlisted = specification.teams.values().filter(|team| team.members.is_empty());
    let handles = unlisted.flat_map(|team| &team.handles);
    // A name without `/` in CODEOWNERS is a person.
    let owners = input.files.iter().flat_map(|file| &file.owners);
    let owners = owners.filter(|owner| owner.starts_with('@') && owner.contains('/'));
    let wanted = handles.chain(owners).map(|handle| handle.trim().trim_start_matches('@'));
    let mut wanted: Vec<String> =
        wanted.filter(|handle| !listed.contains(&folded(handle))).map(str::to_owned).collect();
    wanted.sort();
    wanted.dedup();
    wanted
}

/// What looking somebody up gave.
enum Found {
    Member,
    NotMember,
    Unreadable(String),
}

/// Says why a person may not speak for the team that the requirement asks, or none.
pub(super) fn why_not(
    requirement: &Requirement,
    id: &str,
    state: &PullState,
    specification: &Specification,
) -> Option<String> {
    let team = requirement.team.raw();
    if !team.is_empty() {
        return match in_named(team, id, state, specification) {
            Found::Member => None,
            Found::NotMember => Some(format!("not a member of {team}")),
            Found::Unreadable(why) => Some(why),
        };
    }
    if specification.teams.is_empty() {
        // Anyone who may write; that was looked at before.
        return None;
    }
    let mut unreadable = None;
    for team in specification.teams.values().filter(|team| team.approves.contains(&requirement.layer)) {
        match in_team(team, id, state) {
            Found::Member => return None,
            Found::NotMember => {}
            Found::Unreadable(why) => unreadable = unreadable.or(Some(why)),
        }
    }
    unreadable.or_else(|| Some(format!("in no team that may approve layer {}", requirement.layer)))
}

/// Looks somebody up under the name that a requirement asks: a team's id, or handles of which any one is enough.
fn in_named(named: &str, id: &str, state: &PullState, specification: &Specification) -> Found {
    any(named.split(OR).map(|handle| in_handle(handle, id, state, specification)))
}

fn in_team(team: &Team, id: &str, state: &PullState) -> Found {
    if !team.members.is_empty() {
        let member = team.members.iter().any(|member| folded(&member.handle) == id);
        return if member { Found::Member } else { Found::NotMember };
    }
    any(team.handles.iter().map(|handle| on_forge(handle, id, state)))
}

/// Looks somebody up under one name: a team of the specification by its id or handle, a team of the forge, or a person.
fn in_handle(handle: &str, id: &str, state: &PullState, specification: &Specification) -> Found {
    let wanted = folded(handle);
    let by_handle = || specification.teams.values().find(|team| team.handles.iter().any(|own| folded(own) == wanted));
    let of_specification = specification.teams.get(handle).or_else(by_handle);
    match of_specification {
        Some(team) => in_team(team, id, state),
        None => on_forge(handle, id, state),
    }
}

/// Looks somebody up under one handle of the forge. A name without `/` is a person, or a team of the organisation that
/// holds the project.
fn on_forge(handle: &str, id: &str, state: &PullState) -> Found {
    let wanted = folded(handle);
    let address = !handle.trim().starts_with('@') && wanted.contains('@');
    if address {
        return Found::Unreadable(format!("whose address {handle} is cannot be told"));
    }
    let person = !wanted.contains('/');
    if person && handle.trim().starts_with('@') && wanted == id {
        return Found::Member;
    }
    let organisation = state.project.rsplit_once('/').map_or("", |(organisation, _)| organisation);
    let full = if person { format!("{}/{wanted}", folded(organisation)) } else { wanted.clone() };
    let named = |key: &String| [&wanted, &full].contains(&&folded(key));
    let mut teams = state.teams.iter().filter(|(key, _)| named(key)).peekable();
    if teams.peek().is_none() {
        // `@name` of which the forge knows no team is a person, and another one.
        let lone = person && handle.trim().starts_with('@');
        let why = format!("the members of {handle} were not asked for");
        return if lone { Found::NotMember } else { Found::Unreadable(why) };
    }
    any(teams.map(|(_, membership)| match membership {
        Membership::Members(members) if members.iter().any(|member| folded(member) == id) => Found::Member,
        Membership::Members(_) => Found::NotMember,
        Membership::Unreadable(why) => Found::Unreadable(format!("the members of {handle} cannot be read: {why}")),
    }))
}

/// Returns the best of several places to look: found in one is found; else what could not be read is told.
fn any(found: impl Iterator<Item = Found>) -> Found {
    let mut best = Found::NotMember;
    for one in found {
        match one {
            Found::Member => return Found::Member,
            Found::Unreadable(why) if matches!(best, Found::NotMember) => best = Found::Unreadable(why),
            Found::Unreadable(_) | Found::NotMember => {}
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::handles_to_ask;
    use crate::policies::input::FileEntry;
    use crate::review::sample;
    use crate::specification::Specification;
    use crate::specification::team::{Member, Team};

    #[test]
    fn only_teams_whose_members_nobody_lists_are_asked_for() {
        let team = |id: &str, handle: &str, members: Vec<Member>| {
            let handles = vec![handle.to_owned()];
            (id.to_owned(), Team { id: id.to_owned(), handles, members, ..Team::default() })
        };
        let ines = Member { handle: "@ines".to_owned(), ..Member::default() };
        let teams = [team("platform", "@shop/platform", vec![ines]), team("web", "@shop/web", Vec::new())];
        let specification = Specification { teams: teams.into_iter().collect(), ..Specification::default() };
        let owners = ["@Shop/Platform", "@shop/docs", "@shop/web", "@mei", "mei@example.org"];
        let owners = owners.iter().map(|owner| (*owner).to_owned()).collect();
        let input = sample::change("h", vec![FileEntry { owners, ..sample::file("a") }], Vec::new());
        assert_eq!(handles_to_ask(&specification, &input), ["shop/docs", "shop/web"]);
    }
}
