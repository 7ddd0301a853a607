//! `policy test`: the `test_` rules and cases of policies, each by itself, and which rules they make run.

mod human;
mod json;
mod junit;

pub(in crate::commands) use json::test_schema;

use std::collections::BTreeSet;

use super::FAULTY;
use super::workbench::Workbench;
use crate::cli::policy::{TestArguments, TestFormat};
use crate::clock;
use crate::commands::check::threads;
use crate::commands::page::print;
use crate::commands::surroundings::Surroundings;
use crate::commands::{UNDECIDED, USAGE};
use crate::diagnostic::Colour;
use crate::error::Error;
use crate::gate::rehearsal::{CaseResult, Rehearsal, RehearsalRequest, TestResult, rehearse};
use crate::policies::trial::Body;

/// Milliseconds between two looks at the files.
const PAUSE_MS: u64 = 400;

/// Runs `policy test`; exits 1 when a test failed.
pub(super) fn run(arguments: &TestArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    if arguments.watch {
        return watch(arguments, surroundings);
    }
    let bench = Workbench::open(&arguments.folders)?;
    once(&bench, arguments, surroundings)
}

/// Runs everything whenever a file is another than before; ends with the process.
fn watch(arguments: &TestArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let mut seen = String::new();
    loop {
        let opened = Workbench::open(&arguments.folders);
        let state = match &opened {
            Ok(bench) => bench.digest(),
            Err(error) => error.told(),
        };
        if state != seen {
            seen = state;
            let ended = opened.and_then(|bench| once(&bench, arguments, surroundings));
            if let Err(error) = ended {
                let colour = if surroundings.colour { Colour::Always } else { Colour::Never };
                print(&error.render(colour))?;
            }
            print("waiting for a change; end it with Ctrl-C\n\n")?;
        }
        clock::pause(PAUSE_MS);
    }
}

fn once(bench: &Workbench, arguments: &TestArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let taken = bench.taken();
    let elsewhere: BTreeSet<String> = taken.into_iter().map(|rule| rule.id).collect();
    let chosen = |name: &str| arguments.run.as_ref().is_none_or(|pattern| pattern.is_match(name));
    let rehearsed = rehearse(&RehearsalRequest {
        set: &bench.set,
        tests: &bench.tests,
        cases: &bench.cases,
        packs: &bench.packs,
        asked: &bench.asked,
        elsewhere: &elsewhere,
        configuration: &bench.configuration,
        worker: surroundings.worker(),
        threads: threads(),
        chosen: &chosen,
    });
    let mut found = match rehearsed {
        Ok(found) => found,
        Err(error) => {
            surroundings.complain(&error.to_string());
            return Ok(UNDECIDED);
        }
    };
    found.faults.extend(bench.faults.iter().cloned());
    let report = Report::of(&found, arguments);
    match arguments.format {
        TestFormat::Human => human::print(&report, bench, surroundings)?,
        TestFormat::Json => json::print(&report)?,
        TestFormat::Junit => junit::print(&report)?,
    }
    Ok(report.exit_code())
}

/// What is reported, in every format.
struct Report<'a> {
    found: &'a Rehearsal,
    /// Bodies of the policies, and whether each ran to its end.
    bodies: Vec<(&'a Body, bool)>,
    threshold: Option<u8>,
    /// True when only some of the tests were asked for.
    partial: bool,
}

impl<'a> Report<'a> {
    fn of(found: &'a Rehearsal, arguments: &TestArguments) -> Self {
        let ran = |body: &Body| found.covered.get(&body.path).is_some_and(|lines| body.lines.is_subset(lines));
        let bodies = found.plan.bodies.iter().map(|body| (body, ran(body))).collect();
        Self { found, bodies, threshold: arguments.threshold, partial: arguments.run.is_some() }
    }

    fn failed_tests(&self) -> impl Iterator<Item = &TestResult> {
        self.found.tests.iter().filter(|result| !result.test.todo && !result.report.passed)
    }

    fn failed_cases(&self) -> impl Iterator<Item = &CaseResult> {
        self.found.cases.iter().filter(|case| !case.passed())
    }

    fn failed(&self) -> usize {
        self.failed_tests().count().saturating_add(self.failed_cases().count())
    }

    fn todo(&self) -> usize {
        self.found.tests.iter().filter(|result| result.test.todo).count()
    }

    fn passed(&self) -> usize {
        let all = self.found.tests.len().saturating_add(self.found.cases.len());
        all.saturating_sub(self.failed()).saturating_sub(self.todo())
    }

    /// Returns how many of a hundred bodies ran, rounded down; all of none.
    fn percent(&self) -> usize {
        let ran = self.bodies.iter().filter(|(_, ran)| *ran).count();
        ran.saturating_mul(100).checked_div(self.bodies.len()).unwrap_or(100)
    }

    fn below_threshold(&self) -> bool {
        self.threshold.is_some_and(|threshold| self.percent() < usize::from(threshold))
    }

    /// Returns what keeps tests from being run.
    fn faults(&self) -> impl Iterator<Item = &crate::policies::Fault> {
        self.found.faults.iter().chain(&self.found.plan.faults)
    }

    fn exit_code(&self) -> u8 {
        let nothing = self.found.tests.is_empty() && self.found.cases.is_empty();
        if self.faults().next().is_some() || nothing {
            USAGE
        } else if self.failed() > 0 || self.below_threshold() {
            FAULTY
        } else {
            0
        }
    }
}
