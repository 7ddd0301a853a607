//! Whether the job that runs the gate is there, runs for every request, and is red where the gate is.

use globset::GlobBuilder;
use serde_json::Value;

use crate::doctor::files::{Files, WORKFLOWS};
use crate::doctor::pipeline::foreign;
use crate::doctor::remedy::Fix;
use crate::doctor::workflow::{GateJob, GateStep, gate_jobs, line_of};
use crate::doctor::{Examined, Judgement, Kind, Way};
use crate::forge::settings::RuleKind;

use super::{gitlab, pipeline};

/// Types of a request's event without which a push is not judged.
const TYPES: &[&str] = &["opened", "reopened", "synchronize"];

/// Returns which files of CI could not be read: what stands in them is not known.
pub(super) fn unread(files: &Files) -> Judgement {
    let about = |path: &str| {
        !path.ends_with("CODEOWNERS") && !path.starts_with(".portcullis") && !path.contains("/portcullis-")
    };
    let gaps = files.gaps.iter().filter(|gap| about(&gap.request));
    gaps.fold(Judgement::holds(), |sum, gap| sum.and(Judgement::unknown(gap)))
}

/// Judges every job of GitHub that holds up a request; where there is none, `gate-missing` has said so.
fn each(examined: &Examined, judge: impl Fn(&GateJob<'_>) -> Vec<Way>) -> Judgement {
    let jobs = gate_jobs(&examined.files);
    let about: Vec<&GateJob<'_>> = jobs.iter().filter(|job| job.is_about_requests()).collect();
    let unread = unread(&examined.files);
    if about.is_empty() && unread.gaps.is_empty() {
        return Judgement::moot();
    }
    Judgement::ways(about.into_iter().flat_map(judge)).and(unread)
}

/// `gate-missing`.
pub(super) fn missing(examined: &Examined) -> Judgement {
    let (there, file) = match examined.forge {
        Kind::Github => (!gate_jobs(&examined.files).is_empty(), WORKFLOWS),
        Kind::Gitlab => match pipeline::jobs(examined) {
            Ok(jobs) => (!jobs.is_empty() || !foreign(&examined.files).0.is_empty(), ".gitlab-ci.yml"),
            Err(unknown) => return unknown,
        },
    };
    let unread = unread(&examined.files);
    if there {
        return Judgement::holds();
    }
    if !unread.gaps.is_empty() {
        return unread;
    }
    let organisation = examined.github().ok().and_then(|settings| settings.rules.known());
    if organisation.is_some_and(|rules| rules.iter().any(|rule| matches!(rule.kind, RuleKind::Workflows(_)))) {
        // A workflow of the organisation may run it; which one is for people to see.
        return Judgement::unknown(&crate::forge::settings::Gap {
            request: WORKFLOWS.to_owned(),
            why: "no workflow here runs the gate; a ruleset requires workflows of another repository".to_owned(),
            needs: "a look at those workflows".to_owned(),
        });
    }
    let what = "Nothing runs the gate, so that every request goes past it.";
    let way = Way::new(file, what, "Add the job: docs/github.md and docs/gitlab.md have it ready.");
    Judgement::way(way.with(Fix::Command("portcullis init".to_owned())))
}

/// `gate-not-triggered`.
pub(super) fn not_triggered(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::not_triggered(examined);
    }
    let jobs = gate_jobs(&examined.files);
    let Some(first) = jobs.first() else { return Judgement::moot() };
    let about: Vec<&GateJob<'_>> = jobs.iter().filter(|job| job.is_about_requests()).collect();
    if about.is_empty() {
        let what = "A request starts no job of the gate.";
        let remedy = "Start it on `pull_request_target` or `pull_request`.";
        let place = format!("{}:{}", first.path, first.on_line);
        let fix = Fix::Edit(first.path.to_owned(), "on:\n  pull_request_target:\n".to_owned());
        return Judgement::way(Way::new(place, what, remedy).with(fix)).and(unread(&examined.files));
    }
    let ways = about.into_iter().flat_map(|job| {
        let events = job.on.iter().filter(|(event, _)| event.starts_with("pull_request"));
        let typed = events.filter_map(|(event, more)| Some((*event, more.get("types")?)));
        typed
            .filter_map(|(event, types)| {
                let named: Vec<&str> = match types {
                    Value::String(one) => vec![one.as_str()],
                    Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                    _ => return None,
                };
                let left: Vec<&str> = TYPES.iter().copied().filter(|word| !named.contains(word)).collect();
                let what = format!("After `{}` of a request the gate does not run.", left.join("`, `"));
                let place = format!("{}:{}", job.path, job.on_line);
                let remedy = format!("Add it to `types:` of `{event}`.");
                (!left.is_empty()).then(|| Way::new(place, what, remedy))
            })
            .collect::<Vec<_>>()
    });
    Judgement::ways(ways).and(unread(&examined.files))
}

