//! Loading: text to checked packages with prepared engines.
//!
//! Owns the order of the steps, overrides, and which files an engine holds. Runs inside the worker. Must not stop at
//! the first fault.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use globset::Glob;
use regorus::{Engine, Value};

use super::annotations::{self, Rewritten};
use super::checker::{self, Surroundings, walk::each_expression};
use super::document_scope::is_exception;
use super::evaluate::{Engines, Prepared};
use super::expressions;
use super::fault::{Place, did_you_mean, from_engine, nearest};
use super::metadata::{self, FileMetadata, Metadata};
use super::module::{self, ParsedModule, decision_word, head_reference, static_path};
use super::{EntryKind, Fault, Loaded, Package, PolicySet, PolicySource, Rule, RuleOverride, Scope, Terms, data};
use crate::clock::Deadline;
use crate::finding::{RuleId, Severity, SourceKind, Status};
use crate::limits::Limits;

/// The code of the fault that a pack, or with no path the whole run, has no rule that runs.
pub const NO_POLICIES: &str = "empty-pack";

/// Loads and checks all policies; says everything that is wrong with them at once.
///
/// Packages with a fault in one of their files are not in the answer: they cannot be trusted to run.
#[must_use]
pub fn load(set: &PolicySet, overrides: &BTreeMap<String, RuleOverride>, limits: &Limits) -> (Loaded, Engines) {
    let deadline = Deadline::after_ms(limits.load_ms);
    let mut faults = Vec::new();
    let mut modules = Vec::new();
    let mut unread = BTreeSet::new();
    for source in &set.policies {
        if deadline.passed() {
            let message = format!("loading took longer than {} ms", limits.load_ms);
            unread.extend(set.policies.iter().map(|source| source.pack.clone()));
            faults.push(Place::file(&source.path).fault("load-timeout", message, "raise `limits: load-ms`"));
            break;
        }
        match module::parse(source, limits) {
            Ok(module) => modules.push(module),
            Err(fault) => {
                unread.insert(source.pack.clone());
                faults.push(fault);
            }
        }
    }
    let metadata: Vec<FileMetadata> = modules.iter().map(|module| metadata::read(module, &mut faults)).collect();
    let data = data::read(&set.data, limits, &mut faults);
    let faulty: BTreeSet<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    let unread_data = set.data.iter().filter(|source| faulty.contains(source.path.as_str()));
    unread.extend(unread_data.map(|source| source.pack.clone()));
    let mut packages = packages(&modules, &metadata, &set.terms, &mut faults);
    let around = Surroundings { data: &data, unread: &unread };
    checker::check(&modules, &around, &mut packages, &mut faults);
    // What `input` is there follows from a scope that could not be read; that has its own fault.
    let unknown = modules.iter().zip(&metadata).filter(|(_, file)| file.scope_unknown);
    let unknown: BTreeSet<&str> = unknown.map(|(module, _)| module.source.path.as_str()).collect();
    faults.retain(|fault| fault.code != "unknown-input" || !unknown.contains(fault.path.as_str()));
    override_rules(&mut packages, overrides, !unread.is_empty(), &mut faults);
    duplicates(&packages, &mut faults);
    data_conflicts(&modules, &data, &mut faults);
    idle_packs(set, &packages, &mut faults);
    let rewritten = annotations::rewrite(&modules, &mut faults);
    let engines = prepare(&modules, (&data, &rewritten), packages, limits, &mut faults);
    faults.sort();
    faults.dedup();
    let packages = engines.packages.iter().map(|prepared| prepared.package.clone()).collect();
    (Loaded { packages, faults }, engines)
}

/// Where a decision rule was first seen.
struct Entry<'a> {
    module: &'a ParsedModule<'a>,
    line: u32,
    metadata: Metadata,
    described: bool,
}

