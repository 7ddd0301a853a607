//! Which language a file is in, by its name and its first line; never by guessing from the content.

use super::languages::{LANGUAGES, Language};

/// Returns the language of a file, or none when the rule table has no row for it.
pub(crate) fn language(path: &str, first_bytes: &[u8]) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some(language) = LANGUAGES.iter().find(|language| language.file_names.contains(&name)) {
        return Some(language);
    }
    match name.trim_start_matches('.').rsplit_once('.') {
        Some((_, extension)) => by_extension(extension),
        None => by_interpreter(first_bytes),
    }
}

/// Returns the grammar that a file is parsed with, or none; for measuring the bare parse.
#[must_use]
pub fn grammar_of(path: &str, first_bytes: &[u8]) -> Option<tree_sitter::Language> {
    language(path, first_bytes).map(|language| (language.grammar)())
}

fn by_extension(extension: &str) -> Option<&'static Language> {
    let extension = extension.to_ascii_lowercase();
    LANGUAGES.iter().copied().find(|language| language.extensions.contains(&extension.as_str()))
}

fn by_interpreter(bytes: &[u8]) -> Option<&'static Language> {
    let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line.get(..line.len().min(200)).unwrap_or_default()).into_owned();
    let mut words = line.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or_default());
    let mut word = words.next()?;
    if word == "env" {
        word = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    }
    let bare = word.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    LANGUAGES.iter().copied().find(|language| language.interpreters.contains(&bare))
}

#[cfg(test)]
mod tests {
    use super::language;

    fn id(path: &str, bytes: &[u8]) -> &'static str {
        language(path, bytes).map_or("unknown", |language| language.id)
    }

    #[test]
    fn names_and_first_lines_tell_the_language_row_58() {
        assert_eq!(id("a/b.RS", b""), "rust");
        assert_eq!(id("a.d.ts", b""), "typescript");
        assert_eq!(id("view.tsx", b""), "tsx");
        assert_eq!(id("tools/run", b"#!/usr/bin/env -S python3.12 -u\n"), "python");
        assert_eq!(id("tools/run", b"#!/usr/bin/env -S uv run --script\n"), "python");
        assert_eq!(id("deploy/app.wsgi", b""), "python");
        assert_eq!(id("tools/run", b"#!/usr/bin/node\n"), "javascript");
        assert_eq!(id("tools/run", b"#!/bin/sh\n"), "unknown");
        assert_eq!(id("tools/run", b"print(1)\n"), "unknown");
        assert_eq!(id("a.xyz", b"#!/usr/bin/env python3\n"), "unknown");
        assert_eq!(id(".py", b""), "unknown");
        assert_eq!(id("", b""), "unknown");
    }

    #[test]
    fn the_name_decides_when_the_content_is_of_another_language_row_59() {
        assert_eq!(id("a.go", b"#!/usr/bin/env python3\nprint(1)\n"), "go");
    }

    #[test]
    fn files_that_embed_languages_are_unknown_row_60() {
        for path in ["a.vue", "a.ipynb", "a.svelte", "a.html", "a.sql", "a.md"] {
            assert_eq!(id(path, b"<script>eval(x)</script>"), "unknown");
        }
    }
}
