//! What is read of a pull request, and what is not believed.

use portcullis::forge::token::Token;
use portcullis::forge::{Asked, Forge as _, ForgeError, OpenChange};
use portcullis::review::state::{AccountKind, Answer, Membership, PullState, Stance};
use serde_json::{Value, json};

use super::hub::{BASE, FORK, HEAD, Hub, ORGANISATION, OTHER, PERSON, WORKFLOW, Watched, commit, pull, review, user};
use super::server::Reply;

pub fn asked() -> Asked {
    Asked { number: 7, teams: Vec::new(), open_changes: false }
}

fn team() -> Asked {
    Asked { teams: vec!["acme/payments".to_owned()], ..asked() }
}

fn read(hub: &Hub) -> PullState {
    hub.client(FORK).pull(&asked()).unwrap()
}

fn refused(reply: Result<PullState, ForgeError>) -> ForgeError {
    reply.expect_err("it must not be read")
}

#[test]
fn the_live_state_is_read_whole_with_a_token_that_only_reads() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1), review("eve", "CHANGES_REQUESTED", OTHER, 2)];
    let state = read(&hub);
    assert_eq!((state.number, state.author.as_str(), state.title.as_str()), (7, "ada", "Add refunds"));
    assert_eq!(state.labels, ["bug", "size/L"]);
    assert_eq!((state.source_branch.as_str(), state.target_branch.as_str()), ("refunds", "main"));
    assert_eq!((state.head.as_str(), state.changed_files, state.from_fork), (HEAD, Some(4), false));
    assert_eq!(state.opinions.len(), 2);
    assert_eq!((state.opinions[0].stance, state.opinions[0].commit.as_str()), (Stance::Approved, HEAD));
    assert_eq!(state.people["bob"].writes, Answer::Yes);
    assert_eq!(state.people["eve"].writes, Answer::No);
    assert_eq!(state.people["bob"].kind, AccountKind::Human);
    assert_eq!((state.contributors, state.last_pusher.as_str()), (vec!["ada".to_owned()], "ada"));
    assert_eq!(state.gaps, Vec::<String>::new());
    assert_eq!(state.open_changes, None);
}

#[test]
fn an_enterprise_server_is_read_below_its_path() {
    let hub = Hub::below("/api/v3");
    hub.state().page = 1;
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1), review("cy", "APPROVED", HEAD, 2)];
    assert_eq!(hub.client(WORKFLOW).pull(&asked()).unwrap().opinions.len(), 2);
}

#[test]
fn reading_twice_costs_nothing_for_what_has_not_changed() {
    let hub = Hub::new();
    let client = hub.client(FORK);
    let first = client.pull(&asked()).unwrap();
    let counted = || {
        let state = hub.state();
        (state.unchanged, state.log.len())
    };
    let (unchanged, sent) = counted();
    assert_eq!(unchanged, 1, "the head is looked at again at the end, and was the same");
    assert_eq!(client.pull(&asked()).unwrap(), first);
    let (again_unchanged, again_sent) = counted();
    assert_eq!(again_unchanged - unchanged, again_sent - sent);
}

#[test]
fn a_review_says_at_which_commit_it_was_given_row_144() {
    let hub = Hub::new();
    let mut collected = review("cy", "APPROVED", HEAD, 3);
    collected["commit_id"] = Value::Null;
    hub.state().reviews = vec![review("bob", "approved", OTHER, 1), review("bob", "DISMISSED", OTHER, 2), collected];
    let state = read(&hub);
    let said: Vec<_> = state.opinions.iter().map(|one| (one.login.as_str(), one.stance, one.commit.as_str())).collect();
    let expected = [("bob", Stance::Approved, OTHER), ("bob", Stance::Dismissed, OTHER), ("cy", Stance::Approved, "")];
    assert_eq!(said, expected);
}

