//! The report of tests for people: what failed and why, which rules never ran, and one last line.

use std::collections::BTreeMap;

use super::Report;
use crate::commands::page::{Sheet, counted};
use crate::commands::policy::place::framed;
use crate::commands::policy::workbench::Workbench;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::{Colour, UsageError, render};
use crate::error::Error;
use crate::gate::rehearsal::{CaseResult, TestResult};
use crate::policies::Fault;
use crate::policies::trial::Difference;

/// Bodies that never ran, as many as are named.
const MOST_BODIES: usize = 20;

/// Prints the report.
pub(super) fn print(report: &Report<'_>, bench: &Workbench, surroundings: &Surroundings) -> Result<(), Error> {
    let texts = bench.texts();
    let colour = if surroundings.colour { Colour::Always } else { Colour::Never };
    let shown = |faults: &mut dyn Iterator<Item = &Fault>, word: &str| -> Vec<UsageError> {
        let one =
            |fault: &Fault| framed(fault, format!("{word}{}", fault.message), texts.get(fault.path.as_str()).copied());
        faults.map(one).collect()
    };
    let mut sheet = Sheet::new(surroundings.width);
    sheet.rendered(&render(&shown(&mut report.faults(), ""), colour));
    sheet.rendered(&render(&shown(&mut report.found.plan.warnings.iter(), "warning: "), colour));
    groups(report, &mut sheet);
    report.failed_tests().for_each(|result| failed_test(result, &mut sheet));
    report.failed_cases().for_each(|result| failed_case(result, &mut sheet));
    bodies(report, &mut sheet);
    sheet.gap();
    sheet.line(&last_line(report));
    sheet.print()
}

/// A line a package and a rule's cases: how many passed.
fn groups(report: &Report<'_>, sheet: &mut Sheet) {
    let mut groups: BTreeMap<(&str, String), (usize, usize, usize)> = BTreeMap::new();
    for result in &report.found.tests {
        let group = groups.entry((&result.test.pack, format!("data.{}", result.test.package))).or_default();
        match (result.test.todo, result.report.passed) {
            (true, _) => group.2 += 1,
            (false, true) => group.0 += 1,
            (false, false) => group.1 += 1,
        }
    }
    for case in &report.found.cases {
        let group = groups.entry((&case.pack, format!("cases of {}", case.rule))).or_default();
        if case.passed() { group.0 += 1 } else { group.1 += 1 }
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|((pack, name), (passed, failed, todo))| {
            let mut words = Vec::new();
            if *passed > 0 {
                words.push(format!("{passed} passed"));
            }
            if *failed > 0 {
                words.push(format!("{failed} FAILED"));
            }
            if *todo > 0 {
                words.push(format!("{todo} to do"));
            }
            vec![(*pack).to_owned(), name.clone(), words.join(", ")]
        })
        .collect();
    sheet.gap();
    sheet.columns(0, &rows);
}

fn failed_test(result: &TestResult, sheet: &mut Sheet) {
    let test = &result.test;
    sheet.gap();
    sheet.line(&format!("FAILED {}.{}  {}:{}", test.package, test.name, test.path, test.line));
    if !result.report.error.is_empty() {
        sheet.prose(2, &result.report.error);
    }
    match &result.report.failure {
        Some(failure) => {
            sheet.line(&format!("  line {} is not true:", failure.line));
            sheet.code(4, &failure.expression);
            // What is written down is its own value.
            let shown: Vec<(String, &str)> =
                failure.values.iter().map(|part| (one_line(&part.text), part.value.as_str())).collect();
            let shown = || shown.iter().filter(|(part, value)| part != value);
            let width = shown().map(|(part, _)| part.chars().count()).max().unwrap_or(0).min(40);
            for (part, value) in shown() {
                sheet.line(&format!("      {part:width$} = {value}"));
            }
            if !failure.differences.is_empty() {
                sheet.line("    they differ in:");
                for Difference { path, left, right } in &failure.differences {
                    sheet.line(&match (left.as_str(), right.as_str()) {
                        ("undefined", right) => format!("      {path}: {right} only on the right"),
                        (left, "undefined") => format!("      {path}: {left} only on the left"),
                        (left, right) => format!("      {path}: {left} on the left, {right} on the right"),
                    });
                }
            }
        }
        None if result.report.error.is_empty() => sheet.line("  it is false or undefined"),
        None => {}
    }
    prints(&result.report.prints, sheet);
}

