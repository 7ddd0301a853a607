//! Specifications that are wrong, as data: `tests/cases/specification/<name>/`.
//!
//! `spec/` is a whole specification; `change/` is laid over the worked example, where an empty file removes one.
//! `expected.txt` holds the faults as `file:line:column: title`, each with its help below. `PORTCULLIS_BLESS=1` writes
//! the expected files anew; read the difference.

use std::fs;
use std::path::PathBuf;

use portcullis::specification::files::SpecificationFiles;

use crate::loading::{everything, example, folder, root};

fn cases() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("tests/cases/specification")).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn files_of(case: &std::path::Path) -> SpecificationFiles {
    let whole = case.join("spec");
    if whole.is_dir() {
        return folder(&whole);
    }
    let mut files = example(&[]);
    for (path, file) in folder(&case.join("change")).files {
        if file.0.is_empty() {
            files.files.remove(&path);
        } else {
            files.files.insert(path, file);
        }
    }
    files
}

fn shown(files: &SpecificationFiles) -> String {
    let mut text = String::new();
    for error in everything(files) {
        let label = &error.frame.as_ref().unwrap().label;
        text.push_str(&format!("{error}\n"));
        for (name, words) in [("label", label), ("help", &error.help)] {
            if !words.is_empty() {
                text.push_str(&format!("    {name}: {words}\n"));
            }
        }
    }
    text
}

#[test]
fn every_case_has_the_expected_faults() {
    let bless = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let cases = cases();
    assert!(bless || cases.len() >= 25, "cases are missing");
    let mut wrong = Vec::new();
    for case in cases {
        let actual = shown(&files_of(&case));
        let expected = case.join("expected.txt");
        if bless {
            fs::write(&expected, &actual).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != actual {
            wrong.push(format!("{}:\n{actual}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_planted_faults_of_one_tree_are_found_in_one_run() {
    let errors = everything(&files_of(&root().join("tests/cases/specification/planted-faults")));
    assert!(errors.len() >= 40, "{}", errors.len());
    let places: Vec<_> = errors
        .iter()
        .map(|error| {
            let frame = error.frame.as_ref().unwrap();
            (frame.file.clone(), frame.place)
        })
        .collect();
    assert!(places.is_sorted(), "sorted by file and place");
}
