//! Whether GitLab's pipeline runs the gate in every merge request, and is red where the gate is.

use serde_json::Value;

use crate::doctor::files::{PIPELINE, SECURITY_POLICY};
use crate::doctor::pipeline::{PipelineJob, foreign, gate_jobs};
use crate::doctor::{Examined, Judgement, Way};
use crate::forge::settings::Gap;

use super::jobs::{of_pipeline, swallowed, unread};

/// The source of merge request pipelines, as rules name it.
const SOURCE: &str = "merge_request";

/// Returns the jobs that run the gate; not known where the pipeline is read from another file.
pub(super) fn jobs(examined: &Examined) -> Result<Vec<PipelineJob<'_>>, Judgement> {
    let project = examined.gitlab().ok().and_then(|settings| settings.project.known());
    let path = project.and_then(|project| project.ci_config_path.as_deref()).unwrap_or_default();
    if path.is_empty() || path == PIPELINE {
        return Ok(gate_jobs(&examined.files));
    }
    Err(Judgement::unknown(&Gap {
        request: path.to_owned(),
        why: "the pipeline is read from there, and not from .gitlab-ci.yml".to_owned(),
        needs: "`doctor` in the project that has that file".to_owned(),
    }))
}

fn rules<'a>(job: &PipelineJob<'a>) -> Vec<&'a Value> {
    match job.get("rules") {
        Some(Value::Array(rules)) => rules
            .iter()
            .flat_map(|rule| match rule {
                // A list in a list is how `!reference` brings its rules.
                Value::Array(inner) => inner.iter().collect(),
                other => vec![other],
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Says whether a rule is about merge requests and nothing narrower.
fn is_plain(rule: &Value) -> bool {
    let text = rule.get("if").and_then(Value::as_str).unwrap_or_default().replace(['"', '\'', ' '], "");
    matches!(
        text.as_str(),
        "$CI_PIPELINE_SOURCE==merge_request_event" | "$CI_MERGE_REQUEST_IID" | "$CI_MERGE_REQUEST_ID"
    )
}

fn when(rule: &Value) -> &str {
    rule.get("when").and_then(Value::as_str).unwrap_or("on_success")
}

/// `gate-not-triggered`.
pub(super) fn not_triggered(examined: &Examined) -> Judgement {
    let found = match jobs(examined) {
        Ok(found) => found,
        Err(unknown) => return unknown,
    };
    if !found.is_empty() && !found.iter().any(|job| job.script.contains("portcullis check")) {
        // The sweep alone judges every open request.
        return Judgement::holds();
    }
    of_pipeline(examined, |job| {
        let only = job.get("only").is_some_and(|only| only.to_string().contains("merge_requests"));
        if job.speaks_of(SOURCE) || job.speaks_of("CI_MERGE_REQUEST") || only {
            return Vec::new();
        }
        let what = "A merge request starts no pipeline with the gate: without `rules:` the job runs for branches and tags only.";
        let remedy = "Add `rules: [{if: $CI_PIPELINE_SOURCE == \"merge_request_event\"}]`.";
        vec![Way::new(job.place.clone(), what, remedy)]
    })
}

/// `gate-filtered`.
pub(super) fn filtered(examined: &Examined) -> Judgement {
    of_pipeline(examined, |job| {
        let narrowed = ["changes", "exists"];
        let mut words: Vec<&str> =
            narrowed.iter().copied().filter(|key| rules(job).iter().any(|rule| rule.get(key).is_some())).collect();
        for key in ["only", "except"] {
            if job.get(key).is_some_and(|part| part.get("changes").is_some()) {
                words.push(key);
            }
        }
        let way = |key: &str| {
            let what = format!("A merge request that `{key}` leaves out is not judged.");
            Way::new(job.place.clone(), what, "Let the job run for every merge request.")
        };
        words.into_iter().map(way).collect()
    })
}

/// `gate-conditional`.
pub(super) fn conditional(examined: &Examined) -> Judgement {
    of_pipeline(examined, |job| {
        let mut ways = Vec::new();
        for rule in rules(job) {
            let text = rule.get("if").and_then(Value::as_str).unwrap_or_default();
            if is_plain(rule) && when(rule) != "never" {
                // Nothing after this rule is looked at.
                return ways;
            }
            if when(rule) == "never" || (text.contains(SOURCE) && !is_plain(rule)) {
                let what = format!("A merge request for which `{text}` decides is not judged.");
                ways.push(Way::new(job.place.clone(), what, "Put the plain rule for merge requests first."));
            }
        }
        if job.get("except").is_some() {
            let what = "What `except` names is not judged.";
            ways.push(Way::new(job.place.clone(), what, "Take `except:` off the job."));
        }
        ways
    })
}

/// `gate-manual`.
pub(super) fn manual(examined: &Examined) -> Judgement {
    of_pipeline(examined, |job| {
        let own = job.get("when").and_then(Value::as_str);
        let by_hand = own == Some("manual") || rules(job).iter().any(|rule| when(rule) == "manual");
        let what = "Nobody starts the job, and GitLab takes a job that waits for a hand for one that may be left out.";
        let way = Way::new(job.place.clone(), what, "Take `when: manual` off the job and its rules.");
        by_hand.then_some(way).into_iter().collect()
    })
}

/// `gate-needs`.
pub(super) fn needs(examined: &Examined) -> Judgement {
    of_pipeline(examined, |job| {
        let named = job.get("needs").and_then(Value::as_array).is_some_and(|needs| !needs.is_empty());
        let what = "Where a job that it needs fails or is left out, the gate does not run.";
        let way = Way::new(job.place.clone(), what, "Write `needs: []`.");
        named.then_some(way).into_iter().collect()
    })
}

/// `gate-in-matrix`.
pub(super) fn parallel(examined: &Examined) -> Judgement {
    of_pipeline(examined, |job| {
        let what = "The gate runs once for each part of `parallel:`, and each may be another.";
        let way = Way::new(job.place.clone(), what, "Take `parallel:` off the job.");
        job.get("parallel").map(|_| way).into_iter().collect()
    })
}

/// `gate-may-fail`.
pub(super) fn may_fail(examined: &Examined) -> Judgement {
    let shadows = foreign(&examined.files).0.into_iter().filter(|one| one.mode == "shadow").map(|one| {
        Way::new(
            one.place,
            "The gate says no and the job is green: the input `mode` is `shadow`.",
            "Take `block` or `report`.",
        )
    });
    let shadows: Vec<Way> = shadows.collect();
    let swept = jobs(examined).is_ok_and(|jobs| jobs.iter().any(|job| job.script.contains("portcullis sweep")));
    let judged = of_pipeline(examined, |job| {
        let what = |why: &str| format!("The gate says no and the pipeline is green: {why}.");
        let allowed = |value: &Value| *value != Value::Bool(false);
        let mut why: Vec<&str> = swallowed(&job.script);
        if job.get("allow_failure").is_some_and(allowed)
            || rules(job).iter().any(|rule| rule.get("allow_failure").is_some_and(allowed))
        {
            why.push("`allow_failure`");
        }
        if job.script.contains("--review report") && !swept {
            why.push(
                "`--review report` names people who are awaited and waits for none, and no sweep publishes a status",
            );
        }
        why.into_iter().map(|why| Way::new(job.place.clone(), what(why), "Let the job end as the gate ends.")).collect()
    });
    if shadows.is_empty() { judged } else { Judgement::ways(shadows).and(judged) }
}

/// `gate-workflow-editable`.
pub(super) fn editable(examined: &Examined) -> Judgement {
    let found = match jobs(examined) {
        Ok(found) => found,
        Err(unknown) => return unknown,
    };
    let (included, _) = foreign(&examined.files);
    if found.is_empty() && included.is_empty() {
        return Judgement::moot();
    }
    let swept = found.iter().any(|job| job.script.contains("portcullis sweep") && job.script.contains("--publish"));
    if swept || !included.is_empty() {
        return Judgement::holds();
    }
    let what =
        "The author leaves the job out of `.gitlab-ci.yml` in his own merge request, and nothing else judges it.";
    let remedy = "Let a schedule of the default branch sweep and publish the status (docs/gitlab.md), or an execution policy \
                  inject the job (Ultimate).";
    Judgement::way(Way::new(PIPELINE, what, remedy)).and(unread(&examined.files))
}

/// `policy-fails-open`.
pub(super) fn fails_open(examined: &Examined) -> Judgement {
    let Some(document) = examined.files.documents.iter().find(|one| one.path == SECURITY_POLICY) else {
        return Judgement::moot();
    };
    let lists = document.read.value.as_object().into_iter().flat_map(|map| map.values().filter_map(Value::as_array));
    let open = lists.flatten().filter(|policy| {
        policy.get("fallback_behavior").and_then(|behavior| behavior.get("fail")).and_then(Value::as_str)
            == Some("open")
    });
    Judgement::ways(open.map(|policy| {
        let name = policy.get("name").and_then(Value::as_str).unwrap_or("without a name");
        let what = format!("Where the policy `{name}` cannot be applied, the merge request is let through.");
        Way::new(SECURITY_POLICY, what, "Write `fallback_behavior: {fail: closed}`.")
    }))
}
