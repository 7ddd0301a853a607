//! Words that a text must hold before a pattern can match in it, and a node before the pattern can match there.
//!
//! Owns what a rule object says about them. A rule about which nothing is known is always asked, so an error here may
//! only ever be to know too little.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};
use serde_json::Value;

/// A needle of fewer bytes is in every text.
const MIN_BYTES: usize = 3;

/// More alternatives than this are not worth the search.
const MAX_NEEDLES: usize = 128;

/// How deep rules within rules are followed.
const DEPTH: u8 = 12;

/// Texts of which at least one must be there.
type Words = BTreeSet<Vec<u8>>;

/// What a rule needs before it can match; nothing where it may match without any word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needles {
    /// What the whole text must hold.
    text: Option<Words>,
    /// What the node itself must hold.
    node: Option<Words>,
}

/// Returns the needles of a rule, from its core as JSON.
pub(crate) fn needles(core: &Value) -> Needles {
    let of = |whole| core.get("rule").and_then(|rule| of_rule(rule, whole, DEPTH));
    Needles { text: of(true), node: of(false) }
}

/// All keys of a rule object hold at once, so the best one serves. `whole` is whether the text around the node counts.
fn of_rule(rule: &Value, whole: bool, depth: u8) -> Option<Words> {
    let depth = depth.checked_sub(1)?;
    let mut found: Vec<Words> = Vec::new();
    for (key, value) in rule.as_object()? {
        found.extend(match key.as_str() {
            "pattern" => value.as_str().and_then(of_pattern),
            "regex" => value.as_str().and_then(of_regex),
            "all" => value
                .as_array()
                .and_then(|all| best(all.iter().filter_map(|rule| of_rule(rule, whole, depth)).collect())),
            "any" => value.as_array().and_then(|any| union(any, whole, depth)),
            "has" => of_rule(value, whole, depth),
            // What must stand elsewhere must stand in the same text.
            "inside" | "precedes" | "follows" if whole => of_rule(value, whole, depth),
            _ => None,
        });
    }
    best(found)
}

/// Returns what is found least often: the longest in its shortest needle, then the fewest, then the longest of all.
fn best(sets: Vec<Words>) -> Option<Words> {
    let shortest = |set: &Words| set.iter().map(Vec::len).min().unwrap_or(0);
    let letters = |set: &Words| set.iter().map(Vec::len).sum::<usize>();
    sets.into_iter().max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len()), letters(set)))
}

fn union(any: &[Value], whole: bool, depth: u8) -> Option<Words> {
    let sets: Option<Vec<Words>> = any.iter().map(|rule| of_rule(rule, whole, depth)).collect();
    usable(sets?.into_iter().flatten().collect())
}

fn usable(set: Words) -> Option<Words> {
    let long = set.iter().all(|needle| needle.len() >= MIN_BYTES);
    (long && !set.is_empty() && set.len() <= MAX_NEEDLES).then_some(set)
}

