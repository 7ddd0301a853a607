//! The index and the work tree as the head side.

use portcullis::change::{
    Change, Environment, FileStatus, Mode, RangeRequest, read_change, resolve, uncommitted_count,
};
use portcullis::limits::Limits;

use crate::support::TestRepository;
use crate::{codes, file, open, paths};

fn read(repository: &TestRepository, base: &str, mode: Mode) -> Change {
    let request = RangeRequest { base: Some(base.to_owned()), head: None, mode };
    let opened = open(repository.root());
    let range = resolve(&opened, &request, &Environment::new(), &Limits::default()).unwrap();
    read_change(&opened, &range, &Limits::default())
}

fn bytes(repository: &TestRepository, change: &Change, path: &str) -> Vec<u8> {
    let reader = open(repository.root()).reader();
    change.blob(&reader, &file(change, path).new.as_ref().unwrap().id, &Limits::default()).unwrap()
}

/// A commit with four files, then one staged, one unstaged, one deleted and one untracked change.
fn dirty() -> (TestRepository, String) {
    let repository = TestRepository::new();
    repository.write("staged.txt", "1\n").write("edited.txt", "1\n").write("gone.txt", "1\n").write("kept.txt", "k\n");
    repository.write(".gitignore", "ignored/\n*.log\n");
    let base = repository.commit("base");
    repository.write("staged.txt", "22\n");
    repository.git(&["add", "staged.txt"]);
    repository.write("staged.txt", "333\n").write("edited.txt", "22\n").remove("gone.txt");
    repository.write("new/untracked.txt", "u\n").write("ignored/x.txt", "i\n").write("a.log", "i\n");
    (repository, base)
}

#[test]
fn staged_reads_the_index_and_not_the_files() {
    let (repository, base) = dirty();
    let change = read(&repository, &base, Mode::Staged);
    assert_eq!((change.head.as_str(), paths(&change)), ("index", vec!["staged.txt"]));
    assert_eq!(bytes(&repository, &change, "staged.txt"), b"22\n");
    assert!(change.reasons.is_empty());
}

#[test]
fn worktree_reads_files_and_untracked_ones_and_leaves_out_ignored_ones() {
    let (repository, base) = dirty();
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!(change.head, "worktree");
    assert_eq!(paths(&change), ["edited.txt", "gone.txt", "new/untracked.txt", "staged.txt"]);
    assert_eq!(file(&change, "gone.txt").status, FileStatus::Deleted);
    assert_eq!(file(&change, "new/untracked.txt").status, FileStatus::Added);
    assert_eq!(bytes(&repository, &change, "staged.txt"), b"333\n");
    assert_eq!(bytes(&repository, &change, "new/untracked.txt"), b"u\n");
    assert!(change.reasons.is_empty(), "{:?}", change.reasons);
}

#[test]
fn worktree_includes_the_commits_of_the_branch() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "a\n").commit("base");
    repository.write("b.txt", "b\n").commit("work");
    repository.write("c.txt", "c\n");
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!((paths(&change), change.commits.len()), (vec!["b.txt", "c.txt"], 1));
}

#[test]
fn clean_work_tree_is_no_change() {
    let repository = TestRepository::new();
    let base = repository.write("a/b.txt", "a\n").commit("base");
    for mode in [Mode::Staged, Mode::Worktree] {
        let change = read(&repository, &base, mode);
        assert_eq!((change.files.len(), change.notes.as_slice()), (0, ["no change".to_owned()].as_slice()));
    }
}

#[test]
fn uncommitted_files_of_a_range_are_counted_outside_ci() {
    let (repository, base) = dirty();
    assert_eq!(uncommitted_count(&open(repository.root()), &Limits::default()), Some(4));
    assert_eq!(crate::change(repository.root(), &base, "HEAD").uncommitted, 4);
    let opened = open(repository.root());
    let request = RangeRequest { base: Some(base), ..RangeRequest::default() };
    let ci = Environment::from([("CI".to_owned(), "true".to_owned())]);
    let range = resolve(&opened, &request, &ci, &Limits::default()).unwrap();
    assert_eq!(read_change(&opened, &range, &Limits::default()).uncommitted, 0);
}

#[cfg(unix)]
#[test]
fn links_on_disk_are_names_and_folders_behind_links_are_not_entered() {
    let repository = TestRepository::new();
    let base = repository.write("folder/a.txt", "a\n").commit("base");
    let outside = repository.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("a.txt"), "secret\n").unwrap();
    std::fs::remove_dir_all(repository.root().join("folder")).unwrap();
    std::os::unix::fs::symlink(&outside, repository.root().join("folder")).unwrap();
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!(paths(&change), ["folder", "folder/a.txt"]);
    assert_eq!(file(&change, "folder/a.txt").status, FileStatus::Deleted);
    assert_eq!(bytes(&repository, &change, "folder"), outside.display().to_string().as_bytes());
}

