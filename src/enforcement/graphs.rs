//! The import graph as rules see it: the modules of one system, the imports that a rule's scope covers, and what is new.
//!
//! Owns what the graph kinds share: `pair` (both sides of one view), `links` (what is new), `chains` (indirect ways),
//! `names` (modules in rules), `words` (messages), `contradictions`, `need` (whether a change can touch the graph). Must
//! not know any kind. The graph was resolved once; a view only sorts its files into modules.
//!
//! `paths` and `exclude` of a rule's scope choose the files whose imports count; files outside the root of the system
//! are not the scope's to choose and always count.

mod chains;
pub mod contradictions;
mod links;
pub(super) mod names;
mod need;
mod pair;
mod spelt;
pub(super) mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) use self::chains::{Chain, Question};
pub use self::contradictions::{Claim, Says};
use self::links::Steps;
pub(super) use self::links::{Imported, Link};
pub use self::need::{BothTexts, graph_could_change};
pub use self::pair::GraphPair;
use super::{EnforcedRule, RuleBook, Violation};
use crate::completeness::Reason;
use crate::finding::Status;
use crate::impact::graph::{Graph, Graphs, Renames};
use crate::impact::listing::{ImportListing, Side};
use crate::impact::modules::{ModuleFault, Modules};
use crate::policies::input::InputDocument;
use crate::specification::Specification;
use crate::specification::hosted::{HostedSystem, globs};

/// What tells one view from another: system, paths and exclusions of the scope, and whether imports of types count.
type ViewKey = (String, Vec<String>, Vec<String>, bool);

/// The import graph of both sides, once for each system and scope that a rule asks about.
#[derive(Debug, Default)]
pub struct SystemGraphs {
    views: BTreeMap<ViewKey, GraphPair>,
    /// Why not everything was compared.
    unfinished: Option<Reason>,
}

impl SystemGraphs {
    /// Sorts resolved graphs into the modules of every system that a graph rule of the book holds in, and compares both
    /// sides in so many steps at most (limit `link-steps`).
    ///
    /// # Errors
    /// When a glob of a module or a scope is not one; the loader has refused such a specification before.
    pub fn of(book: &RuleBook, graphs: &Graphs, renames: &Renames, steps: u64) -> Result<Self, ModuleFault> {
        let rules = book.rules.values().filter(|rule| rule.enforcement.needs_graph());
        Self::for_rules(&book.specification, rules, graphs, renames, &Steps::new(steps))
    }

    fn for_rules<'r>(
        specification: &Specification,
        rules: impl Iterator<Item = &'r EnforcedRule>,
        graphs: &Graphs,
        renames: &Renames,
        steps: &Steps,
    ) -> Result<Self, ModuleFault> {
        let mut sorted: BTreeMap<&HostedSystem, Graphs> = BTreeMap::new();
        let mut views = BTreeMap::new();
        for rule in rules {
            for system in running(rule) {
                let key = view_key(rule, system);
                if views.contains_key(&key) {
                    continue;
                }
                if !sorted.contains_key(system) {
                    let modules = modules_of(specification, system)?;
                    let base = graphs.base.sorted_into(&modules);
                    let head = graphs.head.sorted_as_moved(&modules, renames);
                    sorted.insert(system, Graphs { base, head });
                }
                let Some(sides) = sorted.get(system) else { continue };
                let (base, head) = (scoped(&sides.base, system, &key)?, scoped(&sides.head, system, &key)?);
                views.insert(key, GraphPair::new(system.clone(), base, head, renames, steps));
            }
        }
        Ok(Self { views, unfinished: steps.reason() })
    }

    /// Returns why the rules that need the graph cannot be decided, if they cannot.
    #[must_use]
    pub fn unfinished(&self) -> Option<&Reason> {
        self.unfinished.as_ref()
    }
}

fn running(rule: &EnforcedRule) -> impl Iterator<Item = &HostedSystem> {
    rule.scope.systems().iter().filter(|(_, status)| Status::runs(*status)).map(|(system, _)| system)
}

