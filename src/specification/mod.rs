//! What must hold, and what guards it.
//!
//! Owns the judgement of changes to the gate's own rules; loading a specification repository comes here too. Must not
//! read git or decide a verdict: it turns two sides of a file into a statement.

pub mod governance;
