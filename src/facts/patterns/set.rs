//! What rules of the specification look for in code: patterns with the scope in which each is tried.
//!
//! Owns the plain values that go to the worker.

use serde::{Deserialize, Serialize};

/// One thing to look for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CodePattern {
    /// An ast-grep rule object as JSON text: `rule`, `constraints`, `utils`, `transform`, `rewriters`.
    Shape {
        /// Id of the language.
        language: String,
        /// The rule object.
        object: String,
    },
    /// A tree-sitter query; each match's `@violation` capture, else its first one, is the place.
    Query {
        /// Id of the language.
        language: String,
        /// The query.
        query: String,
    },
    /// A linear-time regular expression over the text of any file, multi-line.
    Text {
        /// The expression.
        regex: String,
    },
}

impl CodePattern {
    /// Returns the language in which it is tried, or none when that is any.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        match self {
            Self::Shape { language, .. } | Self::Query { language, .. } => Some(language),
            Self::Text { .. } => None,
        }
    }
}

/// The patterns of one rule and where they are tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodePatternSet {
    /// The rule's id; hits carry it.
    pub rule: String,
    /// Roots of the systems that it covers; `""` is the whole repository.
    pub roots: Vec<String>,
    /// Globs below each root; empty means every path.
    pub paths: Vec<String>,
    /// Globs taken out.
    pub exclude: Vec<String>,
    /// What is looked for; a hit of one is a hit of the rule.
    pub patterns: Vec<CodePattern>,
}
