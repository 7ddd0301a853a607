//! Everything that one decision uses, as one file.
//!
//! Owns the document that `--save-input` writes and `decide` reads. Its keys are the arguments of the decision, so
//! nothing else can influence it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::configuration::Configuration;
use crate::gate::proposed::Proposed;
use crate::impact::listing::ImportListing;
use crate::policies::PolicySet;
use crate::policies::input::InputDocument;
use crate::review::state::{ForgeFacts, Freshness};
use crate::specification::files::SpecificationFiles;
use crate::untrusted::Untrusted;

/// Name and version of the document.
pub const SCHEMA: &str = "portcullis.saved/v1";

/// The arguments of one decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedInput {
    /// Always `portcullis.saved/v1`.
    pub schema: String,
    /// `portcullis` and the version that collected.
    pub tool: String,
    /// The change, as policies see it.
    pub input: InputDocument,
    /// Policies, patterns and data.
    pub policies: PolicySet,
    /// Number of packs and policy folders.
    pub packs: u32,
    /// The specification of the trusted side, or none.
    pub specification: Option<SpecificationFiles>,
    /// What the change makes of the specification.
    #[serde(default)]
    pub proposed: Proposed,
    /// The baseline of the trusted side as text, or none.
    pub baseline: Option<String>,
    /// What the import graphs of both sides are built from, or none where no rule needed them.
    pub imports: Option<ImportListing>,
    /// The base configuration.
    pub configuration: Configuration,
    /// Where rules were read from: `base` or `worktree`.
    pub trust: String,
    /// What the forge said: title, labels, approvals.
    pub forge: ForgeFacts,
    /// What became of each commit that was approved and is not head, by full id.
    pub freshness: Freshness,
    /// Owners, by base's CODEOWNERS, of the old places of files that moved.
    pub moved: BTreeMap<String, Vec<String>>,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
    /// Head text (base text of deleted files) by path: fingerprints and code frames are made from it.
    pub texts: BTreeMap<String, String>,
    /// One-line notes of the collection.
    pub notes: Vec<Untrusted>,
    /// The command that collects the same again.
    pub again: String,
}

/// Returns the name and version of this binary.
#[must_use]
pub(super) fn tool() -> String {
    format!("portcullis {}", env!("CARGO_PKG_VERSION"))
}
