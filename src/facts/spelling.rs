//! What a piece of code says, without what does nothing in it: comments, line continuations, white space around dots.
//!
//! Owns the one spelling of a called name, however it is laid out: `os /* x */ .system` reads `os.system`. Texts within
//! the code (strings, regular expressions) stay as they are. Must not decide what is looked for.

use std::ops::Range;
use std::sync::OnceLock;

use tree_sitter::{Node, Tree};

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

/// Says whether a node does nothing: a comment, a line continuation. What could not be parsed may stand anywhere as well.
pub(crate) fn is_silent(node: Node<'_>) -> bool {
    node.is_extra() && node.is_named() && !node.is_error() && !node.is_missing()
}

fn asides(tree: &Tree) -> Vec<Aside> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let leaf =
            || node.named_child_count() == 0 && ["string", "regex", "char"].iter().any(|of| node.kind().contains(of));
        let (silent, said) = (is_silent(node), node.is_named() && leaf());
        if silent || said {
            found.push(Aside { range: node.byte_range(), said: !silent });
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
    /// Appends what a range says to `out`, until that has `limit` characters.
    pub(crate) fn spell_into(&self, out: &mut String, range: Range<usize>, limit: usize) {
        let whole = self.text.get(range.clone()).unwrap_or_default();
        if !may_hold_asides(whole) {
            let left = limit.saturating_sub(out.chars().count());
            out.push_str(super::lines::cut(whole, left));
            return;
        }
        let mut spelling = Spelling { count: out.chars().count(), out, limit, gap: Gap::None };
        let mut at = range.start;
        // Finding them walks the whole tree once, and most names have blanks in them and nothing else.
        let asides = if is_plain(whole) { &[] } else { self.asides.within(self.tree, &range) };
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
