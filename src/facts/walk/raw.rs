//! What one side says, before it is held against the other.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::facts::{Match, preflight};

/// A symbol of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RawSymbol {
    pub(crate) name: String,
    pub(crate) qualified: String,
    pub(crate) kind: Cow<'static, str>,
    /// Visible by its own declaration; after `finish` with its containers.
    pub(crate) exported: bool,
    pub(crate) parent: Option<usize>,
    pub(crate) documented: bool,
    pub(crate) signature: String,
    pub(crate) body: Range<usize>,
    pub(crate) arity: usize,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// An import of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RawImport {
    pub(crate) raw: String,
    pub(crate) line: u32,
}

/// A call of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RawCall {
    pub(crate) callee: String,
    pub(crate) line: u32,
    pub(crate) range: Range<usize>,
}

/// A test that is a call, or a group of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RawTest {
    pub(crate) title: String,
    pub(crate) group: bool,
    pub(crate) skipped: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// A pattern hit of one side, with the bytes that it covers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RawMatch {
    pub(crate) found: Match,
    pub(crate) range: Range<usize>,
}

/// Everything that one side says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Raw {
    pub(crate) symbols: Vec<RawSymbol>,
    pub(crate) imports: Vec<RawImport>,
    pub(crate) calls: Vec<RawCall>,
    pub(crate) matches: Vec<RawMatch>,
    /// Tests that are calls, in the order of the text.
    pub(crate) tests: Vec<RawTest>,
    /// Statements that assert.
    pub(crate) asserts: Vec<RawCall>,
    /// Comments, in the order of the text; of no use to a later run.
    #[serde(skip)]
    pub(crate) comments: Vec<Range<usize>>,
    /// Line ranges of syntax errors, both ends inclusive.
    pub(crate) errors: Vec<(u32, u32)>,
    /// Suspicious identifiers.
    pub(crate) identifiers: Vec<preflight::Identifier>,
    /// What could not be tried although the file was read.
    pub(crate) skipped: Option<String>,
}
