//! Changes that trees alone cannot say: histories, submodules, modes, broken and missing objects, hostile settings.

use std::path::Path;

use crate::scene::{AS_OF, Entry, Run, Scene, portcullis, run, tree};
use crate::support::{RawEntry, TestRepository};

const CONFIGURATION: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\n");

/// A Go file with a hidden character, and the finding that it must always give.
const BAD: (&str, &str) = ("pay.go", "package pay\n\nvar open = true // \u{202E}eslaf\n");
const FOUND: &str = "hidden-code/bidi pay.go:3:20 error enforced";

/// A policy that says what the facts of every changed file are.
const TELLS: &str = r#"# METADATA
# title: Tells the shape of every file
# custom:
#   id: own/shape
#   scope: file
package own

deny contains {"msg": shape, "path": input.file.path} if {
	shape := sprintf("%s %s %s %s", [input.file.path, input.file.status, input.file.kind, input.file.mode_change])
}
"#;

fn judge(folder: &Path, base: &str, head: &str) -> Run {
    run(&mut portcullis(folder, &["check", "--base", base, "--head", head, "--as-of", AS_OF, "--format", "json"]))
}

fn remedies(run: &Run) -> String {
    run.document()["completeness"]["reasons"].to_string()
}

/// Returns what the telling policy says of a change from one tree to another.
fn shapes(base: &[(&str, Entry)], head: &[(&str, Entry)]) -> Vec<String> {
    let rules =
        tree(&[(".portcullis.yaml", "version: 1\npacks: []\npolicies: [policies]\n"), ("policies/a.rego", TELLS)]);
    let with = |more: &[(&str, Entry)]| {
        let mut whole = rules.clone();
        whole.extend(more.iter().map(|(path, entry)| ((*path).to_owned(), entry.clone())));
        whole
    };
    let run = Scene::of(&with(base), &with(head)).check(&[]);
    let document = run.document();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["message"].as_str().unwrap().trim_end().to_owned()).collect()
}

#[test]
fn base_that_is_head_passes_with_a_note_row_1() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let run = judge(scene.repository.root(), &scene.head, &scene.head);
    assert_eq!(run.is("pass").document()["change"]["files"], 0);
}

#[test]
fn an_empty_commit_passes_with_a_note_row_2() {
    let repository = TestRepository::new();
    repository.write("a.py", "x = 1\n").commit("base");
    repository.commit_index("nothing");
    let arguments = ["check", "--base", "HEAD~1", "--as-of", AS_OF];
    let human = run(&mut portcullis(repository.root(), &arguments));
    assert_eq!(human.code, 0, "{}", human.err);
    assert!(human.text().contains("note: no change"), "{}", human.text());
}

#[test]
fn a_head_that_was_not_fetched_is_undecided_with_the_command_row_3() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let shallow = clone(&scene, &["--depth", "1", "--branch", "base"]);
    let run = judge(&shallow, "HEAD", &scene.head);
    assert_eq!(run.is("undecided").reasons(), ["missing-object"]);
    assert!(remedies(&run).contains(&format!("git fetch --no-tags --unshallow origin {}", scene.head)));
}

#[test]
fn a_full_id_that_is_absent_is_undecided_and_a_name_that_is_absent_is_usage() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let root = scene.repository.root();
    assert_eq!(judge(root, &"1".repeat(40), &scene.head).is("undecided").reasons(), ["missing-object"]);
    judge(root, "no-such-branch", &scene.head).is_usage("no-such-branch");
    judge(root, &scene.base, &"1".repeat(39)).is_usage("not a revision");
}

/// Clones the scene into a folder beside it.
fn clone(scene: &Scene, arguments: &[&str]) -> std::path::PathBuf {
    let to = scene.repository.beside("clone");
    let from = format!("file://{}", scene.repository.root().display());
    scene.repository.git(&[&["clone", "-q", "--no-tags"], arguments, &[&from, to.to_str().unwrap()]].concat());
    to
}

/// Two branches of one root: `left` and `right`.
fn forked(repository: &TestRepository) -> (String, String) {
    repository.write(CONFIGURATION.0, CONFIGURATION.1).commit("root");
    repository.git(&["checkout", "-q", "-b", "left"]);
    let left = repository.write("left.py", "x = 1\n").commit("left");
    repository.git(&["checkout", "-q", "-b", "right", "main"]);
    (left, repository.write(BAD.0, BAD.1).commit("right"))
}

