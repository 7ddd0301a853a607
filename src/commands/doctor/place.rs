//! Which project `doctor` looks at, and whose it is.
//!
//! Owns what is believed: the command line, then CI, then the address of `origin`. The address names the project only; where
//! a token is sent follows from the command line and CI's variables, never from a clone.

use crate::change::Environment;
use crate::change::{Repository, tracked_files};
use crate::cli::doctor::DoctorArguments;
use crate::cli::forge::ForgeChoice;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::doctor::Kind;
use crate::error::Error;
use crate::forge::target::{Subject, Target};

/// The project.
pub(super) struct Project {
    pub(super) kind: Kind,
    /// `owner/name`, or empty where it is not known.
    pub(super) path: String,
    /// Whether nobody is to be asked.
    pub(super) silent: bool,
    /// The host of `origin`, where it is none that a token may go to unasked.
    pub(super) foreign: Option<String>,
}

impl Project {
    /// Finds it.
    ///
    /// # Errors
    /// When it is not clear whose it is, or CI contradicts itself.
    pub(super) fn of(
        arguments: &DoctorArguments,
        surroundings: &Surroundings,
        repository: &Repository,
    ) -> Result<Self, Error> {
        let environment = surroundings.environment();
        // A run that is about no request is no fault here.
        let target = Target::of(&environment).ok().flatten();
        let origin = repository.origin_address().and_then(|address| split(&address));
        let asked = match arguments.forge {
            ForgeChoice::Github => Some(Kind::Github),
            ForgeChoice::Gitlab => Some(Kind::Gitlab),
            ForgeChoice::Auto | ForgeChoice::None => None,
        };
        let of_ci = target.as_ref().map(|target| if target.kind == "gitlab" { Kind::Gitlab } else { Kind::Github });
        let of_origin = origin.as_ref().and_then(|(host, _)| kind_of(host));
        let kind = asked.or(of_ci).or(of_origin).or_else(|| of_files(repository));
        let kind = kind.ok_or_else(|| {
            UsageError::new("it is not clear whose project this is", "Say it: `--forge github` or `--forge gitlab`.")
        })?;
        let same = target.filter(|_| of_ci == Some(kind)).map(|target| target.project);
        let in_ci = same.is_some();
        let path = arguments.project.clone().or(same).or_else(|| origin.as_ref().map(|(_, path)| path.clone()));
        let path = path.unwrap_or_default();
        if kind == Kind::Github && !path.is_empty() && path.split('/').filter(|part| !part.is_empty()).count() != 2 {
            return Err(UsageError::new(
                format!("`{path}` is no project of GitHub"),
                "Name it `--project OWNER/NAME`.",
            )
            .into());
        }
        let named =
            arguments.forge_url.is_some() || in_ci || has_address(kind, &environment) || arguments.project.is_some();
        let public = if kind == Kind::Github { "github.com" } else { "gitlab.com" };
        let foreign = origin.map(|(host, _)| host).filter(|host| host != public && !named);
        Ok(Self { kind, path, silent: arguments.offline || arguments.forge == ForgeChoice::None, foreign })
    }

    /// Returns it as the clients take it.
    pub(super) fn target(&self, environment: &Environment) -> Target {
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let authorities = match self.kind {
            Kind::Github => set("PORTCULLIS_CA_FILE"),
            Kind::Gitlab => set("CI_SERVER_TLS_CA_FILE").or_else(|| set("PORTCULLIS_CA_FILE")),
        };
        Target {
            kind: self.kind.name(),
            project: self.path.clone(),
            subject: Subject::Nothing,
            head: String::new(),
            made: String::new(),
            authorities,
        }
    }
}

/// Says whether a variable names the forge's address.
fn has_address(kind: Kind, environment: &Environment) -> bool {
    let names = match kind {
        Kind::Github => ["GITHUB_API_URL", "GITHUB_SERVER_URL"],
        Kind::Gitlab => ["CI_API_V4_URL", "CI_SERVER_URL"],
    };
    names.iter().any(|name| environment.get(*name).is_some_and(|value| !value.is_empty()))
}

fn kind_of(host: &str) -> Option<Kind> {
    match (host.contains("github"), host.contains("gitlab")) {
        (true, false) => Some(Kind::Github),
        (false, true) => Some(Kind::Gitlab),
        _ => None,
    }
}

fn of_files(repository: &Repository) -> Option<Kind> {
    let paths = tracked_files(repository).ok()?;
    let github = paths.iter().any(|path| path.starts_with(".github/workflows/"));
    let gitlab = paths.iter().any(|path| path == ".gitlab-ci.yml");
    match (github, gitlab) {
        (true, false) => Some(Kind::Github),
        (false, true) => Some(Kind::Gitlab),
        _ => None,
    }
}

/// Returns host (lower case, no port, no user) and path of an address of git's; none for a path of this machine.
fn split(address: &str) -> Option<(String, String)> {
    let (authority, path) = match address.split_once("://") {
        Some(("file", _)) => return None,
        Some((_, rest)) => rest.split_once('/')?,
        // `git@host:path`; a path may hold a colon only behind a slash.
        None => address.split_once(':').filter(|(host, _)| !host.contains('/') && host.len() > 1)?,
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty() && !path.is_empty()).then(|| (host, path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn host_and_project_are_found_in_every_form_of_address_and_a_password_is_not_part_of_them() {
        let of = |address: &str| split(address).map(|(host, path)| format!("{host} {path}"));
        assert_eq!(of("https://u:p@GitHub.com:8443/a/b.git").as_deref(), Some("github.com a/b"));
        assert_eq!(of("ssh://git@gitlab.example.org:22/a/b/c/").as_deref(), Some("gitlab.example.org a/b/c"));
        assert_eq!(of("git@github.com:a/b").as_deref(), Some("github.com a/b"));
        for path in ["../sibling", "C:\\repos\\x", "file:///srv/github", "/srv/x", "https://github.com"] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
