//! What CI runs.

use super::{Judgement, text};

/// Words that let a job end green when it should not, or not run at all.
const SOFT: &[(&str, &str)] = &[
    ("allow_failure:true", "a job may fail without stopping the change"),
    ("continue-on-error:true", "a step may fail without stopping the change"),
    ("if:${{false}}", "a job or step never runs"),
    ("if:false", "a job or step never runs"),
    ("when:never", "a job never runs"),
    ("--exit-zero", "a command answers with success whatever it found"),
    ("||true", "a command answers with success whatever it found"),
    ("||:", "a command answers with success whatever it found"),
];

/// A file that runs the gate loosens with every change that is more than comments; any other by what it adds.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    if head.is_none() {
        return vec![Judgement::loosens("what CI ran here no longer runs")];
    }
    let (base, head) = (text::of(base), text::of(head));
    let (old, new) = (text::lines(&base, "#"), text::lines(&head, "#"));
    if shape(&base).eq(shape(&head)) {
        return vec![Judgement::harmless("only comments and blanks at line ends change")];
    }
    let added = text::added(&old, &new);
    let plain: Vec<String> = added.iter().map(|line| squeeze(line)).collect();
    let mut judgements: Vec<Judgement> = SOFT
        .iter()
        .filter(|(word, _)| plain.iter().any(|line| line.contains(word)))
        .map(|(_, why)| Judgement::loosens(*why))
        .collect();
    let runs_gate = |lines: &[&str]| lines.iter().any(|line| line.to_ascii_lowercase().contains("portcullis"));
    if runs_gate(&old) {
        let gone = text::added(&new, &old).iter().any(|line| line.to_ascii_lowercase().contains("portcullis"));
        judgements.push(Judgement::loosens(if gone {
            "a line that runs the gate is gone or changed"
        } else {
            "this file runs the gate; whether it still runs on every change cannot be told"
        }));
    }
    if plain.iter().any(|line| line.contains("pull_request_target") || line.contains("workflow_run:")) {
        judgements.push(Judgement::harmless("it runs with the rights of the base branch on code of the change"));
    }
    if judgements.is_empty() {
        let why = if base.is_empty() { "CI runs something new" } else { "CI runs something else than before" };
        judgements.push(Judgement::harmless(why));
    }
    judgements
}

/// Returns what YAML sees of the lines: indentation counts, comments and blank lines do not.
fn shape(text: &str) -> impl Iterator<Item = &str> {
    let plain = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    text.lines().map(str::trim_end).filter(plain)
}

/// Returns a line in lower case without blanks and quotes, so that `if: 'false'` is `if:false`.
fn squeeze(line: &str) -> String {
    line.to_ascii_lowercase().chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    const GATE: &str = "on: pull_request\njobs:\n  gate:\n    steps:\n      - run: portcullis check\n";
    const PATH: &str = ".github/workflows/ci.yml";

    #[test]
    fn removing_or_softening_the_gate_loosens() {
        assert!(says(PATH, Some(GATE), None).0);
        for head in [
            GATE.replace("portcullis check", "echo ok"),
            GATE.replace("pull_request", "push"),
            GATE.replace("    steps", "    if: false\n    steps"),
            GATE.replace("check\n", "check\n        continue-on-error: true\n"),
            GATE.replace("check\n", "check || true\n"),
        ] {
            assert!(says(PATH, Some(GATE), Some(&head)).0, "{head}");
        }
    }

    #[test]
    fn softening_another_workflow_loosens_too() {
        let base = "jobs:\n  test:\n    steps:\n      - run: make\n";
        assert!(says(PATH, Some(base), Some(&base.replace("steps", "if: \"false\"\n    steps"))).0);
        assert!(says(".gitlab-ci.yml", Some(base), Some(&base.replace("steps", "allow_failure: true\n    steps"))).0);
        assert!(!says(PATH, Some(base), Some(&base.replace("make", "make test"))).0);
    }

    #[test]
    fn comments_and_new_workflows_do_not_loosen() {
        assert!(!says(PATH, Some(GATE), Some(&format!("# why\n{GATE}"))).0);
        assert!(!says(PATH, None, Some(GATE)).0);
        assert!(says(PATH, None, Some("on: pull_request_target\n")).1.contains("rights of the base branch"));
    }
}
