//! What differs between two trees, hostile ones included.

use portcullis::change::{BlobError, Collision, EntryKind, FileStatus, hunks, is_binary, lfs_pointer};
use portcullis::limits::Limits;

use crate::support::{RawEntry, TestRepository};
use crate::{change, change_within, codes, file, open, paths, shape};

/// Commits two trees and reads the change between them.
fn between(repository: &TestRepository, old: &str, new: &str) -> portcullis::change::Change {
    let base = repository.commit_tree(old, &[], "base");
    let head = repository.commit_tree(new, &[&base], "head");
    change(repository.root(), &base, &head)
}

/// Commits `files` on top of a first commit with `before`, and reads the change.
fn edit(before: &[(&str, &[u8])], after: &[(&str, &[u8])]) -> (TestRepository, portcullis::change::Change) {
    let repository = TestRepository::new();
    for (path, content) in before {
        repository.write(path, content);
    }
    let base = repository.commit("base");
    for (path, content) in after {
        repository.write(path, content);
    }
    let head = repository.commit("head");
    let read = change(repository.root(), &base, &head);
    (repository, read)
}

/// Returns the hunks of a changed file.
fn hunk_count(repository: &TestRepository, read: &portcullis::change::Change, path: &str) -> usize {
    let reader = open(repository.root()).reader();
    let entry = file(read, path);
    let side = |side: &Option<portcullis::change::Side>| {
        side.as_ref().map_or_else(Vec::new, |side| read.blob(&reader, &side.id, &Limits::default()).unwrap())
    };
    hunks(&side(&entry.old), &side(&entry.new)).hunks.len()
}

#[test]
fn attributes_that_hide_text_change_nothing_row_9() {
    let before: [(&str, &[u8]); 1] = [("a.rs", b"fn a() {}\n")];
    let after: [(&str, &[u8]); 2] = [("a.rs", b"fn b() {}\n"), (".gitattributes", b"*.rs -diff\n")];
    let (repository, read) = edit(&before, &after);
    assert_eq!(paths(&read), [".gitattributes", "a.rs"]);
    assert_eq!(hunk_count(&repository, &read, "a.rs"), 1);
    let shown = repository.git(&["diff", "HEAD^", "HEAD", "--", "a.rs"]);
    assert!(shown.contains("Binary files"), "git itself is fooled: {shown}");
}

#[test]
fn attributes_that_call_text_binary_or_generated_change_nothing_row_10() {
    let before: [(&str, &[u8]); 1] = [("a.rs", b"fn a() {}\n")];
    let attributes: &[u8] = b"*.rs binary linguist-generated\n";
    let (repository, read) = edit(&before, &[("a.rs", b"fn b() {}\n"), (".gitattributes", attributes)]);
    assert_eq!(hunk_count(&repository, &read, "a.rs"), 1);
    assert_eq!(shape(file(&read, ".gitattributes")).0, FileStatus::Added);
}

#[test]
fn encodings_and_filters_leave_the_stored_bytes_row_11() {
    let repository = TestRepository::new();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n";
    let blob = repository.blob(pointer);
    let text = repository.blob("$Id$\r\n");
    let attributes = repository.blob("*.bin filter=lfs\n*.txt working-tree-encoding=UTF-16 ident\n");
    let empty = repository.tree(&[]);
    let new = repository.tree(&[
        ("100644", b".gitattributes", &attributes),
        ("100644", b"a.bin", &blob),
        ("100644", b"a.txt", &text),
    ]);
    let read = between(&repository, &empty, &new);
    let reader = open(repository.root()).reader();
    let bytes = |path: &str| reader.blob(&file(&read, path).new.as_ref().unwrap().id, &Limits::default()).unwrap();
    assert_eq!(bytes("a.txt"), b"$Id$\r\n");
    assert!(lfs_pointer(&bytes("a.bin")));
    assert!(!lfs_pointer(&bytes("a.txt")) && !lfs_pointer(b"version https://git-lfs.github.com/spec/v1\n"));
}

