//! Real git repositories for tests, built by the git command line in a scrubbed environment.
//!
//! Owns the hermetic setting: no user or system configuration, fixed identities and dates, no network, so the same
//! steps give the same object ids on every machine. Porcelain for the ordinary, plumbing for hostile trees.

#![allow(dead_code, unreachable_pub, reason = "each test target uses its own part of this module")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Variables that may reach git; everything else is scrubbed.
const KEPT: &[&str] = &["PATH", "SystemRoot", "TMPDIR", "TEMP", "TMP"];

/// The identity and date of every commit unless a test says otherwise.
const FIXED: &[(&str, &str)] = &[
    ("GIT_AUTHOR_NAME", "Ada Author"),
    ("GIT_AUTHOR_EMAIL", "ada@example.org"),
    ("GIT_AUTHOR_DATE", "2024-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "Cy Committer"),
    ("GIT_COMMITTER_EMAIL", "cy@example.org"),
    ("GIT_COMMITTER_DATE", "2024-01-01T00:00:00Z"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    // A place that nothing can be written to. Never /dev/null: `git config --global` would put a file where the device was.
    ("GIT_CONFIG_GLOBAL", "/nonexistent/portcullis/gitconfig"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("LC_ALL", "C"),
    ("TZ", "UTC"),
];

/// Returns a command without any inherited variable that could change what it does.
pub fn scrubbed(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in KEPT {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs(FIXED.iter().copied());
    command
}

/// One entry of a tree that is written by hand: mode, name, object id.
pub type RawEntry<'a> = (&'a str, &'a [u8], &'a str);

/// A repository in a temporary folder that vanishes with this value.
pub struct TestRepository {
    folder: tempfile::TempDir,
    root: PathBuf,
    clock: std::cell::Cell<u32>,
}

impl TestRepository {
    /// Makes an empty repository with the branch `main`.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Makes an empty repository, passing more arguments to `git init`.
    pub fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("repository");
        std::fs::create_dir(&root).expect("a folder");
        let made = Self { folder, root, clock: std::cell::Cell::new(0) };
        made.git(&[&["init", "-q", "-b", "main"], arguments].concat());
        made
    }

    /// Returns the root of the work tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns a folder beside the repository that vanishes with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns a scrubbed git command that runs in the repository.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = scrubbed("git");
        // The marker tests look for programs run by *us*; set-up itself must not run them either.
        command.current_dir(&self.root).env("HOME", self.folder.path()).args(["-c", "core.hooksPath=/dev/null"]);
        command.args(["-c", "protocol.file.allow=always"]).args(arguments);
        command
    }

    /// Runs git and returns its standard output without the last line end.
    pub fn git(&self, arguments: &[&str]) -> String {
        let text = String::from_utf8_lossy(&self.git_bytes(arguments)).into_owned();
        text.trim_end_matches('\n').to_owned()
    }

    /// Runs git and returns its standard output.
    pub fn git_bytes(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("git runs");
        check(arguments, &output);
        output.stdout
    }

    /// Runs git with bytes on standard input and returns its standard output without the last line end.
    pub fn git_with(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("git runs");
        child.stdin.take().expect("piped").write_all(input).expect("git reads its input");
        let output = child.wait_with_output().expect("git ends");
        check(arguments, &output);
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// Writes a file of the work tree, making its folders.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("folders");
        std::fs::write(path, content).expect("written");
        self
    }

    /// Removes a file of the work tree.
    pub fn remove(&self, path: &str) -> &Self {
        std::fs::remove_file(self.root.join(path)).expect("removed");
        self
    }

    /// Commits the whole work tree, a minute after the commit before, and returns the id.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.commit_index(message)
    }

    /// Commits the index as it is (an unchanged one too) and returns the id.
    pub fn commit_index(&self, message: &str) -> String {
        let date = self.tick();
        let mut command = self.command(&["commit", "-q", "--allow-empty", "--no-verify", "-m", message]);
        let output = command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date).output().expect("git runs");
        check(&["commit"], &output);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Stores a blob and returns its id.
    pub fn blob(&self, content: impl AsRef<[u8]>) -> String {
        self.git_with(&["hash-object", "-w", "--stdin"], content.as_ref())
    }

    /// Stores a tree through `git mktree`, which refuses `/` in names and sorts, and returns its id.
    pub fn tree(&self, entries: &[RawEntry<'_>]) -> String {
        let mut input = Vec::new();
        for (mode, name, id) in entries {
            let kind = match *mode {
                "040000" => "tree",
                "160000" => "commit",
                _ => "blob",
            };
            input.extend_from_slice(format!("{mode} {kind} {id}\t").as_bytes());
            input.extend_from_slice(name);
            input.push(0);
        }
        self.git_with(&["mktree", "-z", "--missing"], &input)
    }

    /// Stores a tree byte for byte, in whatever order and with whatever names, and returns its id.
    pub fn raw_tree(&self, entries: &[RawEntry<'_>]) -> String {
        let mut data = Vec::new();
        for (mode, name, id) in entries {
            data.extend_from_slice(mode.trim_start_matches('0').as_bytes());
            data.push(b' ');
            data.extend_from_slice(name);
            data.push(0);
            for pair in id.as_bytes().chunks(2) {
                let pair = std::str::from_utf8(pair).expect("hexadecimal");
                data.push(u8::from_str_radix(pair, 16).expect("hexadecimal"));
            }
        }
        self.git_with(&["hash-object", "-w", "--stdin", "--literally", "-t", "tree"], &data)
    }

    /// Stores a commit of that tree, a minute after the one before, and returns its id.
    pub fn commit_tree(&self, tree: &str, parents: &[&str], message: &str) -> String {
        let date = self.tick();
        let mut arguments = vec!["commit-tree", tree, "-m", message];
        for parent in parents {
            arguments.extend(["-p", parent]);
        }
        let mut command = self.command(&arguments);
        let output = command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date).output().expect("git runs");
        check(&arguments, &output);
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Stores a commit object byte for byte and returns its id.
    pub fn raw_commit(&self, data: impl AsRef<[u8]>) -> String {
        self.git_with(&["hash-object", "-w", "--stdin", "--literally", "-t", "commit"], data.as_ref())
    }

    /// Puts an entry into the index without a work tree file.
    pub fn index(&self, mode: &str, id: &str, path: &str) -> &Self {
        self.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{id},{path}")]);
        self
    }

    /// Returns the date of the next commit.
    fn tick(&self) -> String {
        let minute = self.clock.get();
        self.clock.set(minute + 1);
        format!("{} +0000", 1_704_067_200_u64 + u64::from(minute) * 60)
    }
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    let mut open = vec![from.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("copied") {
            let path = entry.expect("copied").path();
            let target = to.join(path.strip_prefix(from).expect("copied"));
            if path.is_dir() {
                open.push(path);
            } else {
                std::fs::create_dir_all(target.parent().expect("copied")).expect("copied");
                std::fs::copy(path, target).expect("copied");
            }
        }
    }
}

fn check(arguments: &[&str], output: &Output) {
    assert!(
        output.status.success(),
        "git {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
