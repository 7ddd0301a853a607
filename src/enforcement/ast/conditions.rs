//! `where`: what the text of a metavariable must look like.
//!
//! Owns which metavariables a shape has; one that it does not have is a fault with the nearest right word.

use std::collections::BTreeSet;

use serde_json::json;

use super::Reading;
use super::short::Parts;
use crate::diagnostic::shortened;
use crate::yaml::decode::suggestion;
use crate::yaml::{Node, Placed, Value};

/// `where`: a regular expression a metavariable.
pub(super) fn conditions(
    reading: &mut Reading<'_, '_>,
    node: &Node,
    entries: &[(Placed<String>, Node)],
    parts: &mut Parts,
) -> Option<()> {
    let (single, many) = named_variables(entries);
    let mut fine = true;
    for (key, value) in reading.faults.map(node, "where") {
        let name = key.value.trim_start_matches('$');
        let Some(regex) = reading.faults.text(value, "where") else {
            fine = false;
            continue;
        };
        if let Err(error) = regex::Regex::new(&regex) {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            reading.faults.add(
                value.place,
                format!("this is no regular expression: {why}"),
                "here",
                "Mend it; the syntax is that of the Rust crate regex, without look-around and back-references.",
            );
            fine = false;
        } else if many.contains(name) && !single.contains(name) {
            let title = format!("`$$${name}` stands for a list, and `where` looks at one piece of code");
            let help = "Use `has: {pattern: ...}`, or name the piece with a metavariable of its own.";
            reading.faults.add(key.place, title, "a list", help);
            fine = false;
        } else if !single.contains(name) {
            let title = format!("the pattern has no metavariable `${}`", shortened(name));
            let help = suggestion(name, single.iter().map(String::as_str));
            reading.faults.add(key.place, title, "not in the pattern", help);
            fine = false;
        } else {
            let condition = parts.constraints.entry(name.to_owned()).or_insert_with(|| json!({}));
            if let Some(condition) = condition.as_object_mut() {
                condition.insert("regex".to_owned(), json!(regex));
            }
        }
    }
    fine.then_some(())
}

/// Returns the metavariables of all texts of the entry: those that stand for one node, those that stand for many.
fn named_variables(entries: &[(Placed<String>, Node)]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut single, mut many) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<&Node> = entries
        .iter()
        .filter(|(key, _)| !["where", "unless", "not"].contains(&key.value.as_str()))
        .map(|e| &e.1)
        .collect();
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(items) => open.extend(items),
            Value::Map(entries) => open.extend(entries.iter().map(|(_, value)| value)),
            Value::Plain(text) | Value::Quoted(text) => {
                let mut dollars = 0;
                for part in text.split('$').skip(1) {
                    dollars += 1;
                    let other = |c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                    let name = part.split(other).next().unwrap_or_default();
                    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                        let list = if dollars >= 3 { &mut many } else { &mut single };
                        list.insert(name.to_owned());
                    }
                    if !part.is_empty() {
                        dollars = 0;
                    }
                }
            }
        }
    }
    (single, many)
}
