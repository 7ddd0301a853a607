//! The pre-push hook of a clone.
//!
//! Owns its text and its place. Never overwrites and never removes a hook that it did not write.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::hook::HookPlaceArguments;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;

/// The first line after the interpreter; it says whose the file is.
const MARK: &str = "# Written by `portcullis hook install`; `portcullis hook uninstall` takes it away.";

/// What a hook of one's own would have to say.
const LINE: &str = "portcullis hook run \"$@\"";

/// Where git and the user's own configuration are found.
const KEPT: &[&str] = &["PATH", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "USERPROFILE", "SystemRoot"];

/// No hook that a person wrote is larger.
const MOST_BYTES: u64 = 1 << 20;

/// Returns the whole hook. A clone from which the binary has gone says so instead of pushing unseen.
fn text() -> String {
    format!(
        "#!/bin/sh\n{MARK}\nif ! command -v portcullis >/dev/null 2>&1; then\n  \
         echo 'pre-push: portcullis is not on the PATH. Install it, remove this hook, or push with --no-verify.' >&2\n  \
         exit 1\nfi\nexec {LINE}\n"
    )
}

/// Writes the hook.
pub(super) fn install(place: &HookPlaceArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let file = file(&place.repo, surroundings)?;
    match whose(&file)? {
        Owner::Ours => surroundings.say(&format!("{} is there already\n", file.display())),
        Owner::Another => {
            let help = format!("Nothing was changed. Add this line to it, before its last command: {LINE}");
            return Err(UsageError::new(format!("{} is another's hook", file.display()), help).into());
        }
        Owner::Nobody => {
            write(&file).map_err(|error| unwritten(&file, &error))?;
            surroundings.say(&format!("wrote {}; it judges what you push, and CI decides\n", file.display()));
        }
    }
    Ok(0)
}

/// Takes the hook away.
pub(super) fn uninstall(place: &HookPlaceArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let file = file(&place.repo, surroundings)?;
    match whose(&file)? {
        Owner::Ours => {
            fs::remove_file(&file).map_err(|error| unwritten(&file, &error))?;
            surroundings.say(&format!("removed {}\n", file.display()));
        }
        Owner::Nobody => surroundings.say(&format!("there is no {}\n", file.display())),
        Owner::Another => {
            let help = "Nothing was changed. Take its line `portcullis hook run` out by hand, if it has one.";
            return Err(UsageError::new(format!("{} is another's hook", file.display()), help).into());
        }
    }
    Ok(0)
}

enum Owner {
    Nobody,
    Ours,
    Another,
}

/// Says whose hook is there; a link is another's, wherever it leads.
fn whose(file: &Path) -> Result<Owner, Error> {
    let Ok(found) = fs::symlink_metadata(file) else { return Ok(Owner::Nobody) };
    if !found.is_file() || found.len() > MOST_BYTES {
        return Ok(Owner::Another);
    }
    let text = fs::read(file).map_err(|error| unwritten(file, &error))?;
    let ours = text.split(|&byte| byte == b'\n').nth(1) == Some(MARK.as_bytes());
    Ok(if ours { Owner::Ours } else { Owner::Another })
}

/// Asks git itself, since the user's own configuration may name another folder (`core.hooksPath`).
fn file(repo: &Path, surroundings: &Surroundings) -> Result<PathBuf, Error> {
    let kept = KEPT.iter().filter_map(|name| Some((*name, surroundings.variable(name)?)));
    let asked = Command::new("git")
        .arg("-C")
        .arg(repo)
        .args(["rev-parse", "--path-format=absolute", "--git-path", "hooks"])
        // `GIT_DIR` and its like would lead to another repository.
        .env_clear()
        .envs(kept)
        .output();
    let help = "Run it in a clone, with git 2.31 or newer on the PATH, or name the clone with `--repo DIR`.";
    let output = asked.map_err(|error| UsageError::new(format!("git cannot be asked for its hooks: {error}"), help))?;
    let folder = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if !output.status.success() || folder.is_empty() {
        let title = format!("`{}` is in no git repository", repo.display());
        return Err(UsageError::new(title, help).into());
    }
    Ok(PathBuf::from(folder).join("pre-push"))
}

fn write(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut opened = OpenOptions::new().write(true).create_new(true).open(file)?;
    opened.write_all(text().as_bytes())?;
    executable(&opened)
}

#[cfg(unix)]
fn executable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

/// Git for Windows runs a hook by its first line.
#[cfg(not(unix))]
fn executable(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}

fn unwritten(file: &Path, error: &std::io::Error) -> Error {
    let help = "Look at who owns that folder, and run it again.";
    UsageError::new(format!("{} cannot be changed: {error}", file.display()), help).into()
}
