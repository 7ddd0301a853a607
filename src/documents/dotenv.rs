//! Environment files as gotenv reads them strictly: a mapping of texts, with `$NAME` and `${NAME}` filled in from the
//! lines above.
//!
//! Owns the line reader. The environment of the gate plays no part: a name that the file does not set is empty.

use serde_json::{Map, Value};

use super::Unread;
use super::lines::Lines;

/// Longest value in bytes: names that stand for names that stand for names grow without an end.
const LONGEST: usize = 100_000;

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let mut lines = Lines::of(text);
    let mut entries = Map::new();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let begins = lines.number();
        let mut line = line.to_owned();
        if let Some(quote) = open_quote(&line) {
            loop {
                let next = lines.next().ok_or_else(|| Unread::at(begins, "a quoted value does not end"))?;
                line.push('\n');
                line.push_str(next);
                let end = next.rfind(quote);
                if end.is_some_and(|at| !next.get(..at).unwrap_or_default().ends_with('\\')) {
                    break;
                }
            }
        }
        let (key, value) = entry(&line).ok_or_else(|| Unread::at(begins, "a line is no `KEY=value`"))?;
        let value = resolved(value.trim(), &entries);
        let value = value.ok_or_else(|| Unread::budget(format!("a value is longer than {LONGEST} bytes")))?;
        entries.insert(key.to_owned(), Value::from(value));
    }
    Ok(Value::Object(entries))
}

/// Returns the quote that opens a value and does not close on its line.
fn open_quote(line: &str) -> Option<char> {
    let at = line.find('=').or_else(|| line.find(':'))?;
    let value = line.get(at + 1..)?.trim();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let inner = value.get(1..)?;
    let closed = inner.rfind(quote).is_some_and(|end| !inner.get(..end).unwrap_or_default().ends_with('\\'));
    (!closed).then_some(quote)
}

/// Cuts a line into key and value, the value still in its quotes and without a comment behind it.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(line);
    let line = line.trim_start();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(line.len());
    let (key, rest) = line.split_at_checked(end).filter(|(key, _)| !key.is_empty())?;
    let rest = match rest.trim_start().strip_prefix('=') {
        Some(rest) => rest,
        None => rest.strip_prefix(':').filter(|rest| rest.starts_with(char::is_whitespace))?,
    };
    let rest = rest.trim_start();
    if let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let ends = |behind: &str| behind.trim().is_empty() || behind.trim_start().starts_with('#');
        let closing = rest.rmatch_indices(quote).map(|(at, _)| at).filter(|at| *at > 0);
        let mut closing = closing.filter(|at| rest.get(at + 1..).is_some_and(ends));
        if let Some(at) = closing.next() {
            return Some((key, rest.get(..=at)?));
        }
    }
    let value = rest.split('#').next().unwrap_or_default();
    (!value.contains('\n')).then_some((key, value))
}

/// Returns the value without its quotes and with names filled in; nothing when it grows too long.
fn resolved(value: &str, known: &Map<String, Value>) -> Option<String> {
    let inner = |quote: char| {
        let inner = value.strip_prefix(quote)?.strip_suffix(quote);
        inner.filter(|_| value.len() >= 2)
    };
    if let Some(literal) = inner('\'') {
        return Some(literal.to_owned());
    }
    match inner('"') {
        Some(quoted) => filled(&unescaped(&quoted.replace("\\n", "\n").replace("\\r", "\r")), known),
        None => filled(value, known),
    }
}

/// Takes away backslashes but those before `$`, which protect it from being filled in.
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some(next)) if *next != '$' => result.extend(letters.next()),
            _ => result.push(letter),
        }
    }
    result
}

fn filled(text: &str, known: &Map<String, Value>) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        if result.len() > LONGEST {
            return None;
        }
        let (before, from) = rest.split_at(at);
        if let Some(escaped) = before.strip_suffix('\\') {
            result.push_str(escaped);
            result.push('$');
            rest = from.get(1..).unwrap_or_default();
            continue;
        }
        result.push_str(before);
        let name = from.get(1..).unwrap_or_default();
        let name = name.strip_prefix('{').unwrap_or(name);
        let end =
            name.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(name.len());
        let (name, behind) = name.split_at(end);
        if name.is_empty() {
            result.push('$');
            rest = from.get(1..).unwrap_or_default();
            continue;
        }
        result.push_str(known.get(name).and_then(Value::as_str).unwrap_or_default());
        rest = behind.strip_prefix('}').unwrap_or(behind);
    }
    result.push_str(rest);
    (result.len() <= LONGEST).then_some(result)
}
