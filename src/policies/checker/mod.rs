//! The static checker over the syntax tree; the engine has none.
//!
//! Owns every question that can be answered without evaluating. Must not evaluate, and must not stop at the first
//! fault.

pub(super) mod advice;
mod builtins;
mod contradiction;
mod index;
mod names;
mod needs;
mod paths;
mod recursion;
mod renaming;
mod results;
pub(super) mod scope;
mod uses;
pub(super) mod walk;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use index::{Definition, Index};
pub(super) use renaming::renamed;
use scope::Reader;
pub(super) use uses::FORGE;
use uses::{Facts, Judge};

use super::module::{ParsedModule, head_reference};
use super::schema::{Shape, input_schema};
use super::{Fault, Package, Scope};

/// The shapes of `input`, by scope.
struct Shapes {
    change: Shape,
    file: Shape,
    review: Shape,
    library: Shape,
    unknown: Shape,
}

/// What is known besides the modules.
pub(super) struct Surroundings<'a> {
    /// Data files, by pack.
    pub(super) data: &'a BTreeMap<String, serde_json::Value>,
    /// Packs of which a file could not be read: what it defines is not known.
    pub(super) unread: &'a BTreeSet<String>,
}

/// Checks all modules; fills in which forge facts each rule reads.
pub(super) fn check(
    modules: &[ParsedModule<'_>],
    around: &Surroundings<'_>,
    packages: &mut [Package],
    faults: &mut Vec<Fault>,
) {
    let foreign = foreign(modules, packages);
    let shapes = Shapes::of_schema(&input_schema());
    let index = Index::new(modules);
    let mut facts: Vec<Facts> = Vec::new();
    for definition in &index.definitions {
        let mut own = Facts::default();
        for clause in &definition.clauses {
            let Some((module, rule)) = index.clause(*clause) else { continue };
            let Some((_, imports)) = index.module(clause.0) else { continue };
            let input = shapes.of(definition, packages, &foreign);
            let reader = Reader { imports, input };
            let found = reader.uses(rule);
            names::locals(module, imports, &found.declared, faults);
            found.compared.iter().for_each(|compared| words::judge(module, &reader, compared, faults));
            names::unbound_heads(&index, clause.0, rule, faults);
            let data = around.data.get(&module.source.pack);
            let mut judge = Judge {
                index: &index,
                module: clause.0,
                reader: &reader,
                data,
                unread: around.unread.contains(&module.source.pack),
                conftest: foreign.contains(module.source.pack.as_str()),
                facts: &mut own,
                faults,
            };
            found.uses.iter().for_each(|used| judge.judge(used));
        }
        facts.push(own);
    }
    modules.iter().for_each(|module| names::kinds(module, faults));
    arities(&index, faults);
    recursions(&index, &facts, faults);
    let used: BTreeSet<usize> = facts
        .iter()
        .enumerate()
        .flat_map(|(number, facts)| facts.edges.iter().copied().filter(move |target| *target != number))
        .collect();
    let excused = names::near_misses(&index, &used, faults);
    names::unused_packages(&index, around.unread, &excused, faults);
    forgive(modules, packages, &foreign, faults);
    forge_inputs(&index, &facts, packages);
    file_needs(&index, packages);
}

/// Returns the packs with packages of scope `document`, and those that the configuration gives that scope.
pub(super) fn foreign(modules: &[ParsedModule<'_>], packages: &[Package]) -> BTreeSet<String> {
    let found = packages.iter().filter(|package| package.scope == Scope::Document).map(|package| package.pack.clone());
    let meant = modules.iter().filter(|module| module.source.scope == Some(Scope::Document));
    found.chain(meant.map(|module| module.source.pack.clone())).collect()
}

/// Policies that were written for Conftest run as they are: other namespaces lie beside the one that decides,
/// `import data.lib` is how they name their functions, and METADATA may hold what it likes (what is not understood
/// leaves the defaults, which are the strictest).
fn forgive(modules: &[ParsedModule<'_>], packages: &[Package], foreign: &BTreeSet<String>, faults: &mut Vec<Fault>) {
    const FORGIVEN: &[&str] = &[
        "decision-kind",
        "decision-name",
        "metadata",
        "object-rule",
        "package-import",
        "reused-variable",
        "unused-package",
    ];
    let scope = |module: &ParsedModule<'_>| {
        let name = module.package_name();
        packages.iter().find(|package| package.pack == module.source.pack && package.name == name).map(|one| one.scope)
    };
    // What Conftest would evaluate must be what it seems; a single value may be a list, which evaluation will show.
    let stands = |fault: &Fault| {
        fault.code == "object-rule" || (fault.code == "decision-kind" && !fault.message.contains(names::SINGLE))
    };
    let forgiven = |module: &&ParsedModule<'_>, fault: &Fault| {
        foreign.contains(&module.source.pack)
            && match scope(module) {
                None => true,
                Some(Scope::Document) => !stands(fault),
                Some(_) => false,
            }
    };
    let by_path: BTreeMap<&str, &ParsedModule<'_>> =
        modules.iter().map(|module| (module.source.path.as_str(), module)).collect();
    faults.retain(|fault| {
        !FORGIVEN.contains(&fault.code.as_str())
            || !by_path.get(fault.path.as_str()).is_some_and(|module| forgiven(module, fault))
    });
}

/// Returns what makes a unit test pass or fail for the wrong reason, or kills the process that runs it.
pub(super) fn check_tests(modules: &[ParsedModule<'_>], around: &Surroundings<'_>) -> Vec<Fault> {
    const GRAVE: &[&str] = &["recursion", "unknown-data", "unknown-function", "with-function", "wrong-arity"];
    let mut faults = check_all(modules, around);
    faults.retain(|fault| GRAVE.contains(&fault.code.as_str()));
    faults
}

/// Returns everything that can be said about modules whose packages are not known.
pub(super) fn check_all(modules: &[ParsedModule<'_>], around: &Surroundings<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    check(modules, around, &mut [], &mut faults);
    faults.sort();
    faults
}

impl Shapes {
    /// Returns the shapes by the schema of the document.
    fn of_schema(schema: &serde_json::Value) -> Self {
        Self {
            change: Shape::of_input(schema, Some(Scope::Change)),
            file: Shape::of_input(schema, Some(Scope::File)),
            review: Shape::of_input(schema, Some(Scope::Review)),
            library: Shape::of_input(schema, None),
            unknown: Shape::Any,
        }
    }

    /// Returns what `input` is for a definition: of its own scope, of its package's only one, else of all. What runs
    /// at scope `document`, or beside it, may be of any shape.
    fn of(&self, definition: &Definition, packages: &[Package], foreign: &BTreeSet<String>) -> &Shape {
        let name = definition.package.join(".");
        let own: Vec<&Package> =
            packages.iter().filter(|package| package.pack == definition.pack && package.name == name).collect();
        let decides = |package: &&&Package| {
            package.rules.iter().any(|rule| definition.path.first().is_some_and(|first| *first == rule.entry))
        };
        let decided = own.iter().find(decides);
        if own.is_empty() && foreign.contains(&definition.pack) {
            return &self.unknown;
        }
        let scopes: BTreeSet<Scope> = match decided {
            Some(package) => BTreeSet::from([package.scope]),
            None => own.iter().map(|package| package.scope).collect(),
        };
        match scopes.iter().collect::<Vec<_>>().as_slice() {
            [Scope::Change] => &self.change,
            [Scope::File] => &self.file,
            [Scope::Review] => &self.review,
            [Scope::Document] => &self.unknown,
            _ => &self.library,
        }
    }
}

/// Refuses functions whose clauses differ in their number of arguments.
fn arities(index: &Index<'_>, faults: &mut Vec<Fault>) {
    for definition in index.definitions.iter().filter(|definition| definition.arities.len() > 1) {
        let Some((module, rule)) = definition.clauses.last().and_then(|clause| index.clause(*clause)) else { continue };
        let message = format!("the clauses of `{}` differ in their number of arguments", definition.shown());
        let hint = "give them names of their own";
        faults.push(module.place(head_reference(rule).span()).fault("wrong-arity", message, hint));
    }
}

/// Refuses what reaches itself.
fn recursions(index: &Index<'_>, facts: &[Facts], faults: &mut Vec<Fault>) {
    let edges: Vec<BTreeSet<usize>> = facts.iter().map(|facts| facts.edges.clone()).collect();
    for group in recursion::cycles(&edges) {
        let members: Vec<&Definition> = group.iter().filter_map(|number| index.definitions.get(*number)).collect();
        let names = members.iter().map(|member| format!("`{}`", member.shown())).collect::<Vec<_>>().join(", ");
        for member in members {
            let Some((module, rule)) = member.clauses.first().and_then(|clause| index.clause(*clause)) else {
                continue;
            };
            let message = format!("`{}` calls itself (by way of {names})", member.shown());
            let hint = "Rego has no recursion; use a comprehension, `walk` or `graph.reachable`";
            faults.push(module.place(head_reference(rule).span()).fault("recursion", message, hint));
        }
    }
}

/// Fills in what a file must have for each rule of scope `file` to say anything. A policy that prints is debugged: it
/// runs on every file.
fn file_needs(index: &Index<'_>, packages: &mut [Package]) {
    let prints = |pack: &str| {
        index.modules.iter().any(|module| module.source.pack == pack && module.source.text.contains("print("))
    };
    for package in packages.iter_mut().filter(|package| package.scope == Scope::File && !prints(&package.pack)) {
        for rule in &mut package.rules {
            let named = |found: &&Definition| {
                found.pack == package.pack
                    && found.package.join(".") == package.name
                    && found.path.first() == Some(&rule.entry)
            };
            let found: Vec<&Definition> = index.definitions.iter().filter(named).collect();
            if let [only] = found.as_slice()
                && only.path.len() == 1
            {
                rule.needs = needs::of_rule(index, only);
            }
        }
    }
}

/// Fills in what each decision rule reads of the forge, by itself or through what it uses.
fn forge_inputs(index: &Index<'_>, facts: &[Facts], packages: &mut [Package]) {
    let mut by_entry: BTreeMap<(&str, String, &str), Vec<usize>> = BTreeMap::new();
    for (number, definition) in index.definitions.iter().enumerate() {
        if let Some(first) = definition.path.first() {
            by_entry.entry((&definition.pack, definition.package.join("."), first)).or_default().push(number);
        }
    }
    // What a policy of scope `document` sees comes from a file, never from the forge.
    for package in packages.iter_mut().filter(|package| package.scope != Scope::Document) {
        for rule in &mut package.rules {
            let key = (package.pack.as_str(), package.name.clone(), rule.entry.as_str());
            let mut pending = by_entry.get(&key).cloned().unwrap_or_default();
            let mut seen = BTreeSet::new();
            let mut forge = BTreeSet::new();
            let (mut documents, mut manifests) = (false, false);
            while let Some(number) = pending.pop() {
                let Some(found) = facts.get(number).filter(|_| seen.insert(number)) else { continue };
                forge.extend(found.forge.iter().copied());
                documents |= found.documents;
                manifests |= found.manifests;
                pending.extend(found.edges.iter().copied());
            }
            // At the other scopes there are no approvals to read: naming all of `input` does not ask for them.
            let review = package.scope == Scope::Review;
            let read = forge.into_iter().filter(|fact| review || *fact != uses::APPROVALS);
            let above = |fact: &str| if fact == uses::APPROVALS { "review" } else { "change" };
            rule.reads_documents = documents;
            rule.reads_manifests = manifests;
            rule.forge_inputs = read.map(|fact| format!("input.{}.{fact}", above(fact))).collect();
        }
    }
}
