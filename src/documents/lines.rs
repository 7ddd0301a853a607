//! What readers of line formats share: counted lines, and texts that read as numbers or truth values.
//!
//! Owns no format.

use serde_json::Value;

/// The lines of a text, counted from 1; a line ends at a line feed, with or without a carriage return before it.
pub(super) struct Lines<'a> {
    rest: std::str::Lines<'a>,
    number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text.lines(), number: 0 }
    }

    /// Returns the number of the line that was read last.
    pub(super) fn number(&self) -> usize {
        self.number
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let line = self.rest.next()?;
        self.number = self.number.saturating_add(1);
        Some(line)
    }
}

/// Returns the value that Go reads in a text: a number, a truth value, else the text itself.
pub(super) fn typed(text: &str) -> Value {
    if let Some(number) = number(text) {
        return Value::from(number);
    }
    match text {
        "t" | "T" | "true" | "TRUE" | "True" => Value::Bool(true),
        "f" | "F" | "false" | "FALSE" | "False" => Value::Bool(false),
        other => Value::from(other),
    }
}

/// Reads a decimal number as Go's `ParseFloat` does; infinities and `nan` stay texts, because JSON has none.
fn number(text: &str) -> Option<f64> {
    let digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let separates = |(at, _): (usize, &str)| digit(at.checked_sub(1)) && digit(Some(at + 1));
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-._eE".contains(&byte))
        || !text.match_indices('_').all(separates)
    {
        return None;
    }
    text.replace('_', "").parse().ok().filter(|number: &f64| number.is_finite())
}
