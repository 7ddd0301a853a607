//! The specification in the repository itself: invariants, contracts, teams, decision records.
//!
//! Owns what is left of `.portcullis/`. Until its schema is read, only a new file is known to let nothing more through.

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "specification", claim: Claim::Rest, covers, judge };

fn covers(path: &Folded, _: &[String]) -> bool {
    path.within(".portcullis")
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    match (file.base, file.head) {
        (None, _) => Judgement::harmless("a file is added to the specification"),
        (_, None) => Judgement::loosens("a file of the specification is deleted"),
        _ => Judgement::loosens("the specification changes; whether it lets more through cannot be told"),
    }
}
