//! What the forge itself asks of reviews: the second line, behind the gate's own counting.

use serde_json::json;

use crate::doctor::remedy::{self, whole_ruleset};
use crate::doctor::{Examined, Judgement, Kind, Way};
use crate::forge::address::escaped;
use crate::forge::settings::{ApprovalSettings, Gap, GithubSettings, Read, ReviewRule, RuleKind};

use super::statuses::{is_held_by_gate, wanted};

/// Rules of review add up: what one of them asks is asked.
fn merged(settings: &GithubSettings) -> (Option<ReviewRule>, Option<Gap>) {
    let protection = settings.protection.known().and_then(Option::as_ref).and_then(|found| found.reviews.as_ref());
    let rules = settings.rules.known().map(Vec::as_slice).unwrap_or_default();
    let ruled = rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::PullRequest(review) => Some(review),
        _ => None,
    });
    let sum = protection.into_iter().chain(ruled).fold(None, |sum: Option<ReviewRule>, one| {
        let sum = sum.unwrap_or_default();
        Some(ReviewRule {
            count: sum.count.max(one.count),
            dismiss_stale: sum.dismiss_stale || one.dismiss_stale,
            code_owners: sum.code_owners || one.code_owners,
            last_push: sum.last_push || one.last_push,
        })
    });
    (sum, settings.protection.gap().or(settings.rules.gap()).cloned())
}

/// Judges one thing that GitHub may ask of reviews.
fn github(examined: &Examined, asked: fn(&ReviewRule) -> bool, what: &str, remedy: &str, fields: &[&str]) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    match merged(settings) {
        (Some(rule), _) if asked(&rule) => Judgement::holds(),
        (_, Some(gap)) => Judgement::unknown(&gap),
        // Where no request is required, another check says so.
        (None, None) => Judgement::moot(),
        (Some(_), None) => {
            let way = Way::new(format!("branch {}", examined.branch_name()), what, remedy);
            let protected =
                settings.protection.known().and_then(Option::as_ref).is_some_and(|one| one.reviews.is_some());
            let fix = if protected {
                remedy::protection(examined, "PATCH", "/required_pull_request_reviews", fields)
            } else {
                whole_ruleset(examined, &wanted(examined), None)
            };
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }
    }
}

/// Judges GitLab's settings of approvals; where the tier has none, `approvals-not-offered` has said so.
pub(super) fn gitlab(examined: &Examined, judge: impl FnOnce(&ApprovalSettings) -> Judgement) -> Judgement {
    match examined.gitlab() {
        Err(gap) => Judgement::unknown(gap),
        Ok(settings) => Judgement::of(&settings.approvals, |found| match found {
            Some(found) => judge(found),
            None => Judgement::moot(),
        }),
    }
}

/// Judges one switch of GitLab; one that was not sent is not known.
pub(super) fn switch(
    examined: &Examined,
    value: Option<bool>,
    good: bool,
    way: (&str, &str, &str),
    field: &str,
) -> Judgement {
    let (place, what, remedy) = way;
    match value {
        Some(value) if value == good => Judgement::holds(),
        Some(_) => {
            let way = Way::new(place, what, remedy);
            let fix = remedy::gitlab(examined, "POST", "/approvals", &[field]);
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }
        None => Judgement::unknown(&Gap {
            request: place.to_owned(),
            why: format!("GitLab does not say `{}`", field.split('=').next().unwrap_or(field)),
            needs: "a newer GitLab, or a token with the role Maintainer".to_owned(),
        }),
    }
}

/// `approvals-not-required`.
pub(super) fn required(examined: &Examined) -> Judgement {
    let what = "Where the gate's status is not waited for, a request is merged that nobody has looked at.";
    match examined.forge {
        Kind::Github => {
            let fields = ["required_approving_review_count=1"];
            github(examined, |rule| rule.count > 0, what, "Require at least one approval.", &fields)
        }
        Kind::Gitlab => match examined.gitlab() {
            Err(gap) => Judgement::unknown(gap),
            Ok(settings) => Judgement::of(&settings.approval_rules, |rules| match rules {
                None => Judgement::moot(),
                Some(rules) if rules.iter().any(|rule| rule.holds && rule.required > 0) => Judgement::holds(),
                Some(_) => {
                    let way = Way::new("approval rules", what, "Add a rule of approval for the branch.");
                    let fields = json!({ "name": "All Members", "rule_type": "any_approver", "approvals_required": 1 });
                    let fix = remedy::gitlab_body(examined, "POST", "/approval_rules", &fields);
                    Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
                }
            }),
        },
    }
}

