//! Literals of Python: what an expression made of nothing but strings says.
//!
//! Owns prefixes, escapes, strings side by side and `+`. What holds anything else says nothing here.

use tree_sitter::Node;

use super::super::escapes::{Dialect, decoded};
use super::super::text_of;

/// Parts of one expression that are read.
const PARTS: usize = 1_000;

/// Returns the text of a literal, or none when anything but strings is part of it.
pub(crate) fn literal(text: &str, node: Node<'_>) -> Option<String> {
    let mut said = String::new();
    let mut open = vec![node];
    for _ in 0..PARTS {
        let Some(node) = open.pop() else { return Some(said) };
        match node.kind() {
            "string" => said.push_str(&string(text, node)?),
            "concatenated_string" | "parenthesized_expression" => {
                let mut cursor = node.walk();
                let parts = node.named_children(&mut cursor).filter(|part| !part.is_extra());
                let first = open.len();
                open.extend(parts);
                open.get_mut(first..)?.reverse();
            }
            "binary_operator" if text_of(text, node.child_by_field_name("operator")?) == "+" => {
                open.extend([node.child_by_field_name("right")?, node.child_by_field_name("left")?]);
            }
            _ => return None,
        }
    }
    None
}

fn string(text: &str, node: Node<'_>) -> Option<String> {
    let mut cursor = node.walk();
    let (mut start, mut end) = (None, None);
    for part in node.children(&mut cursor) {
        match part.kind() {
            "interpolation" => return None,
            "string_start" => start = Some(part),
            "string_end" => end = Some(part),
            _ => {}
        }
    }
    let (start, end) = (start?, end?);
    let inner = text.get(start.end_byte()..end.start_byte())?;
    let prefix = text_of(text, start).to_ascii_lowercase();
    let raw = prefix.contains('r');
    let said = if raw { inner.into() } else { decoded(inner, Dialect::Python)? };
    Some(if prefix.contains('f') { said.replace("{{", "{").replace("}}", "}") } else { said.into_owned() })
}
