//! One rule object of the specification -> a matcher, and how a pattern text is best read in its language.
//!
//! Owns what makes an object unusable here: a pattern with a syntax error compiles in ast-grep and never matches.

use ast_grep_config::{GlobalRules, SerializableRuleConfig};
use ast_grep_core::Matcher as _;
use serde_json::{Map, Value, json};
use tree_sitter::{Node, Parser};

use super::load::{chain, is_relational};
use super::{CompiledPattern, Needles, PatternLanguage, Undress, language::with_sigil};
use crate::facts::languages::{self, LANGUAGES, Language};

/// Statements and expressions that mean something else, or nothing, at the top of a file: read inside of this.
/// At the top of a Go file `f($X)` is a type conversion; at the top of a Rust file it is an error.
const AROUND: &[(&str, &str, &str)] = &[("go", "func _() {\n", "\n}"), ("rust", "fn around() {\n", "\n}")];

/// Returns the language of an id.
pub(crate) fn language(id: &str) -> Result<&'static Language, String> {
    languages::named(id).ok_or_else(|| format!("there is no language `{id}`"))
}

/// Compiles one rule object (JSON: `rule`, `constraints`, `utils`, `transform`, `rewriters`).
pub(crate) fn compile(id: &str, language_id: &str, object: &str) -> Result<CompiledPattern, String> {
    let language = language(language_id)?;
    let mut object: Map<String, Value> = serde_json::from_str(object).map_err(|error| error.to_string())?;
    object.insert("id".to_owned(), json!(id));
    object.insert("language".to_owned(), json!(language.id));
    let object = Value::Object(object);
    let (relational, undress) = (is_relational(&object), Undress::unless_written(language, &object));
    let mut config: SerializableRuleConfig<PatternLanguage> =
        serde_json::from_value(object).map_err(|error| error.to_string())?;
    config.language.undress = undress;
    let matcher = config.get_matcher(&GlobalRules::default()).map_err(|error| chain(&error))?;
    if matcher.potential_kinds().is_none() {
        return Err("it could match any node; add `kind` or a pattern".to_owned());
    }
    Ok(CompiledPattern { id: id.to_owned(), matcher, relational, undress, needles: Needles::default() })
}

/// Returns the first pattern text of an object that holds a syntax error in its language.
pub(crate) fn broken_pattern(language: &Language, object: &Value) -> Option<String> {
    let mut open = vec![object];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(pattern)) = map.get("pattern")
                    && has_error(language, pattern)
                {
                    return Some(pattern.clone());
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    None
}

/// Returns the pattern as ast-grep reads it best: the text, or the text inside of what it needs around it.
pub(crate) fn pattern_value(language: &Language, text: &str) -> Value {
    let around = AROUND.iter().find(|(id, ..)| *id == language.id);
    let around = around.filter(|_| language.id == "go" || has_error(language, text));
    around.and_then(|(_, before, after)| inside(language, text, before, after)).unwrap_or_else(|| json!(text))
}

/// Returns the object `{context, selector}` when the text is exactly one statement or expression inside.
fn inside(language: &Language, text: &str, before: &str, after: &str) -> Option<Value> {
    let context = format!("{before}{text}{after}");
    let tree = parse(language, &context)?;
    if tree.root_node().has_error() {
        return None;
    }
    // What stands inside covers exactly the text.
    let end = before.len().saturating_add(with_sigil(text, language.sigil).len());
    let mut node = tree.root_node().named_descendant_for_byte_range(before.len(), end)?;
    while node.start_byte() < before.len() || node.end_byte() > end || wraps_one(node) {
        node = only_child(node)?;
    }
    // The selector takes the first node of its kind; one that the surroundings have as well would be theirs.
    (first_of_kind(tree.root_node(), node.kind_id())? == node)
        .then(|| json!({"context": context, "selector": node.kind()}))
}

fn wraps_one(node: Node<'_>) -> bool {
    matches!(node.kind(), "expression_statement" | "statement_list" | "block") && only_child(node).is_some()
}

fn only_child(node: Node<'_>) -> Option<Node<'_>> {
    (node.named_child_count() == 1).then(|| node.named_child(0)).flatten()
}

fn first_of_kind(root: Node<'_>, kind: u16) -> Option<Node<'_>> {
    let mut cursor = root.walk();
    loop {
        if cursor.node().kind_id() == kind {
            return Some(cursor.node());
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

fn parse(language: &Language, pattern: &str) -> Option<tree_sitter::Tree> {
    let mut parser = Parser::new();
    parser.set_language(&(language.grammar)()).ok()?;
    parser.parse(with_sigil(pattern, language.sigil), None)
}

/// A missing semicolon at the end does no harm; a missing bracket is a slip, and what could not be read never matches.
fn has_error(language: &Language, pattern: &str) -> bool {
    let Some(tree) = parse(language, pattern) else { return true };
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || (node.is_missing() && matches!(node.kind(), ")" | "]" | "}")) {
            return true;
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
        }
    }
}

/// Returns the ids of all languages.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> + Clone {
    LANGUAGES.iter().map(|language| language.id)
}
