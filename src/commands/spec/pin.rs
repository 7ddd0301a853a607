//! `spec pin`: finds the commit that a name means, and writes it with its digest into configuration and lock.
//!
//! Owns the edit of the one line of the configuration; everything else in it stays as it is written.

use std::path::Path;

use super::desk;
use crate::change::trusted::Tree;
use crate::cli::spec::PinArguments;
use crate::clock;
use crate::commands::page::{Sheet, counted};
use crate::commands::surroundings::Surroundings;
use crate::configuration::{Configuration, FILE_NAME, SpecificationSource};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::limits::Limits;
use crate::policies::packs;
use crate::specification::export::demand::scalar;
use crate::specification::files::SpecificationFiles;
use crate::specification::lock::{self, Lock};
use crate::specification::pin::{PinRequest, lock_of, pin};
use crate::specification::source::{self, files_below};
use crate::yaml::{self, Node, Value};

/// What was pinned, and the files to write.
struct Pinned {
    lock: Lock,
    files: SpecificationFiles,
    /// Where the lock is written.
    place: String,
    /// The configuration's new text, when it changes.
    configuration: Option<String>,
}

/// Runs `spec pin`.
pub(super) fn run(arguments: &PinArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let repository = desk::needed(&arguments.repo)?;
    let root = repository
        .work_tree()
        .ok_or_else(|| UsageError::new("a bare repository has no work tree", "Run it in a clone that has files."))?;
    let tree = Tree::at_work_tree(&repository).map_err(desk::refused)?;
    let limits = Limits::default();
    let text = tree.read(FILE_NAME, &limits).map_err(desk::refused)?.unwrap_or_default();
    let pinned = match remote(&text) {
        Some((url, place)) => of_remote(arguments, surroundings, &tree, &text, &url, &place)?,
        None => of_here(arguments, &tree, &text, &limits)?,
    };
    let mut written = vec![write(&root, &pinned.place, &pinned.lock.text())?];
    if let Some(text) = &pinned.configuration {
        written.push(write(&root, FILE_NAME, text)?);
    }
    report(&pinned, &written, surroundings.width)?;
    Ok(0)
}

/// Returns the address under `spec: {git: ...}` and where it is written, whatever else the configuration says: a
/// configuration without a commit is not valid yet, and this is the command that mends it.
fn remote(text: &[u8]) -> Option<(String, Place)> {
    let root = yaml::tree(text, FILE_NAME).ok()?;
    let spec = entry(&root, "spec")?;
    let git = entry(spec, "git")?;
    let (Value::Plain(url) | Value::Quoted(url)) = &git.value else { return None };
    let rev = entry(spec, "rev").map(|rev| (rev.place.offset, rev.place.length));
    Some((url.clone(), Place { git: (git.place.offset, git.place.length), rev }))
}

/// Where the address and the commit are written: byte offset and length.
struct Place {
    git: (usize, usize),
    rev: Option<(usize, usize)>,
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
}

fn of_remote(
    arguments: &PinArguments,
    surroundings: &Surroundings,
    tree: &Tree,
    text: &[u8],
    url: &str,
    place: &Place,
) -> Result<Pinned, Error> {
    let old = source::lock(tree, &Limits::default()).map_err(desk::refused)?;
    let today = clock::today();
    // An address that runs something must not be reached before the configuration has refused it.
    let text = String::from_utf8_lossy(text).into_owned();
    checked(&with_commit(&text, place, &"0".repeat(40)))?;
    let request = PinRequest { url, revision: arguments.tag.as_deref(), old: old.as_ref(), today: &today };
    let (lock, files) = pin(&request, &surroundings.environment(), &Limits::default())?;
    let new = with_commit(&text, place, &lock.commit);
    checked(&new)?;
    let configuration = (new != text).then_some(new);
    Ok(Pinned { lock, files, place: lock::FILE_NAME.to_owned(), configuration })
}

/// Returns the configuration with the commit at its place; beside the address when it has none yet.
fn with_commit(text: &str, place: &Place, commit: &str) -> String {
    // Some ids read as numbers: those are put in quotes.
    let commit = scalar(commit);
    let put = |from: usize, to: usize, new: &str| {
        format!("{}{new}{}", text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default())
    };
    if let Some((offset, length)) = place.rev {
        return put(offset, offset + length, &commit);
    }
    let (offset, length) = place.git;
    let end = offset + length;
    let line = text.get(..offset).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let block = line.trim_start().starts_with("git");
    if block {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let rest = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| end + at);
        return put(rest, rest, &format!("\n{indent}rev: {commit}"));
    }
    put(end, end, &format!(", rev: {commit}"))
}

