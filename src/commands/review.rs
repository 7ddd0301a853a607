//! `review` and `sweep`: judge approvals again, for one open change or for all.
//!
//! Owns where the facts of a change come from: a saved input, or else the whole of `check`. Must not decide.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::change::{Mode, RangeRequest};
use crate::cli::check::ReviewChoice;
use crate::cli::forge::ForgeChoice;
use crate::cli::review::{ReviewArguments, SweepArguments};
use crate::clock;
use crate::commands::check::threads;
use crate::commands::decide::read;
use crate::commands::forge::{Counter, Written, told};
use crate::commands::output::{Destination, UNJUDGED, deliver, usual_format};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::{Asked, Ends, OpenChange};
use crate::gate::progress::Silent;
use crate::gate::{AgainRequest, CheckRequest, ForgeAccess, OpenChanges, SavedInput, Trust, check, review_again};
use crate::outcome::Outcome;
use crate::review::state::ForgeFacts;
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

/// Runs `review` and returns the exit code.
pub(super) fn review(arguments: &ReviewArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let counter = Counter::of(&arguments.forge, surroundings)?;
    if let Some(closed) = counter.closed() {
        return Err(unasked(arguments, closed));
    }
    // The commit of the event is that of the request that the event is about, and of no other.
    let named = arguments.number.is_none_or(|number| counter.subject() == Ok(number));
    let unjudged = |head: &str| counter.unjudged(head, surroundings);
    let ends = ends(arguments.number, &counter);
    let ends = ends.inspect_err(|_| unjudged(if named { counter.head() } else { "" }))?;
    if !ends.open {
        return Err(Error::Unanswered { why: format!("request {} is not open", ends.number) });
    }
    counter.retract(&ends.head);
    reviewed(arguments, &ends, &counter, surroundings).inspect_err(|_| unjudged(&ends.head))
}

/// Asks where the request leads from and to.
fn ends(number: Option<u64>, counter: &Counter) -> Result<Ends, Error> {
    let number = number.map_or_else(|| counter.subject(), Ok);
    counter.ends(number.map_err(|why| UsageError::new(why, "Name the request with `--number N`."))?)
}

fn reviewed(
    arguments: &ReviewArguments,
    ends: &Ends,
    counter: &Counter,
    surroundings: &Surroundings,
) -> Result<u8, Error> {
    let whole = Whole {
        repository: &arguments.repo,
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
        counter,
        surroundings,
    };
    let saved = arguments.input.as_deref().map(read).transpose()?;
    let outcome = whole.judge(ends, saved)?;
    let destination = Destination {
        format: arguments.format.unwrap_or_else(|| usual_format(surroundings)),
        reports: arguments.reports.clone(),
        tokens: None,
        exit_zero: arguments.exit_zero,
        review_reports: arguments.review == ReviewChoice::Report,
    };
    let code = deliver(&outcome, &destination, surroundings);
    let about = written(ends);
    let verdict = outcome.document.verdict;
    let stands = match verdict {
        Verdict::Pass if code == UNJUDGED => {
            counter.unwritten(&outcome, &about, surroundings);
            false
        }
        _ => counter.publish(&outcome, &about, None, surroundings),
    };
    let told = stands && verdict == Verdict::Review && arguments.review == ReviewChoice::Status;
    Ok(if told { 0 } else { code })
}

fn written(ends: &Ends) -> Written {
    Written {
        number: ends.number,
        head: ends.head.clone(),
        target_branch: ends.target_branch.clone(),
        base: ends.base.clone(),
    }
}

/// Runs `sweep` and returns the exit code.
pub(super) fn sweep(arguments: &SweepArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let counter = Counter::of(&arguments.forge, surroundings)?;
    let client = match (counter.client(), counter.closed()) {
        (Some(client), _) => client,
        (None, closed) => return Err(nobody_to_ask("open changes", closed.unwrap_or(&ForgeFacts::Local)).into()),
    };
    let open = client
        .open_pulls()
        .map_err(|error| Error::Unanswered { why: format!("the open changes cannot be listed: {}", told(&error)) })?;
    let whole = Whole {
        repository: &arguments.repo,
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
        counter: &counter,
        surroundings,
    };
    let wanted = |one: &&OpenChange| arguments.target_branch.as_ref().is_none_or(|name| *name == one.target_branch);
    let (mut judged, mut unjudged) = (0_usize, 0_usize);
    for one in open.iter().filter(|one| !one.elsewhere).filter(wanted) {
        judged += 1;
        let ended = whole.swept(one, arguments.inputs.as_deref(), &open);
        let line = match ended {
            Ok(None) => "closed meanwhile".to_owned(),
            Ok(Some(outcome)) => {
                unjudged += usize::from(outcome.document.verdict == Verdict::Undecided);
                judgement(&outcome)
            }
            Err(error) => {
                unjudged += 1;
                format!("not judged: {}", error.told())
            }
        };
        say(&format!("#{}  {line}", one.number))?;
    }
    say(&format!("{judged} open, {unjudged} could not be judged"))?;
    Ok(if unjudged == 0 { 0 } else { UNJUDGED })
}

