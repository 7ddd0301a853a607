//! JUnit XML as test runners write it: suites, nested or single; what failed, and how many tests there were.
//!
//! Owns the reading of events with a stack of its own, and what of a suite is a failure. Document types and entities
//! are refused, output of tests is passed over. Runs inside the worker.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::names::JUNIT;
use super::report::{Place, ToolResult, ToolRun, too_many};
use super::text::{MESSAGE, NAME, TITLE, bounded, first_line};
use super::uri::of_path;
use crate::finding::Severity;

/// Deepest nesting.
const MOST_DEPTH: usize = 64;
/// Most bytes of the text of one failure that are kept.
const MOST_TEXT: usize = 20_000;
/// Most test cases.
const MOST_CASES: u32 = 5_000_000;

/// What an open element is.
enum Open {
    Suite(Suite),
    Case(Case),
    /// A `failure` or `error` of a case.
    Failure(Failure),
    /// Everything else.
    Other,
}

#[derive(Default)]
struct Suite {
    name: String,
    /// Failures and errors that its attributes count.
    declared: u64,
    /// Those that were shown inside, other suites included.
    shown: u64,
    file: String,
}

#[derive(Default)]
struct Case {
    class: String,
    name: String,
    file: String,
    line: u32,
    failures: Vec<Failure>,
    skipped: bool,
}

struct Failure {
    is_error: bool,
    message: String,
    text: String,
}

#[derive(Default)]
struct Reading {
    open: Vec<Open>,
    run: ToolRun,
    cases: u32,
    most: usize,
    is_report: bool,
}

/// Returns the one run of a file with at most `most` failures.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<ToolRun>, String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading { most, ..Reading::default() };
    reading.run.name = JUNIT.to_owned();
    loop {
        let event = reader.read_event();
        let offset = usize::try_from(reader.error_position().max(reader.buffer_position())).unwrap_or(usize::MAX);
        let at = |why: String| format!("{why} (line {})", line_of(text, offset));
        match event.map_err(|_| at("it is not well-formed XML".to_owned()))? {
            Event::Eof => break,
            event => reading.take(event).map_err(at)?,
        }
    }
    if !reading.open.is_empty() {
        return Err("it ends in the middle".to_owned());
    }
    if !reading.is_report {
        return Err("it is not a JUnit report: it has no `testsuite`".to_owned());
    }
    reading.run.ran = reading.cases > reading.run.skipped || !reading.run.results.is_empty();
    Ok(vec![reading.run])
}

impl Reading {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(start) => self.start(&start),
            Event::End(_) => self.end(),
            Event::Text(piece) => self.text(&piece.xml10_content()),
            Event::CData(piece) => self.text(&piece.xml10_content()),
            Event::GeneralRef(name) => {
                let letter = name.resolve_char_ref().map_err(|_| "a character reference is none".to_owned())?;
                match letter {
                    Some(letter) => self.text(letter.encode_utf8(&mut [0; 4])),
                    None => {
                        let known = quick_xml::escape::resolve_predefined_entity(&name.xml10_content());
                        self.text(known.ok_or("it uses an entity of its own, which is not expanded")?)
                    }
                }
            }
            Event::DocType(_) => Err("it has a document type, which is refused".to_owned()),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() >= MOST_DEPTH {
            return Err(format!("it is nested deeper than {MOST_DEPTH} levels"));
        }
        let label = start.local_name().into_inner().to_owned();
        let opened = match (label.as_str(), self.open.last()) {
            ("testsuites" | "testsuite", None | Some(Open::Suite(_))) => {
                self.is_report = true;
                Open::Suite(suite(&attributes(start)?))
            }
            (_, None) => return Err("it is not a JUnit report: it begins with another element".to_owned()),
            ("testcase", Some(Open::Suite(_))) => Open::Case(case(&attributes(start)?)),
            ("failure" | "error", Some(Open::Case(_))) => Open::Failure(failure(&label, &attributes(start)?)),
            ("skipped", Some(Open::Case(_))) => {
                if let Some(Open::Case(case)) = self.open.last_mut() {
                    case.skipped = true;
                }
                Open::Other
            }
            _ => Open::Other,
        };
        self.open.push(opened);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        match self.open.pop() {
            None => return Err("an element ends too often".to_owned()),
            Some(Open::Other) => {}
            Some(Open::Failure(failure)) => {
                if let Some(Open::Case(case)) = self.open.last_mut() {
                    case.failures.push(failure);
                }
            }
            Some(Open::Case(case)) => self.close_case(case)?,
            Some(Open::Suite(suite)) => self.close_suite(suite)?,
        }
        Ok(())
    }

    fn close_case(&mut self, case: Case) -> Result<(), String> {
        self.cases = self.cases.saturating_add(1);
        if self.cases > MOST_CASES {
            return Err(format!("it holds more than {MOST_CASES} tests"));
        }
        let failures = u64::try_from(case.failures.len()).unwrap_or(u64::MAX);
        if let Some(Open::Suite(suite)) = self.open.last_mut() {
            suite.shown = suite.shown.saturating_add(failures);
        }
        match case.failures.first() {
            Some(_) => self.add(failed(&case, self.suite_file())),
            None if case.skipped => {
                self.run.skipped = self.run.skipped.saturating_add(1);
                Ok(())
            }
            None => {
                self.run.passed = self.run.passed.saturating_add(1);
                Ok(())
            }
        }
    }

    /// A suite that counts more failures than it shows has failed without a test that says so.
    fn close_suite(&mut self, suite: Suite) -> Result<(), String> {
        let shown = suite.shown.max(suite.declared);
        if suite.declared > suite.shown {
            let missing = suite.declared - suite.shown;
            self.add(unexplained(&suite, missing))?;
        }
        if let Some(Open::Suite(parent)) = self.open.last_mut() {
            parent.shown = parent.shown.saturating_add(shown);
        }
        Ok(())
    }

    fn add(&mut self, result: ToolResult) -> Result<(), String> {
        if self.run.results.len() >= self.most {
            return Err(too_many(self.most));
        }
        self.run.results.push(result);
        Ok(())
    }

    fn suite_file(&self) -> String {
        let files = self.open.iter().rev().filter_map(|open| match open {
            Open::Suite(suite) if !suite.file.is_empty() => Some(suite.file.clone()),
            _ => None,
        });
        files.take(1).collect()
    }

    fn text(&mut self, piece: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(Open::Failure(failure)) if failure.text.len() < MOST_TEXT => failure.text.push_str(piece),
            None if !piece.trim().is_empty() => return Err("text stands outside of its elements".to_owned()),
            _ => {}
        }
        Ok(())
    }
}

