//! Rego: packs, the static checker, the input document, budgeted evaluation and unit tests.
//!
//! Owns everything that knows the policy language. Loading and evaluation run inside the worker. Must not know
//! languages of the code, git, or verdicts.

mod annotations;
pub mod bench;
pub mod cases;
mod checker;
mod data;
pub mod document;
mod document_scope;
pub mod evaluate;
mod expressions;
mod fault;
pub mod findings;
pub mod folders;
pub mod foreign;
pub mod input;
pub mod inspect;
pub mod loader;
mod mend;
mod metadata;
mod module;
pub mod packs;
pub mod parts;
mod places;
pub mod probe;
pub(crate) mod query;
mod results;
pub mod review_input;
pub mod schema;
mod statements;
pub mod trace;
pub mod trial;
pub mod unit_tests;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::document_scope::Looks;
use crate::finding::{RuleId, Severity, SourceKind, Status};

/// One `.rego` file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PolicySource {
    /// The pack or policy folder it belongs to.
    pub pack: String,
    /// Path as shown to people: `policies/size/files.rego`, from the repository root; of a built-in pack
    /// `<pack>/<file>`.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// Built in, of the repository, or of the specification.
    pub kind: SourceKind,
    /// Parsed as Rego v0; only where the configuration entry says so.
    pub v0: bool,
    /// The scope of packages that name none in METADATA, where the configuration entry says so.
    pub scope: Option<Scope>,
}

/// One JSON or YAML data file beside the policies; becomes `data.<folders>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DataSource {
    /// The pack or policy folder it belongs to.
    pub pack: String,
    /// Path as shown to people.
    pub path: String,
    /// Path below `data`, e.g. `["shop", "limits"]`; empty merges at the root.
    pub at: Vec<String>,
    /// The file's text.
    pub text: String,
}

/// One `patterns/*.yaml` file: ast-grep rule objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PatternSource {
    /// The pack or policy folder it belongs to.
    pub pack: String,
    /// Path as shown to people.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// All written intent that one run evaluates, as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// Rego files, `_test.rego` ones left out, sorted.
    pub policies: Vec<PolicySource>,
    /// Data files, sorted.
    pub data: Vec<DataSource>,
    /// Pattern files, sorted.
    pub patterns: Vec<PatternSource>,
    /// What the configuration says about a folder besides, by pack; a pack without an entry has the defaults.
    #[serde(default)]
    pub terms: BTreeMap<String, Terms>,
}

/// What the configuration says about the packages of one policy folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Globs over the names of packages that hold decision rules; empty means all, at scope `document` `main` and what
    /// is below it.
    pub namespaces: Vec<String>,
    /// True when the packages of scope `document` see all documents in one input.
    pub combine: bool,
    /// Globs over the documents that packages of scope `document` look at; empty means all.
    pub files: Vec<String>,
}

/// At which scope a package runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Once; sees the whole document.
    Change,
    /// Once a changed file; sees `file` and `change`.
    File,
    /// Once a changed configuration document.
    Document,
    /// Once, after all others.
    Review,
}

/// Which decision rule an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Fails the change.
    Deny,
    /// Fails the change; the Gatekeeper name.
    Violation,
    /// Never gates.
    Warn,
    /// Asks for people.
    Review,
}

/// A decision rule of a loaded package, with its METADATA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Stable id: METADATA `custom.id`, or `<package>/<entry>`.
    pub id: RuleId,
    /// The Rego name: `deny`, `deny_python_eval`.
    pub entry: String,
    /// Which kind of decision rule it is.
    pub kind: EntryKind,
    /// METADATA `title`, or the id.
    pub title: String,
    /// METADATA `description`: why the rule exists.
    pub rationale: String,
    /// METADATA `custom.fix`: what to do.
    pub fix: String,
    /// METADATA `custom.severity`, after overrides of the configuration.
    pub severity: Severity,
    /// METADATA `custom.status`, after overrides of the configuration.
    pub status: Status,
    /// METADATA `custom.layer`, 1 to 3.
    pub layer: u8,
    /// METADATA `related_resources`: addresses.
    pub links: Vec<String>,
    /// METADATA `custom.examples`.
    pub examples: Examples,
    /// METADATA `custom.controls`.
    pub controls: Vec<String>,
    /// Path of the file that defines it.
    pub path: String,
    /// Line of the definition, from 1.
    pub line: u32,
    /// Facts of the forge it reads, e.g. `input.change.labels`; empty when it can be decided locally.
    pub forge_inputs: Vec<String>,
    /// True when it reads configuration documents out of the input document.
    pub reads_documents: bool,
    /// True when it reads out of the input document what manifests and lock files say.
    pub reads_manifests: bool,
    /// For each of its clauses what a file must have some of, or the clause says nothing; empty where that is not known.
    pub needs: Vec<Vec<Need>>,
}

