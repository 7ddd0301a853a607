//! Reading configuration and policies from the side that the author of the change does not control.
//!
//! Owns one question: which bytes does this path have on the trusted side? Must not answer from head, follow a link,
//! enter a submodule, or leave the repository.

use std::path::{Path, PathBuf};

use gix::ObjectId;

use super::EntryKind;
use super::commit;
use super::path::{check_component, wire};
use super::repository::{Reader, Repository, parse_id};
use super::tree::{Node, parse};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Files that one listing may have; a policy folder with more is a mistake.
const LISTED: usize = 20_000;

/// The trusted side: the tree of a commit, or at an author's desk the work tree.
#[derive(Debug)]
pub struct Tree(Place);

#[derive(Debug)]
enum Place {
    Commit { reader: Box<Reader>, root: ObjectId },
    Folder { root: PathBuf },
}

/// What stands at a path of a commit's tree.
type Found = Option<(Node, ObjectId)>;

impl Tree {
    /// Returns the tree of a commit as the trusted side.
    ///
    /// # Errors
    /// When the commit is not in this clone or cannot be read.
    pub fn at_commit(repository: &Repository, commit: &str, limits: &Limits) -> Result<Self, Reason> {
        let reader = Box::new(repository.reader());
        let parsed = parse_id(commit).and_then(|id| commit::read(&reader, id, limits));
        let root = parsed.map_err(|error| error.reason(""))?.tree;
        Ok(Self(Place::Commit { reader, root }))
    }

    /// Returns the work tree as the trusted side; only for people at their desk.
    ///
    /// # Errors
    /// When the repository is bare.
    pub fn at_work_tree(repository: &Repository) -> Result<Self, Reason> {
        let root = repository.work_tree().ok_or_else(|| {
            Reason::new("no-work-tree", "a bare repository has no work tree to trust", "leave out `--trust worktree`")
        })?;
        Ok(Self(Place::Folder { root }))
    }

    /// Returns a folder of this machine as the trusted side: of people at their desk, or verified by the caller.
    #[must_use]
    pub fn at_folder(root: &Path) -> Self {
        Self(Place::Folder { root: root.to_owned() })
    }

    /// Returns the bytes of the file at `path` (`/` between components), or none when nothing is there.
    ///
    /// # Errors
    /// When the path leads through or to a link or submodule, is a folder, is over `configuration-bytes`, or cannot
    /// be read.
    pub fn read(&self, path: &str, limits: &Limits) -> Result<Option<Vec<u8>>, Reason> {
        let parts = components(path)?;
        match &self.0 {
            Place::Commit { reader, root } => {
                let Some((node, id)) = find(reader, *root, &parts, limits)? else { return Ok(None) };
                let Node::Leaf(kind) = node else { return Err(not_a_file(path, "a folder")) };
                refuse_special(kind, path)?;
                let id = id.to_string();
                let size = reader.blob_size(&id).map_err(|error| error.reason(path))?;
                check_size(size, path, limits)?;
                reader.blob(&id, limits).map(Some).map_err(|error| error.reason(path))
            }
            Place::Folder { root } => read_file(root, &parts, path, limits),
        }
    }

    /// Returns the paths of all files below `folder`, from the root of the repository, sorted; none when nothing is
    /// there. `""` is the root.
    ///
    /// # Errors
    /// When `folder` is no folder, when a link or submodule stands in it, when it holds too many files, or when it
    /// cannot be read.
    pub fn list(&self, folder: &str, limits: &Limits) -> Result<Option<Vec<String>>, Reason> {
        let folder = folder.trim_end_matches('/');
        let parts = if folder.is_empty() { Vec::new() } else { components(folder)? };
        let listed = match &self.0 {
            Place::Commit { reader, root } => {
                let Some((node, id)) = find(reader, *root, &parts, limits)? else { return Ok(None) };
                if node != Node::Tree {
                    return Err(not_a_folder(folder));
                }
                list_tree(reader, id, folder, limits)?
            }
            Place::Folder { root } => match list_folder(root, &parts, folder)? {
                Some(listed) => listed,
                None => return Ok(None),
            },
        };
        let mut listed = listed;
        listed.sort();
        Ok(Some(listed))
    }
}

/// Splits a path that configuration names; it may not leave the repository.
fn components(path: &str) -> Result<Vec<&str>, Reason> {
    let parts: Vec<&str> = path.split('/').collect();
    if parts.iter().any(|part| check_component(part.as_bytes(), false).is_err()) {
        let message = format!("`{path}` is not a path inside the repository");
        return Err(Reason::new("malformed-path", message, "name it from the root of the repository").at(path));
    }
    Ok(parts)
}

/// Walks down a commit's tree.
fn find(reader: &Reader, root: ObjectId, parts: &[&str], limits: &Limits) -> Result<Found, Reason> {
    let mut at = (Node::Tree, root);
    let mut walked = String::new();
    for part in parts {
        match at.0 {
            Node::Tree => {}
            Node::Leaf(kind) => {
                refuse_special(kind, &walked)?;
                return Ok(None);
            }
        }
        let data = reader.object(at.1, gix::objs::Kind::Tree, limits).map_err(|error| error.reason(&walked))?;
        let entries = parse(&data, at.1.as_bytes().len()).map_err(|why| malformed(&walked, why))?;
        match entries.iter().find(|entry| entry.name == part.as_bytes()) {
            Some(entry) => at = (entry.node, entry.id),
            None => return Ok(None),
        }
        if !walked.is_empty() {
            walked.push('/');
        }
        walked.push_str(part);
    }
    Ok(Some(at))
}

