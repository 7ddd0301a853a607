//! The whole repository -> what every file of both sides imports, in the worker.
//!
//! Owns which files are read and what an unread one means: a reason, never a silent gap. The head side is the base
//! listing with the change laid over it, so it is the same for a range, the index and the work tree; what both sides
//! have is read once. Must be asked for: its cost grows with the repository, not with the change. Must not judge.

mod document;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Change, EntryKind, FileStatus, Reader, Repository, TreeEntry, list_commit};
use crate::completeness::Reason;
use crate::configuration::Classifier;
use crate::facts::{FileImports, family_of, language_of};
use crate::gate::progress::Progress;
use crate::gate::reading::worker_lost;
use crate::impact::graph::Renames;
use crate::impact::listing::{ImportListing, ListedFile, ListedLink, ListedManifest, ListedPath, Presence, SharedText};
use crate::impact::resolve::{folder_of, follow, join, manifest_family, may_be_named, upwards};
use crate::limits::Limits;
use crate::policies::input::FileClass;
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Blob, Death, ImportsTask, Task};

pub use document::{resolve_into, sort_into};

/// Bytes of a file without extension that tell its language.
const FIRST_LINE: usize = 200;

/// How far files of Rust without its ending may name one another.
const ROUNDS: usize = 10;

/// Bytes of a link's target that are read.
const LINK: usize = 4096;

/// Reads what every file of both sides imports, biggest first.
#[must_use]
pub fn read_imports(
    change: &Change,
    repository: &Repository,
    classifier: &Classifier,
    limits: &Limits,
    supervisor: &mut Supervisor,
    progress: &dyn Progress,
) -> ImportListing {
    // Nothing is compared with itself: a survey lists every file of the commit as new.
    let survey = change.merge_base == change.head && !change.files.is_empty();
    let base = match if survey { Ok(Vec::new()) } else { list_commit(repository, &change.merge_base, limits) } {
        Ok(base) => base,
        Err(reason) => return ImportListing { reasons: vec![reason], ..ImportListing::default() },
    };
    let reader = repository.reader();
    let listing = ImportListing { steps: limits.resolve_steps, ..ImportListing::default() };
    let (texts, rest) = Default::default();
    let mut reading = Reading { change, classifier, limits, reader: &reader, listing, texts, rest };
    let (rows, links) = overlay(base, change);
    reading.take_links(links);
    let rows = reading.sort_out(rows);
    let found = reading.run(&rows, supervisor, progress);
    reading.take(rows, found);
    for _ in 0..ROUNDS {
        let named = reading.named_as_rust();
        if named.is_empty() {
            break;
        }
        let found = reading.run(&named, supervisor, progress);
        reading.take(named, found);
    }
    let mut listing = reading.listing;
    listing.reasons.sort();
    listing.reasons.dedup();
    listing
}

/// Says whether the change can give the graph another edge: it imports something, or files with imports come or go.
#[must_use]
pub fn can_change(change: &Change, imports: impl Fn(&str) -> bool) -> bool {
    let is_code =
        |path: &str| language_of(path, b"").is_some() || manifest_family(path).is_some() || has_no_ending(path);
    change.files.iter().any(|file| match file.status {
        FileStatus::Modified => manifest_family(&file.path).is_some() || imports(&file.path),
        FileStatus::Added | FileStatus::Deleted | FileStatus::Renamed | FileStatus::Typechanged => {
            is_code(&file.path) || is_code(&file.old_path)
        }
    })
}

/// Returns the old path of each file that the change renamed, by its new one.
#[must_use]
pub fn renames(change: &Change) -> Renames {
    let renamed = change.files.iter().filter(|file| file.status == FileStatus::Renamed);
    renamed.map(|file| (file.path.clone(), file.old_path.clone())).collect()
}

/// A path on one side or both, with the object that it has there.
struct Row {
    path: String,
    on: Presence,
    id: String,
}

