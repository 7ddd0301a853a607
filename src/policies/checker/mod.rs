//! The static checker over the syntax tree; the engine has none.
//!
//! Owns every question that can be answered without evaluating. Must not evaluate, and must not stop at the first
//! fault.

pub(super) mod walk;
