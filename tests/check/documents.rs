//! The documents that other programs read: their schemas, keys that are always there, and the demo's story.

use std::path::Path;

use portcullis::reports::FORMATS;
use serde_json::Value;

use crate::scene::{Run, Scene, assert_valid, findings, portcullis, run};

const CONFIGURATION: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\n");

/// A change that fills most keys: renamed, deleted, broken, hidden, in several languages.
fn varied() -> Scene {
    let mut base = crate::scene::tree(&[CONFIGURATION]);
    base.insert("old.py".to_owned(), "import os\n\n\ndef keep(a):\n    return os.getcwd()\n".into());
    base.insert("gone.go".to_owned(), "package p\n\nfunc Gone() {}\n".into());
    let mut head = crate::scene::tree(&[CONFIGURATION]);
    head.insert("new.py".to_owned(), "import os\n\n\ndef keep(a):\n    return os.getcwd()\n".into());
    head.insert(
        "a.ts".to_owned(),
        "import { x } from \"./y\";\nexport class A { run() { x(); } } // \u{202E}\n".into(),
    );
    head.insert("b.rs".to_owned(), "fn broken( {\n".into());
    head.insert("data.bin".to_owned(), vec![0_u8, 1, 2, 255].into());
    head.insert("link".to_owned(), crate::scene::Entry::Link("a.ts".to_owned()));
    Scene::of(&base, &head)
}

fn facts(scene: &Scene, more: &[&str]) -> Run {
    run(&mut scene.command(&[&["facts", "--base", &scene.base, "--head", &scene.head], more].concat()))
}

fn document(run: &Run) -> Value {
    let document = serde_json::from_slice(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.err));
    assert_valid("input", &document);
    document
}

/// Returns where a value is null, and where two members of a list of objects have different keys.
fn holes(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Null => found.push(format!("{at} is null")),
            Value::Array(members) => {
                let keys = |member: &Value| member.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
                if members.windows(2).any(|pair| keys(&pair[0]) != keys(&pair[1])) {
                    found.push(format!("{at} has members of different keys"));
                }
                open.extend(members.iter().map(|member| (format!("{at}[]"), member)));
            }
            Value::Object(map) => open.extend(map.iter().map(|(key, value)| (format!("{at}.{key}"), value))),
            _ => {}
        }
    }
    found
}

#[test]
fn the_input_document_is_valid_and_no_key_is_ever_absent_or_null() {
    let scene = varied();
    let whole = facts(&scene, &[]);
    assert_eq!(whole.code, 0, "{}", whole.err);
    let document = document(&whole);
    assert_eq!(document["files"].as_array().unwrap().len(), 6);
    assert_eq!(holes(&document), Vec::<String>::new());
}

#[test]
fn facts_of_one_path_are_those_of_the_whole_change() {
    let scene = varied();
    let whole = document(&facts(&scene, &[]));
    let one = document(&facts(&scene, &["a.ts"]));
    let of =
        |document: &Value| document["files"].as_array().unwrap().iter().find(|file| file["path"] == "a.ts").cloned();
    assert_eq!(one["files"].as_array().unwrap().len(), 1);
    assert_eq!(of(&one), of(&whole));
}

#[test]
fn facts_of_a_range_that_is_not_here_are_valid_and_four() {
    let scene = varied();
    let missing = run(&mut scene.command(&["facts", &format!("{}..{}", scene.base, "9".repeat(40))]));
    assert_eq!(missing.code, 4, "{}", missing.err);
    assert_eq!(holes(&document(&missing)), Vec::<String>::new());
}

#[test]
fn published_schemas_are_schemas_and_refuse_what_is_no_document() {
    for name in ["input", "verdict", "config", "replay"] {
        let shown = run(&mut portcullis(Path::new("."), &["schema", name]));
        assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{name}");
        let schema: Value = serde_json::from_slice(&shown.out).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(!validator.is_valid(&Value::from(7)), "{name}");
    }
}

#[test]
fn sarif_is_one_json_document_for_every_verdict() {
    for head in ["x = 1\n", "x = 1 # \u{202E}\n", "x = ((\n"] {
        let scene = Scene::new(&[CONFIGURATION], &[("a.py", head)]);
        let report = run(&mut scene.command(&scene.check_arguments(&["--format", "sarif"])));
        let log: Value = serde_json::from_slice(&report.out).unwrap();
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn no_report_shows_a_character_that_hides() {
    let scene = varied();
    for format in FORMATS.iter().map(|format| format.name) {
        let report = run(&mut scene.command(&scene.check_arguments(&["--format", format])));
        let hidden: Vec<char> =
            report.text().chars().filter(|letter| portcullis::untrusted::is_hidden(*letter)).collect();
        let hidden: Vec<&char> = hidden.iter().filter(|letter| **letter != '\n').collect();
        assert_eq!(hidden, Vec::<&char>::new(), "{format}");
    }
}

/// What rules say beside their findings comes out of the saved policies, not out of what lies about.
#[test]
fn deciding_again_gives_the_same_bytes_in_every_format() {
    let scene = varied();
    let saved = scene.repository.beside("saved.json");
    let saved = saved.to_str().unwrap();
    for format in FORMATS.iter().map(|format| format.name) {
        let first = run(&mut scene.command(&scene.check_arguments(&["--format", format, "--save-input", saved])));
        let second = run(&mut portcullis(Path::new("."), &["decide", saved, "--format", format]));
        assert_eq!((first.code, first.text()), (second.code, second.text()), "{format}");
    }
}

#[test]
fn the_demo_tells_its_story_and_ends_with_zero() {
    let told = run(&mut portcullis(Path::new("."), &["demo"]));
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.text());
    for word in ["payments/internal/http/refund.go", "web/src/client/session.ts", "FAIL", "portcullis check"] {
        assert!(told.text().contains(word), "{word}: {}", told.text());
    }
}

#[test]
fn the_demo_as_json_is_a_document_that_names_the_dangers_and_asks_the_architects() {
    let told = run(&mut portcullis(Path::new("."), &["demo", "--format", "json"]));
    assert_eq!(told.code, 0, "{}", told.err);
    let document: Value = serde_json::from_slice(&told.out).unwrap_or_else(|error| panic!("{error}: {}", told.text()));
    assert_valid("verdict", &document);
    assert_eq!((&document["verdict"], &document["exit_code"]), (&"fail".into(), &1.into()));
    let found = findings(&document);
    for (rule, path) in [
        ("INV-PAY-001", "payments/internal/http/refund.go"),
        ("INV-ARCH-001", "orders/src/orders/store/refunds.py"),
        ("PRO-001", "orders/src/orders/store/refunds.py"),
        ("shop/refunds-tested", "orders/src/orders/store/refunds.py"),
        ("hidden-code/bidi", "web/src/client/session.ts"),
        ("dangerous-calls/", "payments/internal/http/refund.go"),
        ("dangerous-calls/", "orders/src/orders/store/refunds.py"),
    ] {
        let named = |finding: &&String| finding.starts_with(rule) && finding.contains(path);
        assert!(found.iter().any(|finding| named(&finding)), "{rule} {path}: {found:#?}");
    }
    assert_eq!(document["review"]["layer"], 3, "{}", document["review"]);
    let rules = document["review"]["requirements"].to_string();
    assert!(rules.contains("governance/"), "{rules}");
    // The bound query beside the bad one stays quiet.
    assert!(!found.iter().any(|finding| finding.contains("orders/src/orders/api/views.py")), "{found:#?}");
}