/// Lays the change over the base listing; returns files and links.
fn overlay(base: Vec<TreeEntry>, change: &Change) -> (Vec<Row>, Vec<Row>) {
    let mut sides: BTreeMap<String, (OneSide, OneSide)> = BTreeMap::new();
    for entry in base {
        sides.insert(entry.path, (Some((entry.kind, entry.id.clone())), Some((entry.kind, entry.id))));
    }
    for file in &change.files {
        if let Some(entry) = sides.get_mut(&file.old_path).filter(|_| file.old.is_some()) {
            entry.1 = None;
        }
    }
    for file in &change.files {
        if let Some(new) = &file.new {
            sides.entry(file.path.clone()).or_default().1 = Some((new.kind, new.id.clone()));
        }
    }
    let (mut files, mut links) = (Vec::with_capacity(sides.len()), Vec::new());
    for (path, (old, new)) in sides {
        push(&mut files, &path, &old, &new, EntryKind::is_file);
        push(&mut links, &path, &old, &new, |kind| kind == EntryKind::Symlink);
    }
    (files, links)
}

type OneSide = Option<(EntryKind, String)>;

/// Adds the sides that are of that kind: one row where both are the same.
fn push(rows: &mut Vec<Row>, path: &str, old: &OneSide, new: &OneSide, of: impl Fn(EntryKind) -> bool) {
    let id = |side: &OneSide| side.as_ref().filter(|(kind, _)| of(*kind)).map(|(_, id)| id.clone());
    let row = |on, id| Row { path: path.to_owned(), on, id };
    match (id(old), id(new)) {
        (Some(old), Some(new)) if old == new => rows.push(row(Presence::Both, old)),
        (old, new) => {
            rows.extend(old.map(|id| row(Presence::Base, id)));
            rows.extend(new.map(|id| row(Presence::Head, id)));
        }
    }
}

/// What a blob is read as; the same bytes in the same language have the same imports.
type Key = (String, &'static str);

struct Reading<'a> {
    change: &'a Change,
    classifier: &'a Classifier,
    limits: &'a Limits,
    reader: &'a Reader,
    listing: ImportListing,
    /// Texts of manifests by object.
    texts: BTreeMap<String, SharedText>,
    /// Files of no known language by path, where Rust may take them for code.
    rest: BTreeMap<String, Vec<Row>>,
}

/// A file that is read for its imports.
struct Wanted {
    row: Row,
    key: Key,
}

