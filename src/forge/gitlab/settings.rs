//! The settings of one project and branch, read and put into words that `doctor` knows.
//!
//! Owns which calls are made and what each takes. What only a higher tier has answers 404 where the project itself can be
//! read: that is told as absent, never as in order. The project's variables are not asked for, because GitLab answers with
//! their values. Must not judge.

use crate::forge::settings::{
    ApprovalRule, ApprovalSettings, BranchAccess, Gap, GitlabProject, GitlabSettings, Reach, Read,
};

use super::answers::{
    Access, ApprovalConfiguration, JobTokenScope, ProjectRule, ProjectSettings, ProtectedBranch, StatusCheck, TokenSelf,
};
use super::api::Asking;
use super::calls::{self, Project};

const PROJECT: &str = "a token with `read_api` of somebody who is in the project";
const MAINTAINER: &str = "a token with `read_api` and the role Maintainer";

/// What is asked for, what it needs, and whether it writes.
const CALLS: &[(&str, &str, bool)] = &[
    ("merge requests, approvals, versions", "`read_api`, role Reporter", false),
    ("--publish status", "`api`, role Developer", true),
    ("--publish comment, labels, reviewers, checks", "`api`, role Developer", true),
];

/// Reads the settings; of the default branch where none is named.
pub(super) fn read(asking: &Asking<'_>, project: &Project, branch: &str) -> GitlabSettings {
    let call = project.settings();
    let whole = match asking.ask::<ProjectSettings>(&call) {
        Ok(whole) if whole.id > 0 => whole,
        Ok(_) => {
            let why = "the answer is no project".to_owned();
            return unread(branch, &Gap { request: call.name(), why, needs: PROJECT.to_owned() });
        }
        Err(error) => {
            return unread(branch, &Gap { request: error.request, why: error.why, needs: PROJECT.to_owned() });
        }
    };
    let branch = if branch.is_empty() { whole.default_branch.clone() } else { branch.to_owned() };
    let approvals = asking.ask_if_any::<ApprovalConfiguration>(&project.approval_configuration());
    let rules = asking.list_if_any::<ProjectRule>(&project.approval_rules());
    let checks = asking.list_if_any::<StatusCheck>(&project.status_checks());
    let project_settings = own(&whole);
    let scopes = if asking.is_job() {
        Read::Known(None)
    } else {
        let token = asking.ask::<TokenSelf>(&calls::token());
        Read::of(token.map(|token| Some(token.scopes)), "a personal, project or group access token")
    };
    GitlabSettings {
        protections: protections(asking, project, &branch),
        approvals: Read::of(approvals.map(|found| found.map(counted)), MAINTAINER),
        approval_rules: Read::of(rules.map(|found| found.map(|rules| rules_of(rules, &branch))), MAINTAINER),
        status_checks: Read::of(checks.map(|found| found.map(names)), MAINTAINER),
        job_tokens_limited: job_tokens(asking, project),
        reach: reach(&scopes, project_settings.role),
        project: Read::Known(project_settings),
        scopes,
        branch,
    }
}

fn unread(branch: &str, gap: &Gap) -> GitlabSettings {
    GitlabSettings {
        branch: branch.to_owned(),
        project: Read::Unknown(gap.clone()),
        protections: Read::Unknown(gap.clone()),
        approvals: Read::Unknown(gap.clone()),
        approval_rules: Read::Unknown(gap.clone()),
        status_checks: Read::Unknown(gap.clone()),
        job_tokens_limited: Read::Unknown(gap.clone()),
        scopes: Read::Unknown(gap.clone()),
        reach: CALLS.iter().map(|(call, needs, _)| Reach { call, needs, may: Read::Unknown(gap.clone()) }).collect(),
    }
}

fn own(whole: &ProjectSettings) -> GitlabProject {
    let role = whole.permissions.as_ref().map(|permissions| {
        let level = |access: &Access| access.access_level.unwrap_or(0);
        level(&permissions.project_access).max(level(&permissions.group_access))
    });
    GitlabProject {
        pipeline_must_succeed: whole.only_allow_merge_if_pipeline_succeeds,
        skipped_counts: whole.allow_merge_on_skipped_pipeline,
        status_checks_must_pass: whole.only_allow_merge_if_all_status_checks_passed,
        ci_config_path: whole.ci_config_path.clone(),
        fork_pipelines: whole.ci_allow_fork_pipelines_to_run_in_parent_project,
        trains: whole.merge_trains_enabled,
        train_skippable: whole.merge_trains_skip_train_allowed,
        merged_results: whole.merge_pipelines_enabled,
        role,
    }
}

