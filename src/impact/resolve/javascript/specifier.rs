//! How the text of an import may be meant: as it stands there, and as the URL that modules of the language take it for.
//!
//! Bundlers and `require` read a path as it is written, except for what follows `?`; the module loaders of Node.js and of
//! browsers end it at `?` and `#` and read `%2e` as a dot. Either may run the file, so both count.

use std::borrow::Cow;

/// Returns the ways in which a specifier may be meant, without repetition.
pub(super) fn spellings(raw: &str) -> Vec<Cow<'_, str>> {
    // Reading a URL takes away blanks and controls at its ends, tabs and line ends anywhere, and turns `\\` into `/`.
    let blank = |c: char| c <= ' ';
    let crooked = raw.contains(['\\', '\t', '\n', '\r']) || raw.trim_matches(blank) != raw;
    if !raw.contains(['%', '#', '?']) && !crooked {
        return vec![Cow::Borrowed(raw)];
    }
    if crooked {
        let straight: String = raw.trim_matches(blank).chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        let straight = straight.replace('\\', "/");
        let inner = spellings(&straight).into_iter().map(|one| Cow::Owned(one.into_owned()));
        return inner.chain([Cow::Borrowed(raw)]).collect();
    }
    let written = raw.split('?').next().unwrap_or_default();
    let is_path = raw.starts_with(['.', '/']) || file_path(raw).is_some();
    let path = if is_path { written.split('#').next().unwrap_or_default() } else { written };
    let mut found = vec![Cow::Borrowed(written)];
    for other in [Cow::Borrowed(path), decoded(path), Cow::Borrowed(raw)] {
        // A name that is no path stays a name: nothing looks for `name?query` as such.
        if !found.contains(&other) && (is_path || other != raw) {
            found.push(other);
        }
    }
    found
}

/// Returns the path of a `file:` URL, without the machine that it may name.
pub(super) fn file_path(raw: &str) -> Option<&str> {
    let scheme = raw.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:"))?;
    let rest = raw.get(scheme.len()..)?;
    Some(rest.strip_prefix("//").and_then(|rest| rest.get(rest.find('/')?..)).unwrap_or(rest))
}

/// Reads `%67`; what is no such escape, or not UTF-8 together, stays as it is.
fn decoded(text: &str) -> Cow<'_, str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::{file_path, spellings};

    #[test]
    fn what_a_url_loses_is_taken_away() {
        assert_eq!(spellings("../client\\session.js"), ["../client/session.js", "../client\\session.js"]);
        assert_eq!(spellings("./cli\tent.js\u{0}"), ["./client.js", "./cli\tent.js\u{0}"]);
        assert_eq!(spellings("./a.js "), ["./a.js", "./a.js "]);
        assert_eq!(spellings("./a b.js"), ["./a b.js"]);
    }

    #[test]
    fn a_path_is_meant_as_it_is_written_and_as_a_url() {
        assert_eq!(spellings("./a"), ["./a"]);
        assert_eq!(spellings("./a?b"), ["./a", "./a?b"]);
        assert_eq!(spellings("./%61.js#b"), ["./%61.js#b", "./%61.js", "./a.js"]);
        assert_eq!(spellings("./a#%"), ["./a#%", "./a"]);
        assert_eq!(spellings("pg?x"), ["pg"]);
        assert_eq!(spellings("#db"), ["#db"]);
        assert_eq!(spellings("pkg/%70art"), ["pkg/%70art", "pkg/part"]);
        assert_eq!(spellings("./%ff%"), ["./%ff%"]);
    }

    #[test]
    fn a_file_url_has_a_path() {
        assert_eq!(file_path("file:///a/b.js"), Some("/a/b.js"));
        assert_eq!(file_path("FILE://host/a"), Some("/a"));
        assert_eq!(file_path("file:./a"), Some("./a"));
        assert_eq!(file_path("files:/a"), None);
    }
}
