//! Which two commits are compared, and what is missing when they cannot be.

use std::path::Path;

use portcullis::change::{Environment, Mode, OpenError, RangeError, RangeRequest, Repository, resolve};
use portcullis::limits::Limits;

use crate::support::{TestRepository, scrubbed};
use crate::{change, codes, open, paths, range_of, undecided};

/// A repository with `main` and a branch `work` that adds one file.
fn forked() -> (TestRepository, String, String) {
    let repository = TestRepository::new();
    repository.write("a.txt", "a\n").commit("start");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let head = repository.write("b.txt", "b\n").commit("work");
    repository.git(&["checkout", "-q", "main"]);
    let base = repository.write("c.txt", "c\n").commit("main goes on");
    (repository, base, head)
}

fn clone(repository: &TestRepository, name: &str, arguments: &[&str]) -> std::path::PathBuf {
    let to = repository.beside(name);
    let from = format!("file://{}", repository.root().display());
    let mut all = vec!["clone", "-q", "--no-tags"];
    all.extend(arguments);
    let shown = to.display().to_string();
    all.extend([from.as_str(), shown.as_str()]);
    repository.git(&all);
    to
}

fn ask(dir: &Path, environment: &[(&str, &str)]) -> Result<(String, String, String), RangeError> {
    let environment: Environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let range = resolve(&open(dir), &RangeRequest::default(), &environment, &Limits::default())?;
    Ok((range.base, range.head, range.source))
}

fn is_usage(found: Result<impl std::fmt::Debug, RangeError>) -> String {
    match found {
        Err(RangeError::Usage { message, help }) => {
            assert!(!help.is_empty());
            message
        }
        other => panic!("expected a usage error, got {other:?}"),
    }
}

#[test]
fn change_is_compared_with_the_merge_base() {
    let (repository, base, head) = forked();
    let read = change(repository.root(), "main", "work");
    assert_eq!(paths(&read), ["b.txt"]);
    assert_eq!((&read.base, &read.head), (&base, &head));
    assert_eq!(read.merge_base, repository.git(&["merge-base", "main", "work"]));
    assert_eq!(read.commits.len(), 1);
    assert!(read.commits_complete && read.reasons.is_empty() && read.notes.is_empty());
}

#[test]
fn base_equal_to_head_is_no_change_row_1() {
    let (repository, base, _) = forked();
    let read = change(repository.root(), &base, "main");
    assert!(read.files.is_empty() && read.reasons.is_empty());
    assert_eq!(read.notes, ["no change"]);
}

#[test]
fn empty_commit_is_no_change_row_2() {
    let (repository, base, _) = forked();
    let head = repository.commit_index("nothing");
    let read = change(repository.root(), &base, &head);
    assert!(read.files.is_empty() && read.reasons.is_empty());
    assert_eq!((read.notes.as_slice(), read.commits.len()), (["no change".to_owned()].as_slice(), 1));
}

#[test]
fn shallow_head_is_undecided_row_3() {
    let (repository, base, head) = forked();
    let shallow = clone(&repository, "shallow", &["--depth=1", "--branch=main"]);
    let reason = undecided(range_of(&shallow, &base, &head));
    assert_eq!(reason.code, "missing-object");
    assert!(reason.message.raw().contains(&head));
    assert_eq!(reason.remedy.raw(), format!("git fetch --no-tags --unshallow origin {head}"));
    // The remedy holds what it promises.
    let words: Vec<&str> = reason.remedy.raw().split(' ').skip(1).collect();
    let status = scrubbed("git").current_dir(&shallow).args(words).output().unwrap();
    assert!(status.status.success(), "{status:?}");
    assert!(range_of(&shallow, &base, &head).is_ok());
}

#[test]
fn unknown_name_is_a_usage_error_and_not_undecided() {
    let (repository, base, _) = forked();
    assert!(is_usage(range_of(repository.root(), "no-such-branch", "main")).contains("--base"));
    assert!(is_usage(range_of(repository.root(), &base, "HEAD~99")).contains("--head"));
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    assert!(is_usage(range_of(repository.root(), &base, &tree)).contains("is a tree"));
}

