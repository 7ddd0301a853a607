//! What the forge says now goes before what the event said, and what git shows goes before both.

use serde_json::json;

use crate::forge::hub::WORKFLOW;
use crate::scene::{AS_OF, portcullis, run};
use crate::stage::{ASKS, PAY, Stage, check_json, edited};

/// Rules that read the request.
const READS: &str = r#"package own

deny contains "the label `ready` is missing" if not "ready" in input.change.labels

deny contains sprintf("the title says %s", [input.change.title]) if input.change.title != "Add refunds"
"#;

fn messages(run: &crate::scene::Run) -> Vec<String> {
    let document = run.document();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_live_title_and_labels_decide_and_not_those_of_the_event_row_142() {
    let stage = Stage::changing(READS, &[("docs.md", "# The shop\n")]);
    // The event says an old title and no label; the forge has the right title, and the label is still missing.
    assert_eq!(messages(stage.check(&[]).is("fail")), ["the label `ready` is missing"]);
    stage.hub.state().pulls.get_mut(&7).unwrap()["labels"] = json!([{"name": "ready"}]);
    stage.check(&[]).is("pass");
    stage.hub.state().pulls.get_mut(&7).unwrap()["title"] = json!("WIP");
    assert_eq!(messages(stage.check(&[]).is("fail")), ["the title says WIP"]);
    // The other way round: the event promises what the forge does not have.
    let mut payload = stage.pull_request();
    payload["pull_request"]["title"] = json!("Add refunds");
    let replayed = run(&mut stage.job("pull_request", &payload, WORKFLOW, &check_json()));
    assert_eq!(messages(replayed.is("fail")), ["the title says WIP"]);
}

#[test]
fn rules_that_read_the_request_wait_at_the_desk_are_undecided_without_a_token_and_decided_with_one_row_133() {
    let stage = Stage::changing(READS, &[("docs.md", "# The shop\n")]);
    let arguments = stage.scene.check_arguments(&["--format", "json"]);
    let desk = run(&mut portcullis(stage.scene.repository.root(), &arguments));
    assert_eq!(desk.is("pass").document()["deferred"].as_array().unwrap().len(), 1);
    let job = run(&mut stage.job("pull_request", &stage.pull_request(), "", &check_json()));
    assert_eq!(job.is("undecided").reasons(), ["forge-not-asked policies/own.rego"]);
    assert!(job.document()["completeness"]["reasons"][0]["message"].as_str().unwrap().contains("there is no token"));
    stage.hub.state().pulls.get_mut(&7).unwrap()["labels"] = json!([{"name": "ready"}]);
    let decided = stage.check(&[]);
    assert_eq!(decided.is("pass").document()["deferred"], json!([]));
}

#[test]
fn a_number_of_changed_files_that_git_does_not_show_is_undecided_row_8() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    stage.check(&[]).is("pass");
    for said in [0, 2, 300] {
        stage.hub.state().pulls.get_mut(&7).unwrap()["changed_files"] = json!(said);
        let ended = stage.check(&["--publish", "status"]);
        assert_eq!(ended.is("undecided").reasons(), ["changed-files-differ"], "{said}");
    }
    assert!(stage.statuses().iter().all(|status| status.starts_with("error ")), "{:?}", stage.statuses());
    let saved = stage.file("saved.json");
    stage.check(&["--save-input", saved.to_str().unwrap()]).is("undecided");
    // A saved input that was wrong stays wrong, also when the forge counts rightly later.
    stage.hub.state().pulls.get_mut(&7).unwrap()["changed_files"] = json!(1);
    let review = ["review", "--input", saved.to_str().unwrap(), "--as-of", AS_OF, "--format", "json"];
    run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &review)).is("undecided");
}

#[test]
fn a_rename_may_be_counted_once_or_twice_row_8() {
    let stage = Stage::new();
    let repository = &stage.scene.repository;
    let moved = repository.blob(PAY);
    let tree = repository.git(&["ls-tree", &stage.scene.base]).replace("\tpay.py", "\tpayments.py");
    let tree = repository.git_with(&["mktree"], format!("{tree}\n").as_bytes());
    assert!(repository.git(&["ls-tree", &tree]).contains(&moved));
    let head = repository.commit_tree(&tree, &[&stage.scene.base], "move");
    for (said, verdict) in [(1, "review"), (2, "review"), (3, "undecided")] {
        stage.open(7, &head, said);
        let mut payload = stage.pull_request();
        payload["pull_request"]["head"]["sha"] = json!(head);
        run(&mut stage.job("pull_request", &payload, WORKFLOW, &check_json())).is(verdict);
    }
}

#[test]
fn a_decision_with_facts_of_the_forge_is_replayed_byte_for_byte_row_151() {
    for (policy, verdict) in [(ASKS, "pass"), (READS, "fail")] {
        let stage = Stage::changing(policy, &[("pay.py", &edited())]);
        stage.approve("eve", &stage.scene.head);
        stage.approve("bob", &stage.scene.head);
        let saved = stage.file("saved.json");
        let saved = saved.to_str().unwrap();
        let one = stage.check(&["--threads", "1", "--save-input", saved]);
        one.is(verdict);
        let bytes = std::fs::read(saved).unwrap();
        let four = stage.check(&["--threads", "4", "--save-input", saved]);
        assert_eq!((&one, &bytes), (&four, &std::fs::read(saved).unwrap()));
        let elsewhere = tempfile::tempdir().unwrap();
        for threads in ["1", "4"] {
            let decide = ["decide", saved, "--format", "json", "--threads", threads];
            assert_eq!(run(&mut portcullis(elsewhere.path(), &decide)).out, one.out, "{policy} {threads}");
        }
    }
}

