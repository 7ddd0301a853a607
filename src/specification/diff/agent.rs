//! Agents: what each may do.

use super::list::{List, More};
use super::row::{Row, Rows, quoted};
use super::{ids, owners_of};
use crate::specification::Specification;
use crate::specification::agent::Agent;
use crate::specification::manifest::UnknownAgent;

const fn allowed(
    gained: &'static str,
    lost: &'static str,
    all: &'static str,
    limited: &'static str,
    globs: bool,
) -> List {
    List { more: More::Loosens, empty_is_all: true, globs, gained, lost, all, limited }
}

const MODELS: List = allowed(
    "may now use the models",
    "may no longer use the models",
    "may now use any model",
    "may now use only the models",
    false,
);
const SYSTEMS: List = allowed(
    "may now change the system",
    "may no longer change the system",
    "may now change every system",
    "may now change only the system",
    false,
);
const ALLOW: List =
    allowed("may now change", "may no longer change", "may now change every path", "may now change only", true);
const PROMPTS: List = allowed(
    "may now work from",
    "may no longer work from",
    "may now work from any prompt",
    "may now work only from",
    false,
);
const DENY: List = List {
    more: More::Tightens,
    empty_is_all: false,
    globs: true,
    gained: "must now leave alone",
    lost: "need no longer leave alone",
    all: "",
    limited: "",
};
const MAY: List = List {
    more: More::Loosens,
    empty_is_all: false,
    globs: false,
    gained: "may now also",
    lost: "may no longer",
    all: "",
    limited: "",
};

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.agents.keys(), head.agents.keys()) {
        let (old, new) = (base.agents.get(id), head.agents.get(id));
        let Some(at) = new.or(old) else { continue };
        let systems = [old, new].into_iter().flatten().flat_map(|agent| &agent.systems);
        let concerned = owners_of(base, head, systems);
        let owner = old.or(new).map(|agent| &agent.owner);
        let mut row = rows.row("agent", id, (&at.file, at.line)).owned_by(owner).concerning(concerned);
        match (old, new) {
            (Some(_), None) => row.loosens("is removed: its work is no longer held against a contract"),
            (None, Some(_)) if base.manifest.defaults.unknown_agent == UnknownAgent::Allow => {
                row.tightens("is a new agent; without a contract it was allowed everything");
            }
            (None, Some(_)) => row.loosens("is a new agent that may change code"),
            (Some(old), Some(new)) => changed(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn changed(old: &Agent, new: &Agent, row: &mut Row<'_>) {
    row.words("title", &old.title, &new.title);
    row.owner(&old.owner, &new.owner);
    row.higher_loosens("phase", old.phase, new.phase);
    let identities = "is recognised by other marks; whose work its contract covers cannot be told";
    row.untold(&old.identities, &new.identities, identities);
    MODELS.compare(row, &old.models, &new.models);
    SYSTEMS.compare(row, &old.systems, &new.systems);
    ALLOW.compare(row, &old.paths.allow, &new.paths.allow);
    DENY.compare(row, &old.paths.deny, &new.paths.deny);
    MAY.compare(row, &old.may, &new.may);
    PROMPTS.compare(row, &old.prompts, &new.prompts);
    limit("files", old.limits.files, new.limits.files, row);
    limit("lines", old.limits.lines, new.limits.lines, row);
    limit("open changes", old.limits.open_changes, new.limits.open_changes, row);
    row.higher_tightens("minimum layer", old.min_layer, new.min_layer);
    review_by(&old.review_by, &new.review_by, row);
}

fn limit(name: &str, old: Option<u32>, new: Option<u32>, row: &mut Row<'_>) {
    match (old, new) {
        (Some(old), Some(new)) => row.higher_loosens(&format!("limit of {name}"), old, new),
        (Some(_), None) => row.loosens(format!("has no limit of {name} any more")),
        (None, Some(new)) => row.tightens(format!("has a limit of {new} {name}")),
        (None, None) => {}
    }
}

/// Dates of one spelling compare as text.
fn review_by(old: &str, new: &str, row: &mut Row<'_>) {
    if old == new {
        return;
    }
    if new.is_empty() || (!old.is_empty() && new > old) {
        let until = if new.is_empty() { "without an end".to_owned() } else { format!("until {}", quoted(new)) };
        row.loosens(format!("has its contract extended {until}"));
    } else {
        row.tightens(format!("has its contract end on {}", quoted(new)));
    }
}