/// Without a token in CI nobody is known to have approved, so people are awaited; anywhere else the command is wrong.
fn unasked(arguments: &ReviewArguments, closed: &ForgeFacts) -> Error {
    if arguments.forge.forge == ForgeChoice::None {
        let help = match &arguments.input {
            Some(input) => {
                format!("Leave it out; or decide from the file alone with `portcullis decide {}`.", input.display())
            }
            None => "Leave it out; or judge the change without approvals with `portcullis check`.".to_owned(),
        };
        return UsageError::new("`review` asks a forge who has approved, and `--forge none` forbids it", help).into();
    }
    match closed {
        ForgeFacts::NotObtained(why) => Error::Unasked { why: why.clone() },
        ForgeFacts::Local | ForgeFacts::Obtained(_) => nobody_to_ask("approvals", closed).into(),
    }
}

fn nobody_to_ask(what: &str, closed: &ForgeFacts) -> UsageError {
    let why = match closed {
        ForgeFacts::NotObtained(why) => why.as_str(),
        ForgeFacts::Local | ForgeFacts::Obtained(_) => "this is no CI job, and no forge is named",
    };
    let title = format!("there is no forge to ask for {what}: {why}");
    UsageError::new(title, "Run it in a job of GitHub Actions or GitLab CI, with a token.")
}

fn say(line: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", Untrusted::new(line).terminal()).or_else(crate::commands::output::closed)
}

/// Says a verdict in one line.
fn judgement(outcome: &Outcome) -> String {
    let document = &outcome.document;
    let verdict = document.verdict.word();
    if let (Verdict::Undecided, Some(reason)) = (document.verdict, document.completeness.reasons.first()) {
        return format!("{verdict}: {}", reason.message.raw());
    }
    let unmet: Vec<&str> =
        document.review.requirements.iter().filter(|one| !one.met).map(|one| one.id.as_str()).collect();
    if unmet.is_empty() { verdict.to_owned() } else { format!("{verdict}: waiting for {}", unmet.join(", ")) }
}

/// Returns the saved input of a head, where there is one.
fn saved_for(folder: Option<&Path>, head: &str) -> Option<PathBuf> {
    let plain = !head.is_empty() && head.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = folder.filter(|_| plain)?.join(format!("{head}.json"));
    path.is_file().then_some(path)
}

/// What every change of a run is judged with.
struct Whole<'a> {
    repository: &'a Path,
    as_of: String,
    counter: &'a Counter,
    surroundings: &'a Surroundings,
}

impl Whole<'_> {
    /// Judges one of all open changes and writes what was found. A success that stands is not taken back meanwhile: all
    /// would be, at every turn, and a sweep that ends early leaves what was there without it.
    fn swept(&self, one: &OpenChange, inputs: Option<&Path>, open: &[OpenChange]) -> Result<Option<Outcome>, Error> {
        let failed = |head: &str| self.counter.unjudged(head, self.surroundings);
        let ends = self.counter.ends(one.number).inspect_err(|_| failed(&one.head))?;
        if !ends.open {
            return Ok(None);
        }
        let saved = saved_for(inputs, &ends.head).map(|path| read(&path)).transpose();
        let outcome = saved.and_then(|saved| self.judge(&ends, saved)).inspect_err(|_| failed(&ends.head))?;
        self.counter.publish(&outcome, &written(&ends), Some(open), self.surroundings);
        Ok(Some(outcome))
    }

    /// Judges a change from its saved input where that is of this head, else as a whole.
    fn judge(&self, ends: &Ends, saved: Option<SavedInput>) -> Result<Outcome, Error> {
        let ask = |asked: &Asked| self.counter.ask_about(ends.number, asked);
        match saved.filter(|saved| saved.input.change.head == ends.head) {
            Some(saved) => review_again(
                saved,
                &AgainRequest {
                    repository: self.repository.to_owned(),
                    as_of: self.as_of.clone(),
                    threads: threads(),
                    worker: self.surroundings.worker(),
                    ask: &ask,
                },
            ),
            None => check(&self.request(ends, &ask)),
        }
    }

    fn request<'r>(&'r self, ends: &Ends, ask: &'r dyn Fn(&Asked) -> ForgeFacts) -> CheckRequest<'r> {
        let (base, head) = (Some(ends.base.clone()), Some(ends.head.clone()));
        CheckRequest {
            repository: self.repository.to_owned(),
            range: RangeRequest { base, head, mode: Mode::Range },
            environment: self.surroundings.environment(),
            trust: Trust::Base,
            fail_on: None,
            as_of: self.as_of.clone(),
            threads: threads(),
            worker: self.surroundings.worker(),
            forge: ForgeAccess::Open(ask),
            others: OpenChanges::Forge(self.counter),
            imports: Vec::new(),
            cache: None,
            progress: &Silent,
        }
    }
}
