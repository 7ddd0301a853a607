//! Whose approval opens the gate: from the first push to the green status.

use serde_json::json;

use crate::forge::hub::{FORK, WORKFLOW, commit};
use crate::scene::{AS_OF, run};
use crate::stage::{Stage, approvals, check_json, edited};

#[test]
fn a_change_waits_for_its_team_and_passes_when_it_approved_with_one_comment_row_144() {
    let stage = Stage::new();
    let saved = stage.file("saved.json");
    let saved = saved.to_str().unwrap();
    let first = stage.check(&["--save-input", saved, "--publish", "status,comment"]);
    assert_eq!(first.is("review").requirements(), ["layer-2/payments: own/payments"], "{}", first.err);
    assert_eq!((stage.statuses(), first.err.as_str()), (vec!["pending waiting for payments".to_owned()], ""));
    let before = stage.comments();
    assert_eq!(before.len(), 1);
    stage.approve("bob", &stage.scene.head);
    let arguments = ["review", "--input", saved, "--as-of", AS_OF, "--format", "json", "--publish", "status,comment"];
    let payload = stage.pull_request();
    let second = run(&mut stage.job("pull_request_review", &payload, WORKFLOW, &arguments));
    assert_eq!(approvals(second.is("pass")), [("bob".to_owned(), true, String::new())], "{}", second.err);
    assert_eq!(stage.statuses()[1..], ["success everyone who must approve has approved"]);
    let after = stage.comments();
    assert_eq!(after.len(), 1, "the same comment is edited");
    assert_ne!(before, after);
    let written = stage.hub.writes();
    let at = format!("POST /repos/acme/shop/statuses/{}", stage.scene.head);
    assert_eq!(written.iter().filter(|line| **line == at).count(), 2, "{written:?}");
    // Doing it again says nothing new.
    run(&mut stage.job("pull_request_review", &payload, WORKFLOW, &arguments)).is("pass");
    let said: Vec<String> = stage.statuses();
    assert_eq!((said[2..].len(), stage.comments()), (2, after));
    assert_eq!(said[2..], ["pending being judged again", "success everyone who must approve has approved"]);
}

#[test]
fn the_whole_check_and_the_review_of_its_saved_input_say_the_same() {
    let stage = Stage::new();
    let saved = stage.file("saved.json");
    stage.check(&["--save-input", saved.to_str().unwrap()]).is("review");
    stage.approve("bob", &stage.scene.head);
    let whole = stage.check(&[]);
    let again = ["review", "--input", saved.to_str().unwrap(), "--as-of", AS_OF, "--format", "json"];
    let again = run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &again));
    assert_eq!(whole.is("pass").document(), again.is("pass").document());
    // Without the saved input all is judged again.
    let without = ["review", "--number", "7", "--as-of", AS_OF, "--format", "json"];
    let without = run(&mut stage.job("workflow_dispatch", &json!({}), WORKFLOW, &without));
    assert_eq!(whole.document()["review"], without.is("pass").document()["review"]);
}

/// Judges with the approval of one person on head; returns why it does not count.
#[track_caller]
fn refused(stage: &Stage, login: &str) -> String {
    stage.approve(login, &stage.scene.head);
    let run = stage.check(&[]);
    let found = approvals(run.is("review"));
    assert_eq!((found.len(), &found[0].0[..], found[0].1), (1, login, false));
    found[0].2.clone()
}

#[test]
fn the_author_does_not_approve_row_145() {
    assert_eq!(refused(&Stage::new(), "ada"), "the author of the change");
}

#[test]
fn a_bot_does_not_approve_row_145() {
    assert_eq!(refused(&Stage::new(), "helper[bot]"), "a bot, not a human");
}

#[test]
fn a_committer_and_a_co_author_do_not_approve_row_145() {
    let stage = Stage::new();
    stage.hub.state().commits = vec![commit("ada", "Add"), commit("bob", "More")];
    let why = refused(&stage, "bob");
    assert!(why.contains("commit") || why.contains("author"), "{why}");
    let stage = Stage::new();
    let trailer = "Add\n\nCo-authored-by: Cy <12+cy@users.noreply.127.0.0.1>";
    stage.hub.state().commits = vec![commit("ada", trailer)];
    let why = refused(&stage, "cy");
    assert!(why.contains("author"), "{why}");
}

#[test]
fn who_pushed_last_does_not_approve_row_145() {
    let stage = Stage::new();
    stage.hub.state().activity[0]["actor"]["login"] = json!("bob");
    let why = refused(&stage, "bob");
    assert!(why.contains("push"), "{why}");
}

#[test]
fn who_may_not_write_does_not_approve_row_145() {
    assert_eq!(refused(&Stage::new(), "eve"), "no right to write to the project");
    let stranger = refused(&Stage::new(), "mallory");
    assert!(stranger.contains("right to write"), "{stranger}");
}

