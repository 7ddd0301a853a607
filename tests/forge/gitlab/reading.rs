//! What becomes of a merge request when it is read, and of what the token may not read.

use portcullis::forge::gitlab::GitLab;
use portcullis::forge::token::Token;
use portcullis::forge::{Asked, Forge};
use portcullis::review::state::{AccountKind, Answer, Membership, PullState, Stance};
use serde_json::json;

use crate::fake::{
    BASE, Fake, GROUP_TOKEN, HEAD, JOB_TOKEN, LAST, NEXT, PROJECT_TOKEN, Paging, READER_TOKEN, no_token, told,
};
use crate::server::Reply;

fn asked() -> Asked {
    Asked { number: 5, ..Asked::default() }
}

fn read(fake: &Fake, token: &str, asked: &Asked) -> PullState {
    let state = fake.client(token).pull(asked).unwrap();
    no_token(&format!("{state:?}"));
    assert_eq!(fake.writes(), 0, "reading writes nothing");
    assert!(state.gaps.is_sorted());
    state
}

fn opinions(state: &PullState) -> Vec<(&str, Stance, &str)> {
    state.opinions.iter().map(|said| (said.login.as_str(), said.stance, said.commit.as_str())).collect()
}

fn gap(state: &PullState, words: &str) -> bool {
    state.gaps.iter().any(|gap| gap.contains(words))
}

#[test]
fn everything_that_a_merge_request_says_is_told_and_nothing_is_missing() {
    let fake = Fake::new();
    fake.state().approve("bo");
    let asked = Asked { number: 5, teams: vec!["acme/platform".to_owned()], open_changes: true };
    let state = read(&fake, READER_TOKEN, &asked);
    assert_eq!(state.gaps, Vec::<String>::new());
    assert_eq!((state.forge.as_str(), state.project.as_str(), state.number), ("gitlab", "acme/shop", 5));
    assert_eq!((state.title.as_str(), state.body.as_str(), state.draft), ("Draft: mend it", "why", true));
    assert_eq!(state.labels, ["alpha", "zeta"]);
    assert_eq!((state.author.as_str(), state.from_fork), ("ada", false));
    assert_eq!((state.source_branch.as_str(), state.target_branch.as_str()), ("mend", "main"));
    assert_eq!((state.head.as_str(), state.base.as_str(), state.changed_files), (HEAD, BASE, Some(3)));
    assert_eq!(opinions(&state), [("bo", Stance::Approved, HEAD)]);
    assert_eq!((state.contributors.as_slice(), state.last_pusher.as_str()), (["ada".to_owned()].as_slice(), "ada"));
    assert_eq!(state.open_changes, Some(1));
    assert_eq!(state.teams["acme/platform"], Membership::Members(vec!["bo".to_owned(), "cy".to_owned()]));
    assert_eq!(state.people.keys().collect::<Vec<_>>(), ["ada", "bo"]);
    assert_eq!((state.people["bo"].kind, state.people["bo"].writes), (AccountKind::Human, Answer::Yes));
}

#[test]
fn an_approval_before_a_push_stays_with_the_old_head_row_144() {
    let fake = Fake::new();
    fake.state().approve("bo");
    fake.state().push(NEXT, "ada");
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!((state.head.as_str(), opinions(&state)), (NEXT, vec![("bo", Stance::Approved, HEAD)]));
    fake.state().approvals.clear();
    fake.state().approve("bo");
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, NEXT)]);
}

#[test]
fn an_approval_that_was_taken_back_or_has_no_time_is_none_of_any_head_row_144() {
    let fake = Fake::new();
    fake.state().approve("bo");
    fake.state().approvals[0]["approved_at"] = json!(null);
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, "")]);
    let same_moment = fake.state().versions[0]["created_at"].clone();
    fake.state().approvals[0]["approved_at"] = same_moment;
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, "")]);
    fake.state().approvals.clear();
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), []);
}

#[test]
fn the_time_of_an_approval_is_taken_from_gitlabs_own_notes_and_from_no_other_row_144() {
    let fake = Fake::new();
    let said = "approved this merge request";
    fake.state().approve("bo");
    fake.state().approvals[0]["approved_at"] = json!(null);
    let told = fake.state().system_note(2, said);
    fake.state().notes.push(told);
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, HEAD)]);
    fake.state().push(NEXT, "ada");
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, HEAD)]);
    let by_hand = fake.state().note(2, said);
    let of_another = fake.state().system_note(3, said);
    fake.state().notes.extend([by_hand, of_another]);
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, HEAD)]);
    fake.state().notes.remove(0);
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(opinions(&state), [("bo", Stance::Approved, "")]);
    assert!(gap(&state, "does not tell when bo approved"), "{:?}", state.gaps);
}

