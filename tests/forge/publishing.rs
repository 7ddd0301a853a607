//! What is published: once, by itself each, and without a word too much where it may not be.

use portcullis::forge::Forge as _;
use portcullis::forge::publication::{
    Annotation, COMMENT_MARKER, Check, Publication, Reviewers, Sarif, Status, StatusState,
};
use serde_json::json;

use super::hub::{BASE, FORK, HEAD, Hub, OTHER, PERSON, WORKFLOW, Watched, review, user};
use super::server::Reply;

pub fn nothing() -> Publication {
    Publication { number: 7, head: HEAD.to_owned(), base: BASE.to_owned(), ..Publication::default() }
}

pub fn status() -> Publication {
    let status = Status {
        state: StatusState::Pending,
        description: "2 approvals missing".to_owned(),
        target_url: "https://ci.example/run/1".to_owned(),
        retracts: false,
    };
    Publication { status: Some(status), ..nothing() }
}

fn comment(text: &str) -> Publication {
    Publication { comment: Some(text.to_owned()), ..nothing() }
}

fn labels(names: &[&str]) -> Publication {
    Publication { labels: Some(names.iter().map(|name| (*name).to_owned()).collect()), ..nothing() }
}

fn reviewers(people: &[&str], teams: &[&str]) -> Publication {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let asked = Reviewers { people: owned(people), teams: owned(teams) };
    Publication { reviewers: Some(asked), ..nothing() }
}

fn check(annotations: u32) -> Publication {
    let annotation = |line: u32| Annotation {
        path: "src/pay.rs".to_owned(),
        old_path: "src/pay.rs".to_owned(),
        start_line: line,
        end_line: line,
        start_column: 1,
        end_column: 4,
        level: "failure",
        title: "No money in floats".to_owned(),
        message: "Use cents.".to_owned(),
        fingerprint: format!("{line:032x}"),
    };
    let check = Check {
        conclusion: "failure",
        title: "1 violation".to_owned(),
        summary: "**fail**".to_owned(),
        annotations: (1..=annotations).map(annotation).collect(),
    };
    Publication { check: Some(check), ..nothing() }
}

pub fn everything() -> Publication {
    Publication {
        check: check(60).check,
        comment: Some("All of it".to_owned()),
        labels: labels(&["portcullis:layer-2"]).labels,
        reviewers: reviewers(&["bob"], &["acme/payments"]).reviewers,
        sarif: Some(Sarif { text: "{\"version\":\"2.1.0\"}".to_owned(), reference: "refs/pull/7/head".to_owned() }),
        ..status()
    }
}

#[test]
fn everything_is_written_and_a_second_time_changes_nothing_row_140() {
    let hub = Hub::new();
    let client = hub.client(WORKFLOW);
    assert_eq!(client.publish(&everything()), Vec::<String>::new());
    let first = hub.writes();
    assert_eq!(first.len(), 7, "{first:?}");
    assert_eq!(client.publish(&everything()), Vec::<String>::new());
    let second = hub.writes()[first.len()..].to_vec();
    assert_eq!(second, ["POST /repos/acme/shop/code-scanning/sarifs"], "code scanning replaces an upload by itself");
    let state = hub.state();
    assert_eq!((state.statuses.len(), state.runs.len(), state.comments.len(), state.labels.len()), (1, 1, 1, 1));
}

#[test]
fn a_token_that_only_reads_is_told_of_and_nothing_else_happens_row_132() {
    for code in [401, 403, 404, 422] {
        let hub = Hub::new();
        for method in ["POST", "PATCH", "DELETE"] {
            hub.fault(method, "/", 99, Reply::json(code, &json!({"message": "no"})));
        }
        let notices = hub.client(FORK).publish(&everything());
        let parts: Vec<&str> = notices.iter().map(|line| line.split(':').next().unwrap()).collect();
        let reviewers = if code == 422 { vec!["reviewers"; 2] } else { vec!["reviewers"] };
        let expected = [vec!["status", "check", "sarif", "comment", "labels"], reviewers].concat();
        assert_eq!(parts, expected, "{code}: {notices:?}");
        assert!(notices.iter().all(|line| !line.contains('\n')));
    }
    let hub = Hub::new();
    let notices = hub.client(FORK).publish(&everything());
    assert!(notices[0].contains("statuses: write") && notices[0].contains("fork"), "{notices:?}");
}

#[test]
fn a_part_that_fails_leaves_the_others_alone_row_132() {
    let hub = Hub::new();
    hub.fault("POST", "/check-runs", 1, Reply::json(403, &json!({})));
    let notices = hub.client(WORKFLOW).publish(&everything());
    assert_eq!(notices.len(), 1);
    assert!(notices[0].starts_with("check: not written"), "{notices:?}");
    let state = hub.state();
    assert_eq!((state.statuses.len(), state.comments.len(), state.sarifs.len()), (1, 1, 1));
}

