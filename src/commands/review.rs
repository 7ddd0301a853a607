//! `review` and `sweep`: judge approvals again, for one open change or for all.
//!
//! Owns where the facts of a change come from: a saved input, or else the whole of `check`. Must not decide.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::change::{Mode, RangeRequest};
use crate::cli::review::{ReviewArguments, SweepArguments};
use crate::clock;
use crate::commands::check::threads;
use crate::commands::decide::read;
use crate::commands::forge::{Counter, Written, told};
use crate::commands::output::{Destination, deliver, usual_format};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::Asked;
use crate::gate::progress::Silent;
use crate::gate::{AgainRequest, CheckRequest, ForgeAccess, SavedInput, Trust, check, review_again};
use crate::outcome::Outcome;
use crate::review::state::{ForgeFacts, PullState};
use crate::untrusted::Untrusted;
use crate::verdict::Verdict;

/// The exit code of a sweep that could not judge every change.
const UNJUDGED: u8 = 4;

/// Runs `review` and returns the exit code.
pub(super) fn review(arguments: &ReviewArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let counter = Counter::of(&arguments.forge, surroundings)?;
    if let Some(closed) = counter.closed() {
        return Err(nobody_to_ask("approvals", closed).into());
    }
    let number = arguments.number.map_or_else(|| counter.subject(), Ok);
    let number = number.map_err(|why| UsageError::new(why, "Name the request with `--number N`."))?;
    let whole = Whole {
        repository: &arguments.repo,
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
        counter: &counter,
        surroundings,
    };
    let saved = arguments.input.as_deref().map(read).transpose()?;
    let state = whole.state(number)?;
    let outcome = whole.judge(&state, saved)?;
    let destination = Destination {
        format: arguments.format.unwrap_or_else(|| usual_format(surroundings)),
        reports: arguments.reports.clone(),
        exit_zero: arguments.exit_zero,
        review_reports: false,
    };
    let code = deliver(&outcome, &destination, surroundings);
    counter.publish(&outcome, Written { number, newest: None, head: state.head }, surroundings);
    Ok(code)
}

/// Runs `sweep` and returns the exit code.
pub(super) fn sweep(arguments: &SweepArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let counter = Counter::of(&arguments.forge, surroundings)?;
    let client = match (counter.client(), counter.closed()) {
        (Some(client), _) => client,
        (None, closed) => return Err(nobody_to_ask("open changes", closed.unwrap_or(&ForgeFacts::Local)).into()),
    };
    let numbers = client
        .open_pulls(arguments.target_branch.as_deref().unwrap_or_default())
        .map_err(|error| Error::Unanswered { why: format!("the open changes cannot be listed: {}", told(&error)) })?;
    let whole = Whole {
        repository: &arguments.repo,
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
        counter: &counter,
        surroundings,
    };
    let mut unjudged = 0_usize;
    for number in &numbers {
        let judged = whole.state(*number).and_then(|state| {
            let saved = saved_for(arguments.inputs.as_deref(), &state.head).map(|path| read(&path)).transpose()?;
            Ok((whole.judge(&state, saved)?, state))
        });
        let line = match judged {
            Ok((outcome, state)) => {
                counter.publish(&outcome, Written { number: *number, newest: None, head: state.head }, surroundings);
                unjudged += usize::from(outcome.document.verdict == Verdict::Undecided);
                judgement(&outcome)
            }
            Err(error) => {
                unjudged += 1;
                format!("not judged: {}", error.told())
            }
        };
        say(&format!("#{number}  {line}"))?;
    }
    say(&format!("{} open, {unjudged} could not be judged", numbers.len()))?;
    Ok(if unjudged == 0 { 0 } else { UNJUDGED })
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
    /// Asks which commits the request is about.
    fn state(&self, number: u64) -> Result<PullState, Error> {
        match self.counter.ask_about(number, &Asked::default()) {
            ForgeFacts::Obtained(state) => Ok(*state),
            ForgeFacts::NotObtained(why) => Err(Error::Unanswered { why }),
            ForgeFacts::Local => Err(UsageError::new("no forge is asked", "").into()),
        }
    }

    /// Judges a change from its saved input where that is of this head, else as a whole.
    fn judge(&self, state: &PullState, saved: Option<SavedInput>) -> Result<Outcome, Error> {
        let ask = |asked: &Asked| self.counter.ask_about(state.number, asked);
        match saved.filter(|saved| saved.input.change.head == state.head) {
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
            None => check(&self.request(state, &ask)),
        }
    }

    fn request<'r>(&self, state: &PullState, ask: &'r dyn Fn(&Asked) -> ForgeFacts) -> CheckRequest<'r> {
        let (base, head) = (Some(state.base.clone()), Some(state.head.clone()));
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
            cache: None,
            progress: &Silent,
        }
    }
}
