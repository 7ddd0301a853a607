//! Python: imports by call, and names in full that go through what a statement imports.
//!
//! `import shop` brings every part of the package within reach: `shop.store.open()` uses `shop.store` without a statement.
//! So each dotted name whose first part is bound by an import of the same file is kept once, written out. Names are
//! bound for the whole file, whatever function they stand in; a name that is bound twice is all of them.

mod search;
mod types;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tree_sitter::Node;

use super::{ImportForm, ImportLine, ImportWalk, TEXT_LIMIT};
use crate::facts::languages::python::{calls, standard};
use crate::facts::languages::{field_text, text_of};
use crate::facts::lines::{cut, line};

/// Meanings of one name that are followed.
const MEANINGS: usize = 20;

/// What the file binds and uses, gathered along the walk: a name may be used above the import that binds it.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// What each name means, in full.
    bound: BTreeMap<String, Vec<String>>,
    calls: Vec<Node<'a>>,
    /// Dotted names with their line, each text once.
    chains: Vec<(Vec<&'a str>, u32)>,
    seen: HashSet<&'a str>,
    /// Where the last dotted name begins, whose inner parts are no names of their own.
    chain_at: Option<usize>,
    /// What statements import, by its name in full.
    stated: BTreeSet<String>,
    /// `name = a.b`: what is assigned.
    assigned: Vec<(&'a str, Vec<&'a str>)>,
    /// What only the checker of types reads.
    types: types::Types<'a>,
    /// What leads names elsewhere: folders that the program adds to `sys.path`, and `__all__` of a package.
    search: search::Search<'a>,
    /// True where the file's name says that it is a test.
    is_test: bool,
}

impl<'a> ImportWalk<'a> {
    pub(super) fn visit_python(&mut self, node: Node<'a>) {
        match node.kind() {
            "identifier" => self.python.types.see(self.text, node),
            "if_statement" => self.python.types.open(self.text, node),
            "attribute" => self.python_name(node),
            "call" => {
                self.python.search.see_call(self.text, node);
                self.python_call(node);
            }
            "import_statement" => self.python_import(node),
            "import_from_statement" => self.python_import_from(node),
            "assignment" => {
                self.python.search.see_assignment(self.text, node);
                self.python_alias(node, "left", "right");
            }
            "augmented_assignment" => self.python.search.see_assignment(self.text, node),
            "named_expression" => self.python_alias(node, "name", "value"),
            "case_pattern" | "class_pattern" => self.python_pattern(node),
            _ => {}
        }
    }

    fn python_name(&mut self, node: Node<'a>) {
        if self.python.chain_at == Some(node.start_byte()) {
            return;
        }
        let written = text_of(self.text, node);
        let parts = match plain(written) {
            Some(true) => Some(written.split('.').collect()),
            Some(false) => calls::dotted_parts(self.text, node),
            None => None,
        };
        if let Some(parts) = parts {
            self.python.chain_at = Some(node.start_byte());
            self.python_chain(node, parts);
        }
    }

    fn python_chain(&mut self, node: Node<'a>, parts: Vec<&'a str>) {
        let own = parts.first().is_none_or(|first| matches!(*first, "self" | "cls"));
        if !own && parts.len() > 1 && self.python.seen.insert(text_of(self.text, node)) {
            self.python.chains.push((parts, line(node.start_position().row)));
        }
    }

    /// Dotted names that are matched against.
    fn python_pattern(&mut self, node: Node<'a>) {
        let mut cursor = node.walk();
        for name in node.named_children(&mut cursor).filter(|child| child.kind() == "dotted_name") {
            let parts = text_of(self.text, name).split('.').map(str::trim).collect();
            self.python_chain(name, parts);
        }
    }

    /// Keeps the calls that may import: by a known last part, or by a plain name that may stand for another.
    fn python_call(&mut self, node: Node<'a>) {
        let Some(callee) = node.child(0) else { return };
        let may = match callee.kind() {
            "attribute" => {
                text_of(self.text, callee).rsplit('.').next().is_some_and(|last| calls::may_load(last.trim()))
            }
            kind => matches!(kind, "identifier" | "parenthesized_expression"),
        };
        if may {
            self.python.calls.push(node);
        }
    }

