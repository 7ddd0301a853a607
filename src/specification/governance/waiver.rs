//! Waivers: dated, owned, narrow exceptions.
//!
//! Owns their place. A waiver lets findings through, so a new, longer or wider one loosens, and where waivers cannot be
//! compared everything but their end does.

use super::path::Folded;
use super::specification::{covers_folder, told};
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "waiver", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, places: &Places) -> bool {
    covers_folder(path, places, "waivers")
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    told(file).unwrap_or_else(|| match (file.base, file.head) {
        (None, _) => Judgement::loosens("a waiver is added"),
        (_, None) => Judgement::harmless("a waiver is withdrawn"),
        _ => Judgement::loosens("a waiver changes; whether it now covers more cannot be told"),
    })
}
