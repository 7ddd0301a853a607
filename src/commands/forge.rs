//! The forge as the commands see it: which one, which request, and what is written there at the end.
//!
//! Owns the order: find it, ask it once, publish once. What cannot be asked becomes a reason of the decision; what cannot
//! be written becomes a line on standard error, and never another verdict.

use crate::cli::forge::{ForgeArguments, ForgeChoice, PublishPart};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::composed::{Parts, Place, compose};
use crate::forge::connect::{KNOWN, connect};
use crate::forge::target::{Subject, Target};
use crate::forge::{Asked, Forge, ForgeError};
use crate::outcome::Outcome;
use crate::review::state::ForgeFacts;

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
        let contradicting = |why| UsageError::new(why, "check the variables of the CI job");
        let mut unread = None;
        let target = match (arguments.forge, Target::of(&environment)) {
            (ForgeChoice::None, _) => None,
            (ForgeChoice::Auto, Ok(found)) => found,
            // Whoever named no forge and publishes nothing may not need one; rules that do are undecided.
            (ForgeChoice::Auto, Err(why)) if !parts.any() => {
                unread = Some(ForgeFacts::NotObtained(why));
                None
            }
            (choice @ (ForgeChoice::Github | ForgeChoice::Gitlab), _) if !KNOWN.contains(&choice.name()) => {
                let title = format!("`--forge {name}`: this portcullis was built without {name}", name = choice.name());
                let help = format!("Build it with the feature `{}`, or leave the option out.", choice.name());
                return Err(UsageError::new(title, help).into());
            }
            (_, Err(why)) => return Err(contradicting(why).into()),
            (choice, Ok(Some(found))) if choice.name() == found.kind => Some(found),
            (choice, Ok(_)) => {
                let title = format!("`--forge {}`: nothing here says which project and request this is", choice.name());
                let help = "It is read from the variables of GitHub Actions and GitLab CI; see docs/forges.md.";
                return Err(UsageError::new(title, help).into());
            }
        };
        let closed = || match surroundings.in_ci() {
            true => ForgeFacts::NotObtained("no forge is asked (`--forge none`, or CI that is not known)".to_owned()),
            false => ForgeFacts::Local,
        };
        let client = match &target {
            None => Err(unread.unwrap_or_else(closed)),
            Some(target) => connect(target, arguments.forge_url.as_deref(), arguments.forge_timeout, &environment)
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
        let (target, client) = match (&self.target, &self.client) {
            (Some(target), Ok(client)) => (target, client),
            (_, Err(ForgeFacts::NotObtained(why))) => return Err(why.clone()),
            _ => return Err("no forge is asked".to_owned()),
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

    /// Returns base and head of the request where the event names none: they are the forge's to say.
    ///
    /// # Errors
    /// When the forge does not say.
    pub(super) fn range(&self) -> Result<Option<(String, String)>, Error> {
        let Some(Target { subject: Subject::HeadOf(head), .. }) = &self.target else { return Ok(None) };
        match self.ask(&Asked::default()) {
            // The run is about this commit, whatever was pushed since.
            ForgeFacts::Obtained(state) => Ok(Some((state.base, head.clone()))),
            ForgeFacts::NotObtained(why) => {
                Err(Error::Unanswered { why: format!("the event names no change, and the forge does not: {why}") })
            }
            ForgeFacts::Local => Ok(None),
        }
    }

    /// Returns what a run of `check` writes about.
    pub(super) fn subject_of(&self, forge: &ForgeFacts) -> Written {
        let known = forge.obtained().map(|state| state.number);
        let number = if self.parts.any() { known.or_else(|| self.subject().ok()) } else { known };
        let head = self.target.as_ref().map(|one| one.head.clone()).unwrap_or_default();
        Written { number: number.unwrap_or(0), head, newest: forge.obtained().map(|state| state.head.clone()) }
    }

    /// Writes what was asked for, and says what could not be written.
    pub(super) fn publish(&self, outcome: &Outcome, about: Written, surroundings: &Surroundings) {
        if !self.parts.any() {
            return;
        }
        let mut parts = self.parts;
        let mut lines = Vec::new();
        if self.is_past(outcome, &about) && (parts.comment || parts.labels || parts.reviewers) {
            parts = Parts { comment: false, labels: false, reviewers: false, ..parts };
            lines.push("comment, labels, reviewers: the request has another head by now".to_owned());
        }
        lines.extend(match (&self.client, self.place(outcome, about)) {
            (Ok(client), Some(place)) => client.publish(&compose(outcome, parts, &place)),
            (Ok(_), None) => vec!["it is not known which request this is".to_owned()],
            (Err(ForgeFacts::NotObtained(why)), _) => vec![why.clone()],
            (Err(_), _) => Vec::new(),
        });
        for line in lines {
            surroundings.complain(&format!("not published: {line}"));
        }
    }

    /// Says whether another head than the one that was judged is awaiting its own judgement: a run that was started again.
    fn is_past(&self, outcome: &Outcome, about: &Written) -> bool {
        let judged = outcome.document.change.head.as_str();
        let made = self.target.as_ref().is_some_and(|target| target.made == judged);
        !judged.is_empty() && !made && about.newest.as_ref().is_some_and(|newest| newest != judged)
    }

    /// A status stands at the commit that was judged and at no other, whatever the event or the forge name by now.
    fn place(&self, outcome: &Outcome, about: Written) -> Option<Place> {
        let target = self.target.as_ref()?;
        let change = &outcome.document.change;
        let head = match change.head.as_str() {
            // Where nothing could be compared, what could not be compared is told.
            "" => about.head,
            // What a pipeline merged for itself nobody sees; its outcome is that of the head that it merged.
            head if head == target.made => target.head.clone(),
            head => head.to_owned(),
        };
        let number = about.number;
        let reference = match target.kind {
            "github" => format!("refs/pull/{number}/head"),
            _ => format!("refs/merge-requests/{number}/head"),
        };
        let kind = target.kind;
        Some(Place { kind, number, head, base: change.merge_base.clone(), more: self.more.clone(), reference })
    }
}

/// Which request is written about.
pub(super) struct Written {
    /// Its number, or 0 where that is not known.
    pub(super) number: u64,
    /// Full id of its head, for an outcome that names none.
    pub(super) head: String,
    /// Full id of its head as the forge said last, where it did.
    pub(super) newest: Option<String>,
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

/// Says why the forge did not answer, and what to do.
pub(super) fn told(error: &ForgeError) -> String {
    let remedy = if error.remedy.is_empty() { String::new() } else { format!("; {}", error.remedy) };
    format!("{error}{remedy}")
}
