//! The client of GitLab against a GitLab that remembers, and against every way to answer badly.
#![cfg(feature = "gitlab")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(unreachable_pub, dead_code, reason = "the server is shared with the tests of another forge")]

#[path = "forge/gitlab/fake.rs"]
mod fake;
#[path = "forge/gitlab/network.rs"]
mod network;
#[path = "forge/gitlab/oracle.rs"]
mod oracle;
#[path = "forge/gitlab/publishing.rs"]
mod publishing;
#[path = "forge/gitlab/reading.rs"]
mod reading;
#[path = "forge/gitlab/routes.rs"]
mod routes;
#[path = "forge/gitlab/secrets.rs"]
mod secrets;
#[path = "forge/server.rs"]
mod server;
#[path = "forge/gitlab/settings.rs"]
mod settings;
