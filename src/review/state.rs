//! What a forge said about one open change, as plain values: the request itself, who said what about it, who may say it.
//!
//! Owns the values and how they are saved. Must not ask a forge (`forge` does) and must not judge (`approvals` does).
//! Logins and team handles are kept as the forge writes them, without `@`; they are compared without regard to case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::change::Carried;

/// Whether facts of the forge could be asked for, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForgeFacts {
    /// Not asked: a run at somebody's desk. Rules that need them wait for CI.
    Local,
    /// In CI, but not obtained, and why: rules that need them make the change undecided, and nobody has approved.
    NotObtained(String),
    /// What the forge says now.
    Obtained(Box<PullState>),
}

impl ForgeFacts {
    /// Returns the state of the request, where it was obtained.
    #[must_use]
    pub fn obtained(&self) -> Option<&PullState> {
        match self {
            Self::Obtained(state) => Some(state),
            Self::Local | Self::NotObtained(_) => None,
        }
    }
}

/// The live state of one pull request or merge request. Everything here was read from the forge, nothing from an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullState {
    /// `github` or `gitlab`.
    pub forge: String,
    /// `owner/name`, or the path of the project.
    pub project: String,
    /// Its number in the project.
    pub number: u64,
    /// Its address.
    pub url: String,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Labels, sorted.
    pub labels: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Who opened it.
    pub author: String,
    /// Whether its head is in another project.
    pub from_fork: bool,
    /// Name of the head branch.
    pub source_branch: String,
    /// Name of the target branch.
    pub target_branch: String,
    /// Full id of its head.
    pub head: String,
    /// Full id of the target branch's tip, as the forge has it.
    pub base: String,
    /// Full id of a commit that the target branch had when something was pushed to the change last (its tip then, or where
    /// the change forks off), or empty where that is not told.
    #[serde(default)]
    pub pushed_base: String,
    /// When its target branch was last changed, as the forge writes it (RFC 3339, UTC), or empty where it never was or the
    /// forge has no such thing; [`UNKNOWN_TIME`] where it did not say. What was approved before that was another change.
    #[serde(default)]
    pub retargeted: String,
    /// How many files the forge says have changed, or none where it does not say.
    pub changed_files: Option<u32>,
    /// Everything that was said, oldest first.
    pub opinions: Vec<Opinion>,
    /// Whether more was said that was not told: the list was refused, whole or in part. Then what somebody said last is not
    /// known of anybody.
    #[serde(default)]
    pub opinions_missing: bool,
    /// Everybody named in this state, by login: what they are and what they may.
    pub people: BTreeMap<String, Person>,
    /// The teams that were asked for, by handle (`organisation/team`).
    pub teams: BTreeMap<String, Membership>,
    /// Logins of authors, committers and co-authors of its commits, as far as the forge knows them; sorted.
    pub contributors: Vec<String>,
    /// Whether there are commits whose contributors were not told: the list was refused, or cut short.
    #[serde(default)]
    pub contributors_missing: bool,
    /// Who pushed last, or empty where the forge does not say.
    pub last_pusher: String,
    /// How many changes of the same author are open, this one included, or none where that is not known.
    pub open_changes: Option<u32>,
    /// What was asked and not answered, a sentence each, sorted; nobody's approval rests on what is missing.
    pub gaps: Vec<String>,
}

/// Stands for a time that the forge did not tell.
pub const UNKNOWN_TIME: &str = "unknown";

/// One thing that a person (or a program) said about the change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// Who.
    pub login: String,
    /// What.
    pub stance: Stance,
    /// The head at which it was said, or empty where nobody knows any more.
    pub commit: String,
    /// When, as the forge writes it (RFC 3339).
    pub at: String,
}

/// What an opinion says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// Yes.
    Approved,
    /// Not like this.
    ChangesRequested,
    /// Taken back, or dismissed by somebody else.
    Dismissed,
    /// Words only; leaves an earlier stance as it was.
    Commented,
    /// Something that this version does not know; never a yes, and it ends an earlier one.
    Unknown,
}

/// What an account is and what it may.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// A human's account, a program's, or not known.
    pub kind: AccountKind,
    /// Whether it may write to the project.
    pub writes: Answer,
}

/// Whose account it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// A human's.
    Human,
    /// A program's.
    Bot,
    /// Not known.
    #[default]
    Unknown,
}

/// An answer; unknown is no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The forge did not say.
    #[default]
    Unknown,
}

/// Who is in a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Membership {
    /// These, sorted.
    Members(Vec<String>),
    /// The token may not read it, or there is no such team: why.
    Unreadable(String),
}

/// What became of each commit that was approved and is not head, by full id.
pub type Freshness = BTreeMap<String, Carried>;
