//! `contracts/<name>/contract.yaml`: an interface between teams, as registered.
//!
//! Owns the registry entry. Must not compare contracts: that comes with the contract engine.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Severity;

/// One contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Contract {
    /// `CON-…`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// `openapi`, `avro`, `protobuf`, `graphql`, `json-schema`, `asyncapi`, `code-api`.
    pub kind: String,
    /// The system that provides it.
    pub provider: String,
    /// Glob of the source in the provider's repository.
    pub source: String,
    /// Glob of the published copy, beside `contract.yaml`.
    pub published: String,
    /// Which compatibility is promised; the words depend on the kind.
    pub compatibility: String,
    /// `alpha`, `beta` or `stable`.
    pub stability: String,
    /// `strict` or `lenient`, for JSON Schema; or empty.
    pub content_model: String,
    /// Days between the announcement of a removal and the removal; 0 when not said.
    pub sunset_days: u32,
    /// The review asked for when the contract is touched: 1 to 3.
    pub layer: u8,
    /// Who depends on it.
    pub consumers: Vec<Consumer>,
    /// Other severities for single kinds of change.
    pub levels: BTreeMap<String, Severity>,
    /// The file, relative to the root of the specification.
    pub file: String,
}

/// A system that depends on a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Consumer {
    /// The system.
    pub system: String,
    /// What it uses; empty means all of it.
    pub uses: Vec<String>,
}
