//! How far a change reaches, and whom it concerns.
//!
//! Owns owners of paths; the import graph comes here too. Must not read git or judge approvals.

pub mod owners;
