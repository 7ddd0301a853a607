//! Whether a change can touch the import graph at all, so that ordinary changes never pay for the whole repository.
//!
//! Owns the question only. In doubt the answer is yes.

use super::spelt::names_changed;
use crate::change::FileStatus;
use crate::enforcement::RuleBook;
use crate::facts::{FactChange, ParseStatus, families, family_of, language_of, python_names_changed};
use crate::impact::resolve::{manifest_family, may_be_named};
use crate::policies::input::{FileEntry, InputDocument};

/// Gives the text of a changed file by its path, before and after.
pub type BothTexts<'a> = dyn Fn(&str) -> (Option<String>, Option<String>) + 'a;

/// Says whether a graph rule holds here and the change can have made a new import or led an old one elsewhere.
///
/// Names in full are imports without a statement, so `texts` is asked for what the facts do not hold.
#[must_use]
pub fn graph_could_change(book: &RuleBook, input: &InputDocument, texts: &BothTexts<'_>) -> bool {
    if !book.needs_graph() {
        return false;
    }
    let families = families();
    let typed = book.rules.values().any(|rule| !rule.enforcement.counts_types());
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
            || family.is_some_and(|family| {
                imports_changed(file, family, texts) || (typed && types_changed(file, family, texts))
            })
    })
}

/// Says whether an import may have become one that runs although its line is what it was.
fn types_changed(file: &FileEntry, family: &str, texts: &BothTexts<'_>) -> bool {
    let says = |mark: &str| {
        let (old, new) = texts(&file.path);
        [old, new].iter().any(|text| text.as_ref().is_none_or(|text| text.contains(mark)))
    };
    match family {
        "python" => says("TYPE_CHECKING"),
        "javascript" => !file.imports.is_empty() && says("type"),
        _ => false,
    }
}

fn imports_changed(file: &FileEntry, family: &str, texts: &BothTexts<'_>) -> bool {
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
        "python" => match texts(&file.path) {
            (Some(old), Some(new)) => {
                let imports = file.imports.iter().filter(|import| import.change != FactChange::Removed);
                python_names_changed(&file.path, (&old, &new), imports.map(|import| import.raw.as_str()))
            }
            _ => true,
        },
        "go" | "java" | "rust" => match texts(&file.path) {
            (Some(old), Some(new)) => names_changed(family, &old, &new),
            _ => true,
        },
        _ => false,
    }
}
