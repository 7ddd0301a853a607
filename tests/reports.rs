//! Every report of every sample, byte for byte.
//!
//! `PORTCULLIS_BLESS=1 cargo test --test reports` writes the expected files anew; read the difference before committing.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "reports/agent.rs"]
mod agent;
#[path = "reports/escapers.rs"]
mod escapers;
#[path = "reports/limits.rs"]
mod limits;
#[path = "reports/markup.rs"]
mod markup;
#[path = "reports/naughty.rs"]
mod naughty;
#[path = "reports/samples.rs"]
mod samples;

use std::path::{Path, PathBuf};

use portcullis::finding::Severity;
use portcullis::outcome::Outcome;
use portcullis::reports::markdown::{SUMMARY_BYTES, step_summary};
use portcullis::reports::{FORMATS, Format, Style, verdict_schema};
use portcullis::untrusted::is_hidden;
use portcullis::verdict::Verdict;
use serde_json::Value;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/reports")
}

fn render(name: &str, outcome: &Outcome, style: Style) -> String {
    let mut bytes = Vec::new();
    (Format::named(name).unwrap().render)(outcome, &style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn sarif_validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(include_str!("reports/sarif-subset.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn code_quality_validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(include_str!("reports/code-quality.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn plain(width: usize) -> Style {
    Style { width, ..Style::default() }
}

fn hold(case: &str, file: &str, actual: &str) {
    let path = cases().join(case).join(file);
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected.replace("\r\n", "\n"), actual, "{}", path.display());
}

#[test]
fn every_report_of_every_sample_is_as_expected() {
    for (case, sample) in samples::SAMPLES {
        let outcome = sample();
        hold(case, "human.txt", &render("human", &outcome, plain(100)));
        hold(case, "narrow.txt", &render("human", &outcome, plain(60)));
        hold(case, "json.json", &render("json", &outcome, plain(100)));
        hold(case, "sarif.json", &render("sarif", &outcome, plain(100)));
        hold(case, "github.txt", &render("github", &outcome, plain(100)));
        hold(case, "agent.txt", &render("agent", &outcome, plain(100)));
        hold(case, "junit.xml", &render("junit", &outcome, plain(100)));
        hold(case, "page.html", &render("html", &outcome, plain(100)));
        hold(case, "gitlab.json", &render("gitlab", &outcome, plain(100)));
        hold(case, "summary.md", &step_summary(&outcome));
        assert_eq!(
            render("markdown", &outcome, plain(100)),
            step_summary(&outcome),
            "short pages are the same: {case}"
        );
    }
}

#[test]
fn every_folder_of_expected_reports_has_a_sample() {
    let mut folders: Vec<_> = std::fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    folders.sort();
    assert_eq!(folders, samples::SAMPLES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn the_list_of_formats_is_sorted_and_is_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reports");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str().unwrap().strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    assert_eq!(files, FORMATS.iter().map(|format| format.name).collect::<Vec<_>>());
}

#[test]
fn the_json_report_is_valid_against_its_schema_row_128() {
    let schema = verdict_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (case, sample) in samples::SAMPLES {
        let document = serde_json::from_str(&render("json", &sample(), plain(100))).unwrap();
        assert!(validator.is_valid(&document), "{case}");
    }
}

#[test]
fn the_sarif_report_is_valid_and_its_rows_fit_together_row_130() {
    let validator = sarif_validator();
    for (case, sample) in samples::SAMPLES {
        let log: Value = serde_json::from_str(&render("sarif", &sample(), plain(100))).unwrap();
        let faults: Vec<_> = validator.iter_errors(&log).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{case}: {faults:?}");
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            let row = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][row]["id"], result["ruleId"], "{case}");
        }
    }
}

#[test]
fn the_code_quality_report_is_valid_and_no_fingerprint_comes_twice_row_130() {
    let validator = code_quality_validator();
    for (case, sample) in samples::SAMPLES {
        let mut outcome = sample();
        let again = outcome.document.findings.clone();
        outcome.document.findings.extend(again);
        let report = render("gitlab", &outcome, plain(100));
        assert!(report.starts_with('['), "{case}: a byte order mark or a heading");
        let rows: Value = serde_json::from_str(&report).unwrap();
        let faults: Vec<_> = validator.iter_errors(&rows).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{case}: {faults:?}");
        let rows = rows.as_array().unwrap();
        let distinct: std::collections::BTreeSet<_> = rows.iter().map(|row| row["fingerprint"].as_str()).collect();
        assert_eq!(distinct.len(), rows.len(), "{case}");
    }
}

#[test]
fn code_quality_has_what_is_shown_and_stands_in_a_file_and_nothing_else() {
    let outcome = samples::SAMPLES.iter().find(|(name, _)| *name == "fail").unwrap().1();
    let rows: Value = serde_json::from_str(&render("gitlab", &outcome, plain(100))).unwrap();
    let rows = rows.as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|row| row["check_name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    for absent in ["size/long-function", "dangerous-calls/python-pickle", "size/many-files"] {
        assert!(!names.contains(&absent), "{absent}");
    }
    let last = rows.last().unwrap();
    assert_eq!((&last["severity"], &last["location"]["lines"]["begin"]), (&"major".into(), &1.into()));
    assert_eq!(rows[0]["severity"], "critical");
}

#[test]
fn advice_is_minor_and_never_critical_in_code_quality() {
    let mut outcome = samples::flood(3);
    for finding in &mut outcome.document.findings {
        finding.status = portcullis::finding::Status::Advisory;
    }
    outcome.document.findings[0].severity = Severity::Info;
    let rows: Value = serde_json::from_str(&render("gitlab", &outcome, plain(100))).unwrap();
    let severities: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["minor", "minor", "info"]);
}

