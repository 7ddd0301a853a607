//! `query`: a raw tree-sitter query, for experts.
//!
//! Owns its reading; it is compiled then, and its faults stand at their place in the YAML.

use serde_json::json;

use super::{CodePattern, Enforcement, Kind, Proof, Reading, Subject, Violation, ast, hits};
use crate::facts::{check_query, language_ids};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "query", read, proof: Proof::Examples, schema };

#[derive(Debug)]
struct Query {
    language: &'static str,
    scm: String,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let entries = reading.faults.map(node, "query");
    if entries.is_empty() {
        return None;
    }
    let language = ast::language(reading, node, entries);
    let mut query = None;
    for (key, value) in entries {
        match key.value.as_str() {
            "language" => {}
            "scm" => query = reading.faults.text(value, "scm").map(|text| (text, value.place)),
            _ => reading.faults.unknown_key(key, &["language", "scm"], "query"),
        }
    }
    if !entries.iter().any(|(key, _)| key.value == "scm") {
        reading.faults.add(
            node.place,
            "`query` needs the key `scm`",
            "no query",
            "Write `scm: \"(call) @violation\"`.",
        );
    }
    let (language, (scm, place)) = (language?, query?);
    if let Err(fault) = check_query(language, &scm) {
        let before = scm.get(..fault.offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let title = format!("the query cannot be used: {} (line {line}, column {column} of it)", fault.message);
        reading.faults.add(
            place,
            title,
            "this query",
            "See https://tree-sitter.github.io/tree-sitter/using-parsers/queries.",
        );
        return None;
    }
    Some(Box::new(Query { language, scm }))
}

fn schema() -> serde_json::Value {
    let languages: Vec<&str> = language_ids().collect();
    json!({"type": "object", "required": ["language", "scm"], "additionalProperties": false, "properties": {
        "language": {"enum": languages},
        "scm": {"type": "string", "minLength": 1, "description": "A tree-sitter query; the place is the capture `@violation`, else the first one."}}})
}

impl Enforcement for Query {
    fn patterns(&self) -> Vec<CodePattern> {
        let pattern = |language: &str| CodePattern::Query { language: language.to_owned(), query: self.scm.clone() };
        let mut patterns = vec![pattern(self.language)];
        if self.language == "typescript" && check_query("tsx", &self.scm).is_ok() {
            patterns.push(pattern("tsx"));
        }
        patterns
    }

    fn judge(&self, subject: &Subject<'_>) -> Vec<Violation> {
        hits::violations(subject)
    }
}
