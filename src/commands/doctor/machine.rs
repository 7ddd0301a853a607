//! `doctor --self`: what would let hostile bytes out of the worker on this machine.
//!
//! Owns the words. A real worker is started as for a check, takes its powers away and tries what it must not be able to
//! do; nothing is concluded from versions or settings.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::commands::check::threads;
use crate::commands::output::closed;
use crate::commands::surroundings::Surroundings;
use crate::error::Error;
use crate::untrusted::terminal;
use crate::worker::protocol::{Answer, Confinement, Layer, Setup, Task};
use crate::worker::{Supervisor, WorkerError};

/// The exit code where a layer is missing.
const INCOMPLETE: u8 = 1;

/// The exit code where no worker could be asked.
const UNDECIDED: u8 = 4;

/// Starts a worker and says what confines it.
pub(super) fn run(surroundings: &Surroundings) -> Result<u8, Error> {
    let setup = Setup { threads: threads(), ..Setup::default() };
    let mut supervisor = Supervisor::new(surroundings.worker(), setup);
    let confinement = match examine(&mut supervisor) {
        Ok(confinement) => confinement,
        Err(why) => {
            surroundings.complain(&why);
            return Ok(UNDECIDED);
        }
    };
    let mut out = std::io::stdout().lock();
    out.write_all(report(&confinement).as_bytes()).and_then(|()| out.flush()).or_else(closed)?;
    Ok(if confinement.is_whole() { 0 } else { INCOMPLETE })
}

/// Runs one harmless task, so that the worker has had to get ready, and returns what it said of itself.
fn examine(supervisor: &mut Supervisor) -> Result<Confinement, String> {
    let mut loaded = false;
    let ran = supervisor.run([(0, Task::Load)], |_, answer| loaded = matches!(answer, Ok(Answer::Loaded(_))));
    ran.map_err(|error: WorkerError| error.to_string())?;
    let confinement = supervisor.confinement().filter(|_| loaded);
    confinement.cloned().ok_or_else(|| "the worker ended before it said what confines it".to_owned())
}

fn report(confinement: &Confinement) -> String {
    let Confinement { limits, landlock, seccomp, opens_files, opens_sockets, microseconds } = confinement;
    let mut text = "The worker, in which the bytes of a change are read and policies run:\n\n".to_owned();
    let layers = [
        ("limits", limits, "memory, descriptors and written files are limited, no core dump"),
        ("landlock", landlock, "no file, no port, no signal to another process"),
        ("seccomp", seccomp, "no system call but those of memory, waiting, time and its own three pipes"),
    ];
    for (name, layer, what) in layers {
        let line = match layer {
            Layer::Active => format!("active   {name:<9} {what}"),
            Layer::Partly(why) => format!("partly   {name:<9} {what}; {}", terminal(why)),
            Layer::Absent(why) => format!("MISSING  {name:<9} {}", terminal(why)),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {line}");
    }
    let tried = |can: bool| if can { "it could" } else { "it could not" };
    let (files, sockets) = (tried(*opens_files), tried(*opens_sockets));
    let _ = write!(text, "\nIt tried to open a file: {files}. It tried to open a socket: {sockets}.\n");
    let _ = writeln!(text, "Its environment holds no variable of this process. Confining it took {microseconds} us.");
    if !confinement.is_whole() {
        text.push_str(
            "\nA check works here all the same, with the same verdict. What is missing is a second wall behind memory-safe\n\
             code and C grammars: run it on a machine or in a container that offers Landlock and seccomp, without secrets.\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_layer_is_said_with_its_reason_made_visible() {
        let confinement = Confinement {
            limits: Layer::Active,
            landlock: Layer::Absent("refused\u{1b}[2J".to_owned()),
            seccomp: Layer::Partly("old".to_owned()),
            opens_files: false,
            opens_sockets: true,
            microseconds: 5,
        };
        let text = report(&confinement);
        assert!(!confinement.is_whole());
        assert!(text.contains("MISSING  landlock  refused\\u{1b}[2J"), "{text}");
        assert!(text.contains("open a file: it could not. It tried to open a socket: it could."), "{text}");
        assert!(text.contains("A check works here all the same"), "{text}");
    }
}