#[test]
fn an_opinion_of_a_new_kind_is_kept_as_unknown_and_in_its_place_row_144() {
    let hub = Hub::new();
    hub.state().reviews = vec![
        review("bob", "APPROVED_LATER", HEAD, 9),
        review("bob", "APPROVED", HEAD, 1),
        review("bob", "PENDING", HEAD, 10),
    ];
    let stances: Vec<Stance> = read(&hub).opinions.iter().map(|opinion| opinion.stance).collect();
    assert_eq!(stances, [Stance::Approved, Stance::Unknown]);
}

#[test]
fn a_push_after_an_approval_was_read_is_noticed_row_144() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
    hub.after("/reviews", |state| {
        state.pulls.insert(7, pull(7, "ada", OTHER));
        state.reviews.push(review("cy", "COMMENTED", OTHER, 2));
    });
    let state = read(&hub);
    assert_eq!((state.head.as_str(), state.opinions.len()), (OTHER, 2), "all is read again for the new head");
}

#[test]
fn a_head_that_never_rests_is_no_state_row_144() {
    let hub = Hub::new();
    for round in 0..8_u32 {
        let head = format!("{round}").repeat(40);
        hub.after("/reviews", move |state| {
            state.pulls.insert(7, pull(7, "ada", &head));
        });
    }
    let error = refused(hub.client(FORK).pull(&asked()));
    assert_eq!(error.why, "it changes while it is read");
}

#[test]
fn ghosts_bots_and_strangers_are_what_they_are_row_145() {
    let hub = Hub::new();
    let mut ghost = review("x", "APPROVED", HEAD, 1);
    ghost["user"] = Value::Null;
    hub.state().reviews = vec![
        ghost,
        review("copilot-pull-request-reviewer[bot]", "APPROVED", HEAD, 2),
        review("stranger", "APPROVED", HEAD, 3),
    ];
    let state = read(&hub);
    assert_eq!(state.people["ghost"].kind, AccountKind::Unknown);
    assert_eq!(state.people["copilot-pull-request-reviewer[bot]"].kind, AccountKind::Bot);
    assert_eq!(state.people["stranger"].writes, Answer::Unknown, "GitHub does not know him");
    assert_eq!(hub.count("GET", "%5Bbot%5D/permission"), 0, "nobody needs to know what a program may");
}

#[test]
fn a_role_that_is_not_known_is_no_right_to_write_row_145() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
    for (word, expected) in [
        ("admin", Answer::Yes),
        ("write", Answer::Yes),
        ("triage", Answer::No),
        ("read", Answer::No),
        ("none", Answer::No),
        ("super", Answer::Unknown),
        ("", Answer::Unknown),
    ] {
        hub.state().permissions.insert("bob".to_owned(), word.to_owned());
        assert_eq!(read(&hub).people["bob"].writes, expected, "{word}");
    }
    hub.fault("GET", "/permission", 99, Reply::json(403, &json!({})));
    assert_eq!(read(&hub).people["bob"].writes, Answer::Unknown);
}

#[test]
fn authors_committers_and_co_authors_are_contributors_row_145() {
    let hub = Hub::new();
    let mut mixed = commit("dan", "x\n\nCo-authored-by: Bob <12+bob@users.noreply.github.com>\n");
    mixed["committer"] = user("cy");
    let mut unmapped = commit("", "y");
    unmapped["commit"]["author"]["email"] = json!("5+eve@users.noreply.github.com");
    unmapped["committer"] = json!({});
    hub.state().commits = vec![mixed, unmapped];
    let mut changed = pull(7, "ada", HEAD);
    changed["commits"] = json!(2);
    hub.state().pulls.insert(7, changed);
    assert_eq!(read(&hub).contributors, ["bob", "cy", "dan", "eve"]);
}