#[test]
fn file_that_changes_while_it_is_judged_is_an_error() {
    let (repository, base) = dirty();
    repository.write("edited.txt", "only here\n");
    let change = read(&repository, &base, Mode::Worktree);
    repository.write("edited.txt", "99\n");
    let id = &file(&change, "edited.txt").new.as_ref().unwrap().id;
    let error = change.blob(&open(repository.root()).reader(), id, &Limits::default()).unwrap_err();
    assert_eq!(error.reason("edited.txt").code, "unreadable-object");
}

#[test]
fn moved_and_edited_file_on_disk_is_a_rename() {
    let repository = TestRepository::new();
    let text: String = (0..20).map(|line| format!("line {line}\n")).collect();
    let base = repository.write("old.txt", &text).commit("base");
    repository.remove("old.txt").write("new.txt", text + "more\n");
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!(
        (file(&change, "new.txt").status, file(&change, "new.txt").old_path.as_str()),
        (FileStatus::Renamed, "old.txt")
    );
}

#[test]
fn line_ends_of_the_checkout_are_not_a_change_and_a_real_edit_is() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "1\n2\n").commit("base");
    repository.write("a.txt", "1\r\n2\r\n");
    assert!(read(&repository, &base, Mode::Worktree).files.is_empty());
    repository.write("a.txt", "1\r\n3\r\n");
    assert_eq!(paths(&read(&repository, &base, Mode::Worktree)), ["a.txt"]);
}

#[test]
fn conflict_in_the_index_is_undecided() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "1\n").commit("base");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.txt", "2\n").commit("side");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.txt", "3\n").commit("main");
    assert!(!repository.command(&["merge", "-q", "side"]).output().unwrap().status.success());
    assert_eq!(codes(&read(&repository, &base, Mode::Staged)), ["unmerged-index"]);
}

#[test]
fn nested_repository_is_named_and_not_entered() {
    let (repository, base) = dirty();
    let nested = repository.root().join("vendor/other");
    std::fs::create_dir_all(&nested).unwrap();
    repository.git(&["init", "-q", &nested.display().to_string()]);
    std::fs::write(nested.join("x.txt"), "x").unwrap();
    let change = read(&repository, &base, Mode::Worktree);
    assert!(!paths(&change).iter().any(|path| path.starts_with("vendor/")));
    assert_eq!(change.notes, ["`vendor/other` is another repository and was not checked"]);
}

#[test]
fn twins_on_disk_are_collisions() {
    let repository = TestRepository::new();
    let base = repository.write("README.md", "1\n").commit("base");
    repository.write("readme.md", "2\n");
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!(change.collisions.len(), 1);
    assert_eq!((change.collisions[0].path.as_str(), change.collisions[0].twin.as_str()), ("readme.md", "README.md"));
}

#[test]
fn edit_of_the_same_size_in_the_same_second_is_seen() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "1\n").commit("base");
    repository.write("a.txt", "2\n");
    assert_eq!(paths(&read(&repository, &base, Mode::Worktree)), ["a.txt"]);
}

#[test]
fn file_announced_without_content_is_in_the_work_tree_and_not_staged() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "1\n").commit("base");
    repository.write("b.txt", "2\n");
    repository.git(&["add", "-N", "b.txt"]);
    assert!(read(&repository, &base, Mode::Staged).files.is_empty());
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!((paths(&change), bytes(&repository, &change, "b.txt")), (vec!["b.txt"], b"2\n".to_vec()));
}

#[test]
fn name_on_disk_that_stands_for_the_git_folder_is_undecided() {
    let repository = TestRepository::new();
    let base = repository.write("a.txt", "1\n").commit("base");
    repository.write("deep/git~1", "x\n");
    assert_eq!(codes(&read(&repository, &base, Mode::Worktree)), ["malformed-tree"]);
}

#[cfg(unix)]
#[test]
fn executable_bit_on_disk_is_seen() {
    let repository = TestRepository::new();
    let base = repository.write("run.sh", "x\n").commit("base");
    let mut permissions = std::fs::metadata(repository.root().join("run.sh")).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    std::fs::set_permissions(repository.root().join("run.sh"), permissions).unwrap();
    let change = read(&repository, &base, Mode::Worktree);
    assert_eq!(file(&change, "run.sh").mode_change(), "100644 -> 100755");
}

#[test]
fn bare_repository_has_no_work_tree_to_judge() {
    let (repository, base) = dirty();
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "-q", "--bare", &repository.root().display().to_string(), &bare.display().to_string()]);
    let request = RangeRequest { base: Some(base), head: None, mode: Mode::Worktree };
    let opened = open(&bare);
    let range = resolve(&opened, &request, &Environment::new(), &Limits::default()).unwrap();
    assert_eq!(codes(&read_change(&opened, &range, &Limits::default())), ["no-work-tree"]);
}
