//! CI workflows: what runs the gate, and with which rights.
//!
//! Owns the places of the usual CI systems and the lines that switch a gate off or widen rights. Lines are compared,
//! not meanings: what a pipeline does in the end cannot be told from its text. Must not parse YAML.

use super::lines::{Difference, difference, shown, text};
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "workflow", claim: Claim::Names, covers, judge };

const FILES: &[&str] = &[".gitlab-ci.yml", "azure-pipelines.yml", "azure-pipelines.yaml", "jenkinsfile"];
const FOLDERS: &[&str] = &[".buildkite", ".ci", ".circleci", ".github/actions", ".github/workflows", ".gitlab/ci"];

fn covers(path: &Folded, _: &[String]) -> bool {
    FILES.contains(&path.as_str()) || FOLDERS.iter().any(|folder| path.within(folder))
}

/// What this gate is called in a pipeline.
const NAME: &str = "portcullis";
/// Triggers without which the gate does not see a change.
const TRIGGERS: &[&str] = &["pull_request", "merge_request_event", "merge_group"];

/// Pieces of added lines that switch a gate off, in squeezed text, and what to call them; judged where the file runs
/// the gate.
const OFF: &[(&str, &str)] = &[
    ("allow_failure:", "`allow_failure` is added"),
    ("branches-ignore:", "branches are left out"),
    ("branches:", "only some branches run it"),
    ("continue-on-error:", "`continue-on-error` is added"),
    ("continueonerror:", "`continueOnError` is added"),
    ("--exit-zero", "`--exit-zero` is added"),
    ("--reviewreport", "`--review report` is added"),
    ("--trustworktree", "`--trust worktree` is added"),
    ("||true", "`|| true` is added"),
    ("||:", "`|| :` is added"),
    ("||exit0", "`|| exit 0` is added"),
    ("||echo", "`|| echo` is added"),
    ("set+e", "`set +e` is added"),
    ("exit0", "`exit 0` is added"),
    ("if:", "a condition is added, which may skip it"),
    ("soft_fail:", "`soft_fail` is added"),
    ("paths-ignore:", "paths are left out"),
    ("paths:", "only some paths run it"),
    ("when:manual", "`when: manual` is added"),
    ("when:never", "`when: never` is added"),
    ("catcherror", "`catchError` is added"),
];

/// Pieces of added lines that widen rights in any workflow.
const RIGHTS: &[(&str, &str)] = &[
    ("pull_request_target", "`pull_request_target` runs with secrets for strangers' changes"),
    ("workflow_run", "`workflow_run` runs with secrets after strangers' changes"),
    ("write-all", "`write-all` gives every right"),
    (":write", "a right to write is added"),
    ("secrets:inherit", "`secrets: inherit` hands on every secret"),
];

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let (base, head) = (text(file.base), text(file.head));
    let mentions = |text: &str| text.to_lowercase().contains(NAME);
    if file.head.is_none() {
        let what = if mentions(&base) { ", and the gate ran in it" } else { "" };
        return Judgement::loosens(format!("a CI workflow is deleted or moved away{what}"));
    }
    let changed = difference(&base, &head, line);
    let mut reasons = Vec::new();
    if mentions(&base) || mentions(&head) {
        reasons.extend(gate_weakened(&changed, &base, &head));
    }
    reasons.extend(marks(&changed.added, RIGHTS, |_| true));
    let permissions =
        |text: &str| text.lines().filter_map(line).any(|line| squeezed(&line).starts_with("permissions:"));
    if permissions(&base) && !permissions(&head) {
        reasons.push("`permissions` is removed, and the default rights are wider".to_owned());
    }
    Judgement::of(reasons, if file.base.is_none() { "a CI workflow is added" } else { "a CI workflow changed" })
}

fn gate_weakened(changed: &Difference, base: &str, head: &str) -> Vec<String> {
    let mut reasons = Vec::new();
    for line in changed.removed.iter().filter(|line| line.to_lowercase().contains(NAME)) {
        reasons.push(format!("a line of the gate is removed or changed: {}", shown(line)));
    }
    let named = |text: &str, word: &str| text.lines().filter_map(line).any(|line| has_word(&line, word));
    for trigger in TRIGGERS.iter().filter(|trigger| named(base, trigger) && !named(head, trigger)) {
        reasons.push(format!("the trigger `{trigger}` is removed from a file that runs the gate"));
    }
    let switched_off = marks(&changed.added, OFF, |squeezed| !squeezed.ends_with(":false"));
    reasons.extend(switched_off.into_iter().map(|what| format!("in a file that runs the gate, {what}")));
    reasons
}

