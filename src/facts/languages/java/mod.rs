//! Java.

mod escapes;
mod kinds;

use tree_sitter::Node;

use super::{Declaration, Language, all_run, no_import, no_test, not_inside, text_of};

/// Java.
pub(crate) static LANGUAGE: Language = Language {
    id: "java",
    family: "java",
    aliases: &[],
    extensions: &["java"],
    file_names: &[],
    interpreters: &["java"],
    grammar: || tree_sitter_java::LANGUAGE.into(),
    identity: (321, 1_385),
    sigil: '$',
    definitions: kinds::DEFINITIONS,
    scopes: &[],
    locals: &["lambda_expression", "block", "constructor_body", "object_creation_expression"],
    wrappers: &[],
    leads: &[],
    comments: &["block_comment", "line_comment"],
    documents: |comment| comment.starts_with("/**") || comment.starts_with("///"),
    documented_inside: not_inside,
    imports: kinds::IMPORTS,
    calls: kinds::CALLS,
    import_of_call: no_import,
    asserts: &["assert_statement"],
    test_of_call: no_test,
    only_types: all_run,
    exports: &[],
    visible,
    external: |raw| raw.starts_with("java.") || raw.starts_with("javax."),
    dressings: kinds::DRESSINGS,
    preflight: escapes::suspects,
    // Java's escapes are found in the raw text, wherever they stand.
    escaped_identifiers: false,
};

fn modifiers<'a>(text: &'a str, node: Node<'_>) -> impl Iterator<Item = &'a str> {
    let mut cursor = node.walk();
    let found = node.children(&mut cursor).find(|child| child.kind() == "modifiers");
    let mut words = Vec::new();
    if let Some(found) = found {
        let mut cursor = found.walk();
        words.extend(found.children(&mut cursor).filter(|word| !word.is_named()).map(|word| text_of(text, word)));
    }
    words.into_iter()
}

fn visible(declaration: &Declaration<'_, '_>) -> bool {
    let open = modifiers(declaration.text, declaration.node).any(|word| word == "public" || word == "protected");
    let hidden = modifiers(declaration.text, declaration.node).any(|word| word == "private");
    let implicit = matches!(declaration.within, Some("interface_declaration" | "annotation_type_declaration"))
        || declaration.node.kind() == "enum_constant";
    open || (implicit && !hidden)
}

/// Returns what follows `import`, without `static` and white space.
fn imported(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let mut raw = String::new();
    let mut cursor = node.walk();
    for part in node.children(&mut cursor) {
        match part.kind() {
            "identifier" | "scoped_identifier" => raw.extend(text_of(text, part).split_whitespace()),
            "asterisk" => raw.push_str(".*"),
            _ => {}
        }
    }
    vec![(raw, node.start_position().row)]
}

/// Names of all declarators of a field.
fn declared(text: &str, node: Node<'_>) -> Vec<String> {
    let mut cursor = node.walk();
    node.children_by_field_name("declarator", &mut cursor)
        .filter_map(|declarator| declarator.child_by_field_name("name"))
        .map(|name| text_of(text, name).to_owned())
        .collect()
}

/// The value of a field with one declarator.
fn declared_value(node: Node<'_>) -> Option<std::ops::Range<usize>> {
    let mut cursor = node.walk();
    let mut declarators = node.children_by_field_name("declarator", &mut cursor);
    let only = declarators.next()?;
    if declarators.next().is_some() {
        return None;
    }
    only.child_by_field_name("value").map(|value| value.byte_range())
}

fn field_kind(text: &str, node: Node<'_>, _: Option<&str>) -> &'static str {
    let constant = modifiers(text, node).filter(|word| *word == "static" || *word == "final").count() == 2;
    if constant { "constant" } else { "field" }
}
