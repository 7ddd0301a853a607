//! What leads names of Python elsewhere: folders that a file adds to `sys.path`, and the names of `__all__`.
//!
//! Owns folders that are texts, or put together out of `__file__` and texts. A folder that is computed otherwise is not
//! known, and nothing is said of it.

use std::collections::HashMap;

use tree_sitter::Node;

use super::{ImportForm, ImportLine};
use crate::facts::languages::python::calls::dotted_parts;
use crate::facts::languages::python::literals::literal;
use crate::facts::languages::{field_text, text_of};
use crate::facts::lines::line;

/// Texts without which a file does not add a folder.
pub(super) const WORDS: &[&str] = &["sys.path", "addsitedir", "from sys "];

/// Calls and lists of one file that are read.
const MOST: usize = 1_000;

/// Steps of one expression that are followed.
const STEPS: usize = 40;

/// What was gathered along the walk.
#[derive(Default)]
pub(super) struct Search<'a> {
    /// True in the file of a package.
    pub(super) is_package: bool,
    calls: Vec<Node<'a>>,
    /// `sys.path += [...]`.
    grown: Vec<Node<'a>>,
    all: Vec<Node<'a>>,
    /// What names stand for, the last assignment of each.
    values: HashMap<&'a str, Node<'a>>,
}

/// One step from an expression to the one that it is made of, backwards.
enum Step {
    /// To the folder around it.
    Up(usize),
    Into(String),
}

impl<'a> Search<'a> {
    /// Keeps a call that may add a folder.
    pub(super) fn see_call(&mut self, text: &'a str, node: Node<'a>) {
        let Some(callee) = node.child_by_field_name("function") else { return };
        let last =
            if callee.kind() == "attribute" { field_text(text, callee, "attribute") } else { text_of(text, callee) };
        if matches!(last, "insert" | "append" | "extend" | "addsitedir") && self.calls.len() < MOST {
            self.calls.push(node);
        }
    }

    /// Keeps what names stand for, and lists of names.
    pub(super) fn see_assignment(&mut self, text: &'a str, node: Node<'a>) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let grows = node.kind() == "augmented_assignment";
        match (left.kind(), text_of(text, left)) {
            ("identifier", "__all__") if self.is_package && self.all.len() < MOST => self.all.push(right),
            ("identifier", name) if !grows => drop(self.values.insert(name, right)),
            ("identifier" | "attribute", _) if grows && self.grown.len() < MOST => self.grown.push(node),
            _ => {}
        }
    }

    /// Returns what was found; `means` gives what a dotted name may stand for.
    pub(super) fn lines(&self, text: &str, means: impl Fn(&[&str]) -> Vec<String>) -> Vec<ImportLine> {
        let is = |node: Node<'_>, wanted: &[&str]| {
            dotted_parts(text, node)
                .is_some_and(|parts| means(&parts).iter().any(|name| wanted.contains(&name.as_str())))
        };
        let mut folders: Vec<Node<'_>> = Vec::new();
        for call in &self.calls {
            let Some(callee) = call.child_by_field_name("function") else { continue };
            let Some(arguments) = call.child_by_field_name("arguments") else { continue };
            if is(callee, &["sys.path.insert"]) {
                folders.extend(parts(arguments).get(1));
            } else if is(callee, &["sys.path.append", "site.addsitedir"]) {
                folders.extend(parts(arguments).first());
            } else if is(callee, &["sys.path.extend"]) {
                folders.extend(parts(arguments).first().into_iter().flat_map(|list| parts(*list)));
            }
        }
        for grown in &self.grown {
            if let (Some(left), Some(right)) = (grown.child_by_field_name("left"), grown.child_by_field_name("right"))
                && is(left, &["sys.path"])
            {
                folders.extend(parts(right));
            }
        }
        let part = |node: Node<'_>, raw: String, at: String| {
            let line = line(node.start_position().row);
            ImportLine { raw, at, line, form: ImportForm::Part, ..ImportLine::default() }
        };
        let folders = folders.into_iter().filter_map(|node| Some((node, self.folder(text, node)?)));
        let mut found: Vec<ImportLine> = folders.map(|(node, at)| part(node, "sys.path".to_owned(), at)).collect();
        let names = self.all.iter().flat_map(|list| parts(*list)).take(MOST);
        let names = names.filter_map(|node| Some((node, literal(text, node)?)));
        found.extend(names.map(|(node, name)| part(node, format!("__all__.{name}"), String::new())));
        found
    }

    /// Returns a folder from the file's own, beginning with `./`, or from where the program was started.
    fn folder(&self, text: &str, node: Node<'_>) -> Option<String> {
        let (mut node, mut steps) = (node, Vec::new());
        for _ in 0..STEPS {
            if let Some(said) = literal(text, node) {
                let plain = said.trim_start_matches("./").to_owned();
                return (!said.starts_with('/')).then(|| walked(vec![plain], steps))?;
            }
            node = match (node.kind(), text_of(text, node)) {
                ("identifier", "__file__") => {
                    return walked(vec![".".to_owned(), "__file__".to_owned()], steps);
                }
                ("identifier", name) => *self.values.get(name)?,
                ("attribute", _) if field_text(text, node, "attribute") == "parent" => {
                    steps.push(Step::Up(1));
                    node.child_by_field_name("object")?
                }
                ("subscript", _) => {
                    let of = node.child_by_field_name("value").filter(|of| of.kind() == "attribute")?;
                    let count = text_of(text, node.child_by_field_name("subscript")?).parse::<usize>().ok()?;
                    (field_text(text, of, "attribute") == "parents")
                        .then(|| steps.push(Step::Up(count.min(STEPS) + 1)))?;
                    of.child_by_field_name("object")?
                }
                ("binary_operator", _) => {
                    let said = literal(text, node.child_by_field_name("right")?)?;
                    let operator = text_of(text, node.child_by_field_name("operator")?);
                    (operator == "/" || (operator == "+" && said.starts_with('/'))).then_some(())?;
                    steps.push(Step::Into(said));
                    node.child_by_field_name("left")?
                }
                ("parenthesized_expression", _) => parts(node).first().copied()?,
                ("call", _) => called(text, node, &mut steps)?,
                _ => return None,
            };
        }
        None
    }
}

