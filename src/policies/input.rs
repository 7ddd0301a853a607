//! The input document `portcullis.input/v1`: what a policy sees as `input`.
//!
//! Owns the document's types and nothing else. Keys are never absent and never null: an absent key silently empties a
//! Rego rule. Lists are empty, unknown strings `""`, enums have `unknown`.

mod imports;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::change::{FileStatus, Person, Trailer};
use crate::completeness::Completeness;
use crate::coordination::{Others, Overlap};
use crate::dependencies::{Dependency, ManifestFacts};
use crate::facts::secrets::{SecretFact, SecretKind};
use crate::facts::{Call, Commented, Hidden, Import, Match, Parsed, Symbol, Test, Twin};
use crate::impact::unknown::UnknownImport;
use crate::provenance::{Evidence, FileProvenance};
use crate::untrusted::Untrusted;

pub use self::imports::{ImportEntry, ImportKind, ImportResult, ImportTotals};

/// Name and version of this document.
pub const SCHEMA: &str = "portcullis.input/v1";

/// The document that policies of scope `change` see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputDocument {
    /// Always `portcullis.input/v1`.
    pub schema: String,
    /// The change as a whole.
    pub change: ChangeEntry,
    /// The changed files, sorted by path.
    pub files: Vec<FileEntry>,
    /// Unchanged documents, sorted by path; only where an entry of `policies` says `combine` and a document changed.
    pub documents: Vec<DocumentBeside>,
    /// Contracts touched.
    pub contracts: Vec<ContractEntry>,
    /// How far the change reaches.
    pub impact: Impact,
    /// What the change does to the gate's own rules.
    pub governance: Governance,
    /// What other tools found, one entry a run of a tool; sorted by kind, file and run.
    pub imports: Vec<ImportEntry>,
    /// What could not be read.
    pub completeness: Completeness,
}

/// The change as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeEntry {
    /// The base commit.
    pub base: String,
    /// The head commit, or `worktree` or `index`.
    pub head: String,
    /// The commit that the change is compared with.
    pub merge_base: String,
    /// Title of the pull request (asked from the forge).
    pub title: String,
    /// Text of the pull request (asked from the forge).
    pub body: String,
    /// Author of the pull request (asked from the forge).
    pub author: Account,
    /// Labels (asked from the forge).
    pub labels: Vec<String>,
    /// Draft (asked from the forge).
    pub draft: bool,
    /// From a fork (asked from the forge).
    pub from_fork: bool,
    /// Name of the head branch (asked from the forge).
    pub source_branch: String,
    /// Name of the target branch (asked from the forge).
    pub target_branch: String,
    /// Address of the pull request (asked from the forge).
    pub url: String,
    /// Ticket ids named in commits, sorted.
    pub tickets: Vec<String>,
    /// Commits, oldest first.
    pub commits: Vec<CommitEntry>,
    /// Sums.
    pub totals: Totals,
    /// The one human who is accountable for every commit, `Name <address>` as the commits claim, or empty.
    pub accountable: Untrusted,
    /// Secrets in what people wrote about the change; values never occur.
    pub secrets: Vec<SpokenSecret>,
    /// Overlaps with other open changes (asked from the forge), sorted.
    pub overlaps: Vec<Overlap>,
    /// What is known of the other open changes (asked from the forge).
    pub others: Others,
    /// True when there were too many files to pair renames.
    pub renames_unknown: bool,
    /// New names that some file systems take for another name of the same folder, sorted.
    pub collisions: Vec<Collision>,
}

/// One commit of the change and how it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitEntry {
    /// Full object id.
    pub id: String,
    /// Author.
    pub author: Person,
    /// Committer.
    pub committer: Person,
    /// First line of the message.
    pub subject: String,
    /// The message without subject.
    pub body: String,
    /// Trailers of the message's last paragraph.
    pub trailers: Vec<Trailer>,
    /// Evidence of how the commit was made, strongest first.
    pub evidence: Vec<Evidence>,
}

/// Where a secret stands in what people wrote about the change, never what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SpokenSecret {
    /// `commit`, `title` or `body`; the last two are of the pull request (asked from the forge).
    pub place: String,
    /// Full id of the commit, or empty.
    pub commit: String,
    /// Line of the text, from 1.
    pub line: u32,
    /// Stable kebab-case name of the detector.
    pub detector: String,
    /// What it is, with its article.
    pub title: String,
    /// How sure that is.
    pub kind: SecretKind,
}

