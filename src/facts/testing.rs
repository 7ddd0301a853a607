//! Tests: which there are on both sides, what each asserts, and what the change does to that.
//!
//! Owns how tests are recognised and paired. `words` says what looks like an assertion. Works on what the walk read, on
//! lines and names alone: it knows no types, so a test that may be helped by code out of sight is said to be.

mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::lines::{ChangedLines, collapse_into};
use super::pair::Sides;
use super::walk::{Raw, RawCall, RawSymbol};
use super::{Assertion, FactChange, Strength, Test};

/// Most assertions that are named of one test.
const MOST_NAMED: usize = 50;

/// Most pairs of tests that are held against each other because their names differ.
const MOST_PAIRS: usize = 10_000;

/// Characters of an assertion that are kept.
const TEXT_LIMIT: usize = 200;

/// Rounds in which helpers are looked for that call helpers.
const HELPER_ROUNDS: usize = 4;

/// Returns the tests of both sides, sorted by place.
pub(super) fn tests(old: &Raw, new: &Raw, sides: &Sides<'_>, language: &str) -> Vec<Test> {
    let head = Side::read(new, sides.new_text, sides.new_lines, language);
    let nothing = Raw::default();
    let old = if sides.related { old } else { &nothing };
    let base = Side::read(old, sides.old_text, sides.old_lines, language);
    if head.tests.is_empty() && base.tests.is_empty() {
        return Vec::new();
    }
    let partners = partners(&base, &head);
    let mut judge = Judge::new(&base, &head);
    let taken: HashSet<usize> = partners.iter().flatten().copied().collect();
    let mut found: Vec<Test> = head
        .tests
        .iter()
        .enumerate()
        .map(|(index, test)| {
            let before = partners.get(index).copied().flatten().and_then(|at| Some((at, base.tests.get(at)?)));
            judge.judge((index, test), before)
        })
        .collect();
    let gone = base.tests.iter().enumerate().filter(|(index, _)| !taken.contains(index));
    found.extend(gone.map(|(_, test)| removed(test)));
    cancel_moves(&mut found, &head, &partners);
    found.sort_by(|a, b| (a.start, a.end, a).cmp(&(b.start, b.end, b)));
    found
}

fn removed(test: &Found) -> Test {
    Test {
        name: test.name.clone(),
        before: test.name.clone(),
        start: test.start,
        end: test.end,
        skipped: false,
        was_skipped: test.skipped,
        assertions: 0,
        helped: false,
        lost: Vec::new(),
        gained: Vec::new(),
        change: FactChange::Removed,
    }
}

/// Takes out what one test lost and another one, a new one, or a helper gained: an assertion that moved is not weaker.
fn cancel_moves(tests: &mut [Test], head: &Side<'_>, partners: &[Option<usize>]) {
    let mut gained: HashMap<String, usize> = HashMap::new();
    for assertion in tests.iter().flat_map(|test| &test.gained) {
        *gained.entry(assertion.text.clone()).or_default() += 1;
    }
    for (call, _) in head.checks().filter(|(call, _)| head.changed.holds(call.line)) {
        let test = head.test_at(call.line).and_then(|test| partners.get(test).copied().flatten());
        if test.is_none() {
            *gained.entry(head.said(call)).or_default() += 1;
        }
    }
    for test in tests.iter_mut() {
        test.lost.retain(|assertion| match gained.get_mut(&assertion.text).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                false
            }
            None => true,
        });
        test.lost.truncate(MOST_NAMED);
        test.gained.truncate(MOST_NAMED);
    }
}

/// A test of one side.
struct Found {
    name: String,
    start: u32,
    end: u32,
    skipped: bool,
    /// Its declaration says what must happen: `#[should_panic]`.
    declared: bool,
}

/// A call or statement that asserts.
struct Check {
    line: u32,
    text: String,
    strength: Strength,
}

/// One side of a file.
struct Side<'a> {
    raw: &'a Raw,
    text: &'a str,
    lines: Vec<&'a str>,
    changed: &'a ChangedLines,
    language: &'a str,
    tests: Vec<Found>,
}

