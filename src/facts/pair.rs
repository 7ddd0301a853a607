//! What the change did: facts of the base side held against those of the head side.
//!
//! Owns the pairing rules. A fact that cannot be paired is added or removed, never dropped.

use std::collections::BTreeMap;
use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::lines::{ChangedLines, collapse_into};
use super::walk::{Raw, RawCall, RawImport, RawMatch, RawSymbol};
use super::{Call, FactChange, Import, Match, Symbol};

/// The two sides and the lines that differ. A side that does not exist has an empty text and no facts.
pub(crate) struct Sides<'a> {
    pub(crate) old_text: &'a str,
    pub(crate) new_text: &'a str,
    pub(crate) old_lines: &'a ChangedLines,
    pub(crate) new_lines: &'a ChangedLines,
    /// False when the sides are in languages of different families: then nothing is paired.
    pub(crate) related: bool,
}

/// The facts of both sides, each with what the change did, sorted by place.
#[derive(Default)]
pub(crate) struct Paired {
    pub(crate) symbols: Vec<Symbol>,
    pub(crate) imports: Vec<Import>,
    pub(crate) calls: Vec<Call>,
    pub(crate) matches: Vec<Match>,
}

/// Pairs all facts of two sides.
pub(crate) fn pair(old: Raw, new: Raw, sides: &Sides<'_>, external: fn(&str) -> bool) -> Paired {
    let rounds = if sides.related { vec![(old, new)] } else { vec![(Raw::default(), new), (old, Raw::default())] };
    let mut all = Paired::default();
    for (old, new) in rounds {
        all.symbols.extend(symbols(old.symbols, new.symbols, sides));
        all.imports.extend(imports(old.imports, new.imports, external));
        all.calls.extend(calls(old.calls, new.calls, sides));
        all.matches.extend(matches(old.matches, new.matches, sides));
    }
    all.symbols.sort_by(|a, b| (a.start, a.end, a).cmp(&(b.start, b.end, b)));
    all.imports.sort_by(|a, b| (a.line, &a.raw, a.change).cmp(&(b.line, &b.raw, b.change)));
    all.calls.sort_by(|a, b| (a.line, &a.callee, a.change).cmp(&(b.line, &b.callee, b.change)));
    all.matches.sort_by(|a, b| (a.start, a.column, a.end, a).cmp(&(b.start, b.column, b.end, b)));
    all
}

/// Pairs pattern hits of a file that was not parsed.
pub(crate) fn matches_only(old: Vec<RawMatch>, new: Vec<RawMatch>, sides: &Sides<'_>) -> Vec<Match> {
    let (old, new) = (Raw { matches: old, ..Raw::default() }, Raw { matches: new, ..Raw::default() });
    pair(old, new, sides, |_| false).matches
}

/// Indexes of the symbols of base and of head that share name and kind.
type Group = (Vec<usize>, Vec<usize>);

/// Pairs symbols by name and kind, then by declaration and body, then by the number of parameters, then in order.
fn symbols(old: Vec<RawSymbol>, new: Vec<RawSymbol>, sides: &Sides<'_>) -> Vec<Symbol> {
    let mut groups: BTreeMap<(&str, &str), Group> = BTreeMap::new();
    for (index, symbol) in old.iter().enumerate() {
        groups.entry((&symbol.qualified, &*symbol.kind)).or_default().0.push(index);
    }
    for (index, symbol) in new.iter().enumerate() {
        groups.entry((&symbol.qualified, &*symbol.kind)).or_default().1.push(index);
    }
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut lone: Vec<bool> = vec![true; old.len()];
    for (olds, news) in groups.into_values() {
        for (from, to) in pairs_of_group(&old, &new, olds, news, sides) {
            if let (Some(slot), Some(flag)) = (partner.get_mut(to), lone.get_mut(from)) {
                *slot = Some(from);
                *flag = false;
            }
        }
    }
    let mut found: Vec<Symbol> = Vec::with_capacity(new.len());
    for (symbol, partner) in new.iter().zip(&partner) {
        let before = partner.and_then(|index| old.get(index));
        let change = before.map_or(FactChange::Added, |before| symbol_change(before, symbol, sides));
        found.push(finished(symbol, before.map(|before| before.signature.clone()), change));
    }
    let removed = old.iter().zip(&lone).filter(|(_, lone)| **lone).map(|(symbol, _)| symbol);
    found.extend(removed.map(|symbol| finished(symbol, Some(symbol.signature.clone()), FactChange::Removed)));
    found
}