/// Lists all files below a tree object.
fn list_tree(reader: &Reader, id: ObjectId, folder: &str, limits: &Limits) -> Result<Vec<String>, Reason> {
    let mut listed = Vec::new();
    let mut open = vec![(folder.to_owned(), id)];
    let mut folders = 0_usize;
    while let Some((prefix, id)) = open.pop() {
        folders += 1;
        check_count(folders.max(listed.len()), folder)?;
        let data = reader.object(id, gix::objs::Kind::Tree, limits).map_err(|error| error.reason(&prefix))?;
        for entry in parse(&data, id.as_bytes().len()).map_err(|why| malformed(&prefix, why))? {
            let name = std::str::from_utf8(entry.name).map_err(|_| malformed(&prefix, "a name is not UTF-8"))?;
            let path = below(&prefix, name);
            if check_component(entry.name, false).is_err() || path.len() > super::path::PATH_BYTES {
                return Err(malformed(&wire(path.as_bytes()), "a name is not one of a file"));
            }
            match entry.node {
                Node::Tree => open.push((path, entry.id)),
                Node::Leaf(kind) => {
                    refuse_special(kind, &path)?;
                    listed.push(path);
                }
            }
        }
    }
    check_count(listed.len(), folder)?;
    Ok(listed)
}

/// Walks down the work tree without following a link; none when nothing is there.
fn walk_down(root: &Path, parts: &[&str], shown: &str) -> Result<Option<(PathBuf, std::fs::Metadata)>, Reason> {
    let mut path = root.to_owned();
    let mut found = std::fs::symlink_metadata(&path).map_err(|error| unreadable(shown, &error))?;
    for part in parts {
        if !found.is_dir() {
            return Ok(None);
        }
        path.push(part);
        found = match std::fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(shown, &error)),
        };
        if found.is_symlink() {
            return Err(not_a_file(shown, "a symbolic link, or below one"));
        }
    }
    Ok(Some((path, found)))
}

fn read_file(root: &Path, parts: &[&str], shown: &str, limits: &Limits) -> Result<Option<Vec<u8>>, Reason> {
    let Some((path, found)) = walk_down(root, parts, shown)? else { return Ok(None) };
    if !found.is_file() {
        return Err(not_a_file(shown, "not a regular file"));
    }
    check_size(found.len(), shown, limits)?;
    std::fs::read(path).map(Some).map_err(|error| unreadable(shown, &error))
}

fn list_folder(root: &Path, parts: &[&str], folder: &str) -> Result<Option<Vec<String>>, Reason> {
    let Some((path, found)) = walk_down(root, parts, folder)? else { return Ok(None) };
    if !found.is_dir() {
        return Err(not_a_folder(folder));
    }
    let mut listed = Vec::new();
    let mut open = vec![(folder.to_owned(), path)];
    let mut folders = 0_usize;
    while let Some((prefix, path)) = open.pop() {
        folders += 1;
        for entry in std::fs::read_dir(&path).map_err(|error| unreadable(&prefix, &error))? {
            check_count(folders.max(listed.len()), folder)?;
            let entry = entry.map_err(|error| unreadable(&prefix, &error))?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| malformed(&prefix, "a name is not UTF-8"))?;
            if prefix.is_empty() && name == ".git" {
                continue;
            }
            let below = below(&prefix, name);
            let kind = entry.file_type().map_err(|error| unreadable(&below, &error))?;
            if kind.is_dir() {
                if entry.path().join(".git").exists() {
                    return Err(not_a_file(&below, "another repository"));
                }
                open.push((below, entry.path()));
            } else if kind.is_file() {
                listed.push(below);
            } else {
                return Err(not_a_file(&below, "a symbolic link or a special file"));
            }
        }
    }
    Ok(Some(listed))
}

fn below(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}

/// A link on the trusted side could lead to bytes of the author's choosing; a submodule holds another repository's.
fn refuse_special(kind: EntryKind, path: &str) -> Result<(), Reason> {
    match kind {
        EntryKind::File | EntryKind::Executable => Ok(()),
        EntryKind::Symlink => Err(not_a_file(path, "a symbolic link")),
        EntryKind::Submodule => Err(not_a_file(path, "a submodule")),
    }
}

fn check_size(size: u64, path: &str, limits: &Limits) -> Result<(), Reason> {
    if size <= limits.configuration_bytes {
        return Ok(());
    }
    let message = format!("`{path}` has {size} bytes, over the limit of {}", limits.configuration_bytes);
    Err(Reason::new("configuration-too-large", message, "split the file").at(path))
}

fn check_count(count: usize, folder: &str) -> Result<(), Reason> {
    if count <= LISTED {
        return Ok(());
    }
    let message = format!("`{folder}` holds more than {LISTED} files");
    Err(Reason::new("configuration-too-large", message, "name a smaller folder").at(folder))
}

fn not_a_file(path: &str, what: &str) -> Reason {
    let message = format!("`{path}` is {what}; configuration and policies are plain files of the trusted side");
    Reason::new("untrusted-path", message, "replace it by a file").at(path)
}

fn not_a_folder(path: &str) -> Reason {
    Reason::new("untrusted-path", format!("`{path}` is not a folder"), "name the folder that holds the files").at(path)
}

fn malformed(path: &str, why: &str) -> Reason {
    let message = format!("the tree at `{path}` is malformed: {why}");
    Reason::new("malformed-tree", message, "`git fsck` names the tree").at(path)
}

fn unreadable(path: &str, error: &std::io::Error) -> Reason {
    Reason::new("unreadable-file", format!("`{path}` cannot be read: {error}"), "check its permissions").at(path)
}
