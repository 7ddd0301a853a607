//! The settings of one repository and branch, read and put into words that `doctor` knows.
//!
//! Owns which calls are made, in which order, and what each takes: what a refused one leaves open. Nothing is written, and
//! of a secret only its name is asked for. Must not judge.

use serde::de::IgnoredAny;

use crate::forge::ForgeError;
use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::settings::{
    BranchRule, BranchSummary, CodeownersError, Gap, GithubSettings, Protection, Reach, Read, RequiredStatus,
    ReviewRule, RuleKind, Ruleset, WorkflowToken,
};

use super::GitHub;
use super::line::{Line, Method, Trouble, trouble};
use super::wire;

/// Rulesets whose bypass lists are read.
const RULESETS: usize = 50;

const METADATA: &str = "any token that sees the repository";
const CONTENTS: &str = "`contents: read`";
const ADMINISTRATION: &str =
    "a token of somebody who administers the repository (`repo`), or of an App with `administration: read`";
const RULESET_WRITER: &str =
    "a token that may edit the ruleset: GitHub shows its bypass list to nobody else (`administration: write`)";
const SECRETS: &str = "a token with `secrets: read`; only names are asked for";

impl GitHub {
    /// Reads the settings; of the default branch where none is named.
    pub(super) async fn read_settings(&self, branch: &str) -> GithubSettings {
        let patience = self.patience();
        let whole = self.line.scoped::<wire::Whole>(&patience, &self.repository).await;
        let mut settings = GithubSettings { branch: branch.to_owned(), ..GithubSettings::default() };
        match whole {
            Ok((whole, scopes)) => {
                if branch.is_empty() {
                    settings.branch = whole.default_branch;
                }
                let admin = whole.permissions.admin;
                settings.admin = admin.map_or_else(|| absent(&self.repository, "permissions.admin"), Read::Known);
                let words = |scopes: String| scopes.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
                settings.scopes = scopes.map(words).filter(|scopes| scopes.iter().any(|scope| !scope.is_empty()));
            }
            Err(trouble) => settings.admin = Read::Unknown(gap(trouble.error, METADATA)),
        }
        if settings.branch.is_empty() {
            let nameless = Gap {
                request: format!("GET {}", self.repository),
                why: "the default branch is not known".to_owned(),
                needs: "`--branch NAME`, or a token that sees the repository".to_owned(),
            };
            return without_branch(settings, &nameless);
        }
        self.read_branch(&patience, &mut settings).await;
        self.read_project(&patience, &mut settings).await;
        settings.reach = self.read_reach(&patience, &settings).await;
        settings
    }

    async fn read_branch(&self, patience: &Patience, settings: &mut GithubSettings) {
        let branch = escaped(&settings.branch);
        let place = self.path(&format!("/branches/{branch}"));
        settings.summary = match self.line.get::<wire::Branch>(patience, &place).await {
            Ok(wire::Branch { is_protected: Some(protected), protection, .. }) => Read::Known(BranchSummary {
                protected,
                by_protection: protected && protection.enabled,
                required: required(&protection.required_status_checks),
            }),
            Ok(_) => absent(&place, "protected"),
            Err(trouble) => Read::Unknown(gap(trouble.error, CONTENTS)),
        };
        let place = self.path(&format!("/branches/{branch}/protection"));
        settings.protection = match self.line.get::<wire::Protection>(patience, &place).await {
            Ok(protection) => Read::Known(Some(protected(protection))),
            // The same 404 means that there is none, and that the token may not see it; the branch itself tells which.
            Err(trouble) => match settings.summary.known() {
                Some(summary) if trouble.refused() && !summary.by_protection => Read::Known(None),
                _ => Read::Unknown(gap(trouble.error, ADMINISTRATION)),
            },
        };
        let rules = self.line.all::<wire::Rule>(patience, &self.path(&format!("/rules/branches/{branch}"))).await;
        let rules = rules.map(|rules| rules.into_iter().map(rule).collect());
        settings.rules = told(rules, METADATA);
        settings.rulesets = self.read_rulesets(patience).await;
    }