#[test]
fn a_merge_base_cut_off_by_a_shallow_clone_is_undecided_row_4() {
    let repository = TestRepository::new();
    let (left, right) = forked(&repository);
    assert_eq!(judge(repository.root(), &left, &right).is("fail").findings(), [FOUND]);
    // Its tip is the merge base: a shallow clone would have it.
    repository.git(&["branch", "-q", "-D", "main"]);
    let to = repository.beside("shallow");
    let from = format!("file://{}", repository.root().display());
    repository.git(&["clone", "-q", "--depth", "1", "--no-single-branch", &from, to.to_str().unwrap()]);
    let run = judge(&to, &left, &right);
    assert_eq!(run.is("undecided").reasons(), ["missing-merge-base"]);
    assert!(remedies(&run).contains("fetch-depth: 0"));
}

#[test]
fn an_older_merge_base_that_the_author_arranged_behind_a_cut_is_undecided_row_4() {
    let repository = TestRepository::new();
    let older = repository.write("a.py", "x = 1\n").commit("before there were rules");
    let base = repository.write(CONFIGURATION.0, CONFIGURATION.1).commit("rules");
    repository.git(&["checkout", "-q", "-b", "work"]);
    for step in 0..6 {
        repository.write("a.py", format!("x = {step}\n")).commit("a long way");
    }
    repository.write(BAD.0, BAD.1).commit("the last step");
    let head = repository.commit_tree(&repository.git(&["rev-parse", "HEAD^{tree}"]), &[&older, "HEAD"], "two ways");
    repository.git(&["update-ref", "refs/heads/work", &head]);
    assert_eq!(judge(repository.root(), &base, &head).is("fail").findings(), [FOUND]);
    let to = repository.beside("shallow");
    let from = format!("file://{}", repository.root().display());
    repository.git(&["clone", "-q", "--depth", "3", "--no-single-branch", &from, to.to_str().unwrap()]);
    let run = judge(&to, &base, &head);
    assert_eq!(run.is("undecided").reasons(), ["uncertain-merge-base"]);
    assert!(remedies(&run).contains("git fetch --unshallow") && remedies(&run).contains("fetch-depth: 0"));
    repository.git(&["-C", to.to_str().unwrap(), "fetch", "-q", "--unshallow", "origin"]);
    assert_eq!(judge(&to, &base, &head).is("fail").findings(), [FOUND]);
}

#[test]
fn unrelated_histories_are_undecided_row_5() {
    let repository = TestRepository::new();
    let left = repository.write("a.py", "x = 1\n").commit("left");
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    let right = repository.write("b.py", "x = 1\n").commit("right");
    assert_eq!(judge(repository.root(), &left, &right).is("undecided").reasons(), ["unrelated-histories"]);
}

#[test]
fn several_merge_bases_are_said_chosen_the_same_way_from_both_sides_and_undecided_row_6() {
    let repository = TestRepository::new();
    let (left, right) = forked(&repository);
    let tree = repository.git(&["rev-parse", "right^{tree}"]);
    let one = repository.commit_tree(&tree, &[&left, &right], "left takes right");
    let two = repository.commit_tree(&tree, &[&right, &left], "right takes left");
    let (there, back) = (judge(repository.root(), &one, &two), judge(repository.root(), &two, &one));
    let chosen = left.min(right);
    assert_eq!(there.document()["change"]["merge_base"], chosen);
    assert_eq!(back.document()["change"]["merge_base"], chosen);
    assert_eq!(there.is("undecided").reasons(), ["several-merge-bases"]);
    assert_eq!(back.is("undecided").reasons(), ["several-merge-bases"]);
    let human = run(&mut portcullis(repository.root(), &["check", "--base", &one, "--head", &two]));
    assert!(human.text().contains("note: 2 merge bases"), "{}", human.text());
}

