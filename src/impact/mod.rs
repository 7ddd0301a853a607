//! How far a change reaches.
//!
//! Owns the owners of paths now; the graph of modules, and what depends on what, come later. Reads the trusted side
//! only: who owns a path is never head's to say. Must not decide whether anybody has to approve; `review` does.

pub mod owners;
