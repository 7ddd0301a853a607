//! What tokens may: that of a workflow, that of the job, and those that lie about.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::doctor::remedy;
use crate::doctor::workflow::{Rights, gate_jobs, line_of, rights, triggers, workflows};
use crate::doctor::{Examined, Judgement, Kind, Way};
use crate::forge::settings::{GithubSettings, WorkflowToken};

use super::jobs::unread;

/// What each part of `--publish` needs.
const PUBLISHED: &[(&str, &str)] = &[
    ("checks", "checks"),
    ("comment", "pull-requests"),
    ("labels", "pull-requests"),
    ("reviewers", "pull-requests"),
    ("sarif", "security-events"),
    ("status", "statuses"),
];

/// What the gate reads.
const READ: &[&str] = &["contents", "issues", "pull-requests"];

/// What a classic token of the gate needs at most.
const SCOPES: &[&str] = &["public_repo", "read:org", "repo", "repo:status", "security_events"];

/// What a token of the gate on GitLab needs at most.
const GITLAB_SCOPES: &[&str] = &["api", "read_api"];

fn setting(examined: &Examined, bad: fn(&WorkflowToken) -> bool, what: &str, remedy: &str, field: &str) -> Judgement {
    let settings: &GithubSettings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    Judgement::of(&settings.workflow_token, |token| {
        if !bad(token) {
            return Judgement::holds();
        }
        let other = if field.starts_with("can") {
            format!("default_workflow_permissions={}", if token.writes { "write" } else { "read" })
        } else {
            format!("can_approve_pull_request_reviews={}", token.approves)
        };
        let way = Way::new("settings: Actions, workflow permissions", what, remedy);
        let fix = remedy::github(examined, "PUT", "/actions/permissions/workflow", &[field, &other]);
        Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
    })
}

/// `actions-may-approve`.
pub(super) fn actions_approve(examined: &Examined) -> Judgement {
    let what = "A workflow on a branch of the author's approves his pull request, and GitHub counts it.";
    let remedy = "Switch off `Allow GitHub Actions to create and approve pull requests`.";
    setting(examined, |token| token.approves, what, remedy, "can_approve_pull_request_reviews=false")
}

/// `actions-token-writes`.
pub(super) fn actions_write(examined: &Examined) -> Judgement {
    let what = "Code that runs in any job that names no permissions posts a status, pushes and publishes.";
    let remedy =
        "Choose `Read repository contents and packages permissions`, and name more in the workflow that needs it.";
    setting(examined, |token| token.writes, what, remedy, "default_workflow_permissions=read")
}

/// `gate-rights-missing`.
pub(super) fn missing(examined: &Examined) -> Judgement {
    let jobs = gate_jobs(&examined.files);
    if jobs.is_empty() {
        return Judgement::moot();
    }
    let mut judgement = unread(&examined.files);
    for step in jobs.iter().flat_map(|job| &job.steps).filter(|step| !step.has_own_token()) {
        let asked = step.publishes();
        let needed: BTreeSet<&str> =
            PUBLISHED.iter().filter(|(part, _)| asked.iter().any(|one| one == part)).map(|(_, right)| *right).collect();
        if needed.is_empty() {
            continue;
        }
        match rights(step.job, step.workflow) {
            Some(own) => {
                let lacking: Vec<&str> = needed.into_iter().filter(|right| !own.have(right, "write")).collect();
                if !lacking.is_empty() {
                    judgement = judgement.and(Judgement::way(lacks(&step.place, &lacking)));
                }
            }
            None => {
                let told = examined.github().map(|settings| &settings.workflow_token);
                judgement = judgement.and(match told {
                    Err(gap) => Judgement::unknown(gap),
                    Ok(read) => Judgement::of(read, |token| {
                        let all: Vec<&str> = needed.into_iter().collect();
                        if token.writes { Judgement::holds() } else { Judgement::way(lacks(&step.place, &all)) }
                    }),
                });
            }
        }
    }
    judgement
}

fn lacks(place: &str, rights: &[&str]) -> Way {
    let named: Vec<String> = rights.iter().map(|right| format!("{right}: write")).collect();
    let what = format!(
        "What the step publishes is refused, for its job lacks `{}`; the status stays as it was.",
        named.join("`, `")
    );
    Way::new(place, what, format!("Add it to `permissions:` of the job: {}.", named.join(", ")))
}

/// `gate-rights-too-broad`.
pub(super) fn too_broad(examined: &Examined) -> Judgement {
    let jobs = gate_jobs(&examined.files);
    if jobs.is_empty() {
        return Judgement::moot();
    }
    let mut seen = BTreeSet::new();
    let mut ways = Vec::new();
    for step in jobs.iter().flat_map(|job| &job.steps) {
        let asked = step.publishes();
        let writes: BTreeSet<&str> =
            PUBLISHED.iter().filter(|(part, _)| asked.iter().any(|one| one == part)).map(|(_, right)| *right).collect();
        let more: Vec<String> = match rights(step.job, step.workflow) {
            Some(Rights::All("write")) => vec!["write-all".to_owned()],
            Some(Rights::Named(named)) => named
                .iter()
                .filter(|(name, right)| right.as_str() == "write" && !writes.contains(name.as_str()))
                .map(|(name, _)| format!("{name}: write"))
                .collect(),
            // Without a word the repository's default holds, which another check looks at.
            _ => Vec::new(),
        };
        if !more.is_empty() && seen.insert(step.place.clone()) {
            let what =
                format!("Whoever takes over a step of the job has more than the gate needs: `{}`.", more.join("`, `"));
            let reads = READ.join(": read, ");
            let remedy = format!("Name what it needs: {reads}: read, and to write only what `publish` names.");
            ways.push(Way::new(step.place.clone(), what, remedy));
        }
    }
    Judgement::ways(ways).and(unread(&examined.files))
}

