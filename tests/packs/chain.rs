//! Case files -> facts -> input document -> Rego -> results, with every built-in pack.

use std::collections::{BTreeMap, BTreeSet};

use portcullis::change::FileStatus;
use portcullis::completeness::Completeness;
use portcullis::configuration::Configuration;
use portcullis::documents::Side;
use portcullis::facts::Extractor;
use portcullis::finding::Severity;
use portcullis::limits::Limits;
use portcullis::policies::evaluate::{Document, Engines};
use portcullis::policies::input::{
    ChangeEntry, Collision, DocumentReading, DocumentStatus, FileEntry, Governance, Impact, InputDocument, LineRange,
    SCHEMA, Totals,
};
use portcullis::policies::review_input::ReviewInput;
use portcullis::policies::{Loaded, Looks, Package, PolicySet, Scope, loader, packs};
use portcullis::specification::governance::{BaseRules, Places, changes};
use portcullis::worker::protocol::{Blob, ReadTask, Target};
use serde_json::Value;

use crate::cases::{Case, CaseFile};

pub(crate) struct Chain {
    pub policies: PolicySet,
    pub loaded: Loaded,
    pub engines: Engines,
    extractor: Extractor,
    configuration: Configuration,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub rule: String,
    pub path: String,
    pub line: u32,
    pub severity: Option<Severity>,
    /// Of a request for review, else 0.
    pub layer: u8,
}

impl Chain {
    pub(crate) fn new() -> Self {
        let limits = Limits::default();
        let policies = packs::builtin(&packs::names().collect::<Vec<_>>()).unwrap();
        let (loaded, engines) = loader::load(&policies, &BTreeMap::new(), &limits);
        let (extractor, faults) = Extractor::new(&limits, &policies.patterns);
        assert_eq!(faults, []);
        Self { policies, loaded, engines, extractor, configuration: Configuration::default() }
    }

    pub(crate) fn rules(&self) -> BTreeSet<String> {
        let rules = self.loaded.packages.iter().flat_map(|package| &package.rules);
        rules.map(|rule| rule.id.as_str().to_owned()).collect()
    }

    pub(crate) fn document(&self, case: &Case) -> InputDocument {
        let files: Vec<FileEntry> = case.files.iter().map(|file| self.entry(file)).collect();
        let count = |sum: usize| u32::try_from(sum).unwrap();
        let modules: BTreeSet<&str> = files.iter().map(|file| file.module.as_str()).collect();
        let totals = Totals {
            files: count(files.len()),
            added: files.iter().map(|file| file.added).sum(),
            removed: files.iter().map(|file| file.removed).sum(),
            modules: count(modules.len()),
            ..Totals::default()
        };
        InputDocument {
            schema: SCHEMA.to_owned(),
            change: ChangeEntry { totals, collisions: collisions(case), ..ChangeEntry::default() },
            files,
            documents: Vec::new(),
            imports: Vec::new(),
            contracts: Vec::new(),
            impact: Impact::default(),
            governance: governance(case),
            completeness: Completeness::of(Vec::new()),
        }
    }

