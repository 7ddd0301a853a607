//! The specification at an author's desk: where it lies, what its files say now, and the repository around it.
//!
//! Owns finding it from a folder. Reads the work tree as it is, so it must never serve a decision on a change.

use std::path::{Path, PathBuf};

use crate::change::trusted::Tree;
use crate::change::{OpenError, Repository, tracked_files};
use crate::completeness::Reason;
use crate::configuration::{Configuration, FILE_NAME, SpecificationSource};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::limits::Limits;
use crate::policies::packs;
use crate::specification::files::SpecificationFiles;
use crate::specification::hosted::{HostedSystem, systems_here};
use crate::specification::{Specification, load, source};

/// The file by which the root of a specification is known.
const MANIFEST: &str = "portcullis-spec.yaml";

/// A specification as it lies on disk, read to its end.
pub(in crate::commands) struct Desk {
    /// Its files.
    pub(in crate::commands) files: SpecificationFiles,
    /// What could be read of it.
    pub(in crate::commands) specification: Specification,
    /// Everything that is wrong with its shape and references.
    pub(in crate::commands) faults: Vec<UsageError>,
    /// Where it lies in the repository around it, without a slash at the end; empty is the root. None without one.
    pub(in crate::commands) inside: Option<String>,
    /// The application repository that it is for, where it lies in one.
    pub(in crate::commands) application: Option<Application>,
}

/// An application repository around a specification.
pub(in crate::commands) struct Application {
    /// The systems that it holds.
    pub(in crate::commands) hosted: Vec<HostedSystem>,
    /// What is wrong with its naming of systems.
    pub(in crate::commands) faults: Vec<UsageError>,
    /// Its tracked files, from its root, without those of the specification.
    pub(in crate::commands) paths: Vec<String>,
}

impl Desk {
    /// Reads the specification in a folder, or the one of the repository around the current folder.
    pub(in crate::commands) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let near = folder.unwrap_or_else(|| Path::new("."));
        Self::near(near)?.ok_or_else(|| {
            let title = format!("there is no specification in `{}`", near.display());
            let help = "`portcullis init --spec` starts one; name its folder where it lies elsewhere.";
            UsageError::new(title, help).into()
        })
    }

    /// Reads the specification in or around a folder; there need not be one.
    pub(in crate::commands) fn near(near: &Path) -> Result<Option<Self>, Error> {
        if !near.is_dir() {
            let title = format!("`{}` is not a folder", near.display());
            return Err(UsageError::new(title, "Name the folder of a specification.").into());
        }
        let repository = around(near)?;
        let root = repository.as_ref().and_then(Repository::work_tree);
        let configuration = root.as_deref().map(configuration).transpose()?.flatten();
        let configuration = configuration.unwrap_or_default();
        let found = find(near, root.as_deref(), &configuration);
        let files = match (&found, &repository) {
            (Some(folder), _) => read_files(folder)?,
            (None, Some(repository)) => match pinned(repository, &configuration)? {
                Some(files) => files,
                None => return Ok(None),
            },
            (None, None) => return Ok(None),
        };
        let (specification, mut faults) = load(&files);
        // A void exception stops no change, and its author wants to know.
        faults.extend(specification.remarks.iter().cloned());
        let inside = root.as_deref().zip(found.as_deref()).and_then(|(root, found)| inside(root, found));
        let here = found.is_none() || inside.as_deref() == folder_named(&configuration);
        let application = match repository.filter(|_| here) {
            Some(repository) => {
                let folder = inside.as_deref().unwrap_or_default();
                Some(Application::around(&repository, folder, &configuration, &specification)?)
            }
            None => None,
        };
        Ok(Some(Self { files, specification, faults, inside, application }))
    }

    /// Reads a specification that must be without a fault, to show what it says.
    pub(in crate::commands) fn open_sound(folder: Option<&Path>) -> Result<Self, Error> {
        let desk = Self::open(folder)?;
        if desk.faults.is_empty() { Ok(desk) } else { Err(desk.faults.into()) }
    }
}

