//! Stand-in.
pub mod governance;
