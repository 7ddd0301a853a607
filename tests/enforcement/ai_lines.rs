use crate::bench::{added, book, document, judged_with, modified, places};
use portcullis::configuration::UnknownLines;
use portcullis::provenance::{Attribution, Span, Strength};
use portcullis::untrusted::Untrusted;

fn span(start: u32, end: u32, tool: &str) -> Span {
    let empty = Untrusted::default;
    let origin = if tool.is_empty() { Attribution::Human } else { Attribution::Ai };
    Span {
        start,
        end,
        origin,
        tool: Untrusted::new(tool.to_owned()),
        model: empty(),
        session: empty(),
        human: empty(),
        strength: Strength::Line,
    }
}

const RULE: &str = "applies-to: ai\nenforce: {pattern: {regex: \"bad(\\nbad)*\"}}";

fn lines(spans: &[Span], unknown: UnknownLines) -> usize {
    let book = book(RULE);
    let files = [added("a.txt", "good\nbad\nbad\ngood\n")];
    let mut input = document(&book, &files);
    input.files[0].provenance.spans = spans.to_vec();
    places(&judged_with(&book, &input, &files, &Default::default(), unknown)).len()
}

#[test]
fn a_violation_counts_when_one_of_its_added_lines_is_of_an_ai_tool() {
    assert_eq!(lines(&[span(3, 3, "assistant"), span(1, 2, "")], UnknownLines::Human), 1);
    assert_eq!(lines(&[span(1, 1, "assistant"), span(4, 9, "assistant")], UnknownLines::Human), 0);
}

#[test]
fn lines_without_evidence_count_unless_the_configuration_says_otherwise() {
    assert_eq!(lines(&[], UnknownLines::Ai), 1);
    assert_eq!(lines(&[], UnknownLines::Human), 0);
    assert_eq!(lines(&[span(2, 2, "")], UnknownLines::Ai), 1, "line 3 is unknown");
    assert_eq!(lines(&[span(2, 2, ""), span(3, 3, "")], UnknownLines::Ai), 0);
}

#[test]
fn a_violation_that_adds_no_line_is_of_unknown_making() {
    let book = book(RULE.replace("bad(\\nbad)*", "bad\\nbad").as_str());
    let files = [modified("a.txt", "bad\ngood\nbad\n", "bad\nbad\n")];
    let input = document(&book, &files);
    let count = |unknown| places(&judged_with(&book, &input, &files, &Default::default(), unknown)).len();
    assert_eq!((count(UnknownLines::Ai), count(UnknownLines::Human)), (1, 0));
}
