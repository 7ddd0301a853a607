//! One gate at the pull request.
//!
//! The flow, in the order of the modules that own it:
//!
//! ```text
//! change -> facts -> specification -> provenance -> impact -> enforcement -> policies
//!        -> findings -> review -> verdict -> reports | forge | audit
//! ```
//!
//! **Trust boundary.** The author of the change is the adversary: he chooses every byte of head. Configuration,
//! policies, specification and waivers are read from the merge base; nothing of head is executed, checked out or used
//! as configuration; unknown never relaxes a rule.
//!
//! **Exit codes.** 0 pass, 1 fail, 2 wrong command line or configuration, 3 review required, 4 undecided.

pub mod change;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod completeness;
pub mod configuration;
pub mod coordination;
pub mod demo;
pub mod dependencies;
pub mod diagnostic;
pub mod doctor;
pub mod documents;
pub mod enforcement;
pub mod error;
pub mod facts;
pub mod finding;
pub mod forge;
pub mod gate;
pub mod impact;
pub mod imported;
pub mod limits;
pub mod outcome;
pub mod policies;
pub mod provenance;
pub mod replay;
pub mod reports;
pub mod review;
pub mod specification;
pub mod untrusted;
pub mod verdict;
pub mod worker;
pub mod yaml;
