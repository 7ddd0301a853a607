//! Trailers of a commit message, by our own written rules.
//!
//! Owns the rules below and nothing else; pure. Trailers are words of the author and prove nothing.
//!
//! 1. A message is split into paragraphs at lines that are empty but for white space. The first paragraph is the
//!    subject and never holds trailers.
//! 2. Only the last paragraph is looked at.
//! 3. A trailer line is a key of letters, digits and `-`, optional blanks, `:`, and a value.
//! 4. A line that begins with a blank or tab continues the value before it; the parts are joined by one blank.
//! 5. When every line is a trailer or continues one, all are trailers. Otherwise the paragraph counts when it holds a
//!    well-known trailer (or git's `(cherry picked from commit ...)` line) and at least a quarter of its lines are
//!    trailers; the other lines are then skipped.

use super::Trailer;

/// Keys that make a mixed paragraph a trailer block, in lower case.
const WELL_KNOWN: &[&str] = &[
    "acked-by",
    "assisted-by",
    "change-id",
    "co-authored-by",
    "generated-by",
    "reported-by",
    "reviewed-by",
    "signed-off-by",
    "tested-by",
];

/// Returns the trailers of a whole commit message, in its order.
#[must_use]
pub fn trailers(message: &str) -> Vec<Trailer> {
    let lines: Vec<&str> = message.lines().map(str::trim_end).collect();
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let start = lines.iter().take(end).rposition(|line| line.is_empty()).map_or(0, |blank| blank + 1);
    let has_subject = lines.iter().take(start).any(|line| !line.is_empty());
    if !has_subject {
        return Vec::new();
    }
    let mut found: Vec<Trailer> = Vec::new();
    let (mut keyed, mut others, mut known) = (0_usize, 0_usize, false);
    let mut continues = false;
    for line in lines.get(start..end).unwrap_or_default() {
        if line.starts_with([' ', '\t']) {
            match found.last_mut().filter(|_| continues) {
                Some(last) => {
                    if !last.value.is_empty() {
                        last.value.push(' ');
                    }
                    last.value.push_str(line.trim());
                }
                None => others += 1,
            }
            continue;
        }
        continues = false;
        if line.starts_with("(cherry picked from commit ") {
            (keyed, known) = (keyed + 1, true);
        } else if let Some(trailer) = split(line) {
            known |= WELL_KNOWN.contains(&trailer.key.to_ascii_lowercase().as_str());
            (keyed, continues) = (keyed + 1, true);
            found.push(trailer);
        } else {
            others += 1;
        }
    }
    let counts = others == 0 || (known && keyed.saturating_mul(3) >= others);
    if counts { found } else { Vec::new() }
}

/// Splits a trailer line.
fn split(line: &str) -> Option<Trailer> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then(|| Trailer { key: key.to_owned(), value: value.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::trailers;

    fn flat(message: &str) -> Vec<String> {
        trailers(message).into_iter().map(|t| format!("{}={}", t.key, t.value)).collect()
    }

    #[test]
    fn last_paragraph_of_keys_is_a_trailer_block() {
        assert_eq!(
            flat("Fix it\n\nWhy.\n\nFixes: #1\nCo-authored-by: A <a@b>\n"),
            ["Fixes=#1", "Co-authored-by=A <a@b>"]
        );
        assert_eq!(flat("Fix it\r\n\r\nFixes : #1\r\n\r\n \n"), ["Fixes=#1"]);
    }

    #[test]
    fn subject_alone_and_earlier_paragraphs_hold_none() {
        assert!(flat("feat: add a thing").is_empty());
        assert!(flat("\n\nfeat: add a thing\nFixes: #1").is_empty());
        assert!(flat("Fix\n\nFixes: #1\n\nThe end.").is_empty());
        assert!(flat("").is_empty());
    }

    #[test]
    fn continuation_lines_are_joined_by_one_blank() {
        assert_eq!(flat("s\n\nPrompt: a\n  b\n\tc\nTool: x"), ["Prompt=a b c", "Tool=x"]);
        assert!(flat("s\n\n  not a continuation\nTool: x").is_empty());
    }

    #[test]
    fn mixed_block_needs_a_known_key_and_a_quarter() {
        assert_eq!(flat("s\n\nprose\nprose\nprose\nSigned-off-by: A"), ["Signed-off-by=A"]);
        assert!(flat("s\n\nprose\nprose\nprose\nprose\nSigned-off-by: A").is_empty());
        assert!(flat("s\n\nsee here\nNote: prose goes on").is_empty());
        assert_eq!(flat("s\n\nsee here\nTool: x\n(cherry picked from commit 12)"), ["Tool=x"]);
        // The line of a cherry-pick is one of the quarter.
        assert_eq!(flat("s\n\na\nb\nc\nd\ne\nf\nTool: x\n(cherry picked from commit 12)"), ["Tool=x"]);
        assert!(flat("s\n\na\nb\nc\nd\ne\nf\ng\nTool: x\n(cherry picked from commit 12)").is_empty());
    }

    #[test]
    fn keys_with_other_characters_are_prose() {
        assert!(flat("s\n\nhttps://example.org/a b: c").len() == 1);
        assert!(flat("s\n\nin short: no").is_empty());
        assert!(flat("s\n\n: no").is_empty());
    }
}
