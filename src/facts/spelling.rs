//! What a piece of code says, without what does nothing in it: comments, line continuations, white space around dots.
//!
//! Owns the one spelling of a called name, however it is laid out: `os /* x */ .system` reads `os.system`. Texts within
//! the code (strings, regular expressions) stay as they are. Must not decide what is looked for.

use std::ops::Range;
use std::sync::OnceLock;

use tree_sitter::{Node, Tree};

/// Most nodes that are looked at for one name before all of the side is.
const NEARBY: usize = 400;

/// Parts of one side that are not plain code, found when they are first asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asides(OnceLock<Vec<Aside>>);

/// A part that is not plain code.
#[derive(Clone, Debug)]
struct Aside {
    range: Range<usize>,
    /// True for a text, which is kept; false for what does nothing.
    said: bool,
}

impl Asides {
    /// Returns the parts that begin in a range, in their order.
    fn within(&self, tree: &Tree, range: &Range<usize>) -> &[Aside] {
        let all = self.0.get_or_init(|| asides(tree));
        let first = all.partition_point(|aside| aside.range.start < range.start);
        let rest = all.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|aside| aside.range.start < range.end)).unwrap_or_default()
    }
}

impl Aside {
    /// Returns what a node is, where it is not plain code.
    fn of(node: Node<'_>) -> Option<Self> {
        let leaf =
            || node.named_child_count() == 0 && ["string", "regex", "char"].iter().any(|of| node.kind().contains(of));
        let (silent, said) = (is_silent(node), node.is_named() && leaf());
        (silent || said).then(|| Self { range: node.byte_range(), said: !silent })
    }
}

/// Says whether a node does nothing: a comment, a line continuation. What could not be parsed may stand anywhere as well.
pub(crate) fn is_silent(node: Node<'_>) -> bool {
    node.is_extra() && node.is_named() && !node.is_error() && !node.is_missing()
}

fn asides(tree: &Tree) -> Vec<Aside> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if let Some(aside) = Aside::of(node) {
            found.push(aside);
        } else if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

/// A text with its tree, and what in it is not plain code.
pub(crate) struct Code<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Its tree.
    pub(crate) tree: &'a Tree,
    /// What in it is not plain code.
    pub(crate) asides: &'a Asides,
}

impl Code<'_> {
    /// Appends what a range of a node says to `out`, until that has `limit` characters.
    pub(crate) fn spell_into(&self, out: &mut String, (node, range): (Node<'_>, Range<usize>), limit: usize) {
        let whole = self.text.get(range.clone()).unwrap_or_default();
        if !may_hold_asides(whole) {
            let left = limit.saturating_sub(out.chars().count());
            out.push_str(super::lines::cut(whole, left));
            return;
        }
        // Finding all of a side walks its whole tree, and most names have blanks in them and nothing else.
        let nearby = if is_plain(whole) { Some(Vec::new()) } else { self.nearby(node, &range, limit) };
        let asides = nearby.as_deref().unwrap_or_else(|| self.asides.within(self.tree, &range));
        self.spell_around(out, (range, asides), limit);
    }

    fn spell_around(&self, out: &mut String, (range, asides): (Range<usize>, &[Aside]), limit: usize) {
        let mut spelling = Spelling { count: out.chars().count(), out, limit, gap: Gap::None };
        let mut at = range.start;
        for aside in asides {
            if spelling.is_full() {
                return;
            }
            spelling.code(self.text.get(at..aside.range.start).unwrap_or_default());
            at = aside.range.end.max(at);
            if aside.said {
                spelling.said(self.text.get(aside.range.clone()).unwrap_or_default());
            } else {
                spelling.gap = spelling.gap.max(Gap::Silent);
            }
        }
        spelling.code(self.text.get(at..range.end).unwrap_or_default());
    }

    /// Returns the parts of a range that are not plain code, as far as `limit` characters of it need them; none where that
    /// takes as long as to find those of the whole side once.
    fn nearby(&self, node: Node<'_>, range: &Range<usize>, limit: usize) -> Option<Vec<Aside>> {
        let (mut found, mut at, mut letters) = (Vec::new(), range.start, 0_usize);
        let mut cursor = node.walk();
        for _ in 0..NEARBY {
            let node = cursor.node();
            let passed = self.text.get(at..node.start_byte()).unwrap_or_default();
            letters = letters.saturating_add(passed.chars().filter(|letter| !letter.is_whitespace()).count());
            at = node.start_byte().max(at);
            if letters >= limit || at >= range.end {
                return Some(found);
            }
            if let Some(aside) = Aside::of(node) {
                at = node.end_byte().max(at);
                // What stands in front of the range is not asked for.
                found.extend(Some(aside).filter(|aside| aside.range.start >= range.start));
            } else if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Returns a range without what does nothing in it; none where it holds nothing such.
    pub(crate) fn without_silence(&self, range: &Range<usize>) -> Option<String> {
        let whole = self.text.get(range.clone())?;
        if !may_hold_asides(whole) {
            return None;
        }
        let (mut out, mut at) = (String::new(), range.start);
        for aside in self.asides.within(self.tree, range).iter().filter(|aside| !aside.said) {
            out.push_str(self.text.get(at..aside.range.start).unwrap_or_default());
            at = aside.range.end.max(at);
            let next = self.text.get(at..range.end).unwrap_or_default();
            if out.ends_with(is_word) && next.starts_with(is_word) {
                out.push(' ');
            }
        }
        (at != range.start).then(|| out + self.text.get(at..range.end).unwrap_or_default())
    }
}

/// Says whether a text may be written in other ways that say the same.
pub(crate) fn may_hold_asides(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'#' | b'\\' | b'<' | 0x0b | 0x80..))
}