fn pairs_of_group(
    old: &[RawSymbol],
    new: &[RawSymbol],
    mut olds: Vec<usize>,
    mut news: Vec<usize>,
    sides: &Sides<'_>,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if olds.len() == 1 && news.len() == 1 {
        pairs.extend(olds.into_iter().zip(news));
        return pairs;
    }
    // Each round pairs what is alike by a weaker measure, in order; a queue a key keeps it linear.
    for round in 0..4 {
        let mut waiting: HashMap<(String, String), std::collections::VecDeque<usize>> = HashMap::new();
        let key = |symbol: &RawSymbol, text: &str| match round {
            0 => (symbol.signature.clone(), plain(text.get(symbol.body.clone()).unwrap_or_default())),
            1 => (symbol.signature.clone(), String::new()),
            2 => (symbol.arity.to_string(), String::new()),
            _ => (String::new(), String::new()),
        };
        for index in &olds {
            if let Some(symbol) = old.get(*index) {
                waiting.entry(key(symbol, sides.old_text)).or_default().push_back(*index);
            }
        }
        let mut taken = std::collections::HashSet::new();
        news.retain(|index| {
            let Some(symbol) = new.get(*index) else { return false };
            let from = waiting.get_mut(&key(symbol, sides.new_text)).and_then(std::collections::VecDeque::pop_front);
            let Some(from) = from else { return true };
            taken.insert(from);
            pairs.push((from, *index));
            false
        });
        olds.retain(|index| !taken.contains(index));
    }
    pairs
}

/// Returns a body without carriage returns before line feeds: another line ending is no other body.
fn plain(body: &str) -> String {
    body.replace("\r\n", "\n")
}

fn same_body(before: &RawSymbol, after: &RawSymbol, sides: &Sides<'_>) -> bool {
    let old = sides.old_text.get(before.body.clone()).unwrap_or_default();
    let new = sides.new_text.get(after.body.clone()).unwrap_or_default();
    old == new || (old.contains('\r') != new.contains('\r') && plain(old) == plain(new))
}

fn symbol_change(before: &RawSymbol, after: &RawSymbol, sides: &Sides<'_>) -> FactChange {
    if before.signature != after.signature {
        return FactChange::Signature;
    }
    if !same_body(before, after, sides) {
        return FactChange::Body;
    }
    // Rewritten in place, e.g. with other line endings, is not moved.
    match sides.new_lines.hunk_of(after.start) {
        Some(hunk) if sides.old_lines.hunk_of(before.start) != Some(hunk) => FactChange::Moved,
        _ => FactChange::Kept,
    }
}

fn finished(symbol: &RawSymbol, before: Option<String>, change: FactChange) -> Symbol {
    Symbol {
        name: symbol.name.clone(),
        qualified: symbol.qualified.clone(),
        kind: symbol.kind.clone().into_owned(),
        exported: symbol.exported,
        documented: symbol.documented,
        signature: symbol.signature.clone(),
        before: before.unwrap_or_default(),
        start: symbol.start,
        end: symbol.end,
        change,
    }
}

/// Pairs imports by their text over the whole file.
fn imports(old: Vec<RawImport>, new: Vec<RawImport>, external: fn(&str) -> bool) -> Vec<Import> {
    let mut left: HashMap<String, Vec<u32>> = HashMap::new();
    for import in old.iter().rev() {
        left.entry(import.raw.clone()).or_default().push(import.line);
    }
    let finished = |raw: String, line: u32, change: FactChange| Import {
        external: external(&raw),
        raw,
        target: String::new(),
        module: String::new(),
        line,
        change,
    };
    let mut found = Vec::with_capacity(new.len());
    for import in new {
        let paired = left.get_mut(&import.raw).and_then(Vec::pop).is_some();
        let change = if paired { FactChange::Kept } else { FactChange::Added };
        found.push(finished(import.raw, import.line, change));
    }
    for (raw, lines) in left {
        found.extend(lines.into_iter().map(|line| finished(raw.clone(), line, FactChange::Removed)));
    }
    found
}

/// Indexes of facts on removed lines, by a digest of name and text; the last is taken first.
type Left = HashMap<[u8; 32], Vec<usize>>;

/// Bytes of text that one file's facts may compare. Nested calls share their text, so it grows with depth.
const COMPARED: usize = 50_000_000;

/// Makes keys while there is room for them; a fact without a key is not paired.
struct Keys(usize);

impl Keys {
    /// Returns a digest of name and text, white space collapsed.
    fn of(&mut self, name: &str, text: &str, range: &std::ops::Range<usize>) -> Option<[u8; 32]> {
        let text = text.get(range.clone())?;
        self.0 = self.0.checked_sub(text.len())?;
        let mut collapsed = format!("{name}\0");
        collapse_into(&mut collapsed, text, usize::MAX);
        Some(Sha256::digest(collapsed.as_bytes()).into())
    }
}

