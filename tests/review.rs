//! Who must approve and whose approval counts: on real git repositories, and as cases under `tests/cases/review/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed step of a test is a failed test"
)]

#[path = "review/carried.rs"]
mod carried;
#[path = "review/cases.rs"]
mod cases;
#[path = "review/merged.rs"]
mod merged;
#[path = "support/mod.rs"]
mod support;
