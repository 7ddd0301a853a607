//! `init --spec`: begins a specification of a repository.
//!
//! Owns what is written and where. Never overwrites a file, and writes nothing that its own loader would refuse.

mod texts;

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::survey::Survey;
use super::written::{NewFile, Place, place, would_write, write};
use crate::change::tracked_files;
use crate::change::trusted::Tree;
use crate::cli::init::InitArguments;
use crate::commands::page::Sheet;
use crate::commands::spec::desk;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::enforcement::RuleBook;
use crate::error::Error;
use crate::impact::owners::PLACES;
use crate::limits::Limits;
use crate::specification::files::{SpecificationFile, SpecificationFiles};
use crate::specification::{load, source};

/// Runs `init`.
pub(super) fn run(arguments: &InitArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let repository = desk::needed(&arguments.repo)?;
    let root = repository
        .work_tree()
        .ok_or_else(|| UsageError::new("a bare repository has no work tree", "Run it in a clone that has files."))?;
    let folder = folder(arguments)?;
    let paths = tracked_files(&repository).map_err(desk::refused)?;
    let tree = Tree::at_work_tree(&repository).map_err(desk::refused)?;
    let survey = Survey::of(&name_of(&root), &paths, codeowners(&tree).as_deref());
    let files = texts::files(&survey, &folder);
    checked(&files)?;
    let new: Vec<NewFile> = files.iter().map(|(path, text)| NewFile::new(format!("{folder}/{path}"), text)).collect();
    for file in &new {
        if place(&root, &file.path)? == Place::Taken {
            let title = format!("`{}` is there already, and nothing is overwritten", file.path);
            return Err(UsageError::new(title, "`portcullis spec lint` says what is missing in it.").into());
        }
    }
    if arguments.dry_run {
        return would_write(&new, &[], surroundings.width).map(|()| 0);
    }
    write(&root, &new)?;
    report(&survey, &folder, &files, surroundings.width)?;
    Ok(0)
}

/// Returns the folder of the specification, with `/` between components.
fn folder(arguments: &InitArguments) -> Result<String, Error> {
    let Some(folder) = &arguments.folder else { return Ok(source::DEFAULT_FOLDER.to_owned()) };
    let mut parts = Vec::new();
    for component in folder.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => {
                let title = format!("`{}` is no folder below the root of the repository", folder.display());
                return Err(UsageError::new(title, "Name it from there, such as `.portcullis`.").into());
            }
        }
    }
    if parts.is_empty() {
        let title = "a specification beside the code needs a folder of its own";
        return Err(UsageError::new(title, "Leave it out for `.portcullis`.").into());
    }
    Ok(parts.join("/"))
}

pub(super) fn name_of(root: &Path) -> String {
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns the text of the CODEOWNERS file that the forge reads; one that cannot be read is none.
fn codeowners(tree: &Tree) -> Option<String> {
    let read = |place: &&str| tree.read(place, &Limits::default()).ok().flatten();
    let bytes = PLACES.iter().find_map(read)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What is begun must be without a fault.
fn checked(files: &BTreeMap<&'static str, String>) -> Result<(), Error> {
    let bytes = |(path, text): (&&str, &String)| ((*path).to_owned(), SpecificationFile(text.clone().into_bytes()));
    let files = SpecificationFiles { files: files.iter().map(bytes).collect(), ..SpecificationFiles::default() };
    let (specification, mut faults) = load(&files);
    if faults.is_empty() {
        faults = RuleBook::of(specification, Vec::new()).1;
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

fn report(survey: &Survey, folder: &str, files: &BTreeMap<&'static str, String>, width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    sheet.field("system", &survey.system);
    sheet.field("languages", &survey.languages.join(", "));
    sheet.field("modules", &survey.modules.keys().cloned().collect::<Vec<_>>().join(", "));
    let teams: Vec<String> = survey.teams.iter().map(|team| team.id.clone()).collect();
    sheet.field("teams", &teams.join(", "));
    sheet.gap();
    for path in files.keys() {
        sheet.line(&format!("wrote {folder}/{path}"));
    }
    sheet.gap();
    if folder != source::DEFAULT_FOLDER {
        sheet.line(&format!("add to .portcullis.yaml: spec: {{path: {folder}}}"));
    }
    if !survey.apart.is_empty() {
        let others = survey.apart.iter().map(|(module, (team, _))| format!("{module} ({team})"));
        let others = others.collect::<Vec<_>>().join(", ");
        let owner = survey.teams.first().map_or("", |team| team.id.as_str());
        sheet.prose(
            0,
            &format!(
                "CODEOWNERS gives these to others, and this specification asks {owner} in their place: {others}. \
             {folder}/systems.yaml says how each becomes a system of its own."
            ),
        );
        sheet.gap();
    }
    sheet.line("next: read and correct what was guessed, then portcullis spec lint");
    sheet.print()
}
