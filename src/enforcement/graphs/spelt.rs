//! Imports without a statement: whether a text names what the old one did not.
//!
//! Owns the comparison only: both texts are read as the graph reads them, from their tokens, so that a comment mark that
//! goes away counts as well.

use std::collections::BTreeSet;

use crate::facts::{ImportForm, ImportLine, go_names, java_names, rust_names};

/// Macros of the standard library that any code uses.
const STANDARD_MACROS: &[&str] = &[
    "assert!",
    "assert_eq!",
    "assert_ne!",
    "cfg!",
    "concat!",
    "debug_assert!",
    "debug_assert_eq!",
    "debug_assert_ne!",
    "env!",
    "eprint!",
    "eprintln!",
    "format!",
    "format_args!",
    "include_bytes!",
    "include_str!",
    "matches!",
    "panic!",
    "print!",
    "println!",
    "stringify!",
    "todo!",
    "unimplemented!",
    "unreachable!",
    "vec!",
    "write!",
    "writeln!",
];

/// Says whether a text of this family brings in something that the old one does not, or changes what others are led to.
pub(super) fn names_changed(family: &str, old: &str, new: &str) -> bool {
    let read = |text: &str| match family {
        "go" => (String::new(), go_names(text)),
        "java" => {
            let read = java_names(text);
            (read.package, read.imports)
        }
        _ => (String::new(), rust_names(text)),
    };
    let (old, new) = (read(old), read(new));
    // Every file has the standard library, unless something else is called so.
    let named_std = |import: &ImportLine| import.known_as == "std" || import.raw.ends_with("::std");
    let plain_std = family == "rust" && !new.1.iter().any(named_std);
    let is_standard = |import: &ImportLine| {
        import.raw.starts_with("std::") || (family == "rust" && STANDARD_MACROS.contains(&import.raw.as_str()))
    };
    let of = |imports: &[ImportLine], inline: bool| -> BTreeSet<ImportLine> {
        let wanted = imports.iter().filter(|import| (import.form == ImportForm::Inline) == inline);
        let wanted = wanted.filter(|import| !(inline && plain_std && is_standard(import)));
        wanted.map(|import| ImportLine { line: 0, ..import.clone() }).collect()
    };
    // A part or a statement that goes away leads others elsewhere.
    old.0 != new.0 || of(&old.1, false) != of(&new.1, false) || !of(&new.1, true).is_subset(&of(&old.1, true))
}
