//! Writes a small git repository with the git command line: what `demo` shows.
//!
//! Owns the only writes to a repository, all below a folder that it made. Must not touch a repository that exists.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// One commit of a sample: files to write, and the message.
#[derive(Clone, Copy, Debug)]
pub struct SampleCommit<'a> {
    /// Path and content of each file.
    pub files: &'a [(&'a str, String)],
    /// The whole message.
    pub message: &'a str,
    /// Name and mail address, as git writes them.
    pub author: (&'a str, &'a str),
    /// Seconds since 1970; fixed, so that a sample has the same object ids everywhere.
    pub seconds: u64,
}

/// Why a sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The git command line is missing.
    #[error("cannot run git: {0}; install git, or put it on PATH")]
    NoGit(io::Error),
    /// A file could not be written.
    #[error("cannot write the sample repository: {0}")]
    Write(#[from] io::Error),
    /// Git refused.
    #[error("git {command} failed: {stderr}")]
    Git {
        /// The subcommand.
        command: String,
        /// What git said, without control characters.
        stderr: String,
    },
}

/// Writes a repository with one branch `main` and these commits into the empty folder `folder`; git is found on
/// `search_path`, and no other variable of the environment reaches it.
///
/// # Errors
/// When git is missing or refuses, or a file cannot be written.
pub fn write_repository(folder: &Path, commits: &[SampleCommit<'_>], search_path: &OsStr) -> Result<(), SampleError> {
    git(folder, &["init", "--quiet", "--initial-branch=main", "."], None, search_path)?;
    for commit in commits {
        for (path, content) in commit.files {
            let file = folder.join(path);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&file, content)?;
        }
        git(folder, &["add", "--all", "."], None, search_path)?;
        git(folder, &["commit", "--quiet", "--no-gpg-sign", "-m", commit.message], Some(commit), search_path)?;
    }
    Ok(())
}

fn git(
    folder: &Path,
    arguments: &[&str],
    commit: Option<&SampleCommit<'_>>,
    search_path: &OsStr,
) -> Result<(), SampleError> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "core.autocrlf=false", "-c", "core.hooksPath="]).args(arguments);
    command.stdin(Stdio::null()).env_clear();
    command.env("PATH", search_path);
    // No file of that name is there. A device would be replaced by whoever writes to it.
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", folder.join(".git/no-global-config"));
    command.env("HOME", folder);
    if let Some(commit) = commit {
        let date = format!("{} +0000", commit.seconds);
        command.env("GIT_AUTHOR_NAME", commit.author.0).env("GIT_AUTHOR_EMAIL", commit.author.1);
        command.env("GIT_COMMITTER_NAME", commit.author.0).env("GIT_COMMITTER_EMAIL", commit.author.1);
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
    }
    let output = command.output().map_err(SampleError::NoGit)?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr).replace(|c: char| c.is_control(), " ");
    Err(SampleError::Git { command: arguments.first().copied().unwrap_or_default().to_owned(), stderr })
}
