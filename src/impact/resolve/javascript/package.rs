//! `package.json`: the part of it that resolution reads.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::{folder_of, follow};
use super::patterns::Patterns;
use super::{package_name, without_version};

/// Where dependencies stand.
const DEPENDENCIES: &[&str] = &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// Where what dependencies ask for is replaced.
const OVERRIDES: &[&str] = &["overrides", "resolutions"];

/// One manifest.
pub(super) struct Package {
    /// Its name, or empty.
    pub(super) name: String,
    exports: Option<Patterns<Value>>,
    imports: Patterns<Value>,
    /// Entries of a manifest without `exports`, best first.
    entries: Vec<String>,
    /// What other names stand for.
    pub(super) aliases: BTreeMap<String, BTreeSet<Alias>>,
    /// Packages that it takes from outside.
    pub(super) outside: BTreeSet<String>,
    /// Packages of the workspace that it asks for.
    pub(super) inside: BTreeSet<String>,
    /// Globs of folders whose packages are of its workspace.
    pub(super) workspaces: Vec<String>,
}

/// What a dependency leads to, when it is something else than the package of its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alias {
    /// The package of another name: `npm:pg@8`, `workspace:@shop/api@*`.
    Package(String),
    /// A folder of the repository: `file:../api`.
    Folder(String),
}

impl Package {
    /// Reads the manifest at a path.
    ///
    /// # Errors
    /// With what the parser says.
    pub(super) fn read(path: &str, text: &str) -> Result<Self, String> {
        let mut value = super::super::jsonc::parse(text)?;
        let (mut aliases, mut outside, mut inside) = Default::default();
        read_dependencies(path, &value, (&mut aliases, &mut outside, &mut inside));
        let workspaces = value.get("workspaces");
        let workspaces = workspaces.and_then(|list| list.get("packages")).or(workspaces).and_then(Value::as_array);
        let workspaces = workspaces.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let mut take = |key: &str| value.get_mut(key).map_or(Value::Null, Value::take);
        let texts = ["source", "types", "typings", "module", "main", "browser"].map(&mut take);
        let entries = texts.iter().filter_map(|text| text.as_str()).map(relative).collect();
        let name = take("name").as_str().unwrap_or_default().to_owned();
        let exports = match take("exports") {
            Value::Null => None,
            Value::Object(map) if map.keys().any(|key| key.starts_with('.')) => Some(Patterns::of(map)),
            target => Some(Patterns::of([(".".to_owned(), target)])),
        };
        let imports = match take("imports") {
            Value::Object(map) => Patterns::of(map),
            _ => Patterns::default(),
        };
        Ok(Self { name, exports, imports, entries, aliases, outside, inside, workspaces })
    }

    /// Returns the files that `.` or `./part` may stand for, in the order in which they are tried.
    pub(super) fn exports(&self, part: &str, spend: &dyn Fn(usize) -> bool) -> Vec<String> {
        let mut targets = self.exports.as_ref().map_or(Vec::new(), |map| leaves(map.best(part, spend), spend));
        if part == "." {
            targets.extend(self.entries.iter().cloned());
        }
        targets
    }

    /// Returns what `#name` may stand for.
    pub(super) fn imports(&self, name: &str, spend: &dyn Fn(usize) -> bool) -> Vec<String> {
        leaves(self.imports.best(name, spend), spend)
    }
}

/// `main` may be written without `./`.
fn relative(text: &str) -> String {
    if text.starts_with("./") { text.to_owned() } else { format!("./{text}") }
}

/// Returns every text below a target, whatever its conditions; `*` in it stands for the middle of the name.
fn leaves(target: Option<(&Value, Option<&str>)>, spend: &dyn Fn(usize) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let Some((target, middle)) = target else { return found };
    let mut open = vec![target];
    while let Some(next) = open.pop().filter(|_| spend(1)) {
        match next {
            Value::String(text) => found.push(text.replace('*', middle.unwrap_or_default())),
            Value::Array(list) => open.extend(list.iter().rev()),
            Value::Object(map) => {
                // Sources before what is built from them.
                let (first, last): (Vec<_>, Vec<_>) =
                    map.iter().partition(|(key, _)| matches!(key.as_str(), "source" | "development" | "types"));
                open.extend(last.into_iter().rev().map(|(_, value)| value));
                open.extend(first.into_iter().rev().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found
}

fn read_dependencies(
    path: &str,
    manifest: &Value,
    (aliases, outside, inside): (&mut BTreeMap<String, BTreeSet<Alias>>, &mut BTreeSet<String>, &mut BTreeSet<String>),
) {
    let table = |value: &Value, key: &str| value.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut rows: Vec<(String, String)> = Vec::new();
    for key in DEPENDENCIES {
        let texts = table(manifest, key).into_iter();
        rows.extend(texts.filter_map(|(name, asked)| Some((name, asked.as_str()?.to_owned()))));
    }
    let mut open: Vec<(String, Map<String, Value>)> =
        OVERRIDES.iter().map(|key| (String::new(), table(manifest, key))).collect();
    open.push((String::new(), manifest.get("pnpm").map(|pnpm| table(pnpm, "overrides")).unwrap_or_default()));
    while let Some((above, map)) = open.pop() {
        for (key, value) in map {
            // `parent>name@1`, `**/name`; `.` is what stands above.
            let last = key.rsplit('>').next().unwrap_or_default();
            let last = last.strip_prefix("**/").unwrap_or(last);
            let name = if last == "." { above.clone() } else { without_version(last).to_owned() };
            match value {
                Value::String(asked) => rows.push((name, asked)),
                Value::Object(inner) => open.push((name, inner)),
                _ => {}
            }
        }
    }
    for (name, asked) in rows {
        match meant(folder_of(path), &asked) {
            Meant::Alias(alias) => {
                aliases.entry(name).or_default().insert(alias);
            }
            Meant::Outside => {
                outside.insert(name);
            }
            Meant::Inside => {
                inside.insert(name);
            }
        }
    }
}

enum Meant {
    Alias(Alias),
    /// The package of the dependency's name, from outside.
    Outside,
    /// The package of the dependency's name, from the workspace.
    Inside,
}

fn meant(folder: &str, asked: &str) -> Meant {
    let (kind, rest) = asked.split_once(':').unwrap_or(("", asked));
    let is_path = |text: &str| text.starts_with("./") || text.starts_with("../") || text == "." || text == "..";
    let place = |text: &str| match follow(folder, text) {
        Some(path) => Meant::Alias(Alias::Folder(path)),
        None => Meant::Outside,
    };
    // A range stands where no name does: `workspace:^1.0`.
    let is_name = |text: &str| text.starts_with('@') || text.starts_with(|c: char| c.is_ascii_alphabetic());
    match kind {
        "" if is_path(rest) => place(rest),
        "file" | "link" | "portal" => place(rest.split("::").next().unwrap_or_default()),
        "workspace" if is_path(rest) => place(rest),
        "npm" | "jsr" | "patch" | "workspace" if is_name(rest) && (kind != "npm" || !is_tag(rest)) => {
            Meant::Alias(Alias::Package(without_version(package_name(rest)).to_owned()))
        }
        "workspace" => Meant::Inside,
        _ => Meant::Outside,
    }
}

/// `npm:latest` of yarn asks for a tag of the package itself.
fn is_tag(text: &str) -> bool {
    matches!(text, "latest" | "next")
}