#[test]
fn a_status_is_written_again_only_where_the_latest_says_something_else_row_140() {
    let hub = Hub::new();
    let client = hub.client(WORKFLOW);
    let mut met = status();
    met.status.as_mut().unwrap().state = StatusState::Success;
    for what in [status(), status(), met.clone(), status(), met.clone(), met] {
        assert_eq!(client.publish(&what), Vec::<String>::new());
    }
    let states: Vec<_> = hub.state().statuses.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["pending", "success", "pending", "success"]);
    assert_eq!(hub.state().statuses[0]["context"], "portcullis/review");
    hub.state().statuses.push(json!({"context": "Portcullis/Review", "state": "failure"}));
    assert_eq!(client.publish(&status()), Vec::<String>::new());
    assert_eq!(hub.state().statuses.len(), 6, "names of statuses are compared without case, as GitHub does");
}

#[test]
fn annotations_go_in_batches_of_fifty_and_the_run_is_completed_with_the_last() {
    for (count, requests) in [(0, 1), (50, 1), (51, 2), (120, 3)] {
        let hub = Hub::new();
        assert_eq!(hub.client(WORKFLOW).publish(&check(count)), Vec::<String>::new());
        assert_eq!(hub.writes().len(), requests, "{count}");
        let state = hub.state();
        let run = &state.runs[0];
        assert_eq!(run["output"]["annotations"].as_array().unwrap().len(), count as usize);
        assert_eq!((run["status"].as_str(), run["conclusion"].as_str()), (Some("completed"), Some("failure")));
        assert_eq!((run["name"].as_str(), run["head_sha"].as_str()), (Some("portcullis/policy"), Some(HEAD)));
    }
}

#[test]
fn another_result_is_another_run_and_half_a_run_is_not_taken_for_one_row_140() {
    let hub = Hub::new();
    let client = hub.client(WORKFLOW);
    hub.fault("PATCH", "/check-runs/", 1, Reply::json(502, &json!({})));
    assert_eq!(client.publish(&check(60)).len(), 1);
    assert_eq!(client.publish(&check(60)), Vec::<String>::new());
    assert_eq!(client.publish(&check(60)), Vec::<String>::new());
    assert_eq!(client.publish(&check(1)), Vec::<String>::new());
    let state = hub.state();
    let stands: Vec<_> = state.runs.iter().map(|run| run["status"].as_str().unwrap()).collect();
    assert_eq!(stands, ["in_progress", "completed", "completed"]);
}

#[test]
fn the_comment_is_found_by_marker_and_author_and_replaced_row_131() {
    let hub = Hub::new();
    let faked = format!("{COMMENT_MARKER}\n**pass**, all is well");
    let quoting = format!("> {COMMENT_MARKER}\nwhat is this?");
    hub.state().comments = vec![
        json!({"id": 1, "body": faked, "user": user("mallory")}),
        json!({"id": 2, "body": quoting, "user": user("github-actions[bot]")}),
    ];
    let client = hub.client(WORKFLOW);
    assert_eq!(client.publish(&comment("first")), Vec::<String>::new());
    let own = hub.state().comments[2].clone();
    assert_eq!(own["body"], format!("{COMMENT_MARKER}\nfirst"));
    // Whoever may write can change the words of the gate's comment; the next run puts them right.
    hub.state().comments[2]["body"] = json!(format!("{COMMENT_MARKER}\r\n**pass**"));
    assert_eq!(client.publish(&comment("second")), Vec::<String>::new());
    let state = hub.state();
    assert_eq!(state.comments.len(), 3);
    assert_eq!(state.comments[2]["body"], format!("{COMMENT_MARKER}\nsecond"));
    assert_eq!(state.comments[0]["body"], faked, "the faked one is not touched");
}

#[test]
fn the_comment_of_a_persons_token_is_that_persons_row_131() {
    let hub = Hub::new();
    let body = format!("{COMMENT_MARKER}\nold");
    hub.state().comments = vec![
        json!({"id": 1, "body": body, "user": user("github-actions[bot]")}),
        json!({"id": 2, "body": body, "user": user("Gate-Keeper")}),
    ];
    assert_eq!(hub.client(PERSON).publish(&comment("new")), Vec::<String>::new());
    let state = hub.state();
    assert_eq!((state.comments.len(), state.comments[0]["body"].as_str()), (2, Some(body.as_str())));
    assert_eq!(state.comments[1]["body"], format!("{COMMENT_MARKER}\nnew"));
}

#[test]
fn an_app_that_says_who_it_is_finds_its_own_comment_row_131() {
    let hub = Hub::new();
    let body = format!("{COMMENT_MARKER}\nold");
    hub.state().comments = vec![json!({"id": 1, "body": body, "user": user("gate[bot]")})];
    let mut settings = hub.settings(WORKFLOW);
    settings.account = Some("gate[bot]".to_owned());
    let client = Watched::new(settings);
    assert_eq!(client.publish(&comment("new")), Vec::<String>::new());
    assert_eq!(hub.state().comments.len(), 1);
}

