//! An approval of an earlier commit, carried over to head or not: what authors do to a branch after it was approved.

use portcullis::change::{Carried, Repository, carried};
use portcullis::limits::Limits;

use crate::support::TestRepository;

/// Twelve lines, so that two edits have untouched lines between them.
const TEXT: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n";

const CODE: &str = "def show(u):\n    log(u)\n    page(u)\n\n\ndef admin(u):\n    log(u)\n    page(u)\n";

/// Lets a step be written as one expression.
pub(crate) fn done<T>(_: T) {}

/// A repository in which `work` is approved and `main` has moved on since.
pub(crate) struct Story {
    pub(crate) git: TestRepository,
    pub(crate) approved: String,
}

impl Story {
    /// `base` makes the fork, `work` the approved change, `main` what the target branch did since.
    pub(crate) fn new(
        base: impl Fn(&TestRepository),
        work: impl Fn(&TestRepository),
        main: impl Fn(&TestRepository),
    ) -> Self {
        let git = TestRepository::new();
        git.write("text", TEXT).write("code.py", CODE).write("other", "other\n");
        base(&git);
        git.commit("fork");
        git.git(&["checkout", "-q", "-b", "work"]);
        work(&git);
        let approved = git.commit("work");
        git.git(&["checkout", "-q", "main"]);
        main(&git);
        git.commit("main moves on");
        git.git(&["checkout", "-q", "work"]);
        Self { git, approved }
    }

    /// The approved change edits line three, the base line nine of the same file and another file.
    fn usual() -> Self {
        let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
        Self::new(|_| {}, work, |git| done(git.write("text", TEXT.replace("nine", "NINE")).write("other", "new\n")))
    }

    fn rebase(&self) -> &Self {
        self.git.git(&["rebase", "-q", "main"]);
        self
    }

    fn merge(&self) -> &Self {
        self.git.git(&["merge", "-q", "--no-edit", "main"]);
        self
    }

    /// Puts what the work tree holds into the last commit.
    fn amend(&self) -> &Self {
        self.git.git(&["add", "-A"]);
        self.git.git(&["commit", "-q", "--amend", "--no-edit", "--allow-empty"]);
        self
    }

    pub(crate) fn carried(&self) -> Carried {
        let head = self.git.git(&["rev-parse", "work"]);
        let base = self.git.git(&["merge-base", "main", "work"]);
        judge(&self.git, &self.approved, &base, &head)
    }

    /// Returns the paths that differ.
    pub(crate) fn except(&self) -> Vec<String> {
        match self.carried() {
            Carried::Except(paths) => paths,
            Carried::Unknown(why) => panic!("{why}"),
        }
    }

    fn unknown(&self) -> String {
        match self.carried() {
            Carried::Unknown(why) => why,
            Carried::Except(paths) => panic!("{paths:?}"),
        }
    }
}

fn judge(git: &TestRepository, approved: &str, base: &str, head: &str) -> Carried {
    carried(&Repository::open(git.root()).unwrap(), approved, base, head, &Limits::default())
}

fn nothing(_: &TestRepository) {}

const NONE: [&str; 0] = [];

#[test]
fn an_approval_outlives_a_rebase() {
    let story = Story::usual();
    assert_eq!(story.rebase().except(), NONE);
    assert_ne!(story.git.git(&["rev-parse", "work"]), story.approved);
}

#[test]
fn an_approval_outlives_a_rebase_over_a_base_that_changed_next_to_it() {
    // Within three lines, where a patch id with context is another already.
    let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
    let story = Story::new(nothing, work, |git| done(git.write("text", TEXT.replace("five", "FIVE\nand a half"))));
    assert_eq!(story.rebase().except(), NONE);
}

#[test]
fn an_approval_ends_when_the_rebase_edits_row_144() {
    let story = Story::usual();
    story.rebase();
    let text = TEXT.replace("three", "THREE").replace("nine", "NINE").replace("twelve", "twelve, and more");
    story.git.write("text", text);
    assert_eq!(story.amend().except(), ["text"]);
}

