//! From the event to the verdict, and what is no verdict.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::forge::hub::FORK;
use crate::runner::Job;
use crate::stage::{ASKS, Stage};
use crate::yard::{Yard, harmless, refused, with};

/// Puts a program in the place of the gate.
fn gate(yard: &Yard, script: &str) -> Job {
    let path = yard.stage.file("gate.sh");
    let text =
        format!("#!/usr/bin/env bash\nif [ \"$1\" = --version ]; then echo portcullis 0; exit 0; fi\n{script}\n");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    with(yard.request(), &[("binary", path.to_str().unwrap())])
}

#[test]
fn a_harmless_change_passes_from_a_clone_of_depth_one() {
    let yard = Yard::of(harmless());
    assert!(!yard.has(&yard.stage.scene.head) && !yard.has(&yard.stage.scene.base));
    let ended = yard.request().run();
    ended.is("pass", 0);
    assert_eq!((ended.output("exit-code"), ended.output("required-reviews")), ("0", "[]"));
    assert_eq!((ended.output("errors"), ended.output("changed-files")), ("0", "1"));
    assert_eq!(ended.output("policies-digest").len(), 64);
    for report in ["report-json", "report-markdown", "report-sarif"] {
        assert!(std::fs::metadata(ended.output(report)).unwrap().len() > 0, "{report}");
    }
    assert!(ended.output("version").starts_with(env!("CARGO_PKG_VERSION")));
    assert_eq!(ended.output("sha256").len(), 64);
}

#[test]
fn a_change_that_a_rule_refuses_fails() {
    let yard = Yard::of(refused());
    let ended = yard.request().run();
    ended.is("fail", 1);
    assert_eq!(ended.output("errors"), "1");
    assert!(ended.log.contains("never"), "{}", ended.log);
}

#[test]
fn awaited_people_are_green_only_where_the_status_says_pending() {
    let yard = Yard::new();
    let ended = with(yard.request(), &[("publish", "status")]).run();
    ended.is("review", 0);
    let statuses = yard.stage.statuses();
    assert!(statuses[0].starts_with("pending waiting for "), "{statuses:?}");
    let required: serde_json::Value = serde_json::from_str(ended.output("required-reviews")).unwrap();
    assert_eq!((&required[0]["team"], &required[0]["met"]), (&json!("payments"), &json!(false)));
    assert_eq!(ended.output("layer"), "2");
}

#[test]
fn awaited_people_are_red_where_nothing_is_published_or_the_token_may_not() {
    let yard = Yard::new();
    yard.request().run().is("review", 3);
    let job = with(yard.request(), &[("publish", "comment,labels")]);
    job.run().is("review", 3);
    let job = with(yard.request(), &[("publish", "status"), ("token", FORK)]);
    let ended = job.run();
    ended.is("review", 3);
    assert!(ended.log.contains("not published: status"), "{}", ended.log);
    assert_eq!(yard.stage.statuses(), Vec::<String>::new());
}

#[test]
fn a_commit_that_another_request_shares_is_not_waited_for_in_green() {
    let yard = Yard::new();
    yard.stage.open(8, &yard.stage.scene.head, 1);
    yard.stage.hub.state().pulls.get_mut(&8).unwrap()["base"]["ref"] = json!("release");
    let ended = with(yard.request(), &[("publish", "status")]).run();
    ended.is("review", 3);
    assert!(yard.stage.statuses()[0].starts_with("error "), "{:?}", yard.stage.statuses());
}

#[test]
fn an_approval_that_counts_passes() {
    let yard = Yard::new();
    yard.stage.approve("bob", &yard.stage.scene.head);
    with(yard.request(), &[("publish", "status")]).run().is("pass", 0);
    assert!(yard.stage.statuses()[0].starts_with("success "), "{:?}", yard.stage.statuses());
}