#[test]
fn more_commits_than_are_listed_are_read_from_the_comparison_and_else_leave_a_gap_row_145() {
    let hub = Hub::new();
    let mut long = pull(7, "ada", HEAD);
    long["commits"] = json!(251);
    hub.state().pulls.insert(7, long.clone());
    hub.state().commits = (0..250).map(|_| commit("ada", "x")).collect();
    hub.state().commits.push(commit("bob", "y"));
    let state = read(&hub);
    assert_eq!((state.contributors, state.gaps), (vec!["ada".to_owned(), "bob".to_owned()], Vec::new()));
    long["commits"] = json!(252);
    hub.state().pulls.insert(7, long);
    let state = read(&hub);
    assert!(state.gaps[0].starts_with("only 251 commits are listed"), "{:?}", state.gaps);
    assert!(state.contributors_missing);
}

#[test]
fn commits_that_may_not_be_read_are_missing_contributors_row_145() {
    let hub = Hub::new();
    assert!(!read(&hub).contributors_missing);
    hub.fault("GET", "/commits", 9, Reply::json(403, &json!({})));
    let state = read(&hub);
    assert!(state.contributors_missing && state.contributors.is_empty() && state.gaps.len() == 1, "{state:?}");
}

#[test]
fn the_last_change_of_the_target_branch_is_known_row_144() {
    let hub = Hub::new();
    assert_eq!(read(&hub).retargeted, "");
    let event = |word: &str, hour: u32| json!({"event": word, "created_at": format!("2026-11-01T{hour:02}:00:00Z")});
    hub.state().happened = (0..130).map(|_| event("labeled", 1)).collect();
    hub.state().happened.extend([event("base_ref_changed", 9), event("renamed", 11), event("base_ref_changed", 8)]);
    assert_eq!(read(&hub).retargeted, "2026-11-01T09:00:00Z");
    hub.state().happened.push(event("automatic_base_change_succeeded", 10));
    assert_eq!(read(&hub).retargeted, "2026-11-01T10:00:00Z");
    hub.fault("GET", "/events", 1, Reply::json(403, &json!({})));
    let state = read(&hub);
    assert_eq!((state.retargeted.as_str(), state.gaps.len()), ("unknown", 1));
    hub.fault("GET", "/events", 9, Reply::json(502, &json!({})));
    assert!(hub.client(FORK).pull(&asked()).is_err());
}

#[test]
fn the_last_pusher_is_known_only_from_the_push_that_led_to_this_head_row_145() {
    let hub = Hub::new();
    let push = |login: &str, after: &str| json!({"after": after, "ref": "refs/heads/refunds", "actor": user(login)});
    hub.state().activity = vec![push("bob", HEAD), push("ada", HEAD)];
    assert_eq!(read(&hub).last_pusher, "bob");
    hub.state().activity.insert(0, push("cy", OTHER));
    let state = read(&hub);
    assert_eq!((state.last_pusher.as_str(), state.gaps.len()), ("", 1), "a newer push is not of this head");
    let mut gone = pull(7, "ada", HEAD);
    gone["head"]["repo"] = Value::Null;
    hub.state().pulls.insert(7, gone);
    let state = read(&hub);
    assert_eq!((state.last_pusher.as_str(), state.gaps.len(), state.from_fork), ("", 1, true));
}

#[test]
fn a_team_is_read_with_the_token_of_the_organisation_only_where_there_is_one() {
    let hub = Hub::new();
    let unreadable = |state: PullState| match &state.teams["acme/payments"] {
        Membership::Unreadable(why) => why.clone(),
        Membership::Members(members) => panic!("{members:?}"),
    };
    let why = unreadable(hub.client(WORKFLOW).pull(&team()).unwrap());
    assert!(
        why.contains("GITHUB_TOKEN") && why.contains("PORTCULLIS_ORG_TOKEN") && why.contains("teams.yaml"),
        "{why}"
    );
    let mut settings = hub.settings(WORKFLOW);
    settings.tokens.organisation = Token::new(ORGANISATION);
    let state = Watched::new(settings.clone()).pull(&team()).unwrap();
    assert_eq!(state.teams["acme/payments"], Membership::Members(vec!["bob".to_owned(), "cy".to_owned()]));
    assert_eq!(state.people["cy"].kind, AccountKind::Human);
    hub.state().teams.clear();
    let why = unreadable(Watched::new(settings).pull(&team()).unwrap());
    assert!(why.contains("there is no such team") && !why.contains("GITHUB_TOKEN"), "{why}");
}

