//! New files of a work tree: all of them looked at first, then written.
//!
//! Owns that nothing is overwritten and nothing is written through a link. Must not know what the files say.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::commands::page::Sheet;
use crate::diagnostic::UsageError;
use crate::error::Error;

/// A file to write, from the root of the repository with `/` between components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewFile {
    pub(super) path: String,
    pub(super) text: String,
}

impl NewFile {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// What stands in the way of a file, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing is there.
    Free,
    /// Something is there: a file, a folder or a link, wherever it leads.
    Taken,
}

/// Looks where a file would go.
///
/// # Errors
/// When a folder on the way is a link, or no folder.
pub(super) fn place(root: &Path, path: &str) -> Result<Place, Error> {
    let mut at = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        at.push(part);
        let Ok(found) = fs::symlink_metadata(&at) else { return Ok(Place::Free) };
        if parts.peek().is_none() {
            return Ok(Place::Taken);
        }
        if !found.is_dir() {
            let shown = at.strip_prefix(root).unwrap_or(&at).display();
            let what = if found.is_symlink() { "a link" } else { "no folder" };
            let title = format!("`{path}` cannot be written: `{shown}` is {what}");
            let help = format!("Nothing is written through links. Move `{shown}` away, or write the file by hand.");
            return Err(UsageError::new(title, help).into());
        }
    }
    Ok(Place::Taken)
}

/// Prints what would be written.
pub(super) fn would_write(files: &[NewFile], kept: &[String], width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    for file in files {
        sheet.line(&format!("would write {}:", file.path));
        sheet.code(4, &file.text);
        sheet.gap();
    }
    kept.iter().for_each(|kept| sheet.line(&format!("would keep {kept}")));
    sheet.line("nothing was written");
    sheet.print()
}

/// Writes files where nothing is.
///
/// # Errors
/// When one cannot be written; those before it are there then.
pub(super) fn write(root: &Path, files: &[NewFile]) -> Result<(), Error> {
    for NewFile { path, text } in files {
        let file = root.join(path);
        let made = file.parent().map_or(Ok(()), fs::create_dir_all);
        // A new file is never opened through a link, not even one that came after the look.
        let opened = made.and_then(|()| OpenOptions::new().write(true).create_new(true).open(&file));
        opened.and_then(|mut opened| opened.write_all(text.as_bytes())).map_err(|error| {
            let title = format!("`{path}` cannot be written: {error}");
            UsageError::new(title, "Mend that and run `portcullis init` again: what was written already is kept.")
        })?;
    }
    Ok(())
}
