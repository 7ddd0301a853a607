//! `spec export`: what follows from the specification, printed, written, or held against what is written.

use std::path::Path;

use super::desk::Desk;
use crate::cli::spec::ExportArguments;
use crate::commands::page::print;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{UsageError, shortened};
use crate::error::Error;
use crate::specification::export::Extent;
use crate::specification::export::agents_md::agents_md;
use crate::specification::export::codeowners::codeowners;
use crate::specification::export::html::html;
use crate::specification::export::section::{Comment, marked, replaced};
use crate::yaml::nearest;

/// Runs `spec export`; exits 1 when `--check` finds the file out of date.
pub(super) fn run(arguments: &ExportArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let desk = Desk::open_sound(arguments.folder.as_deref())?;
    let extent = extent(arguments, &desk)?;
    let specification = &desk.specification;
    let (text, comment) = if arguments.agents_md {
        (agents_md(specification, &extent), Some(Comment::Markup))
    } else if arguments.codeowners {
        let folder = desk.application.as_ref().and(desk.inside.as_deref()).unwrap_or_default();
        if let Some(pair) = extent.systems.windows(2).find(|pair| pair.iter().all(|(_, root)| root.is_empty())) {
            let ids: Vec<&str> = pair.iter().map(|(id, _)| id.as_str()).collect();
            let title = format!("{} are not in one repository, and CODEOWNERS is about one", ids.join(" and "));
            return Err(UsageError::new(title, "Name the systems of that repository with --system.").into());
        }
        (codeowners(specification, &extent, folder), Some(Comment::Hash))
    } else {
        (html(specification, &extent), None)
    };
    let text = match comment {
        Some(comment) => marked(&text, how(arguments), comment),
        None => text,
    };
    let Some(file) = &arguments.write else {
        print(&text)?;
        return Ok(0);
    };
    let old = existing(file)?;
    let new = match comment {
        None => text,
        Some(comment) => replaced(old.as_deref().unwrap_or_default(), &text, comment).map_err(|error| {
            let title = format!("{}: {error}", file.display());
            UsageError::new(title, "Mend the marks, or remove both; nothing was written.")
        })?,
    };
    let fresh = old.as_ref() == Some(&new);
    if arguments.check {
        if !fresh {
            let name = file.display();
            surroundings.complain(&format!("{name} is out of date; run the same command without --check"));
        }
        return Ok(if fresh { 0 } else { super::FAULTY });
    }
    if !fresh {
        write(file, &new)?;
    }
    Ok(0)
}

fn how(arguments: &ExportArguments) -> &'static str {
    match (arguments.agents_md, arguments.codeowners) {
        (true, _) => "portcullis spec export --agents-md",
        (_, true) => "portcullis spec export --codeowners",
        _ => "portcullis spec export --html",
    }
}

/// Returns what the export is about: the systems asked for, else those of this repository, else all.
fn extent(arguments: &ExportArguments, desk: &Desk) -> Result<Extent, Error> {
    let here = desk.application.as_ref().map(|application| &application.hosted).filter(|hosted| !hosted.is_empty());
    let folders = here.map(|hosted| hosted.iter().map(|system| (system.id.clone(), system.root.clone())).collect());
    let known = folders.map_or_else(|| Extent::whole(&desk.specification), |systems| Extent { systems });
    if arguments.systems.is_empty() {
        return Ok(known);
    }
    let mut systems = Vec::new();
    for id in &arguments.systems {
        if !desk.specification.systems.contains_key(id) {
            let near = nearest(id, desk.specification.systems.keys().map(String::as_str));
            let help = near.map_or_else(String::new, |near| format!("Did you mean `{near}`?"));
            return Err(UsageError::new(format!("there is no system `{}`", shortened(id)), help).into());
        }
        let root = known.systems.iter().find(|(known, _)| known == id).map(|(_, root)| root.clone());
        systems.push((id.clone(), root.unwrap_or_default()));
    }
    systems.sort();
    systems.dedup();
    Ok(Extent { systems })
}

fn existing(file: &Path) -> Result<Option<String>, Error> {
    match std::fs::read(file) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => {
                let title = format!("{} is not UTF-8", file.display());
                Err(UsageError::new(title, "Nothing was written. Save it as UTF-8 first.").into())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(UsageError::new(
            format!("{} cannot be read: {error}", file.display()),
            "Make it readable, or name another file with `--write`.",
        )
        .into()),
    }
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(file, text).map_err(|error| {
        UsageError::new(format!("{} cannot be written: {error}", file.display()), "Check the folder.").into()
    })
}
