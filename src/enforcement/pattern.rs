//! `pattern`: a linear-time regular expression over the text of any file, for languages without a grammar.
//!
//! Owns its reading.

use serde_json::json;

use super::{CodePattern, Enforcement, Kind, Proof, Reading, Subject, Violation, hits};
use crate::facts::check_text;
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "pattern", read, proof: Proof::Examples, schema };

#[derive(Debug)]
struct Expression(String);

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let entries = reading.faults.map(node, "pattern");
    let mut expression = None;
    for (key, value) in entries {
        match key.value.as_str() {
            "regex" => expression = reading.faults.text(value, "regex").map(|text| (text, value.place)),
            _ => reading.faults.unknown_key(key, &["regex"], "pattern"),
        }
    }
    if !entries.is_empty() && !entries.iter().any(|(key, _)| key.value == "regex") {
        reading.faults.add(node.place, "`pattern` needs the key `regex`", "no expression", "Write `regex: \"...\"`.");
    }
    let (regex, place) = expression?;
    if let Err(why) = check_text(&regex) {
        let help = "Expressions are those of Rust's `regex` crate: linear, so without look-around and references back.";
        reading.faults.add(place, format!("the expression cannot be used: {why}"), "this expression", help);
        return None;
    }
    Some(Box::new(Expression(regex)))
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["regex"], "additionalProperties": false, "properties": {
        "regex": {"type": "string", "minLength": 1, "format": "regex",
            "description": "Linear-time; `^` and `$` hold at every line, `.` stops at its end."}}})
}

impl Enforcement for Expression {
    fn patterns(&self) -> Vec<CodePattern> {
        vec![CodePattern::Text { regex: self.0.clone() }]
    }

    fn judge(&self, subject: &Subject<'_>) -> Vec<Violation> {
        hits::violations(subject)
    }
}
