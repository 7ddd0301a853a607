//! Files -> specification, with every fault of every file in one run.
//!
//! Owns the order of reading. References are followed at the end, in `references`. Must not know what any file holds.

use std::collections::BTreeMap;

use super::files::{SpecificationFile, SpecificationFiles};
use super::layout::{self, FileKind};
use super::page::{Page, Subject};
use super::{Specification, agent, contract, decision, front_matter, manifest, prompt, references, rule};
use super::{lock, system, team, waiver};
use crate::diagnostic::{Frame, UsageError};
use crate::yaml::{self, Node, Place};

/// Kinds of files in the order of reading: what is looked up while reading comes first.
const ORDER: &[FileKind] = &[
    FileKind::Manifest,
    FileKind::Teams,
    FileKind::Systems,
    FileKind::Prompt,
    FileKind::Rules,
    FileKind::Decision,
    FileKind::Contract,
    FileKind::Agent,
    FileKind::Waivers,
    FileKind::Policy,
    FileKind::Lock,
];

/// Reads a whole specification: what could be read, and all faults of all files, sorted by file and place.
///
/// With any fault the specification is not to be used; it is returned for commands that show what there is.
#[must_use]
pub fn load(files: &SpecificationFiles) -> (Specification, Vec<UsageError>) {
    let folder = files.folder.clone();
    let mut specification = Specification { texts: texts(files), folder, ..Specification::default() };
    let shown: BTreeMap<&str, String> = files.files.keys().map(|path| (path.as_str(), files.shown(path))).collect();
    let mut stray = BTreeMap::new();
    let mut sorted: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let paths: Vec<&str> = files.files.keys().map(String::as_str).collect();
    for path in &paths {
        match layout::kind_of(path) {
            Ok(kind) => {
                let rank = ORDER.iter().position(|other| *other == kind).unwrap_or(ORDER.len());
                sorted.entry(rank).or_default().push(path);
            }
            Err(found) => drop(stray.insert(found.path, found.help)),
        }
    }
    let mut pages: Vec<Page<'_>> = Vec::new();
    let in_order = sorted.iter().filter_map(|(rank, paths)| Some((*ORDER.get(*rank)?, paths)));
    for (kind, path) in in_order.flat_map(|(kind, paths)| paths.iter().map(move |path| (kind, *path))) {
        let Some(SpecificationFile(bytes)) = files.files.get(path) else { continue };
        let name = shown.get(path).map_or(path, String::as_str);
        let mut page = Page::new(path, name, bytes);
        read(kind, &mut page, bytes, &paths, &mut specification);
        let foreign = kind == FileKind::Manifest && specification.manifest.schema != manifest::SCHEMA;
        pages.push(page);
        if foreign && !pages.iter().all(|page| page.faults.is_empty()) {
            // What another schema means cannot be told, so nothing else is said about its files.
            return (specification, pages.into_iter().flat_map(Page::into_errors).collect());
        }
    }
    references::follow(&mut pages, &specification);
    specification.remarks = pages.iter_mut().flat_map(Page::take_remarks).collect();
    specification.remarks.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
    let mut errors: Vec<UsageError> = pages.into_iter().flat_map(Page::into_errors).collect();
    errors.extend(missing(files, &specification));
    errors.extend(
        stray
            .into_iter()
            .map(|(path, help)| about_file(files, &path, format!("a specification has no `{path}`"), help)),
    );
    errors.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
    (specification, errors)
}

fn texts(files: &SpecificationFiles) -> BTreeMap<String, String> {
    let text = |(path, file): (&String, &SpecificationFile)| {
        Some((path.clone(), std::str::from_utf8(&file.0).ok()?.to_owned()))
    };
    files.files.iter().filter_map(text).collect()
}

fn read(kind: FileKind, page: &mut Page<'_>, bytes: &[u8], paths: &[&str], into: &mut Specification) {
    match kind {
        FileKind::Manifest => yaml_file(page, bytes, &[], into, manifest::read),
        FileKind::Teams => yaml_file(page, bytes, &[Subject::Team], into, team::read),
        FileKind::Systems => yaml_file(page, bytes, &[Subject::System], into, system::read),
        FileKind::Rules => yaml_file(page, bytes, &[Subject::Rule], into, rule::read),
        FileKind::Contract => yaml_file(page, bytes, &[Subject::Contract], into, |page, root, into| {
            contract::read(page, root, paths, into);
        }),
        FileKind::Agent => yaml_file(page, bytes, &[Subject::Agent], into, agent::read),
        FileKind::Waivers => yaml_file(page, bytes, &[Subject::Waiver], into, waiver::read),
        FileKind::Prompt => match front_matter::cut(bytes, page.file) {
            Ok(markdown) => prompt::read(page, &markdown, into),
            Err(fault) => page.stop(fault, &[Subject::Prompt]),
        },
        FileKind::Decision => match front_matter::cut(bytes, page.file) {
            Ok(markdown) => decision::read(page, &markdown, into),
            Err(fault) => page.stop(fault, &[Subject::Decision]),
        },
        FileKind::Policy => policy(page, bytes, into),
        FileKind::Lock => lock::check_prompts(page, bytes, into),
        FileKind::Other => {}
    }
}

fn yaml_file(
    page: &mut Page<'_>,
    bytes: &[u8],
    subjects: &[Subject],
    into: &mut Specification,
    read: impl FnOnce(&mut Page<'_>, &Node, &mut Specification),
) {
    match yaml::tree(bytes, page.file) {
        Ok(root) => read(page, &root, into),
        Err(fault) => page.stop(fault, subjects),
    }
}

/// The engine says what is wrong in a policy; here it must be text only.
fn policy(page: &mut Page<'_>, bytes: &[u8], into: &mut Specification) {
    match std::str::from_utf8(bytes) {
        Ok(text) => drop(into.policies.insert(page.file.to_owned(), text.to_owned())),
        Err(error) => {
            let place = Place::of(&String::from_utf8_lossy(bytes), error.valid_up_to(), 1);
            page.add(place, "the file is not UTF-8", "here", "Save the file as UTF-8.");
        }
    }
}

/// Says which files are missing; teams and systems only when something names one.
fn missing(files: &SpecificationFiles, specification: &Specification) -> Vec<UsageError> {
    let lacks = |path: &str| !files.files.contains_key(path);
    let mut errors = Vec::new();
    if lacks("portcullis-spec.yaml") {
        let help = "Begin it with `schema: 1`, `name:` and `version:`.".to_owned();
        let title = "the specification has no `portcullis-spec.yaml`".to_owned();
        errors.push(about_file(files, "portcullis-spec.yaml", title, help));
    }
    let needed = !specification.rules.is_empty() || !specification.systems.is_empty();
    for (path, needed) in [("teams.yaml", needed), ("systems.yaml", !specification.rules.is_empty())] {
        if needed && lacks(path) {
            let title = format!("the specification has no `{path}`, and rules name what it holds");
            errors.push(about_file(files, path, title, format!("Add `{path}`.")));
        }
    }
    errors
}

fn about_file(files: &SpecificationFiles, path: &str, title: String, help: String) -> UsageError {
    let place = Place { line: 1, column: 1, ..Place::default() };
    let frame = Frame { file: files.shown(path), text: "".into(), place, label: String::new() };
    UsageError { title, why: String::new(), frame: Some(frame), help }
}

fn place_of(error: &UsageError) -> (&str, Place) {
    error.frame.as_ref().map_or(("", Place::default()), |frame| (frame.file.as_str(), frame.place))
}
