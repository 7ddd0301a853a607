//! The JSON Schema of the files of a specification, for editors; made from the same tables that the readers use.
//!
//! Owns the published description. One document serves all files: editors do not follow fragments of a schema's address
//! reliably, so the root tells the files apart by their keys. Must not accept or refuse anything itself.

use serde_json::{Map, Value, json};

use super::page::Keys;
use super::{agent, contract, decision, lock, manifest, prompt, rule, system, team, waiver};
use crate::configuration::words::{SEVERITIES, STATUSES};
use crate::yaml::decode::Words;

/// Which key tells a file from those after it, and the definition that describes it: an agent also has `systems`, a
/// lock `schema`.
const FILES: &[(&str, &str)] = &[
    ("phase", "agent"),
    ("provider", "contract"),
    ("metadata", "prompt"),
    ("rules", "rules"),
    ("waivers", "waivers"),
    ("teams", "teams"),
    ("systems", "systems"),
    ("lock", "lock"),
    ("schema", "manifest"),
    ("status", "decision"),
];

/// Returns the JSON Schema (draft 2020-12); `kinds` are the kinds of `enforce` with the schema of what stands under each.
#[must_use]
pub fn specification_schema(kinds: &[(&str, Value)]) -> Value {
    let mut rest = json!(false);
    for (key, definition) in FILES.iter().rev() {
        rest = json!({ "if": { "required": [key] }, "then": reference(definition), "else": rest });
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of a portcullis specification",
        "description": "YAML files, and the front matter of prompts and decisions.",
        "type": "object",
        "$defs": definitions(kinds),
    });
    if let (Value::Object(schema), Value::Object(rest)) = (&mut schema, rest) {
        schema.extend(rest);
    }
    schema
}

fn definitions(kinds: &[(&str, Value)]) -> Value {
    json!({
        "manifest": manifest_file(),
        "teams": list_file("teams", "team"),
        "team": team_entry(),
        "systems": list_file("systems", "system"),
        "system": system_entry(),
        "rules": list_file("rules", "rule"),
        "rule": rule_entry(),
        "enforce": enforce(kinds),
        "contract": contract_file(),
        "agent": agent_file(),
        "prompt": prompt_file(),
        "decision": decision_file(),
        "waivers": list_file("waivers", "waiver"),
        "waiver": waiver_entry(),
        "lock": lock_file(),
        "line": { "type": "string", "minLength": 1, "maxLength": 300, "pattern": "^[^\\n]*$" },
        "text": { "type": "string", "minLength": 1 },
        "texts": { "type": "array", "uniqueItems": true, "items": reference("text") },
        "name": { "type": "string", "pattern": "^[a-z][a-z0-9._-]*$", "maxLength": 64 },
        "names": { "type": "array", "uniqueItems": true, "items": reference("name") },
        "layer": { "enum": [1, 2, 3], "description": "1 automated, 2 team, 3 architecture." },
        "date": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date" },
        "glob": { "type": "string", "minLength": 1, "maxLength": 500, "description": "`*` never crosses a `/`." },
        "globs": { "type": "array", "uniqueItems": true, "items": reference("glob") },
        "version": { "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" },
        "handle": { "type": "string", "pattern": "^@[A-Za-z0-9._-]+", "description": "`@name` or `@organisation/team`." },
        "status": words(STATUSES),
        "severity": words(SEVERITIES),
    })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn words<T>(words: &Words<T>) -> Value {
    json!({ "enum": words.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
}

fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}[A-Z0-9]+(-[A-Z0-9]+)*$"), "maxLength": 64 })
}

fn number(description: &str) -> Value {
    json!({ "type": "integer", "minimum": 1, "description": description })
}

fn described(definition: &str, description: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}"), "description": description })
}

/// A mapping with the keys of the reader's table and no others.
fn strict(description: &str, keys: &Keys, properties: Value) -> Value {
    let Value::Object(mut given) = properties else { return json!(false) };
    let mut all = Map::new();
    for (key, _) in keys {
        all.insert((*key).to_owned(), given.remove(*key).unwrap_or_else(|| json!({ "$comment": "undescribed" })));
    }
    // A test finds what no reader knows.
    all.extend(given.into_iter().map(|(key, _)| (key, json!({ "$comment": "unknown to the reader" }))));
    let required: Vec<&str> = keys.iter().filter(|(_, required)| *required).map(|(key, _)| *key).collect();
    json!({
        "type": "object", "description": description, "additionalProperties": false,
        "required": required, "properties": all,
    })
}

fn list_file(key: &'static str, entry: &str) -> Value {
    let entries = json!({ "type": "array", "items": reference(entry) });
    let mut properties = Map::new();
    properties.insert(key.to_owned(), entries);
    strict(&format!("A file of {key}."), &[(key, true)], Value::Object(properties))
}

