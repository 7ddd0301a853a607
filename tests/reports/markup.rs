//! JUnit and HTML, read back with a parser that shares nothing with what wrote them.

use std::collections::BTreeSet;

use portcullis::untrusted::terminal;
use portcullis::verdict::Verdict;
use roxmltree::{Document, Node, ParsingOptions};

use super::{plain, render, samples};

fn parsed(text: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

type Names = &'static [&'static str];

/// What Jenkins' `junit-10.xsd` allows of what is written here: element, attributes it must have, others, children.
const SHAPE: &[(&str, Names, Names, Names)] = &[
    ("testsuites", &[], &["name", "tests", "failures", "errors"], &["testsuite"]),
    ("testsuite", &["name", "tests", "failures", "errors"], &["skipped"], &["testcase"]),
    ("testcase", &["name"], &["classname"], &["skipped", "error", "failure", "system-out"]),
    ("skipped", &[], &["type", "message"], &[]),
    ("error", &[], &["type", "message"], &[]),
    ("failure", &[], &["type", "message"], &[]),
    ("system-out", &[], &[], &[]),
];

fn shaped(node: Node<'_, '_>) {
    let (name, must, may, below) = SHAPE.iter().find(|row| row.0 == node.tag_name().name()).unwrap();
    let has: BTreeSet<_> = node.attributes().map(|attribute| attribute.name()).collect();
    assert!(must.iter().all(|key| has.contains(key)), "{name}: {has:?}");
    assert!(has.iter().all(|key| must.contains(key) || may.contains(key)), "{name}: {has:?}");
    let children = node.children().filter(Node::is_element);
    children.for_each(|child| assert!(below.contains(&child.tag_name().name()), "{name}"));
}

/// Holds shape and numbers, and that a case fails exactly when the verdict is not pass.
pub(crate) fn hold_cases(report: &str, verdict: Verdict, text: &str) {
    let document = parsed(report);
    document.descendants().filter(Node::is_element).for_each(shaped);
    let named = |node: Node<'_, '_>, name: &str| node.descendants().filter(|n| n.has_tag_name(name)).count();
    let suites: Vec<_> = document.root_element().children().filter(Node::is_element).collect();
    for node in suites.iter().copied().chain([document.root_element()]) {
        for (count, element) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            let told = node.attribute(count).map(|number| number.parse::<usize>().unwrap());
            assert_eq!(told.unwrap_or_else(|| named(node, element)), named(node, element), "{text:?}\n{report}");
        }
    }
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let keys: BTreeSet<_> = cases.iter().map(|case| (case.attribute("classname"), case.attribute("name"))).collect();
    assert_eq!(keys.len(), cases.len(), "no class and name twice: {text:?}");
    let failed = named(document.root_element(), "failure") + named(document.root_element(), "error") > 0;
    assert_eq!(failed, verdict != Verdict::Pass, "{text:?}\n{report}");
}

/// Elements and attributes of the page; nothing that loads, runs, submits or leads anywhere is among them.
const ELEMENTS: &[&str] = &[
    "article", "b", "bdi", "body", "code", "details", "h1", "h2", "h3", "head", "header", "html", "i", "li", "main",
    "mark", "meta", "ol", "p", "pre", "section", "span", "style", "summary", "title", "ul",
];
const ATTRIBUTES: &[&str] = &["charset", "class", "content", "http-equiv", "id", "lang", "name"];

/// Holds that the page is well-formed, made of harmless parts, and shows the text as it would be shown.
pub(crate) fn hold_page(report: &str, text: &str) {
    assert!(report.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n"), "{text:?}");
    let document = parsed(report);
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "<{name}> of {text:?}");
        node.attributes().for_each(|key| assert!(ATTRIBUTES.contains(&key.name()), "{} of {text:?}", key.name()));
        for head in ["meta", "style", "title"].iter().filter(|head| **head == name) {
            assert!(node.parent().unwrap().has_tag_name("head"), "{head} of {text:?}");
        }
        assert!(name != "p" || !node.descendants().any(|n| n.has_tag_name("pre") || n.has_tag_name("ul")), "{text:?}");
    }
    let policy = document.descendants().find(|node| node.attribute("http-equiv") == Some("Content-Security-Policy"));
    assert!(policy.unwrap().attribute("content").unwrap().starts_with("default-src 'none'; style-src 'unsafe-inline'"));
    let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let heading = document.descendants().find(|node| node.has_tag_name("h1")).unwrap();
    assert!(heading.descendants().any(|node| node.text() == Some(" fail")), "{text:?}");
    if (1..500).contains(&text.len()) {
        let path = document.descendants().find(|node| node.has_tag_name("h3")).unwrap();
        let shown: String =
            path.descendants().filter_map(|node| if node.is_text() { node.text() } else { None }).collect();
        assert_eq!(shown, terminal(text), "{text:?}");
    }
}

#[test]
fn the_junit_report_has_the_shape_that_ci_systems_read_row_130() {
    for (case, sample) in samples::SAMPLES {
        let outcome = sample();
        hold_cases(&render("junit", &outcome, plain(100)), outcome.document.verdict, case);
    }
}

#[test]
fn a_change_that_only_warnings_fail_has_a_failed_case() {
    let mut outcome = samples::flood(2);
    for finding in &mut outcome.document.findings {
        finding.severity = portcullis::finding::Severity::Warning;
    }
    let report = render("junit", &outcome, plain(100));
    hold_cases(&report, Verdict::Fail, "warnings");
    assert!(report.contains("classname=\"portcullis\" name=\"verdict\""), "{report}");
    outcome.document.verdict = Verdict::Pass;
    hold_cases(&render("junit", &outcome, plain(100)), Verdict::Pass, "warnings");
}

#[test]
fn findings_that_were_told_not_to_fail_are_skipped_with_their_text() {
    let mut outcome = samples::flood(1);
    outcome.document.verdict = Verdict::Pass;
    let report = render("junit", &outcome, plain(100));
    hold_cases(&report, Verdict::Pass, "never");
    assert!(report.contains("<skipped type=\"error\" message=\"error: this call is bad\">"), "{report}");
}

#[test]
fn the_page_is_well_formed_and_loads_nothing_row_130() {
    for (case, sample) in samples::SAMPLES {
        let outcome = sample();
        let report = render("html", &outcome, plain(100));
        let document = parsed(&report);
        for node in document.descendants().filter(Node::is_element) {
            assert!(ELEMENTS.contains(&node.tag_name().name()), "{case}");
        }
        for forbidden in ["url(", "@import", "href", "src=", "<script", " on"] {
            let style = report.split("</style>").next().unwrap();
            let rest = report.replace(style, "");
            let place = if forbidden == " on" { style } else { report.as_str() };
            assert!(
                !place.contains(forbidden) || *case == "hostile" && !rest.contains("<script"),
                "{case}: {forbidden}"
            );
        }
    }
}

#[test]
fn the_page_marks_exactly_the_place_of_a_finding() {
    let outcome = samples::SAMPLES.iter().find(|(name, _)| *name == "fail").unwrap().1();
    let report = render("html", &outcome, plain(100));
    let document = parsed(&report);
    let marks: Vec<_> = document.descendants().filter(|n| n.has_tag_name("mark")).filter_map(|n| n.text()).collect();
    assert!(marks.contains(&"eval(blob)"), "{marks:?}");
    assert!(marks.contains(&"eval(\u{6A19}\u{8A9E})"), "wide characters: {marks:?}");
    assert!(marks.iter().any(|mark| mark.starts_with("\\u{202e}")), "hidden ones: {marks:?}");
}
