//! `init` without `--spec`: configuration, a first policy and the CI job, as they fit the repository.
//!
//! Owns which files those are, what is kept, and how that is told.

use std::path::Path;

use super::configuration;
use super::found::Found;
use super::left::left_to_do;
use super::pipeline;
use super::specification::name_of;
use super::starter;
use super::written::{NewFile, Place, place, would_write, write};
use crate::cli::init::InitArguments;
use crate::commands::page::{Sheet, counted};
use crate::commands::spec::desk;
use crate::commands::surroundings::Surroundings;
use crate::configuration::{Configuration, FILE_NAME};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::policies::packs;

/// Where policies go, the first that is free.
pub(super) const FOLDERS: &[&str] = &["policies", "portcullis-policies"];

/// What is going to be done.
pub(super) struct Plan {
    /// Files to write.
    pub(super) new: Vec<NewFile>,
    /// What was there already, with the reason for keeping it.
    kept: Vec<String>,
}

/// Runs `init`.
pub(super) fn run(arguments: &InitArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let repository = desk::needed(&arguments.repo)?;
    let bare = || UsageError::new("a bare repository has no work tree", "Run it in a clone that has files.");
    let root = repository.work_tree().ok_or_else(bare)?;
    let root = std::fs::canonicalize(&root).unwrap_or(root);
    let found = Found::of(&repository, &root, &name_of(&root), arguments.forge)?;
    let (plan, configuration) = planned(&root, &found, arguments)?;
    if arguments.dry_run {
        return would_write(&plan.new, &plan.kept, surroundings.width).map(|()| 0);
    }
    write(&root, &plan.new)?;
    report(&found, &plan, &left_to_do(&found, &plan, &configuration, arguments), surroundings.width)?;
    Ok(0)
}

/// Returns what is to be written, and the configuration as it will be.
fn planned(root: &Path, found: &Found, arguments: &InitArguments) -> Result<(Plan, Configuration), Error> {
    let mut plan = Plan { new: Vec::new(), kept: Vec::new() };
    let there = desk::configuration(root)?;
    let own = own_folder(root, there.as_ref());
    let configuration = match there {
        Some(configuration) => {
            plan.kept.push(FILE_NAME.to_owned());
            configuration
        }
        None => {
            let text = configuration::text(found, own.as_deref());
            let names: Vec<&str> = packs::names().collect();
            let read = Configuration::read(text.as_bytes(), FILE_NAME, &names)?;
            plan.offer(root, NewFile::new(FILE_NAME, text))?;
            read
        }
    };
    match &own {
        Some(folder) if place(root, &format!("{folder}/{}", starter::NAME))? == Place::Free => {
            let language = found.survey.languages.first().map_or("", String::as_str);
            plan.new.extend(starter::files(folder, language));
        }
        Some(folder) => plan.kept.push(format!("{folder}/{}", starter::NAME)),
        None if configuration.policies.is_empty() => {}
        None => plan.kept.push(format!("the policies that {FILE_NAME} names")),
    }
    match (&found.pipeline, found.ci) {
        (Some(there), _) => plan.kept.push(format!("{there}, which runs the gate")),
        (None, Some(ci)) => {
            for file in pipeline::files(ci, found, arguments.profile, arguments.gate.as_ref())? {
                plan.offer(root, file)?;
            }
        }
        (None, None) => {}
    }
    Ok((plan, configuration))
}

/// Returns the folder for the first policy; none where a configuration is there and names none, or other policies.
fn own_folder(root: &Path, configuration: Option<&Configuration>) -> Option<String> {
    let starter = |folder: &str| root.join(folder).join(starter::NAME);
    match configuration {
        Some(configuration) => {
            let named = configuration.policies.iter().map(|folder| folder.path.as_str());
            named
                .filter(|folder| FOLDERS.contains(folder))
                .find(|folder| std::fs::symlink_metadata(root.join(folder)).is_err() || starter(folder).exists())
        }
        None => FOLDERS
            .iter()
            .copied()
            .find(|folder| std::fs::symlink_metadata(root.join(folder)).is_err() || starter(folder).exists()),
    }
    .map(str::to_owned)
}

impl Plan {
    fn offer(&mut self, root: &Path, file: NewFile) -> Result<(), Error> {
        match place(root, &file.path)? {
            Place::Free => self.new.push(file),
            Place::Taken => self.kept.push(file.path),
        }
        Ok(())
    }

    /// Returns the file of that path, where it is written.
    pub(super) fn writes(&self, path: &str) -> Option<&NewFile> {
        self.new.iter().find(|file| file.path == path)
    }
}

fn report(found: &Found, plan: &Plan, left: &[String], width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    facts(&mut sheet, found);
    sheet.gap();
    plan.new.iter().for_each(|file| sheet.line(&format!("wrote {}", file.path)));
    plan.kept.iter().for_each(|kept| sheet.line(&format!("kept  {kept}")));
    if !left.is_empty() {
        sheet.gap();
        sheet.line("left for you:");
        for (number, what) in left.iter().enumerate() {
            // What is to be copied stands on a line of its own.
            let (what, copied) = what.split_once('\n').unwrap_or((what, ""));
            sheet.prose(2, &format!("{}. {what}", number + 1));
            if !copied.is_empty() {
                sheet.code(5, copied);
            }
        }
    }
    sheet.gap();
    sheet.line("next: portcullis policy test               do the policies do what they say?");
    sheet
        .line("      portcullis replay --last 50          what would all of this have said about the last 50 changes?");
    sheet.line("      portcullis check --trust worktree    and about this branch?");
    sheet.print()
}

/// Says what was found.
fn facts(sheet: &mut Sheet, found: &Found) {
    sheet.field("repository", &found.survey.system);
    let languages = found.survey.languages.join(", ");
    sheet.field(
        "languages",
        if languages.is_empty() { "none that is parsed; files are judged by path and text" } else { &languages },
    );
    sheet.field("forge", &found.ci_why);
    if let Some((place, owners)) = &found.owners {
        let faults = match owners.faults() {
            0 => String::new(),
            count => format!(" ({} cannot be read)", counted(count as usize, "line")),
        };
        sheet.field("owners", &format!("{place}{faults}"));
    }
    let conftest: Vec<&str> = found.conftest.iter().map(|existing| existing.folder.path.as_str()).collect();
    sheet.field("conftest", &conftest.join(", "));
    if let Some(decisions) = &found.decisions {
        sheet.field("decisions", &format!("{} in {}", counted(decisions.count, "record"), decisions.folder));
    }
    sheet.field("agents read", &found.instructions.join(", "));
    if let Some((folder, systems)) = &found.specification {
        sheet.field("specification", &format!("{} with {}", folder, counted(systems.len(), "system")));
    }
}
