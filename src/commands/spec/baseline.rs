//! `spec baseline`: what the baseline holds, and its two edits: begun once, and shrunk.
//!
//! Owns the survey of the whole repository at `HEAD` that both edits rest on. Must not write a baseline from a survey
//! that could not read everything: what was not judged is neither there nor mended.

use std::collections::BTreeMap;

use super::desk::{self, Desk};
use crate::change::trusted::Tree;
use crate::change::{Mode, RangeRequest};
use crate::cli::spec::BaselineArguments;
use crate::clock;
use crate::commands::check::threads;
use crate::commands::page::{Sheet, counted};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::finding::{Finding, RuleId};
use crate::gate::progress::Silent;
use crate::gate::{CheckRequest, ForgeAccess, OpenChanges, Trust, check_and_save, decide_again};
use crate::limits::Limits;
use crate::specification::Specification;
use crate::specification::baseline::Baseline;

/// Runs `spec baseline`.
pub(super) fn run(arguments: &BaselineArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let desk = Desk::open_sound(Some(&arguments.repo))?;
    let repository = desk::needed(&arguments.repo)?;
    let root = repository
        .work_tree()
        .ok_or_else(|| UsageError::new("a bare repository has no work tree", "Run it in a clone that has files."))?;
    let configuration = desk::configuration(&root)?.unwrap_or_default();
    let Some(file) = configuration.baseline else {
        let help = "Write `baseline: .portcullis/baseline.json` into it.";
        return Err(UsageError::new("`.portcullis.yaml` names no baseline", help).into());
    };
    let tree = Tree::at_work_tree(&repository).map_err(desk::refused)?;
    let bytes = tree.read(&file, &Limits::default()).map_err(desk::refused)?;
    let existing = bytes.map(|bytes| Baseline::read(&bytes, &file, Some(&desk.specification))).transpose()?;
    let mut sheet = Sheet::new(surroundings.width);
    if arguments.init {
        // What cannot be begun again is refused before the whole repository is read.
        Baseline::first(existing.as_ref(), &[], &desk.specification, false)?;
        let findings = survey(arguments, surroundings)?;
        let new = Baseline::first(existing.as_ref(), &findings, &desk.specification, false)?;
        write(&root.join(&file), &new)?;
        list(&new, &desk.specification, &mut sheet);
        sheet.line(&format!("{} of HEAD written to {file}; from now on it can only shrink", entries(&new)));
    } else if arguments.prune {
        let existing = existing.unwrap_or_default();
        let (new, gone) = existing.pruned(&survey(arguments, surroundings)?, &desk.specification);
        for entry in &gone {
            sheet.line(&format!("mended: {} in {}", entry.rule, entry.path));
        }
        if !gone.is_empty() {
            write(&root.join(&file), &new)?;
        }
        sheet.line(&format!("{} taken out of {file}, {} left", counted(gone.len(), "entry"), new.entries.len()));
    } else {
        match &existing {
            None => sheet.line(&format!("there is no {file}; `portcullis spec baseline --init` begins it")),
            Some(baseline) => {
                list(baseline, &desk.specification, &mut sheet);
                sheet.line(&format!("{} in {file}", entries(baseline)));
            }
        }
    }
    sheet.print()?;
    Ok(0)
}

fn entries(baseline: &Baseline) -> String {
    counted(baseline.entries.len(), "entry")
}

/// Lists how much each rule carries, and who answers for it.
fn list(baseline: &Baseline, specification: &Specification, sheet: &mut Sheet) {
    let mut by_rule: BTreeMap<&RuleId, usize> = BTreeMap::new();
    for entry in &baseline.entries {
        *by_rule.entry(&entry.rule).or_default() += 1;
    }
    let rows = by_rule.iter().map(|(id, count)| {
        let rule = specification.rules.get(*id);
        let text = |get: fn(&crate::specification::rule::Rule) -> &String| rule.map(get).cloned().unwrap_or_default();
        vec![id.to_string(), count.to_string(), text(|rule| &rule.owner), text(|rule| &rule.title)]
    });
    sheet.columns(0, &rows.collect::<Vec<_>>());
    if !baseline.entries.is_empty() {
        sheet.gap();
    }
}

/// Returns everything that the rules of the work tree find at `HEAD`, as if every line were new and nothing carried.
fn survey(arguments: &BaselineArguments, surroundings: &Surroundings) -> Result<Vec<Finding>, Error> {
    let request = CheckRequest {
        repository: arguments.repo.clone(),
        range: RangeRequest { base: None, head: None, mode: Mode::Whole },
        environment: surroundings.environment(),
        // Author and rules are at the same desk: a baseline may be begun before its rules are committed.
        trust: Trust::Worktree,
        fail_on: None,
        as_of: clock::today(),
        threads: threads(),
        worker: surroundings.worker(),
        forge: ForgeAccess::Closed(surroundings.forge()),
        others: OpenChanges::Closed,
        imports: Vec::new(),
        cache: None,
        progress: &Silent,
    };
    let (_, mut saved) = check_and_save(&request)?;
    saved.baseline = None;
    let document = decide_again(&saved, surroundings.worker(), threads()).document;
    // That it is not there yet is why it is begun.
    let reasons: Vec<_> =
        document.completeness.reasons.iter().filter(|reason| reason.code != "missing-baseline").collect();
    if !reasons.is_empty() {
        let unread = |reason: &&crate::completeness::Reason| {
            let place = if reason.path.is_empty() { String::new() } else { format!("{}: ", reason.path.terminal()) };
            UsageError::new(format!("{place}{}", reason.message.terminal()), reason.remedy.terminal())
        };
        let mut errors: Vec<UsageError> = reasons.iter().map(unread).collect();
        let title = "the repository could not be judged as a whole, so the baseline stays as it is";
        errors.push(UsageError::new(title, "Mend what is above, and run it again."));
        return Err(errors.into());
    }
    Ok(document.findings.into_iter().filter(|finding| finding.waived_by.is_none()).collect())
}

fn write(file: &std::path::Path, baseline: &Baseline) -> Result<(), Error> {
    std::fs::write(file, baseline.text()).map_err(|error| {
        UsageError::new(format!("{} cannot be written: {error}", file.display()), "Check the folder.").into()
    })
}