/// Two names of one folder that differ in case or Unicode normal form only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Collision {
    /// The new path.
    pub path: String,
    /// The path that it falls together with.
    pub twin: String,
}

/// Who opened the pull request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Login, or empty.
    pub login: String,
    /// `human`, `bot` or `unknown`.
    pub kind: String,
}

/// Sums over the change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Changed files.
    pub files: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
    /// Added lines with evidence of an AI tool.
    pub ai_added: u32,
    /// Added lines of unknown making.
    pub unknown_added: u32,
    /// Modules touched.
    pub modules: u32,
    /// Contracts touched.
    pub contracts: u32,
}

/// What kind of file it is, by base configuration and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileClass {
    /// Code that runs in production.
    Source,
    /// Code that tests.
    Test,
    /// Declared generated by base configuration.
    Generated,
    /// Declared vendored by base configuration.
    Vendored,
    /// Configuration and data.
    Config,
    /// Prose.
    Docs,
}

/// One changed file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileEntry {
    /// Path on the head side (on the base side when deleted).
    pub path: String,
    /// Path on the base side; equal to `path` unless renamed.
    pub old_path: String,
    /// What happened to it.
    pub status: FileStatus,
    /// `""`, or both modes: `100644 -> 100755`.
    pub mode_change: String,
    /// What head's entry is (base's when deleted): `file`, `executable`, `symlink`, `submodule`.
    pub kind: String,
    /// Id of the language, or `unknown`.
    pub language: String,
    /// The module that holds the file: its folder until systems are declared.
    pub module: String,
    /// Owners by the base side's CODEOWNERS, sorted.
    pub owners: Vec<String>,
    /// What kind of file it is.
    pub class: FileClass,
    /// True when base configuration, and not only a well-known name, gives the file its class.
    pub declared: bool,
    /// True when either side is binary.
    pub binary: bool,
    /// True when head's content is a Git LFS pointer.
    pub lfs_pointer: bool,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
    /// Changed line ranges of the head side, inclusive; a pure deletion has `end` before `start`.
    pub hunks: Vec<LineRange>,
    /// How far it could be read.
    pub parsed: Parsed,
    /// Definitions.
    pub symbols: Vec<Symbol>,
    /// Imports.
    pub imports: Vec<Import>,
    /// Calls.
    pub calls: Vec<Call>,
    /// Pattern hits.
    pub matches: Vec<Match>,
    /// Tests; of files of tests and of Rust only.
    pub tests: Vec<Test>,
    /// Blocks of new comments that read as code.
    pub commented: Vec<Commented>,
    /// New blocks of code that stand somewhere else already; of files of class `source` only.
    pub twins: Vec<Twin>,
    /// New imports of what exists nowhere; of Python, JavaScript and TypeScript.
    pub unknown: Vec<UnknownImport>,
    /// Deceiving characters and encodings.
    pub hidden: Vec<Hidden>,
    /// Secrets found; values never occur.
    pub secrets: Vec<SecretFact>,
    /// What it is to a package manager.
    pub manifest: ManifestFacts,
    /// The packages that it names, sorted by line; of a lock file those that changed, and those that a manifest adds.
    pub dependencies: Vec<Dependency>,
    /// The head side of a configuration file as a value, in the shape that Conftest gives its format; `{}` where there
    /// is none.
    pub document: serde_json::Value,
    /// The base side, the same way.
    pub old_document: serde_json::Value,
    /// At which lines the parts of a head document of YAML stand, in its own shape: of a list `[line, items...]`, of a
    /// mapping `{"": line, key: ...}`, of a literal text `{"": line, "|": its first line}`, else the line; `{}` where
    /// that is not known.
    pub document_lines: serde_json::Value,
    /// How the two were read.
    pub document_reading: DocumentReading,
    /// How its lines were made.
    pub provenance: FileProvenance,
}

/// An unchanged document of the repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentBeside {
    /// Its path.
    pub path: String,
    /// The document, in the shape that Conftest gives its format.
    pub document: serde_json::Value,
}

