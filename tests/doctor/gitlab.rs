//! Against GitLab.

use serde_json::json;

use crate::forge::server::Reply;
use crate::lab::fake::{Fake, JOB_TOKEN, PROJECT_TOKEN, Paging, READER_TOKEN};
use crate::scene::Run;
use crate::support::TestRepository;
use crate::{doctor, document, found, open, repository};

const PIPELINE: &str = "\
gate:
  rules:
    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"
  script: [portcullis check]
sweep:
  rules:
    - if: $CI_PIPELINE_SOURCE == \"schedule\"
  script: [portcullis sweep --publish status]
";

const FILES: &[(&str, &str)] =
    &[(".gitlab-ci.yml", PIPELINE), (".gitlab/CODEOWNERS", "* @acme/leads\n"), (".portcullis.yaml", "version: 1\n")];

fn ask(lab: &Fake, repository: &TestRepository, token: &str, more: &[&str]) -> Run {
    let name = if token == JOB_TOKEN { "CI_JOB_TOKEN" } else { "GITLAB_TOKEN" };
    let base = lab.base();
    let arguments = [&["--project", "acme/shop", "--forge", "gitlab", "--forge-url", &base], more].concat();
    doctor(repository, &arguments, &[(name, token)])
}

#[test]
fn a_project_without_a_way_around_the_gate_exits_0() {
    let (lab, repository) = (Fake::new(), repository(FILES));
    for paging in [Paging::Both, Paging::Number, Paging::Cursor, Paging::Silent] {
        lab.state().paging = paging;
        let run = ask(&lab, &repository, PROJECT_TOKEN, &["--format", "json"]);
        let document = document(&run);
        assert_eq!((found(&document), open(&document), run.code), (Vec::new(), Vec::new(), 0), "{document:#}");
        assert_eq!(document["branch"], "main");
    }
    assert_eq!(lab.writes(), 0);
}

