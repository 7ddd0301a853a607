//! What the languages share after the walk: the form of an import, and which names in full are kept.

use std::collections::BTreeSet;

use super::{ImportForm, ImportLine};

/// Returns the form that a kind of node means.
pub(super) fn form(family: &str, node: &str) -> ImportForm {
    match (family, node) {
        ("rust", "mod_item") => ImportForm::Part,
        ("rust", "extern_crate_declaration") => ImportForm::Package,
        _ => ImportForm::Use,
    }
}

/// Sorts imports by place and keeps each name in full once, and only where no statement brings its first part in.
pub(super) fn settled(mut imports: Vec<ImportLine>) -> Vec<ImportLine> {
    imports.sort();
    imports.dedup();
    let names: BTreeSet<(String, String)> = imports
        .iter()
        .filter(|import| import.form != ImportForm::Inline)
        .map(|import| {
            let last = import.raw.rsplit("::").next().unwrap_or_default();
            let name = if import.known_as.is_empty() { last } else { &import.known_as };
            (import.within.clone(), name.to_owned())
        })
        .collect();
    let stated: BTreeSet<(String, String)> = imports
        .iter()
        .filter(|import| import.form != ImportForm::Inline)
        .map(|import| (import.within.clone(), import.raw.clone()))
        .collect();
    let mut seen = BTreeSet::new();
    imports.retain(|import| {
        let first = import.raw.split("::").next().unwrap_or_default().to_owned();
        let key = (import.within.clone(), import.raw.clone());
        import.form != ImportForm::Inline
            || (!names.contains(&(import.within.clone(), first)) && !stated.contains(&key) && seen.insert(key))
    });
    imports
}
