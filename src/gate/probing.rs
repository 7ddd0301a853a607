//! Questions of authors on a real change: the value of an expression, and where a rule stops.
//!
//! Owns how the change and the question meet in the worker. Nothing here changes a verdict.

use crate::completeness::Completeness;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::facts::secrets::Redaction;
use crate::gate::collect::{Collection, collect};
use crate::gate::{CheckRequest, decide};
use crate::policies::input::InputDocument;
use crate::policies::probe::{Found, Probe, Probed};
use crate::worker::Supervisor;
use crate::worker::protocol::{Answer, Death, Target, Task};

/// An expression to be tried.
pub struct Question<'a> {
    /// Rego.
    pub text: &'a str,
    /// Leaves only changed files at or below this path in `input.files`.
    pub below: Option<&'a str>,
    /// Makes `input` that of scope `file`, for this changed file.
    pub file: Option<&'a str>,
}

/// Collects the change and evaluates the expression on it; with what is incomplete about the change.
///
/// # Errors
/// When the command line, the repository or the base's configuration is wrong, or no changed file has the path.
pub fn ask(request: &CheckRequest<'_>, question: &Question<'_>) -> Result<(Found, Completeness), Error> {
    let Collection { saved, mut supervisor, .. } = collect(request)?;
    let mut input = saved.input;
    if let Some(path) = question.below {
        keep_below(&mut input, path)?;
    }
    let target = match question.file {
        Some(path) => Target::File(position(&input, path)?),
        None => Target::Change,
    };
    if let (_, Some(unsent)) = decide::send(&input, &mut supervisor) {
        return Err(UsageError::new(unsent.message.raw(), unsent.remedy.raw()).into());
    }
    let probe = Probe::Query { text: question.text.to_owned(), target };
    match put(&mut supervisor, probe).map_err(|error| Error::from(*error))? {
        Probed::Query(found) => Ok((found, input.completeness)),
        Probed::Trace(_) => Err(unanswered().into()),
    }
}

/// Leaves only files at or below a path; none at all is a mistake of the caller.
///
/// # Errors
/// When no changed file is there although the change could be read.
pub fn keep_below(input: &mut InputDocument, path: &str) -> Result<(), Error> {
    let inside = |file: &str| file == path || file.starts_with(&format!("{path}/"));
    input.files.retain(|file| inside(&file.path) || inside(&file.old_path));
    if input.files.is_empty() && input.completeness.complete {
        let title = format!("no changed file at or below `{path}`");
        let help = "a path starts at the root of the repository; a range is written BASE..HEAD";
        return Err(UsageError::new(title, help).into());
    }
    Ok(())
}

/// Returns the index of a changed file.
pub(super) fn position(input: &InputDocument, path: &str) -> Result<u32, Error> {
    let path = path.trim_start_matches("./");
    let found = (0_u32..).zip(&input.files).find(|(_, file)| file.path == path);
    found.map(|(index, _)| index).ok_or_else(|| {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let far = |known: &str| (name(known) != name(path), strsim::damerau_levenshtein(path, known));
        let near = input.files.iter().map(|file| file.path.as_str()).min_by_key(|known| (far(known), *known));
        let help = match near {
            Some(near) => format!("A path starts at the root of the repository. The nearest changed file is `{near}`."),
            None => "No file was changed.".to_owned(),
        };
        UsageError::new(format!("`{path}` is no changed file"), help).into()
    })
}

/// Puts one question to the worker.
pub(super) fn put(supervisor: &mut Supervisor, probe: Probe) -> Result<Probed, Box<UsageError>> {
    let mut answered = None;
    let ended = supervisor.run(std::iter::once((0, Task::Probe(Box::new(probe)))), |_, answer| answered = Some(answer));
    if let Err(error) = ended {
        let reason = error.reason();
        return Err(UsageError::new(reason.message.raw(), reason.remedy.raw()).into());
    }
    match answered {
        // The input holds no secret; what an expression puts together, or decodes, is masked here.
        Some(Ok(Answer::Probed(probed))) => Ok(Redaction::default().value(*probed)),
        Some(Err(death)) => {
            let why = match death {
                Death::Crash => "it ended its process",
                Death::Timeout => "it did not end in time, and a builtin cannot be interrupted",
                Death::Memory => "it used more memory than `limits: worker-bytes` allows",
            };
            Err(UsageError::new(format!("it was stopped: {why}"), "Loop over less, or ask for less.").into())
        }
        Some(Ok(_)) | None => Err(unanswered().into()),
    }
}

fn unanswered() -> UsageError {
    UsageError::new("the worker gave no answer", "Run it again; if it stays, report it as a defect of portcullis.")
}