/// Groups decision rules into packages: one for each pack, Rego package and scope.
pub(super) fn packages(
    modules: &[ParsedModule<'_>],
    metadata: &[FileMetadata],
    terms: &BTreeMap<String, Terms>,
    faults: &mut Vec<Fault>,
) -> Vec<Package> {
    let usual = Terms::default();
    let mut entries: BTreeMap<(String, String, String), Entry<'_>> = BTreeMap::new();
    let shared = shared_metadata(modules, metadata);
    for (module, file) in modules.iter().zip(metadata) {
        if !decides(module, terms.get(&module.source.pack).unwrap_or(&usual)) {
            continue;
        }
        for (name, rule) in module.rules().filter(|(name, _)| decision_word(name).is_some()) {
            let own = file.rules.get(&name).map(|(_, metadata)| metadata.clone());
            let described = own.is_some();
            let of_package = shared.get(&(module.source.pack.as_str(), module.package_name()));
            let mut effective = own.unwrap_or_default().within(&file.package);
            if let Some(outer) = of_package {
                effective = effective.within(outer);
            }
            let place = module.place(rule.span());
            let key = (module.source.pack.clone(), module.package_name(), name.clone());
            match entries.get_mut(&key) {
                None => {
                    let entry = Entry { module, line: place.line, metadata: effective, described };
                    entries.insert(key, entry);
                }
                Some(seen) if described && !seen.described => {
                    *seen = Entry { module, line: place.line, metadata: effective, described };
                }
                Some(seen) if described && seen.metadata != effective => {
                    let message = format!("`{name}` is described differently in {}", seen.module.source.path);
                    faults.push(place.fault("metadata", message, "give the two rules names of their own"));
                }
                Some(_) => {}
            }
        }
    }
    let mut packages: BTreeMap<(String, String, Scope), Package> = BTreeMap::new();
    for ((pack, name, entry), found) in entries {
        let Some((rule, scope)) = decision(&name, &entry, &found, faults) else { continue };
        let kind = found.module.source.kind;
        let key = (pack.clone(), name.clone(), scope);
        let Terms { combine, files: configured, .. } = terms.get(&pack).unwrap_or(&usual).clone();
        let said = found.metadata.files.clone().unwrap_or_default();
        let files = if configured.is_empty() { said } else { configured };
        let place = Place { path: &rule.path, line: rule.line, column: 1 };
        if scope != Scope::Document && !files.is_empty() && found.metadata.files.is_some() {
            let hint = "ask about `file.path` in the rule, or use scope `document`";
            faults.push(place.fault("metadata", "`files` is for rules of scope `document`", hint));
        }
        let package = packages.entry(key).or_insert_with(|| Package {
            pack,
            name,
            scope,
            kind,
            rules: Vec::new(),
            combine,
            files: files.clone(),
        });
        if package.files != files {
            let hint = "say it once, in METADATA above `package`";
            faults.push(place.fault("metadata", "the rules of one package name different `files`", hint));
        }
        package.rules.push(rule);
    }
    packages.into_values().collect()
}

/// Says whether the configuration counts a module's package among those that decide. At scope `document` that is `main`
/// and what is below it, unless the configuration names others.
fn decides(module: &ParsedModule<'_>, terms: &Terms) -> bool {
    let name = module.package_name();
    if terms.namespaces.is_empty() {
        return module.source.scope != Some(Scope::Document) || is_main(&name);
    }
    let names = |text: &String| Glob::new(text).is_ok_and(|glob| glob.compile_matcher().is_match(&name));
    terms.namespaces.iter().any(names)
}

/// Says whether a package is Conftest's own, or below it.
fn is_main(package: &str) -> bool {
    package == "main" || package.starts_with("main.")
}

/// Returns what the block above `package` of one file says for the rules of the package's other files: all but the id,
/// which names a single rule. Of several files with a block the first by path is taken.
fn shared_metadata<'a>(
    modules: &'a [ParsedModule<'_>],
    metadata: &[FileMetadata],
) -> BTreeMap<(&'a str, String), Metadata> {
    let mut shared = BTreeMap::new();
    for (module, file) in modules.iter().zip(metadata) {
        if file.package != Metadata::default() {
            let key = (module.source.pack.as_str(), module.package_name());
            shared.entry(key).or_insert_with(|| Metadata { id: None, examples: None, ..file.package.clone() });
        }
    }
    shared
}

