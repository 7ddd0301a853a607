//! Python's declared encoding: with some, comments are code.

use crate::facts::preflight::Suspect;

/// Encodings in which every ASCII byte means itself.
const HARMLESS: &[&str] = &[
    "utf-8",
    "utf8",
    "utf-8-sig",
    "u8",
    "ascii",
    "us-ascii",
    "latin-1",
    "latin1",
    "latin",
    "l1",
    "iso-8859-1",
    "iso8859-1",
    "8859",
    "cp819",
    "iso-8859-15",
    "iso8859-15",
    "latin-9",
    "latin9",
    "cp1252",
    "windows-1252",
];

/// Finds a declaration of any other encoding in the first two lines.
pub(super) fn suspects(text: &str) -> Vec<Suspect> {
    let mut found = Vec::new();
    // A lone carriage return ends a line for the interpreter.
    let mut line = 1_u32;
    let mut rest = text;
    for _ in 0..2 {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (this, tail) = rest.split_at(end);
        if let Some((column, name)) = declared(this) {
            let plain = name.to_ascii_lowercase().replace('_', "-");
            if !HARMLESS.contains(&plain.as_str()) {
                found.push(Suspect { line, column, kind: "declared-encoding", detail: name.to_owned() });
            }
        }
        let bare = this.trim_matches([' ', '\t', '\u{C}']);
        if !(bare.is_empty() || bare.starts_with('#')) {
            break;
        }
        let tail = tail.strip_prefix('\r').unwrap_or(tail);
        rest = match tail.strip_prefix('\n') {
            Some(after) => {
                line = line.saturating_add(1);
                after
            }
            None => tail,
        };
    }
    found
}

/// Returns column and name of `coding[:=] name` in a comment line.
fn declared(line: &str) -> Option<(u32, &str)> {
    let comment = line.trim_start_matches([' ', '\t', '\u{C}']).strip_prefix('#')?;
    let mut rest = comment;
    while let Some(at) = rest.find("coding") {
        rest = rest.get(at.saturating_add("coding".len())..)?;
        let Some(value) = rest.strip_prefix([':', '=']) else { continue };
        let value = value.trim_start_matches([' ', '\t']);
        let end =
            value.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(value.len());
        let name = value.get(..end)?;
        if !name.is_empty() {
            let before = line.len().saturating_sub(value.len());
            let column = line.get(..before)?.chars().count();
            return Some((u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1), name));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::suspects;

    fn names(text: &str) -> Vec<(u32, u32, String)> {
        suspects(text).into_iter().map(|suspect| (suspect.line, suspect.column, suspect.detail)).collect()
    }

    #[test]
    fn encodings_that_turn_comments_into_code_are_found_row_51() {
        assert_eq!(names("# coding: utf-7\n"), vec![(1, 11, "utf-7".into())]);
        assert_eq!(
            names("#!/usr/bin/python\n# -*- coding=unicode_escape -*-\n"),
            vec![(2, 14, "unicode_escape".into())]
        );
        assert_eq!(names("\n#coding:raw_unicode_escape"), vec![(2, 9, "raw_unicode_escape".into())]);
        assert_eq!(names("# a\r# coding: utf-7\n"), vec![(1, 11, "utf-7".into())]);
        assert_eq!(names("# decoding coding: utf7\n"), vec![(1, 20, "utf7".into())]);
    }

    #[test]
    fn usual_encodings_and_later_lines_are_left_alone() {
        for text in ["# -*- coding: utf-8 -*-\n", "# coding=Latin-1\n", "# vim: set fileencoding=UTF8 :\n"] {
            assert_eq!(names(text), vec![], "{text}");
        }
        assert_eq!(names("\n\n# coding: utf-7\n"), vec![]);
        assert_eq!(names("import a\n# coding: utf-7\n"), vec![]);
        assert_eq!(names("# encoding is utf-7\n"), vec![]);
    }
}
