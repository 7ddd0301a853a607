//! Every way to get `.portcullis.yaml` wrong, as data: `tests/cases/configuration/<name>/`.
//!
//! `portcullis.yaml` is the input, `expected.txt` the rendered diagnostics, or the configuration as JSON when the file
//! is right. `PORTCULLIS_BLESS=1` writes the expected files anew; read the difference.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::Path;
use std::time::Instant;

use portcullis::configuration::Configuration;
use portcullis::diagnostic::{Colour, UsageError, render};

const PACKS: &[&str] = &["dangerous-calls", "governance", "hidden-code", "size"];

fn read(bytes: &[u8]) -> Result<Configuration, Vec<UsageError>> {
    Configuration::read(bytes, ".portcullis.yaml", PACKS)
}

fn shown(bytes: &[u8]) -> String {
    match read(bytes) {
        Ok(configuration) => serde_json::to_string_pretty(&configuration).unwrap() + "\n",
        Err(errors) => render(&errors, Colour::Never),
    }
}

/// Returns the message and `line:column+length` of each fault.
fn faults(bytes: &[u8]) -> Vec<(String, String)> {
    let place = |error: &UsageError| {
        let place = error.frame.as_ref().unwrap().place;
        format!("{}:{}+{}", place.line, place.column, place.length)
    };
    read(bytes).unwrap_err().iter().map(|error| (error.title.clone(), place(error))).collect()
}

#[test]
fn every_case_reads_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/configuration");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 30, "cases are missing");
    let bless = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in folders {
        let actual = shown(&fs::read(folder.join("portcullis.yaml")).unwrap());
        let expected = folder.join("expected.txt");
        if bless {
            fs::write(&expected, &actual).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != actual {
            wrong.push(format!("{}:\n{actual}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn alias_bomb_is_refused_at_once_row_74() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let start = Instant::now();
    assert!(faults(bomb.as_bytes())[0].0.starts_with("anchors"), "{:?}", faults(bomb.as_bytes()));
    assert!(start.elapsed().as_millis() < 500);
}

#[test]
fn deep_nesting_is_refused_at_once_row_75() {
    let start = Instant::now();
    let brackets = format!("version: 1\npacks: {}", "[".repeat(100_000));
    let braces = "{a: ".repeat(100_000);
    let blocks: String = (0..1_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let dashes = "- ".repeat(100_000);
    for text in [brackets, braces, blocks, dashes] {
        let found = faults(text.as_bytes());
        assert_eq!(found.len(), 1);
        assert!(found[0].0.contains("nest") || found[0].0.contains("YAML"), "{found:?}");
    }
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn a_document_of_too_many_values_is_refused() {
    let text = format!("version: 1\npacks: [{}]\n", "size, ".repeat(100_001));
    assert!(faults(text.as_bytes())[0].0.contains("more than 100000 values"));
}

#[test]
fn many_keys_and_many_faults_stay_bounded() {
    let text: String = (0..30_000).map(|key| format!("k{key}: 1\n")).collect();
    let start = Instant::now();
    let errors = read(text.as_bytes()).unwrap_err();
    assert!(errors.len() <= 1_001);
    assert!(render(&errors, Colour::Never).ends_with("more faults\n"));
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn duplicate_key_is_refused_with_both_lines_row_76() {
    let found = faults(b"version: 1\npacks: []\nversion: 1\n");
    assert_eq!(found, [("the key `version` stands twice; first on line 1".to_owned(), "3:1+7".to_owned())]);
}

#[test]
fn scalars_that_readers_disagree_about_must_be_quoted_row_78() {
    for word in ["no", "on", "012", "1e3", "yes", "0x1F", "true", "12:30", "1_000", ".inf"] {
        let bare = format!("version: 1\npolicies: [{word}]\n");
        let found = faults(bare.as_bytes());
        assert!(found[0].0.contains("is not text to every YAML reader"), "{word}: {found:?}");
        assert_eq!(found[0].1, format!("2:12+{}", word.len()));
        let quoted = format!("version: 1\npolicies: [\"{word}\"]\n");
        assert!(read(quoted.as_bytes()).is_ok() || word == "12:30", "{word}");
    }
    for word in ["none", "v1", "1.2.3", "a-1", "onward"] {
        assert!(read(format!("version: 1\npolicies: [{word}]\n").as_bytes()).is_ok(), "{word}");
    }
}

#[test]
fn columns_count_code_points_and_labels_stay_exact_after_wide_characters() {
    let text = "version: 1\nrules: {\"size/a\": {severity: error}, \"b\": {status: \"\u{6F22}\u{5B57}\"}, c: {x: 1}}\n";
    let found = faults(text.as_bytes());
    assert_eq!(found[0].1, "2:52+8");
    assert_eq!(found[1].1, "2:63+1");
}

#[test]
fn a_frame_never_repeats_what_a_terminal_would_obey() {
    let text = "version: 1\n\"a\u{202E}b\u{200B}\": 1\n";
    let rendered = shown(text.as_bytes());
    assert!(!rendered.contains(['\u{202E}', '\u{200B}', '\u{1B}']), "{rendered}");
    let escaped = shown(b"version: 1\n\"\\e[31mred\": 1\n");
    assert!(!escaped.contains('\u{1B}'), "{escaped}");
}

#[test]
fn colours_appear_only_when_asked_for() {
    let errors = read(b"version: 2\n").unwrap_err();
    assert!(render(&errors, Colour::Always).contains("\u{1B}["));
    assert!(!render(&errors, Colour::Never).contains('\u{1B}'));
}

#[test]
fn every_prefix_and_every_changed_byte_of_a_right_file_is_answered() {
    let text = include_bytes!("cases/configuration/everything/portcullis.yaml");
    for end in 0..text.len() {
        let _ = shown(&text[..end]);
    }
    for at in 0..text.len() {
        for byte in [0u8, b'[', b'{', b':', b'"', b'\n', 0xFF] {
            let mut changed = text.to_vec();
            changed[at] = byte;
            let _ = read(&changed);
        }
    }
}

#[test]
fn the_published_schema_accepts_the_file_that_has_everything() {
    let text = include_bytes!("cases/configuration/everything/portcullis.yaml");
    let value: serde_json::Value = serde_saphyr::from_slice(text).unwrap();
    let schema = portcullis::configuration::configuration_schema();
    assert!(jsonschema::is_valid(&schema, &value), "{value}");
    let wrong = serde_json::json!({"version": 1, "pack": []});
    assert!(!jsonschema::is_valid(&schema, &wrong));
}
