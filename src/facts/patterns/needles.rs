//! Words that a text must hold before a pattern can match in it.
//!
//! Owns what a rule object says about them. A rule about which nothing is known is always asked, so an error here may
//! only ever be to know too little.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use serde_json::Value;

/// A needle of fewer bytes is in every text.
const MIN_BYTES: usize = 3;

/// More alternatives than this are not worth the search.
const MAX_NEEDLES: usize = 64;

/// How deep rules within rules are followed.
const DEPTH: u8 = 12;

/// Texts of which a match holds at least one.
pub(crate) type Needles = BTreeSet<Vec<u8>>;

/// Returns the needles of a rule, from its core as JSON; none where it may match without any.
pub(crate) fn needles(core: &Value) -> Option<Needles> {
    of_rule(core.get("rule")?, DEPTH)
}

/// All keys of a rule object hold at once, so the best one serves.
fn of_rule(rule: &Value, depth: u8) -> Option<Needles> {
    let depth = depth.checked_sub(1)?;
    let mut found: Vec<Needles> = Vec::new();
    for (key, value) in rule.as_object()? {
        found.extend(match key.as_str() {
            "pattern" => value.as_str().and_then(of_pattern),
            "regex" => value.as_str().and_then(of_regex),
            "all" => {
                value.as_array().and_then(|all| best(all.iter().filter_map(|rule| of_rule(rule, depth)).collect()))
            }
            "any" => value.as_array().and_then(|any| union(any, depth)),
            // What must stand elsewhere must stand in the same text.
            "has" | "inside" | "precedes" | "follows" => of_rule(value, depth),
            _ => None,
        });
    }
    best(found)
}

/// Returns what is found least often: the longest in its shortest needle, then the fewest.
fn best(sets: Vec<Needles>) -> Option<Needles> {
    let shortest = |set: &Needles| set.iter().map(Vec::len).min().unwrap_or(0);
    sets.into_iter().max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len())))
}

fn union(any: &[Value], depth: u8) -> Option<Needles> {
    let sets: Option<Vec<Needles>> = any.iter().map(|rule| of_rule(rule, depth)).collect();
    usable(sets?.into_iter().flatten().collect())
}

fn usable(set: Needles) -> Option<Needles> {
    let long = set.iter().all(|needle| needle.len() >= MIN_BYTES);
    (long && !set.is_empty() && set.len() <= MAX_NEEDLES).then_some(set)
}

/// Returns the longest word of a pattern on one line; metavariables and what may be a comment stand for nothing.
fn of_pattern(pattern: &str) -> Option<Needles> {
    if ["\n", "//", "/*", "#", "--"].iter().any(|mark| pattern.contains(mark)) {
        return None;
    }
    let mut words = pattern.split('$').enumerate().flat_map(|(index, part)| {
        let name = |letter: char| letter == '_' || letter.is_ascii_uppercase() || letter.is_ascii_digit();
        let rest = if index == 0 { part } else { part.trim_start_matches(name) };
        rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
    });
    let first = words.next()?;
    let longest = words.fold(first, |longest, word| if word.len() > longest.len() { word } else { longest });
    usable(std::iter::once(longest.as_bytes().to_vec()).collect())
}

/// Returns texts one of which every match of a regular expression begins or ends with.
fn of_regex(regex: &str) -> Option<Needles> {
    let hir = regex_syntax::parse(regex).ok()?;
    let kinds = [ExtractKind::Prefix, ExtractKind::Suffix];
    best(kinds.into_iter().filter_map(|kind| of_ends(&hir, kind)).collect())
}

fn of_ends(hir: &Hir, kind: ExtractKind) -> Option<Needles> {
    let mut extractor = Extractor::new();
    extractor.kind(kind);
    let literals = extractor.extract(hir);
    // Between the words of a name there may be more than the expression says.
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let word = |text: &[u8]| text.split(|byte| !is_word(byte)).max_by_key(|word| word.len()).map(<[u8]>::to_vec);
    usable(literals.literals()?.iter().filter_map(|literal| word(literal.as_bytes())).collect())
}

/// Looks for the needles of many patterns in one pass.
#[derive(Default)]
pub(crate) struct Haystacker {
    search: Option<AhoCorasick>,
    /// By needle, the patterns that need it.
    wanted: Vec<Vec<u32>>,
    /// Patterns that are asked in every text.
    always: Vec<bool>,
}