/// A list of the file that must have an element, for a clause to say anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Its key below `input.file`: `matches`.
    pub list: String,
    /// What the element must be.
    pub fields: Vec<NeededField>,
}

/// A field of an element that is a certain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededField {
    /// Its key.
    pub name: String,
    /// The text.
    pub text: String,
    /// True when it only has to begin with the text.
    pub prefix: bool,
}

/// Says whether a fact of the forge is about the other open changes.
#[must_use]
pub fn is_of_others(input: &str) -> bool {
    matches!(input, "input.change.others" | "input.change.overlaps")
}

impl Rule {
    /// Says whether the rule looks at other open changes by name. One that takes the whole change into its hands is not
    /// asked for them.
    #[must_use]
    pub fn asks_for_others(&self) -> bool {
        self.forge_inputs.len() < checker::FORGE.len() && self.forge_inputs.iter().any(|input| is_of_others(input))
    }

    /// Says whether a result of the rule can fail a change or ask for people.
    #[must_use]
    pub fn can_gate(&self) -> bool {
        self.status == Status::Enforced && self.kind != EntryKind::Warn
    }
}

/// What a rule finds, and the same thing done well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examples {
    /// METADATA `custom.examples.bad`, or empty.
    pub bad: String,
    /// METADATA `custom.examples.good`, or empty.
    pub good: String,
}

/// A loaded Rego package with at least one decision rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The pack or policy folder it belongs to.
    pub pack: String,
    /// The dotted name without `data.`.
    pub name: String,
    /// At which scope it runs.
    pub scope: Scope,
    /// Built in, of the repository, or of the specification.
    pub kind: SourceKind,
    /// Its decision rules, sorted by entry.
    pub rules: Vec<Rule>,
    /// At scope `document`: sees all documents in one input.
    #[serde(default)]
    pub combine: bool,
    /// At scope `document`: globs over the documents that it looks at; empty means all.
    #[serde(default)]
    pub files: Vec<String>,
}

/// A fault of a policy, data or pattern file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Path as shown to people.
    pub path: String,
    /// Line, from 1; 0 when the fault has no line.
    pub line: u32,
    /// Column, from 1; 0 when the fault has none.
    pub column: u32,
    /// Stable kebab-case word.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

/// What the configuration changes about one rule: never its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleOverride {
    /// Replaces `custom.severity`.
    pub severity: Option<Severity>,
    /// Replaces `custom.status`.
    pub status: Option<Status>,
}

/// What loading a `PolicySet` gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    /// Packages with decision rules, sorted by pack and name; `Target` tasks name them by index.
    pub packages: Vec<Package>,
    /// All faults of all files; a run with one is undecided.
    pub faults: Vec<Fault>,
}

impl Loaded {
    /// Returns the ids of all rules that read facts of the forge; where those are not asked, these rules wait. `others` says
    /// that the other open changes are known without it.
    #[must_use]
    pub fn reading_forge(&self, others: bool) -> BTreeSet<RuleId> {
        let rules = self.packages.iter().flat_map(|package| &package.rules);
        let waits = |rule: &&Rule| rule.forge_inputs.iter().any(|input| !(others && is_of_others(input)));
        rules.filter(waits).map(|rule| rule.id.clone()).collect()
    }
}

/// One result of one decision rule, as the policy gave it; checked for shape, not yet a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleResult {
    /// Index into the package's `rules`.
    pub rule: u32,
    /// `msg`.
    pub message: String,
    /// `path`, or the file under evaluation at scope `file`, or empty.
    pub path: String,
    /// `line`, or 0.
    pub line: u32,
    /// `column`, or 0.
    pub column: u32,
    /// `end_line`, inclusive, or 0.
    pub end_line: u32,
    /// `end_column`, exclusive, or 0.
    pub end_column: u32,
    /// `symbol`, or empty.
    pub symbol: String,
    /// `fix`, or empty.
    pub fix: String,
    /// `severity` of this result, overriding the rule's.
    pub severity: Option<Severity>,
    /// `layer` of a `review` result, or 0.
    pub layer: u8,
    /// `team` of a `review` result, or empty.
    pub team: String,
    /// `count` of a `review` result, or 0.
    pub count: u32,
    /// `certified` of a `review` result: the certificate asked for, or empty.
    pub certified: String,
    /// `record` of a `review` result: whether a decision record must be cited.
    pub record: bool,
    /// `rules` of a `review` result: rules that it asks on behalf of.
    pub rules: Vec<String>,
    /// At scope `document`: the keys beside `msg` and `_loc` as a JSON mapping; else empty.
    pub metadata: String,
    /// At scope `document`: an `exception` of the package covers the rule.
    pub excepted: bool,
}

/// What evaluating one package on one target gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Results in the engine's order, which is sorted.
    pub results: Vec<RuleResult>,
    /// Texts that the policy printed, as `file:line: text`.
    pub prints: Vec<String>,
    /// What went wrong: a builtin error, a result of the wrong shape, a time limit.
    pub faults: Vec<Fault>,
}
