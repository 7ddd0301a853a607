//! One thing that deserves a second look.
//!
//! Owns its shape and its order.

/// What deserves a second look; it works as it is, and the gate takes no notice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Advice {
    /// The file, from the root of the specification.
    pub(super) file: String,
    /// Line in that file, from 1; 0 for the whole file.
    pub(super) line: u32,
    /// A stable word for programs.
    pub(super) code: &'static str,
    /// What it is.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
}

impl Advice {
    /// Returns advice at a place.
    pub(super) fn at(
        (file, line): (&str, u32),
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, code, message: message.into(), help: help.into() }
    }
}
