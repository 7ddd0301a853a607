//! Files of a policy folder.
//!
//! A changed rule cannot be proved to let no more through; a changed text around it can. What counts as the rule is
//! everything but blank lines, comments outside METADATA, and the one-line texts of METADATA.

use std::collections::BTreeSet;

use super::{Judgement, Settings, text};

/// METADATA keys whose one-line value is only shown.
const SHOWN: &[&str] = &["authors:", "description:", "fix:", "organizations:", "since:", "title:"];

/// Judges one file by its name and by what of it decides.
pub(super) fn judge(path: &str, base: Option<&[u8]>, head: Option<&[u8]>, settings: &Settings) -> Vec<Judgement> {
    let lower = path.to_lowercase();
    let inside = insides(path, settings);
    let all = |is: fn(&str) -> bool| !inside.is_empty() && inside.iter().all(|path| is(path));
    let judgement = if all(is_never_read) {
        Judgement::harmless("tests of policies change; the policies do not")
    } else if lower.ends_with(".rego") {
        rego(&text::of(base), &text::of(head), (base.is_none(), head.is_none()), settings)
    } else if is_data(&lower) {
        match (base.is_none(), all(is_pattern)) {
            (true, true) => Judgement::harmless("a new pattern file"),
            (_, true) => Judgement::loosens("patterns change; whether they find as much as before cannot be told"),
            _ => Judgement::loosens("data that rules read changes; what it lets through cannot be told"),
        }
    } else {
        Judgement::harmless("a file beside the policies changes, which no rule reads")
    };
    vec![judgement]
}

/// Returns the path from each policy folder that holds it, with its case: the loader counts from there, and minds case.
fn insides<'a>(path: &'a str, settings: &Settings) -> Vec<&'a str> {
    let inside = |folder: &String| match folder.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => Some(path),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    };
    settings.policies.iter().filter_map(inside).collect()
}

/// Says whether the loader passes over a file of a policy folder.
fn is_never_read(inside: &str) -> bool {
    inside.ends_with("_test.rego") || inside.starts_with("cases/") || inside.contains("/cases/")
}

/// Says whether the loader reads patterns from a file of a policy folder; JSON is data wherever it stands.
fn is_pattern(inside: &str) -> bool {
    (inside.ends_with(".yaml") || inside.ends_with(".yml"))
        && (inside.starts_with("patterns/") || inside.contains("/patterns/"))
}

fn is_data(lower: &str) -> bool {
    [".json", ".yaml", ".yml"].iter().any(|ending| lower.ends_with(ending))
}

fn rego(base: &str, head: &str, (is_new, is_gone): (bool, bool), settings: &Settings) -> Judgement {
    if is_gone {
        return Judgement::loosens("a policy file is gone, and its rules with it");
    }
    if is_new {
        return new_file(head, settings);
    }
    let gone: Vec<String> = decisions(base).difference(&decisions(head)).map(|name| format!("`{name}`")).collect();
    if !gone.is_empty() {
        return Judgement::loosens(format!("the rule {} is gone", gone.join(", ")));
    }
    let (old, new) = (deciding(base), deciding(head));
    if old == new {
        return Judgement::harmless("only comments and descriptions change");
    }
    match ranks(&old, &new) {
        Some(true) => Judgement::loosens("the severity or status of a rule is lowered"),
        Some(false) => Judgement::harmless("the severity or status of a rule is raised"),
        None => Judgement::loosens("the rule's text changed; whether it lets more through cannot be proved"),
    }
}

/// A new file tightens, unless it may add to the helpers of a package that is there: an exemption is a helper.
fn new_file(head: &str, settings: &Settings) -> Judgement {
    let package = head.lines().find_map(|line| line.trim().strip_prefix("package ")).unwrap_or("").trim();
    let known = settings.packages.as_ref().is_none_or(|packages| packages.contains(package));
    if known && !only_decisions(head) {
        return Judgement::loosens("a new policy file has helpers, which may add to those of its package");
    }
    Judgement::harmless("a new policy file")
}