/// `stale-approvals-kept`.
pub(super) fn stale(examined: &Examined) -> Judgement {
    let what = "The author has one thing approved and pushes another; for the forge the approval still counts.";
    match examined.forge {
        Kind::Github => {
            let remedy = "Switch on `Dismiss stale pull request approvals when new commits are pushed`.";
            github(examined, |rule| rule.dismiss_stale, what, remedy, &["dismiss_stale_reviews=true"])
        }
        Kind::Gitlab => gitlab(examined, |found| {
            let remedy = "Switch on `Remove all approvals when a commit is added`.";
            switch(
                examined,
                found.reset_on_push,
                true,
                ("approval settings", what, remedy),
                "reset_approvals_on_push=true",
            )
        }),
    }
}

/// `last-push-not-approved`.
pub(super) fn last_push(examined: &Examined) -> Judgement {
    let what = "A reviewer pushes a commit of his own to somebody's request and approves it himself.";
    let remedy = "Switch on `Require approval of the most recent reviewable push`.";
    github(examined, |rule| rule.last_push, what, remedy, &["require_last_push_approval=true"])
}

/// `code-owners-not-required`.
pub(super) fn code_owners(examined: &Examined) -> Judgement {
    let what = "Anybody who may review approves a change to what others own, the gate's own rules included.";
    match examined.forge {
        Kind::Github => {
            let remedy = "Switch on `Require review from Code Owners`.";
            github(examined, |rule| rule.code_owners, what, remedy, &["require_code_owner_reviews=true"])
        }
        Kind::Gitlab => match examined.gitlab() {
            Err(gap) => Judgement::unknown(gap),
            Ok(settings) => Judgement::of(&settings.protections, |found| {
                if found.is_empty() {
                    return Judgement::moot();
                }
                // Protections add up: one that asks is enough.
                if found.iter().any(|one| one.code_owners == Some(true)) {
                    return Judgement::holds();
                }
                Judgement::ways(found.iter().map(|one| {
                    let offered = one.code_owners.is_some();
                    let remedy = if offered {
                        "Switch on `Require approval from code owners`."
                    } else {
                        "GitLab Premium has `Require approval from code owners`; on Free the gate's own requirements stand in."
                    };
                    let way = Way::new(format!("protected branch {}", one.name), what, remedy);
                    let below = format!("/protected_branches/{}", escaped(&one.name));
                    let fix = remedy::gitlab(examined, "PATCH", &below, &["code_owner_approval_required=true"]);
                    fix.filter(|_| offered).map_or(way.clone(), |fix| way.with(fix))
                }))
            }),
        },
    }
}

/// `copilot-approves`.
pub(super) fn copilot(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    // The gate counts people only, so its own status is enough.
    if is_held_by_gate(settings) {
        return Judgement::holds();
    }
    let (rule, gap) = merged(settings);
    match (rule, gap) {
        (Some(rule), None) if rule.count == 0 => Judgement::moot(),
        (None, None) => Judgement::moot(),
        (_, Some(gap)) => Judgement::unknown(&gap),
        (Some(_), None) => {
            let by_itself = settings
                .rules
                .known()
                .is_some_and(|rules| rules.iter().any(|rule| rule.kind == RuleKind::CopilotReview));
            let reviews = if by_itself { "; a ruleset lets Copilot review by itself" } else { "" };
            Judgement::unknown(&Gap {
                request: "whether approvals of Copilot count".to_owned(),
                why: format!("GitHub's interface does not say it{reviews}"),
                needs: "a look at the repository's settings of Copilot code review; requiring the gate's status settles it, \
                        because the gate counts people only"
                    .to_owned(),
            })
        }
    }
}

/// Returns what was read; a helper for judges that need one part.
pub(super) fn project<'a>(
    examined: &'a Examined,
    judge: impl FnOnce(&'a crate::forge::settings::GitlabProject) -> Judgement,
) -> Judgement {
    match examined.gitlab() {
        Err(gap) => Judgement::unknown(gap),
        Ok(settings) => match &settings.project {
            Read::Known(project) => judge(project),
            Read::Unknown(gap) => Judgement::unknown(gap),
        },
    }
}
