//! How far a change reaches.
//!
//! Owns the owners of paths, the import graph of the whole repository and the modules in it. Owners and modules are
//! read from the trusted side only: they are never head's to say. Must not decide whether anything is allowed;
//! `enforcement` does, nor whether anybody has to approve; `review` does.

pub mod graph;
pub mod listing;
pub mod modules;
pub mod owners;
pub mod resolve;
pub mod unknown;