/// Returns the longest word of a pattern on one line; metavariables and what may be a comment stand for nothing.
fn of_pattern(pattern: &str) -> Option<Words> {
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

/// Returns texts one of which every match of a regular expression holds.
fn of_regex(regex: &str) -> Option<Words> {
    let hir = regex_syntax::parse(regex).ok()?;
    let ends = [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().filter_map(|kind| of_ends(&hir, kind));
    best(ends.chain(within(&hir, DEPTH)).collect())
}

fn of_ends(hir: &Hir, kind: ExtractKind) -> Option<Words> {
    let mut extractor = Extractor::new();
    extractor.kind(kind);
    let literals = extractor.extract(hir);
    usable(literals.literals()?.iter().filter_map(|literal| longest_word(literal.as_bytes())).collect())
}

/// Returns texts one of which stands somewhere in every match.
fn within(hir: &Hir, depth: u8) -> Option<Words> {
    let depth = depth.checked_sub(1)?;
    match hir.kind() {
        HirKind::Literal(literal) => usable(longest_word(&literal.0).into_iter().collect()),
        HirKind::Capture(capture) => within(&capture.sub, depth),
        HirKind::Repetition(repetition) if repetition.min > 0 => within(&repetition.sub, depth),
        HirKind::Concat(parts) => best(parts.iter().filter_map(|part| within(part, depth)).collect()),
        HirKind::Alternation(parts) => {
            let sets: Option<Vec<Words>> = parts.iter().map(|part| within(part, depth)).collect();
            usable(sets?.into_iter().flatten().collect())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// Between the words of a name there may be more than an expression says.
fn longest_word(text: &[u8]) -> Option<Vec<u8>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    text.split(|byte| !is_word(byte)).max_by_key(|word| word.len()).map(<[u8]>::to_vec)
}

/// Looks for the needles of many patterns in one pass.
#[derive(Default)]
pub(crate) struct Haystacker {
    search: Option<AhoCorasick>,
    /// By needle, the patterns that need it.
    wanted: Vec<Vec<Wanted>>,
    /// Patterns that are asked in every text.
    always: Vec<bool>,
    /// Patterns of which each match holds a needle.
    placed: Vec<bool>,
}

/// A pattern, and whether the text must hold the needle or the node.
type Wanted = (u32, bool);

/// What may match in one text.
pub(crate) struct Haystack {
    possible: Vec<bool>,
    /// By pattern, where its needles begin and end, in order; none where that is not asked.
    places: Vec<Option<Vec<(usize, usize)>>>,
}

impl Haystacker {
    /// Prepares the search for patterns with these needles.
    pub(crate) fn new<'a>(patterns: impl Iterator<Item = &'a Needles>) -> Self {
        let mut by_word: BTreeMap<&[u8], Vec<Wanted>> = BTreeMap::new();
        let (mut always, mut placed) = (Vec::new(), Vec::new());
        for (index, needles) in (0u32..).zip(patterns) {
            always.push(needles.text.is_none());
            placed.push(needles.node.is_some());
            for (words, node) in [(&needles.text, false), (&needles.node, true)] {
                for word in words.iter().flatten() {
                    by_word.entry(word).or_default().push((index, node));
                }
            }
        }
        match AhoCorasick::new(by_word.keys()) {
            Ok(search) => Self { search: Some(search), wanted: by_word.into_values().collect(), always, placed },
            // Too large a search: all patterns are asked.
            Err(_) => {
                let (always, placed) = (vec![true; always.len()], vec![false; always.len()]);
                Self { search: None, wanted: Vec::new(), always, placed }
            }
        }
    }

    /// Says of each pattern whether it may match in a text, and where.
    pub(crate) fn look(&self, text: &str) -> Haystack {
        let mut possible = self.always.clone();
        let mut places: Vec<_> = self.placed.iter().map(|placed| placed.then(Vec::new)).collect();
        let Some(search) = self.search.as_ref() else { return Haystack { possible, places } };
        for hit in search.find_overlapping_iter(text) {
            for (pattern, node) in self.wanted.get(hit.pattern().as_usize()).into_iter().flatten() {
                let index = *pattern as usize;
                if *node {
                    if let Some(Some(places)) = places.get_mut(index) {
                        places.push((hit.start(), hit.end()));
                    }
                } else if let Some(flag) = possible.get_mut(index) {
                    *flag = true;
                }
            }
        }
        Haystack { possible, places }
    }
}

impl Haystack {
    /// Says whether a pattern may match at a node of these bytes.
    pub(crate) fn may_match(&self, pattern: usize, node: &Range<usize>) -> bool {
        if self.possible.get(pattern) != Some(&true) {
            return false;
        }
        let Some(Some(places)) = self.places.get(pattern) else { return true };
        // Places come in the order of their ends. One that begins in front of the node may hide another that does not.
        let from = places.partition_point(|(_, end)| *end <= node.start);
        let inside = |place: &&(usize, usize)| place.1 <= node.end;
        places.get(from..).unwrap_or_default().iter().take_while(inside).any(|(start, _)| *start >= node.start)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(set: Words) -> Vec<String> {
        set.into_iter().map(|needle| String::from_utf8(needle).unwrap()).collect()
    }

    fn of(rule: Value) -> Option<Vec<String>> {
        needles(&json!({"rule": rule})).text.map(texts)
    }

    #[test]
    fn a_rule_needs_the_best_of_what_holds_at_once_and_all_of_what_may() {
        assert_eq!(of(json!({"pattern": "exec.Command($$$ARGS)"})), Some(vec!["Command".to_owned()]));
        assert_eq!(of(json!({"regex": "^exec\\.(Command|CommandContext)$"})).unwrap()[0], "Command");
        let inner = json!({"regex": "^\\s*(\\w*cmd)\\.(Output|Start)+\\(|^x?Dial\\("});
        assert_eq!(of(inner).unwrap(), ["Dial", "Output", "Start"]);
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
            json!({"regex": "^\\w+(eval|[a-z]+)\\w+$"}),
            json!({"any": [{"pattern": "eval($X)"}, {"kind": "call"}]}),
            json!({"any": []}),
        ] {
            assert_eq!(of(rule.clone()), None, "{rule}");
        }
    }

    #[test]
    fn what_stands_around_a_node_is_no_need_of_the_node() {
        let of = |rule: Value| needles(&json!({"rule": rule})).node.map(texts);
        let inside = json!({"pattern": "run($X)", "inside": {"pattern": "dangerous($$$)"}});
        assert_eq!(of(inside), Some(vec!["run".to_owned()]));
        assert_eq!(of(json!({"kind": "call", "follows": {"regex": "^import"}})), None);
        let either = json!({"any": [{"pattern": "run($X)"}, {"kind": "call", "inside": {"pattern": "danger($Y)"}}]});
        assert_eq!(of(either), None);
        assert_eq!(of(json!({"kind": "call", "has": {"regex": "^import"}})), Some(vec!["import".to_owned()]));
    }

    fn search(sets: &[&[&str]]) -> Haystacker {
        let words = |list: &&[&str]| list.iter().map(|needle| needle.as_bytes().to_vec()).collect::<Words>();
        let needles: Vec<Needles> = sets
            .iter()
            .map(|list| Some(words(list)).filter(|words| !words.is_empty()))
            .map(|words| Needles { text: words.clone(), node: words })
            .collect();
        Haystacker::new(needles.iter())
    }

    #[test]
    fn overlapping_needles_are_all_found() {
        let search = search(&[&["exec"], &["execSync"], &["Sync"], &["other"], &[]]);
        let possible = |text: &str| {
            let found = search.look(text);
            [0, 1, 2, 3, 4].map(|pattern| found.may_match(pattern, &(0..text.len())))
        };
        assert_eq!(possible("a.execSync(b)"), [true, true, true, false, true]);
        assert_eq!(possible(""), [false, false, false, false, true]);
    }

    #[test]
    fn a_node_without_a_needle_is_not_asked() {
        let text = "import md5\nhash(a) + md5(b) + sha(c)";
        let search = search(&[&["md5", "md5(b"]]);
        let found = search.look(text);
        let asked = |part: &str| {
            let start = text.find(part).unwrap();
            found.may_match(0, &(start..start + part.len()))
        };
        assert!(asked("md5(b)") && asked(") + md5(b"));
        assert!(!asked("hash(a)") && !asked("sha(c)") && !asked("d5(b)") && !asked("+ md"));
    }

    #[test]
    fn a_long_needle_that_begins_before_a_node_hides_no_short_one_in_it() {
        let (text, search) = ("xx.exec()", search(&[&["xx.exec", "exec"]]));
        assert!(search.look(text).may_match(0, &(3..9)));
        assert!(!search.look("xx.exe()").may_match(0, &(3..8)));
    }
}
