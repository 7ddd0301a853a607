//! Changes to the gate's own rules and to what surrounds the gate: whether they let more through.
//!
//! Owns the list of governed places and one judge a kind. Whatever cannot be shown to be harmless counts as loosening.
//! Must not read files: both sides arrive as bytes. A new kind is one file and its lines here.

mod agents;
mod attributes;
mod codeowners;
mod configuration;
mod places;
mod policies;
mod specification;
mod submodules;
mod text;
mod workflow;

use std::collections::BTreeSet;

use crate::configuration::Configuration;
use crate::policies::input::GovernanceChange;

pub use places::is_governed;

/// One governed file of the change, both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GovernedFile {
    /// The path; of a renamed file each of both, one after the other.
    pub path: String,
    /// The bytes on the base side; none when it was not there.
    pub base: Option<Vec<u8>>,
    /// The bytes on the head side; none when it is gone.
    pub head: Option<Vec<u8>>,
}

/// What a governed file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Files that coding agents obey.
    AgentInstructions,
    /// `.gitattributes`.
    Attributes,
    /// Old findings that do not gate.
    Baseline,
    /// Who owns which path.
    Codeowners,
    /// `.portcullis.yaml`.
    Configuration,
    /// The pinned specification.
    Lock,
    /// Rego, patterns and data of a policy folder.
    Policy,
    /// The specification in the repository.
    Specification,
    /// `.gitmodules`.
    Submodules,
    /// Exceptions.
    Waiver,
    /// What CI runs.
    Workflow,
}

impl Kind {
    /// Returns the word of the input document.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::AgentInstructions => "agent-instructions",
            Self::Attributes => "attributes",
            Self::Baseline => "baseline",
            Self::Codeowners => "codeowners",
            Self::Configuration => "configuration",
            Self::Lock => "lock",
            Self::Policy => "policy",
            Self::Specification => "specification",
            Self::Submodules => "submodules",
            Self::Waiver => "waiver",
            Self::Workflow => "workflow",
        }
    }
}

/// Where the base side keeps its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Policy and data folders of the base configuration.
    pub policies: Vec<String>,
    /// Folder of the specification in the repository.
    pub specification: String,
    /// The baseline file.
    pub baseline: String,
    /// Names of the built-in packs.
    pub packs: Vec<&'static str>,
    /// Rego packages that base policies define; none when not known, and then new helpers cannot be shown harmless.
    pub packages: Option<BTreeSet<String>>,
}

impl Settings {
    /// Returns the settings that a base configuration implies.
    #[must_use]
    pub fn of(configuration: &Configuration, packs: Vec<&'static str>) -> Self {
        let folders = configuration.policies.iter();
        let policies = folders.flat_map(|folder| std::iter::once(&folder.path).chain(&folder.data)).cloned().collect();
        Self {
            policies,
            specification: ".portcullis".to_owned(),
            baseline: ".portcullis/baseline.json".to_owned(),
            packs,
            packages: None,
        }
    }
}

/// What a judge says about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Judgement {
    loosens: bool,
    why: String,
}

impl Judgement {
    fn loosens(why: impl Into<String>) -> Self {
        Self { loosens: true, why: why.into() }
    }

    fn harmless(why: impl Into<String>) -> Self {
        Self { loosens: false, why: why.into() }
    }
}

/// Judges one governed file; one entry for each statement, sorted. Equal sides give none.
#[must_use]
pub fn judge(file: &GovernedFile, kind: Kind, settings: &Settings) -> Vec<GovernanceChange> {
    let (base, head) = (file.base.as_deref(), file.head.as_deref());
    if base == head {
        return Vec::new();
    }
    let judgements = match kind {
        Kind::AgentInstructions => agents::judge(base, head),
        Kind::Attributes => attributes::judge(base, head),
        Kind::Baseline | Kind::Lock | Kind::Specification | Kind::Waiver => specification::judge(kind, base, head),
        Kind::Codeowners => codeowners::judge(base, head),
        Kind::Configuration => configuration::judge(base, head, settings),
        Kind::Policy => policies::judge(&file.path, base, head, settings),
        Kind::Submodules => submodules::judge(base, head),
        Kind::Workflow => workflow::judge(base, head),
    };
    let mut changes: Vec<GovernanceChange> = judgements
        .into_iter()
        .map(|judgement| GovernanceChange {
            what: kind.what().to_owned(),
            path: file.path.clone(),
            loosens: judgement.loosens,
            why: judgement.why,
        })
        .collect();
    changes.sort();
    changes.dedup();
    changes
}

/// Judges one changed path of a change; a rename counts as gone at the old path and new at the new one.
#[must_use]
pub fn changes(
    old_path: &str,
    path: &str,
    sides: (Option<&[u8]>, Option<&[u8]>),
    settings: &Settings,
) -> Vec<GovernanceChange> {
    let (base, head) = (sides.0.map(<[u8]>::to_vec), sides.1.map(<[u8]>::to_vec));
    let files = if old_path == path {
        vec![GovernedFile { path: path.to_owned(), base, head }]
    } else {
        vec![
            GovernedFile { path: old_path.to_owned(), base, head: None },
            GovernedFile { path: path.to_owned(), base: None, head },
        ]
    };
    let judged = files.iter().filter_map(|file| Some(judge(file, is_governed(&file.path, settings)?, settings)));
    let mut all: Vec<GovernanceChange> = judged.flatten().collect();
    all.sort();
    all
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::policies::packs;

    pub(super) fn settings() -> Settings {
        let configuration = Configuration::read(
            b"version: 1\npolicies: [policies]\n",
            ".portcullis.yaml",
            &packs::names().collect::<Vec<_>>(),
        );
        Settings::of(&configuration.unwrap(), packs::names().collect())
    }

    /// Says whether any statement about the two sides is a loosening, and all statements.
    pub(super) fn says(path: &str, base: Option<&str>, head: Option<&str>) -> (bool, String) {
        let sides = (base.map(str::as_bytes), head.map(str::as_bytes));
        let found = changes(path, path, sides, &settings());
        assert!(!found.is_empty(), "{path} is not governed, or equal");
        (found.iter().any(|change| change.loosens), found.iter().map(|c| c.why.as_str()).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn equal_sides_are_no_change() {
        assert_eq!(changes("AGENTS.md", "AGENTS.md", (Some(b"a"), Some(b"a")), &settings()), []);
    }

    #[test]
    fn both_paths_of_a_rename_count_row_15() {
        let out = changes("policies/a.rego", "old/a.txt", (Some(b"package a"), Some(b"package a")), &settings());
        assert_eq!(out.len(), 1);
        assert!(out[0].loosens && out[0].path == "policies/a.rego");
        let inside = changes("x/w.yml", ".github/workflows/w.yml", (Some(b"on: push"), Some(b"on: push")), &settings());
        assert_eq!(inside[0].what, "workflow");
    }
}
