//! Another repository, reached with the git command line: what `spec pin` and `spec fetch` do, and nothing else.
//!
//! Owns the only subprocess that talks to a network. Each runs in a bare scratch repository of its own, so no
//! configuration, hook or attribute of the repository under judgement applies; the machine's own configuration does,
//! because addresses may need its credentials. `check` never comes here.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Environment, Repository};

/// Variables that reach git: where its programs and credentials are, and how the network is reached.
const KEPT: &[&str] = &[
    "ALL_PROXY",
    "GIT_ASKPASS",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
    "HOME",
    "HTTPS_PROXY",
    "NO_PROXY",
    "PATH",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SystemRoot",
    "TEMP",
    "TMP",
    "TMPDIR",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    "all_proxy",
    "https_proxy",
    "no_proxy",
];
/// Settings of every call. A transfer under 1 kB a second for a minute is given up.
const SETTINGS: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "credential.interactive=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "http.followRedirects=initial",
    "maintenance.auto=false",
    "gc.auto=0",
    "protocol.version=2",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.ssh.allow=always",
    "protocol.file.allow=user",
];
/// References that a repository may have.
const MOST_REFERENCES: usize = 200_000;

/// Why another repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The git command line is missing, or a scratch folder could not be made.
    #[error("cannot run git: {0}")]
    NoGit(#[from] std::io::Error),
    /// The repository does not answer, or git refused.
    #[error("git {command} failed: {stderr}")]
    Git {
        /// The subcommand.
        command: &'static str,
        /// What git said, without control characters.
        stderr: String,
    },
    /// The commit is not in the history of any branch or tag.
    #[error("the commit {commit} is in the history of no branch and no tag of that repository")]
    Unreachable {
        /// The commit.
        commit: String,
    },
    /// What was fetched cannot be opened.
    #[error("what was fetched cannot be opened: {0}")]
    Unreadable(String),
}

/// A branch or tag as the other repository advertises it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advertised {
    /// `HEAD`, `refs/heads/...` or `refs/tags/...`.
    pub name: String,
    /// The commit that it names; of an annotated tag the commit behind it.
    pub commit: String,
}

/// One commit of another repository, in a scratch repository that vanishes with this value.
#[derive(Debug)]
pub struct Fetched {
    /// The scratch repository.
    pub repository: Repository,
    _folder: tempfile::TempDir,
}

/// Returns the default branch, branches and tags of another repository, sorted by name.
///
/// # Errors
/// When git is missing, the repository does not answer, or it has too many.
pub fn references(url: &str, environment: &Environment) -> Result<Vec<Advertised>, RemoteError> {
    let scratch = tempfile::tempdir()?;
    // `HEAD` is a pattern: it also matches the default branch of a remote that is kept as a branch; names tell them apart.
    let patterns = ["HEAD", "refs/heads/*", "refs/tags/*"];
    let listed = git(scratch.path(), environment, &[&["ls-remote", "--quiet", "--", url], &patterns[..]].concat())?;
    let mut found = std::collections::BTreeMap::new();
    for line in listed.lines().take(MOST_REFERENCES) {
        // What is no id of an object is no answer of git's.
        let Some((id, name)) = line.split_once('\t').filter(|(id, _)| super::repository::parse_id(id).is_ok()) else {
            continue;
        };
        match name.strip_suffix("^{}") {
            // The line of the commit behind a tag follows that of the tag itself.
            Some(tag) => drop(found.insert(tag.to_owned(), id.to_owned())),
            None => drop(found.entry(name.to_owned()).or_insert_with(|| id.to_owned())),
        }
    }
    found.retain(|name, _| name == "HEAD" || name.starts_with("refs/heads/") || name.starts_with("refs/tags/"));
    Ok(found.into_iter().map(|(name, commit)| Advertised { name, commit }).collect())
}

/// Fetches one commit, by its full id and without its history, after making sure that it belongs to the repository.
///
/// Forges serve commits of forks under the address of the original, so having a commit proves nothing. A commit that a
/// branch or tag names costs one listing; any other costs the commit objects of the whole history, without trees and
/// files where the server can leave them out.
///
/// # Errors
/// When git is missing, the repository does not answer, or the commit is not in the history of a branch or tag.
pub fn fetch(url: &str, commit: &str, environment: &Environment) -> Result<Fetched, RemoteError> {
    if super::repository::parse_id(commit).is_err() {
        return Err(RemoteError::Unreachable { commit: commit.to_owned() });
    }
    let advertised = references(url, environment)?;
    let is_tip = advertised.iter().any(|reference| reference.name != "HEAD" && reference.commit == commit);
    let folder = tempfile::tempdir()?;
    if !is_tip && !in_history(url, commit, &folder.path().join("history"), environment)? {
        return Err(RemoteError::Unreachable { commit: commit.to_owned() });
    }
    let bare = folder.path().join("pinned");
    init(&bare, commit, environment)?;
    let refspec = format!("{commit}:refs/pinned/commit");
    let options = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, &refspec];
    git(&bare, environment, &options)?;
    let repository = Repository::open(&bare).map_err(|error| RemoteError::Unreadable(error.to_string()))?;
    Ok(Fetched { repository, _folder: folder })
}

fn in_history(url: &str, commit: &str, bare: &Path, environment: &Environment) -> Result<bool, RemoteError> {
    init(bare, commit, environment)?;
    let settings =
        [("remote.pinned.url", url), ("remote.pinned.promisor", "true"), ("extensions.partialClone", "pinned")];
    for (name, value) in settings {
        git(bare, environment, &["config", "--local", name, value])?;
    }
    let all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    let options = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--filter=tree:0", "pinned"];
    git(bare, environment, &[&options[..], &all[..]].concat())?;
    let contains = ["for-each-ref", "--count=1", "--format=%(refname)", "--contains", commit];
    match git(bare, environment, &contains) {
        Ok(names) => Ok(!names.trim().is_empty()),
        // Git calls a commit that the history lacks an error.
        Err(RemoteError::Git { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn init(bare: &Path, commit: &str, environment: &Environment) -> Result<(), RemoteError> {
    std::fs::create_dir_all(bare)?;
    let format = if commit.len() == 64 { "--object-format=sha256" } else { "--object-format=sha1" };
    git(bare, environment, &["init", "--quiet", "--bare", "--template=", format, "."]).map(drop)
}

fn git(folder: &Path, environment: &Environment, arguments: &[&str]) -> Result<String, RemoteError> {
    let mut command = Command::new("git");
    command.current_dir(folder).stdin(Stdio::null()).env_clear();
    for name in KEPT {
        if let Some(value) = environment.get(*name) {
            command.env(name, value);
        }
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1").env("LC_ALL", "C");
    // The scratch folder's parents are not ours; nothing above it is a repository for git.
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder));
    // Named, because a machine may allow no bare repository that is merely found.
    if folder.join("HEAD").is_file() {
        command.env("GIT_DIR", folder);
    }
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    let output = command.args(arguments).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr).replace(|c: char| c.is_control(), " ");
    let command = match arguments.first() {
        Some(&"ls-remote") => "ls-remote",
        Some(&"fetch") => "fetch",
        Some(&"init") => "init",
        Some(&"config") => "config",
        _ => "for-each-ref",
    };
    Err(RemoteError::Git { command, stderr: stderr.trim().chars().take(500).collect() })
}
