//! Which deleted and added files are one file.

use portcullis::change::{Change, FileStatus};
use portcullis::limits::Limits;

use crate::support::TestRepository;
use crate::{change_within, file};

fn text(word: &str, lines: usize) -> String {
    (0..lines).map(|line| format!("{word} {line}\n")).collect()
}

/// Commits two sets of files and reads the change.
fn moved(before: &[(&str, &str)], after: &[(&str, &str)], limits: &Limits) -> Change {
    let repository = TestRepository::new();
    let tree = |files: &[(&str, &str)]| {
        repository.git(&["read-tree", "--empty"]);
        for (path, content) in files {
            let id = repository.blob(content);
            repository.index("100644", &id, path);
        }
        repository.git(&["write-tree"])
    };
    let base = repository.commit_tree(&tree(before), &[], "base");
    let head = repository.commit_tree(&tree(after), &[&base], "head");
    change_within(repository.root(), &base, &head, limits)
}

fn pairs(change: &Change) -> Vec<(&str, &str, FileStatus)> {
    change.files.iter().map(|file| (file.old_path.as_str(), file.path.as_str(), file.status)).collect()
}

#[test]
fn pure_rename_out_of_a_governed_folder_keeps_both_paths_row_15() {
    let content = text("x", 5);
    let read = moved(&[("policies/a.rego", &content)], &[("misc/b.txt", &content)], &Limits::default());
    assert_eq!(pairs(&read), [("policies/a.rego", "misc/b.txt", FileStatus::Renamed)]);
    assert!(file(&read, "misc/b.txt").same_content());
}

#[test]
fn rename_with_an_edit_is_paired_above_half_and_split_below_row_16() {
    let content = text("x", 20);
    let close = format!("{}{}", text("x", 15), text("y", 5));
    let read = moved(&[("a.rs", &content)], &[("b.rs", &close)], &Limits::default());
    assert_eq!(pairs(&read), [("a.rs", "b.rs", FileStatus::Renamed)]);
    let far = format!("{}{}", text("x", 8), text("y", 12));
    let read = moved(&[("a.rs", &content)], &[("b.rs", &far)], &Limits::default());
    assert_eq!(pairs(&read), [("a.rs", "a.rs", FileStatus::Deleted), ("b.rs", "b.rs", FileStatus::Added)]);
}

#[test]
fn too_many_candidates_leave_renames_unknown_row_17() {
    let limits = Limits { rename_pairs: 3, ..Limits::default() };
    let [a, b, c, d] = [("x", 9), ("y", 9), ("x", 8), ("y", 8)].map(|(word, lines)| text(word, lines));
    let (old, new) = ([("a", a.as_str()), ("b", b.as_str())], [("c", c.as_str()), ("d", d.as_str())]);
    let read = moved(&old, &new, &limits);
    assert!(read.renames_unknown && read.files.len() == 4);
    let read = moved(&old, &new, &Limits { rename_pairs: 4, ..limits });
    assert!(!read.renames_unknown);
    assert_eq!(pairs(&read), [("a", "c", FileStatus::Renamed), ("b", "d", FileStatus::Renamed)]);
}

#[test]
fn pure_renames_need_no_similarity_however_many() {
    let repository = TestRepository::new();
    let blobs: Vec<String> = (0..40).map(|number| repository.blob(format!("{number}\n"))).collect();
    let names = |prefix: &str| (0..40).map(|number| format!("{prefix}{number}").into_bytes()).collect::<Vec<_>>();
    let tree = |prefix: &str| {
        let names = names(prefix);
        let entries: Vec<_> =
            names.iter().zip(&blobs).map(|(name, blob)| ("100644", name.as_slice(), blob.as_str())).collect();
        repository.tree(&entries)
    };
    let base = repository.commit_tree(&tree("old"), &[], "base");
    let head = repository.commit_tree(&tree("new"), &[&base], "head");
    let limits = Limits { rename_pairs: 1, ..Limits::default() };
    let read = change_within(repository.root(), &base, &head, &limits);
    assert!(!read.renames_unknown);
    assert!(read.files.iter().all(|file| file.status == FileStatus::Renamed) && read.files.len() == 40);
}

#[test]
fn empty_files_are_never_paired() {
    let read = moved(&[("a/__init__.py", "")], &[("b/__init__.py", "")], &Limits::default());
    assert_eq!(read.files.len(), 2);
}

#[test]
fn same_file_name_wins_among_equals() {
    let content = text("x", 5);
    let before = [("a/one.rs", content.as_str()), ("a/two.rs", content.as_str())];
    let after = [("b/two.rs", content.as_str()), ("c/one.rs", content.as_str())];
    let read = moved(&before, &after, &Limits::default());
    let expected = [("a/two.rs", "b/two.rs", FileStatus::Renamed), ("a/one.rs", "c/one.rs", FileStatus::Renamed)];
    assert_eq!(pairs(&read), expected);
}

#[test]
fn same_file_name_wins_among_equally_similar_files() {
    let old = text("x", 20);
    let close = format!("{}y\n", text("x", 19));
    let read = moved(&[("a/m.rs", &old)], &[("b/n.rs", &close), ("c/m.rs", &close)], &Limits::default());
    let expected = [("b/n.rs", "b/n.rs", FileStatus::Added), ("a/m.rs", "c/m.rs", FileStatus::Renamed)];
    assert_eq!(pairs(&read), expected);
}

#[test]
fn best_share_wins_over_the_same_file_name() {
    let old = text("x", 20);
    let near = format!("{}y\n", text("x", 19));
    let far = format!("{}{}", text("x", 12), text("y", 8));
    let read = moved(&[("a/m.rs", &old)], &[("b/n.rs", &near), ("c/m.rs", &far)], &Limits::default());
    let expected = [("a/m.rs", "b/n.rs", FileStatus::Renamed), ("c/m.rs", "c/m.rs", FileStatus::Added)];
    assert_eq!(pairs(&read), expected);
}
