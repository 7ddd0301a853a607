//! The JSON Schema of `.portcullis.yaml`, made from the same tables that the reader uses.
//!
//! Owns the published description. Must not accept or refuse anything itself.

use serde_json::{Map, Value, json};

use super::imports::KINDS;
use super::read::{FAIL_ON, REGO, SCOPES, SEVERITIES, STATUSES, UNKNOWN};
use crate::limits::LIMITS;
use crate::yaml::decode::Words;

fn words<T>(words: &Words<T>) -> Value {
    json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string", "minLength": 1 }, "description": description })
}

fn strict(description: &str, properties: Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "description": description, "properties": properties })
}

/// Exactly one of `path`, `git` and `vendor`.
fn specification() -> Value {
    let folder = json!({ "type": "string", "minLength": 1 });
    let age = json!({
        "type": "integer", "minimum": 1, "description": "Days after which a pin counts as stale; default: never."
    });
    let commit = json!({
        "type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$",
        "description": "Full commit id; `portcullis spec pin` writes it.",
    });
    let mut sources = [
        strict("A folder of this repository; `.` is its root.", json!({ "path": folder })),
        strict("Another repository, pinned.", json!({ "git": folder, "rev": commit, "max-age-days": age })),
        strict("A folder with a copy of another repository.", json!({ "vendor": folder, "max-age-days": age })),
    ];
    for (source, required) in sources.iter_mut().zip([json!(["path"]), json!(["git", "rev"]), json!(["vendor"])]) {
        if let Some(object) = source.as_object_mut() {
            object.insert("required".to_owned(), required);
        }
    }
    json!({ "description": "Where the specification is.", "oneOf": sources })
}

/// What results of other tools count for, and which must be there.
fn imports() -> Value {
    let tool = json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]*$", "description": "The first part of its rules' ids." });
    let levels = strict(
        "A status for each severity; default: advisory.",
        json!({ "error": words(STATUSES), "warning": words(STATUSES), "info": words(STATUSES) }),
    );
    let mut required = strict(
        "A result that must be there when one of these files changes.",
        json!({ "tool": tool, "kind": words(KINDS), "paths": texts("Globs over changed files; default: all.") }),
    );
    if let Some(object) = required.as_object_mut() {
        object.insert("anyOf".to_owned(), json!([{ "required": ["tool"] }, { "required": ["kind"] }]));
    }
    strict(
        "Results of other tools, given with `--import`.",
        json!({
            "tools": {
                "type": "object",
                "description": "What a tool's results count for, by its id; default: advisory.",
                "additionalProperties": { "anyOf": [words(STATUSES), levels] },
            },
            "required": { "type": "array", "description": "Results that must be there.", "items": required },
        }),
    )
}

/// Returns the JSON Schema (draft 2020-12) of the configuration file.
#[must_use]
pub fn configuration_schema() -> Value {
    let limits: Map<String, Value> = LIMITS
        .iter()
        .map(|limit| {
            let description = format!("In {}. When it is hit: {}.", limit.unit, limit.when_hit);
            let row = json!({ "type": "integer", "minimum": 1, "default": limit.default, "description": description });
            (limit.name.to_owned(), row)
        })
        .collect();
    let mut folder = strict(
        "A policy folder with options.",
        json!({
            "path": { "type": "string", "minLength": 1, "description": "Folder or file, from the root of the repository." },
            "scope": words(SCOPES),
            "namespaces": texts("Packages that hold decision rules, as globs; default: all, at scope `document` `main` and below."),
            "rego": words(REGO),
            "data": texts("Data files and folders, from the root of the repository."),
            "files": texts("At scope `document`: globs over the documents that its packages look at; default: all."),
            "combine": { "type": "boolean", "default": false, "description": "At scope `document`: all documents in one input." },
        }),
    );
    if let Some(object) = folder.as_object_mut() {
        object.insert("required".to_owned(), json!(["path"]));
    }
    let rule = strict(
        "What changes about one rule of a pack.",
        json!({ "severity": words(SEVERITIES), "status": words(STATUSES) }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ".portcullis.yaml",
        "type": "object",
        "additionalProperties": false,
        "required": ["version"],
        "properties": {
            "version": { "const": 1, "description": "Version of this file's format." },
            "packs": texts("Built-in packs to run; default: all."),
            "policies": {
                "type": "array",
                "description": "Policy folders of the repository.",
                "items": { "anyOf": [{ "type": "string", "minLength": 1 }, folder] },
            },
            "rules": { "type": "object", "description": "By rule id.", "additionalProperties": rule },
            "paths": strict("Globs; `*` never crosses a `/`.", json!({
                "generated": texts("Files written by a program."),
                "vendored": texts("Files copied from elsewhere."),
                "test": texts("Files that test."),
            })),
            "limits": strict("Budgets.", Value::Object(limits)),
            "fail-on": words(FAIL_ON),
            "system": {
                "description": "Which system of the specification this repository is, or the folder of each that it holds.",
                "anyOf": [
                    { "type": "string", "minLength": 1 },
                    { "type": "object", "minProperties": 1, "additionalProperties": { "type": "string", "minLength": 1 } },
                ],
            },
            "spec": specification(),
            "baseline": { "type": "string", "minLength": 1, "description": "Found debt, from the root of the repository." },
            "imports": imports(),
            "provenance": strict("How lines without evidence count.", json!({ "unknown": words(UNKNOWN) })),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::intent::SPEC_KEYS;
    use super::super::read::{KEYS, PATH_KEYS};
    use super::configuration_schema;

    #[test]
    fn the_schema_names_every_working_key() {
        let schema = configuration_schema();
        for key in KEYS {
            assert!(schema["properties"].get(*key).is_some(), "{key}");
        }
        for key in PATH_KEYS {
            assert!(schema["properties"]["paths"]["properties"].get(*key).is_some(), "{key}");
        }
        let sources = schema["properties"]["spec"]["oneOf"].as_array().unwrap();
        for key in SPEC_KEYS {
            assert!(sources.iter().any(|source| source["properties"].get(*key).is_some()), "{key}");
        }
    }

    #[test]
    fn the_schema_is_a_valid_schema() {
        assert!(jsonschema::meta::is_valid(&configuration_schema()));
    }
}
