//! TypeScript, and what TSX and JavaScript share with it.

pub(super) mod kinds;
mod loads;
mod suites;

use tree_sitter::Node;

use std::borrow::Cow;

use super::escapes::{Dialect, decoded};
use super::{Declaration, Exports, Language, field_text, no_preflight, not_inside, text_of};

/// TypeScript.
pub(crate) static LANGUAGE: Language = Language {
    id: "typescript",
    aliases: &["ts"],
    extensions: &["ts", "mts", "cts"],
    file_names: &[],
    interpreters: &["deno", "ts-node", "tsx"],
    grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    identity: (383, 5_870),
    dressings: kinds::ASSERTED_DRESSINGS,
    ..SHARED
};

/// What the three have in common, as TypeScript has it.
pub(super) const SHARED: Language = Language {
    id: "",
    family: "javascript",
    aliases: &[],
    extensions: &[],
    file_names: &[],
    interpreters: &[],
    grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    identity: (0, 0),
    sigil: '$',
    definitions: kinds::TYPED,
    scopes: &[],
    locals: kinds::LOCALS,
    wrappers: kinds::WRAPPERS,
    leads: &["decorator"],
    comments: &["comment"],
    documents: |comment| comment.starts_with("/**"),
    documented_inside: not_inside,
    imports: kinds::TYPED_IMPORTS,
    calls: kinds::CALLS,
    import_of_call: loads::import_of_call,
    asserts: &[],
    test_of_call: suites::test_of_call,
    only_types,
    exports: &[
        ("export_clause", export_clause),
        ("export_statement", export_name),
        ("assignment_expression", common_js),
    ],
    visible,
    external: |raw| raw.starts_with("node:"),
    dressings: kinds::TYPED_DRESSINGS,
    preflight: no_preflight,
    escaped_identifiers: true,
};

fn visible(declaration: &Declaration<'_, '_>) -> bool {
    if declaration.within.is_none() || declaration.within == Some("internal_module") {
        return declaration.wrapped;
    }
    if declaration.name.starts_with('#') {
        return false;
    }
    let mut cursor = declaration.node.walk();
    let modifier = declaration.node.children(&mut cursor).find(|child| child.kind() == "accessibility_modifier");
    modifier.is_none_or(|modifier| text_of(declaration.text, modifier) != "private")
}

/// Reads `export { a, b as c }`.
fn export_clause(text: &str, node: Node<'_>, exports: &mut Exports) {
    let mut cursor = node.walk();
    for specifier in node.named_children(&mut cursor) {
        exports.names.insert(field_text(text, specifier, "name").to_owned());
    }
}

/// Reads `export default name` and `export = name`.
fn export_name(text: &str, node: Node<'_>, exports: &mut Exports) {
    let mut cursor = node.walk();
    for name in node.named_children(&mut cursor).filter(|child| child.kind() == "identifier") {
        exports.names.insert(text_of(text, name).to_owned());
    }
}

/// Reads `module.exports = name`, `module.exports = { a, b: c }`, `exports.a = name`.
fn common_js(text: &str, node: Node<'_>, exports: &mut Exports) {
    let left = field_text(text, node, "left");
    if left != "module.exports" && !left.starts_with("exports.") && !left.starts_with("module.exports.") {
        return;
    }
    let Some(right) = node.child_by_field_name("right") else { return };
    let mut cursor = right.walk();
    let parts = right.named_children(&mut cursor).map(|part| part.child_by_field_name("value").unwrap_or(part));
    let names = std::iter::once(right).chain(parts);
    let names = names.filter(|name| matches!(name.kind(), "identifier" | "shorthand_property_identifier"));
    exports.names.extend(names.map(|name| text_of(text, name).to_owned()));
    exports.names.extend(assigned(text, node));
}

/// Names of `exports.a = function ...` and `module.exports.a = class ...`; other assignments define nothing.
fn assigned(text: &str, node: Node<'_>) -> Vec<String> {
    let left = field_text(text, node, "left");
    let name = left.strip_prefix("module.").unwrap_or(left).strip_prefix("exports.");
    let defines = |value: Node<'_>| is_function(value.kind()) || value.kind() == "class";
    let right = node.child_by_field_name("right").filter(|right| defines(*right));
    name.filter(|_| right.is_some()).map(str::to_owned).into_iter().collect()
}

fn assigned_body(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    node.child_by_field_name("right")?.child_by_field_name("body").map(|body| body.byte_range())
}

