//! Evaluation of one package on one target, under budgets of time, count and bytes.
//!
//! Owns the engines after loading. Runs inside the worker: a builtin cannot be interrupted and recursion kills the
//! process, so the supervisor stands behind every budget here. An error is never "undefined, so allowed".

mod document;
mod engine;
mod run;
mod speaking;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use regorus::Engine;

use super::bench::{Covered, covered};
use super::fault::Place;
use super::{Evaluation, Fault, Package, Rule, Scope, schema};
use crate::finding::RuleId;
use crate::limits::Limits;
use crate::worker::protocol::Target;
pub use document::{Document, Files};
pub(super) use engine::{Failure, evaluate_path, limited, rule_path};
pub(super) use run::Run;
use speaking::may_speak;

/// Says whether a rule is asked.
type Wanted<'a> = &'a dyn Fn(&Rule) -> bool;

/// The document that every package is tried on: complete, and nothing in it.
static EMPTY: LazyLock<Result<Document, String>> = LazyLock::new(|| {
    let (bytes, review) = (schema::empty_document().to_string(), schema::empty_review().to_string());
    Document::from_json(bytes.as_bytes())?.with_review(review.as_bytes())
});

/// A package ready to run.
pub(super) struct Prepared {
    /// The package, as in `Loaded::packages`.
    pub(super) package: Package,
    /// The engine with the package and its libraries, prepared once and cloned for each evaluation.
    pub(super) engine: Arc<Engine>,
    /// True when the package has a rule `exception`, and scope `document`, where that works.
    pub(super) excepts: bool,
}

/// The prepared engines, parallel to `Loaded::packages`.
#[derive(Default)]
pub struct Engines {
    pub(super) packages: Vec<Prepared>,
    pub(super) limits: Limits,
}

impl std::fmt::Debug for Engines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engines").field("packages", &self.packages.len()).finish_non_exhaustive()
    }
}

impl Engines {
    /// Evaluates the decision rules of one package on one target; `skip` names rules that wait for CI.
    ///
    /// Each rule is one query. One query for all of them would evaluate shared helpers once, but it costs a parse and
    /// an analysis each time (three small rules on 2,000 files: 53 ms against 18 ms), and could not tell which rule
    /// failed or overran. A rule that cannot say anything of a file, by what its text asks for, is not evaluated on it.
    #[must_use]
    pub fn evaluate(&self, package: usize, document: &Document, target: Target, skip: &BTreeSet<RuleId>) -> Evaluation {
        let file = document.file(target);
        let wanted = |rule: &Rule| !skip.contains(&rule.id) && file.is_none_or(|file| may_speak(rule, file));
        self.evaluate_rules(package, document, target, (skip, &wanted))
    }

    /// Evaluates those rules of a package that are wanted.
    fn evaluate_rules(
        &self,
        package: usize,
        document: &Document,
        target: Target,
        (skip, wanted): (&BTreeSet<RuleId>, Wanted<'_>),
    ) -> Evaluation {
        let Some(prepared) = self.packages.get(package) else {
            return failed(Place::file("").fault("unknown-package", format!("there is no package {package}"), ""));
        };
        if prepared.package.scope == Scope::Document {
            return match document.subject_of(&prepared.package, target) {
                Some(subject) => self.evaluate_document(prepared, &subject, skip),
                None => failed(Place::file("").fault("unknown-target", "the file is no document", "")),
            };
        }
        let fits = matches!(
            (prepared.package.scope, target),
            (Scope::Change, Target::Change) | (Scope::File, Target::File(_)) | (Scope::Review, Target::Review)
        );
        let Some((input, file)) = document.input(target).filter(|_| fits) else {
            let message = format!("package `{}` does not run on {target:?}", prepared.package.name);
            return failed(Place::file("").fault("unknown-target", message, ""));
        };
        let rules = prepared.package.rules.iter().enumerate().filter(|(_, rule)| rule.status.runs() && wanted(rule));
        let mut run: Option<Run<'_>> = None;
        for (index, rule) in rules {
            // Most packages have nothing to say of most files, and an engine costs more than to find that out.
            run.get_or_insert_with(|| Run::new(prepared, &self.limits, input.clone(), file)).rule(index, rule);
        }
        run.map_or_else(Evaluation::default, Run::finish)
    }

    /// Returns the packages in their order.
    pub(super) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().map(|prepared| &prepared.package)
    }

    /// Evaluates all decision rules of a package whatever their status, and says which lines were evaluated.
    pub(super) fn rehearse(&self, package: usize, document: &Document, target: Target) -> (Evaluation, Covered) {
        let documents = self.packages.get(package).filter(|prepared| prepared.package.scope == Scope::Document);
        if let Some(prepared) = documents
            && let Some(subject) = document.subject_of(&prepared.package, target)
        {
            return self.rehearse_document(prepared, &subject);
        }
        let found = self.packages.get(package).zip(document.input(target));
        let Some((prepared, (input, file))) = found else {
            let message = format!("there is no package {package} for {target:?}");
            return (failed(Place::file("").fault("unknown-package", message, "")), BTreeMap::new());
        };
        let mut run = Run::new(prepared, &self.limits, input, file);
        run.engine.set_enable_coverage(true);
        let subject = document.file(target);
        for (index, rule) in prepared.package.rules.iter().enumerate() {
            run.rule(index, rule);
            // A check would not have asked it: a case that expects it to speak must show that.
            if !subject.is_none_or(|file| may_speak(rule, file)) {
                run.forget(index);
            }
        }
        let covered = covered(&run.engine);
        (run.finish(), covered)
    }

    /// Checks every package by itself; see [`Self::self_check_of`].
    #[must_use]
    pub fn self_check(&self) -> Vec<Fault> {
        (0..self.packages.len()).flat_map(|package| self.self_check_of(package)).collect()
    }

    /// Evaluates one package on a complete but empty document; a fault says that it cannot work here.
    ///
    /// A broken pack must not look like a clean change. One package at a time, because one that does not return must
    /// not keep the others from being loaded.
    #[must_use]
    pub fn self_check_of(&self, package: usize) -> Vec<Fault> {
        let document = match &*EMPTY {
            Ok(document) => document,
            Err(why) => return vec![Place::file("").fault("self-check", why, "this is a bug of the gate")],
        };
        let target = match self.packages.get(package).map(|prepared| prepared.package.scope) {
            // What an empty document of an unknown format would mean to a policy, nobody can say.
            Some(Scope::Document) => return Vec::new(),
            Some(Scope::File) => Target::File(0),
            Some(Scope::Review) => Target::Review,
            Some(Scope::Change) | None => Target::Change,
        };
        // All of its rules: none has anything to say of nothing, and all of them must be able to.
        let evaluation = self.evaluate_rules(package, document, target, (&BTreeSet::new(), &|_| true));
        let failed = |fault: Fault| Fault {
            code: "self-check".to_owned(),
            message: format!("self check on an empty change: {}", fault.message),
            ..fault
        };
        evaluation.faults.into_iter().map(failed).collect()
    }
}

pub(super) fn failed(fault: Fault) -> Evaluation {
    Evaluation { results: Vec::new(), prints: Vec::new(), faults: vec![fault] }
}