#[test]
fn an_undecided_run_is_no_successful_run_in_sarif() {
    let log: Value = serde_json::from_str(&render("sarif", &samples::undecided(), plain(100))).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"].as_array().unwrap().len(), 3);
}

#[test]
fn annotations_are_capped_worst_first_and_the_rest_is_counted_row_120() {
    let mut outcome = samples::flood(90);
    for (at, finding) in outcome.document.findings.iter_mut().enumerate() {
        finding.severity = [Severity::Error, Severity::Info, Severity::Warning][at % 3];
    }
    let report = render("github", &outcome, plain(100));
    let commands: Vec<_> = report.lines().filter_map(naughty::command).collect();
    for kind in ["error", "warning", "notice"] {
        assert_eq!(commands.iter().filter(|command| command.name == kind).count(), 10, "{kind}");
    }
    assert!(
        commands.is_sorted_by_key(|command| ["error", "warning", "notice"].iter().position(|k| *k == command.name))
    );
    assert!(commands.last().unwrap().message.starts_with("61 of 90 annotations not shown"), "{commands:?}");
    assert!(report.ends_with(&render("human", &outcome, plain(100)).lines().last().map(|l| format!("{l}\n")).unwrap()));
}

#[test]
fn the_terminal_shows_fifty_findings_and_counts_all() {
    let report = render("human", &samples::flood(60), plain(100));
    assert_eq!(report.matches("error[flood/rule]").count(), 50);
    assert!(report.contains("10 more findings not shown here"));
    assert!(report.lines().last().unwrap().contains("60 errors in 60 files"), "{report}");
}

#[test]
fn the_summary_is_cut_at_a_block_and_says_so_row_122() {
    let mut outcome = samples::flood(60);
    let long = "\u{202E}&<".repeat(400);
    for finding in &mut outcome.document.findings {
        (finding.message, finding.fix) = (long.as_str().into(), format!("a\n{long}").into());
        finding.path = Some(format!("{}{}", finding.path.as_ref().unwrap().raw(), long).into());
    }
    let page = step_summary(&outcome);
    assert!(page.len() <= SUMMARY_BYTES && page.len() > SUMMARY_BYTES / 2, "{}", page.len());
    assert!(page.trim_end().ends_with("the JSON report has everything."));
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
    assert!(page.starts_with("## \u{274C} portcullis: fail\n"));
}

#[test]
fn sarif_keeps_the_worst_five_thousand_and_says_so_row_123() {
    let mut outcome = samples::flood(5_003);
    for finding in outcome.document.findings.iter_mut().take(4) {
        finding.severity = Severity::Info;
    }
    let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
    assert!(sarif_validator().is_valid(&log));
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results.iter().filter(|result| result["level"] == "note").count(), 1);
    let notice = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notice, "3 of 5003 results, the least severe ones, were left out of this file");
}

