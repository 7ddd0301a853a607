//! Texts as trees and lines: what the readers of manifests share, whichever the tool.
//!
//! Owns no tool's format.

pub(super) mod json;
pub(super) mod lines;
pub(super) mod toml;
pub(super) mod tree;
pub(super) mod xml;
pub(super) mod yaml;
