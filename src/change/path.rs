//! Paths as the tree has them (bytes) and as documents have them (text), and names that deceive.
//!
//! Owns the wire form, the check of one path component, and the key under which two names are the same file on some
//! file system. Must not touch the file system.

use unicode_normalization::UnicodeNormalization as _;

/// Longest path in bytes that is judged; the usual limit of operating systems.
pub(super) const PATH_BYTES: usize = 4096;

/// Returns a path as text: itself when it is UTF-8, else with the bad bytes as `\xNN` and each backslash doubled.
#[must_use]
pub fn wire(path: &[u8]) -> String {
    use std::fmt::Write as _;
    if let Ok(text) = std::str::from_utf8(path) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(path.len() + 16);
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character == '\\' {
                text.push('\\');
            }
            text.push(character);
        }
        for byte in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

/// Why a tree entry's name may not be trusted to be one file in one folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadName {
    /// Empty, `.`, `..`, or with a separator inside: it names another place.
    Misplaced,
    /// Reads as `.git`, or as a linked `.gitmodules`, on some file system.
    GitFolder,
}

/// Checks one path component. `link` says that the entry is a symbolic link.
///
/// Backslashes separate on Windows, so each part between them is checked as well.
pub(super) fn check_component(name: &[u8], link: bool) -> Result<(), BadName> {
    use gix::validate::path::component;
    if name.is_empty() || name.contains(&b'/') || name.contains(&0) {
        return Err(BadName::Misplaced);
    }
    let options = component::Options { protect_windows: false, protect_hfs: true, protect_ntfs: true };
    let mode = link.then_some(component::Mode::Symlink);
    for part in name.split(|&byte| byte == b'\\').filter(|part| !part.is_empty()) {
        match component(part.into(), mode, options) {
            Ok(_) => {}
            Err(component::Error::DotGitDir | component::Error::SymlinkedGitModules) => return Err(BadName::GitFolder),
            Err(_) => return Err(BadName::Misplaced),
        }
    }
    Ok(())
}

/// Returns the key under which two names are one file where the file system folds case or normalises Unicode.
pub(super) fn fold(name: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.is_ascii() => text.nfc().flat_map(char::to_lowercase).nfc().collect::<String>().into_bytes(),
        _ => name.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::{BadName, check_component, fold, wire};

    #[test]
    fn valid_utf8_stays_and_bad_bytes_are_written_as_hex() {
        assert_eq!(wire("a\\b/\u{e9}".as_bytes()), "a\\b/\u{e9}");
        assert_eq!(wire(b"a\\b/\xff\xfe.rs"), "a\\\\b/\\xFF\\xFE.rs");
    }

    #[test]
    fn git_folder_look_alikes_are_refused_and_near_misses_pass() {
        for bad in [".git", ".GIT", "git~1", ".git::$INDEX_ALLOCATION", ".git ", ".git.", ".g\u{200c}it", "a\\.git\\b"]
        {
            assert_eq!(check_component(bad.as_bytes(), false), Err(BadName::GitFolder), "{bad:?}");
        }
        for fine in [".gitignore", "git", ".github", "git~a", "digit", ".gitmodules", "aux.rs", "a:b"] {
            assert_eq!(check_component(fine.as_bytes(), false), Ok(()), "{fine:?}");
        }
        assert_eq!(check_component(b".gitmodules", true), Err(BadName::GitFolder));
    }

    #[test]
    fn names_that_leave_their_folder_are_refused() {
        for bad in ["", ".", "..", "a/b", "/a", "a\\..\\b", "a\0b"] {
            assert_eq!(check_component(bad.as_bytes(), false), Err(BadName::Misplaced), "{bad:?}");
        }
        assert_eq!(check_component(b"...", false), Ok(()));
    }

    #[test]
    fn twins_by_case_or_normal_form_have_one_key() {
        assert_eq!(fold(b"README.md"), fold(b"ReadMe.MD"));
        assert_eq!(fold("caf\u{e9}".as_bytes()), fold("cafe\u{301}".as_bytes()));
        assert_ne!(fold(b"a"), fold(b"b"));
    }
}
