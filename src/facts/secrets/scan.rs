//! A text -> the secrets in it.
//!
//! Owns the search: one pass for the literals of all detectors, and a shape only where one of them stands. The work is
//! linear in the text: what a shape looks at around a literal is bounded.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use regex::bytes::{Regex, RegexBuilder};

use super::aws;
use super::detector::{Candidate, Detector, Rest, SecretKind, detectors};

/// One secret of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Name of its detector.
    pub detector: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// How sure that is.
    pub kind: SecretKind,
    /// The bytes of the secret.
    pub range: Range<usize>,
}

impl Sight {
    pub(super) fn of(detector: &Detector, range: Range<usize>) -> Self {
        Self { detector: detector.id, title: detector.title, kind: detector.kind, range }
    }
}

/// The literals of all detectors, and whose each is.
struct Index {
    literals: AhoCorasick,
    owners: Vec<usize>,
    rows: Vec<(&'static Detector, OnceLock<Option<Regex>>)>,
}

static INDEX: LazyLock<Option<Index>> = LazyLock::new(|| {
    let rows: Vec<_> = detectors().map(|detector| (detector, OnceLock::new())).collect();
    let of =
        |(index, row): (usize, &(&'static Detector, _))| row.0.literals.iter().map(move |literal| (index, *literal));
    let pairs: Vec<(usize, &str)> = rows.iter().enumerate().flat_map(of).collect();
    let literals = AhoCorasickBuilder::new()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(pairs.iter().map(|pair| pair.1));
    Some(Index { literals: literals.ok()?, owners: pairs.into_iter().map(|pair| pair.0).collect(), rows })
});

/// Compiles a shape; nothing for one that is wrong, which a test excludes.
pub(super) fn compile(shape: &str) -> Option<Regex> {
    RegexBuilder::new(shape).unicode(false).build().ok()
}

/// Compiles the shape of a detector; one that begins with its literal is tried there and nowhere behind.
fn shape_of(detector: &Detector) -> Option<Regex> {
    if detector.back == 0 { compile(&format!(r"\A(?:{})", detector.shape)) } else { compile(detector.shape) }
}

/// Says whether a text holds a literal of any detector; one that does not holds no secret.
pub(super) fn has_literal(text: &str) -> bool {
    INDEX.as_ref().is_none_or(|index| index.literals.is_match(text))
}

/// Returns the secrets of a text, in their order and without overlap.
#[must_use]
pub fn sights(text: &[u8]) -> Vec<Sight> {
    let Some(index) = INDEX.as_ref() else { return Vec::new() };
    let mut found: Vec<Sight> = Vec::new();
    for hit in index.literals.find_overlapping_iter(text) {
        let owner = index.owners.get(hit.pattern().as_usize());
        let Some((detector, shape)) = owner.and_then(|owner| index.rows.get(*owner)) else { continue };
        if detector.back == 0 && !begins(text, hit.start()) {
            continue;
        }
        let Some(shape) = shape.get_or_init(|| shape_of(detector)) else { continue };
        found.extend(tried(detector, shape, text, hit.start()..hit.end()));
    }
    if found.is_empty() {
        return found;
    }
    found.extend(aws::beside(text, &found));
    apart(found)
}

/// Tries the shape around one literal.
fn tried(detector: &Detector, shape: &Regex, text: &[u8], literal: Range<usize>) -> Option<Sight> {
    let from = literal.start.saturating_sub(detector.back);
    let to = literal.end.saturating_add(detector.reach).min(text.len());
    let window = text.get(from..to)?;
    let groups = shape.captures(window)?;
    let whole = groups.get(0)?;
    let covers = whole.start() <= literal.start - from && whole.end() >= literal.end - from;
    let at = from.saturating_add(whole.start());
    let follows = text.get(from.saturating_add(whole.end())).copied();
    if !covers || !begins(text, at) || follows.is_some_and(|byte| goes_on(detector.rest, byte)) {
        return None;
    }
    let value = groups.name("v").or_else(|| groups.name("w")).unwrap_or(whole);
    let random = groups.name("r").map_or_else(|| value.as_bytes(), |random| random.as_bytes());
    let candidate = Candidate { whole: whole.as_bytes(), value: value.as_bytes(), random };
    let range = from.saturating_add(value.start())..from.saturating_add(value.end());
    (detector.check)(&candidate).then(|| Sight::of(detector, range))
}

/// Says whether a word can begin here: after no letter, digit, `_` or `-`, or after the escape of a line end or of a
/// character in an address.
fn begins(text: &[u8], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| text.get(place)).copied();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let first = text.get(at).copied();
    match (before(1), before(2), before(3)) {
        // A shape that begins with a sign of its own can stand anywhere.
        _ if first.is_some_and(|byte| !word(byte) || byte == b'-') => true,
        (None, _, _) => true,
        (Some(byte), _, _) if !word(byte) => true,
        (Some(b'n' | b'r' | b't'), Some(b'\\'), _) => true,
        (Some(low), Some(high), Some(b'%')) => low.is_ascii_hexdigit() && high.is_ascii_hexdigit(),
        _ => false,
    }
}

fn goes_on(rest: Rest, byte: u8) -> bool {
    match rest {
        Rest::Word => byte.is_ascii_alphanumeric() || byte == b'_',
        Rest::Dashed => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        Rest::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        Rest::Any => false,
    }
}

/// Keeps of what overlaps what is surest, then what begins first, then what is longest.
fn apart(mut found: Vec<Sight>) -> Vec<Sight> {
    found.sort_by_key(|sight| (sight.range.start, std::cmp::Reverse(sight.range.end), sight.kind, sight.detector));
    found.dedup();
    let mut kept: Vec<Sight> = Vec::new();
    for sight in found {
        match kept.last_mut() {
            Some(last) if sight.range.start < last.range.end => {
                if sight.kind < last.kind && last.kind == SecretKind::Likely {
                    // The surer name, and all of both.
                    let range = last.range.start..last.range.end.max(sight.range.end);
                    *last = Sight { range, ..sight };
                }
                last.range.end = last.range.end.max(sight.range.end);
            }
            _ => kept.push(sight),
        }
    }
    kept
}
