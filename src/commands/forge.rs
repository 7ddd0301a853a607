//! The forge as the commands see it: which one, which request, and what is written there at the end.
//!
//! Owns the order: find it, ask it once, publish once. What cannot be asked becomes a reason of the decision; what cannot
//! be written becomes a line on standard error, and never another verdict.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::cli::forge::{ForgeArguments, ForgeChoice, PublishPart};
use crate::commands::standing::{Judged, Standing, withheld};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::composed::{Parts, Place, compose, retraction, unjudged};
use crate::forge::connect::{KNOWN, connect};
use crate::forge::target::{Subject, Target};
use crate::forge::{Asked, Ends, Forge, ForgeError, Neighbour, OpenChange};
use crate::gate::Neighbours;
use crate::outcome::Outcome;
use crate::review::state::{ForgeFacts, PullState};
use crate::verdict::Verdict;

/// The paths of another change and whether those are all, or why they are not known.
type Paths = Result<(Vec<String>, bool), String>;

/// The forge of a run.
pub(super) struct Counter {
    /// None where nothing is asked: then this is what stands for the answer.
    client: Result<Box<dyn Forge>, ForgeFacts>,
    target: Option<Target>,
    /// The number of the request that this run is about, once it was looked up.
    subject: OnceCell<Result<u64, String>>,
    parts: Parts,
    more: String,
    /// What was told of other open changes, by the branch that they want into, and by their number.
    neighbours: RefCell<BTreeMap<String, Result<Vec<Neighbour>, String>>>,
    paths: RefCell<BTreeMap<u64, Paths>>,
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
        let contradicting = |why| UsageError::new(why, "Check the variables of the CI job; docs/forges.md lists them.");
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
        let (neighbours, paths) = (RefCell::default(), RefCell::default());
        Ok(Self { client, target, subject: OnceCell::new(), parts, more, neighbours, paths })
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

    /// Returns the number of the request that this run is about; it is looked up once.
    pub(super) fn subject(&self) -> Result<u64, String> {
        self.subject.get_or_init(|| self.look_up()).clone()
    }