impl Reading<'_> {
    /// Sorts rows into files with imports, manifests and others; returns the files.
    fn sort_out(&mut self, rows: Vec<Row>) -> Vec<Wanted> {
        let (mut wanted, mut manifests, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            match self.language(&row) {
                Ok(Some(language)) => wanted.push(Wanted { key: (row.id.clone(), language), row }),
                Ok(None) if manifest_family(&row.path).is_some() && !is_installed(&row.path) => manifests.push(row),
                Ok(None) => others.push(row),
                Err(reason) => self.listing.reasons.push(reason),
            }
        }
        let families: BTreeSet<&str> = wanted.iter().filter_map(|wanted| family_of(wanted.key.1)).collect();
        for row in manifests {
            self.take_manifest(&row, &families);
            others.push(row);
        }
        let named = |row: &&Row| families.iter().any(|family| may_be_named(family, &row.path));
        let listed = others.iter().filter(named).map(|row| ListedPath { path: row.path.clone(), on: row.on });
        self.listing.others = listed.collect();
        if families.contains("rust") {
            for row in others {
                self.rest.entry(row.path.clone()).or_default().push(row);
            }
        }
        self.listing.others.sort();
        self.listing.manifests.sort();
        wanted
    }

    /// Reads where links lead.
    fn take_links(&mut self, links: Vec<Row>) {
        for row in links {
            match self.change.blob(self.reader, &row.id, self.limits) {
                Ok(bytes) => {
                    let target =
                        String::from_utf8_lossy(bytes.get(..bytes.len().min(LINK)).unwrap_or_default()).into_owned();
                    let to = place(folder_of(&row.path), &target);
                    self.listing.links.push(ListedLink { path: row.path, on: row.on, to });
                }
                Err(error) => self.listing.reasons.push(error.reason(&row.path)),
            }
        }
        self.listing.links.sort();
    }

    /// Returns the language of a file; one without ending is told by its first line.
    fn language(&self, row: &Row) -> Result<Option<&'static str>, Reason> {
        if let Some(language) = language_of(&row.path, b"") {
            return Ok(Some(language));
        }
        if !has_no_ending(&row.path) {
            return Ok(None);
        }
        match self.change.blob(self.reader, &row.id, self.limits) {
            Ok(bytes) => Ok(language_of(&row.path, bytes.get(..bytes.len().min(FIRST_LINE)).unwrap_or_default())),
            Err(error) => Err(error.reason(&row.path)),
        }
    }

    fn take_manifest(&mut self, row: &Row, families: &BTreeSet<&str>) {
        if !manifest_family(&row.path).is_some_and(|family| families.contains(family)) {
            return;
        }
        if let Some(text) = self.texts.get(&row.id) {
            self.listing.manifests.push(ListedManifest { path: row.path.clone(), on: row.on, text: text.clone() });
            return;
        }
        match self.change.blob(self.reader, &row.id, self.limits) {
            Ok(bytes) if bytes.len() as u64 > self.limits.configuration_bytes => {
                let message = format!("{} bytes (limit configuration-bytes)", bytes.len());
                let remedy = "split the file, or raise the limit";
                self.listing.reasons.push(Reason::new("manifest-unreadable", message, remedy).at(row.path.clone()));
            }
            Ok(bytes) => {
                let text: SharedText = String::from_utf8_lossy(&bytes).into_owned().into();
                self.texts.insert(row.id.clone(), text.clone());
                self.listing.manifests.push(ListedManifest { path: row.path.clone(), on: row.on, text });
            }
            Err(error) => self.listing.reasons.push(error.reason(&row.path)),
        }
    }

    /// Reads each distinct file once, biggest first.
    fn run(
        &mut self,
        wanted: &[Wanted],
        supervisor: &mut Supervisor,
        progress: &dyn Progress,
    ) -> BTreeMap<Key, Result<FileImports, Death>> {
        let mut first: BTreeMap<&Key, &Wanted> = BTreeMap::new();
        for wanted in wanted {
            first.entry(&wanted.key).or_insert(wanted);
        }
        let size = |wanted: &Wanted| self.reader.blob_size(&wanted.key.0).unwrap_or(0);
        let mut files: Vec<(u64, &Wanted)> = first.into_values().map(|wanted| (size(wanted), wanted)).collect();
        let bytes = files.iter().fold(0_u64, |sum, (size, _)| sum.saturating_add(*size));
        if let Some(reason) = over(files.len() as u64, bytes, self.limits) {
            self.listing.reasons.push(reason);
            return BTreeMap::new();
        }
        files.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.row.path.cmp(&b.1.row.path)));
        let unreadable = RefCell::new(Vec::new());
        let task = |wanted: &Wanted| match self.change.blob(self.reader, &wanted.key.0, self.limits) {
            Ok(bytes) => {
                // The worker tells the language by the name.
                let plain = wanted.key.1 != "rust" || wanted.row.path.ends_with(".rs");
                let path = if plain { wanted.row.path.clone() } else { format!("{}.rs", wanted.row.path) };
                Some(Task::Imports(ImportsTask { path, blob: Blob { bytes } }))
            }
            Err(error) => {
                unreadable.borrow_mut().push(error.reason(&wanted.row.path));
                None
            }
        };
        let tasks = (0_u64..).zip(&files).filter_map(|(id, (_, wanted))| Some((id, task(wanted)?)));
        let mut found: BTreeMap<Key, Result<FileImports, Death>> = BTreeMap::new();
        progress.begin(files.len());
        let ended = supervisor.run(tasks, |id, answer| {
            progress.step();
            let wanted = usize::try_from(id).ok().and_then(|id| files.get(id));
            match (wanted, answer) {
                (Some((_, wanted)), Ok(Answer::Imports(imports))) => found.insert(wanted.key.clone(), Ok(*imports)),
                (Some((_, wanted)), Err(death)) => found.insert(wanted.key.clone(), Err(death)),
                _ => None,
            };
        });
        progress.end();
        self.listing.reasons.extend(unreadable.into_inner());
        if let Err(error) = ended {
            self.listing.reasons.push(worker_lost(&error.to_string()));
        }
        found
    }

    /// Takes the files that `#[path]` and `include!` of Rust name although they are not called like Rust.
    fn named_as_rust(&mut self) -> Vec<Wanted> {
        let mut found = Vec::new();
        for file in self.listing.files.iter().filter(|file| file.language == "rust") {
            for import in file.imports.iter().filter(|import| !import.at.is_empty() && !import.at.ends_with(".rs")) {
                // Which of the folders is meant is for who resolves it to say.
                let modules: String = import.within.split("::").map(|part| format!("/{part}")).collect();
                let stem = file.path.strip_suffix(".rs").unwrap_or(&file.path);
                let own = folder_of(&file.path);
                let inner = [format!("{own}{modules}"), format!("{stem}{modules}")];
                // A path from the folder of the manifest begins with `/`.
                let around = upwards(own).take(if import.at.starts_with('/') { usize::MAX } else { 1 });
                let folders = around.chain(inner.iter().map(String::as_str));
                for path in folders.filter_map(|folder| follow(folder, &import.at)) {
                    found.extend(self.rest.remove(&path).into_iter().flatten());
                }
            }
        }
        found.into_iter().map(|row| Wanted { key: (row.id.clone(), "rust"), row }).collect()
    }

    /// Puts the answers beside the files.
    fn take(&mut self, wanted: Vec<Wanted>, found: BTreeMap<Key, Result<FileImports, Death>>) {
        let lost = !self.listing.reasons.is_empty() && found.is_empty();
        for Wanted { row, key } in wanted {
            let read = match found.get(&key) {
                Some(Ok(read)) => read.clone(),
                Some(Err(_)) | None => FileImports::default(),
            };
            let fault = match found.get(&key) {
                Some(Ok(read)) => read.fault.clone(),
                Some(Err(death)) => Some(words(*death)),
                None if lost => None,
                None => Some(("file-not-read".to_owned(), "the worker gave no imports for this file".to_owned())),
            };
            // What base declares generated or vendored is not asked what it imports.
            let excused = matches!(self.classifier.classify(&row.path), FileClass::Generated | FileClass::Vendored);
            if let Some((code, message)) = fault.filter(|_| !excused) {
                let remedy = "split the file, raise the limit, or declare it under `paths: {generated: [...]}` in the \
                              base's .portcullis.yaml";
                self.listing.reasons.push(Reason::new(&code, message, remedy).at(row.path.clone()));
            }
            self.listing.files.push(ListedFile {
                path: row.path,
                on: row.on,
                language: key.1.to_owned(),
                package: read.package,
                imports: read.imports,
            });
        }
        self.listing.files.sort();
    }
}

