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
        "check",
        "completions",
        "decide",
        "demo",
        "doctor",
        "explain",
        "facts",
        "hook",
        "init",
        "man",
        "policy",
        "replay",
        "review",
        "schema",
        "spec",
        "sweep",
    ];
    let spec = ["baseline", "diff", "export", "fetch", "lint", "pin", "show", "test"];
    let below = spec.map(|name| format!("spec {name} --help"));
    let policy = ["check", "import", "new", "test"].map(|name| format!("policy {name} --help"));
    let hook = ["install", "run", "uninstall"].map(|name| format!("hook {name} --help"));
    let top = top.map(|name| format!("{name} --help"));
    let lines = [top.to_vec(), below.to_vec(), policy.to_vec(), hook.to_vec(), vec!["--help".to_owned()]].concat();
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
        "init --spec --forge github",
        "init --gate acme/portcullis",
        "init --gate acme/portcullis@v1",
        "init --gate acme/$(id)@0123456789abcdef0123456789abcdef01234567",
        "completions",
        "completions tcsh",
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

/// Every command that is shown, with its words.
fn commands() -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), Cli::command())];
    while let Some((words, command)) = pending.pop() {
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            pending.push((format!("{words} {}", below.get_name()).trim().to_owned(), below.clone()));
        }
        found.push((words, command));
    }
    found
}

/// Splits a line as a shell would, as far as examples need it; what is behind a comment or `>` is not the program's.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut blanks) = (Vec::new(), String::new(), false, 0);
    for c in line.trim().chars() {
        blanks = if c == ' ' && !quoted { blanks + 1 } else { 0 };
        match c {
            _ if blanks > 1 => break,
            '\'' => quoted = !quoted,
            '>' if !quoted => break,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_has_examples_and_each_is_accepted_by_the_command_line() {
    let mut seen = 0;
    for (name, command) in commands() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> = help.lines().filter(|line| line.starts_with("  portcullis ")).collect();
        assert!(help.contains("Example") && !examples.is_empty(), "`portcullis {name}` shows no example");
        for example in examples {
            let parsed = Cli::try_parse_from(words(example));
            let shown = parsed.as_ref().err().is_some_and(|error| !error.use_stderr());
            assert!(parsed.is_ok() || shown, "{example}: {}", parsed.unwrap_err());
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn words_end_at_comments_and_quotes_hold_blanks() {
    assert_eq!(
        words("  portcullis facts --query 'a  b' x   a comment"),
        ["portcullis", "facts", "--query", "a  b", "x"]
    );
    assert_eq!(words("portcullis schema config >file"), ["portcullis", "schema", "config"]);
}

fn printed(arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_portcullis"));
    let output = command.args(arguments).env_remove("CI").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_of_every_shell_name_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for (name, _) in commands() {
            let last = name.rsplit(' ').next().unwrap();
            assert!(script.contains(last), "{shell}: {name}");
        }
    }
}

#[test]
fn a_shell_reads_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let file = folder.path().join(shell);
        fs::write(&file, printed(&["completions", shell])).unwrap();
        // Where the shell is not there, nothing can be said.
        if let Ok(checked) = std::process::Command::new(shell).arg("-n").arg(&file).output() {
            assert!(checked.status.success(), "{shell}: {}", String::from_utf8_lossy(&checked.stderr));
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man1");
    printed(&["man", "--out", out.to_str().unwrap()]);
    for (name, command) in commands() {
        let file = format!("portcullis {name}").trim().replace(' ', "-") + ".1";
        let page = fs::read_to_string(out.join(&file)).unwrap_or_else(|_| panic!("no page {file}"));
        assert!(page.contains(".TH") && page.contains("SYNOPSIS"), "{file}");
        // Roff writes `\\-` for a hyphen.
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            assert!(page.replace('\\', "").contains(below.get_name()), "{file} does not name {}", below.get_name());
        }
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), commands().len());
    assert!(printed(&["man"]).contains("portcullis"));
}