/// Pins what lies in this repository: a vendored copy, or the specification itself with the hashes of its prompts.
fn of_here(arguments: &PinArguments, tree: &Tree, text: &[u8], limits: &Limits) -> Result<Pinned, Error> {
    if let Some(tag) = &arguments.tag {
        let title = format!("`{tag}` cannot be pinned: the specification does not come from another repository");
        return Err(
            UsageError::new(title, "Leave the tag out, or name the repository under `spec: {git: ...}`.").into()
        );
    }
    let configuration =
        if text.is_empty() { Configuration::default() } else { checked(&String::from_utf8_lossy(text))? };
    let vendored = |folder: &str| (folder.to_owned(), lock::FILE_NAME.to_owned());
    let own = |folder: &str| {
        let lock = if folder.is_empty() { lock::FILE_NAME.to_owned() } else { format!("{folder}/{}", lock::FILE_NAME) };
        (folder.to_owned(), lock)
    };
    let (folder, place) = match configuration.specification.as_ref().map(|place| &place.source) {
        Some(SpecificationSource::Vendor(folder)) => vendored(folder),
        Some(SpecificationSource::Path(folder)) => own(folder),
        Some(SpecificationSource::Git { .. }) => own(""),
        None if tree.read("portcullis-spec.yaml", limits).map_err(desk::refused)?.is_some() => own(""),
        None => own(source::DEFAULT_FOLDER),
    };
    // A lock cannot hold its own digest.
    let own_lock = place != lock::FILE_NAME || folder.is_empty();
    let skipped = own_lock.then_some(place.as_str());
    let Some(files) = files_below(tree, &folder, limits, skipped).map_err(desk::refused)? else {
        let title = format!("there is no specification in `{folder}`");
        return Err(UsageError::new(title, "`portcullis init --spec` starts one.").into());
    };
    let files = SpecificationFiles { origin: folder.clone(), folder, ..files };
    let old = tree.read(&place, limits).map_err(desk::refused)?;
    let old = old.map(|bytes| Lock::read(&bytes, &place)).transpose()?;
    let lock = lock_of(&files, old.as_ref(), &clock::today())?;
    Ok(Pinned { lock, files, place, configuration: None })
}

fn checked(text: &str) -> Result<Configuration, Error> {
    let names: Vec<&str> = packs::names().collect();
    Ok(Configuration::read(text.as_bytes(), FILE_NAME, &names)?)
}

fn write(root: &Path, name: &str, text: &str) -> Result<String, Error> {
    std::fs::write(root.join(name), text).map_err(|error| {
        Error::from(UsageError::new(format!("{name} cannot be written: {error}"), "Check the permissions."))
    })?;
    Ok(name.to_owned())
}

fn report(pinned: &Pinned, written: &[String], width: usize) -> Result<(), Error> {
    let Pinned { lock, files, .. } = pinned;
    let mut sheet = Sheet::new(width);
    sheet.field("repository", &lock.url);
    sheet.field("commit", &lock.commit);
    sheet.field("tag", &lock.tag);
    sheet.field("digest", &lock.digest);
    sheet.field("holds", &format!("{}, {}", counted(files.files.len(), "file"), counted(lock.prompts.len(), "prompt")));
    sheet.field("written", &written.join(", "));
    sheet.gap();
    let next = if lock.url.is_empty() { "" } else { "portcullis spec fetch, then " };
    sheet.line(&format!("next: {next}commit what was written and have it reviewed"));
    sheet.print()
}

#[cfg(test)]
mod tests {
    use super::{remote, with_commit};

    fn pinned(text: &str) -> String {
        let (_, place) = remote(text.as_bytes()).unwrap();
        with_commit(text, &place, "c0ffee")
    }

    #[test]
    fn only_the_commit_changes_in_every_style() {
        let tail = "packs: [size]   # mine\n";
        for (before, after) in [
            ("spec: {git: \"https://h/x\", rev: v1}\n", "spec: {git: \"https://h/x\", rev: c0ffee}\n"),
            ("spec: {git: \"https://h/x\"}\n", "spec: {git: \"https://h/x\", rev: c0ffee}\n"),
            ("spec:\n  git: git@h:x  # there\n", "spec:\n  git: git@h:x  # there\n  rev: c0ffee\n"),
            ("spec:\n  rev: \"1\"\n  git: git@h:x\n", "spec:\n  rev: c0ffee\n  git: git@h:x\n"),
        ] {
            assert_eq!(pinned(&format!("version: 1\n{before}{tail}")), format!("version: 1\n{after}{tail}"));
        }
        let (_, place) = remote(b"spec: {git: x, rev: 1}\n").unwrap();
        assert_eq!(with_commit("spec: {git: x, rev: 1}\n", &place, "12e45"), "spec: {git: x, rev: \"12e45\"}\n");
        assert!(remote(b"version: 1\nspec: {path: .portcullis}\n").is_none());
    }
}
