//! Modules, and the import graph where a rule asks for it -> what of the input document follows from them.
//!
//! Owns when the whole repository is read: where a graph rule holds and the change can have touched the graph, and where a
//! policy looks at who relies on the changed modules and somebody else can.

use std::collections::BTreeSet;

use crate::change::{Change, Repository};
use crate::completeness::Reason;
use crate::configuration::Classifier;
use crate::enforcement::RuleBook;
use crate::enforcement::graphs::{graph_could_change, modules_here};
use crate::facts::{family_of, language_of};
use crate::finding::SourceKind;
use crate::gate::graph::{read_imports, resolve_into, sort_into};
use crate::gate::progress::Progress;
use crate::impact::graph::Graphs;
use crate::impact::listing::ImportListing;
use crate::impact::modules::{ModuleFault, Modules};
use crate::limits::Limits;
use crate::policies::PolicySet;
use crate::policies::input::InputDocument;
use crate::worker::Supervisor;

/// What was read of the repository beyond the change.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Everything that the graphs are built from, or none where no rule needed them.
    pub(super) imports: Option<ImportListing>,
    /// The graphs of both sides, not yet sorted into modules.
    pub(super) graphs: Option<Graphs>,
    /// What could not be read.
    pub(super) reasons: Vec<Reason>,
}

/// What the graph is read from.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) change: &'a Change,
    pub(super) repository: &'a Repository,
    pub(super) classifier: &'a Classifier,
    pub(super) limits: &'a Limits,
    pub(super) progress: &'a dyn Progress,
}

/// Sorts the changed files into modules, and reads the import graph where it is needed.
pub(super) fn reach(
    book: &RuleBook,
    policies: &PolicySet,
    input: &mut InputDocument,
    ground: &Ground<'_>,
    supervisor: &mut Supervisor,
) -> Reach {
    let Ground { change, repository, classifier, limits, progress } = *ground;
    let mut reach = Reach::default();
    let modules = match modules_here(book) {
        Ok(modules) => modules,
        Err(fault) => {
            reach.reasons.push(unsorted(&fault));
            return reach;
        }
    };
    let wanted = looks_at_dependents(book, policies) && changes_code_of_a_module(input, &modules);
    if wanted || graph_could_change(book, input, &|path| super::both_texts(change, repository, path, limits)) {
        let listing = read_imports(change, repository, classifier, limits, supervisor, progress);
        let graphs = graphs(&listing);
        let sorted = Graphs { base: graphs.base.sorted_into(&modules), head: graphs.head.sorted_into(&modules) };
        resolve_into(input, &sorted, &|module| owners(book, module));
        reach.reasons.extend(listing.reasons.iter().cloned().chain(graphs.reasons()));
        reach.imports = Some(listing);
        reach.graphs = Some(graphs);
    } else {
        sort_into(input, &modules);
    }
    reach
}

/// Says whether a policy may look at who relies on a module: one of the repository's own always, one that ships where
/// systems of several owners lie here. Whatever mentions the key is taken to read it.
fn looks_at_dependents(book: &RuleBook, policies: &PolicySet) -> bool {
    let owners: BTreeSet<&str> = book
        .hosted
        .iter()
        .filter_map(|system| book.specification.systems.get(&system.id))
        .map(|system| system.owner.as_str())
        .collect();
    let mut mentions = policies.policies.iter().filter(|policy| policy.text.contains("impact"));
    mentions.any(|policy| policy.kind != SourceKind::Builtin || owners.len() > 1)
}

/// Says whether code of a module changed, whatever it imports.
fn changes_code_of_a_module(input: &InputDocument, modules: &Modules) -> bool {
    let held = |path: &str| modules.of(path).is_some();
    let mut files = input.files.iter();
    // A file that is no code any more was some to those who rely on it.
    let code = |path: &str| held(path) && language_of(path, &[]).is_some();
    files.any(|file| {
        let known = family_of(&file.language).is_some() && (held(&file.path) || held(&file.old_path));
        known || code(&file.path) || code(&file.old_path)
    })
}

/// Builds the graphs of a listing; the same listing gives the same graphs, in `check` and in `decide`.
pub(super) fn graphs(listing: &ImportListing) -> Graphs {
    Graphs::build(listing, &Modules::default())
}

/// A glob that is none; the loader refuses it first.
pub(super) fn unsorted(fault: &ModuleFault) -> Reason {
    let message = format!("module {}: `{}` is no glob: {}", fault.module, fault.glob, fault.why);
    Reason::new("specification-fault", message, "correct it in `systems.yaml`")
}

/// Returns the team that owns the system of a module.
fn owners(book: &RuleBook, module: &str) -> Vec<String> {
    let id = match (book.hosted.as_slice(), module.split_once('/')) {
        ([one], _) => &one.id,
        (_, Some((system, _))) => system,
        _ => return Vec::new(),
    };
    book.specification.systems.get(id).map(|system| system.owner.clone()).into_iter().collect()
}
