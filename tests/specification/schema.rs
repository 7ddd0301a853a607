//! The published schema of the specification's files.

use portcullis::enforcement::KINDS;
use portcullis::specification::schema::specification_schema;
use serde_json::{Value, json};

use crate::loading::{example, folder, root};

/// The schema with every kind of rule; kinds that do not exist yet take anything.
fn schema() -> Value {
    let mut kinds: Vec<(&str, Value)> = KINDS.iter().map(|kind| (kind.name, (kind.schema)())).collect();
    for later in ["layers", "independence", "acyclic", "protected", "forbidden", "public", "ast", "query", "pattern"]
        .into_iter()
        .chain(["naming", "contracts", "rego"])
    {
        if !kinds.iter().any(|(name, _)| *name == later) {
            kinds.push((later, json!({})));
        }
    }
    specification_schema(&kinds)
}

/// Returns the YAML of a file, or of the front matter of a Markdown file, as an editor would see it.
fn document(path: &str, bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = match path {
        _ if path.ends_with(".md") => text.strip_prefix("---\n")?.split_once("\n---\n")?.0,
        _ if path.starts_with("contracts/") && !path.ends_with("/contract.yaml") => return None,
        _ if path.ends_with(".yaml") || path.ends_with(".lock") => text,
        _ => return None,
    };
    Some(portcullis::yaml::plain(text).unwrap())
}

#[test]
fn the_schema_is_a_valid_schema_and_describes_every_key_that_a_reader_takes() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let text = schema.to_string();
    assert!(!text.contains("undescribed") && !text.contains("unknown to the reader"), "{text}");
    for kind in KINDS {
        assert!(schema["$defs"]["enforce"]["properties"].get(kind.name).is_some(), "{}", kind.name);
    }
}

#[test]
fn every_file_of_the_worked_example_is_valid() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut seen = 0;
    for (path, file) in example(&[]).files {
        let Some(document) = document(&path, &file.0) else { continue };
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| format!("{error}")).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        seen += 1;
    }
    assert_eq!(seen, 17);
    let lock = "lock: 1\ndigest: \"".to_owned() + &"a".repeat(64) + "\"\nschema: 1\npinned: 2026-11-21\n";
    assert!(validator.is_valid(&document("portcullis.lock", lock.as_bytes()).unwrap()));
}

#[test]
fn every_file_with_planted_faults_of_shape_is_not() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (path, file) in folder(&root().join("tests/cases/specification/planted-faults/spec")).files {
        let known = !path.ends_with(".yml") && !path.starts_with("invariant/") && path != "contracts/loose.yaml";
        let Some(document) = document(&path, &file.0).filter(|_| known) else { continue };
        // What is wrong with this one is a matter of what it names, not of its shape.
        let by_reference = path.starts_with("decisions/0003");
        assert_eq!(validator.is_valid(&document), by_reference, "{path}");
    }
}
