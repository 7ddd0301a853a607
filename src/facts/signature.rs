//! The text of a declaration, bounded.

use sha2::{Digest as _, Sha256};

use super::lines::{collapse_into, cut};

/// Characters of a signature that are kept as they are.
const LIMIT: usize = 500;

/// Returns a declaration with white space collapsed; a long one is cut and told apart by a digest.
pub(crate) fn of(text: &str) -> String {
    let mut signature = String::new();
    collapse_into(&mut signature, text, usize::MAX);
    // One parameter a line, or all on one line: the same declaration.
    for (broken, joined) in
        [("( ", "("), (", )", ")"), (" )", ")"), ("[ ", "["), (", ]", "]"), (" ]", "]"), (" ,", ",")]
    {
        if signature.contains(broken) {
            signature = signature.replace(broken, joined);
        }
    }
    let end = signature.trim_end_matches(['{', '(', ';', ',', ' ']).len();
    signature.truncate(end);
    if let Some(rest) = signature.strip_suffix('=').or_else(|| signature.strip_suffix(':')) {
        signature.truncate(rest.trim_end().len());
    }
    if signature.chars().nth(LIMIT).is_none() {
        return signature;
    }
    format!("{} ... [{}]", cut(&signature, LIMIT), digest(&signature))
}

/// Returns sixteen hexadecimal digits that tell one text from another.
pub(crate) fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn white_space_and_the_opening_of_the_body_go() {
        assert_eq!(of("pub fn a(\n    b: u8,\n) -> u8 {"), "pub fn a(b: u8) -> u8");
        assert_eq!(of("def f(a, b):\n    "), "def f(a, b)");
        assert_eq!(of("const A: u8 = "), "const A: u8");
        assert_eq!(of("const f = (a) => "), "const f = (a) =>");
    }

    #[test]
    fn long_declarations_differ_by_their_digest() {
        let long = "a".repeat(600);
        let (one, two) = (of(&format!("{long}b")), of(&format!("{long}c")));
        assert_ne!(one, two);
        assert!(one.len() < 530);
    }
}
