//! Java: the package that a file declares, and names in full in the midst of code.

use tree_sitter::Node;

use super::{ImportForm, ImportLine, ImportWalk, TEXT_LIMIT};
use crate::facts::languages::text_of;
use crate::facts::lines::{cut, line};

/// Leading parts of package names that are taken for such in the midst of Java code.
pub(crate) const DOMAINS: &[&str] =
    &["com", "de", "dev", "edu", "fr", "gov", "io", "jakarta", "java", "javax", "kotlin", "net", "org", "scala"];

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
}
