//! Stand-in.
pub mod owners;
