//! YAML with places and budgets: the only module that names the YAML library.
//!
//! Owns reading one document into a tree whose every node knows its line, column and bytes, and the refusal of what
//! makes YAML mean different things to different readers (anchors, tags, merge keys, duplicate keys, several
//! documents). Scalars stay as written; the reader that knows the schema decides what they mean. Must not know any
//! schema.

use serde::de::DeserializeOwned;
use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle, Span};

/// Deepest nesting of lists and mappings.
pub const MAX_DEPTH: usize = 24;
/// Most scalars, lists and mappings in one document.
pub const MAX_NODES: usize = 100_000;

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
    /// Byte offset of the first byte.
    pub offset: usize,
    /// Length in bytes.
    pub length: usize,
}

impl Place {
    /// Returns the place of `length` bytes at `offset` of `text`, counting line and column.
    #[must_use]
    pub fn of(text: &str, offset: usize, length: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        Self { line: number(before.matches('\n').count() + 1), column: number(column), offset: before.len(), length }
    }
}

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub place: Place,
}

/// One node of the document.
pub type Node = Placed<Value>;

/// What a node is; scalars are not interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A scalar without quotes.
    Plain(String),
    /// A scalar in quotes, or a block scalar: always text.
    Quoted(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file; keys are unique.
    Map(Vec<(Placed<String>, Node)>),
}

impl Value {
    /// Names the kind of value in plain words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Plain(text) if is_null(text) => "nothing",
            Self::Plain(_) | Self::Quoted(_) => "a single value",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {message}", place.line, place.column)]
pub struct YamlFault {
    /// The file, as given.
    pub file: String,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do, as a sentence, or empty.
    pub help: String,
    /// Where; line 1, column 1 and no bytes when the fault is about the whole file.
    pub place: Place,
    /// Where the other half of the fault is: the first of two equal keys.
    pub other: Option<Place>,
}

/// A fault without its file.
type Refusal = Box<(String, &'static str, Place, Option<Place>)>;

fn refusal(message: impl Into<String>, help: &'static str, place: Place) -> Refusal {
    Box::new((message.into(), help, place, None))
}

/// Says whether a plain scalar is YAML's way to write nothing.
#[must_use]
pub fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

/// Says whether YAML readers disagree about a plain scalar, or take it for something else than text:
/// `no`, `on`, `012`, `1e3`, `2024-01-01` is text to all.
#[must_use]
pub fn is_ambiguous(plain: &str) -> bool {
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "", ".nan", ".inf"];
    let lower = plain.to_ascii_lowercase();
    let bare = lower.trim_start_matches(['+', '-']);
    let digits = bare.replace('_', "");
    let radix =
        |prefix| digits.strip_prefix(prefix).is_some_and(|rest: &str| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let sexagesimal = digits.contains(':') && digits.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    let float = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok();
    WORDS.contains(&bare) || float || sexagesimal || radix("0x") || radix("0o") || radix("0b")
}

/// Reads bytes as one document.
///
/// # Errors
/// When the text is not UTF-8, holds a byte order mark or control characters, is empty, is not YAML, or uses anything
/// that this gate refuses in YAML; the first fault only, because what follows it cannot be trusted.
pub fn tree(bytes: &[u8], file: &str) -> Result<Node, YamlFault> {
    let read = plain_text(bytes).and_then(document);
    read.map_err(|fault| {
        let (message, help, place, other) = *fault;
        YamlFault { file: file.to_owned(), message, help: help.to_owned(), place, other }
    })
}

/// Reads bytes as one document of a serde type, for small schemas that need no places.
///
/// # Errors
/// As [`tree`], and when the document does not have the shape of `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8], file: &str) -> Result<T, YamlFault> {
    let root = tree(bytes, file)?;
    let text = String::from_utf8_lossy(bytes);
    let mut options = serde_saphyr::options! { strict_booleans: true, no_schema: true, with_snippet: false };
    options.reject_unsupported_tags = true;
    options.merge_keys = serde_saphyr::options::MergeKeyPolicy::Error;
    serde_saphyr::from_str_with_options(&text, options).map_err(|error| {
        let place = error.location().map_or(root.place, |at| {
            let length = at.span().byte_len().unwrap_or_default();
            let offset = at.span().byte_offset().unwrap_or_default();
            Place {
                line: number(at.line()),
                column: number(at.column()),
                offset: number(offset),
                length: number(length),
            }
        });
        let message = reworded(error.without_snippet());
        YamlFault { file: file.to_owned(), message, help: String::new(), place, other: None }
    })
}

fn reworded(error: &serde_saphyr::Error) -> String {
    match error {
        serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
            match nearest(field, expected.iter().copied()) {
                Some(word) => format!("unknown key `{field}`; did you mean `{word}`?"),
                None => format!("unknown key `{field}`"),
            }
        }
        serde_saphyr::Error::SerdeMissingField { field, .. } => format!("the key `{field}` is missing"),
        serde_saphyr::Error::QuotingRequired { value, .. } => {
            format!("`{value}` is not text to every reader: quote it")
        }
        other => {
            let text = other.to_string();
            text.lines().next().unwrap_or_default().to_owned()
        }
    }
}

