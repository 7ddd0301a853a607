//! From requests to requirements: which approvals a change needs, each once, and why.
//!
//! Owns the rules: a change of layer 2 needs every owner that it reaches; one of layer 3 needs besides them one approval
//! of a team that may give layer 3; who is named by a request is asked whatever else holds. Another request or another
//! file can only add: no requirement falls away, becomes smaller or covers less. Must not judge approvals.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::decision_record::Records;
use super::reached::Reached;
use super::{Requirement, Review, ReviewRequest};
use crate::finding::RuleId;
use crate::untrusted::Untrusted;

/// The deepest layer.
const ARCHITECTURE: u8 = 3;
/// The layer at which a person looks.
const TEAM: u8 = 2;

/// What makes two requirements one: layer (deepest first), team, certificate.
type Key = (Reverse<u8>, String, String);

/// What a requirement grows from.
#[derive(Clone, Default)]
struct Grounds {
    count: u32,
    reasons: BTreeSet<String>,
    rules: BTreeSet<RuleId>,
    scope: Scope,
}

/// The files that a requirement is about.
#[derive(Clone, PartialEq, Eq)]
enum Scope {
    Whole,
    Paths(BTreeSet<String>),
}

impl Default for Scope {
    fn default() -> Self {
        Self::Paths(BTreeSet::new())
    }
}

impl Scope {
    fn of<'p>(paths: impl IntoIterator<Item = &'p String>) -> Self {
        let paths: BTreeSet<String> = paths.into_iter().cloned().collect();
        if paths.is_empty() { Self::Whole } else { Self::Paths(paths) }
    }

    fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Paths(mine), Self::Paths(more)) => mine.extend(more),
            _ => *self = Self::Whole,
        }
    }

    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::Paths(_), Self::Whole) => false,
            (Self::Paths(mine), Self::Paths(other)) => other.is_subset(mine),
        }
    }
}

impl Grounds {
    /// Adds a request; `scope` is what the requirement is about because of it.
    fn add(&mut self, request: &ReviewRequest, scope: Scope) {
        self.count = self.count.max(request.count).max(1);
        // A reason is one line, so that a report can list them.
        self.reasons.insert(line(request.reason.raw()));
        self.rules.insert(request.rule.clone());
        self.scope.join(scope);
    }

    fn join(&mut self, other: Self) {
        self.count = self.count.max(other.count);
        self.reasons.extend(other.reasons);
        self.rules.extend(other.rules);
        self.scope.join(other.scope);
    }
}

fn line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// Returns the review that `requests` add up to for a change that reaches those owners.
///
/// Requests of one layer, team and certificate are one requirement with the largest count, all reasons and all paths.
/// - Layer 2: one approval of each owner reached. A request of layer 2 without a team is met by these; files that nobody
///   owns need the approval of anyone who may give layer 2.
/// - Layer 3: besides, one approval of anyone who may give layer 3, also where a request of layer 3 names a team.
/// - A requirement without a certificate is part of one with a certificate that asks the same team for no less.
/// - Where a request wants a decision record, that is a requirement of its own, and the layer is 3.
///
/// Nothing is met yet but the decision record: `approvals` judges the rest.
#[must_use]
pub fn required(requests: &[ReviewRequest], reached: &Reached, records: &Records) -> Review {
    let requests: Vec<&ReviewRequest> = requests.iter().filter(|request| depth(request) > 1).collect();
    let layer = requests.iter().map(|request| depth(request)).max().unwrap_or(1);
    let mut grouped: BTreeMap<Key, Grounds> = BTreeMap::new();
    for request in &requests {
        ask(request, reached, &mut grouped);
    }
    if layer > 1 {
        ask_owners(&requests, reached, &mut grouped);
    }
    if layer == ARCHITECTURE {
        ask_architects(&requests, &mut grouped);
    }
    let mut requirements: Vec<Requirement> = merged(grouped).into_iter().map(requirement).collect();
    let recording: Vec<&ReviewRequest> = requests.iter().copied().filter(|request| request.record).collect();
    if !recording.is_empty() {
        let at = requirements.iter().take_while(|requirement| requirement.layer == ARCHITECTURE).count();
        requirements.insert(at, records.requirement(&recording));
    }
    Review { layer, requirements }
}

