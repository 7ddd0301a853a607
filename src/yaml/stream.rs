//! A stream of YAML documents as plain values, as the tools of Kubernetes read them: anchors, merge keys and the words of
//! YAML 1.1 included, every key a text.
//!
//! Owns the meaning of scalars there, and the budgets: an alias counts as all that it stands for, so a small text cannot
//! become a large value; and at which line each part stands. Must not know what a value is for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value, json};
use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle};

use crate::diagnostic::shortened;

/// Why a text is no stream; the line counts from 1, 0 when not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFault {
    /// What is wrong.
    pub message: String,
    /// Line.
    pub line: usize,
    /// True when a budget refused it, not the format.
    pub over_budget: bool,
}

impl StreamFault {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), line, over_budget: false }
    }

    fn or_at(self, line: usize) -> Self {
        Self { line: if self.line == 0 { line } else { self.line }, ..self }
    }

    fn budget(message: impl Into<String>) -> Self {
        Self { over_budget: true, ..Self::at(0, message) }
    }
}

/// A value, and the lines at which its parts stand.
///
/// Lines count from 1 and mirror the value: of a scalar its line, of a list `[its line, those of its items...]`, of a
/// mapping `{"": its line, key: those of its value}`, of a literal text (`|`) `{"": its line, "|": that of its first
/// line}`. A part stands where its key, or its item, begins; what an alias brings stands at the anchor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lined {
    /// The value.
    pub value: Value,
    /// The lines.
    pub lines: Value,
}

impl Lined {
    /// Returns several as one list that begins at the first line.
    fn list(items: Vec<Self>) -> Self {
        let (values, lines): (Vec<_>, Vec<_>) = items.into_iter().map(|one| (one.value, one.lines)).unzip();
        Self { value: Value::Array(values), lines: Value::Array([vec![Value::from(1)], lines].concat()) }
    }

    /// Says at which line it stands itself.
    fn at(mut self, line: usize) -> Self {
        match &mut self.lines {
            Value::Array(lines) => {
                if let Some(own) = lines.first_mut() {
                    *own = line.into();
                }
            }
            Value::Object(lines) => drop(lines.insert(String::new(), line.into())),
            own => *own = line.into(),
        }
        self
    }
}

/// Reads a text: its only document, or the list of several.
///
/// # Errors
/// When the text is not YAML, names a key twice, or is over a budget.
pub fn stream(text: &str, depth: usize, values: usize) -> Result<Lined, StreamFault> {
    let mut options = Options::default();
    options.flow_nesting_limit = depth;
    options.block_nesting_limit = depth;
    let mut building = Building { depth, left: values, ..Building::default() };
    for item in Parser::new_from_str_with_options(text, options) {
        let (event, span) = item.map_err(|error| {
            let before = text.get(..error.marker().byte_offset().unwrap_or_default()).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let over_budget = error.info().contains("nesting") || error.info().contains("recursion");
            StreamFault { over_budget, ..StreamFault::at(line, error.info().to_owned()) }
        })?;
        let line = span.start.line();
        building.take(event, line).map_err(|fault| fault.or_at(line))?;
    }
    let mut documents = building.documents;
    Ok(match documents.len() {
        0 | 1 => documents.pop().unwrap_or_default(),
        _ => Lined::list(documents),
    })
}

/// A list or mapping that is still open.
struct Open {
    anchor: usize,
    line: usize,
    /// How many values it holds by now.
    values: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Lined>),
    Map { entries: Entries, key: Option<(Key, usize)>, own: BTreeSet<String>, merged: Vec<Lined> },
}

/// The entries of a mapping, and their lines.
#[derive(Default)]
struct Entries {
    values: Map<String, Value>,
    lines: Map<String, Value>,
}

impl Entries {
    fn insert(&mut self, name: String, one: Lined) {
        self.lines.insert(name.clone(), one.lines);
        self.values.insert(name, one.value);
    }

    fn into_lined(self) -> Lined {
        Lined { value: Value::Object(self.values), lines: Value::Object(self.lines) }
    }
}

enum Key {
    Name(String),
    Merge,
}

#[derive(Default)]
struct Building {
    depth: usize,
    left: usize,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Lined, usize)>,
    documents: Vec<Lined>,
}

