//! JSON in which every hidden character is written `\uXXXX`.
//!
//! `serde_json` escapes what JSON demands (quote, backslash, U+0000 to U+001F) and leaves DEL, C1 controls, U+2028 and
//! bidi controls raw. A JSON file is also read by people, in terminals and in diffs, so here they are escaped too; a
//! parser gets the same text. It may also be printed into the log of a CI job, where the runner obeys `##[` anywhere in a
//! line: the bracket is escaped.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use super::hidden::is_hidden;

/// The pretty formatter of `serde_json` with hidden characters escaped.
#[derive(Debug)]
pub struct VisibleFormatter<'a>(PrettyFormatter<'a>);

impl Default for VisibleFormatter<'_> {
    fn default() -> Self {
        Self(PrettyFormatter::with_indent(b"  "))
    }
}

/// Writes `value` as pretty JSON with hidden characters escaped, and a line end.
///
/// # Errors
/// When `out` cannot be written, or `value` has a map key that JSON cannot hold.
pub fn write_json<T: Serialize + ?Sized>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, VisibleFormatter::default());
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

impl Formatter for VisibleFormatter<'_> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        let acts = |at: usize, c: char| c == '[' && fragment.get(..at).is_some_and(|before| before.ends_with("##"));
        for (at, c) in fragment.char_indices().filter(|(at, c)| is_hidden(*c) || acts(*at, *c)) {
            writer.write_all(fragment.get(written..at).unwrap_or_default().as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + c.len_utf8();
        }
        writer.write_all(fragment.get(written..).unwrap_or_default().as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::write_json;

    #[test]
    fn no_command_of_the_runner_is_left_and_a_parser_gets_the_same_text() {
        let text = "b ##[stop-commands]x ###[y] #[z] ##";
        let mut bytes = Vec::new();
        write_json(&serde_json::json!({ text: [text] }), &mut bytes).unwrap();
        let written = String::from_utf8(bytes).unwrap();
        assert!(!written.contains("##[") && written.contains("##\\u005bstop-commands]x"), "{written}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap()[text][0], text);
    }

    #[test]
    fn hidden_characters_are_escaped_and_a_parser_gets_the_same_text() {
        let text = "a\u{7F}\u{9B}\u{2028}\u{202E}\u{E0041}\u{1B}\"\\ \u{4E2D}";
        let mut bytes = Vec::new();
        write_json(&serde_json::json!({ text: [text] }), &mut bytes).unwrap();
        let written = String::from_utf8(bytes).unwrap();
        assert!(written.contains("\\u007f\\u009b\\u2028\\u202e\\udb40\\udc41\\u001b"), "{written}");
        assert!(!written.trim_end().chars().any(|c| c != '\n' && super::is_hidden(c)));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), serde_json::json!({ text: [text] }));
    }

    fn written(value: &serde_json::Value) -> String {
        let mut bytes = Vec::new();
        write_json(value, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_layout_is_the_pretty_one_with_a_line_end() {
        let value = serde_json::json!({ "a": [1, 2, []], "b": { "c": null, "d": {} }, "e": "\n" });
        assert_eq!(written(&value), serde_json::to_string_pretty(&value).unwrap() + "\n");
    }

    #[test]
    fn a_bracket_alone_and_hash_marks_alone_stay_as_they_are() {
        assert_eq!(written(&serde_json::json!("[a] ##b #[c] ##[d")), "\"[a] ##b #[c] ##\\u005bd\"\n");
    }
}
