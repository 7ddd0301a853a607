//! What the change did: entries of the base side held against those of the head side, by name and scope.
//!
//! Owns the pairing. A name may stand several times, in several versions: equal ones first, then in the order of the file.

use std::collections::BTreeMap;

use super::declared::{Declared, DependencyScope, Manifest, Registry, Script};
use super::sides::{Dependency, DependencyChange, RegistryChange, ScriptChange};
use super::{address, known, tools};
use crate::diagnostic::shortened;

/// Entries of one name and scope, both sides.
#[derive(Default)]
struct Group<'a> {
    old: Vec<&'a Declared>,
    new: Vec<&'a Declared>,
}

/// Returns the entries of both sides, sorted by line, name and change.
pub(super) fn entries(ecosystem: &str, old: &Manifest, new: &Manifest) -> Vec<Dependency> {
    let mut groups: BTreeMap<(String, DependencyScope), Group<'_>> = BTreeMap::new();
    // What a lock file says of the use of a package follows from others, and moves with them.
    let scope = |entry: &Declared| if entry.direct { entry.scope } else { DependencyScope::Runtime };
    for entry in &old.dependencies {
        groups.entry((tools::normal(ecosystem, &entry.name), scope(entry))).or_default().old.push(entry);
    }
    for entry in &new.dependencies {
        groups.entry((tools::normal(ecosystem, &entry.name), scope(entry))).or_default().new.push(entry);
    }
    let mut found = Vec::new();
    for group in groups.into_values() {
        group.pair(&mut found);
    }
    for entry in found.iter_mut().filter(|entry| entry.change == DependencyChange::Added) {
        known::resembled(ecosystem, &entry.name).unwrap_or_default().clone_into(&mut entry.resembles);
    }
    found.sort_by(|a, b| (a.line, &a.name, a.change, &a.version).cmp(&(b.line, &b.name, b.change, &b.version)));
    found
}

/// By what two entries are the same one.
type Likeness = fn(&Declared) -> (&str, &str, &str);

impl<'a> Group<'a> {
    fn pair(mut self, found: &mut Vec<Dependency>) {
        let alike: [Likeness; 3] = [
            |entry| (&entry.version, &entry.address, &entry.integrity),
            |entry| (&entry.version, &entry.address, ""),
            |entry| (&entry.version, "", ""),
        ];
        for key in alike {
            self.take_alike(key, found);
        }
        let both = self.old.len().min(self.new.len());
        let (old_rest, new_rest) = (self.old.split_off(both), self.new.split_off(both));
        found.extend(self.old.iter().zip(&self.new).map(|(old, new)| entry(Some(old), Some(new))));
        found.extend(old_rest.into_iter().map(|old| entry(Some(old), None)));
        found.extend(new_rest.into_iter().map(|new| entry(None, Some(new))));
    }

    /// Pairs those whose key is the same, one with one.
    fn take_alike(&mut self, key: fn(&Declared) -> (&str, &str, &str), found: &mut Vec<Dependency>) {
        if self.old.is_empty() || self.new.is_empty() {
            return;
        }
        let mut waiting: BTreeMap<(&str, &str, &str), Vec<&'a Declared>> = BTreeMap::new();
        for old in self.old.drain(..).rev() {
            waiting.entry(key(old)).or_default().push(old);
        }
        self.new.retain(|new| match waiting.get_mut(&key(new)).and_then(Vec::pop) {
            Some(old) => {
                found.push(entry(Some(old), Some(new)));
                false
            }
            None => true,
        });
        self.old = waiting.into_values().flatten().collect();
        self.old.sort_by_key(|old| old.line);
    }
}

