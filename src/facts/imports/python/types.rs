//! What only the checker of types reads: the blocks under `if TYPE_CHECKING:`.
//!
//! Owns when that may be believed: the name is that of `typing`, and the file does nothing with it but ask. In doubt the
//! program runs it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use tree_sitter::Node;

use crate::facts::languages::python::calls::dotted_parts;
use crate::facts::languages::text_of;

/// The name that is false when the program runs.
const NAME: &str = "TYPE_CHECKING";

/// What a name in full must be.
const MODULES: &[&str] = &["typing", "typing_extensions"];

/// Kinds of nodes in which the name is only asked, or imported.
const ASKS: &[&str] = &[
    "aliased_import",
    "boolean_operator",
    "conditional_expression",
    "dotted_name",
    "elif_clause",
    "if_statement",
    "import_from_statement",
    "not_operator",
    "parenthesized_expression",
];

/// The blocks of one file.
#[derive(Default)]
pub(super) struct Types<'a> {
    /// The condition of each block, and where it stands.
    blocks: Vec<(Vec<&'a str>, Range<usize>)>,
    /// True when the file does something else with the name.
    spoilt: bool,
    /// What statements in the blocks import.
    pub(super) stated: BTreeSet<String>,
    /// Names that statements outside of them bind.
    run: HashSet<String>,
}

impl<'a> Types<'a> {
    /// Looks at an identifier.
    pub(super) fn see(&mut self, text: &str, node: Node<'_>) {
        if text_of(text, node) != NAME {
            return;
        }
        let around = node.parent().filter(|parent| parent.kind() == "attribute");
        let parent = around.unwrap_or(node).parent();
        self.spoilt |= !parent.is_some_and(|parent| ASKS.contains(&parent.kind()));
    }

    /// Takes the block of an `if` with just that name.
    pub(super) fn open(&mut self, text: &'a str, node: Node<'a>) {
        let Some(condition) = node.child_by_field_name("condition") else { return };
        let Some(block) = node.child_by_field_name("consequence") else { return };
        if let Some(parts) = dotted_parts(text, condition).filter(|parts| parts.last() == Some(&NAME)) {
            self.blocks.push((parts, block.byte_range()));
        }
    }

    /// Says whether a block holds this byte.
    pub(super) fn hold_at(&self, byte: usize) -> bool {
        // Blocks come in the order of the walk, and what is walked is in the last of them or after it.
        self.blocks.last().is_some_and(|(_, block)| block.contains(&byte))
            || self.blocks.iter().rev().take(8).any(|(_, block)| block.contains(&byte))
    }

    /// Takes note of a name that the running program binds.
    pub(super) fn run(&mut self, name: &str) {
        self.run.insert(name.to_owned());
    }

    /// Says whether the blocks may be believed; if not, nothing in them is set apart.
    pub(super) fn hold(&mut self, bound: &BTreeMap<String, Vec<String>>) -> bool {
        let means = |parts: &[&str]| {
            let first = parts.first().and_then(|first| bound.get(*first))?;
            let [only] = first.as_slice() else { return None };
            Some(std::iter::once(only.as_str()).chain(parts.iter().skip(1).copied()).collect::<Vec<_>>().join("."))
        };
        let is = |name: String| MODULES.iter().any(|module| name == format!("{module}.{NAME}"));
        let holds = !self.spoilt && self.blocks.iter().all(|(parts, _)| means(parts).is_some_and(is));
        if !holds {
            self.blocks.clear();
        }
        holds
    }

    /// Says whether a name is bound in the blocks only.
    pub(super) fn are_all(&self, name: &str) -> bool {
        !self.blocks.is_empty() && !self.run.contains(name)
    }
}