/// Follows a call that gives a path: `dirname(x)`, `join(x, "a")`, `Path(x)`, `x.resolve()`.
fn called<'t>(text: &str, call: Node<'t>, steps: &mut Vec<Step>) -> Option<Node<'t>> {
    let callee = call.child_by_field_name("function")?;
    let arguments = parts(call.child_by_field_name("arguments")?);
    let object = || callee.child_by_field_name("object").filter(|_| callee.kind() == "attribute");
    let last = if callee.kind() == "attribute" { field_text(text, callee, "attribute") } else { text_of(text, callee) };
    let first = arguments.first().copied();
    let texts = |from: usize| -> Option<Vec<String>> {
        arguments.iter().skip(from).take(STEPS).map(|argument| literal(text, *argument)).collect()
    };
    match last {
        "dirname" => steps.push(Step::Up(1)),
        "join" => steps.extend(texts(1)?.into_iter().rev().map(Step::Into)),
        "joinpath" => {
            steps.extend(texts(0)?.into_iter().rev().map(Step::Into));
            return object();
        }
        "abspath" | "realpath" | "normpath" | "fspath" | "str" | "Path" | "PurePath" => {}
        "resolve" | "absolute" | "as_posix" | "expanduser" => return object(),
        _ => return None,
    }
    first
}

/// Makes the steps, the last one first; none when they leave what is known.
fn walked(mut parts: Vec<String>, steps: Vec<Step>) -> Option<String> {
    for step in steps.into_iter().rev() {
        match step {
            Step::Into(said) if said.starts_with('/') && parts.len() == 1 => return None,
            Step::Into(said) => parts.extend(said.split('/').filter(|part| !part.is_empty()).map(str::to_owned)),
            Step::Up(count) => {
                for _ in 0..count {
                    match parts.last().map(String::as_str) {
                        Some("." | "..") => parts.push("..".to_owned()),
                        _ => drop(parts.pop()?),
                    }
                }
            }
        }
    }
    Some(parts.join("/"))
}

/// Returns the parts of a list or of parentheses, comments left aside.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|part| !part.is_extra()).take(MOST).collect()
}
