//! Waivers: each lets findings through, so one more, a longer or a wider one loosens.

use super::row::{Row, Rows, quoted};
use super::{ids, owners_of};
use crate::specification::Specification;
use crate::specification::waiver::{Instance, Waiver};

pub(super) fn compare(base: &Specification, head: &Specification, rows: &mut Rows) {
    for id in ids(base.waivers.keys(), head.waivers.keys()) {
        let (old, new) = (base.waivers.get(id), head.waivers.get(id));
        let Some(at) = new.or(old) else { continue };
        let systems = [old, new].into_iter().flatten().map(|waiver| &waiver.system);
        let concerned = owners_of(base, head, systems);
        let owner = old.or(new).map(|waiver| &waiver.requested_by);
        let mut row = rows.row("waiver", id, (&at.file, at.line)).owned_by(owner).concerning(concerned);
        match (old, new) {
            (Some(_), None) => row.tightens("is withdrawn"),
            (None, Some(new)) => {
                let (rule, until) = (quoted(&new.rule), quoted(&new.until));
                row.loosens(format!("is a new waiver of {rule} until {until}"));
            }
            (Some(old), Some(new)) => changed(old, new, &mut row),
            (None, None) => {}
        }
    }
}

fn changed(old: &Waiver, new: &Waiver, row: &mut Row<'_>) {
    if old.rule != new.rule || old.system != new.system {
        let (rule, system) = (quoted(&new.rule), quoted(&new.system));
        row.loosens(format!("now waives {rule} in {system}, which is another waiver"));
    }
    let missing = |these: &[Instance], those: &[Instance]| -> Vec<String> {
        these.iter().filter(|one| !those.contains(one)).map(|one| quoted(&one.path)).collect()
    };
    let (gained, lost) = (missing(&new.at, &old.at), missing(&old.at, &new.at));
    if let Some(first) = gained.first() {
        row.loosens(format!("covers {} more, such as {first}", instances(gained.len())));
    }
    if let Some(first) = lost.first() {
        row.tightens(format!("covers {} less, such as {first}", instances(lost.len())));
    }
    // Dates of one spelling compare as text.
    if new.until > old.until {
        row.loosens(format!("is extended from {} to {}", quoted(&old.until), quoted(&new.until)));
    } else if new.until < old.until {
        row.tightens(format!("ends on {} instead of {}", quoted(&new.until), quoted(&old.until)));
    }
    if new.from < old.from {
        row.loosens(format!("starts on {} instead of {}", quoted(&new.from), quoted(&old.from)));
    } else if new.from > old.from {
        row.tightens(format!("starts only on {} instead of {}", quoted(&new.from), quoted(&old.from)));
    }
    row.untold(&old.approved_by, &new.approved_by, format!("is said to be approved by {}", quoted(&new.approved_by)));
    row.untold(
        &old.requested_by,
        &new.requested_by,
        format!("is said to be asked for by {}", quoted(&new.requested_by)),
    );
    row.words("reason", &old.reason, &new.reason);
    row.words("ticket", &old.ticket, &new.ticket);
}

fn instances(count: usize) -> String {
    if count == 1 { "one place".to_owned() } else { format!("{count} places") }
}
