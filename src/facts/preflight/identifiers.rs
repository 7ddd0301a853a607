//! Identifiers that look like others.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::Suspect;

/// An identifier with letters beyond ASCII, or with escapes.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Identifier {
    /// As the source has it.
    pub(crate) text: String,
    /// Line from 1.
    pub(crate) line: u32,
    /// Column in code points from 1.
    pub(crate) column: u32,
}

/// Returns the deceiving ones.
pub(crate) fn identifiers(all: &[Identifier], text: &str) -> Vec<Suspect> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut verdicts: BTreeMap<&str, Option<&'static str>> = BTreeMap::new();
    for identifier in all {
        verdicts.entry(&identifier.text).or_insert_with(|| alone(&identifier.text));
    }
    let open: Vec<&str> = verdicts.iter().filter(|(_, kind)| kind.is_none()).map(|(name, _)| *name).collect();
    for name in twins(&open, text) {
        verdicts.insert(name, Some("homoglyph"));
    }
    let suspects = all.iter().filter_map(|identifier| {
        let kind = verdicts.get(identifier.text.as_str()).copied().flatten()?;
        let detail = ascii(&identifier.text);
        Some(Suspect { line: identifier.line, column: identifier.column, kind, detail })
    });
    suspects.collect()
}

fn ascii(name: &str) -> String {
    let escaped: String =
        name.chars().flat_map(|c| if c.is_ascii() { vec![c] } else { c.escape_unicode().collect() }).collect();
    super::super::lines::cut(&escaped, 200).to_owned()
}

/// Judges an identifier by itself.
fn alone(name: &str) -> Option<&'static str> {
    if name.contains('\\') {
        return Some("unicode-escape");
    }
    // Python and others normalise identifiers: a full-width `eval` is `eval`.
    if name.nfkc().all(|letter| letter.is_ascii()) {
        return Some("homoglyph");
    }
    let latin = name.chars().any(|letter| letter.is_ascii_alphabetic());
    if latin && name.chars().any(|letter| looks_latin(letter) && !is_greek(letter)) {
        return Some("mixed-script");
    }
    // Greek letters name quantities; beside an underscore they stand alone.
    let mixed = |part: &str| {
        part.chars().any(|letter| letter.is_ascii_alphabetic())
            && part.chars().any(|letter| is_greek(letter) && looks_latin(letter))
    };
    name.split('_').any(mixed).then_some("mixed-script")
}

fn is_greek(letter: char) -> bool {
    matches!(letter, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}')
}

/// Says whether a letter of another script is drawn like an ASCII letter.
fn looks_latin(letter: char) -> bool {
    let other = is_greek(letter)
        || matches!(letter,
            '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}'
            | '\u{531}'..='\u{587}' | '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}' | '\u{2C80}'..='\u{2CFF}'
            | '\u{A4D0}'..='\u{A4FF}' | '\u{1400}'..='\u{167F}' | '\u{10A0}'..='\u{10FF}' | '\u{16A0}'..='\u{16FF}');
    other && skeleton(letter.encode_utf8(&mut [0; 4])).all(|drawn| drawn.is_ascii_alphanumeric())
}

/// Returns those names that are drawn like an ASCII word of the text.
fn twins<'a>(names: &[&'a str], text: &str) -> Vec<&'a str> {
    let mut wanted: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for name in names {
        wanted.entry(skeleton(name).collect()).or_default().push(name);
    }
    wanted.retain(|drawn, _| drawn.is_ascii());
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for word in text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')) {
        if word.is_ascii() && !word.is_empty() {
            found.extend(wanted.remove(&skeleton(word).collect::<String>()).unwrap_or_default());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(name: &str, text: &str) -> Option<&'static str> {
        let all = [Identifier { text: name.to_owned(), line: 1, column: 1 }];
        identifiers(&all, text).first().map(|suspect| suspect.kind)
    }

    #[test]
    fn a_word_of_two_scripts_is_mixed_row_57() {
        assert_eq!(judge("p\u{430}ypal", ""), Some("mixed-script"));
        assert_eq!(judge("is\u{410}dmin", ""), Some("mixed-script"));
        assert_eq!(judge("\u{3BF}pen", ""), Some("mixed-script"));
        assert_eq!(judge("\u{FF45}\u{FF56}\u{FF41}\u{FF4C}", ""), Some("homoglyph"));
        assert_eq!(judge("\\u0065val", ""), Some("unicode-escape"));
    }

    #[test]
    fn a_word_drawn_like_an_ascii_word_of_the_file_is_a_homoglyph() {
        assert_eq!(judge("\u{440}\u{430}\u{443}", "let pay = 1;"), Some("homoglyph"));
        assert_eq!(judge("\u{440}\u{430}\u{443}", "let play = 1;"), None);
    }

    #[test]
    fn words_of_one_script_and_mathematical_letters_are_left_alone() {
        for name in ["\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}", "\u{4F60}\u{597D}", "\u{3BB}", "\u{394}t", "\u{B5}s"]
        {
            assert_eq!(judge(name, "x t s"), None, "{name}");
        }
        for name in ["caf\u{E9}", "gr\u{F6}\u{DF}e", "\u{3C1}_max", "data_\u{4F60}"] {
            assert_eq!(judge(name, "max data"), None, "{name}");
        }
    }
}
