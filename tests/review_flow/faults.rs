//! A forge that does not answer, or answers badly: never green, never waiting for ever.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::forge::hub::WORKFLOW;
use crate::forge::server::{Manner, Reply};
use crate::scene::{AS_OF, Run, run};
use crate::stage::{ASKS, Stage, check_json, edited};

/// A rule that reads the request, beside the one that asks for people.
const READS: &str = "package own\n\ndeny contains \"no\" if not \"ready\" in input.change.labels\n";

/// Runs `check` under both policies: what waits for people stays so, what reads the request is undecided.
#[track_caller]
fn closed(token: &str, more: &[&str], spoil: impl Fn(&Stage)) -> Vec<Run> {
    let runs = [(ASKS, "review"), (READS, "undecided")].map(|(policy, verdict)| {
        let stage = Stage::changing(policy, &[("pay.py", &edited())]);
        stage.approve("bob", &stage.scene.head);
        spoil(&stage);
        let arguments = [&check_json()[..], &["--forge-timeout", "1", "--publish", "status,comment"], more].concat();
        let begun = Instant::now();
        let ended = run(&mut stage.job("pull_request", &stage.pull_request(), token, &arguments));
        assert!(begun.elapsed() < Duration::from_secs(60), "it waits");
        ended.is(verdict);
        assert!(!stage.statuses().iter().any(|status| status.starts_with("success")), "{:?}", stage.statuses());
        ended
    });
    runs.to_vec()
}

#[test]
fn a_missing_token_opens_nothing_row_133() {
    for ended in closed("", &[], |_| {}) {
        assert!(ended.err.contains("not published: ") && ended.err.contains("there is no token"), "{}", ended.err);
    }
}

#[test]
fn a_token_that_is_not_known_opens_nothing_row_133() {
    closed("ghs_SECRETunknown", &[], |_| {});
}

#[test]
fn reviews_that_may_not_be_read_approve_nothing_row_133() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.fault("GET", "/reviews", 99, Reply::json(403, &json!({"message": "Resource not accessible"})));
    stage.check(&[]).is("review");
    let page = std::fs::read_to_string(stage.file("summary.md")).unwrap_or_default();
    assert!(page.is_empty(), "JSON was asked for");
    let human = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &["check", "--as-of", AS_OF]));
    assert_eq!(human.code, 3);
    let page = std::fs::read_to_string(stage.file("summary.md")).unwrap();
    assert!(page.contains("the reviews cannot be read"), "{page}");
    // Half of them is none of them.
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.approve("cy", &stage.scene.head);
    stage.hub.state().page = 1;
    stage.hub.fault("GET", "page=2", 99, Reply::json(404, &json!({"message": "gone"})));
    stage.check(&[]).is("review");
}

#[test]
fn commits_that_are_not_all_listed_make_everybody_a_suspect_row_145() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.state().pulls.get_mut(&7).unwrap()["commits"] = json!(2);
    let ended = stage.check(&[]);
    let found = crate::stage::approvals(ended.is("review"));
    assert_eq!(found[0].2, "the forge does not tell who wrote all commits of the change");
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.fault("GET", "/pulls/7/commits", 99, Reply::json(403, &json!({"message": "no"})));
    stage.check(&[]).is("review");
}

#[test]
fn a_forge_that_fails_opens_nothing_row_135() {
    closed(WORKFLOW, &[], |stage| stage.hub.fault("GET", "/pulls/7", 99, Reply::json(500, &json!({}))));
    closed(WORKFLOW, &[], |stage| {
        stage.hub.fault("GET", "/pulls/7", 99, Reply::json(200, &json!({})).in_manner(Manner::Silent));
    });
    closed(WORKFLOW, &[], |stage| {
        stage.hub.fault("GET", "/pulls/7", 99, Reply::json(200, &json!({"number": 7})).in_manner(Manner::Cut));
    });
}

#[test]
fn a_forge_that_drips_is_given_up_at_the_deadline_row_135() {
    closed(WORKFLOW, &[], |stage| {
        stage.hub.fault("GET", "/pulls/7", 99, Reply::json(200, &json!({})).in_manner(Manner::Dripped));
    });
}

#[test]
fn a_forge_that_asks_for_an_hour_is_not_waited_for_row_134() {
    closed(WORKFLOW, &[], |stage| {
        let later = Reply::json(429, &json!({"message": "later"})).with("retry-after", "3600");
        stage.hub.fault("GET", "/pulls/7", 99, later);
    });
}

#[test]
fn a_forge_that_is_not_there_opens_nothing_row_135() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    for ended in closed(WORKFLOW, &["--forge-url", &address], |_| {}) {
        assert!(ended.err.contains("not published: "), "{}", ended.err);
    }
}