#[test]
fn an_approval_ends_for_the_paths_that_another_commit_changes_row_144() {
    let story = Story::usual();
    story.git.write("new.py", "x\n").remove("code.py");
    story.git.commit("more");
    assert_eq!(story.except(), ["code.py", "new.py"]);
}

#[test]
fn an_approval_outlives_an_update_of_the_branch() {
    let story = Story::usual();
    assert_eq!(story.merge().except(), NONE);
    assert_eq!(story.git.git(&["rev-list", "--count", "--merges", "work"]), "1");
}

#[test]
fn an_approval_outlives_two_updates_of_the_branch() {
    let mut story = Story::usual();
    story.merge();
    story.approved = story.git.git(&["rev-parse", "work"]);
    story.git.git(&["checkout", "-q", "main"]);
    story.git.write("other", "newer\n");
    story.git.commit("main again");
    story.git.git(&["checkout", "-q", "work"]);
    assert_eq!(story.merge().except(), NONE);
}

#[test]
fn an_update_of_the_branch_that_edits_beside_is_seen() {
    let story = Story::usual();
    story.git.git(&["merge", "-q", "--no-commit", "--no-ff", "main"]);
    story.git.write("code.py", CODE.replace("log(u)", "pass"));
    story.git.commit("Merge branch 'main'");
    assert_eq!(story.except(), ["code.py"]);
}

#[test]
fn a_conflict_is_a_difference_however_it_was_resolved() {
    for resolved in ["THREE", "3", "three"] {
        let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
        let story = Story::new(nothing, work, |git| done(git.write("text", TEXT.replace("three", "3"))));
        assert!(!story.git.command(&["merge", "-q", "main"]).output().unwrap().status.success());
        story.git.write("text", TEXT.replace("three", resolved));
        story.git.commit("Merge branch 'main'");
        assert_eq!(story.except(), ["text"], "{resolved}");
    }
}

#[test]
fn an_edit_of_white_space_only_is_an_edit() {
    let work =
        |git: &TestRepository| done(git.write("code.py", CODE.replace("page(u)\n\n", "page(u)\n    grant(u)\n\n")));
    let story = Story::new(nothing, work, |git| done(git.write("other", "new\n")));
    story.rebase();
    story.git.write("code.py", CODE.replace("page(u)\n\n", "page(u)\ngrant(u)\n\n"));
    assert_eq!(story.amend().except(), ["code.py"]);
}

#[test]
fn the_same_line_in_another_function_is_another_change() {
    let work = |git: &TestRepository| {
        done(git.write("code.py", CODE.replacen("    log(u)\n", "    grant(u)\n    log(u)\n", 1)));
    };
    let story = Story::new(nothing, work, |git| done(git.write("other", "new\n")));
    assert_eq!(story.rebase().except(), NONE);
    let (first, second) = CODE.split_at(CODE.find("def admin").unwrap());
    story.git.write("code.py", format!("{first}{}", second.replace("    log(u)\n", "    grant(u)\n    log(u)\n")));
    assert_eq!(story.amend().except(), ["code.py"]);
}

#[test]
fn a_mode_is_part_of_what_was_approved() {
    let story = Story::usual();
    story.rebase();
    story.git.git(&["update-index", "--chmod=+x", "other"]);
    story.git.git(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(story.except(), ["other"]);
}

#[test]
fn a_mode_of_the_base_and_a_text_of_the_change_come_together() {
    let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
    let story = Story::new(nothing, work, |git| {
        git.git(&["update-index", "--chmod=+x", "text"]);
        std::fs::set_permissions(git.root().join("text"), executable()).unwrap();
    });
    assert_eq!(story.rebase().except(), NONE);
    assert!(story.git.git(&["ls-tree", "work", "text"]).starts_with("100755"));
}

#[cfg(unix)]
fn executable() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o755)
}

#[test]
fn what_was_approved_and_is_taken_out_again_is_a_difference() {
    let work =
        |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")).write("check.py", "check()\n"));
    let story = Story::new(nothing, work, |git| done(git.write("other", "new\n")));
    story.rebase();
    story.git.remove("check.py");
    assert_eq!(story.amend().except(), ["check.py"]);
}

