//! What the graph is built from: every file of both sides with its imports, and the manifests that resolution reads.
//!
//! Owns a plain value that can be saved, so that the same graph is built again offline. What both sides have is listed
//! once. Must not resolve anything.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::completeness::Reason;
use crate::facts::ImportLine;
use crate::limits::Limits;

/// Which sides have an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Both, with the same content.
    Both,
    /// The base side only.
    Base,
    /// The head side only.
    Head,
}

/// One side of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The merge base.
    Base,
    /// What is proposed.
    Head,
}

impl Presence {
    /// Says whether that side has the entry.
    #[must_use]
    pub fn on(self, side: Side) -> bool {
        matches!((self, side), (Self::Both, _) | (Self::Base, Side::Base) | (Self::Head, Side::Head))
    }
}

/// One file of a language with imports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedFile {
    /// Its path, in wire form.
    pub path: String,
    /// Which sides have it so.
    pub on: Presence,
    /// Id of the language.
    pub language: String,
    /// The package that it says it belongs to (Java), or empty.
    pub package: String,
    /// Its imports, sorted by place; empty also where it could not be read.
    pub imports: Vec<ImportLine>,
}

/// The text of one manifest, such as `go.mod` or `tsconfig.json`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedManifest {
    /// Its path.
    pub path: String,
    /// Which sides have it so.
    pub on: Presence,
    /// Its text; manifests with the same bytes share it.
    pub text: SharedText,
}

/// A text that many entries may share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SharedText(Arc<str>);

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for SharedText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SharedText> for String {
    fn from(text: SharedText) -> Self {
        (*text).to_owned()
    }
}

/// A file of no such language that imports may name (`./data.json`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPath {
    /// Its path.
    pub path: String,
    /// Which sides have it.
    pub on: Presence,
}

/// A symbolic link to a file or folder of the repository: another name for what it leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedLink {
    /// Its path.
    pub path: String,
    /// Which sides have it so.
    pub on: Presence,
    /// Where it leads: a path from the root of the repository, with what is `..` in it left as it stands, for it may
    /// go over another link. One that leaves the repository begins with `/`.
    pub to: String,
}

/// Everything that the graphs of both sides are built from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportListing {
    /// Files with imports, sorted by path.
    pub files: Vec<ListedFile>,
    /// Manifests, sorted by path.
    pub manifests: Vec<ListedManifest>,
    /// Other files that imports may name, sorted by path.
    pub others: Vec<ListedPath>,
    /// Symbolic links, sorted by path.
    pub links: Vec<ListedLink>,
    /// What could not be read, sorted: a rule that needs the graph is then undecided.
    pub reasons: Vec<Reason>,
    /// Steps that resolving the imports of one side may take, limit `resolve-steps`.
    #[serde(default = "usual_steps")]
    pub steps: u64,
}

fn usual_steps() -> u64 {
    Limits::default().resolve_steps
}

impl Default for ImportListing {
    fn default() -> Self {
        let (files, manifests, others, links, reasons) = Default::default();
        Self { files, manifests, others, links, reasons, steps: usual_steps() }
    }
}
