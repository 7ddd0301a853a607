//! `review`: a question that only a person can answer; asked when the rule's scope is touched, and never a failure.

use serde_json::json;

use super::{Enforcement, Kind, Proof, Reading, Subject, Violation};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "review", read, proof: Proof::None, schema };

#[derive(Debug)]
struct Question(String);

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    let mut question = None;
    for (key, value) in reading.faults.map(node, "review") {
        match key.value.as_str() {
            "ask" => question = reading.faults.text(value, "ask"),
            _ => reading.faults.unknown_key(key, &["ask"], "review"),
        }
    }
    if question.is_none() {
        reading.faults.add(node.place, "`review` needs the key `ask`", "no question", "Write `ask: \"...?\"`.");
    }
    question.map(|question| Box::new(Question(question)) as Box<dyn Enforcement>)
}

fn schema() -> serde_json::Value {
    json!({"type": "object", "required": ["ask"], "additionalProperties": false,
        "properties": {"ask": {"type": "string", "minLength": 1, "description": "The question."}}})
}

impl Enforcement for Question {
    fn judge(&self, _: &Subject<'_>) -> Vec<Violation> {
        Vec::new()
    }

    fn question(&self) -> Option<&str> {
        Some(&self.0)
    }
}