impl Haystacker {
    /// Prepares the search for patterns with these needles.
    pub(crate) fn new<'a>(patterns: impl Iterator<Item = Option<&'a Needles>>) -> Self {
        let (mut texts, mut wanted, mut always): (Vec<&Vec<u8>>, Vec<Vec<u32>>, Vec<bool>) = Default::default();
        for (index, needles) in (0u32..).zip(patterns) {
            always.push(needles.is_none());
            for needle in needles.into_iter().flatten() {
                match texts.iter().position(|text| *text == needle).and_then(|at| wanted.get_mut(at)) {
                    Some(list) => list.push(index),
                    None => {
                        texts.push(needle);
                        wanted.push(vec![index]);
                    }
                }
            }
        }
        match AhoCorasick::new(&texts) {
            Ok(search) => Self { search: Some(search), wanted, always },
            // Too large a search: all patterns are asked.
            Err(_) => Self { search: None, wanted: Vec::new(), always: vec![true; always.len()] },
        }
    }

    /// Says of each pattern whether it may match in a text.
    pub(crate) fn possible(&self, text: &str) -> Vec<bool> {
        let mut possible = self.always.clone();
        let mut left = possible.iter().filter(|known| !**known).count();
        let Some(search) = self.search.as_ref().filter(|_| left > 0) else { return possible };
        for hit in search.find_overlapping_iter(text) {
            for pattern in self.wanted.get(hit.pattern().as_usize()).into_iter().flatten() {
                if let Some(flag) = possible.get_mut(*pattern as usize).filter(|flag| !**flag) {
                    *flag = true;
                    left = left.saturating_sub(1);
                }
            }
            if left == 0 {
                break;
            }
        }
        possible
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(rule: Value) -> Option<Vec<String>> {
        let texts = |set: Needles| set.into_iter().map(|needle| String::from_utf8(needle).unwrap()).collect();
        needles(&json!({"rule": rule})).map(texts)
    }

    #[test]
    fn a_rule_needs_the_best_of_what_holds_at_once_and_all_of_what_may() {
        assert_eq!(of(json!({"pattern": "exec.Command($$$ARGS)"})), Some(vec!["Command".to_owned()]));
        assert_eq!(of(json!({"regex": "^exec\\.(Command|CommandContext)$"})).unwrap()[0], "Command");
        let any = json!({"any": [{"pattern": "eval($X)"}, {"has": {"field": "function", "regex": "^Function$"}}]});
        assert_eq!(of(any), Some(vec!["Function".to_owned(), "eval".to_owned()]));
        let all = json!({"kind": "call", "all": [{"pattern": "run($X)"}, {"inside": {"pattern": "danger($Y)"}}]});
        assert_eq!(of(all), Some(vec!["danger".to_owned()]));
        let cases = of(json!({"regex": "^(?i:md5)$"})).unwrap();
        assert!(cases.len() == 4 && cases.contains(&"mD5".to_owned()), "{cases:?}");
    }

    #[test]
    fn nothing_is_known_of_what_may_match_without_a_word() {
        for rule in [
            json!({"kind": "call"}),
            json!({"not": {"pattern": "eval($X)"}}),
            json!({"matches": "util"}),
            json!({"pattern": "$F($X)"}),
            json!({"pattern": "$EVAL($X)"}),
            json!({"pattern": {"context": "eval(x)", "selector": "call"}}),
            json!({"pattern": "a(1) // eval"}),
            json!({"regex": "^[a-z]+$"}),
            json!({"regex": "(eval)?"}),
            json!({"any": [{"pattern": "eval($X)"}, {"kind": "call"}]}),
            json!({"any": []}),
        ] {
            assert_eq!(of(rule.clone()), None, "{rule}");
        }
    }

    #[test]
    fn overlapping_needles_are_all_found() {
        let sets: Vec<Needles> = [["exec"], ["execSync"], ["Sync"], ["other"]]
            .map(|list| list.iter().map(|needle| needle.as_bytes().to_vec()).collect())
            .into();
        let search = Haystacker::new(sets.iter().map(Some).chain([None]));
        assert_eq!(search.possible("a.execSync(b)"), [true, true, true, false, true]);
        assert_eq!(search.possible(""), [false, false, false, false, true]);
    }
}
