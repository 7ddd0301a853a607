//! Rules of the specification -> findings and requests for review; one file per kind of `enforce`.
//!
//! Owns what all kinds share: the list of kinds, status, scope, whose lines a rule covers, and how a violation becomes
//! a finding. Facts, graph and results of policies arrive as plain values. Must not read files, git or a clock.

mod acyclic;
pub mod agents;
mod ast;
pub mod comparison;
pub mod contracts;
pub mod debt;
pub mod examples;
mod forbidden;
pub mod graphs;
mod hits;
mod independence;
mod judge;
mod layers;
mod naming;
pub mod own_rules;
mod pattern;
pub mod pattern_set;
mod plain_values;
mod protected;
mod public;
mod query;
mod reach;
mod reading;
pub mod rego;
mod review;
mod spec_data;
pub mod standing;
pub mod waivers;

use std::collections::BTreeMap;

pub use self::graphs::{Claim, GraphPair, SystemGraphs};
pub use self::judge::{Enforced, judge};
pub use self::pattern_set::{CodePattern, CodePatternSet};
pub use self::reading::Reading;
pub use self::spec_data::specification_json;
use crate::diagnostic::UsageError;
use crate::facts::Match;
use crate::finding::RuleId;
use crate::finding::draft::Texts;
use crate::policies::RuleResult;
use crate::policies::input::{FileEntry, InputDocument};
use crate::specification::Specification;
use crate::specification::hosted::{HostedSystem, ScopeIn};
use crate::specification::rule::Rule;
use crate::yaml::Node;

/// The kinds of `enforce`, sorted by name; one row is one file of this folder.
pub const KINDS: &[&Kind] = &[
    &acyclic::KIND,
    &ast::KIND,
    &contracts::KIND,
    &forbidden::KIND,
    &independence::KIND,
    &layers::KIND,
    &naming::KIND,
    &pattern::KIND,
    &protected::KIND,
    &public::KIND,
    &query::KIND,
    &rego::KIND,
    &review::KIND,
];

/// Everything about one kind.
#[derive(Debug)]
pub struct Kind {
    /// The key under `enforce`.
    pub name: &'static str,
    /// Reads what stands under the key; every fault is recorded, none stops the reading of other rules.
    pub read: fn(&mut Reading<'_, '_>, &Node) -> Option<Box<dyn Enforcement>>,
    /// What an enforced rule of this kind must bring along to prove itself.
    pub proof: Proof,
    /// JSON Schema of what stands under the key.
    pub schema: fn() -> serde_json::Value,
}

/// What an enforced rule must bring along to prove itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// `examples` with at least one `fail`.
    Examples,
    /// `examples`, or a `_test.rego` beside the policy.
    ExamplesOrPolicyTest,
    /// Nothing; a tree under `tests/<ID>/` is welcome.
    Trees,
    /// Nothing can prove it.
    None,
}

/// What a rule demands, read and ready to judge.
pub trait Enforcement: std::fmt::Debug + Send + Sync {
    /// Says whether it judges the import graph of the whole repository.
    fn needs_graph(&self) -> bool {
        false
    }

    /// Says whether imports count that only checkers of types read; asked only of kinds that need the graph.
    fn counts_types(&self) -> bool {
        true
    }

    /// Returns what the walk over the code must look for; hits arrive as `files[].matches[]` under the rule's id.
    fn patterns(&self) -> Vec<CodePattern> {
        Vec::new()
    }

    /// Returns the policy that decides: its path in the specification and the decision rule, `data.shop.logging.deny`.
    fn policy(&self) -> Option<(&str, &str)> {
        None
    }

    /// Judges the change; scope, status and authorship of lines are looked at afterwards, by [`judge()`].
    fn judge(&self, _: &Subject<'_>) -> Vec<Violation> {
        Vec::new()
    }

    /// Judges what is new in the import graph of one system; asked only of kinds that need the graph.
    fn judge_graph(&self, _: &GraphPair) -> Vec<Violation> {
        Vec::new()
    }