/// Makes histories of which each took the other's mend, and in which head took one of them back in its merge.
fn taken_back(hidden: bool) -> (TestRepository, String, String) {
    let repository = TestRepository::new();
    let root = repository.write("guard.py", "open()\n").write("other.py", "x = 1\n").commit("root");
    let guarded = repository.write("guard.py", "check()\n").commit("base guards");
    repository.git(&["checkout", "-q", "-b", "work", &root]);
    // The smallest id is compared with: the author tries until it is the one that knows no guard.
    let mut work = repository.write("other.py", "x = 2\n").commit("work");
    for try_ in 0..64 {
        if (work < guarded) == hidden {
            break;
        }
        work =
            repository.commit_tree(&repository.git(&["rev-parse", "HEAD^{tree}"]), &[&root], &format!("work {try_}"));
    }
    assert_eq!(work < guarded, hidden);
    let merged = |guard: &str| {
        let (guard, other) = (repository.blob(guard), repository.blob("x = 2\n"));
        repository.tree(&[("100644", b"guard.py", guard.as_str()), ("100644", b"other.py", other.as_str())])
    };
    let main = repository.commit_tree(&merged("check()\n"), &[&guarded, &work], "base takes work");
    let head = repository.commit_tree(&merged("open()\n"), &[&work, &guarded], "work takes base, and not its guard");
    (repository, main, head)
}

#[test]
fn a_merge_that_takes_back_what_base_has_is_never_decided_as_no_change_row_6() {
    for hidden in [true, false] {
        let (repository, main, head) = taken_back(hidden);
        let run = judge(repository.root(), &main, &head);
        let seen = run.document()["change"]["files"] != 0;
        // Compared with the author's own merge base there is nothing to see, and that is not believed.
        assert_eq!(seen, !hidden);
        assert_eq!(run.is("undecided").reasons(), ["several-merge-bases"]);
        assert!(remedies(&run).contains("merge the target branch into this one once more"), "{}", remedies(&run));
        // That is all that it takes.
        let tree = repository.git(&["rev-parse", &format!("{head}^{{tree}}")]);
        let mended = repository.commit_tree(&tree, &[&head, &main], "merge the target branch once more");
        let run = judge(repository.root(), &main, &mended);
        assert_eq!(run.document()["change"]["files"], 1);
        assert_eq!(run.reasons(), [""; 0]);
    }
}

#[test]
fn a_bump_that_gitmodules_hides_is_seen_and_nothing_is_fetched_rows_12_13() {
    let hide = "[submodule \"lib\"]\n\tpath = lib\n\turl = ext::sh -c touch% marker\n\tignore = all\n\tupdate = !touch marker\n";
    let at = |digit: &str| Entry::Module(digit.repeat(40));
    let base = [("lib", at("1")), (".gitmodules", hide.into())];
    let head = [("lib", at("2")), (".gitmodules", hide.into()), ("new", at("3"))];
    assert_eq!(shapes(&base, &head), ["lib modified submodule", "new added submodule"]);
}

#[test]
fn too_many_pairs_to_tell_renames_ask_for_review_row_17() {
    let mut base = tree(&[(".portcullis.yaml", "version: 1\npacks: [hidden-code]\nlimits: {rename-pairs: 10}\n")]);
    let mut head = base.clone();
    for index in 0..9 {
        base.insert(format!("old/{index}.py"), format!("x = {index}\ny = {index}\n").into());
        head.insert(format!("new/{index}.py"), format!("x = {index}\ny = {index}\nz = 1\n").into());
    }
    let run = Scene::of(&base, &head).check(&[]);
    assert_eq!(run.is("review").requirements(), ["layer-2: portcullis/unknown-renames"]);
    let run = Scene::of(&base, &base).check(&[]);
    assert_eq!(run.is("pass").requirements(), Vec::<String>::new());
}

#[test]
fn a_file_that_becomes_a_link_is_a_change_of_type_and_not_followed_row_19() {
    let base = [("run.sh", Entry::from("echo\n")), ("secret.sh", Entry::from("echo \u{202E}\n"))];
    let head = [("run.sh", Entry::Link("secret.sh".into())), base[1].clone()];
    assert_eq!(shapes(&base, &head), ["run.sh typechanged symlink 100644 -> 120000"]);
}

#[test]
fn an_executable_bit_alone_is_a_change_row_21() {
    let base = [("run.sh", Entry::from("echo\n"))];
    let head = [("run.sh", Entry::Executable(b"echo\n".to_vec()))];
    assert_eq!(shapes(&base, &head), ["run.sh modified executable 100644 -> 100755"]);
}