    fn entry(&self, file: &CaseFile) -> FileEntry {
        let class = self.configuration.classify(&file.path);
        let mode = if file.new.is_some() { &file.modes.1 } else { &file.modes.0 };
        let opaque = ["120000", "160000"].contains(&mode.as_str());
        let blob = |side: &Option<Vec<u8>>| side.clone().filter(|_| !opaque).map(|bytes| Blob { bytes });
        let (old, new) = (blob(&file.old), blob(&file.new));
        let path = file.path.clone();
        let facts = self.extractor.read(&ReadTask {
            path,
            old_path: file.path.clone(),
            class,
            old,
            new,
            known: None,
            learn: false,
        });
        let status = match (&file.old, &file.new) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Deleted,
            _ if file.modes.0[..2] != file.modes.1[..2] => FileStatus::Typechanged,
            _ => FileStatus::Modified,
        };
        let kind = match mode.as_str() {
            "100755" => "executable",
            "120000" => "symlink",
            "160000" => "submodule",
            _ => "file",
        };
        let changed = file.modes.0 != file.modes.1;
        FileEntry {
            path: file.path.clone(),
            old_path: file.path.clone(),
            status,
            mode_change: if changed { format!("{} -> {}", file.modes.0, file.modes.1) } else { String::new() },
            kind: kind.to_owned(),
            language: facts.language,
            module: file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned(),
            owners: Vec::new(),
            class,
            declared: false,
            binary: facts.binary,
            lfs_pointer: facts.lfs_pointer,
            added: facts.added,
            removed: facts.removed,
            hunks: facts.hunks.iter().map(|hunk| LineRange { start: hunk.new_start, end: hunk.new_end - 1 }).collect(),
            parsed: facts.parsed,
            symbols: facts.symbols,
            imports: facts.imports,
            calls: facts.calls,
            matches: facts.matches,
            tests: facts.tests,
            commented: facts.commented,
            twins: Vec::new(),
            unknown: Vec::new(),
            hidden: facts.hidden,
            secrets: facts.secrets,
            manifest: facts.dependencies.manifest,
            dependencies: facts.dependencies.entries,
            document: value(&facts.documents.head),
            old_document: value(&facts.documents.base),
            document_lines: serde_json::from_str(&facts.documents.lines).unwrap_or_else(|_| serde_json::json!({})),
            document_reading: DocumentReading {
                format: facts.documents.format.clone(),
                head: status_of(&facts.documents.head),
                base: status_of(&facts.documents.base),
                message: String::new(),
                line: 0,
            },
            provenance: portcullis::provenance::FileProvenance::default(),
        }
    }

    /// Returns the documents that a package looks at; all of those must be readable.
    fn looked_at(&self, package: &Package, case: &Case) -> Vec<Target> {
        let looks = Looks::of(package);
        let files = (0_u32..).zip(&case.files).filter(|(_, file)| looks.at(&file.path) && file.new.is_some());
        files
            .filter(|(_, file)| !["120000", "160000"].contains(&file.modes.1.as_str()))
            .map(|(index, _)| Target::Document(index))
            .collect()
    }

    pub(crate) fn judge(&self, case: &Case) -> Vec<Found> {
        let mut json = serde_json::to_value(self.document(case)).unwrap();
        let mut review = serde_json::to_value(ReviewInput::default()).unwrap();
        lay(&mut json, &mut review, &case.overlay);
        let document = Document::from_json(json.to_string().as_bytes()).unwrap();
        let document = document.with_review(review.to_string().as_bytes()).unwrap();
        let mut found = Vec::new();
        // Only their own cases are about them; nearly every other case is new code without a test.
        let about_all_code =
            |pack: &str| pack != case.pack && ["ai-hygiene", "docs", "error-handling", "tests"].contains(&pack);
        // That a pipeline changes at all is what `governance` is about; its own cases say so.
        let about_pipelines = |pack: &str| pack == "governance" && case.pack == "workflows";
        let judges = |package: &&Package| !about_all_code(&package.pack) && !about_pipelines(&package.pack);
        for (index, package) in self.loaded.packages.iter().enumerate().filter(|(_, package)| judges(package)) {
            let targets: Vec<Target> = match package.scope {
                Scope::Change => vec![Target::Change],
                Scope::File => (0..document.files()).map(|file| Target::File(u32::try_from(file).unwrap())).collect(),
                // These look at what all other rules said; the cases of other packs are not about them.
                Scope::Review if package.pack == case.pack => vec![Target::Review],
                Scope::Review => Vec::new(),
                Scope::Document => self.looked_at(package, case),
            };
            for target in targets {
                let evaluation = self.engines.evaluate(index, &document, target, &BTreeSet::new());
                assert_eq!(evaluation.faults, [], "{}", case.name);
                found.extend(evaluation.results.into_iter().map(|result| Found {
                    rule: package.rules[result.rule as usize].id.as_str().to_owned(),
                    path: result.path,
                    line: result.line,
                    severity: result.severity,
                    layer: result.layer,
                }));
            }
        }
        found.sort();
        found
    }
}

fn value(side: &Side) -> Value {
    match side {
        Side::Read(json) => serde_json::from_str(json).unwrap(),
        Side::None | Side::Unread(_) => serde_json::json!({}),
    }
}

fn status_of(side: &Side) -> DocumentStatus {
    match side {
        Side::Read(_) => DocumentStatus::Ok,
        Side::None => DocumentStatus::None,
        Side::Unread(_) => DocumentStatus::Unreadable,
    }
}

/// Lays the keys of a case over both documents; those of its files by path.
fn lay(document: &mut Value, review: &mut Value, overlay: &Value) {
    for (key, value) in overlay.as_object().into_iter().flatten() {
        if key == "files" {
            for (path, keys) in value.as_object().unwrap() {
                let files = document["files"].as_array_mut().unwrap();
                let file = files.iter_mut().find(|file| file["path"] == path.as_str()).unwrap();
                merge(file, keys);
            }
        } else if document.get(key).is_some() {
            merge(&mut document[key], value);
        } else {
            assert!(review.get(key).is_some(), "{key}");
            merge(&mut review[key], value);
        }
    }
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.get_mut(key).unwrap_or_else(|| panic!("the document has no key {key}")), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn collisions(case: &Case) -> Vec<Collision> {
    let twins = |(path, twin): &(String, String)| Collision { path: path.clone(), twin: twin.clone() };
    case.collisions.iter().map(twins).collect()
}

fn governance(case: &Case) -> Governance {
    let places = Places::of(["policies"]);
    let sides = |file: &CaseFile| {
        let (old, new) = (file.old.as_deref(), file.new.as_deref());
        changes((&file.path, &file.path), (old, new), &places, &BaseRules::default())
    };
    Governance { changed: case.files.iter().flat_map(sides).collect() }
}
