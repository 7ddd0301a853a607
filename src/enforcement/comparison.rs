//! Two demands of one kind -> which of them lets more through.
//!
//! Owns one row a key of `enforce`: what it means that the value grows. A kind or key without a row cannot be told, and
//! counts as loosening. Must not judge a change of code.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::diagnostic::shortened;
use crate::specification::diff::{Effect, EnforceComparison, Untold, plain_texts, same};
use crate::specification::rule::Enforce;
use crate::yaml::{Node, Value};

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// A list, of which every item forbids something more.
    Forbids,
    /// A list of modules or packages that are allowed something.
    Allows,
    /// A switch that is stricter when on, and off when it is not there.
    Switch,
    /// A switch that is stricter when on, and on when it is not there.
    UsualSwitch,
    /// A switch that is stricter when on; what holds when it is not there depends on the rest of the rule.
    OpenSwitch,
    /// Words for people.
    Words,
    /// Layers from top to bottom, siblings joined by `|`.
    Layers,
}

/// Kind, key and meaning, sorted; an empty key stands for the value itself.
const KEYS: &[(&str, &str, Meaning)] = &[
    ("acyclic", "type-only", Meaning::UsualSwitch),
    ("ast", "", Meaning::Forbids),
    ("contracts", "all", Meaning::Switch),
    ("contracts", "ids", Meaning::Forbids),
    ("forbidden", "from", Meaning::Forbids),
    ("forbidden", "indirect", Meaning::OpenSwitch),
    ("forbidden", "to", Meaning::Forbids),
    ("forbidden", "to-packages", Meaning::Forbids),
    ("forbidden", "type-only", Meaning::UsualSwitch),
    ("independence", "indirect", Meaning::OpenSwitch),
    ("independence", "modules", Meaning::Forbids),
    ("independence", "type-only", Meaning::UsualSwitch),
    ("layers", "closed", Meaning::Switch),
    ("layers", "indirect", Meaning::OpenSwitch),
    ("layers", "order", Meaning::Layers),
    ("layers", "type-only", Meaning::UsualSwitch),
    ("naming", "kinds", Meaning::Forbids),
    ("protected", "importers", Meaning::Allows),
    ("protected", "modules", Meaning::Forbids),
    ("protected", "type-only", Meaning::UsualSwitch),
    ("public", "face", Meaning::Allows),
    ("public", "modules", Meaning::Forbids),
    ("public", "type-only", Meaning::UsualSwitch),
    ("review", "ask", Meaning::Words),
];

/// Knows the kinds of this folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownKinds;

impl EnforceComparison for KnownKinds {
    fn compare(&self, base: &Enforce, head: &Enforce) -> Vec<(Effect, String)> {
        let kind = base.kind.value.as_str();
        let told = match (&base.value.value, &head.value.value) {
            (Value::Map(old), Value::Map(new)) => {
                let names: BTreeSet<&str> = old.iter().chain(new).map(|(key, _)| key.value.as_str()).collect();
                let values = names.into_iter().map(|name| {
                    let value = |side: &'_ Node| entry(side, name).cloned();
                    one(kind, name, value(&base.value).as_ref(), value(&head.value).as_ref())
                });
                values.collect::<Option<Vec<_>>>().map(|each| each.concat())
            }
            _ => one(kind, "", Some(&base.value), Some(&head.value)),
        };
        told.unwrap_or_else(|| Untold.compare(base, head))
    }

    fn permits(&self, enforce: &Enforce, module: &str) -> bool {
        let kind = enforce.kind.value.as_str();
        let Value::Map(entries) = &enforce.value.value else { return false };
        entries.iter().any(|(key, value)| match meaning(kind, &key.value) {
            Some(Meaning::Allows) => plain_texts(value).iter().any(|text| text.contains('*') || *text == module),
            _ => false,
        })
    }
}

fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
}

fn meaning(kind: &str, key: &str) -> Option<Meaning> {
    KEYS.iter().find(|(of, name, _)| *of == kind && *name == key).map(|(_, _, meaning)| *meaning)
}

