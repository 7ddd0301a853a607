//! `contracts`: interfaces between teams; who touches the source of one asks for its review.
//!
//! Owns which contracts a change touches. Must not compare them: until the contract engine does, the verdict of a
//! touched contract is `unknown`, and the rule finds nothing by itself.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobSet;
use serde_json::json;

use super::{Ask, Enforcement, Kind, Proof, Reading, RuleBook, Subject, Violation};
use crate::diagnostic::shortened;
use crate::policies::input::{ContractEntry, FileEntry, InputDocument};
use crate::specification::contract::Contract;
use crate::specification::hosted::globs;
use crate::yaml::Node;
use crate::yaml::decode::suggestion;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "contracts", read, proof: Proof::Trees, schema };

#[derive(Debug)]
struct Contracts {
    /// None means all.
    ids: Option<BTreeSet<String>>,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let entries = reading.faults.map(node, "contracts");
    let (mut found, mut fine) = (Vec::new(), !entries.is_empty());
    for (key, value) in entries {
        match key.value.as_str() {
            "all" => {
                fine &= reading.faults.word(value, "all", &[("true", ())]).is_some();
                found.push(None);
            }
            "ids" => {
                let ids = reading.faults.texts(value, "ids");
                fine &= !ids.is_empty();
                for id in &ids {
                    if !reading.specification.contracts.contains_key(&id.value) {
                        let known = reading.specification.contracts.keys().map(String::as_str);
                        let help = suggestion(&id.value, known);
                        let title = format!("there is no contract `{}`", shortened(&id.value));
                        reading.faults.add(id.place, title, "unknown contract", help);
                        fine = false;
                    }
                }
                found.push(Some(ids.into_iter().map(|id| id.value).collect()));
            }
            _ => {
                reading.faults.unknown_key(key, &["all", "ids"], "contracts");
                fine = false;
            }
        }
    }
    if fine && found.len() != 1 {
        let help = "Write `all: true`, or `ids: [CON-...]`.";
        reading.faults.add(node.place, "`contracts` needs exactly one of `all` and `ids`", "which ones?", help);
        fine = false;
    }
    let ids = found.pop().filter(|_| fine)?;
    Some(Box::new(Contracts { ids }))
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "additionalProperties": false, "oneOf": [{"required": ["all"]}, {"required": ["ids"]}],
        "properties": {"all": {"const": true}, "ids": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^CON-"}}}})
}

impl Enforcement for Contracts {
    fn judge(&self, _: &Subject<'_>) -> Vec<Violation> {
        Vec::new()
    }

    fn asks(&self, subject: &Subject<'_>) -> Vec<Ask> {
        let named = |id: &String| self.ids.as_ref().is_none_or(|ids| ids.contains(id));
        let touched = subject.input.contracts.iter().filter(|entry| named(&entry.id));
        let contracts = touched.filter_map(|entry| subject.specification.contracts.get(&entry.id));
        // What is alpha or beta may change without a review.
        let stable = contracts.filter(|contract| !matches!(contract.stability.as_str(), "alpha" | "beta"));
        stable.filter_map(|contract| self.ask(contract, subject)).collect()
    }
}

impl Contracts {
    fn ask(&self, contract: &Contract, subject: &Subject<'_>) -> Option<Ask> {
        let source = Source::of(contract, subject.hosted)?;
        let path = subject.in_scope.iter().find_map(|file| source.touched_by(file))?;
        let layer = if contract.layer == 0 { subject.rule.rule.layer } else { contract.layer };
        Some(Ask {
            reason: format!("{} ({}) is touched: {path}", contract.title, contract.id),
            path: path.to_owned(),
            layer,
        })
    }
}

/// The source of a contract in the systems of this repository.
struct Source<'a> {
    roots: Vec<&'a crate::specification::hosted::HostedSystem>,
    glob: GlobSet,
}

impl<'a> Source<'a> {
    /// Returns none when another repository holds it.
    fn of(contract: &Contract, hosted: &'a [crate::specification::hosted::HostedSystem]) -> Option<Self> {
        let roots: Vec<_> = hosted.iter().filter(|system| system.id == contract.provider).collect();
        // Globs were checked when the specification was loaded.
        (!roots.is_empty()).then(|| Some(Self { roots, glob: globs(&[&contract.source]).ok()? })).flatten()
    }

    /// Says whether a path is of the source.
    fn holds(&self, path: &str) -> bool {
        self.roots.iter().filter_map(|system| system.inside(path)).any(|inside| self.glob.is_match(inside))
    }

    /// Returns the path by which a changed file touches the source; both names of a renamed file count.
    fn touched_by<'f>(&self, file: &'f FileEntry) -> Option<&'f str> {
        [file.path.as_str(), file.old_path.as_str()].into_iter().find(|path| self.holds(path))
    }
}

/// Returns the contracts of systems in this repository whose source holds one of these paths, by id with those paths.
#[must_use]
pub fn touching<'p>(book: &RuleBook, paths: impl IntoIterator<Item = &'p str>) -> BTreeMap<String, Vec<String>> {
    let paths: BTreeSet<&str> = paths.into_iter().collect();
    let mut touched = BTreeMap::new();
    for contract in book.specification.contracts.values() {
        let Some(source) = Source::of(contract, &book.hosted) else { continue };
        let inside: Vec<String> =
            paths.iter().filter(|path| source.holds(path)).map(|path| (*path).to_owned()).collect();
        if !inside.is_empty() {
            touched.insert(contract.id.clone(), inside);
        }
    }
    touched
}

/// Fills `contracts` and `change.totals.contracts`: each contract of a system in this repository whose source changed.
pub fn fill(book: &RuleBook, input: &mut InputDocument) {
    let mut touched = Vec::new();
    for contract in book.specification.contracts.values() {
        let Some(source) = Source::of(contract, &book.hosted) else { continue };
        if !input.files.iter().any(|file| source.touched_by(file).is_some()) {
            continue;
        }
        let mut consumers: Vec<String> = contract.consumers.iter().map(|consumer| consumer.system.clone()).collect();
        consumers.sort();
        consumers.dedup();
        touched.push(ContractEntry {
            id: contract.id.clone(),
            format: contract.kind.clone(),
            provider: contract.provider.clone(),
            consumers,
            verdict: "unknown".to_owned(),
        });
    }
    touched.sort_by(|a, b| a.id.cmp(&b.id));
    input.change.totals.contracts = u32::try_from(touched.len()).unwrap_or(u32::MAX);
    input.contracts = touched;
}
