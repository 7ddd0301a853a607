//! The clients of forges, spoken to by fakes with a memory that check every request.
#![cfg(feature = "github")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]
#![allow(unreachable_pub, dead_code, reason = "each part of the tests uses its own part of the fakes")]

mod forge {
    mod contract;
    mod faults;
    mod hub;
    mod opening;
    mod prism;
    mod publishing;
    mod reading;
    mod routes;
    mod secrets;
    mod server;
    mod settings;
}