/// Returns the rule and its scope, or leaves a fault.
fn decision(package: &str, entry: &str, found: &Entry<'_>, faults: &mut Vec<Fault>) -> Option<(Rule, Scope)> {
    let place = Place { path: &found.module.source.path, line: found.line, column: 1 };
    let kind = match decision_word(entry)? {
        "deny" => EntryKind::Deny,
        "violation" => EntryKind::Violation,
        "warn" => EntryKind::Warn,
        _ => EntryKind::Review,
    };
    let metadata = &found.metadata;
    let configured = found.module.source.scope;
    let usual = if is_main(package) { Scope::Document } else { Scope::Change };
    let scope = metadata.scope.or(configured).unwrap_or(usual);
    if scope == Scope::Review && kind != EntryKind::Review {
        let message = format!("`{entry}` at scope `review`: nothing is found there, people are only asked for");
        faults.push(place.fault("scope-review", message, "name the rule `review`, or use scope `change` or `file`"));
        return None;
    }
    if scope == Scope::Document && found.module.source.kind == SourceKind::Specification {
        let message = "a rule of the specification cannot have scope `document`";
        let hint = "use scope `change` and read `input.files[_].document`, or make it a policy of the repository";
        faults.push(place.fault("scope-not-supported", message, hint));
        return None;
    }
    let id = match metadata.id.clone().map_or_else(|| RuleId::new(format!("{package}/{entry}")), Ok) {
        Ok(id) => id,
        Err(why) => {
            faults.push(place.fault(
                "metadata",
                format!("the rule has no usable id: {why}"),
                "give it `custom: {id: ...}`",
            ));
            return None;
        }
    };
    let severity = if kind == EntryKind::Warn { Severity::Warning } else { Severity::Error };
    let rule = Rule {
        entry: entry.to_owned(),
        kind,
        title: metadata.title.clone().unwrap_or_else(|| id.to_string()),
        rationale: metadata.description.clone().unwrap_or_default(),
        fix: metadata.fix.clone().unwrap_or_default(),
        severity: metadata.severity.unwrap_or(severity),
        status: metadata.status.unwrap_or(Status::Enforced),
        layer: metadata.layer.unwrap_or(if kind == EntryKind::Review { 2 } else { 1 }),
        links: metadata.links.clone().unwrap_or_default(),
        examples: metadata.examples.clone().unwrap_or_default(),
        controls: metadata.controls.clone().unwrap_or_default(),
        path: found.module.source.path.clone(),
        line: found.line,
        forge_inputs: Vec::new(),
        reads_documents: false,
        reads_manifests: false,
        needs: Vec::new(),
        id,
    };
    Some((rule, scope))
}

/// Applies what the configuration changes; an id that no rule has is a fault, because it silently changes nothing.
fn override_rules(
    packages: &mut [Package],
    overrides: &BTreeMap<String, RuleOverride>,
    unread: bool,
    faults: &mut Vec<Fault>,
) {
    let file = Place::file(".portcullis.yaml");
    for (id, change) in overrides {
        let mut known = false;
        for package in packages.iter_mut() {
            for rule in package.rules.iter_mut().filter(|rule| rule.id.as_str() == id) {
                known = true;
                if package.kind == SourceKind::Specification {
                    let message = format!("`rules: {id}` overrides a rule of the specification");
                    faults.push(file.fault("fixed-rule", message, "change the specification, or ask for a waiver"));
                    continue;
                }
                rule.severity = change.severity.unwrap_or(rule.severity);
                rule.status = change.status.unwrap_or(rule.status);
            }
        }
        // A rule of a file that could not be read is not known either; that file has its own fault.
        if !known && !unread {
            let rules = packages.iter().flat_map(|package| &package.rules).map(|rule| rule.id.as_str());
            let hint = did_you_mean(nearest(id, rules));
            faults.push(file.fault("unknown-rule", format!("`rules: {id}` names no rule"), hint));
        }
    }
}

/// Refuses one id for rules of two packages: a waiver, an override and a record could not tell them apart.
fn duplicates(packages: &[Package], faults: &mut Vec<Fault>) {
    let mut first: BTreeMap<&RuleId, (&Package, &Rule)> = BTreeMap::new();
    for package in packages {
        for rule in &package.rules {
            let (owner, other) = *first.entry(&rule.id).or_insert((package, rule));
            // Two folders for Conftest hold parts of one package, and its rules have one name.
            let conftest = |package: &Package, rule: &Rule| {
                package.scope == Scope::Document && rule.id.as_str() == format!("{}/{}", package.name, rule.entry)
            };
            let shared = conftest(owner, other) && conftest(package, rule);
            if (&owner.pack, &owner.name) != (&package.pack, &package.name) && !shared {
                let place = Place { path: &rule.path, line: rule.line, column: 1 };
                let message = format!("rule id `{}` is also the one of {}:{}", rule.id, other.path, other.line);
                faults.push(place.fault("duplicate-rule", message, "give one of them another `custom: {id: ...}`"));
            }
        }
    }
}