impl Building {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), StreamFault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let tag = tag.map(|tag| tag.to_string());
                let merge = plain && text == "<<" && tag.is_none();
                let value = scalar(&text, plain, tag.as_deref())?;
                // The event begins at the first line that is not empty.
                let empty = text.bytes().take_while(|byte| *byte == b'\n').count();
                let literal = style == ScalarStyle::Literal;
                let lines = if literal { json!({ "|": line.saturating_sub(empty) }) } else { Value::Null };
                self.close(Lined { value, lines }, 1, (anchor, line), merge)
            }
            Event::SequenceStart(_, anchor, _) => self.start((anchor, line), Kind::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                let (entries, own, merged) = (Entries::default(), BTreeSet::new(), Vec::new());
                self.start((anchor, line), Kind::Map { entries, key: None, own, merged })
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let one = match open.kind {
                    Kind::List(items) => Lined::list(items),
                    Kind::Map { mut entries, merged, .. } => {
                        merge(&mut entries, merged)?;
                        entries.into_lined()
                    }
                };
                self.close(one, open.values.saturating_add(1), (open.anchor, open.line), false)
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor);
                let values = known.map(|(_, values)| *values);
                // What is still open stands for itself, without an end.
                let values = values.ok_or_else(|| StreamFault::at(0, "an alias stands for a value that holds it"))?;
                self.spend(values)?;
                let one = self.anchors.get(&anchor).map(|(one, _)| one.clone()).unwrap_or_default();
                self.close(one, values, (0, line), false)
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn spend(&mut self, values: usize) -> Result<(), StreamFault> {
        self.left = self.left.checked_sub(values).ok_or_else(|| {
            StreamFault::budget("it holds more values than the limit `document-values` allows, aliases counted in full")
        })?;
        Ok(())
    }

    fn start(&mut self, (anchor, line): (usize, usize), kind: Kind) -> Result<(), StreamFault> {
        self.spend(1)?;
        if self.open.len() >= self.depth {
            return Err(StreamFault::budget(format!("it is nested deeper than {} levels", self.depth)));
        }
        self.open.push(Open { anchor, line, values: 0, kind });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn close(
        &mut self,
        one: Lined,
        values: usize,
        (anchor, line): (usize, usize),
        is_merge: bool,
    ) -> Result<(), StreamFault> {
        let one = one.at(line);
        if anchor != 0 {
            // A copy is a copy in memory too.
            self.spend(values)?;
            self.anchors.insert(anchor, (one.clone(), values));
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(one);
            return Ok(());
        };
        open.values = open.values.saturating_add(values);
        match &mut open.kind {
            Kind::List(items) => items.push(one),
            Kind::Map { entries, key, own, merged } => match key.take() {
                None if is_merge => *key = Some((Key::Merge, line)),
                None => {
                    let name = name(one.value)?;
                    if !own.insert(name.clone()) {
                        let name = shortened(&name);
                        return Err(StreamFault::at(0, format!("the key `{name}` stands twice")));
                    }
                    *key = Some((Key::Name(name), line));
                }
                Some((Key::Merge, _)) => merged.push(one),
                Some((Key::Name(name), line)) => entries.insert(name, one.at(line)),
            },
        }
        Ok(())
    }
}

/// Adds what merge keys bring; what a mapping says itself wins, and of several the first.
fn merge(entries: &mut Entries, merged: Vec<Lined>) -> Result<(), StreamFault> {
    let lists = merged.into_iter().flat_map(|one| match (one.value, one.lines) {
        (Value::Array(items), Value::Array(lines)) => {
            items.into_iter().zip(lines.into_iter().skip(1)).map(|(value, lines)| Lined { value, lines }).collect()
        }
        (value, lines) => vec![Lined { value, lines }],
    });
    for one in lists {
        let (Value::Object(values), Value::Object(mut lines)) = (one.value, one.lines) else {
            return Err(StreamFault::at(0, "a merge key stands before something else than a mapping"));
        };
        for (key, value) in values {
            if !entries.values.contains_key(&key) {
                let lines = lines.remove(&key).unwrap_or_default();
                entries.insert(key, Lined { value, lines });
            }
        }
    }
    Ok(())
}

/// Keys become texts, as JSON has them.
fn name(key: Value) -> Result<String, StreamFault> {
    match key {
        Value::String(text) => Ok(text),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok("null".to_owned()),
        Value::Array(_) | Value::Object(_) => Err(StreamFault::at(0, "a key is a list or a mapping")),
    }
}

const CORE: &str = "tag:yaml.org,2002:";

fn scalar(text: &str, plain: bool, tag: Option<&str>) -> Result<Value, StreamFault> {
    let core = tag.and_then(|tag| tag.strip_prefix(CORE).or_else(|| tag.strip_prefix("!!")));
    match (tag, core) {
        (None, _) if plain => resolved(text),
        (Some(_), Some("bool" | "float" | "int" | "null")) => resolved(text),
        // Other tags, such as those of CloudFormation, name a function on a text.
        _ => Ok(Value::from(text)),
    }
}

fn resolved(text: &str) -> Result<Value, StreamFault> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Ok(true.into()),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => return Ok(false.into()),
        ".nan" | ".NaN" | ".NAN" => return Err(StreamFault::at(0, "`.nan` is no value that JSON has")),
        _ if matches!(text.trim_start_matches(['+', '-']), ".inf" | ".Inf" | ".INF") => {
            return Err(StreamFault::at(0, "`.inf` is no value that JSON has"));
        }
        _ => {}
    }
    Ok(number(text).map_or_else(|| Value::from(text), Value::Number))
}

/// Reads a number as YAML 1.1 writes it: with `_` between digits, and in four bases.
fn number(text: &str) -> Option<Number> {
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return None;
    }
    let bare = text.replace('_', "");
    let (negative, digits) = match bare.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, bare.strip_prefix('+').unwrap_or(&bare)),
    };
    let bases = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8), ("0", 8)];
    let based = bases.iter().find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
    let (digits_only, base) = based.filter(|(rest, _)| !rest.is_empty()).unwrap_or((digits, 10));
    if digits_only.starts_with(|c: char| c.is_ascii_hexdigit()) {
        match i128::from_str_radix(digits_only, base) {
            Ok(whole) if negative => {
                if let Ok(whole) = i64::try_from(-whole) {
                    return Some(whole.into());
                }
            }
            Ok(whole) => {
                if let Ok(whole) = u64::try_from(whole) {
                    return Some(whole.into());
                }
            }
            Err(_) => {}
        }
    }
    let real = digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && !digits.starts_with(['+', '-', 'e', 'E']);
    let value: f64 = bare.parse().ok().filter(|_| real)?;
    Number::from_f64(value)
}