#[test]
fn a_push_while_the_change_is_read_never_makes_an_approval_newer_row_7() {
    let fake = Fake::new();
    fake.state().approve("bo");
    fake.state().meanwhile = Some(|state, line| {
        if line.contains("/versions") && state.versions.len() == 1 {
            state.push(NEXT, "ada");
        }
    });
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!((state.head.as_str(), opinions(&state)), (NEXT, vec![("bo", Stance::Approved, HEAD)]));
}

#[test]
fn a_merge_request_that_never_rests_or_is_not_open_is_no_state_row_7() {
    let fake = Fake::new();
    fake.state().meanwhile = Some(|state, line| {
        if line.contains("/versions") {
            let next = if state.requests[0]["sha"] == NEXT { HEAD } else { NEXT };
            state.push(next, "ada");
        }
    });
    let error = fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err();
    assert!(told(&error).contains("it changes while it is read"), "{error}");
    for word in ["closed", "merged", "locked", "", "reopened?"] {
        let fake = Fake::new();
        fake.state().requests[0]["state"] = json!(word);
        let error = fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err();
        assert!(told(&error).contains("is not open"), "{word}: {error}");
        assert!(!fake.client(PROJECT_TOKEN).ends(5).unwrap().open, "{word}");
    }
    // Closed, or sent elsewhere, while it is read.
    let fake = Fake::new();
    fake.state().meanwhile = Some(|state, line| {
        if line.contains("/versions") {
            state.requests[0]["state"] = json!("merged");
        }
    });
    assert!(told(&fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err()).contains("is not open"));
}

#[test]
fn a_merge_request_leads_to_the_tip_of_its_branch_and_that_is_asked_once() {
    let fake = Fake::new();
    fake.state().tip = LAST.to_owned();
    let client = fake.client(PROJECT_TOKEN);
    let ends = client.ends(5).unwrap();
    assert_eq!((ends.head.as_str(), ends.target_branch.as_str(), ends.base.as_str()), (HEAD, "main", LAST));
    let state = client.pull(&asked()).unwrap();
    assert_eq!((state.base.as_str(), state.pushed_base.as_str()), (LAST, BASE));
    fake.state().tip = NEXT.to_owned();
    assert_eq!(client.ends(5).unwrap().base, LAST, "a run judges by one state of the branch");
    assert_eq!(fake.sent("/repository/branches/").len(), 1);
    fake.state().requests[0]["target_branch"] = json!("gone");
    assert!(client.ends(5).is_err(), "a tip that is not told is none");
}

#[test]
fn open_merge_requests_with_a_head_are_found_with_their_branches() {
    let fake = Fake::new();
    let mut other = fake.state().request(6, "bo", HEAD);
    other["target_branch"] = json!("release");
    let mut closed = fake.state().request(7, "bo", HEAD);
    closed["state"] = json!("closed");
    fake.state().requests.extend([other, closed]);
    let client = fake.client(PROJECT_TOKEN);
    let found = client.with_head(HEAD, None).unwrap();
    let told: Vec<(u64, &str)> = found.iter().map(|one| (one.number, one.target_branch.as_str())).collect();
    assert_eq!(told, [(5, "main"), (6, "release")]);
    assert_eq!(client.with_head(NEXT, None), Ok(Vec::new()), "they hold it, and it is not their head");
}

#[test]
fn an_approval_of_a_head_that_came_meanwhile_is_not_one_of_the_head_that_was_read_row_144() {
    let fake = Fake::new();
    fake.state().meanwhile = Some(|state, line| {
        if line.contains("/approvals") && state.versions.len() == 1 {
            state.push(NEXT, "ada");
            state.approve("bo");
        }
    });
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!((state.head.as_str(), opinions(&state)), (NEXT, vec![("bo", Stance::Approved, NEXT)]));
}

#[test]
fn who_asks_for_changes_or_says_what_nobody_knows_has_not_approved() {
    let fake = Fake::new();
    fake.state().approve("bo");
    fake.state().reviewers = vec![(2, "requested_changes"), (3, "unreviewed")];
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::ChangesRequested, "")]);
    fake.state().reviewers = vec![(2, "sleeps_on_it")];
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Unknown, "")]);
    fake.state().reviewers = vec![(2, "reviewed"), (3, "approved")];
    assert_eq!(opinions(&read(&fake, PROJECT_TOKEN, &asked())), [("bo", Stance::Approved, HEAD)]);
}

