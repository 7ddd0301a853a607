//! `tsconfig.json` and `jsconfig.json`: `baseUrl` and `paths`, inherited through `extends`.
//!
//! Beside the file of that name its neighbours (`tsconfig.app.json`) are read as well: projects split one folder among
//! several, and which of them a file belongs to does not matter for where a name leads.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::jsonc;
use super::super::{SideFiles, folder_of, follow, join, malformed, upwards};
use crate::completeness::Reason;

/// How far `extends` is followed.
const GENERATIONS: usize = 16;

/// Targets that are tried for one name.
const TARGETS: usize = 50;

/// Patterns of one configuration that are compared.
const PATTERNS: usize = 1_000;

/// Configurations of one folder that are read; each costs a little for every name, and a project has a handful.
const NEIGHBOURS: usize = 64;

/// Says whether that is the name of a configuration of the compiler.
pub(super) fn is_config(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or_default();
    ["tsconfig", "jsconfig"].iter().any(|word| stem == *word || stem.starts_with(&format!("{word}.")))
        || (stem.starts_with("tsconfig-") || stem.starts_with("tsconfig_"))
}

/// What one configuration says.
#[derive(Clone, Default)]
struct Config {
    /// Folder that names are looked up in, or none.
    base: Option<String>,
    /// Folder that `paths` is relative to.
    origin: String,
    /// Pattern and its targets, the longest beginning first.
    paths: Vec<(String, Vec<String>)>,
}

/// All configurations of one side, by folder.
pub(super) struct Configs<'a> {
    by_folder: BTreeMap<&'a str, Vec<Config>>,
}

impl<'a> Configs<'a> {
    /// Reads them all.
    pub(super) fn read(files: &'a SideFiles<'a>, reasons: &mut Vec<Reason>) -> Self {
        let mut parsed: BTreeMap<&str, Value> = BTreeMap::new();
        // `extends` may name a file of any name.
        for (path, text) in files.manifests(|name| name != "package.json" && name.ends_with(".json")) {
            match jsonc::parse(text) {
                Ok(value) => {
                    parsed.insert(path, value);
                }
                Err(why) => reasons.push(malformed(path, &why)),
            }
        }
        let mut by_folder: BTreeMap<&str, Vec<Config>> = BTreeMap::new();
        for path in parsed.keys() {
            let configs = by_folder.entry(folder_of(path)).or_default();
            if configs.len() < NEIGHBOURS {
                configs.push(effective(path, &parsed));
            } else if is_config(path.rsplit('/').next().unwrap_or(path)) {
                let message = format!("its folder holds more than {NEIGHBOURS} configurations of the compiler");
                let remedy = "keep a handful: which of them a name follows cannot be told";
                reasons.push(Reason::new("manifest-too-many", message, remedy).at(*path));
            }
        }
        Self { by_folder }
    }

    /// Returns the paths that a name may stand for, in the order in which they are tried; `mapped` becomes true when a
    /// pattern other than `*` names it, so that it is nothing from outside.
    pub(super) fn targets(&self, folder: &str, name: &str, mapped: &mut bool) -> Vec<String> {
        let mut targets = Vec::new();
        for config in upwards(folder).filter_map(|folder| self.by_folder.get(folder)).flatten() {
            let fitting = config.paths.iter().find_map(|(pattern, list)| Some((pattern, list, fits(pattern, name)?)));
            if let Some((pattern, list, middle)) = fitting {
                *mapped |= pattern != "*";
                let origin = config.base.as_deref().unwrap_or(&config.origin);
                let places = list.iter().filter_map(|target| follow(origin, &target.replace('*', middle)));
                targets.extend(places);
            }
            targets.extend(config.base.as_ref().map(|base| join(base, name)));
            if targets.len() > TARGETS {
                break;
            }
        }
        targets
    }
}

/// Returns what `*` stands for when the pattern names the name.
fn fits<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    match pattern.split_once('*') {
        Some((before, after)) => name.strip_prefix(before)?.strip_suffix(after),
        None => (pattern == name).then_some(""),
    }
}

/// Follows `extends`; what the heir says itself wins.
fn effective(path: &str, parsed: &BTreeMap<&str, Value>) -> Config {
    let mut config = Config { origin: folder_of(path).to_owned(), ..Config::default() };
    let (mut open, mut seen) = (vec![path.to_owned()], 0);
    let mut has_paths = false;
    while let Some(path) = open.pop().filter(|_| seen < GENERATIONS) {
        seen += 1;
        let Some(value) = parsed.get(path.as_str()) else { continue };
        let folder = folder_of(&path);
        let options = value.get("compilerOptions");
        let text = |key: &str| options.and_then(|options| options.get(key)).and_then(Value::as_str);
        if config.base.is_none() {
            config.base = text("baseUrl").and_then(|base| follow(folder, base));
        }
        if let Some(paths) = options.and_then(|options| options.get("paths")).and_then(Value::as_object)
            && !has_paths
        {
            has_paths = true;
            folder.clone_into(&mut config.origin);
            config.paths = paths.iter().take(PATTERNS).map(|(pattern, list)| (pattern.clone(), texts(list))).collect();
            config.paths.sort_by_key(|(pattern, _)| {
                let literal = pattern.split('*').next().unwrap_or_default().len();
                (pattern.contains('*'), std::cmp::Reverse(literal), pattern.clone())
            });
        }
        let parents = value.get("extends").map(texts).unwrap_or_default();
        let place = |parent: &String| {
            let path = follow(folder, parent).filter(|_| parent.starts_with('.'))?;
            let candidates = [path.clone(), format!("{path}.json"), join(&path, "tsconfig.json")];
            candidates.into_iter().find(|candidate| parsed.contains_key(candidate.as_str()))
        };
        // Of several the last one wins, so it is looked at first.
        open.extend(parents.iter().filter_map(place));
    }
    config
}

/// Returns a text, or the texts of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
