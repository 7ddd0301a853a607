//! Against GitHub.

use serde_json::{Value, json};

use crate::forge::hub::{FORK, Hub, PERSON, WORKFLOW};
use crate::forge::server::{Manner, Reply};
use crate::forge::settings::Settings;
use crate::scene::Run;
use crate::support::TestRepository;
use crate::{doctor, document, found, open, repository};

const WORKFLOW_FILE: &str = "\
on:
  pull_request_target:
permissions: {}
jobs:
  policy:
    name: portcullis policy
    permissions: {contents: read, issues: read, pull-requests: read, statuses: write}
    steps:
      - uses: acme/portcullis@0123456789abcdef0123456789abcdef01234567
        with: {publish: status}
";

const FILES: &[(&str, &str)] = &[
    (".github/workflows/portcullis.yml", WORKFLOW_FILE),
    (".github/CODEOWNERS", "* @acme/leads\n"),
    (".portcullis.yaml", "version: 1\n"),
    ("a.py", "x = 1\n"),
];

fn ask(hub: &Hub, repository: &TestRepository, token: &str, more: &[&str]) -> Run {
    let settings = hub.settings(token);
    let url = settings.address.to_string();
    let arguments = [&["--project", "acme/shop", "--forge", "github"], more].concat();
    doctor(repository, &arguments, &[("GITHUB_TOKEN", token), ("GITHUB_API_URL", &url)])
}

fn sound() -> Hub {
    let hub = Hub::new();
    hub.state().settings = Settings::sound();
    hub
}

#[test]
fn a_repository_without_a_way_around_the_gate_exits_0() {
    let (hub, repository) = (sound(), repository(FILES));
    let run = ask(&hub, &repository, PERSON, &["--format", "json"]);
    let document = document(&run);
    assert_eq!((found(&document), open(&document), run.code), (Vec::new(), Vec::new(), 0), "{document:#}");
    assert_eq!((document["branch"].as_str(), document["project"].as_str()), (Some("main"), Some("acme/shop")));
    assert!(hub.writes().is_empty(), "nothing is written");
    let text = ask(&hub, &repository, PERSON, &[]);
    let text = String::from_utf8(text.out).unwrap();
    assert!(text.contains("No way around the gate was found.") && text.contains("reaches"), "{text}");
}

