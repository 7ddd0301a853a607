//! Renders an `Outcome`, one file a format.
//!
//! Owns the list of formats. Every renderer is pure: it reads no environment, no clock and no file, and it decides
//! nothing; the exit code is the outcome's, whatever the format. Must not import the forge. Text from outside goes
//! through `untrusted` only. What several formats share (code frames, counts, words) is in `layout/`.

use std::io;

use crate::outcome::{Outcome, VerdictDocument};

pub mod agent;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
mod layout;
pub mod markdown;
pub mod sarif;

pub use layout::trace::trace_page;

/// How a report may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colours may be written.
    pub colour: bool,
    /// Width in columns that lines are wrapped to; at least 40 is used.
    pub width: usize,
    /// How many tokens a report for an agent may take; none means its usual budget.
    pub tokens: Option<usize>,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100, tokens: None }
    }
}

/// One way to show an outcome.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The word on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Writes the report.
    pub render: fn(&Outcome, &Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every format, sorted by name; one line and one file each.
pub const FORMATS: &[Format] = &[
    agent::FORMAT,
    github::FORMAT,
    gitlab::FORMAT,
    html::FORMAT,
    human::FORMAT,
    json::FORMAT,
    junit::FORMAT,
    markdown::FORMAT,
    sarif::FORMAT,
];

impl Format {
    /// Returns the format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}

/// Returns the JSON Schema of the verdict document.
#[must_use]
pub fn verdict_schema() -> serde_json::Value {
    schemars::schema_for!(VerdictDocument).to_value()
}
