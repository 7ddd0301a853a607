//! What `init` leaves for people to do.
//!
//! Owns the list and its order. Must not write.

use super::begin::{FOLDERS, Plan};
use super::found::{Ci, Found};
use super::pipeline::{self, GITLAB_CI, INCLUDE};
use super::written::NewFile;
use crate::cli::init::{InitArguments, Profile};
use crate::commands::page::counted;
use crate::configuration::{Configuration, FILE_NAME};

/// Returns what only people can do, in the order in which it matters; what is to be copied stands behind a line end.
pub(super) fn left_to_do(
    found: &Found,
    plan: &Plan,
    configuration: &Configuration,
    arguments: &InitArguments,
) -> Vec<String> {
    let mut left = Vec::new();
    for existing in &found.conftest {
        let path = &existing.folder.path;
        let named = configuration.policies.iter().any(|folder| folder.path == *path);
        match &existing.fault {
            Some((first, count)) => left.push(format!(
                "`{path}` holds Conftest policies that do not run as they are ({}; the first: {first}). This copies them \
                 and says what to mend:\nportcullis policy import {path}",
                counted(*count, "fault")
            )),
            None if !named => left.push(format!(
                "`{path}` holds Conftest policies; add to `policies:` in {FILE_NAME}:\n- {{path: {path}, scope: document}}"
            )),
            None => {}
        }
    }
    left.extend(in_ci(found, plan, arguments));
    left.extend(unowned(found, plan));
    if configuration.policies.is_empty() {
        left.push(format!("{FILE_NAME} names no policies of your own; `portcullis policy new NAME` writes one."));
    }
    if found.specification.as_ref().is_some_and(|(_, systems)| systems.len() > 1) && configuration.systems.is_empty() {
        left.push(format!("Say in {FILE_NAME} which `system:` of the specification this repository is."));
    }
    if !plan.new.is_empty() {
        left.push(
            "Commit this by itself. Its own request is judged by the rules of before, and asks the architects and a decision \
             record, because it changes what judges; from then on these rules hold."
                .to_owned(),
        );
    }
    left
}

/// What the job in CI needs.
fn in_ci(found: &Found, plan: &Plan, arguments: &InitArguments) -> Vec<String> {
    let mut left = Vec::new();
    let incomplete: Vec<&NewFile> = plan.new.iter().filter(|file| !pipeline::blanks(&file.text).is_empty()).collect();
    if let [first, ..] = incomplete.as_slice() {
        let files = match incomplete.len() {
            1 => first.path.clone(),
            count => format!("{} and {} like it", first.path, counted(count - 1, "file")),
        };
        let blanks = pipeline::blanks(&first.text);
        let words: Vec<String> = blanks.iter().map(|(blank, by)| format!("`{blank}` by {by}")).collect();
        let mut said = format!("{files}: NOT COMPLETE. Replace {}.", words.join(", "));
        if arguments.gate.is_none() {
            said.push_str(" Or take it away, and have it written with your copy and its commit:\nportcullis init ");
            let profile = match arguments.profile {
                Profile::ReadOnly => "",
                Profile::Publishing => "--profile publishing ",
                Profile::Full => "--profile full ",
            };
            said.push_str(profile);
            said.push_str("--gate OWNER/portcullis@COMMIT");
        }
        left.push(said);
    }
    if let (Some(there), Some(_)) = (&found.pipeline, &arguments.gate) {
        left.push(format!(
            "`--gate` filled in nothing, because {there} runs the gate already. Where it still has words in capitals to \
             replace, replace them there, or take it away and run `init` again."
        ));
    }
    if plan.writes(pipeline::INCLUDED).is_some() && plan.writes(GITLAB_CI).is_none() {
        left.push(format!("Add to {GITLAB_CI}, or to the `include:` that it has:\n{INCLUDE}"));
    }
    match (&found.pipeline, found.ci) {
        (Some(there), _) if arguments.profile != Profile::ReadOnly => left.push(format!(
            "{there} runs the gate already, so nothing of the profile was written. Move it away and run `init` again."
        )),
        (None, Some(ci)) => left.push(profile(ci, arguments.profile).to_owned()),
        (None, None) if found.ci_why != "none, as asked" => left.push(format!(
            "No CI job was written: which forge is {}. `init --forge github` or `gitlab` says it.",
            found.ci_why
        )),
        (Some(_) | None, _) => {}
    }
    left
}

/// What a profile asks of the forge's settings.
fn profile(ci: Ci, profile: Profile) -> &'static str {
    match (ci, profile) {
        (Ci::GitHub, Profile::ReadOnly) => {
            "The job is red while people are awaited, because it may write nothing that could wait for them. \
             `--profile publishing` writes workflows with a status that does."
        }
        (Ci::GitHub, Profile::Publishing) => "Require the status `portcullis/review` and the job `portcullis policy`.",
        (Ci::GitHub, Profile::Full) => {
            "Make the environment `portcullis` with the App's id and key, for the default branch only. Where the required \
             status is pinned to the App, give the workflows of reviews, queue and sweep the same token: docs/github.md."
        }
        (Ci::GitLab, Profile::ReadOnly) => {
            "Schedules on the default branch run the job `portcullis-sweep` too. It needs the token of `--profile publishing`, and \
             without it such a pipeline is red."
        }
        (Ci::GitLab, Profile::Publishing | Profile::Full) => {
            "Set PORTCULLIS_GITLAB_TOKEN, protected and masked, to a project access token (scope api, role Developer), and make \
             a schedule of every few minutes on the default branch: its job publishes."
        }
    }
}

/// Who may change the rules should be somebody.
fn unowned(found: &Found, plan: &Plan) -> Option<String> {
    let (place, owners) = found.owners.as_ref()?;
    let without: Vec<String> = plan
        .new
        .iter()
        .filter(|file| owners.of(&file.path).is_empty())
        .map(|file| match file.path.split_once('/') {
            Some((folder, _)) if FOLDERS.contains(&folder) => format!("/{folder}/"),
            _ => format!("/{}", file.path),
        })
        .collect();
    let mut lines = without;
    lines.dedup();
    (!lines.is_empty())
        .then(|| format!("{place} names nobody for {}: say there who may change the rules.", lines.join(", ")))
}
