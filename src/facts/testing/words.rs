//! Which words say that something is a test, that it asserts, and that it is not run.
//!
//! Owns the lists. They are what the usual frameworks of each language call it, and what people call their helpers.

use crate::facts::Strength;

/// Bytes of a chain of calls that are looked at.
const CHAIN: usize = 2_000;

/// Says whether a function is a test, by its name and its declaration.
pub(super) fn is_test(language: &str, name: &str, signature: &str) -> bool {
    match language {
        "python" => name.starts_with("test"),
        "go" => {
            let rest = name.strip_prefix("Test");
            let upper = rest.is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_lowercase()));
            upper && signature.contains("testing.T)")
        }
        "java" => ["@Test", "@ParameterizedTest", "@RepeatedTest", "@TestTemplate", "@Property"]
            .iter()
            .any(|mark| has_word(signature, mark)),
        "rust" => ["#[test]", "::test]", "::test(", "#[rstest", "#[test_case", "#[quickcheck"]
            .iter()
            .any(|mark| signature.contains(mark)),
        _ => false,
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let next = text.get(at.saturating_add(word.len())..).and_then(|rest| rest.chars().next());
        next.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
    })
}

/// Says whether a declaration takes its test out of the run, or expects it to fail.
pub(super) fn declared_skipped(signature: &str) -> bool {
    [
        "@Disabled",
        "@Ignore",
        "@unittest.skip",
        "@skip",
        "@pytest.mark.skip",
        "@pytest.mark.xfail",
        "@unittest.expectedFailure",
        "@expectedFailure",
    ]
    .iter()
    .any(|mark| has_word(signature, mark))
        || signature.contains("#[ignore")
}

/// Says whether a declaration says what must come of the test.
pub(super) fn declared_outcome(signature: &str) -> bool {
    ["should_panic", "expected =", "expected=", "ExpectedException", "timeout =", "raises"]
        .iter()
        .any(|mark| signature.contains(mark))
}

/// Returns the last name of what is called: of `a.b(c).d` it is `d`.
pub(super) fn last(callee: &str) -> &str {
    let end = callee.trim_end_matches(['!', '?', ')']);
    end.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// Returns how much a call asserts; none where by its name it does not.
pub(super) fn assertion(language: &str, callee: &str, text: &str) -> Option<Strength> {
    let name = last(callee);
    // Of `expect(a).toBe` the call of `expect` counts, and the rest says how much.
    if callee
        .get(..callee.len().saturating_sub(name.len()))
        .is_some_and(|before| before.split_once('(').is_some_and(|(first, _)| asserts(language, first)))
    {
        return None;
    }
    if !asserts(language, callee) {
        return None;
    }
    let chain = text.get(..chain_end(text)).unwrap_or_default();
    Some(strength(name, chain))
}

/// Returns how much a statement `assert` says.
pub(super) fn statement(text: &str) -> Strength {
    let line = text.lines().next().unwrap_or_default();
    if line.contains("==") || line.contains(".equals(") {
        Strength::Exact
    } else if line.contains(" is not None") || !line.contains([' ', '('].as_slice()) || bare(line) {
        Strength::Loose
    } else {
        Strength::Other
    }
}

/// `assert result`: any value will do.
fn bare(line: &str) -> bool {
    let what = line.trim_start_matches("assert").trim();
    what.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.')
}

fn asserts(language: &str, callee: &str) -> bool {
    let name = last(callee);
    let small = name.to_ascii_lowercase();
    if small.contains("assert") || small.starts_with("verify") || small.starts_with("expect") {
        return true;
    }
    let first = callee.split(['.', ':', '(']).next().unwrap_or_default();
    match language {
        "go" => {
            let fails = matches!(name, "Error" | "Errorf" | "Fatal" | "Fatalf" | "Fail" | "FailNow");
            (fails && !matches!(first, "fmt" | "errors" | "log" | "logger"))
                || matches!(first, "require" | "assert" | "is" | "should")
        }
        "python" => matches!(name, "raises" | "warns" | "fail"),
        "java" => name == "fail",
        "rust" => matches!(name, "panic" | "unreachable"),
        _ => {
            matches!(callee.trim_end_matches(')'), "expect.poll" | "expect.soft" | "expect.element")
                || matches!(first, "assert" | "should" | "t" | "chai") && first != callee
                || name == "rejects"
        }
    }
}

fn strength(name: &str, chain: &str) -> Strength {
    let small = name.to_ascii_lowercase();
    let matcher = chain.rfind(").").map_or("", |at| chain.get(at.saturating_add(2)..).unwrap_or_default());
    let matcher: &str = matcher.split(['(', '<']).next().unwrap_or_default().trim();
    const EXACT: &[&str] = &[
        "toBe",
        "toEqual",
        "toStrictEqual",
        "toHaveText",
        "isEqualTo",
        "isSameAs",
        "containsExactly",
        "hasValue",
        "equal",
        "deepEqual",
        "strictEqual",
        "deepStrictEqual",
        "eql",
        "eq",
    ];
    const LOOSE: &[&str] = &["toBeTruthy", "toBeDefined", "isNotNull", "isTrue", "isPresent", "isNotEmpty"];
    if EXACT.contains(&matcher) {
        return Strength::Exact;
    }
    if LOOSE.contains(&matcher) || chain.contains(".not.toBeNull(") || chain.contains(".not.toBeUndefined(") {
        return Strength::Loose;
    }
    let exact = small.contains("equal") || matches!(small.as_str(), "assert_eq" | "assertsame" | "elementsmatch");
    if exact && !small.contains("not") {
        return Strength::Exact;
    }
    match small.as_str() {
        "assert" if chain.contains("==") => Strength::Exact,
        "asserttrue" | "true" if chain.contains("==") || chain.contains(".equals(") => Strength::Exact,
        "asserttrue" | "assertisnotnone" | "assertnotnull" | "notnil" | "notempty" | "true" | "ok" | "assert" => {
            Strength::Loose
        }
        _ => Strength::Other,
    }
}

/// Returns the whole of an assertion: a call and what is called on its result.
pub(super) fn whole(text: &str, length: usize) -> &str {
    let end = chain_end(text).max(length);
    text.get(..end).unwrap_or(text)
}

/// Returns where a chain of calls such as `expect(a).not.toBe(b)` ends; texts in it are passed over.
fn chain_end(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped, mut end) = (0_u32, None, false, 0);
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < CHAIN) {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(mark) if letter == mark => quote = None,
            Some(_) => {}
            None => match letter {
                '"' | '`' => quote = Some(letter),
                '(' | '[' | '{' => depth = depth.saturating_add(1),
                ')' | ']' | '}' if depth > 0 => {
                    depth -= 1;
                    end = at.saturating_add(1);
                }
                ')' | ']' | '}' | ';' | ',' if depth == 0 => return end,
                '\n' if depth == 0 => {
                    let next = text.get(at..).unwrap_or_default().trim_start();
                    if !next.starts_with('.') {
                        return end;
                    }
                }
                _ => {}
            },
        }
    }
    end
}

