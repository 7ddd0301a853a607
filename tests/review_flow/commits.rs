//! A status stands at a commit: whose it is, who else sees it, and that nothing older stays.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::forge::hub::{WORKFLOW, pull};
use crate::forge::server::Reply;
use crate::scene::{AS_OF, Run, run};
use crate::stage::{ASKS, Stage, check_json, edited, shop};

const SUCCESS: &str = "success everyone who must approve has approved";
const AGAIN: &str = "pending being judged again";
const UNJUDGED: &str = "error it could not be judged; see the job";

/// A stage whose request is approved.
fn approved() -> Stage {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage
}

/// Opens request 8 for the same head.
fn second(stage: &Stage, branch: &str, head_in: &str) {
    let mut other = pull(8, "ada", &stage.scene.head);
    other["base"] = json!({"ref": branch, "sha": stage.scene.base, "repo": {"full_name": "acme/shop"}});
    other["head"]["repo"]["full_name"] = json!(head_in);
    other["changed_files"] = json!(1);
    stage.hub.state().pulls.insert(8, other);
}

fn check(stage: &Stage, more: &[&str]) -> Run {
    stage.check(&[&["--publish", "status"], more].concat())
}

fn review(stage: &Stage, more: &[&str]) -> Run {
    let arguments = [&["review", "--as-of", AS_OF, "--format", "json", "--publish", "status"], more].concat();
    run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &arguments))
}

fn sweep(stage: &Stage) -> Run {
    let arguments = ["sweep", "--as-of", AS_OF, "--publish", "status"];
    run(&mut stage.job("schedule", &json!({}), WORKFLOW, &arguments))
}

#[test]
fn a_head_that_another_request_has_too_is_green_for_neither() {
    for head_in in ["acme/shop", "eve/shop"] {
        let stage = approved();
        second(&stage, "release", head_in);
        for ended in [check(&stage, &[]), review(&stage, &[])] {
            ended.is("pass");
            let why = "#8 into release has the same head: push a commit of its own, or close one";
            assert!(ended.err.contains(&format!("not published: the verdict `pass`: {why}")), "{}", ended.err);
            assert_eq!(stage.statuses(), [format!("error {why}")], "{head_in}");
        }
        // Whoever asks for the second one learns of the first.
        // Who pushed to a fork is not told here.
        review(&stage, &["--number", "8"]).is(if head_in == "acme/shop" { "pass" } else { "review" });
        assert!(stage.statuses()[1].starts_with("error #7 into main has the same head"), "{:?}", stage.statuses());
        stage.hub.state().pulls.get_mut(&8).unwrap()["state"] = json!("closed");
        review(&stage, &[]).is("pass");
        assert_eq!(stage.statuses()[2..], [SUCCESS]);
    }
}

#[test]
fn a_request_that_waits_for_people_is_told_too_and_a_failure_stays_one() {
    let stage = Stage::new();
    second(&stage, "release", "acme/shop");
    check(&stage, &[]).is("review");
    assert!(stage.statuses()[0].starts_with("error #8 into release"), "{:?}", stage.statuses());
    let stage = Stage::changing(ASKS, &[("pay.py", &format!("{}# \u{202E}\n", edited()))]);
    second(&stage, "release", "acme/shop");
    check(&stage, &[]).is("fail");
    assert!(stage.statuses()[0].starts_with("failure "), "{:?}", stage.statuses());
}

#[test]
fn a_twin_into_the_same_branch_brings_the_same_and_takes_nothing_away() {
    let stage = approved();
    second(&stage, "main", "eve/shop");
    check(&stage, &[]).is("pass");
    assert_eq!(stage.statuses(), [SUCCESS]);
}

#[test]
fn a_check_run_of_a_shared_head_is_no_success_either() {
    let stage = approved();
    second(&stage, "release", "acme/shop");
    stage.check(&["--publish", "checks"]).is("pass");
    let found = stage.hub.state().runs[0].clone();
    assert_eq!(found["conclusion"], "failure");
    assert!(found["output"]["title"].as_str().unwrap().contains("#8 into release"), "{found:#}");
}