    async fn read_rulesets(&self, patience: &Patience) -> Read<Vec<Ruleset>> {
        let path = self.path("/rulesets?includes_parents=true");
        let listed = match self.line.all::<wire::Ruleset>(patience, &path).await {
            Ok(listed) => listed,
            Err(trouble) => return Read::Unknown(gap(trouble.error, METADATA)),
        };
        let about: Vec<u64> =
            listed.into_iter().filter(|one| matches!(one.target.as_str(), "branch" | "")).map(|one| one.id).collect();
        if about.len() > RULESETS {
            let why = format!("there are more than {RULESETS} rulesets");
            let gap =
                Gap { request: format!("GET {}", self.path("/rulesets")), why, needs: "a look by hand".to_owned() };
            return Read::Unknown(gap);
        }
        let mut rulesets = Vec::new();
        for id in about {
            let path = self.path(&format!("/rulesets/{id}?includes_parents=true"));
            match self.line.get::<wire::Ruleset>(patience, &path).await {
                Ok(one) if one.id == id => rulesets.push(ruleset(one, &path)),
                Ok(_) => return absent(&path, "id"),
                Err(trouble) => return Read::Unknown(gap(trouble.error, METADATA)),
            }
        }
        rulesets.sort_by_key(|one| one.id);
        Read::Known(rulesets)
    }

    async fn read_project(&self, patience: &Patience, settings: &mut GithubSettings) {
        let app = self.line.get::<wire::App>(patience, "/apps/github-actions").await;
        settings.actions_app = match app {
            Ok(app) if app.id > 0 => Read::Known(app.id),
            Ok(_) => absent("/apps/github-actions", "id"),
            Err(trouble) => Read::Unknown(gap(trouble.error, "any token")),
        };
        let path = self.path("/actions/permissions/workflow");
        settings.workflow_token = match self.line.get::<wire::WorkflowRights>(patience, &path).await {
            Ok(rights) => match (rights.default_workflow_permissions.as_str(), rights.can_approve_pull_request_reviews)
            {
                (word @ ("read" | "write"), Some(approves)) => {
                    Read::Known(WorkflowToken { writes: word == "write", approves })
                }
                _ => absent(&path, "default_workflow_permissions"),
            },
            Err(trouble) => Read::Unknown(gap(trouble.error, ADMINISTRATION)),
        };
        let path = self.path(&format!("/codeowners/errors?ref={}", escaped(&settings.branch)));
        settings.codeowners = match self.line.get::<wire::OwnerErrors>(patience, &path).await {
            Ok(wire::OwnerErrors { errors: Some(errors) }) => {
                let error = |one: wire::OwnerError| CodeownersError { path: one.path, line: one.line, kind: one.kind };
                let mut errors: Vec<CodeownersError> = errors.into_iter().map(error).collect();
                errors.sort();
                Read::Known(Some(errors))
            }
            Ok(_) => absent(&path, "errors"),
            Err(trouble) if trouble.status == 404 && settings.summary.known().is_some() => Read::Known(None),
            Err(trouble) => Read::Unknown(gap(trouble.error, CONTENTS)),
        };
        settings.secrets = self.read_secrets(patience).await;
    }

    async fn read_secrets(&self, patience: &Patience) -> Read<Vec<String>> {
        let path = self.path("/actions/secrets");
        // A page without its list is none that is empty.
        let rows = |page: wire::Secrets| page.secrets.map_or(vec![None], |rows| rows.into_iter().map(Some).collect());
        match self.line.all_in(patience, &path, rows).await {
            Ok(rows) => match rows.into_iter().map(|row| row.map(|row| row.name)).collect::<Option<Vec<String>>>() {
                Some(mut names) => {
                    names.sort();
                    Read::Known(names)
                }
                None => absent(&path, "secrets"),
            },
            Err(trouble) => Read::Unknown(gap(trouble.error, SECRETS)),
        }
    }