#[test]
fn a_deletion_that_was_approved_must_still_be_one() {
    let story = Story::new(nothing, |git| done(git.remove("other")), |git| done(git.write("text", "x\n")));
    assert_eq!(story.rebase().except(), NONE);
    story.git.write("other", "other\n");
    assert_eq!(story.amend().except(), ["other"]);
}

#[test]
fn a_change_follows_a_file_that_the_base_moved() {
    let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
    let story = Story::new(nothing, work, |git| done(git.git(&["mv", "text", "moved"])));
    assert_eq!(story.rebase().except(), NONE);
    story.git.write("moved", TEXT);
    assert_eq!(story.amend().except(), ["moved"]);
}

#[test]
fn what_the_base_does_follows_a_file_that_the_change_moves() {
    let work = |git: &TestRepository| done(git.git(&["mv", "text", "moved"]));
    let story = Story::new(nothing, work, |git| done(git.write("text", TEXT.replace("three", "THREE"))));
    assert_eq!(story.rebase().except(), NONE);
    // Without what the base did, which the move must not undo.
    story.git.write("moved", TEXT);
    assert_eq!(story.amend().except(), ["moved"]);
}

#[test]
fn a_move_onto_a_file_that_the_base_made_is_a_conflict() {
    let work = |git: &TestRepository| done(git.git(&["mv", "text", "moved"]));
    let story = Story::new(nothing, work, |git| done(git.write("moved", "something else\n")));
    story.git.git(&["reset", "-q", "--hard", "main"]);
    story.git.remove("text").write("moved", TEXT);
    story.git.commit("over it");
    assert_eq!(story.except(), ["moved"]);
}

#[test]
fn a_new_binary_of_the_base_follows_a_file_that_the_change_moves() {
    let binary = |end: &str| [&b"\0\n"[..], TEXT.as_bytes(), end.as_bytes()].concat();
    let work = |git: &TestRepository| done(git.git(&["mv", "data", "moved"]));
    let story =
        Story::new(|git| done(git.write("data", binary(""))), work, |git| done(git.write("data", binary("end"))));
    story.git.git(&["reset", "-q", "--hard", "main"]);
    story.git.git(&["mv", "data", "moved"]);
    story.git.commit("work again");
    assert_eq!(story.except(), NONE);
}

#[test]
fn a_move_after_the_approval_is_told_under_both_names() {
    let story = Story::usual();
    story.rebase();
    story.git.git(&["mv", "code.py", "safe.py"]);
    assert_eq!(story.amend().except(), ["code.py", "safe.py"]);
}

#[test]
fn a_file_that_one_deletes_and_the_other_moves_or_edits_is_a_conflict() {
    let moved = Story::new(nothing, |git| done(git.remove("text")), |git| done(git.git(&["mv", "text", "moved"])));
    moved.git.git(&["reset", "-q", "--hard", "main"]);
    assert_eq!(moved.except(), ["moved"]);
    let edited = Story::new(nothing, |git| done(git.remove("text")), |git| done(git.write("text", "x\n")));
    edited.git.git(&["reset", "-q", "--hard", "main"]);
    assert_eq!(edited.except(), ["text"]);
    let dropped = Story::new(nothing, |git| done(git.remove("text")), |git| done(git.git(&["mv", "text", "moved"])));
    dropped.git.git(&["reset", "-q", "--hard", "main"]);
    dropped.git.remove("moved");
    dropped.git.commit("and its new place");
    assert_eq!(dropped.except(), ["moved"]);
}

#[test]
fn a_file_that_both_move_to_different_places_is_a_conflict() {
    let work = |git: &TestRepository| done(git.git(&["mv", "text", "here"]));
    let story = Story::new(nothing, work, |git| done(git.git(&["mv", "text", "there"])));
    story.git.git(&["checkout", "-q", "-B", "work", "main"]);
    story.git.write("here", TEXT);
    story.git.commit("both");
    assert_eq!(story.except(), ["here", "text", "there"]);
}

