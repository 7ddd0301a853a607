//! The name of the head branch: a hint, for anybody may name a branch anything.
//!
//! Owns which variables of CI systems name it. Must not decide: every row of this kind is of class `hint`.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::{Source, Subject};
use crate::change::Environment;

pub(super) const SOURCE: Source = Source { name: "branch", find };

/// The variables that name the head branch of a pull or merge request, GitHub's and GitLab's.
const VARIABLES: &[&str] = &["GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"];

/// Returns the name of the head branch, where a CI system says it, else nothing.
#[must_use]
pub fn branch_name(environment: &Environment) -> &str {
    let named = VARIABLES.iter().filter_map(|variable| environment.get(*variable));
    named.map(String::as_str).find(|name| !name.is_empty()).unwrap_or_default()
}

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    catalogue.find(MarkKind::BranchPrefix, subject.branch, SOURCE.name)
}

#[cfg(test)]
mod tests {
    use super::branch_name;
    use crate::provenance::catalogue::Catalogue;
    use crate::provenance::evidence::{MarkKind, Strength};

    #[test]
    fn a_branch_name_is_taken_from_ci_and_is_only_a_hint() {
        let environment = [("GITHUB_HEAD_REF", ""), ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "codex/fix-parser")];
        let environment = environment.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let found = Catalogue::get().find(MarkKind::BranchPrefix, branch_name(&environment), "branch");
        assert_eq!(found.iter().map(|hint| hint.strength).collect::<Vec<_>>(), [Strength::Hint]);
        assert_eq!(branch_name(&std::collections::BTreeMap::new()), "");
    }
}
