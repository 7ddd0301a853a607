//! Rust: modules within a file, files that attributes name, aliases, and paths in the midst of code.

use tree_sitter::Node;

use super::{ImportForm, ImportLine, ImportWalk, TEXT_LIMIT, WITHIN_LIMIT};
use crate::facts::languages::{field_text, text_of};
use crate::facts::lines::{cut, line};

impl<'a> ImportWalk<'a> {
    pub(super) fn visit_rust(&mut self, node: Node<'a>, depth: u32) {
        match node.kind() {
            "mod_item" if node.child_by_field_name("body").is_some() => {
                let name = cut(field_text(self.text, node, "name"), WITHIN_LIMIT);
                self.within.push((depth, name.to_owned()));
            }
            "mod_item" => {
                let at = named_file(self.text, node);
                self.last_but(|import| import.at.clone_from(&at), 1);
            }
            "extern_crate_declaration" => {
                let alias = field_text(self.text, node, "alias").to_owned();
                self.last_but(|import| import.known_as.clone_from(&alias), 1);
            }
            "use_as_clause" => self.rename(node),
            "scoped_identifier" | "scoped_type_identifier" => self.rust_name(node),
            _ => {}
        }
    }

    /// Changes the import that was kept last.
    fn last_but(&mut self, change: impl Fn(&mut ImportLine), count: usize) {
        self.imports.iter_mut().rev().take(count).for_each(change);
    }

    /// Notes `as name` at the import that it belongs to; all names of the statement have been kept by now.
    fn rename(&mut self, node: Node<'a>) {
        let (path, alias) = (field_text(self.text, node, "path"), field_text(self.text, node, "alias"));
        let path: String = path.split_whitespace().collect();
        let place = line(node.start_position().row);
        let own = |import: &&mut ImportLine| {
            import.line == place && import.known_as.is_empty() && (path == "self" || import.raw.ends_with(&path))
        };
        if let Some(import) = self.imports.iter_mut().rev().find(own) {
            cut(alias, WITHIN_LIMIT).clone_into(&mut import.known_as);
        }
    }

    /// Keeps a path in the midst of code: `crate::store::open`, `serde_json::Value`.
    fn rust_name(&mut self, node: Node<'a>) {
        let Some(parent) = node.parent() else { return };
        let part = matches!(
            parent.kind(),
            "scoped_identifier"
                | "scoped_type_identifier"
                | "scoped_use_list"
                | "use_as_clause"
                | "use_declaration"
                | "use_list"
                | "use_wildcard"
                | "visibility_modifier"
        );
        if part {
            return;
        }
        let text = text_of(self.text, node);
        let text = cut(text.split(['<', '(', '[']).next().unwrap_or_default(), TEXT_LIMIT);
        let raw: String = text.split_whitespace().collect();
        let raw = raw.trim_end_matches("::");
        let is_module = raw.split("::").find(|part| !part.is_empty()).is_some_and(|first| {
            first.chars().next().is_some_and(|letter| letter.is_lowercase() || letter == '_') && first != "self"
        });
        if is_module && raw.contains("::") {
            let line = line(node.start_position().row);
            self.keep(ImportLine { raw: raw.to_owned(), line, form: ImportForm::Inline, ..ImportLine::default() });
        }
    }
}

/// Returns the file that `#[path = "..."]` before a module names.
fn named_file(text: &str, node: Node<'_>) -> String {
    let mut before = node.prev_sibling();
    while let Some(attribute) = before.filter(|node| node.kind() == "attribute_item" || node.is_extra()) {
        let inner: String = text_of(text, attribute).split_whitespace().collect();
        if let Some(rest) = inner.strip_prefix("#[path=\"") {
            return cut(rest.split('"').next().unwrap_or_default(), TEXT_LIMIT).to_owned();
        }
        before = attribute.prev_sibling();
    }
    String::new()
}
