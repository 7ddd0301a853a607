//! Pipelines of GitLab: merge requests, merged results, trains, schedules, and tokens that may little.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::forge::server::Reply;
use crate::lab::fake::{Fake, JOB_TOKEN, PROJECT_TOKEN, READER_TOKEN};
use crate::scene::{AS_OF, Run, Scene, portcullis, run};
use crate::stage::{ASKS, PAY, approvals, check_json, edited, shop};
use crate::support::TestRepository;

/// A repository and a GitLab that has its merge request 5 of `ada`.
struct Lab {
    scene: Scene,
    fake: Fake,
}

impl Lab {
    fn new() -> Self {
        Self::changing(&[("pay.py", &edited())])
    }

    fn changing(head: &[(&str, &str)]) -> Self {
        let base = shop(ASKS);
        let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
        Self::of(Scene::new(&base, head), head.len())
    }

    fn of(scene: Scene, files: usize) -> Self {
        let lab = Self { scene, fake: Fake::new() };
        {
            let mut state = lab.fake.state();
            state.push(&lab.scene.head, "ada");
            state.requests[0]["changes_count"] = json!(files.to_string());
            state.requests[0]["diff_refs"]["base_sha"] = json!(lab.scene.base);
            state.requests[0]["diff_refs"]["start_sha"] = json!(lab.scene.base);
            state.tip.clone_from(&lab.scene.base);
            state.pipelines.insert(41, lab.scene.head.clone());
        }
        lab
    }

    fn file(&self, name: &str) -> PathBuf {
        self.scene.repository.beside(name)
    }

    /// Returns a job of the project with the token of every job.
    fn job(&self, source: &str, arguments: &[&str]) -> Command {
        let mut command = portcullis(self.scene.repository.root(), arguments);
        command.envs([
            ("CI", "true"),
            ("GITLAB_CI", "true"),
            ("CI_API_V4_URL", &self.fake.base()),
            ("CI_PROJECT_PATH", "acme/shop"),
            ("CI_PROJECT_ID", "7"),
            ("CI_PIPELINE_SOURCE", source),
            ("CI_PIPELINE_ID", "41"),
            ("CI_JOB_ID", "9"),
            ("CI_JOB_URL", "https://git.example/acme/shop/-/jobs/9"),
            ("CI_DEFAULT_BRANCH", "main"),
            ("CI_JOB_TOKEN", JOB_TOKEN),
        ]);
        command
    }

    /// Returns a job of the merge request's pipeline.
    fn detached(&self, arguments: &[&str]) -> Command {
        let mut command = self.job("merge_request_event", arguments);
        command.envs([
            ("CI_MERGE_REQUEST_IID", "5"),
            ("CI_MERGE_REQUEST_PROJECT_PATH", "acme/shop"),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "detached"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &self.scene.base),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
            ("CI_COMMIT_SHA", &self.scene.head),
        ]);
        command
    }

    fn statuses(&self) -> Vec<String> {
        let state = self.fake.state();
        let word = |status: &Value, key: &str| status[key].as_str().unwrap().to_owned();
        let told = |one: &Value| format!("{} {} {}", word(one, "sha"), word(one, "status"), word(one, "description"));
        state.statuses.iter().map(told).collect()
    }
}

fn with_token(command: &mut Command) -> Run {
    run(command.env("GITLAB_TOKEN", PROJECT_TOKEN))
}

#[test]
fn a_merge_request_waits_for_its_team_and_passes_when_it_approved() {
    let lab = Lab::new();
    let arguments = [&check_json()[..], &["--publish", "status,comment,labels"]].concat();
    let first = with_token(&mut lab.detached(&arguments));
    assert_eq!(first.is("review").requirements(), ["layer-2/payments: own/payments"], "{}", first.err);
    let head = &lab.scene.head;
    assert_eq!((lab.statuses(), first.err.as_str()), (vec![format!("{head} pending waiting for payments")], ""));
    lab.fake.state().approve("bo");
    let second = with_token(&mut lab.detached(&arguments));
    assert_eq!(approvals(second.is("pass")), [("bo".to_owned(), true, String::new())]);
    assert_eq!(lab.statuses(), [format!("{head} success everyone who must approve has approved")]);
    assert_eq!(lab.fake.state().notes.len(), 1, "one comment, kept up to date");
    let labels = lab.fake.state().requests[0]["labels"].clone();
    assert!(labels.as_array().unwrap().contains(&json!("portcullis:pass")), "{labels}");
}

#[test]
fn the_author_and_who_may_not_write_approve_nothing_row_145() {
    let lab = Lab::new();
    lab.fake.state().approve("ada");
    lab.fake.state().approve("cy");
    let ended = with_token(&mut lab.detached(&check_json()));
    let found = approvals(ended.is("review"));
    assert!(found.len() == 2 && found.iter().all(|one| !one.1 && !one.2.is_empty()), "{found:?}");
}

