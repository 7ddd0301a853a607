//! `spec pin` and `spec fetch`: the only two acts that reach for another repository.
//!
//! Owns the order of what is verified: the commit belongs to the repository, the files are a specification, the digest
//! is that of the lock. Must not decide what to pin: people name it.

use std::path::Path;

use super::files::{SpecificationFile, SpecificationFiles};
use super::lock::{Lock, LockedPrompt, is_hexadecimal};
use super::{Specification, load, source};
use crate::change::remote::{self, Advertised, RemoteError};
use crate::change::trusted::Tree;
use crate::change::{Environment, Repository};
use crate::completeness::Reason;
use crate::configuration::{Configuration, SpecificationPlace, SpecificationSource};
use crate::diagnostic::{UsageError, shortened};
use crate::limits::Limits;

/// What to pin.
#[derive(Clone, Copy, Debug)]
pub struct PinRequest<'a> {
    /// Address of the repository, as the configuration names it.
    pub url: &'a str,
    /// A tag, a branch or a full commit id; none means the newest commit of the default branch.
    pub revision: Option<&'a str>,
    /// The lock until now.
    pub old: Option<&'a Lock>,
    /// Today, `YYYY-MM-DD`.
    pub today: &'a str,
}

/// Finds the commit, fetches it and returns the new lock with the files; nothing is written.
///
/// # Errors
/// When the repository does not answer, has no such revision, or what it holds is no faultless specification, or a
/// prompt's text changed under the same version.
pub fn pin(
    request: &PinRequest<'_>,
    environment: &Environment,
    limits: &Limits,
) -> Result<(Lock, SpecificationFiles), Vec<UsageError>> {
    let failed = |error: &RemoteError| vec![UsageError::new(error.to_string(), "Check the address and your access.")];
    let advertised = remote::references(request.url, environment).map_err(|error| failed(&error))?;
    let (commit, tag) = resolve(&advertised, request.revision).map_err(|error| vec![*error])?;
    let fetched = remote::fetch(request.url, &commit, environment).map_err(|error| failed(&error))?;
    let files = files_of(&fetched.repository, request.url, &commit, limits)
        .map_err(|reason| vec![UsageError::new(reason.message.raw(), reason.remedy.raw())])?;
    let lock = Lock { url: request.url.to_owned(), commit, tag, ..lock_of(&files, request.old, request.today)? };
    Ok((lock, files))
}

/// Returns the lock of files that lie in this repository: a vendored copy, or the specification itself.
///
/// # Errors
/// When they are no faultless specification, or a prompt's text changed under the same version.
pub fn lock_of(files: &SpecificationFiles, old: Option<&Lock>, today: &str) -> Result<Lock, Vec<UsageError>> {
    let (specification, errors) = load(files);
    if !errors.is_empty() {
        return Err(errors);
    }
    let changed = old.map(|old| old.changed_prompts(&specification)).unwrap_or_default();
    if !changed.is_empty() {
        let help = "Raise the version of the prompt where it is maintained.";
        return Err(changed.into_iter().map(|message| UsageError::new(message, help)).collect());
    }
    Ok(Lock {
        digest: files.digest(),
        schema: specification.manifest.schema,
        pinned: today.to_owned(),
        prompts: prompts(&specification),
        ..Lock::default()
    })
}

fn prompts(specification: &Specification) -> std::collections::BTreeMap<String, LockedPrompt> {
    let locked = specification
        .prompts
        .values()
        .map(|prompt| (prompt.id.clone(), LockedPrompt { version: prompt.version.clone(), hash: prompt.hash.clone() }));
    locked.collect()
}

