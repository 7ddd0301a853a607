//! The files of a specification as text, and what identifies them.
//!
//! Owns the tree digest. They come from the trusted side; where from is the business of `source`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::finding::hex;

/// The files of one specification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecificationFiles {
    /// Where it came from, for people: `.portcullis`, or the address and commit.
    pub origin: String,
    /// The folder in the repository that holds it, or empty when it comes from another repository.
    pub folder: String,
    /// The pinned commit, or empty.
    pub commit: String,
    /// Bytes by path, relative to the root of the specification, `/` between components.
    pub files: BTreeMap<String, SpecificationFile>,
}

/// The bytes of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecificationFile(#[serde(with = "serde_bytes")] pub Vec<u8>);

impl SpecificationFiles {
    /// Returns the tree digest: SHA-256 over the sorted lines `path NUL sha256(content) LF`, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut tree = Sha256::new();
        for (path, SpecificationFile(bytes)) in &self.files {
            tree.update(path.as_bytes());
            tree.update([0]);
            tree.update(hex(&Sha256::digest(bytes)).as_bytes());
            tree.update(b"\n");
        }
        hex(&tree.finalize())
    }

    /// Returns what names it in a verdict: the pinned commit, else the tree digest.
    #[must_use]
    pub fn identity(&self) -> String {
        if self.commit.is_empty() { format!("sha256:{}", self.digest()) } else { self.commit.clone() }
    }

    /// Returns the name of a file as shown to people: from the root of the repository where it lies there.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }
}