#[test]
fn a_sweep_writes_no_green_at_a_shared_head_and_finds_those_of_forks() {
    for head_in in ["acme/shop", "eve/shop"] {
        let stage = approved();
        second(&stage, "release", head_in);
        let swept = sweep(&stage);
        assert_eq!((swept.code, swept.text().lines().next()), (0, Some("#7  pass")), "{}", swept.err);
        let said = stage.statuses();
        assert!(said.len() == 2 && said.iter().all(|one| one.starts_with("error #")), "{head_in}: {said:?}");
        // And where it is alone again, a success that stands is not taken back at every turn.
        stage.hub.state().pulls.remove(&8);
        sweep(&stage);
        sweep(&stage);
        assert_eq!(stage.statuses()[2..], [SUCCESS]);
    }
}

#[test]
fn who_else_has_a_head_that_cannot_be_read_is_somebody() {
    // The list of all, and the one that belongs to the commit.
    for part in ["/pulls?state=open", "/pulls?per_page"] {
        let stage = approved();
        stage.hub.fault("GET", part, 99, Reply::json(500, &json!({})));
        let ended = check(&stage, &["--forge-timeout", "2"]);
        ended.is("pass");
        assert!(stage.statuses()[0].starts_with("error which open requests"), "{part}: {:?}", stage.statuses());
        assert!(ended.err.contains("500"), "{}", ended.err);
    }
}

#[test]
fn a_push_is_not_the_judgement_of_the_request_whose_head_it_makes() {
    let stage = approved();
    let payload = json!({"before": stage.scene.head, "after": stage.scene.head});
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    run(&mut stage.job("push", &payload, WORKFLOW, &arguments)).is("pass");
    assert!(stage.statuses()[0].starts_with("error the commit is the head of #7 into main"), "{:?}", stage.statuses());
    stage.hub.state().pulls.clear();
    run(&mut stage.job("push", &payload, WORKFLOW, &arguments)).is("pass");
    assert_eq!(stage.statuses()[1..], ["success no review beyond the gate is needed"]);
}

/// Lets something happen when everything has been read and nothing written yet.
fn before_writing(stage: &Stage, happens: impl FnOnce(&mut Value) + Send + 'static) {
    stage.hub.after("/issues/7/events", move |state| {
        let then = move |state: &mut crate::forge::hub::State| happens(state.pulls.get_mut(&7).unwrap());
        state.events.push(("/pulls/7", Box::new(then)));
    });
}

#[test]
fn a_request_that_goes_elsewhere_before_it_is_written_about_is_not_green_row_7() {
    let stage = approved();
    before_writing(&stage, |pull| pull["base"]["ref"] = json!("release"));
    stage.hub.state().tips.insert("release".to_owned(), stage.scene.base.clone());
    check(&stage, &[]).is("pass");
    assert_eq!(stage.statuses(), ["error the request wants into another branch by now; run again"]);
}

#[test]
fn a_push_before_it_is_written_about_keeps_the_comment_away_row_7() {
    let stage = approved();
    before_writing(&stage, |pull| pull["head"]["sha"] = json!("6".repeat(40)));
    let ended = stage.check(&["--publish", "status,comment,labels"]);
    ended.is("pass");
    assert!(ended.err.contains("the request has another head by now"), "{}", ended.err);
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{}", stage.scene.head)]);
}

#[test]
fn nothing_is_written_about_a_request_that_is_closed_meanwhile() {
    let stage = approved();
    before_writing(&stage, |pull| pull["state"] = json!("closed"));
    let ended = stage.check(&["--publish", "status,comment"]);
    ended.is("pass");
    assert!(ended.err.contains("the request is not open any more"), "{}", ended.err);
    assert_eq!(stage.hub.writes(), [""; 0]);
}

/// Leaves a success at the head.
fn green() -> Stage {
    let stage = approved();
    check(&stage, &[]).is("pass");
    assert_eq!(stage.statuses(), [SUCCESS]);
    stage
}