fn failed_case(result: &CaseResult, sheet: &mut Sheet) {
    sheet.gap();
    sheet.line(&format!("FAILED {}", result.folder));
    if !result.report.error.is_empty() {
        sheet.prose(2, &result.report.error);
    }
    for fault in &result.report.faults {
        sheet.prose(2, &format!("{}:{}: {}", fault.path, fault.line, fault.message));
    }
    for (rule, path, line) in &result.missing {
        sheet.line(&format!("  not found: {rule} {}", place(path, *line)));
    }
    for (rule, path, line, message) in &result.unexpected {
        sheet.line(&format!("  found and not expected: {rule} {}", place(path, *line)));
        sheet.prose(4, message);
    }
    if let Some(line) = expected(result) {
        sheet.prose(2, "`# fires` marks a line, and this finding has none; name it in a file of the case:");
        sheet.line(&format!("    {}/expect.txt", result.folder));
        sheet.line(&format!("      {line}"));
    }
    prints(&result.report.prints, sheet);
}

/// Returns the line of `expect.txt` for the first finding that has no line, where a marked line was expected in its place.
fn expected(result: &CaseResult) -> Option<String> {
    let marked = |rule: &String| result.missing.iter().any(|(known, _, line)| known == rule && *line > 0);
    let (rule, path, ..) = result.unexpected.iter().find(|(rule, _, line, _)| *line == 0 && marked(rule))?;
    Some(if path.is_empty() { rule.clone() } else { format!("{rule} {path}") })
}

pub(super) fn place(path: &str, line: u32) -> String {
    match (path, line) {
        ("", _) => "about the change as a whole".to_owned(),
        (path, 0) => format!("about {path} as a whole"),
        (path, line) => format!("at {path}:{line}"),
    }
}

fn prints(prints: &[String], sheet: &mut Sheet) {
    if !prints.is_empty() {
        sheet.line("  printed:");
        sheet.code(4, &prints.join("\n"));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Which rules never ran to their end, and which of their lines were not reached.
fn bodies(report: &Report<'_>, sheet: &mut Sheet) {
    let idle: Vec<_> = report.bodies.iter().filter(|(_, ran)| !ran).map(|(body, _)| body).collect();
    if idle.is_empty() || report.partial {
        return;
    }
    sheet.gap();
    sheet.line("Never ran to their end in any test:");
    let none = std::collections::BTreeSet::new();
    let rows = idle.iter().take(MOST_BODIES).map(|body| {
        let reached = report.found.covered.get(&body.path).unwrap_or(&none);
        let lines: Vec<String> = body.lines.difference(reached).map(u32::to_string).collect();
        let why = match lines.as_slice() {
            [only] if *only == body.line.to_string() && body.lines.len() > 1 => "its body was never true".to_owned(),
            [only] => format!("line {only} not reached"),
            lines => format!("lines {} not reached", lines.join(", ")),
        };
        vec![format!("{}:{}", body.path, body.line), body.name.clone(), why]
    });
    sheet.columns(2, &rows.collect::<Vec<_>>());
    if idle.len() > MOST_BODIES {
        sheet.line(&format!("  and {} more", idle.len() - MOST_BODIES));
    }
}

fn last_line(report: &Report<'_>) -> String {
    if report.faults().next().is_some() {
        let count = counted(report.faults().count(), "fault");
        let (failed, passed) = (report.failed(), report.passed());
        return format!(
            "{count}, so not everything could be run; {failed} FAILED, {passed} passed; next: portcullis policy check"
        );
    }
    let todo = match report.todo() {
        0 => String::new(),
        todo => format!(", {todo} to do"),
    };
    let ran = report.bodies.iter().filter(|(_, ran)| *ran).count();
    let coverage = if report.partial {
        String::new()
    } else {
        format!("; {ran} of {} ran ({} %)", counted(report.bodies.len(), "rule body"), report.percent())
    };
    let threshold = match report.threshold {
        Some(threshold) if report.below_threshold() => format!(", under the threshold of {threshold} %"),
        _ => String::new(),
    };
    match report.failed() {
        0 if report.passed() == 0 && report.todo() == 0 => {
            let what =
                if report.partial { "no test and no case has such a name" } else { "there are no tests and no cases" };
            format!("nothing was tried: {what}")
        }
        0 => format!("{} passed{todo}{coverage}{threshold}", report.passed()),
        failed => {
            let first = report.failed_tests().next().map(|result| {
                let line = result.report.failure.as_ref().map_or(result.test.line, |failure| failure.line);
                format!("{}:{line}", result.test.path)
            });
            let first = first.or_else(|| report.failed_cases().next().map(|case| case.folder.clone()));
            let first = first.unwrap_or_default();
            format!("{failed} FAILED, {} passed{todo}{coverage}{threshold}; begin at {first}", report.passed())
        }
    }
}
