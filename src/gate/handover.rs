//! The input document -> what a reviewer has to know of the change itself.
//!
//! Owns the choice of what is worth a reviewer's time. Must not judge; reports render it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::coordination::{OtherChange, Overlap, OverlapKind, beside};
use crate::facts::FactChange;
use crate::outcome::{ContractNote, Handover, MadeFile, ModuleNote, OtherNote, SymbolNote};
use crate::policies::input::{FileEntry, InputDocument};
use crate::provenance::Attribution;
use crate::review::Review;
use crate::review::reached::OR;
use crate::specification::Specification;
use crate::untrusted::Untrusted;

/// Returns what the change hands over to its reviewers.
pub(super) fn handover(input: &InputDocument) -> Handover {
    let totals = &input.change.totals;
    let tools: BTreeSet<&Untrusted> = ai_spans(&input.files).map(|span| &span.tool).collect();
    Handover {
        added: totals.added,
        ai_added: totals.ai_added,
        unknown_added: totals.unknown_added,
        tools: tools.into_iter().filter(|tool| !tool.is_empty()).cloned().collect(),
        files: files(&input.files),
        symbols: symbols(&input.files),
        contracts: contracts(input),
        modules: modules(input),
        others: others(&input.change.overlaps, &input.change.url),
    }
}

/// Returns the handles of everybody whose approval is missing: those of the team that a requirement names, else those of
/// every team that may give its layer.
pub(super) fn asked(review: &Review, specification: &Specification) -> Vec<Untrusted> {
    let mut handles: BTreeSet<String> = BTreeSet::new();
    for requirement in review.requirements.iter().filter(|one| !one.met && one.count > 0) {
        let team = requirement.team.raw();
        match (specification.teams.get(team), team.is_empty()) {
            (Some(team), _) => handles.extend(team.handles.iter().cloned()),
            (None, false) => handles.extend(team.split(OR).map(|handle| handle.trim().to_owned())),
            (None, true) => {
                let able = specification.teams.values().filter(|team| team.approves.contains(&requirement.layer));
                handles.extend(able.flat_map(|team| team.handles.iter().cloned()));
            }
        }
    }
    handles.into_iter().map(Untrusted::new).collect()
}

fn ai_spans(files: &[FileEntry]) -> impl Iterator<Item = &crate::provenance::Span> {
    files.iter().flat_map(|file| &file.provenance.spans).filter(|span| span.origin == Attribution::Ai)
}

fn files(files: &[FileEntry]) -> Vec<MadeFile> {
    let mut made: Vec<MadeFile> = files
        .iter()
        .filter(|file| file.provenance.ai_lines > 0)
        .map(|file| {
            let spans = ai_spans(std::slice::from_ref(file));
            let sessions: BTreeSet<&Untrusted> = spans.map(|span| &span.session).collect();
            MadeFile {
                path: Untrusted::new(file.path.as_str()),
                added: file.added,
                ai: file.provenance.ai_lines,
                sessions: sessions.into_iter().filter(|session| !session.is_empty()).cloned().collect(),
            }
        })
        .collect();
    made.sort_by(|a, b| (Reverse(a.ai), &a.path).cmp(&(Reverse(b.ai), &b.path)));
    made
}

fn symbols(files: &[FileEntry]) -> Vec<SymbolNote> {
    let mut notes = Vec::new();
    for file in files {
        for symbol in &file.symbols {
            let change = match symbol.change {
                FactChange::Added => "added",
                FactChange::Removed => "removed",
                FactChange::Signature => "with another signature",
                _ => continue,
            };
            notes.push(SymbolNote {
                name: Untrusted::new(symbol.qualified.as_str()),
                kind: symbol.kind.to_string(),
                change: change.to_owned(),
                exported: symbol.exported,
                path: Untrusted::new(file.path.as_str()),
                line: symbol.start,
            });
        }
    }
    // What others may use comes first, and what breaks them before what is new.
    notes.sort_by(|a, b| {
        let key = |note: &SymbolNote| (!note.exported, note.change == "added", note.path.clone(), note.line);
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
    });
    notes
}

fn contracts(input: &InputDocument) -> Vec<ContractNote> {
    let consumers = |list: &[String]| list.iter().map(|user| Untrusted::new(user.as_str())).collect();
    let contracts = input.contracts.iter().map(|contract| ContractNote {
        id: Untrusted::new(contract.id.as_str()),
        verdict: if contract.verdict == "unknown" {
            "touched, not compared".to_owned()
        } else {
            contract.verdict.clone()
        },
        consumers: consumers(&contract.consumers),
    });
    contracts.collect()
}

/// Returns what each other open change has in common with this one, those with a decision first, then contracts, symbols.
fn others(overlaps: &[Overlap], own: &str) -> Vec<OtherNote> {
    let mut by_change: BTreeMap<&OtherChange, OtherNote> = BTreeMap::new();
    for overlap in overlaps {
        let note = by_change.entry(&overlap.change).or_insert_with(|| {
            let OtherChange { number, label, title, url, author, draft, .. } = overlap.change.clone();
            // A saved input may say anything.
            let url = Untrusted::new(beside(own, number, url.raw()));
            OtherNote { label, title, url, author, draft, ..OtherNote::default() }
        });
        let name = Untrusted::new(overlap.name.as_str());
        match overlap.kind {
            OverlapKind::Decision => {
                note.decisions.push(Untrusted::new(format!("{} ({})", overlap.name, overlap.note.raw())));
            }
            OverlapKind::Contract => note.contracts.push(name),
            OverlapKind::Symbol => note.symbols.push(name),
            OverlapKind::Module if overlap.paths.is_empty() => note.modules.push(name),
            OverlapKind::Module => note.files.extend(overlap.paths.iter().map(|path| Untrusted::new(path.as_str()))),
        }
    }
    let mut notes: Vec<OtherNote> = by_change.into_values().collect();
    // Of what concerns alike the order of numbers stays.
    notes.sort_by_key(|note| {
        let none = |list: &[Untrusted]| list.is_empty();
        (none(&note.decisions), none(&note.contracts), none(&note.symbols), none(&note.files))
    });
    notes
}

fn modules(input: &InputDocument) -> Vec<ModuleNote> {
    let used = input.impact.modules.iter().filter(|module| module.transitive > 0);
    let mut notes: Vec<ModuleNote> = used
        .map(|module| ModuleNote {
            id: Untrusted::new(module.id.as_str()),
            dependents: module.transitive,
            used_by: module.used_by.iter().map(|team| Untrusted::new(team.as_str())).collect(),
        })
        .collect();
    notes.sort_by(|a, b| (Reverse(a.dependents), &a.id).cmp(&(Reverse(b.dependents), &b.id)));
    notes
}
