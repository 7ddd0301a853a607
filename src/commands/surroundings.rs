//! What the process was started in: arguments and environment, read once and passed on as values.
//!
//! Owns the edge to the operating system: variables, terminal, number of processors, own executable.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use crate::change::Environment;
use crate::diagnostic::Colour;
use crate::review::state::ForgeFacts;
use crate::untrusted::Untrusted;
use crate::worker::WorkerCommand;

/// Variables by which CI systems say that they are one; several do not set `CI`.
const CI_SYSTEMS: &[&str] = &[
    "CI",
    "BITBUCKET_BUILD_NUMBER",
    "BUILDKITE",
    "CIRCLECI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "JENKINS_URL",
    "TEAMCITY_VERSION",
    "TF_BUILD",
];

/// What the process was started in.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    variables: BTreeMap<OsString, OsString>,
    /// Whether escape sequences for colours may be written.
    pub(super) colour: bool,
    /// Width of the terminal in columns.
    pub(super) width: usize,
    /// Whether somebody watches standard error.
    pub(super) watched: bool,
}

impl Surroundings {
    /// Reads them.
    pub(super) fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let variables: BTreeMap<OsString, OsString> = variables.into_iter().collect();
        let terminal = std::io::stdout().is_terminal();
        let asked = |name: &str| variables.get(&OsString::from(name)).is_some_and(|value| !value.is_empty());
        let colour = terminal && !asked("NO_COLOR");
        let width = if terminal { terminal_width() } else { 100 };
        let watched = std::io::stderr().is_terminal() && !asked("CI");
        Self { variables, colour, width, watched }
    }

    /// Returns a variable that is set, not empty and readable as text.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        let value = self.variables.get(&OsString::from(name))?.to_str()?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Says whether a CI system is at work.
    pub(super) fn in_ci(&self) -> bool {
        CI_SYSTEMS.iter().any(|name| self.variable(name).is_some_and(|value| value != "false" && value != "0"))
    }

    /// Says whether facts of the forge can be had; they cannot yet.
    pub(super) fn forge(&self) -> ForgeFacts {
        if self.in_ci() { ForgeFacts::NotObtained("no token, or `--forge none`".to_owned()) } else { ForgeFacts::Local }
    }

    /// Returns the variables that are text, as the range looks at them.
    pub(super) fn environment(&self) -> Environment {
        let text =
            |(name, value): (&OsString, &OsString)| Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()));
        self.variables.iter().filter_map(text).collect()
    }

    /// Returns where programs are searched.
    pub(super) fn search_path(&self) -> OsString {
        self.variables.get(&OsString::from("PATH")).cloned().unwrap_or_default()
    }

    /// Returns how to start a worker: this executable again.
    pub(super) fn worker(&self) -> WorkerCommand {
        let lost = |_| WorkerCommand { program: PathBuf::from("portcullis"), args: vec![OsString::from("worker")] };
        WorkerCommand::this_executable("worker").unwrap_or_else(lost)
    }

    /// Says whether standard error is coloured.
    pub(super) fn error_colour(&self) -> Colour {
        if self.watched && self.colour { Colour::Always } else { Colour::Never }
    }

    /// Writes text on standard error that has been made visible already.
    pub(super) fn say(&self, text: &str) {
        // Nothing is left to do when standard error is gone.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Says a line on standard error, without control characters.
    pub(super) fn complain(&self, message: &str) {
        // Nothing is left to do when standard error is gone.
        let _ = writeln!(std::io::stderr(), "portcullis: {}", Untrusted::new(message).terminal());
    }
}

/// Returns the width of the terminal, between 40 and 120 columns; 100 where it cannot be told.
#[cfg(unix)]
fn terminal_width() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    size.map_or(100, |size| usize::from(size.ws_col).clamp(40, 120))
}

#[cfg(not(unix))]
fn terminal_width() -> usize {
    100
}
