//! The report of tests as JUnit XML, which CI systems show test by test.

use std::collections::BTreeMap;

use super::Report;
use super::human::place;
use crate::commands::page;
use crate::error::Error;
use crate::gate::rehearsal::{CaseResult, TestResult};
use crate::untrusted::Untrusted;

/// Prints the report.
pub(super) fn print(report: &Report<'_>) -> Result<(), Error> {
    page::print(&rendered(report))
}

/// Text between tags; its lines stay lines.
fn lines(text: &str) -> String {
    text.split('\n').map(xml).collect::<Vec<_>>().join("\n")
}

fn xml(text: &str) -> String {
    Untrusted::new(text).xml()
}

/// One suite a package, one for the cases of a rule, and one for what could not be run.
fn rendered(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for fault in report.faults() {
        let name = format!("{}:{}", fault.path, fault.line);
        let row = Row {
            name,
            file: fault.path.clone(),
            kind: "error",
            message: fault.message.clone(),
            text: fault.hint.clone(),
        };
        suites.entry("policies".to_owned()).or_default().push(row);
    }
    for result in &report.found.tests {
        suites.entry(result.test.package.clone()).or_default().push(Row::of_test(result));
    }
    for case in &report.found.cases {
        suites.entry(format!("{}/cases/{}", case.pack, case.rule)).or_default().push(Row::of_case(case));
    }
    if report.below_threshold() {
        let threshold = report.threshold.unwrap_or_default();
        let message = format!("{} % of the rule bodies ran; {threshold} % must", report.percent());
        let row =
            Row { name: "threshold".to_owned(), file: String::new(), kind: "failure", message, text: String::new() };
        suites.entry("coverage".to_owned()).or_default().push(row);
    }
    let count = |rows: &[Row], kind: &str| rows.iter().filter(|row| row.kind == kind).count();
    let all: Vec<&Row> = suites.values().flatten().collect();
    let of_all = |kind: &str| all.iter().filter(|row| row.kind == kind).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"portcullis policy test\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        all.len(),
        of_all("failure"),
        of_all("error"),
        of_all("skipped")
    ));
    for (name, rows) in &suites {
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
            xml(name),
            rows.len(),
            count(rows, "failure"),
            count(rows, "error"),
            count(rows, "skipped")
        ));
        rows.iter().for_each(|row| row.write(name, &mut out));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// One test case.
struct Row {
    name: String,
    file: String,
    /// `failure`, `error`, `skipped`, or empty when it passed.
    kind: &'static str,
    message: String,
    text: String,
}

impl Row {
    fn of_test(result: &TestResult) -> Self {
        let (test, report) = (&result.test, &result.report);
        let mut row = Self {
            name: test.name.clone(),
            file: test.path.clone(),
            kind: "",
            message: String::new(),
            text: report.prints.join("\n"),
        };
        if test.todo {
            row.kind = "skipped";
        } else if !report.passed {
            row.kind = if report.error.is_empty() { "failure" } else { "error" };
            row.message.clone_from(&report.error);
            if let Some(failure) = &report.failure {
                let values: Vec<String> =
                    failure.values.iter().map(|part| format!("{} = {}", part.text, part.value)).collect();
                let differences =
                    failure.differences.iter().map(|one| format!("{}: {} / {}", one.path, one.left, one.right));
                let lines = values.into_iter().chain(differences).chain(report.prints.iter().cloned());
                row.text = lines.collect::<Vec<_>>().join("\n");
                if row.message.is_empty() {
                    row.message = format!("{}:{} is not true: {}", failure.path, failure.line, failure.expression);
                }
            } else if row.message.is_empty() {
                "it is false or undefined".clone_into(&mut row.message);
            }
        }
        row
    }

    fn of_case(case: &CaseResult) -> Self {
        let sound = case.report.error.is_empty() && case.report.faults.is_empty();
        let missing = case.missing.iter().map(|(rule, path, line)| format!("not found: {rule} {}", place(path, *line)));
        let unexpected = case
            .unexpected
            .iter()
            .map(|(rule, path, line, message)| format!("not expected: {rule} {}: {message}", place(path, *line)));
        let faults = case.report.faults.iter().map(|fault| format!("{}:{}: {}", fault.path, fault.line, fault.message));
        let lines: Vec<String> = faults.chain(missing).chain(unexpected).collect();
        let told = Some(case.report.error.clone()).filter(|error| !error.is_empty());
        Self {
            name: case.folder.clone(),
            file: case.folder.clone(),
            kind: match (case.passed(), sound) {
                (true, _) => "",
                (false, true) => "failure",
                (false, false) => "error",
            },
            message: told.or_else(|| lines.first().cloned()).unwrap_or_default(),
            text: lines.join("\n"),
        }
    }

    fn write(&self, suite: &str, out: &mut String) {
        let Self { name, file, kind, message, text } = self;
        out.push_str(&format!(
            "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"",
            xml(suite),
            xml(name),
            xml(file)
        ));
        match *kind {
            "" => out.push_str("/>\n"),
            "skipped" => out.push_str("><skipped/></testcase>\n"),
            kind => {
                out.push_str(&format!("><{kind} message=\"{}\">{}</{kind}></testcase>\n", xml(message), lines(text)));
            }
        }
    }
}
