//! What is said about a test and its outcome between the process that runs it and the one that reports it.
//!
//! Owns the types. Must not run anything.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fault, RuleResult};

/// A `test_` rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTest {
    /// The pack or policy folder.
    pub pack: String,
    /// The Rego package.
    pub package: String,
    /// The rule's name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// True for `todo_test_`: it is not run.
    pub todo: bool,
    /// Why it cannot be run, or empty.
    pub refused: String,
    /// True where it lies outside of what was asked for.
    pub elsewhere: bool,
}

/// A rule or function of a policy, as far as it can be seen to run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Body {
    /// The pack or policy folder.
    pub pack: String,
    /// Its file.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// The rule's name with its package.
    pub name: String,
    /// Lines of its statements, sorted: all of them are evaluated when it runs to its end.
    pub lines: BTreeSet<u32>,
}

/// Everything that can be run, and what cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPlan {
    /// The tests, sorted by pack, package and name.
    pub tests: Vec<PlannedTest>,
    /// Bodies of the policies.
    pub bodies: Vec<Body>,
    /// What keeps tests from being run.
    pub faults: Vec<Fault>,
    /// What makes a test say less than it seems to.
    pub warnings: Vec<Fault>,
}

/// What is to be run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Trial {
    /// A test of the plan, by its index.
    Test(u32),
    /// All packages of a pack on one document.
    Case {
        /// The pack.
        pack: String,
        /// The input document as JSON.
        #[serde(with = "serde_bytes")]
        document: Vec<u8>,
        /// What scope `review` adds, as JSON.
        #[serde(with = "serde_bytes")]
        review: Vec<u8>,
    },
}

/// Where and why a test was not true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// The file.
    pub path: String,
    /// The line of the first expression that was not true, from 1.
    pub line: u32,
    /// That expression.
    pub expression: String,
    /// Parts of it with their values.
    pub values: Vec<Part>,
    /// Where the two sides of an equation differ.
    pub differences: Vec<Difference>,
}

/// A part of an expression, and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// As it is written.
    pub text: String,
    /// As Rego would write it.
    pub value: String,
}

/// A place at which two values differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Keys and numbers from the outside in: `files[0].path`; `[_]` is an element of a set.
    pub path: String,
    /// What stands there on the left.
    pub left: String,
    /// What stands there on the right.
    pub right: String,
}

/// How a trial ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialReport {
    /// True when a test was true; means nothing for a case.
    pub passed: bool,
    /// Why it could not be run to its end, or empty.
    pub error: String,
    /// Why a test was not true.
    pub failure: Option<Failure>,
    /// What the rules said in a case, by rule id.
    pub results: Vec<(String, RuleResult)>,
    /// What went wrong in a case.
    pub faults: Vec<Fault>,
    /// What was printed.
    pub prints: Vec<String>,
    /// Lines that were evaluated, by file.
    pub covered: BTreeMap<String, BTreeSet<u32>>,
}
