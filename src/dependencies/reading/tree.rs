//! A document as a tree whose parts know their line: what every structured manifest becomes before it is understood.
//!
//! Owns the tree, its look-ups and its building from events. Keys may stand twice; the last one counts for a look-up, as
//! the tools read it, and all are there for who lists them.

use crate::documents::{MAX_DEPTH, Unread};

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dependencies) struct Node {
    /// Line, from 1.
    pub(in crate::dependencies) line: u32,
    pub(in crate::dependencies) value: Tree,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dependencies) enum Tree {
    /// A text, or a number or truth value as it is written.
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One entry of a mapping; its line is that of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dependencies) struct Entry {
    pub(in crate::dependencies) key: String,
    pub(in crate::dependencies) line: u32,
    pub(in crate::dependencies) node: Node,
}

impl Node {
    /// Returns the entries; none where it is no mapping.
    pub(in crate::dependencies) fn entries(&self) -> &[Entry] {
        match &self.value {
            Tree::Map(entries) => entries,
            Tree::Text(_) | Tree::List(_) => &[],
        }
    }

    /// Returns the items; none where it is no list.
    pub(in crate::dependencies) fn items(&self) -> &[Self] {
        match &self.value {
            Tree::List(items) => items,
            Tree::Text(_) | Tree::Map(_) => &[],
        }
    }

    /// Returns the text; none where it is a list or a mapping.
    pub(in crate::dependencies) fn text(&self) -> Option<&str> {
        match &self.value {
            Tree::Text(text) => Some(text),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    pub(in crate::dependencies) fn is_map(&self) -> bool {
        matches!(self.value, Tree::Map(_))
    }

    /// Returns what stands under a key.
    pub(in crate::dependencies) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Returns what stands under one key after the other.
    pub(in crate::dependencies) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Returns the entries of the mapping under one key after the other.
    pub(in crate::dependencies) fn entries_at(&self, path: &[&str]) -> &[Entry] {
        self.at(path).map_or(&[], Self::entries)
    }

    /// Returns the items of the list under one key after the other.
    pub(in crate::dependencies) fn items_at(&self, path: &[&str]) -> &[Self] {
        self.at(path).map_or(&[], Self::items)
    }

    /// Returns the text under one key after the other, or an empty one.
    pub(in crate::dependencies) fn text_at(&self, path: &[&str]) -> &str {
        self.at(path).and_then(Self::text).unwrap_or_default()
    }
}

/// A list or mapping that is still open.
struct Open {
    line: u32,
    key: Option<(String, u32)>,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// Builds a tree from events, without a recursion.
pub(in crate::dependencies) struct Builder {
    open: Vec<Open>,
    left: usize,
    done: Option<Node>,
}

impl Builder {
    /// Begins a tree of at most so many parts.
    pub(in crate::dependencies) fn new(parts: usize) -> Self {
        Self { open: Vec::new(), left: parts, done: None }
    }

    pub(in crate::dependencies) fn text(&mut self, line: u32, text: impl Into<String>) -> Result<(), Unread> {
        self.spend()?;
        self.put(Node { line, value: Tree::Text(text.into()) });
        Ok(())
    }

    pub(in crate::dependencies) fn open_list(&mut self, line: u32) -> Result<(), Unread> {
        self.begin(line, Parts::List(Vec::new()))
    }

    pub(in crate::dependencies) fn open_map(&mut self, line: u32) -> Result<(), Unread> {
        self.begin(line, Parts::Map(Vec::new()))
    }

    /// Says under which key the next part of the open mapping stands.
    pub(in crate::dependencies) fn key(&mut self, line: u32, key: impl Into<String>) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key.into(), line));
        }
    }

    /// Ends the innermost list or mapping.
    pub(in crate::dependencies) fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let value = match open.parts {
            Parts::List(items) => Tree::List(items),
            Parts::Map(entries) => Tree::Map(entries),
        };
        self.put(Node { line: open.line, value });
    }

    /// Returns the tree; an empty mapping where nothing came.
    pub(in crate::dependencies) fn finish(self) -> Node {
        self.done.unwrap_or(Node { line: 1, value: Tree::Map(Vec::new()) })
    }

    fn begin(&mut self, line: u32, parts: Parts) -> Result<(), Unread> {
        self.spend()?;
        if self.open.len() >= MAX_DEPTH {
            return Err(over(format!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        self.open.push(Open { line, key: None, parts });
        Ok(())
    }

    fn spend(&mut self) -> Result<(), Unread> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| over("it holds more values than the limit `manifest-values` allows".to_owned()))?;
        Ok(())
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.done = Some(node),
            Some(Open { parts: Parts::List(items), .. }) => items.push(node),
            Some(Open { parts: Parts::Map(entries), key, line }) => {
                let (key, line) = key.take().unwrap_or((String::new(), *line));
                entries.push(Entry { key, line, node });
            }
        }
    }
}

/// Returns a refusal by a budget.
pub(in crate::dependencies) fn over(message: String) -> Unread {
    Unread { message, line: 0, column: 0, too_large: true }
}