#[test]
fn who_is_not_in_the_team_does_not_approve_row_145() {
    let stage = Stage::new();
    stage.hub.state().permissions.insert("dan".to_owned(), "write".to_owned());
    assert_eq!(refused(&stage, "dan"), "not a member of payments");
}

#[test]
fn members_are_asked_of_the_forge_where_none_are_listed_and_a_job_token_may_not_read_them_row_133() {
    let policy = crate::stage::ASKS.replace("\"team\": \"payments\"", "\"team\": \"@acme/payments\"");
    let mut base = crate::stage::shop(&policy);
    for (path, text) in &mut base {
        if *path == ".portcullis/teams.yaml" {
            *text = "teams:\n  - {id: payments, title: Payments, handles: ['@acme/payments'], approves: [2]}\n  - {id: core, title: Core, handles: ['@acme/core'], approves: [2, 3], members: [{handle: '@dan'}]}\n".to_owned();
        }
    }
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let stage = Stage::of(&base, &[("pay.py", &edited())]);
    stage.approve("bob", &stage.scene.head);
    let job = || stage.job("pull_request", &stage.pull_request(), WORKFLOW, &check_json());
    let alone = run(&mut job());
    let found = approvals(alone.is("review"));
    assert!(!found[0].1 && found[0].2.contains("PORTCULLIS_ORG_TOKEN"), "{found:?}");
    let both = run(job().env("PORTCULLIS_ORG_TOKEN", crate::forge::hub::ORGANISATION));
    assert_eq!(approvals(both.is("pass")), [("bob".to_owned(), true, String::new())]);
}

#[test]
fn a_dismissed_approval_and_one_whose_commit_is_forgotten_do_not_count_row_144() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.state().reviews.push(crate::forge::hub::review("bob", "DISMISSED", &stage.scene.head, 9));
    let run = stage.check(&[]);
    assert!(approvals(run.is("review")).iter().all(|one| !one.1));
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.state().reviews[0]["commit_id"] = json!(null);
    let run = stage.check(&[]);
    let found = approvals(run.is("review"));
    assert!(!found[0].1 && found[0].2.starts_with("stale"), "{found:?}");
}

#[test]
fn a_fork_with_a_token_that_only_reads_is_decided_and_told_in_the_job_row_132() {
    let stage = Stage::new();
    stage.hub.state().pulls.get_mut(&7).unwrap()["head"]["repo"]["full_name"] = json!("ada/shop");
    let arguments = ["check", "--as-of", AS_OF, "--publish", "status,checks,comment,labels,reviewers,sarif"];
    let ended = run(&mut stage.job("pull_request", &stage.pull_request(), FORK, &arguments));
    assert_eq!(ended.code, 3, "{}", ended.err);
    for part in ["status", "check", "comment", "labels", "reviewers", "sarif"] {
        assert!(ended.err.contains(&format!("not published: {part}")), "{part}: {}", ended.err);
    }
    let summary = std::fs::read_to_string(stage.file("summary.md")).unwrap();
    assert!(summary.contains("payments"), "{summary}");
    assert_eq!((stage.statuses().len(), stage.comments().len()), (0, 0));
    // And where nobody has to be asked, it passes.
    let plain = Stage::changing(crate::stage::ASKS, &[("docs.md", "# The shop\n")]);
    let ended = run(&mut plain.job("pull_request", &plain.pull_request(), FORK, &arguments));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("not published: status"), "{}", ended.err);
    assert!(std::fs::read_to_string(plain.file("summary.md")).is_ok());
}

#[test]
fn everything_that_is_published_is_written_once_row_140() {
    let stage = Stage::changing(crate::stage::ASKS, &[("pay.py", &format!("{}# \u{202E}\n", edited()))]);
    let parts = "status,checks,comment,labels,reviewers,sarif";
    let arguments = [&check_json()[..], &["--publish", parts]].concat();
    let job = || run(&mut stage.job("pull_request", &stage.pull_request(), crate::forge::hub::PERSON, &arguments));
    let first = job();
    assert_eq!((first.is("fail").code, first.err.as_str()), (1, ""));
    let counted = || {
        let state = stage.hub.state();
        (state.statuses.len(), state.comments.len(), state.labels.clone(), state.requested.clone())
    };
    let before = counted();
    assert_eq!((before.0, before.1), (1, 1));
    assert!(stage.statuses()[0].starts_with("failure "), "{:?}", stage.statuses());
    assert!(before.2.contains(&"portcullis:fail".to_owned()), "{:?}", before.2);
    assert_eq!(stage.hub.state().runs[0]["conclusion"], "failure");
    assert_eq!(stage.hub.state().runs[0]["head_sha"], stage.scene.head.as_str());
    assert_eq!(job().out, first.out);
    assert_eq!(counted(), before);
}
