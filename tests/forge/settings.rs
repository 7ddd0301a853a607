//! The settings of the fake GitHub: what is there, and who is shown it.

use serde_json::{Value, json};

use super::hub::{Profile, State};
use super::server::Reply;

/// The settings, as GitHub's published description has them.
pub struct Settings {
    /// The App behind Actions.
    pub actions: Value,
    /// The name of the default branch.
    pub default_branch: String,
    /// Branch protection of `main`; none where there is none.
    pub protection: Option<Value>,
    /// Whether the branch says that it is protected.
    pub protected: bool,
    /// Rules that hold for `main`.
    pub rules: Vec<Value>,
    /// Rulesets, whole.
    pub rulesets: Vec<Value>,
    /// Rights of the token of a workflow.
    pub workflow: Value,
    /// Errors of CODEOWNERS; none where there is no such file.
    pub owners: Option<Value>,
    /// Names of secrets.
    pub secrets: Vec<&'static str>,
}

impl Default for Settings {
    /// Nothing is protected.
    fn default() -> Self {
        Self {
            actions: json!({"id": 15368, "slug": "github-actions", "name": "GitHub Actions"}),
            default_branch: "main".to_owned(),
            protection: None,
            protected: false,
            rules: Vec::new(),
            rulesets: Vec::new(),
            workflow: json!({"default_workflow_permissions": "read", "can_approve_pull_request_reviews": false}),
            owners: Some(json!({"errors": []})),
            secrets: Vec::new(),
        }
    }
}

impl Settings {
    /// Branch and repository as they should be, by a ruleset.
    pub fn sound() -> Self {
        let rule = |kind: &str, parameters: Value| {
            let mut rule = json!({"type": kind, "ruleset_source_type": "Repository", "ruleset_source": "acme/shop", "ruleset_id": 42});
            if !parameters.is_null() {
                rule["parameters"] = parameters;
            }
            rule
        };
        let review = json!({
            "allowed_merge_methods": ["merge"], "dismiss_stale_reviews_on_push": true, "require_code_owner_review": true,
            "require_last_push_approval": true, "required_approving_review_count": 1,
            "required_review_thread_resolution": false,
        });
        let statuses = json!({
            "strict_required_status_checks_policy": true,
            "required_status_checks": [{"context": "portcullis/review", "integration_id": 77}],
        });
        let rules = vec![
            rule("deletion", Value::Null),
            rule("non_fast_forward", Value::Null),
            rule("pull_request", review),
            rule("required_status_checks", statuses),
        ];
        let bare = |rule: &Value| {
            let mut rule = rule.clone();
            for key in ["ruleset_source_type", "ruleset_source", "ruleset_id"] {
                rule.as_object_mut().unwrap().remove(key);
            }
            rule
        };
        let own: Vec<Value> = rules.iter().map(bare).collect();
        let ruleset = json!({
            "id": 42, "name": "main", "target": "branch", "source_type": "Repository", "source": "acme/shop",
            "enforcement": "active", "bypass_actors": [], "rules": own,
            "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
        });
        Self { protected: true, rules, rulesets: vec![ruleset], ..Self::default() }
    }
}

/// Returns the answer about a setting; else the list that is asked for, or none where it is about something else.
pub fn answer(state: &State, rest: &[&str], profile: &Profile) -> Result<Reply, Option<Vec<Value>>> {
    let settings = &state.settings;
    let refused = || Reply::json(403, &json!({"message": "Resource not accessible by integration"}));
    let missing = |why: &str| Reply::json(404, &json!({"message": why}));
    let for_admins = |value: &Value| if profile.admin { Reply::json(200, value) } else { refused() };
    Ok(match rest {
        [] => {
            let rights = json!({"admin": profile.admin, "push": profile.writes, "pull": true});
            let whole = json!({"id": 1, "full_name": "acme/shop", "default_branch": settings.default_branch, "permissions": rights});
            let reply = Reply::json(200, &whole);
            if profile.admin { reply.with("x-oauth-scopes", "repo, read:org") } else { reply }
        }
        ["branches", _, "protection"] if !profile.admin => refused(),
        ["branches", "main", "protection"] => match &settings.protection {
            Some(protection) => Reply::json(200, protection),
            None => missing("Branch not protected"),
        },
        ["branches", _, "protection"] => missing("Branch not found"),
        ["rules", "branches", "main"] => return Err(Some(settings.rules.clone())),
        ["rules", "branches", _] => return Err(Some(Vec::new())),
        ["rulesets"] => {
            let short = |one: &Value| {
                let mut one = one.clone();
                one.as_object_mut().unwrap().retain(|key, _| key != "rules" && key != "bypass_actors");
                one
            };
            return Err(Some(settings.rulesets.iter().map(short).collect()));
        }
        ["rulesets", id] => match settings.rulesets.iter().find(|one| one["id"].as_u64() == id.parse().ok()) {
            Some(one) if profile.admin => Reply::json(200, one),
            Some(one) => {
                let mut one = one.clone();
                one.as_object_mut().unwrap().remove("bypass_actors");
                Reply::json(200, &one)
            }
            None => missing("Not Found"),
        },
        ["actions", "permissions", "workflow"] => for_admins(&settings.workflow),
        ["actions", "secrets"] => {
            let named = |name: &&str| json!({"name": name, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"});
            let secrets: Vec<Value> = settings.secrets.iter().map(named).collect();
            for_admins(&json!({"total_count": secrets.len(), "secrets": secrets}))
        }
        ["codeowners", "errors"] => {
            settings.owners.as_ref().map_or_else(|| missing("Not Found"), |one| Reply::json(200, one))
        }
        _ => return Err(None),
    })
}

#[test]
fn the_settings_of_the_fake_are_what_github_publishes() {
    use super::contract::Contract;
    let sound = Settings::sound();
    let review = json!({
        "dismiss_stale_reviews": true, "require_code_owner_reviews": true, "required_approving_review_count": 1,
        "require_last_push_approval": false, "bypass_pull_request_allowances": {"users": [], "teams": [], "apps": []},
    });
    let protection = json!({
        "required_status_checks": {"strict": true, "contexts": ["portcullis/review"], "checks": [{"context": "portcullis/review", "app_id": null}]},
        "enforce_admins": {"url": "https://api.github.com/x", "enabled": false},
        "required_pull_request_reviews": review,
        "allow_force_pushes": {"enabled": false}, "allow_deletions": {"enabled": false},
    });
    let below = |path: &str| format!("/repos/acme/shop{path}");
    let answers = [
        (below("/branches/main/protection"), protection),
        (below("/rules/branches/main"), json!(sound.rules)),
        (below("/rulesets"), json!(sound.rulesets)),
        (below("/rulesets/42"), sound.rulesets[0].clone()),
        (below("/actions/permissions/workflow"), sound.workflow.clone()),
        (
            below("/codeowners/errors"),
            json!({"errors": [{"line": 3, "column": 1, "kind": "Unknown owner", "message": "m", "path": "CODEOWNERS"}]}),
        ),
    ];
    for (path, answer) in answers {
        assert_eq!(Contract::published().answer_faults(&path, &answer), Vec::<String>::new(), "{path}");
    }
}
