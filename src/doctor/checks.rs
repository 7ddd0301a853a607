//! The table of checks, sorted by name.
//!
//! Owns the order and the sentence that holds where a check finds nothing; the judges stand in the files below, one a part
//! of the settings. Adding one is a line here, a case that fires and a near miss in `tests.rs`, and a line in
//! `docs/doctor.md`, which a test compares.

mod branch;
mod gitlab;
mod jobs;
mod owners;
mod pipeline;
mod reviews;
mod rights;
mod statuses;

use super::{Check, Of};

macro_rules! checks {
    ($($id:literal $of:ident $judge:path: $holds:literal)*) => {
        /// All checks, sorted by name. A test holds the order.
        pub const CHECKS: &[Check] = &[
            $(Check { id: $id, of: Of::$of, holds: $holds, judge: $judge },)*
        ];
    };
}

checks! {
    "actions-may-approve" Github rights::actions_approve: "GitHub Actions cannot approve a pull request"
    "actions-token-writes" Github rights::actions_write: "A workflow that names no permissions gets a token that reads"
    "admins-bypass" Github branch::admins: "Administrators are held by the branch protection"
    "approvals-not-offered" Gitlab gitlab::offered: "GitLab itself has settings of approvals"
    "approvals-not-required" Both reviews::required: "The forge itself asks for an approval"
    "approvers-overridable" Gitlab gitlab::overridable: "Nobody changes the rules of approval in his own merge request"
    "author-may-approve" Gitlab gitlab::author: "The author's approval does not count"
    "branch-deletable" Github branch::deletable: "Nobody can delete the branch"
    "branch-force-push" Both branch::force_push: "Nobody can rewrite the branch"
    "branch-not-up-to-date" Both statuses::up_to_date: "What is merged was judged together with the branch as it is"
    "bypass-actors" Github branch::bypass: "Nobody is on a bypass list"
    "code-owners-not-required" Both reviews::code_owners: "Owners of code have to approve"
    "codeowners-errors" Github owners::errors: "Every line of CODEOWNERS is understood"
    "codeowners-gap" Both owners::gap: "CODEOWNERS names somebody for CI and for what rules the gate"
    "codeowners-missing" Both owners::missing: "There is a CODEOWNERS"
    "codeowners-optional" Gitlab owners::optional: "No section of CODEOWNERS is optional"
    "committers-may-approve" Gitlab gitlab::committers: "Approvals of those who committed do not count"
    "copilot-approves" Github reviews::copilot: "A machine's approval lets nothing through"
    "direct-push" Both branch::direct_push: "Nobody pushes to the branch without a request"
    "fork-pipelines-in-parent" Gitlab gitlab::fork_pipelines: "The pipeline of a fork does not run with this project's variables"
    "gate-conditional" Both jobs::conditional: "No condition skips the gate"
    "gate-filtered" Both jobs::filtered: "No filter of paths or branches skips the gate"
    "gate-in-matrix" Both jobs::matrix: "The gate runs in no matrix"
    "gate-manual" Gitlab pipeline::manual: "Nobody has to start the gate by hand"
    "gate-may-fail" Both jobs::may_fail: "A gate that fails is a job that fails"
    "gate-missing" Both jobs::missing: "A file of CI runs the gate"
    "gate-needs" Both jobs::needs: "The gate waits for no other job"
    "gate-not-triggered" Both jobs::not_triggered: "A request starts the gate"
    "gate-rights-missing" Github rights::missing: "The job may write what it publishes"
    "gate-rights-too-broad" Github rights::too_broad: "The job may no more than the gate needs"
    "gate-workflow-editable" Both jobs::editable: "The author of a request cannot edit the job that judges it"
    "head-code-with-rights" Github rights::head_code: "No workflow runs code of a request with rights of the repository"
    "job-token-inbound" Gitlab gitlab::inbound: "Jobs of other projects do not reach this one"
    "last-push-not-approved" Github reviews::last_push: "Somebody else than the last pusher approves"
    "pipeline-from-elsewhere" Gitlab gitlab::elsewhere: "The pipeline is read from this project"
    "pipeline-not-required" Gitlab gitlab::pipeline: "A pipeline must have succeeded"
    "policy-fails-open" Gitlab pipeline::fails_open: "A security policy that cannot be applied blocks"
    "queue-not-triggered" Github jobs::queue: "The gate runs in the merge queue"
    "ruleset-not-enforced" Github statuses::not_enforced: "The ruleset that requires the gate is active"
    "selective-code-owner-removals" Gitlab gitlab::selective: "A push takes every approval away"
    "skipped-pipeline-merges" Gitlab gitlab::skipped: "A pipeline that was skipped is none that succeeded"
    "stale-approvals-kept" Both reviews::stale: "A push takes approvals away"
    "status-checks-not-required" Gitlab gitlab::external: "External status checks must have passed"
    "status-from-actions" Github statuses::from_actions: "The status does not come from GitHub Actions, which is everybody's"
    "status-not-pinned" Github statuses::not_pinned: "The status must come from one App"
    "status-not-required" Github statuses::not_required: "The gate's status is required"
    "target-unprotected" Both branch::unprotected: "The branch is protected"
    "token-in-repository-secrets" Github rights::secrets: "No token of the gate is a secret of the repository"
    "token-too-broad" Both rights::token: "The token of the job may no more than the gate needs"
    "train-skippable" Gitlab gitlab::train: "The merge train cannot be skipped"
}

#[cfg(test)]
mod tests;
