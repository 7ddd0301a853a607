//! `naming`: a style or a regular expression for the names of new symbols.
//!
//! Owns the styles, and which names nobody chose: those that a language or a test framework prescribes are left alone.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::json;

use super::{Enforcement, Kind, Proof, Reading, Subject, Violation};
use crate::facts::{FactChange, Symbol};
use crate::policies::input::{FileClass, FileEntry};
use crate::yaml::Node;

/// The row of this kind.
pub(super) const KIND: Kind = Kind { name: "naming", read, proof: Proof::Examples, schema };

/// Kinds of symbols, as facts have them.
const SYMBOLS: &[(&str, &str)] = &[
    ("class", "class"),
    ("constant", "constant"),
    ("enum", "enum"),
    ("field", "field"),
    ("function", "function"),
    ("interface", "interface"),
    ("macro", "macro"),
    ("method", "method"),
    ("module", "module"),
    ("struct", "struct"),
    ("trait", "trait"),
    ("type", "type"),
    ("variable", "variable"),
];

/// A way to write names of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
    Pascal,
    Screaming,
    Kebab,
}

const STYLES: &[(&str, Style)] = &[
    ("snake_case", Style::Snake),
    ("camelCase", Style::Camel),
    ("PascalCase", Style::Pascal),
    ("SCREAMING_SNAKE_CASE", Style::Screaming),
    ("kebab-case", Style::Kebab),
];

#[derive(Debug)]
enum Demand {
    Style(Style),
    Regex(Regex),
}

#[derive(Debug)]
struct Naming {
    kinds: BTreeSet<&'static str>,
    demand: Demand,
    exported: bool,
}

fn read(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Box<dyn Enforcement>> {
    const KEYS: &[&str] = &["kinds", "style", "regex", "exported"];
    let entries = reading.faults.map(node, "naming");
    let (mut kinds, mut demands, mut exported, mut fine) = (BTreeSet::new(), Vec::new(), false, !entries.is_empty());
    for (key, value) in entries {
        match key.value.as_str() {
            "kinds" => {
                let items = reading.faults.list(value, "kinds");
                kinds.extend(items.iter().filter_map(|item| reading.faults.word(item, "kinds", SYMBOLS)));
                fine &= kinds.len() == items.len() && !items.is_empty();
            }
            "style" => {
                let style = reading.faults.word(value, "style", STYLES);
                fine &= style.is_some();
                demands.extend(style.map(Demand::Style));
            }
            "regex" => {
                let regex = expression(reading, value);
                fine &= regex.is_some();
                demands.extend(regex.map(Demand::Regex));
            }
            "exported" => {
                let word = reading.faults.word(value, "exported", &[("true", true), ("false", false)]);
                fine &= word.is_some();
                exported = word.unwrap_or_default();
            }
            _ => {
                reading.faults.unknown_key(key, KEYS, "naming");
                fine = false;
            }
        }
    }
    if fine && kinds.is_empty() {
        let help = "Write `kinds: [function, method]`.";
        reading.faults.add(node.place, "`naming` needs the key `kinds`", "names of what?", help);
        fine = false;
    }
    if fine && demands.len() != 1 {
        let help = "Write `style: snake_case`, or `regex: \"...\"`.";
        reading.faults.add(node.place, "`naming` needs exactly one of `style` and `regex`", "which names?", help);
        fine = false;
    }
    let demand = demands.pop().filter(|_| fine)?;
    Some(Box::new(Naming { kinds, demand, exported }))
}

fn expression(reading: &mut Reading<'_, '_>, node: &Node) -> Option<Regex> {
    let text = reading.faults.text(node, "regex")?;
    match Regex::new(&text) {
        Ok(regex) => Some(regex),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            reading.faults.add(
                node.place,
                format!("this is no regular expression: {why}"),
                "here",
                "Mend it; the syntax is that of the Rust crate regex, without look-around and back-references.",
            );
            None
        }
    }
}

fn schema() -> serde_json::Value {
    let kinds: Vec<&str> = SYMBOLS.iter().map(|(word, _)| *word).collect();
    let styles: Vec<&str> = STYLES.iter().map(|(word, _)| *word).collect();
    json!({"type": "object", "required": ["kinds"], "additionalProperties": false,
        "oneOf": [{"required": ["style"]}, {"required": ["regex"]}],
        "properties": {
            "kinds": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": kinds}},
            "style": {"enum": styles},
            "regex": {"type": "string", "format": "regex", "description": "Must match somewhere in the name; anchor it with `^` and `$`."},
            "exported": {"type": "boolean", "description": "Only what other files can see."}}})
}

impl Enforcement for Naming {
    fn judge(&self, subject: &Subject<'_>) -> Vec<Violation> {
        let mut violations = Vec::new();
        for file in subject.in_scope {
            let mut text = None;
            for symbol in file.symbols.iter().filter(|symbol| self.wrong(symbol, file)) {
                let text = text.get_or_insert_with(|| (subject.texts)(&file.path).unwrap_or_default());
                violations.push(self.violation(symbol, file, text));
            }
        }
        violations
    }
}

impl Naming {
    fn wrong(&self, symbol: &Symbol, file: &FileEntry) -> bool {
        symbol.change == FactChange::Added
            && self.kinds.contains(symbol.kind.as_str())
            && (symbol.exported || !self.exported)
            && !prescribed(symbol, file)
            && match &self.demand {
                Demand::Style(style) => !style.fits(bare(&symbol.name)),
                Demand::Regex(regex) => !regex.is_match(&symbol.name),
            }
    }

