//! Paths as relative URI references.

/// Returns a path in wire form as a relative URI: every byte that is not unreserved, nor a slash, as `%NN`.
pub(super) fn relative(wire: &str) -> String {
    let mut uri = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some(c) = rest.chars().next() {
        let (bytes, taken) = unit(rest, c);
        for byte in bytes {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    uri.push(char::from(byte));
                }
                _ => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    uri
}

/// Returns the bytes of the file name that the start of `rest` stands for, and how much of it was read.
fn unit(rest: &str, c: char) -> (Vec<u8>, usize) {
    if rest.starts_with("\\\\") {
        return (vec![b'\\'], 2);
    }
    let escaped = rest.strip_prefix("\\x").and_then(|after| after.get(..2));
    match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        Some(byte) => (vec![byte], 4),
        None => (c.to_string().into_bytes(), c.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn every_path_is_a_relative_reference() {
        assert_eq!(relative("src/a b:c%.py"), "src/a%20b%3Ac%25.py");
        assert_eq!(relative("d\\xFF\\\\x\\x4"), "d%FF%5Cx%5Cx4");
        assert_eq!(relative("\u{4E2D}\n"), "%E4%B8%AD%0A");
        assert_eq!(relative("\\x\u{4E2D}"), "%5Cx%E4%B8%AD");
    }
}
