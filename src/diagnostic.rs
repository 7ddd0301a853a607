//! How a fault of the command line or of a file is shown: title, why, code frame, help.
//!
//! Owns the one shape of user-facing errors and its rendering. Text in frames may come from outside, so every character
//! that a terminal would obey or hide is replaced, one for one. Must not print: it returns text.

use std::fmt;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};

use crate::yaml::Place;

/// Width of rendered diagnostics in columns; fixed, so that the bytes never depend on the terminal.
pub const WIDTH: usize = 100;
/// A frame whose lines are longer than this many bytes is left out; the place is named in words.
const LONGEST_LINE: usize = 400;
/// Faults rendered at most; the rest is counted.
const MOST_SHOWN: usize = 50;

/// The piece of a file that a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Name of the file as shown to people.
    pub file: String,
    /// The whole text of the file.
    pub text: Arc<str>,
    /// What the label underlines.
    pub place: Place,
    /// The words at the label.
    pub label: String,
}

/// The command line or a configuration file is wrong: exit code 2.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct UsageError {
    /// What is wrong, in one line.
    pub title: String,
    /// Why that matters, or empty.
    pub why: String,
    /// Where, when it is in a file.
    pub frame: Option<Frame>,
    /// What to do, or empty.
    pub help: String,
}

impl UsageError {
    /// Returns an error about the command line.
    pub fn new(title: impl Into<String>, help: impl Into<String>) -> Self {
        Self { title: title.into(), help: help.into(), ..Self::default() }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(frame) = &self.frame {
            write!(f, "{}:{}:{}: ", visible(&frame.file), frame.place.line, frame.place.column)?;
        }
        f.write_str(&visible(&self.title))
    }
}

impl std::error::Error for UsageError {}

/// Whether a diagnostic is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// ANSI colours.
    Always,
    /// Plain text.
    Never,
}

/// Renders all faults, in their order, each followed by an empty line.
#[must_use]
pub fn render(errors: &[UsageError], colour: Colour) -> String {
    let theme = match colour {
        Colour::Always => GraphicalTheme::unicode(),
        Colour::Never => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_links(false).with_context_lines(1);
    let mut out = String::new();
    for error in errors.iter().take(MOST_SHOWN) {
        let shown = Shown::new(error);
        if handler.render_report(&mut out, &shown).is_err() {
            // Never lose a fault to its decoration.
            out.push_str(&error.to_string());
        }
        out.push('\n');
    }
    if errors.len() > MOST_SHOWN {
        out.push_str(&format!("and {} more faults\n", errors.len() - MOST_SHOWN));
    }
    out
}

/// Replaces every character that a terminal would obey or hide by U+FFFD.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if is_deceiving(c) { '\u{FFFD}' } else { c }).collect()
}

/// Returns a name short enough for a message.
#[must_use]
pub fn shortened(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = name.chars().take(LONGEST).collect();
    if name.chars().nth(LONGEST).is_some() {
        short.push_str("...");
    }
    visible(&short)
}

fn is_deceiving(c: char) -> bool {
    let hidden = matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}');
    hidden || c.is_control()
}

/// Replaces as [`visible`] does but keeps line ends and tabs, and moves the byte range along.
fn visible_source(text: &str, start: usize, end: usize) -> (String, usize, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut shown_start, mut shown_end) = (None, None);
    for (at, c) in text.char_indices() {
        if at >= start && shown_start.is_none() {
            shown_start = Some(out.len());
        }
        if at >= end && shown_end.is_none() {
            shown_end = Some(out.len());
        }
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => {}
            other if is_deceiving(other) => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    let shown_start = shown_start.unwrap_or(out.len());
    let shown_end = shown_end.unwrap_or(out.len());
    (out, shown_start, shown_end)
}

/// One error prepared for rendering: all text made visible.
#[derive(Debug)]
struct Shown {
    title: String,
    help: String,
    source: Option<ShownSource>,
    label: Option<LabeledSpan>,
}

impl Shown {
    fn new(error: &UsageError) -> Self {
        let mut title = visible(&error.title);
        if !error.why.is_empty() {
            title = format!("{title}\n{}", visible(&error.why));
        }
        let mut shown = Self { title, help: visible(&error.help), source: None, label: None };
        let Some(frame) = &error.frame else { return shown };
        let file = visible(&frame.file);
        if frame.text.is_empty() || has_long_line(&frame.text, frame.place.line) {
            shown.title = format!("{file}:{}:{}: {}", frame.place.line, frame.place.column, shown.title);
            return shown;
        }
        let end = frame.place.offset.saturating_add(first_line_length(&frame.text, frame.place));
        let (text, start, end) = visible_source(&frame.text, frame.place.offset, end);
        shown.label = Some(LabeledSpan::new(Some(visible(&frame.label)), start, end.saturating_sub(start)));
        shown.source = Some(ShownSource { file, text });
        shown
    }
}

/// A label stays on the line where the fault starts.
fn first_line_length(text: &str, place: Place) -> usize {
    let labelled = text.get(place.offset..place.offset.saturating_add(place.length)).unwrap_or_default();
    labelled.split(['\r', '\n']).next().map_or(0, str::len)
}

fn has_long_line(text: &str, line: u32) -> bool {
    let first = (line as usize).saturating_sub(2);
    text.split('\n').skip(first).take(3).any(|line| line.len() > LONGEST_LINE)
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if self.help.is_empty() { None } else { Some(Box::new(&self.help)) }
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label
            .as_ref()
            .map(|label| Box::new(std::iter::once(label.clone())) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// A source whose columns count code points; miette's own count bytes.
#[derive(Debug)]
struct ShownSource {
    file: String,
    text: String,
}

impl SourceCode for ShownSource {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        let upto = self.text.get(..inner.span().offset()).unwrap_or_default();
        let line_start = upto.rfind('\n').map_or(0, |newline| newline + 1);
        let column = upto.get(line_start..).unwrap_or_default().chars().count();
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            inner.data(),
            *inner.span(),
            inner.line(),
            column,
            inner.line_count(),
        )))
    }
}
