//! The letters that a pattern cannot do without.
//!
//! Owns a careful reading of our own patterns: what it does not understand counts as no letters. Pure.

/// Returns the longest run of letters, in lower case, that every match of `pattern` holds; empty when none is certain.
///
/// Only what stands outside of groups and classes counts. A choice at the top level leaves nothing.
pub(super) fn required(pattern: &str) -> String {
    let (mut best, mut run) = (String::new(), String::new());
    let mut depth = 0_usize;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let letter = match character {
            '\\' => match characters.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => Some(escaped),
                _ => None,
            },
            '[' => {
                skip_class(&mut characters);
                None
            }
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '|' if depth == 0 => return String::new(),
            '?' | '*' | '{' => {
                // What stands before may be missing.
                run.pop();
                if character == '{' {
                    while characters.next().is_some_and(|next| next != '}') {}
                }
                None
            }
            '.' | '^' | '$' | '+' | '|' => None,
            plain => Some(plain),
        };
        match letter.filter(|letter| depth == 0 && letter.is_ascii()) {
            Some(letter) => run.push(letter.to_ascii_lowercase()),
            None => keep_longer(&mut best, &mut run),
        }
    }
    keep_longer(&mut best, &mut run);
    best
}

fn keep_longer(best: &mut String, run: &mut String) {
    if run.len() > best.len() {
        std::mem::swap(best, run);
    }
    run.clear();
}

/// Goes past a character class, whose first `]` may be its own member.
fn skip_class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    characters.next_if_eq(&'^');
    characters.next_if_eq(&']');
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            ']' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn letters_outside_of_groups_are_required() {
        assert_eq!(required(r"^no-?reply@anthropic\.com$"), "reply@anthropic.com");
        assert_eq!(
            required(r"^\d+\+claude\[bot\]@users\.noreply\.github\.com$"),
            "+claude[bot]@users.noreply.github.com"
        );
        assert_eq!(required(r"^Made-with:\s*Cursor\s*$"), "made-with:");
        assert_eq!(required(r"(a|b)\.com{2}x"), ".co");
    }

    #[test]
    fn a_choice_or_nothing_certain_requires_nothing() {
        assert_eq!(required("abc|def"), "");
        assert_eq!(required("(abc)?"), "");
        assert_eq!(required("[abc]*x?"), "");
        assert_eq!(required(r"a[]b]c"), "a");
    }
}
