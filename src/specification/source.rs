//! Where the files of the specification come from: a folder of the trusted side, or a pinned and fetched copy.
//!
//! Owns what must agree: configuration, lock and bytes. What does not agree is a `Reason`, never a pass. Must not fetch:
//! `pin` does, when somebody asks for it.

use std::path::PathBuf;

use super::files::{SpecificationFile, SpecificationFiles};
use super::lint::Advice;
use super::lock::{self, Lock};
use crate::change::Repository;
use crate::change::trusted::Tree;
use crate::clock::days_between;
use crate::completeness::Reason;
use crate::configuration::{Configuration, SpecificationPlace, SpecificationSource};
use crate::finding::Severity;
use crate::limits::Limits;

/// The folder that is looked into when the configuration names none.
pub const DEFAULT_FOLDER: &str = ".portcullis";
/// Files of one specification.
const MOST_FILES: usize = 5_000;
/// Bytes of all files of one specification.
const MOST_BYTES: usize = 50_000_000;
/// Bytes of one published copy of a contract; other files are held to `configuration-bytes`.
const CONTRACT_BYTES: u64 = 5_000_000;

const FETCH: &str = "run `portcullis spec fetch`";
const PIN: &str = "run `portcullis spec pin` and have the lock reviewed";

/// Returns the files of the specification that the trusted side names, or none when it has none.
///
/// Nothing is fetched: a pinned specification is read from what `spec fetch` stored, and its digest is verified.
///
/// # Errors
/// When a specification is named and missing, does not agree with the lock, or cannot be read.
pub fn read(
    tree: &Tree,
    repository: &Repository,
    configuration: &Configuration,
) -> Result<Option<SpecificationFiles>, Reason> {
    let limits = &configuration.limits;
    let Some(SpecificationPlace { source, .. }) = &configuration.specification else {
        if tree.read(&format!("{DEFAULT_FOLDER}/portcullis-spec.yaml"), limits)?.is_none() {
            return Ok(None);
        }
        return folder(tree, DEFAULT_FOLDER, configuration).map(Some);
    };
    match source {
        SpecificationSource::Path(path) => folder(tree, path, configuration).map(Some),
        SpecificationSource::Vendor(path) => {
            let lock = needed_lock(tree, limits)?;
            let mut files = folder(tree, path, configuration)?;
            files.commit.clone_from(&lock.commit);
            agree(&files, &lock, "restore the vendored copy, or run `portcullis spec pin`")?;
            Ok(Some(files))
        }
        SpecificationSource::Git { url, rev } => {
            let lock = needed_lock(tree, limits)?;
            check_pin(&lock, url, rev)?;
            let Some(files) = stored(repository, url, rev, limits)? else {
                let message = format!("the specification of commit {rev} has not been fetched");
                return Err(Reason::new("specification-not-fetched", message, FETCH));
            };
            agree(&files, &lock, FETCH)?;
            Ok(Some(files))
        }
    }
}

/// Returns the lock of the trusted side, or none when it has none.
///
/// # Errors
/// When it cannot be read.
pub fn lock(tree: &Tree, limits: &Limits) -> Result<Option<Lock>, Reason> {
    let Some(bytes) = tree.read(lock::FILE_NAME, limits)? else { return Ok(None) };
    Lock::read(&bytes, lock::FILE_NAME).map(Some).map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        Reason::new("specification-lock", format!("the lock cannot be read: {first}"), PIN).at(lock::FILE_NAME)
    })
}

/// Says that a pin is older than the configuration allows: nobody has looked for a newer specification since.
#[must_use]
pub fn stale(configuration: &Configuration, lock: &Lock, as_of: &str) -> Option<Advice> {
    let most = configuration.specification.as_ref()?.max_age_days?;
    let age = days_between(&lock.pinned, as_of)?;
    (age > i64::from(most)).then(|| Advice {
        severity: Severity::Warning,
        code: "stale-spec",
        file: lock::FILE_NAME.to_owned(),
        line: 1,
        message: format!("the specification was pinned {age} days ago, and `max-age-days` is {most}"),
        help: "Run `portcullis spec pin`: it takes up the newest release, or says that this one still is.".to_owned(),
    })
}

pub(super) fn needed_lock(tree: &Tree, limits: &Limits) -> Result<Lock, Reason> {
    lock(tree, limits)?.ok_or_else(|| {
        let message = "the specification comes from another repository, and there is no `portcullis.lock`";
        Reason::new("specification-lock", message, PIN).at(lock::FILE_NAME)
    })
}

