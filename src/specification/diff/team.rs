//! Teams: which layers they may approve, and by whom.

use super::list::{List, More};
use super::row::{Row, Rows, listed, quoted};
use super::{certificate, ids};
use crate::specification::Specification;
use crate::specification::team::Team;

const HANDLES: List = List {
    more: More::Loosens,
    empty_is_all: false,
    globs: false,
    gained: "is now also",
    lost: "is no longer",
    all: "",
    limited: "",
};

const FILE: &str = "teams.yaml";

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.teams.keys(), head.teams.keys()) {
        let (old, new) = (base.teams.get(id), head.teams.get(id));
        let Some(at) = new.or(old) else { continue };
        let mut row = rows.row("team", id, (FILE, at.line)).owned_by([id]);
        match (old, new) {
            (Some(old), None) if old.approves.is_empty() => row.textual("is removed; it approved nothing"),
            (Some(_), None) => row.tightens("is removed: its approvals no longer count"),
            (None, Some(new)) => added(new, &mut row),
            (Some(old), Some(new)) => changed(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn added(new: &Team, row: &mut Row<'_>) {
    if new.approves.is_empty() {
        row.textual("is a new team that approves nothing");
    } else {
        row.loosens(format!("is a new team that may approve {}", layers(&new.approves)));
    }
}

fn changed(old: &Team, new: &Team, row: &mut Row<'_>) {
    let gained: Vec<u8> = new.approves.iter().filter(|layer| !old.approves.contains(layer)).copied().collect();
    let lost: Vec<u8> = old.approves.iter().filter(|layer| !new.approves.contains(layer)).copied().collect();
    if !gained.is_empty() {
        row.loosens(format!("may now approve {}", layers(&gained)));
    }
    if !lost.is_empty() {
        row.tightens(format!("may no longer approve {}", layers(&lost)));
    }
    row.words("title", &old.title, &new.title);
    if old.approves.is_empty() && new.approves.is_empty() {
        row.words(
            "list of handles or members, and approves nothing",
            &(&old.handles, &old.members),
            &(&new.handles, &new.members),
        );
        return;
    }
    HANDLES.compare(row, &old.handles, &new.handles);
    if old.approves.is_empty() {
        let names = listed(new.members.iter().map(|member| &member.handle));
        row.untold(&old.members, &new.members, format!("has other members now: {names}"));
    } else {
        certificate::members(&old.members, &new.members, row);
    }
}

fn layers(layers: &[u8]) -> String {
    let names: Vec<String> = layers.iter().map(|layer| quoted(&format!("layer {layer}"))).collect();
    names.join(", ").replace('`', "")
}
