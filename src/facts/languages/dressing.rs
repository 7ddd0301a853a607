//! What a language lets stand around or within an expression without changing what it does.
//!
//! Owns the words for it; each language lists its own. The view that patterns have of a tree is in `patterns/bare.rs`.

/// Parentheses and the like: a shape is the same shape with and without them.
pub(crate) enum Dressing {
    /// Stands around an expression.
    Around {
        /// Node kind.
        node: &'static str,
        /// Which part is the expression.
        shows: Shows,
        /// Nodes whose syntax demands it: there it says nothing about what a pattern means.
        required_in: &'static [&'static str],
        /// What a regular expression holds that means it.
        written: &'static [&'static str],
    },
    /// Stands within an expression.
    Within {
        /// Node kind.
        node: &'static str,
        /// The token that stands in its place where it is absent, or nothing.
        token: &'static str,
        /// Nodes that look the same without it.
        parents: &'static [&'static str],
    },
}

/// Which part of a node is the expression that it dresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// Its only part; with several parts it is no dressing.
    Only,
    /// The first part.
    First,
    /// The last part.
    Last,
}

/// Returns parentheses that stand around an expression, and must in these nodes.
pub(crate) const fn parentheses(required_in: &'static [&'static str]) -> Dressing {
    let written = &["^\\(", "|\\(", "^[("];
    Dressing::Around { node: "parenthesized_expression", shows: Shows::Only, required_in, written }
}
