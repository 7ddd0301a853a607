//! GitHub: its live state read, and what is published written.
//!
//! Owns the client of one repository. What it can and cannot say:
//!
//! - The token of a workflow (`GITHUB_TOKEN`) never reads team membership; that takes `PORTCULLIS_ORG_TOKEN` with the
//!   permission `members: read`.
//! - Authors of commits are known by their e-mail address, which anybody can write; who pushed last is known from the
//!   repository's activity where the branch can be seen, and is left empty for a private fork.
//! - The list of commits ends at 250; a longer change is read from the comparison of its ends.
//!
//! - When it was made to want into another branch is known from its events, which may take `issues: read`.
//!
//! Must not judge. Reading needs `contents: read` and `pull-requests: read`; each part of publishing one more.

mod check;
mod comment;
mod connection;
mod contributors;
mod labels;
mod line;
mod neighbours;
mod open;
mod people;
mod publish;
mod pull;
mod reviewers;
mod sarif;
mod settings;
mod status;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::change::Environment;
use crate::clock::Deadline;
use crate::forge::address::{Address, escaped};
use crate::forge::patience::Patience;
use crate::forge::publication::Publication;
use crate::forge::settings::Settings as Answers;
use crate::forge::target::Target;
use crate::forge::token::Tokens;
use crate::forge::{Asked, Ends, Forge, ForgeError, Neighbour, OpenChange};
use crate::review::state::PullState;

use line::Line;

/// The variable with the login of the account that the token stands for, where that is an App: `my-app[bot]`.
pub const ACCOUNT: &str = "PORTCULLIS_ACCOUNT";

/// What is needed to ask a GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Base address of its interface.
    pub address: Address,
    /// `owner/name`.
    pub project: String,
    /// The tokens.
    pub tokens: Tokens,
    /// Certificates (PEM) that are trusted beside those of the system.
    pub authorities: Option<Vec<u8>>,
    /// Login of the account that the token stands for, where the forge will not tell.
    pub account: Option<String>,
    /// Milliseconds that one task (a reading, a publication) may take, waits included.
    pub task_ms: u64,
    /// First pause between two attempts.
    pub pause: Duration,
    /// What makes the pauses of this run differ from those of others.
    pub seed: String,
}

/// One task takes no longer than this by default, in milliseconds.
const TASK_MS: u64 = 120_000;

/// First pause between two attempts by default.
const PAUSE: Duration = Duration::from_millis(500);

impl Settings {
    /// Returns the settings for a target of CI; `address` goes before what CI says.
    ///
    /// # Errors
    /// When there is no token, or the address or the file of certificates cannot be used.
    pub fn of(target: &Target, address: Option<&str>, environment: &Environment) -> Result<Self, ForgeError> {
        let unset = |why: String, remedy: &str| ForgeError {
            request: "settings for GitHub".to_owned(),
            why,
            remedy: remedy.to_owned(),
        };
        let address = Address::of("github", address, environment)
            .map_err(|why| unset(why, "check GITHUB_API_URL, or the address that was given"))?;
        let tokens = Tokens::of("github", environment);
        if tokens.project.is_none() {
            return Err(unset("there is no token".to_owned(), "pass `GITHUB_TOKEN: ${{ github.token }}` to the step"));
        }
        let authorities = target.authorities.as_deref().map(std::fs::read).transpose().map_err(|error| {
            unset(format!("the file of certificates cannot be read: {}", error.kind()), "check PORTCULLIS_CA_FILE")
        })?;
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let run = ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB"].iter().filter_map(|name| set(name));
        Ok(Self {
            address,
            project: target.project.clone(),
            tokens,
            authorities,
            account: set(ACCOUNT),
            task_ms: TASK_MS,
            pause: PAUSE,
            seed: run.collect::<Vec<_>>().join("/"),
        })
    }
}

/// One repository on GitHub, with its own thread-bound runtime.
pub struct GitHub {
    runtime: Runtime,
    settings: Settings,
    owner: String,
    /// `/repos/owner/name`.
    repository: String,
    line: Line,
    /// Where the organisation has a token of its own.
    organisation: Option<Line>,
    /// Tips of branches, as they were when this run asked first.
    tips: RefCell<BTreeMap<String, String>>,
}

impl GitHub {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// When the project is not `owner/name`, or the connection cannot be prepared.
    pub fn new(settings: Settings) -> Result<Self, ForgeError> {
        let remedy = "check GITHUB_REPOSITORY and PORTCULLIS_CA_FILE".to_owned();
        let failed = |why: String| ForgeError { request: "GitHub".to_owned(), why, remedy: remedy.clone() };
        let Some((owner, name)) = settings.project.split_once('/').filter(|(_, name)| !name.contains('/')) else {
            return Err(failed("the project is not `owner/name`".to_owned()));
        };
        let repository = format!("/repos/{}/{}", escaped(owner), escaped(name));
        let owner = owner.to_owned();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failed(format!("no runtime can be started: {error}")))?;
        let line = Line::new(&settings, settings.tokens.project.as_ref(), &runtime).map_err(failed)?;
        let organisation = match &settings.tokens.organisation {
            Some(token) => Some(Line::new(&settings, Some(token), &runtime).map_err(failed)?),
            None => None,
        };
        Ok(Self { runtime, settings, owner, repository, line, organisation, tips: RefCell::default() })
    }

    /// Returns the patience of one task, beginning now.
    fn patience(&self) -> Patience {
        Patience::new(Deadline::after_ms(self.settings.task_ms), self.settings.pause, &self.settings.seed)
    }

    /// Returns a path below the repository.
    fn path(&self, below: &str) -> String {
        format!("{}{below}", self.repository)
    }

    /// Returns the line on which membership is asked.
    fn members_line(&self) -> &Line {
        self.organisation.as_ref().unwrap_or(&self.line)
    }
}

impl Forge for GitHub {
    fn pull(&self, asked: &Asked) -> Result<PullState, ForgeError> {
        self.runtime.block_on(self.read_pull(asked))
    }

    fn ends(&self, number: u64) -> Result<Ends, ForgeError> {
        self.runtime.block_on(self.read_ends(number))
    }

    fn open_pulls(&self) -> Result<Vec<OpenChange>, ForgeError> {
        self.runtime.block_on(self.list_open())
    }

    fn with_head(&self, head: &str, known: Option<&[OpenChange]>) -> Result<Vec<OpenChange>, ForgeError> {
        self.runtime.block_on(self.sharing(head, known))
    }

    fn pull_of(&self, head: &str) -> Result<u64, ForgeError> {
        self.runtime.block_on(self.find_by_head(head))
    }

    fn neighbours(&self, target_branch: &str) -> Result<Vec<Neighbour>, ForgeError> {
        self.runtime.block_on(self.list_neighbours(target_branch))
    }

    fn paths(&self, number: u64) -> Result<(Vec<String>, bool), ForgeError> {
        self.runtime.block_on(self.list_paths(number))
    }

    fn publish(&self, what: &Publication) -> Vec<String> {
        self.runtime.block_on(self.publish_all(what))
    }

    fn settings(&self, branch: &str) -> Answers {
        Answers::Github(Box::new(self.runtime.block_on(self.read_settings(branch))))
    }
}