/// `gate-filtered`.
pub(super) fn filtered(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::filtered(examined);
    }
    each(examined, |job| {
        let mut ways = Vec::new();
        for (event, more) in job.on.iter().filter(|(event, _)| event.starts_with("pull_request")) {
            for key in ["paths", "paths-ignore"] {
                if more.get(key).is_some() {
                    let what = format!("A request that only touches what `{key}` leaves out is not judged.");
                    let remedy =
                        format!("Take `{key}:` off `{event}`; what does not concern the gate costs it milliseconds.");
                    ways.push(Way::new(format!("{}:{}", job.path, job.on_line), what, remedy));
                }
            }
            if !reaches(more, &examined.branch) {
                let what = format!(
                    "A request into {} is not judged: `{event}` leaves that branch out.",
                    examined.branch_name()
                );
                let remedy = format!("Take `branches:` and `branches-ignore:` off `{event}`.");
                ways.push(Way::new(format!("{}:{}", job.path, job.on_line), what, remedy));
            }
        }
        ways
    })
}

/// Says whether the filters of an event let a branch through. Without a name every filter counts as one that does not.
fn reaches(more: &Value, branch: &str) -> bool {
    let list = |key: &str| -> Option<Vec<String>> {
        match more.get(key)? {
            Value::String(one) => Some(vec![one.clone()]),
            Value::Array(all) => Some(all.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            _ => Some(Vec::new()),
        }
    };
    let fits = |pattern: &str| {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        glob.is_ok_and(|glob| glob.compile_matcher().is_match(branch))
    };
    if let Some(ignored) = list("branches-ignore") {
        return !branch.is_empty() && !ignored.iter().any(|pattern| fits(pattern));
    }
    let Some(named) = list("branches") else { return true };
    // The last pattern that fits decides.
    let last = named.iter().rev().find(|pattern| fits(pattern.trim_start_matches('!')));
    !branch.is_empty() && last.is_some_and(|pattern| !pattern.starts_with('!'))
}

/// `gate-conditional`.
pub(super) fn conditional(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::conditional(examined);
    }
    each(examined, |job| {
        let mut ways = Vec::new();
        let always = |value: &Value| {
            let text = value.as_str().map(|text| text.replace(['$', '{', '}', ' '], ""));
            *value == Value::Bool(true)
                || text.is_some_and(|text| matches!(text.as_str(), "always()" | "true" | "!cancelled()"))
        };
        if job.job.get("if").is_some_and(|value| !always(value)) {
            let what = "Where the condition does not hold, the job is skipped, which GitHub counts as success.";
            let remedy = "Take `if:` off the job; let the gate decide what concerns it.";
            ways.push(Way::new(job.place("if"), what, remedy));
        }
        for step in job.steps.iter().filter(|step| step.step.get("if").is_some_and(|value| !always(value))) {
            let what = "Where the condition does not hold, the job is green without the gate.";
            ways.push(Way::new(step.place.clone(), what, "Take `if:` off the step."));
        }
        ways
    })
}

/// `gate-needs`.
pub(super) fn needs(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::needs(examined);
    }
    each(examined, |job| {
        let what =
            "Where a job that it needs fails or is skipped, the gate's job is skipped, which GitHub counts as success.";
        let remedy = "Take `needs:` off the job.";
        job.job.get("needs").map(|_| Way::new(job.place("needs"), what, remedy)).into_iter().collect()
    })
}

/// `gate-in-matrix`.
pub(super) fn matrix(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::parallel(examined);
    }
    each(examined, |job| {
        let what = "The names of its checks follow from the matrix: with another matrix the required one is never reported, or \
                    another is.";
        let remedy = "Run the gate in a job of its own, without `strategy:`.";
        job.job.get("strategy").map(|_| Way::new(job.place("strategy"), what, remedy)).into_iter().collect()
    })
}

/// Returns why a shell line that runs the gate is green although the gate is not.
pub(super) fn swallowed(script: &str) -> Vec<&'static str> {
    let joined = script.replace("\\\n", " ");
    let lines: Vec<&str> = joined.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
    let gates: Vec<&&str> = lines.iter().filter(|line| super::super::workflow::runs_gate(line)).collect();
    let any = |words: &[&str]| gates.iter().any(|line| words.iter().any(|word| line.contains(word)));
    let mut why = Vec::new();
    if any(&["|| true", "|| :", "||true", "|| exit 0", "; true", "|| echo"]) {
        why.push("its exit code is thrown away (`||`)");
    }
    if any(&["--exit-zero"]) {
        why.push("`--exit-zero` makes every verdict green");
    }
    if gates.iter().any(|line| line.contains("check") && pipes(line)) {
        why.push("a pipe takes its exit code");
    }
    if lines.iter().any(|line| line.contains("set +e")) {
        why.push("`set +e` lets the script go on");
    }
    why
}

fn pipes(line: &str) -> bool {
    line.replace("||", "").contains('|')
}