#[test]
fn tags_are_followed_to_their_commit() {
    let (repository, base, head) = forked();
    repository.git(&["tag", "-a", "v1", "-m", "one", &head]);
    repository.git(&["tag", "-a", "v2", "-m", "two", "v1"]);
    let range = range_of(repository.root(), &base, "v2").unwrap();
    assert_eq!(range.head, head);
    let id = repository.git(&["rev-parse", "v2"]);
    assert_eq!(range_of(repository.root(), &base, &id).unwrap().head, head);
}

#[test]
fn missing_merge_base_in_a_shallow_clone_is_undecided_row_4() {
    let (repository, base, head) = forked();
    let shallow = clone(&repository, "shallow", &["--depth=1", "--no-single-branch"]);
    let reason = undecided(range_of(&shallow, &base, &head));
    assert_eq!(reason.code, "missing-merge-base");
    assert!(reason.remedy.raw().starts_with("git fetch --unshallow origin"));
}

/// A history that its author shaped: the newest common commit lies behind a long way, an older one behind a short one.
/// Returns base, head and the older one.
fn two_ways() -> (TestRepository, String, String, String) {
    let repository = TestRepository::new();
    let older = repository.write("a.txt", "a\n").commit("older");
    let base = repository.write("rules.txt", "strict\n").commit("newer");
    repository.git(&["checkout", "-q", "-b", "work"]);
    for step in 0..6 {
        repository.write("b.txt", format!("{step}\n")).commit("a long way");
    }
    let head = repository.commit_tree(&repository.git(&["rev-parse", "HEAD^{tree}"]), &[&older, "HEAD"], "two ways");
    repository.git(&["update-ref", "refs/heads/work", &head]);
    (repository, base, head, older)
}

#[test]
fn older_merge_base_that_a_shallow_clone_shows_is_undecided_row_4() {
    let (repository, base, head, older) = two_ways();
    let shallow = clone(&repository, "shallow", &["--depth=3", "--no-single-branch"]);
    assert_eq!(repository.git(&["-C", shallow.to_str().unwrap(), "merge-base", &base, &head]), older, "git takes it");
    let told = [(&base, &head), (&head, &base)].map(|(base, head)| {
        let reason = undecided(range_of(&shallow, base, head));
        assert_eq!(reason.code, "uncertain-merge-base");
        reason.remedy.raw().to_owned()
    });
    let (command, elsewhere) = told[0].split_once(" (").unwrap();
    assert!(elsewhere.contains("fetch-depth: 0") && elsewhere.contains("GIT_DEPTH: 0"));
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(scrubbed("git").current_dir(&shallow).args(words).output().unwrap().status.success());
    assert_eq!(range_of(&shallow, &base, &head).unwrap().merge_base, base);
}

#[test]
fn merge_base_above_the_cut_of_a_shallow_clone_is_certain() {
    let repository = TestRepository::new();
    repository.write("a.txt", "1\n").commit("start");
    repository.write("a.txt", "2\n").commit("more");
    let fork = repository.write("a.txt", "3\n").commit("fork");
    repository.git(&["checkout", "-q", "-b", "work"]);
    let head = repository.write("b.txt", "b\n").commit("work");
    repository.git(&["checkout", "-q", "main"]);
    let base = repository.write("c.txt", "c\n").commit("main goes on");
    for depth in ["--depth=2", "--depth=3"] {
        let shallow = clone(&repository, &format!("shallow{depth}"), &[depth, "--no-single-branch"]);
        assert_eq!(range_of(&shallow, &base, &head).unwrap().merge_base, fork, "{depth}");
    }
    // A base that leads to head is the merge base, wherever else head leads.
    let (repository, base, ..) = two_ways();
    let head = repository.commit_tree(&format!("{base}^{{tree}}"), &[&base, "work"], "merged");
    repository.git(&["update-ref", "refs/heads/work", &head]);
    let shallow = clone(&repository, "shallow", &["--depth=2", "--no-single-branch"]);
    assert_eq!(range_of(&shallow, &base, &head).unwrap().merge_base, base);
    assert_eq!(range_of(&shallow, &head, &base).unwrap().merge_base, base);
}