#[test]
fn an_older_green_is_taken_back_before_anything_is_judged_row_148() {
    for event in ["pull_request", "pull_request_review"] {
        let stage = green();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        stage.hub.after("/reviews", move |state| {
            kept.lock().unwrap().extend(state.statuses.iter().map(|status| status["state"].clone()));
        });
        if event == "pull_request" { check(&stage, &[]) } else { review(&stage, &[]) }.is("pass");
        assert_eq!(*seen.lock().unwrap(), ["success", "pending"], "{event}");
        assert_eq!(stage.statuses(), [SUCCESS, AGAIN, SUCCESS]);
    }
    // What is no green is left as it is.
    let stage = Stage::new();
    check(&stage, &[]).is("review");
    check(&stage, &[]).is("review");
    assert_eq!(stage.statuses(), ["pending waiting for payments"]);
}

#[test]
fn runs_without_end_do_not_use_up_the_statuses_of_a_commit() {
    let stage = green();
    let known = stage.hub.state().statuses[0].clone();
    stage.hub.state().statuses = vec![known; 60];
    check(&stage, &[]).is("pass");
    assert_eq!(stage.statuses().len(), 60);
}

#[test]
fn a_run_that_ends_without_a_verdict_leaves_no_older_green() {
    let stage = green();
    let outside = "/nowhere/saved.json";
    let commands: &[&[&str]] = &[
        &["check", "--save-input", outside],
        &["check", "--repo", "/nowhere"],
        &["check", "--trust", "worktree"],
        &["review", "--input", outside],
        &["review", "--repo", "/nowhere"],
    ];
    for arguments in commands {
        let before = stage.statuses().len();
        let arguments = [*arguments, &["--as-of", AS_OF, "--publish", "status,checks"]].concat();
        let ended = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments));
        assert!(matches!(ended.code, 2 | 4), "{arguments:?} {} {}", ended.code, ended.err);
        assert_eq!(stage.statuses().last().unwrap(), UNJUDGED, "{arguments:?}");
        assert_eq!(stage.hub.state().runs.last().unwrap()["conclusion"], "failure");
        assert!(stage.statuses().len() > before);
        check(&stage, &[]).is("pass");
        assert_eq!(stage.statuses().last().unwrap(), SUCCESS);
    }
}

#[test]
fn a_base_whose_settings_are_wrong_leaves_no_older_green() {
    let mut base = shop(ASKS);
    base[0].1 = "version: 1\npakcs: []\n".to_owned();
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let stage = Stage::of(&base, &[("pay.py", &edited())]);
    let other =
        json!({"state": "success", "context": "portcullis/review", "description": "x", "sha": stage.scene.head});
    stage.hub.state().statuses.push(other);
    assert_eq!(check(&stage, &[]).code, 2);
    assert_eq!(stage.statuses()[1..], [AGAIN, UNJUDGED]);
    let swept = sweep(&stage);
    assert!(swept.code == 4 && swept.text().contains("not judged"), "{}", swept.text());
}

#[test]
fn a_pass_whose_report_cannot_be_written_is_not_shown_as_one() {
    for command in ["check", "review"] {
        let stage = approved();
        let arguments = [command, "--as-of", AS_OF, "--report", "json=/nowhere/x.json", "--publish", "status"];
        let ended = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments));
        assert_eq!((ended.code, stage.statuses()), (4, vec![UNJUDGED.to_owned()]), "{}", ended.err);
    }
}

#[test]
fn a_commit_of_several_requests_or_of_none_that_can_be_found_is_no_green_row_141() {
    let stage = green();
    second(&stage, "release", "acme/shop");
    let payload = json!({"workflow_run": {"head_sha": stage.scene.head}});
    for command in ["check", "review"] {
        let before = stage.statuses().len();
        let arguments = [command, "--as-of", AS_OF, "--publish", "status"];
        let ended = run(&mut stage.job("workflow_run", &payload, WORKFLOW, &arguments));
        assert!(matches!(ended.code, 2 | 4), "{}", ended.err);
        assert!(ended.err.contains("more than one"), "{}", ended.err);
        assert!(stage.statuses().len() >= before && stage.statuses().last().unwrap() == UNJUDGED, "{command}");
    }
}