/// Pairs calls: on changed lines they are moved when removed lines held the same text; on untouched ones kept when
/// base had them on the same line. Where it had none, a change elsewhere, such as the end of a comment or string, has
/// turned text into code.
fn calls(old: Vec<RawCall>, new: Vec<RawCall>, sides: &Sides<'_>) -> Vec<Call> {
    let (removed, rest): (Vec<_>, Vec<_>) = old.into_iter().partition(|call| sides.old_lines.holds(call.line));
    let mut stay: HashMap<u32, usize> = HashMap::new();
    for call in &rest {
        *stay.entry(call.line).or_default() += 1;
    }
    let (mut left, mut keys) = (Left::new(), Keys(COMPARED));
    for (index, call) in removed.iter().enumerate().rev() {
        if let Some(key) = keys.of(&call.callee, sides.old_text, &call.range) {
            left.entry(key).or_default().push(index);
        }
    }
    let mut lone = vec![true; removed.len()];
    let mut found = Vec::with_capacity(new.len());
    for call in new {
        let mut change = FactChange::Kept;
        if sides.new_lines.holds(call.line) || !was_there(&call, &mut stay, sides) {
            change = FactChange::Added;
            if !left.is_empty()
                && let Some(key) = keys.of(&call.callee, sides.new_text, &call.range)
                && let Some(index) = left.get_mut(&key).and_then(Vec::pop)
                && let Some(flag) = lone.get_mut(index)
            {
                *flag = false;
                change = FactChange::Moved;
            }
        }
        found.push(Call { callee: call.callee, line: call.line, change });
    }
    for (call, _) in removed.into_iter().zip(lone).filter(|(_, lone)| *lone) {
        found.push(Call { callee: call.callee, line: call.line, change: FactChange::Removed });
    }
    found
}

/// Takes a call of base that stands on the same untouched line, if there is one; its text may begin on a changed line.
fn was_there(call: &RawCall, stay: &mut HashMap<u32, usize>, sides: &Sides<'_>) -> bool {
    let line = sides.new_lines.on_other_side(call.line, sides.old_lines);
    let Some(count) = stay.get_mut(&line).filter(|count| **count > 0) else { return false };
    *count -= 1;
    true
}

/// Pairs pattern hits like calls; a hit is on changed lines when any of its lines is. A hit on untouched lines is kept
/// only where base had it too: a change elsewhere, such as the end of a comment, turns text into code.
fn matches(old: Vec<RawMatch>, new: Vec<RawMatch>, sides: &Sides<'_>) -> Vec<Match> {
    let touched = |lines: &ChangedLines, hit: &RawMatch| lines.touch(hit.found.start, hit.found.end);
    let (removed, rest): (Vec<_>, Vec<_>) = old.into_iter().partition(|hit| touched(sides.old_lines, hit));
    let mut keys = Keys(COMPARED);
    let (mut left, mut stay) = (waiting(&removed, &mut keys, sides), waiting(&rest, &mut keys, sides));
    let mut take = |from: &mut Left, hit: &RawMatch| {
        if from.is_empty() {
            return None;
        }
        from.get_mut(&keys.of(&hit.found.pattern, sides.new_text, &hit.range)?)?.pop()
    };
    let mut lone = vec![true; removed.len()];
    let mut found = Vec::with_capacity(new.len());
    for mut hit in new {
        if touched(sides.new_lines, &hit) || take(&mut stay, &hit).is_none() {
            hit.found.change = FactChange::Added;
            if let Some(flag) = take(&mut left, &hit).and_then(|index| lone.get_mut(index)) {
                *flag = false;
                hit.found.change = FactChange::Moved;
            }
        }
        found.push(hit.found);
    }
    for (mut hit, _) in removed.into_iter().zip(lone).filter(|(_, lone)| *lone) {
        hit.found.change = FactChange::Removed;
        found.push(hit.found);
    }
    found
}

/// Returns the hits of base by pattern and text, the first one last.
fn waiting(hits: &[RawMatch], keys: &mut Keys, sides: &Sides<'_>) -> Left {
    let mut left = Left::new();
    for (index, hit) in hits.iter().enumerate().rev() {
        if let Some(key) = keys.of(&hit.found.pattern, sides.old_text, &hit.range) {
            left.entry(key).or_default().push(index);
        }
    }
    left
}

/// Says whether head has hits that no changed line touches: only then the untouched lines of base must be asked too.
pub(crate) fn rest_matters(new: Option<&Raw>, lines: &ChangedLines) -> bool {
    new.is_some_and(|raw| raw.matches.iter().any(|hit| !lines.touch(hit.found.start, hit.found.end)))
}

/// Says whether a syntax error of head belongs to the change: it touches changed lines, or base had none at all.
pub(crate) fn errors_in_change(old: Option<&Raw>, new: &Raw, lines: &ChangedLines) -> bool {
    let introduced = !new.errors.is_empty() && old.is_some_and(|old| old.errors.is_empty());
    introduced || new.errors.iter().any(|(start, end)| lines.touch_or_border(*start, *end))
}