/// Returns what the change of one key does, or none when that is not known.
fn one(kind: &str, key: &str, base: Option<&Node>, head: Option<&Node>) -> Option<Vec<(Effect, String)>> {
    let equal = match (base, head) {
        (Some(base), Some(head)) => same(base, head),
        (None, None) => true,
        _ => false,
    };
    if equal {
        return Some(Vec::new());
    }
    let name = if key.is_empty() { format!("`{kind}`") } else { format!("`{kind}.{}`", shortened(key)) };
    let (more, less) = match meaning(kind, key)? {
        Meaning::Words => return Some(vec![(Effect::Textual, format!("has other words under {name}"))]),
        Meaning::Switch => return Some(vec![switched(&name, u8::from(on(base)) * 2, u8::from(on(head)) * 2)]),
        Meaning::UsualSwitch => {
            let step = |side: Option<&Node>| u8::from(side.is_none() || on(side)) * 2;
            return Some(vec![switched(&name, step(base), step(head))]);
        }
        Meaning::OpenSwitch => {
            let step = |side: Option<&Node>| if side.is_none() { 1 } else { u8::from(on(side)) * 2 };
            return Some(vec![switched(&name, step(base), step(head))]);
        }
        Meaning::Layers => return Some(layers(&name, base, head)),
        Meaning::Forbids => (Effect::Tightening, Effect::Loosening),
        Meaning::Allows => (Effect::Loosening, Effect::Tightening),
    };
    let (mut old, new) = (items(base)?, items(head)?);
    // Every file of the system: whatever was named beside it is still held.
    if (kind, key) == ("forbidden", "from") && new.iter().any(|item| plain_texts(item) == ["*"]) {
        old.retain(|item| plain_texts(item) == ["*"]);
    }
    let gone: Vec<&&Node> = old.iter().filter(|item| !new.iter().any(|other| same(item, other))).collect();
    let come: Vec<&&Node> = new.iter().filter(|item| !old.iter().any(|other| same(item, other))).collect();
    let mut said = Vec::new();
    if !gone.is_empty() {
        said.push((less, format!("loses {} under {name}", named(&gone))));
    }
    if !come.is_empty() {
        said.push((more, format!("gains {} under {name}", named(&come))));
    }
    Some(said)
}

/// Returns the items of a list; a missing one has none.
fn items(node: Option<&Node>) -> Option<Vec<&Node>> {
    match node.map(|node| &node.value) {
        None => Some(Vec::new()),
        Some(Value::List(items)) => Some(items.iter().collect()),
        Some(_) => None,
    }
}

fn named(items: &[&&Node]) -> String {
    let texts: Vec<String> = items.iter().take(4).map(|item| format!("`{}`", words(item))).collect();
    let more = items.len().saturating_sub(texts.len());
    if more == 0 { texts.join(", ") } else { format!("{} and {more} more", texts.join(", ")) }
}

/// Returns a scalar, or of an object its `pattern`.
fn words(node: &Node) -> String {
    let text = entry(node, "pattern").unwrap_or(node);
    shortened(plain_texts(text).first().copied().unwrap_or_default())
}

fn on(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.value == Value::Plain("true".to_owned()))
}

/// Compares 0 for off, 1 for unsaid, 2 for on.
fn switched(name: &str, base: u8, head: u8) -> (Effect, String) {
    match base.cmp(&head) {
        Ordering::Greater => (Effect::Loosening, format!("no longer has {name} as strict")),
        Ordering::Less => (Effect::Tightening, format!("has {name} stricter")),
        Ordering::Equal => (Effect::Textual, format!("has {name} written out")),
    }
}

/// Returns which module may not import which: one below another, and siblings each other.
fn forbidden_pairs(node: Option<&Node>) -> Option<BTreeSet<(String, String)>> {
    let mut pairs = BTreeSet::new();
    let mut above: Vec<String> = Vec::new();
    for layer in items(node)? {
        let (Value::Plain(text) | Value::Quoted(text)) = &layer.value else { return None };
        let siblings: Vec<String> = text.split('|').map(|name| name.trim().to_owned()).collect();
        for one in &siblings {
            let others = siblings.iter().filter(|other| *other != one).chain(&above);
            pairs.extend(others.map(|other| (one.clone(), other.clone())));
        }
        above.extend(siblings);
    }
    Some(pairs)
}