/// How the sides of a configuration file were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentReading {
    /// One of `dockerfile`, `dotenv`, `hcl`, `ini`, `json`, `properties`, `toml`, `xml`, `yaml`; empty for every other file.
    pub format: String,
    /// The head side.
    pub head: DocumentStatus,
    /// The base side.
    pub base: DocumentStatus,
    /// Why head could not be read, or empty.
    pub message: String,
    /// The line at which reading head ended, from 1, or 0.
    pub line: u32,
}

/// How one side of a configuration file was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentStatus {
    /// No file there, or none that is a configuration document.
    #[default]
    None,
    /// Read.
    Ok,
    /// Not of its format.
    Unreadable,
    /// Over a limit.
    TooLarge,
}

/// A range of lines, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LineRange {
    /// First line, from 1.
    pub start: u32,
    /// Last line.
    pub end: u32,
}

/// A contract that the change touches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContractEntry {
    /// Id.
    pub id: String,
    /// Format.
    pub format: String,
    /// Providing system.
    pub provider: String,
    /// Consuming systems.
    pub consumers: Vec<String>,
    /// `breaking`, `compatible`, `unchanged`, `unreadable`, or `unknown` while it is touched and not compared.
    pub verdict: String,
}

/// How far the change reaches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Impact {
    /// Modules reached.
    pub modules: Vec<ImpactModule>,
    /// Symbols reached.
    pub symbols: Vec<ImpactSymbol>,
    /// Layers crossed.
    pub layers_crossed: Vec<String>,
    /// New edges between modules.
    pub new_edges: Vec<String>,
    /// New modules.
    pub new_modules: Vec<String>,
}

/// A module and what depends on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImpactModule {
    /// Id.
    pub id: String,
    /// Direct dependents.
    pub direct: u32,
    /// All dependents, direct ones included.
    pub transitive: u32,
    /// Teams that own the module itself, sorted.
    pub teams: Vec<String>,
    /// Teams other than these that own modules which depend on it, directly or over others; sorted.
    pub used_by: Vec<String>,
}

/// A symbol and what depends on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImpactSymbol {
    /// Qualified name.
    pub qualified: String,
    /// Dependents.
    pub dependents: u32,
}

/// What the change does to the gate's own rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Governance {
    /// Each governed file that changed, sorted by path.
    pub changed: Vec<GovernanceChange>,
}

/// One change to the gate's own rules, or to what surrounds the gate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct GovernanceChange {
    /// `configuration`, `policy`, `specification`, `waiver`, `baseline`, `lock`, `workflow`, `codeowners`,
    /// `agent-instructions`, `attributes`, `submodules`.
    pub what: String,
    /// The file.
    pub path: String,
    /// True when it lets more through, or when that cannot be told.
    pub loosens: bool,
    /// Why, as a sentence.
    pub why: String,
    /// What it does, as far as that is known.
    pub effect: GovernanceEffect,
    /// The teams that answer for what changes, sorted; empty where no specification says.
    pub owners: Vec<String>,
}

/// What a change to the gate's own rules does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GovernanceEffect {
    /// It lets more through, or that cannot be told.
    Loosening,
    /// It lets less through.
    Tightening,
    /// Words and layout only.
    Textual,
    /// It lets no more through; what else it does was not looked at.
    Unknown,
}

impl InputDocument {
    /// Returns everything but the files.
    #[must_use]
    pub fn without_files(&self) -> Self {
        Self {
            schema: self.schema.clone(),
            change: self.change.clone(),
            files: Vec::new(),
            documents: self.documents.clone(),
            contracts: self.contracts.clone(),
            impact: self.impact.clone(),
            governance: self.governance.clone(),
            imports: self.imports.clone(),
            completeness: self.completeness.clone(),
        }
    }

    /// Returns the document of a change that could not be compared at all.
    #[must_use]
    pub fn nothing(completeness: Completeness) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            change: ChangeEntry {
                author: Account { login: String::new(), kind: "unknown".to_owned() },
                ..ChangeEntry::default()
            },
            files: Vec::new(),
            documents: Vec::new(),
            contracts: Vec::new(),
            impact: Impact::default(),
            governance: Governance::default(),
            imports: Vec::new(),
            completeness,
        }
    }
}
