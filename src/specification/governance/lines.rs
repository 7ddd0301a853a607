//! Two texts compared as bags of lines.
//!
//! Owns decoding and the difference. Must not know what a line means.

use std::collections::BTreeMap;

/// Longest piece of a line that is shown to people, in characters.
const SHOWN: usize = 60;

/// Lines that only one side has, as often as it has more of them, in the order of the side.
pub(super) struct Difference {
    /// Lines of base.
    pub(super) removed: Vec<String>,
    /// Lines of head.
    pub(super) added: Vec<String>,
}

/// Decodes a side; a missing one is empty, bad bytes become U+FFFD, every kind of line end becomes `\n`.
pub(super) fn text(side: Option<&[u8]>) -> String {
    let text = String::from_utf8_lossy(side.unwrap_or_default());
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

/// Compares the lines that `keep` makes of two texts; a line of which it makes nothing is left out.
pub(super) fn difference(base: &str, head: &str, keep: impl Fn(&str) -> Option<String>) -> Difference {
    let base: Vec<String> = base.lines().filter_map(&keep).collect();
    let head: Vec<String> = head.lines().filter_map(&keep).collect();
    Difference { removed: without(&base, &head), added: without(&head, &base) }
}

/// Returns the lines of `these` that `those` does not have as often.
pub(super) fn without(these: &[String], those: &[String]) -> Vec<String> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for line in those {
        *left.entry(line).or_default() += 1;
    }
    let more = these.iter().filter(|line| match left.get_mut(line.as_str()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    more.cloned().collect()
}

/// Returns a line short enough for a reason, in code marks.
pub(super) fn shown(line: &str) -> String {
    let mut short: String = line.chars().take(SHOWN).collect();
    if line.chars().nth(SHOWN).is_some() {
        short.push_str("...");
    }
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use super::{difference, shown, text};

    #[test]
    fn lines_count_as_often_as_they_stand() {
        let keep = |line: &str| Some(line.trim().to_owned()).filter(|line| !line.is_empty());
        let difference = difference("a\nb\n b\n", "b\nc\na\n\n", keep);
        assert_eq!((difference.removed, difference.added), (vec!["b".to_owned()], vec!["c".to_owned()]));
    }

    #[test]
    fn every_line_end_is_one_and_bad_bytes_do_not_stop() {
        assert_eq!(text(Some(b"\xEF\xBB\xBFa\rb\r\nc\xFF")), "a\nb\nc\u{FFFD}");
        assert_eq!(shown(&"x".repeat(61)).len(), 65);
    }
}
