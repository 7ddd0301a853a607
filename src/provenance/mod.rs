//! How it was made: evidence about commits, resolved to the lines that the change adds.
//!
//! Owns the three answers for commits and lines, and who is accountable. `sources` looks for evidence in the
//! `catalogue`, `evidence` says what it is worth, `lines` brings it to lines (with `change::attribute`), `summary` says it in one
//! line, `people` names humans, `marks` reads lines like trailers wherever they stand, `agents` recognises agents of the specification. Must not touch git, and must not judge a change by it.
//!
//! **What the answers mean.** `ai`: a mark of a tool, an accepted suggestion, or a person's statement; hints (branch
//! names) never decide. `unknown`: no evidence. Marks can be forged and stripped by the author of the change, so `ai` is
//! a claim and its absence proves nothing. **Nothing read today answers `human`**: a statement that a human wrote it is
//! the author's own word and relaxes nothing, and commits hold no other. The answer is kept for records from a side
//! that the author does not control. Where evidence disagrees, all of it is recorded and the stricter answer holds.

mod agents;
mod catalogue;
mod evidence;
mod lines;
mod marks;
mod people;
mod sources;
mod summary;

use std::collections::BTreeMap;

pub use self::agents::{AgentIdentity, agents_of};
pub use self::evidence::{Attribution, Class, Confidence, Evidence, MarkKind, Strength, attribution};
pub use self::lines::{FileProvenance, Span};
pub use self::sources::branch_name;
use crate::change::{Change, Hunk, Repository};
use crate::limits::Limits;
use crate::untrusted::Untrusted;

/// Says whether an account of a forge is that of a known tool or robot, although it may look like a person's there.
#[must_use]
pub fn is_machine_login(login: &str) -> bool {
    catalogue::Catalogue::get().is_machine_login(login.trim())
}

/// How one commit was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitProvenance {
    /// The answer.
    pub attribution: Attribution,
    /// All evidence, strongest first.
    pub evidence: Vec<Evidence>,
    /// The accountable human as `Name <address>`, or empty.
    pub accountable: Untrusted,
}

/// How a change was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// By commit, in the order of `Change::commits`.
    pub commits: Vec<CommitProvenance>,
    /// By path on the head side, for files with added lines.
    pub files: BTreeMap<String, FileProvenance>,
    /// The one human who is accountable for every commit, as `Name <address>`, or empty.
    pub accountable: Untrusted,
    /// One-line notes: what is AI-assisted where there is evidence, and what could not be attributed.
    pub notes: Vec<String>,
}

impl Provenance {
    /// Says whether a rule that applies to AI covers this line; `unknown_counts_as_ai` is the base configuration's.
    ///
    /// A line that nothing is known about is unknown, whatever its path.
    #[must_use]
    pub fn is_ai_or_unknown(&self, path: &str, line: u32, unknown_counts_as_ai: bool) -> bool {
        match self.files.get(path) {
            Some(file) => file.is_ai_or_unknown(line, unknown_counts_as_ai),
            None => unknown_counts_as_ai,
        }
    }
}

/// Resolves how a change was made: its commits, and the lines that it adds by `added`, the changed runs by path.
///
/// `branch` is the head branch's name where known, a hint. Line work is done only where commits differ in their answer.
#[must_use]
pub fn resolve(
    change: &Change,
    repository: &Repository,
    added: &BTreeMap<&str, &[Hunk]>,
    branch: &str,
    limits: &Limits,
) -> Provenance {
    let mut commits = Vec::with_capacity(change.commits.len());
    let mut people = Vec::with_capacity(change.commits.len());
    for (at, commit) in change.commits.iter().enumerate() {
        let branch = if at + 1 == change.commits.len() { branch } else { "" };
        let evidence = sources::evidence(&sources::Subject { commit, branch });
        let person = people::accountable(commit);
        let accountable = person.as_ref().map_or_else(Untrusted::default, people::shown);
        commits.push(CommitProvenance { attribution: attribution(&evidence), evidence, accountable });
        people.push(person);
    }
    // With commits missing from the list, nobody can answer for all of them.
    let accountable = if change.commits_complete { people::of_change(&people) } else { Untrusted::default() };
    let (files, mut notes) = lines::of_change(change, repository, &commits, added, limits);
    notes.splice(0..0, summary::note(&commits, &files));
    Provenance { commits, files, accountable, notes }
}
