//! The texts of `--help` and the refusals of the command line, as files under `tests/cases/help/`.
//!
//! `PORTCULLIS_BLESS=1` writes them anew; read the difference.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::Path;

use clap::{CommandFactory, Parser};
use portcullis::cli::{Cli, Command};

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("portcullis").chain(line.split_whitespace()))
}

#[test]
fn help_texts_are_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/help");
    let top = [
        "check", "decide", "demo", "explain", "facts", "init", "policy", "replay", "review", "schema", "spec", "sweep",
    ];
    let spec = ["baseline", "diff", "export", "fetch", "lint", "pin", "show", "test"];
    let below = spec.map(|name| format!("spec {name} --help"));
    let policy = ["check", "new", "test"].map(|name| format!("policy {name} --help"));
    let top = top.map(|name| format!("{name} --help"));
    let lines = [top.to_vec(), below.to_vec(), policy.to_vec(), vec!["--help".to_owned()]].concat();
    let mut wrong = String::new();
    for line in lines {
        let name = line.trim_end_matches("--help").trim().replace(' ', "-");
        let file = folder.join(format!("{}.txt", if name.is_empty() { "portcullis" } else { &name }));
        let actual = parse(&line).unwrap_err().to_string();
        if std::env::var_os("PORTCULLIS_BLESS").is_some() {
            fs::write(&file, &actual).unwrap();
        } else if fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n") != actual {
            wrong.push_str(&format!("{}:\n{actual}\n", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn options_are_long_names_only() {
    let command = Cli::command();
    let below = command.get_subcommands().flat_map(clap::Command::get_subcommands);
    for command in command.get_subcommands().chain(below) {
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            assert_eq!(argument.get_short(), None, "{}", argument.get_id());
        }
    }
}

#[test]
fn contradicting_and_malformed_options_are_refused_with_exit_code_2() {
    let wrong = [
        "check --staged --worktree",
        "check --head HEAD --staged",
        "check --head HEAD --worktree",
        "check --as-of 2026-13-01",
        "check --report sarif",
        "check --report sarf=a",
        "check --format yaml",
        "check --format agent --budget 299",
        "check --threads 0",
        "check --fail-on errors",
        "check --trust head",
        "check --base --upload-pack=x",
        "check --base=--upload-pack=x",
        "check extra",
        "schema",
        "schema specs",
        "decide",
        "spec",
        "spec lint --format sarif",
        "spec export",
        "spec export --html --codeowners",
        "spec export --html --check",
        "spec diff",
        "spec diff --upload-pack=x",
        "spec pin --upload-pack=x",
        "spec baseline --init --prune",
        "init .portcullis",
        "explain",
        "unknown",
        "",
    ];
    for line in wrong {
        let error = parse(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}: {error}");
    }
}

#[test]
fn check_takes_everything_that_the_design_names() {
    let line = "check --base origin/main --head HEAD --repo . --format json --report sarif=a --report json=b --trust \
                worktree --fail-on warning --as-of 2026-01-31 --exit-zero --review report --save-input i --threads 16 \
                --progress never";
    let Command::Check(check) = parse(line).unwrap().command else { panic!("not check") };
    assert_eq!(check.reports.len(), 2);
    assert_eq!(check.as_of.unwrap(), "2026-01-31");
    assert!(parse("check --base main --staged").is_ok());
    assert!(parse("worker").is_ok());
}
