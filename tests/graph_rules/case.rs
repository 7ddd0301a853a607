//! One case: systems, rules and the texts of both sides -> findings, or the faults of the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use portcullis::completeness::Completeness;
use portcullis::configuration::UnknownLines;
use portcullis::diagnostic::{Colour, render};
use portcullis::enforcement::{Enforced, RuleBook, SystemGraphs, judge};
use portcullis::facts::Extractor;
use portcullis::finding::{RuleId, Severity, Status};
use portcullis::impact::graph::{Graphs, Renames};
use portcullis::impact::listing::{ImportListing, ListedFile, ListedManifest, Presence};
use portcullis::impact::modules::Modules;
use portcullis::impact::resolve::manifest_family;
use portcullis::limits::Limits;
use portcullis::policies::input::InputDocument;
use portcullis::specification::Specification;
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::rule::{AppliesTo, Enforce, Examples, Rule, Scope};
use portcullis::specification::system::System;
use portcullis::worker::protocol::{Blob, ImportsTask};
use portcullis::yaml::{Node, Value, tree};

/// A case, read.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) specification: Specification,
    pub(crate) hosted: Vec<HostedSystem>,
    pub(crate) base: BTreeMap<String, String>,
    pub(crate) head: BTreeMap<String, String>,
    pub(crate) renames: Renames,
}

pub(crate) fn text(node: &Node) -> String {
    match &node.value {
        Value::Plain(text) | Value::Quoted(text) => text.clone(),
        Value::List(_) | Value::Map(_) => panic!("text wanted in line {}", node.place.line),
    }
}

fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().map(text).collect(),
        _ => vec![text(node)],
    }
}

fn map(node: &Node) -> Vec<(String, &Node)> {
    let Value::Map(entries) = &node.value else { panic!("a mapping wanted in line {}", node.place.line) };
    entries.iter().map(|(key, value)| (key.value.clone(), value)).collect()
}

