//! Python.

pub(crate) mod calls;
mod coding;
mod kinds;
pub(crate) mod literals;
pub(crate) mod standard;

use tree_sitter::Node;

use super::{Declaration, Exports, Language, all_run, field_text, no_test, text_of};
use crate::facts::lines::cut;

/// Python.
pub(crate) static LANGUAGE: Language = Language {
    id: "python",
    family: "python",
    aliases: &["py"],
    extensions: &["py", "py3", "pyi", "pyw", "wsgi"],
    file_names: &["SConstruct", "SConscript", "wscript"],
    interpreters: &["python", "pypy", "uv"],
    grammar: || tree_sitter_python::LANGUAGE.into(),
    identity: (274, 2_786),
    sigil: '\u{B5}',
    definitions: kinds::DEFINITIONS,
    scopes: &[],
    locals: &["lambda"],
    wrappers: kinds::WRAPPERS,
    leads: &[],
    comments: &["comment"],
    documents: |_| false,
    documented_inside: has_docstring,
    imports: kinds::IMPORTS,
    calls: kinds::CALLS,
    import_of_call: calls::import_of_call,
    asserts: &["assert_statement"],
    test_of_call: no_test,
    only_types: all_run,
    exports: &[("assignment", all_list), ("augmented_assignment", all_list)],
    visible,
    external: |_| false,
    dressings: kinds::DRESSINGS,
    preflight: coding::suspects,
    escaped_identifiers: false,
};

fn visible(declaration: &Declaration<'_, '_>) -> bool {
    let dunder = declaration.name.starts_with("__") && declaration.name.ends_with("__");
    dunder || !declaration.name.starts_with('_')
}

fn has_docstring(_: &str, node: Node<'_>) -> bool {
    let first = node.child_by_field_name("body").and_then(|body| body.named_child(0));
    let Some(first) = first else { return false };
    first.kind() == "string"
        || (first.kind() == "expression_statement" && first.named_child(0).is_some_and(|of| of.kind() == "string"))
}

/// Reads `__all__ = [...]` and `__all__ += [...]`.
fn all_list(text: &str, node: Node<'_>, exports: &mut Exports) {
    if field_text(text, node, "left") != "__all__" {
        return;
    }
    exports.closed = true;
    let Some(right) = node.child_by_field_name("right") else { return };
    let mut cursor = right.walk();
    for name in right.named_children(&mut cursor).filter(|child| child.kind() == "string") {
        exports.names.insert(text_of(text, name).trim_matches(['"', '\'']).to_owned());
    }
}

/// A dotted name may go on on the next line, after a backslash.
fn spaceless(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\\').collect()
}

/// Returns the dotted name of `a.b` or `a.b as c`.
fn dotted(text: &str, node: Node<'_>) -> String {
    match node.kind() {
        "aliased_import" => spaceless(field_text(text, node, "name")),
        _ => spaceless(text_of(text, node)),
    }
}

fn imported(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let mut cursor = node.walk();
    node.children_by_field_name("name", &mut cursor)
        .map(|name| (dotted(text, name), name.start_position().row))
        .collect()
}

fn imported_from(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let module = spaceless(field_text(text, node, "module_name"));
    // A long list must not multiply a long name.
    let module = cut(&module, 300);
    let join = |name: &str| if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
    let mut cursor = node.walk();
    let mut found: Vec<(String, usize)> = node
        .children_by_field_name("name", &mut cursor)
        .map(|name| (join(&dotted(text, name)), name.start_position().row))
        .collect();
    let mut cursor = node.walk();
    let wildcard = node.named_children(&mut cursor).find(|child| child.kind() == "wildcard_import");
    found.extend(wildcard.map(|star| (join("*"), star.start_position().row)));
    found
}

fn imported_future(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    imported(text, node).into_iter().map(|(name, row)| (format!("__future__.{name}"), row)).collect()
}

/// Names that an assignment binds; attributes and subscripts bind none.
fn assigned(text: &str, node: Node<'_>) -> Vec<String> {
    let Some(left) = node.child_by_field_name("left") else { return Vec::new() };
    if left.kind() == "identifier" {
        return vec![text_of(text, left).to_owned()];
    }
    if !matches!(left.kind(), "pattern_list" | "tuple_pattern" | "list_pattern") {
        return Vec::new();
    }
    let mut cursor = left.walk();
    left.named_children(&mut cursor)
        .filter(|name| name.kind() == "identifier")
        .map(|name| text_of(text, name).to_owned())
        .collect()
}

fn assigned_value(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    node.child_by_field_name("right").map(|right| right.byte_range())
}

fn assigned_kind(text: &str, node: Node<'_>, within: Option<&str>) -> &'static str {
    let name = field_text(text, node, "left");
    let upper =
        name.bytes().any(|byte| byte.is_ascii_uppercase()) && !name.bytes().any(|byte| byte.is_ascii_lowercase());
    match (upper, within) {
        (true, _) => "constant",
        (false, Some(_)) => "field",
        (false, None) => "variable",
    }
}