/// Returns what the marked lines mean, each once, in the order of the table.
fn marks(lines: &[String], table: &[(&str, &str)], counts: impl Fn(&str) -> bool) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|line| squeezed(line)).collect();
    let hit = |mark: &str| {
        lines.iter().any(|line| {
            let condition = mark == "if:";
            let found =
                if condition { line.starts_with(mark) || line.starts_with("-if:") } else { line.contains(mark) };
            found && (condition || counts(line))
        })
    };
    table.iter().filter(|(mark, _)| hit(mark)).map(|(_, what)| (*what).to_owned()).collect()
}

/// Returns a line as compared: trimmed, without a comment that is the whole line.
fn line(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && !text.starts_with('#') && !text.starts_with("//")).then(|| text.to_owned())
}

/// Removes blanks, quotes and case, which YAML allows in several places.
fn squeezed(line: &str) -> String {
    let kept = line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\''));
    kept.collect::<String>().to_lowercase()
}

/// Says whether a line has a word that is not part of a longer one, outside a comment at its end.
fn has_word(line: &str, word: &str) -> bool {
    let code = line.split(" #").next().unwrap_or(line);
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::{KIND, judge};
    use crate::specification::governance::{GovernedFile, Kind};

    fn why(base: &str, head: Option<&str>) -> Vec<String> {
        let kind = Kind { row: &KIND, inside: 0 };
        let path = ".github/workflows/gate.yml";
        judge(&GovernedFile { path, kind, base: Some(base.as_bytes()), head: head.map(str::as_bytes) }).loosens
    }

    const GATE: &str = "\
on:
  pull_request:
permissions:
  contents: read
jobs:
  gate:
    steps:
      - run: portcullis check
";

    #[test]
    fn a_gate_that_is_removed_or_switched_off_loosens() {
        assert_eq!(why(GATE, None).len(), 1);
        assert_eq!(why(GATE, Some(&GATE.replace("portcullis check", "true"))).len(), 1);
        assert_eq!(
            why(GATE, Some(&GATE.replace("  pull_request:", "  push:"))),
            ["the trigger `pull_request` is removed from a file that runs the gate"]
        );
        assert_eq!(why(GATE, Some(&GATE.replace("pull_request:", "pull_request_target:"))).len(), 2);
        for line in [
            "continue-on-error: true",
            "\"continue-on-error\" : ${{ true }}",
            "if: false",
            "- if: ${{ false }}",
            "allow_failure: true",
            "run: x ||  true",
            "args: --exit-zero",
            "paths: [src/**]",
            "set +e",
        ] {
            let head = format!("{GATE}        {line}\n");
            assert_eq!(why(GATE, Some(&head)).len(), 1, "{line}: {:?}", why(GATE, Some(&head)));
        }
    }

    #[test]
    fn near_misses_in_a_file_that_runs_the_gate_stay_quiet() {
        for line in
            ["# if: false", "continue-on-error: false", "- run: cargo test", "name: if: this", "timeout-minutes: 5"]
        {
            assert_eq!(why(GATE, Some(&format!("{GATE}        {line}\n"))), [""; 0], "{line}");
        }
        assert_eq!(why(GATE, Some(&GATE.replace("pull_request:", "pull_request: # all"))), [""; 0]);
    }

    #[test]
    fn wider_rights_loosen_anywhere_and_switches_of_other_workflows_do_not() {
        let other = "on: push\npermissions: {}\njobs:\n  a:\n    run: make\n";
        for line in [
            "permissions: write-all",
            "contents: write",
            "permissions: {id-token: 'write'}",
            "on: [pull_request_target]",
            "secrets: inherit",
        ] {
            assert!(!why(other, Some(&format!("{other}{line}\n"))).is_empty(), "{line}");
        }
        assert_eq!(why(other, Some(&other.replace("permissions: {}\n", ""))).len(), 1);
        for line in ["continue-on-error: true", "if: false", "contents: read", "run: make || true", "# contents: write"]
        {
            assert_eq!(why(other, Some(&format!("{other}{line}\n"))), [""; 0], "{line}");
        }
    }
}