#[test]
fn a_request_that_a_sweep_cannot_read_has_no_older_green() {
    let stage = green();
    stage.hub.fault("GET", "/pulls/7", 99, Reply::json(404, &json!({})));
    let swept = sweep(&stage);
    assert!(swept.code == 4 && swept.text().starts_with("#7  not judged: "), "{}", swept.text());
    assert_eq!(stage.statuses()[1..], [UNJUDGED]);
}

#[test]
fn a_request_is_read_once_where_the_forge_has_to_say_what_it_is() {
    let stage = approved();
    let payload = json!({"workflow_run": {"head_sha": stage.scene.head}});
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    run(&mut stage.job("workflow_run", &payload, WORKFLOW, &arguments)).is("pass");
    assert_eq!(stage.statuses(), [SUCCESS]);
    for part in ["/reviews", "/pulls/7/commits", "/permission", "/events", "/activity", "/branches/"] {
        assert_eq!(stage.hub.count("GET", part), 1, "{part}");
    }
    // Once to learn which request it is, and once who else has the commit.
    assert_eq!(stage.hub.count("GET", "/pulls?per_page"), 2);
    let stage = approved();
    review(&stage, &[]).is("pass");
    assert_eq!(stage.hub.count("GET", "/reviews"), 1);
}

#[test]
fn a_commit_that_no_open_request_shows_gets_no_error_after_its_merge() {
    let stage = green();
    stage.hub.state().pulls.get_mut(&7).unwrap()["state"] = json!("closed");
    let payload = json!({"workflow_run": {"head_sha": stage.scene.head}});
    for arguments in [["check"].as_slice(), &["review"], &["review", "--number", "7"]] {
        let arguments = [arguments, &["--as-of", AS_OF, "--publish", "status"]].concat();
        let ended = run(&mut stage.job("workflow_run", &payload, WORKFLOW, &arguments));
        assert!(matches!(ended.code, 2 | 4), "{}", ended.err);
        assert!(!stage.statuses().contains(&UNJUDGED.to_owned()), "{:?}", stage.statuses());
        stage.hub.state().statuses.truncate(1);
    }
    // One that is closed while a sweep goes on is no failure of it.
    let stage = green();
    stage.hub.after("/pulls?state=open", |state| state.pulls.get_mut(&7).unwrap()["state"] = json!("closed"));
    let swept = sweep(&stage);
    assert_eq!((swept.code, swept.text().lines().next()), (0, Some("#7  closed meanwhile")));
    assert_eq!(stage.statuses(), [SUCCESS]);
}

#[test]
fn a_group_of_a_queue_that_cannot_be_judged_is_no_green() {
    let stage = green();
    let (base, head) = (&stage.scene.base, &stage.scene.head);
    let group = stage.scene.repository.commit_tree(
        &stage.scene.repository.git(&["rev-parse", &format!("{head}^{{tree}}")]),
        &[base, head],
        "queue",
    );
    let payload = json!({"merge_group": {
        "head_ref": format!("refs/heads/gh-readonly-queue/main/pr-7-{head}"), "head_sha": group, "base_sha": base,
    }});
    let arguments = ["check", "--as-of", AS_OF, "--publish", "status", "--save-input", "/nowhere/x.json"];
    assert_eq!(run(&mut stage.job("merge_group", &payload, WORKFLOW, &arguments)).code, 4);
    assert_eq!(stage.statuses()[1..], [UNJUDGED]);
    assert!(stage.hub.writes().last().unwrap().ends_with(&group));
}

#[test]
fn a_head_that_a_flag_names_in_full_is_the_one_that_is_written_about() {
    let stage = green();
    let outside = "/nowhere/saved.json";
    let (base, head) = (stage.scene.base.as_str(), stage.scene.head.as_str());
    for (head, written) in [(head, vec![AGAIN, UNJUDGED]), ("HEAD", Vec::new())] {
        stage.hub.state().statuses.truncate(1);
        let flags = ["check", "--base", base, "--head", head, "--save-input", outside, "--publish", "status"];
        let ended = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &flags));
        assert!(matches!(ended.code, 2 | 4), "{}", ended.err);
        assert_eq!(stage.statuses()[1..], written);
    }
}
