//! Escapes in string literals: what a literal says when the program runs.
//!
//! Owns the spelling only: how each language writes one character by its number or name. An escape that the language
//! does not know, or whose meaning is not known here, gives nothing rather than a guess.

use std::borrow::Cow;

/// Whose escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Interpreted strings of Go.
    Go,
    /// Strings and templates of JavaScript.
    JavaScript,
    /// Strings of Python without the prefix `r`.
    Python,
}

/// Returns the text between the quotes with its escapes read, or none where one has no meaning.
pub(super) fn decoded(text: &str, dialect: Dialect) -> Option<Cow<'_, str>> {
    if !text.contains('\\') {
        return Some(Cow::Borrowed(text));
    }
    // Escapes of Go are bytes, which only together are text.
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(rest.get(..at)?.as_bytes());
        rest = escape(rest.get(at + 1..)?, dialect, &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Reads what follows a backslash; returns what follows the escape.
fn escape<'a>(rest: &'a str, dialect: Dialect, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let letter = rest.chars().next()?;
    let after = rest.get(letter.len_utf8()..)?;
    let plain = match letter {
        'a' if dialect != Dialect::JavaScript => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{B}',
        '\\' | '\'' | '"' => letter,
        '0'..='7' => return octal(rest, dialect, bytes),
        'x' => {
            let (number, after) = hexadecimal(after, 2)?;
            match dialect {
                Dialect::Go => bytes.push(u8::try_from(number).ok()?),
                _ => push(bytes, char::from_u32(number)?),
            }
            return Some(after);
        }
        'u' => return unicode(after, dialect, bytes),
        'U' if dialect != Dialect::JavaScript => {
            let (number, after) = hexadecimal(after, 8)?;
            push(bytes, char::from_u32(number)?);
            return Some(after);
        }
        'N' if dialect == Dialect::Python => {
            let (name, after) = after.strip_prefix('{')?.split_once('}')?;
            push(bytes, named(name)?);
            return Some(after);
        }
        // The line goes on.
        '\n' | '\u{2028}' | '\u{2029}' if dialect != Dialect::Go => return Some(after),
        '\r' if dialect != Dialect::Go => return Some(after.strip_prefix('\n').unwrap_or(after)),
        other => match dialect {
            Dialect::Go => return None,
            Dialect::JavaScript => other,
            Dialect::Python => {
                bytes.push(b'\\');
                other
            }
        },
    };
    push(bytes, plain);
    Some(after)
}

fn push(bytes: &mut Vec<u8>, letter: char) {
    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

fn hexadecimal(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, after) = text.split_at_checked(digits)?;
    let all = number.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(number, 16).ok()).flatten().map(|number| (number, after))
}

/// Up to three digits; in Go three, and they are one byte.
fn octal<'a>(text: &'a str, dialect: Dialect, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let count = text.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    // In JavaScript none is above 255.
    let count =
        if dialect == Dialect::JavaScript && text.starts_with(['4', '5', '6', '7']) { count.min(2) } else { count };
    let (digits, after) = text.split_at_checked(count)?;
    let number = u32::from_str_radix(digits, 8).ok()?;
    match dialect {
        Dialect::Go => bytes.push(u8::try_from(number).ok().filter(|_| count == 3)?),
        _ => push(bytes, char::from_u32(number)?),
    }
    Some(after)
}

/// Reads `0041`, or `{41}` in JavaScript, where two halves of one character may stand side by side.
fn unicode<'a>(text: &'a str, dialect: Dialect, bytes: &mut Vec<u8>) -> Option<&'a str> {
    if let Some(braced) = text.strip_prefix('{').filter(|_| dialect == Dialect::JavaScript) {
        let (digits, after) = braced.split_once('}')?;
        let digits = digits.trim_start_matches('0');
        let number =
            if digits.is_empty() { 0 } else { hexadecimal(digits, digits.len()).filter(|_| digits.len() <= 6)?.0 };
        push(bytes, char::from_u32(number)?);
        return Some(after);
    }
    let (number, after) = hexadecimal(text, 4)?;
    if let Some(letter) = char::from_u32(number) {
        push(bytes, letter);
        return Some(after);
    }
    let (low, after) = hexadecimal(after.strip_prefix("\\u").filter(|_| dialect == Dialect::JavaScript)?, 4)?;
    let pair = [u16::try_from(number).ok()?, u16::try_from(low).ok()?];
    push(bytes, char::decode_utf16(pair).next()?.ok()?);
    Some(after)
}

/// Characters that names of modules are made of, by their Unicode name.
fn named(name: &str) -> Option<char> {
    const DIGITS: [&str; 10] = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];
    let name = name.to_ascii_uppercase();
    let letter = |rest: &str| rest.chars().next().filter(|letter| rest.len() == 1 && letter.is_ascii_uppercase());
    if let Some(small) = name.strip_prefix("LATIN SMALL LETTER ") {
        return letter(small).map(|letter| letter.to_ascii_lowercase());
    }
    if let Some(capital) = name.strip_prefix("LATIN CAPITAL LETTER ") {
        return letter(capital);
    }
    if let Some(digit) = name.strip_prefix("DIGIT ") {
        let place = DIGITS.iter().position(|word| *word == digit)?;
        return char::from_digit(u32::try_from(place).ok()?, 10);
    }
    match name.as_str() {
        "FULL STOP" => Some('.'),
        "LOW LINE" => Some('_'),
        "COLON" => Some(':'),
        "SOLIDUS" => Some('/'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, decoded};

    fn read(text: &str, dialect: Dialect) -> String {
        decoded(text, dialect).map_or("?".to_owned(), |text| text.into_owned())
    }

    #[test]
    fn escapes_say_what_the_language_says() {
        use Dialect::{Go, JavaScript, Python};
        assert_eq!(
            read(r"orders\x2echeckout\N{FULL STOP}a\N{latin small letter b}\056c\u002ed", Python),
            "orders.checkout.ab.c.d"
        );
        assert_eq!(read("a\\\nb\\\r\nc\\q\\U00000064", Python), "abc\\qd");
        assert_eq!(read(r"p\x67\u{70}\u{00067}\u0070\147\q\ud83d\ude00", JavaScript), "pgpgpgq\u{1F600}");
        assert_eq!(read("a\\\nb\\0", JavaScript), "ab\0");
        assert_eq!(read(r"n\x65t\057http\u002f\xc3\xa9", Go), "net/http/\u{E9}");
    }

    #[test]
    fn what_has_no_meaning_gives_nothing() {
        for text in [r"\x6", r"\u00", r"\ud83d", "\\", r"\u{110000}", r"\u{zz}", r"\x+6", "\\x\u{E9}"] {
            assert_eq!(read(text, Dialect::JavaScript), "?", "{text}");
        }
        for text in [r"\N{SNOWMAN}", r"\N", r"\N{", r"\U0011", r"\ud800"] {
            assert_eq!(read(text, Dialect::Python), "?", "{text}");
        }
        for text in [r"\q", r"\08", r"\777", r"\xff"] {
            assert_eq!(read(text, Dialect::Go), "?", "{text}");
        }
    }
}