/// Says whether a text has no sign that a comment, a text or a line continuation begins or ends with.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_$.,:;()[]{}+*=!&|?~@% \t\r\n".contains(&byte);
    text.bytes().all(plain)
}

/// What stands between two letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    /// A comment: it parts two words and nothing else.
    Silent,
    Blank,
}

struct Spelling<'o> {
    out: &'o mut String,
    count: usize,
    limit: usize,
    gap: Gap,
}

impl Spelling<'_> {
    fn is_full(&self) -> bool {
        self.count >= self.limit
    }

    fn push(&mut self, letter: char) {
        if !self.is_full() {
            self.out.push(letter);
            self.count = self.count.saturating_add(1);
        }
    }

    fn code(&mut self, text: &str) {
        for (at, letter) in text.char_indices() {
            if self.is_full() {
                return;
            }
            if letter.is_whitespace() {
                self.gap = Gap::Blank;
                continue;
            }
            self.bridge(text.get(at..).unwrap_or_default());
            self.push(letter);
        }
    }

    /// Keeps a text, each run of white space as one blank.
    fn said(&mut self, text: &str) {
        self.bridge(text);
        for letter in text.chars() {
            if !letter.is_whitespace() {
                self.push(letter);
            } else if !self.out.ends_with(' ') {
                self.push(' ');
            }
        }
    }

    fn bridge(&mut self, next: &str) {
        let words = self.out.ends_with(is_word) && next.starts_with(is_word);
        let blank = match std::mem::replace(&mut self.gap, Gap::None) {
            Gap::None => false,
            Gap::Silent => words,
            Gap::Blank => !self.out.is_empty() && !self.out.ends_with(' ') && !is_tight(self.out, next),
        };
        if blank {
            self.push(' ');
        }
    }
}

/// Says whether a blank between two pieces of code is a matter of taste.
fn is_tight(before: &str, after: &str) -> bool {
    let opened = [".", "::", "(", "["].iter().any(|mark| before.ends_with(mark));
    let goes_on = [".", "?.", "::", ")", "]", ","].iter().any(|mark| after.starts_with(mark));
    let called = after.starts_with(['(', '[']) && before.ends_with(|letter| is_word(letter) || ")]>!".contains(letter));
    opened || goes_on || called
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::{Asides, Code};
    use crate::facts::languages::named;

    #[test]
    fn what_is_looked_at_nearby_reads_as_the_whole_side_does() {
        let text = "a /* one */ . b(\"x // y\") // two\n  .c(/re/g, `t ${u /* three */ . v} w`)['k']();\n\
                    (function () { return d /**/ . e(); /* four */ })() . f\n(g);\n";
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&(named("javascript").unwrap().grammar)()).unwrap();
        let tree = parser.parse(text, None).unwrap();
        let asides = Asides::default();
        let code = Code { text, tree: &tree, asides: &asides };
        let mut compared = 0;
        for start in 0..text.len() {
            for end in start..=text.len() {
                for limit in [1, 7, 200] {
                    let (mut near, mut far, range) = (String::new(), String::new(), start..end);
                    let node = tree.root_node().descendant_for_byte_range(start, end).unwrap();
                    let nearby = code.nearby(node, &range, limit).unwrap();
                    code.spell_around(&mut near, (range.clone(), &nearby), limit);
                    code.spell_around(&mut far, (range.clone(), asides.within(&tree, &range)), limit);
                    assert_eq!(near, far, "{range:?} {limit}");
                    compared += usize::from(!nearby.is_empty());
                }
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