    fn python_import(&mut self, node: Node<'a>) {
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            if name.kind() == "aliased_import" {
                let target = spaceless(field_text(self.text, name, "name"));
                self.python.state(node, field_text(self.text, name, "alias"), target.clone());
                self.python.bind(field_text(self.text, name, "alias"), target);
            } else {
                let whole = spaceless(text_of(self.text, name));
                let first = whole.split('.').next().unwrap_or_default();
                // `import a.b` binds `a`, and is kept as an import of `a.b` only.
                self.python.bind(first, first.to_owned());
                self.python.state(node, first, whole.clone());
            }
        }
    }

    fn python_import_from(&mut self, node: Node<'a>) {
        let module = spaceless(field_text(self.text, node, "module_name"));
        if module.len() > TEXT_LIMIT {
            return;
        }
        let dot = if module.ends_with('.') { "" } else { "." };
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let renamed = name.kind() == "aliased_import";
            let own = if renamed { field_text(self.text, name, "name") } else { text_of(self.text, name) };
            let alias = if renamed { field_text(self.text, name, "alias") } else { own };
            let target = format!("{module}{dot}{own}");
            self.python.state(node, alias, target.clone());
            self.python.bind(alias, target);
        }
    }

    /// Keeps `name = a` and `name = a.b`.
    fn python_alias(&mut self, node: Node<'a>, name: &str, value: &str) {
        let Some(left) = node.child_by_field_name(name).filter(|left| left.kind() == "identifier") else { return };
        let Some(right) = node.child_by_field_name(value) else { return };
        if matches!(right.kind(), "identifier" | "attribute")
            && let Some(parts) = calls::dotted_parts(self.text, right)
        {
            self.python.assigned.push((text_of(self.text, left), parts));
        }
    }

    /// Keeps what the gathered names and calls import, now that all bindings are known.
    pub(super) fn end_python(&mut self) {
        let mut names = std::mem::take(&mut self.python);
        if !names.types.hold(&names.bound) {
            self.imports.iter_mut().for_each(|import| import.types = false);
            names.stated.append(&mut names.types.stated);
        }
        names.follow_assignments();
        for import in names.search.lines(self.text, |parts| names.meanings(parts)) {
            self.keep(import);
        }
        for call in std::mem::take(&mut names.calls) {
            let Some(callee) = call.child(0).filter(|callee| names.may_load(self.text, *callee)) else { continue };
            let Some(callee) = calls::dotted_parts(self.text, callee) else { continue };
            let row = line(call.start_position().row);
            for meaning in names.meanings(&callee) {
                if !(names.is_test && calls::is_patch(&meaning)) {
                    self.keep_called(calls::called(self.text, call, &meaning), row);
                }
            }
        }
        for (parts, line) in &names.chains {
            let Some(known) = parts.first().and_then(|first| names.bound.get(*first)) else { continue };
            let rest = parts.get(1..).unwrap_or_default().join(".");
            // A package called like one of the standard library is only reached by statements.
            for target in known.iter().filter(|target| !is_standard(target)) {
                let raw = format!("{target}.{rest}");
                let types = parts.first().is_some_and(|first| names.types.are_all(first));
                let known_as = names.stated_part(&raw, types).to_owned();
                let form = ImportForm::Inline;
                self.keep(ImportLine { line: *line, raw, known_as, form, types, ..ImportLine::default() });
            }
        }
    }
}