fn layers(name: &str, base: Option<&Node>, head: Option<&Node>) -> Vec<(Effect, String)> {
    let (Some(old), Some(new)) = (forbidden_pairs(base), forbidden_pairs(head)) else {
        return vec![(Effect::Loosening, format!("has another {name}; whether it lets more through cannot be told"))];
    };
    let mut said = Vec::new();
    if let Some((from, to)) = old.difference(&new).next() {
        let (from, to) = (shortened(from), shortened(to));
        said.push((Effect::Loosening, format!("lets `{from}` import `{to}`, which {name} forbade")));
    }
    if let Some((from, to)) = new.difference(&old).next() {
        let (from, to) = (shortened(from), shortened(to));
        said.push((Effect::Tightening, format!("no longer lets `{from}` import `{to}` by {name}")));
    }
    if said.is_empty() {
        said.push((Effect::Textual, format!("has {name} in another order that forbids the same")));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{KEYS, KnownKinds};
    use crate::specification::diff::{Effect, EnforceComparison};
    use crate::specification::rule::Enforce;
    use crate::yaml::{Place, Placed, tree};

    fn enforce(kind: &str, value: &str) -> Enforce {
        let kind = Placed { value: kind.to_owned(), place: Place::default() };
        Enforce { kind, value: tree(value.as_bytes(), "a").unwrap() }
    }

    fn effects(kind: &str, base: &str, head: &str) -> Vec<Effect> {
        let said = KnownKinds.compare(&enforce(kind, base), &enforce(kind, head));
        said.into_iter().map(|(effect, _)| effect).collect()
    }

    #[test]
    fn the_rows_are_sorted_and_each_stands_once() {
        assert!(KEYS.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
    }

    #[test]
    fn each_kind_loosens_in_one_direction_and_tightens_in_the_other() {
        let (less, more) = (Effect::Loosening, Effect::Tightening);
        for (kind, loose, strict) in [
            ("forbidden", "{from: [a], to: [x]}", "{from: [a, b], to: [x]}"),
            ("forbidden", "{from: ['*'], to-packages: [pg]}", "{from: ['*'], to-packages: [pg, mysql2]}"),
            ("forbidden", "{from: [a], to: [x]}", "{from: ['*'], to: [x]}"),
            ("forbidden", "{to: [x], indirect: false}", "{to: [x]}"),
            ("forbidden", "{to: [x]}", "{to: [x], indirect: true}"),
            ("independence", "{modules: [a, b]}", "{modules: [a, b, c]}"),
            ("protected", "{modules: [v], importers: [c, d]}", "{modules: [v], importers: [c]}"),
            ("protected", "{modules: [v], importers: [c]}", "{modules: [v, w], importers: [c]}"),
            ("public", "{modules: [a], face: ['a/*.py', b]}", "{modules: [a], face: ['a/*.py']}"),
            ("layers", "{order: [a, b, c]}", "{order: [a, b, c], closed: true}"),
            ("layers", "{order: [a, b]}", "{order: [a, b, c]}"),
            ("layers", "{order: [a, b], indirect: false}", "{order: [a, b]}"),
            ("independence", "{modules: [a, b], indirect: false}", "{modules: [a, b]}"),
            ("acyclic", "{between: files, type-only: false}", "{between: files}"),
            ("public", "{modules: [a], face: [b], type-only: false}", "{modules: [a], face: [b], type-only: true}"),
            ("ast", "[{language: go, pattern: a}]", "[{language: go, pattern: a}, {language: go, pattern: b}]"),
            ("contracts", "{ids: [CON-A]}", "{ids: [CON-A, CON-B]}"),
            ("naming", "{kinds: [class], style: snake}", "{kinds: [class, method], style: snake}"),
        ] {
            assert_eq!(effects(kind, strict, loose).into_iter().max(), Some(less), "{kind}: {strict} -> {loose}");
            assert_eq!(effects(kind, loose, strict), [more], "{kind}: {loose} -> {strict}");
            assert_eq!(effects(kind, strict, strict), []);
        }
    }

    #[test]
    fn layers_are_compared_by_what_they_forbid() {
        assert_eq!(effects("layers", "{order: ['a | b']}", "{order: ['b | a']}"), [Effect::Textual]);
        assert_eq!(effects("layers", "{order: ['a | b']}", "{order: [a, b]}"), [Effect::Loosening]);
        let turned = effects("layers", "{order: [a, b]}", "{order: [b, a]}");
        assert_eq!(turned, [Effect::Loosening, Effect::Tightening]);
    }

    #[test]
    fn what_has_no_row_cannot_be_told_and_words_are_textual() {
        assert_eq!(effects("pattern", "{regex: a}", "{regex: 'a|b'}"), [Effect::Loosening]);
        assert_eq!(effects("acyclic", "{between: modules}", "{between: files}"), [Effect::Loosening]);
        assert_eq!(effects("forbidden", "{from: [a]}", "{from: [a, b], unheard-of: 1}"), [Effect::Loosening]);
        assert_eq!(effects("forbidden", "{from: [a]}", "{from: a}"), [Effect::Loosening]);
        let written = effects("layers", "{order: [a, b]}", "{order: [a, b], type-only: true}");
        assert_eq!(written, [Effect::Textual]);
        assert_eq!(effects("review", "{ask: 'x?'}", "{ask: 'y?'}"), [Effect::Textual]);
    }

    #[test]
    fn a_module_that_is_allowed_something_may_not_grow_unseen() {
        let permits = |kind, value, module| KnownKinds.permits(&enforce(kind, value), module);
        assert!(permits("protected", "{modules: [v], importers: [c]}", "c"));
        assert!(permits("protected", "{modules: [v], importers: ['*']}", "d"));
        assert!(!permits("layers", "{order: ['a | b', c]}", "b"), "a file in no layer may import everything");
        assert!(!permits("protected", "{modules: [v], importers: [c]}", "v"));
        assert!(!permits("independence", "{modules: [a, b]}", "a"));
    }
}
