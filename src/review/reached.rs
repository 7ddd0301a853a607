//! Whom a change concerns: the owners of its files, and the owners of systems that consume a contract it breaks.
//!
//! Owns which owner answers for a file: that of the system which holds it, by the specification; else those whom
//! CODEOWNERS names, as teams of the specification where their handle is one's. Must not decide how deep the review is.

use std::collections::{BTreeMap, BTreeSet};

use super::ReviewRequest;
use crate::finding::RuleId;
use crate::policies::input::{ContractEntry, FileEntry};
use crate::specification::Specification;
use crate::specification::hosted::HostedSystem;
use crate::untrusted::Untrusted;

/// Between handles of which any one is enough.
pub const OR: &str = " | ";

/// The rule that asks where a contract is broken.
pub const BROKEN_CONTRACT: &str = "contracts/broken";

/// The owners that a change reaches. Every changed file stands under an owner or in `unowned`, under both its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Paths by owner: the id of a team, or several ids and handles (with `@`) of which any one is enough, joined by [`OR`].
    pub owners: BTreeMap<String, BTreeSet<String>>,
    /// Files that nobody is known to own.
    pub unowned: BTreeSet<String>,
}

impl Reached {
    /// Returns the owners of changed files; `hosted` are the systems that the repository holds.
    ///
    /// CODEOWNERS is the base's: `FileEntry::owners` for where a file stands now, `moved` for where a moved one stood, by
    /// old path. A file that moved reaches the owners of both places; of several owners named for one place one is
    /// enough, as on the forges.
    #[must_use]
    pub fn of(
        files: &[FileEntry],
        moved: &BTreeMap<String, Vec<String>>,
        hosted: &[HostedSystem],
        specification: &Specification,
    ) -> Self {
        let mut reached = Self::default();
        for file in files {
            reached.add(&file.path, &file.owners, hosted, specification);
            if file.old_path != file.path {
                let owners = moved.get(&file.old_path).map(Vec::as_slice).unwrap_or_default();
                reached.add(&file.old_path, owners, hosted, specification);
            }
        }
        reached
    }

    fn add(&mut self, path: &str, handles: &[String], hosted: &[HostedSystem], specification: &Specification) {
        let system = Specification::system_of(hosted, path).and_then(|at| specification.systems.get(&at.id));
        let team = system.map(|system| system.owner.clone()).filter(|owner| !owner.is_empty());
        match team.or_else(|| any_of(handles, specification)) {
            Some(owner) => self.owners.entry(owner).or_default().insert(path.to_owned()),
            None => self.unowned.insert(path.to_owned()),
        };
    }
}

/// Returns handles of which any one is enough as one name, the same for the same handles in any order.
fn any_of(handles: &[String], specification: &Specification) -> Option<String> {
    let named = |handle: &'_ str| {
        let mut teams = specification.teams.values();
        let team = teams.find(|team| team.handles.iter().any(|own| own.trim().eq_ignore_ascii_case(handle)));
        team.map_or_else(|| handle.to_owned(), |team| team.id.clone())
    };
    let handles = handles.iter().map(|handle| handle.trim()).filter(|handle| !handle.is_empty());
    let names: BTreeSet<String> = handles.map(named).collect();
    (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join(OR))
}

/// Returns what broken contracts ask for: layer 3, and the owner of each system that consumes one.
///
/// A consumer that the specification does not know is asked for by the layer alone.
#[must_use]
pub fn contract_requests(contracts: &[ContractEntry], specification: &Specification) -> Vec<ReviewRequest> {
    let mut requests = Vec::new();
    for contract in contracts.iter().filter(|contract| contract.verdict == "breaking") {
        let mut ask = |team: &str, reason: String| {
            let Ok(rule) = RuleId::new(BROKEN_CONTRACT) else { return };
            requests.push(ReviewRequest {
                rule,
                reason: Untrusted::new(reason),
                layer: 3,
                team: Untrusted::new(team),
                count: 1,
                certified: String::new(),
                paths: Vec::new(),
                record: false,
            });
        };
        ask("", format!("the contract {} is broken", contract.id));
        for consumer in &contract.consumers {
            if let Some(system) = specification.systems.get(consumer).filter(|system| !system.owner.is_empty()) {
                ask(&system.owner, format!("{consumer} consumes the contract {}, which is broken", contract.id));
            }
        }
    }
    requests.sort();
    requests.dedup();
    requests
}

#[cfg(test)]
mod tests;