/// Returns the known word that somebody who wrote `word` most likely meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase().replace('_', "-");
    if word.len() > 100 {
        return None;
    }
    let scored = known.into_iter().map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate));
    let best = scored.max_by(|(a, x), (b, y)| a.total_cmp(b).then(y.cmp(x)))?;
    (best.0 >= 0.8).then_some(best.1)
}

fn number<N: TryInto<u64>, M: TryFrom<u64> + Bounded>(value: N) -> M {
    value.try_into().ok().and_then(|wide: u64| M::try_from(wide).ok()).unwrap_or(M::MOST)
}

trait Bounded {
    const MOST: Self;
}

impl Bounded for u32 {
    const MOST: Self = Self::MAX;
}

impl Bounded for usize {
    const MOST: Self = Self::MAX;
}

fn plain_text(bytes: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let place = Place::of(&String::from_utf8_lossy(valid), valid.len(), 1);
        refusal("the file is not UTF-8", "Save the file as UTF-8.", place)
    })?;
    if text.starts_with('\u{FEFF}') {
        let place = Place::of(text, 0, 3);
        return Err(refusal("the file starts with a byte order mark", "Save the file as UTF-8 without a mark.", place));
    }
    let forbidden = |(at, c): &(usize, char)| match c {
        '\n' | '\t' => false,
        '\r' => text.as_bytes().get(at + 1) != Some(&b'\n'),
        '\u{FEFF}' | '\u{2028}' | '\u{2029}' => true,
        other => other.is_control(),
    };
    if let Some((at, c)) = text.char_indices().find(forbidden) {
        let place = Place::of(text, at, c.len_utf8());
        let message = format!("the file holds the control character U+{:04X}", u32::from(c));
        return Err(refusal(message, "Remove the character.", place));
    }
    Ok(text)
}

fn document(text: &str) -> Result<Node, Refusal> {
    let mut options = Options::default();
    options.disallow_directives = true;
    options.flow_nesting_limit = MAX_DEPTH + 1;
    options.block_nesting_limit = MAX_DEPTH + 1;
    options.emit_unresolved_aliases = true;
    let mut building = Building { text, nodes: 0, open: Vec::new(), root: None };
    for item in Parser::new_from_str_with_options(text, options) {
        let (event, span) = item.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or_default().min(text.len());
            let place = Place::of(
                text,
                offset,
                text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
            );
            refusal(format!("this is not YAML: {}", error.info()), syntax_help(text, place), place)
        })?;
        building.take(event, span)?;
    }
    match building.root {
        Some(Node { value: Value::Plain(plain), place }) if plain.is_empty() && place.length == 0 => Err(refusal(
            "the file is empty",
            "Write at least `version: 1`, or delete the file.",
            Place { line: 1, column: 1, ..Place::default() },
        )),
        None => Err(refusal(
            "the file is empty",
            "Write at least `version: 1`, or delete the file.",
            Place { line: 1, column: 1, ..Place::default() },
        )),
        Some(root) => Ok(root),
    }
}

