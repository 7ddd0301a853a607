//! The CI files that run the gate: for GitHub workflows with one step, for GitLab a file that includes the component.
//!
//! Owns what is filled in. The files are those that docs/github.md and docs/gitlab.md hand out, so that there is one of each.

use super::found::{Ci, Found};
use super::written::NewFile;
use crate::cli::init::{GateSource, Profile};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::specification::export::demand::scalar;

/// Where the file that GitLab includes goes.
pub(super) const INCLUDED: &str = ".gitlab/portcullis.yml";
/// What GitLab reads first.
pub(super) const GITLAB_CI: &str = ".gitlab-ci.yml";
/// The line that is added by hand where that file is there.
pub(super) const INCLUDE: &str = "include: [{local: .gitlab/portcullis.yml}]";
/// What stands in place of the copy of portcullis, of its commit, and of the image that GitLab runs it in.
const COPY: &str = "OWNER/portcullis";
const COMMIT: &str = "PORTCULLIS-COMMIT";
const IMAGE: &str = "GATE-IMAGE";
/// What each of them is to be replaced by.
const BLANKS: &[(&str, &str)] = &[
    (COPY, "your copy of portcullis"),
    (COMMIT, "the full id of its commit that you looked at"),
    (IMAGE, "an image by its digest that holds the gate"),
];

/// How the line begins that says where to copy a file.
const COPY_TO: &str = "# Copy to ";

/// A file that is handed out: where it goes, what it says.
type Ready = (&'static str, &'static str);

macro_rules! ready {
    ($place:literal, $source:literal) => {
        ($place, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/", $source)))
    };
}

const READ_ONLY: Ready = ready!(".github/workflows/portcullis.yml", "workflows/read-only.yml");
const PUBLISHING: Ready = ready!(".github/workflows/portcullis.yml", "workflows/publishing.yml");
const FULL: Ready = ready!(".github/workflows/portcullis.yml", "workflows/full.yml");
/// What a status that is waited for needs beside the workflow of the request.
const BESIDE: &[Ready] = &[
    ready!(".github/workflows/portcullis-queue.yml", "workflows/queue.yml"),
    ready!(".github/workflows/portcullis-review-arrived.yml", "workflows/review-arrived.yml"),
    ready!(".github/workflows/portcullis-review.yml", "workflows/review.yml"),
    ready!(".github/workflows/portcullis-sweep.yml", "workflows/sweep.yml"),
];
const COMPONENT: Ready = ready!(".gitlab/portcullis.yml", "pipelines/gitlab.yml");

/// Returns the files of one CI system.
///
/// # Errors
/// When the gate is named in a way that this CI system cannot take.
pub(super) fn files(ci: Ci, found: &Found, profile: Profile, gate: Option<&GateSource>) -> Result<Vec<NewFile>, Error> {
    match ci {
        Ci::GitHub => github(profile, gate),
        Ci::GitLab => {
            let mut files = vec![gitlab(&found.stages, profile, gate)?];
            if !found.has_gitlab_ci {
                files.push(NewFile::new(GITLAB_CI, format!("{INCLUDE}\n")));
            }
            Ok(files)
        }
    }
}

fn github(profile: Profile, gate: Option<&GateSource>) -> Result<Vec<NewFile>, Error> {
    let (first, beside) = match profile {
        Profile::ReadOnly => (READ_ONLY, &[][..]),
        Profile::Publishing => (PUBLISHING, BESIDE),
        Profile::Full => (FULL, BESIDE),
    };
    if gate.is_some_and(|gate| gate.place.matches('/').count() != 1 || !gate.place.split('/').all(is_name)) {
        let title = "GitHub takes an action by the name of its repository, not by an address";
        return Err(UsageError::new(title, "Write `--gate OWNER/NAME@COMMIT`.").into());
    }
    let known: Vec<(&str, &str)> =
        gate.iter().flat_map(|gate| [(COPY, &*gate.place), (COMMIT, &*gate.commit)]).collect();
    let written = |(path, text): &Ready| NewFile::new(*path, filled(text, &known, "its job fails"));
    Ok(std::iter::once(&first).chain(beside).map(written).collect())
}

fn gitlab(stages: &[String], profile: Profile, gate: Option<&GateSource>) -> Result<NewFile, Error> {
    let (path, text) = COMPONENT;
    let mut component = None;
    if let Some(gate) = gate {
        // A component is taken from the server that runs the pipeline; an address names it, a path leaves it to the server.
        let place = gate.place.strip_suffix(".git").unwrap_or(&gate.place);
        let project = match place.strip_prefix("https://") {
            Some(address) => address.to_owned(),
            None => format!("$CI_SERVER_FQDN/{place}"),
        };
        if !project.split('/').skip(1).all(is_name) || project.contains('@') || project.matches('/').count() < 2 {
            let title = "GitLab takes a component from a project, by its address or its path";
            return Err(UsageError::new(title, "Write `--gate https://HOST/GROUP/PROJECT@COMMIT`.").into());
        }
        component = Some((project, &*gate.commit));
    }
    let project = format!("$CI_SERVER_FQDN/{COPY}");
    let known = component.iter().flat_map(|(named, commit)| [(&*project, &**named), (COMMIT, commit)]);
    let mut text = filled(text, &known.collect::<Vec<_>>(), "no pipeline starts");
    if let Some(stage) = stage(stages) {
        text.push_str(&format!("      stage: {}\n", scalar(stage)));
    }
    match profile {
        Profile::ReadOnly => {}
        Profile::Publishing => text.push_str("      publish: status,comment,labels,reviewers\n"),
        Profile::Full => text.push_str("      publish: status,checks,comment,labels,reviewers\n"),
    }
    Ok(NewFile::new(path, text))
}

/// Returns the stage of the jobs, where the usual one is not there.
fn stage(stages: &[String]) -> Option<&str> {
    let plain = |name: &&String| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || "-_. ".contains(c))
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.len() <= 60
    };
    let usual = stages.iter().any(|name| name == "test");
    if usual { None } else { stages.iter().find(plain).map(String::as_str) }
}

fn is_name(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Fills in what is known, and puts what is still to be filled in where the line stands that says where to copy a file.
fn filled(text: &str, known: &[(&str, &str)], until: &str) -> String {
    let mut text = text.to_owned();
    for (blank, value) in known {
        text = text.replace(blank, value);
    }
    let body: Vec<&str> = text.lines().filter(|line| !line.starts_with(COPY_TO)).collect();
    let blanks = blanks(&body.join("\n"));
    let mut marked = String::new();
    for line in text.lines() {
        if !line.starts_with(COPY_TO) {
            marked.push_str(&format!("{line}\n"));
        } else if !blanks.is_empty() {
            marked.push_str("# NOT COMPLETE. Replace\n");
            blanks.iter().for_each(|(blank, by)| marked.push_str(&format!("#   {blank} by {by}\n")));
            marked.push_str(&format!("# Until then {until}.\n"));
        }
    }
    marked
}

/// Returns what a file leaves to be filled in, each with what it is replaced by.
pub(super) fn blanks(text: &str) -> Vec<(&'static str, &'static str)> {
    BLANKS.iter().copied().filter(|(blank, _)| text.contains(blank)).collect()
}
