//! Imports without a statement: whether a text may name something in full.
//!
//! For Rust it owns a scan of the text, no parse: it does not know comments and strings, because a change that takes a
//! comment mark away brings to life what stood behind it. In doubt the answer is yes. For Java both texts are read as
//! the graph reads them.

use std::collections::BTreeSet;

use crate::facts::{ImportForm, ImportLine, java_names};

/// First parts of Rust paths that lead to what every file has; `core` and `alloc` are names that modules of a
/// repository bear as well.
const OWN: &[&str] = &["self", "std"];

/// Says whether a text of Rust may name something in full, or declare a part whose file an attribute may name.
pub(super) fn may_name_in_full(text: &str) -> bool {
    let rest = without_statements(text, &["use"], "_:,{}*");
    declares_part(&rest) || rest.match_indices("::").any(|(at, _)| is_path(&rest, at))
}

/// Says whether a text of Java names what the old one did not, or holds other types or another package.
pub(super) fn java_names_changed(old: &str, new: &str) -> bool {
    // Which of the types bears the name of the file is the same on both sides.
    let (old, new) = (java_names(old, ""), java_names(new, ""));
    let of = |imports: &[ImportLine], types: bool| -> BTreeSet<String> {
        let wanted = imports.iter().filter(|import| (import.form == ImportForm::Part) == types);
        wanted.map(|import| import.raw.clone()).collect()
    };
    old.package != new.package
        || of(&old.imports, true) != of(&new.imports, true)
        || !of(&new.imports, false).is_subset(&of(&old.imports, false))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Returns a text without `pub` or `pub(...)` before its first word.
fn without_visibility(text: &str) -> &str {
    let Some(tail) = text.strip_prefix("pub").filter(|tail| !tail.starts_with(is_letter)) else { return text };
    let tail = tail.trim_start();
    let inside = tail.strip_prefix('(').and_then(|inside| inside.split_once(')'));
    match inside {
        Some((within, rest)) if within.chars().all(|letter| is_letter(letter) || letter == ':' || letter == ' ') => {
            rest.trim_start()
        }
        Some(_) => text,
        None => tail,
    }
}

/// Takes out statements that begin a line with one of the words and hold only names and these marks up to their `;`:
/// such a text is a statement, or stands as a whole in a comment or string. Statements are facts of their own.
fn without_statements(text: &str, words: &[&str], marks: &str) -> String {
    let (mut rest, mut kept) = (text, String::new());
    while !rest.is_empty() {
        let start = rest.trim_start();
        let plain = |letter: char| is_letter(letter) || letter.is_whitespace() || marks.contains(letter);
        let first = without_visibility(start);
        let begins = |word: &str| first.strip_prefix(word).is_some_and(|tail| !tail.starts_with(is_letter));
        let shown = start.len().saturating_sub(first.len());
        let end = words.iter().any(|word| begins(word)).then(|| first.find(|letter| !plain(letter))).flatten();
        let end = end.map(|end| end.saturating_add(shown));
        let statement = end.filter(|end| start.get(*end..).is_some_and(|tail| tail.starts_with(';')));
        let line = |text: &str| text.find('\n').map_or(text.len(), |end| end + 1);
        // What follows the `;` on the same line is looked at like any other text.
        let (own, next) = match statement {
            Some(end) => ("\n", start.get(end + 1..)),
            None => (rest.get(..line(rest)).unwrap_or_default(), rest.get(line(rest)..)),
        };
        kept.push_str(own);
        rest = next.unwrap_or_default();
    }
    kept
}

/// Says whether the `::` at this place is part of a path that may lead out of the file.
fn is_path(text: &str, at: usize) -> bool {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 2..).unwrap_or_default());
    match before.chars().next_back() {
        // The end of a type: what stands inside is looked at by itself.
        Some('>') => return false,
        Some(letter) if is_letter(letter) => {}
        // A blank, a comment, or the beginning of a path from the list of crates.
        _ => return true,
    }
    let start = before
        .rfind(|letter| !is_letter(letter) && letter != ':')
        .map_or(0, |place| place + before.get(place..).and_then(|tail| tail.chars().next()).map_or(1, char::len_utf8));
    let path = before.get(start..).unwrap_or_default();
    let first = path.split("::").next().unwrap_or_default();
    let is_call_of_name = after.starts_with('<') && !path.contains("::");
    !is_call_of_name && !OWN.contains(&first) && !first.starts_with(char::is_uppercase)
}

/// Says whether `mod name;` may stand there.
fn declares_part(text: &str) -> bool {
    text.match_indices("mod").any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 3..).unwrap_or_default());
        let name = after.trim_start();
        let rest = name.trim_start_matches(is_letter).trim_start();
        !before.ends_with(is_letter)
            && !after.starts_with(is_letter)
            && (name.starts_with('/') || name.starts_with("r#") || rest.starts_with([';', '/']))
    })
}
