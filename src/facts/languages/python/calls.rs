//! Calls of Python that import: which they are, and what they import.
//!
//! Owns the list of such calls and their arguments. A name that is made while the program runs is kept as it stands
//! there: where it leads is not known, and that it leads somewhere is.

use tree_sitter::Node;

use super::super::{Called, field_text, text_of};
use super::literals::literal;
use crate::facts::lines::{collapse_into, cut};

/// Characters of a call with a computed name that are kept.
const CALL_LIMIT: usize = 200;

/// Names of one `fromlist` that are read.
const LIST: usize = 100;

/// Parts of one dotted expression that are read.
const DEEPEST: usize = 100;

/// One call that imports.
struct Loader {
    /// Last part of its name.
    name: &'static str,
    /// First parts of its name in full; with none the last part is enough.
    under: &'static [&'static str],
    /// Place of the argument that says what, and its keyword.
    argument: (usize, &'static str),
    means: Means,
}

/// What the argument of a call is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    /// A module; with a second argument, relative to that package.
    Module,
    /// A module, with `fromlist` and `level`.
    Builtin,
    /// A module and, after `:`, what is in it.
    Object,
    /// The path of a file.
    File,
    /// What a test puts something else in the place of: a module and, after the last dot, what is in it.
    Patched,
}

const fn loader(
    name: &'static str,
    under: &'static [&'static str],
    argument: (usize, &'static str),
    means: Means,
) -> Loader {
    Loader { name, under, argument, means }
}

/// Sorted by name.
const LOADERS: &[Loader] = &[
    loader("SourceFileLoader", &[], (1, "path"), Means::File),
    loader("SourcelessFileLoader", &[], (1, "path"), Means::File),
    loader("__import__", &[], (0, "name"), Means::Builtin),
    loader("find_loader", &["importlib", "pkgutil"], (0, "name"), Means::Module),
    loader("find_spec", &["importlib"], (0, "name"), Means::Module),
    loader("import_from_string", &[], (0, "val"), Means::Object),
    loader("import_module", &[], (0, "name"), Means::Module),
    loader("import_string", &[], (0, "dotted_path"), Means::Object),
    loader("load_source", &["imp"], (1, "pathname"), Means::File),
    loader("locate", &["pydoc"], (0, "path"), Means::Object),
    loader("patch", &["mock", "unittest"], (0, "target"), Means::Patched),
    loader("resolve_name", &["pkgutil"], (0, "name"), Means::Object),
    loader("run_module", &["runpy"], (0, "mod_name"), Means::Module),
    loader("run_path", &["runpy"], (0, "path_name"), Means::File),
    loader("spec_from_file_location", &[], (1, "location"), Means::File),
    loader("symbol_by_name", &[], (0, "name"), Means::Object),
];

/// Says whether a name in full is that of the call with which tests put something else in the place of a name.
///
/// It imports what it names, so in a program it counts as an import. In a file that is a test by its name it does not: the
/// test depends on the code that it tests, and names the place where *that* finds what is replaced.
pub(crate) fn is_patch(name: &str) -> bool {
    name.rsplit('.').next() == Some("patch")
}

/// Words without which a text has none of these calls, under whatever name.
pub(crate) const WORDS: &[&str] = &[
    "FileLoader",
    "__import__",
    "import_from_string",
    "import_module",
    "import_string",
    "importlib",
    "load_source",
    "pkgutil",
    "pydoc",
    "runpy",
    "spec_from_file_location",
    "symbol_by_name",
];

/// Says whether a name may be that of such a call.
pub(crate) fn may_load(last: &str) -> bool {
    LOADERS.iter().any(|loader| loader.name == last)
}

/// Returns the parts of `a.b.c`, parentheses left aside; none for anything else.
pub(crate) fn dotted_parts<'a>(text: &'a str, node: Node<'_>) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let mut node = node;
    for _ in 0..DEEPEST {
        match node.kind() {
            "attribute" => {
                parts.push(field_text(text, node, "attribute"));
                node = node.child_by_field_name("object")?;
            }
            "parenthesized_expression" => {
                let mut cursor = node.walk();
                node = node.named_children(&mut cursor).find(|child| !child.is_extra())?;
            }
            "identifier" => {
                parts.push(text_of(text, node));
                parts.reverse();
                return Some(parts);
            }
            _ => return None,
        }
    }
    None
}

/// Returns what a call imports whose name needs no look at the rest of the file.
pub(super) fn import_of_call(text: &str, node: Node<'_>) -> Vec<Called> {
    let callee = node.child_by_field_name("function").and_then(|callee| dotted_parts(text, callee));
    let callee = callee.map(|callee| callee.join(".")).filter(|callee| !is_patch(callee));
    callee.map_or(Vec::new(), |callee| called(text, node, &callee))
}

