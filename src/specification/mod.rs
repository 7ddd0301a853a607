//! What must hold: the written intent that a change is held against.
//!
//! Owns, until the specification repository itself is read, the judgement of changes to the gate's own rules. Must not
//! read head as intent: head's copies of these files are subject matter.

pub mod governance;