#[test]
fn a_decision_without_the_answers_of_the_forge_is_replayed_byte_for_byte_row_151() {
    // The last one cannot be evaluated on a title that nobody knows.
    let faulty =
        "package own\n\ndeny contains \"no\" if to_number(input.change.title) > 1\n\nwarn contains \"so\" if 1 == 2\n";
    for policy in [ASKS, READS, faulty] {
        let stage = Stage::changing(policy, &[("pay.py", &edited())]);
        let saved = stage.file("saved.json");
        let saved = saved.to_str().unwrap();
        let arguments = [&check_json()[..], &["--save-input", saved, "--forge-timeout", "1"]].concat();
        stage.hub.fault("GET", "/pulls/7", 99, crate::forge::server::Reply::json(403, &json!({"message": "no"})));
        for token in ["", WORKFLOW] {
            let first = run(&mut stage.job("pull_request", &stage.pull_request(), token, &arguments));
            assert!(matches!(first.code, 3 | 4), "{}", first.err);
            let decide = ["decide", saved, "--format", "json"];
            assert_eq!(run(&mut portcullis(stage.scene.repository.root(), &decide)).out, first.out);
        }
    }
}

#[test]
fn a_request_that_wants_into_another_branch_by_now_is_undecided_row_142() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    let saved = stage.file("saved.json");
    stage.check(&["--save-input", saved.to_str().unwrap()]).is("pass");
    // The event, and the input of an earlier job, still say what the request wanted then.
    stage.hub.state().pulls.get_mut(&7).unwrap()["base"]["sha"] = json!(stage.scene.head);
    let ended = stage.check(&[]);
    ended.is("undecided");
    assert!(ended.reasons().iter().any(|reason| reason.starts_with("target-differs")), "{:?}", ended.reasons());
    let again = ["review", "--as-of", AS_OF, "--format", "json", "--input", saved.to_str().unwrap()];
    let ended = run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &again));
    ended.is("undecided");
}

/// A request whose target branch has another rule since the last push; returns its tip.
fn ruled_since() -> (Stage, String) {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    let repository = &stage.scene.repository;
    let blob = repository.blob(ASKS.replace("layer\": 2", "layer\": 3"));
    let policies = repository.tree(&[("100644", b"own.rego", blob.as_str())]);
    let old = repository.git(&["rev-parse", &format!("{}:policies", stage.scene.base)]);
    let tree = repository.git(&["ls-tree", &stage.scene.base]).replace(&old, &policies);
    let tree = repository.git_with(&["mktree"], format!("{tree}\n").as_bytes());
    let tip = repository.commit_tree(&tree, &[&stage.scene.base], "another rule");
    stage.hub.state().tips.insert("main".to_owned(), tip.clone());
    (stage, tip)
}

#[test]
fn rules_that_came_to_the_branch_since_the_last_push_are_seen_row_8() {
    let (stage, tip) = ruled_since();
    let ended = stage.check(&["--publish", "status"]);
    assert_eq!(ended.is("undecided").reasons(), ["outdated-rules"]);
    let review = ["review", "--as-of", AS_OF, "--format", "json"];
    let ended = run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &review));
    assert_eq!(ended.is("undecided").reasons(), ["outdated-rules"]);
    assert_eq!(ended.document()["change"]["base"], tip.as_str());
    let swept = run(&mut stage.job("schedule", &json!({}), WORKFLOW, &["sweep", "--as-of", AS_OF]));
    assert!(swept.text().contains("other rules today"), "{}", swept.text());
    assert!(stage.statuses()[0].starts_with("error "), "{:?}", stage.statuses());
    // A branch that moved and kept its rules takes nothing away.
    let repository = &stage.scene.repository;
    let tree = repository.git(&["rev-parse", &format!("{}^{{tree}}", stage.scene.base)]);
    let tip = repository.commit_tree(&tree, &[&stage.scene.base], "nothing");
    stage.hub.state().tips.insert("main".to_owned(), tip);
    stage.check(&[]).is("pass");
}

#[test]
fn a_branch_that_moved_after_the_clone_was_made_is_judged_as_the_clone_has_it_and_never_by_a_review_row_8() {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    let gone = "5".repeat(40);
    stage.hub.state().tips.insert("main".to_owned(), gone.clone());
    stage.check(&[]).is("pass");
    let human = run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &["check", "--as-of", AS_OF]));
    let page = std::fs::read_to_string(stage.file("summary.md")).unwrap();
    assert!(page.contains("the target branch moved since"), "{page}{}", human.text());
    // A review judges by the tip, or not at all.
    let review = ["review", "--as-of", AS_OF, "--format", "json"];
    let ended = run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &review));
    assert_eq!(ended.is("undecided").reasons(), ["missing-object"]);
    assert!(ended.document()["completeness"]["reasons"][0]["message"].as_str().unwrap().contains(&gone));
    // What the clone has of the branch is newer than the last push, and is held against the rules, too.
    let (ruled, tip) = ruled_since();
    ruled.hub.state().tips.insert("main".to_owned(), gone);
    ruled.check(&[]).is("pass");
    ruled.scene.repository.git(&["update-ref", "refs/remotes/origin/main", &tip]);
    assert_eq!(ruled.check(&[]).is("undecided").reasons(), ["outdated-rules"]);
    // A clone that has neither what it was nor what it is decides nothing.
    stage.hub.state().pulls.get_mut(&7).unwrap()["base"]["sha"] = json!("4".repeat(40));
    stage.check(&[]).is("undecided");
}