fn entry(old: Option<&Declared>, new: Option<&Declared>) -> Dependency {
    let same = |old: &Declared, new: &Declared| {
        (&old.version, old.source, &old.address, &old.integrity, old.install_script, old.direct)
            == (&new.version, new.source, &new.address, &new.integrity, new.install_script, new.direct)
    };
    let change = match (old, new) {
        (None, None) => DependencyChange::None,
        (None, Some(_)) => DependencyChange::Added,
        (Some(_), None) => DependencyChange::Removed,
        (Some(old), Some(new)) if same(old, new) => DependencyChange::Kept,
        (Some(_), Some(_)) => DependencyChange::Changed,
    };
    let nothing = Declared::default();
    let (before, after) = (old.unwrap_or(&nothing), new.unwrap_or(&nothing));
    let shown = if new.is_some() { after } else { before };
    let mark = |entry: &Declared| if entry.install_script { "yes" } else { "" }.to_owned();
    Dependency {
        name: shown.name.clone(),
        version: shown.version.clone(),
        old_version: before.version.clone(),
        source: shown.source,
        address: shown.address.clone(),
        old_address: before.address.clone(),
        host: address::host(&shown.address),
        resembles: String::new(),
        direct: shown.direct,
        scope: shown.scope,
        change,
        integrity: digest_change(&before.integrity, &after.integrity),
        install_script: text_change(&mark(before), &mark(after)),
        line: shown.line,
    }
}

/// Returns what happened to a digest; a stronger one in the place of a weak one came with it.
fn digest_change(old: &str, new: &str) -> DependencyChange {
    if old.starts_with("sha1-") && new.starts_with("sha512-") {
        return DependencyChange::Added;
    }
    text_change(old, new)
}

/// Returns what happened to a text that is empty where there is none.
fn text_change(old: &str, new: &str) -> DependencyChange {
    match (old.is_empty(), new.is_empty()) {
        (true, true) => DependencyChange::None,
        (true, false) => DependencyChange::Added,
        (false, true) => DependencyChange::Removed,
        (false, false) if old == new => DependencyChange::Kept,
        (false, false) => DependencyChange::Changed,
    }
}

/// Returns the commands of both sides, sorted by line and name.
pub(super) fn scripts(old: &Manifest, new: &Manifest) -> Vec<ScriptChange> {
    let shown = |script: &Script, change| ScriptChange {
        name: script.name.clone(),
        command: shortened(&script.command),
        line: script.line,
        change,
    };
    let before: BTreeMap<&str, &Script> = old.scripts.iter().map(|script| (script.name.as_str(), script)).collect();
    let after: BTreeMap<&str, &Script> = new.scripts.iter().map(|script| (script.name.as_str(), script)).collect();
    let mut found = Vec::new();
    for (name, script) in &after {
        let same = before.get(name).map(|old| old.command == script.command);
        let change = match same {
            None => DependencyChange::Added,
            Some(true) => DependencyChange::Kept,
            Some(false) => DependencyChange::Changed,
        };
        found.push(shown(script, change));
    }
    let gone = before.iter().filter(|(name, _)| !after.contains_key(*name));
    found.extend(gone.map(|(_, script)| shown(script, DependencyChange::Removed)));
    found.sort_by(|a, b| (a.line, &a.name, a.change).cmp(&(b.line, &b.name, b.change)));
    found
}

/// Returns the registries of both sides, sorted by line and address.
pub(super) fn registries(old: &Manifest, new: &Manifest) -> Vec<RegistryChange> {
    let of = |side: &Manifest| -> BTreeMap<String, u32> {
        let rows = side.registries.iter();
        rows.map(|Registry { address, line }| (address.clone(), *line)).collect()
    };
    let (before, mut found) = (of(old), Vec::new());
    let after = of(new);
    for (address, line) in &after {
        let kept = before.contains_key(address);
        let change = if kept { DependencyChange::Kept } else { DependencyChange::Added };
        found.push(RegistryChange { address: address.clone(), line: *line, change });
    }
    for (address, line) in before.iter().filter(|(address, _)| !after.contains_key(*address)) {
        found.push(RegistryChange { address: address.clone(), line: *line, change: DependencyChange::Removed });
    }
    found.sort_by(|a, b| (a.line, &a.address, a.change).cmp(&(b.line, &b.address, b.change)));
    found
}
