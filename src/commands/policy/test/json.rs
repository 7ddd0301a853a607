//! The report of tests for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use crate::commands::output::closed;
use crate::error::Error;
use crate::policies::Fault;
use crate::policies::trial::{Failure, TrialReport};
use crate::untrusted::write_json;

/// What `policy test --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "portcullis.policy-test/v1")]
struct Document<'a> {
    /// `portcullis.policy-test/v1`.
    schema: &'static str,
    /// True when the exit code is 0.
    ok: bool,
    /// As the program ends.
    exit_code: u8,
    /// Tests and cases that passed.
    passed: usize,
    /// Tests and cases that failed, or could not run.
    failed: usize,
    /// Tests called `todo_test_`.
    todo: usize,
    /// The rules `test_`, one by one.
    tests: Vec<Test<'a>>,
    /// The case folders, one by one.
    cases: Vec<CaseRow<'a>>,
    /// Which rules ran.
    coverage: Coverage<'a>,
    /// What kept something from being run.
    faults: Vec<&'a Fault>,
    /// What deserves a second look.
    warnings: Vec<&'a Fault>,
}

/// One rule `test_`.
#[derive(Serialize, JsonSchema)]
struct Test<'a> {
    /// Its package.
    package: &'a str,
    /// Its name.
    name: &'a str,
    /// The file.
    path: &'a str,
    /// The line, from 1.
    line: u32,
    /// How it ended.
    #[schemars(with = "Outcome")]
    outcome: &'static str,
    /// Why it could not run to its end, or empty.
    error: &'a str,
    /// Where and why it was not true.
    failure: Option<&'a Failure>,
    /// What it printed.
    prints: &'a [String],
}

/// One case folder.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Case")]
struct CaseRow<'a> {
    /// The folder, from the root of the repository.
    folder: &'a str,
    /// The id of the rule, or its end.
    rule: &'a str,
    /// How it ended.
    #[schemars(with = "Outcome")]
    outcome: &'static str,
    /// Why it could not be judged, or empty.
    error: &'a str,
    /// What was expected and not found.
    missing: Vec<Found<'a>>,
    /// What was found and not expected.
    unexpected: Vec<Found<'a>>,
    /// What went wrong in the rules.
    faults: &'a [Fault],
    /// What the rules printed.
    prints: &'a [String],
}

/// A finding of a case.
#[derive(Serialize, JsonSchema)]
struct Found<'a> {
    /// The id of the rule.
    rule: &'a str,
    /// The file, or empty where it is about the change as a whole.
    path: &'a str,
    /// From 1; 0 where it is about the whole file.
    line: u32,
    /// Its message; empty where it was only expected.
    message: &'a str,
}

/// Which rules ran to their end in some test or case.
#[derive(Serialize, JsonSchema)]
struct Coverage<'a> {
    /// How many of a hundred bodies.
    percent: usize,
    /// What `--threshold` asks for.
    threshold: Option<u8>,
    /// The bodies, sorted by place.
    bodies: Vec<BodyRow<'a>>,
}

/// One body of a rule: a clause, or an `else` of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Body")]
struct BodyRow<'a> {
    /// Package and name of the rule.
    name: &'a str,
    /// The file.
    path: &'a str,
    /// The line, from 1.
    line: u32,
    /// True when it ran to its end.
    ran: bool,
    /// Lines that were never evaluated.
    not_reached: Vec<u32>,
}

/// How a test or a case ended.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used: the words are written as texts")]
enum Outcome {
    Todo,
    Passed,
    Failed,
    Error,
}

/// Returns the JSON Schema of the document.
#[must_use]
pub(in crate::commands) fn test_schema() -> serde_json::Value {
    schemars::schema_for!(Document<'static>).to_value()
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