#[test]
fn submodule_bump_that_gitmodules_hides_is_reported_row_12() {
    let repository = TestRepository::new();
    let modules = repository.blob("[submodule \"s\"]\n\tpath = s\n\turl = ../s\n\tignore = all\n");
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    let tree = |id: &str| repository.tree(&[("100644", b".gitmodules", &modules), ("160000", b"s", id)]);
    let read = between(&repository, &tree(&one), &tree(&two));
    assert_eq!(paths(&read), ["s"]);
    let submodule = Some(EntryKind::Submodule);
    assert_eq!(shape(file(&read, "s")), (FileStatus::Modified, submodule, submodule));
    assert_eq!(file(&read, "s").new.as_ref().unwrap().id, two);
    assert!(read.reasons.is_empty(), "the commit of another repository is not a missing object");
}

#[test]
fn new_submodule_with_a_program_as_address_is_never_fetched_row_13() {
    let repository = TestRepository::new();
    let marker = repository.beside("marker");
    let url = format!("ext::sh -c touch% {}", marker.display());
    let modules = repository.blob(format!("[submodule \"s\"]\n\tpath = s\n\turl = {url}\n"));
    let empty = repository.tree(&[]);
    let new = repository.tree(&[("100644", b".gitmodules", &modules), ("160000", b"s", &"3".repeat(40))]);
    let read = between(&repository, &empty, &new);
    assert_eq!(paths(&read), [".gitmodules", "s"]);
    assert!(!marker.exists());
}

#[test]
fn nul_byte_makes_a_file_binary_by_gits_rule_and_keeps_its_hunks() {
    let before: [(&str, &[u8]); 1] = [("a.py", b"x = 1\n")];
    let (repository, read) = edit(&before, &[("a.py", b"\0x = 2\n")]);
    assert_eq!(hunk_count(&repository, &read, "a.py"), 1);
    assert!(is_binary(b"\0x = 2\n") && !is_binary(b"x = 1\n"));
    let mut late = vec![b'x'; 8000];
    late.push(0);
    assert!(!is_binary(&late));
}

#[test]
fn twins_by_case_or_normal_form_are_collisions_row_18() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let old = repository.tree(&[("100644", b"README.md", &blob), ("100644", b"other", &blob)]);
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    let new = repository.tree(&[
        ("100644", b"README.md", &blob),
        ("100644", b"ReadMe.md", &blob),
        ("100644", decomposed.as_bytes(), &blob),
        ("100644", composed.as_bytes(), &blob),
        ("100644", b"other2", &blob),
    ]);
    let read = between(&repository, &old, &new);
    let pair = |path: &str, twin: &str| Collision { path: path.to_owned(), twin: twin.to_owned() };
    let expected = [pair("ReadMe.md", "README.md"), pair(decomposed, composed), pair(composed, decomposed)];
    assert_eq!(read.collisions, expected);
}

#[test]
fn rename_by_case_alone_is_a_collision_and_old_twins_are_not_row_18() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let folder = |name: &[u8], inner: &[u8]| {
        let inner = repository.tree(&[("100644", inner, &blob)]);
        repository.tree(&[("100644", b"A", &blob), ("100644", b"a", &blob), ("040000", name, &inner)])
    };
    let read = between(&repository, &folder(b"src", b"f"), &folder(b"Src", b"f"));
    let expected = [Collision { path: "Src".to_owned(), twin: "src".to_owned() }];
    assert_eq!(read.collisions, expected, "A and a were there before");
    assert_eq!((file(&read, "Src/f").old_path.as_str(), file(&read, "Src/f").status), ("src/f", FileStatus::Renamed));
}

#[test]
fn file_that_becomes_a_link_is_a_type_change_and_not_followed_row_19() {
    let repository = TestRepository::new();
    let (text, target) = (repository.blob("safe\n"), repository.blob("/etc/passwd"));
    let old = repository.tree(&[("100644", b"a", &text)]);
    let new = repository.tree(&[("120000", b"a", &target)]);
    let read = between(&repository, &old, &new);
    let kinds = (FileStatus::Typechanged, Some(EntryKind::File), Some(EntryKind::Symlink));
    assert_eq!(shape(file(&read, "a")), kinds);
    let bytes = open(repository.root()).blob(&file(&read, "a").new.as_ref().unwrap().id, &Limits::default());
    assert_eq!(bytes.unwrap(), b"/etc/passwd", "the target's name, never its content");
    assert_eq!(file(&read, "a").mode_change(), "100644 -> 120000");
}

