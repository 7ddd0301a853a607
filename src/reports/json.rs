//! The stable contract `portcullis.verdict/v1`; every other format shows a part of it.

use std::io;

use super::{Format, Style};
use crate::outcome::Outcome;
use crate::untrusted::write_json;

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "json", about: "the verdict document, the stable contract", render };

/// Writes the document, keys in the order of the types, hidden characters escaped, a line end last.
fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write_json(&outcome.document, out)
}
