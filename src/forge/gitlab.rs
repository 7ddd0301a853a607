//! GitLab: merge requests read and written through its REST interface, on gitlab.com and self-managed.
//!
//! Owns what a GitLab is asked for and told, as [`Forge`]. The `gitlab` crate says how a call is made (its `Endpoint` and
//! `AsyncClient`); the calls, the shapes of the answers, the connection and the patience are our own, so that a newer or
//! older GitLab, a broken proxy or a hostile link never passes for an answer. What it can and cannot say:
//!
//! - The token of a job (`CI_JOB_TOKEN`) reads the merge request, its commits and notes, and neither approvals nor people,
//!   and it writes nothing. A project or group access token reads with `read_api`, and writes with `api` as Developer; who
//!   is in a private group may take a token of that group (`PORTCULLIS_ORG_TOKEN`).
//! - Commits name people by address, which most show to nobody; who pushed is GitLab's own word, as far back as it goes.
//! - An approval has a time and no commit: which head stood then follows from the versions (`freshness`).
//! - A note on a line stands on added and changed lines only, and groups cannot be asked for a review.
//!
//! Must not judge.

mod answers;
mod api;
mod calls;
mod connection;
mod freshness;
mod lines;
mod mails;
mod neighbours;
mod note;
mod people;
mod publish;
mod pull;
mod settings;

use std::time::Duration;

use crate::change::Environment;
use crate::review::state::PullState;

use super::address::Address;
use super::publication::Publication;
use super::settings::Settings as Answers;
use super::target::{Subject, Target};
use super::token::{Token, Tokens};
use super::{Asked, Ends, Forge, ForgeError, Neighbour, OpenChange};
use answers::MergeRequest;
use api::Api;
use calls::Project;
use pull::Tips;

/// The variable in which GitLab puts the token of a job.
const JOB_TOKEN: &str = "CI_JOB_TOKEN";

/// What a job's own token looks like since GitLab 16.
const JOB_TOKEN_PREFIX: &str = "glcbt-";

/// One task takes no longer than this by default, in milliseconds.
const TASK_MS: u64 = 120_000;

/// First pause between two attempts by default.
const PAUSE: Duration = Duration::from_millis(500);

/// What is needed to ask a GitLab.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base address of its interface, with `/api/v4`.
    pub address: Address,
    /// Path or number of the project that the merge requests want into.
    pub project: String,
    /// What it is asked with; the second one, where there is one, for who is in a group.
    pub tokens: Tokens,
    /// Whether the project's is the job's own token.
    pub job_token: bool,
    /// Certificates (PEM) that are trusted beside those of the system.
    pub authorities: Option<Vec<u8>>,
    /// The pipeline that a commit status belongs to.
    pub pipeline: Option<u64>,
    /// Milliseconds that one task (a reading, a publication) may take.
    pub task_ms: u64,
    /// First pause between two attempts.
    pub pause: Duration,
    /// What makes the pauses of this run differ from those of others.
    pub seed: String,
}

impl Settings {
    /// Returns the settings for a target of CI; `address` goes before what CI says.
    ///
    /// # Errors
    /// When the address or the file of certificates cannot be used.
    pub fn of(target: &Target, address: Option<&str>, environment: &Environment) -> Result<Self, ForgeError> {
        let unset = |why: String, remedy: &str| ForgeError {
            request: "settings for GitLab".to_owned(),
            why,
            remedy: remedy.to_owned(),
        };
        let address = Address::of("gitlab", address, environment)
            .map_err(|why| unset(why, "check CI_API_V4_URL, or the address that was given"))?;
        let job = environment.get(JOB_TOKEN).and_then(|secret| Token::new(secret));
        let mut tokens = Tokens::of("gitlab", environment);
        tokens.project = tokens.project.or_else(|| job.clone());
        let authorities = target.authorities.as_deref().map(std::fs::read).transpose().map_err(|error| {
            unset(format!("the file of certificates cannot be read: {}", error.kind()), "check CI_SERVER_TLS_CA_FILE")
        })?;
        let number = |name: &str| environment.get(name).and_then(|value| value.parse().ok());
        let is_job = |token: &Token| job.as_ref() == Some(token) || token.begins_with(JOB_TOKEN_PREFIX);
        let job_token = tokens.project.as_ref().is_some_and(is_job);
        let seed = environment.get("CI_JOB_ID").cloned().unwrap_or_default();
        Ok(Self {
            address,
            project: target.project.clone(),
            tokens,
            job_token,
            authorities,
            // A scheduled pipeline stands at no merge request, whatever it writes about.
            pipeline: number("CI_PIPELINE_ID").filter(|_| matches!(target.subject, Subject::Change(_))),
            task_ms: TASK_MS,
            pause: PAUSE,
            seed,
        })
    }
}

