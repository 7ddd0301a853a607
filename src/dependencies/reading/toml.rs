//! TOML with lines.
//!
//! Owns the way from the library's table to the tree, with a stack of its own.

use ::toml::Spanned;
use ::toml::de::{DeString, DeTable, DeValue};

use super::tree::{Builder, Node};
use crate::documents::Unread;

/// What is still to be told, innermost last.
enum Rest<'a> {
    List(std::slice::Iter<'a, Spanned<DeValue<'a>>>),
    Map(std::vec::IntoIter<(&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)>),
}

pub(in crate::dependencies) fn read(text: &str, parts: usize) -> Result<Node, Unread> {
    let starts = LineStarts::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        Unread::at(usize::try_from(starts.line(start)).unwrap_or(0), error.message().to_owned())
    })?;
    let mut builder = Builder::new(parts);
    builder.open_map(1)?;
    let mut pending = vec![Rest::Map(in_order(table.get_ref()))];
    while let Some(rest) = pending.last_mut() {
        let next = match rest {
            Rest::List(items) => items.next(),
            Rest::Map(entries) => entries.next().map(|(key, value)| {
                builder.key(starts.line(key.span().start), key.get_ref().as_ref());
                value
            }),
        };
        let Some(value) = next else {
            pending.pop();
            builder.close();
            continue;
        };
        let line = starts.line(value.span().start);
        match value.get_ref() {
            DeValue::String(text) => builder.text(line, text.as_ref())?,
            DeValue::Integer(number) => builder.text(line, number.as_str())?,
            DeValue::Float(number) => builder.text(line, number.as_str())?,
            DeValue::Boolean(value) => builder.text(line, value.to_string())?,
            DeValue::Datetime(date) => builder.text(line, date.to_string())?,
            DeValue::Array(items) => {
                builder.open_list(line)?;
                pending.push(Rest::List(items.iter()));
            }
            DeValue::Table(table) => {
                builder.open_map(line)?;
                pending.push(Rest::Map(in_order(table)));
            }
        }
    }
    Ok(builder.finish())
}

/// Returns the entries of a table as they stand in the file.
fn in_order<'a>(table: &'a DeTable<'a>) -> std::vec::IntoIter<(&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries.into_iter()
}

/// Where the lines of a text begin.
pub(super) struct LineStarts(Vec<usize>);

impl LineStarts {
    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect())
    }

    /// Returns the line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset) + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts_know_their_lines_and_keep_their_order() {
        let tree = read(
            "[package]\nname = \"a\"\n[[bin]]\nx = 1\n[dependencies]\nz = \"1\"\na = { version = \"2.10\" }\n",
            100,
        );
        let tree = tree.unwrap();
        let names: Vec<_> = tree.entries_at(&["dependencies"]).iter().map(|entry| (&*entry.key, entry.line)).collect();
        assert_eq!(names, [("z", 6), ("a", 7)]);
        assert_eq!(tree.text_at(&["dependencies", "a", "version"]), "2.10");
        assert_eq!(tree.items_at(&["bin"]).len(), 1);
    }

    #[test]
    fn what_is_no_toml_or_nested_too_deep_is_refused() {
        assert_eq!(read("a = 1\nb = = 2\n", 100).unwrap_err().line, 2);
        assert!(read(&format!("a = {}", "[".repeat(100_000)), 1_000_000).is_err());
        assert!(read("a = [1, 2, 3]", 3).unwrap_err().too_large);
    }
}