impl<'a> Side<'a> {
    fn read(raw: &'a Raw, text: &'a str, changed: &'a ChangedLines, language: &'a str) -> Self {
        let mut tests = called_tests(raw);
        tests.extend(raw.symbols.iter().filter(|symbol| is_test(symbol, raw, language)).map(|symbol| Found {
            name: symbol.qualified.clone(),
            start: symbol.start,
            end: symbol.end,
            skipped: words::declared_skipped(&symbol.signature),
            declared: words::declared_outcome(&symbol.signature),
        }));
        tests.sort_by(|a, b| (a.start, b.end, &a.name).cmp(&(b.start, a.end, &b.name)));
        let lines = if tests.is_empty() { Vec::new() } else { text.lines().collect() };
        Self { raw, text, lines, changed, language, tests }
    }

    /// Returns the index of the innermost test around a line.
    fn test_at(&self, line: u32) -> Option<usize> {
        let after = self.tests.partition_point(|test| test.start <= line);
        // Tests hold no tests, but for a few that are nested by accident.
        (after.saturating_sub(8)..after).rev().find(|at| self.tests.get(*at).is_some_and(|test| test.end >= line))
    }

    /// Returns the assertions with a name, in the order of the text.
    fn checks(&self) -> impl Iterator<Item = (&RawCall, Strength)> {
        let calls = self.raw.calls.iter().filter(|call| !call.callee.is_empty());
        let called =
            calls.filter_map(|call| Some((call, words::assertion(self.language, &call.callee, self.rest(call))?)));
        let stated = self.raw.asserts.iter().map(|stated| (stated, words::statement(self.rest(stated))));
        called.chain(stated)
    }

    /// Returns the text from where a call begins.
    fn rest(&self, call: &RawCall) -> &'a str {
        self.text.get(call.range.start..).unwrap_or_default()
    }

    /// Returns the text of an assertion with white space collapsed.
    fn said(&self, call: &RawCall) -> String {
        let mut text = String::new();
        collapse_into(&mut text, words::whole(self.rest(call), call.range.len()), TEXT_LIMIT);
        text
    }

    /// Returns what the assertions on changed lines say, by test.
    fn changed_checks(&self) -> BTreeMap<usize, Vec<Check>> {
        let mut found: BTreeMap<usize, Vec<Check>> = BTreeMap::new();
        for (call, strength) in self.checks().filter(|(call, _)| self.changed.holds(call.line)) {
            if let Some(test) = self.test_at(call.line) {
                found.entry(test).or_default().push(Check { line: call.line, text: self.said(call), strength });
            }
        }
        found
    }

    /// Returns the lines of a test without their margins.
    fn body(&self, test: &Found) -> impl Iterator<Item = &'a str> {
        let (start, end) = (test.start.saturating_sub(1) as usize, test.end as usize);
        self.lines.get(start..end.min(self.lines.len())).unwrap_or_default().iter().map(|line| line.trim())
    }

    /// Returns the names of functions of this file that assert, themselves or through others.
    fn helpers(&self) -> HashSet<&'a str> {
        let function = |symbol: &&RawSymbol| matches!(&*symbol.kind, "function" | "method" | "constant" | "macro");
        let mut functions: Vec<&RawSymbol> = self.raw.symbols.iter().filter(function).collect();
        functions.sort_by_key(|symbol| (symbol.start, std::cmp::Reverse(symbol.end)));
        let around = |line: u32| {
            let after = functions.partition_point(|symbol| symbol.start <= line);
            functions.get(after.saturating_sub(8)..after).unwrap_or_default().iter().filter(move |of| of.end >= line)
        };
        let mut known: HashSet<&str> = HashSet::new();
        for (call, _) in self.checks() {
            known.extend(around(call.line).map(|symbol| symbol.name.as_str()));
        }
        for _ in 0..HELPER_ROUNDS {
            let before = known.len();
            let calls = self.raw.calls.iter().filter(|call| known.contains(words::last(&call.callee)));
            let callers: Vec<&str> =
                calls.flat_map(|call| around(call.line)).map(|symbol| symbol.name.as_str()).collect();
            known.extend(callers);
            if known.len() == before {
                break;
            }
        }
        known
    }

    /// Returns what is read once for all tests of the side.
    fn digest(&self) -> Digest<'_> {
        let mut digest = Digest { changed: self.changed_checks(), ..Digest::default() };
        for (call, _) in self.checks() {
            if let Some(test) = self.test_at(call.line) {
                digest.assertions.entry(test).or_default().push(call);
            }
        }
        for call in &self.raw.calls {
            if let Some(test) = self.test_at(call.line) {
                digest.calls.entry(test).or_default().push(call);
            }
        }
        digest
    }

    /// Says whether something that a test calls may assert for it.
    fn helped(&self, calls: &[&RawCall], helpers: &HashSet<&str>) -> bool {
        let defined = |name: &str| self.raw.symbols.iter().any(|symbol| symbol.name == name);
        calls.iter().any(|call| {
            let name = words::last(&call.callee);
            helpers.contains(name)
                || words::may_assert(self.language, &call.callee)
                || (words::out_of_sight(self.language, &call.callee, self.rest(call)) && !defined(name))
        })
    }

    /// Says whether a test ends itself whatever the machine, and whether only changed lines say so.
    fn skips(&self, test: &Found, calls: &[&RawCall]) -> (bool, bool) {
        let margin = |line: &str| line.len().saturating_sub(line.trim_start().len());
        let at = |line: u32| self.lines.get(line.saturating_sub(1) as usize).copied().unwrap_or_default();
        let skips = calls.iter().filter(|call| words::skips(self.language, &call.callee, self.rest(call)));
        let lines: Vec<u32> = skips.map(|call| call.line).collect();
        let own = margin(at(test.start));
        let inner = (test.start.saturating_add(1)..=test.end).map(at).filter(|line| !line.trim().is_empty());
        // A call that stands further to the right depends on a condition.
        let first = if lines.is_empty() { None } else { inner.map(margin).filter(|margin| *margin > own).min() };
        let lines: Vec<u32> = lines.into_iter().filter(|line| Some(margin(at(*line))) == first).collect();
        (!lines.is_empty(), lines.iter().all(|line| self.changed.holds(*line)))
    }
}

