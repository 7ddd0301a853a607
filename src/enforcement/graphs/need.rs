//! Whether a change can touch the import graph at all, so that ordinary changes never pay for the whole repository.
//!
//! Owns the question only. In doubt the answer is yes.

use super::spelt::may_name_in_full;
use crate::change::FileStatus;
use crate::enforcement::RuleBook;
use crate::facts::{FactChange, ParseStatus, families, family_of, language_of, python_may_name};
use crate::finding::draft::Texts;
use crate::impact::resolve::{manifest_family, may_be_named};
use crate::policies::input::{FileEntry, InputDocument};

/// Says whether a graph rule holds here and the change can have made a new import or led an old one elsewhere.
///
/// `texts` gives the head text of a changed file: names in full are imports without a statement.
#[must_use]
pub fn graph_could_change(book: &RuleBook, input: &InputDocument, texts: &Texts<'_>) -> bool {
    if !book.needs_graph() {
        return false;
    }
    let families = families();
    let named = |path: &str| families.iter().any(|family| may_be_named(family, path));
    input.files.iter().any(|file| {
        let paths = [file.path.as_str(), file.old_path.as_str()];
        let of_path = |path: &str| language_of(path, &[]).and_then(family_of);
        let family = family_of(&file.language).or_else(|| paths.into_iter().find_map(of_path));
        let moved = file.status != FileStatus::Modified;
        paths.iter().any(|path| manifest_family(path).is_some())
            || file.kind == "symlink"
            || file.mode_change.contains("120000")
            || (moved && (family.is_some() || paths.into_iter().any(named)))
            || family.is_some_and(|family| imports_changed(file, family, texts))
    })
}

fn imports_changed(file: &FileEntry, family: &str, texts: &Texts<'_>) -> bool {
    // Where the file could not be read as a whole, its imports are not known.
    if file.parsed.status != ParseStatus::Ok {
        return true;
    }
    let touched = |line: u32| file.hunks.iter().any(|hunk| (hunk.start..=hunk.end).contains(&line));
    let mut imports = file.imports.iter();
    // An import that is passed on no longer, or a part that is no longer declared, leads others elsewhere.
    if imports.any(|import| import.change != FactChange::Kept || touched(import.line)) {
        return true;
    }
    match family {
        "python" => texts(&file.path).is_none_or(|text| {
            let imports = file.imports.iter().filter(|import| import.change != FactChange::Removed);
            python_may_name(&text, imports.map(|import| import.raw.as_str()))
        }),
        "java" => package_could_change(file) || names_in_full(file, family, texts),
        "rust" => {
            let mut symbols = file.symbols.iter();
            symbols.any(|symbol| symbol.kind == "module" && remade(symbol.change)) || names_in_full(file, family, texts)
        }
        _ => false,
    }
}

/// What stands in a module within a file is resolved from there.
fn remade(change: FactChange) -> bool {
    matches!(change, FactChange::Added | FactChange::Removed | FactChange::Moved)
}

fn names_in_full(file: &FileEntry, family: &str, texts: &Texts<'_>) -> bool {
    texts(&file.path).is_none_or(|text| may_name_in_full(family, &text))
}

/// The package of a Java file stands before its first import and its first symbol.
fn package_could_change(file: &FileEntry) -> bool {
    let imports = file.imports.iter().filter(|import| import.change != FactChange::Removed).map(|import| import.line);
    let symbols = file.symbols.iter().filter(|symbol| symbol.change != FactChange::Removed).map(|symbol| symbol.start);
    let first = imports.chain(symbols).min().unwrap_or(u32::MAX);
    file.hunks.iter().any(|hunk| hunk.start < first)
}
