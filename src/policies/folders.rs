//! Packs and policy folders -> the set of rules that one run evaluates.
//!
//! Owns which files of a policy folder are policies, data and patterns. Reads the trusted side only, through the tree
//! that it is given. A folder that is named and missing, empty or unreadable is a reason, never an empty set.

use crate::change::trusted::Tree;
use crate::completeness::Reason;
use crate::configuration::{Configuration, PolicyFolder};
use crate::finding::SourceKind;
use crate::limits::Limits;
use crate::policies::{DataSource, PatternSource, PolicySet, PolicySource, packs};

/// The rules of one run, and what could not be read of them.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Policies, data and patterns, sorted.
    pub set: PolicySet,
    /// Number of packs and policy folders.
    pub packs: u32,
    /// What could not be read.
    pub reasons: Vec<Reason>,
}

/// Reads the built-in packs that the configuration names, and its policy folders.
#[must_use]
pub fn read_rules(tree: &Tree, configuration: &Configuration, limits: &Limits) -> Rules {
    let mut rules = Rules::default();
    let names: Vec<&str> =
        packs::names().filter(|name| configuration.packs.contains(name, packs::is_usual(name))).collect();
    match packs::builtin(&names) {
        Ok(set) => rules.set = set,
        Err(unknown) => rules.reasons.push(Reason::new("unknown-pack", unknown.to_string(), "name a built-in pack")),
    }
    rules.packs = u32::try_from(names.len() + configuration.policies.len()).unwrap_or(u32::MAX);
    for folder in &configuration.policies {
        read_folder(tree, folder, limits, &mut rules);
    }
    rules.set.policies.sort();
    rules.set.data.sort();
    rules.set.patterns.sort();
    rules
}

/// Adds what one policy folder holds.
pub fn read_folder(tree: &Tree, folder: &PolicyFolder, limits: &Limits, rules: &mut Rules) {
    let files = match files(tree, &folder.path, limits) {
        Ok(Some(files)) => files,
        Ok(None) => {
            let message = format!("the policy folder {} is not on the trusted side", folder.path);
            let remedy = "add the folder to the base branch, or take it out of `policies:` in .portcullis.yaml";
            rules.reasons.push(Reason::new("missing-policy-folder", message, remedy).at(&folder.path));
            return;
        }
        Err(reason) => {
            rules.reasons.push(reason);
            return;
        }
    };
    let before = rules.set.policies.len();
    for path in &files {
        if let Some(role) = role(path, &folder.path) {
            read_file(tree, folder, path, role, limits, rules);
        }
    }
    if rules.set.policies.len() == before {
        let message = format!("the policy folder {} holds no .rego file", folder.path);
        rules.reasons.push(Reason::new("empty-pack", message, "add a policy, or take the folder out").at(&folder.path));
    }
    for data in &folder.data {
        read_data_folder(tree, folder, data, limits, rules);
    }
}

/// Returns the files of an entry: all below a folder, or the one file that it names.
fn files(tree: &Tree, entry: &str, limits: &Limits) -> Result<Option<Vec<String>>, Reason> {
    if [".rego", ".yaml", ".yml", ".json"].iter().any(|ending| entry.ends_with(ending)) {
        return Ok(tree.read(entry, limits)?.map(|_| vec![entry.to_owned()]));
    }
    tree.list(entry, limits)
}

/// Returns what follows the folder in a path; the file's name when the entry is the file itself.
fn inside<'a>(path: &'a str, entry: &str) -> &'a str {
    if path == entry {
        return path.rsplit('/').next().unwrap_or(path);
    }
    path.strip_prefix(entry).unwrap_or(path).trim_start_matches('/')
}

/// What a file of a policy folder is; tests, cases and prose play no part in a decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Policy,
    Pattern,
    Data,
}

fn role(path: &str, folder: &str) -> Option<Role> {
    let inside = inside(path, folder);
    let yaml = inside.ends_with(".yaml") || inside.ends_with(".yml");
    if inside.starts_with("cases/") || inside.contains("/cases/") {
        None
    } else if inside.ends_with(".rego") {
        (!inside.ends_with("_test.rego")).then_some(Role::Policy)
    } else if yaml && (inside.starts_with("patterns/") || inside.contains("/patterns/")) {
        Some(Role::Pattern)
    } else if yaml || inside.ends_with(".json") {
        Some(Role::Data)
    } else {
        None
    }
}

fn read_file(tree: &Tree, folder: &PolicyFolder, path: &str, role: Role, limits: &Limits, rules: &mut Rules) {
    let text = match text(tree, path, limits) {
        Ok(text) => text,
        Err(reason) => {
            rules.reasons.push(reason);
            return;
        }
    };
    let (pack, path) = (folder.path.clone(), path.to_owned());
    match role {
        Role::Policy => {
            let (kind, v0, scope) = (SourceKind::Policy, folder.v0, folder.scope);
            rules.set.policies.push(PolicySource { pack, path, text, kind, v0, scope });
        }
        Role::Pattern => rules.set.patterns.push(PatternSource { pack, path, text }),
        Role::Data => {
            let at = data_path(&path, &folder.path);
            rules.set.data.push(DataSource { pack, path, at, text });
        }
    }
}

/// As OPA reads a data folder: its folders are keys below `data`, the file's own name is not.
fn data_path(path: &str, root: &str) -> Vec<String> {
    let inside = inside(path, root);
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    parts.pop();
    parts
}

fn read_data_folder(tree: &Tree, folder: &PolicyFolder, data: &str, limits: &Limits, rules: &mut Rules) {
    let files = match files(tree, data, limits) {
        Ok(Some(files)) => files,
        Ok(None) => {
            let message = format!("the data folder {data} is not on the trusted side");
            rules.reasons.push(Reason::new("missing-data-folder", message, "add it, or take it out").at(data));
            return;
        }
        Err(reason) => {
            rules.reasons.push(reason);
            return;
        }
    };
    for path in files.iter().filter(|path| role(path, data) == Some(Role::Data)) {
        match text(tree, path, limits) {
            Ok(text) => rules.set.data.push(DataSource {
                pack: folder.path.clone(),
                path: path.clone(),
                at: data_path(path, data),
                text,
            }),
            Err(reason) => rules.reasons.push(reason),
        }
    }
}

fn text(tree: &Tree, path: &str, limits: &Limits) -> Result<String, Reason> {
    let gone = || Reason::new("missing-object", "the file could not be read", "run `git fsck`").at(path);
    let bytes = tree.read(path, limits)?.ok_or_else(gone)?;
    if bytes.len() as u64 > limits.configuration_bytes {
        let message = format!("{} bytes, over `configuration-bytes` ({})", bytes.len(), limits.configuration_bytes);
        return Err(Reason::new("too-large", message, "split the file").at(path));
    }
    String::from_utf8(bytes).map_err(|_| Reason::new("encoding", "not UTF-8", "save the file as UTF-8").at(path))
}
