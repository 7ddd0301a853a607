//! Python: imports by call.

use tree_sitter::Node;

use super::{ImportLine, ImportWalk};
use crate::facts::languages::{field_text, text_of};
use crate::facts::lines::line;

/// Calls of Python that import what their first argument names.
pub(crate) const PYTHON_CALLS: &[&str] = &["__import__", "import_module", "importlib.import_module"];

impl<'a> ImportWalk<'a> {
    pub(super) fn visit_python(&mut self, node: Node<'a>) {
        if node.kind() != "call" || !PYTHON_CALLS.contains(&field_text(self.text, node, "function")) {
            return;
        }
        let argument = node.child_by_field_name("arguments").and_then(|list| list.named_child(0));
        let Some(argument) = argument.filter(|argument| argument.kind() == "string") else { return };
        let raw = text_of(self.text, argument).trim_matches(['"', '\'']).to_owned();
        let is_name = |raw: &str| raw.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.'));
        if !raw.is_empty() && is_name(&raw) {
            self.keep(ImportLine { raw, line: line(node.start_position().row), ..ImportLine::default() });
        }
    }
}