    /// Asks what the gate asks for, once each; writing is not tried.
    async fn read_reach(&self, patience: &Patience, settings: &GithubSettings) -> Vec<Reach> {
        let branch = escaped(&settings.branch);
        let asked = [
            ("pull requests and their reviews", "`pull-requests: read`", "/pulls?state=open&per_page=1".to_owned()),
            ("events of a request", "`issues: read`", "/issues?state=open&per_page=1".to_owned()),
            ("statuses of a commit", "`statuses: read`", format!("/commits/{branch}/statuses?per_page=1")),
            ("check runs of a commit", "`checks: read`", format!("/commits/{branch}/check-runs?per_page=1")),
        ];
        let mut reach = Vec::new();
        for (call, needs, below) in asked {
            let may = self.may(&self.line, patience, &self.path(&below), needs).await;
            reach.push(Reach { call, needs, may });
        }
        let needs = "`members: read` of the organisation, in PORTCULLIS_ORG_TOKEN";
        let path = format!("/orgs/{}/teams?per_page=1", escaped(&self.owner));
        let may = self.may(self.members_line(), patience, &path, needs).await;
        reach.push(Reach { call: "teams of the organisation", needs, may });
        reach.extend(WRITES.iter().map(|(call, needs, scopes)| Reach { call, needs, may: writes(settings, scopes) }));
        reach
    }

    async fn may(&self, line: &Line, patience: &Patience, path: &str, needs: &str) -> Read<bool> {
        match line.get::<IgnoredAny>(patience, path).await {
            Ok(_) => Read::Known(true),
            Err(trouble) if trouble.refused() => Read::Known(false),
            Err(trouble) => Read::Unknown(gap(trouble.error, needs)),
        }
    }
}

/// What `--publish` writes, the permission for it, and the scopes of a classic token that hold it.
const WRITES: &[(&str, &str, &[&str])] = &[
    ("--publish status", "`statuses: write`", &["repo", "repo:status"]),
    ("--publish checks", "`checks: write`, of an App", &[]),
    ("--publish comment, labels, reviewers", "`pull-requests: write`", &["repo"]),
    ("--publish sarif", "`security-events: write`", &["repo", "security_events"]),
];

fn writes(settings: &GithubSettings, scopes: &[&str]) -> Read<bool> {
    match &settings.scopes {
        Some(own) => Read::Known(own.iter().any(|scope| scopes.contains(&scope.as_str()))),
        None => Read::Unknown(Gap {
            request: "what the token may write".to_owned(),
            why: "GitHub names it for classic tokens only, and nothing is written to find out".to_owned(),
            needs: "the page of the App or token, or `permissions:` of the workflow".to_owned(),
        }),
    }
}

fn gap(error: ForgeError, needs: &str) -> Gap {
    Gap { request: error.request, why: error.why, needs: needs.to_owned() }
}

fn told<T>(answer: Result<T, Trouble>, needs: &str) -> Read<T> {
    Read::of(answer.map_err(|trouble| trouble.error), needs)
}

/// Returns that the answer lacks a part without which it says nothing.
fn absent<T>(path: &str, part: &str) -> Read<T> {
    let why = format!("the answer does not say `{part}`");
    Read::Unknown(gap(trouble(Method::Get, path, 0, why).error, "a newer server, or a token that is shown more"))
}

fn without_branch(settings: GithubSettings, why: &Gap) -> GithubSettings {
    GithubSettings {
        summary: Read::Unknown(why.clone()),
        protection: Read::Unknown(why.clone()),
        rules: Read::Unknown(why.clone()),
        rulesets: Read::Unknown(why.clone()),
        actions_app: Read::Unknown(why.clone()),
        workflow_token: Read::Unknown(why.clone()),
        codeowners: Read::Unknown(why.clone()),
        secrets: Read::Unknown(why.clone()),
        ..settings
    }
}

/// An App of -1 is how GitHub writes that any source will do.
fn required(statuses: &wire::Statuses) -> Vec<RequiredStatus> {
    let check =
        |one: &wire::Check| RequiredStatus { context: one.context.clone(), app: one.app_id.filter(|id| *id > 0) };
    let mut required: Vec<RequiredStatus> = statuses.checks.iter().map(check).collect();
    let named: Vec<&String> = statuses.contexts.iter().collect();
    for context in named {
        if !required.iter().any(|one| one.context == *context) {
            required.push(RequiredStatus { context: context.clone(), app: None });
        }
    }
    required.sort();
    required
}