#[test]
fn bots_reporters_and_removed_members_are_told_apart_row_145() {
    let fake = Fake::new();
    for login in ["bo", "cy", "project_7_bot"] {
        fake.state().approve(login);
    }
    fake.state().roles.remove(&2);
    fake.state().users[2].bot = None;
    let state = read(&fake, PROJECT_TOKEN, &asked());
    let person = |login: &str| (state.people[login].kind, state.people[login].writes);
    assert_eq!(person("bo"), (AccountKind::Human, Answer::No), "not a member any more");
    assert_eq!(person("cy"), (AccountKind::Unknown, Answer::No), "a reporter, and an older GitLab says no more");
    assert_eq!(person("project_7_bot"), (AccountKind::Bot, Answer::Yes));
    fake.state().users[1].state = "blocked".to_owned();
    fake.state().roles.insert(2, 50);
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).people["bo"].writes, Answer::No, "blocked");
}

#[test]
fn authors_committers_and_co_authors_are_found_by_their_addresses_row_145() {
    let fake = Fake::new();
    fake.state().commit("B", "BO@example.org", "Co-authored-by: C <3-was-cy@users.noreply.git.example>\n");
    fake.state().commit("ada name", "ada@home.example", "");
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(state.contributors, ["ada", "bo", "cy", "was-cy"]);
    assert_eq!(state.gaps, Vec::<String>::new());
    assert_eq!(fake.sent("search=bo%40example.org").len(), 1);
}

#[test]
fn whoever_pushed_a_state_of_the_change_or_has_the_name_of_its_committer_made_it_row_145() {
    let fake = Fake::new();
    fake.state().push(NEXT, "cy");
    fake.state().push(LAST, "ada");
    fake.state().events[1]["push_data"]["ref"] = json!("other");
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).contributors, ["ada"], "a push to another branch");
    fake.state().events[1]["push_data"]["ref"] = json!("mend");
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!((state.contributors, state.last_pusher.as_str()), (vec!["ada".to_owned(), "cy".to_owned()], "ada"));
    fake.state().approve("bo");
    fake.state().commit("Bo Name", "bo@hidden.example", "");
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).contributors, ["ada", "bo", "cy"]);
}

#[test]
fn a_push_that_is_not_among_the_newest_is_looked_for_and_else_a_gap_row_145() {
    for (others, told) in [(150, true), (600, false)] {
        let fake = Fake::new();
        let mut other = fake.state().events[0].clone();
        other["push_data"]["ref"] = json!("other");
        let mut events = vec![other; others];
        events.append(&mut fake.state().events);
        fake.state().events = events;
        let state = read(&fake, PROJECT_TOKEN, &asked());
        assert_eq!((state.last_pusher == "ada", gap(&state, "who pushed 1 state")), (told, !told), "{:?}", state.gaps);
    }
}

#[test]
fn nobody_approves_a_change_of_which_a_part_has_no_known_maker_row_145() {
    let fake = Fake::new();
    fake.state().approve("bo");
    fake.state().commit("Somebody", "somebody@hidden.example", "");
    assert!(!read(&fake, PROJECT_TOKEN, &asked()).contributors_missing, "all pushes are told");
    fake.state().events.clear();
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert!(state.contributors_missing && gap(&state, "nobody's approval counts"), "{:?}", state.gaps);
    fake.state().commits.truncate(1);
    assert!(!read(&fake, PROJECT_TOKEN, &asked()).contributors_missing, "all addresses are known");
    fake.state().commits.clear();
    assert!(read(&fake, PROJECT_TOKEN, &asked()).contributors_missing, "a change without commits is none");
}

#[test]
fn the_time_of_another_target_branch_is_told_by_gitlabs_own_notes_and_by_no_other_row_144() {
    let fake = Fake::new();
    fake.state().approve("bo");
    let said = "changed target branch from `main` to `release`";
    let by_hand = fake.state().note(1, said);
    fake.state().notes.push(by_hand);
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).retargeted, "");
    let told = fake.state().system_note(1, said);
    fake.state().notes.push(told.clone());
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert!(state.retargeted == told["created_at"].as_str().unwrap() && state.retargeted > state.opinions[0].at);
    let later =
        fake.state().system_note(1, "deleted the `release` branch. This merge request now targets the `main` branch");
    fake.state().notes.insert(0, later.clone());
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).retargeted, later["created_at"].as_str().unwrap());
    fake.fail("/notes?", usize::MAX, Reply::json(403, &json!({})));
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(opinions(&state), [("bo", Stance::Approved, "")]);
    assert!(gap(&state, "whether the target branch was changed"), "{:?}", state.gaps);
}

