//! All rules and functions of all files, and what a path means from where it stands.
//!
//! Owns the lookup of names across files and packs. Must not look into bodies.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Rule, RuleHead};

use super::scope::{Locals, imports};
use crate::policies::loader::named;
use crate::policies::module::{ParsedModule, head_reference, static_path};

/// A rule or function by its constant path; its clauses may stand in several files.
#[derive(Debug)]
pub(crate) struct Definition {
    /// The pack.
    pub(crate) pack: String,
    /// The package.
    pub(crate) package: Vec<String>,
    /// The constant part of the head: `deny`, `limits.lines`.
    pub(crate) path: Vec<String>,
    /// Clauses: index of the module, index of the rule in it.
    pub(crate) clauses: Vec<(usize, usize)>,
    /// Numbers of arguments of its clauses; empty for a rule.
    pub(crate) arities: BTreeSet<usize>,
}

impl Definition {
    /// Returns the name that a message shows.
    pub(crate) fn shown(&self) -> String {
        self.path.join(".")
    }
}

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A local, a parameter, or a name that the engine binds by unification.
    Local,
    /// The input document.
    Input,
    /// Something below `data`: the definitions that evaluating it evaluates.
    Data {
        /// The path below `data`.
        path: Vec<String>,
        /// Indices of definitions.
        definitions: Vec<usize>,
    },
    /// No local, rule or import: a builtin, or a name that the body binds.
    Free,
}

/// All definitions, with the ways to them.
pub(crate) struct Index<'a> {
    /// All modules.
    pub(crate) modules: &'a [ParsedModule<'a>],
    /// Imports of each module.
    pub(crate) imports: Vec<BTreeMap<String, Vec<String>>>,
    /// All definitions, sorted by pack, package and path.
    pub(crate) definitions: Vec<Definition>,
    by_package: BTreeMap<(String, Vec<String>), Vec<usize>>,
}

impl<'a> Index<'a> {
    /// Collects all definitions.
    pub(crate) fn new(modules: &'a [ParsedModule<'a>]) -> Self {
        let mut found: BTreeMap<(String, Vec<String>, Vec<String>), Definition> = BTreeMap::new();
        for (number, module) in modules.iter().enumerate() {
            for (position, rule) in module.ast.policy.iter().enumerate() {
                let (path, _) = static_path(head_reference(rule));
                let key = (module.source.pack.clone(), module.package.clone(), path);
                let definition = found.entry(key.clone()).or_insert_with(|| Definition {
                    pack: key.0,
                    package: key.1,
                    path: key.2,
                    clauses: Vec::new(),
                    arities: BTreeSet::new(),
                });
                definition.clauses.push((number, position));
                definition.arities.extend(arguments(rule));
            }
        }
        let definitions: Vec<Definition> = found.into_values().collect();
        let mut by_package: BTreeMap<(String, Vec<String>), Vec<usize>> = BTreeMap::new();
        for (number, definition) in definitions.iter().enumerate() {
            let key = (definition.pack.clone(), definition.package.clone());
            by_package.entry(key).or_default().push(number);
        }
        Self { modules, imports: modules.iter().map(imports).collect(), definitions, by_package }
    }

    /// Returns the module of that number, its imports, and nothing when there is none.
    pub(crate) fn module(&self, number: usize) -> Option<(&'a ParsedModule<'a>, &BTreeMap<String, Vec<String>>)> {
        Some((self.modules.get(number)?, self.imports.get(number)?))
    }

    /// Returns the rule of a clause.
    pub(crate) fn clause(&self, clause: (usize, usize)) -> Option<(&'a ParsedModule<'a>, &'a Rule)> {
        let module = self.modules.get(clause.0)?;
        Some((module, module.ast.policy.get(clause.1)?.as_ref()))
    }

    fn of_package(&self, pack: &str, package: &[String]) -> impl Iterator<Item = (usize, &Definition)> {
        let numbers = self.by_package.get(&(pack.to_owned(), package.to_vec()));
        numbers.into_iter().flatten().filter_map(|number| Some((*number, self.definitions.get(*number)?)))
    }

    /// Returns what a path means in a module.
    pub(crate) fn meaning(&self, number: usize, path: &[String], locals: Option<&Locals<'_>>) -> Meaning {
        let Some((name, rest)) = path.split_first() else { return Meaning::Free };
        if locals.is_some_and(|locals| locals.get(name).is_some()) {
            return Meaning::Local;
        }
        let Some((module, imports)) = self.module(number) else { return Meaning::Free };
        match name.as_str() {
            "input" => return Meaning::Input,
            "data" => return self.data(module, rest.to_vec()),
            _ => {}
        }
        if let Some((root, target)) = imports.get(name).and_then(|target| target.split_first()) {
            if root == "input" {
                return Meaning::Input;
            }
            return self.data(module, target.iter().chain(rest).cloned().collect());
        }
        if self.of_package(&module.source.pack, &module.package).any(|(_, found)| found.path.first() == Some(name)) {
            return self.data(module, module.package.iter().chain(path).cloned().collect());
        }
        Meaning::Free
    }

    /// Returns the definitions that a path below `data` evaluates: those above, at and below it.
    fn data(&self, module: &ParsedModule<'_>, path: Vec<String>) -> Meaning {
        let mut packages: BTreeSet<(&str, &[String])> = BTreeSet::new();
        for found in named(self.modules, &module.source.pack, &path) {
            packages.insert((&found.source.pack, &found.package));
        }
        let mut definitions = Vec::new();
        for (pack, package) in packages {
            let below = path.get(package.len()..).unwrap_or(&[]);
            let touches = |found: &Definition| found.path.iter().zip(below).all(|(a, b)| a == b);
            definitions.extend(self.of_package(pack, package).filter(|(_, found)| touches(found)).map(|(n, _)| n));
        }
        Meaning::Data { path, definitions }
    }

    /// Returns the definition that stands exactly at a path below `data`.
    pub(crate) fn exact(&self, path: &[String], definitions: &[usize]) -> Option<(usize, &Definition)> {
        definitions
            .iter()
            .filter_map(|number| Some((*number, self.definitions.get(*number)?)))
            .find(|(_, found)| found.package.iter().chain(&found.path).eq(path))
    }

    /// Returns all function names that a call in a module could have meant.
    pub(crate) fn functions_near(&self, number: usize) -> Vec<String> {
        let Some((module, imports)) = self.module(number) else { return Vec::new() };
        let own = self.of_package(&module.source.pack, &module.package);
        let mut names: Vec<String> =
            own.filter(|(_, found)| !found.arities.is_empty()).map(|(_, found)| found.shown()).collect();
        for (alias, target) in imports {
            let Some(("data", path)) = target.split_first().map(|(root, path)| (root.as_str(), path)) else { continue };
            for found in self.definitions.iter().filter(|found| !found.arities.is_empty() && found.package == path) {
                names.push(format!("{alias}.{}", found.shown()));
            }
        }
        names
    }
}

/// Returns the number of arguments of a function's clause.
fn arguments(rule: &Rule) -> Option<usize> {
    match rule {
        Rule::Spec { head: RuleHead::Func { args, .. }, .. } => Some(args.len()),
        Rule::Default { args, .. } if !args.is_empty() => Some(args.len()),
        Rule::Spec { .. } | Rule::Default { .. } => None,
    }
}
