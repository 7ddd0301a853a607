//! Nothing is run, nothing redirects, and odd repositories read like ordinary ones.

use portcullis::change::FileStatus;

use crate::support::{TestRepository, scrubbed};
use crate::{change, file, paths};

/// A repository with one changed file; returns base and head.
fn simple() -> (TestRepository, String, String) {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "a\n").commit("base");
    let head = repository.write("a.txt", "b\n").commit("head");
    (repository, base, head)
}

#[cfg(unix)]
#[test]
fn programs_of_the_configuration_and_hooks_do_not_run_row_24() {
    use std::os::unix::fs::PermissionsExt as _;
    let (repository, base, _) = simple();
    let marker = repository.beside("marker");
    let program = repository.beside("program.sh");
    std::fs::write(&program, format!("#!/bin/sh\ntouch {}\ncat\n", marker.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = repository.beside("hooks");
    std::fs::create_dir(&hooks).unwrap();
    for hook in ["fsmonitor-watchman", "pre-commit", "post-index-change", "post-checkout", "reference-transaction"] {
        std::fs::copy(&program, hooks.join(hook)).unwrap();
    }
    repository.write(".gitattributes", "*.txt diff=evil filter=evil\n").write("a.txt", "c\n");
    let head = repository.commit("attributes");
    let shown = program.display().to_string();
    for (key, value) in [
        ("core.fsmonitor", shown.as_str()),
        ("core.hooksPath", &hooks.display().to_string()),
        ("core.sshCommand", &shown),
        ("core.pager", &shown),
        ("diff.external", &shown),
        ("diff.evil.textconv", &shown),
        ("diff.evil.command", &shown),
        ("filter.evil.clean", &shown),
        ("filter.evil.smudge", &shown),
        ("filter.evil.process", &shown),
        ("credential.helper", &shown),
    ] {
        repository.git(&["config", key, value]);
    }
    repository.write("a.txt", "d\n").write("untracked.txt", "u\n");
    assert_eq!(paths(&change(repository.root(), &base, &head)), [".gitattributes", "a.txt"]);
    for mode in [portcullis::change::Mode::Staged, portcullis::change::Mode::Worktree] {
        let request = portcullis::change::RangeRequest { base: Some(base.clone()), head: None, mode };
        let opened = crate::open(repository.root());
        let limits = portcullis::limits::Limits::default();
        let range = portcullis::change::resolve(&opened, &request, &std::collections::BTreeMap::new(), &limits);
        let read = portcullis::change::read_change(&opened, &range.unwrap(), &limits);
        assert!(!read.files.is_empty());
    }
    assert!(!marker.exists());
    // The trap works: git itself springs it.
    scrubbed("git").current_dir(repository.root()).args(["status"]).output().unwrap();
    assert!(marker.exists());
}

#[test]
fn replace_refs_do_not_show_another_object_row_25() {
    let (repository, base, head) = simple();
    let expected = change(repository.root(), &base, &head);
    let innocent = repository.commit_tree(&repository.git(&["rev-parse", &format!("{base}^{{tree}}")]), &[&base], "x");
    repository.git(&["replace", &head, &innocent]);
    let blob = file(&expected, "a.txt").new.as_ref().unwrap().id.clone();
    let other = repository.blob("innocent\n");
    repository.git(&["replace", &blob, &other]);
    assert_eq!(repository.git(&["diff", "--name-only", &base, &head]), "", "git itself is fooled");
    let read = change(repository.root(), &base, &head);
    assert_eq!((&read.files, &read.commits), (&expected.files, &expected.commits));
    let bytes = crate::open(repository.root()).blob(&blob, &portcullis::limits::Limits::default());
    assert_eq!(bytes.unwrap(), b"b\n");
}

#[test]
fn grafts_do_not_change_the_history_row_25() {
    let (repository, base, _) = simple();
    let head = repository.write("a.txt", "c\n").commit("third");
    let expected = change(repository.root(), &base, &head);
    std::fs::write(repository.root().join(".git/info/grafts"), format!("{head} {base}\n")).unwrap();
    assert_eq!(repository.git(&["rev-list", "--count", &format!("{base}..{head}")]), "1", "git itself is fooled");
    assert_eq!(change(repository.root(), &base, &head).commits, expected.commits);
    assert_eq!(expected.commits.len(), 2);
}

#[test]
fn alternates_are_read_row_25() {
    let (repository, base, head) = simple();
    let shared = repository.beside("shared");
    repository.git(&[
        "clone",
        "-q",
        "--shared",
        &repository.root().display().to_string(),
        &shared.display().to_string(),
    ]);
    assert_eq!(change(&shared, &base, &head).files, change(repository.root(), &base, &head).files);
}

#[test]
fn sha256_repository_reads_like_any_other_row_25() {
    let repository = TestRepository::with(&["--object-format=sha256"]);
    let base = repository.write("d/a.txt", "a\n").write("b.txt", "1\n2\n3\n4\n").commit("base");
    repository.git(&["mv", "b.txt", "c.txt"]);
    let head = repository.write("d/a.txt", "b\n").commit("head");
    let read = change(repository.root(), &base, &head);
    assert_eq!((base.len(), read.reasons.len()), (64, 0));
    assert_eq!(paths(&read), ["c.txt", "d/a.txt"]);
    assert_eq!((file(&read, "c.txt").status, file(&read, "c.txt").old_path.as_str()), (FileStatus::Renamed, "b.txt"));
    assert_eq!(read.commits.len(), 1);
}

/// Runs in a process of its own with a hostile environment; see the test below.
#[test]
#[ignore = "only with the environment that the test below sets"]
fn child_with_hostile_environment() {
    let dir = std::env::var_os("PORTCULLIS_TEST_DIR").expect("set by the test that runs this one");
    let read = change(std::path::Path::new(&dir), "HEAD^", "HEAD");
    assert_eq!(paths(&read), ["a.txt"]);
    assert!(read.reasons.is_empty());
}

#[test]
fn environment_cannot_redirect_row_150() {
    let (repository, ..) = simple();
    let decoy = TestRepository::new();
    decoy.write("decoy.txt", "1\n").commit("one");
    decoy.write("decoy.txt", "2\n").commit("two");
    let git_dir = decoy.root().join(".git");
    let output = scrubbed(std::env::current_exe().unwrap())
        .args(["--exact", "isolation::child_with_hostile_environment", "--ignored"])
        .env("PORTCULLIS_TEST_DIR", repository.root())
        .env("GIT_DIR", &git_dir)
        .env("GIT_WORK_TREE", decoy.root())
        .env("GIT_COMMON_DIR", &git_dir)
        .env("GIT_INDEX_FILE", git_dir.join("index"))
        .env("GIT_OBJECT_DIRECTORY", git_dir.join("objects"))
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", git_dir.join("objects"))
        .env("GIT_NAMESPACE", "decoy")
        .env("GIT_CEILING_DIRECTORIES", repository.root())
        .env("GIT_EXTERNAL_DIFF", "false")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.worktree")
        .env("GIT_CONFIG_VALUE_0", "/nonexistent")
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}

/// Gives everything below a folder to another user; false where only root may do that.
#[cfg(unix)]
fn give_away(folder: &std::path::Path) -> bool {
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if std::os::unix::fs::lchown(&path, Some(54_321), Some(54_321)).is_err() {
            return false;
        }
        if std::fs::symlink_metadata(&path).unwrap().is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    true
}

#[cfg(unix)]
#[test]
fn repository_of_another_user_opens_in_every_object_format() {
    for arguments in [&[][..], &["--object-format=sha256"]] {
        let repository = TestRepository::with(arguments);
        let base = repository.write("a.txt", "a\n").commit("base");
        let head = repository.write("a.txt", "b\n").commit("head");
        let expected = change(repository.root(), &base, &head);
        if !give_away(repository.root()) {
            // Not root: nothing to test with, and nothing that could be faked.
            return;
        }
        let refused = scrubbed("git").current_dir(repository.root()).args(["log", "-1"]).output().unwrap();
        assert!(!refused.status.success(), "git itself refuses");
        assert_eq!(change(repository.root(), &base, &head), expected);
        assert_eq!(change(repository.root(), "HEAD^", "HEAD"), expected);
    }
}

#[test]
fn one_repository_serves_many_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    fn owned<T: Send>(_: &T) {}
    let (repository, base, head) = simple();
    let opened = crate::open(repository.root());
    shared(&opened);
    owned(&opened.reader());
    let read = change(repository.root(), &base, &head);
    let id = &file(&read, "a.txt").new.as_ref().unwrap().id;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let reader = opened.reader();
            scope.spawn(move || assert_eq!(reader.blob(id, &Default::default()).unwrap(), b"b\n"));
        }
    });
}
