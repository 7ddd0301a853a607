//! Reading a specification: the worked example, and every fault at its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::diagnostic::{Colour, UsageError, render};
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::{Specification, load};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a folder as the files of a specification.
pub(crate) fn folder(root: &Path) -> SpecificationFiles {
    let mut files = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, SpecificationFile(fs::read(&path).unwrap()));
            }
        }
    }
    SpecificationFiles { origin: "here".into(), files, ..SpecificationFiles::default() }
}

/// Returns the worked example with some files replaced; an empty text removes the file.
pub(crate) fn example(changes: &[(&str, &str)]) -> SpecificationFiles {
    let mut files = folder(&root().join("fixtures/spec"));
    for (path, text) in changes {
        files.files.remove(*path);
        if !text.is_empty() {
            files.files.insert((*path).to_owned(), SpecificationFile(text.as_bytes().to_vec()));
        }
    }
    files
}

/// Returns the worked example with one text replaced in one file.
pub(crate) fn edited(path: &str, from: &str, to: &str) -> SpecificationFiles {
    let mut files = example(&[]);
    let text = String::from_utf8(files.files[path].0.clone()).unwrap();
    assert!(text.contains(from), "{path} has no `{from}`");
    files.files.insert(path.to_owned(), SpecificationFile(text.replacen(from, to, 1).into_bytes()));
    files
}

/// Returns each fault as `file:line:column: title`.
pub(crate) fn faults(files: &SpecificationFiles) -> Vec<String> {
    load(files).1.iter().map(UsageError::to_string).collect()
}

#[test]
fn the_worked_example_loads_without_a_fault() {
    let (specification, errors) = load(&example(&[]));
    assert!(errors.is_empty(), "{}", render(&errors, Colour::Never));
    let Specification { teams, systems, rules, contracts, agents, prompts, decisions, waivers, .. } = &specification;
    let counts = [teams.len(), systems.len(), rules.len(), contracts.len(), agents.len(), prompts.len()];
    assert_eq!(counts, [4, 3, 12, 5, 1, 1]);
    assert_eq!((decisions.len(), waivers.len()), (3, 1));
    assert_eq!(specification.policies.len(), 2);
}
