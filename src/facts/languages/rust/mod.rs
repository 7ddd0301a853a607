//! Rust.

mod kinds;

use std::rc::Rc;

use tree_sitter::Node;

use super::{Declaration, Language, all_run, field_text, no_import, no_preflight, no_test, not_inside, text_of};
use crate::facts::lines::cut;

/// Characters of a path that the names of a use list share.
const PREFIX_LIMIT: usize = 300;

/// Rust.
pub(crate) static LANGUAGE: Language = Language {
    id: "rust",
    family: "rust",
    aliases: &["rs"],
    extensions: &["rs"],
    file_names: &[],
    interpreters: &["rust-script"],
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    identity: (355, 3_825),
    sigil: '\u{B5}',
    definitions: kinds::DEFINITIONS,
    scopes: kinds::SCOPES,
    locals: kinds::LOCALS,
    wrappers: &[],
    leads: &["attribute_item"],
    comments: &["line_comment", "block_comment"],
    documents: |comment| {
        (comment.starts_with("///") && !comment.starts_with("////"))
            || (comment.starts_with("/**") && !comment.starts_with("/***") && comment.len() > 4)
    },
    documented_inside: not_inside,
    imports: kinds::IMPORTS,
    calls: kinds::CALLS,
    import_of_call: no_import,
    asserts: &[],
    test_of_call: no_test,
    only_types: all_run,
    exports: &[],
    visible,
    external: |raw| {
        let first = raw.trim_start_matches("::").split("::").next().unwrap_or_default();
        matches!(first, "std" | "core" | "alloc")
    },
    dressings: kinds::DRESSINGS,
    preflight: no_preflight,
    escaped_identifiers: false,
};

fn visible(declaration: &Declaration<'_, '_>) -> bool {
    if matches!(declaration.within, Some("trait_item" | "enum_item")) {
        return true;
    }
    if declaration.node.kind() == "macro_definition" {
        return macro_exported(declaration);
    }
    let mut cursor = declaration.node.walk();
    let modifier = declaration.node.children(&mut cursor).find(|child| child.kind() == "visibility_modifier");
    // `pub(crate)`, `pub(super)` and `pub(in path)` end at the crate.
    modifier.is_some_and(|modifier| text_of(declaration.text, modifier).trim() == "pub")
}

fn macro_exported(declaration: &Declaration<'_, '_>) -> bool {
    let before = declaration.text.get(..declaration.node.start_byte()).unwrap_or_default();
    before
        .lines()
        .rev()
        .map(str::trim)
        .skip_while(|line| line.is_empty())
        .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
        .any(|line| line.starts_with("#[macro_export"))
}

/// Expands a use tree to one path a name, without recursion.
fn use_paths(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    let mut paths = Vec::new();
    let Some(argument) = node.child_by_field_name("argument") else { return paths };
    let mut open = vec![(Rc::<str>::from(""), argument)];
    while let Some((prefix, node)) = open.pop() {
        let join = |tail: &str| {
            let tail: String = tail.split_whitespace().collect();
            match (prefix.is_empty(), tail.as_str()) {
                (true, _) => tail,
                (false, "self") => prefix.to_string(),
                (false, _) => format!("{prefix}::{tail}"),
            }
        };
        match node.kind() {
            "scoped_use_list" => {
                let prefix = match field_text(text, node, "path") {
                    "" => prefix.clone(),
                    // Nesting must not multiply long names.
                    path => cut(&join(path), PREFIX_LIMIT).into(),
                };
                open.extend(node.child_by_field_name("list").map(|list| (prefix, list)));
            }
            "use_list" => {
                let mut cursor = node.walk();
                let parts: Vec<Node<'_>> = node.named_children(&mut cursor).filter(|part| !part.is_extra()).collect();
                open.extend(parts.into_iter().rev().map(|part| (prefix.clone(), part)));
            }
            "use_as_clause" => paths.push((join(field_text(text, node, "path")), node.start_position().row)),
            _ => paths.push((join(text_of(text, node)), node.start_position().row)),
        }
    }
    paths
}

fn module_file(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    if node.child_by_field_name("body").is_some() {
        return Vec::new();
    }
    vec![(format!("self::{}", field_text(text, node, "name")), node.start_position().row)]
}

fn extern_crate(text: &str, node: Node<'_>) -> Vec<(String, usize)> {
    vec![(field_text(text, node, "name").to_owned(), node.start_position().row)]
}

/// Returns the type that an `impl` is for, without generics and path.
fn implemented(text: &str, node: Node<'_>) -> String {
    let name = field_text(text, node, "type").trim_start_matches(['&', '*', ' ']);
    let name = name.trim_start_matches("dyn ").trim_start_matches("mut ");
    let name = name.split('<').next().unwrap_or_default().trim();
    name.rsplit("::").next().unwrap_or_default().to_owned()
}