#[test]
fn binary_files_links_and_submodules_are_compared_and_never_merged() {
    let binary = |byte: u8| [&[0, byte][..], TEXT.as_bytes()].concat();
    let base = |git: &TestRepository| {
        git.write("one.bin", binary(1)).write("both.bin", binary(1));
        git.write("link", "");
        git.remove("link");
        std::os::unix::fs::symlink("text", git.root().join("link")).unwrap();
    };
    let work = |git: &TestRepository| {
        git.write("one.bin", binary(2)).write("both.bin", [&binary(1)[..], b"end"].concat());
        git.remove("link");
        std::os::unix::fs::symlink("other", git.root().join("link")).unwrap();
    };
    let story = Story::new(base, work, |git| done(git.write("both.bin", binary(3))));
    story.git.git(&["checkout", "-q", "-B", "rebased", "main"]);
    story.git.git(&["checkout", "-q", &story.approved, "--", "."]);
    story.git.git(&["branch", "-q", "-D", "work"]);
    story.git.git(&["checkout", "-q", "-b", "work"]);
    story.git.commit("work again");
    assert_eq!(story.except(), ["both.bin"]);
    story.git.remove("link");
    std::os::unix::fs::symlink("code.py", story.git.root().join("link")).unwrap();
    assert_eq!(story.amend().except(), ["both.bin", "link"]);
    story.git.index("160000", &"1".repeat(40), "sub");
    story.git.git(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(story.except(), ["both.bin", "link", "sub"]);
}

#[test]
fn a_binary_file_that_both_changed_is_never_merged_line_by_line() {
    let binary = |text: &str| [&b"\0\n"[..], text.as_bytes()].concat();
    let (ours, theirs) = (TEXT.replace("three", "THREE"), TEXT.replace("nine", "NINE"));
    let story = Story::new(
        |git| done(git.write("data", binary(TEXT))),
        |git| done(git.write("data", binary(&ours))),
        |git| done(git.write("data", binary(&theirs))),
    );
    story.git.git(&["reset", "-q", "--hard", "main"]);
    story.git.write("data", binary(&ours.replace("nine", "NINE")));
    story.git.commit("by hand");
    assert_eq!(story.except(), ["data"]);
}

#[test]
fn attributes_drivers_and_settings_bend_nothing() {
    let attributes = "* merge=union text=auto eol=crlf filter=evil diff=evil\n";
    let conflicted = || {
        let base = |git: &TestRepository| done(git.write(".gitattributes", attributes));
        let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
        Story::new(base, work, |git| done(git.write("text", TEXT.replace("three", "3"))))
    };
    let story = conflicted();
    // git itself merges this: it believes the attribute. The gate does not.
    story.git.git(&["merge", "-q", "--no-edit", "main"]);
    assert_eq!(story.except(), ["text"]);

    let story = conflicted();
    let marker = story.git.beside("driver-ran");
    let run = format!("touch {}", marker.display());
    for (key, value) in [
        ("merge.union.driver", run.as_str()),
        ("merge.evil.driver", &run),
        ("merge.default", "evil"),
        ("merge.renames", "false"),
        ("filter.evil.clean", &run),
        ("filter.evil.smudge", &run),
        ("diff.evil.textconv", &run),
        ("core.autocrlf", "true"),
        ("diff.algorithm", "patience"),
        ("core.attributesFile", "/dev/stdin"),
    ] {
        story.git.git(&["config", key, value]);
    }
    let info = story.git.root().join(".git/info");
    std::fs::create_dir_all(&info).unwrap();
    std::fs::write(info.join("attributes"), "* merge=evil\n").unwrap();
    // Written by plumbing: porcelain would run the driver.
    let blob = story
        .git
        .git_with(&["hash-object", "-w", "--stdin", "--no-filters"], TEXT.replace("three", "3\nTHREE").as_bytes());
    story.git.git(&["read-tree", "main"]);
    story.git.index("100644", &blob, "text");
    let tree = story.git.git(&["write-tree"]);
    let main = story.git.git(&["rev-parse", "main"]);
    let head = story.git.commit_tree(&tree, &[&main], "work");
    story.git.git(&["update-ref", "refs/heads/work", &head]);
    assert_eq!(story.except(), ["text"]);
    assert!(!marker.exists());
}

#[test]
fn settings_that_switch_renames_off_do_not_end_an_approval() {
    let work = |git: &TestRepository| done(git.write("text", TEXT.replace("three", "THREE")));
    let story = Story::new(nothing, work, |git| done(git.git(&["mv", "text", "moved"])));
    story.rebase();
    story.git.git(&["config", "merge.renames", "false"]);
    story.git.git(&["config", "diff.renames", "false"]);
    story.git.git(&["config", "core.autocrlf", "true"]);
    assert_eq!(story.except(), NONE);
}

#[test]
fn a_commit_that_a_force_push_left_behind_is_unknown_with_the_way_to_fetch_it() {
    let story = Story::usual();
    let gone = "1".repeat(40);
    let head = story.git.git(&["rev-parse", "work"]);
    let why = match judge(&story.git, &gone, &head, &head) {
        Carried::Unknown(why) => why,
        Carried::Except(paths) => panic!("{paths:?}"),
    };
    assert!(
        why.starts_with(&format!("commit {gone} is not in this clone; `git fetch --no-tags origin {gone}`")),
        "{why}"
    );
    assert!(
        matches!(judge(&story.git, "HEAD", &head, &head), Carried::Unknown(why) if why == "`HEAD` is no commit id")
    );
}

#[test]
fn a_text_that_is_not_in_the_clone_is_unknown() {
    let story = Story::usual();
    story.rebase();
    let blob = story.git.git(&["rev-parse", &format!("{}:text", story.approved)]);
    let (folder, name) = blob.split_at(2);
    std::fs::remove_file(story.git.root().join(".git/objects").join(folder).join(name)).unwrap();
    assert!(story.unknown().contains(&format!("object {blob} is not in this clone")), "{}", story.unknown());
}

#[test]
fn several_merge_bases_are_unknown() {
    let mut story = Story::usual();
    let (main, work) = (story.git.git(&["rev-parse", "main"]), story.approved.clone());
    story.git.git(&["merge", "-q", "--no-edit", &main]);
    story.approved = story.git.git(&["rev-parse", "work"]);
    story.git.git(&["checkout", "-q", "main"]);
    story.git.git(&["merge", "-q", "--no-ff", "--no-edit", &work]);
    story.git.write("other", "more\n");
    let base = story.git.commit("main goes on");
    let Carried::Unknown(why) = judge(&story.git, &story.approved, &base, &base) else { panic!("told") };
    assert_eq!(why, "the approved commit and the base have several merge bases");
}

#[test]
fn unrelated_histories_are_unknown() {
    let story = Story::usual();
    story.git.git(&["checkout", "-q", "--orphan", "alone"]);
    let alone = story.git.commit("alone");
    let Carried::Unknown(why) = judge(&story.git, &alone, &story.approved, &story.approved) else { panic!("told") };
    assert_eq!(why, "the approved commit and the base have no common ancestor");
}

#[test]
fn a_base_that_moved_while_nobody_touched_the_branch_changes_nothing_row_8() {
    let story = Story::usual();
    assert_eq!(story.except(), NONE);
}

#[test]
fn a_path_that_is_no_text_is_told_in_wire_form() {
    let story = Story::usual();
    let blob = story.git.blob("x\n");
    let file = story.git.tree(&[("100644", b"\xff.py", &blob)]);
    let head = story.git.commit_tree(&file, &[&story.approved], "hostile");
    story.git.git(&["update-ref", "refs/heads/work", &head]);
    assert!(story.except().contains(&"\\xFF.py".to_owned()));
}

#[test]
fn a_change_that_is_too_large_is_unknown() {
    let story = Story::usual();
    story.rebase();
    let head = story.git.git(&["rev-parse", "work"]);
    let base = story.git.git(&["rev-parse", "main"]);
    let limits = Limits { files: 1, ..Limits::default() };
    let repository = Repository::open(story.git.root()).unwrap();
    let Carried::Unknown(why) = carried(&repository, &story.approved, &base, &head, &limits) else { panic!("told") };
    assert!(why.starts_with("the change has more than 1 files"), "{why}");
}
