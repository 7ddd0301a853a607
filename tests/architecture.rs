//! The house holds: a stage uses earlier stages and leaves, never a later one; one place each for git, time, exit.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Top-level modules in flow order; a module may use those before it and itself. `gate` and `cli` see all.
const FLOW: &[&str] = &[
    // Leaves.
    "untrusted",
    "clock",
    "limits",
    "finding",
    "completeness",
    "diagnostic",
    "yaml",
    "error",
    // Stages.
    "change",
    "documents",
    "dependencies",
    "facts",
    "configuration",
    "specification",
    "provenance",
    "impact",
    "coordination",
    "enforcement",
    "policies",
    "imported",
    "review",
    "verdict",
    "outcome",
    "replay",
    "reports",
    "audit",
    "forge",
    "doctor",
    "worker",
    "demo",
    "gate",
    "cli",
    "commands",
];

/// Uses against the flow that are meant, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("facts", "worker", "a read task is the extractor's argument"),
    ("facts", "policies", "pattern files and their faults are policy vocabulary; the task carries the file's class"),
    ("diagnostic", "yaml", "a frame stands at a place of a YAML file"),
    ("configuration", "policies", "scopes, overrides and classes are policy vocabulary"),
    ("configuration", "verdict", "`fail-on` is the verdict's"),
    ("enforcement", "policies", "a rule may be written in Rego; the input document is what every kind judges"),
    ("enforcement", "review", "a rule of kind review is a review request"),
    ("enforcement", "worker", "an example is read and judged as the worker does it"),
    ("specification", "verdict", "a lower `fail-on` loosens"),
    ("policies", "review", "a result of kind review is a review request"),
    ("policies", "worker", "a target names what an evaluation looks at"),
    ("specification", "policies", "governance changes are rows of the input document"),
];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn module_of(path: &Path) -> String {
    let relative = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the top-level modules that a text uses through `crate::`, with line numbers.
fn uses(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            found.push((index + 1, name));
        }
    }
    found
}

/// Returns the production part of a file: what stands before its test module.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

#[test]
fn every_module_is_in_the_flow() {
    for path in sources() {
        let module = module_of(&path);
        if !matches!(module.as_str(), "main" | "lib") {
            assert!(FLOW.contains(&module.as_str()), "src/{module} stands in no place of the flow; add it to FLOW");
        }
    }
}

#[test]
fn no_stage_uses_a_later_one() {
    let rank: BTreeMap<&str, usize> = FLOW.iter().enumerate().map(|(rank, name)| (*name, rank)).collect();
    let mut faults = Vec::new();
    for path in sources() {
        let module = module_of(&path);
        let Some(own) = rank.get(module.as_str()) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for (line, used) in uses(production(&text)) {
            let later = rank.get(used.as_str()).is_some_and(|other| other > own);
            let meant = EXCEPTIONS.iter().any(|(from, to, _)| *from == module && *to == used);
            if later && !meant {
                faults.push(format!("{}:{line}: {module} uses the later {used}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_exception_is_used() {
    for (from, to, _) in EXCEPTIONS {
        let used = sources()
            .iter()
            .filter(|path| module_of(path) == *from)
            .any(|path| uses(production(&fs::read_to_string(path).unwrap())).iter().any(|(_, used)| used == to));
        assert!(used, "the exception {from} -> {to} is not needed any more");
    }
}

#[test]
fn reports_never_import_forge_and_policies_never_import_languages() {
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        let module = module_of(&path);
        if module == "reports" || module == "audit" {
            assert!(!text.contains("crate::forge"), "{}", path.display());
        }
        if module == "policies" {
            assert!(!text.contains("facts::languages"), "{}", path.display());
        }
    }
}

/// Words that only one place may use: (word, module, why).
const SOLE: &[(&str, &[&str], &str)] = &[
    ("gix::", &["change"], "only change/ touches git"),
    ("process::exit", &["main"], "only main.rs ends the process"),
    ("Instant::now", &["clock"], "only clock.rs reads the time"),
    ("SystemTime::now", &["clock"], "only clock.rs reads the time"),
    ("TcpStream", &["forge"], "only forge/ opens a socket"),
    ("serde_saphyr", &["yaml"], "only yaml.rs names the YAML library"),
    (
        "env::var",
        &["main", "commands", "worker"],
        "the environment is read at the edge; the worker gets none of it but what its system needs",
    ),
];

#[test]
fn each_power_lives_in_one_place() {
    let mut faults = Vec::new();
    for path in sources() {
        let module = module_of(&path);
        let text = fs::read_to_string(&path).unwrap();
        for (index, line) in production(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            for (word, places, why) in SOLE {
                if code.contains(word) && !places.contains(&module.as_str()) {
                    faults.push(format!("{}:{}: `{word}`: {why}", path.display(), index + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_git_is_given_a_device_for_its_configuration() {
    // Whoever may write there replaces the device by a file.
    let variable = "GIT_CONFIG_GLOBAL";
    let device = "/dev/null";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["src", "tests", "action", "packaging", "benches", ".ci", ".github"]
        .iter()
        .map(|name| root.join(name))
        .collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let given = |line: &str| line.split(variable).skip(1).any(|rest| rest.contains(device));
            let faults: Vec<&str> = text.lines().filter(|line| given(line)).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        }
    }
}

#[test]
fn every_source_file_begins_by_saying_what_it_owns() {
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} has no module documentation", path.display());
    }
}

/// Returns the first sentence of a file's documentation: what it owns, as the design lists it.
fn first_sentence(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    match paragraph.find(". ") {
        Some(end) => paragraph[..=end].to_owned(),
        None => paragraph,
    }
}

#[test]
fn the_design_lists_every_source_file_with_its_first_sentence() {
    const BEGIN: &str = "<!-- files: written by `PORTCULLIS_BLESS=1 cargo test --test architecture` -->\n";
    const END: &str = "<!-- end of files -->";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut list = String::new();
    for path in sources() {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        list.push_str(&format!("- `{name}`: {}\n", first_sentence(&fs::read_to_string(&path).unwrap())));
    }
    let design = fs::read_to_string(root.join("DESIGN.md")).unwrap();
    let (before, rest) = design.split_once(BEGIN).expect("DESIGN.md has the marker of its file list");
    let (listed, after) = rest.split_once(END).expect("DESIGN.md has the end of its file list");
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        fs::write(root.join("DESIGN.md"), format!("{before}{BEGIN}{list}{END}{after}")).unwrap();
    } else {
        assert!(listed == list, "the file list of DESIGN.md is old: PORTCULLIS_BLESS=1 cargo test --test architecture");
    }
}
