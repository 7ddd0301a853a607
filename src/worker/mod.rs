//! The supervised process in which hostile bytes are parsed and policies run.
//!
//! Owns the wire between supervisor and worker, the limits of the worker process, and the blame when it dies. Must
//! not decide what a death means for the verdict, and knows nothing about facts or policies but the type names on the
//! wire: what a task does is the `Workshop` that the worker is served with.

mod command;
mod confinement;
mod frame;
mod job;
mod last_words;
mod process;
pub mod protocol;
mod serve;
mod supervisor;

pub use command::WorkerCommand;
pub use frame::FrameError;
pub use serve::{ServeError, Workshop, serve, serve_standard_streams};
pub use supervisor::{Supervisor, WorkerError};
