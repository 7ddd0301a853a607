//! `package.json`: the part of it that resolution reads.

use serde_json::Value;

/// Targets that one name may have; conditions nest.
const TARGETS: usize = 50;

/// Names of one map that are compared.
const PATTERNS: usize = 1_000;

/// One manifest.
pub(super) struct Package {
    /// Its name, or empty.
    pub(super) name: String,
    exports: Value,
    imports: Value,
    /// Entries of a manifest without `exports`, best first.
    entries: Vec<String>,
}

impl Package {
    /// Reads a manifest.
    ///
    /// # Errors
    /// With what the parser says.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut value = super::super::jsonc::parse(text)?;
        let mut take = |key: &str| value.get_mut(key).map_or(Value::Null, Value::take);
        let texts = ["source", "types", "typings", "module", "main", "browser"].map(&mut take);
        let entries = texts.iter().filter_map(|text| text.as_str()).map(relative).collect();
        let name = take("name").as_str().unwrap_or_default().to_owned();
        Ok(Self { name, exports: take("exports"), imports: take("imports"), entries })
    }

    /// Returns the files that `.` or `./part` may stand for, in the order in which they are tried.
    pub(super) fn exports(&self, part: &str) -> Vec<String> {
        let is_map = self.exports.as_object().is_some_and(|map| map.keys().any(|key| key.starts_with('.')));
        let mut targets = match (&self.exports, is_map) {
            (Value::Null, _) => Vec::new(),
            (map, true) => mapped(map, part),
            (target, false) if part == "." => leaves(target, ""),
            _ => Vec::new(),
        };
        if part == "." {
            targets.extend(self.entries.iter().cloned());
        }
        targets
    }

    /// Returns what `#name` may stand for.
    pub(super) fn imports(&self, name: &str) -> Vec<String> {
        mapped(&self.imports, name)
    }
}

/// `main` may be written without `./`.
fn relative(text: &str) -> String {
    if text.starts_with("./") { text.to_owned() } else { format!("./{text}") }
}

/// Looks a name up in a map with patterns: an exact key, else the one with the longest beginning before its `*`.
fn mapped(map: &Value, name: &str) -> Vec<String> {
    let Some(map) = map.as_object() else { return Vec::new() };
    if let Some(target) = map.get(name) {
        return leaves(target, "");
    }
    let fitting = map.iter().take(PATTERNS).filter_map(|(key, target)| {
        let (before, after) = key.split_once('*')?;
        let middle = name.strip_prefix(before)?.strip_suffix(after)?;
        Some((before.len(), key, middle, target))
    });
    let best = fitting.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    best.map_or(Vec::new(), |(_, _, middle, target)| leaves(target, middle))
}

/// Returns every text below a target, whatever its conditions; `*` in it stands for `middle`.
fn leaves(target: &Value, middle: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![target];
    while let Some(next) = open.pop().filter(|_| found.len() < TARGETS) {
        match next {
            Value::String(text) => found.push(text.replace('*', middle)),
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
