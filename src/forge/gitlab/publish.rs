//! Writing to one merge request, each part by itself.
//!
//! Owns the order of the parts and what is said where GitLab has no such thing. Every part reads first and writes only
//! what differs, so that doing it twice does nothing the second time. Nothing here is an error: what could not be written
//! is one line.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answers::{CommitStatus, MergeRequest, User};
use super::api::{Asking, Sent};
use super::calls::{self, Project};
use super::{lines, note};
use crate::forge::ForgeError;
use crate::forge::publication::{LABEL_PREFIX, Publication, Reviewers, STATUS_CONTEXT, Status, StatusState};

/// GitLab keeps so many characters of a status.
const DESCRIPTION: usize = 255;

/// Writes what is asked for; returns one line for every part that could not be written.
pub(super) fn all(asking: &Asking<'_>, project: &Project, pipeline: Option<u64>, what: &Publication) -> Vec<String> {
    let mut said = Vec::new();
    let mut part = |name: &str, done: Result<Vec<String>, ForgeError>| match done {
        Ok(lines) => said.extend(lines.into_iter().map(|line| format!("{name}: {line}"))),
        Err(error) if error.remedy.is_empty() => said.push(format!("{name} not written: {error}")),
        Err(error) => said.push(format!("{name} not written: {error}; {}", error.remedy)),
    };
    if let Some(status) = &what.status {
        part("status", set_status(asking, project, pipeline, &what.head, status));
    }
    if what.number > 0 {
        if let Some(text) = &what.comment {
            part("comment", note::upsert(asking, project, what.number, text));
        }
        if let Some(wanted) = &what.labels {
            part("labels", set_labels(asking, project, what.number, wanted));
        }
        if let Some(reviewers) = &what.reviewers {
            part("reviewers", ask_reviewers(asking, project, what.number, reviewers));
        }
        if let Some(notes) = &what.line_notes {
            part("notes on lines", lines::upsert(asking, project, what, notes));
        }
    } else if what.comment.is_some() || what.labels.is_some() || what.reviewers.is_some() || what.line_notes.is_some() {
        part("comment, labels, reviewers", Ok(vec!["there is no merge request to write to".to_owned()]));
    }
    if what.check.is_some() {
        part(
            "check",
            Ok(vec!["GitLab has no check runs; use `--report gitlab=FILE` as Code Quality artifact".to_owned()]),
        );
    }
    if what.sarif.is_some() {
        part(
            "sarif",
            Ok(vec!["GitLab takes no SARIF; use `--report gitlab=FILE` as Code Quality artifact".to_owned()]),
        );
    }
    said
}

fn set_status(
    asking: &Asking<'_>,
    project: &Project,
    pipeline: Option<u64>,
    commit: &str,
    status: &Status,
) -> Result<Vec<String>, ForgeError> {
    let state = match status.state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure | StatusState::Error => "failed",
    };
    let description: String = status.description.chars().take(DESCRIPTION).collect();
    let mut call = project.statuses(commit, STATUS_CONTEXT);
    if let Some(pipeline) = pipeline {
        call = call.with("pipeline_id", pipeline);
    }
    let mut there: Vec<CommitStatus> = asking.list(&call)?;
    there.retain(|there| there.name == STATUS_CONTEXT && pipeline.is_none_or(|own| there.pipeline_id == Some(own)));
    let latest = there.iter().max_by_key(|there| there.id);
    if status.retracts && latest.is_none_or(|latest| latest.status != "success") {
        return Ok(Vec::new());
    }
    // Which job says so is no news.
    let same = |there: &CommitStatus| there.status == state && there.description == description;
    // Without `all` GitLab gives the latest of each pipeline; what an older pipeline was left with stays as it is.
    if latest.is_some_and(same) {
        return Ok(Vec::new());
    }
    let mut body = json!({ "state": state, "name": STATUS_CONTEXT, "description": description });
    if !status.target_url.is_empty() {
        add(&mut body, "target_url", json!(status.target_url));
    }
    let plain = body.clone();
    if let Some(pipeline) = pipeline {
        add(&mut body, "pipeline_id", json!(pipeline));
    }
    let sent = match asking.try_send(&project.set_status(commit, body))? {
        // The pipeline of merged results stands at another commit, so that GitLab does not find it at this one.
        Sent::Refused(answer, _) if pipeline.is_some() && answer.status == 404 => {
            asking.try_send(&project.set_status(commit, plain))?
        }
        sent => sent,
    };
    match sent {
        // It is refused to go from a state into the same one; the state is right then.
        Sent::Refused(answer, _) if answer.status == 400 && answer.speaks_of("Cannot transition status") => {
            Ok(Vec::new())
        }
        sent => sent.accepted().map(|()| Vec::new()),
    }
}

