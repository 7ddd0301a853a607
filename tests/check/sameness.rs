//! What must never change the bytes: threads, folder, shape of the repository, order of creation, environment, time.

use std::path::Path;

use crate::scene::{AS_OF, Run, Scene, Tree, portcullis, run, tree};
use crate::support::TestRepository;

/// Every format of standard output.
const FORMATS: &[&str] = &["github", "human", "json", "sarif"];

const ASKS: &str = r#"# METADATA
# title: People look at large files
# custom:
#   id: own/look
package own

review contains {"msg": sprintf("look at %s", [file.path]), "layer": 2, "team": "web"} if {
	some file in input.files
	file.added > 3
}

warn contains {"msg": file.path, "path": file.path} if {
	print(file.path)
	some file in input.files
	endswith(file.path, ".rs")
}
"#;

/// Rego whose rule fails at run time.
const FAULTY: &str = "package own\n\ndeny contains \"x\" if to_number(input.change.base) > 1\n";

fn rules(policy: &str) -> Tree {
    tree(&[
        (".portcullis.yaml", "version: 1\npacks: [hidden-code]\npolicies: [policies]\n"),
        ("policies/own.rego", policy),
    ])
}

/// A change of sixty files in seven languages with findings in every third.
fn busy(policy: &str) -> (Tree, Tree) {
    let base = rules(policy);
    let mut head = base.clone();
    for index in 0..60 {
        let hidden = if index % 3 == 0 { "\u{202E}" } else { "" };
        let (end, text) = match index % 7 {
            0 => ("rs", format!("pub fn f{index}() {{}} // {hidden}\n")),
            1 => ("py", format!("def f{index}():\n    pass  # {hidden}\n")),
            2 => ("go", format!("package p\n\nfunc F{index}() {{}} // {hidden}\n")),
            3 => ("ts", format!("export const f{index} = 1; // {hidden}\n")),
            4 => ("java", format!("class F{index} {{}} // {hidden}\n")),
            5 => ("js", format!("const f{index} = ((; // {hidden}\n")),
            _ => ("txt", format!("one\ntwo\nthree\nfour {hidden}\n")),
        };
        head.insert(format!("src/{}/f{index}.{end}", index % 5), text.into());
    }
    (base, head)
}

fn busy_scene() -> Scene {
    let (base, head) = busy(ASKS);
    Scene::of(&base, &head)
}

fn json_in(folder: &Path, scene: &Scene, more: &[&str]) -> Run {
    run(&mut portcullis(folder, &scene.check_arguments(&[&["--format", "json"], more].concat())))
}

#[test]
fn threads_change_no_byte_row_66() {
    let scene = busy_scene();
    for format in FORMATS {
        let with = |threads: &str| {
            run(&mut scene.command(&scene.check_arguments(&["--format", format, "--threads", threads])))
        };
        let one = with("1");
        assert_eq!(one, with("16"), "{format}");
        assert_eq!(one, with("16"), "{format}, again");
    }
    let run = scene.check(&[]);
    assert!(run.findings().len() >= 20, "{:?}", run.findings());
    assert!(run.requirements().len() >= 2, "{:?}", run.requirements());
}

#[test]
fn folder_and_shape_of_the_repository_change_no_byte() {
    let scene = busy_scene();
    let expected = scene.check(&[]).out;
    let root = scene.repository.root().to_owned();
    let repo = root.to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(json_in(elsewhere.path(), &scene, &["--repo", repo]).out, expected, "--repo from elsewhere");
    let clone = scene.repository.beside("clone");
    scene.repository.git(&["clone", "-q", "--branch", "head", repo, clone.to_str().unwrap()]);
    assert_eq!(json_in(&clone, &scene, &[]).out, expected, "a clone with a work tree");
    assert_eq!(json_in(&clone.join("src/1"), &scene, &[]).out, expected, "a folder inside the work tree");
    let linked = scene.repository.beside("linked");
    scene.repository.git(&["worktree", "add", "-q", linked.to_str().unwrap(), "base"]);
    assert_eq!(json_in(&linked, &scene, &[]).out, expected, "a linked worktree");
    scene.repository.git(&["gc", "-q"]);
    assert_eq!(scene.check(&[]).out, expected, "everything packed");
}

