//! The files that the command line names: their bytes, bounded.
//!
//! Owns opening them, and nothing else here does. A file that is not there is told, never passed over: a scan that wrote
//! no file found nothing out.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::policies::input::ImportKind;

/// One file that the command line names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportFile {
    /// Its format.
    pub kind: ImportKind,
    /// The file, or a folder of them.
    pub path: PathBuf,
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is none.
    Missing,
    /// It is there and cannot be read.
    Unreadable(String),
    /// It is over the limit, in bytes.
    TooLarge(u64),
}

/// Returns the files of a folder in the place of the folder, sorted, each once: those that end in `.xml` for JUnit, in
/// `.sarif` for SARIF. A folder without any is a file that is missing.
#[must_use]
pub fn expand(files: &[ImportFile]) -> Vec<ImportFile> {
    let mut expanded = Vec::new();
    for file in files {
        let ending = match file.kind {
            ImportKind::Sarif => "sarif",
            ImportKind::Junit => "xml",
        };
        let entries = if file.path.is_dir() { std::fs::read_dir(&file.path).ok() } else { None };
        let inside: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(file.path.join(entry.ok()?.file_name())))
            .filter(|path| path.extension().is_some_and(|extension| extension == ending) && !path.is_dir())
            .collect();
        if inside.is_empty() {
            expanded.push(file.clone());
        }
        expanded.extend(inside.into_iter().map(|path| ImportFile { kind: file.kind, path }));
    }
    expanded.sort();
    expanded.dedup();
    expanded
}

/// Returns the bytes of a file, at most `most`.
///
/// # Errors
/// When it is not there, cannot be read, or is longer.
pub fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let unread = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Unread::Missing,
        kind => Unread::Unreadable(kind.to_string()),
    };
    if path.is_dir() {
        return Err(Unread::Missing);
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(unread)?.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > most { Err(Unread::TooLarge(most)) } else { Ok(bytes) }
}

/// Returns a folder as results name it: `/` between components, no drive.
#[must_use]
pub fn root(folder: &Path) -> String {
    let plain = folder.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let plain = plain.strip_prefix("//?/").unwrap_or(&plain);
    let local = plain.split_once(":/").filter(|(drive, _)| drive.len() == 1).map_or(plain, |(_, rest)| rest);
    local.trim_matches('/').to_owned()
}

/// Returns where a file stands below the work tree, `/` between components; nothing when it is outside.
#[must_use]
pub fn is_of_repository(path: &Path, root: &Path) -> Option<String> {
    let (path, root) = (path.canonicalize().ok()?, root.canonicalize().ok()?);
    let inside = path.strip_prefix(root).ok()?;
    Some(inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}
