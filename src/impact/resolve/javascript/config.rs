//! `tsconfig.json` and `jsconfig.json`: `baseUrl` and `paths`, inherited through `extends`.
//!
//! Beside the file of that name its neighbours (`tsconfig.app.json`) are read as well: projects split one folder among
//! several, and which of them a file belongs to does not matter for where a name leads. What the change makes of a name
//! never hides what base makes of it: such a place is tried beside the others and not before them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::super::jsonc;
use super::super::{SideFiles, folder_of, follow, join, malformed, upwards};
use super::patterns::Patterns;
use crate::completeness::Reason;

/// Configurations of one folder that are read; each costs a little for every name, and a project has a handful.
const NEIGHBOURS: usize = 64;

/// Says whether that is the name of a configuration of the compiler.
pub(super) fn is_config(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or_default();
    ["tsconfig", "jsconfig"].iter().any(|word| stem == *word || stem.starts_with(&format!("{word}.")))
        || (stem.starts_with("tsconfig-") || stem.starts_with("tsconfig_"))
}

/// What one configuration says, with what it inherits.
#[derive(Clone, Default)]
struct Config {
    /// Folder that names are looked up in, or none.
    base: Option<String>,
    paths: Option<Rc<Paths>>,
}

/// `paths` of one file.
struct Paths {
    /// Folder that they are relative to without `baseUrl`.
    origin: String,
    patterns: Patterns<Vec<String>>,
}

/// Where one configuration leads a name.
#[derive(PartialEq, Eq)]
pub(super) struct Places {
    /// Paths, in the order in which they are tried.
    pub(super) paths: Vec<String>,
    /// A pattern other than `*` names it, so that it is nothing from outside.
    pub(super) mapped: bool,
    /// That pattern is a whole name, or the beginning of one.
    pub(super) whole: bool,
}

/// All configurations of one side, by folder and path.
pub(super) struct Configs<'a> {
    by_folder: BTreeMap<&'a str, BTreeMap<&'a str, Config>>,
}

impl<'a> Configs<'a> {
    /// Reads them all.
    pub(super) fn read(files: &SideFiles<'a>, reasons: &mut Vec<Reason>) -> Self {
        let mut parsed: BTreeMap<&'a str, Value> = BTreeMap::new();
        for (path, text) in files.manifests(is_config) {
            match jsonc::parse(text) {
                Ok(value) => {
                    parsed.insert(path, value);
                }
                Err(why) => reasons.push(malformed(path, &why)),
            }
        }
        let mut by_folder: BTreeMap<&'a str, BTreeMap<&'a str, Config>> = BTreeMap::new();
        let mut heirs = Heirs { parsed: &parsed, known: BTreeMap::new() };
        for path in parsed.keys() {
            let configs = by_folder.entry(folder_of(path)).or_default();
            if configs.len() < NEIGHBOURS {
                configs.insert(path, heirs.effective(path));
            } else {
                let message = format!("its folder holds more than {NEIGHBOURS} configurations of the compiler");
                let remedy = "keep a handful: which of them a name follows cannot be told";
                reasons.push(Reason::new("manifest-too-many", message, remedy).at(*path));
            }
        }
        Self { by_folder }
    }

    /// Returns where each configuration above a folder leads a name, the nearest first, with the configuration's path.
    pub(super) fn places<'s>(
        &'s self,
        folder: &'s str,
        name: &'s str,
        spend: &'s dyn Fn(usize) -> bool,
    ) -> impl Iterator<Item = (&'a str, Places)> + 's {
        let configs = upwards(folder).filter_map(|folder| self.by_folder.get(folder)).flatten();
        configs.take_while(|_| spend(1)).map(|(path, config)| (*path, config.places(name, spend)))
    }

    /// Returns where the configuration at that path leads a name, if there is one.
    pub(super) fn place(&self, path: &str, name: &str, spend: &dyn Fn(usize) -> bool) -> Option<Places> {
        Some(self.by_folder.get(folder_of(path))?.get(path)?.places(name, spend))
    }
}

impl Config {
    fn places(&self, name: &str, spend: &dyn Fn(usize) -> bool) -> Places {
        let (mut places, mut mapped, mut whole) = (Vec::new(), false, false);
        if let Some(paths) = &self.paths
            && let Some((list, middle)) = paths.patterns.best(name, spend)
            && spend(list.len())
        {
            mapped = middle != Some(name);
            let before = name.len().saturating_sub(middle.map_or(0, str::len));
            whole = mapped && !name.get(..before).unwrap_or_default().contains('/');
            let origin = self.base.as_ref().unwrap_or(&paths.origin);
            let place = |target: &String| follow(origin, &target.replace('*', middle.unwrap_or_default()));
            places.extend(list.iter().filter_map(place));
        }
        places.extend(self.base.as_ref().map(|base| join(base, name)));
        Places { paths: places, mapped, whole }
    }
}

/// Configurations with what they inherit, each worked out once.
struct Heirs<'p, 'a> {
    parsed: &'p BTreeMap<&'a str, Value>,
    known: BTreeMap<&'a str, Config>,
}

impl<'a> Heirs<'_, 'a> {
    /// Follows `extends`; what the heir says itself wins. In a ring nothing more is inherited.
    fn effective(&mut self, path: &'a str) -> Config {
        // Parents before heirs: a path is worked out when it is met again, its parents being known by then.
        let (mut open, mut begun) = (vec![path], BTreeSet::new());
        while let Some(path) = open.pop() {
            let Some(value) = self.parsed.get(path).filter(|_| !self.known.contains_key(path)) else { continue };
            let parents = self.parents(path, value);
            if begun.insert(path) {
                open.push(path);
                open.extend(parents);
            } else {
                // Of several parents the last one wins.
                let config = parents.iter().rev().filter_map(|parent| self.known.get(parent)).fold(
                    own(path, value),
                    |heir, parent| Config {
                        base: heir.base.or_else(|| parent.base.clone()),
                        paths: heir.paths.or_else(|| parent.paths.clone()),
                    },
                );
                self.known.insert(path, config);
            }
        }
        self.known.get(path).cloned().unwrap_or_default()
    }

    fn parents(&self, path: &str, value: &Value) -> Vec<&'a str> {
        let folder = folder_of(path);
        let place = |parent: &String| {
            let path = follow(folder, parent).filter(|_| parent.starts_with('.'))?;
            let candidates = [path.clone(), format!("{path}.json"), join(&path, "tsconfig.json")];
            candidates.iter().find_map(|candidate| self.parsed.get_key_value(candidate.as_str()).map(|(path, _)| *path))
        };
        value.get("extends").map(texts).unwrap_or_default().iter().filter_map(place).collect()
    }
}

/// Returns what a configuration says itself.
fn own(path: &str, value: &Value) -> Config {
    let folder = folder_of(path);
    let option = |key: &str| value.get("compilerOptions").and_then(|options| options.get(key));
    let paths = option("paths").and_then(Value::as_object).map(|paths| {
        let rows = paths.iter().map(|(pattern, list)| (pattern.clone(), texts(list)));
        Rc::new(Paths { origin: folder.to_owned(), patterns: Patterns::of(rows) })
    });
    Config { base: option("baseUrl").and_then(Value::as_str).and_then(|base| follow(folder, base)), paths }
}

/// Returns a text, or the texts of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
