//! Exit codes, wrong command lines, and streams and files that cannot be written.

use std::path::Path;
use std::process::Stdio;

use crate::scene::{AS_OF, Run, Scene, ended, portcullis, run, tree};
use crate::support::TestRepository;

const CONFIGURATION: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\n");
const BAD: (&str, &str) = ("pay.go", "package pay\n\nvar open = true // \u{202E}eslaf\n");

fn fails() -> Scene {
    Scene::new(&[CONFIGURATION], &[BAD])
}

fn passes() -> Scene {
    Scene::new(&[CONFIGURATION], &[("a.py", "x = 1\n")])
}

fn reviews() -> Scene {
    Scene::new(&[CONFIGURATION], &[("a.py", "x = (((\n")])
}

fn undecided() -> Scene {
    let faulty = (".portcullis.yaml", "version: 1\npacks: [hidden-code]\npolicies: [nowhere]\n");
    Scene::new(&[faulty], &[BAD])
}

fn code(scene: &Scene, more: &[&str]) -> i32 {
    run(&mut scene.command(&scene.check_arguments(more))).code
}

#[test]
fn each_verdict_has_its_code_in_every_format() {
    for (scene, expected) in [(passes(), 0), (fails(), 1), (reviews(), 3), (undecided(), 4)] {
        for format in ["human", "json", "sarif", "github"] {
            assert_eq!(code(&scene, &["--format", format]), expected, "{format}");
        }
    }
}

#[test]
fn exit_zero_changes_the_code_and_not_the_document() {
    for (scene, verdict) in [(fails(), "fail"), (reviews(), "review"), (undecided(), "undecided")] {
        let usual = scene.check(&[]);
        let shadow = scene.check(&["--exit-zero"]);
        assert_eq!((shadow.code, &shadow.out), (0, &usual.out), "{verdict}");
    }
}

#[test]
fn review_report_passes_only_what_waits_for_people() {
    assert_eq!(code(&reviews(), &["--review", "report"]), 0);
    assert_eq!(code(&reviews(), &["--review", "block"]), 3);
    assert_eq!(code(&fails(), &["--review", "report"]), 1);
    assert_eq!(code(&undecided(), &["--review", "report"]), 4);
}

#[test]
fn fail_on_decides_which_severity_fails() {
    let warns = |fail_on: &str| {
        let text = format!(
            "version: 1\npacks: [hidden-code]\nrules: {{\"hidden-code/bidi\": {{severity: warning}}}}\nfail-on: {fail_on}\n"
        );
        Scene::new(&[(".portcullis.yaml", &text)], &[BAD])
    };
    assert_eq!(code(&warns("error"), &[]), 0);
    assert_eq!(code(&warns("warning"), &[]), 1);
    assert_eq!(code(&warns("warning"), &["--fail-on", "error"]), 0);
    assert_eq!(code(&warns("error"), &["--fail-on", "warning"]), 1);
    assert_eq!(code(&fails(), &["--fail-on", "never"]), 0);
    assert_eq!(code(&undecided(), &["--fail-on", "never"]), 4);
}

#[test]
fn rules_of_the_work_tree_are_used_at_the_desk_said_and_refused_in_ci() {
    let configuration = tree(&[CONFIGURATION]);
    let scene = Scene::in_repository(TestRepository::new(), &configuration, &tree(&[CONFIGURATION, BAD]));
    scene.repository.git(&["checkout", "-q", "head"]);
    scene.repository.write(".portcullis.yaml", "version: 1\npacks: [hidden-code]\nfail-on: never\n");
    let arguments = ["--trust", "worktree"];
    let trusted = scene.check(&arguments);
    assert_eq!((trusted.code, &trusted.document()["inputs"]["trust"]), (0, &"worktree".into()));
    assert_eq!((scene.check(&[]).code, &scene.check(&[]).document()["inputs"]["trust"]), (1, &"base".into()));
    let human = run(&mut scene.command(&scene.check_arguments(&arguments)));
    assert!(human.text().contains("rules read from the worktree"), "{}", human.text());
    for value in ["true", "1", "yes"] {
        let refused = run(scene.command(&scene.check_arguments(&arguments)).env("CI", value));
        refused.is_usage("`--trust worktree` is refused in CI");
    }
    let desk = run(scene.command(&scene.check_arguments(&arguments)).env("CI", "false"));
    assert_eq!(desk.code, 0, "{}", desk.err);
}

#[test]
fn a_wrong_command_line_is_two_without_a_document() {
    let scene = fails();
    let wrong: &[&[&str]] = &[
        &["check", "--no-such-option"],
        &["check", "--format", "jsno"],
        &["check", "--report", "json"],
        &["check", "--report", "json="],
        &["check", "--report", "nothing=file"],
        &["check", "--as-of", "yesterday"],
        &["check", "--as-of", "2025-02-29"],
        &["check", "--threads", "0"],
        &["check", "--threads", "many"],
        &["check", "--fail-on", "info"],
        &["check", "--review", "never"],
        &["check", "--staged", "--worktree"],
        &["check", "--staged", "--head", "head"],
        &["check", "unasked"],
        &["chekc"],
        &["decide"],
        &["schema", "nothing"],
        &[],
    ];
    for arguments in wrong {
        run(&mut scene.command(arguments)).is_usage("");
    }
}

