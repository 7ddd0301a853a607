//! Rules of one system that contradict: what the one allows by name, the other forbids.
//!
//! Owns the comparison of claims, pair by pair of modules. Prohibitions that only overlap are no contradiction: code can
//! obey both. Rules that hold for some paths only are left out, because their paths may never meet.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::shortened;
use crate::specification::Specification;
use crate::specification::rule::Rule;

/// What a rule says about one module importing another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The module that imports; `*` is every other one.
    pub from: String,
    /// The module that is imported.
    pub to: String,
    /// What is said.
    pub says: Says,
}

/// What is said about an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// It stands above, so it may import.
    Above,
    /// It is named as one that may import.
    Allows,
    /// It must not import.
    Forbids,
}

/// A rule that contradicts another, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::enforcement) struct Contradiction<'r> {
    /// The later rule by id; the fault is shown there.
    pub(in crate::enforcement) rule: &'r Rule,
    /// What is wrong.
    pub(in crate::enforcement) title: String,
    /// Where the other one stands.
    pub(in crate::enforcement) help: String,
}

/// Where a pair of modules was spoken of: system, importing and imported module.
type At = (String, String, String);

/// Rules that name who may import a module, with those names, by system and module.
type Importers<'r, 'c> = BTreeMap<(String, String), Vec<(&'r Rule, BTreeSet<&'c str>)>>;

/// Returns one contradiction for each pair of rules at most, in the order of their ids.
pub(in crate::enforcement) fn contradictions<'r>(
    specification: &Specification,
    rules: &[(&'r Rule, Vec<Claim>)],
) -> Vec<Contradiction<'r>> {
    let mut said: BTreeMap<At, BTreeMap<Says, &'r Rule>> = BTreeMap::new();
    let mut importers: Importers<'r, '_> = BTreeMap::new();
    let mut found: BTreeMap<(&str, &str), Contradiction<'r>> = BTreeMap::new();
    for (rule, claims) in rules.iter().filter(|(rule, _)| rule.scope.paths.is_empty()) {
        for system in rule.scope.systems.iter().filter(|system| rule.status_in(system).runs()) {
            for at in claims.iter().flat_map(|claim| placed(specification, system, claim)) {
                let (at, says) = at;
                if let Some((other, what)) = against(said.get(&at), said.get(&reversed(&at)), says, &at)
                    && other.id != rule.id
                {
                    let key = (other.id.as_str(), rule.id.as_str());
                    found.entry(key).or_insert_with(|| contradiction(rule, other, &what));
                }
                said.entry(at).or_default().entry(says).or_insert(rule);
            }
            for (to, named) in named_importers(claims) {
                let known = importers.entry((system.clone(), to.to_owned())).or_default();
                for (other, names) in known.iter().filter(|(_, names)| names.is_disjoint(&named)) {
                    let (a, b) = (list(names), list(&named));
                    let what = format!("the first lets only {a} import `{}`, the second only {b}", shortened(to));
                    let key = (other.id.as_str(), rule.id.as_str());
                    found.entry(key).or_insert_with(|| contradiction(rule, other, &what));
                }
                known.push((rule, named));
            }
        }
    }
    found.into_values().collect()
}

fn reversed((system, from, to): &At) -> At {
    (system.clone(), to.clone(), from.clone())
}

/// Finds who says the contrary about the same pair of modules, and of two orders who has the other one.
fn against<'r>(
    same: Option<&BTreeMap<Says, &'r Rule>>,
    reverse: Option<&BTreeMap<Says, &'r Rule>>,
    says: Says,
    (_, from, to): &At,
) -> Option<(&'r Rule, String)> {
    let (from, to) = (shortened(from), shortened(to));
    let by = |said: Option<&BTreeMap<Says, &'r Rule>>, wanted: Says| said?.get(&wanted).copied();
    match says {
        Says::Allows => {
            Some((by(same, Says::Forbids)?, format!("the first forbids `{from}` to import `{to}`, the second lets it")))
        }
        Says::Forbids => {
            Some((by(same, Says::Allows)?, format!("the first lets `{from}` import `{to}`, the second forbids it")))
        }
        Says::Above => {
            let other = by(reverse, Says::Above)?;
            Some((other, format!("the first puts `{to}` above `{from}`, the second `{from}` above `{to}`")))
        }
    }
}

/// Returns what a claim says in one system; only of modules that the system has.
fn placed(specification: &Specification, system: &str, claim: &Claim) -> Vec<(At, Says)> {
    let Some(modules) = specification.systems.get(system).map(|system| &system.modules) else { return Vec::new() };
    let from: Vec<&String> = match claim.from.as_str() {
        "*" => modules.keys().filter(|name| **name != claim.to).collect(),
        name => modules.get_key_value(name).map(|(name, _)| name).into_iter().collect(),
    };
    let from = from.into_iter().filter(|_| modules.contains_key(&claim.to));
    from.map(|from| ((system.to_owned(), from.clone(), claim.to.clone()), claim.says)).collect()
}

fn named_importers(claims: &[Claim]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.says == Says::Allows) {
        named.entry(&claim.to).or_default().insert(&claim.from);
    }
    named
}

fn list(names: &BTreeSet<&str>) -> String {
    super::words::joined(&names.iter().take(5).copied().collect::<Vec<_>>(), "and")
}

fn contradiction<'r>(rule: &'r Rule, other: &Rule, what: &str) -> Contradiction<'r> {
    Contradiction {
        rule,
        title: format!("{} and {} contradict: {what}", other.id, rule.id),
        help: format!("{} stands at {}:{}. Change one of the two.", other.id, other.file, other.line),
    }
}
