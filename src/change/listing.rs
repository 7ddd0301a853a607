//! Every file of one commit's tree, with what it is and which object holds it.
//!
//! Owns the whole listing, for what needs the whole repository. Reads tree objects only, follows nothing, and stops at
//! a bound: a tree that names the same folder many times over is small on disk and endless when walked.

use gix::ObjectId;

use super::path::{PATH_BYTES, wire};
use super::repository::{Repository, parse_id};
use super::tree::{Node, parse};
use super::{EntryKind, commit};
use crate::completeness::Reason;
use crate::limits::Limits;

/// One entry of a commit's tree: a file, a link or a submodule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeEntry {
    /// The path from the root, in wire form.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Object id in hexadecimal.
    pub id: String,
}

/// Lists all entries of a commit's tree, sorted by path.
///
/// # Errors
/// When the commit or a tree is missing or malformed, or when there are more entries than `graph-files` allows for.
pub fn list_commit(repository: &Repository, commit: &str, limits: &Limits) -> Result<Vec<TreeEntry>, Reason> {
    let reader = repository.reader();
    let parsed = parse_id(commit).and_then(|id| commit::read(&reader, id, limits));
    let root = parsed.map_err(|error| error.reason(""))?.tree;
    let most = limits.graph_files.saturating_mul(4);
    let mut found = Vec::new();
    let mut open: Vec<(Vec<u8>, ObjectId)> = vec![(Vec::new(), root)];
    let mut folders = 0_u64;
    while let Some((prefix, id)) = open.pop() {
        folders = folders.saturating_add(1);
        if folders.saturating_add(found.len() as u64) > most {
            let message = format!("the repository has more than {most} files and folders");
            return Err(Reason::new("graph-too-large", message, "raise `limits: {graph-files: N}`"));
        }
        let shown = || wire(&prefix);
        let data = reader.object(id, gix::objs::Kind::Tree, limits).map_err(|error| error.reason(&shown()))?;
        for entry in parse(&data, id.as_bytes().len()).map_err(|why| malformed(&shown(), why))? {
            let mut path = prefix.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(entry.name);
            if path.len() > PATH_BYTES {
                return Err(malformed(&shown(), "a path below it is longer than 4096 bytes"));
            }
            match entry.node {
                Node::Tree => open.push((path, entry.id)),
                Node::Leaf(kind) => found.push(TreeEntry { path: wire(&path), kind, id: entry.id.to_string() }),
            }
        }
    }
    found.sort();
    Ok(found)
}

/// One folder of a commit's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderListing {
    /// Its files, links and submodules, sorted by path.
    pub files: Vec<TreeEntry>,
    /// The names of the folders in it, sorted.
    pub folders: Vec<String>,
}

/// Lists one folder of a commit's tree; what lies in folders below it is left out. Nothing where there is none.
///
/// # Errors
/// When the commit or a tree on the way is missing or malformed.
pub fn list_folder(
    repository: &Repository,
    commit: &str,
    folder: &str,
    limits: &Limits,
) -> Result<FolderListing, Reason> {
    let reader = repository.reader();
    let parsed = parse_id(commit).and_then(|id| commit::read(&reader, id, limits));
    let mut id = parsed.map_err(|error| error.reason(""))?.tree;
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        let data = reader.object(id, gix::objs::Kind::Tree, limits).map_err(|error| error.reason(folder))?;
        let entries = parse(&data, id.as_bytes().len()).map_err(|why| malformed(folder, why))?;
        let below = entries.iter().find(|entry| wire(entry.name) == name);
        match below.map(|entry| (&entry.node, entry.id)) {
            Some((Node::Tree, below)) => id = below,
            _ => return Ok(FolderListing::default()),
        }
    }
    let data = reader.object(id, gix::objs::Kind::Tree, limits).map_err(|error| error.reason(folder))?;
    let mut found = FolderListing::default();
    for entry in parse(&data, id.as_bytes().len()).map_err(|why| malformed(folder, why))? {
        let name = wire(entry.name);
        match entry.node {
            Node::Leaf(kind) => {
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                found.files.push(TreeEntry { path, kind, id: entry.id.to_string() });
            }
            Node::Tree => found.folders.push(name),
        }
    }
    found.files.sort();
    found.folders.sort();
    Ok(found)
}

fn malformed(path: &str, why: &str) -> Reason {
    let message = format!("the tree at `{path}` is malformed: {why}");
    Reason::new("malformed-tree", message, "`git fsck` names the tree").at(path)
}