/// Returns the attributes with their values; one that stands twice is refused by the parser.
fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| "an attribute is broken, or stands twice".to_owned())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|_| "an attribute uses an entity of its own, which is not expanded".to_owned())?;
        all.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    Ok(all)
}

fn value<'a>(attributes: &'a [(String, String)], name: &str) -> &'a str {
    attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

fn suite(attributes: &[(String, String)]) -> Suite {
    let count = |name: &str| value(attributes, name).trim().parse::<u32>().map_or(0, u64::from);
    Suite {
        name: bounded(value(attributes, "name"), NAME),
        declared: count("failures") + count("errors"),
        shown: 0,
        file: value(attributes, "file").to_owned(),
    }
}

fn case(attributes: &[(String, String)]) -> Case {
    Case {
        class: bounded(value(attributes, "classname"), NAME),
        name: bounded(value(attributes, "name"), NAME),
        file: value(attributes, "file").to_owned(),
        line: value(attributes, "line").trim().parse().unwrap_or(0),
        ..Case::default()
    }
}

fn failure(label: &str, attributes: &[(String, String)]) -> Failure {
    Failure { is_error: label == "error", message: bounded(value(attributes, "message"), MESSAGE), text: String::new() }
}

fn failed(case: &Case, suite_file: String) -> ToolResult {
    let is_error = case.failures.iter().all(|failure| failure.is_error);
    let mut said = case.failures.iter().flat_map(|failure| [failure.message.as_str(), failure.text.as_str()]);
    let said = said.find_map(|text| Some(first_line(text, TITLE)).filter(|line| !line.is_empty()));
    let name = match (case.class.as_str(), case.name.as_str()) {
        ("", name) => name.to_owned(),
        (class, "") => class.to_owned(),
        (class, name) => format!("{class} {name}"),
    };
    let verb = if is_error { "ended with an error" } else { "failed" };
    let why = said.map(|said| format!(": {said}")).unwrap_or_default();
    let file = if case.file.is_empty() { suite_file } else { case.file.clone() };
    ToolResult {
        rule: if is_error { "errored-test" } else { "failed-test" }.to_owned(),
        title: format!("A test {verb}"),
        message: bounded(&format!("`{name}` {verb}{why}"), MESSAGE),
        severity: Severity::Error,
        suppressed: false,
        places: place(&file, case.line).into_iter().collect(),
        everywhere: true,
        subject: name,
        fix: String::new(),
        rationale: String::new(),
        links: Vec::new(),
    }
}

fn unexplained(suite: &Suite, missing: u64) -> ToolResult {
    let name = if suite.name.is_empty() { "a suite" } else { &suite.name };
    ToolResult {
        rule: "failed-suite".to_owned(),
        title: "A suite counts failures that no test shows".to_owned(),
        message: format!("`{name}` counts {missing} failures or errors more than its tests show"),
        severity: Severity::Error,
        suppressed: false,
        places: Vec::new(),
        everywhere: true,
        subject: name.to_owned(),
        fix: "Look at the log of the test run: a suite may have ended before its tests began.".to_owned(),
        rationale: String::new(),
        links: Vec::new(),
    }
}

fn place(file: &str, line: u32) -> Option<Place> {
    let paths = of_path(file.trim());
    let named = !file.trim().is_empty() && !paths.is_empty();
    named.then(|| Place { paths, line, end_line: line, ..Place::default() })
}

fn line_of(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    text.as_bytes().get(..offset).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1
}