fn syntax_help(text: &str, place: Place) -> &'static str {
    let line = text.lines().nth(place.line.saturating_sub(1) as usize).unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    if line.get(..indent).is_some_and(|space| space.contains('\t')) {
        return "YAML is indented by spaces, never by tabs.";
    }
    ""
}

enum Open {
    List(Vec<Node>, Place),
    Map(Vec<(Placed<String>, Node)>, Option<Placed<String>>, Place),
}

struct Building<'a> {
    text: &'a str,
    nodes: usize,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Building<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        let range = span.byte_range().unwrap_or_default();
        let place = Place {
            line: number(span.start.line()),
            column: number(span.start.col() + 1),
            offset: range.start,
            length: range.len(),
        };
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(refusal("a second document starts here", "Keep one document in the file.", place))
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) | Event::Anchor(..) => {
                Err(refusal("anchors and aliases are not allowed", "Write the value out.", place))
            }
            Event::Scalar(_, _, anchor, ref tag)
            | Event::SequenceStart(_, anchor, ref tag)
            | Event::MappingStart(_, anchor, ref tag)
                if anchor != 0 || tag.is_some() =>
            {
                Err(refusal(
                    "anchors and tags are not allowed",
                    "Write the value out, without `&name` and `!tag`.",
                    place,
                ))
            }
            Event::Scalar(text, style, ..) => {
                let text = text.into_owned();
                let value = if style == ScalarStyle::Plain { Value::Plain(text) } else { Value::Quoted(text) };
                self.count(place)?;
                self.close(Node { value, place })
            }
            Event::SequenceStart(..) => self.start(Open::List(Vec::new(), place), place),
            Event::MappingStart(..) => self.start(Open::Map(Vec::new(), None, place), place),
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => Ok(()),
            _ => Ok(()),
        }
    }

    fn count(&mut self, place: Place) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(refusal(format!("more than {MAX_NODES} values in one file"), "Split the file.", place));
        }
        Ok(())
    }

    fn start(&mut self, open: Open, place: Place) -> Result<(), Refusal> {
        self.count(place)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(refusal(format!("nested deeper than {MAX_DEPTH} levels"), "Nest less deeply.", place));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Refusal> {
        let node = match self.open.pop() {
            Some(Open::List(items, place)) => Node { value: Value::List(items), place: self.extended(place, end) },
            Some(Open::Map(entries, _, place)) => Node { value: Value::Map(entries), place: self.extended(place, end) },
            None => return Ok(()),
        };
        self.close(node)
    }

    /// A block ends where its last line ends, not where the next token starts.
    fn extended(&self, place: Place, end: usize) -> Place {
        let written = self.text.get(place.offset..end).unwrap_or_default().trim_end();
        Place { length: written.len(), ..place }
    }

    fn close(&mut self, node: Node) -> Result<(), Refusal> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(items, _)) => items.push(node),
            Some(Open::Map(entries, key, _)) => match key.take() {
                Some(name) => entries.push((name, node)),
                None => *key = Some(key_of(node, entries)?),
            },
        }
        Ok(())
    }
}

fn key_of(node: Node, entries: &[(Placed<String>, Node)]) -> Result<Placed<String>, Refusal> {
    let place = node.place;
    let name = match node.value {
        Value::Plain(name) if name == "<<" => {
            return Err(refusal("merge keys are not allowed", "Write the keys out.", place));
        }
        Value::Plain(name) | Value::Quoted(name) => name,
        Value::List(_) | Value::Map(_) => return Err(refusal("a key must be a single value", "", place)),
    };
    if let Some((first, _)) = entries.iter().find(|(known, _)| known.value == name) {
        let message = format!(
            "the key `{}` stands twice; first on line {}",
            crate::diagnostic::shortened(&name),
            first.place.line
        );
        return Err(Box::new((message, "Keep one of the two.", place, Some(first.place))));
    }
    Ok(Placed { value: name, place })
}
