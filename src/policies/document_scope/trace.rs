//! Why a rule of scope `document` fired on each document of a file, and which of its results are new.
//!
//! Owns the words for old and new. It compares with the same functions that a run which judges does.

use std::collections::BTreeSet;

use super::subject::Subject;
use super::{Manner, Seen, key, old, with_place};
use crate::clock::Deadline;
use crate::policies::evaluate::Engines;
use crate::policies::places::Touched;
use crate::policies::trace::{Bench, Came, Look, Tracing};
use crate::policies::{Fault, RuleResult};

/// How many documents of one file are traced.
const DOCUMENTS: usize = 16;

impl Engines {
    /// Traces the rule with that index on what its package looks at.
    pub(in crate::policies) fn trace_document(&self, bench: &Bench<'_>, subject: &Subject, rule: usize) -> Tracing {
        let prepared = bench.prepared;
        let engine = match with_place(prepared, &subject.head.path) {
            Ok(engine) => engine,
            Err(why) => return Tracing { notes: vec![why], ..Tracing::default() },
        };
        // Exactly what judges: the other rules of the package share its budget.
        let manner = Manner { skip: &BTreeSet::new(), all: false, coverage: false };
        let deadline = Deadline::after_ms(self.limits.evaluation_ms);
        let head = self.side(prepared, &subject.path, &subject.head, deadline, &manner);
        let base = self.side(prepared, &subject.path, &subject.base, deadline, &manner);
        let of = |seen: &Seen| -> Vec<RuleResult> {
            seen.results().filter(|result| result.rule as usize == rule).cloned().collect()
        };
        let (mine, there) = (of(&head), of(&base));
        let mut ages = old(mine.iter(), there.iter(), &subject.touched).into_iter();
        let each: Vec<Vec<Came>> = head
            .each
            .iter()
            .map(|one| {
                let own = one.results.iter().filter(|result| result.rule as usize == rule);
                own.map(|result| came(result, ages.next().unwrap_or_default(), &mine, &there)).collect()
            })
            .collect();
        let total = subject.head.inputs.len();
        let mut chosen: Vec<usize> = (0..total).collect();
        chosen.sort_by_key(|at| (each.get(*at).is_none_or(Vec::is_empty), *at));
        chosen.truncate(DOCUMENTS);
        chosen.sort_unstable();
        let inputs = chosen.iter().filter_map(|at| subject.head.inputs.get(*at).cloned()).collect();
        let traced = bench.clauses(&engine, inputs);
        let looks = chosen.iter().zip(traced).map(|(at, clauses)| Look {
            number: if total > 1 { (*at as u64).saturating_add(1) } else { 0 },
            of: total as u64,
            clauses,
            came: each.get(*at).cloned().unwrap_or_default(),
        });
        Tracing {
            looks: looks.collect(),
            more: total.saturating_sub(chosen.len()) as u64,
            notes: notes(subject, (&head, &base), (&mine, &there)),
            faults: Vec::new(),
        }
    }
}

fn came(result: &RuleResult, old: bool, head: &[RuleResult], base: &[RuleResult]) -> Came {
    let same = |all: &[RuleResult]| all.iter().filter(|one| key(one) == key(result)).count();
    let worded = |all: &[RuleResult]| all.iter().any(|one| one.message == result.message);
    let why = match (old, same(base), same(head)) {
        (true, ..) => "base gives it too".to_owned(),
        (false, 0, _) if worded(base) => {
            "base gives the same message, but with other keys or another `exception`".to_owned()
        }
        (false, 0, _) => "base does not give it".to_owned(),
        (false, there, here) => format!("base gives it {}, head {}", times(there), times(here)),
    };
    Came { message: result.message.clone(), old, excepted: result.excepted, why }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// Says what must be known about the sides: what base is, what it gave that is gone, and what went wrong.
fn notes(
    subject: &Subject,
    (head, base): (&Seen, &Seen),
    (mine, there): (&[RuleResult], &[RuleResult]),
) -> Vec<String> {
    let mut notes = Vec::new();
    if subject.base.inputs.is_empty() {
        notes.push("base has no document here that could be read: everything is new".to_owned());
    } else if subject.base.path != subject.head.path {
        notes.push(format!("held against {} of base", subject.base.path));
    }
    let gone = old(there.iter(), mine.iter(), &Touched::default()).into_iter().filter(|still| !still).count();
    if gone > 0 {
        let s = if gone == 1 { "" } else { "s" };
        notes.push(format!("base gives {gone} result{s} that head does not give any more"));
    }
    for (side, seen) in [("head", head), ("base", base)] {
        let faults: BTreeSet<&Fault> = seen.faults.iter().chain(seen.each.iter().flat_map(|one| &one.faults)).collect();
        notes.extend(faults.into_iter().map(|fault| format!("on {side}: {}", fault.message)));
    }
    notes
}