#[test]
fn what_cannot_be_checked_is_undecided() {
    let yard = Yard::of(Stage::changing("package own\n\ndeny contains 1 if nowhere(1)\n", &[("docs.md", "x\n")]));
    let ended = with(yard.request(), &[("publish", "status")]).run();
    ended.is("undecided", 4);
    assert!(yard.stage.statuses()[0].starts_with("error "), "{:?}", yard.stage.statuses());
}

#[test]
fn a_shadow_is_green_whatever_the_verdict_and_says_it() {
    let yard = Yard::of(refused());
    with(yard.request(), &[("shadow", "true")]).run().is("fail", 0);
    let yard = Yard::new();
    with(yard.request(), &[("shadow", "true")]).run().is("review", 0);
    with(gate(&yard, "exit 101"), &[("shadow", "true")]).run().is("undecided", 4);
}

#[test]
fn a_gate_that_crashes_or_is_killed_blocks() {
    let yard = Yard::of(harmless());
    for script in ["exit 101", "kill -KILL $$", "kill -SEGV $$", "exit 255", "exit 5"] {
        let ended = gate(&yard, script).run();
        ended.is("undecided", 4);
        assert!(ended.log.contains("is never a pass"), "{script}: {}", ended.log);
    }
}

#[test]
fn a_killed_step_leaves_no_other_verdict_than_undecided() {
    let yard = Yard::of(harmless());
    // It takes the shell that runs it along.
    let ended = gate(&yard, "kill -KILL $PPID; sleep 1; exit 0").run();
    assert_eq!(ended.output("verdict"), "undecided");
    assert_ne!(ended.code, 0, "{}", ended.log);
}

#[test]
fn a_green_code_without_a_document_or_with_another_one_blocks() {
    let yard = Yard::of(harmless());
    gate(&yard, "exit 0").run().is("undecided", 4);
    let says = |verdict: &str, code: u8| {
        format!(
            "for argument in \"$@\"; do case \"$argument\" in json=*) \
             printf '{{\\n  \"schema\": \"x\",\\n  \"verdict\": \"{verdict}\",\\n}}\\n' >\"${{argument#json=}}\" ;; esac; done; exit {code}"
        )
    };
    gate(&yard, &says("pass", 0)).run().is("pass", 0);
    for (verdict, code) in
        [("fail", 0), ("undecided", 0), ("review", 0), ("pass", 1), ("", 0), ("pass", 3), ("pass", 4)]
    {
        gate(&yard, &says(verdict, code)).run().is("undecided", 4);
    }
}

#[test]
fn a_wrong_configuration_of_the_base_ends_with_two_and_no_verdict() {
    let shop = crate::stage::shop(ASKS);
    let mut files: Vec<(&str, &str)> = shop.iter().map(|(path, text)| (*path, text.as_str())).collect();
    files[0] = (".portcullis.yaml", "version: 9\n");
    let yard = Yard::of(Stage::of(&files, &[("docs.md", "x\n")]));
    yard.request().run().is("undecided", 2);
}

#[test]
fn inputs_of_another_shape_are_refused_before_anything_is_done() {
    let yard = Yard::of(harmless());
    for (name, value) in [
        ("mode", "everything"),
        ("publish", "status,$(id)"),
        ("publish", "status comment"),
        ("publish", "status\nverdict=pass"),
        ("base", "main"),
        ("head", "--upload-pack=x"),
        ("fail-on", "never;"),
        ("sha256", "abc"),
        ("shadow", "yes"),
        ("account", "a\nb"),
    ] {
        let ended = with(yard.request(), &[(name, value)]).run();
        assert_eq!((ended.code, ended.ran.len()), (2, 1), "{name}: {}", ended.log);
        assert_eq!(ended.output("verdict"), "undecided", "{name}");
    }
}

#[test]
fn events_that_are_about_no_change_say_so() {
    let yard = Yard::of(harmless());
    let ended = yard.job("issues", &json!({"action": "opened", "issue": {"number": 3}})).run();
    ended.is("undecided", 2);
}
