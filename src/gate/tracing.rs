//! `check --trace`: a verdict, and beside it why one rule fired, or did not.
//!
//! Owns which rule and files are meant, and why a rule did not run. The verdict is that of `check`.

mod targets;

use std::collections::BTreeSet;

use crate::diagnostic::{UsageError, shortened};
use crate::enforcement::own_rules::OWN_RULES;
use crate::enforcement::rego;
use crate::error::Error;
use crate::finding::{RuleId, Status};
use crate::gate::collect::Collection;
use crate::gate::probing::position;
use crate::gate::specified::Specified;
use crate::gate::{CheckRequest, SavedInput, Trust, collect_with_texts, decide};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::policies::trace::{RuleTrace, SCHEMA};
use crate::policies::{Loaded, Package, Rule, Scope, packs};
use crate::yaml::nearest;

/// Which rule is traced.
pub struct Wanted<'a> {
    /// Its id.
    pub rule: &'a str,
    /// Only on this changed file.
    pub file: Option<&'a str>,
}

/// Collects and decides as `check` does, and traces one rule.
///
/// # Errors
/// As `check`; when no rule has the id, and when the file was not changed.
pub fn check_and_trace(
    request: &CheckRequest<'_>,
    wanted: &Wanted<'_>,
) -> Result<(Outcome, SavedInput, RuleTrace), Error> {
    let mut collection = collect_with_texts(request)?;
    let Collection { saved, specified, graphs, loaded, supervisor, .. } = &mut collection;
    let file = wanted.file.map(|path| position(&saved.input, path)).transpose()?;
    let known = find(wanted.rule, request.trust, specified, loaded)?;
    let outcome =
        decide::decide(saved, specified, graphs.as_ref(), loaded, supervisor, &|path| saved.texts.get(path).cloned());
    let mut trace = match known {
        Known::Policy(places) => {
            let first = places.first().and_then(|(at, number)| Some((loaded.packages.get(*at)?, *number)));
            let found = first.and_then(|(package, number)| Some((package, package.rules.get(number)?)));
            let mut trace = found.map(|(package, rule)| described(package, rule)).unwrap_or_default();
            trace.why_not = found.map(|(_, rule)| why_not(&outcome, rule)).unwrap_or_default();
            if trace.why_not.is_empty() {
                for place in places {
                    trace.targets.extend(targets::trace(&saved.input, loaded, place, file, supervisor));
                }
            }
            trace
        }
        Known::Other(why_not) => RuleTrace { why_not, ..RuleTrace::default() },
    };
    SCHEMA.clone_into(&mut trace.schema);
    wanted.rule.clone_into(&mut trace.rule);
    trace.notes = notes(&outcome, wanted.rule);
    Ok((outcome, collection.saved, trace))
}

/// What an id names.
enum Known {
    /// Packages and a rule in each, by index: several folders of `package main` share their ids.
    Policy(Vec<(usize, usize)>),
    /// What is no policy that was loaded, and why.
    Other(String),
}