#[test]
fn links_that_leave_the_repository_are_only_names_row_20() {
    let repository = TestRepository::new();
    let (up, absolute) = (repository.blob("../../secret"), repository.blob("/etc/passwd"));
    let empty = repository.tree(&[]);
    let new = repository.tree(&[("120000", b"absolute", &absolute), ("120000", b"up", &up)]);
    let read = between(&repository, &empty, &new);
    for path in ["absolute", "up"] {
        assert_eq!(shape(file(&read, path)), (FileStatus::Added, None, Some(EntryKind::Symlink)));
    }
    let blob = open(repository.root()).blob(&file(&read, "up").new.as_ref().unwrap().id, &Limits::default());
    assert_eq!(blob.unwrap(), b"../../secret");
}

#[test]
fn executable_bit_is_a_mode_change_row_21() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let tree = |mode: &'static str| repository.tree(&[(mode, b"run.sh", &blob)]);
    let read = between(&repository, &tree("100644"), &tree("100755"));
    let entry = file(&read, "run.sh");
    assert_eq!(shape(entry), (FileStatus::Modified, Some(EntryKind::File), Some(EntryKind::Executable)));
    assert_eq!((entry.mode_change().as_str(), entry.same_content()), ("100644 -> 100755", true));
}

#[test]
fn swaps_of_file_folder_link_and_submodule_show_both_sides_row_22() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let inner = repository.tree(&[("100644", b"f", &blob)]);
    let commit = "4".repeat(40);
    let entries: [RawEntry<'_>; 4] =
        [("100644", b"a", &blob), ("040000", b"a", &inner), ("120000", b"a", &blob), ("160000", b"a", &commit)];
    for (from, old) in entries.iter().enumerate() {
        for (to, new) in entries.iter().enumerate().filter(|(to, _)| *to != from) {
            let read = between(&repository, &repository.tree(&[*old]), &repository.tree(&[*new]));
            assert!(read.reasons.is_empty());
            let seen: Vec<(&str, &str)> =
                read.files.iter().map(|file| (file.old_path.as_str(), file.path.as_str())).collect();
            let folder = usize::from(from == 1) + usize::from(to == 1);
            // A file that moves into a folder of its own name is a rename: both paths are still there.
            let both = [old, new].iter().all(|entry| {
                let path = if entry.0 == "040000" { "a/f" } else { "a" };
                seen.iter().any(|(old, new)| *old == path || *new == path)
            });
            assert!(both, "{from} to {to}: {seen:?}");
            if folder == 0 {
                assert_eq!(read.files[0].status, FileStatus::Typechanged);
            }
        }
    }
}

#[test]
fn duplicate_or_unsorted_tree_is_undecided_row_23() {
    let repository = TestRepository::new();
    let (one, two) = (repository.blob("1\n"), repository.blob("2\n"));
    let fine = repository.tree(&[("100644", b"a", &one)]);
    let duplicate = repository.raw_tree(&[("100644", b"a", &one), ("100644", b"a", &two)]);
    let unsorted = repository.raw_tree(&[("100644", b"b", &one), ("100644", b"a", &two)]);
    for bad in [&duplicate, &unsorted] {
        assert_eq!(codes(&between(&repository, &fine, bad)), ["malformed-tree"]);
        assert_eq!(codes(&between(&repository, bad, &fine)), ["malformed-tree"]);
        let outer = repository.tree(&[("040000", b"deep", bad), ("100644", b"z", &two)]);
        let read = between(&repository, &fine, &outer);
        assert_eq!((codes(&read), read.reasons[0].path.raw()), (vec!["malformed-tree"], "deep/"));
        assert!(paths(&read).contains(&"z"), "what could be read is still reported");
    }
}

#[test]
fn names_that_leave_their_folder_are_undecided_row_31() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let fine = repository.tree(&[]);
    for name in [&b".."[..], b".", b"../x", b"/abs", b"a//b", b"a/./b", b""] {
        let read = between(&repository, &fine, &repository.raw_tree(&[("100644", name, &blob)]));
        assert_eq!(codes(&read), ["malformed-tree"], "{name:?}");
        assert!(read.files.is_empty());
    }
}

