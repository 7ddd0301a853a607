//! Opening a repository and reading single objects out of it, by id.
//!
//! Owns the `gix` handle and how it is configured: no environment, no configuration outside the repository, no replace
//! refs. Must not run a program, follow a link of the work tree, or answer a missing object with an empty one.

use std::path::{Path, PathBuf};

use gix::ObjectId;

use crate::completeness::Reason;
use crate::limits::Limits;

/// Why a folder could not be opened as a repository.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No repository at that folder or above it.
    #[error("`{dir}` is not inside a git repository; pass `--repo DIR`")]
    NotFound {
        /// The folder.
        dir: String,
    },
    /// The repository keeps its references in the reftable format.
    #[error(
        "`{dir}` keeps its references as reftable, which cannot be read yet; \
         run `git refs migrate --ref-format=files`, or check a clone made with `git clone --ref-format=files`"
    )]
    Reftable {
        /// The git folder.
        dir: String,
    },
    /// Anything else.
    #[error("the repository at `{dir}` cannot be opened: {detail}")]
    Unreadable {
        /// The folder.
        dir: String,
        /// What went wrong.
        detail: String,
    },
}

impl OpenError {
    /// Returns what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => {
                "Run it inside a repository, name one with `--repo DIR`, or begin one with `git init`."
            }
            Self::Reftable { .. } => "Migrate its references, or check a clone without reftable.",
            Self::Unreadable { .. } => "Look at it with `git status` and `git fsck`, or clone it anew.",
        }
    }
}

/// Why an object could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The object is not in the repository: a shallow or partial clone, or a broken one.
    #[error("object {id} is not in this clone")]
    Missing {
        /// Object id.
        id: String,
    },
    /// The object is larger than `object-bytes`.
    #[error("object {id} has {size} bytes, over the limit `object-bytes` of {limit}")]
    TooLarge {
        /// Object id.
        id: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The object is of another kind than its place says.
    #[error("object {id} is a {found}, not a {expected}")]
    WrongKind {
        /// Object id.
        id: String,
        /// What it is.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// The object is there and cannot be decoded, or its id is not one.
    #[error("object {id} cannot be read: {detail}")]
    Unreadable {
        /// Object id.
        id: String,
        /// What went wrong.
        detail: String,
    },
}

impl BlobError {
    /// Returns what keeps the decision from being complete; `path` may be empty.
    #[must_use]
    pub fn reason(&self, path: &str) -> Reason {
        let (code, remedy) = match self {
            Self::Missing { .. } => ("missing-object", MISSING_REMEDY.to_owned()),
            Self::TooLarge { .. } => {
                ("object-too-large", "raise `limits: {object-bytes: N}` in base configuration".to_owned())
            }
            Self::WrongKind { .. } => ("malformed-tree", "remove the entry from the change".to_owned()),
            Self::Unreadable { .. } => ("unreadable-object", "run `git fsck` and fetch the repository anew".to_owned()),
        };
        Reason::new(code, self.to_string(), remedy).at(path)
    }
}

/// What to do about one missing object; `Change::reasons` names a command that fetches all of them at once.
const MISSING_REMEDY: &str = "git fetch --refetch --no-filter origin, or check out with the full history";

/// A repository that can be shared between threads; each thread reads through its own `Reader`.
#[derive(Clone)]
pub struct Repository {
    git: gix::ThreadSafeRepository,
    shallow: bool,
    promisor: bool,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("git_dir", &self.git.refs.git_dir()).finish_non_exhaustive()
    }
}