impl Application {
    fn around(
        repository: &Repository,
        inside: &str,
        configuration: &Configuration,
        specification: &Specification,
    ) -> Result<Self, Error> {
        let below = format!("{inside}/");
        let paths = tracked_files(repository).map_err(refused)?;
        let paths = paths.into_iter().filter(|path| inside.is_empty() || !path.starts_with(&below)).collect();
        let (hosted, faults) = match systems_here(&configuration.systems, specification) {
            Ok(hosted) => (hosted, Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        Ok(Self { hosted, faults, paths })
    }
}

/// Returns the repository around a folder; there need not be one.
pub(in crate::commands) fn around(folder: &Path) -> Result<Option<Repository>, Error> {
    match Repository::open(folder) {
        Ok(repository) => Ok(Some(repository)),
        Err(OpenError::NotFound { .. }) => Ok(None),
        Err(error) => Err(UsageError::new(error.to_string(), "Mend the repository, or name another folder.").into()),
    }
}

/// Returns the repository around a folder.
pub(in crate::commands) fn needed(folder: &Path) -> Result<Repository, Error> {
    around(folder)?.ok_or_else(|| {
        let title = format!("`{}` is not inside a git repository", folder.display());
        UsageError::new(title, "Name a folder of the application repository with --repo, or begin one with `git init`.")
            .into()
    })
}

/// Reads the configuration at the root of a work tree; there need not be one.
pub(in crate::commands) fn configuration(root: &Path) -> Result<Option<Configuration>, Error> {
    let bytes = Tree::at_folder(&canonical(root)).read(FILE_NAME, &Limits::default()).map_err(refused)?;
    let names: Vec<&str> = packs::names().collect();
    bytes.map(|bytes| Configuration::read(&bytes, FILE_NAME, &names).map_err(Error::from)).transpose()
}

/// Returns what could not be read as a fault of the command line.
pub(in crate::commands) fn refused(reason: Reason) -> Error {
    let place = if reason.path.is_empty() { String::new() } else { format!("{}: ", reason.path.terminal()) };
    UsageError::new(format!("{place}{}", reason.message.terminal()), reason.remedy.terminal()).into()
}

/// Returns the root of the specification: the folder itself, where the configuration says, or the usual folder in it
/// or at the root of the repository. None when there is none on disk.
fn find(near: &Path, root: Option<&Path>, configuration: &Configuration) -> Option<PathBuf> {
    let named = root.zip(folder_named(configuration)).map(|(root, folder)| root.join(folder));
    let all = [Some(near.to_owned()), named, Some(near.join(source::DEFAULT_FOLDER))];
    let all: Vec<PathBuf> = all.into_iter().flatten().collect();
    let whole = all.iter().find(|folder| folder.join(MANIFEST).is_file());
    // One that lacks its first file is shown as such.
    let begun = |folder: &&PathBuf| folder.join("invariants").is_dir() || folder.join("teams.yaml").is_file();
    whole.or_else(|| all.iter().find(begun)).cloned()
}

/// Returns the folder of the repository in which its specification lies; none when it comes from another repository.
fn folder_named(configuration: &Configuration) -> Option<&str> {
    match configuration.specification.as_ref().map(|place| &place.source) {
        None => Some(source::DEFAULT_FOLDER),
        Some(SpecificationSource::Path(folder) | SpecificationSource::Vendor(folder)) => Some(folder),
        Some(SpecificationSource::Git { .. }) => None,
    }
}

/// Returns what `spec fetch` stored of a specification in another repository.
fn pinned(repository: &Repository, configuration: &Configuration) -> Result<Option<SpecificationFiles>, Error> {
    if folder_named(configuration).is_some() {
        return Ok(None);
    }
    let tree = Tree::at_work_tree(repository).map_err(refused)?;
    source::read(&tree, repository, configuration).map_err(refused)
}

/// Returns where in the work tree a folder lies.
fn inside(root: &Path, folder: &Path) -> Option<String> {
    let folder = canonical(folder);
    Some(folder.strip_prefix(canonical(root)).ok()?.to_str()?.replace('\\', "/"))
}

fn canonical(folder: &Path) -> PathBuf {
    // A folder that cannot be resolved cannot be read either, which is said there.
    std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

fn read_files(folder: &Path) -> Result<SpecificationFiles, Error> {
    let tree = Tree::at_folder(&canonical(folder));
    let files = source::files_below(&tree, "", &Limits::default(), None).map_err(refused)?.unwrap_or_default();
    let shown = folder.strip_prefix(".").unwrap_or(folder).display().to_string().replace('\\', "/");
    Ok(SpecificationFiles { origin: shown.clone(), folder: shown, ..files })
}
