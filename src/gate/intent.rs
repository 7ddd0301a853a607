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
use crate::specification::files::SpecificationFiles;
use crate::specification::source;

/// What the trusted side says.
#[derive(Debug, Default)]
pub(super) struct Intent {
    /// Packs and policy folders.
    pub(super) rules: Rules,
    /// The files of the specification, or none where there is none.
    pub(super) specification: Option<SpecificationFiles>,
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
        intent.specified = Specified::of(intent.specification.as_ref(), configuration);
        intent
    }

    /// Reads the bytes only: enough to hold one side against another.
    pub(super) fn gather(tree: &Tree, repository: &Repository, configuration: &Configuration, limits: &Limits) -> Self {
        let mut intent = Self { rules: read_rules(tree, configuration, limits), ..Self::default() };
        intent.reasons.append(&mut intent.rules.reasons);
        match source::read(tree, repository, configuration) {
            Ok(files) => intent.specification = files,
            Err(reason) => intent.reasons.push(reason),
        }
        if let Some(path) = &configuration.baseline {
            match baseline(tree, path, limits) {
                Ok(text) => intent.baseline = Some(text),
                Err(reason) => intent.reasons.push(reason),
            }
        }
        intent
    }

    /// Says whether both sides would decide the same.
    pub(super) fn decides_as(&self, other: &Self) -> bool {
        self.rules.set == other.rules.set
            && self.specification == other.specification
            && self.baseline == other.baseline
    }
}

/// Reads the baseline; one that is named and not there is no empty one.
fn baseline(tree: &Tree, path: &str, limits: &Limits) -> Result<String, Reason> {
    let remedy = "write it with `portcullis spec baseline --init`, or take `baseline:` out of .portcullis.yaml";
    let Some(bytes) = tree.read(path, limits)? else {
        return Err(Reason::new("missing-baseline", "the baseline is not on the trusted side", remedy).at(path));
    };
    String::from_utf8(bytes).map_err(|_| Reason::new("encoding", "not UTF-8", "save the file as UTF-8").at(path))
}