/// Returns what a call imports by the name in full of what is called.
pub(crate) fn called(text: &str, node: Node<'_>, callee: &str) -> Vec<Called> {
    let last = callee.rsplit('.').next().unwrap_or_default();
    let first = callee.split('.').next().filter(|first| first.len() < callee.len()).unwrap_or_default();
    let is = |loader: &&Loader| loader.name == last && (loader.under.is_empty() || loader.under.contains(&first));
    let Some(loader) = LOADERS.iter().find(is) else { return Vec::new() };
    let arguments = Arguments::of(text, node);
    if arguments.is_empty() {
        return Vec::new();
    }
    let (place, keyword) = loader.argument;
    let said = arguments.get(place, keyword).and_then(|argument| literal(text, argument));
    let known = said.and_then(|said| match loader.means {
        Means::Module => arguments.module(said),
        Means::Builtin => arguments.builtin(&said),
        Means::Object => module(said.replacen(':', ".", 1)),
        Means::Patched => Some(said.rsplit_once('.').and_then(|(of, _)| module(of.to_owned())).unwrap_or_default()),
        Means::File => Some(vec![Called { raw: said.clone(), at: said, computed: false }]),
    });
    known.unwrap_or_else(|| {
        let mut raw = String::new();
        collapse_into(&mut raw, text_of(text, node), CALL_LIMIT);
        vec![Called { raw, computed: true, ..Called::default() }]
    })
}

/// Takes a name for one of a module, unless none can be called so.
fn module(raw: String) -> Option<Vec<Called>> {
    let strange = |letter: char| letter.is_whitespace() || letter.is_control() || "/\\:\"'()".contains(letter);
    let is_name = !raw.is_empty() && !raw.contains(strange);
    is_name.then(|| vec![Called { raw, ..Called::default() }])
}

/// The arguments of a call.
struct Arguments<'a, 't> {
    text: &'a str,
    placed: Vec<Node<'t>>,
    named: Vec<(&'a str, Node<'t>)>,
}

impl<'a, 't> Arguments<'a, 't> {
    fn of(text: &'a str, call: Node<'t>) -> Self {
        let mut arguments = Self { text, placed: Vec::new(), named: Vec::new() };
        let Some(list) = call.child_by_field_name("arguments") else { return arguments };
        let mut cursor = list.walk();
        for argument in list.named_children(&mut cursor).filter(|argument| !argument.is_extra()) {
            match argument.child_by_field_name("value").filter(|_| argument.kind() == "keyword_argument") {
                Some(value) => arguments.named.push((field_text(text, argument, "name"), value)),
                None => arguments.placed.push(argument),
            }
        }
        arguments
    }

    fn is_empty(&self) -> bool {
        self.placed.is_empty() && self.named.is_empty()
    }

    fn get(&self, place: usize, keyword: &str) -> Option<Node<'t>> {
        let named = self.named.iter().find(|(name, _)| *name == keyword).map(|(_, value)| *value);
        named.or_else(|| self.placed.get(place).copied())
    }

    /// Reads a name that may be relative to the package of the second argument.
    fn module(&self, said: String) -> Option<Vec<Called>> {
        let package = self.get(1, "package").filter(|_| said.starts_with('.'));
        let Some(package) = package else { return module(said) };
        // The file's own package: what a relative name in a statement is relative to.
        if ["__package__", "__name__", "__spec__.parent"].contains(&text_of(self.text, package)) {
            return module(said);
        }
        let package = literal(self.text, package)?;
        let dots = said.bytes().take_while(|byte| *byte == b'.').count();
        let mut parts: Vec<&str> = package.split('.').collect();
        parts.truncate(parts.len().checked_sub(dots.saturating_sub(1))?);
        parts.extend(said.split('.').filter(|part| !part.is_empty()));
        module(parts.join("."))
    }

    /// Reads `__import__(name, globals, locals, fromlist, level)`.
    fn builtin(&self, said: &str) -> Option<Vec<Called>> {
        let level = self.get(4, "level").and_then(|level| text_of(self.text, level).parse::<usize>().ok());
        let raw = format!("{}{said}", ".".repeat(level.unwrap_or_default().min(DEEPEST)));
        let list = self.get(3, "fromlist").filter(|list| matches!(list.kind(), "list" | "tuple" | "set"));
        let dot = if raw.ends_with('.') { "" } else { "." };
        let mut names = Vec::new();
        if let Some(list) = list {
            let mut cursor = list.walk();
            for name in list.named_children(&mut cursor).take(LIST) {
                names
                    .extend(literal(self.text, name).and_then(|name| module(format!("{}{dot}{name}", cut(&raw, 300)))));
            }
        }
        let names: Vec<Called> = names.into_iter().flatten().collect();
        if names.is_empty() { module(raw) } else { Some(names) }
    }
}

#[cfg(test)]
mod tests {
    use super::LOADERS;

    #[test]
    fn calls_are_sorted_by_name() {
        assert!(LOADERS.is_sorted_by_key(|loader| loader.name));
    }
}
