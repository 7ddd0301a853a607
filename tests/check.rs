//! The real binary on real git repositories: verdict, exit code and document, from the command line to the report.
//!
//! What can be said as two trees and an expectation is data (`tests/cases/check/`, see `tests/cases/README.md`); the
//! modules here hold what cannot: hostile object databases, environments, streams, and what must never change the bytes.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests fail by panicking"
)]

#[path = "check/cases.rs"]
mod cases;
#[path = "check/scene.rs"]
mod scene;
#[path = "support/mod.rs"]
mod support;
