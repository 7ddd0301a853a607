//! Which commit of the change last touched a line, with `git blame` as the oracle.

use std::collections::BTreeSet;
use std::path::Path;

use portcullis::change::{Change, Mode, Origins, RangeRequest, attribute, hunks, read_change, resolve};
use portcullis::limits::Limits;

use crate::support::TestRepository;
use crate::{change, open};

fn origins_within(dir: &Path, change: &Change, limits: &Limits) -> Origins {
    let wanted: BTreeSet<&str> = change.files.iter().map(|file| file.path.as_str()).collect();
    attribute(change, &open(dir), &wanted, limits)
}

/// Returns, line by line, the subject of the commit that each line of head comes from, `-` for none.
fn owners(dir: &Path, change: &Change, path: &str, lines: usize) -> String {
    let found = origins_within(dir, change, &Limits::default());
    assert_eq!(found.note, "");
    let runs = &found.files[path];
    let owner = |line: usize| {
        let inside = runs.iter().find(|run| (run.start as usize..run.end as usize).contains(&line));
        inside.map_or("-", |run| change.commits[run.commit].subject.as_str())
    };
    (1..=lines).map(owner).collect::<Vec<_>>().join(" ")
}

#[test]
fn lines_belong_to_the_commit_that_touched_them_last() {
    let repository = TestRepository::new();
    let base = repository.write("f", "1\n2\n3\n4\n5\n").commit("base");
    repository.write("f", "1\nnew\n2\n3\n4\n5\n").commit("one");
    repository.write("f", "top\n1\nnew\n2\n3\n4\nfive\n").commit("two");
    repository.write("other", "o\n").commit("idle");
    let head = repository.write("f", "top\n1\nnewer\n2\n3\n4\nfive\n").write("g", "g\n").commit("three");
    let read = change(repository.root(), &base, &head);
    assert_eq!(owners(repository.root(), &read, "f", 7), "two - three - - - two");
    assert_eq!(owners(repository.root(), &read, "g", 1), "three");
}

#[test]
fn a_file_is_followed_to_the_path_that_it_was_moved_from() {
    let repository = TestRepository::new();
    let base = repository.write("keep", "k\n").commit("base");
    repository.write("old/name.py", "1\n2\n3\n4\n5\n6\n").commit("one");
    let text = "1\n2\n3\n4\n5\n6\n7\n";
    repository.remove("old/name.py").write("new/other.py", text).commit("two");
    let head = repository.remove("new/other.py").write("last.py", text).commit("three");
    let read = change(repository.root(), &base, &head);
    assert_eq!(owners(repository.root(), &read, "last.py", 7), "one one one one one one two");
}

#[test]
fn a_merge_owns_only_what_none_of_its_parents_has() {
    let repository = TestRepository::new();
    let base = repository.write("f", "1\n2\n3\n4\n5\n6\n").commit("base");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write("f", "1\nside\n2\n3\n4\n5\n6\n").write("only-side", "s\n").commit("side");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("f", "1\n2\n3\n4\n5\nmain\n6\n").commit("main");
    repository.git(&["merge", "--quiet", "--no-commit", "side"]);
    let merged = repository.write("f", "1\nside\n2\nhand\n3\n4\n5\nmain\n6\n").commit("merge");
    let read = change(repository.root(), &base, &merged);
    assert_eq!(read.commits.len(), 3);
    assert_eq!(owners(repository.root(), &read, "f", 9), "- side - merge - - - main -");
    assert_eq!(owners(repository.root(), &read, "only-side", 1), "side");
}

#[test]
fn lines_of_the_index_and_the_work_tree_have_no_commit() {
    let repository = TestRepository::new();
    let base = repository.write("f", "1\n2\n").commit("base");
    repository.write("f", "1\none\n2\n").write("g", "g\n").commit("one");
    repository.write("f", "1\none\nloose\n2\n").write("fresh", "x\n");
    for mode in [Mode::Worktree, Mode::Staged] {
        if mode == Mode::Staged {
            repository.git(&["add", "--all"]);
        }
        let request = RangeRequest { base: Some(base.clone()), mode, ..RangeRequest::default() };
        let limits = Limits::default();
        let range = resolve(&open(repository.root()), &request, &std::collections::BTreeMap::new(), &limits).unwrap();
        let read = read_change(&open(repository.root()), &range, &limits);
        assert_eq!(owners(repository.root(), &read, "f", 4), "- one - -");
        assert_eq!(owners(repository.root(), &read, "g", 1), "one");
        assert_eq!(owners(repository.root(), &read, "fresh", 1), "-");
    }
}

