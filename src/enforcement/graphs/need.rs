//! Whether a change can touch the import graph at all, so that ordinary changes never pay for the whole repository.
//!
//! Owns the question only. In doubt the answer is yes.

use crate::change::FileStatus;
use crate::enforcement::RuleBook;
use crate::facts::{FactChange, ParseStatus, families, family_of};
use crate::impact::resolve::{manifest_family, may_be_named};
use crate::policies::input::{FileEntry, InputDocument};

/// Says whether a graph rule holds here and the change can have made a new import or led an old one elsewhere.
#[must_use]
pub fn graph_could_change(book: &RuleBook, input: &InputDocument) -> bool {
    if !book.needs_graph() {
        return false;
    }
    let families = families();
    let names = |path: &str| families.iter().any(|family| may_be_named(family, path));
    input.files.iter().any(|file| {
        let paths = [file.path.as_str(), file.old_path.as_str()];
        let family = family_of(&file.language);
        let moved = file.status != FileStatus::Modified;
        paths.iter().any(|path| manifest_family(path).is_some())
            || (moved && (family.is_some() || paths.into_iter().any(names)))
            || family.is_some_and(|family| imports_changed(file, family))
    })
}

fn imports_changed(file: &FileEntry, family: &str) -> bool {
    // Where the file could not be read as a whole, its imports are not known.
    if file.parsed.status != ParseStatus::Ok {
        return true;
    }
    let added = file.imports.iter().any(|import| import.change == FactChange::Added);
    // A part that is no longer declared, or an import that is passed on no longer, leads others elsewhere.
    let passes_on = matches!(family, "javascript" | "python" | "rust");
    let removed = passes_on && file.imports.iter().any(|import| import.change == FactChange::Removed);
    added || removed || (family == "java" && package_could_change(file))
}

/// The package of a Java file stands before its first import and its first symbol.
fn package_could_change(file: &FileEntry) -> bool {
    let imports = file.imports.iter().filter(|import| import.change != FactChange::Removed).map(|import| import.line);
    let symbols = file.symbols.iter().filter(|symbol| symbol.change != FactChange::Removed).map(|symbol| symbol.start);
    let first = imports.chain(symbols).min().unwrap_or(u32::MAX);
    file.hunks.iter().any(|hunk| hunk.start < first)
}