#[test]
fn two_runs_at_once_leave_one_comment_row_140() {
    let hub = Hub::new();
    // The other run's comment appears after this one has looked and before it writes.
    hub.after("/comments", |state| {
        let body = format!("{COMMENT_MARKER}\nother");
        state.comments.push(json!({"id": 50, "body": body, "user": user("github-actions[bot]")}));
    });
    assert_eq!(hub.client(WORKFLOW).publish(&comment("mine")), Vec::<String>::new());
    let state = hub.state();
    assert_eq!(state.comments.len(), 1);
    assert_eq!(state.comments[0]["id"], 50);
    assert_eq!(state.comments[0]["body"], format!("{COMMENT_MARKER}\nmine"));
}

#[test]
fn a_comment_on_a_later_page_is_found_and_a_long_one_is_cut_row_121() {
    let hub = Hub::new();
    let chatter = (1..150).map(|id| json!({"id": id, "body": "hm", "user": user("ada")}));
    hub.state().comments = chatter.collect();
    let client = hub.client(WORKFLOW);
    assert_eq!(client.publish(&comment(&"\u{e4}".repeat(70_000))), Vec::<String>::new());
    assert_eq!(client.publish(&comment("short")), Vec::<String>::new());
    assert_eq!(hub.count("POST", "/comments"), 1);
    let posted = hub.state().log.iter().find(|request| request.method == "POST").unwrap().json();
    assert_eq!(posted["body"].as_str().unwrap().chars().count(), 65_536);
    assert!(posted["body"].as_str().unwrap().starts_with(COMMENT_MARKER));
}

#[test]
fn only_the_gates_own_labels_are_touched() {
    let hub = Hub::new();
    hub.state().labels = ["bug", "Portcullis:Layer-3", "portcullis:ai", "portcullis-fan"].map(str::to_owned).to_vec();
    let client = hub.client(WORKFLOW);
    let wanted = labels(&["portcullis:layer-2", "portcullis:AI", "foreign"]);
    assert_eq!(client.publish(&wanted), Vec::<String>::new());
    assert_eq!(hub.state().labels, ["bug", "portcullis:ai", "portcullis-fan", "portcullis:layer-2"]);
    let before = hub.writes().len();
    assert_eq!(client.publish(&wanted), Vec::<String>::new());
    assert_eq!(hub.writes().len(), before);
}

#[test]
fn a_label_that_is_gone_already_is_no_trouble_row_140() {
    let hub = Hub::new();
    hub.state().labels = vec!["portcullis:layer-3".to_owned()];
    hub.after("/labels", |state| state.labels.clear());
    assert_eq!(hub.client(WORKFLOW).publish(&labels(&[])), Vec::<String>::new());
}

#[test]
fn nobody_is_asked_twice_and_never_the_author() {
    let hub = Hub::new();
    hub.state().requested = (vec!["Cy".to_owned()], vec!["payments".to_owned()]);
    hub.state().reviews = vec![review("dan", "CHANGES_REQUESTED", HEAD, 1), review("bob", "APPROVED", OTHER, 2)];
    let what = reviewers(&["ADA", "bob", "cy", "dan"], &["acme/payments", "acme/web", "other/web"]);
    let notices = hub.client(WORKFLOW).publish(&what);
    assert_eq!(notices, ["reviewers: other/web is no team of acme"]);
    let state = hub.state();
    assert_eq!(state.requested.0, ["Cy", "bob"], "bob's word was about an older head");
    assert_eq!(state.requested.1, ["payments", "web"]);
}

#[test]
fn one_who_cannot_be_asked_does_not_keep_others_from_being_asked() {
    let hub = Hub::new();
    hub.state().outsiders = vec!["stranger".to_owned()];
    let notices = hub.client(WORKFLOW).publish(&reviewers(&["bob", "stranger"], &["acme/web"]));
    assert_eq!(notices.len(), 1);
    assert!(notices[0].starts_with("reviewers: stranger could not be asked"), "{notices:?}");
    assert_eq!(hub.state().requested, (vec!["bob".to_owned()], vec!["web".to_owned()]));
}

#[test]
fn a_run_without_a_pull_request_says_so_and_writes_the_rest_row_147() {
    let hub = Hub::new();
    let group = Publication { number: 0, head: OTHER.to_owned(), ..everything() };
    let notices = hub.client(WORKFLOW).publish(&group);
    assert_eq!(notices.len(), 1, "{notices:?}");
    let written = hub.writes();
    assert!(written.iter().all(|line| !line.contains("/issues/") && !line.contains("/pulls/")), "{written:?}");
    assert!(written.contains(&format!("POST /repos/acme/shop/statuses/{OTHER}")));
}

#[test]
fn a_document_for_code_scanning_is_wrapped_with_its_commit_and_reference_row_123() {
    let hub = Hub::new();
    assert_eq!(hub.client(WORKFLOW).publish(&everything()), Vec::<String>::new());
    let state = hub.state();
    assert_eq!(state.sarifs[0]["ref"], "refs/pull/7/head");
    assert_eq!(state.sarifs[0]["commit_sha"], HEAD);
    // The first three bytes of gzip in base64.
    assert!(state.sarifs[0]["sarif"].as_str().unwrap().starts_with("H4sI"));
}
