//! `doctor`: every way around the gate, each with its remedy.
//!
//! Owns the order: find the project, ask the forge once, read the files of the branch, judge, tell. Must not change
//! anything, here or at the forge.

mod machine;
mod page;
mod place;

use std::collections::BTreeSet;
use std::io::Write as _;

use crate::change::trusted::Tree;
use crate::change::{Repository, checked_out, remote_branch};
use crate::cli::doctor::DoctorArguments;
use crate::cli::spec::TextFormat;
use crate::commands::output::closed;
use crate::commands::spec::desk;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::doctor::checks::CHECKS;
use crate::doctor::diagnosis::diagnose;
use crate::doctor::files::Files;
use crate::doctor::{Examined, Kind};
use crate::error::Error;
use crate::forge::connect::connect;
use crate::forge::settings::{Gap, Settings};
use crate::limits::Limits;
use crate::untrusted::write_json;
use crate::yaml::nearest;
use place::Project;

/// Runs `doctor`.
pub(super) fn run(arguments: &DoctorArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    if arguments.own {
        return machine::run(surroundings);
    }
    let accepted = accepted(&arguments.accept)?;
    let repository = desk::needed(&arguments.repo)?;
    let project = Project::of(arguments, surroundings, &repository)?;
    let examined = examine(arguments, surroundings, &repository, project);
    let diagnosis = diagnose(&examined, &accepted);
    match arguments.format {
        TextFormat::Human => page::print(&diagnosis, arguments.fix, surroundings.width)?,
        TextFormat::Json => {
            let mut out = std::io::stdout().lock();
            write_json(&diagnosis, &mut out).and_then(|()| out.flush()).or_else(closed)?;
        }
    }
    Ok(diagnosis.exit_code)
}

/// Returns the checks that are left out of the exit code.
fn accepted(named: &[String]) -> Result<BTreeSet<String>, Error> {
    for name in named {
        if !CHECKS.iter().any(|check| check.id == name) {
            let near = nearest(name, CHECKS.iter().map(|check| check.id));
            let help = near.map_or_else(
                || "docs/doctor.md lists the checks.".to_owned(),
                |near| format!("Did you mean `{near}`? docs/doctor.md lists the checks."),
            );
            return Err(UsageError::new(format!("`--accept {name}`: there is no such check"), help).into());
        }
    }
    Ok(named.iter().cloned().collect())
}

fn examine(
    arguments: &DoctorArguments,
    surroundings: &Surroundings,
    repository: &Repository,
    project: Project,
) -> Examined {
    let settings = asked(arguments, surroundings, &project);
    let named = arguments.branch.clone().unwrap_or_default();
    let branch = settings.as_ref().map_or(named.clone(), |settings| settings.branch().to_owned());
    let branch = if branch.is_empty() { named } else { branch };
    let files = files(arguments, repository, (&branch, project.kind), surroundings.in_ci());
    Examined { forge: project.kind, project: project.path, branch, settings, files, in_ci: surroundings.in_ci() }
}

/// Asks the forge, or says why nobody is asked.
fn asked(arguments: &DoctorArguments, surroundings: &Surroundings, project: &Project) -> Result<Settings, Gap> {
    let gap = |why: &str, needs: &str| Gap {
        request: "settings of the forge".to_owned(),
        why: why.to_owned(),
        needs: needs.to_owned(),
    };
    if project.silent {
        return Err(gap("nobody was asked (`--offline`, or `--forge none`)", "a run with a token"));
    }
    if project.path.is_empty() {
        return Err(gap("the project is not known", "`--project OWNER/NAME`"));
    }
    if let Some(host) = &project.foreign {
        let why = format!("`origin` is at {host}, and no token is sent to an address that nobody named");
        return Err(gap(&why, "`--forge-url URL`"));
    }
    let environment = surroundings.environment();
    let opened =
        connect(&project.target(&environment), arguments.forge_url.as_deref(), arguments.forge_timeout, &environment);
    let client = opened.map_err(|error| {
        // At a desk there is no step to pass anything to.
        let token = match project.kind {
            Kind::Github => "a token: `GITHUB_TOKEN=$(gh auth token) portcullis doctor`",
            Kind::Gitlab => "a token with `read_api`: `GITLAB_TOKEN=... portcullis doctor`",
        };
        let unset = !surroundings.in_ci() && error.why == "there is no token";
        let needs = if unset { token.to_owned() } else { error.remedy };
        Gap { request: error.request, why: error.why, needs }
    })?;
    Ok(client.settings(arguments.branch.as_deref().unwrap_or_default()))
}

/// Reads the files of the branch as this clone has it.
fn files(arguments: &DoctorArguments, repository: &Repository, at: (&str, Kind), in_ci: bool) -> Files {
    let limits = Limits::default();
    let (branch, kind) = at;
    if arguments.worktree {
        return match Tree::at_work_tree(repository) {
            Ok(tree) => Files::of(&tree, "the work tree", kind),
            Err(reason) => unread(reason.message.raw(), reason.remedy.raw()),
        };
    }
    let name = if branch.is_empty() { "HEAD" } else { branch };
    let found = remote_branch(repository, name, &limits).map(|commit| (commit, format!("origin/{name}")));
    // In a job HEAD is the request's own, whose author would be asked about himself; and whoever names a branch means it.
    let meant = arguments.branch.is_none() && !in_ci;
    let here = || checked_out(repository, &limits).filter(|_| meant).map(|commit| (commit, "HEAD".to_owned()));
    let Some((commit, name)) = found.or_else(here) else {
        return unread("the branch is not in this clone", "`git fetch origin` of the branch, or `--worktree`");
    };
    match Tree::at_commit(repository, &commit, &limits) {
        Ok(tree) => Files::of(&tree, &format!("commit {commit} ({name})"), kind),
        Err(reason) => unread(reason.message.raw(), reason.remedy.raw()),
    }
}

fn unread(why: &str, needs: &str) -> Files {
    let gap = |request: &str| Gap { request: request.to_owned(), why: why.to_owned(), needs: needs.to_owned() };
    let gaps = ["CODEOWNERS", "files of CI"].map(gap).to_vec();
    Files { source: String::new(), gaps, ..Files::default() }
}