/// Returns the layer that a request asks for; a decision record belongs to layer 3.
fn depth(request: &ReviewRequest) -> u8 {
    if request.record { ARCHITECTURE } else { request.layer.clamp(1, ARCHITECTURE) }
}

/// Adds what one request asks for.
fn ask(request: &ReviewRequest, reached: &Reached, grouped: &mut BTreeMap<Key, Grounds>) {
    let layer = depth(request);
    let mut add = |team: &str, scope: Scope| {
        let key = (Reverse(layer), team.to_owned(), request.certified.clone());
        grouped.entry(key).or_default().add(request, scope);
    };
    if !request.team.is_empty() || layer == ARCHITECTURE {
        add(request.team.raw(), Scope::of(&request.paths));
        return;
    }
    for (owner, paths) in &reached.owners {
        add(owner, Scope::of(paths));
    }
    if !reached.unowned.is_empty() {
        add("", Scope::of(&reached.unowned));
    } else if reached.owners.is_empty() {
        add("", Scope::of(&request.paths));
    }
}

/// Adds one approval of each owner reached, whoever asked for the review.
fn ask_owners(requests: &[&ReviewRequest], reached: &Reached, grouped: &mut BTreeMap<Key, Grounds>) {
    for (owner, paths) in &reached.owners {
        let entry = grouped.entry((Reverse(TEAM), owner.clone(), String::new())).or_default();
        entry.count = entry.count.max(1);
        entry.scope.join(Scope::of(paths));
        entry.reasons.insert(owns(paths));
        // Where no request led to this owner, everyone asked who made the review this deep.
        if entry.rules.is_empty() {
            entry.rules.extend(requests.iter().map(|request| request.rule.clone()));
        }
    }
}

fn owns(paths: &BTreeSet<String>) -> String {
    let first = paths.first().map(|path| line(path)).unwrap_or_default();
    match paths.len() {
        0 | 1 => format!("owns {first}"),
        2 => format!("owns {first} and 1 more file of the change"),
        many => format!("owns {first} and {} more files of the change", many - 1),
    }
}

/// Adds one approval of anyone who may give layer 3, about everything that asked for this layer.
fn ask_architects(requests: &[&ReviewRequest], grouped: &mut BTreeMap<Key, Grounds>) {
    let entry = grouped.entry((Reverse(ARCHITECTURE), String::new(), String::new())).or_default();
    for request in requests.iter().filter(|request| depth(request) == ARCHITECTURE) {
        let one = ReviewRequest { count: 1, ..(*request).clone() };
        // What surrounds the place that asked is part of the decision.
        entry.add(&one, Scope::Whole);
    }
}

/// Lets a requirement without a certificate be part of one with a certificate, where that asks for no less.
fn merged(mut grouped: BTreeMap<Key, Grounds>) -> BTreeMap<Key, Grounds> {
    let plain: Vec<Key> = grouped.keys().filter(|key| key.2.is_empty()).cloned().collect();
    for key in plain {
        let Some(grounds) = grouped.get(&key).cloned() else { continue };
        let stricter = grouped.iter_mut().find(|(other, more)| {
            (other.0, &other.1) == (key.0, &key.1)
                && !other.2.is_empty()
                && more.count >= grounds.count
                && more.scope.covers(&grounds.scope)
        });
        if let Some((_, more)) = stricter {
            more.join(grounds);
            grouped.remove(&key);
        }
    }
    grouped
}

fn requirement((key, grounds): (Key, Grounds)) -> Requirement {
    let (Reverse(layer), team, certified) = key;
    let mut id = if team.is_empty() { format!("layer-{layer}") } else { format!("layer-{layer}/{team}") };
    if !certified.is_empty() {
        id = format!("{id}+{certified}");
    }
    Requirement {
        id,
        layer,
        team: Untrusted::new(team),
        count: grounds.count,
        certified: Untrusted::new(certified),
        paths: match grounds.scope {
            Scope::Whole => Vec::new(),
            Scope::Paths(paths) => paths.into_iter().map(Untrusted::new).collect(),
        },
        reason: Untrusted::new(grounds.reasons.into_iter().collect::<Vec<_>>().join("\n")),
        rules: grounds.rules.into_iter().collect(),
        met: false,
        approvals: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
