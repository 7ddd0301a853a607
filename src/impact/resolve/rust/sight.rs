//! What is in sight within one file: the names that its statements bring in and the modules that it declares, by module
//! within the file.
//!
//! Owns which of them surely hold: what a function, a condition or the argument of a macro contains may hold elsewhere or
//! nowhere, and hides nothing. So does all that stands in a module which the file has twice.

use std::collections::{HashMap, HashSet};

use super::split;
use crate::facts::{ImportForm, ImportLine};
use crate::impact::listing::ListedFile;

/// What is in sight within one file; a module within it does not see the names around it.
#[derive(Default)]
pub(super) struct Sight<'a> {
    /// Parts and inner modules by module within the file and name; true for one that surely holds.
    declared: HashMap<(&'a str, &'a str), bool>,
    /// The imports that bring in a name, by module within the file and name.
    names: HashMap<(&'a str, &'a str), Vec<&'a ImportLine>>,
    /// Wildcards by module within the file.
    wildcards: HashMap<&'a str, Vec<&'a ImportLine>>,
    /// Modules within the file that stand there more than once.
    twice: HashSet<String>,
}

impl<'a> Sight<'a> {
    /// Takes the imports of a file.
    pub(super) fn of(file: &'a ListedFile) -> Self {
        let (mut sight, mut inner, mut known) = (Self::default(), HashSet::new(), HashSet::new());
        for import in &file.imports {
            let within = import.within.as_str();
            let last = import.raw.rsplit("::").next().unwrap_or_default();
            let name = if import.known_as.is_empty() { last } else { &import.known_as };
            let list = match import.form {
                ImportForm::Part | ImportForm::Inner => {
                    *sight.declared.entry((within, last)).or_default() |= !import.loose;
                    let path = if within.is_empty() { last.to_owned() } else { format!("{within}::{last}") };
                    if import.form == ImportForm::Inner && !inner.insert(path.clone()) {
                        sight.twice.insert(path);
                    }
                    continue;
                }
                ImportForm::Use if last == "*" => sight.wildcards.entry(within).or_default(),
                ImportForm::Use if split(&import.raw) != [name] => sight.names.entry((within, name)).or_default(),
                _ => continue,
            };
            // Functions repeat their statements.
            if known.insert((within, name, import.raw.as_str(), import.loose)) {
                list.push(import);
            }
        }
        sight
    }

    /// Returns the statements of a module within the file that bring in a name.
    pub(super) fn names<'s>(&'s self, within: &'s str, name: &'s str) -> &'s [&'s ImportLine] {
        self.names.get(&(within, name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the wildcards of a module within the file.
    pub(super) fn wildcards<'s>(&'s self, within: &'s str) -> &'s [&'s ImportLine] {
        self.wildcards.get(within).map_or(&[], Vec::as_slice)
    }

    /// Says whether a module of that name is declared there; `Some(true)` where it surely is.
    pub(super) fn declares(&self, within: &str, name: &str) -> Option<bool> {
        self.declared.get(&(within, name)).map(|sure| *sure && self.is_single(within))
    }

    /// Says whether all that stands in a module of the file stands there together.
    pub(super) fn is_single(&self, within: &str) -> bool {
        let ends = within.match_indices("::").map(|(at, _)| at).chain([within.len()]);
        self.twice.is_empty()
            || !ends.into_iter().any(|end| within.get(..end).is_some_and(|path| self.twice.contains(path)))
    }
}