/// Refuses a data value at the place of a rule: the engine would let the data win without a word.
fn data_conflicts(modules: &[ParsedModule<'_>], data: &BTreeMap<String, serde_json::Value>, faults: &mut Vec<Fault>) {
    for module in modules {
        if let Some(value) = data.get(&module.source.pack) {
            for rule in &module.ast.policy {
                let head = head_reference(rule);
                let mut path = module.package.clone();
                path.extend(static_path(head).0);
                if data::shadows(value, &path) {
                    let message = format!("`data.{}` is also a value of a data file", path.join("."));
                    let hint = "move the data file, or rename the rule";
                    faults.push(module.place(head.span()).fault("data-conflict", message, hint));
                }
            }
        }
    }
}

/// Refuses packs of which no rule runs: a green check must not mean that nothing was checked.
fn idle_packs(set: &PolicySet, packages: &[Package], faults: &mut Vec<Fault>) {
    let policies = set.policies.iter().map(|source| (source.pack.as_str(), source.path.as_str()));
    let data = set.data.iter().map(|source| (source.pack.as_str(), source.path.as_str()));
    let patterns = set.patterns.iter().map(|source| (source.pack.as_str(), source.path.as_str()));
    let mut packs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (pack, path) in policies.chain(data).chain(patterns) {
        packs.entry(pack).or_default().insert(path);
    }
    let mut found = Vec::new();
    if packs.is_empty() {
        found.push(Place::file("").fault(NO_POLICIES, "there are no policies at all", "name a pack under `packs:`"));
    }
    for (pack, paths) in packs {
        let excused = faults.iter().any(|fault| paths.contains(fault.path.as_str()));
        let rules: Vec<&Rule> =
            packages.iter().filter(|package| package.pack == pack).flat_map(|package| &package.rules).collect();
        if excused || rules.iter().any(|rule| rule.status.runs()) {
            continue;
        }
        let message = if rules.is_empty() {
            format!("pack `{pack}` has no decision rule")
        } else {
            format!("all {} rules of pack `{pack}` are disabled", rules.len())
        };
        found.push(Place::file(pack).fault(
            "empty-pack",
            message,
            "enable a rule, or take the pack out of the configuration",
        ));
    }
    faults.append(&mut found);
}

/// Builds one engine for each package whose files are without fault.
fn prepare(
    modules: &[ParsedModule<'_>],
    (data, rewritten): (&BTreeMap<String, serde_json::Value>, &Rewritten),
    packages: Vec<Package>,
    limits: &Limits,
    faults: &mut Vec<Fault>,
) -> Engines {
    let foreign = checker::foreign(modules, &packages);
    let mut engines: BTreeMap<(String, String), Option<Arc<Engine>>> = BTreeMap::new();
    let mut prepared = Vec::new();
    for package in packages {
        let key = (package.pack.clone(), package.name.clone());
        let engine = engines.entry(key).or_insert_with(|| {
            let held = closure(modules, &package);
            let faulty: BTreeSet<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
            if held.iter().any(|module| faulty.contains(module.source.path.as_str())) {
                return None;
            }
            let packs: BTreeSet<&str> = held.iter().map(|module| module.source.pack.as_str()).collect();
            let answers = rewritten.data();
            let values = packs.iter().filter_map(|pack| data.get(*pack)).chain(&answers);
            let source = |module: &ParsedModule<'_>| {
                let source = rewritten.source(module.source);
                let told_apart = foreign.contains(&module.source.pack).then(|| checker::renamed(module, &source.text));
                match told_apart.flatten() {
                    Some(text) => PolicySource { text, ..source },
                    None => source,
                }
            };
            let sources: Vec<PolicySource> = held.iter().map(|module| source(module)).collect();
            let sources: Vec<&PolicySource> = sources.iter().collect();
            match build(&sources, values) {
                Ok(engine) => Some(Arc::new(engine)),
                Err(text) => {
                    let path = sources.first().map_or("", |source| source.path.as_str());
                    faults.push(static_fault(path, &text, &sources));
                    None
                }
            }
        });
        if let Some(engine) = engine {
            let own = |module: &&ParsedModule<'_>| {
                module.source.pack == package.pack && module.package_name() == package.name
            };
            let excepts = package.scope == Scope::Document
                && modules.iter().filter(own).any(|module| module.ast.policy.iter().any(|rule| is_exception(rule)));
            prepared.push(Prepared { engine: Arc::clone(engine), package, excepts });
        }
    }
    Engines { packages: prepared, limits: limits.clone() }
}

