//! A file that cannot be parsed, made to parse: each top-level rule is read by itself, and a stub stands in for a bad one.
//!
//! Owns the split of a text into its top-level parts, and the stubs. Line numbers never change. Serves authors at their
//! desk only: what runs in the gate is never mended. Must not judge what a part says.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::fault::Place;
use super::module;
use super::{Fault, PolicySource};
use crate::limits::Limits;

/// How often a text is tried with one more stub in it.
const MOST_STUBS: usize = 200;

/// What became of a file.
#[derive(Debug)]
pub(super) struct Mended {
    /// The file with stubs for what cannot be parsed; none when there is nothing left to look at.
    pub(super) source: Option<PolicySource>,
    /// What cannot be parsed, at its true place.
    pub(super) faults: Vec<Fault>,
    /// Lines, from 1, on which something stands that the author did not write.
    pub(super) stubs: BTreeSet<u32>,
}

/// What a top-level part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Package,
    Import,
    Rule,
}

/// A top-level part: lines from `start` up to `end`, counting from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    start: usize,
    end: usize,
    kind: Kind,
}

/// What stands in the place of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    Stub,
    Blank,
}

/// A text in parts, some of them replaced.
pub(super) struct Sheet<'a> {
    source: &'a PolicySource,
    lines: Vec<&'a str>,
    parts: Vec<Part>,
    states: Vec<State>,
    /// Imports that stand below a rule, to be read at the package's line.
    late: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants")]
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    let head =
        r"^(?:default\s+)?[A-Za-z_]\w*(?:\.\w+|\[[^\]]*\])*(?:\([^()]*\))?\s*(?::=|=[^=]|contains\s|if\b|\{\s*$)";
    Regex::new(head).expect("constant pattern")
});
#[expect(clippy::expect_used, reason = "the patterns are constants")]
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([A-Za-z_]\w*)\s*(\(|\[|\.|contains\s|-)?").expect("constant pattern"));

/// Returns for each line how deep its first character stands in brackets, and whether inside a raw string.
fn depths(text: &str) -> Vec<(u64, bool)> {
    let mut found = vec![(0, false)];
    let mut depth = 0_u64;
    let mut raw = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => found.push((depth, raw)),
            '`' => raw = !raw,
            _ if raw => {}
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                while let Some(c) = chars.next_if(|c| *c != '\n') {
                    match c {
                        '"' => break,
                        '\\' => drop(chars.next_if(|c| *c != '\n')),
                        _ => {}
                    }
                }
            }
            '[' | '{' | '(' => depth = depth.saturating_add(1),
            ']' | '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Splits a text at lines that begin a top-level part. A line that looks like the head of a rule begins one also where
/// a bracket is still open: what is open there belongs to the part before.
fn split(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut surplus = 0;
    let mut count = 0;
    for (number, (line, (depth, raw))) in text.split('\n').zip(depths(text)).enumerate() {
        count = number.saturating_add(1);
        let letter = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let first = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        if raw || !letter || first == "else" {
            continue;
        }
        let open = depth.saturating_sub(surplus) > 0;
        if open && !HEAD.is_match(line) && first != "import" {
            continue;
        }
        if open || depth < surplus {
            surplus = depth;
        }
        if let Some(last) = parts.last_mut() {
            last.end = number;
        }
        let kind = match first {
            "package" => Kind::Package,
            "import" => Kind::Import,
            _ => Kind::Rule,
        };
        parts.push(Part { start: number, end: number, kind });
    }
    if let Some(last) = parts.last_mut() {
        last.end = count;
    }
    parts
}

impl<'a> Sheet<'a> {
    /// Splits a file.
    pub(super) fn of(source: &'a PolicySource) -> Self {
        let parts = split(&source.text);
        let states = vec![State::Whole; parts.len()];
        Self { source, lines: source.text.split('\n').collect(), parts, states, late: Vec::new() }
    }

    /// Returns the text of a part.
    fn part_text(&self, part: &Part) -> String {
        self.lines.get(part.start..part.end).unwrap_or_default().join("\n")
    }

    /// Returns the whole text with its stubs; every line keeps its number.
    pub(super) fn text(&self) -> String {
        let mut lines: Vec<String> = self.lines.iter().map(|line| (*line).to_owned()).collect();
        for (part, state) in self.parts.iter().zip(&self.states).filter(|(_, state)| **state != State::Whole) {
            let stub = if *state == State::Stub { stub(&self.part_text(part)) } else { String::new() };
            for (number, line) in lines.iter_mut().enumerate().take(part.end).skip(part.start) {
                // Comments stay: METADATA of the next rule may be among them.
                if number == part.start {
                    line.clone_from(&stub);
                } else if !line.trim_start().starts_with('#') {
                    line.clear();
                }
            }
        }
        let package = self.parts.iter().find(|part| part.kind == Kind::Package);
        if let Some(line) = package.and_then(|part| lines.get_mut(part.start)).filter(|_| !self.late.is_empty()) {
            let code = line.split('#').next().unwrap_or("").trim_end().to_owned();
            *line = std::iter::once(code).chain(self.late.iter().cloned()).collect::<Vec<_>>().join(" ");
        }
        lines.join("\n")
    }

    /// Puts a stub, and where one stands already nothing, in the place of the part that holds a line from 1.
    ///
    /// Returns false where that changes nothing any more.
    pub(super) fn replace(&mut self, line: u32) -> bool {
        let number = (line as usize).saturating_sub(1);
        let held = self.parts.iter().position(|part| (part.start..part.end).contains(&number));
        let Some(state) = held.and_then(|at| self.states.get_mut(at)) else { return false };
        let next = match state {
            State::Whole => State::Stub,
            State::Stub => State::Blank,
            State::Blank => return false,
        };
        *state = next;
        true
    }

    /// Says whether the part that holds a line from 1 stands as it was written.
    pub(super) fn is_whole(&self, line: u32) -> bool {
        let number = (line as usize).saturating_sub(1);
        let held = self.parts.iter().zip(&self.states).find(|(part, _)| (part.start..part.end).contains(&number));
        held.is_some_and(|(_, state)| *state == State::Whole)
    }

    /// Returns the lines, from 1, of all stubs.
    fn stubs(&self) -> BTreeSet<u32> {
        let replaced = self.parts.iter().zip(&self.states).filter(|(_, state)| **state != State::Whole);
        let package = self.parts.iter().filter(|part| part.kind == Kind::Package && !self.late.is_empty());
        let parts = replaced.map(|(part, _)| part).chain(package);
        parts.map(|part| u32::try_from(part.start).unwrap_or(u32::MAX).saturating_add(1)).collect()
    }

    /// Returns the file with its stubs.
    pub(super) fn source(&self) -> PolicySource {
        PolicySource { text: self.text(), ..self.source.clone() }
    }
}

/// Returns the shortest text that defines the same name: other rules may use it.
fn stub(text: &str) -> String {
    let Some(found) = NAME.captures(text) else { return String::new() };
    let name = found.get(1).map_or("", |name| name.as_str());
    let next = found.get(2).map(|next| (next.as_str().trim(), next.end()));
    match next {
        _ if name == "default" => String::new(),
        Some(("-", _)) => String::new(),
        Some(("(", end)) => match arguments(text.get(end..).unwrap_or("")) {
            0 => String::new(),
            count => format!("{name}({}) := true", vec!["_"; count].join(", ")),
        },
        Some(("[" | "contains", _)) => format!("{name} contains true"),
        Some((".", _)) => String::new(),
        _ => format!("{name} := true"),
    }
}

/// Counts the arguments of a call by its text behind the bracket.
fn arguments(text: &str) -> usize {
    let (mut depth, mut commas, mut any) = (0_usize, 0_usize, false);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => commas = commas.saturating_add(1),
            _ => {}
        }
        any |= !c.is_whitespace();
    }
    if any { commas.saturating_add(1) } else { 0 }
}

