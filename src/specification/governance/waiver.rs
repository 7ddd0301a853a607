//! Waivers: dated, owned, narrow exceptions.
//!
//! Owns their place. A waiver lets a finding through, so everything but its end loosens.

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "waiver", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &[String]) -> bool {
    path.within(".portcullis/waivers")
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    match (file.base, file.head) {
        (None, _) => Judgement::loosens("a waiver is added"),
        (_, None) => Judgement::harmless("a waiver is withdrawn"),
        _ => Judgement::loosens("a waiver changes; whether it now covers more cannot be told"),
    }
}