#[test]
fn an_address_that_belongs_to_nobody_or_only_looks_so_is_a_gap() {
    let fake = Fake::new();
    fake.state().users[1].name = "x eve@example.org".to_owned();
    fake.state().commit("Eve", "eve@example.org", "");
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(state.contributors, ["ada"], "a name that holds the address is not the address");
    assert!(gap(&state, "1 mail address in the commits belong"), "{:?}", state.gaps);
}

#[test]
fn the_last_pusher_is_who_pushed_this_head_and_else_not_known_row_145() {
    let fake = Fake::new();
    fake.state().push(NEXT, "cy");
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(state.last_pusher, "cy");
    assert!(state.people.contains_key("cy"));
    fake.state().events[0]["push_data"]["commit_to"] = json!(HEAD);
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert_eq!(state.last_pusher, "");
    assert!(gap(&state, "who pushed last is not told"), "{:?}", state.gaps);
    fake.state().events[0]["push_data"]["commit_to"] = json!(NEXT);
    fake.state().events[0]["push_data"]["ref_type"] = json!("tag");
    assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).last_pusher, "", "a tag of the same name is no push to the branch");
    fake.state().events.clear();
    assert!(gap(&read(&fake, PROJECT_TOKEN, &asked()), "who pushed last is not told"));
}

#[test]
fn the_token_of_a_job_reads_no_approvals_and_the_gap_names_the_token_that_would_row_133() {
    let fake = Fake::new();
    fake.state().approve("bo");
    let state = read(&fake, JOB_TOKEN, &Asked { teams: vec!["acme/platform".to_owned()], ..asked() });
    assert_eq!(state.opinions, Vec::new());
    let gap = state.gaps.iter().find(|gap| gap.starts_with("approvals could not be read")).unwrap();
    for words in ["CI_JOB_TOKEN", "project or group access token", "`read_api`", "PORTCULLIS_TOKEN", "/approvals"] {
        assert!(gap.contains(words), "{words}: {gap}");
    }
    assert_eq!((state.title.as_str(), state.author.as_str(), state.base.as_str()), ("Draft: mend it", "ada", BASE));
    assert!(matches!(&state.teams["acme/platform"], Membership::Unreadable(why) if why.contains("CI_JOB_TOKEN")));
    assert_eq!(state.people["ada"].writes, Answer::Unknown);
}

#[test]
fn approvals_that_are_refused_are_a_gap_and_never_an_empty_list_row_133() {
    for status in [401, 403, 404, 500] {
        let fake = Fake::new();
        fake.state().approve("bo");
        fake.fail("/approvals", usize::MAX, Reply::json(status, &json!({ "message": "SECRET" })));
        let state = read(&fake, PROJECT_TOKEN, &asked());
        assert!(state.opinions.is_empty() && gap(&state, "approvals could not be read"), "{:?}", state.gaps);
        assert!(state.opinions_missing);
    }
}

#[test]
fn each_part_that_is_refused_is_a_gap_of_its_own() {
    let parts = [
        ("/versions", "the versions of the change"),
        ("/reviewers", "what reviewers asked for"),
        ("/commits?", "the commits"),
        ("/events", "pushes"),
        ("/branches/", "the tip of the target branch"),
        ("author_id=", "open changes of the author"),
        ("/users/", "accounts"),
        ("/members/all/", "roles in the project"),
    ];
    for (about, words) in parts {
        let fake = Fake::new();
        fake.state().approve("bo");
        fake.fail(about, usize::MAX, Reply::json(403, &json!({})));
        let state = read(&fake, PROJECT_TOKEN, &Asked { open_changes: true, ..asked() });
        assert!(gap(&state, &format!("{words} could not be read")), "{about}: {:?}", state.gaps);
        assert_eq!(state.people["bo"].writes == Answer::Unknown, matches!(about, "/users/" | "/members/all/"));
        assert_eq!(opinions(&state)[0].2.is_empty(), about == "/versions");
        assert_eq!(state.contributors_missing, about == "/commits?");
        // Who asked for changes after his approval has not approved.
        assert_eq!(state.opinions_missing, about == "/reviewers");
    }
}