/// What is read once for all tests of a side, by the test's index.
#[derive(Default)]
struct Digest<'a> {
    changed: BTreeMap<usize, Vec<Check>>,
    assertions: BTreeMap<usize, Vec<&'a RawCall>>,
    calls: BTreeMap<usize, Vec<&'a RawCall>>,
}

/// Both sides of a file, read.
struct Judge<'a> {
    base: &'a Side<'a>,
    head: &'a Side<'a>,
    was: Digest<'a>,
    is: Digest<'a>,
    helpers: HashSet<&'a str>,
}

impl<'a> Judge<'a> {
    fn new(base: &'a Side<'a>, head: &'a Side<'a>) -> Self {
        Self { base, head, was: base.digest(), is: head.digest(), helpers: head.helpers() }
    }

    fn judge(&mut self, (index, test): (usize, &Found), before: Option<(usize, &Found)>) -> Test {
        let none = Vec::new();
        let calls = self.is.calls.get(&index).unwrap_or(&none);
        let asserting = self.is.assertions.get(&index).map(Vec::as_slice).unwrap_or_default();
        let helped = test.declared || (asserting.is_empty() && self.head.helped(calls, &self.helpers));
        let now = self.head.skips(test, calls);
        let (mut lost, mut gained, mut then) = (Vec::new(), Vec::new(), false);
        if let Some((at, before)) = before {
            lost = self.was.changed.remove(&at).unwrap_or_default();
            gained = self.is.changed.remove(&index).unwrap_or_default();
            let (mut losses, mut gains) = (counted(&lost), counted(&gained));
            lost.retain(|check| !took(&mut gains, &check.text));
            gained.retain(|check| !took(&mut losses, &check.text));
            // What the test still says somewhere it still holds.
            if !lost.is_empty() {
                let said: HashSet<String> = asserting.iter().map(|call| self.head.said(call)).collect();
                lost.retain(|check| !said.contains(&check.text));
            }
            let calls = self.was.calls.get(&at).unwrap_or(&none);
            then = before.skipped || self.base.skips(before, calls).0 || (now.0 && !now.1);
        }
        let same = before.is_some_and(|(_, before)| self.head.body(test).eq(self.base.body(before)));
        let change = match before {
            None => FactChange::Added,
            Some(_) if same => FactChange::Kept,
            Some(_) => FactChange::Body,
        };
        Test {
            name: test.name.clone(),
            before: before.map(|(_, before)| before.name.clone()).unwrap_or_default(),
            start: test.start,
            end: test.end,
            skipped: test.skipped || now.0,
            was_skipped: then,
            assertions: u32::try_from(asserting.len()).unwrap_or(u32::MAX),
            helped,
            lost: named(lost),
            gained: named(gained),
            change,
        }
    }
}