fn text_map(node: &Node) -> BTreeMap<String, String> {
    map(node).into_iter().map(|(key, value)| (key, text(value))).collect()
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let written = std::fs::read_to_string(path).unwrap();
        let node = tree(written.as_bytes(), "case.yaml").unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        let mut case = Self::default();
        let mut deleted = BTreeSet::new();
        for (key, value) in map(&node) {
            match key.as_str() {
                "systems" => map(value).into_iter().for_each(|(id, node)| case.system(id, node)),
                "base" => case.base = text_map(value),
                "head" => case.head = text_map(value),
                "deleted" => deleted = texts(value).into_iter().collect(),
                "renames" => case.renames = text_map(value),
                "rules" => {}
                other => panic!("{}: unknown key {other}", path.display()),
            }
        }
        for (path, text) in &case.base {
            if !deleted.contains(path) && !case.renames.values().any(|old| old == path) {
                case.head.entry(path.clone()).or_insert_with(|| text.clone());
            }
        }
        case.specification.texts.insert("case.yaml".to_owned(), written.clone());
        if let Some((_, Node { value: Value::List(rules), .. })) =
            map(&node).into_iter().find(|(key, _)| key == "rules")
        {
            rules.iter().for_each(|rule| case.rule(rule));
        }
        case
    }

    fn system(&mut self, id: String, node: &Node) {
        let mut system = System { id: id.clone(), ..System::default() };
        let mut root = Some(String::new());
        for (key, value) in map(node) {
            match key.as_str() {
                "root" => root = root.map(|_| text(value)),
                "hosted" => root = root.filter(|_| text(value) != "no"),
                "modules" => {
                    system.modules = map(value).into_iter().map(|(name, globs)| (name, texts(globs))).collect();
                }
                other => panic!("unknown key {other}"),
            }
        }
        self.hosted.extend(root.map(|root| HostedSystem { id: id.clone(), root }));
        self.specification.systems.insert(id, system);
    }

    fn rule(&mut self, node: &Node) {
        let mut rule = Rule {
            id: RuleId::new("INV-1").unwrap(),
            title: "A title".to_owned(),
            status: Status::Enforced,
            status_by_system: BTreeMap::new(),
            severity: Severity::Error,
            layer: 1,
            owner: "owner".to_owned(),
            rationale: "A reason.".to_owned(),
            instead: None,
            decision: None,
            applies_to: AppliesTo::All,
            scope: Scope { systems: self.specification.systems.keys().cloned().collect(), ..Scope::default() },
            examples: Examples::default(),
            baseline: false,
            links: Vec::new(),
            enforce: Enforce {
                kind: portcullis::yaml::Placed { value: String::new(), place: node.place },
                value: node.clone(),
            },
            file: "case.yaml".to_owned(),
            line: node.place.line,
        };
        for (key, value) in map(node) {
            match key.as_str() {
                "id" => rule.id = RuleId::new(text(value)).unwrap(),
                "systems" => rule.scope.systems = texts(value),
                "paths" => rule.scope.paths = texts(value),
                "exclude" => rule.scope.exclude = texts(value),
                "enforce" => {
                    let Value::Map(entries) = &value.value else { panic!("enforce") };
                    rule.enforce = Enforce { kind: entries[0].0.clone(), value: entries[0].1.clone() };
                }
                other => panic!("unknown key {other}"),
            }
        }
        self.specification.rules.insert(rule.id.clone(), rule);
    }

    /// Returns the listing of both sides.
    pub(crate) fn listing(&self) -> ImportListing {
        let (extractor, faults) = Extractor::new(&Limits::default(), &[]);
        assert!(faults.is_empty());
        let mut listing = ImportListing::default();
        let mut list = |path: &str, text: &str, on: Presence| {
            if manifest_family(path).is_some() {
                listing.manifests.push(ListedManifest { path: path.to_owned(), on, text: text.to_owned().into() });
                return;
            }
            let blob = Blob { bytes: text.as_bytes().to_vec() };
            let read = extractor.imports(&ImportsTask { path: path.to_owned(), blob });
            assert!(read.fault.is_none(), "{path}: {:?}", read.fault);
            let (language, package, imports) = (read.language, read.package, read.imports);
            listing.files.push(ListedFile { path: path.to_owned(), on, language, package, imports });
        };
        let paths: BTreeSet<&String> = self.base.keys().chain(self.head.keys()).collect();
        for path in paths {
            match (self.base.get(path), self.head.get(path)) {
                (Some(base), Some(head)) if base == head => list(path, head, Presence::Both),
                (base, head) => {
                    base.into_iter().for_each(|text| list(path, text, Presence::Base));
                    head.into_iter().for_each(|text| list(path, text, Presence::Head));
                }
            }
        }
        listing
    }

    /// Returns what the rules say, or the faults of the rules.
    pub(crate) fn judged(self) -> Result<Enforced, String> {
        let listing = self.listing();
        let (book, faults) = RuleBook::of(self.specification, self.hosted);
        if !faults.is_empty() {
            return Err(render(&faults, Colour::Never));
        }
        let graphs = Graphs::build(&listing, &Modules::default());
        assert_eq!(graphs.reasons(), []);
        let graphs = SystemGraphs::of(&book, &graphs, &self.renames, Limits::default().link_steps).unwrap();
        assert_eq!(graphs.unfinished(), None);
        let input = InputDocument::nothing(Completeness::of(Vec::new()));
        Ok(judge(&book, &input, &BTreeMap::new(), UnknownLines::Ai, &|_| None, Some(&graphs)))
    }

    /// Returns the findings as text.
    pub(crate) fn shown(self) -> String {
        let enforced = match self.judged() {
            Ok(enforced) => enforced,
            Err(faults) => return faults,
        };
        let mut shown = String::new();
        for draft in &enforced.drafts {
            let finding = &draft.judged.finding;
            let path = finding.path.as_ref().unwrap().raw();
            let line = finding.start.unwrap().line;
            writeln!(shown, "{} {path}:{line}\n  {}", finding.rule.as_str(), finding.message.raw()).unwrap();
            writeln!(shown, "  fix: {}\n  anchor: {}", finding.fix.raw(), draft.anchor).unwrap();
            for related in &finding.related {
                writeln!(shown, "  - {}:{} {}", related.path.raw(), related.line, related.message.raw()).unwrap();
            }
        }
        if shown.is_empty() { "nothing\n".to_owned() } else { shown }
    }
}
