//! The cases of GitLab.

use super::{Case, files, fired, judged, lab, run};
use crate::doctor::{Examined, Kind};
use crate::forge::settings::{
    ApprovalRule, ApprovalSettings, BranchAccess, GitlabProject, GitlabSettings, Read, Settings,
};

const PIPELINE: &str = "\
.gate:
  variables: {GIT_DEPTH: \"0\"}
gate:
  extends: .gate
  needs: []
  rules:
    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"
  script:
    - portcullis check
sweep:
  rules:
    - if: $CI_PIPELINE_SOURCE == \"schedule\"
  script: [portcullis sweep --publish status]
";

const OWNERS: &str = "[Gate]\n* @leads\n";

fn tree(pipeline: &str, owners: &str) -> crate::doctor::files::Files {
    files(
        Kind::Gitlab,
        &[(".gitlab-ci.yml", pipeline), (".gitlab/CODEOWNERS", owners), (".portcullis.yaml", "version: 1\n")],
    )
}

fn project() -> GitlabProject {
    GitlabProject {
        pipeline_must_succeed: Some(true),
        skipped_counts: Some(false),
        status_checks_must_pass: Some(false),
        ci_config_path: Some(String::new()),
        fork_pipelines: Some(false),
        trains: Some(true),
        train_skippable: Some(false),
        merged_results: Some(true),
        role: Some(30),
    }
}

fn approvals() -> ApprovalSettings {
    ApprovalSettings {
        author: Some(false),
        committers_kept_out: Some(true),
        reset_on_push: Some(true),
        selective: Some(false),
        fixed_rules: Some(true),
    }
}

fn access() -> BranchAccess {
    BranchAccess {
        name: "main".to_owned(),
        push: Vec::new(),
        push_rows: Vec::new(),
        force_push: false,
        code_owners: Some(true),
    }
}

/// A project with no way around the gate.
fn sound() -> Examined {
    let rule = ApprovalRule { name: "All".to_owned(), required: 1, holds: true };
    let settings = GitlabSettings {
        branch: "main".to_owned(),
        project: Read::Known(project()),
        protections: Read::Known(vec![access()]),
        approvals: Read::Known(Some(approvals())),
        approval_rules: Read::Known(Some(vec![rule])),
        status_checks: Read::Known(Some(Vec::new())),
        job_tokens_limited: Read::Known(true),
        scopes: Read::Known(Some(vec!["api".to_owned()])),
        reach: Vec::new(),
    };
    Examined {
        forge: Kind::Gitlab,
        project: "acme/shop".to_owned(),
        branch: "main".to_owned(),
        settings: Ok(Settings::Gitlab(Box::new(settings))),
        files: tree(PIPELINE, OWNERS),
        in_ci: true,
    }
}

fn said(examined: &mut Examined, from: &str, to: &str) {
    assert!(PIPELINE.contains(from), "{from}");
    examined.files = tree(&PIPELINE.replacen(from, to, 1), OWNERS);
}

fn with_project(examined: &mut Examined, edit: fn(&mut GitlabProject)) {
    let mut one = project();
    edit(&mut one);
    lab(examined).project = Read::Known(one);
}

fn with_approvals(examined: &mut Examined, edit: fn(&mut ApprovalSettings)) {
    let mut one = approvals();
    edit(&mut one);
    lab(examined).approvals = Read::Known(Some(one));
}

fn with_access(examined: &mut Examined, edit: fn(&mut BranchAccess)) {
    let mut one = access();
    edit(&mut one);
    lab(examined).protections = Read::Known(vec![one]);
}

fn with_policy(examined: &mut Examined, fail: &str) {
    let policy = format!("approval_policy:\n  - name: all\n    fallback_behavior: {{fail: {fail}}}\n");
    examined.files = files(
        Kind::Gitlab,
        &[
            (".gitlab-ci.yml", PIPELINE),
            (".gitlab/CODEOWNERS", OWNERS),
            (".gitlab/security-policies/policy.yml", policy.as_str()),
        ],
    );
}

const SCRIPT: &str = "    - portcullis check\n";

const CASES: &[Case] = &[
    (
        "approvals-not-offered",
        |one| lab(one).approvals = Read::Known(None),
        |one| {
            with_approvals(one, |found| found.selective = Some(true));
        },
    ),
    (
        "approvals-not-required",
        |one| lab(one).approval_rules = Read::Known(Some(Vec::new())),
        |one| {
            let other = ApprovalRule { name: "x".to_owned(), required: 0, holds: true };
            let ours = ApprovalRule { name: "y".to_owned(), required: 2, holds: true };
            lab(one).approval_rules = Read::Known(Some(vec![other, ours]));
        },
    ),
    (
        "approvers-overridable",
        |one| with_approvals(one, |found| found.fixed_rules = Some(false)),
        |one| {
            with_approvals(one, |found| found.author = Some(true));
        },
    ),
    (
        "author-may-approve",
        |one| with_approvals(one, |found| found.author = Some(true)),
        |one| {
            with_approvals(one, |found| found.fixed_rules = Some(false));
        },
    ),
    (
        "branch-force-push",
        |one| with_access(one, |found| found.force_push = true),
        |one| {
            with_access(one, |found| found.push = vec!["role 40".to_owned()]);
        },
    ),
    (
        "branch-not-up-to-date",
        |one| with_project(one, |found| (found.trains, found.merged_results) = (Some(false), Some(false))),
        |one| with_project(one, |found| found.trains = Some(false)),
    ),
    (
        "code-owners-not-required",
        |one| with_access(one, |found| found.code_owners = Some(false)),
        |one| {
            let also = BranchAccess { name: "*".to_owned(), code_owners: Some(false), ..access() };
            lab(one).protections = Read::Known(vec![also, access()]);
        },
    ),
    (
        "codeowners-gap",
        |one| one.files = tree(PIPELINE, "[Gate]\n/src/ @leads\n"),
        |one| {
            one.files = tree(PIPELINE, "/.gitlab-ci.yml @a\n/.gitlab/ @a\n/.portcullis.yaml @a\n");
        },
    ),
    (
        "codeowners-missing",
        |one| one.files = files(Kind::Gitlab, &[(".gitlab-ci.yml", PIPELINE)]),
        |one| {
            one.files = files(Kind::Gitlab, &[(".gitlab-ci.yml", PIPELINE), ("CODEOWNERS", "* @a\n")]);
        },
    ),
    (
        "codeowners-optional",
        |one| one.files = tree(PIPELINE, "^[Gate]\n* @leads\n"),
        |one| {
            one.files = tree(PIPELINE, "[Gate][2]\n* @leads\n");
        },
    ),
    (
        "committers-may-approve",
        |one| with_approvals(one, |found| found.committers_kept_out = Some(false)),
        |one| with_approvals(one, |found| found.author = Some(true)),
    ),
    (
        "direct-push",
        |one| with_access(one, |found| found.push = vec!["role 40".to_owned()]),
        |one| {
            with_access(one, |found| found.force_push = true);
        },
    ),
    (
        "fork-pipelines-in-parent",
        |one| with_project(one, |found| found.fork_pipelines = Some(true)),
        |one| {
            with_project(one, |found| found.skipped_counts = Some(true));
        },
    ),
    (
        "gate-conditional",
        |one| {
            said(
                one,
                "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n",
                "    - if: $CI_COMMIT_MESSAGE =~ /wip/\n      when: never\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n",
            );
        },
        |one| said(one, "merge_request_event\"\n", "merge_request_event\"\n    - when: never\n"),
    ),
    (
        "gate-filtered",
        |one| said(one, "merge_request_event\"\n", "merge_request_event\"\n      changes: [src/**]\n"),
        |one| said(one, "schedule\"\n", "schedule\"\n      changes: [src/**]\n"),
    ),
    (
        "gate-in-matrix",
        |one| said(one, "  needs: []\n", "  parallel: 3\n"),
        |one| said(one, "sweep:\n", "sweep:\n  parallel: 3\n"),
    ),
    (
        "gate-manual",
        |one| said(one, "merge_request_event\"\n", "merge_request_event\"\n      when: manual\n"),
        |one| said(one, "schedule\"\n", "schedule\"\n      when: manual\n"),
    ),
    (
        "gate-may-fail",
        // What a job extends counts as its own.
        |one| said(one, ".gate:\n", ".gate:\n  allow_failure: true\n"),
        |one| said(one, ".gate:\n", ".gate:\n  allow_failure: false\n"),
    ),
    (
        "gate-missing",
        |one| one.files = tree("test: {script: [make]}\n", OWNERS),
        |one| {
            one.files = tree("include:\n  - component: $CI_SERVER_FQDN/platform/portcullis/portcullis@0123\n", OWNERS);
        },
    ),
    ("gate-needs", |one| said(one, "  needs: []\n", "  needs: [build]\n"), |one| said(one, "  needs: []\n", "")),
    (
        "gate-not-triggered",
        |one| said(one, "  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n", ""),
        |one| {
            said(
                one,
                "  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n",
                "  only: [merge_requests]\n",
            );
        },
    ),
    (
        "gate-workflow-editable",
        |one| said(one, "portcullis sweep --publish status", "make"),
        |one| said(one, SCRIPT, "    - portcullis check --review report\n"),
    ),
    (
        "job-token-inbound",
        |one| lab(one).job_tokens_limited = Read::Known(false),
        |one| {
            lab(one).job_tokens_limited = Read::Known(true);
        },
    ),
    (
        "pipeline-from-elsewhere",
        |one| with_project(one, |found| found.ci_config_path = Some(".ci.yml@platform/ci".to_owned())),
        |one| with_project(one, |found| found.ci_config_path = Some("ci/main.yml".to_owned())),
    ),
    (
        "pipeline-not-required",
        |one| with_project(one, |found| found.pipeline_must_succeed = Some(false)),
        |one| {
            with_project(one, |found| found.pipeline_must_succeed = None);
        },
    ),
    ("policy-fails-open", |one| with_policy(one, "open"), |one| with_policy(one, "closed")),
    (
        "selective-code-owner-removals",
        |one| with_approvals(one, |found| (found.reset_on_push, found.selective) = (Some(false), Some(true))),
        |one| with_approvals(one, |found| found.selective = Some(true)),
    ),
    (
        "skipped-pipeline-merges",
        |one| with_project(one, |found| found.skipped_counts = Some(true)),
        |one| {
            with_project(one, |found| found.skipped_counts = None);
        },
    ),
    (
        "stale-approvals-kept",
        |one| with_approvals(one, |found| found.reset_on_push = Some(false)),
        |one| {
            with_approvals(one, |found| found.selective = Some(true));
        },
    ),
    (
        "status-checks-not-required",
        |one| lab(one).status_checks = Read::Known(Some(vec!["portcullis".to_owned()])),
        |one| lab(one).status_checks = Read::Known(Some(vec!["Compliance Tool".to_owned()])),
    ),
    (
        "target-unprotected",
        |one| lab(one).protections = Read::Known(Vec::new()),
        |one| {
            lab(one).protections = Read::Known(vec![BranchAccess { name: "*".to_owned(), ..access() }]);
        },
    ),
    (
        "token-too-broad",
        |one| lab(one).scopes = Read::Known(Some(vec!["api".to_owned(), "sudo".to_owned()])),
        |one| lab(one).scopes = Read::Known(Some(vec!["read_api".to_owned()])),
    ),
    (
        "train-skippable",
        |one| with_project(one, |found| found.train_skippable = Some(true)),
        |one| {
            with_project(one, |found| (found.trains, found.train_skippable) = (Some(false), Some(true)));
        },
    ),
];

#[test]
fn each_check_fires_at_its_way_and_not_at_what_comes_near() {
    run(Kind::Gitlab, sound, CASES, &[]);
}

#[test]
fn who_may_push_is_taken_off_row_by_row_where_the_tier_has_rows() {
    let fix = |edit: fn(&mut BranchAccess)| {
        let mut examined = sound();
        with_access(&mut examined, edit);
        judged(&examined).findings.iter().find(|one| one.id == "direct-push").unwrap().fix.clone()
    };
    let text = fix(|found| {
        found.push = vec!["role 40".to_owned()];
        found.push_rows = vec![12];
    })[0]
        .text
        .clone();
    assert!(text.contains(r#"{"_destroy":true,"id":12}"#) && text.contains(r#"{"access_level":0}"#), "{text}");
    let free = fix(|found| {
        found.push = vec!["role 40".to_owned()];
        found.push_rows = vec![12];
        found.code_owners = None;
    });
    assert!(free.is_empty(), "{free:?}");
}

#[test]
fn a_setting_that_was_not_sent_is_not_known() {
    let mut examined = sound();
    with_project(&mut examined, |found| found.pipeline_must_succeed = None);
    with_approvals(&mut examined, |found| found.reset_on_push = None);
    let diagnosis = judged(&examined);
    let open: Vec<&str> = diagnosis.unknown.iter().flat_map(|one| one.checks.clone()).collect();
    assert!(open.contains(&"pipeline-not-required") && open.contains(&"stale-approvals-kept"), "{open:?}");
    assert_eq!(diagnosis.exit_code, 4);
}

#[test]
fn a_tier_without_approvals_is_said_once_and_never_in_order() {
    let mut examined = sound();
    lab(&mut examined).approvals = Read::Known(None);
    lab(&mut examined).approval_rules = Read::Known(None);
    with_access(&mut examined, |found| found.code_owners = None);
    let diagnosis = judged(&examined);
    let fired: Vec<&str> = fired(&diagnosis).into_iter().collect();
    assert_eq!(fired, ["approvals-not-offered", "code-owners-not-required"]);
    for id in ["stale-approvals-kept", "author-may-approve", "approvals-not-required"] {
        assert!(!diagnosis.held.contains(&id), "{id}");
    }
    assert!(diagnosis.findings[1].fix.is_empty() && diagnosis.findings[1].remedy.contains("Premium"));
}

#[test]
fn jobs_of_other_files_and_projects_are_read_where_they_can_be_and_named_where_not() {
    let pipeline = "include: [{local: /ci/gate.yml}]\n";
    let gate = "gate: {script: [portcullis check], allow_failure: true}\n";
    let mut examined = sound();
    examined.files =
        files(Kind::Gitlab, &[(".gitlab-ci.yml", pipeline), ("ci/gate.yml", gate), ("CODEOWNERS", "* @a\n")]);
    let found: Vec<String> = judged(&examined).findings.iter().map(|one| format!("{} {}", one.id, one.place)).collect();
    assert!(found.contains(&"gate-may-fail ci/gate.yml:1".to_owned()), "{found:?}");
    let foreign = "include: [{project: platform/portcullis, file: gate.yml}]\n";
    examined.files = tree(foreign, OWNERS);
    let diagnosis = judged(&examined);
    assert!(diagnosis.unknown.iter().any(|one| one.why.contains("platform/portcullis")), "{:#?}", diagnosis.unknown);
    examined.files = tree("include: [{component: h/p/portcullis/portcullis@1, inputs: {mode: shadow}}]\n", OWNERS);
    assert!(fired(&judged(&examined)).contains("gate-may-fail"));
}

#[test]
fn the_pipeline_of_this_repository_has_no_way_around_it_in_its_files() {
    let template = include_str!("../../../../templates/portcullis.yml");
    let read = files(Kind::Gitlab, &[(".gitlab-ci.yml", template)]);
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
}