#[test]
fn a_bare_repository_has_each_way_named_with_its_remedy_and_command() {
    let (hub, repository) = (Hub::new(), repository(&[("a.py", "x = 1\n")]));
    hub.state().settings.owners = None;
    hub.state().settings.workflow =
        json!({"default_workflow_permissions": "write", "can_approve_pull_request_reviews": true});
    hub.state().settings.secrets = vec!["PORTCULLIS_TOKEN"];
    let run = ask(&hub, &repository, PERSON, &["--format", "json"]);
    let document = document(&run);
    let expected = [
        "actions-may-approve",
        "actions-token-writes",
        "branch-not-up-to-date",
        "codeowners-missing",
        "gate-missing",
        "status-not-required",
        "target-unprotected",
        "token-in-repository-secrets",
    ];
    assert_eq!((found(&document), run.code), (expected.to_vec(), 1), "{document:#}");
    let text = String::from_utf8(ask(&hub, &repository, PERSON, &["--fix"]).out).unwrap();
    for line in [
        "8 ways around the gate:",
        "gh api --method PUT repos/acme/shop/actions/permissions/workflow -F default_workflow_permissions=read -F",
        "| gh api --method POST repos/acme/shop/rulesets --input -",
        "gh api --method DELETE repos/acme/shop/actions/secrets/PORTCULLIS_TOKEN",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(text.matches("/rulesets --input -").count(), 1, "one command for all that a ruleset closes: {text}");
    assert!(hub.writes().is_empty());
}

#[test]
fn branch_protection_is_read_as_it_is_published() {
    let (hub, repository) = (Hub::new(), repository(FILES));
    hub.state().settings.protected = true;
    hub.state().settings.protection = Some(json!({
        "url": "https://api.github.com/x",
        "required_status_checks": {"strict": false, "contexts": ["portcullis/review"], "checks": [{"context": "portcullis/review", "app_id": 15368}]},
        "enforce_admins": {"url": "https://api.github.com/x", "enabled": false},
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": false, "require_code_owner_reviews": false, "required_approving_review_count": 1,
            "require_last_push_approval": false,
            "bypass_pull_request_allowances": {"users": [{"login": "eve"}], "teams": [{"slug": "ops"}], "apps": []},
        },
        "allow_force_pushes": {"enabled": true}, "allow_deletions": {"enabled": true},
    }));
    let run = ask(&hub, &repository, PERSON, &["--format", "json"]);
    let document = document(&run);
    let expected = [
        "admins-bypass",
        "branch-deletable",
        "branch-force-push",
        "branch-not-up-to-date",
        "bypass-actors",
        "code-owners-not-required",
        "last-push-not-approved",
        "stale-approvals-kept",
        "status-from-actions",
    ];
    assert_eq!((found(&document), run.code), (expected.to_vec(), 1), "{document:#}");
    let of = |id: &str| document["findings"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
    assert!(of("bypass-actors")["what"].as_str().unwrap().contains("team ops, user eve"));
    let fix = &of("stale-approvals-kept")["fix"][0]["text"];
    let command = "gh api --method PATCH repos/acme/shop/branches/main/protection/required_pull_request_reviews -F dismiss_stale_reviews=true";
    assert_eq!(fix, command);
}

#[test]
fn what_a_token_is_not_shown_is_not_known_and_never_in_order() {
    let (hub, repository) = (sound(), repository(FILES));
    for token in [WORKFLOW, FORK] {
        let run = ask(&hub, &repository, token, &["--format", "json"]);
        let document = document(&run);
        assert_eq!((found(&document), run.code), (Vec::new(), 4), "{document:#}");
        let expected = ["actions-may-approve", "actions-token-writes", "bypass-actors", "token-in-repository-secrets"];
        assert_eq!(open(&document), expected, "{document:#}");
        for one in document["unknown"].as_array().unwrap() {
            assert!(!one["why"].as_str().unwrap().is_empty() && !one["needs"].as_str().unwrap().is_empty(), "{one}");
        }
    }
    // The bypass list is shown to nobody else; the way around that is found does not hide that something is unknown.
    hub.state().settings.rules.truncate(3);
    let run = ask(&hub, &repository, WORKFLOW, &["--format", "json"]);
    assert!(found(&document(&run)).contains(&"status-not-required") && run.code == 4);
    let accepted = [
        "actions-may-approve",
        "actions-token-writes",
        "bypass-actors",
        "token-in-repository-secrets",
        "copilot-approves",
    ];
    let more: Vec<&str> = accepted.iter().flat_map(|id| ["--accept", id]).collect();
    let run = ask(&hub, &repository, WORKFLOW, &[&["--format", "json"], &more[..]].concat());
    assert_eq!(run.code, 1, "{:#}", document(&run));
}

#[test]
fn every_bad_answer_leaves_its_checks_open() {
    let replies = || {
        [
            Reply::json(401, &json!({"message": "SECRET"})),
            Reply::json(403, &json!({"message": "SECRET"})),
            Reply::json(404, &json!({"message": "Not Found"})),
            Reply::json(429, &json!({})).with("retry-after", "3600"),
            Reply::json(403, &json!({"message": "secondary rate limit"})).with("retry-after", "3600"),
            Reply::json(200, &json!({"unexpected": []})),
            Reply::json(200, &Value::Null),
            Reply::json(200, &json!([])).in_manner(Manner::Cut),
        ]
    };
    // What was asked, and a check that must not be answered without it.
    let asked = [
        ("/rules/branches/main", "status-not-required"),
        ("/rulesets?", "bypass-actors"),
        ("/rulesets/42", "bypass-actors"),
        ("/actions/permissions/workflow", "actions-may-approve"),
        ("/actions/secrets", "token-in-repository-secrets"),
        ("/apps/github-actions", "status-from-actions"),
    ];
    let repository = repository(FILES);
    for (part, id) in asked {
        for (index, reply) in replies().into_iter().enumerate() {
            let hub = sound();
            hub.fault("GET", part, u32::MAX, reply);
            let run = ask(&hub, &repository, PERSON, &["--format", "json", "--forge-timeout", "20"]);
            let document = document(&run);
            let held = document["held"].as_array().unwrap().iter().any(|one| one == id);
            assert!(!held && run.code == 4, "{part}, answer {index}: {document:#}");
        }
    }
}

#[test]
fn a_page_that_is_missing_is_not_an_end_of_the_list() {
    let (hub, repository) = (sound(), repository(FILES));
    hub.state().page = 1;
    let run = ask(&hub, &repository, PERSON, &["--format", "json"]);
    assert_eq!(run.code, 0, "small pages: {:#}", document(&run));
    hub.fault("GET", "/rules/branches/main?per_page=100&page=3", u32::MAX, Reply::json(500, &json!({})));
    let run = ask(&hub, &repository, PERSON, &["--format", "json"]);
    let document = document(&run);
    assert!(open(&document).contains(&"status-not-required") && run.code == 4, "{document:#}");
}

#[cfg(unix)]
#[test]
fn another_branch_is_looked_at_by_its_name_and_a_hostile_name_injects_nothing() {
    let (hub, repository) = (Hub::new(), repository(FILES));
    let branch = "x'; touch owned; #\u{202E}";
    hub.state().tips.insert(branch.to_owned(), "1".repeat(40));
    let run = ask(&hub, &repository, PERSON, &["--branch", branch, "--fix"]);
    let text = String::from_utf8(run.out).unwrap();
    assert!(!text.contains('\u{202E}') && text.contains("target-unprotected"), "{text}");
    let command = text.lines().find(|line| line.contains("/rulesets --input -")).unwrap();
    let script = format!("gh() {{ cat; }}\n{command}\n");
    let output =
        std::process::Command::new("sh").arg("-c").arg(script).current_dir(repository.root()).output().unwrap();
    let body: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body["conditions"]["ref_name"]["include"][0], format!("refs/heads/{branch}"));
    assert!(!repository.root().join("owned").exists());
}