fn protected(wire: wire::Protection) -> Protection {
    let bypass = wire.required_pull_request_reviews.as_ref().map(|reviews| {
        let allowed = &reviews.bypass_pull_request_allowances;
        let users = allowed.users.iter().map(|user| format!("user {}", user.login));
        let teams = allowed.teams.iter().map(|team| format!("team {}", team.slug));
        let apps = allowed.apps.iter().map(|app| format!("app {}", app.slug));
        let mut all: Vec<String> = users.chain(teams).chain(apps).collect();
        all.sort();
        all
    });
    Protection {
        statuses: wire.required_status_checks.map(|statuses| (required(&statuses), statuses.strict)),
        reviews: wire.required_pull_request_reviews.map(|reviews| ReviewRule {
            count: reviews.required_approving_review_count,
            dismiss_stale: reviews.dismiss_stale_reviews,
            code_owners: reviews.require_code_owner_reviews,
            last_push: reviews.require_last_push_approval,
        }),
        admins_too: wire.enforce_admins.enabled == Some(true),
        bypass: bypass.unwrap_or_default(),
        // SAFETY-OF-GATE: an older server that does not say is taken for one that allows it.
        force_pushes: wire.allow_force_pushes.enabled != Some(false),
        deletions: wire.allow_deletions.enabled != Some(false),
    }
}

fn statuses(parameters: &wire::Parameters) -> Vec<RequiredStatus> {
    let status = |one: &wire::Integration| RequiredStatus {
        context: one.context.clone(),
        app: one.integration_id.filter(|id| *id > 0),
    };
    let mut found: Vec<RequiredStatus> = parameters.required_status_checks.iter().map(status).collect();
    found.sort();
    found
}

fn rule(wire: wire::Rule) -> BranchRule {
    let parameters = &wire.parameters;
    let kind = match wire.kind.as_str() {
        "deletion" => RuleKind::Deletion,
        "non_fast_forward" => RuleKind::NonFastForward,
        "pull_request" => RuleKind::PullRequest(ReviewRule {
            count: parameters.required_approving_review_count,
            dismiss_stale: parameters.dismiss_stale_reviews_on_push,
            code_owners: parameters.require_code_owner_review,
            last_push: parameters.require_last_push_approval,
        }),
        "required_status_checks" => {
            RuleKind::Statuses(statuses(parameters), parameters.strict_required_status_checks_policy)
        }
        "merge_queue" => RuleKind::MergeQueue,
        "copilot_code_review" => RuleKind::CopilotReview,
        "workflows" => RuleKind::Workflows(parameters.workflows.iter().map(|one| one.path.clone()).collect()),
        _ => RuleKind::Other,
    };
    BranchRule { ruleset: wire.ruleset_id, kind }
}

fn ruleset(wire: wire::Ruleset, path: &str) -> Ruleset {
    let word = |actor: wire::Actor| {
        let number = actor.actor_id.map(|id| format!(" {id}")).unwrap_or_default();
        let mode = if actor.bypass_mode.is_empty() { "always" } else { actor.bypass_mode.as_str() };
        format!("{}{number} ({mode})", actor.actor_type)
    };
    let hidden = || {
        let why = "the answer has no bypass list".to_owned();
        Read::Unknown(gap(trouble(Method::Get, path, 0, why).error, RULESET_WRITER))
    };
    let bypass = wire.bypass_actors.map_or_else(hidden, |actors| {
        let mut words: Vec<String> = actors.into_iter().map(word).collect();
        words.sort();
        Read::Known(words)
    });
    let required = wire.rules.iter().filter(|rule| rule.kind == "required_status_checks");
    let mut statuses: Vec<RequiredStatus> = required.flat_map(|rule| statuses(&rule.parameters)).collect();
    statuses.sort();
    Ruleset {
        id: wire.id,
        name: wire.name,
        source_type: wire.source_type,
        source: wire.source,
        enforcement: wire.enforcement,
        bypass,
        statuses,
    }
}