impl Repository {
    /// Opens the repository that holds `dir`: a work tree, a linked work tree, a bare repository or a git folder.
    ///
    /// The environment is not consulted: `GIT_DIR` and its relatives cannot redirect, and neither user nor system
    /// configuration is read. A repository of another user opens; its own configuration is then ignored. Replace refs
    /// and grafts have no effect.
    ///
    /// # Errors
    /// When there is none, when its references are in the reftable format, or when it cannot be read.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let shown = dir.display().to_string();
        let unreadable = |error: gix::Error| OpenError::Unreadable { dir: shown.clone(), detail: error.to_string() };
        // A reftable repository has a stub HEAD that no reader of plain references can use, so look first.
        if !dir.exists() {
            return Err(OpenError::NotFound { dir: shown });
        }
        let (path, _trust) = gix::discover::upwards(dir).map_err(|_| OpenError::NotFound { dir: shown.clone() })?;
        let (git_dir, work_tree) = path.into_repository_and_work_tree_directories();
        let options = gix::open::Options::isolated()
            .open_path_as_is(work_tree.is_none())
            .config_overrides(["core.useReplaceRefs=false", "core.fsmonitor=false"]);
        let git = options.open(work_tree.unwrap_or_else(|| git_dir.clone())).map_err(unreadable)?;
        let common = git.common_dir.clone().unwrap_or_else(|| git.refs.git_dir().to_owned());
        let local = git.to_thread_local();
        let config = local.config_snapshot();
        let storage = config.string("extensions.refStorage");
        if storage.is_some_and(|name| name.eq_ignore_ascii_case(b"reftable")) || common.join("reftable").is_dir() {
            return Err(OpenError::Reftable { dir: git_dir.display().to_string() });
        }
        let promisor = config.string("extensions.partialClone").is_some()
            || config
                .plumbing()
                .sections_by_name("remote")
                .is_some_and(|mut sections| sections.any(|section| section.value("promisor").is_some()));
        let shallow = std::fs::symlink_metadata(common.join("shallow")).is_ok_and(|meta| meta.len() > 0);
        Ok(Self { git, shallow, promisor })
    }

    /// Returns a handle for one thread. Cheap; make one a thread and keep it.
    #[must_use]
    pub fn reader(&self) -> Reader {
        let mut git = self.git.to_thread_local();
        // A run judges what is there at its start; a pack that appears later must not change the answer.
        git.objects.refresh_never();
        git.objects.ignore_replacements = true;
        Reader { git, shallow: self.shallow, promisor: self.promisor }
    }

    /// Returns the bytes of a blob; see [`Reader::blob`], which is faster for many.
    ///
    /// # Errors
    /// When the object is missing, too large, not a blob, or unreadable.
    pub fn blob(&self, id: &str, limits: &Limits) -> Result<Vec<u8>, BlobError> {
        self.reader().blob(id, limits)
    }

    /// Says whether the history of this clone was cut off.
    #[must_use]
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// Returns the git folder that all work trees of this repository share.
    #[must_use]
    pub fn common_dir(&self) -> PathBuf {
        self.git.common_dir.clone().unwrap_or_else(|| self.git.refs.git_dir().to_owned())
    }

    /// Returns the address of the remote `origin` as its own configuration has it; a guess for whoever writes files, never
    /// a ground for a decision.
    #[must_use]
    pub fn origin_address(&self) -> Option<String> {
        let git = self.git.to_thread_local();
        git.config_snapshot().string("remote.origin.url").map(|address| address.to_string())
    }

    /// Returns the root of the work tree, or none for a bare repository.
    #[must_use]
    pub fn work_tree(&self) -> Option<PathBuf> {
        self.git.work_tree.clone()
    }
}

/// One thread's handle for reading objects.
pub struct Reader {
    pub(super) git: gix::Repository,
    pub(super) shallow: bool,
    pub(super) promisor: bool,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("git_dir", &self.git.git_dir()).finish_non_exhaustive()
    }
}

impl Reader {
    /// Returns the bytes of a blob. Link targets and LFS pointers are blobs like others.
    ///
    /// # Errors
    /// When the object is missing, over `object-bytes`, not a blob, or unreadable; never an empty answer instead.
    pub fn blob(&self, id: &str, limits: &Limits) -> Result<Vec<u8>, BlobError> {
        let id = parse_id(id)?;
        self.object(id, gix::objs::Kind::Blob, limits)
    }

    /// Returns the size of a blob in bytes without loading it.
    ///
    /// # Errors
    /// When the object is missing, not a blob, or unreadable.
    pub fn blob_size(&self, id: &str) -> Result<u64, BlobError> {
        self.header(parse_id(id)?, gix::objs::Kind::Blob)
    }

    /// Returns the bytes of an object of that kind, within `object-bytes`.
    pub(super) fn object(&self, id: ObjectId, kind: gix::objs::Kind, limits: &Limits) -> Result<Vec<u8>, BlobError> {
        let size = self.header(id, kind)?;
        if size > limits.object_bytes {
            return Err(BlobError::TooLarge { id: id.to_string(), size, limit: limits.object_bytes });
        }
        match self.git.try_find_object(id) {
            Ok(Some(mut object)) => Ok(std::mem::take(&mut object.data)),
            Ok(None) => Err(BlobError::Missing { id: id.to_string() }),
            Err(error) => Err(BlobError::Unreadable { id: id.to_string(), detail: error.to_string() }),
        }
    }

    /// Returns the size of an object of that kind.
    pub(super) fn header(&self, id: ObjectId, expected: gix::objs::Kind) -> Result<u64, BlobError> {
        match self.git.try_find_header(id) {
            Ok(Some(header)) if header.kind() == expected => Ok(header.size()),
            Ok(Some(header)) => Err(BlobError::WrongKind {
                id: id.to_string(),
                found: header.kind().to_string(),
                expected: expected.to_string(),
            }),
            Ok(None) => Err(BlobError::Missing { id: id.to_string() }),
            Err(error) => Err(BlobError::Unreadable { id: id.to_string(), detail: error.to_string() }),
        }
    }
}

/// Returns the object id of a hexadecimal text.
pub(super) fn parse_id(id: &str) -> Result<ObjectId, BlobError> {
    ObjectId::from_hex(id.as_bytes())
        .map_err(|error| BlobError::Unreadable { id: id.to_owned(), detail: error.to_string() })
}

/// Says whether `bytes` are a Git LFS pointer: the stored text in place of a large file.
#[must_use]
pub fn lfs_pointer(bytes: &[u8]) -> bool {
    // The specification caps a pointer at 1024 bytes and wants `version` first.
    bytes.len() < 1024
        && (bytes.starts_with(b"version https://git-lfs.github.com/spec/")
            || bytes.starts_with(b"version https://hawser.github.com/spec/"))
        && bytes.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"oid "))
}

/// Says whether `bytes` are binary by git's rule: a NUL among the first 8000.
#[must_use]
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8000).any(|&byte| byte == 0)
}