impl Names<'_> {
    /// Takes note of what the file is called, before the walk.
    pub(super) fn begin(&mut self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.is_test = names_a_test(path);
        self.search.is_package = matches!(name, "__init__.py" | "__init__.pyi");
    }

    /// Says whether a statement at this byte is read by the checker of types only.
    pub(super) fn only_types_at(&self, byte: usize) -> bool {
        self.types.hold_at(byte)
    }

    fn state(&mut self, statement: Node<'_>, known_as: &str, target: String) {
        if self.types.hold_at(statement.start_byte()) {
            self.types.stated.insert(target);
        } else {
            self.types.run(known_as);
            self.stated.insert(target);
        }
    }

    fn bind(&mut self, name: &str, target: String) {
        let meanings = self.bound.entry(name.to_owned()).or_default();
        if meanings.len() < MEANINGS && !name.is_empty() && !meanings.contains(&target) {
            meanings.push(target);
        }
    }

    /// A name that is given to an imported one is bound as well.
    fn follow_assignments(&mut self) {
        for (name, parts) in std::mem::take(&mut self.assigned) {
            if parts.first().is_some_and(|first| self.bound.contains_key(*first)) {
                self.meanings(&parts).into_iter().for_each(|meaning| self.bind(name, meaning));
            }
        }
    }

    /// Says whether what is called may be one of the calls that import.
    fn may_load(&self, text: &str, callee: Node<'_>) -> bool {
        let name = text_of(text, callee);
        let means = |target: &String| target.rsplit('.').next().is_some_and(calls::may_load);
        callee.kind() != "identifier"
            || calls::may_load(name)
            || self.bound.get(name).is_some_and(|known| known.iter().any(means))
    }

    /// Returns what a dotted name may mean; itself where no import binds its first part.
    fn meanings(&self, parts: &[&str]) -> Vec<String> {
        let (Some(first), whole) = (parts.first(), parts.join(".")) else { return Vec::new() };
        let Some(known) = self.bound.get(*first) else { return vec![whole] };
        let rest = whole.get(first.len()..).unwrap_or_default();
        known.iter().map(|target| cut(&format!("{target}{rest}"), TEXT_LIMIT).to_owned()).collect()
    }

    /// Returns the longest beginning of a name that a statement imports, or nothing.
    fn stated_part<'n>(&self, name: &'n str, types: bool) -> &'n str {
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]).collect::<Vec<_>>().into_iter();
        let mut parts = ends.filter_map(|end| name.get(..end)).rev();
        parts
            .find(|part| self.stated.contains(*part) || (types && self.types.stated.contains(*part)))
            .unwrap_or_default()
    }
}

/// Says whether a file is a test by its name, as the runners of tests find them.
pub(crate) fn names_a_test(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    name.starts_with("test_")
        || name.ends_with("_test.py")
        || matches!(name, "conftest.py" | "tests.py")
        || parts.any(|folder| matches!(folder, "test" | "tests"))
}

/// Says whether a text is a plain dotted name; none when it is no dotted name at all, however it is written.
fn plain(text: &str) -> Option<bool> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'_' | b'.');
    match text.bytes().enumerate().find(|(_, byte)| !is_part(*byte)) {
        None => Some(true),
        Some((0, b'(')) => Some(false),
        Some((_, byte)) => (byte.is_ascii_whitespace() || matches!(byte, b'\\' | b')' | b'#')).then_some(false),
    }
}

fn spaceless(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\\').collect()
}

fn is_standard(name: &str) -> bool {
    standard::has(name.split('.').next().unwrap_or_default())
}

/// Says whether a text may go on from what one of its statements imports where the old one did not, or import by a call.
///
/// Owns a scan of the texts, no parse: in doubt the answer is yes. What stands outside the changed lines means what it
/// meant before, unless they begin or end a text of several lines.
pub(crate) fn names_changed<'a>(path: &str, (old, new): (&str, &str), imports: impl Iterator<Item = &'a str>) -> bool {
    let leads = |word: &&str| new.contains(*word) || old.contains(*word);
    if calls::WORDS.iter().any(|word| new.contains(word))
        || (new.contains("mock") && !names_a_test(path))
        || search::WORDS.iter().any(|word| leads(word))
        || (path.contains("__init__.py") && leads(&"__all__"))
    {
        return true;
    }
    let (gone, come) = changed_lines(old, new);
    let goes_on = |lines: &str| ["\"\"\"", "'''", "\\\n", "\\\r"].iter().any(|mark| lines.contains(mark));
    if goes_on(gone) || new.get(come.clone()).is_none_or(goes_on) {
        return true;
    }
    let ends = |raw: &'a str| [raw.split('.').next().unwrap_or_default(), raw.rsplit('.').next().unwrap_or_default()];
    let mut known: HashSet<&str> =
        imports.filter(|raw| !is_standard(raw)).flat_map(ends).filter(|name| !name.is_empty()).collect();
    known.extend(aliases(new, &known));
    let Some(assigned) = assigned(new, known) else { return true };
    words(new).filter(|(_, word)| assigned.contains(word)).any(|(at, word)| {
        let end = chain_end(new, at + word.len());
        let before = new.get(..at).unwrap_or_default().trim_end_matches(is_blank);
        let used = end > at + word.len() || before.ends_with('=');
        used && at <= come.end && come.start <= end && !on_import_line(new, at)
    })
}