/// Returns the fault for what the engine's own analysis refuses.
pub(super) fn static_fault(path: &str, text: &str, sources: &[&PolicySource]) -> Fault {
    let text_of = |path: &str| sources.iter().find(|source| source.path == path).map(|source| source.text.as_str());
    let mut fault = from_engine("static-error", path, text, text_of);
    if fault.message.contains("used before definition") {
        fault.hint = "a body inside declares this name too, which the engine mistakes; rename one of them".to_owned();
    }
    fault
}

/// Returns the modules that a package needs: its own, and those that they name by import or `data`, transitively.
fn closure<'a>(modules: &'a [ParsedModule<'a>], package: &Package) -> Vec<&'a ParsedModule<'a>> {
    let own = |module: &&ParsedModule<'_>| module.source.pack == package.pack && module.package_name() == package.name;
    reached(modules, modules.iter().filter(own).collect())
}

/// Returns these modules and all that they name by import or `data`, transitively; sorted by path.
pub(super) fn reached<'m, 'a>(
    modules: &'m [ParsedModule<'a>],
    mut pending: Vec<&'m ParsedModule<'a>>,
) -> Vec<&'m ParsedModule<'a>> {
    let mut held: BTreeMap<&str, &ParsedModule<'_>> = BTreeMap::new();
    while let Some(module) = pending.pop() {
        if held.insert(&module.source.path, module).is_some() {
            continue;
        }
        for path in data_references(module) {
            pending.extend(named(modules, &module.source.pack, &path));
        }
    }
    held.into_values().collect()
}

/// Returns the modules whose package a `data` path names, reaches into, or covers; the own pack's before others.
pub(super) fn named<'m, 'a>(modules: &'m [ParsedModule<'a>], pack: &str, path: &[String]) -> Vec<&'m ParsedModule<'a>> {
    let touches = |module: &&ParsedModule<'_>| module.package.iter().zip(path).all(|(a, b)| a == b);
    let (own, other): (Vec<_>, Vec<_>) = modules.iter().filter(touches).partition(|module| module.source.pack == pack);
    if own.is_empty() { other } else { own }
}

/// Returns the constant paths below `data` that a module names; a computed one counts up to where it is computed.
pub(super) fn data_references(module: &ParsedModule<'_>) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    let mut add = |path: Vec<String>| {
        if let Some((root, rest)) = path.split_first()
            && root == "data"
        {
            paths.insert(rest.to_vec());
        }
    };
    for import in &module.ast.imports {
        add(static_path(&import.refr).0);
    }
    for (_, rule) in module.rules() {
        each_expression(rule, |expr| {
            use regorus::unstable::Expr;
            if matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. } | Expr::Var { .. }) {
                add(static_path(expr).0);
            }
        });
    }
    paths
}

/// Builds and prepares an engine; cloning it later costs next to nothing.
pub(super) fn build<'a>(
    sources: &[&PolicySource],
    data: impl IntoIterator<Item = &'a serde_json::Value>,
) -> Result<Engine, String> {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    expressions::install(&mut engine);
    let built = catch_unwind(AssertUnwindSafe(|| {
        for source in sources {
            engine.set_rego_v0(source.v0);
            engine.add_policy(source.path.clone(), source.text.clone()).map_err(|error| error.to_string())?;
        }
        for value in data {
            engine.add_data(Value::from(value.clone())).map_err(|error| error.to_string())?;
        }
        // The first query analyses all modules; static errors show here, and the clones need not do it again.
        engine.eval_query("true".to_owned(), false).map_err(|error| error.to_string())?;
        Ok(())
    }));
    match built {
        Ok(result) => result.map(|()| engine),
        Err(_) => Err("the engine failed while it analysed the policies".to_owned()),
    }
}