/// The state of a merge request that may be merged; while it is being merged it is `locked`.
const OPEN: &str = "opened";

/// Returns the open ones of these.
fn changes(requests: Vec<MergeRequest>) -> Vec<OpenChange> {
    let open = requests.into_iter().filter(|request| request.state == OPEN);
    let mut changes: Vec<OpenChange> = open
        .map(|request| OpenChange {
            number: request.iid,
            elsewhere: false,
            target_branch: request.target_branch,
            head: request.sha.to_ascii_lowercase(),
        })
        .collect();
    changes.sort();
    changes.dedup();
    changes
}

/// One project of a GitLab.
pub struct GitLab {
    api: Api,
    /// Where groups are asked with a token of their own.
    groups: Option<Api>,
    project: Project,
    pipeline: Option<u64>,
    tips: Tips,
}

impl GitLab {
    /// Returns a client; nothing is asked yet.
    ///
    /// # Errors
    /// When there is no token, or the connection cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, ForgeError> {
        let (project, pipeline) = (Project::new(&settings.project), settings.pipeline);
        let own = Tokens { project: settings.tokens.organisation.clone(), organisation: None };
        let groups = own.project.is_some().then(|| Settings { tokens: own, job_token: false, ..settings.clone() });
        Ok(Self {
            api: Api::new(settings)?,
            groups: groups.map(Api::new).transpose()?,
            project,
            pipeline,
            tips: Tips::default(),
        })
    }
}

impl Forge for GitLab {
    fn pull(&self, asked: &Asked) -> Result<PullState, ForgeError> {
        let groups = self.groups.as_ref().unwrap_or(&self.api);
        pull::read(&self.api.begin(), &groups.begin(), &self.project, &self.tips, asked)
    }

    fn ends(&self, number: u64) -> Result<Ends, ForgeError> {
        let asking = self.api.begin();
        let request = pull::request(&asking, &self.project, number)?;
        Ok(Ends {
            number,
            open: request.state == OPEN,
            head: request.sha,
            base: self.tips.of(&asking, &self.project, &request.target_branch)?,
            target_branch: request.target_branch,
        })
    }

    fn open_pulls(&self) -> Result<Vec<OpenChange>, ForgeError> {
        let requests: Vec<MergeRequest> = self.api.begin().list(&self.project.open_merge_requests())?;
        Ok(changes(requests))
    }

    fn with_head(&self, head: &str, _: Option<&[OpenChange]>) -> Result<Vec<OpenChange>, ForgeError> {
        // Those of forks are among them, for their commits are in this project too.
        let requests: Vec<MergeRequest> = self.api.begin().list(&self.project.merge_requests_of(head))?;
        Ok(changes(requests.into_iter().filter(|request| request.sha.eq_ignore_ascii_case(head)).collect()))
    }

    fn pull_of(&self, head: &str) -> Result<u64, ForgeError> {
        let call = self.project.merge_requests_of(head);
        let requests: Vec<MergeRequest> = self.api.begin().list(&call)?;
        let mut numbers: Vec<u64> = requests
            .iter()
            .filter(|request| request.state == OPEN && request.sha == head)
            .map(|request| request.iid)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let why = match numbers.as_slice() {
            [number] => return Ok(*number),
            [] => "no open merge request has this head".to_owned(),
            several => {
                let named: Vec<String> = several.iter().map(|number| format!("!{number}")).collect();
                format!("several open merge requests have this head: {}", named.join(", "))
            }
        };
        Err(ForgeError { request: call.name(), why, remedy: "name the merge request".to_owned() })
    }

    fn neighbours(&self, target_branch: &str) -> Result<Vec<Neighbour>, ForgeError> {
        neighbours::list(&self.api.begin_short(), &self.project, target_branch)
    }

    fn paths(&self, number: u64) -> Result<(Vec<String>, bool), ForgeError> {
        neighbours::paths(&self.api.begin_short(), &self.project, number)
    }

    fn publish(&self, what: &Publication) -> Vec<String> {
        publish::all(&self.api.begin_writing(), &self.project, self.pipeline, what)
    }

    fn settings(&self, branch: &str) -> Answers {
        Answers::Gitlab(Box::new(settings::read(&self.api.begin(), &self.project, branch)))
    }
}
