//! Everything that can be said about policies without running them, for their authors: all files, all faults, one run.
//!
//! Owns the order of the questions. Reads mended copies, so that one bad rule hides nothing; what is said is never used
//! by a gate. Must not evaluate a rule and must not open files.

mod described;

use std::collections::{BTreeMap, BTreeSet};

use regorus::Engine;

use super::cases::{Case, means};
use super::checker::{Surroundings, advice, check_all};
use super::fault::{Place, engine_error};
use super::mend::{Sheet, mend};
use super::metadata::{self, FileMetadata};
use super::module::{self, ParsedModule, decision_word};
use super::{Fault, PolicySet, PolicySource, Terms, data, loader};
use crate::facts::check_patterns;
use crate::finding::Severity;
use crate::limits::Limits;

/// One thing that is said about a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Where and what.
    pub fault: Fault,
    /// `Error`: the gate would be undecided, or the rule never says what it should. `Warning`: it deserves a second
    /// look. `Info`: what nobody could check.
    pub severity: Severity,
}

/// A decision rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenRule {
    /// Its id.
    pub id: String,
    /// The pack or policy folder.
    pub pack: String,
    /// The Rego package.
    pub package: String,
    /// The Rego name.
    pub entry: String,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// What an inspection gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// What is said, sorted by place.
    pub remarks: Vec<Remark>,
    /// All decision rules, sorted by id.
    pub rules: Vec<WrittenRule>,
}

/// What is inspected.
pub struct Subject<'a> {
    /// Policies without tests, their data and patterns; all packs that run together.
    pub set: &'a PolicySet,
    /// The files `_test.rego`.
    pub tests: &'a [PolicySource],
    /// The cases.
    pub cases: &'a [Case],
    /// Rules of packs that are not inspected, whose ids are taken.
    pub taken: &'a [WrittenRule],
    /// The folders that are inspected: nothing is said about what lies elsewhere.
    pub asked: &'a [String],
}

/// Inspects the named packs of a set; the others run beside them.
#[must_use]
pub fn inspect(subject: &Subject<'_>, limits: &Limits) -> Inspection {
    let mut remarks = Vec::new();
    let mut mended = PolicySet { policies: Vec::new(), ..subject.set.clone() };
    let mut stubs: BTreeSet<(String, u32)> = BTreeSet::new();
    for source in &subject.set.policies {
        let found = mend(source, limits);
        remarks.extend(found.faults.into_iter().map(error));
        stubs.extend(found.stubs.into_iter().map(|line| (source.path.clone(), line)));
        mended.policies.extend(found.source);
    }
    let (loaded, _) = loader::load(&mended, &BTreeMap::new(), limits);
    let replaced = ["duplicate-rule", loader::NO_POLICIES, "static-error"];
    let loaded = loaded.faults.into_iter().filter(|fault| !replaced.contains(&fault.code.as_str()));
    remarks.extend(loaded.map(error));
    let (modules, metadata, packages) = read(&mended.policies, &mended.terms, limits);
    remarks.extend(advice::advise(&modules, &packages).into_iter().map(|(severity, fault)| Remark { fault, severity }));
    remarks.extend(forgiven(&modules, &remarks));
    let rules = rules(&modules, &metadata);
    remarks.extend(check_patterns(&subject.set.patterns).into_iter().map(error));
    described::describe(&modules, &metadata, &mut remarks);
    remarks.extend(twice(&rules, subject.taken).into_iter().map(error));
    remarks.extend(unproven(&rules, subject.cases));
    remarks.extend(idle(subject, &rules).into_iter().map(error));
    // A stub stands where a rule could not be read: what is said about it is not the author's doing.
    remarks.retain(|remark| {
        !stubs.contains(&(remark.fault.path.clone(), remark.fault.line)) || is_of_text(&remark.fault.code)
    });
    remarks.extend(tests(subject, &mended, limits));
    remarks.extend(engine_errors(&mended.policies, &remarks, limits).into_iter().map(error));
    remarks.retain(|remark| subject.asked.iter().any(|folder| within(&remark.fault.path, folder)));
    remarks.sort_by(|a, b| (a.key(), &a.fault, a.severity).cmp(&(b.key(), &b.fault, b.severity)));
    remarks.dedup();
    let rules =
        rules.into_iter().filter(|rule| subject.asked.iter().any(|folder| within(&rule.path, folder))).collect();
    Inspection { remarks, rules }
}

impl Remark {
    fn key(&self) -> (&str, u32, u32) {
        (&self.fault.path, self.fault.line, self.fault.column)
    }
}

/// Says whether a path is a folder, or lies in it.
#[must_use]
pub fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn error(fault: Fault) -> Remark {
    Remark { fault, severity: Severity::Error }
}

/// Says whether a code is one of what cannot be parsed.
fn is_of_text(code: &str) -> bool {
    const CODES: &[&str] = &[
        "bodiless-clause",
        "decision-name",
        "duplicate-import",
        "late-import",
        "metadata",
        "reserved-package",
        "syntax",
        "template-string",
        "too-deep",
        "too-large",
        "v0-syntax",
    ];
    CODES.contains(&code)
}

