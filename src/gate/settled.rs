//! What the rules said -> what still counts: contracts of agents, old debt, waivers.
//!
//! Owns the order: findings get their fingerprints, the baseline takes out old debt, waivers let through what they name,
//! and only what is left asks for review. Everything here comes from the saved input, so `decide` settles the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::completeness::Reason;
use crate::diagnostic::UsageError;
use crate::enforcement::agents::{self, Contracted, Terms};
use crate::enforcement::debt::{self, settle};
use crate::enforcement::graphs::renames;
use crate::enforcement::standing::Standing;
use crate::enforcement::waivers::{Ground, Reach, apply};
use crate::enforcement::{Enforced, RuleBook, SystemGraphs};
use crate::finding::RuleId;
use crate::finding::draft::{Draft, Judged, Texts, fingerprinted};
use crate::gate::saved::SavedInput;
use crate::impact::graph::{Graph, Graphs};
use crate::outcome::Deferred;
use crate::review::ReviewRequest;
use crate::specification::baseline::Baseline;
use crate::specification::waiver::WaiverUse;
use crate::untrusted::Untrusted;

/// What still counts.
pub(super) struct Settled {
    /// All findings, waived ones included, in the order of every list of findings.
    pub(super) judged: Vec<Judged>,
    /// Requests of rules that still fire, and of agents.
    pub(super) requests: Vec<ReviewRequest>,
    /// Rules whose scope the change touches, sorted.
    pub(super) touched: Vec<RuleId>,
    /// Agents whose contracts hold, sorted.
    pub(super) agents: Vec<String>,
    /// What waits for the forge.
    pub(super) deferred: Vec<Deferred>,
    /// Waivers that were used, sorted.
    pub(super) waivers: Vec<WaiverUse>,
    /// Findings that were old debt.
    pub(super) carried: u32,
    /// What is wrong with the baseline.
    pub(super) reasons: Vec<Reason>,
}

/// Settles what the specification's rules said, beside the findings of packs and policies.
pub(super) fn settled(
    saved: &SavedInput,
    book: &RuleBook,
    (general, layers): (Vec<Draft>, &BTreeMap<RuleId, u8>),
    enforced: Enforced,
    graphs: Option<&Graphs>,
    texts: &Texts<'_>,
) -> Settled {
    let classifier = saved.configuration.classifier();
    let (specification, hosted, as_of) = (&book.specification, &book.hosted, saved.as_of.as_str());
    let terms = Terms { specification, hosted, classifier: &classifier, as_of, forge: &saved.forge };
    // Without a specification nobody was promised anything about agents.
    let contracted = match saved.specification {
        Some(_) => agents::judge(&saved.input, &terms),
        None => Contracted::default(),
    };
    let fired: BTreeSet<RuleId> = enforced.drafts.iter().map(|draft| draft.judged.finding.rule.clone()).collect();
    let (baseline, unread) = baseline(saved, book);
    let reasons = [unread, contracted.reasons].concat();
    let accepted = accepted(saved, book, &baseline);
    // A survey holds a commit against nothing, so everything that stands is in its list.
    let ends = (&saved.input.change.merge_base, &saved.input.change.head);
    let survey = ends.0 == ends.1 && !saved.input.files.is_empty();
    let mut standing = (!survey && !accepted.is_empty()).then(|| standing(saved, book, &accepted, graphs, texts));
    if let Some(standing) = &mut standing {
        let held =
            |draft: &&Draft| draft.judged.finding.path.as_ref().is_some_and(|path| accepted.contains(path.raw()));
        standing.count_texts(general.iter().filter(held), texts);
    }
    let files = &saved.input.files;
    let reach = if survey { Reach::Whole } else { Reach::Change };
    let ground = Ground { specification, hosted, files, standing: standing.as_ref(), reach, layers, as_of };
    let judged = fingerprinted([general, enforced.drafts, contracted.drafts].concat());
    let file = saved.configuration.baseline.as_deref().unwrap_or_default();
    // The baseline is made from a survey, so old debt stays in its list.
    let left = if survey { debt::Settled { judged, carried: 0 } } else { settle(judged, &baseline, file, &ground) };
    let waived = apply(left.judged, &ground);
    let counts: BTreeSet<&RuleId> =
        waived.judged.iter().filter(|one| one.finding.waived_by.is_none()).map(|one| &one.finding.rule).collect();
    // A rule whose every finding is accepted asks for no review; one that asks by itself still does.
    let silenced = |rule: &RuleId| {
        let asks = book.rules.get(rule).is_some_and(|rule| rule.enforcement.question().is_some());
        fired.contains(rule) && !counts.contains(rule) && !asks
    };
    let mut requests: Vec<ReviewRequest> =
        enforced.requests.into_iter().filter(|request| !silenced(&request.rule)).collect();
    requests.extend(contracted.requests);
    let deferred = contracted.deferred.into_iter().map(|(rule, why)| Deferred { rule, why: Untrusted::new(why) });
    Settled {
        requests,
        touched: enforced.touched,
        agents: contracted.agents,
        deferred: deferred.collect(),
        waivers: waived.uses,
        carried: left.carried,
        reasons,
        judged: waived.judged,
    }
}

/// Reads the saved baseline; a fault in it makes the change undecided, for what it carries cannot be told.
fn baseline(saved: &SavedInput, book: &RuleBook) -> (Baseline, Vec<Reason>) {
    let Some(text) = &saved.baseline else { return (Baseline::default(), Vec::new()) };
    let file = saved.configuration.baseline.as_deref().unwrap_or_default();
    match Baseline::read(text.as_bytes(), file, Some(&book.specification)) {
        Ok(baseline) => (baseline, Vec::new()),
        Err(faults) => (Baseline::default(), faults.iter().map(|fault| reason(file, fault)).collect()),
    }
}

fn reason(file: &str, fault: &UsageError) -> Reason {
    let place = fault.frame.as_ref().map_or_else(String::new, |frame| format!("line {}: ", frame.place.line));
    let usual = "correct it where it is read from, the base branch";
    let remedy = if fault.help.is_empty() { usual } else { &fault.help };
    Reason::new("baseline-fault", format!("{place}{}", fault.title), remedy).at(file)
}

/// Returns the changed files in which something was accepted, by a waiver or the baseline, under either name.
fn accepted<'s>(saved: &'s SavedInput, book: &RuleBook, baseline: &Baseline) -> BTreeSet<&'s str> {
    let waived = book.specification.waivers.values().flat_map(|waiver| &waiver.at).map(|at| at.path.as_str());
    let carried = baseline.entries.iter().map(|entry| entry.path.as_str());
    let paths: BTreeSet<&str> = waived.chain(carried).collect();
    let files = saved.input.files.iter();
    files
        .filter(|file| paths.contains(file.path.as_str()) || paths.contains(file.old_path.as_str()))
        .map(|file| file.path.as_str())
        .collect()
}

/// Judges those files as if they were new, imports included.
fn standing(
    saved: &SavedInput,
    book: &RuleBook,
    paths: &BTreeSet<&str>,
    graphs: Option<&Graphs>,
    texts: &Texts<'_>,
) -> Standing {
    let alone = graphs.map(|graphs| Graphs { base: Graph::default(), head: graphs.head.clone() });
    // Where the modules cannot be sorted, or the steps did not suffice, the change is undecided already.
    let steps = saved.configuration.limits.link_steps;
    let graphs = alone.and_then(|graphs| SystemGraphs::of(book, &graphs, &renames(&saved.input), steps).ok());
    Standing::judged(book, &saved.input, paths, saved.configuration.unknown, texts, graphs.as_ref())
}