fn manifest_file() -> Value {
    let defaults = json!({
        "waiver-max-days": number("Longest waiver in days, both ends included; default 90."),
        "certification": described("line", "The certificate that approvers of AI-assisted changes need."),
        "certification-max-age-days": number("How many days a certificate holds; default 365."),
        "unknown-agent": words(manifest::UNKNOWN_AGENT),
    });
    let properties = json!({
        "schema": { "const": manifest::SCHEMA },
        "name": reference("line"),
        "version": described("version", "Release of the specification."),
        "requires-tool": { "type": "string", "pattern": "^>= ?[0-9]+(\\.[0-9]+){0,2}$" },
        "defaults": strict("Defaults of other files.", manifest::DEFAULT_KEYS, defaults),
    });
    strict("`portcullis-spec.yaml`.", manifest::KEYS, properties)
}

fn team_entry() -> Value {
    let certified = json!({ "type": "object", "additionalProperties": reference("date") });
    let member = json!({ "handle": reference("handle"), "certified": certified });
    let member = strict("A member, by handle only.", team::MEMBER_KEYS, member);
    let properties = json!({
        "id": reference("name"),
        "title": reference("line"),
        "handles": { "type": "array", "items": reference("handle") },
        "approves": { "type": "array", "items": reference("layer"), "description": "Review layers that it may approve." },
        "members": { "type": "array", "items": member },
    });
    strict("A team.", team::KEYS, properties)
}

fn system_entry() -> Value {
    let globs = json!({ "anyOf": [reference("glob"), { "allOf": [reference("globs"), { "minItems": 1 }] }] });
    let properties = json!({
        "id": reference("name"),
        "owner": described("name", "A team."),
        "repo": reference("line"),
        "languages": reference("names"),
        "tier": { "enum": system::TIERS },
        "modules": { "type": "object", "propertyNames": reference("name"), "additionalProperties": globs },
    });
    strict("A system.", system::KEYS, properties)
}

fn rule_entry() -> Value {
    let scope = json!({
        "systems": { "allOf": [reference("names"), { "minItems": 1 }] },
        "paths": reference("globs"),
        "exclude": reference("globs"),
    });
    let example = json!({ "language": reference("name"), "code": reference("text") });
    let example = strict("An example in one language.", rule::EXAMPLE_KEYS, example);
    let examples = json!({ "type": "array", "items": { "anyOf": [reference("text"), example] } });
    let examples = json!({ "fail": examples, "pass": examples });
    let properties = json!({
        "id": { "anyOf": [id("INV-"), id("PRO-")] },
        "title": described("line", "The rule in one line."),
        "status": reference("status"),
        "severity": reference("severity"),
        "layer": reference("layer"),
        "owner": described("name", "A team."),
        "rationale": described("text", "Why the rule exists."),
        "scope": strict("Where the rule holds.", rule::SCOPE_KEYS, scope),
        "enforce": reference("enforce"),
        "instead": described("text", "What to do instead."),
        "decision": id("ADR-"),
        "applies-to": words(rule::APPLIES_TO),
        "status-by-system": { "type": "object", "additionalProperties": reference("status") },
        "examples": strict("What must fire, and what must not.", rule::EXAMPLES_KEYS, examples),
        "baseline": words(rule::BASELINE),
        "links": reference("texts"),
    });
    let mut entry = strict("An invariant, or a prohibited pattern.", rule::KEYS, properties);
    if let Some(entry) = entry.as_object_mut() {
        entry.insert("if".to_owned(), json!({ "properties": { "id": { "pattern": "^PRO-" } }, "required": ["id"] }));
        entry.insert("then".to_owned(), json!({ "required": ["instead"] }));
    }
    entry
}

fn enforce(kinds: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        kinds.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({
        "type": "object", "description": "Exactly one kind.", "additionalProperties": false,
        "minProperties": 1, "maxProperties": 1, "properties": properties,
    })
}

fn contract_file() -> Value {
    let kinds: Vec<&str> = contract::KINDS.iter().map(|(kind, _)| *kind).collect();
    let by_kind = contract::KINDS.iter().map(|(kind, words)| {
        json!({
            "if": { "properties": { "kind": { "const": kind } }, "required": ["kind"] },
            "then": { "properties": { "compatibility": { "enum": words } } },
        })
    });
    let consumer = json!({ "system": reference("name"), "uses": reference("texts") });
    let consumer = strict("A system that depends on it.", contract::CONSUMER_KEYS, consumer);
    let properties = json!({
        "id": id("CON-"),
        "title": reference("line"),
        "kind": { "enum": kinds },
        "provider": described("name", "A system."),
        "source": described("glob", "In the provider's repository."),
        "published": described("glob", "The published copy, beside this file."),
        "compatibility": described("text", "What consumers were promised; the words depend on the kind."),
        "layer": reference("layer"),
        "stability": { "enum": contract::STABILITIES },
        "content-model": { "enum": contract::CONTENT_MODELS },
        "sunset-days": number("Days from the announcement of a removal to the removal."),
        "consumers": { "type": "array", "items": consumer },
        "levels": { "type": "object", "additionalProperties": reference("severity") },
    });
    let mut file = strict("`contracts/<name>/contract.yaml`.", contract::KEYS, properties);
    if let Some(file) = file.as_object_mut() {
        file.insert("allOf".to_owned(), by_kind.collect());
    }
    file
}