/// Returns the commit that a revision names, and the tag when it is one.
fn resolve(advertised: &[Advertised], revision: Option<&str>) -> Result<(String, String), Box<UsageError>> {
    let named =
        |name: &str| advertised.iter().find(|reference| reference.name == name).map(|found| found.commit.clone());
    let Some(revision) = revision else {
        let commit = named("HEAD").map(|commit| (commit, String::new()));
        let none = UsageError::new("the repository has no default branch", "Name a tag or a commit.");
        return commit.ok_or_else(|| Box::new(none));
    };
    if is_hexadecimal(revision, &[40, 64]) {
        return Ok((revision.to_owned(), String::new()));
    }
    if let Some(commit) = named(&format!("refs/tags/{revision}")) {
        return Ok((commit, revision.to_owned()));
    }
    if let Some(commit) = named(&format!("refs/heads/{revision}")) {
        return Ok((commit, String::new()));
    }
    let tags = advertised.iter().filter_map(|reference| reference.name.strip_prefix("refs/tags/"));
    let near = crate::yaml::nearest(revision, tags).map(|near| format!("Did you mean `{}`?", shortened(near)));
    let help = near.unwrap_or_else(|| "Name a tag, a branch or a full commit id.".to_owned());
    Err(Box::new(UsageError::new(format!("the repository has no tag or branch `{}`", shortened(revision)), help)))
}

/// What `fetch` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedSpecification {
    /// The commit, as the lock names it.
    pub commit: String,
    /// The digest, as the lock names it.
    pub digest: String,
    /// True when it was there before and nothing was downloaded.
    pub was_there: bool,
}

/// Downloads exactly what the lock of the trusted side names, verifies it, and stores it beside the clone's objects;
/// changes nothing else. None when the specification is not in another repository.
///
/// # Errors
/// When configuration, lock and repository do not agree, or the repository does not answer.
pub fn fetch(
    tree: &Tree,
    repository: &Repository,
    configuration: &Configuration,
    environment: &Environment,
) -> Result<Option<FetchedSpecification>, Reason> {
    let Some(SpecificationPlace { source: SpecificationSource::Git { url, rev }, .. }) = &configuration.specification
    else {
        return Ok(None);
    };
    let limits = &configuration.limits;
    let lock = source::needed_lock(tree, limits)?;
    source::check_pin(&lock, url, rev)?;
    let done = |was_there| FetchedSpecification { commit: rev.clone(), digest: lock.digest.clone(), was_there };
    let remedy = "ask who maintains the specification: what was pinned is not what the repository holds";
    if let Ok(Some(files)) = source::stored(repository, url, rev, limits)
        && source::agree(&files, &lock, remedy).is_ok()
    {
        return Ok(Some(done(true)));
    }
    let fetched = remote::fetch(url, rev, environment).map_err(|error| unreachable(url, &error))?;
    let files = files_of(&fetched.repository, url, rev, limits)?;
    source::agree(&files, &lock, remedy)?;
    write(&files, &source::store(repository, rev)).map_err(|error| {
        let message = format!("the fetched specification cannot be stored: {error}");
        Reason::new("specification-not-fetched", message, "check the permissions of the git folder")
    })?;
    Ok(Some(done(false)))
}

fn unreachable(url: &str, error: &RemoteError) -> Reason {
    match error {
        RemoteError::Unreachable { .. } => {
            let remedy = "pin a commit of that repository with `portcullis spec pin`";
            Reason::new("specification-foreign-commit", error.to_string(), remedy)
        }
        RemoteError::NoGit(_) | RemoteError::Git { .. } | RemoteError::Unreadable(_) => {
            let message = format!("the specification cannot be fetched from {url}: {error}");
            Reason::new("specification-unreachable", message, "check the address and the access of this machine")
        }
    }
}

fn files_of(repository: &Repository, url: &str, commit: &str, limits: &Limits) -> Result<SpecificationFiles, Reason> {
    let tree = Tree::at_commit(repository, commit, limits)?;
    let files = source::files_below(&tree, "", limits, None)?.unwrap_or_default();
    Ok(source::named(files, url, commit))
}

/// Writes files beside their place and moves them there at once, so that half a copy is never read.
fn write(files: &SpecificationFiles, folder: &Path) -> std::io::Result<()> {
    let parent = folder.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent)?;
    let fresh = tempfile::tempdir_in(parent)?;
    let copy = fresh.path().join("copy");
    std::fs::create_dir(&copy)?;
    for (path, SpecificationFile(bytes)) in &files.files {
        // Each component was checked when the tree was read.
        let file = copy.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(file, bytes)?;
    }
    if folder.exists() {
        std::fs::rename(folder, fresh.path().join("old"))?;
    }
    std::fs::rename(copy, folder)
}
