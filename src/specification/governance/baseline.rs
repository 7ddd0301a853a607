//! The baseline: findings that were there before the gate was.
//!
//! Owns its place. What stands in it does not gate, so everything but its end loosens.

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "baseline", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &[String]) -> bool {
    path.is(".portcullis/baseline.json")
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    match (file.base, file.head) {
        (None, _) => Judgement::loosens("a baseline is added: the findings in it no longer gate"),
        (_, None) => Judgement::harmless("the baseline is removed: its findings gate again"),
        _ => Judgement::loosens("the baseline changes; whether more findings stand in it cannot be told"),
    }
}
