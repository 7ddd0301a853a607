//! The trusted side -> written intent: policies, specification, baseline.
//!
//! Owns what is read of the trusted side and when two sides say the same. Must not read head.

use crate::change::Repository;
use crate::change::trusted::Tree;
use crate::completeness::Reason;
use crate::configuration::Configuration;
use crate::gate::specified::Specified;
use crate::limits::Limits;
use crate::policies::folders::{Rules, read_rules};
use crate::specification::files::{SpecificationFile, SpecificationFiles};
use crate::specification::hosted::HostedSystem;

/// What the trusted side says.
#[derive(Debug, Default)]
pub(super) struct Intent {
    /// Packs and policy folders.
    pub(super) rules: Rules,
    /// The files of the specification, or none where there is none.
    pub(super) specification: Option<SpecificationFiles>,
    /// The systems that this repository holds.
    pub(super) hosted: Vec<HostedSystem>,
    /// The rules of the specification that hold here.
    pub(super) specified: Specified,
    /// The text of the baseline, or none where there is none.
    pub(super) baseline: Option<String>,
    /// What could not be read.
    pub(super) reasons: Vec<Reason>,
}

impl Intent {
    /// Reads it and the rules in it; what cannot be read is a reason, never nothing.
    pub(super) fn read(tree: &Tree, repository: &Repository, configuration: &Configuration, limits: &Limits) -> Self {
        let mut intent = Self::gather(tree, repository, configuration, limits);
        intent.specified = Specified::of(intent.specification.as_ref(), &intent.hosted);
        intent
    }

    /// Reads the bytes only: enough to hold one side against another.
    pub(super) fn gather(tree: &Tree, repository: &Repository, configuration: &Configuration, limits: &Limits) -> Self {
        let _ = repository;
        let mut intent = Self { rules: read_rules(tree, configuration, limits), ..Self::default() };
        intent.reasons.append(&mut intent.rules.reasons);
        match files(tree, limits) {
            Ok(files) => intent.specification = files,
            Err(reason) => intent.reasons.push(reason),
        }
        intent
    }

    /// Says whether both sides would decide the same.
    pub(super) fn decides_as(&self, other: &Self) -> bool {
        self.rules.set == other.rules.set
            && self.specification == other.specification
            && self.hosted == other.hosted
            && self.baseline == other.baseline
    }
}

fn files(tree: &Tree, limits: &Limits) -> Result<Option<SpecificationFiles>, Reason> {
    if tree.read(".portcullis/portcullis-spec.yaml", limits)?.is_none() {
        return Ok(None);
    }
    let mut files = SpecificationFiles { folder: ".portcullis".to_owned(), ..SpecificationFiles::default() };
    for path in tree.list(".portcullis", limits)?.unwrap_or_default() {
        let Some(bytes) = tree.read(&path, limits)? else { continue };
        let inside = path.strip_prefix(".portcullis/").unwrap_or(&path).to_owned();
        files.files.insert(inside, SpecificationFile(bytes));
    }
    Ok(Some(files))
}
