//! Texts of other tools, bounded.
//!
//! Owns how long each may be. Must not escape: that is for whoever shows them.

/// Longest title in characters.
pub(super) const TITLE: usize = 200;
/// Longest message in characters.
pub(super) const MESSAGE: usize = 2_000;
/// Longest help in characters.
pub(super) const HELP: usize = 4_000;
/// Longest name, id, version or address in characters.
pub(super) const NAME: usize = 400;

/// Returns `text` without white space at its ends and at most `most` characters long; `...` stands for what is cut.
pub(super) fn bounded(text: &str, most: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default().trim_end()),
    }
}

/// Returns the first line that says something, bounded.
pub(super) fn first_line(text: &str, most: usize) -> String {
    bounded(text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default(), most)
}
