//! YAML with lines: the only document, or what several say together.
//!
//! Owns the way from the reader of documents to the tree, with a stack of its own. A number that is not written in quotes
//! is shown as it reads.

use serde_json::{Map, Value};

use super::tree::{Builder, Node};
use crate::documents::{MAX_DEPTH, Unread};
use crate::yaml::stream;

enum Rest<'a> {
    List(std::slice::Iter<'a, Value>, std::slice::Iter<'a, Value>),
    Map(serde_json::map::Iter<'a>, Option<&'a Map<String, Value>>),
}

pub(in crate::dependencies) fn read(text: &str, parts: usize) -> Result<Node, Unread> {
    let one = stream(text, MAX_DEPTH, parts)
        .map_err(|fault| Unread { too_large: fault.over_budget, ..Unread::at(fault.line, fault.message) })?;
    let mut builder = Builder::new(parts);
    let mut pending = Vec::new();
    part(&one.value, Some(&one.lines), 1, &mut builder, &mut pending)?;
    while let Some(rest) = pending.last_mut() {
        let next = match rest {
            Rest::List(items, lines) => items.next().map(|item| (item, lines.next())),
            Rest::Map(entries, lines) => entries.next().map(|(key, value)| {
                let place = lines.and_then(|lines| lines.get(key));
                builder.key(line_of(place), key);
                (value, place)
            }),
        };
        match next {
            Some((value, place)) => part(value, place, line_of(place), &mut builder, &mut pending)?,
            None => {
                pending.pop();
                builder.close();
            }
        }
    }
    Ok(builder.finish())
}

fn part<'a>(
    value: &'a Value,
    lines: Option<&'a Value>,
    line: u32,
    builder: &mut Builder,
    pending: &mut Vec<Rest<'a>>,
) -> Result<(), Unread> {
    match value {
        Value::Array(items) => {
            builder.open_list(line)?;
            let lines = lines.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            pending.push(Rest::List(items.iter(), lines.get(1..).unwrap_or_default().iter()));
            Ok(())
        }
        Value::Object(map) => {
            builder.open_map(line)?;
            pending.push(Rest::Map(map.iter(), lines.and_then(Value::as_object)));
            Ok(())
        }
        Value::String(text) => builder.text(line, text.clone()),
        Value::Null => builder.text(line, ""),
        Value::Bool(_) | Value::Number(_) => builder.text(line, value.to_string()),
    }
}

/// Returns the line at which a part stands by itself.
fn line_of(lines: Option<&Value>) -> u32 {
    let own = match lines {
        Some(Value::Array(items)) => items.first(),
        Some(Value::Object(map)) => map.get(""),
        other => other,
    };
    own.and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts_know_their_lines() {
        let tree = read("a:\n  b: 1.2.3\n  c:\n    - x\n    - y: z\n", 100).unwrap();
        assert_eq!(tree.entries_at(&["a"])[1].line, 3);
        assert_eq!((tree.items_at(&["a", "c"])[0].line, tree.text_at(&["a", "b"])), (4, "1.2.3"));
    }

    #[test]
    fn aliases_count_as_what_they_stand_for() {
        let bomb = "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n";
        assert!(read(bomb, 100).unwrap_err().too_large);
    }
}