#[test]
fn where_what_reviewers_asked_for_cannot_be_read_nobody_has_approved_row_133() {
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    lab.fake.fail("/reviewers", 99, Reply::json(403, &json!({})));
    let ended = with_token(&mut lab.detached(&check_json()));
    let found = approvals(ended.is("review"));
    assert_eq!(found, [("bo".to_owned(), false, "the forge does not tell all that was said since".to_owned())]);
}

/// A merge request whose target moved on, and the commit that GitLab made of both.
fn merged_result(amended: Option<&str>) -> (Lab, String, String) {
    let git = TestRepository::new();
    for (path, text) in shop(ASKS) {
        git.write(path, text);
    }
    let fork = git.commit("shop");
    git.git(&["checkout", "-q", "-b", "mend"]);
    git.write("pay.py", edited());
    let head = git.commit("mend");
    git.git(&["checkout", "-q", "main"]);
    git.write("pay.py", PAY.replace("seven(card)", "last(card)"));
    let target = git.commit("main moves on");
    git.git(&["checkout", "-q", "-b", "merged"]);
    git.git(&["merge", "-q", "--no-ff", "--no-edit", "mend"]);
    if let Some(text) = amended {
        git.write("pay.py", text);
        git.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    }
    let merged = git.git(&["rev-parse", "HEAD"]);
    let lab = Lab::of(Scene { repository: git, base: fork, head, as_of: AS_OF.to_owned() }, 1);
    lab.fake.state().tip.clone_from(&target);
    // The pipeline stands at the commit that was made.
    lab.fake.state().pipelines = [(41, merged.clone())].into();
    (lab, target, merged)
}

fn in_merged_result(lab: &Lab, kind: &str, target: &str, merged: &str) -> Run {
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    let mut job = lab.detached(&arguments);
    job.envs([
        ("CI_MERGE_REQUEST_EVENT_TYPE", kind),
        ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", &lab.scene.head),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", target),
        ("CI_COMMIT_SHA", merged),
    ]);
    with_token(&mut job)
}

#[test]
fn merged_results_and_trains_count_the_approvals_of_the_request_and_stand_at_its_head_row_147() {
    for kind in ["merged_result", "merge_train"] {
        let (lab, target, merged) = merged_result(None);
        in_merged_result(&lab, kind, &target, &merged).is("review");
        lab.fake.state().approve("bo");
        let ended = in_merged_result(&lab, kind, &target, &merged);
        assert_eq!(approvals(ended.is("pass")), [("bo".to_owned(), true, String::new())]);
        assert_eq!(ended.document()["change"]["head"], merged.as_str());
        let head = &lab.scene.head;
        assert_eq!(lab.statuses(), [format!("{head} success everyone who must approve has approved")], "{kind}");
        assert_eq!(ended.err, "");
    }
}

#[test]
fn a_merged_result_that_holds_more_than_the_request_is_approved_by_nobody_row_147() {
    let text = edited().replace("seven(card)", "last(card)").replace("four(card)", "steal(card)");
    let (lab, target, merged) = merged_result(Some(&text));
    lab.fake.state().approve("bo");
    let ended = in_merged_result(&lab, "merge_train", &target, &merged);
    assert!(approvals(ended.is("review")).iter().all(|one| !one.1));
    assert_eq!(lab.statuses(), [format!("{} pending waiting for payments", lab.scene.head)]);
}

#[test]
fn a_push_after_the_approval_makes_it_stale_row_144() {
    let lab = Lab::new();
    let old = lab.scene.base.clone();
    {
        let mut state = lab.fake.state();
        state.push(&old, "ada");
        state.approve("bo");
        let head = lab.scene.head.clone();
        state.push(&head, "ada");
    }
    let ended = with_token(&mut lab.detached(&check_json()));
    let found = approvals(ended.is("review"));
    assert!(!found[0].1 && found[0].2.starts_with("stale"), "{found:?}");
}

#[test]
fn a_scheduled_sweep_judges_every_open_merge_request() {
    let lab = Lab::new();
    let missing = "7".repeat(40);
    {
        let mut state = lab.fake.state();
        let mut other = state.request(6, "ada", &missing);
        other["changes_count"] = json!("1");
        state.requests.push(other);
        state.approve("bo");
    }
    let arguments = ["sweep", "--as-of", AS_OF, "--target-branch", "main", "--publish", "status"];
    let swept = with_token(&mut lab.job("schedule", &arguments));
    let lines: Vec<&str> = swept.text().lines().collect();
    assert_eq!((swept.code, lines.len()), (4, 3), "{}{}", swept.text(), swept.err);
    assert_eq!(lines[0], "#5  pass");
    assert!(lines[1].starts_with("#6  ") && lines[1].contains(&missing), "{}", lines[1]);
    assert_eq!(lab.statuses()[0], format!("{} success everyone who must approve has approved", lab.scene.head));
}

