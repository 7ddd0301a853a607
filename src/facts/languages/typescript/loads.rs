//! Calls of TypeScript and JavaScript that import: which they are, and what they import.
//!
//! Owns the loaders of Node.js and the calls that bundlers read as imports (`import.meta.glob`, `require.context`,
//! `new URL("./x", import.meta.url)`). A name that is made while the program runs is kept as it stands there.

use tree_sitter::Node;

use super::super::escapes::{Dialect, decoded};
use super::super::{Called, field_text, text_of};
use super::said;
use crate::facts::lines::collapse_into;

/// Characters of a call with a computed name that are kept.
const CALL_LIMIT: usize = 200;

/// Parts of one expression of literals that are read.
const PARTS: usize = 1_000;

/// Branches of one expression that are read.
const CHOICES: usize = 50;

/// Patterns of one call that are read.
const GLOBS: usize = 100;

/// Returns what an expression of nothing but strings says.
fn literal(text: &str, node: Node<'_>) -> Option<String> {
    let mut found = String::new();
    let mut open = vec![node];
    for _ in 0..PARTS {
        let Some(node) = open.pop().map(undressed) else { return Some(found) };
        let written = text_of(text, node);
        match node.kind() {
            "string" => found.push_str(&said(written)),
            "template_string" if !has_placeholder(node) => found.push_str(&said(written)),
            "binary_expression" if field_text(text, node, "operator") == "+" => {
                open.extend([node.child_by_field_name("right")?, node.child_by_field_name("left")?]);
            }
            _ => return None,
        }
    }
    None
}

fn has_placeholder(template: Node<'_>) -> bool {
    let mut cursor = template.walk();
    template.named_children(&mut cursor).any(|part| part.kind() == "template_substitution")
}

/// Returns `a.b.c`, each name without escapes; what is no name before the first dot is `?`.
fn dotted(text: &str, node: Node<'_>) -> String {
    let mut parts = Vec::new();
    let mut node = undressed(node);
    for _ in 0..8 {
        let last = match node.kind() {
            "identifier" | "import" => text_of(text, node),
            "meta_property" if text_of(text, node).starts_with("import") => "import.meta",
            "member_expression" => field_text(text, node, "property"),
            _ => "?",
        };
        parts.push(decoded(last, Dialect::JavaScript).unwrap_or(last.into()));
        match node.child_by_field_name("object").filter(|_| node.kind() == "member_expression") {
            Some(object) => node = undressed(object),
            None => break,
        }
    }
    parts.reverse();
    parts.join(".")
}

/// Says whether a dotted name is this one, or ends with it.
fn ends(name: &str, with: &str) -> bool {
    name.strip_suffix(with).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Reads what a call or a `new` imports, however it is dressed; of a name that is computed the whole call.
pub(super) fn import_of_call(text: &str, node: Node<'_>) -> Vec<Called> {
    let arguments: Vec<Node<'_>> = node.child_by_field_name("arguments").map_or(Vec::new(), |list| {
        let mut cursor = list.walk();
        list.named_children(&mut cursor).filter(|child| !child.is_extra()).take(4).collect()
    });
    let Some(first) = arguments.first().copied() else { return Vec::new() };
    if let Some(made) = node.child_by_field_name("constructor") {
        let base = arguments.get(1).map(|base| dotted(text, *base));
        let beside = ends(&dotted(text, made), "URL") && base.as_deref() == Some("import.meta.url");
        return if beside { literal(text, first).and_then(beside_file).into_iter().collect() } else { Vec::new() };
    }
    let Some(callee) = node.child_by_field_name("function").map(undressed) else { return Vec::new() };
    let made = callee.kind() == "call_expression" && field_text(text, callee, "function").ends_with("createRequire");
    let name = dotted(text, callee);
    if ends(&name, "import.meta.glob") || ends(&name, "import.meta.globEager") {
        return globs(text, first);
    }
    if ends(&name, "require.context") {
        return context(text, &arguments).into_iter().collect();
    }
    let resolves = matches!(name.as_str(), "import" | "require.resolve" | "import.meta.resolve");
    if !made && !resolves && !ends(&name, "require") {
        return Vec::new();
    }
    let found = choices(first).into_iter().map(|one| literal(text, one).or_else(|| beside_here(text, one)));
    let mut called: Vec<Called> =
        found.map(|raw| raw.map_or_else(|| computed(text, node), |raw| Called { raw, ..Called::default() })).collect();
    called.dedup();
    called
}