fn find(id: &str, trust: Trust, specified: &Specified, loaded: &Loaded) -> Result<Known, Error> {
    let all = || {
        loaded.packages.iter().enumerate().flat_map(|(at, package)| {
            package.rules.iter().enumerate().map(move |(number, rule)| (at, number, package, rule))
        })
    };
    let named = all().filter(|(_, _, _, rule)| rule.id.as_str() == id).map(|(package, rule, ..)| (package, rule));
    let named: Vec<(usize, usize)> = named.collect();
    if !named.is_empty() {
        return Ok(Known::Policy(named));
    }
    let specification = &specified.book.specification;
    if let Some(row) = RuleId::new(id).ok().and_then(|id| specification.rules.get(&id)) {
        let named = specified.book.rules.get(&row.id).and_then(|rule| rule.enforcement.policy());
        if let Some((_, name)) = named {
            let full = |package: &Package, rule: &Rule| format!("data.{}.{}", package.name, rule.entry);
            let found = all().filter(|(_, _, package, _)| rego::is_of_specification(package));
            if let Some((package, rule, ..)) =
                found.into_iter().find(|(_, _, package, rule)| full(package, rule) == name)
            {
                return Ok(Known::Policy(vec![(package, rule)]));
            }
        }
        let kind = &row.enforce.kind.value;
        return Ok(Known::Other(match row.status {
            Status::Draft | Status::Retired => format!("its status is {}", row.status.word()),
            _ if named.is_some() => "its policy could not be loaded; the verdict says why".to_owned(),
            _ if !specified.book.rules.contains_key(&row.id) => "it holds in other systems than this one".to_owned(),
            _ => {
                format!("it is a rule of kind `{kind}`, and no policy: `portcullis explain {id}` says what it demands")
            }
        }));
    }
    if OWN_RULES.iter().any(|rule| rule.id == id) {
        return Ok(Known::Other(format!(
            "it is a rule of the gate itself, and no policy: see `portcullis explain {id}`"
        )));
    }
    let built_in = built_in();
    if let Some((pack, _)) = built_in.iter().find(|(_, rule)| rule == id) {
        return Ok(Known::Other(format!("its pack `{pack}` is not among the `packs:` of .portcullis.yaml")));
    }
    let known = all().map(|(_, _, _, rule)| rule.id.as_str()).chain(specification.rules.keys().map(RuleId::as_str));
    let known = known.chain(built_in.iter().map(|(_, rule)| rule.as_str()));
    let mut help = match nearest(id, known.collect::<BTreeSet<_>>()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if trust == Trust::Worktree => {
            "A finding names its rule. Rules are read from the work tree, from the packs and folders that \
             .portcullis.yaml names there."
                .to_owned()
        }
        None => "A finding names its rule. Rules are read from the base; `--trust worktree` reads yours.".to_owned(),
    };
    if let Some(fault) = loaded.faults.first() {
        let message = fault.message.trim_end_matches('.');
        help = format!("{help} Or it stands in a file with a fault: {}:{}: {message}.", fault.path, fault.line);
    }
    Err(UsageError::new(format!("there is no rule `{}` here", shortened(id)), help).into())
}

/// Returns pack and id of every rule that ships.
fn built_in() -> Vec<(String, String)> {
    let names: Vec<&str> = packs::names().collect();
    // The names are the packs' own.
    let set = packs::builtin(&names).unwrap_or_default();
    let (loaded, _) = crate::policies::loader::load(&set, &Default::default(), &Limits::default());
    let rules = loaded.packages.iter().flat_map(|package| package.rules.iter().map(move |rule| (package, rule)));
    rules.map(|(package, rule)| (package.pack.clone(), rule.id.to_string())).collect()
}

fn described(package: &Package, rule: &Rule) -> RuleTrace {
    let scope = match package.scope {
        Scope::Change => "scope change: one look at the whole change",
        Scope::File => "scope file: one look at each changed file",
        Scope::Document => "scope document: one look at each changed document",
        Scope::Review => "scope review: one look at everything that was found",
    };
    RuleTrace {
        title: rule.title.clone(),
        path: rule.path.clone(),
        line: rule.line,
        terms: format!("{}, {}; {scope}", rule.status.word(), rule.severity.word()),
        ..RuleTrace::default()
    }
}

/// Says why a rule that was loaded did not run.
fn why_not(outcome: &Outcome, rule: &Rule) -> String {
    if !rule.status.runs() {
        return format!("its status is {}: METADATA, or `rules:` in .portcullis.yaml, says so", rule.status.word());
    }
    if let Some(deferred) = outcome.document.deferred.iter().find(|deferred| deferred.rule == rule.id) {
        return deferred.why.raw().to_owned();
    }
    String::new()
}

/// Says what became of the rule's results in the verdict.
fn notes(outcome: &Outcome, rule: &str) -> Vec<String> {
    let mut notes = Vec::new();
    for finding in outcome.document.findings.iter().filter(|finding| finding.rule.as_str() == rule) {
        let place = finding.path.as_ref().map_or("the change", |path| path.raw());
        let line = finding.start.map(|start| format!(":{}", start.line)).unwrap_or_default();
        let waived = finding.waived_by.as_ref().map(|_| ", waived").unwrap_or_default();
        notes.push(format!("{place}{line}: {}, {}{waived}", finding.status.word(), finding.severity.word()));
    }
    for one in &outcome.document.review.requirements {
        if one.rules.iter().any(|asked| asked.as_str() == rule) {
            notes.push(format!("asks for a review of layer {}", one.layer));
        }
    }
    notes
}
