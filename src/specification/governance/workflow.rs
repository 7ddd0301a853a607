//! CI workflows: what runs the gate, and with which rights.
//!
//! Owns the places of the usual CI systems and the lines that switch a gate off or widen rights. Lines are compared,
//! not meanings: what a pipeline does in the end cannot be told from its text. Only GitHub's triggers are read as YAML,
//! because their names may stand elsewhere in the file.

use std::collections::BTreeSet;

use super::lines::{Difference, difference, shown, text};
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};
use crate::yaml::{self, Value};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "workflow", claim: Claim::Names, covers, judge };

const FILES: &[&str] = &[".gitlab-ci.yml", "azure-pipelines.yml", "azure-pipelines.yaml", "jenkinsfile"];
const FOLDERS: &[&str] = &[".buildkite", ".ci", ".circleci", ".github/actions", ".github/workflows", ".gitlab/ci"];

fn covers(path: &Folded, _: &Places) -> bool {
    FILES.contains(&path.as_str())
        || (FOLDERS.iter().any(|folder| path.within(folder)) && !path.as_str().ends_with("/readme.md"))
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
    reasons.extend(marks(&changed.added, RIGHTS));
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
    for trigger in TRIGGERS.iter().filter(|trigger| has_trigger(base, trigger) && !has_trigger(head, trigger)) {
        reasons.push(format!("the trigger `{trigger}` is removed from a file that runs the gate"));
    }
    if events(base).is_some() && events(head).is_none() {
        reasons.push("the triggers of a file that runs the gate can no longer be read".to_owned());
    }
    let switched_off = marks(&changed.added, OFF);
    reasons.extend(switched_off.into_iter().map(|what| format!("in a file that runs the gate, {what}")));
    reasons
}

/// Says whether a pipeline starts by a trigger: by the keys below `on` where they can be read, else by any line.
fn has_trigger(text: &str, trigger: &str) -> bool {
    match events(text) {
        Some(events) => events.contains(trigger),
        None => text.lines().filter_map(line).any(|line| has_word(&line, trigger)),
    }
}

/// Returns the names below a workflow's `on`; nothing when there is no such key, or the text cannot be read.
fn events(text: &str) -> Option<BTreeSet<String>> {
    let Value::Map(entries) = yaml::tree(text.as_bytes(), "workflow").ok()?.value else { return None };
    let (_, on) = entries.into_iter().find(|(key, _)| key.value == "on")?;
    let names: Vec<Value> = match on.value {
        Value::List(items) => items.into_iter().map(|item| item.value).collect(),
        Value::Map(entries) => entries.into_iter().map(|(key, _)| Value::Quoted(key.value)).collect(),
        scalar => vec![scalar],
    };
    let texts = names.into_iter().filter_map(|name| match name {
        Value::Plain(text) | Value::Quoted(text) => Some(text),
        Value::List(_) | Value::Map(_) => None,
    });
    Some(texts.collect())
}

/// Returns what the marked lines mean, each once, in the order of the table.
fn marks(lines: &[String], table: &[(&str, &str)]) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|line| squeezed(line)).collect();
    let hit = |mark: &str| lines.iter().any(|line| has_mark(line, mark));
    table.iter().filter(|(mark, _)| hit(mark)).map(|(_, what)| (*what).to_owned()).collect()
}

fn has_mark(line: &str, mark: &str) -> bool {
    let entry = line.trim_start_matches('-');
    if mark == "if:" {
        return entry.starts_with(mark) || line.contains("{if:") || line.contains(",if:");
    }
    // A switch that is plainly off is the one harmless way to write it.
    line.contains(mark) && entry.strip_prefix(mark) != Some("false")
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
        judge(&GovernedFile {
            path,
            kind,
            base: Some(base.as_bytes()),
            head: head.map(str::as_bytes),
            rules: &crate::specification::governance::BaseRules::default(),
        })
        .loosens
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

    /// The workflow with one more line: a step of its own, or a key of the last one.
    fn with(line: &str) -> String {
        let indent = if line.starts_with("- ") { 6 } else { 8 };
        format!("{GATE}{}{line}\n", " ".repeat(indent))
    }

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
            "- run: x ||  true",
            "args: --exit-zero",
            "paths: [src/**]",
            "- run: set +e",
        ] {
            let head = with(line);
            assert_eq!(why(GATE, Some(&head)).len(), 1, "{line}: {:?}", why(GATE, Some(&head)));
        }
    }

    #[test]
    fn a_trigger_that_moves_out_of_sight_is_still_missed() {
        let head = GATE.replace("  pull_request:", "  push:").replace("jobs:", "env:\n  pull_request:\njobs:");
        assert_eq!(why(GATE, Some(&head)).len(), 1);
        assert_eq!(why(GATE, Some(&GATE.replace("on:\n  pull_request:", "on: [push, pull_request]"))), [""; 0]);
        let gitlab =
            "gate:\n  script: portcullis check\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n";
        assert_eq!(why(gitlab, Some(&gitlab.replace("merge_request_event", "push"))).len(), 2, "and a condition");
        let sly = format!("{GATE}        run: x || true # :false\n        {{name: a, if: 'false'}}\n");
        assert_eq!(why(GATE, Some(&sly)).len(), 3, "such a file is no YAML either");
        let aliased = format!("{}\nx-p: &p pull_request\n", GATE.replace("  pull_request:", "  *p :"));
        assert_eq!(why(GATE, Some(&aliased)).len(), 1);
        assert_eq!(why(GATE, Some(&format!("{GATE}          --exit-zero\n"))).len(), 1);
    }

    #[test]
    fn near_misses_in_a_file_that_runs_the_gate_stay_quiet() {
        for line in
            ["# if: false", "continue-on-error: false", "- run: cargo test", "name: if this", "timeout-minutes: 5"]
        {
            assert_eq!(why(GATE, Some(&with(line))), [""; 0], "{line}");
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
