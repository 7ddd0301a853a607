//! The supervised process in which hostile bytes are parsed and policies run.
//!
//! Owns the wire between supervisor and worker, the limits of the worker process, and the blame when it dies. Must
//! not decide what a death means for the verdict.

pub mod protocol;
