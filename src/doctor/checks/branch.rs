//! Whether the branch is protected, and who gets around that.

use serde_json::json;

use crate::doctor::remedy::{self, whole_ruleset};
use crate::doctor::{Examined, Judgement, Kind, Way};
use crate::forge::settings::{BranchAccess, Gap, GithubSettings, Read, RuleKind};

use super::statuses::wanted;

/// Says whether nothing protects the branch on GitHub; an error where that is not known.
pub(super) fn is_bare(settings: &GithubSettings) -> Result<bool, Gap> {
    match (&settings.summary, &settings.rules) {
        (Read::Known(summary), _) if summary.protected => Ok(false),
        (_, Read::Known(rules)) if !rules.is_empty() => Ok(false),
        (Read::Known(_), Read::Known(_)) => Ok(true),
        (Read::Unknown(gap), _) | (_, Read::Unknown(gap)) => Err(gap.clone()),
    }
}

/// Judges something that branch protection or a rule of a ruleset can hold.
fn held(
    examined: &Examined,
    by_protection: impl Fn(&crate::forge::settings::Protection) -> bool,
    by_rule: impl Fn(&RuleKind) -> bool,
    way: impl Fn() -> Way,
) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    if is_bare(settings) == Ok(true) {
        return Judgement::moot();
    }
    let protected = settings.protection.known().is_some_and(|found| found.as_ref().is_some_and(&by_protection));
    let ruled = settings.rules.known().is_some_and(|rules| rules.iter().any(|rule| by_rule(&rule.kind)));
    if protected || ruled {
        return Judgement::holds();
    }
    match settings.protection.gap().or(settings.rules.gap()) {
        Some(gap) => Judgement::unknown(gap),
        None => Judgement::way(way()),
    }
}

fn with_ruleset(examined: &Examined, way: Way) -> Way {
    match whole_ruleset(examined, &wanted(examined), None) {
        Some(fix) => way.with(fix),
        None => way,
    }
}

fn place(examined: &Examined) -> String {
    format!("branch {}", examined.branch_name())
}

/// `target-unprotected`.
pub(super) fn unprotected(examined: &Examined) -> Judgement {
    let what =
        format!("Whoever may write pushes to {} without a request, a review or the gate.", examined.branch_name());
    let remedy = "Protect the branch.";
    match examined.forge {
        Kind::Github => match examined.github().map(is_bare) {
            Ok(Ok(true)) => Judgement::way(with_ruleset(examined, Way::new(place(examined), what, remedy))),
            Ok(Ok(false)) => Judgement::holds(),
            Ok(Err(gap)) => Judgement::unknown(&gap),
            Err(gap) => Judgement::unknown(gap),
        },
        Kind::Gitlab => match examined.gitlab() {
            Err(gap) => Judgement::unknown(gap),
            Ok(settings) => Judgement::of(&settings.protections, |found| {
                if !found.is_empty() {
                    return Judgement::holds();
                }
                let body = json!({
                    "name": examined.branch, "push_access_level": 0, "merge_access_level": 40, "allow_force_push": false,
                });
                let way = Way::new(place(examined), what, remedy);
                let fix = remedy::gitlab_body(examined, "POST", "/protected_branches", &body);
                Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
            }),
        },
    }
}

/// `branch-force-push`.
pub(super) fn force_push(examined: &Examined) -> Judgement {
    let way = || {
        Way::new(
            place(examined),
            "Whoever may push replaces commits that were judged by others that never were.",
            "Forbid force pushes.",
        )
    };
    match examined.forge {
        Kind::Github => {
            let rule = |kind: &RuleKind| *kind == RuleKind::NonFastForward;
            held(examined, |found| !found.force_pushes, rule, || with_ruleset(examined, way()))
        }
        Kind::Gitlab => access(examined, |one| {
            let below = format!("/protected_branches/{}", crate::forge::address::escaped(&one.name));
            let fix = remedy::gitlab(examined, "PATCH", &below, &["allow_force_push=false"]);
            one.force_push.then(|| fix.map_or(way(), |fix| way().with(fix)))
        }),
    }
}

/// Judges each protection of the branch on GitLab.
fn access(examined: &Examined, judge: impl Fn(&BranchAccess) -> Option<Way>) -> Judgement {
    match examined.gitlab() {
        Err(gap) => Judgement::unknown(gap),
        Ok(settings) => Judgement::of(&settings.protections, |found| {
            if found.is_empty() { Judgement::moot() } else { Judgement::ways(found.iter().filter_map(&judge)) }
        }),
    }
}

