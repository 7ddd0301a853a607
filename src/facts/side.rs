//! One side of a file, parsed under limits.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser};

use super::ParseStatus;
use super::patterns::{CodeText, Document, PatternLanguage};
use super::plan::Plan;
use super::spelling::Asides;
use crate::clock::Deadline;
use crate::limits::Limits;

/// Calls of the parser's progress between two looks at the clock. It calls about every hundred steps, in a microsecond
/// or ten; the clock would cost more than a hundredth of the parse.
const CLOCK_STRIDE: u32 = 16;

/// Why a side could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// What the file's status becomes.
    pub(crate) status: ParseStatus,
    /// Stable kebab-case word of the fault.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
}

impl Stop {
    /// Returns a stop because of size, nodes, depth or facts.
    pub(crate) fn too_large(message: String) -> Self {
        Self { status: ParseStatus::TooLarge, code: "file-too-large", message }
    }

    /// Returns a stop because of time.
    pub(crate) fn timeout(limits: &Limits) -> Self {
        let message = format!("reading took longer than {} ms (limit file-ms)", limits.file_ms);
        Self { status: ParseStatus::Timeout, code: "file-timeout", message }
    }
}

/// What one file may cost.
pub(crate) struct Budget<'a> {
    /// The run's limits.
    pub(crate) limits: &'a Limits,
    /// When reading of this file must stop.
    pub(crate) deadline: Deadline,
}

/// Parses a text within the deadline.
pub(crate) fn parse(text: String, plan: &Plan, budget: &Budget<'_>) -> Result<Document, Stop> {
    let mut parser = Parser::new();
    let unreadable = || Stop {
        status: ParseStatus::Crash,
        code: "grammar-unusable",
        message: format!("the grammar of {} could not be loaded", plan.language.id),
    };
    // Two grammar crates may export one C symbol; then the wrong one parses, silently.
    if (plan.grammar.node_kind_count(), plan.grammar.parse_state_count()) != plan.language.identity {
        return Err(unreadable());
    }
    parser.set_language(&plan.grammar).map_err(|_| unreadable())?;
    let bytes = text.as_bytes();
    let mut read = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
    let mut calls = 0_u32;
    let mut progress = |_: &ParseState| {
        calls = calls.wrapping_add(1);
        let late = calls.is_multiple_of(CLOCK_STRIDE) && budget.deadline.passed();
        if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(&mut read, None, Some(options));
    let tree = tree.ok_or_else(|| Stop::timeout(budget.limits))?;
    Ok(Document::doc(CodeText { src: text, lang: PatternLanguage::of(plan.language), tree, asides: Asides::default() }))
}