/// Returns the file as far as it can be parsed, and a fault for everything that cannot.
pub(super) fn mend(source: &PolicySource, limits: &Limits) -> Mended {
    let mut faults = Vec::new();
    let mut plain = source.clone();
    if let Some(rest) = source.text.strip_prefix('\u{FEFF}') {
        let place = Place { path: &source.path, line: 1, column: 1 };
        faults.push(place.fault("syntax", "the file begins with a byte order mark", "save it as UTF-8 without BOM"));
        plain.text = rest.to_owned();
    }
    match module::parse(&plain, limits) {
        Ok(_) => return Mended { source: Some(plain), faults, stubs: BTreeSet::new() },
        Err(fault) if ["too-large", "reserved-package"].contains(&fault.code.as_str()) => {
            faults.push(fault);
            return Mended { source: None, faults, stubs: BTreeSet::new() };
        }
        Err(_) => {}
    }
    let mut sheet = Sheet::of(&plain);
    by_part(&mut sheet, limits, &mut faults);
    let whole = as_a_whole(&mut sheet, limits, &mut faults);
    Mended { source: whole.then(|| sheet.source()), faults, stubs: sheet.stubs() }
}

/// Parses every part by itself and puts stubs in the place of those that fail.
fn by_part(sheet: &mut Sheet<'_>, limits: &Limits, faults: &mut Vec<Fault>) {
    let mut below_rule = false;
    for (at, part) in sheet.parts.clone().iter().enumerate() {
        let text = sheet.part_text(part);
        below_rule |= part.kind == Kind::Rule;
        if part.kind == Kind::Import && below_rule {
            let line = u32::try_from(part.start).unwrap_or(u32::MAX).saturating_add(1);
            let place = Place { path: &sheet.source.path, line, column: 1 };
            let message = "an `import` stands below a rule, where the engine does not read it";
            faults.push(place.fault("late-import", message, "move it above the first rule"));
            sheet.late.push(text.lines().next().unwrap_or("").split('#').next().unwrap_or("").trim().to_owned());
            set(&mut sheet.states, at, State::Blank);
            continue;
        }
        if let Some(fault) = fault_of(sheet.source, part, &text, limits) {
            faults.push(fault);
            let state = if part.kind == Kind::Rule { State::Stub } else { State::Blank };
            set(&mut sheet.states, at, state);
        }
    }
}

