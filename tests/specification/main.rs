//! The specification repository: loading, faults, sources, the lock, the schema.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod diff;
mod governance;
mod linting;
mod loading;
mod schema;
mod sources;
mod waivers;
