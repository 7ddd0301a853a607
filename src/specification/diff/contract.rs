//! Contracts as registered: what is promised, to whom, and how a break is judged.

use std::collections::{BTreeMap, BTreeSet};

use super::list::{List, More};
use super::row::{Row, Rows, quoted};
use super::rule::Grade;
use super::{ids, owners_of};
use crate::finding::Severity;
use crate::specification::Specification;
use crate::specification::contract::{Consumer, Contract};

const USES: List = List {
    more: More::Tightens,
    empty_is_all: true,
    globs: false,
    gained: "now also promises its consumers",
    lost: "no longer promises a consumer",
    all: "now promises a consumer all of it",
    limited: "now promises a consumer only",
};

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.contracts.keys(), head.contracts.keys()) {
        let (old, new) = (base.contracts.get(id), head.contracts.get(id));
        let Some(at) = new.or(old) else { continue };
        let parties = |contract: &Contract| -> Vec<String> {
            let consumers = contract.consumers.iter().map(|consumer| consumer.system.clone());
            consumers.chain([contract.provider.clone()]).collect()
        };
        let systems: BTreeSet<String> = [old, new].into_iter().flatten().flat_map(parties).collect();
        let provider = old.or(new).map(|contract| contract.provider.clone());
        let owners = owners_of(base, head, provider.iter());
        let mut row = rows.row("contract", id, (&at.file, 1)).owned_by(&owners);
        row = row.concerning(owners_of(base, head, systems.iter()));
        match (old, new) {
            (Some(_), None) => row.loosens("is removed: nobody is promised anything any more"),
            (None, Some(_)) => row.tightens("is a new contract"),
            (Some(old), Some(new)) => changed(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn changed(old: &Contract, new: &Contract, row: &mut Row<'_>) {
    row.words("title", &old.title, &new.title);
    row.untold(&old.kind, &new.kind, "is of another kind; what it still promises cannot be told");
    row.untold(&old.provider, &new.provider, "has another provider");
    row.untold(&old.source, &new.source, "is compared with another source; what it still promises cannot be told");
    row.untold(&old.published, &new.published, "names another published copy; what it still promises cannot be told");
    compatibility(old, new, row);
    let stability = |word: &str| match word {
        "stable" => 2,
        "beta" => 1,
        _ => 0,
    };
    match (stability(&old.stability), stability(&new.stability)) {
        (from, to) if to < from => {
            row.loosens(format!("is only {} now: breaks are shown and do not gate", quoted(&new.stability)));
        }
        (from, to) if to > from => row.tightens(format!("is {} now", quoted(&new.stability))),
        _ => {}
    }
    match (old.content_model == "strict", new.content_model == "strict") {
        (true, false) => row.loosens("is compared leniently now"),
        (false, true) => row.tightens("is compared strictly now"),
        _ => {}
    }
    row.higher_tightens("days between announcement and removal", old.sunset_days, new.sunset_days);
    row.higher_tightens("layer", old.layer, new.layer);
    consumers(&old.consumers, &new.consumers, row);
    levels(&old.levels, &new.levels, row);
}

/// Returns the single promises that a word stands for; a word that is not known promises what nothing else does.
fn promises(word: &str) -> BTreeSet<&str> {
    let base = word.strip_suffix("-transitive").unwrap_or(word);
    let single: &[&str] = match base {
        "none" => &[],
        "full" => &["backward", "forward"],
        "wire-json" => &["wire", "wire-json"],
        "package" => &["wire", "wire-json", "package"],
        "file" => &["wire", "wire-json", "package", "file"],
        _ => &[],
    };
    let own = single.is_empty() && base != "none";
    let transitive = word.ends_with("-transitive").then_some("transitive");
    single.iter().copied().chain(own.then_some(base)).chain(transitive).collect()
}

fn compatibility(old: &Contract, new: &Contract, row: &mut Row<'_>) {
    if old.compatibility == new.compatibility {
        return;
    }
    let (from, to) = (quoted(&old.compatibility), quoted(&new.compatibility));
    if promises(&new.compatibility).is_superset(&promises(&old.compatibility)) {
        row.tightens(format!("promises {to} compatibility instead of {from}"));
    } else {
        row.loosens(format!("promises {to} compatibility instead of {from}: no longer all that it did"));
    }
}

fn consumers(old: &[Consumer], new: &[Consumer], row: &mut Row<'_>) {
    let by_system = |side: &[Consumer]| -> BTreeMap<String, Vec<String>> {
        side.iter().map(|consumer| (consumer.system.clone(), consumer.uses.clone())).collect()
    };
    let (old, new) = (by_system(old), by_system(new));
    for system in ids(old.keys(), new.keys()) {
        match (old.get(system), new.get(system)) {
            (Some(_), None) => row.loosens(format!("no longer has the consumer {}", quoted(system))),
            (None, Some(_)) => row.tightens(format!("has the consumer {}", quoted(system))),
            (Some(old), Some(new)) => USES.compare(row, old, new),
            (None, None) => {}
        }
    }
}

/// A level that comes or goes replaces or uncovers the format's own, which is not known here.
fn levels(old: &BTreeMap<String, Severity>, new: &BTreeMap<String, Severity>, row: &mut Row<'_>) {
    for change in ids(old.keys(), new.keys()) {
        let (was, is) = (old.get(change).copied(), new.get(change).copied());
        if was == is {
            continue;
        }
        let (most, least) = (was.unwrap_or(Severity::Error), is.unwrap_or(Severity::Info));
        let shown = quoted(change);
        let now = is.map_or("by the format's own level".to_owned(), |level| format!("as {}", Grade(level)));
        if least < most {
            row.loosens(format!("judges {shown} {now}, which may be milder"));
        } else {
            row.tightens(format!("judges {shown} {now}, which is no milder"));
        }
    }
}