#[test]
fn cut_that_only_lying_dates_put_on_one_side_leaves_the_merge_base_certain() {
    let repository = TestRepository::new();
    let tree = repository.tree(&[]);
    let commit = |parents: &[&str], date: u64| {
        let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
        let who = format!("A <a@example.org> {date} +0000");
        repository.raw_commit(format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\nx\n"))
    };
    // It is visited first, from head, and only long after that as an ancestor of the merge base.
    let cut = commit(&[&"1".repeat(40)], 4_000_000_000);
    let below = commit(&[&cut], 1);
    let fork = commit(&[&below], 1_700_000_000);
    let base = commit(&[&fork], 1_700_000_001);
    let head = commit(&[&fork, &cut], 1_700_000_002);
    std::fs::write(repository.root().join(".git/shallow"), format!("{cut}\n")).unwrap();
    assert_eq!(range_of(repository.root(), &base, &head).unwrap().merge_base, fork);
    // The same without that way from base to it.
    let root = commit(&[], 1);
    let fork = commit(&[&root], 1_700_000_000);
    let base = commit(&[&fork], 1_700_000_001);
    let head = commit(&[&fork, &cut], 1_700_000_002);
    assert_eq!(undecided(range_of(repository.root(), &base, &head)).code, "uncertain-merge-base");
}

#[test]
fn depth_two_merge_commit_is_compared_with_its_first_parent() {
    let (repository, base, _) = forked();
    repository.git(&["checkout", "-q", "work"]);
    repository.write("b.txt", "more\n").commit("more work");
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "work"]);
    let shallow = clone(&repository, "shallow", &["--depth=2"]);
    let read = change(&shallow, "HEAD^1", "HEAD");
    assert_eq!((read.merge_base.as_str(), paths(&read)), (base.as_str(), vec!["b.txt"]));
    assert!(read.reasons.is_empty());
    assert!(!read.commits_complete, "the branch may have had more commits than are here");
}

#[test]
fn shallow_clone_that_holds_the_whole_change_has_all_of_its_commits() {
    let (repository, ..) = forked();
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "work"]);
    let shallow = clone(&repository, "shallow", &["--depth=2"]);
    let read = change(&shallow, "HEAD^1", "HEAD");
    assert!(read.commits_complete && read.commits.len() == 2, "both sides begin at a commit that base names");
}

#[test]
fn unrelated_histories_are_undecided_row_5() {
    let (repository, base, _) = forked();
    let tree = repository.tree(&[]);
    let other = repository.commit_tree(&tree, &[], "another root");
    assert_eq!(undecided(range_of(repository.root(), &base, &other)).code, "unrelated-histories");
}

#[test]
fn criss_cross_merges_choose_the_smallest_id_say_so_and_are_undecided_row_6() {
    let repository = TestRepository::new();
    let blob = repository.blob("x\n");
    let tree = |name: &str| repository.tree(&[("100644", name.as_bytes(), blob.as_str())]);
    let root = repository.commit_tree(&tree("root"), &[], "root");
    let left = repository.commit_tree(&tree("left"), &[&root], "left");
    let right = repository.commit_tree(&tree("right"), &[&root], "right");
    let one = repository.commit_tree(&tree("one"), &[&left, &right], "one");
    let two = repository.commit_tree(&tree("two"), &[&right, &left], "two");
    let mut bases = [left, right];
    bases.sort();
    for (base, head) in [(&one, &two), (&two, &one)] {
        let range = range_of(repository.root(), base, head).unwrap();
        assert_eq!((range.merge_base.as_str(), range.merge_bases.as_slice()), (bases[0].as_str(), bases.as_slice()));
        let read = change(repository.root(), base, head);
        assert!(read.notes[0].starts_with("2 merge bases"), "{:?}", read.notes);
        assert_eq!(read.reasons.iter().map(|reason| reason.code.as_str()).collect::<Vec<_>>(), ["several-merge-bases"]);
        assert_eq!(read.commits.len(), 1, "commits of both merge bases are not of the change");
    }
}