/// Returns the lines that are only in the old text, and where those that are only in the new one stand.
fn changed_lines<'o>(old: &'o str, new: &str) -> (&'o str, std::ops::Range<usize>) {
    let same = |pairs: &mut dyn Iterator<Item = (&str, &str)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum()
    };
    let start = same(&mut old.split_inclusive('\n').zip(new.split_inclusive('\n')));
    let (old_rest, new_rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = same(&mut old_rest.split_inclusive('\n').rev().zip(new_rest.split_inclusive('\n').rev()));
    let gone = old_rest.get(..old_rest.len().saturating_sub(end)).unwrap_or_default();
    (gone, start..new.len().saturating_sub(end))
}

/// Returns where a name ends that goes on after this place with a dot; blanks and comments may stand before it.
fn chain_end(text: &str, from: usize) -> usize {
    let mut end = from;
    while let Some(rest) = text.get(end..) {
        let mut after = rest.trim_start_matches(|letter: char| letter.is_whitespace() || "\\)".contains(letter));
        while let Some(comment) = after.strip_prefix('#') {
            after = comment.find('\n').and_then(|line| comment.get(line..)).unwrap_or_default();
            after = after.trim_start_matches(|letter: char| letter.is_whitespace() || "\\)".contains(letter));
        }
        let Some(next) = after.strip_prefix('.') else { break };
        let name = next.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\\');
        end = text.len().saturating_sub(name.trim_start_matches(is_letter).len());
    }
    end
}

/// Adds the names that are given to known ones, as often as names are passed on; none when there is no end to it.
fn assigned<'t>(text: &'t str, mut known: HashSet<&'t str>) -> Option<HashSet<&'t str>> {
    for _ in 0..MEANINGS {
        let (mut found, mut left) = (Vec::new(), "");
        let mut end = 0;
        for (at, word) in words(text) {
            let between = text.get(end..at).unwrap_or_default().trim_matches(is_blank);
            if known.contains(word) && matches!(between, "=" | ":=") {
                // Of `name: type = known` the first word.
                let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |line| line + 1);
                let first = words(text.get(start..).unwrap_or_default()).next().map(|(_, word)| word);
                found.extend(first.into_iter().chain([left]).filter(|name| !known.contains(name)));
            }
            (left, end) = (word, at + word.len());
        }
        if found.is_empty() {
            return Some(known);
        }
        known.extend(found);
    }
    None
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | '\\')
}

/// Says whether the line around a place is an import and nothing else.
fn on_import_line(text: &str, at: usize) -> bool {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |line| line + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).is_some_and(is_import)
}

/// Says whether a line is an import and nothing else.
fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    let plain = |letter: char| letter.is_alphanumeric() || "_., *()".contains(letter);
    (line.starts_with("import ") || line.starts_with("from ")) && line.chars().all(plain)
}

/// Returns the names that stand after `as` behind one of these.
fn aliases<'t>(text: &'t str, names: &HashSet<&str>) -> Vec<&'t str> {
    let mut found = Vec::new();
    let (mut before, mut as_) = ("", false);
    for (_, word) in words(text) {
        if as_ {
            found.push(word);
        }
        as_ = word == "as" && names.contains(before);
        before = word;
    }
    found
}

/// Returns the words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_letter)?;
        let word = text.get(start..)?;
        let word = word.get(..word.find(|letter| !is_letter(letter)).unwrap_or(word.len()))?;
        at = start + word.len();
        Some((start, word))
    })
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
