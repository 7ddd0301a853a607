//! The specification repository: loading, faults, sources, the lock, the schema.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

mod diff;
mod governance;
mod loading;
mod waivers;