#[test]
fn local_base_is_the_default_branch_then_the_upstream_then_an_error() {
    let (repository, base, head) = forked();
    assert!(is_usage(ask(repository.root(), &[])).contains("origin/HEAD"));
    let cloned = clone(&repository, "cloned", &["--branch=work"]);
    scrubbed("git").current_dir(&cloned).args(["remote", "set-head", "origin", "main"]).status().unwrap();
    assert_eq!(ask(&cloned, &[]).unwrap(), (base, head.clone(), "origin/HEAD".to_owned()));
    scrubbed("git").current_dir(&cloned).args(["remote", "set-head", "origin", "--delete"]).status().unwrap();
    assert_eq!(ask(&cloned, &[]).unwrap(), (head.clone(), head, "refs/remotes/origin/work".to_owned()));
}

#[test]
fn event_names_the_range_and_flags_win_over_it() {
    let (repository, base, head) = forked();
    let event = repository.beside("event.json");
    let json = format!(r#"{{"pull_request":{{"base":{{"sha":"{base}"}},"head":{{"sha":"{head}"}}}}}}"#);
    std::fs::write(&event, json).unwrap();
    let path = event.display().to_string();
    let environment = [("GITHUB_EVENT_PATH", path.as_str()), ("GITHUB_SHA", base.as_str()), ("CI", "true")];
    let source = "the pull_request event".to_owned();
    assert_eq!(ask(repository.root(), &environment).unwrap(), (base.clone(), head.clone(), source));
    let request = RangeRequest { base: Some(head.clone()), ..RangeRequest::default() };
    let variables = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let range = resolve(&open(repository.root()), &request, &variables, &Limits::default()).unwrap();
    assert_eq!((range.base, range.head, range.in_ci), (head, base, true));
}

#[test]
fn event_in_a_checkout_of_depth_one_names_both_ends_in_one_command_row_3() {
    let (repository, base, head) = forked();
    repository.git(&["merge", "-q", "--no-ff", "-m", "the test merge of the forge", "work"]);
    let shallow = clone(&repository, "shallow", &["--depth=1"]);
    let environment = Environment::from([
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA".to_owned(), base.clone()),
        ("CI_COMMIT_SHA".to_owned(), head.clone()),
    ]);
    let ask = || resolve(&open(&shallow), &RangeRequest::default(), &environment, &Limits::default());
    let remedy = undecided(ask()).remedy.raw().to_owned();
    assert_eq!(remedy, format!("git fetch --no-tags --unshallow origin {base} {head}"));
    let words: Vec<&str> = remedy.split(' ').skip(1).collect();
    assert!(scrubbed("git").current_dir(&shallow).args(words).output().unwrap().status.success());
    let range = ask().unwrap();
    assert_eq!((range.base, range.head), (base, head));
}

#[test]
fn event_with_a_commit_that_is_not_here_is_undecided() {
    let (repository, base, _) = forked();
    let gone = "1".repeat(40);
    let merge = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()), ("CI_COMMIT_SHA", gone.as_str())];
    assert_eq!(undecided(resolve_with(&repository, &merge)).code, "missing-object");
    let hostile = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", "--upload-pack=x"), ("CI_COMMIT_SHA", base.as_str())];
    is_usage(resolve_with(&repository, &hostile));
}

fn resolve_with(
    repository: &TestRepository,
    environment: &[(&str, &str)],
) -> Result<portcullis::change::Range, RangeError> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(&open(repository.root()), &RangeRequest::default(), &environment, &Limits::default())
}

#[test]
fn head_with_staged_is_a_usage_error() {
    let (repository, _, head) = forked();
    let request = RangeRequest { base: None, head: Some(head), mode: Mode::Staged };
    is_usage(resolve(&open(repository.root()), &request, &Environment::new(), &Limits::default()));
}

