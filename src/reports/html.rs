//! One self-contained page for people: opened from an artifact of a run, on a screen or a phone, without a network.
//!
//! Owns the frame of the page; `page` has its sections, `code` the frames of code. It runs no script, loads nothing, links
//! nowhere but into itself, and follows the reader's choice of light or dark. It is also well-formed XML, so that any
//! parser can hold it.

use std::io;

use super::layout::words;
use super::{Format, Style};
use crate::outcome::Outcome;

mod code;
mod findings;
mod page;

/// The row of the list of formats.
pub const FORMAT: Format = Format { name: "html", about: "one page for a browser, for an artifact", render };

/// The page's only style sheet.
const STYLE: &str = include_str!("html/style.css");

fn render(outcome: &Outcome, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let title = format!("portcullis: {}", words::verdict(outcome.document.verdict).to_lowercase());
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\" />\n\
         <meta name=\"referrer\" content=\"no-referrer\" />\n\
         <meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\" />\n\
         <meta name=\"color-scheme\" content=\"light dark\" />\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n{}</body>\n</html>\n",
        page::body(outcome)
    )
}