#[test]
fn an_answer_that_is_none_opens_nothing_row_137() {
    let body = |text: &str| Reply { body: text.as_bytes().to_vec(), ..Reply::json(200, &json!({})) };
    closed(WORKFLOW, &[], |stage| stage.hub.fault("GET", "/pulls/7", 99, body("<html>sign in</html>")));
    closed(WORKFLOW, &[], |stage| stage.hub.fault("GET", "/pulls/7", 99, body("{\"number\":7,")));
}

#[test]
fn a_review_that_gets_no_answer_is_no_mistake_of_the_command_line_row_135() {
    let stage = Stage::new();
    stage.hub.fault("GET", "/pulls", 99, Reply::json(500, &json!({})));
    let job = |arguments: &[&str]| {
        let arguments = [arguments, &["--as-of", AS_OF, "--forge-timeout", "1", "--publish", "status"]].concat();
        run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &arguments))
    };
    for (arguments, written) in [
        (["review", "--number", "7"].as_slice(), 1),
        (&["review"], 1),
        (&["review", "--number", "8"], 0),
        (&["sweep"], 0),
    ] {
        stage.hub.state().statuses.clear();
        let ended = job(arguments);
        assert_eq!((ended.code, ended.text()), (4, ""), "{}", ended.err);
        assert!(ended.err.contains("500"), "{}", ended.err);
        // Nobody knows the heads of other requests.
        assert_eq!(stage.statuses(), vec!["error it could not be judged; see the job"; written], "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_written_changes_no_verdict_row_132() {
    for status in [401, 403, 404, 422, 500] {
        let stage = Stage::new();
        stage.approve("bob", &stage.scene.head);
        stage.hub.fault("POST", "/", 99, Reply::json(status, &json!({"message": "no"})));
        let ended = stage.check(&["--publish", "status,comment,labels"]);
        ended.is("pass");
        for part in ["status", "comment", "labels"] {
            assert!(ended.err.contains(&format!("not published: {part}")), "{status}: {}", ended.err);
        }
    }
}

#[test]
fn the_list_of_files_of_the_forge_is_never_asked_for_row_138() {
    let stage = Stage::new();
    stage.check(&["--publish", "status,checks,comment,labels,reviewers"]).is("review");
    assert!(stage.hub.count("GET", "/pulls/7") > 0);
    assert_eq!(stage.hub.count("GET", "/files"), 0);
    assert_eq!(stage.hub.count("GET", "/compare"), 0);
}

#[test]
fn a_job_that_is_killed_has_written_nothing_green_row_148() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    // The reviews are asked for and never answered in full; the job is cancelled meanwhile.
    let reply = Reply::json(200, &json!([])).in_manner(Manner::Dripped);
    stage.hub.fault("GET", "/reviews", 99, reply);
    let arguments = [&check_json()[..], &["--publish", "status,checks"]].concat();
    let mut job = stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments);
    let mut child = job.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while stage.hub.count("GET", "/reviews") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the reviews are not asked for");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(stage.statuses(), [""; 0]);
    assert_eq!(stage.hub.writes(), [""; 0]);
}

#[test]
fn where_the_last_push_cannot_be_read_a_second_person_has_to_approve_row_145() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.fault("GET", "/activity", 99, Reply::json(404, &json!({"message": "no"})));
    let ended = stage.check(&["--publish", "status"]);
    assert_eq!(ended.is("review").document()["review"]["requirements"][0]["count"], 2);
    assert_eq!(stage.statuses(), ["pending waiting for payments (1 of 2)"]);
    stage.approve("cy", &stage.scene.head);
    stage.check(&[]).is("pass");
    // Somebody without a name is nobody that is known.
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.hub.state().activity[0]["actor"] = json!({});
    stage.check(&[]).is("review");
}

/// Refuses whoever asked for changes, whatever else was said.
const HEARS: &str = "# METADATA\n# custom:\n#   scope: review\npackage own\n\nreview contains {\"msg\": \"somebody objects\", \"layer\": 2} if {\n\tsome said in input.review.approvals\n\tsaid.stance == \"changes-requested\"\n}\n";

#[test]
fn a_rule_that_reads_what_people_said_is_undecided_where_that_is_refused_row_133() {
    let stage = Stage::changing(HEARS, &[("pay.py", &edited())]);
    stage.check(&[]).is("pass");
    stage.hub.state().reviews = vec![crate::forge::hub::review("cy", "CHANGES_REQUESTED", &stage.scene.head, 1)];
    stage.check(&[]).is("review");
    stage.hub.fault("GET", "/reviews", 99, Reply::json(403, &json!({"message": "Resource not accessible"})));
    let saved = stage.file("saved.json");
    let ended = stage.check(&["--save-input", saved.to_str().unwrap()]);
    assert_eq!(ended.is("undecided").reasons(), ["forge-not-asked policies/own.rego"]);
    let decide = ["decide", saved.to_str().unwrap(), "--format", "json"];
    assert_eq!(run(&mut crate::scene::portcullis(stage.scene.repository.root(), &decide)).out, ended.out);
}