fn assigned_kind(_: &str, node: Node<'_>, _: Option<&str>) -> &'static str {
    match node.child_by_field_name("right") {
        Some(right) if right.kind() == "class" => "class",
        _ => "function",
    }
}

fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).to_owned()
}

/// Returns what a string between quotes says; one with a broken escape as it stands there.
fn said(written: &str) -> String {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    decoded(inner, Dialect::JavaScript).map_or_else(|| inner.to_owned(), Cow::into_owned)
}

/// `import type` and `export type` name types and nothing else; with `type` before single names the module may run.
fn only_types(text: &str, node: Node<'_>) -> bool {
    let statement = if node.kind() == "import_require_clause" { node.parent() } else { Some(node) };
    let Some(statement) = statement else { return false };
    let mut cursor = statement.walk();
    // The grammar does not know `export type * from` yet.
    let is_type = |child: Node<'_>| child.kind() == "type" || (child.is_error() && text_of(text, child) == "type");
    statement.children(&mut cursor).take(3).any(is_type)
}

fn source_of(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let source = node.child_by_field_name("source");
    source.map(|source| (said(text_of(text, source)), source.start_position().row)).into_iter().collect()
}

/// Names that a `const`, `let` or `var` binds, destructured ones included; without recursion.
fn bound(text: &str, node: Node<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut cursor = node.walk();
    let mut open: Vec<Node<'_>> = node
        .named_children(&mut cursor)
        .filter(|child| child.kind() == "variable_declarator")
        .filter_map(|declarator| declarator.child_by_field_name("name"))
        .collect();
    open.reverse();
    while let Some(pattern) = open.pop() {
        match pattern.kind() {
            "identifier" | "shorthand_property_identifier_pattern" => names.push(text_of(text, pattern).to_owned()),
            "pair_pattern" => open.extend(pattern.child_by_field_name("value")),
            "assignment_pattern" | "object_assignment_pattern" => open.extend(pattern.child_by_field_name("left")),
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                let mut cursor = pattern.walk();
                let mut parts: Vec<Node<'_>> = pattern.named_children(&mut cursor).collect();
                parts.reverse();
                open.append(&mut parts);
            }
            _ => {}
        }
    }
    names
}

fn only_value(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let mut declarators = node.named_children(&mut cursor).filter(|child| child.kind() == "variable_declarator");
    let only = declarators.next()?;
    if declarators.next().is_some() { None } else { only.child_by_field_name("value") }
}

fn is_function(kind: &str) -> bool {
    matches!(kind, "arrow_function" | "function_expression" | "generator_function")
}

/// The value, or of a function the function's own body.
fn bound_body(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    let value = only_value(node)?;
    let body = if is_function(value.kind()) { value.child_by_field_name("body") } else { None };
    Some(body.unwrap_or(value).byte_range())
}

fn bound_kind(text: &str, node: Node<'_>, _: Option<&str>) -> &'static str {
    match only_value(node).map(|value| value.kind()) {
        Some(kind) if is_function(kind) => "function",
        Some("class") => "class",
        _ if field_text(text, node, "kind") == "const" => "constant",
        _ => "variable",
    }
}

/// The value of a field; of a function the function's own body.
fn field_body(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    let value = node.child_by_field_name("value")?;
    let body = if is_function(value.kind()) { value.child_by_field_name("body") } else { None };
    Some(body.unwrap_or(value).byte_range())
}

fn field_kind(_: &str, node: Node<'_>, _: Option<&str>) -> &'static str {
    match node.child_by_field_name("value") {
        Some(value) if is_function(value.kind()) => "method",
        _ => "field",
    }
}

fn member_names(text: &str, node: Node<'_>) -> Vec<String> {
    let mut names = super::names_of_field(text, node);
    if names.is_empty() {
        names.extend(node.child_by_field_name("property").map(|name| text_of(text, name).to_owned()));
    }
    names.iter().map(|name| unquoted(name)).collect()
}

fn module_names(text: &str, node: Node<'_>) -> Vec<String> {
    super::names_of_field(text, node).iter().map(|name| unquoted(name)).collect()
}

/// Names of the members of an enum that have no value; the others are nodes of their own.
fn enum_names(text: &str, node: Node<'_>) -> Vec<String> {
    super::names_of_field(text, node).iter().map(|name| unquoted(name)).collect()
}