fn is_decision(name: &str) -> bool {
    ["deny", "review", "violation", "warn"]
        .iter()
        .any(|word| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}

/// Returns the first word of each line that begins a rule: rules begin in the first column.
fn heads(rego: &str) -> impl Iterator<Item = &str> {
    let starts = |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let word = |line: &'_ str| line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
    rego.lines().filter(starts).filter_map(move |line| line.get(..word(line)))
}

fn decisions(rego: &str) -> BTreeSet<&str> {
    heads(rego).filter(|name| is_decision(name)).collect()
}

/// Says whether a file surely holds nothing but decisions. Rego minds no indentation, so brackets are counted: outside
/// all of them each line must begin a decision, and after the last of them no other rule may begin.
fn only_decisions(rego: &str) -> bool {
    let mut depth = 0_usize;
    for line in rego.lines() {
        let Some(code) = bare(line) else { return false };
        let begins = heads(line).any(|name| is_decision(name) || matches!(name, "package" | "import"));
        if depth == 0 && !code.trim().is_empty() && !begins {
            return false;
        }
        for (at, letter) in code.char_indices() {
            match letter {
                '{' | '[' | '(' => depth = depth.saturating_add(1),
                '}' | ']' | ')' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            let rest = code.get(at.saturating_add(1)..).unwrap_or_default().trim();
            if depth == 0 && !rest.is_empty() && !["if ", "else "].iter().any(|word| rest.starts_with(word)) {
                return false;
            }
        }
        if depth == 0 && code.contains(';') {
            return false;
        }
    }
    depth == 0
}

/// Returns a line without its texts and its comment; nothing where a raw text stands, which may go on for lines.
fn bare(line: &str) -> Option<String> {
    let (mut code, mut letters) = (String::new(), line.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '`' => return None,
            '#' => break,
            '"' => loop {
                match letters.next()? {
                    '\\' => drop(letters.next()),
                    '"' => break,
                    _ => {}
                }
            },
            _ => code.push(letter),
        }
    }
    Some(code)
}

/// Returns the lines that decide. A text in back-ticks over several lines may look like a comment: then all lines do.
fn deciding(rego: &str) -> Vec<&str> {
    let comment = |line: &str| line.trim_start().starts_with('#');
    if rego.lines().any(|line| !comment(line) && line.matches('`').count() % 2 == 1) {
        return rego.lines().collect();
    }
    let mut lines = Vec::new();
    let mut in_metadata = false;
    for line in rego.lines().map(str::trim_end) {
        if comment(line) {
            let body = line.trim_start().trim_start_matches('#');
            in_metadata = in_metadata || body.trim() == "METADATA";
            if in_metadata && !is_shown(body) {
                lines.push(line.trim_start());
            }
        } else {
            in_metadata = false;
            if !line.is_empty() {
                lines.push(line);
            }
        }
    }
    lines
}

/// Says whether a METADATA line is a key with a text on the same line that nothing but people read.
fn is_shown(body: &str) -> bool {
    let body = body.trim();
    let value = SHOWN.iter().find_map(|key| body.strip_prefix(key)).map(str::trim);
    value.is_some_and(|value| !value.is_empty() && !value.starts_with(['|', '>', '[', '{', '&', '*', '!', '"', '\'']))
        || body.starts_with("- http")
}

/// Where only severities and statuses differ, says whether one is lowered.
fn ranks(old: &[&str], new: &[&str]) -> Option<bool> {
    if old.len() != new.len() {
        return None;
    }
    let mut lowered = false;
    for (old, new) in old.iter().zip(new).filter(|(old, new)| old != new) {
        let (before, after) = (rank(old)?, rank(new)?);
        if before.0 != after.0 {
            return None;
        }
        lowered = lowered || after.1 < before.1;
    }
    Some(lowered)
}

/// Returns the key with its indentation, and the place of the value in its order.
fn rank(line: &str) -> Option<(&str, usize)> {
    let body = line.strip_prefix('#')?;
    let (key, value) = body.split_once(':')?;
    let order: &[&str] = match key.trim() {
        "severity" => &["info", "warning", "error"],
        "status" => &["retired", "draft", "observe", "advisory", "enforced"],
        _ => return None,
    };
    Some((key, order.iter().position(|word| *word == value.trim())?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{says, settings};
    use super::*;

    const RULE: &str = "package a\n\n# METADATA\n# title: No x\n# description: x is bad\n# custom:\n#   severity: warning\n#   status: advisory\ndeny_x contains msg if {\n\tinput.x\n\tmsg := \"x\"\n}\n";

    fn of(head: &str) -> (bool, String) {
        says("policies/a.rego", Some(RULE), Some(head))
    }

    #[test]
    fn whatever_may_let_more_through_loosens() {
        assert!(says("policies/a.rego", Some(RULE), None).0);
        for (head, why) in [
            (RULE.replace("input.x", "input.y"), "cannot be proved"),
            (RULE.replace("deny_x", "deny_y"), "`deny_x` is gone"),
            (RULE.replace("deny_x", "warn_x"), "`deny_x` is gone"),
            (RULE.replace("warning", "info"), "lowered"),
            (RULE.replace("advisory", "observe"), "lowered"),
            (RULE.replace("# METADATA\n", "#\n"), "cannot be proved"),
            (RULE.replace("title: No x", "title: |"), "cannot be proved"),
            (RULE.replace("#   severity", "# severity"), "cannot be proved"),
            (format!("{RULE}ok := true\n"), "cannot be proved"),
        ] {
            let (loosens, said) = of(&head);
            assert!(loosens && said.contains(why), "{head}: {said}");
        }
    }

    #[test]
    fn texts_and_raises_do_not() {
        for head in [
            RULE.replace("No x", "No x at all"),
            RULE.replace("package a\n", "# who\npackage a\n"),
            RULE.replace("warning", "error"),
            RULE.replace("advisory", "enforced"),
        ] {
            assert!(!of(&head).0, "{head}");
        }
        assert!(!says("policies/a_test.rego", Some("a"), None).0);
        assert!(!says("policies/README.md", Some("a"), Some("b")).0);
    }

    #[test]
    fn a_comment_inside_a_raw_string_is_text_of_the_rule() {
        let base = "package a\nx := `\n# one\n`\n";
        assert!(says("policies/a.rego", Some(base), Some("package a\nx := `\n# two\n`\n")).0);
    }

    #[test]
    fn new_files_tighten_unless_helpers_may_exempt() {
        assert!(!says("policies/a.rego", None, Some("package a\n\ndeny contains m if {\n\tm := \"x\"\n}\n")).0);
        let helper = "package a\n\nexempt contains \"x\"\n";
        assert!(says("policies/a.rego", None, Some(helper)).0);
        let mut known = settings();
        known.packages = Some(BTreeSet::from(["b".to_owned()]));
        assert!(!judge("policies/a.rego", None, Some(helper.as_bytes()), &known)[0].loosens);
        known.packages = Some(BTreeSet::from(["a".to_owned()]));
        assert!(judge("policies/a.rego", None, Some(helper.as_bytes()), &known)[0].loosens);
    }

    #[test]
    fn a_helper_is_one_wherever_it_stands_in_a_new_file() {
        let rule = "package a\n\n# METADATA\n# title: x\ndeny contains m if {\n\tinput[\"}\"]\n\tm := \"x\"\n}\n";
        assert!(!says("policies/a.rego", None, Some(rule)).0);
        for more in [" exempt contains 1\n", "\texempt := true\n", "deny_b if { 1 }; exempt := 1\n", "`\n"] {
            assert!(says("policies/a.rego", None, Some(&format!("{rule}{more}"))).0, "{more}");
        }
        let after = rule.replace("\n}\n", "\n} exempt contains 1\n");
        assert!(says("policies/a.rego", None, Some(&after)).0);
    }

    #[test]
    fn what_the_loader_reads_is_no_test_and_no_pattern() {
        let mut deep = settings();
        deep.policies = vec!["x/cases/patterns/p".to_owned()];
        let loosens = |path: &str, base: Option<&str>, head: &str, settings: &Settings| {
            judge(path, base.map(str::as_bytes), Some(head.as_bytes()), settings)[0].loosens
        };
        assert!(loosens("x/cases/patterns/p/a.rego", Some(RULE), "package a\n", &deep));
        assert!(loosens("x/cases/patterns/p/a.json", None, "{}", &deep));
        assert!(loosens("x/cases/patterns/p/a.yaml", None, "{}", &deep));
        assert!(!loosens("x/cases/patterns/p/cases/a.rego", Some(RULE), "package a\n", &deep));
        assert!(loosens("policies/patterns/a.json", None, "{}", &settings()));
        assert!(loosens("policies/a_TEST.rego", Some(RULE), "package a\n", &settings()));
        assert!(loosens("policies/CASES/a.rego", Some(RULE), "package a\n", &settings()));
    }

    #[test]
    fn data_and_patterns_cannot_be_told() {
        assert!(says("policies/limits.json", Some("1"), Some("2")).0);
        assert!(says("policies/patterns/a.yaml", Some("1"), Some("2")).0);
        assert!(!says("policies/patterns/a.yaml", None, Some("2")).0);
    }
}
