//! The settings of the GitLab that remembers, as GitLab's pages about its interface show them.

use serde_json::{Value, json};

/// The settings.
pub(crate) struct Settings {
    /// The project.
    pub(crate) project: Value,
    /// Its protected branches.
    pub(crate) protected_branches: Vec<Value>,
    /// How approvals are counted; none where the tier has no such settings.
    pub(crate) approvals: Option<Value>,
    /// Rules of approval, likewise.
    pub(crate) approval_rules: Option<Vec<Value>>,
    /// External status checks, likewise.
    pub(crate) status_checks: Option<Vec<Value>>,
    /// Who else's jobs get in.
    pub(crate) job_token_scope: Value,
    /// Scopes of the token.
    pub(crate) scopes: Vec<&'static str>,
}

impl Default for Settings {
    /// As they should be, on a tier that has everything.
    fn default() -> Self {
        let level = |level: u64, words: &str| json!({ "id": 1, "access_level": level, "access_level_description": words, "user_id": null, "group_id": null });
        let project = json!({
            "id": 7, "path_with_namespace": "acme/shop", "default_branch": "main", "visibility": "private",
            "only_allow_merge_if_pipeline_succeeds": true, "allow_merge_on_skipped_pipeline": false,
            "only_allow_merge_if_all_status_checks_passed": false, "ci_config_path": null,
            "ci_allow_fork_pipelines_to_run_in_parent_project": false, "merge_pipelines_enabled": true,
            "merge_trains_enabled": false, "merge_trains_skip_train_allowed": false, "merge_method": "merge",
            "permissions": { "project_access": { "access_level": 30, "notification_level": 3 }, "group_access": null },
        });
        let branch = json!({
            "id": 100, "name": "main", "push_access_levels": [level(0, "No one")],
            "merge_access_levels": [level(40, "Maintainers")], "allow_force_push": false,
            "code_owner_approval_required": true, "inherited": false,
        });
        let approvals = json!({
            "approvers": [], "approver_groups": [], "approvals_before_merge": 0, "reset_approvals_on_push": true,
            "selective_code_owner_removals": false, "disable_overriding_approvers_per_merge_request": true,
            "merge_requests_author_approval": false, "merge_requests_disable_committers_approval": true,
            "require_password_to_approve": false,
        });
        let rule = json!({
            "id": 1, "name": "All Members", "rule_type": "any_approver", "eligible_approvers": [], "approvals_required": 1,
            "users": [], "groups": [], "contains_hidden_groups": false, "protected_branches": [],
            "applies_to_all_protected_branches": false,
        });
        Self {
            project,
            protected_branches: vec![branch],
            approvals: Some(approvals),
            approval_rules: Some(vec![rule]),
            status_checks: Some(Vec::new()),
            job_token_scope: json!({ "inbound_enabled": true, "outbound_enabled": false }),
            scopes: vec!["api"],
        }
    }
}