#[test]
fn the_token_of_a_job_may_not_read_approvals_and_that_is_said_with_what_to_do_row_133() {
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    let arguments = [&check_json()[..], &["--publish", "status,comment"]].concat();
    let ended = run(&mut lab.detached(&arguments));
    ended.is("review");
    assert!(ended.err.contains("CI_JOB_TOKEN may not do this") && ended.err.contains("`api`"), "{}", ended.err);
    let human = run(&mut lab.detached(&["check", "--as-of", AS_OF]));
    let said = human.text().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("approvals could not be read") && said.contains("PORTCULLIS_TOKEN"), "{said}");
    assert_eq!(lab.statuses(), Vec::<String>::new());
    // A token that reads and does not write decides all the same.
    let reads = run(lab.detached(&arguments).env("GITLAB_TOKEN", READER_TOKEN));
    reads.is("pass");
    assert!(reads.err.contains("not published: status"), "{}", reads.err);
}

#[test]
fn findings_stand_on_their_lines_and_in_the_code_quality_report() {
    let text = format!("{}# \u{202E}\n", edited());
    let lab = Lab::changing(&[("pay.py", &text)]);
    lab.fake.state().lines.insert(("pay.py".to_owned(), 9));
    let report = lab.file("quality.json");
    let named = format!("gitlab={}", report.display());
    let arguments = [&check_json()[..], &["--publish", "checks", "--report", &named]].concat();
    let ended = with_token(&mut lab.detached(&arguments));
    assert_eq!((ended.is("fail").err.as_str(), ended.code), ("", 1));
    let quality: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    assert_eq!(quality[0]["location"]["path"], "pay.py");
    assert_eq!(quality[0]["check_name"], "hidden-code/bidi");
    let noted = lab.fake.state().discussions.len();
    assert_eq!(noted, 1);
    let body = lab.fake.state().discussions[0]["notes"][0]["body"].clone();
    assert!(body.as_str().unwrap().contains("hidden-code"), "{body}");
    let writes = lab.fake.writes();
    with_token(&mut lab.detached(&arguments)).is("fail");
    assert_eq!(lab.fake.writes(), writes, "the same is not written twice");
}

#[test]
fn no_token_is_shown_anywhere_row_143() {
    let lab = Lab::new();
    let saved = lab.file("saved.json");
    let arguments =
        ["check", "--as-of", AS_OF, "--save-input", saved.to_str().unwrap(), "--publish", "status,comment,sarif"];
    let ended = with_token(&mut lab.detached(&arguments));
    assert_eq!(ended.code, 3);
    for bytes in [&ended.out, ended.err.as_bytes(), &std::fs::read(&saved).unwrap()] {
        assert!(!String::from_utf8_lossy(bytes).contains("SECRET"));
    }
}

#[test]
fn a_head_that_another_merge_request_has_too_is_green_for_neither() {
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    let head = lab.scene.head.clone();
    let mut other = lab.fake.state().request(6, "ada", &head);
    other["target_branch"] = json!("release");
    lab.fake.state().requests.push(other);
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    let ended = with_token(&mut lab.detached(&arguments));
    ended.is("pass");
    let why = "!6 into release has the same head: push a commit of its own, or close one";
    assert_eq!(lab.statuses(), [format!("{head} failed {why}")], "{}", ended.err);
    lab.fake.state().requests[1]["target_branch"] = json!("main");
    with_token(&mut lab.detached(&arguments)).is("pass");
    assert!(lab.statuses()[1].ends_with("success everyone who must approve has approved"), "{:?}", lab.statuses());
    // What is not known is somebody.
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    lab.fake.fail("/repository/commits/", 99, Reply::json(403, &json!({})));
    with_token(&mut lab.detached(&arguments)).is("pass");
    assert_eq!(lab.statuses(), Vec::<String>::new(), "the list of statuses cannot be read either");
}

#[test]
fn an_older_green_is_taken_back_and_does_not_outlive_a_run_without_a_verdict() {
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    let head = lab.scene.head.clone();
    let arguments = [&check_json()[..], &["--publish", "status"]].concat();
    with_token(&mut lab.detached(&arguments)).is("pass");
    let broken = [&arguments[..], &["--save-input", "/nowhere/saved.json"]].concat();
    assert_eq!(with_token(&mut lab.detached(&broken)).code, 4);
    let success = format!("{head} success everyone who must approve has approved");
    // The pending one is changed in place.
    assert_eq!(lab.statuses(), [success, format!("{head} failed it could not be judged; see the job")]);
}

#[test]
fn a_merge_request_that_is_merged_meanwhile_is_written_about_no_more() {
    let lab = Lab::new();
    lab.fake.state().approve("bo");
    // When its notes on the head are looked at, all has been read.
    lab.fake.state().meanwhile = Some(|state, line| {
        if line.contains("/merge_requests/5/versions") {
            state.requests[0]["state"] = json!("merged");
        }
    });
    let arguments = [&check_json()[..], &["--publish", "status,comment"]].concat();
    let ended = with_token(&mut lab.detached(&arguments));
    ended.is("review");
    assert!(ended.err.contains("the request is not open any more"), "{}", ended.err);
    assert_eq!(lab.fake.writes(), 0);
}
