//! Which characters a reader cannot see, or that move what he sees.
//!
//! Owns the one table behind every escaper. Must not decide how such a character is written.

/// First and last code point of every run of hidden characters, sorted: controls (Cc), format characters (Cf), line
/// and paragraph separators (Zl, Zp), the default-ignorable characters of Unicode, and the blank braille pattern.
///
/// Ordinary blanks of other widths (Zs) are visible as blanks and not in here.
const HIDDEN: &[(u32, u32)] = &[
    (0x0000, 0x001F),
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// Says whether a character is invisible, breaks the line, or changes the order or meaning of its neighbours.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let point = u32::from(c);
    if (0x20..0x7F).contains(&point) {
        return false;
    }
    let after = HIDDEN.partition_point(|&(first, _)| first <= point);
    let in_table = after.checked_sub(1).and_then(|row| HIDDEN.get(row)).is_some_and(|&(_, last)| point <= last);
    // The last two code points of every plane are no characters at all.
    in_table || point & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::{HIDDEN, is_hidden};

    #[test]
    fn the_table_is_sorted_and_its_runs_do_not_touch() {
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn controls_bidi_zero_width_and_tags_are_hidden() {
        for c in
            ['\0', '\t', '\n', '\u{1B}', '\u{7F}', '\u{85}', '\u{9B}', '\u{AD}', '\u{200B}', '\u{200D}', '\u{202E}']
                .into_iter()
                .chain([
                    '\u{2028}',
                    '\u{2066}',
                    '\u{2069}',
                    '\u{FEFF}',
                    '\u{FFFF}',
                    '\u{1FFFE}',
                    '\u{E0041}',
                    '\u{E0100}',
                ])
        {
            assert!(is_hidden(c), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn ordinary_text_of_many_scripts_is_not_hidden() {
        let text = "aZ09 ~!@#\u{A0}\u{E9}\u{416}\u{5D0}\u{627}\u{915}\u{94D}\u{301}\u{4E2D}\u{3000}\u{AC00}\u{1F600}";
        for c in text.chars() {
            assert!(!is_hidden(c), "{:x}", u32::from(c));
        }
    }
}
