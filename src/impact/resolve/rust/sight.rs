//! What is in sight within one file: the names that its statements bring in, by module within the file.

use std::collections::{HashMap, HashSet};

use super::split;
use crate::facts::{ImportForm, ImportLine};
use crate::impact::listing::ListedFile;

/// Wildcards of one module, and statements that bring in the same name, that are looked through.
const NAMESAKES: usize = 20;

/// What is in sight within one file; a module within it does not see the names around it.
#[derive(Default)]
pub(super) struct Sight<'a> {
    /// Modules that the file holds itself, as far as something is imported in them.
    pub(super) modules: HashSet<&'a str>,
    /// Parts that are declared.
    pub(super) parts: HashSet<&'a str>,
    /// The imports that bring in a name, by module within the file and name.
    names: HashMap<(&'a str, &'a str), Vec<&'a ImportLine>>,
    /// Wildcards by module within the file.
    wildcards: HashMap<&'a str, Vec<&'a ImportLine>>,
}

impl<'a> Sight<'a> {
    /// Takes the imports of a file.
    pub(super) fn of(file: &'a ListedFile) -> Self {
        let mut sight = Self::default();
        for import in &file.imports {
            let within = import.within.as_str();
            sight.modules.extend(within.split("::").filter(|part| !part.is_empty()));
            let last = import.raw.rsplit("::").next().unwrap_or_default();
            let name = if import.known_as.is_empty() { last } else { &import.known_as };
            let list = match import.form {
                ImportForm::Part => {
                    sight.parts.insert(last);
                    continue;
                }
                ImportForm::Use if last == "*" => sight.wildcards.entry(within).or_default(),
                ImportForm::Use if split(&import.raw) != [name] => sight.names.entry((within, name)).or_default(),
                ImportForm::Use | ImportForm::Package | ImportForm::Inline | ImportForm::Computed => continue,
            };
            if list.len() < NAMESAKES {
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
}
