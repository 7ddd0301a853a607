//! Which file of a specification holds what, by its path alone.
//!
//! Owns the layout: folders, names, and what else may lie there. A name that the layout does not know is a fault, for a
//! rule in a misspelt folder would be no rule. Must not read a file.

use crate::yaml::nearest;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    Manifest,
    Teams,
    Systems,
    Rules,
    Contract,
    Agent,
    Prompt,
    Decision,
    Waivers,
    Policy,
    Lock,
    /// A published copy of a contract, an example, or a document for people.
    Other,
}

/// A path that the layout does not know: what is wrong, and what to do. Paths with the same first part are one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    /// The file, or the folder with a slash at its end.
    pub(super) path: String,
    /// What to do.
    pub(super) help: String,
}

const MANIFEST: &str = "portcullis-spec.yaml";
const TEAMS: &str = "teams.yaml";
const SYSTEMS: &str = "systems.yaml";
/// The lock that keeps hashes of prompts, in the repository of the specification itself.
pub(super) const LOCK: &str = "portcullis.lock";
/// Found debt of an application repository that holds its own specification.
const BASELINE: &str = "baseline.json";

/// Folders, the end of names in them, and what a file there holds.
const FOLDERS: &[(&str, &str, FileKind)] = &[
    ("agents", ".yaml", FileKind::Agent),
    ("decisions", ".md", FileKind::Decision),
    ("invariants", ".yaml", FileKind::Rules),
    ("policies", ".rego", FileKind::Policy),
    ("prohibited", ".yaml", FileKind::Rules),
    ("prompts", ".prompt.md", FileKind::Prompt),
    ("waivers", ".yaml", FileKind::Waivers),
];
/// All folders, sorted.
const FOLDER_NAMES: &[&str] =
    &["agents", "contracts", "decisions", "invariants", "policies", "prohibited", "prompts", "tests", "waivers"];
/// Documents for people that may lie at the root.
const DOCUMENTS: &[&str] = &["AGENTS.md", "CHANGELOG.md", "CODEOWNERS", "CONTRIBUTING.md", "README.md"];

/// Says what the file at a path holds.
pub(super) fn kind_of(path: &str) -> Result<FileKind, Stray> {
    if path.split('/').any(|part| part.starts_with('.')) {
        return Ok(FileKind::Other);
    }
    let Some((folder, inside)) = path.split_once('/') else { return root(path) };
    match folder {
        "tests" => Ok(FileKind::Other),
        "contracts" => contract(path, inside),
        _ => match FOLDERS.iter().find(|(name, ..)| *name == folder) {
            Some((_, end, kind)) => in_folder(path, inside, end, *kind),
            None => Err(stray(format!("{folder}/"), nearest(folder, FOLDER_NAMES.iter().copied()), "/")),
        },
    }
}

fn root(path: &str) -> Result<FileKind, Stray> {
    match path {
        MANIFEST => Ok(FileKind::Manifest),
        TEAMS => Ok(FileKind::Teams),
        SYSTEMS => Ok(FileKind::Systems),
        LOCK => Ok(FileKind::Lock),
        BASELINE => Ok(FileKind::Other),
        _ if DOCUMENTS.contains(&path) || path.starts_with("LICENSE") => Ok(FileKind::Other),
        _ => Err(stray(path.to_owned(), nearest(path, [MANIFEST, TEAMS, SYSTEMS, LOCK]), "")),
    }
}

fn contract(path: &str, inside: &str) -> Result<FileKind, Stray> {
    match inside.split_once('/') {
        Some((_, "contract.yaml")) => Ok(FileKind::Contract),
        Some(_) => Ok(FileKind::Other),
        None if inside == "README.md" => Ok(FileKind::Other),
        None => {
            let help = "Give each contract its folder: `contracts/<name>/contract.yaml`.".to_owned();
            Err(Stray { path: path.to_owned(), help })
        }
    }
}

fn in_folder(path: &str, inside: &str, end: &str, kind: FileKind) -> Result<FileKind, Stray> {
    let flat = !inside.contains('/') || kind == FileKind::Policy;
    if flat && inside.ends_with(end) && inside.len() > end.len() && inside != "README.md" {
        return Ok(kind);
    }
    if inside == "README.md" {
        return Ok(FileKind::Other);
    }
    let folder = path.strip_suffix(inside).unwrap_or_default();
    let help = if flat {
        format!("Files of `{folder}` end in `{end}`.")
    } else {
        format!("Files of `{folder}` lie in it directly; move this one up.")
    };
    Err(Stray { path: path.to_owned(), help })
}

fn stray(path: String, near: Option<&'static str>, end: &str) -> Stray {
    let help = match near {
        Some(near) => format!("Did you mean `{near}{end}`?"),
        None => {
            "Known are `portcullis-spec.yaml`, `teams.yaml`, `systems.yaml` and the folders `agents/`, `contracts/`, \
                 `decisions/`, `invariants/`, `policies/`, `prohibited/`, `prompts/`, `tests/`, `waivers/`."
                .to_owned()
        }
    };
    Stray { path, help }
}

#[cfg(test)]
mod tests {
    use super::{FOLDER_NAMES, FOLDERS, FileKind, kind_of};

    #[test]
    fn every_folder_of_the_layout_is_known() {
        assert!(FOLDER_NAMES.is_sorted());
        assert!(FOLDERS.iter().all(|(name, ..)| FOLDER_NAMES.contains(name)));
        for (path, kind) in [
            ("portcullis-spec.yaml", FileKind::Manifest),
            ("invariants/a.yaml", FileKind::Rules),
            ("prohibited/a.yaml", FileKind::Rules),
            ("contracts/a/contract.yaml", FileKind::Contract),
            ("contracts/a/proto/b.proto", FileKind::Other),
            ("policies/a/b_test.rego", FileKind::Policy),
            ("tests/INV-A-1/fail/x.go", FileKind::Other),
            ("decisions/0001-a.md", FileKind::Decision),
            ("decisions/README.md", FileKind::Other),
            (".github/workflows/a.yml", FileKind::Other),
            ("LICENSE-MIT", FileKind::Other),
        ] {
            assert_eq!(kind_of(path), Ok(kind), "{path}");
        }
    }

    #[test]
    fn a_name_that_the_layout_does_not_know_is_stray_and_the_near_one_is_named() {
        let help = |path: &str| kind_of(path).unwrap_err().help;
        assert_eq!(help("invariant/a.yaml"), "Did you mean `invariants/`?");
        assert_eq!(help("team.yaml"), "Did you mean `teams.yaml`?");
        assert_eq!(help("invariants/a.yml"), "Files of `invariants/` end in `.yaml`.");
        assert!(help("invariants/a/b.yaml").contains("move this one up"));
        assert!(help("contracts/a.yaml").contains("contracts/<name>/contract.yaml"));
        assert!(help("zebra/a.yaml").starts_with("Known are"));
        assert!(kind_of("prompts/a.md").is_err());
        assert!(kind_of("invariants/.yaml").is_ok(), "a dotfile");
    }
}