#[test]
fn words_of_the_forge_command_no_runner_and_move_no_cursor() {
    let (hub, repository) = (sound(), repository(FILES));
    let name = "::error::x\u{1b}[2J\r\n::stop-commands::y ##[error]";
    hub.state().settings.rulesets[0]["name"] = json!(name);
    hub.state().settings.rulesets[0]["bypass_actors"] =
        json!([{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}]);
    let run = ask(&hub, &repository, PERSON, &["--fix"]);
    let text = String::from_utf8(run.out).unwrap();
    assert!(text.contains("RepositoryRole 5 (always)") && run.code == 1, "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains("##[") && !text.contains('\r'), "{text}");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
    let json = ask(&hub, &repository, PERSON, &["--format", "json"]);
    assert!(!json.out.contains(&0x1b));
}

#[test]
fn the_same_settings_give_the_same_bytes() {
    let (hub, repository) = (Hub::new(), repository(&[("a.py", "x = 1\n")]));
    for arguments in [&["--format", "json"][..], &["--fix"]] {
        let (one, other) = (ask(&hub, &repository, PERSON, arguments), ask(&hub, &repository, PERSON, arguments));
        assert_eq!(one, other);
    }
}

#[test]
fn in_a_job_the_files_of_the_request_are_not_taken_for_those_of_the_branch() {
    let (hub, repository) = (sound(), repository(FILES));
    let url = hub.settings(WORKFLOW).address.to_string();
    let job = [
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_EVENT_NAME", "push"),
        ("GITHUB_TOKEN", PERSON),
        ("GITHUB_API_URL", &url),
    ];
    let run = doctor(&repository, &["--format", "json"], &job);
    let document_of = document(&run);
    assert!(open(&document_of).contains(&"gate-missing") && run.code == 4, "{document_of:#}");
    assert!(found(&document_of).contains(&"token-too-broad"), "an administrator's token in a job");
    repository.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let run = doctor(&repository, &["--format", "json"], &job);
    assert_eq!((found(&document(&run)), run.code), (vec!["token-too-broad"], 1));
}