fn counted(checks: &[Check]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for check in checks {
        *counts.entry(check.text.clone()).or_default() += 1;
    }
    counts
}

fn took(counts: &mut HashMap<String, usize>, text: &str) -> bool {
    match counts.get_mut(text).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            true
        }
        None => false,
    }
}

fn named(checks: Vec<Check>) -> Vec<Assertion> {
    let of = |check: Check| Assertion { line: check.line, text: check.text, strength: check.strength };
    checks.into_iter().map(of).collect()
}

/// Returns tests that are calls, each with the titles of the groups around it.
fn called_tests(raw: &Raw) -> Vec<Found> {
    let mut groups: Vec<&super::walk::RawTest> = Vec::new();
    let mut found = Vec::new();
    for test in &raw.tests {
        while groups.last().is_some_and(|group| group.end < test.start) {
            groups.pop();
        }
        if test.group {
            groups.push(test);
            continue;
        }
        let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).chain([test.title.as_str()]).collect();
        found.push(Found {
            name: titles.join(" > "),
            start: test.start,
            end: test.end,
            skipped: test.skipped || groups.iter().any(|group| group.skipped),
            declared: false,
        });
    }
    found
}

fn is_test(symbol: &RawSymbol, raw: &Raw, language: &str) -> bool {
    if !matches!(&*symbol.kind, "function" | "method") {
        return false;
    }
    let parent = symbol.parent.and_then(|parent| raw.symbols.get(parent));
    let local = parent.is_some_and(|parent| matches!(&*parent.kind, "function" | "method"));
    !local && words::is_test(language, &symbol.name, &symbol.signature)
}

/// Returns of each test of head the test of base that it was: of the same name, else of much the same text.
fn partners(base: &Side<'_>, head: &Side<'_>) -> Vec<Option<usize>> {
    let mut waiting: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, test) in base.tests.iter().enumerate().rev() {
        waiting.entry(&test.name).or_default().push(index);
    }
    let mut partners: Vec<Option<usize>> =
        head.tests.iter().map(|test| waiting.get_mut(test.name.as_str()).and_then(Vec::pop)).collect();
    let mut lone: BTreeSet<usize> = waiting.into_values().flatten().collect();
    let news: Vec<usize> = (0..head.tests.len()).filter(|at| partners.get(*at).is_some_and(Option::is_none)).collect();
    if lone.is_empty() || lone.len().saturating_mul(news.len()) > MOST_PAIRS {
        return partners;
    }
    let texts = |side: &Side<'_>, at: usize| -> BTreeSet<String> {
        let lines = side.tests.get(at).map(|test| side.body(test).skip(1).filter(|line| line.len() > 3));
        lines.into_iter().flatten().map(str::to_owned).collect()
    };
    let olds: BTreeMap<usize, BTreeSet<String>> = lone.iter().map(|at| (*at, texts(base, *at))).collect();
    for new in news {
        let own = texts(head, new);
        let alike = |old: &usize| olds.get(old).map_or(0, |old| percent_alike(old, &own));
        let best = lone.iter().copied().map(|old| (alike(&old), std::cmp::Reverse(old))).max();
        if let Some((_, std::cmp::Reverse(old))) = best.filter(|(alike, _)| *alike >= 50)
            && let Some(slot) = partners.get_mut(new)
        {
            lone.remove(&old);
            *slot = Some(old);
        }
    }
    partners
}

/// Returns how many of a hundred lines of the shorter text stand in the other one too.
fn percent_alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let shorter = one.len().min(other.len());
    one.intersection(other).count().saturating_mul(100).checked_div(shorter).unwrap_or(0)
}
