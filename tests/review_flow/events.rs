//! Events of GitHub: which change they are about, and where the status stands.

use serde_json::{Value, json};

use crate::forge::hub::{WORKFLOW, pull};
use crate::scene::{AS_OF, Run, portcullis, run};
use crate::stage::{Stage, approvals, check_json};

/// Runs `check` in the job of an event.
fn asked(stage: &Stage, event: &str, payload: &Value) -> Run {
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    run(&mut stage.job(event, payload, WORKFLOW, &arguments))
}

fn workflow_run(stage: &Stage) -> Value {
    json!({"action": "completed", "workflow_run": {
        "head_sha": stage.scene.head, "event": "pull_request", "pull_requests": [{"number": 3}],
    }})
}

#[test]
fn events_about_a_request_judge_its_head_whoever_started_them() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    for event in ["pull_request", "pull_request_target", "pull_request_review"] {
        let run = asked(&stage, event, &stage.pull_request());
        assert_eq!(approvals(run.is("pass")).len(), 1, "{event}");
        assert_eq!(run.document()["change"]["head"], stage.scene.head.as_str());
    }
    let (pending, success) = ("pending being judged again", "success everyone who must approve has approved");
    assert_eq!(stage.statuses(), [success, pending, success, pending, success]);
}

#[test]
fn a_workflow_run_is_about_the_request_whose_head_it_ran_on_and_the_forge_says_which() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    let run = asked(&stage, "workflow_run", &workflow_run(&stage));
    assert_eq!(approvals(run.is("pass")).len(), 1, "{}", run.err);
    let change = &run.document()["change"];
    assert_eq!((&change["base"], &change["head"]), (&json!(stage.scene.base), &json!(stage.scene.head)));
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{}", stage.scene.head)]);
}

#[test]
fn a_workflow_run_of_a_fork_is_found_among_the_open_requests() {
    let stage = Stage::new();
    stage.hub.state().pulls.get_mut(&7).unwrap()["head"]["repo"]["full_name"] = json!("ada/shop");
    stage.hub.state().activity.clear();
    let run = asked(&stage, "workflow_run", &workflow_run(&stage));
    assert_eq!(run.is("review").requirements(), ["layer-2/payments: own/payments"]);
    let again = ["review", "--as-of", AS_OF, "--format", "json"];
    let again = crate::scene::run(&mut stage.job("workflow_run", &workflow_run(&stage), WORKFLOW, &again));
    assert_eq!(again.is("review").requirements(), run.requirements());
}

#[test]
fn a_workflow_run_of_no_open_request_or_without_a_forge_is_never_green_row_141() {
    let stage = Stage::new();
    stage.hub.state().pulls.clear();
    let run = asked(&stage, "workflow_run", &workflow_run(&stage));
    assert_eq!((run.code, run.text()), (4, ""), "{}", run.err);
    let said = run.err.replace('\u{2502}', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("no open pull request has this commit as its head"), "{said}");
    let none = [&check_json()[..], &["--forge", "none"]].concat();
    let none = crate::scene::run(&mut stage.job("workflow_run", &workflow_run(&stage), WORKFLOW, &none));
    none.is_usage("names no change");
    let secret = crate::scene::run(&mut stage.job("workflow_run", &workflow_run(&stage), "", &check_json()));
    assert_eq!((secret.code, secret.text()), (4, ""), "{}", secret.err);
    assert!(secret.err.contains("there is no token"), "{}", secret.err);
}

#[test]
fn a_workflow_run_whose_head_was_not_fetched_is_undecided_row_142() {
    let stage = Stage::new();
    let missing = "7".repeat(40);
    stage.open(7, &missing, 1);
    let payload = json!({"workflow_run": {"head_sha": missing}});
    let run = asked(&stage, "workflow_run", &payload);
    assert_eq!(run.is("undecided").reasons(), ["missing-object"]);
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{missing}")]);
    assert!(stage.statuses()[0].starts_with("error "), "{:?}", stage.statuses());
}

#[test]
fn flags_go_before_what_the_forge_says() {
    let stage = Stage::new();
    let arguments = [&check_json()[..], &["--base", &stage.scene.base, "--head", &stage.scene.base]].concat();
    let run = run(&mut stage.job("workflow_run", &workflow_run(&stage), WORKFLOW, &arguments));
    assert_eq!(run.is("pass").document()["change"]["head"], stage.scene.base.as_str());
}