#[test]
fn a_handle_that_is_no_team_is_not_asked_for() {
    let hub = Hub::new();
    let teams = ["payments", "/payments", "acme/", "../user"].map(str::to_owned).to_vec();
    let state = hub.client(PERSON).pull(&Asked { teams: teams.clone(), ..asked() }).unwrap();
    for handle in &teams {
        assert!(matches!(state.teams[handle], Membership::Unreadable(_)), "{handle}");
    }
    assert!(hub.state().log.iter().all(|request| !request.path().contains("..")));
}

#[test]
fn open_changes_of_the_author_are_counted_and_issues_are_not() {
    let hub = Hub::new();
    let more = (8..130).map(|number| json!({"number": number, "pull_request": {}, "user": user("ada")}));
    hub.state().issues.extend(more);
    hub.state().issues.push(json!({"number": 500, "user": user("ada")}));
    hub.state().issues.push(json!({"number": 501, "pull_request": {}, "user": user("bob")}));
    let wanted = Asked { open_changes: true, ..asked() };
    assert_eq!(hub.client(FORK).pull(&wanted).unwrap().open_changes, Some(123));
    hub.state().issues.remove(0);
    let state = hub.client(FORK).pull(&wanted).unwrap();
    assert_eq!((state.open_changes, state.gaps.len()), (None, 1), "a list without this change is not believed");
}

#[test]
fn reviews_that_may_not_be_read_leave_a_gap_and_no_opinion_row_133() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
    hub.fault("GET", "/reviews", 9, Reply::json(403, &json!({"message": "Resource not accessible by integration"})));
    let state = read(&hub);
    assert!(state.opinions.is_empty() && state.opinions_missing);
    assert!(state.gaps[0].contains("nobody's approval counts"), "{:?}", state.gaps);
    assert!(!read(&Hub::new()).opinions_missing);
}

#[test]
fn a_pull_request_that_is_hidden_or_closed_is_an_error_with_a_remedy() {
    let hub = Hub::new();
    let error = refused(hub.client(FORK).pull(&Asked { number: 8, ..asked() }));
    assert_eq!(error.request, "GET /repos/acme/shop/pulls/8");
    assert!(error.remedy.contains("pull-requests: read"), "{error:?}");
    let mut closed = pull(9, "ada", HEAD);
    closed["state"] = json!("closed");
    hub.state().pulls.insert(9, closed);
    assert_eq!(refused(hub.client(FORK).pull(&Asked { number: 9, ..asked() })).why, "the pull request is not open");
    let error = refused(hub.client("ghs_SECRETwrong").pull(&asked()));
    assert!(error.why.contains("401"), "{error:?}");
}

#[test]
fn a_head_is_found_by_its_commit_in_forks_too_and_only_where_it_is_open_and_alone() {
    let hub = Hub::new();
    let client = hub.client(FORK);
    assert_eq!(client.pull_of(HEAD).unwrap(), 7);
    let mut fork = pull(12, "eve", OTHER);
    fork["head"]["repo"] = json!({"full_name": "eve/shop"});
    hub.state().pulls.insert(12, fork.clone());
    assert_eq!(client.pull_of(OTHER).unwrap(), 12);
    fork["number"] = json!(13);
    hub.state().pulls.insert(13, fork);
    assert!(client.pull_of(OTHER).unwrap_err().why.contains("more than one"));
    hub.state().pulls.get_mut(&7).unwrap()["state"] = json!("closed");
    assert!(client.pull_of(HEAD).unwrap_err().why.contains("no open pull request"));
}