    fn violation(&self, symbol: &Symbol, file: &FileEntry, text: &str) -> Violation {
        let (message, fix) = match &self.demand {
            Demand::Regex(regex) => (format!("`{}` does not match `{}`", symbol.name, regex.as_str()), String::new()),
            Demand::Style(style) => {
                let better = symbol.name.replace(bare(&symbol.name), &style.rewrite(bare(&symbol.name)));
                (format!("`{}` is not {}", symbol.name, style.name()), format!("Rename it to `{better}`."))
            }
        };
        let message = format!("the {} {message}", symbol.kind);
        let (path, place) = (file.path.clone(), place(symbol, text));
        Violation { path, place, message, fix, anchor: symbol.qualified.clone(), ..Violation::default() }
    }
}

/// Says whether somebody else chose the name: the language, or the framework that runs the tests.
fn prescribed(symbol: &Symbol, file: &FileEntry) -> bool {
    const OF_TESTS: &[&str] = &["Benchmark", "Example", "Fuzz", "Test", "setUp", "tearDown", "test"];
    let name = symbol.name.as_str();
    let dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    let container = symbol.qualified.rsplit('.').nth(1);
    let constructor = symbol.kind == "method" && container == Some(name);
    let test = file.class == FileClass::Test && matches!(symbol.kind.as_str(), "function" | "method");
    dunder || constructor || (test && OF_TESTS.iter().any(|word| name.starts_with(word)))
}

/// Returns the name without what marks it as private, unused or raw: `_name`, `name_`, `#name`, `$name`, `r#name`.
fn bare(name: &str) -> &str {
    let name = name.strip_prefix("r#").unwrap_or(name).trim_start_matches(['_', '#', '$']);
    name.strip_suffix('_').unwrap_or(name)
}

/// Returns where the name stands inside its declaration; the declaration's first line where it is not found.
fn place(symbol: &Symbol, text: &str) -> (u32, u32, u32, u32) {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let lines = text.split('\n').enumerate().skip(symbol.start.saturating_sub(1) as usize);
    let height = symbol.end.saturating_sub(symbol.start).saturating_add(1) as usize;
    for (index, line) in lines.take(height.min(200)) {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let found = line.match_indices(&symbol.name).find(|(at, name)| {
            let (before, after) = (line.get(..*at), line.get(at + name.len()..));
            !before.is_some_and(|text| text.ends_with(word)) && !after.is_some_and(|text| text.starts_with(word))
        });
        if let Some((at, name)) = found {
            let column = line.get(..at).unwrap_or_default().chars().count() + 1;
            let line = number(index + 1);
            return (line, number(column), line, number(column + name.chars().count()));
        }
    }
    (symbol.start, 0, symbol.start, 0)
}

impl Style {
    fn name(self) -> &'static str {
        STYLES.iter().find(|(_, style)| *style == self).map_or("", |(name, _)| name)
    }

    /// Says whether a name fits. One letter fits every style; letters without case fit both.
    fn fits(self, name: &str) -> bool {
        let mut letters = name.chars();
        let (Some(first), Some(_)) = (letters.next(), letters.next()) else { return true };
        let words = |separator: char, wrong: fn(char) -> bool| {
            name.split(separator).all(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !wrong(c)))
        };
        match self {
            Self::Snake => words('_', char::is_uppercase),
            Self::Kebab => words('-', char::is_uppercase),
            Self::Screaming => words('_', char::is_lowercase),
            Self::Camel => !first.is_uppercase() && name.chars().all(char::is_alphanumeric),
            Self::Pascal => !first.is_lowercase() && name.chars().all(char::is_alphanumeric),
        }
    }

    /// Returns the name in this style.
    fn rewrite(self, name: &str) -> String {
        let capital = |word: &String| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        };
        let words = words(name);
        match self {
            Self::Snake => words.join("_"),
            Self::Kebab => words.join("-"),
            Self::Screaming => words.join("_").to_uppercase(),
            Self::Pascal => words.iter().map(capital).collect(),
            Self::Camel => {
                let rest = words.iter().skip(1).map(capital);
                words.first().cloned().into_iter().chain(rest).collect()
            }
        }
    }
}

/// Splits a name into lower-case words: at separators, and where a capital begins one (`parseURLQuery`).
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()));
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::{Style, bare};

    #[test]
    fn names_fit_their_style_and_are_rewritten_into_it() {
        let fits = |style: Style, name: &str| style.fits(bare(name));
        for (style, good, bad, better) in [
            (
                Style::Snake,
                &["a", "X", "utf8_len", "_private", "class_", "r#type", "\u{540D}\u{524D}"][..],
                "parseURLQuery",
                "parse_url_query",
            ),
            (Style::Camel, &["parseURL", "x2y", "_id", "$scope", "#total"][..], "Parse_url", "parseUrl"),
            (Style::Pascal, &["URL", "Utf8Reader", "_Hidden"][..], "utf8_reader", "Utf8Reader"),
            (Style::Screaming, &["MAX_2", "N"][..], "maxRetries", "MAX_RETRIES"),
            (Style::Kebab, &["my-view"][..], "MyView", "my-view"),
        ] {
            for name in good {
                assert!(fits(style, name), "{name} is {}", style.name());
            }
            assert!(!fits(style, bad), "{bad} is not {}", style.name());
            assert_eq!(style.rewrite(bare(bad)), better);
        }
        assert!(!fits(Style::Snake, "a__b") && !fits(Style::Camel, "a_b") && !fits(Style::Pascal, "abC"));
    }
}
