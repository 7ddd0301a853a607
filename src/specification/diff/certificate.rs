//! Members of a team and their certificates.

use std::collections::BTreeMap;

use super::ids;
use super::row::{Row, quoted};
use crate::specification::team::Member;

/// Compares the members of a team that may approve.
pub(super) fn members(old: &[Member], new: &[Member], row: &mut Row<'_>) {
    let by_handle = |members: &[Member]| -> BTreeMap<String, Member> {
        members.iter().map(|member| (member.handle.clone(), member.clone())).collect()
    };
    let (old, new) = (by_handle(old), by_handle(new));
    if new.is_empty() && !old.is_empty() {
        row.loosens("lists no members any more: everyone whom the forge counts to the team may approve");
        return;
    }
    for handle in ids(old.keys(), new.keys()) {
        match (old.get(handle), new.get(handle)) {
            // One approval more that counts: a second account of the author would be enough.
            (None, Some(_)) => row.loosens(format!("takes in {}, whose approval counts from now on", quoted(handle))),
            (Some(_), None) => row.tightens(format!("no longer has {}", quoted(handle))),
            (Some(old), Some(new)) => certificates(old, new, row),
            (None, None) => {}
        }
    }
}

fn certificates(old: &Member, new: &Member, row: &mut Row<'_>) {
    let who = quoted(&new.handle);
    for name in ids(old.certified.keys(), new.certified.keys()) {
        let what = quoted(name);
        match (old.certified.get(name), new.certified.get(name)) {
            (None, Some(date)) => {
                row.loosens(format!("has a new certificate {what} of {who}, given on {}", quoted(date)));
            }
            (Some(_), None) => row.tightens(format!("no longer has the certificate {what} of {who}")),
            (Some(old), Some(new)) if new > old => {
                row.loosens(format!("has the certificate {what} of {who} moved to {}: it holds longer", quoted(new)));
            }
            (Some(old), Some(new)) if new < old => {
                row.tightens(format!("has the certificate {what} of {who} moved back to {}", quoted(new)));
            }
            _ => {}
        }
    }
}