    fn look_up(&self) -> Result<u64, String> {
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

    /// Asks where a request leads from and to, also where it is not open any more.
    ///
    /// # Errors
    /// When the forge does not say.
    pub(super) fn ends(&self, number: u64) -> Result<Ends, Error> {
        let unanswered = |why: String| Error::Unanswered { why };
        match &self.client {
            Ok(client) => client.ends(number).map_err(|error| unanswered(told(&error))),
            Err(ForgeFacts::NotObtained(why)) => Err(unanswered(why.clone())),
            Err(_) => Err(UsageError::new(
                "no forge is asked",
                "Run it in a job of GitHub Actions or GitLab CI, with a token.",
            )
            .into()),
        }
    }

    /// Returns base and head of the request where the event names none: they are the forge's to say.
    ///
    /// # Errors
    /// When the forge does not say.
    pub(super) fn range(&self) -> Result<Option<(String, String)>, Error> {
        let Some(Target { subject: Subject::HeadOf(head), .. }) = &self.target else { return Ok(None) };
        if matches!(self.client, Err(ForgeFacts::Local)) {
            return Ok(None);
        }
        let unanswered =
            |why| Error::Unanswered { why: format!("the event names no change, and the forge does not: {why}") };
        let number = self.subject().map_err(unanswered)?;
        // The run is about this commit, whatever was pushed since.
        let ends = self.ends(number).map_err(|error| unanswered(error.told()))?;
        Ok(Some((ends.base, head.clone())))
    }

    /// Returns the commit that the run is about, or empty where only the forge can tell.
    pub(super) fn head(&self) -> &str {
        self.target.as_ref().map(|target| target.head.as_str()).unwrap_or_default()
    }

    /// Returns what a run of `check` writes about.
    pub(super) fn subject_of(&self, forge: &ForgeFacts) -> Written {
        let known = forge.obtained().map(|state| state.number);
        let number = if self.parts.any() { known.or_else(|| self.subject().ok()) } else { known };
        let of = |part: fn(&PullState) -> &String| forge.obtained().map(part).cloned().unwrap_or_default();
        let (target_branch, base) = (of(|state| &state.target_branch), of(|state| &state.base));
        Written { number: number.unwrap_or(0), head: self.head().to_owned(), target_branch, base }
    }

    /// Takes back an older success of this commit: what is judged now may come out otherwise, and the run may be killed.
    pub(super) fn retract(&self, head: &str) {
        if let (true, Ok(client), Some(place)) = (self.parts.status, &self.client, self.at(0, head)) {
            // Where it may not be written, what is written at the end may not either, and is told then.
            let _ = client.publish(&retraction(&place));
        }
    }

    /// Says at this commit that the run ended without a verdict, so that nothing older stays; not where no open request
    /// shows the commit, as after a merge.
    pub(super) fn unjudged(&self, head: &str, surroundings: &Surroundings) {
        let (Ok(client), Some(place)) = (&self.client, self.at(0, head)) else { return };
        let publication = unjudged(self.parts, &place);
        if publication.status.is_none() && publication.check.is_none() {
            return;
        }
        let made = self.target.as_ref().is_some_and(|target| target.made == head);
        if made || client.with_head(head, None) != Ok(Vec::new()) {
            complain(client.publish(&publication), surroundings);
        }
    }

    /// Writes what was asked for, and says what could not be written. `known` are all open changes, where they were listed.
    /// Returns whether the status at the commit now says this verdict, so that a job need not.
    pub(super) fn publish(
        &self,
        outcome: &Outcome,
        about: &Written,
        known: Option<&[OpenChange]>,
        surroundings: &Surroundings,
    ) -> bool {
        if !self.parts.any() {
            return false;
        }
        let (lines, stands) = match (&self.client, self.place(outcome, about)) {
            (Ok(client), Some(place)) => self.write(client.as_ref(), outcome, (about, place), known),
            (Ok(_), None) => (vec!["it is not known which request this is".to_owned()], false),
            (Err(ForgeFacts::NotObtained(why)), _) => (vec![why.clone()], false),
            (Err(_), _) => (Vec::new(), false),
        };
        complain(lines, surroundings);
        stands
    }

    /// Says at the commit that was judged that nobody may count on the verdict, whose reports are missing.
    pub(super) fn unwritten(&self, outcome: &Outcome, about: &Written, surroundings: &Surroundings) {
        if let Some(place) = self.place(outcome, about) {
            self.unjudged(&place.head, surroundings);
        }
    }

    /// Looks once more at the request and its commit, right before something is written. Returns what could not be, and
    /// whether the status stands as decided.
    fn write(
        &self,
        client: &dyn Forge,
        outcome: &Outcome,
        (about, mut place): (&Written, Place),
        known: Option<&[OpenChange]>,
    ) -> (Vec<String>, bool) {
        let mut lines = Vec::new();
        let mut parts = self.parts;
        let asked = |number| client.ends(number).map(Some);
        let now = if about.number > 0 { asked(about.number) } else { Ok(None) };
        if let Ok(Some(Ends { open: false, .. })) = now {
            return (vec!["the request is not open any more".to_owned()], false);
        }
        let newest = now.as_ref().ok().and_then(Option::as_ref).map(|ends| ends.head.as_str());
        if self.is_past(&place.head, newest, outcome) && (parts.comment || parts.labels || parts.reviewers) {
            parts = Parts { comment: false, labels: false, reviewers: false, ..parts };
            lines.push("comment, labels, reviewers: the request has another head by now".to_owned());
        }
        if parts.status || parts.checks {
            let sharing = now.and_then(|now| Ok(Standing { now, sharing: client.with_head(&place.head, known)? }));
            let sign = if place.kind == "gitlab" { '!' } else { '#' };
            let judged = Judged { number: about.number, target_branch: &about.target_branch, base: &about.base, sign };
            place.withheld = withheld(&judged, sharing.as_ref().ok());
            let silent = sharing.err().map(|error| format!(" ({})", told(&error))).unwrap_or_default();
            let good = matches!(outcome.document.verdict, Verdict::Pass | Verdict::Review);
            let why = place.withheld.as_ref().filter(|_| good);
            lines.extend(why.map(|why| format!("the verdict `{}`: {why}{silent}", outcome.document.verdict.word())));
        }
        let unwritten = client.publish(&compose(outcome, parts, &place));
        let stands =
            parts.status && place.withheld.is_none() && !unwritten.iter().any(|line| line.starts_with("status"));
        lines.extend(unwritten);
        (lines, stands)
    }

    /// Says whether another head than the one that was judged is awaiting its own judgement: a run that was started again.
    fn is_past(&self, stands: &str, newest: Option<&str>, outcome: &Outcome) -> bool {
        let judged = outcome.document.change.head.as_str();
        let made = self.target.as_ref().is_some_and(|target| target.made == judged);
        // What a queue made is the head of no request.
        let queue = made && stands == judged;
        !judged.is_empty() && !queue && newest.is_some_and(|newest| newest != stands)
    }

    /// A status stands at the commit that was judged and at no other, whatever the event or the forge name by now.
    fn place(&self, outcome: &Outcome, about: &Written) -> Option<Place> {
        let target = self.target.as_ref()?;
        let change = &outcome.document.change;
        let head = match change.head.as_str() {
            // Where nothing could be compared, what could not be compared is told.
            "" => about.head.as_str(),
            // What a pipeline merged for itself nobody sees; its outcome is that of the head that it merged.
            head if head == target.made => target.head.as_str(),
            head => head,
        };
        let place = self.at(about.number, head)?;
        Some(Place { base: change.merge_base.clone(), ..place })
    }

    /// Returns the place of a commit; none where it is not known.
    fn at(&self, number: u64, head: &str) -> Option<Place> {
        let kind = self.target.as_ref().filter(|_| !head.is_empty())?.kind;
        let reference = match kind {
            "github" => format!("refs/pull/{number}/head"),
            _ => format!("refs/merge-requests/{number}/head"),
        };
        let (head, more) = (head.to_owned(), self.more.clone());
        Some(Place { kind, number, head, base: String::new(), more, reference, withheld: None })
    }
}

impl Neighbours for Counter {
    fn list(&self, target_branch: &str) -> Result<Vec<Neighbour>, String> {
        let mut known = self.neighbours.borrow_mut();
        // A sweep asks once for all changes into a branch.
        known
            .entry(target_branch.to_owned())
            .or_insert_with(|| self.asking(|forge| forge.neighbours(target_branch)))
            .clone()
    }