#[test]
fn order_of_creation_changes_no_byte() {
    let scene = busy_scene();
    let (base, head) = busy(ASKS);
    let repository = TestRepository::with(&["--bare"]);
    for entry in head.values().rev() {
        if let crate::scene::Entry::File(bytes) = entry {
            repository.blob(bytes);
        }
    }
    let reversed = Scene::in_repository(repository, &base, &head);
    assert_eq!(reversed.check(&[]), scene.check(&[]));
}

#[test]
fn a_hostile_environment_changes_no_byte_row_150() {
    let scene = busy_scene();
    let marker = scene.repository.beside("marker");
    let script = scene.repository.beside("script");
    std::fs::write(&script, format!("#!/bin/sh\ntouch '{}'\n", marker.display())).unwrap();
    let program = format!("sh {}", script.display());
    let hostile: &[(&str, &str)] = &[
        ("GIT_DIR", "/nonexistent"),
        ("GIT_WORK_TREE", "/nonexistent"),
        ("GIT_INDEX_FILE", "/nonexistent"),
        ("GIT_OBJECT_DIRECTORY", "/nonexistent"),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/nonexistent"),
        ("GIT_COMMON_DIR", "/nonexistent"),
        ("GIT_NAMESPACE", "other"),
        ("GIT_SHALLOW_FILE", "/dev/null"),
        ("GIT_GRAFT_FILE", "/dev/null"),
        ("GIT_REPLACE_REF_BASE", "refs/heads"),
        ("GIT_CEILING_DIRECTORIES", "/"),
        ("GIT_EXTERNAL_DIFF", &program),
        ("GIT_SSH_COMMAND", &program),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
        ("GIT_CONFIG_VALUE_0", &program),
        ("GIT_TRACE", "1"),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
        ("RUST_MIN_STACK", "1"),
        ("RAYON_NUM_THREADS", "1"),
        ("TZ", "Pacific/Kiritimati"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "tr_TR.UTF-8"),
        ("HOME", "/nonexistent"),
        ("XDG_CONFIG_HOME", "/nonexistent"),
        ("COLUMNS", "20"),
        ("CLICOLOR_FORCE", "1"),
        ("FORCE_COLOR", "3"),
        ("TERM", "xterm-256color"),
        ("MIMALLOC_VERBOSE", "0"),
    ];
    for format in FORMATS {
        let arguments = scene.check_arguments(&["--format", format]);
        let plain = run(&mut scene.command(&arguments));
        assert_eq!(run(scene.command(&arguments).envs(hostile.iter().copied())), plain, "{format}");
    }
    assert!(!marker.exists(), "something of the environment was run");
}

/// Saves the input of a check and holds every format of `decide` against that of `check`.
pub fn replays(scene: &Scene, verdict: &str, environment: &[(&str, &str)]) {
    let file = scene.repository.beside("input.json");
    let file = file.to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let check = |more: &[&str]| {
        let arguments = scene.check_arguments(more);
        run(scene.command(&arguments).envs(environment.iter().copied()))
    };
    check(&["--format", "json", "--save-input", file]).is(verdict);
    for format in FORMATS {
        let first = check(&["--format", format]);
        let again = run(&mut portcullis(elsewhere.path(), &["decide", file, "--format", format]));
        assert_eq!(again.code, first.code, "{verdict}, {format}");
        assert_eq!(String::from_utf8_lossy(&again.out), String::from_utf8_lossy(&first.out), "{verdict}, {format}");
        let threads = run(&mut portcullis(elsewhere.path(), &["decide", file, "--format", format, "--threads", "16"]));
        assert_eq!(threads, again, "{verdict}, {format}, 16 threads");
    }
}