#[test]
fn bare_clone_linked_work_tree_and_subfolder_give_the_same_change() {
    let (repository, base, head) = forked();
    let expected = change(repository.root(), &base, &head);
    let bare = clone(&repository, "bare.git", &["--bare"]);
    let linked = repository.beside("linked");
    repository.git(&["worktree", "add", "-q", &linked.display().to_string(), "work"]);
    let folder = linked.join("deep/er");
    std::fs::create_dir_all(&folder).unwrap();
    for dir in [bare.as_path(), linked.as_path(), folder.as_path(), &repository.root().join(".git")] {
        let read = change(dir, &base, &head);
        assert_eq!((&read.files, &read.commits), (&expected.files, &expected.commits), "{}", dir.display());
    }
}

#[test]
fn folder_without_repository_and_reftable_are_clear_errors() {
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Repository::open(empty.path()), Err(OpenError::NotFound { .. })));
    assert!(matches!(Repository::open(&empty.path().join("absent")), Err(OpenError::NotFound { .. })));
    let repository = TestRepository::with(&["--ref-format=reftable"]);
    let error = Repository::open(repository.root()).unwrap_err();
    assert!(matches!(error, OpenError::Reftable { .. }), "{error}");
}

#[test]
fn partial_clone_names_one_command_for_all_missing_blobs_and_it_works() {
    let repository = TestRepository::new();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    for number in 0..30 {
        repository.write(&format!("f{number}.txt"), format!("{number}\n"));
    }
    let base = repository.commit("start");
    for number in 0..30 {
        repository.write(&format!("f{number}.txt"), format!("{number}\nmore\n"));
    }
    let head = repository.commit("more");
    let partial = clone(&repository, "partial", &["--no-checkout", "--filter=blob:none"]);
    let read = change(&partial, &base, &head);
    assert_eq!((codes(&read), read.files.len()), (vec!["missing-object"], 30));
    assert!(read.reasons[0].message.raw().starts_with("60 objects"), "{:?}", read.reasons);
    let reader = open(&partial).reader();
    let id = &read.files[0].new.as_ref().unwrap().id;
    let error = reader.blob(id, &Limits::default()).unwrap_err();
    assert_eq!(error.reason("f0.txt").code, "missing-object", "never an empty blob");
    let words: Vec<&str> = read.reasons[0].remedy.raw().split(' ').skip(1).collect();
    let packs = || std::fs::read_dir(partial.join(".git/objects/pack")).unwrap().count();
    let before = packs();
    let output = scrubbed("git").current_dir(&partial).args(words).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(packs() - before <= 6, "one batch, not one pack a blob");
    assert_eq!(codes(&change(&partial, &base, &head)), Vec::<&str>::new());
}

#[test]
fn one_missing_blob_names_a_command_that_brings_it() {
    let (repository, base, head) = forked();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = clone(&repository, "partial", &["--no-checkout", "--filter=blob:none"]);
    let blob = repository.git(&["rev-parse", &format!("{head}:b.txt")]);
    let error = open(&partial).blob(&blob, &Limits::default()).unwrap_err();
    let remedy = error.reason("b.txt").remedy.raw().to_owned();
    let command = remedy.split(',').next().unwrap();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let output = scrubbed("git").current_dir(&partial).args(words).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(open(&partial).blob(&blob, &Limits::default()).unwrap(), b"b\n");
    assert!(change(&partial, &base, &head).reasons.is_empty());
}

#[test]
fn clone_without_trees_is_undecided_and_never_an_empty_change() {
    let (repository, base, head) = forked();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = clone(&repository, "partial", &["--no-checkout", "--filter=tree:0"]);
    let read = change(&partial, &base, &head);
    assert_eq!((codes(&read), read.files.len(), read.notes.len()), (vec!["missing-object"], 0, 0));
    let command = read.reasons[0].remedy.raw().split(',').next().unwrap().to_owned();
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    assert!(scrubbed("git").current_dir(&partial).args(words).output().unwrap().status.success());
    assert_eq!(paths(&change(&partial, &base, &head)), ["b.txt"]);
}
