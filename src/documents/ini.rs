//! INI as go-ini reads it: sections of keys, `=` or `:` between key and value, `#` and `;` begin comments anywhere, a
//! value in three quotes or back quotes may span lines; what reads as a number or a truth value is one.
//!
//! Owns the line reader. Keys outside of sections, or in `[DEFAULT]`, are not shown: Conftest leaves them out.

use serde_json::{Map, Value};

use super::Unread;
use super::lines::{Lines, typed};

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let mut lines = Lines::of(text);
    let mut sections = Map::new();
    let mut section = String::from("DEFAULT");
    let mut counter = 0u32;
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = rest.rfind(']').and_then(|end| rest.get(..end)).filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| Unread::at(lines.number(), "a section has no name or no `]`"))?;
            name.clone_into(&mut section);
            counter = 0;
            // A section without keys is an empty mapping.
            let _ = keys(&mut sections, &section);
            continue;
        }
        let (mut key, rest) =
            key(line).ok_or_else(|| Unread::at(lines.number(), "a line has no key, or no `=` or `:`"))?;
        if key == "-" {
            counter = counter.saturating_add(1);
            key = format!("#{counter}");
        }
        let value = value(rest, &mut lines)?;
        if let Some(keys) = keys(&mut sections, &section) {
            keys.insert(key, typed(&value));
        }
    }
    sections.remove("DEFAULT");
    Ok(Value::Object(sections))
}

fn keys<'a>(sections: &'a mut Map<String, Value>, section: &str) -> Option<&'a mut Map<String, Value>> {
    sections.entry(section).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// Returns the key, without its quotes, and what follows the sign after it.
fn key(line: &str) -> Option<(String, &str)> {
    let quote = ["\"\"\"", "\"", "`"].into_iter().find(|quote| line.starts_with(quote));
    let (key, rest) = match quote {
        Some(quote) => {
            let inner = line.get(quote.len()..)?;
            let (key, rest) = inner.split_once(quote)?;
            (key, rest.get(rest.find(['=', ':'])?..)?)
        }
        None => line.split_at(line.find(['=', ':'])?),
    };
    let key = key.trim();
    (!key.is_empty()).then(|| Some((key.to_owned(), rest.get(1..)?)))?
}

fn value(rest: &str, lines: &mut Lines<'_>) -> Result<String, Unread> {
    let line = rest.trim_start();
    let quote = ["\"\"\"", "`"].into_iter().find(|quote| line.starts_with(quote) && line.len() > quote.len().max(1));
    if let Some(quote) = quote {
        let inner = line.get(quote.len()..).unwrap_or_default();
        return match inner.rfind(quote) {
            Some(end) => Ok(inner.get(..end).unwrap_or_default().to_owned()),
            None => quoted_lines(inner, quote, lines),
        };
    }
    let mut line = line.trim();
    let mut joined;
    if let Some(first) = line.strip_suffix('\\') {
        joined = first.to_owned();
        while let Some(next) = lines.next().map(str::trim).filter(|next| !next.is_empty()) {
            joined.push_str(next);
            if !joined.ends_with('\\') {
                break;
            }
            joined.pop();
        }
        return Ok(joined);
    }
    if let Some(comment) = line.find(['#', ';']) {
        line = line.get(..comment).unwrap_or_default().trim();
    }
    for quote in ['\'', '"'] {
        let inner = line.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote));
        if let Some(inner) = inner.filter(|inner| !inner.contains(quote)) {
            return Ok(inner.to_owned());
        }
    }
    Ok(line.to_owned())
}

fn quoted_lines(first: &str, quote: &str, lines: &mut Lines<'_>) -> Result<String, Unread> {
    let begins = lines.number();
    let mut value = format!("{first}\n");
    for next in lines.by_ref() {
        if let Some(end) = next.rfind(quote) {
            value.push_str(next.get(..end).unwrap_or_default());
            return Ok(value);
        }
        value.push_str(next);
        value.push('\n');
    }
    Err(Unread::at(begins, "a quoted value does not end"))
}
