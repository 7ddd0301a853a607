//! The files on disk as git would store them.
//!
//! Owns reading the work tree: tracked files, then untracked ones that are not ignored. Never follows a link, never
//! runs a filter, never enters another repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::index::entry::{Flags, Mode as IndexMode, Stage, Stat};

use super::EntryKind;
use super::path::wire;
use super::repository::{BlobError, Reader, parse_id};
use super::tree::Leaf;
use super::worktree::{Compared, Leaves, kind_of};
use crate::completeness::Reason;
use crate::limits::Limits;

/// Names on disk that one comparison looks at.
const VISITED: usize = 2_000_000;

/// Reads a file or the target of a link from the work tree; it must still have the bytes of that id.
pub(super) fn read_file(reader: &Reader, path: &Path, id: &str, limits: &Limits) -> Result<Vec<u8>, BlobError> {
    let broken = |detail: String| BlobError::Unreadable { id: id.to_owned(), detail };
    let found = std::fs::symlink_metadata(path).map_err(|error| broken(error.to_string()))?;
    if found.len() > limits.object_bytes {
        return Err(BlobError::TooLarge { id: id.to_owned(), size: found.len(), limit: limits.object_bytes });
    }
    let bytes = bytes_of(path, found.is_symlink()).map_err(|error| broken(error.to_string()))?;
    if hash(reader, &bytes) == Some(parse_id(id)?) {
        return Ok(bytes);
    }
    Err(broken("the file changed while it was judged; run again".to_owned()))
}

/// The files on disk as leaves.
pub(super) struct Disk<'a> {
    reader: &'a Reader,
    limits: &'a Limits,
    root: &'a Path,
    found: &'a mut Compared,
    /// Whether a folder is reached without a link.
    plain: BTreeMap<Vec<u8>, bool>,
}

impl<'a> Disk<'a> {
    /// Returns a reader of the work tree at `root` that notes what it cannot read in `found`.
    pub(super) fn new(reader: &'a Reader, limits: &'a Limits, root: &'a Path, found: &'a mut Compared) -> Self {
        Self { reader, limits, root, found, plain: BTreeMap::new() }
    }

    /// Returns all files: those of the index as they are now, and new ones.
    pub(super) fn leaves(mut self, index: &gix::index::File, staged: &Leaves) -> Leaves {
        let mut leaves = Leaves::new();
        for entry in index.entries().iter().filter(|entry| entry.stage() == Stage::Unconflicted) {
            let path = entry.path(index);
            let Some(kind) = kind_of(entry.mode) else { continue };
            let kept = entry.flags.contains(Flags::SKIP_WORKTREE) || kind == EntryKind::Submodule;
            let leaf = if kept { Some((kind, entry.id)) } else { self.tracked(path, kind, entry, index) };
            if let Some(leaf) = leaf {
                leaves.insert(path.to_vec(), leaf);
            }
        }
        self.untracked(index, staged, &mut leaves);
        leaves
    }

