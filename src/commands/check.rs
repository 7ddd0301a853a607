//! `check`: decide on a change.

use std::cell::RefCell;

use crate::change::{Mode, RangeRequest};
use crate::cli::check::{CheckArguments, ProgressChoice, ReviewChoice, TrustChoice};
use crate::clock;
use crate::commands::forge::Counter;
use crate::commands::output::{Destination, UNJUDGED, deliver, deliver_beside, usual_format, write_saved};
use crate::commands::progress::Bar;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::forge::Asked;
use crate::gate::progress::{Progress, Silent};
use crate::gate::tracing::{Wanted, check_and_trace};
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, check, check_and_save};
use crate::reports::{Style, trace_page};
use crate::review::state::ForgeFacts;
use crate::untrusted::write_json;
use crate::verdict::Verdict;

/// Runs `check` and returns the exit code.
pub(super) fn run(arguments: &CheckArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let counter = Counter::of(&arguments.forge, surroundings)?;
    let head = named_head(arguments, &counter);
    counter.retract(head);
    judged(arguments, &counter, surroundings).inspect_err(|_| counter.unjudged(head, surroundings))
}

/// Returns the commit that will be judged, or empty where a flag says so in words that have not been looked up yet.
fn named_head<'a>(arguments: &'a CheckArguments, counter: &'a Counter) -> &'a str {
    let full = |id: &&str| matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (&arguments.head, &arguments.base) {
        _ if arguments.staged || arguments.worktree => "",
        (Some(head), _) => Some(head.as_str()).filter(full).unwrap_or_default(),
        (None, Some(_)) => "",
        (None, None) => counter.head(),
    }
}

fn judged(arguments: &CheckArguments, counter: &Counter, surroundings: &Surroundings) -> Result<u8, Error> {
    let destination = destination(arguments, surroundings);
    if arguments.trace.is_some() && arguments.format.is_some_and(|format| !["human", "json"].contains(&format.name)) {
        let help = "Use `--format human` or `--format json`; `--report FORMAT=FILE` still writes every format.";
        return Err(UsageError::new("a trace is written for people or as JSON", help).into());
    }
    let bar = Bar::default();
    let shown = arguments.progress == ProgressChoice::Auto && surroundings.watched;
    let progress: &dyn Progress = if shown { &bar } else { &Silent };
    let mut request: CheckRequest<'_> = request(arguments, surroundings, progress)?;
    let unnamed = request.range.mode == Mode::Range && request.range.base.is_none() && request.range.head.is_none();
    if unnamed && let Some((base, head)) = counter.range()? {
        request.range = RangeRequest { base: Some(base), head: Some(head), mode: Mode::Range };
    }
    let heard = RefCell::new(None);
    let ask = |asked: &Asked| {
        let facts = counter.ask(asked);
        heard.replace(Some(facts.clone()));
        facts
    };
    request.forge = match counter.closed() {
        Some(facts) => ForgeAccess::Closed(facts.clone()),
        None => ForgeAccess::Open(&ask),
    };
    request.others = match arguments.against.as_slice() {
        [] if counter.client().is_some() => OpenChanges::Forge(counter),
        [] => OpenChanges::Closed,
        names => OpenChanges::Branches(names),
    };
    let (outcome, code) = match (&arguments.trace, &arguments.save_input) {
        (Some(rule), file) => {
            let wanted = Wanted { rule, file: arguments.trace_file.as_deref() };
            let (outcome, saved, trace) = check_and_trace(&request, &wanted)?;
            file.as_ref().map_or(Ok(()), |file| write_saved(&saved, file))?;
            let style = Style { colour: surroundings.colour, width: surroundings.width, tokens: None };
            let json = arguments.format.is_some_and(|format| format.name == "json");
            let code = deliver_beside(&outcome, &destination, surroundings, |out| {
                if json { write_json(&trace, out) } else { trace_page(&trace, &style, out) }
            });
            (outcome, code)
        }
        (None, None) => {
            let outcome = check(&request)?;
            let code = deliver(&outcome, &destination, surroundings);
            (outcome, code)
        }
        (None, Some(file)) => {
            let (outcome, saved) = check_and_save(&request)?;
            write_saved(&saved, file)?;
            let code = deliver(&outcome, &destination, surroundings);
            (outcome, code)
        }
    };
    let facts = heard.into_inner().or_else(|| counter.closed().cloned()).unwrap_or(ForgeFacts::Local);
    let about = counter.subject_of(&facts);
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

fn destination(arguments: &CheckArguments, surroundings: &Surroundings) -> Destination {
    Destination {
        format: arguments.format.unwrap_or_else(|| usual_format(surroundings)),
        reports: arguments.reports.clone(),
        tokens: arguments.budget,
        exit_zero: arguments.exit_zero,
        review_reports: arguments.review == ReviewChoice::Report,
    }
}

/// Returns the request that the arguments make.
pub(super) fn request<'a>(
    arguments: &CheckArguments,
    surroundings: &Surroundings,
    progress: &'a dyn Progress,
) -> Result<CheckRequest<'a>, Error> {
    let trust = trust(arguments.trust, surroundings)?;
    let mode = match (arguments.staged, arguments.worktree) {
        (true, _) => Mode::Staged,
        (_, true) => Mode::Worktree,
        (false, false) => Mode::Range,
    };
    Ok(CheckRequest {
        repository: arguments.repo.clone(),
        range: RangeRequest { base: arguments.base.clone(), head: arguments.head.clone(), mode },
        environment: surroundings.environment(),
        trust,
        fail_on: arguments.fail_on,
        as_of: arguments.as_of.clone().unwrap_or_else(clock::today),
        threads: arguments.threads.unwrap_or_else(threads),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(surroundings.forge()),
        others: OpenChanges::Closed,
        imports: arguments.imports.clone(),
        cache: arguments.cache.clone(),
        progress,
    })
}

/// Returns from where rules are read; in CI never from what the change itself can edit.
pub(super) fn trust(choice: TrustChoice, surroundings: &Surroundings) -> Result<Trust, Error> {
    match choice {
        TrustChoice::Base => Ok(Trust::Base),
        TrustChoice::Worktree if surroundings.in_ci() => Err(UsageError::new(
            "`--trust worktree` is refused in CI",
            "rules that the change itself can edit judge nothing; leave the option out",
        )
        .into()),
        TrustChoice::Worktree => Ok(Trust::Worktree),
    }
}

/// Returns the number of processors, at most 16.
pub(super) fn threads() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| u32::try_from(count.get().min(16)).unwrap_or(16))
}