fn agent_file() -> Value {
    let trailers = json!({ "type": "object", "additionalProperties": reference("text") });
    let identities = json!({ "authors": reference("texts"), "emails": reference("texts"), "trailers": trailers });
    let limit = number("At most so many.");
    let properties = json!({
        "id": reference("name"),
        "title": reference("line"),
        "owner": described("name", "The team that answers for it."),
        "phase": { "enum": [1, 2, 3, 4], "description": "1 tests and documents, 2 features with review, 3 exploration with \
            oversight, 4 within constraints." },
        "identities": strict("How its work is recognised.", agent::IDENTITY_KEYS, identities),
        "review-by": described("date", "The contract ends after this day."),
        "models": reference("globs"),
        "systems": reference("names"),
        "paths": strict("Paths that it may change.", agent::PATH_KEYS,
            json!({ "allow": reference("globs"), "deny": reference("globs") })),
        "limits": strict("How much it may change at once.", agent::LIMIT_KEYS,
            json!({ "files": limit, "lines": limit, "open-changes": limit })),
        "may": { "type": "array", "items": { "enum": agent::MAY } },
        "prompts": { "type": "array", "items": id("PROMPT-") },
        "min-layer": reference("layer"),
    });
    strict("`agents/<name>.yaml`.", agent::KEYS, properties)
}

fn prompt_file() -> Value {
    let metadata = json!({
        "id": id("PROMPT-"),
        "version": reference("version"),
        "owner": described("name", "A team."),
        "status": { "enum": prompt::STATUSES },
        "tests": true,
    });
    let mut properties = json!({
        "name": reference("line"),
        "description": reference("text"),
        "metadata": strict("What makes it canonical.", prompt::METADATA_KEYS, metadata),
    });
    if let Some(properties) = properties.as_object_mut() {
        for (key, _) in prompt::KEYS {
            // Keys of the formats that prompts are shared in are theirs.
            properties.entry(*key).or_insert_with(|| json!(true));
        }
    }
    strict("Front matter of `prompts/*.prompt.md`.", prompt::KEYS, properties)
}

fn decision_file() -> Value {
    let rules = json!({ "type": "array", "items": { "anyOf": [id("INV-"), id("PRO-")] } });
    let properties = json!({
        "id": { "type": "string", "pattern": "^ADR-[0-9]+$" },
        "status": { "anyOf": [{ "enum": decision::STATUSES }, { "type": "string", "pattern": "^superseded by ADR-[0-9]+$" }] },
        "date": reference("date"),
        "decision-makers": described("names", "Teams."),
        "consulted": reference("texts"),
        "informed": reference("texts"),
        "enforced-by": rules,
        "not-enforced": described("text", "Why nothing enforces it."),
        "supersedes": { "type": "array", "items": id("ADR-") },
    });
    strict("Front matter of `decisions/NNNN-*.md`.", decision::KEYS, properties)
}

fn waiver_entry() -> Value {
    let instance = json!({
        "path": { "type": "string", "pattern": "^[^*?\\[{]+$" },
        "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
    });
    let instance = strict("One finding.", waiver::INSTANCE_KEYS, instance);
    let outside =
        json!({ "type": "string", "pattern": "/", "description": "A rule of a pack, a policy, or another tool." });
    let properties = json!({
        "id": { "type": "string", "pattern": "^WVR-[0-9]+$" },
        "rule": { "anyOf": [id("INV-"), id("PRO-"), outside] },
        "system": reference("name"),
        "at": { "type": "array", "minItems": 1, "items": instance },
        "reason": reference("text"),
        "requested-by": described("name", "The team that asked, and owns it."),
        "approved-by": described("name", "Another team, which may approve at the rule's layer."),
        "from": described("date", "First day, in UTC."),
        "until": described("date", "Last day, in UTC."),
        "ticket": reference("line"),
    });
    strict("An exception with an end.", waiver::KEYS, properties)
}

fn lock_file() -> Value {
    let hash = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let locked = json!({ "version": reference("version"), "hash": hash });
    let locked = strict("A prompt as it was pinned.", lock::PROMPT_KEYS, locked);
    let properties = json!({
        "lock": { "const": 1 },
        "digest": hash,
        "schema": number("Schema number of the specification."),
        "pinned": reference("date"),
        "commit": { "type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$" },
        "tag": reference("line"),
        "url": reference("line"),
        "prompts": { "type": "object", "additionalProperties": locked },
    });
    strict("`portcullis.lock`, written by `portcullis spec pin`.", lock::KEYS, properties)
}
