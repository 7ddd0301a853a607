//! The pre-push hook, pushed through by git itself.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::scrubbed;

/// A clone with an origin, both on disk, and the binary on the path of whoever pushes.
struct Clone {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

impl Clone {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (origin, root) = (folder.path().join("origin.git"), folder.path().join("shop"));
        let made = Self { _folder: folder, root };
        made.git_in(Path::new("/"), &["init", "-q", "--bare", "-b", "main", origin.to_str().unwrap()]);
        made.git_in(Path::new("/"), &["init", "-q", "-b", "main", made.root.to_str().unwrap()]);
        made.commit(".portcullis.yaml", "version: 1\npacks: [dangerous-calls, governance]\n");
        made.git(&["remote", "add", "origin", origin.to_str().unwrap()]);
        assert!(made.git(&["push", "-q", "origin", "main"]).status.success());
        made.git(&["remote", "set-head", "origin", "main"]);
        made.git(&["switch", "-q", "-c", "work"]);
        made
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = scrubbed(program);
        let own = Path::new(env!("CARGO_BIN_EXE_portcullis")).parent().unwrap();
        let path = std::env::join_paths(
            [own.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        command.env("PATH", path.unwrap()).current_dir(folder);
        command
    }

    fn git_in(&self, folder: &Path, words: &[&str]) -> Output {
        self.command("git", folder).args(words).output().unwrap()
    }

    fn git(&self, words: &[&str]) -> Output {
        self.git_in(&self.root, words)
    }

    fn commit(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap();
        self.git(&["add", "-A"]);
        assert!(self.git(&["commit", "-q", "-m", "Change it"]).status.success());
    }

    fn hook(&self, word: &str) -> Output {
        self.command(env!("CARGO_BIN_EXE_portcullis"), &self.root).args(["hook", word]).output().unwrap()
    }

    fn file(&self) -> PathBuf {
        self.root.join(".git/hooks/pre-push")
    }
}

fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_push_that_fails_the_gate_does_not_leave_the_clone() {
    let clone = Clone::new();
    assert!(clone.hook("install").status.success());
    clone.commit("app.py", "def run(x):\n    return eval(x)\n");
    let pushed = clone.git(&["push", "origin", "work"]);
    assert!(
        !pushed.status.success() && said(&pushed).contains("dangerous-calls/dynamic-evaluation"),
        "{}",
        said(&pushed)
    );
    assert!(clone.git(&["push", "--no-verify", "origin", "work"]).status.success(), "it is a courtesy");
    clone.commit("app.py", "def run(x):\n    return int(x)\n");
    let pushed = clone.git(&["push", "origin", "work"]);
    assert!(pushed.status.success(), "{}", said(&pushed));
    assert!(clone.git(&["push", "origin", ":work"]).status.success(), "a deletion pushes no code");
}

#[test]
fn a_change_that_waits_for_people_is_pushed_and_says_so() {
    let clone = Clone::new();
    assert!(clone.hook("install").status.success());
    clone.commit(".portcullis.yaml", "version: 1\npacks: []\n");
    let pushed = clone.git(&["push", "origin", "work"]);
    assert!(pushed.status.success() && said(&pushed).contains("architecture review"), "{}", said(&pushed));
}

#[test]
fn a_clone_whose_origin_tells_no_default_branch_is_judged_from_what_the_remote_has() {
    let clone = Clone::new();
    assert!(clone.hook("install").status.success());
    clone.commit("app.py", "def run(x):\n    return eval(x)\n");
    assert!(clone.git(&["push", "--no-verify", "origin", "work"]).status.success());
    clone.git(&["remote", "set-head", "origin", "--delete"]);
    clone.commit("b.py", "x = 1\n");
    let pushed = clone.git(&["push", "origin", "work"]);
    assert!(pushed.status.success(), "the old line is on the remote already: {}", said(&pushed));
}

#[test]
fn installing_twice_and_removing_twice_change_nothing_more() {
    let clone = Clone::new();
    for _ in 0..2 {
        assert!(clone.hook("install").status.success());
        assert!(clone.file().is_file());
    }
    for _ in 0..2 {
        assert!(clone.hook("uninstall").status.success());
        assert!(!clone.file().exists());
    }
}

#[test]
fn a_hook_of_ones_own_is_kept_and_the_line_to_add_is_said() {
    let clone = Clone::new();
    let own = "#!/bin/sh\necho mine\n";
    fs::create_dir_all(clone.file().parent().unwrap()).unwrap();
    fs::write(clone.file(), own).unwrap();
    let install = clone.hook("install");
    assert_eq!(install.status.code(), Some(2));
    assert!(said(&install).contains("portcullis hook run \"$@\""), "{}", said(&install));
    assert_eq!(clone.hook("uninstall").status.code(), Some(2));
    assert_eq!(fs::read_to_string(clone.file()).unwrap(), own);
}

#[test]
fn the_folder_that_git_is_told_of_is_used() {
    let clone = Clone::new();
    clone.git(&["config", "core.hooksPath", "kept"]);
    assert!(clone.hook("install").status.success());
    assert!(clone.root.join("kept/pre-push").is_file() && !clone.file().exists());
}

#[test]
fn lines_that_git_does_not_write_are_a_wrong_command_line() {
    use std::io::Write as _;
    let clone = Clone::new();
    let mut run = clone.command(env!("CARGO_BIN_EXE_portcullis"), &clone.root);
    let run =
        run.args(["hook", "run", "origin"]).stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = run.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"refs/heads/a --upload-pack=x refs/heads/a y\n").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(2));
}

#[test]
fn pre_commit_reads_gits_lines_and_hands_them_on_in_variables() {
    let clone = Clone::new();
    let before = said(&clone.git(&["rev-parse", "HEAD"]));
    clone.commit("app.py", "def run(x):\n    return eval(x)\n");
    let after = said(&clone.git(&["rev-parse", "HEAD"]));
    let run = |before: &str| {
        let mut run = clone.command(env!("CARGO_BIN_EXE_portcullis"), &clone.root);
        run.args(["hook", "run"]).envs([("PRE_COMMIT_FROM_REF", before), ("PRE_COMMIT_TO_REF", after.as_str())]);
        run.envs([("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/work"), ("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/work")]);
        run.stdin(std::process::Stdio::null()).output().unwrap()
    };
    let failed = run(&before);
    assert_eq!(failed.status.code(), Some(1), "{}", said(&failed));
}