#[test]
fn a_group_that_is_not_shown_is_unreadable_and_says_why() {
    let fake = Fake::new();
    let teams = ["acme/hidden", "acme/nowhere", ".."].map(str::to_owned).to_vec();
    let state = read(&fake, PROJECT_TOKEN, &Asked { teams: teams.clone(), ..asked() });
    for team in &teams {
        assert!(matches!(&state.teams[team], Membership::Unreadable(why) if why.contains("404")), "{team}");
    }
}

#[test]
fn a_token_of_its_own_for_groups_is_asked_for_groups_and_nothing_else() {
    let fake = Fake::new();
    let mut settings = fake.settings(JOB_TOKEN);
    settings.tokens.organisation = Token::new(GROUP_TOKEN);
    let asked = Asked { teams: vec!["acme/platform".to_owned()], ..asked() };
    let state = GitLab::new(settings).unwrap().pull(&asked).unwrap();
    assert_eq!(state.teams["acme/platform"], Membership::Members(vec!["bo".to_owned(), "cy".to_owned()]));
    assert!(gap(&state, "approvals could not be read"), "{:?}", state.gaps);
}

#[test]
fn a_fork_is_known_also_when_it_is_gone() {
    let fake = Fake::new();
    fake.state().requests[0]["source_project_id"] = json!(8);
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert!(state.from_fork && gap(&state, "pushes could not be read"));
    fake.state().requests[0]["source_project_id"] = json!(null);
    let state = read(&fake, PROJECT_TOKEN, &asked());
    assert!(state.from_fork && gap(&state, "who pushed last is not told"));
}

#[test]
fn a_number_of_files_that_is_not_exact_is_none() {
    let fake = Fake::new();
    for (said, told) in [(json!("1000+"), None), (json!(null), None), (json!(""), None), (json!("41"), Some(41))] {
        fake.state().requests[0]["changes_count"] = said;
        assert_eq!(read(&fake, PROJECT_TOKEN, &asked()).changed_files, told);
    }
}

#[test]
fn a_merge_request_that_cannot_be_read_is_an_error_with_its_remedy() {
    let fake = Fake::new();
    let error = fake.client(PROJECT_TOKEN).pull(&Asked { number: 6, ..Asked::default() }).unwrap_err();
    assert!(told(&error).contains("GET projects/acme%2Fshop/merge_requests/6: GitLab answers 404"), "{error}");
    let error = fake.client("glpat-SECRETwrong").pull(&asked()).unwrap_err();
    assert!(told(&error).contains("401") && told(&error).contains("PORTCULLIS_TOKEN"), "{error}");
    for (key, value) in [("sha", json!(null)), ("author", json!(null)), ("iid", json!(6))] {
        let fake = Fake::new();
        let mut request = fake.state().requests[0].clone();
        request[key] = value;
        fake.fail("merge_requests/5", usize::MAX, Reply::json(200, &request));
        told(&fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err());
    }
}

#[test]
fn all_open_merge_requests_are_listed_however_the_pages_are_told() {
    for paging in [Paging::Both, Paging::Number, Paging::Cursor, Paging::Silent] {
        let fake = Fake::new();
        fake.state().paging = paging;
        for number in 6..255 {
            let mut request = fake.state().request(number, "ada", HEAD);
            request["target_branch"] = json!(if number % 2 == 0 { "main" } else { "other" });
            request["state"] = json!(if number == 99 { "closed" } else { "opened" });
            fake.state().requests.push(request);
        }
        let client = fake.client(PROJECT_TOKEN);
        let open = client.open_pulls().unwrap();
        let main: Vec<u64> = open.iter().filter(|one| one.target_branch == "main").map(|one| one.number).collect();
        assert!(open.len() == 249 && main.len() == 126 && main.is_sorted() && main.contains(&5));
        assert_eq!(fake.sent("/merge_requests?").len(), 3);
    }
}

#[test]
fn a_head_belongs_to_the_one_open_merge_request_that_has_it() {
    let fake = Fake::new();
    let client = fake.client(PROJECT_TOKEN);
    assert_eq!(client.pull_of(HEAD), Ok(5));
    let error = client.pull_of(NEXT).unwrap_err();
    assert!(told(&error).contains("no open merge request"), "it is in one, but not its head: {error}");
    let second = fake.state().request(6, "bo", HEAD);
    fake.state().requests.push(second);
    assert!(told(&client.pull_of(HEAD).unwrap_err()).contains("!5, !6"));
    fake.state().requests[0]["state"] = json!("merged");
    assert_eq!(client.pull_of(HEAD), Ok(6));
}
