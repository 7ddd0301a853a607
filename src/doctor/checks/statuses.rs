//! Whether the gate's status is required, from whom, and on which state of the branch.

use crate::doctor::remedy::{self, whole_ruleset};
use crate::doctor::{Examined, Judgement, Kind, Way};
use crate::forge::settings::{Gap, GithubSettings, Read, RequiredStatus, RuleKind};

/// The status that waits for people.
pub(super) const STATUS: &str = "portcullis/review";

/// Words in a command where only a person can say which App it is.
const APP: &str = "APP-ID";

/// Returns the names that have to be required, sorted: the status, or the jobs where nothing publishes it.
pub(super) fn wanted(examined: &Examined) -> Vec<String> {
    let jobs = crate::doctor::workflow::gate_jobs(&examined.files);
    let published =
        jobs.iter().flat_map(|job| &job.steps).any(|step| step.publishes().iter().any(|part| part == "status"));
    let about = jobs.iter().filter(|job| job.is_about_requests());
    let mut names: Vec<String> = about.filter_map(crate::doctor::workflow::GateJob::check_name).collect();
    names.sort();
    names.dedup();
    if published || names.is_empty() { vec![STATUS.to_owned()] } else { names }
}

/// Returns what is required, and why that may not be all.
fn required(settings: &GithubSettings) -> (Vec<RequiredStatus>, Option<Gap>) {
    let mut all = Vec::new();
    let mut gap = None;
    match (&settings.protection, &settings.summary) {
        (Read::Known(found), _) => {
            let statuses = found.as_ref().and_then(|found| found.statuses.as_ref());
            all.extend(statuses.map(|(statuses, _)| statuses.clone()).unwrap_or_default());
        }
        // Everybody who reads the branch is told the names.
        (_, Read::Known(summary)) => all.extend(summary.required.clone()),
        (Read::Unknown(why), _) => gap = Some(why.clone()),
    }
    match &settings.rules {
        Read::Known(rules) => all.extend(rules.iter().flat_map(|rule| match &rule.kind {
            RuleKind::Statuses(statuses, _) => statuses.clone(),
            _ => Vec::new(),
        })),
        Read::Unknown(why) => gap = gap.or_else(|| Some(why.clone())),
    }
    all.sort();
    all.dedup();
    (all, gap)
}

/// Says whether the status that waits for people is known to be required.
pub(super) fn is_held_by_gate(settings: &GithubSettings) -> bool {
    required(settings).0.iter().any(|one| one.context == STATUS)
}

fn place(examined: &Examined, context: &str) -> String {
    format!("branch {}: status {context}", examined.branch_name())
}

fn with(examined: &Examined, way: Way, app: Option<&str>) -> Way {
    match whole_ruleset(examined, &wanted(examined), app) {
        Some(fix) => way.with(fix),
        None => way,
    }
}

/// `status-not-required`.
pub(super) fn not_required(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let (all, gap) = required(settings);
    let missing = |context: &String| !all.iter().any(|one| one.context == *context);
    let mut judgement = Judgement::holds();
    for context in wanted(examined).into_iter().filter(missing) {
        judgement = judgement.and(match &gap {
            Some(gap) => Judgement::unknown(gap),
            None => {
                let what = format!("A request is merged whatever the gate says, because `{context}` is not required.");
                let remedy = format!("Require the status `{context}`, pinned to the App that publishes it.");
                Judgement::way(with(examined, Way::new(place(examined, &context), what, remedy), None))
            }
        });
    }
    judgement
}

/// Judges the required statuses of the gate.
fn each(examined: &Examined, judge: impl Fn(&GithubSettings, &RequiredStatus) -> Judgement) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let (all, gap) = required(settings);
    let names = wanted(examined);
    let own: Vec<&RequiredStatus> = all.iter().filter(|one| names.contains(&one.context)).collect();
    match (own.is_empty(), &gap) {
        (true, Some(gap)) => Judgement::unknown(gap),
        (true, None) => Judgement::moot(),
        (false, _) => own.iter().fold(Judgement::moot(), |sum, one| sum.and(judge(settings, one))),
    }
}

