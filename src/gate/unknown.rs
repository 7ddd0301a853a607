//! New imports -> which of them name what exists nowhere in head's tree.
//!
//! Owns how head's tree is read for that: base's folders with the change laid over them, each folder and file once, up to
//! `twin-bytes` of text. What could not be read leaves the question open, and nothing is said.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{ChangedFile, EntryKind, Reader, list_folder};
use crate::facts::{FactChange, source_text};
use crate::gate::reach::Ground;
use crate::impact::unknown::{Importing, Tree, unknown_imports};
use crate::policies::input::{FileClass, InputDocument};

/// Fills `files[].unknown`.
pub(super) fn find(input: &mut InputDocument, ground: &Ground<'_>) {
    // Nothing is compared with itself: a survey lists every file of the commit as new.
    if ground.change.merge_base == ground.change.head {
        return;
    }
    let mut head = Head::new(ground);
    for file in &mut input.files {
        let judged = matches!(file.class, FileClass::Source | FileClass::Test)
            && matches!(file.language.as_str(), "javascript" | "python" | "tsx" | "typescript")
            && file.imports.iter().any(|import| import.change == FactChange::Added);
        if !judged {
            continue;
        }
        if let Some(text) = head.text(&file.path) {
            let importing =
                Importing { path: &file.path, language: &file.language, text: &text, imports: &file.imports };
            file.unknown = unknown_imports(importing, &mut head);
        }
    }
}

/// Head's tree: base's, with the change laid over it.
struct Head<'a> {
    ground: &'a Ground<'a>,
    reader: Reader,
    changed: BTreeMap<&'a str, &'a ChangedFile>,
    /// By folder its entries and, of files, their objects.
    folders: BTreeMap<String, BTreeMap<String, String>>,
    texts: BTreeMap<String, Option<String>>,
    room: u64,
}

impl<'a> Head<'a> {
    fn new(ground: &'a Ground<'a>) -> Self {
        let changed = ground.change.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let (folders, texts) = (BTreeMap::new(), BTreeMap::new());
        let room = ground.limits.twin_bytes;
        Self { ground, reader: ground.repository.reader(), changed, folders, texts, room }
    }

    fn entries(&mut self, folder: &str) -> &BTreeMap<String, String> {
        if !self.folders.contains_key(folder) {
            let read = self.read_folder(folder);
            self.folders.insert(folder.to_owned(), read);
        }
        self.folders.entry(folder.to_owned()).or_default()
    }

    fn read_folder(&self, folder: &str) -> BTreeMap<String, String> {
        let Ground { change, repository, limits, .. } = *self.ground;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let listed = list_folder(repository, &change.merge_base, folder, limits).unwrap_or_default();
        let own = |entry: &crate::change::TreeEntry| entry.path.get(prefix.len()..).unwrap_or_default().to_owned();
        let mut found: BTreeMap<String, String> =
            listed.files.iter().map(|entry| (own(entry), entry.id.clone())).collect();
        found.extend(listed.folders.iter().map(|name| (format!("{name}/"), String::new())));
        for file in &change.files {
            if file.old_path != file.path || file.new.is_none() {
                // What remains of a folder that lost a file is not asked: a name too many says nothing wrong.
                if let Some(name) = file.old_path.strip_prefix(&prefix).filter(|_| file.old.is_some()) {
                    found.remove(name);
                }
            }
            if let Some(rest) = file.path.strip_prefix(&prefix).filter(|_| file.new.is_some()) {
                match rest.split_once('/') {
                    Some((name, _)) => drop(found.insert(format!("{name}/"), String::new())),
                    None => drop(found.insert(rest.to_owned(), String::new())),
                }
            }
        }
        found
    }

    fn read_text(&mut self, path: &str) -> Option<String> {
        let id = match self.changed.get(path) {
            Some(file) => {
                let plain = |kind| matches!(kind, EntryKind::File | EntryKind::Executable);
                file.new.as_ref().filter(|side| plain(side.kind))?.id.clone()
            }
            None => {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                self.entries(folder).get(name).cloned().filter(|id| !id.is_empty())?
            }
        };
        let changed = self.changed.contains_key(path);
        // The blob of a work tree is no object of the repository.
        let bytes = if changed {
            self.ground.change.blob(&self.reader, &id, self.ground.limits).ok()?
        } else {
            self.room = self.room.checked_sub(self.reader.blob_size(&id).ok()?)?;
            self.reader.blob(&id, self.ground.limits).ok()?
        };
        Some(source_text(&bytes))
    }
}

impl Tree for Head<'_> {
    fn folder(&mut self, folder: &str) -> BTreeSet<String> {
        self.entries(folder).keys().cloned().collect()
    }

    fn text(&mut self, path: &str) -> Option<String> {
        if !self.texts.contains_key(path) {
            let text = self.read_text(path);
            self.texts.insert(path.to_owned(), text);
        }
        self.texts.get(path).cloned().flatten()
    }
}
