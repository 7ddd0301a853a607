//! The real binary on real git repositories: verdict, exit code and document, from the command line to the report.
//!
//! What can be said as two trees and an expectation is data (`tests/cases/check/`, see `tests/cases/README.md`); the
//! modules here hold what cannot: hostile object databases, environments, streams, and what must never change the bytes.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    unreachable_pub,
    reason = "tests fail by panicking; each module uses its own part of the shared ones"
)]

#[path = "check/asking.rs"]
mod asking;
#[path = "check/cache.rs"]
mod cache;
#[path = "check/cases.rs"]
mod cases;
#[path = "../src/facts/secrets/checksum.rs"]
mod checksum;
#[path = "check/documents.rs"]
mod documents;
#[path = "check/exits.rs"]
mod exits;
#[path = "check/git_shapes.rs"]
mod git_shapes;
#[path = "check/imports.rs"]
mod imports;
#[path = "check/names.rs"]
mod names;
#[path = "reports/naughty.rs"]
mod naughty;
#[path = "check/parsing.rs"]
mod parsing;
#[path = "check/policy_budgets.rs"]
mod policy_budgets;
#[path = "check/provenance.rs"]
mod provenance;
#[path = "check/replay.rs"]
mod replay;
#[path = "check/sameness.rs"]
mod sameness;
#[path = "../src/facts/secrets/samples.rs"]
mod samples;
#[path = "check/scene.rs"]
mod scene;
#[path = "check/secrets.rs"]
mod secrets;
#[path = "check/shop.rs"]
mod shop;
#[path = "support/mod.rs"]
mod support;
#[path = "check/surroundings.rs"]
mod surroundings;
#[path = "check/tracing_documents.rs"]
mod tracing_documents;