fn set(states: &mut [State], at: usize, state: State) {
    if let Some(slot) = states.get_mut(at) {
        *slot = state;
    }
}

/// Returns what is wrong with one part by itself.
fn fault_of(source: &PolicySource, part: &Part, text: &str, limits: &Limits) -> Option<Fault> {
    let before = match (part.kind, source.v0) {
        (Kind::Package, _) => "",
        // In v0 the newer words are imported, elsewhere in the file.
        (Kind::Rule, true) => "package p\nimport future.keywords\n",
        (Kind::Import | Kind::Rule, _) => "package p\n",
    };
    let alone = PolicySource { text: format!("{before}{text}\n"), ..source.clone() };
    let fault = module::parse(&alone, limits).err()?;
    let ahead = before.matches('\n').count();
    let shift = |line: u32| {
        let inside = (line as usize).saturating_sub(ahead).max(1).min(last_line(text));
        u32::try_from(part.start.saturating_add(inside)).unwrap_or(u32::MAX)
    };
    let line = shift(fault.line);
    let at_end = (fault.line as usize).saturating_sub(ahead) > last_line(text);
    if at_end && fault.message.starts_with("expecting `") {
        let line = u32::try_from(part.start).unwrap_or(u32::MAX).saturating_add(1);
        let message = format!("what begins here does not end: {}", fault.message);
        return Some(Fault { line, column: 1, message, ..fault });
    }
    Some(reworded(Fault { line, ..fault }, text))
}

/// Returns the number of the last line that holds code, from 1.
fn last_line(text: &str) -> usize {
    let code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    text.lines().enumerate().filter(|(_, line)| code(line)).last().map_or(1, |(number, _)| number.saturating_add(1))
}

