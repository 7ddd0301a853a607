//! The lock file that pins the specification.
//!
//! Owns its place. What another commit of the specification says is not part of this change, so it cannot be told.

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "lock", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &[String]) -> bool {
    path.is("portcullis.lock")
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    match (file.base, file.head) {
        (None, _) => Judgement::harmless("a specification is pinned for the first time"),
        (_, None) => Judgement::loosens("the pin of the specification is removed"),
        _ => Judgement::loosens("another specification is pinned; whether it lets more through cannot be told here"),
    }
}
