//! XML with lines: an element is a text, or a mapping of its children, with `-name` for attributes.
//!
//! Owns the building from events. Entities of a document's own are never expanded: their names stand in the text.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::toml::LineStarts;
use super::tree::{Entry, Node, Tree, over};
use crate::documents::{MAX_DEPTH, Unread};

/// An element that is still open.
struct Element {
    label: String,
    line: u32,
    children: Vec<Entry>,
    text: String,
}

impl Element {
    fn close(self) -> Entry {
        let text = self.text.trim();
        let value = if self.children.is_empty() { Tree::Text(text.to_owned()) } else { Tree::Map(self.children) };
        Entry { key: self.label, line: self.line, node: Node { line: self.line, value } }
    }
}

pub(in crate::dependencies) fn read(text: &str, parts: usize) -> Result<Node, Unread> {
    let starts = LineStarts::of(text);
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut left = parts;
    let mut open = vec![Element { label: String::new(), line: 1, children: Vec::new(), text: String::new() }];
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let line = starts.line(from);
        let wrong = |message: String| Unread::at(usize::try_from(line).unwrap_or(0), message);
        match event.map_err(|error| wrong(error.to_string()))? {
            Event::Start(start) => {
                let element = element(&start, line).map_err(wrong)?;
                let spent = element.children.len().saturating_add(1);
                left = left
                    .checked_sub(spent)
                    .ok_or_else(|| over("it holds more values than the limit `manifest-values` allows".to_owned()))?;
                if open.len() > MAX_DEPTH {
                    return Err(over(format!("it is nested deeper than {MAX_DEPTH} levels")));
                }
                open.push(element);
            }
            Event::End(_) => {
                let closed = open.pop().map(Element::close);
                let (Some(entry), Some(parent)) = (closed, open.last_mut()) else {
                    return Err(wrong("an element ends too often".to_owned()));
                };
                parent.children.push(entry);
            }
            Event::Text(piece) => push(&mut open, &piece.xml10_content()),
            Event::CData(piece) => push(&mut open, &piece.xml10_content()),
            Event::GeneralRef(name) => {
                let known = match name.resolve_char_ref().map_err(|error| wrong(error.to_string()))? {
                    Some(letter) => letter.to_string(),
                    None => {
                        let name = name.xml10_content();
                        quick_xml::escape::resolve_predefined_entity(&name)
                            .map_or_else(|| format!("&{name};"), str::to_owned)
                    }
                };
                push(&mut open, &known);
            }
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(root), true) if !root.children.is_empty() => Ok(root.close().node),
        (Some(last), false) => Err(Unread::at(0, format!("the element `{}` does not end", last.label))),
        _ => Err(Unread::at(0, "it has no element")),
    }
}

fn push(open: &mut [Element], piece: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(piece);
    }
}

fn element(start: &BytesStart<'_>, line: u32) -> Result<Element, String> {
    let label = start.local_name().into_inner().to_owned();
    let mut children = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        let key = format!("-{}", attribute.key.local_name().into_inner());
        children.push(Entry { key, line, node: Node { line, value: Tree::Text(value.into_owned()) } });
    }
    Ok(Element { label, line, children, text: String::new() })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn elements_know_their_lines_and_attributes() {
        let tree = read("<a>\n  <b x=\"1\"/>\n  <c>t &amp; &own;</c>\n  <c>u</c>\n</a>\n", 100).unwrap();
        assert_eq!(tree.text_at(&["a", "b", "-x"]), "1");
        let lines: Vec<_> = tree.entries_at(&["a"]).iter().map(|entry| (&*entry.key, entry.line)).collect();
        assert_eq!(lines, [("b", 2), ("c", 3), ("c", 4)]);
        assert_eq!(tree.entries_at(&["a"])[1].node.text(), Some("t & &own;"));
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        for text in ["", "x", "<a>", "<a></b>"] {
            assert!(read(text, 100).is_err(), "{text}");
        }
        assert!(read(&"<a>".repeat(100_000), 1_000_000).unwrap_err().too_large);
    }
}
