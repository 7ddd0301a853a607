//! What the languages share: which names in full are kept.

use std::collections::BTreeSet;

use super::{ImportForm, ImportLine};

/// Sorts imports by place and keeps each name in full once, and only where no statement says the same.
pub(super) fn settled(mut imports: Vec<ImportLine>) -> Vec<ImportLine> {
    imports.sort();
    imports.dedup();
    let stated: BTreeSet<(String, String)> = imports
        .iter()
        .filter(|import| import.form != ImportForm::Inline)
        .map(|import| (import.within.clone(), import.raw.clone()))
        .collect();
    let mut seen = BTreeSet::new();
    imports.retain(|import| {
        let key = (import.within.clone(), import.raw.clone());
        import.form != ImportForm::Inline || (!stated.contains(&key) && seen.insert(key))
    });
    imports
}
