//! What GitLab answers, as far as it is used: everything else is passed over, and what is absent is empty.
//!
//! Owns the shapes. Enumerations stay strings, so that a newer GitLab never breaks an older gate; what a word means is
//! decided where it is used. An older GitLab leaves fields out and a null means the same as absence.

use serde::{Deserialize, Deserializer};

/// Reads a null like an absent field.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

macro_rules! answers {
    ($($(#[$about:meta])* $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(default)]
            pub(super) struct $name {
                $($(#[$more])* #[serde(deserialize_with = "or_default")] pub(super) $field: $kind,)*
            }
        )*
    };
}

answers! {
    /// An account; lists give the first two fields only.
    User {
        id: u64,
        username: String,
        name: String,
        state: String,
        bot: Option<bool>,
        public_email: String,
        email: String,
    }
    /// A project's own settings; what is absent was not shown.
    ProjectSettings {
        id: u64,
        default_branch: String,
        only_allow_merge_if_pipeline_succeeds: Option<bool>,
        allow_merge_on_skipped_pipeline: Option<bool>,
        only_allow_merge_if_all_status_checks_passed: Option<bool>,
        ci_config_path: Option<String>,
        ci_allow_fork_pipelines_to_run_in_parent_project: Option<bool>,
        merge_pipelines_enabled: Option<bool>,
        merge_trains_enabled: Option<bool>,
        merge_trains_skip_train_allowed: Option<bool>,
        permissions: Option<Permissions>,
    }
    Permissions {
        project_access: Access,
        group_access: Access,
    }
    /// A role, or who it is that may; a null is another way than that.
    Access {
        id: Option<u64>,
        access_level: Option<u64>,
        user_id: Option<u64>,
        group_id: Option<u64>,
        deploy_key_id: Option<u64>,
    }
    /// A protected branch, or a pattern of several.
    ProtectedBranch {
        name: String,
        push_access_levels: Option<Vec<Access>>,
        allow_force_push: Option<bool>,
        code_owner_approval_required: Option<bool>,
    }
    /// How approvals are counted in all merge requests.
    ApprovalConfiguration {
        merge_requests_author_approval: Option<bool>,
        merge_requests_disable_committers_approval: Option<bool>,
        reset_approvals_on_push: Option<bool>,
        selective_code_owner_removals: Option<bool>,
        disable_overriding_approvers_per_merge_request: Option<bool>,
    }
    ProjectRule {
        name: String,
        approvals_required: u64,
        applies_to_all_protected_branches: bool,
        protected_branches: Vec<NamedBranch>,
    }
    NamedBranch {
        name: String,
    }
    StatusCheck {
        name: String,
    }
    JobTokenScope {
        inbound_enabled: Option<bool>,
    }
    TokenSelf {
        scopes: Vec<String>,
    }
    /// A merge request.
    MergeRequest {
        iid: u64,
        title: String,
        description: String,
        labels: Vec<String>,
        draft: bool,
        state: String,
        author: User,
        source_project_id: Option<u64>,
        target_project_id: Option<u64>,
        source_branch: String,
        target_branch: String,
        sha: String,
        diff_refs: DiffRefs,
        // A string, because it may be `1000+`.
        changes_count: String,
        web_url: String,
        reviewers: Vec<User>,
        references: References,
    }
    /// One changed file.
    Difference {
        new_path: String,
        old_path: String,
    }
    /// The three commits that a position on a line is told in.
    DiffRefs {
        base_sha: String,
        head_sha: String,
        start_sha: String,
    }
    /// How the merge request is written elsewhere: `group/project!1`.
    References {
        full: String,
    }
    /// Who approved.
    Approvals {
        approved_by: Vec<ApprovedBy>,
    }
    /// One approval; older GitLabs leave the time out.
    ApprovedBy {
        user: User,
        approved_at: String,
    }
    /// One reviewer and what he said last.
    Reviewer {
        user: User,
        state: String,
    }
    /// One state of the merge request's difference, made by a push.
    Version {
        head_commit_sha: String,
        created_at: String,
    }
    /// A commit: people by name and mail address only.
    Commit {
        id: String,
        author_name: String,
        author_email: String,
        committer_name: String,
        committer_email: String,
        message: String,
    }
    /// A branch and its tip.
    Branch {
        commit: Commit,
    }
    /// Somebody's membership, inherited or not.
    Member {
        id: u64,
        username: String,
        state: String,
        access_level: u64,
        membership_state: String,
    }
    /// Something that happened in a project.
    Event {
        author: User,
        author_username: String,
        push_data: PushData,
    }
    /// What was pushed where.
    PushData {
        commit_to: String,
        #[serde(rename = "ref")]
        name: String,
        ref_type: String,
    }
    /// A commit status.
    CommitStatus {
        id: u64,
        status: String,
        name: String,
        description: String,
        target_url: String,
        pipeline_id: Option<u64>,
    }
    /// A note under a merge request or in a discussion.
    Note {
        id: u64,
        body: String,
        author: User,
        system: bool,
        created_at: String,
        resolved: bool,
        resolved_by: User,
    }
    /// A thread of notes.
    Discussion {
        id: String,
        notes: Vec<Note>,
    }
}

impl Event {
    /// Returns the login of who did it.
    pub(super) fn login(&self) -> &str {
        if self.author_username.is_empty() { &self.author.username } else { &self.author_username }
    }
}

#[cfg(test)]
mod tests {
    use super::{MergeRequest, User};

    #[test]
    fn absent_and_null_fields_are_empty_and_unknown_ones_are_passed_over() {
        let answer =
            r#"{"iid": 7, "description": null, "author": {"username": "ada", "tenant": {}}, "reviewers": null}"#;
        let request: MergeRequest = serde_json::from_str(answer).unwrap();
        assert_eq!((request.iid, request.description.as_str(), request.author.username.as_str()), (7, "", "ada"));
        assert!(request.reviewers.is_empty() && request.source_project_id.is_none());
    }

    #[test]
    fn a_value_of_another_kind_is_an_error_and_never_a_default() {
        assert!(serde_json::from_str::<User>(r#"{"id": "seven"}"#).is_err());
        assert!(serde_json::from_str::<MergeRequest>(r#"{"draft": "no"}"#).is_err());
    }
}