/// Returns what an expression may give: each branch of `a ? b : c`, and both sides of `a || b` and `a ?? b`.
fn choices(node: Node<'_>) -> Vec<Node<'_>> {
    let (mut found, mut open) = (Vec::new(), vec![node]);
    for _ in 0..CHOICES {
        let Some(node) = open.pop().map(undressed) else { break };
        let operator = node.child_by_field_name("operator").map_or("", |of| of.kind());
        let fields = match node.kind() {
            "ternary_expression" => ["consequence", "alternative"],
            "binary_expression" if matches!(operator, "||" | "??" | "&&") => ["left", "right"],
            _ => {
                found.push(node);
                continue;
            }
        };
        open.extend(fields.iter().rev().filter_map(|field| node.child_by_field_name(field)));
    }
    // What was not looked at is one more, which is computed.
    found.extend(open.pop());
    found
}

fn computed(text: &str, node: Node<'_>) -> Called {
    let mut raw = String::new();
    collapse_into(&mut raw, text_of(text, node), CALL_LIMIT);
    Called { raw, computed: true, ..Called::default() }
}

/// The address of a file beside the own one; that of a folder, or of something else than a file, imports nothing.
fn beside_file(said: String) -> Option<Called> {
    let is_folder = said.is_empty() || said.ends_with(['/', '.']);
    let scheme = said.split('/').next().is_some_and(|first| first.contains(':'));
    if is_folder || (scheme && !said.starts_with("file:")) {
        return None;
    }
    let raw = if scheme || said.starts_with(['.', '/']) { said } else { format!("./{said}") };
    Some(Called { raw, ..Called::default() })
}

/// Reads `__dirname + "/x"`, `path.join(__dirname, "x")` and `path.resolve(__dirname, "x")` as `./x`.
fn beside_here(text: &str, node: Node<'_>) -> Option<String> {
    let node = undressed(node);
    let here = |node: Node<'_>| matches!(text_of(text, node), "__dirname" | "import.meta.dirname");
    if node.kind() == "binary_expression" {
        let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
        let rest = literal(text, right).filter(|rest| here(undressed(left)) && rest.starts_with('/'))?;
        return Some(format!(".{rest}"));
    }
    if node.kind() == "template_string" {
        let mut cursor = node.walk();
        let parts: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        let first = parts.first().filter(|part| part.kind() == "template_substitution")?;
        let fixed = parts.iter().skip(1).all(|part| part.kind() != "template_substitution");
        let rest = text.get(first.end_byte()..node.end_byte().checked_sub(1)?)?;
        let begins = first.start_byte() == node.start_byte().saturating_add(1) && rest.starts_with('/');
        return (fixed && begins && here(first.named_child(0)?)).then(|| format!(".{rest}"));
    }
    let called = dotted(text, node.child_by_field_name("function")?);
    if !ends(&called, "join") && !ends(&called, "resolve") {
        return None;
    }
    let list = node.child_by_field_name("arguments")?;
    let mut cursor = list.walk();
    let mut parts = list.named_children(&mut cursor).filter(|child| !child.is_extra());
    parts.next().filter(|first| here(undressed(*first)))?;
    let rest: Option<Vec<String>> = parts.take(PARTS).map(|part| literal(text, part)).collect();
    Some(format!("./{}", rest.filter(|rest| !rest.is_empty())?.join("/")))
}

/// Reads `import.meta.glob("./x/*.ts")`, or with a list of patterns; those that only take files away are left out.
fn globs(text: &str, argument: Node<'_>) -> Vec<Called> {
    let argument = undressed(argument);
    let mut cursor = argument.walk();
    let list = argument.kind() == "array";
    let parts: Vec<Node<'_>> =
        if list { argument.named_children(&mut cursor).take(GLOBS).collect() } else { vec![argument] };
    let said = parts.into_iter().filter(|part| !part.is_extra()).filter_map(|part| literal(text, part));
    said.filter(|glob| !glob.starts_with('!'))
        .map(|glob| Called { raw: glob.clone(), at: glob, computed: false })
        .collect()
}

/// Reads `require.context(folder, deep, /expression/)`.
fn context(text: &str, arguments: &[Node<'_>]) -> Option<Called> {
    let raw = literal(text, *arguments.first()?)?;
    let shallow = arguments.get(1).is_some_and(|deep| text_of(text, *deep) == "false");
    let inner = if shallow { "*" } else { "**/*" };
    let expression =
        arguments.get(2).filter(|of| of.kind() == "regex").and_then(|of| of.child_by_field_name("pattern"));
    let expression = expression.map_or("", |of| text_of(text, of));
    let at = format!("{}/{inner}\n{expression}", raw.trim_end_matches('/'));
    Some(Called { raw, at, computed: false })
}

/// Returns what stands inside parentheses, at the end of a sequence, or before a type assertion.
fn undressed(mut node: Node<'_>) -> Node<'_> {
    // Deeper dress than this is nobody's style.
    for _ in 0..16 {
        let mut cursor = node.walk();
        let mut parts = node.named_children(&mut cursor).filter(|child| !child.is_extra());
        let inner = match node.kind() {
            "parenthesized_expression" | "sequence_expression" => parts.last(),
            "as_expression" | "satisfies_expression" | "non_null_expression" => parts.next(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
