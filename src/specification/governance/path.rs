//! Paths as the most forgiving file system reads them.
//!
//! Owns the folding under which a twin of a governed name is governed too. Reads no file system.

use unicode_normalization::UnicodeNormalization as _;

/// A path folded by case, Unicode form, separators and what file systems drop from names.
pub(super) struct Folded(String);

impl Folded {
    /// Folds a path.
    pub(super) fn new(path: &str) -> Self {
        let characters = path.nfc().filter(|c| !is_dropped(*c)).flat_map(char::to_uppercase);
        let folded: String = characters.flat_map(char::to_lowercase).nfc().collect();
        let parts = folded.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
        Self(parts.map(component).collect::<Vec<_>>().join("/"))
    }

    /// Returns the whole path.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last component.
    pub(super) fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Says whether the path is the given one, in lower case.
    pub(super) fn is(&self, path: &str) -> bool {
        self.0 == path
    }

    /// Says whether the path is in the given folder of the root, or is the folder itself (as a link or submodule).
    pub(super) fn within(&self, folder: &str) -> bool {
        folder.is_empty() || self.0.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Says whether the path is in a folder of that name, or is it, at any depth.
    pub(super) fn within_any(&self, folder: &str) -> bool {
        self.0.match_indices(folder).any(|(at, _)| {
            let before = self.0.get(..at).unwrap_or_default();
            let after = self.0.get(at + folder.len()..).unwrap_or_default();
            (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'))
        })
    }
}

/// Windows drops dots and spaces at the end of a name, and reads what follows a colon as a stream of the file.
fn component(part: &str) -> &str {
    let name = part.split(':').next().unwrap_or(part).trim_end_matches(['.', ' ']);
    if name.is_empty() { part } else { name }
}

/// Characters that HFS+ leaves out when it compares names.
fn is_dropped(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn twins_fold_to_one_path_and_near_misses_do_not() {
        for twin in [
            ".GITHUB/Workflows/x.yml",
            ".github\\workflows\\X.yml",
            ".git\u{200C}hub/workflows./x.yml ",
            "./.github//workflows/x.yml::$DATA",
        ] {
            assert_eq!(Folded::new(twin).as_str(), ".github/workflows/x.yml", "{twin:?}");
        }
        assert_eq!(Folded::new("\u{212A}\u{17F}").as_str(), "ks");
        assert_ne!(Folded::new(".githu/bworkflows/x.yml").as_str(), ".github/workflows/x.yml");
    }

    #[test]
    fn folders_match_by_whole_names() {
        assert!(Folded::new("a/.cursor/rules/x.md").within_any(".cursor/rules"));
        assert!(!Folded::new("a.cursor/rules/x.md").within_any(".cursor/rules"));
        assert!(!Folded::new(".cursor/rulesets/x.md").within_any(".cursor/rules"));
        assert!(Folded::new("policies").within("policies"));
        assert!(!Folded::new("policies2/x").within("policies"));
    }
}
