//! What a repository says about itself: forge, owners, decisions, instructions for agents, a specification.
//!
//! Owns the places that are looked at. Reads names, and a few small files; everything is a guess for people to correct.

use std::path::Path;

use super::conftest::{Existing, existing};
use super::paths::Classes;
use super::survey::Survey;
use crate::change::trusted::Tree;
use crate::change::{Repository, tracked_files};
use crate::cli::init::CiChoice;
use crate::commands::spec::desk::{self, Desk};
use crate::error::Error;
use crate::impact::owners::{Owners, PLACES};
use crate::limits::Limits;

/// Where decision records usually lie.
const DECISIONS: &[&str] = &[
    "adr",
    "adrs",
    "doc/adr",
    "docs/adr",
    "docs/adrs",
    "docs/architecture/decisions",
    "docs/decisions",
    "doc/decisions",
];
/// What coding agents read.
const INSTRUCTIONS: &[&str] =
    &[".cursorrules", ".github/copilot-instructions.md", "AGENTS.md", "CLAUDE.md", "GEMINI.md"];
/// Most workflow files that are read.
const MOST_WORKFLOWS: usize = 200;

/// Whose CI it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ci {
    GitHub,
    GitLab,
}

/// A folder of decision records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decisions {
    pub(super) folder: String,
    pub(super) count: usize,
}

