//! `.portcullis.yaml`: what the repository asks of the gate.
//!
//! Owns the resolved configuration, its reading (`configuration/read.rs` over `yaml/decode.rs`), the classes
//! of files and the JSON Schema. It is read from the base commit by the caller. Must not open files, and must not relax
//! anything that the file does not say.

mod classes;
mod intent;
mod read;
mod repin;
mod schema;

/// Words that several files use.
pub(crate) mod words {
    pub(crate) use super::read::{SEVERITIES, STATUSES};
}

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::classes::Classifier;
pub(crate) use self::classes::glob;
pub use self::intent::{SpecificationPlace, SpecificationSource};
pub use self::repin::{pinned_address, repinned};
pub use self::schema::configuration_schema;
use crate::diagnostic::UsageError;
use crate::finding::RuleId;
use crate::limits::Limits;
use crate::policies::input::FileClass;
use crate::policies::{RuleOverride, Scope};
use crate::verdict::FailOn;

/// Name of the file at the root of the repository.
pub const FILE_NAME: &str = ".portcullis.yaml";

/// The configuration as meant: defaults filled in, everything checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Which built-in packs run.
    pub packs: Packs,
    /// Policy folders of the repository, in the order of the file.
    pub policies: Vec<PolicyFolder>,
    /// What the repository changes about rules of packs.
    pub rules: BTreeMap<RuleId, RuleOverride>,
    /// Which files are generated, vendored or tests.
    pub paths: PathGlobs,
    /// Budgets.
    pub limits: Limits,
    /// From which severity on a finding fails the change.
    pub fail_on: FailOn,
    /// What lines without evidence count as.
    pub unknown: UnknownLines,
    /// The folder of each system of the specification that this repository holds, by id; the root is empty. None named
    /// means the only one of the specification.
    pub systems: BTreeMap<String, String>,
    /// Where the specification is; none means the folder `.portcullis`, where one is there.
    pub specification: Option<SpecificationPlace>,
    /// The file that holds the baseline, from the root of the repository.
    pub baseline: Option<String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            packs: Packs::All,
            policies: Vec::new(),
            rules: BTreeMap::new(),
            paths: PathGlobs::default(),
            limits: Limits::default(),
            fail_on: FailOn::Error,
            unknown: UnknownLines::Ai,
            systems: BTreeMap::new(),
            specification: None,
            baseline: None,
        }
    }
}

/// Which built-in packs run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Packs {
    /// All but those that have to be named, those of later versions too.
    All,
    /// These, sorted; an empty list runs none.
    Only(Vec<String>),
}

impl Packs {
    /// Says whether the pack of that name runs; `usual` says whether it does so without being named.
    #[must_use]
    pub fn contains(&self, name: &str, usual: bool) -> bool {
        match self {
            Self::All => usual,
            Self::Only(names) => names.iter().any(|known| known == name),
        }
    }
}

/// One entry of `policies`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicyFolder {
    /// Folder or file, relative to the root of the repository, without a slash at the end.
    pub path: String,
    /// The scope of packages that name none in METADATA; nothing means `change`.
    pub scope: Option<Scope>,
    /// Globs over the names of packages that hold decision rules; empty means all, at scope `document` `main` and what
    /// is below it.
    pub namespaces: Vec<String>,
    /// Parsed as Rego v0.
    pub v0: bool,
    /// Data files and folders, relative to the root of the repository.
    pub data: Vec<String>,
    /// At scope `document`: globs over the documents that its packages look at; empty means all.
    pub files: Vec<String>,
    /// At scope `document`: all documents in one input.
    pub combine: bool,
}

impl PolicyFolder {
    /// Returns an entry that says nothing but the path.
    #[must_use]
    pub fn at(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            scope: None,
            namespaces: Vec::new(),
            v0: false,
            data: Vec::new(),
            files: Vec::new(),
            combine: false,
        }
    }
}

/// Globs over paths; `*` never crosses a `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathGlobs {
    /// Written by a program.
    pub generated: Vec<String>,
    /// Copied from elsewhere.
    pub vendored: Vec<String>,
    /// Code that tests.
    pub test: Vec<String>,
}

/// What lines without evidence of their making count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownLines {
    /// Like lines of an AI tool: rules that apply to AI hold.
    Ai,
    /// Like lines of a human.
    Human,
}

impl UnknownLines {
    /// Says whether rules that apply to AI hold for lines of unknown making.
    #[must_use]
    pub fn count_as_ai(self) -> bool {
        match self {
            Self::Ai => true,
            Self::Human => false,
        }
    }
}

impl Configuration {
    /// Reads the bytes of a configuration file; `known_packs` are the names of the built-in packs.
    ///
    /// # Errors
    /// All faults of the file at once, in the order of the file; only a file that is not YAML has a single one.
    pub fn read(bytes: &[u8], file: &str, known_packs: &[&str]) -> Result<Self, Vec<UsageError>> {
        read::configuration(bytes, file, known_packs)
    }

    /// Returns the classifier of this configuration's globs; compile it once a run.
    #[must_use]
    pub fn classifier(&self) -> Classifier {
        Classifier::new(&self.paths)
    }

    /// Returns the class of one path; for many paths take [`Self::classifier`].
    #[must_use]
    pub fn classify(&self, path: &str) -> FileClass {
        self.classifier().classify(path)
    }

    /// Says in one line each what is allowed but deserves a second look.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let wide = |glob: &&String| matches!(glob.as_str(), "*" | "**" | "**/*" | "**/**");
        let lists = [("generated", &self.paths.generated), ("vendored", &self.paths.vendored)];
        lists
            .iter()
            .filter(|(_, globs)| globs.iter().any(|glob| wide(&glob)))
            .map(|(name, _)| format!("paths.{name} covers the whole repository: most rules are switched off"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Configuration, FILE_NAME, Packs};

    #[test]
    fn a_file_that_says_nothing_is_the_default() {
        assert_eq!(Configuration::read(b"version: 1\n", FILE_NAME, &[]), Ok(Configuration::default()));
        assert!(Configuration::default().packs.contains("anything", true));
        assert!(!Configuration::default().packs.contains("anything", false));
        assert!(!Packs::Only(Vec::new()).contains("anything", true));
    }

    #[test]
    fn a_configuration_survives_being_saved() {
        let text = include_bytes!("../tests/cases/configuration/everything/portcullis.yaml");
        let configuration = Configuration::read(text, FILE_NAME, &["size", "hidden-code"]).unwrap();
        let json = serde_json::to_string(&configuration).unwrap();
        assert_eq!(serde_json::from_str::<Configuration>(&json).unwrap(), configuration);
        let bytes = postcard::to_stdvec(&configuration).unwrap();
        assert_eq!(postcard::from_bytes::<Configuration>(&bytes).unwrap(), configuration);
    }

    #[test]
    fn a_glob_over_everything_is_noted_and_a_narrow_one_is_not() {
        let read = |text: &str| Configuration::read(text.as_bytes(), FILE_NAME, &[]).unwrap().notes();
        assert_eq!(read("version: 1\npaths: {generated: ['**']}\n").len(), 1);
        assert!(read("version: 1\npaths: {generated: ['gen/**'], test: ['**']}\n").is_empty());
    }
}