#[test]
fn open_pull_requests_are_listed_over_all_pages_with_their_branches() {
    let hub = Hub::new();
    for number in 20..140 {
        let mut other = pull(number, "ada", OTHER);
        if number % 2 == 0 {
            other["base"]["ref"] = json!("release/1");
        }
        hub.state().pulls.insert(number, other);
    }
    let client = hub.client(FORK);
    let open = client.open_pulls().unwrap();
    let release: Vec<u64> = open.iter().filter(|one| one.target_branch == "release/1").map(|one| one.number).collect();
    assert_eq!((open.len(), release.len()), (121, 60));
    assert!(release.is_sorted() && release.iter().all(|number| number % 2 == 0));
}

#[test]
fn a_pull_request_leads_to_the_tip_of_its_branch_and_not_to_what_that_was_at_the_last_push() {
    let hub = Hub::new();
    hub.state().tips.insert("main".to_owned(), OTHER.to_owned());
    let client = hub.client(FORK);
    let ends = client.ends(7).unwrap();
    assert_eq!((ends.head.as_str(), ends.target_branch.as_str(), ends.base.as_str()), (HEAD, "main", OTHER));
    let state = client.pull(&asked()).unwrap();
    assert_eq!((state.base.as_str(), state.pushed_base.as_str()), (OTHER, BASE));
    hub.state().tips.insert("main".to_owned(), HEAD.to_owned());
    assert_eq!(client.ends(7).unwrap().base, OTHER, "a run judges by one state of the branch");
    assert_eq!(hub.count("GET", "/branches/"), 1);
}

#[test]
fn a_tip_that_may_not_be_read_is_a_gap_and_no_end_row_133() {
    let hub = Hub::new();
    hub.fault("GET", "/branches/", 2, Reply::json(403, &json!({})));
    let state = read(&hub);
    assert!(state.base == BASE && state.gaps[0].starts_with("the tip of the target branch"), "{:?}", state.gaps);
    assert!(hub.client(FORK).ends(7).is_err());
    hub.fault("GET", "/branches/", 9, Reply::json(200, &json!({"name": "main", "commit": {}})));
    assert!(hub.client(FORK).ends(7).is_err() && hub.client(FORK).pull(&asked()).is_err());
}

#[test]
fn open_pull_requests_with_a_head_are_found_in_forks_and_other_projects_too() {
    let hub = Hub::new();
    let mut fork = pull(12, "eve", HEAD);
    fork["head"]["repo"] = json!({"full_name": "eve/shop"});
    fork["base"]["ref"] = json!("release");
    let mut upstream = pull(3, "eve", HEAD);
    upstream["base"]["repo"] = json!({"full_name": "upstream/shop"});
    let mut closed = pull(13, "eve", HEAD);
    closed["state"] = json!("closed");
    hub.state().pulls.extend([(12, fork), (3, upstream), (13, closed), (14, pull(14, "eve", OTHER))]);
    let client = hub.client(FORK);
    let found = client.with_head(HEAD, None).unwrap();
    let told = |found: &[OpenChange]| -> Vec<(u64, bool, String)> {
        found.iter().map(|one| (one.number, one.elsewhere, one.target_branch.clone())).collect()
    };
    let all = [(3, true, "main".to_owned()), (7, false, "main".to_owned()), (12, false, "release".to_owned())];
    assert_eq!(told(&found), all);
    // What has been listed is not listed again, and the commit is asked for all the same.
    let known: Vec<OpenChange> = client.open_pulls().unwrap();
    let listed = hub.count("GET", "/pulls?state=open");
    assert_eq!(told(&client.with_head(HEAD, Some(&known)).unwrap()), all);
    assert_eq!(told(&client.with_head(HEAD, Some(&[])).unwrap()), all[..2]);
    assert_eq!(hub.count("GET", "/pulls?state=open"), listed);
    hub.fault("GET", "/commits/", 1, Reply::json(422, &json!({"message": "No commit found"})));
    assert_eq!(client.with_head(HEAD, None).unwrap().len(), 3, "the list has them too");
    hub.fault("GET", "/pulls?state=open", 9, Reply::json(500, &json!({})));
    assert!(client.with_head(HEAD, None).is_err());
}
