//! The report of tests for programs.

use serde::Serialize;

use super::Report;
use crate::commands::output::closed;
use crate::error::Error;
use crate::policies::Fault;
use crate::policies::trial::{Failure, TrialReport};
use crate::untrusted::write_json;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    ok: bool,
    exit_code: u8,
    passed: usize,
    failed: usize,
    todo: usize,
    tests: Vec<Test<'a>>,
    cases: Vec<CaseRow<'a>>,
    coverage: Coverage<'a>,
    faults: Vec<&'a Fault>,
    warnings: Vec<&'a Fault>,
}

#[derive(Serialize)]
struct Test<'a> {
    package: &'a str,
    name: &'a str,
    path: &'a str,
    line: u32,
    outcome: &'static str,
    error: &'a str,
    failure: Option<&'a Failure>,
    prints: &'a [String],
}

#[derive(Serialize)]
struct CaseRow<'a> {
    folder: &'a str,
    rule: &'a str,
    outcome: &'static str,
    error: &'a str,
    missing: Vec<Found<'a>>,
    unexpected: Vec<Found<'a>>,
    faults: &'a [Fault],
    prints: &'a [String],
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    path: &'a str,
    line: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct Coverage<'a> {
    percent: usize,
    threshold: Option<u8>,
    bodies: Vec<BodyRow<'a>>,
}

#[derive(Serialize)]
struct BodyRow<'a> {
    name: &'a str,
    path: &'a str,
    line: u32,
    ran: bool,
    not_reached: Vec<u32>,
}

/// Prints the report.
pub(super) fn print(report: &Report<'_>) -> Result<(), Error> {
    let tests = report.found.tests.iter().map(|result| {
        let TrialReport { passed, error, failure, prints, .. } = &result.report;
        Test {
            package: &result.test.package,
            name: &result.test.name,
            path: &result.test.path,
            line: result.test.line,
            outcome: outcome(result.test.todo, *passed, error),
            error,
            failure: failure.as_ref(),
            prints,
        }
    });
    let cases = report.found.cases.iter().map(|case| CaseRow {
        folder: &case.folder,
        rule: &case.rule,
        outcome: outcome(false, case.passed(), &case.report.error),
        error: &case.report.error,
        missing: case.missing.iter().map(|(rule, path, line)| Found { rule, path, line: *line, message: "" }).collect(),
        unexpected: case
            .unexpected
            .iter()
            .map(|(rule, path, line, message)| Found { rule, path, line: *line, message })
            .collect(),
        faults: &case.report.faults,
        prints: &case.report.prints,
    });
    let bodies = report.bodies.iter().map(|(body, ran)| {
        let reached = report.found.covered.get(&body.path);
        let missed = body.lines.iter().filter(|line| !reached.is_some_and(|reached| reached.contains(line)));
        BodyRow {
            name: &body.name,
            path: &body.path,
            line: body.line,
            ran: *ran,
            not_reached: missed.copied().collect(),
        }
    });
    let document = Document {
        schema: "portcullis.policy-test/v1",
        ok: report.exit_code() == 0,
        exit_code: report.exit_code(),
        passed: report.passed(),
        failed: report.failed(),
        todo: report.todo(),
        tests: tests.collect(),
        cases: cases.collect(),
        coverage: Coverage { percent: report.percent(), threshold: report.threshold, bodies: bodies.collect() },
        faults: report.faults().collect(),
        warnings: report.found.plan.warnings.iter().collect(),
    };
    let mut out = std::io::stdout().lock();
    write_json(&document, &mut out).or_else(closed)
}

fn outcome(todo: bool, passed: bool, error: &str) -> &'static str {
    match (todo, passed, error.is_empty()) {
        (true, ..) => "todo",
        (_, true, _) => "passed",
        (_, false, true) => "failed",
        (_, false, false) => "error",
    }
}
