//! What stands above decision rules, and what only follows from it.
//!
//! Owns the order cause before consequence: who has forgotten METADATA, or written it wrongly, is told that and not what
//! comes of it.

use std::collections::BTreeMap;

use super::{Remark, decision_word};
use crate::finding::Severity;
use crate::policies::Fault;
use crate::policies::metadata::{FileMetadata, Metadata};
use crate::policies::module::ParsedModule;

/// What stands above one decision rule, all its clauses together.
struct Described {
    /// Said at its first clause.
    fault: Fault,
    /// Of all blocks together.
    metadata: Metadata,
    /// True when there is a block at all.
    any: bool,
    /// True when a block cannot be read as it is written.
    spoilt: bool,
}

/// Adds what decision rules lack, and takes out what only follows from that.
pub(super) fn describe(modules: &[ParsedModule<'_>], metadata: &[FileMetadata], remarks: &mut Vec<Remark>) {
    let mut rules: BTreeMap<(String, String, String), Described> = BTreeMap::new();
    for (module, file) in modules.iter().zip(metadata) {
        for (entry, rule) in module.rules().filter(|(name, _)| decision_word(name).is_some()) {
            let own = file.rules.get(&entry).map(|(_, metadata)| metadata.clone());
            let key = (module.source.pack.clone(), module.package_name(), entry.clone());
            let any = own.is_some() || file.package != Metadata::default();
            let whole = own.unwrap_or_default().within(&file.package);
            let fault = || {
                let message = format!("`{entry}` has no METADATA");
                let hint = "write `# METADATA` above it with `title`, `description` and `custom: {id: ...}`";
                module.place(rule.span()).fault("metadata-missing", message, hint)
            };
            let slot = rules.entry(key).or_insert_with(|| Described {
                fault: fault(),
                metadata: Metadata::default(),
                any: false,
                spoilt: false,
            });
            slot.metadata = std::mem::take(&mut slot.metadata).within(&whole);
            slot.any |= any;
            slot.spoilt |= is_spoilt(module, &entry, remarks);
        }
    }
    for ((_, _, entry), described) in rules {
        // A block that cannot be read has been named; what it lacks is not known.
        if !described.spoilt {
            let lacking = lacking(&entry, described, remarks);
            remarks.extend(lacking);
        }
    }
    once_a_file(remarks);
}

/// Says whether a fault stands in the block above a rule, or above its package.
fn is_spoilt(module: &ParsedModule<'_>, entry: &str, remarks: &[Remark]) -> bool {
    let package = module.place(module.ast.package.refr.span()).line;
    let mut faults =
        remarks.iter().map(|one| &one.fault).filter(|one| one.code == "metadata" && one.path == module.source.path);
    faults.any(|fault| {
        let below = || module.rules().find(|(_, rule)| module.place(rule.span()).line > fault.line);
        fault.line < package || below().is_some_and(|(name, _)| name == entry)
    })
}

fn lacking(entry: &str, described: Described, remarks: &mut Vec<Remark>) -> Option<Remark> {
    let Described { mut fault, metadata, any, .. } = described;
    let parts = [
        ("title", metadata.title.is_some()),
        ("description", metadata.description.is_some()),
        ("custom.id", metadata.id.is_some()),
    ];
    let missing: Vec<String> = parts.iter().filter(|(_, there)| !there).map(|(name, _)| format!("`{name}`")).collect();
    if missing.is_empty() {
        return None;
    }
    if any {
        fault.message = format!("the METADATA of `{entry}` lacks {}", missing.join(", "));
        "people read them in every report, and an id must be stable for ever".clone_into(&mut fault.hint);
    } else if let Some((name, scope)) = meant_scope(&fault.path, remarks) {
        remarks.retain(|remark| remark.fault.path != fault.path || other_scope(&remark.fault).is_none());
        fault.message =
            format!("`{entry}` has no METADATA, so it runs at scope `change`, where `{name}` does not exist");
        fault.hint = format!(
            "write `# METADATA` above `package` with `title`, `description` and `custom: {{id: ..., scope: {scope}}}`"
        );
        return Some(Remark { fault, severity: Severity::Error });
    }
    Some(Remark { fault, severity: Severity::Warning })
}

/// Returns what a fault says is at another scope, and at which.
fn other_scope(fault: &Fault) -> Option<(&str, &str)> {
    let (name, rest) = fault.message.strip_prefix('`')?.split_once("` exists only at scope `")?;
    (fault.code == "unknown-input").then_some((name, rest.trim_end_matches('`')))
}

fn meant_scope(path: &str, remarks: &[Remark]) -> Option<(String, String)> {
    let mut found = remarks.iter().filter(|remark| remark.fault.path == path).filter_map(|one| other_scope(&one.fault));
    found.next().map(|(name, scope)| (name.to_owned(), scope.to_owned()))
}

/// Leaves the first of what one scope in METADATA mends, file by file.
fn once_a_file(remarks: &mut Vec<Remark>) {
    let mut first: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
    for fault in remarks.iter().map(|remark| &remark.fault) {
        if let Some((name, _)) = other_scope(fault) {
            let place = (fault.line, fault.column);
            let slot = first.entry((fault.path.clone(), name.to_owned())).or_insert(place);
            *slot = place.min(*slot);
        }
    }
    remarks.retain(|remark| {
        let fault = &remark.fault;
        let known = other_scope(fault).and_then(|(name, _)| first.get(&(fault.path.clone(), name.to_owned())));
        known.is_none_or(|place| *place == (fault.line, fault.column))
    });
}
