//! Findings -> findings with waivers applied and without old debt.
//!
//! Owns what is judged a second time to know that: the accepted places in changed files, as if every line were new. Must
//! not know when a waiver works or what is old debt; `enforcement` does.

use std::collections::{BTreeMap, BTreeSet};

use crate::completeness::Reason;
use crate::enforcement::debt::{Settled, settle};
use crate::enforcement::graphs::renames;
use crate::enforcement::standing::{Standing, as_new};
use crate::enforcement::waivers::{Ground, Reach, Waived, apply};
use crate::enforcement::{RuleBook, SystemGraphs, judge, rego};
use crate::finding::RuleId;
use crate::finding::draft::{Judged, Texts};
use crate::gate::evaluation::evaluate;
use crate::gate::saved::SavedInput;
use crate::gate::sending::send;
use crate::gate::specified::Specified;
use crate::impact::graph::{Graph, Graphs};
use crate::policies::{Loaded, RuleResult};
use crate::specification::baseline::Baseline;
use crate::specification::waiver::WaiverUse;
use crate::worker::Supervisor;

/// What the findings are held against.
pub(super) struct Acceptance<'a> {
    pub(super) saved: &'a SavedInput,
    pub(super) specified: &'a Specified,
    pub(super) graphs: Option<&'a Graphs>,
    pub(super) loaded: &'a Loaded,
    pub(super) texts: &'a Texts<'a>,
}

/// What is left.
#[derive(Debug, Default)]
pub(super) struct Accepted {
    /// The findings, waived ones included, old debt left out.
    pub(super) judged: Vec<Judged>,
    /// The waivers that were used.
    pub(super) waivers: Vec<WaiverUse>,
    /// How many findings were old debt.
    pub(super) carried: u32,
    /// What could not be read.
    pub(super) reasons: Vec<Reason>,
}

impl Acceptance<'_> {
    /// Applies waivers and the baseline; what stands is judged again only where a changed file has an accepted place.
    pub(super) fn of(&self, judged: Vec<Judged>, supervisor: &mut Supervisor) -> Accepted {
        let book = &self.specified.book;
        if book.hosted.is_empty() {
            return Accepted { judged, ..Accepted::default() };
        }
        let (baseline, mut reasons) = self.baseline();
        let whole = self.saved.input.change.merge_base == self.saved.input.change.head;
        let paths = self.accepted_paths(&baseline);
        let standing = (!paths.is_empty() && !whole).then(|| self.standing(&paths, supervisor, &mut reasons));
        let ground = Ground {
            specification: &book.specification,
            hosted: &book.hosted,
            files: &self.saved.input.files,
            standing: standing.as_ref(),
            reach: if whole { Reach::Whole } else { Reach::Change },
            as_of: &self.saved.as_of,
        };
        let Waived { judged, uses } = apply(judged, &ground);
        let file = self.saved.configuration.baseline.as_deref().unwrap_or_default();
        let Settled { judged, carried } = settle(judged, &baseline, file, &ground);
        Accepted { judged, waivers: uses, carried, reasons }
    }

    /// A baseline that cannot be read carries nothing, and the change is undecided.
    fn baseline(&self) -> (Baseline, Vec<Reason>) {
        let Some(text) = &self.saved.baseline else { return (Baseline::default(), Vec::new()) };
        let file = self.saved.configuration.baseline.as_deref().unwrap_or_default();
        match Baseline::read(text.as_bytes(), file, Some(&self.specified.book.specification)) {
            Ok(baseline) => (baseline, Vec::new()),
            Err(faults) => {
                let reason = |fault: &crate::diagnostic::UsageError| {
                    let place =
                        fault.frame.as_ref().map_or(String::new(), |frame| format!("line {}: ", frame.place.line));
                    Reason::new("baseline-fault", format!("{place}{}", fault.title), fault.help.clone()).at(file)
                };
                (Baseline::default(), faults.iter().map(reason).collect())
            }
        }
    }

    /// Returns the changed files with an accepted place, under their new names.
    fn accepted_paths(&self, baseline: &Baseline) -> BTreeSet<&str> {
        let waived = self.specified.book.specification.waivers.values().flat_map(|waiver| &waiver.at);
        let accepted: BTreeSet<&str> =
            waived.map(|at| at.path.as_str()).chain(baseline.entries.iter().map(|entry| entry.path.as_str())).collect();
        let files = self.saved.input.files.iter();
        files
            .filter(|file| accepted.contains(file.path.as_str()) || accepted.contains(file.old_path.as_str()))
            .map(|file| file.path.as_str())
            .collect()
    }

    /// Judges these files by the same rules as if every line were new.
    fn standing(&self, paths: &BTreeSet<&str>, supervisor: &mut Supervisor, reasons: &mut Vec<Reason>) -> Standing {
        let book = &self.specified.book;
        let input = as_new(&self.saved.input, paths, self.texts);
        let results = self.results(&input, supervisor, reasons);
        let head = self.graphs.map(|graphs| Graphs { base: Graph::default(), head: graphs.head.clone() });
        let graphs = head.and_then(|graphs| SystemGraphs::of(book, &graphs, &renames(&self.saved.input)).ok());
        let unknown = self.saved.configuration.unknown;
        let enforced = judge(book, &input, &results, unknown, self.texts, graphs.as_ref());
        let graph_rules = book.rules.iter().filter(|(_, rule)| graphs.is_none() && rule.enforcement.needs_graph());
        Standing::of(enforced.drafts).without(graph_rules.map(|(id, _)| id.clone()).collect())
    }

    /// Evaluates the specification's own policies, where it has any, on that document.
    fn results(
        &self,
        input: &crate::policies::input::InputDocument,
        supervisor: &mut Supervisor,
        reasons: &mut Vec<Reason>,
    ) -> BTreeMap<RuleId, Vec<RuleResult>> {
        let book: &RuleBook = &self.specified.book;
        if !book.rules.values().any(|rule| rule.enforcement.policy().is_some()) {
            return BTreeMap::new();
        }
        let (_, unsent) = send(input, supervisor);
        reasons.extend(unsent);
        let general = self.loaded.packages.iter().filter(|package| !rego::is_of_specification(package));
        let skip: BTreeSet<RuleId> =
            general.flat_map(|package| package.rules.iter().map(|rule| rule.id.clone())).collect();
        let evaluations = evaluate(input, self.loaded, &skip, supervisor);
        reasons.extend(evaluations.reasons.iter().cloned());
        rego::results_by_rule(book, &evaluations.of_packages(self.loaded))
    }
}