#[test]
fn colours_are_ours_alone_and_only_when_asked_for_row_129() {
    for (case, sample) in samples::SAMPLES {
        let outcome = sample();
        let plain_text = render("human", &outcome, plain(100));
        assert!(!plain_text.contains('\u{1B}'), "{case}");
        let mut coloured = render("human", &outcome, Style { colour: true, ..Style::default() });
        assert!(coloured.contains('\u{1B}'), "{case}");
        for ink in ["0", "1", "2", "1;31", "1;32", "1;33", "1;36"] {
            coloured = coloured.replace(&format!("\u{1B}[{ink}m"), "");
        }
        let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(trimmed(&coloured), trimmed(&plain_text), "{case}");
        assert!(!render("github", &outcome, Style { colour: true, ..Style::default() }).contains('\u{1B}'), "{case}");
    }
}

#[test]
fn every_report_of_every_naughty_string_is_bounded_and_harmless_row_41() {
    let (schema, sarif) = (jsonschema::validator_for(&verdict_schema()).unwrap(), sarif_validator());
    let quality = code_quality_validator();
    for (at, text) in naughty::strings().iter().enumerate() {
        let outcome = samples::made_of(text);
        let width = [1, 60, 10_000][at % 3];
        for format in FORMATS {
            let report = render(format.name, &outcome, plain(width));
            assert!(!report.contains(|c| c != '\n' && is_hidden(c)), "{} of {text:?}", format.name);
            // SARIF names a path whole wherever it names it; pages and cases say a text in more places than a screen has.
            let most = if ["html", "junit", "sarif"].contains(&format.name) { 1_000_000 } else { 300_000 };
            assert!(
                format.name == "json" || report.len() < most,
                "{} of {:?}: {}",
                format.name,
                &text[..9],
                report.len()
            );
            if format.name != "github" {
                let command = report.lines().find(|line| naughty::command(line).is_some());
                assert_eq!(command, None, "{} of {text:?}", format.name);
            }
            match format.name {
                "json" => assert!(schema.is_valid(&serde_json::from_str(&report).unwrap()), "{text:?}"),
                "sarif" => assert!(sarif.is_valid(&serde_json::from_str(&report).unwrap()), "{text:?}"),
                "github" => harmless(&report, text),
                "markdown" => assert!(report.starts_with("## \u{274C} portcullis: fail\n"), "{text:?}"),
                "agent" => agent::hold(&report, text),
                "html" => markup::hold_page(&report, text),
                "junit" => markup::hold_cases(&report, Verdict::Fail, text),
                "gitlab" => assert!(quality.is_valid(&serde_json::from_str(&report).unwrap()), "{text:?}"),
                _ => assert_eq!(verdicts(&report), ["FAIL"], "{text:?}\n{report}"),
            }
        }
        let page = step_summary(&outcome);
        assert!(page.len() < SUMMARY_BYTES && page.starts_with("## \u{274C} portcullis: fail\n"));
        assert!(!page.contains(|c| c != '\n' && is_hidden(c)), "{text:?}");
        let slash =
            |line: &str| line.trim_start().strip_prefix('/').is_some_and(|c| c.starts_with(char::is_alphabetic));
        assert!(!page.lines().any(slash), "{text:?}\n{page}");
    }
}

/// Returns the first word of every line that reads like the last line of a report.
fn verdicts(report: &str) -> Vec<&str> {
    let words = report.lines().filter_map(|line| line.split_once("  ")).map(|(word, _)| word);
    words.filter(|word| ["PASS", "REVIEW", "FAIL", "UNDECIDED"].contains(word)).collect()
}

/// Holds that the runner sees our annotations and nothing else.
fn harmless(report: &str, text: &str) {
    let commands: Vec<_> = report.lines().map_while(naughty::command).collect();
    let kinds: Vec<_> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(kinds, ["error", "error", "warning"], "{text:?}\n{report}");
    assert!(report.lines().skip(3).all(|line| naughty::command(line).is_none()), "{text:?}\n{report}");
}

#[test]
fn an_empty_outcome_renders_everywhere_row_2() {
    let outcome = samples::blank(Verdict::Pass);
    for format in FORMATS {
        assert!(render(format.name, &outcome, plain(80)).ends_with('\n'), "{}", format.name);
    }
    assert!(step_summary(&outcome).contains("What was checked"));
}

#[test]
fn a_closed_pipe_is_an_error_and_no_panic_row_125() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in FORMATS {
        let fault = (format.render)(&samples::hostile(), &plain(80), &mut Closed).unwrap_err();
        assert_eq!(fault.kind(), std::io::ErrorKind::BrokenPipe, "{}", format.name);
    }
}