#[test]
fn what_lies_below_the_end_of_a_shallow_clone_has_no_origin() {
    let repository = TestRepository::new();
    let base = repository.write("a", "a\n").commit("base");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    let gone = repository.write("b", "1\n").commit("gone");
    let last = repository.write("b", "1\n2\n").commit("last");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("a", "a\nmain\n").commit("main");
    repository.git(&["merge", "--quiet", "--no-ff", "-m", "merge", "side"]);
    let head = repository.git(&["rev-parse", "HEAD"]);
    std::fs::write(repository.root().join(".git/shallow"), format!("{last}\n")).unwrap();
    let object = repository.root().join(".git/objects").join(&gone[..2]).join(&gone[2..]);
    std::fs::rename(object, repository.root().join("gone")).unwrap();
    let read = change(repository.root(), &base, &head);
    assert!(!read.commits_complete);
    assert_eq!(owners(repository.root(), &read, "a", 2), "- main");
    assert_eq!(owners(repository.root(), &read, "b", 2), "- -");
}

#[test]
fn over_a_limit_nothing_is_attributed_and_a_note_says_so() {
    let repository = TestRepository::new();
    let base = repository.write("f", "1\n").commit("base");
    repository.write("f", "1\n2\n").commit("one");
    let head = repository.write("f", "1\n2\n3\n").commit("two");
    let read = change(repository.root(), &base, &head);
    let few = origins_within(repository.root(), &read, &Limits { origin_steps: 1, ..Limits::default() });
    assert!(few.files.is_empty() && few.note.contains("`origin-steps`"), "{few:?}");
    let short = origins_within(repository.root(), &read, &Limits { origin_bytes: 0, ..Limits::default() });
    assert!(short.note.contains("`origin-bytes`"), "{short:?}");
    assert!(short.files["f"].is_empty());
}

/// Compares origins of added lines with `git blame` on a repository that we did not make:
/// `PORTCULLIS_ORACLE=/path/to/repository cargo test --test change -- --ignored --nocapture real_origins`.
#[test]
#[ignore = "needs a large repository; names it by PORTCULLIS_ORACLE"]
fn real_origins_agree_with_git_blame() {
    let dir = std::path::PathBuf::from(std::env::var_os("PORTCULLIS_ORACLE").expect("names a repository"));
    let git = |arguments: &[&str]| {
        let mut command = crate::support::scrubbed("git");
        command.current_dir(&dir).args(["-c", "safe.directory=*"]).args(arguments);
        String::from_utf8_lossy(&command.output().unwrap().stdout).trim_end_matches('\n').to_owned()
    };
    let heads = git(&["rev-list", "--first-parent", "--max-count=1100", "HEAD"]);
    let heads: Vec<&str> = heads.lines().collect();
    let (reader, limits) = (open(&dir).reader(), Limits::default());
    let (mut lines, mut equal, mut old, mut unknown, mut ranges, mut commits) = (0, 0, 0, 0, 0, 0);
    for nth in 0..50 {
        let at = nth * 20;
        let (Some(head), Some(base)) = (heads.get(at), heads.get(at + 5 + nth % 26)) else { break };
        let read = change(&dir, base, head);
        (ranges, commits) = (ranges + 1, commits + read.commits.len());
        let found = origins_within(&dir, &read, &limits);
        for file in read.files.iter().filter(|file| file.new.as_ref().is_some_and(|side| side.kind.is_file())).take(25)
        {
            let side = |side: &Option<portcullis::change::Side>| {
                side.as_ref().map_or_else(Vec::new, |side| reader.blob(&side.id, &limits).unwrap())
            };
            let new = side(&file.new);
            if portcullis::change::is_binary(&new) {
                continue;
            }
            let blame =
                git(&["blame", "-l", "-s", "--root", &format!("{}..{head}", read.merge_base), "--", &file.path]);
            let blamed: Vec<&str> = blame.lines().map(|line| line.split(' ').next().unwrap()).collect();
            for run in hunks(&side(&file.old), &new).hunks {
                for line in run.new_start..run.new_end {
                    let run = found.files[&file.path].iter().find(|run| (run.start..run.end).contains(&line));
                    let origin = run.map_or("none", |run| read.commits[run.commit].id.as_str());
                    let theirs = blamed[line as usize - 1];
                    let base = theirs.starts_with('^');
                    lines += 1;
                    unknown += usize::from(run.is_none());
                    let same = if base { run.is_none() } else { theirs == origin };
                    equal += usize::from(same);
                    old += usize::from(base && !same);
                    if !same && !base && lines - equal - old < 25 {
                        println!("{base}..{head} {}:{line} ours {origin} git {theirs}", file.path);
                    }
                }
            }
        }
    }
    println!(
        "{ranges} ranges, {commits} commits, {lines} added lines, {equal} as git blame, {old} that it thinks older, {unknown} without origin"
    );
}
