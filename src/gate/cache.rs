//! What earlier runs read out of base sides: one file, keyed by blob, in a folder that the caller names.
//!
//! Owns the file's form, its bound, and when it is not believed: another version, other patterns or limits, or damage. A
//! miss costs a parse and changes nothing. Whoever can write the file can tell what of a change is old, and so hide a
//! finding: it is as trusted as the folder, never asked for by itself, and never holds what head says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::facts::VERSION;
use crate::limits::Limits;
use crate::policies::PatternSource;

/// Name of the file in its folder.
const FILE: &str = "portcullis-base-facts";

/// Bytes of facts that are kept; beyond them what this run did not need goes first.
const MAX_BYTES: usize = 128 << 20;

/// Bytes of a SHA-256.
const DIGEST: usize = 32;

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    blob: &'a str,
    #[serde(with = "serde_bytes")]
    facts: &'a [u8],
}

/// The facts of base sides by blob id.
#[derive(Debug, Default)]
pub(super) struct Cache {
    folder: Option<PathBuf>,
    /// Digest of everything but the bytes that the facts depend on.
    key: [u8; DIGEST],
    rows: BTreeMap<String, Vec<u8>>,
    used: RefCell<BTreeSet<String>>,
    changed: bool,
}

impl Cache {
    /// Opens the cache in a folder; without one, nothing is known and nothing kept.
    pub(super) fn open(folder: Option<&Path>, patterns: &[PatternSource], limits: &Limits) -> Self {
        let Some(folder) = folder else { return Self::default() };
        let key = key(patterns, limits);
        let rows = read(&folder.join(FILE), &key).unwrap_or_default();
        Self { folder: Some(folder.to_owned()), key, rows, ..Self::default() }
    }

    /// Returns what is known of a blob.
    pub(super) fn known(&self, blob: &str) -> Option<Vec<u8>> {
        let facts = self.rows.get(blob)?.clone();
        self.used.borrow_mut().insert(blob.to_owned());
        Some(facts)
    }

    /// Says whether anything is kept.
    pub(super) fn learns(&self) -> bool {
        self.folder.is_some()
    }

    /// Keeps what a blob says.
    pub(super) fn learn(&mut self, blob: &str, facts: Vec<u8>) {
        if self.learns() && !facts.is_empty() {
            self.used.borrow_mut().insert(blob.to_owned());
            self.rows.insert(blob.to_owned(), facts);
            self.changed = true;
        }
    }

    /// Keeps nothing of blobs whose facts are such.
    pub(super) fn forget(&mut self, such: impl Fn(&[u8]) -> bool) {
        let before = self.rows.len();
        self.rows.retain(|_, facts| !such(facts));
        self.changed |= self.rows.len() < before;
    }

    /// Writes the file anew where there is something new.
    ///
    /// # Errors
    /// When the folder cannot be written; the run itself does not depend on it.
    pub(super) fn close(mut self) -> std::io::Result<()> {
        let Some(folder) = self.folder.take().filter(|_| self.changed) else { return Ok(()) };
        self.shrink();
        let rows: Vec<Row<'_>> = self.rows.iter().map(|(blob, facts)| Row { blob, facts }).collect();
        let body = postcard::to_stdvec(&rows).map_err(std::io::Error::other)?;
        std::fs::create_dir_all(&folder)?;
        // Beside the old file and then in its place, so that no reader sees half of it.
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(&self.key)?;
        file.write_all(&Sha256::digest(&body))?;
        file.write_all(&body)?;
        file.persist(folder.join(FILE)).map_err(|error| error.error)?;
        Ok(())
    }

    /// Drops rows until the rest is within the bound: first those that this run had no use for.
    fn shrink(&mut self) {
        let used = self.used.borrow();
        let size = |(blob, facts): (&String, &Vec<u8>)| blob.len().saturating_add(facts.len());
        let mut total: usize = self.rows.iter().map(size).sum();
        for spare in [false, true] {
            self.rows.retain(|blob, facts| {
                let goes = total > MAX_BYTES && used.contains(blob) == spare;
                total = total.saturating_sub(if goes { size((blob, facts)) } else { 0 });
                !goes
            });
        }
    }
}

fn key(patterns: &[PatternSource], limits: &Limits) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    let limits = postcard::to_stdvec(limits).unwrap_or_default();
    hash.update(format!("{} {VERSION} {}\0", env!("CARGO_PKG_VERSION"), limits.len()));
    hash.update(&limits);
    for part in patterns.iter().flat_map(|source| [&source.pack, &source.path, &source.text]) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Returns the rows of a file with that key, or nothing: also where it cannot be read, is too long or damaged.
fn read(path: &Path, key: &[u8; DIGEST]) -> Option<BTreeMap<String, Vec<u8>>> {
    let bound = MAX_BYTES.saturating_mul(2);
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(bound as u64).read_to_end(&mut bytes).ok()?;
    let (found, rest) = bytes.split_first_chunk::<DIGEST>()?;
    let (digest, body) = rest.split_first_chunk::<DIGEST>()?;
    if found != key || Sha256::digest(body).as_slice() != digest {
        return None;
    }
    let rows: Vec<Row<'_>> = postcard::from_bytes(body).ok()?;
    Some(rows.into_iter().map(|row| (row.blob.to_owned(), row.facts.to_vec())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Cache {
        Cache::open(Some(folder), &[], &Limits::default())
    }

    #[test]
    fn what_was_learnt_is_known_later_and_only_under_the_same_patterns_and_limits() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = open(folder.path());
        assert_eq!(cache.known("one"), None);
        cache.learn("one", vec![1, 2]);
        cache.learn("nothing", Vec::new());
        cache.close().unwrap();
        assert_eq!(open(folder.path()).known("one"), Some(vec![1, 2]));
        assert_eq!(open(folder.path()).known("nothing"), None);
        let source = |text: &str| PatternSource { pack: "a".into(), path: "b".into(), text: text.into() };
        assert_eq!(Cache::open(Some(folder.path()), &[source("c")], &Limits::default()).known("one"), None);
        let limits = Limits { tree_depth: 1, ..Limits::default() };
        assert_eq!(Cache::open(Some(folder.path()), &[], &limits).known("one"), None);
    }

    #[test]
    fn a_damaged_file_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = open(folder.path());
        cache.learn("one", vec![7; 40]);
        cache.close().unwrap();
        let whole = std::fs::read(folder.path().join(FILE)).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(folder.path().join(FILE), &damaged).unwrap();
            assert_eq!(open(folder.path()).known("one"), None, "byte {at}");
            std::fs::write(folder.path().join(FILE), &whole[..at]).unwrap();
            assert_eq!(open(folder.path()).known("one"), None, "cut at {at}");
        }
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        let mut cache = Cache::open(None, &[], &Limits::default());
        cache.learn("one", vec![1]);
        assert_eq!(cache.known("one"), None);
        cache.close().unwrap();
    }

    #[test]
    fn beyond_the_bound_what_was_not_needed_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = open(folder.path());
        for name in ["a", "b", "c"] {
            cache.learn(name, vec![0; MAX_BYTES / 2 - 10]);
        }
        cache.used.borrow_mut().remove("b");
        cache.shrink();
        assert_eq!(cache.rows.keys().collect::<Vec<_>>(), ["a", "c"]);
    }
}