#[test]
fn swaps_of_file_folder_and_submodule_show_both_sides_row_22() {
    let module = Entry::Module("4".repeat(40));
    let base = [("a", Entry::from("file a\n")), ("b/x", Entry::from("file b\n")), ("c", module.clone())];
    let head = [("a/x", Entry::from("new a\n")), ("b", module), ("c", Entry::from("file c\n"))];
    let seen = shapes(&base, &head);
    for path in ["a deleted file", "a/x added file", "b added submodule", "b/x deleted file"] {
        assert!(seen.iter().any(|shape| shape == path), "{path}: {seen:?}");
    }
    assert!(seen.iter().any(|shape| shape.starts_with("c ")), "{seen:?}");
}

#[test]
fn malformed_trees_are_undecided_row_23() {
    let repository = TestRepository::with(&["--bare"]);
    let blob = repository.blob("x = 1\n");
    let base = repository.commit_tree(&repository.tree(&[]), &[], "base");
    let shapes: [(&str, Vec<RawEntry<'_>>); 5] = [
        ("twice", vec![("100644", b"a.py", &blob), ("100644", b"a.py", &blob)]),
        ("unsorted", vec![("100644", b"b.py", &blob), ("100644", b"a.py", &blob)]),
        ("parent", vec![("100644", b"..", &blob)]),
        ("git folder", vec![("100644", b".git", &blob)]),
        ("slash", vec![("100644", b"a/b.py", &blob)]),
    ];
    for (what, entries) in shapes {
        let head = repository.commit_tree(&repository.raw_tree(&entries), &[&base], what);
        let run = judge(repository.root(), &base, &head);
        let reasons = run.is("undecided").reasons();
        assert!(reasons.iter().all(|reason| reason.starts_with("malformed-tree")), "{what}: {reasons:?}");
    }
}

#[test]
fn a_missing_blob_is_undecided_and_the_rest_is_judged() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let repository = &scene.repository;
    let bad = repository.git(&["rev-parse", "head:pay.go"]);
    let gone = "5".repeat(40);
    let entries = [("100644", b"a.py".as_slice(), gone.as_str()), ("100644", b"pay.go", &bad)];
    let head = repository.commit_tree(&repository.tree(&entries), &[&scene.base], "partial");
    let run = judge(repository.root(), &scene.base, &head);
    // One reason with the command that fetches everything, one for each file.
    assert_eq!(run.is("undecided").reasons(), ["missing-object a.py", "missing-object a.py"]);
    assert_eq!(run.findings(), [FOUND]);
}

#[test]
fn a_missing_policy_on_the_trusted_side_is_undecided_and_never_fewer_rules() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let repository = &scene.repository;
    let text = repository.blob("version: 1\npacks: [hidden-code]\npolicies: [policies]\n");
    let folder = repository.tree(&[("100644", b"own.rego", &"6".repeat(40))]);
    let entries = [("100644", b".portcullis.yaml".as_slice(), text.as_str()), ("040000", b"policies", &folder)];
    let base = repository.commit_tree(&repository.tree(&entries), &[], "base");
    let bad = repository.git(&["rev-parse", "head:pay.go"]);
    let tree = repository.tree(&[&entries[..], &[("100644", b"pay.go", &bad)]].concat());
    let head = repository.commit_tree(&tree, &[&base], "head");
    let run = judge(repository.root(), &base, &head);
    assert_eq!(run.is("undecided").reasons(), ["empty-pack policies", "missing-object policies/own.rego"]);
    assert_eq!(run.findings(), [FOUND]);
}

#[test]
fn programs_that_the_repository_configures_do_not_run_row_24() {
    let scene = Scene::in_repository(TestRepository::new(), &tree(&[CONFIGURATION]), &tree(&[CONFIGURATION, BAD]));
    let repository = &scene.repository;
    repository.git(&["checkout", "-q", "head"]);
    let marker = repository.beside("marker");
    let script = repository.beside("script");
    std::fs::write(&script, format!("#!/bin/sh\ntouch '{}'\n", marker.display())).unwrap();
    let program = format!("sh {}", script.display());
    for key in ["core.fsmonitor", "diff.external", "diff.go.textconv", "filter.lfs.smudge", "filter.lfs.clean"] {
        repository.git(&["config", key, &program]);
    }
    for key in ["core.sshCommand", "core.pager", "core.editor", "core.askPass", "alias.diff", "credential.helper"] {
        repository.git(&["config", key, &program]);
    }
    for hook in ["pre-commit", "post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        std::fs::copy(&script, repository.root().join(".git/hooks").join(hook)).unwrap();
    }
    repository.write(".gitattributes", "*.go diff=go filter=lfs\n").write(BAD.0, BAD.1.replace("open", "shut"));
    for mode in [["--head", "head"].as_slice(), &["--worktree"], &["--staged"]] {
        let arguments = [&["check", "--base", "base", "--as-of", AS_OF, "--format", "json"], mode].concat();
        assert_eq!(run(&mut portcullis(repository.root(), &arguments)).is("fail").findings(), [FOUND], "{mode:?}");
    }
    assert!(!marker.exists(), "something of the repository was run");
}

