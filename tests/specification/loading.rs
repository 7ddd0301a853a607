//! Reading a specification: the worked example, and every fault at its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::clock::Stopwatch;
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
/// Returns faults and remarks together, by file and place.
pub(crate) fn everything(files: &SpecificationFiles) -> Vec<UsageError> {
    let (specification, mut errors) = load(files);
    errors.extend(specification.remarks);
    errors.sort_by_key(|error| error.frame.as_ref().map(|frame| (frame.file.clone(), frame.place)));
    errors
}

pub(crate) fn faults(files: &SpecificationFiles) -> Vec<String> {
    everything(files).iter().map(UsageError::to_string).collect()
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

/// Returns the only fault of the worked example with one file replaced by these bytes.
fn only_fault(path: &str, bytes: &[u8]) -> String {
    let mut files = example(&[]);
    files.files.insert(path.to_owned(), SpecificationFile(bytes.to_vec()));
    let found = faults(&files);
    assert_eq!(found.len(), 1, "{path}: {found:?}");
    found[0].clone()
}

/// One file of each kind that is YAML or begins with it.
const ONE_OF_EACH: &[&str] = &[
    "portcullis-spec.yaml",
    "teams.yaml",
    "systems.yaml",
    "invariants/arch.yaml",
    "prohibited/patterns.yaml",
    "contracts/web-graph/contract.yaml",
    "agents/refactor-bot.yaml",
    "prompts/refactor.prompt.md",
    "decisions/0001-card-vault.md",
    "waivers/2026-q4.yaml",
];

#[test]
fn an_unreadable_file_of_any_kind_is_one_fault_that_names_it_rows_80_and_81() {
    let texts: [&[u8]; 6] =
        [b"", b"# a\n", b"\xEF\xBB\xBFid: 1", b"---\nid:\n\ta: 1\n---\n", b"id: \0\n", b"id: \xFF\n"];
    for path in ONE_OF_EACH {
        for bytes in texts {
            let fault = only_fault(path, bytes);
            assert!(fault.starts_with(&format!("{path}:")), "{fault}");
        }
    }
    assert_eq!(only_fault("policies/more.rego", b"package a\n\xFF"), "policies/more.rego:2:1: the file is not UTF-8");
}

#[test]
fn an_alias_bomb_is_refused_at_once_row_74() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let start = Stopwatch::start();
    assert!(only_fault("invariants/more.yaml", bomb.as_bytes()).contains("anchors"));
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn deep_nesting_is_refused_at_once_row_75() {
    let start = Stopwatch::start();
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        only_fault("invariants/more.yaml", format!("rules: {text}").as_bytes());
        only_fault("decisions/0009-deep.md", format!("---\nid: {text}\n---\n# Deep\n").as_bytes());
    }
    assert!(start.elapsed().as_secs() < 10);
}

#[test]
fn every_prefix_and_every_changed_byte_of_every_file_is_answered() {
    for path in ONE_OF_EACH {
        let mut files = example(&[]);
        let bytes = files.files[*path].0.clone();
        for at in (0..bytes.len()).step_by(29) {
            files.files.insert((*path).to_owned(), SpecificationFile(bytes[..at].to_vec()));
            drop(load(&files));
            let mut changed = bytes.clone();
            changed[at] = b":[{&\n\"-\xFF0"[at / 29 % 9];
            files.files.insert((*path).to_owned(), SpecificationFile(changed));
            for error in load(&files).1 {
                assert!(error.frame.is_some(), "{error}");
            }
        }
    }
}

#[test]
fn many_wrong_names_stay_cheap() {
    let teams: String =
        (0..9_000).map(|team| format!("- {{id: a{team}, title: a, handles: [], approves: []}}\n")).collect();
    let systems: String = (0..9_000).map(|system| format!("- {{id: s{system}, owner: b{system}}}\n")).collect();
    let files =
        example(&[("teams.yaml", &format!("teams:\n{teams}")), ("systems.yaml", &format!("systems:\n{systems}"))]);
    let start = Stopwatch::start();
    assert!(load(&files).1.len() >= 1_000);
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn a_manifest_decides_what_is_the_longest_waiver_and_what_tool_is_needed() {
    let shorter = edited("portcullis-spec.yaml", "waiver-max-days: 60", "waiver-max-days: 30");
    assert_eq!(
        faults(&shorter),
        ["waivers/2026-q4.yaml:11:12: the waiver lasts 57 days, over `waiver-max-days` of 30"]
    );
    for (bound, fine) in [(">=0.5", true), (">= 0.5.0", true), (">=0.4.99", true), (">=0.6", false), (">=1", false)] {
        let files = edited("portcullis-spec.yaml", ">=0.3", bound);
        assert_eq!(faults(&files).is_empty(), fine, "{bound}");
    }
    for bound in ["0.3", "^0.3", ">0.3", ">=0.3.0.0", ">=v1"] {
        assert_eq!(faults(&edited("portcullis-spec.yaml", ">=0.3", bound)).len(), 1, "{bound}");
    }
}

#[test]
fn an_approver_must_be_allowed_the_layer_of_the_rule() {
    let files = edited("waivers/2026-q4.yaml", "approved-by: platform", "approved-by: web");
    assert_eq!(faults(&files), ["waivers/2026-q4.yaml:9:18: the team `web` may not approve at layer 3"]);
    let mut lower = edited("invariants/arch.yaml", "layer: 3", "layer: 2");
    lower.files.insert("waivers/2026-q4.yaml".into(), files.files["waivers/2026-q4.yaml"].clone());
    assert_eq!(faults(&lower), [""; 0]);
}

#[test]
fn a_prompt_of_another_text_under_the_locked_version_is_a_fault() {
    let (specification, _) = load(&example(&[]));
    let hash = &specification.prompts["PROMPT-REFACTOR"].hash;
    let lock = |version: &str, hash: &str| {
        let digest = "0".repeat(64);
        format!(
            "lock: 1\ndigest: \"{digest}\"\nschema: 1\npinned: 2026-10-01\nprompts:\n  PROMPT-REFACTOR: {{version: {version}, hash: \"{hash}\"}}\n"
        )
    };
    let other = "1".repeat(64);
    assert_eq!(faults(&example(&[("portcullis.lock", &lock("2.1.0", hash))])), [""; 0]);
    assert_eq!(faults(&example(&[("portcullis.lock", &lock("2.0.0", &other))])), [""; 0]);
    let changed = faults(&example(&[("portcullis.lock", &lock("2.1.0", &other))]));
    assert_eq!(changed, ["portcullis.lock:1:1: the text of `PROMPT-REFACTOR` changed and its version 2.1.0 did not"]);
}

#[test]
fn faults_name_the_file_from_the_root_of_the_repository() {
    let files = SpecificationFiles { folder: ".portcullis".into(), ..edited("teams.yaml", "[2, 3]", "[9]") };
    assert!(faults(&files)[0].starts_with(".portcullis/teams.yaml:5:16: "), "{:?}", faults(&files));
}
