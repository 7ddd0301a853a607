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

use regorus::{Engine, Value};
use serde::{Deserialize, Serialize};

use super::checker::scope::imports;
use super::evaluate::{Document, Engines, Prepared};
use super::fault::Place;
use super::module::{self, ParsedModule};
use super::{Fault, PolicySet, Rule, Scope, loader};
use crate::clock::Deadline;
use crate::worker::protocol::Target;
use rig::Rig;
use walk::{DEPTH, Tracer};

/// How a rule came out on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracing {
    /// What was looked at: one thing, or, at scope `document`, each document of the file.
    pub looks: Vec<Look>,
    /// At scope `document`: how many documents of the file were looked at and are not in `looks`.
    pub more: u64,
    /// What must be known about base to read it.
    pub notes: Vec<String>,
    /// Why it could not be traced.
    pub faults: Vec<Fault>,
}

/// One thing that a rule looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The document of the file, from 1; 0 where there is one only, or none.
    pub number: u64,
    /// How many documents the file has.
    pub of: u64,
    /// The clauses of the rule, in the order of the text.
    pub clauses: Vec<Clause>,
    /// At scope `document`: what came.
    pub came: Vec<Came>,
}

/// A result of scope `document`, and whether it gates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// The message.
    pub message: String,
    /// True when base gives it too.
    pub old: bool,
    /// True when an `exception` lets it through.
    pub excepted: bool,
    /// Why it is old or new.
    pub why: String,
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
        let Some((prepared, named)) = found else {
            return untraced("there is no such rule");
        };
        let paths: BTreeSet<&str> = document.files.iter().map(|(path, _)| path.as_str()).collect();
        let focus = focus.map(|focus| (focus, paths));
        let bench = Bench { engines: self, set, prepared, rule: named, focus };
        if prepared.package.scope == Scope::Document {
            return match document.subject_of(&prepared.package, target) {
                Some(subject) => self.trace_document(&bench, &subject, rule),
                None => untraced("the file is no document"),
            };
        }
        let Some((input, _)) = document.input(target) else { return untraced("there is no such input") };
        let traced = bench.clauses(&prepared.engine, vec![input]);
        let looks = traced.into_iter().map(|clauses| Look { clauses, ..Look::default() });
        Tracing { looks: looks.collect(), ..Tracing::default() }
    }
}

fn untraced(why: &str) -> Tracing {
    Tracing { faults: vec![Place::file("").fault("unknown-target", why, "")], ..Tracing::default() }
}

/// One rule, and everything that its clauses are read from.
pub(super) struct Bench<'b> {
    /// The engines.
    engines: &'b Engines,
    /// All policies.
    set: &'b PolicySet,
    /// The package of the rule.
    pub(super) prepared: &'b Prepared,
    /// The rule.
    rule: &'b Rule,
    /// The file that is asked about, and all changed ones.
    focus: Option<(&'b str, BTreeSet<&'b str>)>,
}

impl Bench<'_> {
    /// Traces the clauses of the rule in that engine, on one input after the other.
    pub(super) fn clauses(&self, engine: &Engine, inputs: Vec<Value>) -> Vec<Vec<Clause>> {
        let limits = &self.engines.limits;
        let all: Vec<ParsedModule<'_>> =
            self.set.policies.iter().filter_map(|source| module::parse(source, limits).ok()).collect();
        let package = &self.prepared.package;
        let own =
            |module: &&ParsedModule<'_>| module.source.pack == package.pack && module.package_name() == package.name;
        let modules = loader::reached(&all, all.iter().filter(own).collect());
        let entry = [package.name.split('.').map(str::to_owned).collect(), vec![self.rule.entry.clone()]].concat();
        let deadline = Deadline::after_ms(limits.evaluation_ms);
        let trace = |input: Value| {
            let mut tracer = Tracer {
                rig: Rig::new(engine, &modules, input, deadline),
                modules: &modules,
                imports: modules.iter().map(|module| imports(module)).collect(),
                focus: self.focus.clone(),
            };
            tracer.clauses(&entry, None, DEPTH)
        };
        inputs.into_iter().map(trace).collect()
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
    /// At scope `document`: which document of the file, in words, or empty.
    pub document: String,
    /// Results of all clauses together.
    pub results: u64,
    /// Why the rule did not look at it; else empty.
    pub why_not: String,
    /// The clauses of the rule.
    pub clauses: Vec<Clause>,
    /// At scope `document`: what came, and why it is old or new.
    pub came: Vec<Came>,
    /// What must be known about base to read it.
    pub notes: Vec<String>,
}

impl TargetTrace {
    /// Returns how many statements of its best clause held: the further, the nearer it was to firing.
    #[must_use]
    pub fn reach(&self) -> usize {
        let held = |clause: &Clause| clause.statements.iter().filter(|of| of.left.is_some_and(|left| left > 0)).count();
        self.clauses.iter().map(held).max().unwrap_or(0)
    }
}
