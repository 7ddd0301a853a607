//! Calls of TypeScript and JavaScript that are tests: `test("adds", () => {})`, and groups of tests: `describe(...)`.
//!
//! Owns how they are recognised. Knows the words that Jest, Vitest, Mocha, Jasmine, Playwright and Node's own runner share.

use tree_sitter::Node;

use super::super::TestCall;
use super::{is_function, text_of};

/// Bytes of a callee that are looked at; `test.each` may hold a table.
const CALLEE_LIMIT: usize = 200;

/// Reads `test("adds", () => {})`, `it.skip(...)`, `describe.each(...)(...)`; none for every other call.
pub(super) fn test_of_call(text: &str, node: Node<'_>) -> Option<TestCall> {
    if node.kind() != "call_expression" {
        return None;
    }
    let callee = node.child_by_field_name("function")?;
    let written =
        text.get(callee.start_byte()..callee.end_byte().min(callee.start_byte().saturating_add(CALLEE_LIMIT)))?;
    let end = written.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.' && letter != '_');
    let mut words = written.get(..end.unwrap_or(written.len()))?.split('.');
    let (mut group, mut skipped) = match words.next()? {
        "test" | "it" | "fit" | "specify" => (false, false),
        "xit" | "xtest" | "xspecify" => (false, true),
        "describe" | "context" | "suite" | "fdescribe" => (true, false),
        "xdescribe" | "xcontext" => (true, true),
        _ => return None,
    };
    for word in words {
        match word {
            "skip" | "fixme" | "todo" | "fail" | "fails" | "failing" => skipped = true,
            "describe" | "suite" => group = true,
            "only" | "slow" | "concurrent" | "sequential" | "parallel" | "serial" | "each" | "for" => {}
            _ => return None,
        }
    }
    let arguments = node.child_by_field_name("arguments")?;
    let mut cursor = arguments.walk();
    let mut given = arguments.named_children(&mut cursor).filter(|part| part.kind() != "comment");
    let title = given.next().filter(|first| matches!(first.kind(), "string" | "template_string"))?;
    // `test("later")` is a note, and `test.skip("adds")` too.
    given.any(|part| is_function(part.kind())).then(|| TestCall {
        title: text_of(text, title).trim_matches(['"', '\'', '`']).to_owned(),
        group,
        skipped,
    })
}
