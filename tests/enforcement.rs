//! Rules of a specification over changes: every kind with a case that fires and a near miss.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs, reason = "a test may panic")]

#[path = "enforcement/ai_lines.rs"]
mod ai_lines;
#[path = "enforcement/bench.rs"]
mod bench;
#[path = "enforcement/code.rs"]
mod code;
#[path = "enforcement/contracts.rs"]
mod contracts;
#[path = "enforcement/dressed.rs"]
mod dressed;
#[path = "enforcement/examples.rs"]
mod examples;
#[path = "enforcement/laid_out.rs"]
mod laid_out;
#[path = "enforcement/naming.rs"]
mod naming;
#[path = "enforcement/reading.rs"]
mod reading;
#[path = "enforcement/rego.rs"]
mod rego;
#[path = "enforcement/worked_example.rs"]
mod worked_example;
