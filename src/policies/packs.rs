//! The packs that ship inside the binary.
//!
//! Owns the list of built-in packs and their text. Must not load or judge them; `loader` does. A new pack is a folder
//! below `policies/` and its lines in `PACKS`; a test holds the list against the folder.

use strsim::damerau_levenshtein;

use super::{PatternSource, PolicySet, PolicySource};
use crate::finding::SourceKind;

/// One built-in pack.
struct Pack {
    /// Its name in the configuration.
    name: &'static str,
    /// Runs where the configuration names no packs.
    usual: bool,
    /// Path below `policies/` and text of each Rego file, tests left out, sorted.
    policies: &'static [(&'static str, &'static str)],
    /// Path below `policies/` and text of each pattern file, sorted.
    patterns: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/", $path)))),*]
    };
}

/// The built-in packs, sorted by name.
const PACKS: &[Pack] = &[
    Pack {
        name: "ai-hygiene",
        usual: true,
        policies: files!["ai-hygiene/ai_hygiene.rego", "ai-hygiene/weakened.rego"],
        patterns: files!["ai-hygiene/patterns/placeholder-body.yaml"],
    },
    Pack { name: "coordination", usual: false, policies: files!["coordination/coordination.rego"], patterns: files![] },
    Pack {
        name: "dangerous-calls",
        usual: true,
        policies: files![
            "dangerous-calls/cryptography.rego",
            "dangerous-calls/dangerous_calls.rego",
            "dangerous-calls/documents.rego",
            "dangerous-calls/files.rego",
            "dangerous-calls/shell.rego",
            "dangerous-calls/web.rego",
        ],
        patterns: files![
            "dangerous-calls/patterns/any-origin.yaml",
            "dangerous-calls/patterns/autoescape-off.yaml",
            "dangerous-calls/patterns/csrf-off.yaml",
            "dangerous-calls/patterns/debugger-exposed.yaml",
            "dangerous-calls/patterns/dynamic-evaluation.yaml",
            "dangerous-calls/patterns/every-interface.yaml",
            "dangerous-calls/patterns/literal-key.yaml",
            "dangerous-calls/patterns/obsolete-tls.yaml",
            "dangerous-calls/patterns/open-cookie.yaml",
            "dangerous-calls/patterns/predictable-temporary-file.yaml",
            "dangerous-calls/patterns/shell-from-variable.yaml",
            "dangerous-calls/patterns/shell-interpolation.yaml",
            "dangerous-calls/patterns/short-key.yaml",
            "dangerous-calls/patterns/sql-from-strings.yaml",
            "dangerous-calls/patterns/tls-verification-off.yaml",
            "dangerous-calls/patterns/unencrypted-connection.yaml",
            "dangerous-calls/patterns/unescaped-html.yaml",
            "dangerous-calls/patterns/unsafe-deserialisation.yaml",
            "dangerous-calls/patterns/unsafe-extraction.yaml",
            "dangerous-calls/patterns/unverified-token.yaml",
            "dangerous-calls/patterns/weak-cipher.yaml",
            "dangerous-calls/patterns/weak-hash.yaml",
            "dangerous-calls/patterns/weak-random.yaml",
            "dangerous-calls/patterns/world-writable.yaml",
            "dangerous-calls/patterns/xml-document-types.yaml",
            "dangerous-calls/patterns/xml-entities.yaml",
        ],
    },
    Pack {
        name: "dependencies",
        usual: true,
        policies: files![
            "dependencies/dependencies.rego",
            "dependencies/manifests.rego",
            "dependencies/running.rego",
            "dependencies/sources.rego",
        ],
        patterns: files![],
    },
    Pack {
        name: "docs",
        usual: true,
        policies: files!["docs/docs.rego"],
        patterns: files!["docs/patterns/undescribed-ai-module.yaml"],
    },
    Pack {
        name: "error-handling",
        usual: true,
        policies: files!["error-handling/error_handling.rego"],
        patterns: files![
            "error-handling/patterns/bare-except.yaml",
            "error-handling/patterns/error-becomes-nil.yaml",
            "error-handling/patterns/ignored-result.yaml",
            "error-handling/patterns/return-in-finally.yaml",
            "error-handling/patterns/swallowed-error.yaml",
        ],
    },
    Pack { name: "governance", usual: true, policies: files!["governance/governance.rego"], patterns: files![] },
    Pack {
        name: "hidden-code",
        usual: true,
        policies: files![
            "hidden-code/characters.rego",
            "hidden-code/collisions.rego",
            "hidden-code/encodings.rego",
            "hidden-code/files.rego",
        ],
        patterns: files![],
    },
    Pack { name: "human-review", usual: false, policies: files!["human-review/human_review.rego"], patterns: files![] },
    Pack { name: "review", usual: true, policies: files!["review/review.rego"], patterns: files![] },
    Pack {
        name: "secrets",
        usual: true,
        policies: files!["secrets/messages.rego", "secrets/secrets.rego"],
        patterns: files![],
    },
    Pack { name: "size", usual: true, policies: files!["size/file.rego", "size/size.rego"], patterns: files![] },
    Pack { name: "tests", usual: true, policies: files!["tests/tests.rego"], patterns: files![] },
    Pack {
        name: "workflows",
        usual: true,
        policies: files![
            "workflows/components.rego",
            "workflows/expressions.rego",
            "workflows/github.rego",
            "workflows/gitlab.rego",
            "workflows/images.rego",
            "workflows/pipeline.rego",
            "workflows/untrusted.rego",
            "workflows/workflow.rego",
        ],
        patterns: files![],
    },
];

