//! Folders that files add to `sys.path`: names of theirs may begin there.
//!
//! Owns who sees such a folder: the file itself, and where it is one that runs before its neighbours (`__init__.py`,
//! `conftest.py`) all files of its folder and below. What is added elsewhere in the program is not known here.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::{Importer, SideFiles, folder_of, follow, upwards};
use crate::facts::ImportForm;

/// Folders of one file that are looked at.
const MOST: usize = 50;

/// Files that run before those beside and below them.
const FIRST: &[&str] = &["__init__.py", "__main__.py", "conftest.py", "sitecustomize.py"];

/// The folders of one side.
#[derive(Default)]
pub(super) struct Added {
    /// By path of the file.
    own: BTreeMap<String, BTreeSet<String>>,
    /// By folder.
    shared: BTreeMap<String, BTreeSet<String>>,
}

impl Added {
    /// Reads what all files add; `holding` are the folders with Python files in or below them.
    pub(super) fn of(files: &SideFiles<'_>, holding: &HashSet<&str>) -> Self {
        let mut added = Self::default();
        for (_, path, file) in files.all() {
            let parts = file.into_iter().flat_map(|file| &file.imports);
            let places = parts.filter(|import| import.form == ImportForm::Part && import.raw == "sys.path");
            let mut folders = BTreeSet::new();
            for place in places.take(MOST) {
                // From the file's own folder, or from where the program was started: any folder above.
                let from = usize::from(place.at.starts_with("./") || place.at == ".");
                let above = if from == 1 { 1 } else { usize::MAX };
                let starts = upwards(folder_of(path)).take(above).take_while(|_| files.spend(1));
                let found = starts.filter_map(|start| follow(start, &place.at));
                folders.extend(found.filter(|folder| folder.is_empty() || holding.contains(folder.as_str())));
            }
            if folders.is_empty() {
                continue;
            }
            let name = path.rsplit('/').next().unwrap_or(path);
            if FIRST.contains(&name) {
                added.shared.entry(folder_of(path).to_owned()).or_default().extend(folders.iter().cloned());
            }
            added.own.insert(path.to_owned(), folders);
        }
        added
    }

    /// Returns the folders that a file sees, sorted.
    pub(super) fn of_file(&self, from: Importer<'_>) -> BTreeSet<String> {
        if self.own.is_empty() {
            return BTreeSet::new();
        }
        let shared = upwards(from.folder()).filter_map(|folder| self.shared.get(folder));
        let all = shared.chain(self.own.get(&from.file.path)).flatten().take(MOST);
        all.cloned().collect()
    }
}