#[test]
fn what_is_no_repository_is_two() {
    let folder = tempfile::tempdir().unwrap();
    run(&mut portcullis(folder.path(), &["check", "--base", "a", "--head", "b"])).is_usage("repository");
    run(&mut portcullis(folder.path(), &["check", "--repo", "/nonexistent"])).is_usage("");
}

#[test]
fn a_saved_input_that_is_none_is_two() {
    let folder = tempfile::tempdir().unwrap();
    let decide = |text: &str| {
        let file = folder.path().join("input.json");
        std::fs::write(&file, text).unwrap();
        run(&mut portcullis(folder.path(), &["decide", "input.json"]))
    };
    decide("").is_usage("not a saved input");
    decide("[1, 2").is_usage("not a saved input");
    decide("{}").is_usage("not a saved input");
    run(&mut portcullis(folder.path(), &["decide", "missing.json"])).is_usage("cannot read");
}

#[test]
fn a_saved_input_of_another_schema_is_two() {
    let scene = passes();
    let file = scene.repository.beside("input.json");
    assert_eq!(code(&scene, &["--save-input", file.to_str().unwrap()]), 0);
    let text = std::fs::read_to_string(&file).unwrap().replacen("portcullis.saved/v1", "portcullis.saved/v9", 1);
    std::fs::write(&file, text).unwrap();
    run(&mut scene.command(&["decide", file.to_str().unwrap()])).is_usage("portcullis.saved/v9");
}

#[test]
fn a_reader_that_went_away_keeps_the_code_row_125() {
    for (scene, expected) in [(passes(), 0), (fails(), 1), (reviews(), 3), (undecided(), 4)] {
        for format in ["human", "json", "sarif", "github"] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut command = scene.command(&scene.check_arguments(&["--format", format]));
            command.stdout(writer).stderr(Stdio::piped());
            let child = command.spawn().unwrap();
            drop(command);
            assert_eq!(ended(child.wait_with_output().unwrap()).code, expected, "{format}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_pass_row_125() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let with = |scene: &Scene| {
        let mut command = scene.command(&scene.check_arguments(&["--format", "json"]));
        command.stdout(full()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        ended(child.wait_with_output().unwrap())
    };
    let passed = with(&passes());
    assert_eq!(passed.code, 4, "{}", passed.err);
    assert!(passed.err.contains("cannot write to standard output"), "{}", passed.err);
    assert_eq!(with(&fails()).code, 1);
}

#[test]
fn a_report_that_cannot_be_written_is_no_pass_row_125() {
    let report = "json=/nonexistent/report.json";
    let passed = run(&mut passes().command(&passes().check_arguments(&["--report", report])));
    assert_eq!(passed.code, 4, "{}", passed.err);
    assert!(passed.err.contains("cannot write the json report"), "{}", passed.err);
    assert_eq!(code(&passes(), &["--report", report]), 4);
    assert_eq!(code(&fails(), &["--report", report]), 1);
    assert_eq!(code(&reviews(), &["--report", report]), 3);
}

#[test]
fn a_report_that_cannot_be_written_is_no_pass_also_where_people_are_only_reported() {
    let report = "json=/nonexistent/report.json";
    assert_eq!(code(&reviews(), &["--report", report, "--review", "report"]), 4);
    assert_eq!(code(&passes(), &["--save-input", "/nonexistent/input.json"]), 4);
}

#[test]
fn reports_into_files_are_what_standard_output_would_be() {
    let scene = fails();
    let folder = tempfile::tempdir().unwrap();
    let place = |format: &str| folder.path().join(format);
    let reports: Vec<String> = ["github", "human", "json", "sarif"]
        .iter()
        .map(|format| format!("{format}={}", place(format).display()))
        .collect();
    let mut arguments = Vec::new();
    for report in &reports {
        arguments.extend(["--report", report.as_str()]);
    }
    assert_eq!(code(&scene, &arguments), 1);
    for format in ["github", "human", "json", "sarif"] {
        let out = run(&mut scene.command(&scene.check_arguments(&["--format", format]))).out;
        assert_eq!(std::fs::read(place(format)).unwrap(), out, "{format}");
    }
}

#[test]
fn help_and_version_are_zero_and_on_standard_output() {
    for arguments in [["--help"].as_slice(), &["--version"], &["check", "--help"]] {
        let shown = run(&mut portcullis(Path::new("."), arguments));
        assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{arguments:?}");
        assert!(!shown.out.is_empty());
    }
}

#[test]
fn nothing_is_written_beside_what_was_asked_for() {
    let scene = Scene::in_repository(TestRepository::new(), &tree(&[CONFIGURATION]), &tree(&[CONFIGURATION, BAD]));
    scene.repository.git(&["checkout", "-q", "head"]);
    let listing = || {
        let out = std::process::Command::new("find").arg(scene.repository.beside("")).output().unwrap();
        let mut lines: Vec<String> = String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let before = listing();
    for mode in [["--head", "head"].as_slice(), &["--worktree"], &["--staged"]] {
        let arguments = [&["check", "--base", "base", "--as-of", AS_OF], mode].concat();
        let judged: Run = run(&mut portcullis(scene.repository.root(), &arguments));
        assert_eq!(judged.code, 1, "{}", judged.err);
    }
    assert_eq!(listing(), before);
}
