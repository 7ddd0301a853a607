//! GitHub: its live state read, and what is published written.
//!
//! Owns the client of one repository. What it can and cannot say:
//!
//! - The token of a workflow (`GITHUB_TOKEN`) never reads team membership; that takes `PORTCULLIS_ORG_TOKEN` with the
//!   permission `members: read`.
//! - Authors of commits are known by their e-mail address, which anybody can write; who pushed last is known from the
//!   repository's activity where the branch can be seen, and is left empty for a private fork.
//! - `GET .../pulls/N/commits` ends at 250 commits; of a longer change not all contributors are known.
//!
//! Must not judge. Reading needs `contents: read` and `pull-requests: read`; each part of publishing one more.

mod check;
mod comment;
mod contributors;
mod labels;
mod line;
mod people;
mod publish;
mod pull;
mod reviewers;
mod sarif;
mod status;
mod wire;

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::clock::Deadline;
use crate::forge::access::Access;
use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::publication::Publication;
use crate::forge::{Asked, Forge, ForgeError};
use crate::review::state::PullState;

use line::Line;

/// One repository on GitHub, with its own thread-bound runtime.
pub struct GitHub {
    runtime: Runtime,
    access: Access,
    owner: String,
    /// `/repos/owner/name`.
    repository: String,
    line: Line,
    /// Where the organisation has a token of its own.
    organisation: Option<Line>,
}

impl GitHub {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// When the project is not `owner/name`, or the connection cannot be prepared.
    pub fn new(access: Access) -> Result<Self, ForgeError> {
        let failed = |why: String| ForgeError { request: "GitHub".to_owned(), why, remedy: String::new() };
        let Some((owner, name)) = access.project.split_once('/').filter(|(_, name)| !name.contains('/')) else {
            return Err(failed("the project is not `owner/name`".to_owned()));
        };
        let repository = format!("/repos/{}/{}", escaped(owner), escaped(name));
        let owner = owner.to_owned();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failed(format!("no runtime can be started: {error}")))?;
        let line = Line::new(&access, access.tokens.project.as_ref(), &runtime).map_err(failed)?;
        let organisation = match &access.tokens.organisation {
            Some(token) => Some(Line::new(&access, Some(token), &runtime).map_err(failed)?),
            None => None,
        };
        Ok(Self { runtime, access, owner, repository, line, organisation })
    }

    /// Returns the patience of one task, beginning now.
    fn patience(&self) -> Patience {
        let pause = Duration::from_millis(self.access.pause_ms);
        Patience::new(Deadline::after_ms(self.access.budget_ms), pause, &self.access.run)
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

    fn open_pulls(&self, target_branch: &str) -> Result<Vec<u64>, ForgeError> {
        self.runtime.block_on(self.list_open(target_branch))
    }

    fn pull_of(&self, head: &str) -> Result<u64, ForgeError> {
        self.runtime.block_on(self.find_by_head(head))
    }

    fn publish(&self, what: &Publication) -> Vec<String> {
        self.runtime.block_on(self.publish_all(what))
    }
}
