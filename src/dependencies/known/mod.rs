//! Names that everybody knows, and names that could be taken for one of them.
//!
//! Owns the lists, one file an ecosystem, and what "could be taken for" means: one letter more, fewer, other or swapped, or
//! the same letters with other separators. A list is no list of good packages: it only says which names are worth imitating.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The lists by ecosystem, sorted.
const LISTS: &[(&str, &str)] = &[
    ("cargo", include_str!("names/cargo.txt")),
    ("composer", include_str!("names/composer.txt")),
    ("go", include_str!("names/go.txt")),
    ("maven", include_str!("names/maven.txt")),
    ("npm", include_str!("names/npm.txt")),
    ("nuget", include_str!("names/nuget.txt")),
    ("pypi", include_str!("names/pypi.txt")),
    ("rubygems", include_str!("names/rubygems.txt")),
];

/// A shorter name is one edit away from too many others.
const SHORTEST: usize = 5;

/// One list, prepared.
struct List {
    names: BTreeSet<String>,
    by_length: BTreeMap<usize, Vec<String>>,
    /// By their letters alone.
    squeezed: BTreeMap<String, String>,
}

impl List {
    fn of(text: &str) -> Self {
        let names: BTreeSet<String> = text.split_whitespace().map(str::to_ascii_lowercase).collect();
        let mut by_length: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut squeezed_names = BTreeMap::new();
        for name in names.iter().filter(|name| name.len() >= SHORTEST) {
            by_length.entry(name.len()).or_default().push(name.clone());
            squeezed_names.entry(squeezed(name)).or_insert_with(|| name.clone());
        }
        Self { names, by_length, squeezed: squeezed_names }
    }

    fn resembled(&self, name: &str) -> Option<&str> {
        if name.len() < SHORTEST || self.names.contains(name) {
            return None;
        }
        if let Some(known) = self.squeezed.get(&squeezed(name)) {
            return Some(known);
        }
        let near = self.by_length.range(name.len().saturating_sub(1)..=name.len().saturating_add(1));
        near.flat_map(|(_, names)| names).find(|known| one_edit(name.as_bytes(), known.as_bytes())).map(String::as_str)
    }
}

/// Returns the well-known name that a name could be taken for; nothing where it is well known itself.
pub(super) fn resembled(ecosystem: &str, name: &str) -> Option<&'static str> {
    static PREPARED: [OnceLock<List>; 8] = [const { OnceLock::new() }; 8];
    let index = LISTS.iter().position(|(own, _)| *own == ecosystem)?;
    let (_, text) = LISTS.get(index)?;
    let list = PREPARED.get(index)?.get_or_init(|| List::of(text));
    let name = super::tools::normal(ecosystem, name).to_ascii_lowercase();
    match ecosystem {
        // The host is what is imitated, or the whole path without its major version.
        "go" => {
            let host = name.split('/').next().unwrap_or_default();
            let path = match name.rsplit_once("/v") {
                Some((path, major)) if !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit()) => path,
                _ => &name,
            };
            list.resembled(host).or_else(|| list.resembled(path))
        }
        // Of Maven it is the group.
        // Whoever publishes below a scope owns it.
        "npm" if name.starts_with('@') => None,
        "maven" => list.resembled(name.split(':').next().unwrap_or_default()),
        _ => list.resembled(&name),
    }
}

fn squeezed(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | '/' | '@')).collect()
}

/// Says whether two different names are one letter apart: one more, one fewer, another, or two neighbours swapped.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    if short.len() + 1 == long.len() {
        return short.get(same..) == long.get(same + 1..);
    }
    if short.len() != long.len() || same == short.len() {
        return false;
    }
    let swapped = same + 1 < short.len()
        && short.get(same) == long.get(same + 1)
        && short.get(same + 1) == long.get(same)
        && short.get(same + 2..) == long.get(same + 2..);
    swapped || short.get(same + 1..) == long.get(same + 1..)
}

#[cfg(test)]
mod tests {
    use super::{LISTS, one_edit, resembled};

    #[test]
    fn the_lists_are_sorted_without_doubles_and_plain() {
        assert!(LISTS.is_sorted_by_key(|(ecosystem, _)| *ecosystem));
        for (ecosystem, text) in LISTS {
            let names: Vec<&str> = text.split_whitespace().collect();
            assert!(names.len() > 50, "{ecosystem} has {}", names.len());
            for pair in names.windows(2) {
                assert!(pair[0] < pair[1], "{ecosystem}: {} {}", pair[0], pair[1]);
            }
            assert!(names.iter().all(|name| name.is_ascii() && *name == name.to_ascii_lowercase()), "{ecosystem}");
        }
    }

    #[test]
    fn imitations_of_the_past_are_seen() {
        for (ecosystem, name, known) in [
            ("npm", "crossenv", "cross-env"),
            ("npm", "expresss", "express"),
            ("npm", "electorn", "electron"),
            ("pypi", "reqeusts", "requests"),
            ("pypi", "python3-dateutil", "python-dateutil"),
            ("pypi", "djanga", "django"),
            ("cargo", "rustdecimal", "rust-decimal"),
            ("cargo", "serd-json", ""),
            ("go", "githib.com/a/b", "github.com"),
            ("maven", "org.sprngframework:spring-core", "org.springframework"),
            ("rubygems", "atlas-client", ""),
            ("npm", "lodash", ""),
            ("npm", "vua", ""),
            ("npm", "preact", ""),
            ("npm", "@babel/core", ""),
        ] {
            let found = resembled(ecosystem, name).unwrap_or_default();
            assert_eq!(found.replace('_', "-"), known, "{name}");
        }
    }

    #[test]
    fn one_edit_is_one_letter() {
        for (a, b) in
            [("abcde", "abcd"), ("abcde", "abxde"), ("abcde", "abdce"), ("abcde", "xabcde"), ("abcde", "abced")]
        {
            assert!(one_edit(a.as_bytes(), b.as_bytes()) && one_edit(b.as_bytes(), a.as_bytes()), "{a} {b}");
        }
        for (a, b) in [("abcde", "abcde"), ("abcde", "abc"), ("abcde", "badec"), ("abcde", "edcba")] {
            assert!(!one_edit(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }
}
