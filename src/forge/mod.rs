//! GitHub and GitLab: the only code that opens a socket.
//!
//! Owns what is asked of a forge and what is written there, one file or folder a forge. Must not judge: what it was told
//! becomes a [`PullState`], whose approvals only `review` weighs. Must not decide either: what is written arrives as a
//! [`Publication`], and nothing that happens while it is written changes the verdict.
//!
//! To add a forge: its folder here, its feature in `Cargo.toml` and its line in [`KINDS`].

pub mod address;
pub mod composed;
pub mod connect;
#[cfg(feature = "github")]
pub mod github;
#[cfg(feature = "gitlab")]
pub mod gitlab;
pub mod patience;
pub mod publication;
pub mod settings;
pub mod target;
pub mod token;

use std::fmt;

use crate::review::state::PullState;
use publication::Publication;
use settings::Settings;

/// The forges, sorted by name. A test holds this list against the folder.
pub const KINDS: &[&str] = &["github", "gitlab"];

/// One forge, ready to be asked about one project.
pub trait Forge {
    /// Reads the live state of one open change.
    ///
    /// Whatever the token may not read is left out and named in `gaps`; only where the change itself cannot be read is it
    /// an error.
    ///
    /// # Errors
    /// When the change cannot be read.
    fn pull(&self, asked: &Asked) -> Result<PullState, ForgeError>;

    /// Returns where one change leads from and to, as it is now.
    ///
    /// # Errors
    /// When that cannot be read, the tip of its target branch included.
    fn ends(&self, number: u64) -> Result<Ends, ForgeError>;

    /// Returns all open changes, ascending by number.
    ///
    /// # Errors
    /// When the list cannot be read to its end.
    fn open_pulls(&self) -> Result<Vec<OpenChange>, ForgeError>;

    /// Returns all open changes whose head is this commit, in whichever project, sorted. `known` are all open ones where
    /// they have been listed in this run already.
    ///
    /// # Errors
    /// When a list cannot be read to its end.
    fn with_head(&self, head: &str, known: Option<&[OpenChange]>) -> Result<Vec<OpenChange>, ForgeError>;

    /// Returns the number of the one open change whose head is this commit.
    ///
    /// # Errors
    /// When the list cannot be read, or when there is none or more than one.
    fn pull_of(&self, head: &str) -> Result<u64, ForgeError>;

    /// Returns the open changes into a branch, at most [`NEIGHBOURS`], those that changed last.
    ///
    /// # Errors
    /// When the list cannot be read.
    fn neighbours(&self, target_branch: &str) -> Result<Vec<Neighbour>, ForgeError>;

    /// Returns the paths that an open change touches, sorted, and whether these are all.
    ///
    /// # Errors
    /// When they cannot be read.
    fn paths(&self, number: u64) -> Result<(Vec<String>, bool), ForgeError>;

    /// Writes what is asked for, each part by itself; doing it twice gives what doing it once gives. Returns one line for
    /// every part that could not be written, and why.
    fn publish(&self, what: &Publication) -> Vec<String>;

    /// Reads the settings of the project that have a part in whether a change can go around the gate; of the default branch
    /// where `branch` is empty. What cannot be read is said in its place.
    fn settings(&self, branch: &str) -> Settings;
}

/// So many other open changes are listed: one page.
pub const NEIGHBOURS: usize = 100;

/// One question about them takes no longer than this, in milliseconds: nobody waits for what only advises.
#[cfg(any(feature = "github", feature = "gitlab"))]
pub(crate) const NEIGHBOURS_MS: u64 = 15_000;

/// Another open change into the same branch, as whoever made it describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbour {
    /// Its number in the project.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its address, as the forge says it.
    pub url: String,
    /// Login of whoever opened it.
    pub author: String,
    /// Full id of its head.
    pub head: String,
    /// Whether it is a draft.
    pub draft: bool,
}

/// An open change, as a list shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenChange {
    /// Its number in the project that it wants into.
    pub number: u64,
    /// Whether that is another project than the one that is asked.
    pub elsewhere: bool,
    /// Name of the branch that it wants into.
    pub target_branch: String,
    /// Full id of its head.
    pub head: String,
}

/// Where a change leads from and to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Its number.
    pub number: u64,
    /// Whether it is open.
    pub open: bool,
    /// Full id of its head.
    pub head: String,
    /// Name of the branch that it wants into.
    pub target_branch: String,
    /// Full id of that branch's tip; the same throughout a run, so that a long one judges everything by one state.
    pub base: String,
}

/// What is asked about one change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub number: u64,
    /// Handles of the teams whose members matter (`organisation/team`), sorted.
    pub teams: Vec<String>,
    /// Whether the number of open changes of its author is wanted.
    pub open_changes: bool,
}

/// Why a forge did not answer. Never holds a token, a header or the body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgeError {
    /// What was asked: method and path without query.
    pub request: String,
    /// Why there was no answer, as a sentence.
    pub why: String,
    /// What to do about it, or empty.
    pub remedy: String,
}

impl fmt::Display for ForgeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.request, self.why)
    }
}

impl std::error::Error for ForgeError {}

#[cfg(test)]
mod tests {
    use super::KINDS;
    use super::connect::connect;
    use crate::change::Environment;
    use crate::forge::target::{Subject, Target};

    fn target(kind: &'static str) -> Target {
        let (project, head) = ("acme/shop".to_owned(), String::new());
        Target { kind, project, subject: Subject::Nothing, head, made: String::new(), authorities: None }
    }

    #[test]
    fn every_folder_is_a_forge_of_the_list() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/forge");
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let folders = entries.filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, KINDS);
    }

    #[test]
    fn without_a_token_no_forge_is_opened_and_the_reason_is_told() {
        for kind in KINDS {
            let Err(error) = connect(&target(kind), None, None, &Environment::new()) else { panic!("{kind} is open") };
            assert!(!error.why.is_empty() && !error.remedy.is_empty(), "{error:?}");
        }
    }
}