fn protections(asking: &Asking<'_>, project: &Project, branch: &str) -> Read<Vec<BranchAccess>> {
    let call = project.protected_branches();
    let all = match asking.list::<ProtectedBranch>(&call) {
        Ok(all) => all,
        Err(error) => return Read::Unknown(Gap { request: error.request, why: error.why, needs: PROJECT.to_owned() }),
    };
    let mut found = Vec::new();
    for one in all.into_iter().filter(|one| matches(&one.name, branch)) {
        let (Some(push), Some(force_push)) = (one.push_access_levels, one.allow_force_push) else {
            let why = "the answer does not say who may push".to_owned();
            return Read::Unknown(Gap { request: call.name(), why, needs: MAINTAINER.to_owned() });
        };
        let mut push_rows: Vec<u64> = push.iter().filter(|row| who(row).is_some()).filter_map(|row| row.id).collect();
        push_rows.sort_unstable();
        let mut push: Vec<String> = push.iter().filter_map(who).collect();
        push.sort();
        found.push(BranchAccess {
            name: one.name,
            push,
            push_rows,
            force_push,
            code_owners: one.code_owner_approval_required,
        });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Read::Known(found)
}

/// Returns who may; none where the row says that nobody may.
fn who(access: &Access) -> Option<String> {
    if let Some(key) = access.deploy_key_id {
        return Some(format!("deploy key {key}"));
    }
    if let Some(user) = access.user_id {
        return Some(format!("user {user}"));
    }
    if let Some(group) = access.group_id {
        return Some(format!("group {group}"));
    }
    match access.access_level {
        Some(0) => None,
        Some(level) => Some(format!("role {level}")),
        // SAFETY-OF-GATE: a row that cannot be read may be anybody.
        None => Some("somebody who is not named".to_owned()),
    }
}

/// Says whether a name, or a pattern with `*` for any letters, is that of a branch.
fn matches(pattern: &str, branch: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = branch.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

fn counted(wire: ApprovalConfiguration) -> ApprovalSettings {
    ApprovalSettings {
        author: wire.merge_requests_author_approval,
        committers_kept_out: wire.merge_requests_disable_committers_approval,
        reset_on_push: wire.reset_approvals_on_push,
        selective: wire.selective_code_owner_removals,
        fixed_rules: wire.disable_overriding_approvers_per_merge_request,
    }
}

/// A rule that names no branches holds for all.
fn rules_of(rules: Vec<ProjectRule>, branch: &str) -> Vec<ApprovalRule> {
    let rule = |rule: ProjectRule| ApprovalRule {
        holds: rule.applies_to_all_protected_branches
            || rule.protected_branches.is_empty()
            || rule.protected_branches.iter().any(|one| matches(&one.name, branch)),
        name: rule.name,
        required: rule.approvals_required,
    };
    let mut rules: Vec<ApprovalRule> = rules.into_iter().map(rule).collect();
    rules.sort_by(|one, other| one.name.cmp(&other.name));
    rules
}

fn names(checks: Vec<StatusCheck>) -> Vec<String> {
    let mut names: Vec<String> = checks.into_iter().map(|check| check.name).collect();
    names.sort();
    names
}

fn job_tokens(asking: &Asking<'_>, project: &Project) -> Read<bool> {
    let call = project.job_token_scope();
    match asking.ask::<JobTokenScope>(&call) {
        Ok(JobTokenScope { inbound_enabled: Some(limited) }) => Read::Known(limited),
        Ok(_) => {
            let why = "the answer does not say `inbound_enabled`".to_owned();
            Read::Unknown(Gap { request: call.name(), why, needs: MAINTAINER.to_owned() })
        }
        Err(error) => Read::Unknown(Gap { request: error.request, why: error.why, needs: MAINTAINER.to_owned() }),
    }
}

fn reach(scopes: &Read<Option<Vec<String>>>, role: Option<u64>) -> Vec<Reach> {
    let may = |writes: bool| match scopes {
        Read::Unknown(gap) => Read::Unknown(gap.clone()),
        // The token of a job reads the merge request and no approval, and writes nothing.
        Read::Known(None) => Read::Known(false),
        Read::Known(Some(scopes)) => {
            let has = |word: &str| scopes.iter().any(|scope| scope == word);
            let level = if writes { 30 } else { 20 };
            let scoped = has("api") || (!writes && has("read_api"));
            Read::Known(scoped && role.is_some_and(|role| role >= level))
        }
    };
    CALLS.iter().map(|(call, needs, writes)| Reach { call, needs, may: may(*writes) }).collect()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_holds_for_the_branches_that_gitlab_would_protect_by_it() {
        for (pattern, branch) in
            [("main", "main"), ("*", "a/b"), ("release/*", "release/1"), ("*-stable", "x-stable"), ("a*b*c", "aXbYc")]
        {
            assert!(matches(pattern, branch), "{pattern} {branch}");
        }
        for (pattern, branch) in
            [("main", "main2"), ("release/*", "hotfix/1"), ("*-stable", "stable"), ("a*b*c", "acb"), ("", "main")]
        {
            assert!(!matches(pattern, branch), "{pattern} {branch}");
        }
    }
}
