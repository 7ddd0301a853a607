//! Owners of paths, as CODEOWNERS of the base side names them.
//!
//! Owns the syntax of GitHub and GitLab. Must not ask who may approve: a name here is text, never a right. Patterns
//! become globs of a linear-time matcher; a line that cannot be read owns nothing.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Where forges look for the file, in the order of both GitHub and GitLab; the first that is there counts.
pub const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// GitHub ignores a file above 3 MB.
const MOST_BYTES: usize = 3_000_000;

/// Most lines that are read; more are ignored, and nobody writes that many.
const MOST_LINES: usize = 20_000;

/// Longest pattern that is read.
const LONGEST_PATTERN: usize = 1_000;

/// The owners of all paths.
#[derive(Clone, Debug, Default)]
pub struct Owners {
    sections: Vec<Section>,
}

/// The lines before the first heading, or those of one GitLab section.
#[derive(Clone, Debug, Default)]
struct Section {
    /// Owners of each line, in order.
    owners: Vec<BTreeSet<String>>,
    /// Whether each line takes its paths out of the section.
    excluded: Vec<bool>,
    /// The globs of all lines.
    globs: GlobSet,
    /// For each glob the line it came from.
    lines: Vec<usize>,
}

impl Owners {
    /// Reads the bytes of a CODEOWNERS file; what cannot be read is left out, which leaves its paths without owner.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        if bytes.len() > MOST_BYTES {
            return Self::default();
        }
        let text = String::from_utf8_lossy(bytes);
        let mut drafts: Vec<Draft> = vec![Draft::default()];
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        let mut current = 0;
        for line in text.trim_start_matches('\u{FEFF}').lines().take(MOST_LINES).map(str::trim) {
            if let Some((name, defaults)) = heading(line) {
                // Sections of one name are one section, whatever the case.
                current = *named.entry(name.to_lowercase()).or_insert(drafts.len());
                if current == drafts.len() {
                    drafts.push(Draft::default());
                }
                if let Some(draft) = drafts.get_mut(current) {
                    draft.defaults = defaults;
                }
            } else if let Some(draft) = drafts.get_mut(current) {
                draft.line(line);
            }
        }
        Self { sections: drafts.into_iter().map(Draft::finish).collect() }
    }

    /// Returns the owners of a path (from the root, with `/`), sorted: the last matching line of each section.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<String> {
        let mut owners = BTreeSet::new();
        for section in &self.sections {
            let hits: BTreeSet<usize> =
                section.globs.matches(path).into_iter().filter_map(|glob| section.lines.get(glob).copied()).collect();
            let excluded = |line: &usize| section.excluded.get(*line).copied().unwrap_or(false);
            if hits.iter().any(excluded) {
                continue;
            }
            if let Some(line) = hits.last().and_then(|line| section.owners.get(*line)) {
                owners.extend(line.iter().cloned());
            }
        }
        owners.into_iter().collect()
    }
}

/// A section while it is read.
#[derive(Default)]
struct Draft {
    defaults: BTreeSet<String>,
    owners: Vec<BTreeSet<String>>,
    excluded: Vec<bool>,
    globs: Vec<(String, usize)>,
}

impl Draft {
    fn line(&mut self, line: &str) {
        let Some((pattern, rest)) = entry(line) else { return };
        let (pattern, excluded) = match pattern.strip_prefix('!') {
            Some(pattern) => (pattern.to_owned(), true),
            None => (pattern, false),
        };
        if pattern.len() > LONGEST_PATTERN {
            return;
        }
        let owners = names(rest);
        let number = self.owners.len();
        self.globs.extend(globs(&pattern).into_iter().map(|glob| (glob, number)));
        self.owners.push(if owners.is_empty() { self.defaults.clone() } else { owners });
        self.excluded.push(excluded);
    }

    fn finish(self) -> Section {
        let mut builder = GlobSetBuilder::new();
        let mut lines = Vec::new();
        for (glob, line) in self.globs {
            let built = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build();
            if let Ok(built) = built {
                builder.add(built);
                lines.push(line);
            }
        }
        match builder.build() {
            Ok(globs) => Section { owners: self.owners, excluded: self.excluded, globs, lines },
            Err(_) => Section::default(),
        }
    }
}

/// Reads `[Name]`, `^[Name]` and `[Name][2]` with the owners behind it.
fn heading(line: &str) -> Option<(&str, BTreeSet<String>)> {
    let body = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, mut rest) = body.split_once(']')?;
    if let Some(count) = rest.strip_prefix('[') {
        rest = count.split_once(']').map_or("", |(_, rest)| rest);
    }
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (name.trim(), names(rest)))
}

