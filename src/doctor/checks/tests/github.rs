//! The cases of GitHub.

use std::collections::BTreeSet;

use super::{Case, files, fired, hub, judged, run};
use crate::doctor::{Examined, Kind};
use crate::forge::settings::{
    BranchRule, BranchSummary, CodeownersError, GithubSettings, Protection, Read, RequiredStatus, ReviewRule, RuleKind,
    Ruleset, Settings, WorkflowToken,
};

const PATH: &str = ".github/workflows/portcullis.yml";

const WORKFLOW: &str = "\
on:
  pull_request_target:
    types: [opened, synchronize, reopened]
permissions: {}
jobs:
  policy:
    name: portcullis policy
    permissions:
      contents: read
      issues: read
      pull-requests: write
      statuses: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with: {persist-credentials: false}
      - uses: acme/portcullis@0123456789abcdef0123456789abcdef01234567
        with: {publish: \"status,comment\"}
";

const QUEUE: &str = "\
on: merge_group
permissions: {contents: read, statuses: write}
jobs:
  policy:
    steps:
      - run: portcullis check --publish status
";

fn tree(workflow: &str, owners: &str) -> crate::doctor::files::Files {
    files(
        Kind::Github,
        &[
            (PATH, workflow),
            (".github/workflows/queue.yml", QUEUE),
            (".github/CODEOWNERS", owners),
            (".portcullis.yaml", "version: 1\npolicies: [policies]\n"),
        ],
    )
}

fn status(app: Option<i64>) -> RequiredStatus {
    RequiredStatus { context: "portcullis/review".to_owned(), app }
}

fn review() -> ReviewRule {
    ReviewRule { count: 1, dismiss_stale: true, code_owners: true, last_push: true }
}

fn rules(kinds: Vec<RuleKind>) -> Read<Vec<BranchRule>> {
    Read::Known(kinds.into_iter().map(|kind| BranchRule { ruleset: 1, kind }).collect())
}

fn all(review: ReviewRule, app: Option<i64>, strict: bool) -> Vec<RuleKind> {
    vec![
        RuleKind::Deletion,
        RuleKind::NonFastForward,
        RuleKind::PullRequest(review),
        RuleKind::Statuses(vec![status(app)], strict),
    ]
}

fn ruleset(bypass: &[&str]) -> Ruleset {
    Ruleset {
        id: 1,
        name: "main".to_owned(),
        source_type: "Repository".to_owned(),
        source: "acme/shop".to_owned(),
        enforcement: "active".to_owned(),
        bypass: Read::Known(bypass.iter().map(|one| (*one).to_owned()).collect()),
        statuses: vec![status(Some(77))],
    }
}

/// A repository with no way around the gate.
pub(super) fn sound() -> Examined {
    let settings = GithubSettings {
        branch: "main".to_owned(),
        admin: Read::Known(false),
        summary: Read::Known(BranchSummary { protected: true, by_protection: false, required: Vec::new() }),
        protection: Read::Known(None),
        rules: rules(all(review(), Some(77), true)),
        rulesets: Read::Known(vec![ruleset(&[])]),
        actions_app: Read::Known(15368),
        workflow_token: Read::Known(WorkflowToken::default()),
        codeowners: Read::Known(Some(Vec::new())),
        secrets: Read::Known(vec!["DEPLOY_KEY".to_owned()]),
        ..GithubSettings::default()
    };
    Examined {
        forge: Kind::Github,
        project: "acme/shop".to_owned(),
        branch: "main".to_owned(),
        settings: Ok(Settings::Github(Box::new(settings))),
        files: tree(WORKFLOW, "* @acme/leads\n"),
        in_ci: true,
    }
}

fn said(examined: &mut Examined, from: &str, to: &str) {
    assert!(WORKFLOW.contains(from), "{from}");
    examined.files = tree(&WORKFLOW.replace(from, to), "* @acme/leads\n");
}

fn protected(examined: &mut Examined, protection: Protection) {
    hub(examined).protection = Read::Known(Some(protection));
}

/// Branch protection in which everything is as it should be.
fn protection() -> Protection {
    Protection {
        statuses: Some((vec![status(Some(77))], true)),
        reviews: Some(review()),
        admins_too: true,
        ..Protection::default()
    }
}

/// Takes everything off the branch, and puts branch protection there alone.
fn classic(examined: &mut Examined, protection: Protection) {
    hub(examined).rules = Read::Known(Vec::new());
    hub(examined).rulesets = Read::Known(Vec::new());
    hub(examined).summary = Read::Known(BranchSummary { protected: true, by_protection: true, required: Vec::new() });
    protected(examined, protection);
}

const STEP: &str = "      - uses: acme/portcullis@0123456789abcdef0123456789abcdef01234567\n        with: {publish: \"status,comment\"}\n";

const CASES: &[Case] = &[
    (
        "actions-may-approve",
        |one| hub(one).workflow_token = Read::Known(WorkflowToken { writes: false, approves: true }),
        |one| hub(one).workflow_token = Read::Known(WorkflowToken { writes: true, approves: false }),
    ),
    (
        "actions-token-writes",
        |one| hub(one).workflow_token = Read::Known(WorkflowToken { writes: true, approves: false }),
        |one| hub(one).workflow_token = Read::Known(WorkflowToken { writes: false, approves: true }),
    ),
    (
        "admins-bypass",
        |one| classic(one, Protection { admins_too: false, ..protection() }),
        |one| classic(one, protection()),
    ),
    (
        "approvals-not-required",
        |one| hub(one).rules = rules(all(ReviewRule { count: 0, ..review() }, Some(77), true)),
        |one| hub(one).rules = rules(all(ReviewRule { count: 2, ..review() }, Some(77), true)),
    ),
    (
        "branch-deletable",
        |one| hub(one).rules = rules(all(review(), Some(77), true)[1..].to_vec()),
        |one| {
            hub(one).rules = rules(all(review(), Some(77), true)[1..].to_vec());
            protected(one, Protection { deletions: false, ..protection() });
        },
    ),
    (
        "branch-force-push",
        |one| classic(one, Protection { force_pushes: true, ..protection() }),
        |one| classic(one, protection()),
    ),
    (
        "branch-not-up-to-date",
        |one| hub(one).rules = rules(all(review(), Some(77), false)),
        |one| {
            let queued = [all(review(), Some(77), false), vec![RuleKind::MergeQueue]].concat();
            hub(one).rules = rules(queued);
        },
    ),
    (
        "bypass-actors",
        |one| hub(one).rulesets = Read::Known(vec![ruleset(&["RepositoryRole 5 (always)"])]),
        // A ruleset that does not hold for the branch may have any list.
        |one| hub(one).rulesets = Read::Known(vec![ruleset(&[]), Ruleset { id: 2, ..ruleset(&["Team 1 (always)"]) }]),
    ),
    (
        "code-owners-not-required",
        |one| hub(one).rules = rules(all(ReviewRule { code_owners: false, ..review() }, Some(77), true)),
        |one| {
            hub(one).rules = rules(all(ReviewRule { code_owners: false, ..review() }, Some(77), true));
            protected(one, protection());
        },
    ),
    (
        "codeowners-errors",
        |one| {
            let error = CodeownersError { path: "CODEOWNERS".to_owned(), line: 3, kind: "Unknown owner".to_owned() };
            hub(one).codeowners = Read::Known(Some(vec![error]));
        },
        |one| hub(one).codeowners = Read::Known(None),
    ),
    (
        "codeowners-gap",
        |one| one.files = tree(WORKFLOW, "* @acme/leads\n/.github/workflows/\n"),
        |one| {
            one.files =
                tree(WORKFLOW, "/.github/ @acme/leads\n/.portcullis.yaml @acme/leads\n/policies/ @acme/leads\n");
        },
    ),
    (
        "codeowners-missing",
        |one| one.files = files(Kind::Github, &[(PATH, WORKFLOW)]),
        |one| {
            one.files = files(Kind::Github, &[(PATH, WORKFLOW), ("docs/CODEOWNERS", "* @a\n")]);
        },
    ),
    ("direct-push", |one| classic(one, Protection { reviews: None, ..protection() }), |one| classic(one, protection())),
    (
        "gate-conditional",
        |one| said(one, "    name: portcullis policy\n", "    if: github.actor != 'dependabot[bot]'\n"),
        |one| said(one, "    name: portcullis policy\n", "    if: ${{ always() }}\n"),
    ),
    (
        "gate-filtered",
        |one| said(one, "    types: [opened, synchronize, reopened]", "    paths-ignore: [docs/**]"),
        |one| said(one, "    types: [opened, synchronize, reopened]", "    branches: [main, 'release/**']"),
    ),
    (
        "gate-in-matrix",
        |one| said(one, "    name: portcullis policy\n", "    strategy: {matrix: {os: [a, b]}}\n"),
        |one| said(one, "    name: portcullis policy\n", "    name: matrix\n"),
    ),
    (
        "gate-may-fail",
        |one| said(one, STEP, "      - run: |\n          portcullis check --publish status || true\n"),
        |one| {
            said(one, STEP, "      - run: |\n          cp a b || true\n          portcullis check --publish status\n");
        },
    ),
    (
        "gate-missing",
        |one| {
            one.files =
                files(Kind::Github, &[(".github/workflows/test.yml", "on: push\njobs: {a: {steps: [{run: make}]}}\n")]);
        },
        |one| said(one, STEP, "      - run: ./portcullis review --publish status\n"),
    ),
    (
        "gate-needs",
        |one| said(one, "    name: portcullis policy\n", "    needs: [build]\n"),
        |one| said(one, "    name: portcullis policy\n", "    name: needs\n"),
    ),
    (
        "gate-not-triggered",
        |one| said(one, "types: [opened, synchronize, reopened]", "types: [opened, reopened]"),
        |one| said(one, "  pull_request_target:\n    types: [opened, synchronize, reopened]", "  pull_request_target:"),
    ),
    (
        "gate-rights-missing",
        |one| said(one, "      statuses: write\n", "      statuses: read\n"),
        |one| said(one, "with: {publish: \"status,comment\"}", "with: {publish: \"comment\"}"),
    ),
    (
        "gate-rights-too-broad",
        |one| said(one, "      contents: read\n", "      contents: write\n"),
        |one| said(one, "      contents: read\n", "      contents: read\n      actions: read\n"),
    ),
    (
        "gate-workflow-editable",
        |one| said(one, "pull_request_target", "pull_request"),
        |one| {
            said(one, "pull_request_target", "pull_request");
            let required = RuleKind::Workflows(vec![PATH.to_owned()]);
            hub(one).rules = rules([all(review(), Some(77), true), vec![required]].concat());
        },
    ),
    (
        "head-code-with-rights",
        |one| said(one, "persist-credentials: false", "ref: \"${{ github.event.pull_request.head.sha }}\""),
        |one| said(one, "persist-credentials: false", "ref: main"),
    ),
    (
        "last-push-not-approved",
        |one| hub(one).rules = rules(all(ReviewRule { last_push: false, ..review() }, Some(77), true)),
        |one| {
            hub(one).rules = rules(all(ReviewRule { last_push: false, ..review() }, Some(77), true));
            protected(one, protection());
        },
    ),
    (
        "queue-not-triggered",
        |one| {
            hub(one).rules = rules([all(review(), Some(77), true), vec![RuleKind::MergeQueue]].concat());
            one.files = files(Kind::Github, &[(PATH, WORKFLOW), (".github/CODEOWNERS", "* @a\n")]);
        },
        |one| hub(one).rules = rules([all(review(), Some(77), true), vec![RuleKind::MergeQueue]].concat()),
    ),
    (
        "ruleset-not-enforced",
        |one| {
            hub(one).rulesets =
                Read::Known(vec![ruleset(&[]), Ruleset { id: 2, enforcement: "evaluate".to_owned(), ..ruleset(&[]) }]);
        },
        |one| {
            let idle = Ruleset { id: 2, enforcement: "disabled".to_owned(), statuses: Vec::new(), ..ruleset(&[]) };
            hub(one).rulesets = Read::Known(vec![ruleset(&[]), idle]);
        },
    ),
    (
        "stale-approvals-kept",
        |one| hub(one).rules = rules(all(ReviewRule { dismiss_stale: false, ..review() }, Some(77), true)),
        |one| hub(one).rules = rules(all(ReviewRule { count: 3, ..review() }, Some(77), true)),
    ),
    (
        "status-from-actions",
        |one| hub(one).rules = rules(all(review(), Some(15368), true)),
        |one| hub(one).rules = rules(all(review(), Some(15369), true)),
    ),
    (
        "status-not-pinned",
        |one| hub(one).rules = rules(all(review(), None, true)),
        |one| {
            hub(one).rules = rules(all(review(), None, true));
            protected(one, protection());
        },
    ),
    (
        "status-not-required",
        |one| hub(one).rules = rules(all(review(), Some(77), true)[..3].to_vec()),
        |one| {
            hub(one).rules = rules(all(review(), Some(77), true)[..3].to_vec());
            protected(one, protection());
        },
    ),
    (
        "target-unprotected",
        |one| {
            hub(one).summary = Read::Known(BranchSummary::default());
            hub(one).rules = Read::Known(Vec::new());
        },
        |one| {
            hub(one).summary = Read::Known(BranchSummary { protected: true, ..BranchSummary::default() });
            hub(one).rules = Read::Known(Vec::new());
        },
    ),
    (
        "token-in-repository-secrets",
        |one| hub(one).secrets = Read::Known(vec!["PORTCULLIS_TOKEN".to_owned()]),
        |one| hub(one).secrets = Read::Known(vec!["NPM_TOKEN".to_owned()]),
    ),
    (
        "token-too-broad",
        |one| hub(one).scopes = Some(vec!["repo".to_owned(), "admin:org".to_owned()]),
        |one| {
            hub(one).scopes = Some(vec!["repo".to_owned(), "admin:org".to_owned()]);
            one.in_ci = false;
        },
    ),
];

#[test]
fn each_check_fires_at_its_way_and_not_at_what_comes_near() {
    run(Kind::Github, sound, CASES, &["copilot-approves"]);
}

#[test]
fn whether_copilot_counts_is_not_known_where_the_gate_itself_is_not_waited_for() {
    let mut examined = sound();
    hub(&mut examined).rules = rules(all(review(), Some(77), true)[..3].to_vec());
    let diagnosis = judged(&examined);
    let unknown: Vec<_> = diagnosis.unknown.iter().filter(|one| one.checks == ["copilot-approves"]).collect();
    assert_eq!((unknown.len(), diagnosis.exit_code), (1, 4), "{:#?}", diagnosis.unknown);
    assert!(judged(&sound()).held.contains(&"copilot-approves"), "the gate counts people only");
}

#[test]
fn a_bypass_list_that_is_not_shown_is_not_an_empty_one() {
    let mut examined = sound();
    let hidden = Ruleset { bypass: Read::default(), ..ruleset(&[]) };
    hub(&mut examined).rulesets = Read::Known(vec![hidden]);
    let diagnosis = judged(&examined);
    assert!(diagnosis.unknown.iter().any(|one| one.checks.contains(&"bypass-actors")) && diagnosis.exit_code == 4);
    hub(&mut examined).rulesets = Read::Known(Vec::new());
    assert_eq!(judged(&examined).exit_code, 4, "a rule whose ruleset is not shown");
}

#[test]
fn without_a_published_status_the_job_itself_has_to_be_required() {
    let mut examined = sound();
    said(&mut examined, "        with: {publish: \"status,comment\"}\n", "");
    let queue = examined.files.documents.iter().position(|one| one.path.ends_with("queue.yml")).unwrap();
    examined.files.documents.remove(queue);
    let diagnosis = judged(&examined);
    let finding = diagnosis.findings.iter().find(|one| one.id == "status-not-required").unwrap();
    assert!(finding.what.contains("`portcullis policy`"), "{}", finding.what);
}

#[test]
fn the_names_of_required_statuses_are_known_without_the_right_to_read_the_protection() {
    let mut examined = sound();
    hub(&mut examined).rules = Read::Known(Vec::new());
    hub(&mut examined).rulesets = Read::Known(Vec::new());
    hub(&mut examined).protection = Read::default();
    let required = vec![status(None)];
    hub(&mut examined).summary = Read::Known(BranchSummary { protected: true, by_protection: true, required });
    let diagnosis = judged(&examined);
    assert!(fired(&diagnosis).contains("status-not-pinned") && !fired(&diagnosis).contains("status-not-required"));
    assert_eq!(diagnosis.exit_code, 4, "the rest of the protection is not known");
}

#[test]
fn a_workflow_that_is_no_yaml_leaves_its_checks_open() {
    let mut examined = sound();
    examined.files = tree("on: [pull_request\njobs: {", "* @acme/leads\n");
    let diagnosis = judged(&examined);
    assert!(diagnosis.unknown.iter().any(|one| one.request == PATH && one.checks.contains(&"gate-conditional")));
    assert_eq!(diagnosis.exit_code, 4);
}

#[test]
fn a_gate_in_a_called_workflow_is_found_and_the_condition_of_its_caller_counts() {
    let called = "on: workflow_call\njobs:\n  gate:\n    steps: [{run: portcullis check --publish status}]\n";
    let caller = "on: pull_request_target\njobs:\n  call:\n    if: github.actor == 'x'\n    uses: ./.github/workflows/gate.yml\n";
    let mut examined = sound();
    examined.files =
        files(Kind::Github, &[(PATH, caller), (".github/workflows/gate.yml", called), ("CODEOWNERS", "* @a\n")]);
    let fired: Vec<String> = judged(&examined).findings.iter().map(|one| format!("{} {}", one.id, one.place)).collect();
    assert!(fired.contains(&format!("gate-conditional {PATH}:4")), "{fired:?}");
    assert!(!fired.iter().any(|one| one.starts_with("gate-missing")), "{fired:?}");
}

#[test]
fn the_workflows_that_the_documentation_offers_leave_no_way_around() {
    let rest: [(&str, &str); 5] = [
        (".github/workflows/arrived.yml", include_str!("../../../../docs/workflows/review-arrived.yml")),
        (".github/workflows/review.yml", include_str!("../../../../docs/workflows/review.yml")),
        (".github/workflows/queue.yml", include_str!("../../../../docs/workflows/queue.yml")),
        (".github/workflows/sweep.yml", include_str!("../../../../docs/workflows/sweep.yml")),
        ("CODEOWNERS", "* @acme/leads\n"),
    ];
    let queued = [all(review(), Some(77), true), vec![RuleKind::MergeQueue]].concat();
    for text in
        [include_str!("../../../../docs/workflows/publishing.yml"), include_str!("../../../../docs/workflows/full.yml")]
    {
        let mut examined = sound();
        hub(&mut examined).rules = rules(queued.clone());
        examined.files = files(Kind::Github, &[&[(PATH, text)], &rest[..]].concat());
        let diagnosis = judged(&examined);
        assert_eq!(
            (fired(&diagnosis), &diagnosis.unknown),
            (BTreeSet::new(), &Vec::new()),
            "{:#?}",
            diagnosis.findings
        );
    }
    // Read-only is for looking at it: its author edits it.
    let mut examined = sound();
    examined.files = files(
        Kind::Github,
        &[(PATH, include_str!("../../../../docs/workflows/read-only.yml")), ("CODEOWNERS", "* @acme/leads\n")],
    );
    let diagnosis = judged(&examined);
    assert!(fired(&diagnosis).contains("gate-workflow-editable"), "{:#?}", diagnosis.findings);
}