    /// Returns what stands at the path of an index entry now.
    fn tracked(
        &mut self,
        path: &BStr,
        kind: EntryKind,
        entry: &gix::index::Entry,
        index: &gix::index::File,
    ) -> Option<Leaf> {
        let folder = path.iter().rposition(|&byte| byte == b'/').and_then(|at| path.get(..at)).unwrap_or_default();
        if !self.is_plain(folder) {
            return None;
        }
        let place = self.place(path)?;
        let meta = match gix::index::fs::Metadata::from_path_no_follow(&place) {
            Ok(meta) => meta,
            Err(error) if is_absent(&error) => return None,
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        if meta.is_dir() {
            return None;
        }
        let now = kind_on_disk(&meta, kind);
        let options = gix::index::entry::stat::Options::default();
        let fresh = Stat::from_fs(&meta)
            .is_ok_and(|stat| entry.stat.matches(&stat, options) && !entry.stat.is_racy(index.timestamp(), options));
        if fresh && now == Some(kind) && !entry.flags.contains(Flags::INTENT_TO_ADD) {
            return Some((kind, entry.id));
        }
        self.leaf(path, place, &meta, now, Some(entry.id))
    }

    /// Reads and hashes one file or link; `staged` is the id that the index has for it.
    fn leaf(
        &mut self,
        path: &BStr,
        place: PathBuf,
        meta: &gix::index::fs::Metadata,
        kind: Option<EntryKind>,
        staged: Option<ObjectId>,
    ) -> Option<Leaf> {
        let Some(kind) = kind else {
            let message = "it is neither a file nor a link";
            self.found.reasons.push(Reason::new("unreadable-file", message, "remove or ignore it").at(wire(path)));
            return None;
        };
        if meta.len() > self.limits.object_bytes {
            let message = format!("the file has {} bytes, over the limit `object-bytes`", meta.len());
            self.found.reasons.push(Reason::new("object-too-large", message, "ignore or split it").at(wire(path)));
            return None;
        }
        let bytes = match bytes_of(&place, kind == EntryKind::Symlink) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.unreadable(path, &error);
                return None;
            }
        };
        let id = hash(self.reader, &bytes)?;
        // A work tree with CRLF over objects with LF is how git checks out on some systems, not a change.
        if let Some(staged) = staged.filter(|_| kind.is_file() && bytes.contains(&b'\r'))
            && hash(self.reader, &bytes.replace("\r\n", "\n")) == Some(staged)
        {
            return Some((kind, staged));
        }
        if Some(id) != staged && !self.reader.git.has_object(id) {
            self.found.on_disk.entry(id.to_string()).or_insert(place);
        }
        Some((kind, id))
    }

    /// Adds files that are neither tracked nor ignored.
    fn untracked(&mut self, index: &gix::index::File, staged: &Leaves, leaves: &mut Leaves) {
        let mut ignored =
            match self.reader.git.excludes(index, None, gix::worktree::stack::state::ignore::Source::default()) {
                Ok(ignored) => ignored,
                Err(error) => {
                    let message = format!("ignore rules cannot be read: {error}");
                    self.found.reasons.push(Reason::new("unreadable-index", message, "check `.git/info/exclude`"));
                    return;
                }
            };
        let known = |path: &[u8]| index.entry_by_path(path.as_bstr()).is_some() || staged.contains_key(path);
        let mut open = vec![Vec::new()];
        let mut visited = 0_usize;
        while let Some(folder) = open.pop() {
            for (name, is_folder) in self.entries(&folder) {
                visited += 1;
                if visited > VISITED {
                    let message = format!("the work tree holds more than {VISITED} names");
                    self.found.reasons.push(Reason::new("too-many-files", message, "ignore generated folders"));
                    return;
                }
                let path = if folder.is_empty() { name } else { [folder.as_slice(), b"/", &name].concat() };
                if known(&path) || path.eq_ignore_ascii_case(b".git") {
                    continue;
                }
                let mode = if is_folder { IndexMode::DIR } else { IndexMode::FILE };
                match ignored.at_entry(path.as_bstr(), Some(mode)) {
                    Ok(platform) if platform.is_excluded() => continue,
                    Ok(_) => {}
                    Err(error) => {
                        let message = format!("ignore rules cannot be applied: {error}");
                        self.found.reasons.push(
                            Reason::new("unreadable-file", message, "mend the .gitignore files around it")
                                .at(wire(&path)),
                        );
                        continue;
                    }
                }
                if is_folder {
                    self.enter(path, &mut open);
                } else if let Some(leaf) = self.fresh(path.as_bstr()) {
                    leaves.insert(path, leaf);
                }
            }
        }
    }

    /// Queues a folder, unless it is a repository of its own.
    fn enter(&mut self, path: Vec<u8>, open: &mut Vec<Vec<u8>>) {
        let own = self.place(path.as_bstr()).is_some_and(|place| place.join(".git").exists());
        if own {
            self.found
                .notes
                .push(format!("`{}` is another repository and was not checked", wire(&path).escape_debug()));
        } else {
            open.push(path);
        }
    }

    /// Reads a file that the index does not know.
    fn fresh(&mut self, path: &BStr) -> Option<Leaf> {
        let place = self.place(path)?;
        match gix::index::fs::Metadata::from_path_no_follow(&place) {
            Ok(meta) => {
                let kind = kind_on_disk(&meta, EntryKind::File);
                // Pipes and sockets cannot be added to git, so they are no part of any change.
                kind.and_then(|kind| self.leaf(path, place, &meta, Some(kind), None))
            }
            Err(error) => {
                self.unreadable(path, &error);
                None
            }
        }
    }

    /// Lists the names in a folder and whether each is a folder, sorted.
    fn entries(&mut self, folder: &[u8]) -> Vec<(Vec<u8>, bool)> {
        let mut names = Vec::new();
        let Some(place) = self.place(folder.as_bstr()) else { return names };
        let listed = std::fs::read_dir(place).and_then(|entries| {
            for entry in entries {
                let entry = entry?;
                let name = gix::path::os_string_into_bstring(entry.file_name())
                    .map_err(|_| std::io::Error::other("a name cannot be written in git"))?;
                names.push((Vec::from(name), entry.file_type()?.is_dir()));
            }
            Ok(())
        });
        if let Err(error) = listed {
            self.unreadable(folder.as_bstr(), &error);
        }
        names.sort();
        names
    }

    /// Says whether a folder is reached from the root without a link, and is a folder.
    fn is_plain(&mut self, folder: &[u8]) -> bool {
        if folder.is_empty() {
            return true;
        }
        if let Some(&plain) = self.plain.get(folder) {
            return plain;
        }
        let ends = folder.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        let mut plain = true;
        for end in ends.chain([folder.len()]) {
            let part = folder.get(..end).unwrap_or_default();
            plain = match self.plain.get(part) {
                Some(&known) => known,
                None => {
                    let place = self.place(part.as_bstr());
                    place.is_some_and(|place| std::fs::symlink_metadata(place).is_ok_and(|meta| meta.is_dir()))
                }
            };
            self.plain.insert(part.to_vec(), plain);
            if !plain {
                break;
            }
        }
        self.plain.insert(folder.to_vec(), plain);
        plain
    }

    /// Returns where a path is on disk; none when this system cannot name it.
    fn place(&self, path: &BStr) -> Option<PathBuf> {
        Some(self.root.join(gix::path::from_byte_slice(path).ok()?))
    }

    fn unreadable(&mut self, path: &BStr, error: &std::io::Error) {
        let reason = Reason::new("unreadable-file", format!("it cannot be read: {error}"), "check its permissions");
        self.found.reasons.push(reason.at(wire(path)));
    }
}

/// Returns the kind of what is on disk; where the executable bit does not exist, the one that the index has.
fn kind_on_disk(meta: &gix::index::fs::Metadata, staged: EntryKind) -> Option<EntryKind> {
    if meta.is_symlink() {
        return Some(EntryKind::Symlink);
    }
    if !meta.is_file() {
        return None;
    }
    if cfg!(unix) {
        return Some(if meta.is_executable() { EntryKind::Executable } else { EntryKind::File });
    }
    Some(if staged == EntryKind::Executable { staged } else { EntryKind::File })
}

/// Returns the bytes that git would store for a file or link, filters aside.
fn bytes_of(place: &Path, link: bool) -> std::io::Result<Vec<u8>> {
    if !link {
        return std::fs::read(place);
    }
    let target = std::fs::read_link(place)?;
    let target = gix::path::os_string_into_bstring(target.into_os_string());
    target.map(Vec::from).map_err(|_| std::io::Error::other("the target of the link is no text"))
}

fn hash(reader: &Reader, bytes: &[u8]) -> Option<ObjectId> {
    gix::objs::compute_hash(reader.git.object_hash(), gix::objs::Kind::Blob, bytes).ok()
}

/// Says whether nothing is there: no such file, or a file where a folder would have to be.
fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}
