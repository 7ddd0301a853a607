//! What only GitLab has: switches of approvals, pipelines, tokens of jobs.

use crate::doctor::pipeline::foreign;
use crate::doctor::remedy;
use crate::doctor::{Examined, Judgement, Way};
use crate::forge::settings::Gap;

use super::reviews::{gitlab, project, switch};

const APPROVALS: &str = "approval settings";
const MERGING: &str = "settings: merge requests";

/// `approvals-not-offered`.
pub(super) fn offered(examined: &Examined) -> Judgement {
    match examined.gitlab() {
        Err(gap) => Judgement::unknown(gap),
        Ok(settings) => Judgement::of(&settings.approvals, |found| match found {
            Some(_) => Judgement::holds(),
            None => Judgement::way(Way::new(
                APPROVALS,
                "GitLab itself lets a merge request in that nobody approved: this tier (Free) has no settings of approvals.",
                "Let the sweep's status be what is waited for (docs/forges.md, Making it required), or take Premium.",
            )),
        }),
    }
}

/// `author-may-approve`.
pub(super) fn author(examined: &Examined) -> Judgement {
    gitlab(examined, |found| {
        let what = "The author approves his own merge request, and for GitLab that counts.";
        let remedy = "Switch on `Prevent approval by merge request creator`.";
        switch(examined, found.author, false, (APPROVALS, what, remedy), "merge_requests_author_approval=false")
    })
}

/// `committers-may-approve`.
pub(super) fn committers(examined: &Examined) -> Judgement {
    gitlab(examined, |found| {
        let what =
            "Two people write one change together, or one adds a commit to another's, and approve it themselves.";
        let remedy = "Switch on `Prevent approvals by users who add commits`.";
        let field = "merge_requests_disable_committers_approval=true";
        switch(examined, found.committers_kept_out, true, (APPROVALS, what, remedy), field)
    })
}

/// `approvers-overridable`.
pub(super) fn overridable(examined: &Examined) -> Judgement {
    gitlab(examined, |found| {
        let what = "The author takes approvers off his own merge request, or asks for fewer approvals.";
        let remedy = "Switch on `Prevent editing approval rules in merge requests`.";
        let field = "disable_overriding_approvers_per_merge_request=true";
        switch(examined, found.fixed_rules, true, (APPROVALS, what, remedy), field)
    })
}

/// `selective-code-owner-removals`.
pub(super) fn selective(examined: &Examined) -> Judgement {
    gitlab(examined, |found| {
        if found.reset_on_push == Some(true) {
            return Judgement::holds();
        }
        let what =
            "After a push only approvals of owners of the changed files are taken away; all others stay for the forge.";
        let remedy = "Switch on `Remove all approvals when a commit is added` instead.";
        switch(examined, found.selective, false, (APPROVALS, what, remedy), "reset_approvals_on_push=true")
    })
}

/// Judges a switch of the project; one that was not sent is not known, unless `absent` says what that means.
fn setting(examined: &Examined, value: Option<bool>, good: bool, way: Way, field: &str) -> Judgement {
    match value {
        Some(value) if value == good => Judgement::holds(),
        Some(_) => {
            let fix = remedy::gitlab(examined, "PUT", "", &[field]);
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }
        None => Judgement::unknown(&Gap {
            request: way.place,
            why: format!("GitLab does not say `{}`", field.split('=').next().unwrap_or(field)),
            needs: "a token of a member of the project, or a tier that has it".to_owned(),
        }),
    }
}

/// `pipeline-not-required`.
pub(super) fn pipeline(examined: &Examined) -> Judgement {
    project(examined, |found| {
        let what = "A merge request is merged while the gate is red, pending, or has not run.";
        let way = Way::new(MERGING, what, "Switch on `Pipelines must succeed`.");
        setting(examined, found.pipeline_must_succeed, true, way, "only_allow_merge_if_pipeline_succeeds=true")
    })
}