/// Says whether what is called may assert, by the words that people use for such helpers.
pub(super) fn may_assert(language: &str, callee: &str) -> bool {
    let first = callee.split(['.', '(']).next().unwrap_or_default();
    if matches!(first, "test" | "it" | "fit" | "specify" | "describe" | "context" | "suite") {
        return false;
    }
    let small = callee.to_ascii_lowercase();
    let words = [
        "assert",
        "expect",
        "verif",
        "check",
        "should",
        "must",
        "ensure",
        "validat",
        "compare",
        "match",
        "snapshot",
        "fail",
        "raise",
        "throw",
        "panic",
        "warn",
        "golden",
        "same",
        "equal",
        "diff",
        "test",
        "wait",
        "eventually",
    ];
    let own = match language {
        "rust" => matches!(last(callee), "unwrap" | "unwrap_err" | "expect" | "expect_err" | "unwrap_none"),
        // What a test of Go or Java is given often asserts by itself.
        _ => false,
    };
    own || words.iter().any(|word| small.contains(word))
}

/// Says whether what is called is a helper whose code is in another file.
pub(super) fn out_of_sight(language: &str, callee: &str, text: &str) -> bool {
    match language {
        "python" => {
            callee.strip_prefix("self.").is_some_and(|rest| !rest.contains(['.', '('])) || callee.starts_with("super")
        }
        "java" => !callee.contains(['.', ' ']) || callee.starts_with("this.") || callee.starts_with("super."),
        "go" => {
            let arguments = text.split_once('(').map_or("", |(_, rest)| rest);
            ["t,", "t)", "tb,", "tb)"].iter().any(|word| arguments.starts_with(word)) && !callee.starts_with("t.")
        }
        _ => false,
    }
}

/// Says whether a call ends the test it stands in, without a condition of its own.
pub(super) fn skips(language: &str, callee: &str, text: &str) -> bool {
    let arguments = text.split_once('(').map_or("", |(_, rest)| rest).trim_start();
    match language {
        "go" => matches!(callee, "t.Skip" | "t.Skipf" | "t.SkipNow"),
        "python" => matches!(callee, "pytest.skip" | "pytest.xfail" | "self.skipTest"),
        "javascript" | "typescript" | "tsx" => {
            matches!(callee, "test.skip" | "test.fixme" | "it.skip" | "this.skip" | "test.fail")
                && (arguments.starts_with(')') || arguments.starts_with("true"))
        }
        _ => false,
    }
}
