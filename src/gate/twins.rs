//! New blocks of code -> the same block somewhere else: in the change, or in a file beside it.
//!
//! Owns which files are looked through: those of the change, and the unchanged ones of the same language in the folders of
//! those that bring blocks, up to `twin-bytes`. What could not be looked through is no reason: nothing but advice hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{ChangedFile, EntryKind, Hunk, Reader, list_folder};
use crate::facts::{FileFacts, LEAST_LINES, TwinFile, language_of, may_take_blocks, source_text, twins};
use crate::gate::reach::Ground;
use crate::policies::input::{FileClass, InputDocument};

/// Fills `files[].twins`; `hunks` are the changed lines by path.
pub(super) fn find(input: &mut InputDocument, hunks: &BTreeMap<String, Vec<Hunk>>, ground: &Ground<'_>) {
    let judged: BTreeMap<&str, &str> = input
        .files
        .iter()
        .filter(|file| file.class == FileClass::Source && file.language != "unknown" && !file.binary)
        .map(|file| (file.path.as_str(), file.language.as_str()))
        .collect();
    let brings = |path: &str| hunks.get(path).is_some_and(|hunks| hunks.iter().any(is_long));
    // Nothing is compared with itself: a survey lists every file of the commit as new.
    if ground.change.merge_base == ground.change.head || !judged.keys().any(|path| brings(path)) {
        return;
    }
    let reader = ground.repository.reader();
    let files = ground.change.files.iter().filter(|file| judged.contains_key(file.path.as_str()));
    let mut looked: Vec<TwinFile> =
        files.filter_map(|file| changed(file, hunks.get(&file.path)?, ground, &reader)).collect();
    looked.sort_by(|a, b| a.path().cmp(b.path()));
    looked.extend(beside(&looked, &judged, ground, &reader));
    let mut found: BTreeMap<String, Vec<_>> =
        looked.iter().map(|file| file.path().to_owned()).zip(twins(&looked)).collect();
    for file in &mut input.files {
        file.twins = found.remove(&file.path).unwrap_or_default();
    }
}

/// Returns the changed lines of the files that were read.
pub(super) fn hunks_of(facts: &BTreeMap<String, FileFacts>) -> BTreeMap<String, Vec<Hunk>> {
    facts.iter().map(|(path, facts)| (path.clone(), facts.hunks.clone())).collect()
}

fn is_long(hunk: &Hunk) -> bool {
    hunk.new_end.saturating_sub(hunk.new_start) as usize >= LEAST_LINES
}

fn changed(file: &ChangedFile, hunks: &[Hunk], ground: &Ground<'_>, reader: &Reader) -> Option<TwinFile> {
    let text = |side: &Option<crate::change::Side>| {
        let plain = side.as_ref().filter(|side| matches!(side.kind, EntryKind::File | EntryKind::Executable));
        let Some(side) = plain else { return Some(String::new()) };
        let bytes = ground.change.blob(reader, &side.id, ground.limits).ok()?;
        (bytes.len() as u64 <= ground.limits.file_bytes).then(|| source_text(&bytes))
    };
    let base = if may_take_blocks(hunks) { text(&file.old)? } else { String::new() };
    Some(TwinFile::changed(&file.path, &base, &text(&file.new)?, hunks))
}

/// Reads the unchanged files beside those that bring blocks, in the order of their paths, while there is room.
fn beside(looked: &[TwinFile], judged: &BTreeMap<&str, &str>, ground: &Ground<'_>, reader: &Reader) -> Vec<TwinFile> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in looked.iter().filter(|file| file.has_blocks()) {
        let folder = file.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(language) = judged.get(file.path()) {
            folders.entry(folder).or_default().insert(language);
        }
    }
    let touched: BTreeSet<&str> =
        ground.change.files.iter().flat_map(|file| [file.path.as_str(), file.old_path.as_str()]).collect();
    let mut room = ground.limits.twin_bytes;
    let mut found = Vec::new();
    for (folder, languages) in folders {
        let entries = list_folder(ground.repository, &ground.change.merge_base, folder, ground.limits);
        for entry in entries.unwrap_or_default().files {
            let path = entry.path.as_str();
            let file = matches!(entry.kind, EntryKind::File | EntryKind::Executable) && !touched.contains(path);
            let alike = || language_of(path, &[]).is_some_and(|language| languages.contains(language));
            if !file || !alike() || ground.classifier.classify(path) != FileClass::Source {
                continue;
            }
            let size = reader.blob_size(&entry.id).unwrap_or(u64::MAX);
            let Some(left) = room.checked_sub(size) else { continue };
            if let Ok(bytes) = reader.blob(&entry.id, ground.limits) {
                room = left;
                found.push(TwinFile::beside(path, &source_text(&bytes)));
            }
        }
    }
    found
}