/// What was found.
pub(super) struct Found {
    pub(super) survey: Survey,
    pub(super) classes: Classes,
    /// Whose CI it is, where that is clear.
    pub(super) ci: Option<Ci>,
    /// Why that is thought, or why not.
    pub(super) ci_why: String,
    pub(super) conftest: Vec<Existing>,
    pub(super) decisions: Option<Decisions>,
    /// Place and lines of CODEOWNERS.
    pub(super) owners: Option<(&'static str, Owners)>,
    pub(super) instructions: Vec<&'static str>,
    /// Folder of a specification and the ids of its systems.
    pub(super) specification: Option<(String, Vec<String>)>,
    /// A CI file that names the gate already.
    pub(super) pipeline: Option<String>,
    /// `stages:` of `.gitlab-ci.yml`, where it has them.
    pub(super) stages: Vec<String>,
    /// Whether there is a `.gitlab-ci.yml`.
    pub(super) has_gitlab_ci: bool,
}

impl Found {
    /// Looks at a work tree; `asked` is what the command line says of the forge.
    pub(super) fn of(repository: &Repository, root: &Path, name: &str, asked: CiChoice) -> Result<Self, Error> {
        let paths = tracked_files(repository).map_err(desk::refused)?;
        let tree = Tree::at_work_tree(repository).map_err(desk::refused)?;
        let read = |path: &str| {
            let bytes = tree.read(path, &Limits::default()).ok().flatten()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let owners = PLACES.iter().find_map(|place| Some((*place, read(place)?)));
        let survey = Survey::of(name, &paths, owners.as_ref().map(|(_, text)| text.as_str()));
        let (ci, ci_why) = whose_ci(asked, repository.origin_address().as_deref(), &paths);
        let gitlab_ci = read(".gitlab-ci.yml");
        let workflows = paths.iter().filter(|path| is_pipeline(path)).take(MOST_WORKFLOWS);
        let pipeline = workflows.filter(|path| names_the_gate(&read(path).unwrap_or_default())).min().cloned();
        Ok(Self {
            survey,
            classes: Classes::of(&paths, &tree),
            ci,
            ci_why,
            conftest: existing(&paths, &tree),
            decisions: decisions(&paths),
            owners: owners.map(|(place, text)| (place, Owners::parse(text.as_bytes()))),
            instructions: INSTRUCTIONS.iter().filter(|name| is_there(&paths, name)).copied().collect(),
            specification: specification(root)?,
            pipeline,
            stages: gitlab_ci.as_deref().map(stages).unwrap_or_default(),
            has_gitlab_ci: gitlab_ci.is_some(),
        })
    }
}

fn is_there(paths: &[String], path: &str) -> bool {
    paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
}

fn is_pipeline(path: &str) -> bool {
    path.starts_with(".github/workflows/") || path == ".gitlab-ci.yml" || path.starts_with(".gitlab/")
}

fn names_the_gate(text: &str) -> bool {
    // A command line, or the action or the component of a copy with that name.
    ["portcullis check", "portcullis review", "portcullis sweep", "/portcullis@"]
        .iter()
        .any(|words| text.contains(words))
}

/// Returns whose CI it is, and why that is thought: the command line, the host of `origin`, the files.
fn whose_ci(asked: CiChoice, origin: Option<&str>, paths: &[String]) -> (Option<Ci>, String) {
    match asked {
        CiChoice::Github => return (Some(Ci::GitHub), "GitHub, as asked".to_owned()),
        CiChoice::Gitlab => return (Some(Ci::GitLab), "GitLab, as asked".to_owned()),
        CiChoice::None => return (None, "none, as asked".to_owned()),
        CiChoice::Auto => {}
    }
    let host = origin.map(host_of).unwrap_or_default();
    let github = paths.iter().any(|path| path.starts_with(".github/workflows/"));
    let gitlab = is_there(paths, ".gitlab-ci.yml");
    match (host.contains("github"), host.contains("gitlab")) {
        (true, false) => return (Some(Ci::GitHub), format!("GitHub (origin is at {host})")),
        (false, true) => return (Some(Ci::GitLab), format!("GitLab (origin is at {host})")),
        _ => {}
    }
    match (github, gitlab) {
        (true, false) => (Some(Ci::GitHub), "GitHub (.github/workflows)".to_owned()),
        (false, true) => (Some(Ci::GitLab), "GitLab (.gitlab-ci.yml)".to_owned()),
        (true, true) => (None, "not clear: both .github/workflows and .gitlab-ci.yml".to_owned()),
        (false, false) if paths.iter().any(|path| path.starts_with(".github/")) => {
            (Some(Ci::GitHub), "GitHub (.github)".to_owned())
        }
        (false, false) => (None, "not clear: no known host, no CI files".to_owned()),
    }
}

/// Returns the host of an address of git's, in lower case, or nothing for a path.
fn host_of(address: &str) -> String {
    let rest = match address.split_once("://") {
        Some(("file", _)) => return String::new(),
        Some((_, rest)) => rest.split('/').next().unwrap_or(rest),
        // `git@host:path`; a path may hold a colon only behind a slash.
        None => match address.split_once(':') {
            Some((host, _)) if !host.contains('/') && host.len() > 1 => host,
            _ => return String::new(),
        },
    };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    host.split(':').next().unwrap_or(host).to_ascii_lowercase()
}

fn decisions(paths: &[String]) -> Option<Decisions> {
    let inside = |folder: &str| {
        let below = |path: &&String| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        paths.iter().filter(below).filter(|path| path.ends_with(".md") || path.ends_with(".adoc")).count()
    };
    let all = DECISIONS.iter().map(|folder| Decisions { folder: (*folder).to_owned(), count: inside(folder) });
    all.filter(|found| found.count > 0).max_by_key(|found| found.count)
}

fn specification(root: &Path) -> Result<Option<(String, Vec<String>)>, Error> {
    let Some(desk) = Desk::near(root)? else { return Ok(None) };
    let systems = desk.specification.systems.keys().cloned().collect();
    Ok(desk.inside.map(|folder| (folder, systems)))
}

/// Returns the stages that a `.gitlab-ci.yml` names; one that cannot be read names none.
fn stages(text: &str) -> Vec<String> {
    let read = crate::yaml::plain(text).ok();
    let stages = read.as_ref().and_then(|read| read.get("stages")).and_then(serde_json::Value::as_array);
    stages.into_iter().flatten().filter_map(|stage| stage.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Ci, CiChoice, host_of, stages, whose_ci};

    #[test]
    fn the_host_of_origin_tells_the_forge_before_the_files_do() {
        let paths = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let both = paths(&[".github/workflows/a.yml", ".gitlab-ci.yml"]);
        let of = |origin, paths: &[String]| whose_ci(CiChoice::Auto, origin, paths).0;
        assert_eq!(of(Some("git@gitlab.example.com:a/b.git"), &both), Some(Ci::GitLab));
        assert_eq!(of(Some("https://me:secret@github.com/a/b"), &both), Some(Ci::GitHub));
        assert_eq!(of(Some("/srv/git/github/x"), &both), None);
        assert_eq!(of(None, &both[..1]), Some(Ci::GitHub));
        assert_eq!(of(None, &[]), None);
        assert_eq!(whose_ci(CiChoice::Gitlab, Some("https://github.com/a"), &[]).0, Some(Ci::GitLab));
    }

    #[test]
    fn a_host_is_found_in_every_form_of_address_and_a_password_is_not_part_of_it() {
        assert_eq!(host_of("https://u:p@GitHub.com:8443/a/b"), "github.com");
        assert_eq!(host_of("ssh://git@gitlab.example.org:22/a"), "gitlab.example.org");
        assert_eq!(host_of("git@github.com:a/b"), "github.com");
        assert_eq!(host_of("../sibling"), "");
        assert_eq!(host_of("C:\\repos\\x"), "");
        assert_eq!(host_of("file:///srv/github"), "");
    }

    #[test]
    fn stages_are_those_that_are_named() {
        assert_eq!(stages("stages: [build, verify]\nx: 1\n"), ["build", "verify"]);
        assert!(stages("build: {script: [make]}\n").is_empty() && stages(": :").is_empty());
    }
}