/// `head-code-with-rights`.
pub(super) fn head_code(examined: &Examined) -> Judgement {
    let mut ways = Vec::new();
    for document in workflows(&examined.files) {
        let on = triggers(&document.read.value);
        let privileged = ["pull_request_target", "workflow_run"].iter().find(|event| on.contains_key(*event));
        let Some(event) = privileged else { continue };
        let jobs = document.read.value.get("jobs").and_then(Value::as_object);
        for (id, job) in jobs.into_iter().flatten() {
            let steps = job.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let lines =
                document.read.lines.get("jobs").and_then(|lines| lines.get(id)).and_then(|job| job.get("steps"));
            for (at, _) in steps.iter().enumerate().filter(|(_, step)| takes_head(step)) {
                let line = lines.and_then(|lines| lines.get(at + 1)).map_or(0, line_of);
                let what = format!(
                    "The author's code is checked out in a workflow on `{event}`, whose token may write: what runs of it posts \
                     any status."
                );
                let remedy = "Check out nothing of the request there; run its code on `pull_request`.";
                ways.push(Way::new(format!("{}:{line}", document.path), what, remedy));
            }
        }
    }
    Judgement::ways(ways).and(unread(&examined.files))
}

/// Says whether a step checks out the head of a request.
fn takes_head(step: &Value) -> bool {
    let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
    let with = |key: &str| step.get("with").and_then(|with| with.get(key)).and_then(Value::as_str).unwrap_or_default();
    let named = [with("ref"), with("repository")].concat();
    let words = ["github.event.pull_request.head", "github.head_ref", "refs/pull/", "workflow_run.head"];
    uses.starts_with("actions/checkout@") && words.iter().any(|word| named.contains(word))
}

/// `token-in-repository-secrets`.
pub(super) fn secrets(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let jobs = gate_jobs(&examined.files);
    let mut own: BTreeSet<String> =
        ["PORTCULLIS_APP_KEY", "PORTCULLIS_ORG_TOKEN", "PORTCULLIS_TOKEN"].map(str::to_owned).into();
    for job in &jobs {
        own.extend(named_secrets(&job.job.to_string()));
    }
    Judgement::of(&settings.secrets, |secrets| {
        let found = secrets.iter().filter(|name| own.contains(*name) && *name != "GITHUB_TOKEN");
        Judgement::ways(found.map(|name| {
            let what =
                format!("Whoever may push a branch writes a workflow that reads `{name}`, and publishes as the gate.");
            let remedy = "Move it into an environment that only the default branch may use, and delete it here.";
            let way = Way::new(format!("secret {name}"), what, remedy);
            let below = format!("/actions/secrets/{}", crate::forge::address::escaped(name));
            let fix = remedy::github(examined, "DELETE", &below, &[]);
            fix.map_or(way.clone(), |fix| way.with(fix))
        }))
    })
}

/// Returns the names of secrets that expressions in a text speak of.
fn named_secrets(text: &str) -> BTreeSet<String> {
    let parts = text.split("secrets.").skip(1);
    let name = |part: &str| part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    parts.map(name).filter(|name| !name.is_empty()).collect()
}

/// `token-too-broad`.
pub(super) fn token(examined: &Examined) -> Judgement {
    // At a desk it is a person's own, and reading settings takes his rights.
    if !examined.in_ci || examined.settings.is_err() {
        return Judgement::moot();
    }
    let more: Vec<String> = match examined.forge {
        Kind::Github => examined.github().map_or(Vec::new(), |settings| {
            let scopes = settings.scopes.clone().unwrap_or_default();
            let admin = (settings.admin.known() == Some(&true)).then(|| "administration of the repository".to_owned());
            scopes.into_iter().filter(|scope| !SCOPES.contains(&scope.as_str())).chain(admin).collect()
        }),
        Kind::Gitlab => examined.gitlab().map_or(Vec::new(), |settings| {
            let scopes = settings.scopes.known().cloned().flatten().unwrap_or_default();
            let role = settings.project.known().and_then(|project| project.role).filter(|role| *role >= 40);
            let role = role.map(|role| format!("role {role} of GitLab"));
            scopes.into_iter().filter(|scope| !GITLAB_SCOPES.contains(&scope.as_str())).chain(role).collect()
        }),
    };
    if more.is_empty() {
        return Judgement::holds();
    }
    let what = format!("Whoever reads the job's token has more than the gate needs: {}.", more.join(", "));
    let remedy = "Give the job a token with what docs/forges.md lists, and run `doctor` at a desk for the settings.";
    Judgement::way(Way::new("token of this job", what, remedy))
}
