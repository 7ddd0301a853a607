//! The bodies of the fuzz targets as a library; see `bodies`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a body fails by panicking"
)]

pub mod bodies;
