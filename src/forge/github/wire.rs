//! The parts of GitHub's answers that are used, and nothing else.
//!
//! Owns the shapes. Every part may be absent or null, and words stay words: older servers leave fields out and newer
//! ones know more words, and neither may make a page unreadable. Must not say what a word means.

use serde::{Deserialize, Deserializer};

/// Takes null for the default.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

macro_rules! shapes {
    ($($(#[$note:meta])* $name:ident { $($(#[$field_note:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$note])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default)]
            pub(super) struct $name {
                $(
                    $(#[$field_note])*
                    #[serde(deserialize_with = "or_default")]
                    pub(super) $field: $kind,
                )*
            }
        )*
    };
}

shapes! {
    User {
        login: String,
        #[serde(rename = "type")]
        kind: String,
    }
    Pull {
        number: u64,
        html_url: String,
        state: String,
        title: String,
        body: String,
        draft: bool,
        labels: Vec<Label>,
        user: Option<User>,
        head: End,
        base: End,
        commits: Option<u64>,
        changed_files: Option<u32>,
    }
    PullFile {
        filename: String,
        previous_filename: String,
    }
    End {
        #[serde(rename = "ref")]
        branch: String,
        sha: String,
        repo: Option<Repository>,
    }
    Repository {
        full_name: String,
    }
    Branch {
        commit: Tip,
        #[serde(rename = "protected")]
        is_protected: Option<bool>,
        protection: Summary,
    }
    Summary {
        enabled: bool,
        required_status_checks: Statuses,
    }
    /// Branch protection and its summary name them alike; older servers give names only.
    Statuses {
        contexts: Vec<String>,
        checks: Vec<Check>,
        strict: bool,
    }
    Check {
        context: String,
        app_id: Option<i64>,
    }
    Switch {
        enabled: Option<bool>,
    }
    Protection {
        required_status_checks: Option<Statuses>,
        enforce_admins: Switch,
        required_pull_request_reviews: Option<Reviews>,
        allow_force_pushes: Switch,
        allow_deletions: Switch,
    }
    Reviews {
        bypass_pull_request_allowances: Allowances,
        dismiss_stale_reviews: bool,
        require_code_owner_reviews: bool,
        required_approving_review_count: u64,
        require_last_push_approval: bool,
    }
    Allowances {
        users: Vec<User>,
        teams: Vec<Team>,
        apps: Vec<Team>,
    }
    Rule {
        #[serde(rename = "type")]
        kind: String,
        parameters: Parameters,
        ruleset_id: u64,
    }
    /// The parameters of every kind of rule that is looked at.
    Parameters {
        dismiss_stale_reviews_on_push: bool,
        require_code_owner_review: bool,
        require_last_push_approval: bool,
        required_approving_review_count: u64,
        required_status_checks: Vec<Integration>,
        strict_required_status_checks_policy: bool,
        workflows: Vec<Workflow>,
    }
    Integration {
        context: String,
        integration_id: Option<i64>,
    }
    Workflow {
        path: String,
    }
    Ruleset {
        id: u64,
        name: String,
        target: String,
        source_type: String,
        source: String,
        enforcement: String,
        bypass_actors: Option<Vec<Actor>>,
        rules: Vec<Rule>,
    }
    Actor {
        actor_id: Option<i64>,
        actor_type: String,
        bypass_mode: String,
    }
    App {
        id: i64,
    }
    WorkflowRights {
        default_workflow_permissions: String,
        can_approve_pull_request_reviews: Option<bool>,
    }
    OwnerErrors {
        errors: Option<Vec<OwnerError>>,
    }
    OwnerError {
        line: u64,
        kind: String,
        path: String,
    }
    Secrets {
        secrets: Option<Vec<Label>>,
    }
    Whole {
        default_branch: String,
        permissions: Rights,
    }
    Rights {
        admin: Option<bool>,
    }
    Tip {
        sha: String,
    }
    Label {
        name: String,
    }
    Review {
        user: Option<User>,
        state: String,
        commit_id: String,
        submitted_at: String,
    }
    Commit {
        author: Option<User>,
        committer: Option<User>,
        commit: CommitText,
    }
    Comparison {
        commits: Vec<Commit>,
    }
    CommitText {
        message: String,
        author: Option<Signature>,
        committer: Option<Signature>,
    }
    Signature {
        email: String,
    }
    Permission {
        permission: String,
    }
    Event {
        event: String,
        created_at: String,
    }
    Activity {
        after: String,
        actor: Option<User>,
    }
    Issue {
        number: u64,
        pull_request: Option<serde::de::IgnoredAny>,
    }
    Status {
        context: String,
        state: String,
        description: String,
        target_url: String,
    }
    CheckRuns {
        check_runs: Vec<CheckRun>,
    }
    CheckRun {
        id: u64,
        name: String,
        status: String,
        conclusion: String,
        external_id: String,
    }
    Comment {
        id: u64,
        body: String,
        user: Option<User>,
    }
    Requested {
        users: Vec<User>,
        teams: Vec<Team>,
    }
    Team {
        slug: String,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pull, Review};

    #[test]
    fn absent_null_and_new_fields_are_taken() {
        let pull: Pull = serde_json::from_str(r#"{"number":3,"body":null,"head":{"repo":null},"new":[{}]}"#).unwrap();
        assert_eq!((pull.number, pull.body.as_str(), pull.changed_files), (3, "", None));
        let review: Review = serde_json::from_str(r#"{"user":null,"state":"SHRUGGED","commit_id":null}"#).unwrap();
        assert!(review.user.is_none() && review.commit_id.is_empty());
        assert_eq!(review.state, "SHRUGGED");
    }
}
