//! From nodes to plain values, collecting every fault with its exact place.
//!
//! Owns the wording of shape faults. Must not know which keys exist: the reader of each schema does.

use std::sync::Arc;

use super::{Node, Place, Placed, Value, YamlFault, is_ambiguous, is_null, nearest};
use crate::diagnostic::{Frame, UsageError, shortened};

/// Faults kept of one file; a file with more is no less wrong.
const MOST_FAULTS: usize = 1_000;

/// The faults of one file, in the order found.
pub(crate) struct Faults<'a> {
    file: &'a str,
    text: Arc<str>,
    found: Vec<(Place, UsageError)>,
}

/// The words allowed at one place, and what they mean.
pub(crate) type Words<T> = [(&'static str, T)];

impl<'a> Faults<'a> {
    /// Starts with none.
    pub(crate) fn of(bytes: &[u8], file: &'a str) -> Self {
        Self { file, text: String::from_utf8_lossy(bytes).into(), found: Vec::new() }
    }

    /// Records one fault.
    pub(crate) fn add(&mut self, place: Place, title: impl Into<String>, label: &str, help: impl Into<String>) {
        if self.found.len() >= MOST_FAULTS {
            return;
        }
        let frame = Frame { file: self.file.to_owned(), text: self.text.clone(), place, label: label.to_owned() };
        let error = UsageError { title: title.into(), why: String::new(), frame: Some(frame), help: help.into() };
        self.found.push((place, error));
    }

    /// Records the fault that stopped the reading of the file.
    pub(crate) fn stop(&mut self, fault: YamlFault) {
        // Invalid bytes became U+FFFD, three bytes each, so the place is still the start of the first one.
        self.add(fault.place, fault.message, "here", fault.help);
    }

    /// Says whether the last fault is this key, misspelt: then that it is missing is no second fault.
    pub(crate) fn just_misspelt(&self, key: &str) -> bool {
        self.found.last().is_some_and(|(_, error)| error.help == suggestion(key, [key].into_iter()))
    }

    /// Says whether there is none yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns the faults in the order of the file.
    pub(crate) fn into_errors(mut self) -> Vec<UsageError> {
        self.found.sort_by_key(|(place, _)| *place);
        self.found.into_iter().map(|(_, error)| error).collect()
    }

    fn shape(&mut self, node: &Node, what: &str, wanted: &str) {
        let title = format!("`{what}` must be {wanted}, not {}", node.value.kind());
        self.add(node.place, title, &format!("{wanted} wanted"), "");
    }

    /// Records a key that the schema does not have.
    pub(crate) fn unknown_key(&mut self, key: &Placed<String>, known: &[&'static str], inside: &str) {
        let at = if inside.is_empty() { String::new() } else { format!(" in `{inside}`") };
        let title = format!("unknown key `{}`{at}", shortened(&key.value));
        self.add(key.place, title, "not a key of this file", suggestion(&key.value, known.iter().copied()));
    }

    /// Returns the entries of a mapping; `key:` with nothing behind it is a fault, because it says nothing.
    pub(crate) fn map<'n>(&mut self, node: &'n Node, what: &str) -> &'n [(Placed<String>, Node)] {
        match &node.value {
            Value::Map(entries) => entries,
            _ => {
                self.shape(node, what, "a mapping");
                &[]
            }
        }
    }

    /// Returns the items of a list.
    pub(crate) fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            _ => {
                self.shape(node, what, "a list");
                &[]
            }
        }
    }

    /// Returns text that every YAML reader takes for text.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        match &node.value {
            Value::Plain(plain) if is_null(plain) => self.shape(node, what, "text"),
            Value::Plain(plain) if is_ambiguous(plain) => {
                let title =
                    format!("`{what}` must be text, and `{0}` is not text to every YAML reader", shortened(plain));
                self.add(node.place, title, "quote it", format!("Write \"{}\".", shortened(plain)));
            }
            Value::Quoted(text) if text.is_empty() => {
                self.add(node.place, format!("`{what}` is empty"), "nothing here", "");
            }
            Value::Plain(text) | Value::Quoted(text) => return Some(text.clone()),
            Value::List(_) | Value::Map(_) => self.shape(node, what, "text"),
        }
        None
    }

    /// Returns all texts of a list.
    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<Placed<String>> {
        let items = self.list(node, what);
        items.iter().filter_map(|item| Some(Placed { value: self.text(item, what)?, place: item.place })).collect()
    }

    /// Returns a whole number from 1.
    pub(crate) fn positive(&mut self, node: &Node, what: &str) -> Option<u64> {
        let written = match &node.value {
            Value::Plain(plain) => plain.as_str(),
            Value::Quoted(_) | Value::List(_) | Value::Map(_) => "",
        };
        let plain = written.bytes().all(|byte| byte.is_ascii_digit()) && !written.starts_with('0');
        match written.parse() {
            Ok(number) if plain => Some(number),
            _ => {
                let help = "Write digits only, such as 5000000: no sign, separator, fraction, unit or quotes.";
                self.add(node.place, format!("`{what}` must be a whole number from 1"), "not such a number", help);
                None
            }
        }
    }

    /// Returns the meaning of one of a few words.
    pub(crate) fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &Words<T>) -> Option<T> {
        let written = match &node.value {
            Value::Plain(written) | Value::Quoted(written) if !is_null(written) => written,
            _ => {
                self.shape(node, what, &one_of(words));
                return None;
            }
        };
        let known = words.iter().find(|(word, _)| word == written).map(|(_, meaning)| *meaning);
        if known.is_none() {
            let title = format!("`{}` is no value of `{what}`", shortened(written));
            let help = nearest(written, words.iter().map(|(word, _)| *word));
            let help = help.map_or_else(String::new, |word| format!("Did you mean `{word}`? "));
            self.add(node.place, title, "unknown value", format!("{help}Write {}.", one_of(words)));
        }
        known
    }
}

fn one_of<T>(words: &Words<T>) -> String {
    let quoted: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Returns the help for a word that is not among the known ones.
pub(crate) fn suggestion<'k>(word: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Known: {}.", known.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    }
}
