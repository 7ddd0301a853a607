//! The report for an agent: no text from outside makes a line of its own, and the budget holds.

use portcullis::finding::Severity;
use portcullis::reports::{Format, Style};

use super::{plain, render, samples};

fn within(tokens: usize, outcome: &portcullis::outcome::Outcome) -> String {
    let mut bytes = Vec::new();
    let style = Style { tokens: Some(tokens), ..Style::default() };
    (Format::named("agent").unwrap().render)(outcome, &style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Says whether a line is one of ours: a headline, a quoted line, the head, a count or the last line.
fn known(line: &str) -> bool {
    let quoted = line.strip_prefix("  ").and_then(|line| line.get(..6)).is_some_and(|label| {
        label.ends_with(' ') && label.trim().chars().all(|c| c.is_ascii_lowercase()) && line.get(8..9) == Some("|")
    });
    let numbered = |line: &str| {
        line.strip_prefix('[').and_then(|l| l.split_once("] ")).is_some_and(|(n, _)| n.parse::<u32>().is_ok())
    };
    quoted
        || line.is_empty()
        || numbered(line)
        || ["portcullis ", "Text behind `|` ", "budget: ", "verdict: ", "  ("].iter().any(|head| line.starts_with(head))
}

/// Holds that every line is one of ours and that there is one verdict, at the end.
pub(crate) fn hold(report: &str, text: &str) {
    for line in report.lines() {
        assert!(known(line), "{line:?} of {text:?}\n{report}");
    }
    let starts = |head: &str| report.lines().filter(|line| line.starts_with(head)).count();
    assert_eq!((starts("verdict: "), starts("portcullis "), starts("Text behind")), (1, 1, 1), "{text:?}\n{report}");
    assert!(report.lines().last().unwrap().starts_with("verdict: fail (exit 1); next: fix block [1]"), "{text:?}");
    let headlines: Vec<_> = report.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(headlines.len(), 3, "a reason, a finding, a requirement: {text:?}\n{report}");
    assert!(headlines[1].ends_with("error a/b"), "{text:?}");
}

#[test]
fn a_block_has_place_rule_fix_and_the_rules_example_once() {
    let mut outcome = samples::ring();
    let again = outcome.document.findings[0].clone();
    outcome.document.findings.push(again);
    let report = render("agent", &outcome, plain(100));
    assert_eq!(report.matches("  bad   | # a.py").count(), 1, "{report}");
    assert_eq!(report.matches("  fix   | Take one").count(), 2, "{report}");
    assert_eq!(report.matches("  and   | shop/cart.py:3").count(), 2, "{report}");
}

#[test]
fn the_budget_keeps_the_most_severe_and_says_how_many_are_left_out() {
    let mut outcome = samples::flood(400);
    for (at, finding) in outcome.document.findings.iter_mut().enumerate() {
        finding.severity = if at % 2 == 0 { Severity::Warning } else { Severity::Error };
    }
    for tokens in [300, 500, 1_000, 4_000, 8_000, 100_000] {
        let report = within(tokens, &outcome);
        assert!(report.len() <= tokens * 4, "{} bytes for {tokens} tokens", report.len());
        let shown: Vec<_> = report.lines().filter(|line| line.starts_with('[')).collect();
        let warning = shown.iter().position(|line| line.contains("warning")).unwrap_or(shown.len());
        assert!(!shown.is_empty() && shown[warning..].iter().all(|line| line.contains("warning")), "{report}");
        let left = 400 - shown.len();
        let told = report.contains(&format!("of 400 blocks {left} are left out"));
        assert_eq!(told, tokens < 100_000, "{tokens}\n{report}");
    }
    let told = within(1_000, &outcome);
    let all: usize = told.split("--budget ").nth(1).unwrap().split('`').next().unwrap().parse().unwrap();
    assert!(!within(all, &outcome).contains("left out"), "the budget that it names is enough");
}

#[test]
fn the_same_outcome_gives_the_same_blocks_in_whatever_order_findings_came() {
    let mut outcome = samples::flood(30);
    let report = render("agent", &outcome, plain(100));
    outcome.document.findings.reverse();
    assert_eq!(render("agent", &outcome, plain(40)), report);
}

#[test]
fn people_are_named_where_only_they_can_go_on() {
    let outcome = samples::SAMPLES.iter().find(|(name, _)| *name == "review").unwrap().1();
    let report = render("agent", &outcome, plain(100));
    let last = report.lines().last().unwrap();
    assert!(last.starts_with("verdict: review (exit 3); next: stop here, people decide: ask platform"), "{last}");
    let outcome = samples::SAMPLES.iter().find(|(name, _)| *name == "pass").unwrap().1();
    let report = render("agent", &outcome, plain(100));
    assert_eq!(report.lines().last().unwrap(), "verdict: pass (exit 0); next: nothing");
}