/// Says in the words of an author what the parser could not say.
fn reworded(mut fault: Fault, text: &str) -> Fault {
    #[expect(clippy::expect_used, reason = "the patterns are constants")]
    static BODILESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[A-Za-z_]\w*(?:\.\w+)*\([^()]*\)\s*(?:#.*)?$").expect("constant pattern"));
    #[expect(clippy::expect_used, reason = "the patterns are constants")]
    static BODIES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\}\s*\{").expect("constant pattern"));
    let first = text.lines().next().unwrap_or("");
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    if fault.code == "syntax" && BODILESS.is_match(code.trim()) {
        "bodiless-clause".clone_into(&mut fault.code);
        fault.message = "a clause of a function needs a value or a body here".to_owned();
        fault.hint = format!("write `{} := true`", first.split('#').next().unwrap_or("").trim());
    } else if code.contains("$\"") || code.contains("$`") {
        "template-string".clone_into(&mut fault.code);
        fault.message = "template strings are not offered".to_owned();
        fault.hint = "use `sprintf(\"... %v ...\", [value])`".to_owned();
    } else if BODIES.is_match(&code) && ["syntax", "v0-syntax"].contains(&fault.code.as_str()) {
        "v0-syntax".clone_into(&mut fault.code);
        let head = first.split('{').next().unwrap_or("").trim().to_owned();
        fault.message = "several bodies behind one head are Rego v0".to_owned();
        fault.hint = format!("write the head once more before each body: `{head} if {{ ... }}`");
    }
    fault
}

/// Words what is wrong only beside other parts.
fn beside(mut fault: Fault) -> Fault {
    if fault.message.contains("import shadows") {
        "duplicate-import".clone_into(&mut fault.code);
        "another import has this name already".clone_into(&mut fault.message);
        "delete the line, or write `import ... as other_name`".clone_into(&mut fault.hint);
    }
    fault
}

/// Parses the whole with its stubs; what fails now fails only beside other parts: a second import of one name.
fn as_a_whole(sheet: &mut Sheet<'_>, limits: &Limits, faults: &mut Vec<Fault>) -> bool {
    for _ in 0..MOST_STUBS {
        let source = sheet.source();
        let Err(fault) = module::parse(&source, limits) else { return true };
        let line = fault.line;
        let known = !sheet.is_whole(line) || faults.iter().any(|known| known.line == line);
        if line == 0 || !sheet.replace(line) {
            if !known || faults.is_empty() {
                faults.push(fault);
            }
            return false;
        }
        if !known {
            faults.push(beside(fault));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{arguments, mend, split, stub};
    use crate::finding::SourceKind;
    use crate::limits::Limits;
    use crate::policies::PolicySource;

    fn mended(text: &str) -> (Option<String>, Vec<(u32, String)>) {
        let source = PolicySource {
            pack: "p".to_owned(),
            path: "p/p.rego".to_owned(),
            text: text.to_owned(),
            kind: SourceKind::Policy,
            v0: false,
            scope: None,
        };
        let found = mend(&source, &Limits::default());
        let faults = found.faults.into_iter().map(|fault| (fault.line, fault.code)).collect();
        (found.source.map(|source| source.text), faults)
    }

    #[test]
    fn a_bad_rule_does_not_hide_those_below_it() {
        let text = "package p\n\na := [1,\n\nb := 2\n\nc contains x if {\n\tx ==\n}\n\nd := 4\n";
        let (text, faults) = mended(text);
        assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 9]);
        let text = text.unwrap();
        assert_eq!(text.lines().nth(2), Some("a := true"));
        assert_eq!((text.lines().nth(4), text.lines().nth(10)), (Some("b := 2"), Some("d := 4")));
    }

    #[test]
    fn values_over_several_lines_are_one_part() {
        let text = "package p\n\na := {\n\"x\": 1,\nname,\n}\n\nb := `\nc := 1\n`\n";
        assert_eq!(split(text).len(), 3);
    }

    #[test]
    fn an_import_below_a_rule_is_still_known() {
        let (text, faults) = mended("package p # why\n\na := lib.x\n\nimport data.lib\n");
        assert_eq!(faults, [(5, "late-import".to_owned())]);
        assert_eq!(text.unwrap().lines().next(), Some("package p import data.lib"));
    }

    #[test]
    fn stubs_define_the_name_and_nothing_else() {
        for (text, expected) in [
            ("f(x, [a, b]) := {", "f(_, _) := true"),
            ("deny[msg] {", "deny contains true"),
            ("deny contains msg if {", "deny contains true"),
            ("x := [", "x := true"),
            ("deny-x contains", ""),
            ("default x := ", ""),
        ] {
            assert_eq!(stub(text), expected, "{text}");
        }
        assert_eq!((arguments("a, f(b, c)) := 1"), arguments(")")), (2, 0));
    }

    #[test]
    fn words_that_v0_imports_are_known_to_every_rule() {
        let source = PolicySource {
            pack: "p".to_owned(),
            path: "p/p.rego".to_owned(),
            text: "package p\n\nimport future.keywords.in\n\ndeny[msg] { msg in [1] }\n\nbad := [\n".to_owned(),
            kind: SourceKind::Policy,
            v0: true,
            scope: None,
        };
        let found = mend(&source, &Limits::default());
        assert_eq!(found.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [7]);
        assert!(found.source.is_some_and(|source| source.text.contains("msg in [1]")));
    }

    #[test]
    fn without_a_package_nothing_is_left() {
        let (text, faults) = mended("deny contains 1\n");
        assert!(text.is_none());
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
}
