//! Go.

mod kinds;

use std::borrow::Cow;

use tree_sitter::Node;

use super::escapes::{Dialect, decoded};
use super::{Declaration, Language, all_run, field_text, no_import, no_preflight, no_test, not_inside, text_of};

/// Go.
pub(crate) static LANGUAGE: Language = Language {
    id: "go",
    family: "go",
    aliases: &["golang"],
    extensions: &["go"],
    file_names: &[],
    interpreters: &[],
    grammar: || tree_sitter_go::LANGUAGE.into(),
    identity: (219, 1_442),
    sigil: '\u{B5}',
    definitions: kinds::DEFINITIONS,
    scopes: &[],
    locals: &["func_literal", "block"],
    wrappers: kinds::WRAPPERS,
    leads: &[],
    comments: &["comment"],
    documents: |comment| !comment.starts_with("//go:"),
    documented_inside: not_inside,
    imports: kinds::IMPORTS,
    calls: kinds::CALLS,
    import_of_call: no_import,
    asserts: &[],
    test_of_call: no_test,
    only_types: all_run,
    exports: &[],
    visible,
    external: |_| false,
    dressings: kinds::DRESSINGS,
    preflight: no_preflight,
    escaped_identifiers: false,
};

fn visible(declaration: &Declaration<'_, '_>) -> bool {
    declaration.name.chars().next().is_some_and(char::is_uppercase)
}

fn import_path(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let written = field_text(text, node, "path");
    let path = match written.strip_prefix('`') {
        // A raw string has no carriage returns.
        Some(raw) => raw.trim_end_matches('`').replace('\r', ""),
        None => {
            let inner = written.trim_matches('"');
            decoded(inner, Dialect::Go).map_or_else(|| inner.to_owned(), Cow::into_owned)
        }
    };
    vec![(path, node.start_position().row)]
}

/// Returns the type of a method's receiver, without pointer and type parameters.
fn receiver(text: &str, node: Node<'_>) -> Option<String> {
    let list = node.child_by_field_name("receiver")?;
    let mut cursor = list.walk();
    let parameter = list.named_children(&mut cursor).find(|child| child.kind() == "parameter_declaration")?;
    let name = text_of(text, parameter.child_by_field_name("type")?);
    let name = name.trim_start_matches(['*', '(', ' ']).split(['[', ')', ' ']).next().unwrap_or_default();
    Some(name.to_owned())
}

/// Names of a field: its own, or the last part of an embedded type.
fn field_names(text: &str, node: Node<'_>) -> Vec<String> {
    let names = super::names_of_field(text, node);
    if !names.is_empty() {
        return names;
    }
    let embedded = field_text(text, node, "type").trim_start_matches('*');
    let embedded = embedded.split('[').next().unwrap_or_default();
    embedded.rsplit('.').next().filter(|name| !name.is_empty()).map(str::to_owned).into_iter().collect()
}

fn type_kind(_: &str, node: Node<'_>, _: Option<&str>) -> &'static str {
    match node.child_by_field_name("type").map_or("", |of| of.kind()) {
        "struct_type" => "struct",
        "interface_type" => "interface",
        _ => "type",
    }
}

/// Body of a type: the fields of a struct, the methods of an interface.
fn type_body(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    let of = node.child_by_field_name("type")?;
    match of.kind() {
        "struct_type" => of.named_child(0).map(|fields| fields.start_byte()..of.end_byte()),
        "interface_type" => Some(of.start_byte().saturating_add("interface".len())..of.end_byte()),
        _ => None,
    }
}
