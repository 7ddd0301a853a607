//! Which ways lead around the gate: the forge's settings and the files of CI, held against one table of checks.
//!
//! Owns what a way around is, how it is told, and what was not known. A check is a pure function over values that were
//! read before; the table is [`checks::CHECKS`]. Must not open a socket (`forge` read the settings), must not run a
//! command (`remedy` writes them for people), and never takes what is not known for in order.

pub mod checks;
pub mod diagnosis;
pub mod files;
pub mod pipeline;
pub mod remedy;
pub mod workflow;

use crate::forge::settings::{Gap, GithubSettings, GitlabSettings, Read, Settings};
use files::Files;
use remedy::Fix;

/// Everything that is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Whose project it is.
    pub forge: Kind,
    /// `owner/name`, or the path of the project; empty where that is not known.
    pub project: String,
    /// The branch that changes want into; empty where that is not known.
    pub branch: String,
    /// The settings, or why nobody was asked.
    pub settings: Result<Settings, Gap>,
    /// The files of CI, owners and the gate.
    pub files: Files,
    /// Whether the token is that of a CI job, and not of a person at a desk.
    pub in_ci: bool,
}

/// Whose project it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// GitHub.
    Github,
    /// GitLab.
    Gitlab,
}

impl Kind {
    /// Returns the word for it in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }
}

impl Examined {
    /// Returns GitHub's settings.
    pub(crate) fn github(&self) -> Result<&GithubSettings, &Gap> {
        match &self.settings {
            Ok(Settings::Github(settings)) => Ok(settings),
            Ok(Settings::Gitlab(_)) => Err(&OTHER),
            Err(gap) => Err(gap),
        }
    }

    /// Returns GitLab's settings.
    pub(crate) fn gitlab(&self) -> Result<&GitlabSettings, &Gap> {
        match &self.settings {
            Ok(Settings::Gitlab(settings)) => Ok(settings),
            Ok(Settings::Github(_)) => Err(&OTHER),
            Err(gap) => Err(gap),
        }
    }

    /// Returns the branch as it is told.
    pub(crate) fn branch_name(&self) -> &str {
        if self.branch.is_empty() { "the default branch" } else { &self.branch }
    }
}

/// The settings of one forge say nothing about another; no check asks so.
static OTHER: Gap = Gap { request: String::new(), why: String::new(), needs: String::new() };

/// Which forges a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Both.
    Both,
    /// GitHub alone.
    Github,
    /// GitLab alone.
    Gitlab,
}

impl Of {
    /// Says whether it is about that forge.
    #[must_use]
    pub fn is(self, kind: Kind) -> bool {
        match self {
            Self::Both => true,
            Self::Github => kind == Kind::Github,
            Self::Gitlab => kind == Kind::Gitlab,
        }
    }
}

/// One check: a row of the table.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its name, for ever.
    pub id: &'static str,
    /// Which forges it is about.
    pub of: Of,
    /// What holds where it finds nothing, as a sentence.
    pub holds: &'static str,
    /// Looks.
    pub judge: fn(&Examined) -> Judgement,
}

/// A way around the gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Where: a setting, or a file with its line.
    pub place: String,
    /// What somebody can do with it, as one sentence.
    pub what: String,
    /// What closes it, as a sentence.
    pub remedy: String,
    /// What closes it, ready to be copied.
    pub fixes: Vec<Fix>,
}

impl Way {
    /// Returns a way at a place, without a command.
    #[must_use]
    pub fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into(), fixes: Vec::new() }
    }

    /// Adds what can be copied.
    #[must_use]
    pub fn with(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// What one check found. Nothing in it means that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The ways around.
    pub ways: Vec<Way>,
    /// What was not known and had to be.
    pub gaps: Vec<Gap>,
    /// Whether there is nothing to judge, because another check has said so already, or there is no such thing here.
    pub moot: bool,
}

impl Judgement {
    /// Returns that nothing was found.
    #[must_use]
    pub fn holds() -> Self {
        Self::default()
    }

    /// Returns that there is nothing to judge.
    #[must_use]
    pub fn moot() -> Self {
        Self { moot: true, ..Self::default() }
    }

    /// Returns one way.
    #[must_use]
    pub fn way(way: Way) -> Self {
        Self::ways([way])
    }

    /// Returns the ways that there are.
    #[must_use]
    pub fn ways(ways: impl IntoIterator<Item = Way>) -> Self {
        Self { ways: ways.into_iter().collect(), ..Self::default() }
    }

    /// Returns that it cannot be said.
    #[must_use]
    pub fn unknown(gap: &Gap) -> Self {
        Self { gaps: vec![gap.clone()], ..Self::default() }
    }

    /// Judges what was read; what was not stays unknown.
    pub fn of<T>(read: &Read<T>, judge: impl FnOnce(&T) -> Self) -> Self {
        match read {
            Read::Known(value) => judge(value),
            Read::Unknown(gap) => Self::unknown(gap),
        }
    }

    /// Adds what another one found.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.ways.extend(other.ways);
        self.gaps.extend(other.gaps);
        self.moot &= other.moot;
        self
    }
}