/// `skipped-pipeline-merges`.
pub(super) fn skipped(examined: &Examined) -> Judgement {
    project(examined, |found| {
        let what = "The author writes `[skip ci]` into a commit, no pipeline runs, and that counts as success.";
        let way = Way::new(MERGING, what, "Switch off `Skipped pipelines are considered successful`.");
        // GitLab writes a null for the default, which is off.
        let value = found.skipped_counts.or(found.pipeline_must_succeed.map(|_| false));
        setting(examined, value, false, way, "allow_merge_on_skipped_pipeline=false")
    })
}

/// `train-skippable`.
pub(super) fn train(examined: &Examined) -> Judgement {
    project(examined, |found| {
        if found.trains != Some(true) {
            return Judgement::moot();
        }
        let what = "Whoever may merge takes a request past the train, so that nobody judged what lands.";
        let way = Way::new(MERGING, what, "Switch off `Allow skipping the merge train`.");
        setting(examined, found.train_skippable, false, way, "merge_trains_skip_train_allowed=false")
    })
}

/// `fork-pipelines-in-parent`.
pub(super) fn fork_pipelines(examined: &Examined) -> Judgement {
    project(examined, |found| {
        let what = "A member who starts the pipeline of a fork runs the stranger's `.gitlab-ci.yml` with this project's variables.";
        let way = Way::new("settings: CI/CD", what, "Do not let pipelines of forks run in the parent project.");
        let field = "ci_allow_fork_pipelines_to_run_in_parent_project=false";
        setting(examined, found.fork_pipelines, false, way, field)
    })
}

/// `status-checks-not-required`.
pub(super) fn external(examined: &Examined) -> Judgement {
    let settings = match examined.gitlab() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    Judgement::of(&settings.status_checks, |checks| match checks {
        Some(checks) if checks.iter().any(|name| name.contains("portcullis")) => project(examined, |found| {
            let what = "The external status check of the gate may be red or silent; it is only shown.";
            let way = Way::new(MERGING, what, "Switch on `Status checks must succeed`.");
            let field = "only_allow_merge_if_all_status_checks_passed=true";
            setting(examined, found.status_checks_must_pass, true, way, field)
        }),
        // Ultimate has them; where there is none of the gate's, its status is what is waited for.
        _ => Judgement::moot(),
    })
}

/// `job-token-inbound`.
pub(super) fn inbound(examined: &Examined) -> Judgement {
    match examined.gitlab() {
        Err(gap) => Judgement::unknown(gap),
        Ok(settings) => Judgement::of(&settings.job_tokens_limited, |limited| {
            if *limited {
                return Judgement::holds();
            }
            let what = "A job of any project that a member starts reaches this one with his rights.";
            let way = Way::new("settings: CI/CD, job token", what, "Let only named projects and groups in.");
            let fix = remedy::gitlab(examined, "PATCH", "/job_token_scope", &["enabled=true"]);
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }),
    }
}

/// `pipeline-from-elsewhere`.
pub(super) fn elsewhere(examined: &Examined) -> Judgement {
    project(examined, |found| {
        let path = found.ci_config_path.as_deref().unwrap_or_default();
        let outside = path.contains("://") || path.contains('@');
        if !outside {
            return Judgement::holds();
        }
        let what = format!(
            "Whoever may write to `{path}` decides whether the gate runs here; what it says is not judged here."
        );
        let remedy =
            "Protect that place as this branch is, name it by a full commit id, and look at it with `doctor` there.";
        Judgement::way(Way::new("settings: CI/CD, configuration file", what, remedy))
    })
}

/// Says that jobs of other projects are not read, where the gate may be among them.
pub(super) fn unread(examined: &Examined) -> Judgement {
    let (ours, _) = foreign(&examined.files);
    let component = |what: &str| what.contains("/portcullis@") || what.contains("/portcullis/");
    let gaps = ours.iter().filter(|one| !component(&one.what)).map(|one| Gap {
        request: one.place.clone(),
        why: format!("the job of the gate is included from `{}`, which is not read", one.what),
        needs: "`doctor` in that project".to_owned(),
    });
    gaps.fold(Judgement::holds(), |sum, gap| sum.and(Judgement::unknown(&gap)))
}