/// A name that is no built-in pack, with the nearest right word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no built-in pack `{name}`{}", .nearest.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default())]
pub struct UnknownPack {
    /// The name that was asked for.
    pub name: String,
    /// The nearest right word, when one is near.
    pub nearest: Option<&'static str>,
}

/// Returns the names of all built-in packs, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|pack| pack.name)
}

/// Says whether the pack of that name runs where the configuration names no packs.
#[must_use]
pub fn is_usual(name: &str) -> bool {
    PACKS.iter().any(|pack| pack.name == name && pack.usual)
}

/// Returns the text of the named packs, whatever the order and number of their names.
///
/// # Errors
/// The first name that is no built-in pack.
pub fn builtin(names: &[&str]) -> Result<PolicySet, UnknownPack> {
    for name in names {
        if !PACKS.iter().any(|pack| pack.name == *name) {
            return Err(UnknownPack { name: (*name).to_owned(), nearest: nearest(name) });
        }
    }
    let mut set = PolicySet::default();
    for pack in PACKS.iter().filter(|pack| names.contains(&pack.name)) {
        set.policies.extend(pack.policies.iter().map(|(path, text)| PolicySource {
            pack: pack.name.to_owned(),
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            kind: SourceKind::Builtin,
            v0: false,
            scope: None,
        }));
        set.patterns.extend(pack.patterns.iter().map(|(path, text)| PatternSource {
            pack: pack.name.to_owned(),
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        }));
    }
    Ok(set)
}

/// Says whether a pattern file is, letter for letter, one that ships: our own tests have compiled its rules.
#[must_use]
pub fn ships(source: &PatternSource) -> bool {
    let same = |(path, text): &(&str, &str)| *path == source.path && *text == source.text;
    PACKS.iter().any(|pack| pack.name == source.pack && pack.patterns.iter().any(same))
}

/// Returns the pack whose name is at most a third of its letters away.
fn nearest(name: &str) -> Option<&'static str> {
    PACKS
        .iter()
        .map(|pack| (damerau_levenshtein(name, pack.name), pack.name))
        .filter(|(distance, pack)| distance * 3 <= pack.len())
        .min()
        .map(|(_, pack)| pack)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{PACKS, builtin, names, ships};

    fn listed(path: &Path, extension: &str) -> BTreeSet<String> {
        let Ok(folder) = std::fs::read_dir(path) else { return BTreeSet::new() };
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(extension) && !name.ends_with("_test.rego")).collect()
    }

    #[test]
    fn the_list_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        assert_eq!(names().map(str::to_owned).collect::<BTreeSet<_>>(), listed(&root, ""));
        assert!(PACKS.is_sorted_by_key(|pack| pack.name));
        for pack in PACKS {
            let below = |folder: &str, extension: &str| {
                let files = listed(&root.join(pack.name).join(folder), extension).into_iter();
                files.map(|file| [pack.name, folder, &file].join("/").replace("//", "/")).collect::<Vec<_>>()
            };
            let paths = |files: &[(&str, &str)]| files.iter().map(|(path, _)| (*path).to_owned()).collect::<Vec<_>>();
            assert_eq!(paths(pack.policies), below("", ".rego"));
            assert_eq!(paths(pack.patterns), below("patterns", ".yaml"));
        }
    }

    #[test]
    fn order_and_repetition_of_names_change_nothing() {
        let all: Vec<&str> = names().collect();
        let mut reversed: Vec<&str> = names().chain(names()).collect();
        reversed.reverse();
        assert_eq!(builtin(&all), builtin(&reversed));
        assert!(builtin(&all).unwrap().policies.is_sorted());
        assert!(builtin(&all).unwrap().patterns.is_sorted());
    }

    #[test]
    fn a_pattern_file_with_one_other_letter_does_not_ship() {
        let set = builtin(&names().collect::<Vec<_>>()).unwrap();
        assert!(set.patterns.iter().all(ships));
        let mut other = set.patterns[0].clone();
        other.text.push(' ');
        assert!(!ships(&other));
        let elsewhere = super::PatternSource { pack: "mine".to_owned(), ..set.patterns[0].clone() };
        assert!(!ships(&elsewhere));
    }

    #[test]
    fn unknown_pack_names_the_nearest_one() {
        let error = builtin(&["hiden-code"]).unwrap_err();
        assert_eq!(error.to_string(), "there is no built-in pack `hiden-code`; did you mean `hidden-code`?");
        assert_eq!(builtin(&["whatever"]).unwrap_err().nearest, None);
    }
}