#[test]
fn a_saved_input_gives_the_same_bytes_for_every_verdict_row_151() {
    replays(&busy_scene(), "fail", &[]);
    let quiet = |policy: &str, path: &str, text: &str| {
        let mut head = rules(policy);
        head.insert(path.to_owned(), text.into());
        Scene::of(&rules(policy), &head)
    };
    replays(&quiet(ASKS, "a.py", "x = 1\n"), "pass", &[]);
    replays(&quiet(ASKS, "a.py", "a = 1\nb = 2\nc = 3\nd = 4\n"), "review", &[]);
    replays(&quiet(FAULTY, "a.py", "x = 1\n"), "undecided", &[]);
    replays(&quiet("package own\n\nden contains 1\n", "a.py", "x = 1 # \u{202E}\n"), "undecided", &[]);
}

/// Reads the text files below a folder of a case.
fn files_of(case: &str, side: &str) -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check").join(case).join(side);
    let mut files = Tree::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap().as_str().into());
        }
    }
    files
}

#[test]
fn waivers_the_baseline_and_a_changed_specification_are_decided_again_to_the_byte_row_151() {
    for (case, verdict) in [
        ("waiver-covers-its-finding-row-89", "pass"),
        ("waiver-does-not-cover-a-second-place", "fail"),
        ("baseline-carries-old-debt", "pass"),
        ("baseline-with-a-mended-entry", "pass"),
        ("specification-raised-in-head", "review"),
        ("baseline-of-a-rule-that-may-not-be-carried", "undecided"),
    ] {
        let base = files_of(case, "base");
        let mut head = base.clone();
        head.extend(files_of(case, "head"));
        replays(&Scene::of(&base, &head), verdict, &[]);
    }
}

#[test]
fn a_saved_input_without_a_change_gives_the_same_bytes() {
    let scene = busy_scene();
    let nowhere = Scene { base: "7".repeat(40), ..scene };
    replays(&nowhere, "undecided", &[]);
    let scene = busy_scene();
    let unchanged = Scene { head: scene.base.clone(), ..scene };
    replays(&unchanged, "pass", &[]);
}

#[test]
fn a_saved_input_remembers_whether_the_forge_was_asked() {
    let policy = "package own\n\ndeny contains \"x\" if not \"ok\" in input.change.labels\n";
    let mut head = rules(policy);
    head.insert("a.py".to_owned(), "x = 1\n".into());
    let scene = Scene::of(&rules(policy), &head);
    replays(&scene, "pass", &[]);
    replays(&scene, "undecided", &[("CI", "true")]);
}

#[test]
fn a_change_to_the_saved_date_alone_changes_only_the_date() {
    let scene = busy_scene();
    let other = run(&mut scene.command(&[
        "check",
        "--base",
        &scene.base,
        "--head",
        &scene.head,
        "--as-of",
        "2031-12-31",
        "--format",
        "json",
    ]));
    assert_eq!(other.text().replace("2031-12-31", AS_OF), scene.check(&[]).text());
}

#[test]
fn ten_thousand_files_are_sorted_and_within_the_budget_row_65() {
    let base = tree(&[(".portcullis.yaml", "version: 1\npacks: [hidden-code]\n")]);
    let mut head = base.clone();
    for index in 0..10_000 {
        let text = if index % 1000 == 7 { format!("x = {index} # \u{202E}\n") } else { format!("x = {index}\n") };
        head.insert(format!("src/{:03}/f{index}.py", index % 311), text.into());
    }
    let scene = Scene::of(&base, &head);
    let run = scene.check(&[]);
    let paths: Vec<String> = run.is("fail").findings();
    assert_eq!(paths.len(), 10);
    assert!(paths.is_sorted(), "{paths:?}");
    let document = run.document();
    assert_eq!((&document["evaluated"]["files"], &document["evaluated"]["parsed"]), (&10_000.into(), &10_000.into()));
}
