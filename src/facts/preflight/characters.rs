//! Characters that no reader sees: bidirectional controls, invisible ones, other controls.

use super::Suspect;

/// Adds every deceiving character of a text, in order, until there are more than `limit`.
pub(crate) fn scan(text: &str, limit: usize, found: &mut Vec<Suspect>) {
    for (row, line) in text.split('\n').enumerate() {
        if line.bytes().all(|byte| matches!(byte, 0x20..=0x7E | b'\t' | 0x0C)) {
            continue;
        }
        let number = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(1);
        let last_line = text.len() == end_of(text, line);
        scan_line(line, number, last_line, limit, found);
        if found.len() > limit {
            return;
        }
    }
}

/// Returns where `line`, a part of `text`, ends in it.
fn end_of(text: &str, line: &str) -> usize {
    (line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).saturating_add(line.len())
}

fn scan_line(line: &str, number: u32, last_line: bool, limit: usize, found: &mut Vec<Suspect>) {
    let letters: Vec<char> = line.chars().collect();
    let (mut lone, mut nul) = (false, false);
    let mut flag_until = 0_usize;
    for (index, letter) in letters.iter().copied().enumerate() {
        if letter == FLAG {
            flag_until = end_of_flag(&letters, index);
        }
        let Some(kind) = kind(letter) else { continue };
        if found.len() > limit {
            return;
        }
        let at_end = index.saturating_add(1) == letters.len() && !last_line;
        let legitimate = match kind {
            "lone-cr" => at_end || std::mem::replace(&mut lone, true),
            "nul" => std::mem::replace(&mut nul, true),
            "invisible" => index < flag_until || joins(&letters, index) || varies(&letters, index),
            _ => false,
        };
        if !legitimate {
            let column = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
            let detail = format!("U+{:04X}", u32::from(letter));
            found.push(Suspect { line: number, column, kind, detail });
        }
    }
}

/// Returns what kind of deceiving character this is, if it is one.
fn kind(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\t' | '\u{C}' | '\u{20}'..='\u{7E}' => return None,
        '\r' => "lone-cr",
        '\0' => "nul",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => "bidi",
        '\u{FEFF}' => "bom",
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' => {
            "invisible"
        }
        '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{206A}'..='\u{206F}' | '\u{3164}' => "invisible",
        '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' => "invisible",
        '\u{E0000}'..='\u{E0FFF}' => "invisible",
        '\u{1}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' => "control",
        _ => return None,
    })
}

/// The base of an emoji flag made of tag characters.
const FLAG: char = '\u{1F3F4}';

/// Returns where a well-formed tag flag that starts at `index` ends, else `index`.
fn end_of_flag(letters: &[char], index: usize) -> usize {
    let tags = letters.iter().skip(index.saturating_add(1));
    let count = tags.take_while(|tag| matches!(tag, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}')).count();
    let end = index.saturating_add(1).saturating_add(count);
    let closed = letters.get(end) == Some(&'\u{E007F}');
    if closed && (3..=6).contains(&count) { end.saturating_add(1) } else { index }
}

fn before(letters: &[char], index: usize) -> Option<char> {
    index.checked_sub(1).and_then(|at| letters.get(at)).copied()
}

fn after(letters: &[char], index: usize) -> Option<char> {
    letters.get(index.saturating_add(1)).copied()
}

/// Says whether a joiner stands where emoji or a script needs it.
fn joins(letters: &[char], index: usize) -> bool {
    let joiner = letters.get(index).copied();
    let (Some(left), Some(right)) = (before(letters, index), after(letters, index)) else {
        // A non-joiner may end a word of a script that uses it.
        return joiner == Some('\u{200C}') && before(letters, index).is_some_and(uses_joiners);
    };
    match joiner {
        Some('\u{200D}') => {
            let emoji = |letter: char| is_emoji(letter) || matches!(letter, '\u{1F3FB}'..='\u{1F3FF}' | '\u{FE0F}');
            (emoji(left) && is_emoji(right)) || (uses_joiners(left) && (uses_joiners(right) || right == ' '))
        }
        Some('\u{200C}') => uses_joiners(left),
        _ => false,
    }
}

/// Says whether a variation selector follows a character that has variants.
fn varies(letters: &[char], index: usize) -> bool {
    let Some(base) = before(letters, index) else { return false };
    match letters.get(index).copied() {
        Some('\u{FE0E}' | '\u{FE0F}') => is_emoji(base) || matches!(base, '0'..='9' | '#' | '*'),
        Some('\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}') => is_ideograph(base),
        _ => false,
    }
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Characters that have an emoji form.
fn is_emoji(letter: char) -> bool {
    matches!(letter,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
        | '\u{2300}'..='\u{23FF}' | '\u{24C2}' | '\u{25A0}'..='\u{27BF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Scripts in which joiners and non-joiners change the shape of letters.
fn uses_joiners(letter: char) -> bool {
    matches!(letter,
        '\u{620}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{1A00}'..='\u{1CFF}' | '\u{A840}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{11000}'..='\u{11FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(u32, u32, &'static str)> {
        let mut found = Vec::new();
        scan(text, 1_000, &mut found);
        found.into_iter().map(|suspect| (suspect.line, suspect.column, suspect.kind)).collect()
    }

    #[test]
    fn bidirectional_controls_are_found_at_their_column() {
        assert_eq!(kinds("a\nif \u{E9} /*\u{202E} } \u{2066}\n"), vec![(2, 8, "bidi"), (2, 12, "bidi")]);
    }

    #[test]
    fn every_invisible_character_is_found() {
        for letter in ['\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{AD}', '\u{3164}', '\u{115F}', '\u{1160}'] {
            assert_eq!(kinds(&format!("a{letter}b")), vec![(1, 2, "invisible")], "{letter:?}");
        }
        assert_eq!(kinds("a\u{E0041}\u{E0042}"), vec![(1, 2, "invisible"), (1, 3, "invisible")]);
        assert_eq!(kinds("a\u{FE0F}"), vec![(1, 2, "invisible")]);
        assert_eq!(kinds("a\u{FEFF}b"), vec![(1, 2, "bom")]);
        assert_eq!(kinds("\u{1F600}\u{FE0F}\u{FE0E}"), vec![(1, 3, "invisible")]);
    }

    #[test]
    fn emoji_sequences_and_scripts_that_join_are_left_alone() {
        for text in [
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
            "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
            "\u{2764}\u{FE0F} 1\u{FE0F}\u{20E3} \u{1F469}\u{1F3FD}\u{200D}\u{1F4BB}",
            "\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}",
            "\u{915}\u{94D}\u{200D}\u{937}",
            "\u{845B}\u{E0100}",
            "\t\u{C}plain \u{E9} \u{4F60}\u{597D}\r\nnext\r\n",
        ] {
            assert_eq!(kinds(text), vec![], "{text:?}");
        }
    }

    #[test]
    fn controls_and_lone_carriage_returns_are_found() {
        assert_eq!(kinds("a\u{1B}[0m\u{7F}\u{85}"), vec![(1, 2, "control"), (1, 6, "control"), (1, 7, "control")]);
        assert_eq!(kinds("# a\rb\r\n"), vec![(1, 4, "lone-cr")]);
        assert_eq!(kinds("a\r"), vec![(1, 2, "lone-cr")]);
        assert_eq!(kinds("a\0\0"), vec![(1, 2, "nul")]);
    }
}
