//! XML in the shape of goxml2json: elements by their local name, `-name` for attributes, `#content` for text beside
//! either; every value is text, and what stands several times is a list.
//!
//! Owns the building from events, with a stack of its own. Entities of a document's own are never expanded.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use super::{MAX_DEPTH, Unread};

/// An element that is still open.
#[derive(Default)]
struct Element {
    label: String,
    children: Map<String, Value>,
    text: String,
}

impl Element {
    /// Adds a child; a second one of the label makes a list of both.
    fn add(&mut self, label: &str, child: Value) {
        // A child is a text or a mapping, so a list here is always one of children.
        match self.children.get_mut(label) {
            None => drop(self.children.insert(label.to_owned(), child)),
            Some(Value::Array(items)) => items.push(child),
            Some(first) => *first = Value::Array(vec![first.take(), child]),
        }
    }

    fn close(self) -> (String, Value) {
        let text = self.text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        if self.children.is_empty() {
            return (self.label, Value::from(text));
        }
        let mut children = self.children;
        if !text.is_empty() {
            children.insert("#content".to_owned(), Value::from(text));
        }
        (self.label, Value::Object(children))
    }
}

pub(super) fn read(text: &str) -> Result<Value, Unread> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event();
        let offset = usize::try_from(reader.error_position().max(reader.buffer_position())).unwrap_or(usize::MAX);
        let wrong = |message: String| Unread::at(line_of(text, offset), message);
        match event.map_err(|error| wrong(error.to_string()))? {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return Err(Unread::budget(format!("it is nested deeper than {MAX_DEPTH} levels")));
                }
                open.push(element(&start).map_err(wrong)?);
            }
            Event::End(_) => {
                let (label, value) = open.pop().unwrap_or_default().close();
                let Some(parent) = open.last_mut() else { return Err(wrong("an element ends too often".to_owned())) };
                parent.add(&label, value);
            }
            Event::Text(piece) => push(&mut open, &piece.xml10_content()),
            Event::CData(piece) => push(&mut open, &piece.xml10_content()),
            Event::GeneralRef(name) => {
                let known = match name.resolve_char_ref().map_err(|error| wrong(error.to_string()))? {
                    Some(letter) => Some(letter.to_string()),
                    None => quick_xml::escape::resolve_predefined_entity(&name.xml10_content()).map(str::to_owned),
                };
                let known =
                    known.ok_or_else(|| wrong("it uses an entity of its own, which is not expanded".to_owned()))?;
                push(&mut open, &known);
            }
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    let root = open.pop().unwrap_or_default();
    if !open.is_empty() {
        return Err(Unread::at(0, format!("the element `{}` does not end", root.label)));
    }
    if root.children.is_empty() {
        return Err(Unread::at(0, "it has no element"));
    }
    Ok(root.close().1)
}

fn push(open: &mut [Element], piece: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(piece);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let label = start.local_name().into_inner().to_owned();
    let mut element = Element { label, ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        element.add(&format!("-{}", attribute.key.local_name().into_inner()), Value::from(value.as_ref()));
    }
    Ok(element)
}

fn line_of(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    text.as_bytes().get(..offset).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1
}