/// Splits a line at the first blank that no backslash protects; nothing for comments and blank lines.
fn entry(line: &str) -> Option<(String, &str)> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let mut pattern = String::new();
    let mut escaped = false;
    for (at, letter) in line.char_indices() {
        if letter.is_whitespace() && !escaped {
            return Some((pattern, line.get(at..).unwrap_or("")));
        }
        if escaped && !matches!(letter, ' ' | '#') {
            pattern.push('\\');
        }
        escaped = letter == '\\' && !escaped;
        if !escaped {
            pattern.push(letter);
        }
    }
    Some((pattern, ""))
}

/// Returns `@user`, `@org/team`, `@@role` and mail addresses; a comment ends the list.
fn names(rest: &str) -> BTreeSet<String> {
    rest.split_whitespace()
        .take_while(|word| !word.starts_with('#'))
        .filter(|word| word.contains('@'))
        .map(str::to_owned)
        .collect()
}

/// Translates a pattern in the manner of gitignore; braces and character classes are plain text there.
fn globs(pattern: &str) -> Vec<String> {
    let (body, folder) = match pattern.strip_suffix('/') {
        Some(body) => (body, true),
        None => (pattern, false),
    };
    let anchored = body.contains('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    if body.is_empty() {
        return if folder { vec!["**".to_owned()] } else { Vec::new() };
    }
    let mut plain = String::new();
    for letter in body.chars() {
        if matches!(letter, '{' | '}' | '[' | ']') {
            plain.push('\\');
        }
        plain.push(letter);
    }
    let root = if anchored || plain.starts_with("**/") { plain } else { format!("**/{plain}") };
    let below = format!("{root}/**");
    // `docs/*` owns the files of the folder and not what is deeper.
    if folder {
        vec![below]
    } else if root.ends_with("/*") && anchored || root.ends_with("**") {
        vec![root]
    } else {
        vec![root, below]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, path: &str) -> String {
        Owners::parse(text.as_bytes()).of(path).join(" ")
    }

    #[test]
    fn the_last_matching_line_wins() {
        let text = "* @all\n/pay/ @org/pay eve@example.com # money\n/pay/doc/\n*.md @docs\n";
        assert_eq!(of(text, "src/a.rs"), "@all");
        assert_eq!(of(text, "pay/a.rs"), "@org/pay eve@example.com");
        assert_eq!(of(text, "pay/doc/a.rs"), "");
        assert_eq!(of(text, "pay/a.md"), "@docs");
        assert_eq!(of(text, "web/pay/a.rs"), "@all");
    }

    #[test]
    fn patterns_are_those_of_gitignore() {
        for (pattern, path, matches) in [
            ("*", "a/b.rs", true),
            ("*.js", "a/b.js", true),
            ("/a.js", "b/a.js", false),
            ("apps/", "x/apps/y/a.js", true),
            ("/apps/", "x/apps/a.js", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/x/a.md", false),
            ("docs/*", "x/docs/a.md", false),
            ("/docs", "docs/x/a.md", true),
            ("**/logs", "a/logs/x", true),
            ("/a/**", "a/b/c", true),
            ("/a/**/c", "a/b/d/c", true),
            ("a\\ b.txt", "a b.txt", true),
            ("a?.rs", "ab.rs", true),
            ("[a].rs", "a.rs", false),
            ("{a,b}.rs", "a.rs", false),
            ("/", "a.rs", true),
            ("build", "src/build/x.rs", true),
            ("build", "src/builder.rs", false),
        ] {
            assert_eq!(of(&format!("{pattern} @x\n"), path) == "@x", matches, "{pattern} {path}");
        }
    }

    #[test]
    fn sections_of_gitlab_add_up() {
        let text =
            "* @all\n[Docs] @docs\n*.md\n/legal/ @law\n^[Data][2] @db\n/sql/\n!/sql/test/\n[docs]\n*.txt @text\n";
        assert_eq!(of(text, "a.md"), "@all @docs");
        assert_eq!(of(text, "legal/a.md"), "@all @law");
        assert_eq!(of(text, "sql/a.sql"), "@all @db");
        assert_eq!(of(text, "sql/test/a.sql"), "@all");
        assert_eq!(of(text, "a.txt"), "@all @text");
    }

    #[test]
    fn hostile_files_end_and_own_nothing() {
        assert_eq!(of(&"*".repeat(5_000), "a"), "");
        assert_eq!(of(&format!("{} @x", "a*".repeat(400)), &"a".repeat(4_000)), "@x");
        assert!(Owners::parse(&vec![b'x'; MOST_BYTES + 1]).of("x").is_empty());
        assert_eq!(of("\u{FEFF}* @x\r\n", "a"), "@x");
        assert_eq!(of("[unclosed @x\n* word\n", "a"), "");
    }
}