/// Returns where a link in a folder leads, as [`ListedLink::to`] has it.
fn place(folder: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    if follow(folder, target).is_some() {
        return join(folder, target);
    }
    // It leaves the repository, and may come back by the name of the checkout's folder.
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

fn over(files: u64, bytes: u64, limits: &Limits) -> Option<Reason> {
    let (what, name) = match (files > limits.graph_files, bytes > limits.graph_bytes) {
        (true, _) => (format!("{files} files"), "graph-files"),
        (false, true) => (format!("{bytes} bytes"), "graph-bytes"),
        (false, false) => return None,
    };
    let message = format!("the repository has {what} with imports, over the limit `{name}`");
    Some(Reason::new("graph-too-large", message, format!("raise `limits: {{{name}: N}}`")))
}

fn words(death: Death) -> (String, String) {
    let (code, message) = match death {
        Death::Crash => ("file-crash", "reading the file ended the worker process"),
        Death::Timeout => ("file-timeout", "reading the file did not end in time"),
        Death::Memory => ("file-memory", "reading the file took too much memory"),
    };
    (code.to_owned(), message.to_owned())
}

fn has_no_ending(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or(path).trim_start_matches('.').contains('.')
}

/// Manifests of installed packages say nothing about the repository's own.
fn is_installed(path: &str) -> bool {
    path.starts_with("node_modules/") || path.contains("/node_modules/")
}
