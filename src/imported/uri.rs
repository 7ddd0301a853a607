//! Names of files as other tools write them -> paths that they may mean.
//!
//! Owns percent-encoding, schemes, separators of either kind, `.` and `..`. Works on text alone and opens nothing, so
//! a name that leads out of the repository leads nowhere.

use serde::{Deserialize, Serialize};

use crate::change::wire;

/// One way to read the name of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Spoken {
    /// `/` between components, none at the ends, without `.` and `..`; in the form of paths of the input document.
    pub(super) path: String,
    /// True when it began at the root of a file system, the drive's letter left out.
    pub(super) absolute: bool,
    /// True when it began above the folder that it is relative to; what was above is not known.
    pub(super) above: bool,
}

/// Longest name in bytes; a longer one means no file.
const MOST_BYTES: usize = 8_192;

/// Returns what a URI reference of SARIF may mean: decoded first, then letter by letter. Empty for another scheme.
pub(super) fn of_uri(uri: &str) -> Vec<Spoken> {
    if uri.len() > MOST_BYTES {
        return Vec::new();
    }
    let (rest, is_file) = match scheme(uri) {
        Some(("file", rest)) => (without_host(rest), true),
        Some(_) => return Vec::new(),
        None => (uri, false),
    };
    let plain = rest.split(['?', '#']).next().unwrap_or(rest);
    let mut readings = Vec::new();
    for bytes in [decoded(plain), decoded(rest), rest.as_bytes().to_vec()] {
        add(&mut readings, &bytes, is_file);
    }
    readings
}

/// Returns what a plain path may mean.
pub(super) fn of_path(path: &str) -> Vec<Spoken> {
    let mut readings = Vec::new();
    if path.len() <= MOST_BYTES {
        if let Some(("file", _)) = scheme(path) {
            return of_uri(path);
        }
        add(&mut readings, path.as_bytes(), false);
    }
    readings
}

/// Adds the reading with `/` alone, and the one in which `\` separates too.
fn add(readings: &mut Vec<Spoken>, bytes: &[u8], is_file: bool) {
    let slashes: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    for bytes in [bytes, slashes.as_slice()] {
        let reading = normal(bytes, is_file);
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
}

/// Resolves `.` and `..`, after decoding, so that an encoded `..` is one too.
fn normal(bytes: &[u8], is_file: bool) -> Spoken {
    let bytes = match bytes {
        [b'/', drive, b':', b'/', rest @ ..] | [drive, b':', b'/', rest @ ..] if drive.is_ascii_alphabetic() => {
            return parts(rest, true);
        }
        bytes => bytes,
    };
    parts(bytes, is_file || bytes.first() == Some(&b'/'))
}

fn parts(bytes: &[u8], absolute: bool) -> Spoken {
    let mut stack: Vec<&[u8]> = Vec::new();
    let mut above = false;
    for part in bytes.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => above |= stack.pop().is_none() && !absolute,
            part => stack.push(part),
        }
    }
    Spoken { path: wire(&stack.join(&b'/')), absolute, above }
}

/// Returns scheme and rest of a URI; one letter is a drive.
fn scheme(uri: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let letters = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (scheme.len() > 1 && letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((scheme, rest))
}

/// Returns the path of `//host/path`, `/path` or `path`.
fn without_host(rest: &str) -> &str {
    match rest.strip_prefix("//") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default(),
        None => rest,
    }
}

/// Decodes `%XX`; a percent sign without two digits stays.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = (*first == b'%').then(|| tail.first_chunk::<2>()).flatten();
        let byte = digits.and_then(|digits| std::str::from_utf8(digits).ok()).filter(|text| !text.starts_with('+'));
        match byte.and_then(|text| u8::from_str_radix(text, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

/// Returns the name of a file below a base: what SARIF does with `uriBaseId`.
pub(super) fn below(base: &str, uri: &str) -> String {
    if scheme(uri).is_some() || uri.starts_with('/') || base.is_empty() {
        return uri.to_owned();
    }
    let gap = if base.ends_with('/') || uri.is_empty() { "" } else { "/" };
    format!("{base}{gap}{uri}")
}

#[cfg(test)]
mod tests {
    use super::{below, of_path, of_uri};

    fn first(uri: &str) -> (String, bool, bool) {
        let reading = of_uri(uri).into_iter().next().unwrap();
        (reading.path, reading.absolute, reading.above)
    }

    #[test]
    fn schemes_drives_and_encodings_are_read() {
        assert_eq!(first("src/a%20b.py"), ("src/a b.py".to_owned(), false, false));
        assert_eq!(first("./src//a.py"), ("src/a.py".to_owned(), false, false));
        assert_eq!(first("file:///home/x/src/a.py"), ("home/x/src/a.py".to_owned(), true, false));
        assert_eq!(first("file://localhost/src/a.py"), ("src/a.py".to_owned(), true, false));
        assert_eq!(first("file:///C:/w/a.py"), ("w/a.py".to_owned(), true, false));
        assert_eq!(first("100%.txt"), ("100%.txt".to_owned(), false, false));
        assert!(of_uri("https://example.org/a.py").is_empty());
        let windows: Vec<String> = of_path("C:\\w\\a.py").into_iter().map(|reading| reading.path).collect();
        assert!(windows.contains(&"w/a.py".to_owned()), "{windows:?}");
    }

    #[test]
    fn a_name_that_leads_out_is_marked_and_never_keeps_its_dots() {
        assert_eq!(first("../../etc/passwd"), ("etc/passwd".to_owned(), false, true));
        assert_eq!(first("a/%2e%2e/%2e%2e/etc/passwd"), ("etc/passwd".to_owned(), false, true));
        assert_eq!(first("file:///../../etc/passwd"), ("etc/passwd".to_owned(), true, false));
        assert!(of_uri(&"a/".repeat(10_000)).is_empty());
    }

    #[test]
    fn a_base_goes_before_what_is_relative_to_it() {
        assert_eq!(below("file:///w", "a.py"), "file:///w/a.py");
        assert_eq!(below("sub/", "a.py"), "sub/a.py");
        assert_eq!(below("sub/", "/w/a.py"), "/w/a.py");
        assert_eq!(below("", "a.py"), "a.py");
    }

    #[test]
    fn bytes_that_are_no_text_have_the_form_of_the_input_document() {
        assert_eq!(first("a%ff.py").0, "a\\xFF.py");
    }
}