/// `status-not-pinned`.
pub(super) fn not_pinned(examined: &Examined) -> Judgement {
    each(examined, |settings, one| {
        // Required twice, by protection and by a ruleset, and pinned once: both have to be green.
        let pinned = required(settings).0.iter().any(|other| other.context == one.context && other.app.is_some());
        if pinned {
            return Judgement::holds();
        }
        let what = format!("Whoever may write posts a green `{}` of his own, and merges.", one.context);
        let remedy = "Publish as a GitHub App of its own (docs/forges.md) and pin the required status to it.";
        Judgement::way(with(examined, Way::new(place(examined, &one.context), what, remedy), Some(APP)))
    })
}

/// `status-from-actions`.
pub(super) fn from_actions(examined: &Examined) -> Judgement {
    each(examined, |settings, one| match (one.app, &settings.actions_app) {
        (None, _) => Judgement::moot(),
        (Some(_), Read::Unknown(gap)) => Judgement::unknown(gap),
        (Some(app), Read::Known(actions)) if app == *actions => {
            let what = format!(
                "Whoever may write posts a green `{}` by a workflow of his own branch, which is GitHub Actions too.",
                one.context
            );
            let remedy = "Publish as a GitHub App of its own (docs/forges.md) and pin the required status to that App.";
            Judgement::way(with(examined, Way::new(place(examined, &one.context), what, remedy), Some(APP)))
        }
        (Some(_), Read::Known(_)) => Judgement::holds(),
    })
}

/// `branch-not-up-to-date`.
pub(super) fn up_to_date(examined: &Examined) -> Judgement {
    let what =
        "Two requests that are green by themselves are merged one after the other, and nobody judged both together.";
    match examined.forge {
        Kind::Github => {
            let settings = match examined.github() {
                Ok(settings) => settings,
                Err(gap) => return Judgement::unknown(gap),
            };
            let by_rule = |kind: &RuleKind| matches!(kind, RuleKind::MergeQueue | RuleKind::Statuses(_, true));
            let ruled = settings.rules.known().is_some_and(|rules| rules.iter().any(|rule| by_rule(&rule.kind)));
            let found = settings.protection.known().and_then(Option::as_ref);
            if ruled || found.and_then(|found| found.statuses.as_ref()).is_some_and(|(_, strict)| *strict) {
                return Judgement::holds();
            }
            if let Some(gap) = settings.protection.gap().or(settings.rules.gap()) {
                return Judgement::unknown(gap);
            }
            let remedy = "Switch on `Require branches to be up to date before merging`, or a merge queue.";
            let place = format!("branch {}", examined.branch_name());
            Judgement::way(with(examined, Way::new(place, what, remedy), None))
        }
        Kind::Gitlab => match examined.gitlab() {
            Err(gap) => Judgement::unknown(gap),
            Ok(settings) => Judgement::of(&settings.project, |project| {
                if project.merged_results == Some(true) || project.trains == Some(true) {
                    return Judgement::holds();
                }
                let remedy =
                    "Switch on merged results pipelines or merge trains (Premium), or let the sweep run often.";
                let way = Way::new("settings: merge requests", what, remedy);
                let fix = remedy::gitlab(examined, "PUT", "", &["merge_pipelines_enabled=true"]);
                Judgement::way(fix.map_or(way.clone(), |fix| way.with(fix)))
            }),
        },
    }
}

/// `ruleset-not-enforced`.
pub(super) fn not_enforced(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let names = wanted(examined);
    Judgement::of(&settings.rulesets, |rulesets| {
        let idle = rulesets.iter().filter(|one| one.enforcement != "active");
        let ours = idle.filter(|one| one.statuses.iter().any(|status| names.contains(&status.context)));
        Judgement::ways(ours.map(|one| {
            let what =
                format!("`{}` asks for the gate's status and stops nobody: it is `{}`.", one.name, one.enforcement);
            let way = Way::new(format!("ruleset {} of {}", one.id, one.source), what, "Make the ruleset active.");
            let source = (one.source_type.as_str(), one.source.as_str());
            let body = serde_json::json!({ "enforcement": "active" });
            let fix = remedy::ruleset(examined, source, one.id, &body);
            fix.map_or(way.clone(), |fix| way.with(fix))
        }))
    })
}