fn view_key(rule: &EnforcedRule, system: &HostedSystem) -> ViewKey {
    let scope = &rule.rule.scope;
    (system.id.clone(), scope.paths.clone(), scope.exclude.clone(), rule.enforcement.counts_types())
}

/// Returns the modules of all systems that this repository holds; of several systems each name is `system/module`.
///
/// # Errors
/// As [`SystemGraphs::of`].
pub fn modules_here(book: &RuleBook) -> Result<Modules, ModuleFault> {
    let several = book.hosted.len() > 1;
    let mut globs = BTreeMap::new();
    for system in &book.hosted {
        for (name, list) in placed_globs(&book.specification, system) {
            globs.insert(if several { format!("{}/{name}", system.id) } else { name }, list);
        }
    }
    Modules::new(&globs)
}

/// Returns the modules of a system with globs from the root of the repository.
fn modules_of(specification: &Specification, system: &HostedSystem) -> Result<Modules, ModuleFault> {
    Modules::new(&placed_globs(specification, system))
}

fn placed_globs(specification: &Specification, system: &HostedSystem) -> BTreeMap<String, Vec<String>> {
    let written = specification.systems.get(&system.id).map(|system| &system.modules);
    let placed = |glob: &String| match system.root.as_str() {
        "" => glob.clone(),
        root => format!("{}/{glob}", globset::escape(root)),
    };
    written.into_iter().flatten().map(|(name, globs)| (name.clone(), globs.iter().map(placed).collect())).collect()
}

/// Leaves out the imports of files that the scope does not cover.
fn scoped(graph: &Graph, system: &HostedSystem, (_, paths, exclude, types): &ViewKey) -> Result<Graph, ModuleFault> {
    let graph = if *types { Cow::Borrowed(graph) } else { Cow::Owned(graph.without_types()) };
    if paths.is_empty() && exclude.is_empty() {
        return Ok(graph.into_owned());
    }
    let compiled = |list: &[String]| {
        globs(list).map_err(|error| ModuleFault {
            module: String::new(),
            glob: error.glob().unwrap_or_default().to_owned(),
            why: error.kind().to_string(),
        })
    };
    let (chosen, excluded) = (compiled(paths)?, compiled(exclude)?);
    Ok(graph.importing(|path| {
        system
            .inside(path)
            .is_none_or(|inside| (paths.is_empty() || chosen.is_match(inside)) && !excluded.is_match(inside))
    }))
}

impl SystemGraphs {
    /// Judges the graph by one rule, in every system of its scope.
    pub(super) fn judge(&self, rule: &EnforcedRule) -> Vec<Violation> {
        let views = running(rule).filter_map(|system| self.views.get(&view_key(rule, system)));
        views.flat_map(|view| rule.enforcement.judge_graph(view)).collect()
    }
}

/// Returns old path by new path of the files that the change renamed.
#[must_use]
pub fn renames(input: &InputDocument) -> Renames {
    let renamed = input.files.iter().filter(|file| file.path != file.old_path);
    renamed.map(|file| (file.path.clone(), file.old_path.clone())).collect()
}

/// Judges a whole tree by one graph rule, everything in it new: what a `tests/<RULE-ID>/` tree is held against.
///
/// The book must host every system of the specification at the root `""`. Only the head side of the listing is read.
///
/// # Errors
/// As [`SystemGraphs::of`].
pub fn tree_violations(
    book: &RuleBook,
    rule: &EnforcedRule,
    listing: &ImportListing,
) -> Result<Vec<Violation>, ModuleFault> {
    let head = Graph::build(listing, Side::Head, &Modules::default());
    let resolved = Graphs { base: Graph::default(), head };
    let rules = std::iter::once(rule);
    // The tree is the author's own, and small.
    let steps = Steps::new(u64::MAX);
    let graphs = SystemGraphs::for_rules(&book.specification, rules, &resolved, &Renames::new(), &steps)?;
    let mut violations = graphs.judge(rule);
    violations.retain(|violation| rule.scope.covers(violation.scope_path()).is_some());
    violations.sort_by(|a, b| (&a.path, a.place, &a.message).cmp(&(&b.path, b.place, &b.message)));
    violations.dedup();
    Ok(violations)
}