#[test]
fn names_that_stand_for_the_git_folder_are_undecided_row_32() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let fine = repository.tree(&[]);
    for name in [".git", ".GIT", "git~1", ".git::$INDEX_ALLOCATION", ".g\u{200c}it"] {
        let file = repository.raw_tree(&[("100644", name.as_bytes(), &blob)]);
        let inner = repository.tree(&[("100644", b"config", &blob)]);
        let folder = repository.raw_tree(&[("40000", name.as_bytes(), &inner)]);
        for tree in [file, folder] {
            assert_eq!(codes(&between(&repository, &fine, &tree)), ["malformed-tree"], "{name:?}");
        }
    }
    let near = repository.tree(&[("100644", b".gitkeep", &blob), ("040000", b".github", &fine)]);
    assert!(between(&repository, &fine, &near).reasons.is_empty());
}

#[test]
fn bytes_that_are_no_text_have_one_written_form_row_29() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let fine = repository.tree(&[]);
    let read = between(&repository, &fine, &repository.tree(&[("100644", b"a\\b\xff.rs", &blob)]));
    assert_eq!(paths(&read), ["a\\\\b\\xFF.rs"]);
    assert!(read.reasons.is_empty());
    let both = repository.tree(&[("100644", b"a\\xFF", &blob), ("100644", b"a\xff", &blob)]);
    assert_eq!(codes(&between(&repository, &fine, &both)), ["malformed-tree"], "two files, one written form");
}

#[test]
fn deep_and_long_paths_are_listed_or_undecided_row_34() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let nest = |levels: usize, name: &[u8]| {
        (0..levels)
            .fold(repository.tree(&[("100644", b"f", &blob)]), |inner, _| repository.tree(&[("040000", name, &inner)]))
    };
    let fine = repository.tree(&[]);
    let read = between(&repository, &fine, &nest(60, b"d"));
    assert_eq!((read.files.len(), read.reasons.len()), (1, 0));
    let read = between(&repository, &fine, &nest(20, &[b'n'; 250]));
    assert_eq!((read.files.len(), codes(&read)), (0, vec!["malformed-tree"]));
}

#[test]
fn tree_that_multiplies_itself_stops_at_the_limit() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let mut tree = repository.tree(&[("100644", b"f", &blob)]);
    for _ in 0..12 {
        let names: Vec<Vec<u8>> = (0..10).map(|name: u32| name.to_string().into_bytes()).collect();
        let entries: Vec<RawEntry<'_>> = names.iter().map(|name| ("040000", name.as_slice(), tree.as_str())).collect();
        tree = repository.tree(&entries);
    }
    let base = repository.commit_tree(&repository.tree(&[]), &[], "base");
    let head = repository.commit_tree(&tree, &[&base], "head");
    let limits = Limits { files: 500, ..Limits::default() };
    let read = change_within(repository.root(), &base, &head, &limits);
    assert_eq!(codes(&read), ["too-many-files"]);
}

#[test]
fn one_folder_with_more_files_than_the_limit_is_undecided_and_at_the_limit_is_not() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let names: Vec<Vec<u8>> = (100..111).map(|name: u32| name.to_string().into_bytes()).collect();
    let entries: Vec<RawEntry<'_>> = names.iter().map(|name| ("100644", name.as_slice(), blob.as_str())).collect();
    let base = repository.commit_tree(&repository.tree(&[]), &[], "base");
    let read = |count: usize| {
        let head = repository.commit_tree(&repository.tree(&entries[..count]), &[&base], "head");
        change_within(repository.root(), &base, &head, &Limits { files: 10, ..Limits::default() })
    };
    assert_eq!((codes(&read(10)), read(10).files.len()), (vec![], 10));
    assert_eq!((codes(&read(11)), read(11).files.len()), (vec!["too-many-files"], 10));
}

#[test]
fn blob_over_the_limit_or_of_another_kind_is_an_error_never_empty() {
    let repository = TestRepository::new();
    let (blob, tree) = (repository.blob("12345"), repository.tree(&[]));
    let opened = open(repository.root());
    let limits = Limits { object_bytes: 4, ..Limits::default() };
    assert!(matches!(opened.blob(&blob, &limits), Err(BlobError::TooLarge { size: 5, limit: 4, .. })));
    assert!(matches!(opened.blob(&tree, &Limits::default()), Err(BlobError::WrongKind { .. })));
    let missing = opened.blob(&"5".repeat(40), &Limits::default()).unwrap_err();
    assert_eq!(missing.reason("a.rs").code, "missing-object");
    assert!(matches!(opened.blob("not an id", &Limits::default()), Err(BlobError::Unreadable { .. })));
    assert_eq!(opened.blob(&blob, &Limits::default()).unwrap(), b"12345");
}
