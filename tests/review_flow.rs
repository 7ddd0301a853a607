//! The real binary in the jobs of a forge: real repositories, the variables and event files of CI, and a forge in this
//! process that remembers what was written to it.
//!
//! `stage` holds the shop whose change is judged and how a job is started; the other modules hold one topic each.
#![cfg(all(feature = "github", feature = "gitlab"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test that nothing waits for ever has to look at the time")]
#![allow(unreachable_pub, dead_code, reason = "the fakes and the scene are shared with other tests")]

#[path = "forge"]
mod forge {
    mod contract;
    pub mod hub;
    mod routes;
    pub mod server;
    mod settings;
}

#[path = "forge/gitlab"]
mod lab {
    pub(crate) mod fake;
    mod oracle;
    mod routes;
    mod settings;
    // One server serves both.
    use crate::forge::server;
}

#[path = "review_flow/approvals.rs"]
mod approvals;
#[path = "review_flow/commits.rs"]
mod commits;
#[path = "review_flow/events.rs"]
mod events;
#[path = "review_flow/faults.rs"]
mod faults;
#[path = "review_flow/gitlab.rs"]
mod gitlab;
#[path = "review_flow/inputs.rs"]
mod inputs;
#[path = "review_flow/live.rs"]
mod live;
#[path = "review_flow/others.rs"]
mod others;
#[path = "review_flow/pushes.rs"]
mod pushes;
#[path = "check/scene.rs"]
mod scene;
#[path = "review_flow/secrets.rs"]
mod secrets;
#[path = "review_flow/stage.rs"]
mod stage;
#[path = "support/mod.rs"]
mod support;
#[path = "review_flow/sweep.rs"]
mod sweep;