fn green(step: &GateStep<'_>) -> Vec<String> {
    let with = |key: &str| step.step.get("with").and_then(|with| with.get(key));
    let run = step.step.get("run").and_then(Value::as_str).unwrap_or_default();
    let mut why: Vec<String> = swallowed(run).into_iter().map(str::to_owned).collect();
    // `review` and `sweep` are not what holds a request up.
    if run.contains("portcullis review") || run.contains("portcullis sweep") {
        why.clear();
    }
    let truth = |value: &Value| *value == Value::Bool(true) || value.as_str().is_some_and(|text| text != "false");
    if with("shadow").is_some_and(truth) {
        why.push("`shadow: true` makes every verdict green".to_owned());
    }
    if with("fail-on").and_then(Value::as_str) == Some("never") || run.contains("--fail-on never") {
        why.push("`fail-on` is `never`".to_owned());
    }
    if step.step.get("continue-on-error").is_some_and(truth) {
        why.push("`continue-on-error` on its step".to_owned());
    }
    let reported = run.contains("portcullis check") && run.contains("--review report");
    if reported && !step.publishes().iter().any(|part| part == "status") {
        why.push(
            "`--review report` names people who are awaited and waits for none, and no status is published".to_owned(),
        );
    }
    why
}

/// `gate-may-fail`.
pub(super) fn may_fail(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::may_fail(examined);
    }
    each(examined, |job| {
        let what = |why: &str| format!("The gate says no and the job is green: {why}.");
        let remedy = "Let the job end as the gate ends.";
        let mut ways = Vec::new();
        if job.job.get("continue-on-error").is_some_and(|value| *value != Value::Bool(false)) {
            ways.push(Way::new(job.place("continue-on-error"), what("`continue-on-error` on its job"), remedy));
        }
        for step in &job.steps {
            ways.extend(green(step).iter().map(|why| Way::new(step.place.clone(), what(why), remedy)));
        }
        ways
    })
}

/// `queue-not-triggered`.
pub(super) fn queue(examined: &Examined) -> Judgement {
    let settings = match examined.github() {
        Ok(settings) => settings,
        Err(gap) => return Judgement::unknown(gap),
    };
    let jobs = gate_jobs(&examined.files);
    if jobs.is_empty() {
        return Judgement::moot();
    }
    Judgement::of(&settings.rules, |rules| {
        if !rules.iter().any(|rule| rule.kind == RuleKind::MergeQueue) {
            return Judgement::moot();
        }
        if jobs.iter().any(|job| job.on.contains_key("merge_group")) {
            return Judgement::holds();
        }
        let what = "What the merge queue lands is judged by nobody, or the queue waits for the gate for ever.";
        let remedy = "Add a job of the gate on `merge_group`: docs/workflows/queue.yml.";
        Judgement::way(Way::new(WORKFLOWS, what, remedy)).and(unread(&examined.files))
    })
}

/// `gate-workflow-editable`.
pub(super) fn editable(examined: &Examined) -> Judgement {
    if examined.forge == Kind::Gitlab {
        return pipeline::editable(examined);
    }
    let jobs = gate_jobs(&examined.files);
    let about: Vec<&GateJob<'_>> = jobs.iter().filter(|job| job.is_about_requests()).collect();
    let Some(first) = about.first() else { return Judgement::moot() };
    if about.iter().any(|job| job.on.contains_key("pull_request_target")) {
        return Judgement::holds();
    }
    // A workflow that a ruleset requires comes from elsewhere, whatever the request says.
    let required = examined.github().ok().and_then(|settings| settings.rules.known());
    let covers = |paths: &Vec<String>| paths.iter().any(|path| about.iter().any(|job| job.path == path));
    let ruled = required.is_some_and(|rules| {
        rules.iter().any(|rule| matches!(&rule.kind, RuleKind::Workflows(paths) if covers(paths)))
    });
    if ruled {
        return Judgement::holds();
    }
    let what =
        "The author edits the workflow in his own request, and his edit is what runs: a green job of the same name.";
    let remedy = "Judge from the base side (`pull_request_target`, docs/workflows/publishing.yml), or let a ruleset of the \
                  organisation require the workflow.";
    let line = first.on_line.max(line_of(first.lines).min(1));
    Judgement::way(Way::new(format!("{}:{line}", first.path), what, remedy))
}

/// Judges every job of GitLab's pipeline that runs in merge requests.
pub(super) fn of_pipeline(
    examined: &Examined,
    judge: impl Fn(&crate::doctor::pipeline::PipelineJob<'_>) -> Vec<Way>,
) -> Judgement {
    let jobs = match pipeline::jobs(examined) {
        Ok(jobs) => jobs,
        Err(unknown) => return unknown,
    };
    let rest = unread(&examined.files).and(gitlab::unread(examined));
    let checking: Vec<_> = jobs.iter().filter(|job| job.script.contains("portcullis check")).collect();
    if checking.is_empty() && rest.gaps.is_empty() {
        return if foreign(&examined.files).0.is_empty() { Judgement::moot() } else { Judgement::holds() };
    }
    Judgement::ways(checking.into_iter().flat_map(judge)).and(rest)
}