/// `branch-deletable`.
pub(super) fn deletable(examined: &Examined) -> Judgement {
    let rule = |kind: &RuleKind| *kind == RuleKind::Deletion;
    held(
        examined,
        |found| !found.deletions,
        rule,
        || {
            let what = "Whoever may push deletes the branch and makes it anew from commits that nobody judged.";
            with_ruleset(examined, Way::new(place(examined), what, "Forbid deletion."))
        },
    )
}

/// `direct-push`.
pub(super) fn direct_push(examined: &Examined) -> Judgement {
    let remedy = "Let changes in by requests only.";
    match examined.forge {
        Kind::Github => {
            let rule = |kind: &RuleKind| matches!(kind, RuleKind::PullRequest(_));
            held(
                examined,
                |found| found.reviews.is_some(),
                rule,
                || {
                    let what =
                        "Whoever may write pushes to the branch without a pull request, so that nobody reviews it.";
                    with_ruleset(examined, Way::new(place(examined), what, remedy))
                },
            )
        }
        Kind::Gitlab => access(examined, |one| {
            let who = one.push.join(", ");
            let what = format!("Without a merge request, and so without the gate, these push to the branch: {who}.");
            let remedy = "Let nobody push to the branch: `Allowed to push and merge: No one`.";
            let below = format!("/protected_branches/{}", crate::forge::address::escaped(&one.name));
            let way = Way::new(format!("protected branch {}", one.name), what, remedy);
            // Premium changes the rows; on Free the protection would have to be taken off and made anew, which is left to
            // the page of settings.
            let rows = one.push_rows.iter().map(|row| json!({ "id": row, "_destroy": true }));
            let rows: Vec<_> = std::iter::once(json!({ "access_level": 0 })).chain(rows).collect();
            let known = one.code_owners.is_some() && one.push_rows.len() == one.push.len();
            let body = json!({ "allowed_to_push": rows });
            let fix = remedy::gitlab_body(examined, "PATCH", &below, &body).filter(|_| known);
            (!one.push.is_empty()).then(|| fix.map_or(way.clone(), |fix| way.with(fix)))
        }),
    }
}

/// `admins-bypass`.
pub(super) fn admins(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    Judgement::of(&settings.protection, |found| match found {
        Some(protection) if !protection.admins_too => {
            let what = "An administrator merges whatever the gate says, and his stolen token does too.";
            let remedy = "Switch on `Do not allow bypassing the above settings`.";
            let way = Way::new(place(examined), what, remedy);
            let fix = remedy::protection(examined, "POST", "/enforce_admins", &[]);
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }
        Some(_) => Judgement::holds(),
        None => Judgement::moot(),
    })
}

/// `bypass-actors`.
pub(super) fn bypass(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let remedy = "Take them off the bypass list.";
    let mut judgement = match &settings.protection {
        Read::Known(Some(protection)) if !protection.bypass.is_empty() => {
            let what = format!("Without a pull request these push to the branch: {}.", protection.bypass.join(", "));
            Judgement::way(Way::new(place(examined), what, remedy))
        }
        Read::Known(_) => Judgement::holds(),
        Read::Unknown(gap) => Judgement::unknown(gap),
    };
    let (rules, rulesets) = match (&settings.rules, &settings.rulesets) {
        (Read::Known(rules), Read::Known(rulesets)) => (rules, rulesets),
        (Read::Unknown(gap), _) | (_, Read::Unknown(gap)) => return judgement.and(Judgement::unknown(gap)),
    };
    let mut known = Vec::new();
    for one in rulesets.iter().filter(|one| rules.iter().any(|rule| rule.ruleset == one.id)) {
        known.push(one.id);
        judgement = judgement.and(Judgement::of(&one.bypass, |actors| {
            if actors.is_empty() {
                return Judgement::holds();
            }
            let what = format!("The rules of `{}` do not hold for these: {}.", one.name, actors.join(", "));
            let way = Way::new(format!("ruleset {} of {}", one.id, one.source), what, remedy);
            let source = (one.source_type.as_str(), one.source.as_str());
            let fix = remedy::ruleset(examined, source, one.id, &json!({ "bypass_actors": [] }));
            Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
        }));
    }
    // A rule whose ruleset is not shown may have any bypass list.
    for rule in rules.iter().filter(|rule| !known.contains(&rule.ruleset)) {
        let gap = Gap {
            request: format!("ruleset {}", rule.ruleset),
            why: "a rule of it holds for the branch, and the ruleset is not shown".to_owned(),
            needs: "a token that sees the rulesets of the organisation".to_owned(),
        };
        judgement = judgement.and(Judgement::unknown(&gap));
    }
    judgement
}