#[test]
fn a_schedule_is_about_no_change_of_its_own_row_141() {
    let stage = Stage::new();
    asked(&stage, "schedule", &json!({"schedule": "17 * * * *"})).is_usage("names no change");
    let arguments = ["review", "--as-of", AS_OF];
    let review = run(&mut stage.job("schedule", &json!({}), WORKFLOW, &arguments));
    review.is_usage("portcullis sweep");
}

#[test]
fn a_push_is_judged_without_a_request_and_what_a_request_would_say_is_missing() {
    let stage = Stage::new();
    let payload = json!({"before": stage.scene.base, "after": stage.scene.head});
    let arguments = check_json();
    let run = run(&mut stage.job("push", &payload, WORKFLOW, &arguments));
    let requirement = &run.is("review").document()["review"]["requirements"][0];
    assert!(requirement["reason"].as_str().unwrap().contains("this run is about no request"), "{requirement:#}");
}

#[test]
fn the_judgement_of_one_request_is_never_written_to_the_head_of_another() {
    let stage = Stage::new();
    // A job of request 7 that is told to look at request 8, whose head needs nobody.
    let mut other = pull(8, "ada", &stage.scene.base);
    other["base"]["sha"] = json!(stage.scene.base);
    other["changed_files"] = json!(0);
    stage.hub.state().pulls.insert(8, other);
    let arguments = ["review", "--number", "8", "--as-of", AS_OF, "--format", "json", "--publish", "status"];
    let run = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments));
    run.is("pass");
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{}", stage.scene.base)]);
}

#[test]
fn the_judgement_of_an_old_head_stays_with_the_old_head_row_7() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    // A re-run replays the event of the first run; the request has a new head since.
    stage.open(7, &"6".repeat(40), 1);
    let arguments = [&check_json()[..], &["--publish", "status,comment,labels"]].concat();
    let run = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments));
    let found = approvals(run.is("review"));
    assert!(!found[0].1 && found[0].2.contains("the head moved on"), "{found:?}");
    assert!(run.err.contains("the request has another head by now"), "{}", run.err);
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{}", stage.scene.head)]);
    // And a review judges the head as it is now, and writes there.
    let stage = Stage::new();
    let mut payload = stage.pull_request();
    payload["pull_request"]["head"]["sha"] = json!(stage.scene.base);
    let arguments = ["review", "--as-of", AS_OF, "--format", "json", "--publish", "status"];
    crate::scene::run(&mut stage.job("pull_request_review", &payload, WORKFLOW, &arguments)).is("review");
    assert_eq!(stage.hub.writes(), [format!("POST /repos/acme/shop/statuses/{}", stage.scene.head)]);
}

#[test]
fn a_desk_asks_no_forge_and_cannot_publish() {
    let stage = Stage::new();
    let arguments = stage.scene.check_arguments(&["--format", "json"]);
    let desk = run(portcullis(stage.scene.repository.root(), &arguments).env("GITHUB_TOKEN", WORKFLOW));
    assert_eq!(approvals(desk.is("review")), []);
    let publish = stage.scene.check_arguments(&["--publish", "status"]);
    run(&mut portcullis(stage.scene.repository.root(), &publish)).is_usage("no forge to write to");
    let named = stage.scene.check_arguments(&["--forge", "github"]);
    run(&mut portcullis(stage.scene.repository.root(), &named)).is_usage("--forge github");
    assert_eq!(stage.hub.state().log.len(), 0);
}

#[test]
fn variables_that_say_nothing_hinder_nobody_who_asks_for_no_forge() {
    let stage = Stage::new();
    let arguments = stage.scene.check_arguments(&["--format", "json"]);
    let job = |more: &[&str]| {
        let arguments = [&arguments[..], more].concat();
        run(portcullis(stage.scene.repository.root(), &arguments).envs([("CI", "true"), ("GITHUB_ACTIONS", "true")]))
    };
    job(&["--forge", "none"]).is("review");
    let unnamed = job(&[]);
    let reason = &unnamed.is("review").document()["review"]["requirements"][0]["reason"];
    assert!(reason.as_str().unwrap().contains("GITHUB_REPOSITORY is not set"), "{reason}");
    job(&["--publish", "status"]).is_usage("GITHUB_REPOSITORY");
    job(&["--forge", "github"]).is_usage("GITHUB_REPOSITORY");
}