type Read<'a> = (Vec<ParsedModule<'a>>, Vec<FileMetadata>, Vec<super::Package>);

/// Parses files that parse, with what stands above their rules.
fn read<'a>(sources: &'a [PolicySource], terms: &BTreeMap<String, Terms>, limits: &Limits) -> Read<'a> {
    let modules: Vec<ParsedModule<'a>> =
        sources.iter().filter_map(|source| module::parse(source, limits).ok()).collect();
    // Their faults have been told by the loader.
    let mut told = Vec::new();
    let metadata: Vec<FileMetadata> = modules.iter().map(|module| metadata::read(module, &mut told)).collect();
    let packages = loader::packages(&modules, &metadata, terms, &mut told);
    (modules, metadata, packages)
}

/// Returns what is wrong with METADATA and keeps nothing from running, because the policy was written for Conftest.
fn forgiven(modules: &[ParsedModule<'_>], told: &[Remark]) -> Vec<Remark> {
    let mut faults = Vec::new();
    modules.iter().for_each(|module| drop(metadata::read(module, &mut faults)));
    faults.retain(|fault| fault.code == "metadata" && !told.iter().any(|remark| remark.fault == *fault));
    let note = |fault: Fault| Fault {
        message: format!("{}; the rule runs all the same, with the defaults in its place", fault.message),
        ..fault
    };
    faults.into_iter().map(|fault| Remark { fault: note(fault), severity: Severity::Warning }).collect()
}

/// Returns the decision rules of packs whose text is given, as far as they can be read.
#[must_use]
pub fn written_rules(policies: &[PolicySource], limits: &Limits) -> Vec<WrittenRule> {
    let (modules, metadata, _) = read(policies, &BTreeMap::new(), limits);
    rules(&modules, &metadata)
}

fn rules(modules: &[ParsedModule<'_>], metadata: &[FileMetadata]) -> Vec<WrittenRule> {
    let mut found: BTreeMap<(String, String, String), WrittenRule> = BTreeMap::new();
    for (module, file) in modules.iter().zip(metadata) {
        for (entry, rule) in module.rules().filter(|(name, _)| decision_word(name).is_some()) {
            let own = file.rules.get(&entry).and_then(|(_, metadata)| metadata.id.clone());
            let package = module.package_name();
            let id = own.or_else(|| file.package.id.clone()).map(|id| id.to_string());
            let written = WrittenRule {
                id: id.clone().unwrap_or_else(|| format!("{package}/{entry}")),
                pack: module.source.pack.clone(),
                package: package.clone(),
                entry: entry.clone(),
                path: module.source.path.clone(),
                line: module.place(rule.span()).line,
            };
            let key = (written.pack.clone(), package, entry);
            let slot = found.entry(key).or_insert_with(|| written.clone());
            // Another clause may be the one that is described.
            if id.is_some() && slot.id != written.id {
                slot.id = written.id;
            }
        }
    }
    let mut rules: Vec<WrittenRule> = found.into_values().collect();
    rules.sort();
    rules
}

/// One id for rules of two packages: a waiver, an override and a record could not tell them apart.
fn twice(rules: &[WrittenRule], taken: &[WrittenRule]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for rule in rules {
        let same =
            |other: &&WrittenRule| other.id == rule.id && (&other.pack, &other.package) != (&rule.pack, &rule.package);
        if let Some(other) = rules.iter().chain(taken).find(same) {
            let place = Place { path: &rule.path, line: rule.line, column: 1 };
            let message = format!("rule id `{}` is also the one of {}:{}", rule.id, other.path, other.line);
            faults.push(place.fault("duplicate-rule", message, "give one of them another `custom: {id: ...}`"));
        }
    }
    faults
}

/// Rules that no case makes fire, or that no case nearly makes fire; and cases of no rule.
fn unproven(rules: &[WrittenRule], cases: &[Case]) -> Vec<Remark> {
    let mut found = Vec::new();
    let warn = |place: Place<'_>, code: &str, message: String, hint: String| Remark {
        fault: place.fault(code, message, hint),
        severity: Severity::Warning,
    };
    for rule in rules {
        let own = || cases.iter().filter(|case| case.pack == rule.pack && means(&case.rule, &rule.id));
        let fires = own().any(|case| case.fires(&rule.id));
        let misses = own().any(|case| case.nearly_fires(&rule.id));
        let lacking = match (fires, misses) {
            (true, true) => continue,
            (false, false) => "no case at all",
            (false, true) => "no case that fires",
            (true, false) => "no near miss",
        };
        let name = rule.id.rsplit('/').next().unwrap_or(&rule.id);
        let folder = rule.path.rsplit_once('/').map_or(rule.pack.as_str(), |(folder, _)| folder);
        let kind = if fires { "near-miss" } else { "fires" };
        let hint = format!("put a small change into {folder}/cases/{name}/{kind}/; `portcullis policy test` runs it");
        let place = Place { path: &rule.path, line: rule.line, column: 1 };
        found.push(warn(place, "unproven-rule", format!("`{}` has {lacking}", rule.id), hint));
    }
    for case in cases {
        let known = |name: &str| rules.iter().any(|rule| rule.pack == case.pack && means(name, &rule.id));
        if !known(&case.rule) {
            let message = format!("this case belongs to no rule: none has an id that ends in `/{}`", case.rule);
            let hint = "name the folder below `cases/` after the last part of the rule's id".to_owned();
            found.push(Remark {
                severity: Severity::Error,
                ..warn(Place::file(&case.folder), "case-form", message, hint)
            });
        }
    }
    found
}

/// Packs that decide nothing, for which nothing else was said.
fn idle(subject: &Subject<'_>, rules: &[WrittenRule]) -> Vec<Fault> {
    let packs: BTreeSet<&str> = subject.set.policies.iter().map(|source| source.pack.as_str()).collect();
    let decides = |pack: &str| rules.iter().any(|rule| rule.pack == pack);
    let idle = packs.into_iter().filter(|pack| !decides(pack) && subject.asked.iter().any(|asked| asked == pack));
    let fault = |pack: &str| {
        let hint = "name a rule `deny`, `violation`, `warn` or `review`";
        Place::file(pack).fault("empty-pack", format!("`{pack}` has no decision rule"), hint)
    };
    idle.map(fault).collect()
}

/// What makes a test pass or fail for the wrong reason, or keeps it from being read.
fn tests(subject: &Subject<'_>, mended: &PolicySet, limits: &Limits) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut packs: BTreeMap<&str, Vec<PolicySource>> = BTreeMap::new();
    for source in subject.tests {
        let found = mend(source, limits);
        remarks.extend(found.faults.into_iter().map(error));
        packs.entry(&source.pack).or_default().extend(found.source);
    }
    let data = data::read(&mended.data, limits, &mut Vec::new());
    let unread = BTreeSet::new();
    for (pack, mut sources) in packs {
        let paths: BTreeSet<String> = sources.iter().map(|source| source.path.clone()).collect();
        sources.extend(mended.policies.iter().filter(|source| source.pack == pack).cloned());
        let modules: Vec<ParsedModule<'_>> =
            sources.iter().filter_map(|source| module::parse(source, limits).ok()).collect();
        let faults = check_all(&modules, &Surroundings { data: &data, unread: &unread });
        for fault in faults.into_iter().filter(|fault| paths.contains(&fault.path)) {
            let severity = match fault.code.as_str() {
                "recursion" | "unknown-data" | "unknown-function" | "wrong-arity" => Severity::Error,
                "with-builtin" | "with-function" => Severity::Warning,
                // A test may do what a policy may not.
                _ => continue,
            };
            remarks.push(Remark { fault, severity });
        }
    }
    remarks
}

/// What the engine's own analysis refuses, rule by rule: each that it refuses makes room for the next.
fn engine_errors(sources: &[PolicySource], known: &[Remark], limits: &Limits) -> Vec<Fault> {
    let told: BTreeSet<(&str, u32)> = known
        .iter()
        .filter(|remark| remark.severity == Severity::Error)
        .map(|remark| (remark.fault.path.as_str(), remark.fault.line))
        .collect();
    let mut packages: BTreeMap<(&str, Vec<String>), Vec<&PolicySource>> = BTreeMap::new();
    for source in sources {
        if let Ok(module) = module::parse(source, limits) {
            packages.entry((&source.pack, module.package.clone())).or_default().push(source);
        }
    }
    let mut faults = Vec::new();
    for sources in packages.into_values() {
        let mut sheets: Vec<(&PolicySource, Sheet<'_>)> =
            sources.iter().map(|source| (*source, Sheet::of(source))).collect();
        // Each part can be replaced twice.
        for tried in 0..=MOST_TRIES {
            if tried == MOST_TRIES {
                let path = sheets.first().map_or("", |(source, _)| source.path.as_str());
                let message = format!("the engine refuses more than {MOST_TRIES} parts of this package");
                faults.push(Place::file(path).fault("static-error", message, "mend the others first"));
                break;
            }
            let held: Vec<PolicySource> = sheets.iter().map(|(_, sheet)| sheet.source()).collect();
            let Err(text) = analysed(&held) else { break };
            let (path, line, ..) = engine_error(&text);
            let found = sheets.iter_mut().find(|(source, _)| path.as_ref().is_none_or(|path| *path == source.path));
            let Some((source, sheet)) = found else { break };
            if sheet.is_whole(line) && !told.contains(&(source.path.as_str(), line)) {
                faults.push(loader::static_fault(&source.path, &text, &[source]));
            }
            if line == 0 || !sheet.replace(line) {
                break;
            }
        }
    }
    faults
}

/// How often one package is analysed.
const MOST_TRIES: usize = 500;

/// Has the engine analyse the files of one package.
fn analysed(sources: &[PolicySource]) -> Result<(), String> {
    let sources: Vec<&PolicySource> = sources.iter().collect();
    loader::build(&sources, std::iter::empty()).map(|_: Engine| ())
}
