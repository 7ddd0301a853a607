//! Arguments that name the forge, and what is written there.
//!
//! Owns their names and help. Must not do anything.

use clap::{Args, ValueEnum};

/// Arguments of every command that asks a forge.
#[derive(Args, Clone, Debug)]
pub struct ForgeArguments {
    /// Ask this forge for title, labels, approvals and teams, with the token that the environment holds.
    #[arg(long, value_enum, default_value_t = ForgeChoice::Auto)]
    pub forge: ForgeChoice,
    /// Base address of its interface, for GitHub Enterprise and self-managed GitLab [default: what CI says].
    #[arg(long, value_name = "URL")]
    pub forge_url: Option<String>,
    /// Give up a reading or a writing after so many seconds [default: 120].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub forge_timeout: Option<u16>,
    /// Write these to the pull or merge request, separated by commas [default: nothing]. What the token may not write is
    /// told, and changes no verdict.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    pub publish: Vec<PublishPart>,
}

/// Which forge is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ForgeChoice {
    /// The one whose CI this is.
    Auto,
    /// GitHub, in its CI.
    Github,
    /// GitLab, in its CI.
    Gitlab,
    /// Nobody is asked; in CI, rules that need it are undecided.
    None,
}

impl ForgeChoice {
    /// Returns the word on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::None => "none",
        }
    }
}

/// What can be written to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PublishPart {
    /// The commit status `portcullis/review`: pending while people are awaited.
    Status,
    /// A check run with annotations (GitHub), notes on lines (GitLab).
    Checks,
    /// One comment, kept up to date: verdict, who is needed and why, what was found.
    Comment,
    /// The gate's own labels, `portcullis:...`.
    Labels,
    /// Requests for review, to those whose approval is missing.
    Reviewers,
    /// The SARIF document, for code scanning (GitHub).
    Sarif,
}
