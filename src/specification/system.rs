//! `systems.yaml`: systems, their owner, repository, languages and modules by glob.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Specification;
use super::page::{Fields, Keys, Page, Subject, is_plain_name, value};
use crate::diagnostic::shortened;
use crate::facts::{language_id, language_ids};
use crate::yaml::{Node, Placed, Value, nearest};

pub(super) const KEYS: &Keys =
    &[("id", true), ("owner", true), ("repo", false), ("languages", false), ("tier", false), ("modules", false)];
pub(super) const TIERS: &[&str] = &["critical", "standard"];

/// One system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct System {
    /// Its id.
    pub id: String,
    /// The team that owns it.
    pub owner: String,
    /// Where its repository is, or empty.
    pub repo: String,
    /// Languages, by the ids of this tool.
    pub languages: Vec<String>,
    /// `critical`, `standard`, or empty.
    pub tier: String,
    /// Globs by module id, relative to the root of the system; one or several a module.
    pub modules: BTreeMap<String, Vec<String>>,
    /// Line in `systems.yaml`, from 1.
    pub line: u32,
}

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    for node in page.entries(root, "systems", Subject::System) {
        let fields = page.fields(node, "system", KEYS);
        let id = page.id(&fields, Subject::System);
        let system = System {
            id: value(id.clone()),
            owner: value(page.name(&fields, "owner", Subject::Team)),
            repo: page.line(&fields, "repo"),
            languages: languages(page, &fields),
            tier: page.one_of(&fields, "tier", TIERS),
            modules: fields.get("modules").map(|node| modules(page, node)).unwrap_or_default(),
            line: node.place.line,
        };
        if let Some(id) = id {
            into.systems.entry(id.value).or_insert(system);
        }
    }
}

fn languages(page: &mut Page<'_>, fields: &Fields<'_>) -> Vec<String> {
    let languages = page.texts(fields, "languages");
    languages.into_iter().filter(|language| is_language(page, language)).map(|language| language.value).collect()
}

/// A system may be written in a language without a grammar here; only what looks misspelt is refused.
pub(super) fn is_language(page: &mut Page<'_>, language: &Placed<String>) -> bool {
    let known: Vec<&str> = language_ids().collect();
    if known.contains(&language.value.as_str()) {
        return true;
    }
    // `py` and `rs` are what some tools write; here a language has one name.
    let near = language_id(&language.value).or_else(|| nearest(&language.value, known.iter().copied()));
    if is_plain_name(&language.value) && near.is_none() {
        return true;
    }
    let help = near.map_or_else(
        || "Write its name in lower case, such as `python`.".to_owned(),
        |near| format!("Did you mean `{near}`?"),
    );
    page.add(language.place, format!("unknown language `{}`", shortened(&language.value)), "unknown language", help);
    false
}

fn modules(page: &mut Page<'_>, node: &Node) -> BTreeMap<String, Vec<String>> {
    let mut modules = BTreeMap::new();
    for (name, node) in page.faults.map(node, "modules") {
        if !is_plain_name(&name.value) {
            let title = format!("`{}` is no name of a module", shortened(&name.value));
            page.add(name.place, title, "not such a name", "Lower case letters, digits and `-`, such as `checkout`.");
        }
        let globs = match &node.value {
            Value::List(_) => page.texts_of(node, &name.value),
            _ => {
                let text = page.faults.text(node, &name.value);
                text.map(|value| Placed { value, place: node.place }).into_iter().collect()
            }
        };
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            page.add(
                node.place,
                format!("the module `{}` is empty", shortened(&name.value)),
                "no globs",
                "Write one such as `src/checkout/**`, or take the module out.",
            );
        }
        let globs = globs.into_iter().filter(|glob| page.is_glob(glob)).map(|glob| glob.value).collect();
        modules.insert(name.value.clone(), globs);
    }
    modules
}
