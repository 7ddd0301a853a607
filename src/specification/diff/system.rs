//! Systems: who owns them, and which files their modules hold.

use std::collections::BTreeMap;

use super::globs::{apart, uncovered};
use super::list::{List, More};
use super::row::{Row, Rows, listed, quoted};
use super::{EnforceComparison, ids, rule};
use crate::specification::Specification;
use crate::specification::system::System;

const LANGUAGES: List = List {
    more: More::Tightens,
    empty_is_all: false,
    globs: false,
    gained: "now names the language",
    lost: "no longer names the language",
    all: "",
    limited: "",
};

const FILE: &str = "systems.yaml";

type Modules = BTreeMap<String, Vec<String>>;

pub(super) fn compare(base: &Specification, head: &Specification, enforce: &dyn EnforceComparison, rows: &mut Rows) {
    for id in ids(base.systems.keys(), head.systems.keys()) {
        let (old, new) = (base.systems.get(id), head.systems.get(id));
        let Some(at) = new.or(old) else { continue };
        let owner = old.or(new).map(|system| &system.owner);
        let mut row = rows.row("system", id, (FILE, at.line)).owned_by(owner);
        match (old, new) {
            (Some(_), None) => row.loosens("is removed: its rules no longer hold anywhere"),
            (None, Some(_)) => row.textual("is a new system; rules hold in it once they name it"),
            (Some(old), Some(new)) => {
                changed(old, new, &mut row);
                let permits = |module: &str| rule::permits_growth(base, id, module, enforce);
                modules(&old.modules, &new.modules, &permits, &mut row);
            }
            (None, None) => {}
        }
    }
}

fn changed(old: &System, new: &System, row: &mut Row<'_>) {
    row.owner(&old.owner, &new.owner);
    row.untold(&old.repo, &new.repo, "is said to lie in another repository; what follows from that cannot be told");
    LANGUAGES.compare(row, &old.languages, &new.languages);
    let tier = |tier: &str| match tier {
        "critical" => 2,
        "standard" => 1,
        _ => 0,
    };
    match (tier(&old.tier), tier(&new.tier)) {
        (from, to) if to < from => row.loosens(format!("is no longer of the tier {}", quoted(&old.tier))),
        (from, to) if to > from => row.tightens(format!("is now of the tier {}", quoted(&new.tier))),
        _ => {}
    }
}

/// A module that loses files loosens; one that gains them may, when they come from another module or when a rule
/// allows the module something.
fn modules(old: &Modules, new: &Modules, permits: &dyn Fn(&str) -> bool, row: &mut Row<'_>) {
    for name in ids(old.keys(), new.keys()) {
        let nothing = Vec::new();
        let (was, is) = (old.get(name).unwrap_or(&nothing), new.get(name).unwrap_or(&nothing));
        let shown = quoted(name);
        if is.is_empty() && !was.is_empty() {
            row.loosens(format!("loses the module {shown}: rules over it no longer hold for its files"));
            continue;
        }
        let (lost, gained) = (uncovered(was, is), uncovered(is, was));
        if !lost.is_empty() {
            row.loosens(format!("has a module {shown} that no longer holds {}", listed(lost)));
        }
        if gained.is_empty() {
            continue;
        }
        let others = old.iter().filter(|(other, _)| *other != name).flat_map(|(_, globs)| globs);
        let taken = others.clone().any(|other| gained.iter().any(|glob| !apart(glob, other)));
        let globs = listed(gained);
        if taken {
            row.loosens(format!("has a module {shown} that now holds {globs}, which may be files of another module"));
        } else if permits(name) {
            row.loosens(format!(
                "has a module {shown} that now holds {globs}, and a rule allows it what others may not"
            ));
        } else {
            row.tightens(format!("has a module {shown} that now holds {globs}"));
        }
    }
}
