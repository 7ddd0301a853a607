//! The letters that a pattern cannot do without.
//!
//! Owns a careful reading of our own patterns: what it does not understand counts as no letters. Pure.

/// What ordinary commits are full of, so that looking for it tells nothing.
const COMMON: &[&str] = &["@users.noreply.github.com", "co-authored-by:", "generated with "];

/// Returns texts in lower case of which every match of `pattern` holds at least one; none when nothing is certain.
///
/// Recursion is over groups of our own patterns.
pub(super) fn required(pattern: &str) -> Vec<String> {
    let mut found = Vec::new();
    for choice in choices(pattern) {
        let best = best_of(choice);
        if best.is_empty() {
            return Vec::new();
        }
        found.extend(best);
    }
    found.sort();
    found.dedup();
    found
}

/// Returns the most telling letters of a pattern without a choice at its top level.
fn best_of(pattern: &str) -> Vec<String> {
    let (mut best, mut run) = (Vec::new(), String::new());
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let length = token(rest);
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let optional = after.starts_with(['?', '*', '{']);
        let letter = match piece.strip_prefix('\\') {
            Some(escaped) => escaped.chars().next().filter(char::is_ascii_punctuation),
            None => Some(character).filter(|c| !matches!(c, '(' | '[' | '.' | '^' | '$' | '?' | '*' | '+' | '{')),
        };
        match letter.filter(|letter| letter.is_ascii() && !optional) {
            Some(letter) => run.push(letter.to_ascii_lowercase()),
            None => keep_better(&mut best, vec![std::mem::take(&mut run)]),
        }
        if character == '(' && !optional {
            keep_better(&mut best, required(inside(piece)));
        }
        rest = after;
    }
    keep_better(&mut best, vec![run]);
    best
}

fn keep_better(best: &mut Vec<String>, other: Vec<String>) {
    if worth(&other) > worth(best) {
        *best = other;
    }
}

/// Says how telling the least telling of these texts is.
fn worth(texts: &[String]) -> usize {
    let telling = |text: &String| COMMON.iter().fold(text.clone(), |text, common| text.replace(common, "")).len();
    texts.iter().map(telling).min().unwrap_or(0)
}

/// Returns the length of the first piece: a group, a class, a counted repetition, an escape, or one character.
fn token(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some((_, first)) = characters.next() else { return 0 };
    let (mut depth, mut class) = (0_usize, false);
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(character) = rest.chars().next() else { break };
        let step =
            if character == '\\' { rest.chars().take(2).map(char::len_utf8).sum() } else { character.len_utf8() };
        match character {
            '[' if !class => class = true,
            ']' if class => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += step;
        let open = depth > 0 || class || (first == '{' && character != '}');
        if !open {
            break;
        }
    }
    at
}

/// Splits at each `|` outside of groups and classes.
fn choices(pattern: &str) -> Vec<&str> {
    let (mut found, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with('|') {
            found.push(pattern.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        at += token(rest).max(1);
    }
    found.push(pattern.get(start..).unwrap_or_default());
    found
}

/// Returns what a group holds, without its parentheses and name.
fn inside(group: &str) -> &str {
    let inner = group.strip_prefix('(').and_then(|group| group.strip_suffix(')')).unwrap_or_default();
    match inner.strip_prefix('?') {
        None => inner,
        Some(named) if named.starts_with("P<") => named.split_once('>').map_or("", |(_, inner)| inner),
        Some(plain) => plain.strip_prefix(':').unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::required;

    #[test]
    fn the_most_telling_letters_are_required() {
        for (pattern, letters) in [
            (r"^no-?reply@anthropic\.com$", "reply@anthropic.com"),
            (r"^Made-with:\s*Cursor\s*$", "made-with:"),
            (r"^19\+copilot(?:-agent\[bot\])?@users\.noreply\.github\.com$", "19+copilot"),
            (r"^(crush@charm\.land|noreply@crush\.x)$", "crush@charm.land noreply@crush.x"),
            (r"^(a|b)@(all-hands\.dev|opendevin\.ai)$", "all-hands.dev opendevin.ai"),
            (r"(?P<model>Claude (?:Opus|Haiku) [0-9.]+)<x", "claude "),
            (r"abc|def", "abc def"),
            (r"abcd{0,2}ef", "abc"),
            (r"x[(|]longer[]]", "longer"),
        ] {
            assert_eq!(required(pattern).join(" "), letters, "{pattern}");
        }
    }

    #[test]
    fn where_nothing_is_certain_nothing_is_required() {
        for pattern in ["(abc)?", "[abc]*x?", "abc|", r"abc|\d+", "(abc|)", "(abc|d*)", r"\w+", ""] {
            assert!(required(pattern).is_empty(), "{pattern}");
        }
    }
}
