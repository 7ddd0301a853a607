//! The forge as the commands see it: which one, which request, and what is written there at the end.
//!
//! Owns the order: find it, ask it once, publish once. What cannot be asked becomes a reason of the decision; what cannot
//! be written becomes a line on standard error, and never another verdict.

use crate::cli::forge::{ForgeArguments, ForgeChoice, PublishPart};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::composed::{Parts, Place, compose};
use crate::forge::connect::connect;
use crate::forge::target::{Subject, Target};
use crate::forge::{Asked, Forge, ForgeError};
use crate::outcome::Outcome;
use crate::review::state::{ForgeFacts, PullState};

/// The forge of a run.
pub(super) struct Counter {
    /// None where nothing is asked: then this is what stands for the answer.
    client: Result<Box<dyn Forge>, ForgeFacts>,
    target: Option<Target>,
    parts: Parts,
    more: String,
}

impl Counter {
    /// Finds the forge.
    ///
    /// # Errors
    /// When one is named and CI's variables do not say which project this is, or something is to be published and there
    /// is nowhere to.
    pub(super) fn of(arguments: &ForgeArguments, surroundings: &Surroundings) -> Result<Self, Error> {
        let environment = surroundings.environment();
        let parts = parts(&arguments.publish);
        let mut unread = None;
        let found = match Target::of(&environment) {
            Ok(found) => found,
            // Nobody named a forge: what CI says badly costs what only the forge could have said.
            Err(why) if arguments.forge == ForgeChoice::Auto && !parts.any() => {
                unread = Some(why);
                None
            }
            Err(why) => return Err(UsageError::new(why, "Check the variables of the CI job.").into()),
        };
        let target = match (arguments.forge, found) {
            (ForgeChoice::None, _) => None,
            (ForgeChoice::Auto, found) => found,
            (choice, Some(found)) if choice.name() == found.kind => Some(found),
            (choice, _) => {
                let title = format!("`--forge {}`: nothing here says which project and request this is", choice.name());
                let help = "It is read from the variables of GitHub Actions and GitLab CI; see docs/forges.md.";
                return Err(UsageError::new(title, help).into());
            }
        };
        let closed = || match unread.clone() {
            Some(why) => ForgeFacts::NotObtained(why),
            None if surroundings.in_ci() => {
                ForgeFacts::NotObtained("no forge is asked (`--forge none`, or CI that is not known)".to_owned())
            }
            None => ForgeFacts::Local,
        };
        let client = match &target {
            None => Err(closed()),
            Some(target) => connect(target, arguments.forge_url.as_deref(), &environment)
                .map_err(|error| ForgeFacts::NotObtained(told(&error))),
        };
        if parts.any() && target.is_none() {
            let help = "Leave `--publish` out, or run it in a job of GitHub Actions or GitLab CI.";
            return Err(UsageError::new("`--publish` has no forge to write to", help).into());
        }
        let run = || {
            let part = |name: &str| surroundings.variable(name);
            let (server, project) = (part("GITHUB_SERVER_URL")?, part("GITHUB_REPOSITORY")?);
            Some(format!("{server}/{project}/actions/runs/{}", part("GITHUB_RUN_ID")?))
        };
        let more = surroundings.variable("CI_JOB_URL").or_else(run).unwrap_or_default();
        Ok(Self { client, target, parts, more })
    }

    /// Returns the client, where the forge is asked.
    pub(super) fn client(&self) -> Option<&dyn Forge> {
        self.client.as_deref().ok()
    }

    /// Returns what stands for the forge's answer where it is not asked.
    pub(super) fn closed(&self) -> Option<&ForgeFacts> {
        self.client.as_ref().err()
    }

    /// Asks about the request that this run is about.
    pub(super) fn ask(&self, asked: &Asked) -> ForgeFacts {
        match self.subject() {
            Ok(number) => self.ask_about(number, asked),
            Err(why) => ForgeFacts::NotObtained(why),
        }
    }

    /// Asks about the request of that number.
    pub(super) fn ask_about(&self, number: u64, asked: &Asked) -> ForgeFacts {
        match &self.client {
            Err(closed) => closed.clone(),
            Ok(client) => match client.pull(&Asked { number, ..asked.clone() }) {
                Ok(state) => ForgeFacts::Obtained(Box::new(state)),
                Err(error) => ForgeFacts::NotObtained(told(&error)),
            },
        }
    }

    /// Returns the number of the request that this run is about.
    pub(super) fn subject(&self) -> Result<u64, String> {
        let (Some(target), Ok(client)) = (&self.target, &self.client) else {
            return Err("no forge is asked".to_owned());
        };
        match &target.subject {
            Subject::Change(number) => Ok(*number),
            Subject::HeadOf(head) => client.pull_of(head).map_err(|error| told(&error)),
            Subject::AllOpen => {
                Err("a scheduled run is about no request; `portcullis sweep` looks at all of them".to_owned())
            }
            Subject::Nothing => Err("this run is about no request".to_owned()),
        }
    }

    /// Writes what was asked for, and says what could not be written.
    pub(super) fn publish(&self, outcome: &Outcome, forge: &ForgeFacts, surroundings: &Surroundings) {
        if !self.parts.any() {
            return;
        }
        let lines = match (&self.client, self.place(outcome, forge.obtained())) {
            (Ok(client), Some(place)) => client.publish(&compose(outcome, self.parts, &place)),
            (Ok(_), None) => vec!["it is not known which request this is".to_owned()],
            (Err(ForgeFacts::NotObtained(why)), _) => vec![why.clone()],
            (Err(_), _) => Vec::new(),
        };
        for line in lines {
            surroundings.complain(&format!("not published: {line}"));
        }
    }

    fn place(&self, outcome: &Outcome, state: Option<&PullState>) -> Option<Place> {
        let target = self.target.as_ref()?;
        let change = &outcome.document.change;
        // What was judged is what is spoken of: in a job of an older head that is not the head that CI names. In a merge
        // queue and for merged results a commit is judged that is nobody's head, and the status is awaited where CI says.
        let head = match state {
            Some(state) if target.head.is_empty() || state.head == change.head => state.head.clone(),
            _ => target.head.clone(),
        };
        let head = if head.is_empty() { change.head.clone() } else { head };
        let number = state.map(|state| state.number).or_else(|| self.subject().ok()).unwrap_or(0);
        let reference = match target.kind {
            "github" => format!("refs/pull/{number}/head"),
            _ => format!("refs/merge-requests/{number}/head"),
        };
        let kind = target.kind;
        Some(Place { kind, number, head, base: change.merge_base.clone(), more: self.more.clone(), reference })
    }
}

fn parts(asked: &[PublishPart]) -> Parts {
    let has = |part: PublishPart| asked.contains(&part);
    Parts {
        status: has(PublishPart::Status),
        checks: has(PublishPart::Checks),
        comment: has(PublishPart::Comment),
        labels: has(PublishPart::Labels),
        reviewers: has(PublishPart::Reviewers),
        sarif: has(PublishPart::Sarif),
    }
}

fn told(error: &ForgeError) -> String {
    let remedy = if error.remedy.is_empty() { String::new() } else { format!("; {}", error.remedy) };
    format!("{error}{remedy}")
}
