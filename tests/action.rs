//! The action as GitHub runs it: the steps of `action.yml` in `bash`, with real payload shapes, a git server and a forge of
//! this process, ending in each verdict. Its files and those that go with it are looked over, too.
#![cfg(all(unix, feature = "github"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test that nothing waits for ever has to look at the time")]
#![allow(unreachable_pub, dead_code, reason = "the fakes and the scene are shared with other tests")]

#[path = "forge"]
mod forge {
    mod contract;
    pub mod hub;
    mod routes;
    pub mod server;
    pub mod settings;
}

#[path = "action/fetching.rs"]
mod fetching;
#[path = "action/files.rs"]
mod files;
#[path = "action/gate.rs"]
mod gate;
#[path = "action/runner.rs"]
mod runner;
#[path = "check/scene.rs"]
mod scene;
#[path = "review_flow/stage.rs"]
mod stage;
#[path = "support/mod.rs"]
mod support;
#[path = "action/verdicts.rs"]
mod verdicts;
#[path = "action/yard.rs"]
mod yard;