#[test]
fn replace_refs_and_grafts_change_nothing_row_25() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let repository = &scene.repository;
    let before = scene.check(&[]);
    let bad = repository.git(&["rev-parse", "head:pay.go"]);
    let quiet = repository.blob("package pay\n");
    repository.git(&["replace", &bad, &quiet]);
    repository.git(&["replace", &scene.head, &scene.base]);
    std::fs::write(repository.root().join("info/grafts"), format!("{}\n", scene.head)).unwrap();
    assert_eq!(scene.check(&[]), before);
    assert_eq!(before.findings(), [FOUND]);
}

#[test]
fn alternates_and_sha256_are_read_row_25() {
    let scene = Scene::new(&[CONFIGURATION], &[BAD]);
    let borrowed = clone(&scene, &["--shared", "--branch", "head"]);
    assert_eq!(judge(&borrowed, &scene.base, &scene.head).out, scene.check(&[]).out);
    let repository = TestRepository::with(&["--bare", "--object-format=sha256"]);
    let long = Scene::in_repository(repository, &tree(&[CONFIGURATION]), &tree(&[CONFIGURATION, BAD]));
    assert_eq!(long.check(&[]).is("fail").findings(), [FOUND]);
    assert_eq!(long.check(&[]).document()["change"]["head"].as_str().unwrap().len(), 64);
}

#[test]
fn deletion_of_everything_is_judged_by_the_rules_that_were_deleted() {
    let rules = [(".portcullis.yaml", "version: 1\npacks: []\npolicies: [policies]\n"), ("policies/a.rego", TELLS)];
    let run = Scene::of(&tree(&rules), &tree(&[])).check(&[]);
    assert_eq!(run.findings().len(), 2);
    assert_ne!(run.code, 0);
}

#[test]
fn forking_off_before_the_rules_of_today_decides_nothing_row_24() {
    let repository = TestRepository::new();
    let strict = "version: 1\npacks: [dangerous-calls]\n";
    repository.write(".portcullis.yaml", strict).commit("strict");
    let strict_id = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    // Loosened and taken back inside one merged branch: the base branch never had these rules at its tip.
    repository.write(".portcullis.yaml", "version: 1\npacks: [size]\n").commit("loose");
    let loose = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repository.write(".portcullis.yaml", strict).commit("strict again");
    let today = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    for (fork, code) in [(&loose, 4), (&strict_id, 1)] {
        repository.git(&["checkout", "--quiet", "--detach", fork]);
        repository.write("run.py", "eval(text)\n").commit("evil");
        let run = judge(repository.root(), &today, "HEAD");
        assert_eq!(run.document()["exit_code"], code, "{}", remedies(&run));
        assert_eq!(remedies(&run).contains("outdated-rules"), code == 4);
    }
}

#[test]
fn forking_off_before_the_owners_of_today_decides_nothing_row_24() {
    let repository = TestRepository::new();
    repository.write(".portcullis.yaml", "version: 1\npacks: [size]\n").commit("start");
    let early = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repository.write("CODEOWNERS", "/auth/ @shop/security\n").commit("owners");
    let today = repository.git(&["rev-parse", "HEAD"]).trim().to_owned();
    for (path, outdated) in [("auth/login.py", true), ("docs/readme.py", false)] {
        repository.git(&["checkout", "--quiet", "--detach", &early]);
        repository.write(path, "x = 1\n").commit("change");
        let run = judge(repository.root(), &today, "HEAD");
        assert_eq!(remedies(&run).contains("outdated-rules"), outdated, "{path}: {}", remedies(&run));
    }
}
