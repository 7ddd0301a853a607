//! Why a rule fired, or did not: its statements one after the other, and how many solutions each leaves.
//!
//! Owns what a trace holds. Runs inside the worker. What it shows is found by evaluating beginnings of the rule's own
//! text beside it, so it never changes what the rule says.

mod observed;
mod rig;
mod shown;
mod walk;
mod written;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::checker::scope::imports;
use super::evaluate::{Document, Engines};
use super::fault::Place;
use super::module::{self, ParsedModule};
use super::{Fault, PolicySet, loader};
use crate::clock::Deadline;
use crate::worker::protocol::Target;
use rig::Rig;
use walk::{DEPTH, Tracer};

/// How a rule came out on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracing {
    /// Its clauses, in the order of the text.
    pub clauses: Vec<Clause>,
    /// Why it could not be traced.
    pub faults: Vec<Fault>,
}

/// One clause of a rule or function: a head and a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The head as it is called: `deny`, `helper(x)`.
    pub name: String,
    /// The file.
    pub path: String,
    /// Number of the first line of `text`, from 1.
    pub line: u32,
    /// The lines of the clause.
    pub text: Vec<String>,
    /// Its statements, in the order in which they are evaluated.
    pub statements: Vec<Statement>,
    /// True when the arguments of the call do not fit the head, so that no statement was tried.
    pub unfit: bool,
    /// Solutions left behind the last statement; none when it could not be told.
    pub left: Option<u64>,
    /// The first few results of a clause that holds.
    pub made: Vec<String>,
    /// What must be known to read it: an `else`, a body that always holds.
    pub note: String,
}

/// One statement of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end: u32,
    /// Solutions left behind it; none when it could not be told, or nothing was left before it.
    pub left: Option<u64>,
    /// True when nothing is left behind it, and something was before.
    pub stops: bool,
    /// True when it waits for a name that a later line binds.
    pub late: bool,
    /// Why `left` could not be told, or what must be known.
    pub note: String,
    /// What it binds.
    pub binds: Vec<Named>,
    /// Where it stops: parts of it, and their values before it.
    pub seen: Vec<Named>,
    /// Where it stops: the clauses of helpers that it asks.
    pub helpers: Vec<Clause>,
}

/// A name or a part of a statement, and its first few distinct values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// As it is written.
    pub name: String,
    /// Values, shortened; none when it is undefined.
    pub values: Vec<String>,
    /// How many more there are.
    pub more: u64,
}

impl Engines {
    /// Traces one rule of one package on one target.
    pub(crate) fn trace(
        &self,
        set: &PolicySet,
        (package, rule): (usize, usize),
        document: &Document,
        target: Target,
        focus: Option<&str>,
    ) -> Tracing {
        let found = self.packages.get(package).and_then(|prepared| Some((prepared, prepared.package.rules.get(rule)?)));
        let Some(((prepared, rule), (input, _))) = found.zip(document.input(target)) else {
            let fault = Place::file("").fault("unknown-target", "there is no such rule or input", "");
            return Tracing { faults: vec![fault], ..Tracing::default() };
        };
        let all: Vec<ParsedModule<'_>> =
            set.policies.iter().filter_map(|source| module::parse(source, &self.limits).ok()).collect();
        let own = |module: &&ParsedModule<'_>| {
            module.source.pack == prepared.package.pack && module.package_name() == prepared.package.name
        };
        let modules = loader::reached(&all, all.iter().filter(own).collect());
        let paths: BTreeSet<&str> = document.files.iter().map(|(path, _)| path.as_str()).collect();
        let mut tracer = Tracer {
            rig: Rig::new(&prepared.engine, &modules, input, Deadline::after_ms(self.limits.evaluation_ms)),
            modules: &modules,
            imports: modules.iter().map(|module| imports(module)).collect(),
            focus: focus.map(|focus| (focus, paths)),
        };
        let entry = [prepared.package.name.split('.').map(str::to_owned).collect(), vec![rule.entry.clone()]].concat();
        Tracing { clauses: tracer.clauses(&entry, None, DEPTH), faults: Vec::new() }
    }
}

/// A rule over a change: why it fired, or did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTrace {
    /// [`SCHEMA`].
    pub schema: String,
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// The file that defines it; empty for rules that are no policy.
    pub path: String,
    /// The line, from 1, or 0.
    pub line: u32,
    /// Status, severity and scope, in words.
    pub terms: String,
    /// Why it did not run at all; else empty.
    pub why_not: String,
    /// What it looked at, one entry each; what it fired on comes first.
    pub targets: Vec<TargetTrace>,
    /// What became of its results.
    pub notes: Vec<String>,
}

/// The name and version of the JSON form.
pub const SCHEMA: &str = "portcullis.trace/v1";

/// A rule on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetTrace {
    /// The changed file, or empty for the whole change.
    pub path: String,
    /// Results of all clauses together.
    pub results: u64,
    /// Why the rule did not look at it; else empty.
    pub why_not: String,
    /// The clauses of the rule.
    pub clauses: Vec<Clause>,
}

impl TargetTrace {
    /// Returns how many statements of its best clause held: the further, the nearer it was to firing.
    #[must_use]
    pub fn reach(&self) -> usize {
        let held = |clause: &Clause| clause.statements.iter().filter(|of| of.left.is_some_and(|left| left > 0)).count();
        self.clauses.iter().map(held).max().unwrap_or(0)
    }
}
