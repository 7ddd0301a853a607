//! What `spec test` prints: a line a rule, what failed below it, and one last line.

use super::{Group, Trial};
use crate::commands::page::{Sheet, counted};
use crate::commands::spec::FAULTY;
use crate::error::Error;

/// Prints all groups and returns the exit code.
pub(super) fn print(groups: &[Group], width: usize) -> Result<u8, Error> {
    let mut sheet = Sheet::new(width);
    let widest = groups.iter().map(|group| group.id.chars().count()).max().unwrap_or_default();
    for group in groups.iter().filter(|group| !group.trials.is_empty() || !group.notes.is_empty()) {
        let failed: Vec<&Trial> = group.trials.iter().filter(|trial| trial.failure.is_some()).collect();
        let mut words = Vec::new();
        if !group.trials.is_empty() {
            let passed = group.trials.len() - failed.len();
            words.push(if failed.is_empty() {
                format!("{passed} passed")
            } else {
                format!("{} of {} FAILED", failed.len(), group.trials.len())
            });
        }
        words.extend(group.notes.iter().cloned());
        sheet.line(&format!("{:widest$}  {}", group.id, words.join("; ")));
        for trial in failed {
            sheet.line(&format!("  {} `{}`", trial.place, trial.name));
            sheet.prose(4, trial.failure.as_deref().unwrap_or_default());
            sheet.code(6, &trial.seen.join("\n"));
        }
    }
    let trials = || groups.iter().flat_map(|group| &group.trials);
    let failed = trials().filter(|trial| trial.failure.is_some()).count();
    let all = counted(trials().count(), "trial");
    sheet.gap();
    let first = groups.iter().find(|group| group.trials.iter().any(|trial| trial.failure.is_some()));
    sheet.line(&match first {
        Some(group) => format!("{failed} of {all} failed; begin with {}", group.id),
        None if trials().next().is_none() => {
            "nothing was tried: these rules prove nothing about themselves yet".to_owned()
        }
        None => format!("{all} passed"),
    });
    sheet.print()?;
    Ok(if failed > 0 { FAULTY } else { 0 })
}