#[test]
fn each_setting_that_lets_a_change_around_is_named_with_its_command() {
    let (lab, repository) = (Fake::new(), repository(&[("a.py", "x = 1\n")]));
    {
        let mut state = lab.state();
        let settings = &mut state.settings;
        settings.project["only_allow_merge_if_pipeline_succeeds"] = json!(false);
        settings.project["allow_merge_on_skipped_pipeline"] = json!(true);
        settings.project["merge_pipelines_enabled"] = json!(false);
        settings.project["ci_allow_fork_pipelines_to_run_in_parent_project"] = json!(true);
        settings.protected_branches[0]["allow_force_push"] = json!(true);
        settings.protected_branches[0]["code_owner_approval_required"] = json!(false);
        settings.protected_branches[0]["push_access_levels"] = json!([{"access_level": 40}, {"access_level": 40, "deploy_key_id": 3}, {"access_level": null, "user_id": 9}]);
        settings.approvals = Some(json!({
            "reset_approvals_on_push": false, "selective_code_owner_removals": true,
            "disable_overriding_approvers_per_merge_request": false, "merge_requests_author_approval": true,
            "merge_requests_disable_committers_approval": false,
        }));
        settings.approval_rules = Some(Vec::new());
        settings.job_token_scope = json!({ "inbound_enabled": false });
    }
    let run = ask(&lab, &repository, PROJECT_TOKEN, &["--format", "json"]);
    let document = document(&run);
    let expected = [
        "approvals-not-required",
        "approvers-overridable",
        "author-may-approve",
        "branch-force-push",
        "branch-not-up-to-date",
        "code-owners-not-required",
        "codeowners-missing",
        "committers-may-approve",
        "direct-push",
        "fork-pipelines-in-parent",
        "gate-missing",
        "job-token-inbound",
        "pipeline-not-required",
        "selective-code-owner-removals",
        "skipped-pipeline-merges",
        "stale-approvals-kept",
    ];
    assert_eq!((found(&document), run.code), (expected.to_vec(), 1), "{document:#}");
    let text = String::from_utf8(ask(&lab, &repository, PROJECT_TOKEN, &["--fix"]).out).unwrap();
    for line in [
        "these push to the branch: deploy key 3, role 40,",
        "glab api --method PUT projects/acme%2Fshop -F only_allow_merge_if_pipeline_succeeds=true",
        "glab api --method POST projects/acme%2Fshop/approvals -F merge_requests_author_approval=false",
        "glab api --method PATCH projects/acme%2Fshop/protected_branches/main -F allow_force_push=false",
        "glab api --method PATCH projects/acme%2Fshop/job_token_scope -F enabled=true",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(lab.writes(), 0);
}

#[test]
fn a_tier_without_approvals_is_said_and_not_taken_for_order() {
    let (lab, repository) = (Fake::new(), repository(FILES));
    {
        let mut state = lab.state();
        let settings = &mut state.settings;
        (settings.approvals, settings.approval_rules, settings.status_checks) = (None, None, None);
        settings.protected_branches[0].as_object_mut().unwrap().remove("code_owner_approval_required");
    }
    let run = ask(&lab, &repository, PROJECT_TOKEN, &["--format", "json"]);
    let document = document(&run);
    assert_eq!((found(&document), run.code), (vec!["approvals-not-offered", "code-owners-not-required"], 1));
    let held = document["held"].as_array().unwrap();
    assert!(!held.iter().any(|id| id == "stale-approvals-kept" || id == "author-may-approve"), "{held:?}");
}

#[test]
fn what_a_token_is_not_shown_is_not_known_and_never_in_order() {
    let (lab, repository) = (Fake::new(), repository(FILES));
    let run = ask(&lab, &repository, READER_TOKEN, &["--format", "json"]);
    let document_of = document(&run);
    assert_eq!(run.code, 4);
    for id in ["stale-approvals-kept", "author-may-approve", "approvals-not-required", "job-token-inbound"] {
        assert!(open(&document_of).contains(&id), "{id}: {document_of:#}");
    }
    assert!(!open(&document_of).contains(&"direct-push"), "{document_of:#}");
    let run = ask(&lab, &repository, JOB_TOKEN, &["--format", "json"]);
    let document_of = document(&run);
    assert!(open(&document_of).contains(&"direct-push") && run.code == 4, "{document_of:#}");
    let reach = document_of["reach"].as_array().unwrap();
    assert!(reach.iter().all(|one| one["may"] == "no"), "{reach:?}");
}

#[test]
fn a_list_that_is_not_whole_or_an_answer_that_is_another_is_not_known() {
    let repository = repository(FILES);
    for (about, id) in [
        ("/protected_branches", "direct-push"),
        ("GET /git/api/v4/projects/acme%2Fshop/approvals", "stale-approvals-kept"),
        ("/approval_rules", "approvals-not-required"),
        ("/job_token_scope", "job-token-inbound"),
    ] {
        for reply in [
            Reply::json(403, &json!({})),
            Reply::json(500, &json!({})),
            Reply::json(200, &json!("SECRET")),
            Reply::json(429, &json!({})).with("retry-after", "3600"),
            Reply::json(200, &json!([])).with("x-total", "3"),
        ] {
            let lab = Fake::new();
            lab.fail(about, usize::MAX, reply);
            let run = ask(&lab, &repository, PROJECT_TOKEN, &["--format", "json", "--forge-timeout", "20"]);
            let document = document(&run);
            let held = document["held"].as_array().unwrap().iter().any(|one| one == id);
            assert!(!held && run.code == 4, "{about}: {document:#}");
        }
    }
}

#[test]
fn a_pipeline_of_another_project_is_named_and_its_jobs_are_not_judged() {
    let (lab, repository) = (Fake::new(), repository(FILES));
    lab.state().settings.project["ci_config_path"] = json!("gate.yml@platform/ci:main");
    let run = ask(&lab, &repository, PROJECT_TOKEN, &["--format", "json"]);
    let document = document(&run);
    assert_eq!((found(&document), run.code), (vec!["pipeline-from-elsewhere"], 4), "{document:#}");
    assert!(open(&document).contains(&"gate-missing"));
}
