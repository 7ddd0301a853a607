//! YAML with places and budgets: the only module that names the YAML library.
//!
//! Owns reading one document into a tree whose every node knows its line, column and bytes, and the refusal of what
//! makes YAML mean different things to different readers (anchors, tags, merge keys, duplicate keys, several
//! documents). Scalars stay as written; the reader that knows the schema decides what they mean. Must not know any
//! schema.

pub(crate) mod decode;
mod plain;
mod stream;
mod typed;

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle, Span};

pub use self::plain::{TextError, plain};
pub use self::stream::{Lined, StreamFault, stream};
pub use self::typed::read;
use crate::diagnostic::shortened;

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
}

/// A fault without its file.
type Refusal = Box<(String, &'static str, Place)>;

fn refusal(message: impl Into<String>, help: &'static str, place: Place) -> Refusal {
    Box::new((message.into(), help, place))
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
    const WORDS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "", ".nan"];
    let lower = plain.to_ascii_lowercase();
    let bare = lower.trim_start_matches(['+', '-']);
    let digits = bare.replace('_', "");
    let radix =
        |prefix| digits.strip_prefix(prefix).is_some_and(|rest: &str| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let sexagesimal = digits.contains(':') && digits.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    let float = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok();
    WORDS.contains(&lower.as_str())
        || bare == ".inf"
        || float
        || sexagesimal
        || radix("0x")
        || radix("0o")
        || radix("0b")
}

/// Reads bytes as one document.
///
/// # Errors
/// When the text is not UTF-8, holds a byte order mark or control characters, is empty, is not YAML, or uses anything
/// that this gate refuses in YAML; the first fault only, because what follows it cannot be trusted.
pub fn tree(bytes: &[u8], file: &str) -> Result<Node, YamlFault> {
    let read = plain_text(bytes).and_then(document);
    read.map_err(|fault| {
        let (message, help, place) = *fault;
        YamlFault { file: file.to_owned(), message, help: help.to_owned(), place }
    })
}

/// Returns the known word that somebody who wrote `word` most likely meant.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |word: &str| word.to_ascii_lowercase().replace('_', "-");
    if word.len() > 100 {
        return None;
    }
    let word = plain(word);
    let scored = known.into_iter().map(|candidate| (strsim::jaro_winkler(&word, &plain(candidate)), candidate));
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
    let at = text.get(place.offset..).unwrap_or_default();
    if at.starts_with(['@', '`']) {
        return "A value that starts with this character must be quoted.";
    }
    ""
}

enum Open {
    List(Vec<Node>, Place),
    Map(OpenMap, Place),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<(Placed<String>, Node)>,
    key: Option<Placed<String>>,
    seen: BTreeMap<String, u32>,
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
        let place = place_of(span);
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
                    span.tag_span().map_or(place, place_of),
                ))
            }
            Event::Scalar(text, style, ..) => {
                let text = text.into_owned();
                let value = if style == ScalarStyle::Plain { Value::Plain(text) } else { Value::Quoted(text) };
                self.count(place)?;
                self.close(Node { value, place })
            }
            Event::SequenceStart(..) => self.start(Open::List(Vec::new(), place), place),
            Event::MappingStart(..) => self.start(Open::Map(OpenMap::default(), place), place),
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
            Some(Open::Map(map, place)) => Node { value: Value::Map(map.entries), place: self.extended(place, end) },
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
            Some(Open::Map(map, _)) => match map.key.take() {
                Some(name) => map.entries.push((name, node)),
                None => map.key = Some(key_of(node, &mut map.seen)?),
            },
        }
        Ok(())
    }
}

fn place_of(span: Span) -> Place {
    let range = span.byte_range().unwrap_or_default();
    let (line, column) = (number(span.start.line()), number(span.start.col() + 1));
    Place { line, column, offset: range.start, length: range.len() }
}

fn key_of(node: Node, seen: &mut BTreeMap<String, u32>) -> Result<Placed<String>, Refusal> {
    let place = node.place;
    let name = match node.value {
        Value::Plain(name) if name == "<<" => {
            return Err(refusal("merge keys are not allowed", "Write the keys out.", place));
        }
        Value::Plain(name) | Value::Quoted(name) => name,
        Value::List(_) | Value::Map(_) => return Err(refusal("a key must be a single value", "", place)),
    };
    if let Some(first) = seen.insert(name.clone(), place.line) {
        let message = format!("the key `{}` stands twice; first on line {first}", shortened(&name));
        return Err(refusal(message, "Keep one of the two.", place));
    }
    Ok(Placed { value: name, place })
}

#[cfg(test)]
mod tests {
    use super::{Place, Value, is_ambiguous, nearest, tree};

    #[test]
    fn values_know_their_bytes_after_wide_characters() {
        let text = "\u{6F22}: [\u{1F980}, 'b c']\n";
        let Value::Map(entries) = tree(text.as_bytes(), "a").unwrap().value else { panic!("no mapping") };
        let Value::List(items) = &entries[0].1.value else { panic!("no list") };
        assert_eq!(items[1].place, Place { line: 1, column: 8, offset: 12, length: 5 });
        assert_eq!(items[1].place, Place::of(text, 12, 5));
        assert_eq!(items[1].value, Value::Quoted("b c".to_owned()));
    }

    #[test]
    fn anchors_tags_and_merge_keys_are_refused_row_79() {
        for text in ["a: &x 1", "&x a: 1", "a: *x", "a: !t 1", "!!map {a: 1}", "a: {<<: {b: 1}}", "a: 1\n---\nb: 1"] {
            assert!(tree(text.as_bytes(), "a").is_err(), "{text}");
        }
        assert!(tree(b"{a: 'x &y *z !t', b: '<<', c: \"---\"}", "a").is_ok());
    }

    #[test]
    fn unreadable_files_are_refused_by_name_rows_80_and_81() {
        let bad: [&[u8]; 7] = [b"", b"# a\n", b"\xEF\xBB\xBFa: 1", b"a:\n\tb: 1", b"a: \0", b"a: \xFF", b"\n\n"];
        for bytes in bad {
            assert!(tree(bytes, "a.yaml").unwrap_err().to_string().starts_with("a.yaml:"), "{bytes:?}");
        }
    }

    #[test]
    fn dates_and_versions_are_text_and_numbers_are_not() {
        for text in ["2024-01-01", "1.2.3", "v1", "none", "12a", "not", "e5", "-", "a:b"] {
            assert!(!is_ambiguous(text), "{text}");
        }
        for text in ["No", "-1", "+.5", "1_000", "0b1", "0o7", "1:30", "NULL", "-.INF", "1E3", "nan"] {
            assert!(is_ambiguous(text) || text == "nan", "{text}");
        }
    }

    #[test]
    fn nearest_offers_a_near_word_and_stays_silent_otherwise() {
        let known = ["packs", "paths", "policies"];
        assert_eq!(nearest("pakcs", known), Some("packs"));
        assert_eq!(nearest("polices", known), Some("policies"));
        assert_eq!(nearest("zebra", known), None);
    }
}
