//! The header and the defaults of other files.

use super::row::{Row, Rows, quoted};
use crate::specification::Specification;
use crate::specification::manifest::{Defaults, Manifest, UnknownAgent};

const FILE: &str = "portcullis-spec.yaml";

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    let (old, new) = (&base.manifest, &head.manifest);
    let mut row = rows.row("defaults", &new.name, (FILE, 1));
    row.untold(&old.schema, &new.schema, "is of another schema; what its files mean cannot be compared");
    row.words("name", &old.name, &new.name);
    row.words("version", &old.version, &new.version);
    requires(old, new, &mut row);
    defaults(&old.defaults, &new.defaults, &mut row);
}

fn requires(old: &Manifest, new: &Manifest, row: &mut Row<'_>) {
    let bound = |text: &str| -> Option<Vec<u64>> {
        text.trim().strip_prefix(">=")?.trim().split('.').map(|part| part.parse().ok()).collect()
    };
    let (was, is) = (quoted(&old.requires_tool), quoted(&new.requires_tool));
    match (bound(&old.requires_tool), bound(&new.requires_tool)) {
        _ if old.requires_tool == new.requires_tool => {}
        (Some(from), Some(to)) if to >= from => row.tightens(format!("needs the tool {is} instead of {was}")),
        (None, Some(_)) if old.requires_tool.is_empty() => row.tightens(format!("needs the tool {is}")),
        _ => row.loosens(format!("no longer needs the tool {was}: an older one may read it otherwise")),
    }
}

fn defaults(old: &Defaults, new: &Defaults, row: &mut Row<'_>) {
    row.higher_loosens("longest waiver in days", old.waiver_max_days, new.waiver_max_days);
    match (old.certification.as_str(), new.certification.as_str()) {
        (was, is) if was == is => {}
        ("", is) => row.tightens(format!("asks approvers for the certificate {}", quoted(is))),
        (was, "") => row.loosens(format!("no longer asks approvers for the certificate {}", quoted(was))),
        (was, is) => {
            row.loosens(format!("asks approvers for the certificate {} instead of {}", quoted(is), quoted(was)));
        }
    }
    let age = "age of a certificate in days";
    row.higher_loosens(age, old.certification_max_age_days, new.certification_max_age_days);
    let strictness = |word: UnknownAgent| match word {
        UnknownAgent::Allow => 0,
        UnknownAgent::Review => 1,
        UnknownAgent::Deny => 2,
    };
    let said = match new.unknown_agent {
        UnknownAgent::Allow => "lets agents without a contract change code",
        UnknownAgent::Review => "asks a team about agents without a contract",
        UnknownAgent::Deny => "refuses agents without a contract",
    };
    match (strictness(old.unknown_agent), strictness(new.unknown_agent)) {
        (from, to) if to < from => row.loosens(said),
        (from, to) if to > from => row.tightens(said),
        _ => {}
    }
}
