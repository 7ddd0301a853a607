//! `man`: the help texts as manual pages, one a command.

use std::io::Write as _;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::cli::man::ManArguments;
use crate::commands::output::closed;
use crate::diagnostic::UsageError;
use crate::error::Error;

/// Runs `man`.
pub(super) fn run(arguments: &ManArguments) -> Result<u8, Error> {
    let pages = pages();
    let Some(folder) = &arguments.out else {
        let (_, first) = pages.first().ok_or_else(|| UsageError::new("there is no page", "Report this as a fault."))?;
        let mut out = std::io::stdout().lock();
        out.write_all(first).and_then(|()| out.flush()).or_else(closed)?;
        return Ok(0);
    };
    write(folder, &pages)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote {} pages; next: man -l {}", pages.len(), folder.join("portcullis.1").display())
        .or_else(closed)?;
    Ok(0)
}

/// Returns each command's page by the name of its file, the first command first.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut top = Cli::command();
    top.build();
    let mut pages = Vec::new();
    let mut pending: Vec<Command> = vec![top];
    while let Some(command) = pending.pop() {
        let below = command.get_subcommands().filter(|below| !below.is_hide_set());
        pending.extend(below.cloned());
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        let mut page = Vec::new();
        // A page in memory is always written.
        let _ = Man::new(command).title(name.clone()).render(&mut page);
        pages.push((format!("{name}.1"), page));
    }
    pages.sort();
    pages
}

fn write(folder: &Path, pages: &[(String, Vec<u8>)]) -> Result<(), Error> {
    let wrong = |path: &Path, error: std::io::Error| {
        UsageError::new(format!("{} cannot be written: {error}", path.display()), "Name another folder with `--out`.")
    };
    std::fs::create_dir_all(folder).map_err(|error| wrong(folder, error))?;
    for (name, page) in pages {
        let path = folder.join(name);
        std::fs::write(&path, page).map_err(|error| wrong(&path, error))?;
    }
    Ok(())
}
