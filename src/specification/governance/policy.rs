//! Policies, their data and patterns, in the folders that base configuration names.
//!
//! Owns what each file of such a folder plays in a decision, and the comparison of rules. Whether two different rule
//! texts let the same through cannot be decided, so changed text always counts as loosening. Must not load policies.

mod compare;
mod metadata;
mod scan;

pub(super) use self::compare::{added, names_read};
pub(super) use self::metadata::{RuleMetadata, rules_of};

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "policy", claim: Claim::Configured, covers, judge };

fn covers(path: &Folded, places: &Places) -> bool {
    places.policies.iter().any(|folder| path.within(Folded::new(folder).as_str()))
}

/// What a file of a policy folder is; the same endings that the loader goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Rules,
    Pattern,
    Data,
    /// Tests, cases and prose: no part of a decision.
    Nothing,
}

fn part(inside: &str) -> Part {
    let within = |folder: &str| inside.starts_with(folder) || inside.contains(&format!("/{folder}"));
    let yaml = inside.ends_with(".yaml") || inside.ends_with(".yml");
    if within("cases/") || inside.ends_with("_test.rego") {
        Part::Nothing
    } else if inside.ends_with(".rego") {
        Part::Rules
    } else if yaml && within("patterns/") {
        Part::Pattern
    } else if yaml || inside.ends_with(".json") {
        Part::Data
    } else {
        Part::Nothing
    }
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let part = part(file.kind.inside(file.path));
    match (part, file.base, file.head) {
        (Part::Nothing, ..) => Judgement::harmless("tests, cases or prose beside the policies change; no rule does"),
        (Part::Rules, Some(_), None) => Judgement::loosens("the policy file is deleted or moved away"),
        (Part::Rules, None, Some(head)) => added(head, &file.rules.names),
        (Part::Rules, None, None) => Judgement::loosens("neither side can be read"),
        (Part::Rules, Some(base), Some(head)) => compare::files(base, head, &file.rules.names),
        (Part::Pattern, Some(_), None) => Judgement::loosens("the pattern file is deleted or moved away"),
        (Part::Pattern, None, _) => Judgement::harmless("a pattern file is added"),
        (Part::Pattern, ..) => Judgement::loosens("patterns change; whether they match less cannot be told"),
        (Part::Data, ..) => {
            Judgement::loosens("data of the policies changes; whether the rules let more through by it cannot be told")
        }
    }
}

#[cfg(test)]
mod tests;