    /// Returns what the rule says about imports from module to module, so that rules that contradict are found.
    fn claims(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// Returns what it asks for when the rule's scope is touched and nothing was found.
    fn asks(&self, _: &Subject<'_>) -> Vec<Ask> {
        Vec::new()
    }

    /// Returns the question that a person must answer when the rule's scope is touched.
    fn question(&self) -> Option<&str> {
        None
    }
}

/// A review that a rule asks for although it found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Why, as a sentence.
    pub reason: String,
    /// The changed file that is the reason.
    pub path: String,
    /// How deep the review must be: 1 to 3.
    pub layer: u8,
}

/// A rule, where it holds in this repository, and what it demands.
#[derive(Debug)]
pub struct EnforcedRule {
    /// The rule.
    pub rule: Rule,
    /// Where it holds here.
    pub scope: ScopeIn,
    /// What it demands.
    pub enforcement: Box<dyn Enforcement>,
}

/// All rules of a specification that hold in one repository, and what they need to know of it.
#[derive(Debug, Default)]
pub struct RuleBook {
    /// The specification.
    pub specification: Specification,
    /// The systems that this repository holds, sorted.
    pub hosted: Vec<HostedSystem>,
    /// Rules that run here, by id; retired and draft ones and those of other systems are left out.
    pub rules: BTreeMap<RuleId, EnforcedRule>,
}

/// What one rule judges.
pub struct Subject<'a> {
    /// The rule and where it holds.
    pub rule: &'a EnforcedRule,
    /// The specification.
    pub specification: &'a Specification,
    /// The systems that this repository holds.
    pub hosted: &'a [HostedSystem],
    /// The change.
    pub input: &'a InputDocument,
    /// Its files by path.
    pub files: &'a BTreeMap<&'a str, &'a FileEntry>,
    /// The files in the rule's scope by either of their names, sorted by path.
    pub in_scope: &'a [&'a FileEntry],
    /// Hits of the rule's patterns.
    pub hits: &'a [(&'a FileEntry, &'a Match)],
    /// Results of the rule's policy.
    pub results: &'a [RuleResult],
    /// Texts of changed files.
    pub texts: &'a Texts<'a>,
}

/// One violation, before status, scope and authorship are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violation {
    /// The file, or empty when it is about the whole change.
    pub path: String,
    /// First line, first column, last line, column after the end; 0 where one is not known.
    pub place: (u32, u32, u32, u32),
    /// What is wrong here, as a sentence.
    pub message: String,
    /// What identifies it over time, or empty: then the text at its place does.
    pub anchor: String,
    /// What to do, or empty: then `instead` of the rule, or nothing.
    pub fix: String,
    /// Other places that belong to it: path, line, phrase.
    pub related: Vec<(String, u32, String)>,
    /// The file whose system the rule holds in, where that is not the one at fault, or empty: an import of a protected
    /// module stands in another system.
    pub held_by: String,
}

impl Violation {
    /// Returns the path that must be in the rule's scope.
    #[must_use]
    pub fn scope_path(&self) -> &str {
        if self.held_by.is_empty() { &self.path } else { &self.held_by }
    }
}

impl RuleBook {
    /// Reads every rule's `enforce` and keeps those that hold in this repository.
    ///
    /// Faults of rules that hold elsewhere are reported as well: a specification is right as a whole.
    #[must_use]
    pub fn of(specification: Specification, hosted: Vec<HostedSystem>) -> (Self, Vec<UsageError>) {
        reading::rule_book(specification, hosted)
    }

    /// Says whether any rule that runs here judges the import graph.
    #[must_use]
    pub fn needs_graph(&self) -> bool {
        self.rules.values().any(|rule| rule.enforcement.needs_graph())
    }

    /// Returns what the walk over the code must look for, with the scope of each.
    #[must_use]
    pub fn patterns(&self) -> Vec<CodePatternSet> {
        pattern_set::of(self)
    }
}
