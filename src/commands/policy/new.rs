//! `policy new`: a small complete policy to begin with.
//!
//! Owns what is written and where. Never overwrites a file.

mod texts;

use std::path::Path;

use super::workbench::{Ground, USUAL, within};
use crate::cli::policy::NewArguments;
use crate::commands::page::Sheet;
use crate::commands::surroundings::Surroundings;
use crate::configuration::{Configuration, FILE_NAME};
use crate::diagnostic::UsageError;
use crate::error::Error;

/// Runs `policy new`.
pub(super) fn run(arguments: &NewArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let near = arguments.dir.as_deref().and_then(|dir| dir.ancestors().find(|above| above.is_dir()));
    let ground = Ground::around(near)?;
    let configuration = ground.configuration.clone().unwrap_or_default();
    let folder = match &arguments.dir {
        Some(dir) => ground.inside(dir)?,
        None => usual(&configuration),
    };
    if folder.is_empty() {
        return Err(UsageError::new("policies need a folder of their own", "Name one: `--dir policies`.").into());
    }
    let written = texts::files(&arguments.name, &folder, arguments.scope.into());
    write(&ground.root, &folder, &arguments.name, &written)?;
    let mut sheet = Sheet::new(surroundings.width);
    for (path, _) in &written {
        sheet.line(&format!("wrote {folder}/{}/{path}", arguments.name));
    }
    sheet.gap();
    sheet.prose(0, texts::about(arguments.scope.into()));
    sheet.gap();
    let named = configuration.policies.iter().any(|known| within(&folder, &known.path));
    if !named {
        sheet.line(&format!("{FILE_NAME} must name the folder, or `check` never runs it:"));
        let version = if ground.configuration.is_some() { "" } else { "version: 1\n" };
        sheet.code(4, &format!("{version}policies: [{folder}]"));
        sheet.gap();
    }
    let given = arguments.dir.as_ref().filter(|_| !named && folder != USUAL);
    let given = given.map_or_else(String::new, |dir| format!(" {}", dir.display()));
    sheet.line(&format!("next: portcullis policy check{given} && portcullis policy test{given}"));
    sheet.print()?;
    Ok(0)
}

/// Returns the folder that the configuration names first; one that names a single file holds no more.
fn usual(configuration: &Configuration) -> String {
    let folder = configuration.policies.iter().map(|folder| folder.path.as_str()).find(|path| !path.ends_with(".rego"));
    folder.unwrap_or(USUAL).to_owned()
}

fn write(root: &Path, folder: &str, name: &str, files: &[(String, String)]) -> Result<(), Error> {
    let below = root.join(folder).join(name);
    if std::fs::symlink_metadata(&below).is_ok() {
        let title = format!("`{folder}/{name}` is there already, and nothing is overwritten");
        return Err(UsageError::new(title, "Choose another name, or work on that one.").into());
    }
    for (path, text) in files {
        let file = below.join(path);
        let written = file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| {
            let mut options = std::fs::OpenOptions::new();
            let opened = options.write(true).create_new(true).open(&file);
            opened.and_then(|mut opened| std::io::Write::write_all(&mut opened, text.as_bytes()))
        });
        written.map_err(|error| {
            UsageError::new(
                format!("{} cannot be written: {error}", file.display()),
                "Check the folder's rights and the free space.",
            )
        })?;
    }
    Ok(())
}