    fn paths(&self, number: u64) -> Paths {
        let mut known = self.paths.borrow_mut();
        known.entry(number).or_insert_with(|| self.asking(|forge| forge.paths(number))).clone()
    }
}

impl Counter {
    fn asking<T>(&self, ask: impl Fn(&dyn Forge) -> Result<T, ForgeError>) -> Result<T, String> {
        let client = self.client().ok_or_else(|| "no forge is asked".to_owned())?;
        ask(client).map_err(|error| told(&error))
    }
}

/// Which request is written about.
pub(super) struct Written {
    /// Its number, or 0 where that is not known.
    pub(super) number: u64,
    /// Full id of its head, for an outcome that names none.
    pub(super) head: String,
    /// The branch that it was judged for, or empty where the forge did not say.
    pub(super) target_branch: String,
    /// Full id of that branch's tip, or of what stood for it.
    pub(super) base: String,
}

fn complain(lines: Vec<String>, surroundings: &Surroundings) {
    for line in lines {
        surroundings.complain(&format!("not published: {line}"));
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

/// Says why the forge did not answer, and what to do.
pub(super) fn told(error: &ForgeError) -> String {
    let remedy = if error.remedy.is_empty() { String::new() } else { format!("; {}", error.remedy) };
    format!("{error}{remedy}")
}
