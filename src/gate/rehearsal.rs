//! Policies tried by their authors: self checks, unit tests and cases, in the worker.
//!
//! Owns how a case becomes a document, and what it means that a worker dies. Must not decide on a change.

use crate::limits::Limits;
use crate::policies::{Fault, PolicySet};
use crate::worker::protocol::{Answer, Setup, Target, Task};
use crate::worker::{Supervisor, WorkerCommand, WorkerError};

/// Loads all policies and lets each package judge an empty change, as a run does first.
///
/// # Errors
/// When the worker could not do its work at all.
pub fn self_check(set: &PolicySet, limits: &Limits, worker: WorkerCommand) -> Result<Vec<Fault>, WorkerError> {
    let setup = Setup { threads: 1, limits: limits.clone(), policies: set.clone(), ..Setup::default() };
    let mut supervisor = Supervisor::new(worker, setup);
    let mut faults = Vec::new();
    let mut packages = Vec::new();
    supervisor.run([(0, Task::Load)], |_, answer| match answer {
        Ok(Answer::Loaded(loaded)) => {
            faults.extend(loaded.faults);
            packages = loaded.packages;
        }
        Ok(_) | Err(_) => faults.push(fault("", 0, "load", "loading the policies ended their process")),
    })?;
    let tasks = (0_u32..)
        .zip(&packages)
        .map(|(package, _)| (u64::from(package), Task::Evaluate { package, targets: vec![Target::Empty] }));
    let mut answers = Vec::new();
    supervisor.run(tasks.collect::<Vec<_>>(), |id, answer| answers.push((id, answer)))?;
    for (id, answer) in answers {
        let rule = usize::try_from(id).ok().and_then(|id| packages.get(id)?.rules.first());
        let (path, line) = rule.map_or(("", 0), |rule| (rule.path.as_str(), rule.line));
        match answer {
            Ok(Answer::Evaluated(evaluations)) => faults.extend(evaluations.into_iter().flat_map(|of| of.faults)),
            Ok(_) | Err(_) => faults.push(fault(path, line, "self-check", "on an empty change it ends its process")),
        }
    }
    faults.retain(|fault| fault.code != crate::policies::loader::NO_POLICIES);
    faults.sort();
    faults.dedup();
    Ok(faults)
}

fn fault(path: &str, line: u32, code: &str, message: &str) -> Fault {
    Fault {
        path: path.to_owned(),
        line,
        column: 0,
        code: code.to_owned(),
        message: message.to_owned(),
        hint: "look for recursion and for loops over loops".to_owned(),
    }
}