fn add(body: &mut Value, key: &str, value: Value) {
    if let Some(object) = body.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn set_labels(
    asking: &Asking<'_>,
    project: &Project,
    number: u64,
    wanted: &[String],
) -> Result<Vec<String>, ForgeError> {
    let request: MergeRequest = asking.ask(&project.merge_request(number))?;
    let mut said = Vec::new();
    // A comma would make two labels of one, and the second might be anybody's.
    let ours = |label: &&String| label.starts_with(LABEL_PREFIX) && !label.contains(',');
    let there: BTreeSet<&String> = request.labels.iter().filter(ours).collect();
    let wanted: BTreeSet<&String> = {
        let (ours, others): (Vec<_>, Vec<_>) = wanted.iter().partition(ours);
        if !others.is_empty() {
            said.push(format!("{} left out, which do not begin with `{LABEL_PREFIX}` or hold a comma", others.len()));
        }
        ours.into_iter().collect()
    };
    let list = |labels: BTreeSet<&&String>| labels.into_iter().map(|l| l.as_str()).collect::<Vec<_>>().join(",");
    let missing = list(wanted.difference(&there).collect());
    let stale = list(there.difference(&wanted).collect());
    let mut body = json!({});
    for (key, labels) in [("add_labels", missing), ("remove_labels", stale)] {
        if !labels.is_empty() {
            add(&mut body, key, json!(labels));
        }
    }
    if body.as_object().is_some_and(|body| !body.is_empty()) {
        asking.send(&project.change(number, body))?;
    }
    Ok(said)
}

/// Asks people for a review, beside those who were asked before; never the author.
fn ask_reviewers(
    asking: &Asking<'_>,
    project: &Project,
    number: u64,
    wanted: &Reviewers,
) -> Result<Vec<String>, ForgeError> {
    let mut said = Vec::new();
    if !wanted.teams.is_empty() {
        said.push(format!("GitLab asks people and no groups; not asked: {}", wanted.teams.join(", ")));
    }
    let request: MergeRequest = asking.ask(&project.merge_request(number))?;
    let mut ids: Vec<u64> = request.reviewers.iter().map(|user| user.id).filter(|id| *id > 0).collect();
    let before = ids.len();
    let mut unknown = Vec::new();
    for login in &wanted.people {
        let known = request.reviewers.iter().any(|user| user.username.eq_ignore_ascii_case(login));
        if known || request.author.username.eq_ignore_ascii_case(login) {
            continue;
        }
        let found: Vec<User> = asking.ask(&calls::users_named(login))?;
        let user = found.iter().find(|user| user.username.eq_ignore_ascii_case(login) && user.id > 0);
        match user {
            Some(user) if user.id == request.author.id || ids.contains(&user.id) => {}
            Some(user) => ids.push(user.id),
            None => unknown.push(login.as_str()),
        }
    }
    if !unknown.is_empty() {
        said.push(format!("GitLab knows no account of this name: {}", unknown.join(", ")));
    }
    if ids.len() > before {
        let after: MergeRequest = asking.ask(&project.change(number, json!({ "reviewer_ids": ids })))?;
        let asked = |id: &&u64| after.reviewers.iter().any(|user| user.id == **id);
        let missing = ids.len() - ids.iter().filter(asked).count();
        if missing > 0 {
            said.push(format!("GitLab took {missing} of them off again; its free tier has one reviewer only"));
        }
    }
    Ok(said)
}
