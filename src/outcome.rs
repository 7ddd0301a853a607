//! The answer of one run: the contract `portcullis.verdict/v1`, and what reports need beside it.
//!
//! Owns the document's types. Must not decide; `verdict` does. Must not render; `reports` do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::completeness::Completeness;
use crate::finding::{Finding, RuleId};
use crate::review::Review;
use crate::specification::waiver::WaiverUse;
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

/// Name and version of the document.
pub const SCHEMA: &str = "portcullis.verdict/v1";

/// The JSON contract of design part 5; every other report is derived from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictDocument {
    /// Always `portcullis.verdict/v1`.
    pub schema: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The exit code: 0 pass, 1 fail, 3 review, 4 undecided.
    pub exit_code: u8,
    /// What was judged.
    pub change: ChangeSummary,
    /// All findings, observed and waived ones included, worst first.
    pub findings: Vec<Finding>,
    /// The waivers that let findings through, sorted by id.
    pub waivers: Vec<WaiverUse>,
    /// The review this change needs.
    pub review: Review,
    /// Rules that need facts of the forge and so wait for CI, sorted.
    pub deferred: Vec<Deferred>,
    /// What could not be checked.
    pub completeness: Completeness,
    /// How much was evaluated; nothing evaluated is never a pass.
    pub evaluated: Evaluated,
    /// What the decision was made from.
    pub inputs: Inputs,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeSummary {
    /// The base commit.
    pub base: String,
    /// The head commit, or `worktree` or `index`.
    pub head: String,
    /// The commit compared with, or empty when there is none.
    pub merge_base: String,
    /// Changed files.
    pub files: u32,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
}

/// A rule that waits for CI.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Deferred {
    /// The rule.
    pub rule: RuleId,
    /// Why it waits.
    pub why: Untrusted,
}

/// How much was evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evaluated {
    /// Packs and policy folders.
    pub packs: u32,
    /// Rego packages.
    pub packages: u32,
    /// Rules that ran.
    pub rules: u32,
    /// Changed files judged.
    pub files: u32,
    /// Files that were parsed by a grammar.
    pub parsed: u32,
    /// Findings that are old debt of the baseline, and stand in no list.
    pub carried: u32,
}

/// What the decision was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    /// `portcullis` and its version.
    pub tool: String,
    /// Where rules were read from: `base` or `worktree`.
    pub trust: String,
    /// SHA-256 over all policies, patterns and data.
    pub policies_digest: String,
    /// The specification's commit or digest, or empty.
    pub specification: String,
    /// SHA-256 over the input document.
    pub input_digest: String,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: String,
}

/// Everything that reports render.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The contract.
    pub document: VerdictDocument,
    /// Head text (base text for deleted files) of files with findings, for code frames, by path in wire form.
    pub texts: BTreeMap<String, String>,
    /// What a reviewer has to know of the change itself.
    pub handover: Handover,
    /// What is known of the rules that have findings, by id; nothing of those that the gate itself makes.
    pub rules: BTreeMap<RuleId, RuleNote>,
    /// Handles (with `@`) of those whose approval is missing, sorted.
    pub ask: Vec<Untrusted>,
    /// One-line notes: uncommitted files not checked, no change, a file that was not parsed.
    pub notes: Vec<Untrusted>,
    /// The command that shows the same verdict again, or empty.
    pub again: String,
    /// Microseconds that each Rego package took; differs from run to run and stands in no report.
    pub micros: BTreeMap<String, u64>,
}

/// What reports say about a rule beside its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleNote {
    /// How to satisfy it, wherever it fires, or empty.
    pub fix: Untrusted,
    /// What it finds, as an example, or empty.
    pub bad: Untrusted,
    /// The same thing done well, or empty.
    pub good: Untrusted,
    /// The controls of a standard that it serves.
    pub controls: Vec<Untrusted>,
    /// Where to read on: addresses.
    pub links: Vec<Untrusted>,
}

/// What a reviewer has to know of the change itself: how it was made and what it touches. Derived from the input document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handover {
    /// Added lines.
    pub added: u32,
    /// Added lines with evidence of an AI tool.
    pub ai_added: u32,
    /// Added lines of unknown making.
    pub unknown_added: u32,
    /// The tools that evidence names, sorted.
    pub tools: Vec<Untrusted>,
    /// Files with lines made with AI, most of them first.
    pub files: Vec<MadeFile>,
    /// Symbols that the change adds, removes or gives another signature, exported ones first.
    pub symbols: Vec<SymbolNote>,
    /// Contracts that it touches.
    pub contracts: Vec<ContractNote>,
    /// Modules that it changes and that others rely on.
    pub modules: Vec<ModuleNote>,
    /// Other open changes that do something to the same, those that most concerns first.
    pub others: Vec<OtherNote>,
}

/// Another open change that does something to the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherNote {
    /// How people call it: `#12`, or a branch.
    pub label: Untrusted,
    /// Its title.
    pub title: Untrusted,
    /// Its address at the forge of this change, or empty.
    pub url: Untrusted,
    /// Who opened it.
    pub author: Untrusted,
    /// Whether it is a draft.
    pub draft: bool,
    /// Decisions, each with what both do to it.
    pub decisions: Vec<Untrusted>,
    /// Contracts.
    pub contracts: Vec<Untrusted>,
    /// Symbols.
    pub symbols: Vec<Untrusted>,
    /// Files.
    pub files: Vec<Untrusted>,
    /// Modules of which each changes other files.
    pub modules: Vec<Untrusted>,
}

impl OtherNote {
    /// Says whether it does something to more than other files of the same module.
    #[must_use]
    pub fn is_near(&self) -> bool {
        let lists = [&self.decisions, &self.contracts, &self.symbols, &self.files];
        lists.iter().any(|list| !list.is_empty())
    }
}

/// A file with lines made with AI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    /// Its path.
    pub path: Untrusted,
    /// Added lines.
    pub added: u32,
    /// Those with evidence of an AI tool.
    pub ai: u32,
    /// Sessions or prompts that evidence names, sorted.
    pub sessions: Vec<Untrusted>,
}

/// A symbol that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolNote {
    /// Its qualified name.
    pub name: Untrusted,
    /// What it is.
    pub kind: String,
    /// What the change did to it.
    pub change: String,
    /// Whether others may use it.
    pub exported: bool,
    /// Its file.
    pub path: Untrusted,
    /// Its line, from 1.
    pub line: u32,
}

/// A contract that the change touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractNote {
    /// Its id.
    pub id: Untrusted,
    /// What became of it.
    pub verdict: String,
    /// Who relies on it.
    pub consumers: Vec<Untrusted>,
}

/// A module that others rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleNote {
    /// Its id.
    pub id: Untrusted,
    /// How many modules rely on it, directly or over others.
    pub dependents: u32,
    /// Teams of others that rely on it.
    pub used_by: Vec<Untrusted>,
}