/// Configuration and lock name the same commit of the same repository.
pub(super) fn check_pin(lock: &Lock, url: &str, rev: &str) -> Result<(), Reason> {
    let message = if lock.commit != rev {
        format!("`.portcullis.yaml` pins the specification to {rev}, and the lock to {}", or_none(&lock.commit))
    } else if lock.url != url {
        format!("`.portcullis.yaml` takes the specification from {url}, and the lock from {}", or_none(&lock.url))
    } else {
        return Ok(());
    };
    Err(Reason::new("specification-lock", message, PIN).at(lock::FILE_NAME))
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// The bytes are those that were pinned.
pub(super) fn agree(files: &SpecificationFiles, lock: &Lock, remedy: &str) -> Result<(), Reason> {
    let digest = files.digest();
    if digest == lock.digest {
        return Ok(());
    }
    let message = format!("the specification has the digest {digest}, and the lock names {}", lock.digest);
    Err(Reason::new("specification-digest", message, remedy).at(files.folder.clone()))
}

/// Reads a folder of the trusted side.
fn folder(tree: &Tree, path: &str, configuration: &Configuration) -> Result<SpecificationFiles, Reason> {
    let skipped = configuration.baseline.as_deref();
    let files = files_below(tree, path, &configuration.limits, skipped)?;
    let Some(files) = files else {
        let message = format!("the specification is to be in `{path}`, and nothing is there");
        return Err(Reason::new("specification-missing", message, "restore the folder, or correct `spec`").at(path));
    };
    let origin = if path.is_empty() { "this repository".to_owned() } else { path.to_owned() };
    Ok(SpecificationFiles { origin, folder: path.to_owned(), ..files })
}

/// Reads all files below a folder, bounded in number and bytes; none when nothing is there.
///
/// # Errors
/// When there are too many, or one cannot be read.
pub fn files_below(
    tree: &Tree,
    folder: &str,
    limits: &Limits,
    skipped: Option<&str>,
) -> Result<Option<SpecificationFiles>, Reason> {
    let Some(paths) = tree.list(folder, limits)? else { return Ok(None) };
    let too_large = |what: String| {
        let message = format!("the specification in `{folder}` has more than {what}");
        Reason::new("specification-too-large", message, "name a folder that holds the specification only").at(folder)
    };
    if paths.len() > MOST_FILES {
        return Err(too_large(format!("{MOST_FILES} files")));
    }
    let larger = Limits { configuration_bytes: limits.configuration_bytes.max(CONTRACT_BYTES), ..limits.clone() };
    let mut files = SpecificationFiles::default();
    let mut bytes = 0_usize;
    for path in paths.iter().filter(|path| Some(path.as_str()) != skipped) {
        let inside = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let limits = if inside.starts_with("contracts/") { &larger } else { limits };
        // What was just listed and is gone cannot be told from what never was.
        let content = tree.read(path, limits)?.ok_or_else(|| {
            Reason::new("specification-missing", format!("`{path}` vanished while it was read"), "run it again")
                .at(path)
        })?;
        bytes = bytes.saturating_add(content.len());
        if bytes > MOST_BYTES {
            return Err(too_large(format!("{MOST_BYTES} bytes")));
        }
        files.files.insert(inside.to_owned(), SpecificationFile(content));
    }
    Ok(Some(files))
}

/// Returns the folder in which a fetched specification lies; it belongs to the clone, not to its work tree.
pub(super) fn store(repository: &Repository, commit: &str) -> PathBuf {
    repository.common_dir().join("portcullis").join("spec").join(commit)
}

/// Returns what `spec fetch` stored, or none; the digest is not verified here.
pub(super) fn stored(
    repository: &Repository,
    url: &str,
    commit: &str,
    limits: &Limits,
) -> Result<Option<SpecificationFiles>, Reason> {
    let folder = store(repository, commit);
    if !folder.is_dir() {
        return Ok(None);
    }
    let files = files_below(&Tree::at_folder(&folder), "", limits, None)?;
    Ok(files.map(|files| named(files, url, commit)))
}

/// Names a specification of another repository.
pub(super) fn named(files: SpecificationFiles, url: &str, commit: &str) -> SpecificationFiles {
    SpecificationFiles {
        origin: format!("{url} at {commit}"),
        folder: String::new(),
        commit: commit.to_owned(),
        ..files
    }
}
