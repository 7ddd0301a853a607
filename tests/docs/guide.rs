//! `docs/writing-policies.md` is walked from its first block to its last, in one repository, as a reader does.

use std::fs;
use std::path::Path;
use std::process::Command;

use portcullis::configuration::Configuration;
use portcullis::policies::packs;

use super::{Block, DOCUMENTS, blocks, checked, file_of, root};

const GUIDE: &str = "docs/writing-policies.md";

/// The languages that a fenced block may have, over all documents.
const LANGUAGES: &[&str] = &["json", "markdown", "python", "rego", "sh", "text", "yaml"];

/// Runs the lines of a block one after the other, standard error behind standard output; a failure ends them.
fn walk(folder: &Path, text: &str) -> (String, i32) {
    let binary = Path::new(env!("CARGO_BIN_EXE_portcullis")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(binary.to_owned()).chain(std::env::split_paths(&path))).unwrap();
    let mut command = Command::new("sh");
    command.current_dir(folder).env_clear().env("PATH", path).env("HOME", folder.parent().unwrap());
    command.env("GIT_CONFIG_NOSYSTEM", "1").args(["-e", "-c", &format!("exec 2>&1\n{text}")]);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.com");
        command.env(format!("GIT_{who}_DATE"), "2026-11-01T12:00:00Z");
    }
    let output = command.output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

/// Says whether lines are those of a pattern; a line `...` stands for any number of lines, and `...` in a line for any
/// text.
fn fits(pattern: &[&str], lines: &[&str]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, more)| line_fits(first, line) && fits(rest, more))
        }
    }
}

fn line_fits(pattern: &str, line: &str) -> bool {
    let (line, parts) = (line.trim_end(), pattern.trim_end().split("...").collect::<Vec<_>>());
    let Some(mut rest) = line.strip_prefix(parts[0]) else { return false };
    let Some((last, middle)) = parts[1..].split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn write(folder: &Path, name: &str, block: &Block) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    // The line with the name is the document's, not the file's.
    let text = block.text.split_once('\n').unwrap().1;
    let text = if block.language == "rego" { &block.text } else { text };
    fs::write(path, text).unwrap();
}

fn reasons(text: &str) -> Vec<String> {
    let document = checked(&[
        (".portcullis.yaml", "version: 1\npacks: []\npolicies: [policies]\n"),
        ("policies/own.rego", text),
        ("a.py", "x = 1\n"),
    ]);
    let reasons = document["completeness"]["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_block_of_the_guide_does_what_the_guide_says() {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("shop");
    fs::create_dir(&folder).unwrap();
    let (mut said, mut ran): (Option<(String, String)>, usize) = (None, 0);
    for block in blocks(GUIDE) {
        let words: Vec<&str> = block.language.split(' ').collect();
        let output = said.take();
        match words.as_slice() {
            ["sh"] => {
                let (text, code) = walk(&folder, &block.text);
                assert!(code == 0, "{}\n{text}", block.place);
                said = Some((block.place.clone(), text));
                ran += 1;
            }
            ["text"] => {
                let (place, output) = output.unwrap_or_else(|| panic!("{}: no command above it", block.place));
                let (pattern, lines): (Vec<&str>, Vec<&str>) = (block.text.lines().collect(), output.lines().collect());
                assert!(fits(&pattern, &lines), "{place} says\n{output}\nand not\n{}", block.text);
            }
            ["rego", "refused", code] => {
                let reasons = reasons(&block.text);
                assert!(reasons.iter().any(|reason| reason == code), "{}: {reasons:?}", block.place);
            }
            ["rego" | "yaml" | "python"] if file_of(&block).is_some() => {
                write(&folder, file_of(&block).unwrap(), &block);
            }
            ["rego"] => assert_eq!(reasons(&block.text), Vec::<String>::new(), "{}", block.place),
            ["json"] => drop(serde_json::from_str::<serde_json::Value>(&block.text).unwrap()),
            ["yaml"] => {}
            other => panic!("{}: nobody knows how to try {other:?}", block.place),
        }
        if words == ["yaml"] {
            let known: Vec<&str> = packs::names().collect();
            let read = Configuration::read(block.text.as_bytes(), ".portcullis.yaml", &known);
            assert!(read.is_ok(), "{}: {read:?}", block.place);
        }
    }
    assert!(ran >= 7, "{ran}");
}

#[test]
fn every_block_of_every_document_has_a_known_language() {
    for document in DOCUMENTS.iter().chain(&[GUIDE, "docs/rules.md", "docs/specification.md", "CONTRIBUTING.md"]) {
        for block in blocks(document) {
            let language = block.language.split(' ').next().unwrap_or_default();
            assert!(LANGUAGES.contains(&language), "{}: `{}`", block.place, block.language);
        }
    }
}

#[test]
fn a_pattern_of_output_leaves_out_only_what_it_says() {
    assert!(
        fits(&["a", "...", "c"], &["a", "b", "c"]) && fits(&["..."], &[]) && fits(&["a ... c, ..."], &["a b c, d"])
    );
    assert!(!fits(&["a", "c"], &["a", "b", "c"]) && !fits(&["a", "..."], &["b"]) && !fits(&["a ... c"], &["a b d"]));
}

#[test]
fn the_guide_is_found_from_the_first_page() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("docs/writing-policies.md") && readme.contains("docs/rules.md"));
}
