//! What only one language has: modules within a file, names in full, imports by call.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{ImportForm, ImportLine, ImportWalk, TEXT_LIMIT, WITHIN_LIMIT};
use crate::facts::languages::{field_text, text_of};
use crate::facts::lines::{cut, line};

/// Leading parts of package names that are taken for such in the midst of Java code.
pub(crate) const DOMAINS: &[&str] =
    &["com", "de", "dev", "edu", "fr", "gov", "io", "jakarta", "java", "javax", "kotlin", "net", "org", "scala"];

/// Calls of Python that import what their first argument names.
pub(crate) const PYTHON_CALLS: &[&str] = &["__import__", "import_module", "importlib.import_module"];

/// Returns the form that a kind of node means.
pub(super) fn form(family: &str, node: &str) -> ImportForm {
    match (family, node) {
        ("rust", "mod_item") => ImportForm::Part,
        ("rust", "extern_crate_declaration") => ImportForm::Package,
        _ => ImportForm::Use,
    }
}

/// Sorts imports by place and keeps each name in full once, and only where no statement brings its first part in.
pub(super) fn settled(mut imports: Vec<ImportLine>) -> Vec<ImportLine> {
    imports.sort();
    imports.dedup();
    let names: BTreeSet<(String, String)> = imports
        .iter()
        .filter(|import| import.form != ImportForm::Inline)
        .map(|import| {
            let last = import.raw.rsplit("::").next().unwrap_or_default();
            let name = if import.known_as.is_empty() { last } else { &import.known_as };
            (import.within.clone(), name.to_owned())
        })
        .collect();
    let stated: BTreeSet<(String, String)> = imports
        .iter()
        .filter(|import| import.form != ImportForm::Inline)
        .map(|import| (import.within.clone(), import.raw.clone()))
        .collect();
    let mut seen = BTreeSet::new();
    imports.retain(|import| {
        let first = import.raw.split("::").next().unwrap_or_default().to_owned();
        let key = (import.within.clone(), import.raw.clone());
        import.form != ImportForm::Inline
            || (!names.contains(&(import.within.clone(), first)) && !stated.contains(&key) && seen.insert(key))
    });
    imports
}

impl<'a> ImportWalk<'a> {
    pub(super) fn visit_java(&mut self, node: Node<'a>) {
        match node.kind() {
            "package_declaration" => {
                let mut cursor = node.walk();
                let is_name = |part: &Node<'_>| matches!(part.kind(), "identifier" | "scoped_identifier");
                let name = node.named_children(&mut cursor).find(is_name);
                let name: String = name.map_or("", |name| text_of(self.text, name)).split_whitespace().collect();
                self.package = cut(&name, TEXT_LIMIT).to_owned();
            }
            "scoped_type_identifier" | "field_access" => self.java_name(node),
            _ => {}
        }
    }

    /// Keeps `org.shop.Store` of a chain, up to the first part that begins like a class.
    fn java_name(&mut self, node: Node<'a>) {
        // Only what stands at the end of a package: the parts around it say no more.
        let inner = node.child(0).map_or("", |inner| text_of(self.text, inner));
        let outer = text_of(self.text, node);
        let is_class = |part: &str| part.trim().chars().next().is_some_and(char::is_uppercase);
        let Some(last) = outer.get(inner.len()..).map(|rest| rest.trim_start_matches(['.', ' ', '\n', '\t', '\r']))
        else {
            return;
        };
        let mut parts = inner.split('.');
        let known = parts.next().is_some_and(|first| DOMAINS.contains(&first.trim()));
        if known && is_class(last) && inner.len() < TEXT_LIMIT && !inner.split('.').any(is_class) {
            let raw = format!("{inner}.{last}").split_whitespace().collect();
            let line = line(node.start_position().row);
            self.keep(ImportLine { raw, line, form: ImportForm::Inline, ..ImportLine::default() });
        }
    }

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
