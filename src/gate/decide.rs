//! (input, policies, configuration, date) -> outcome; no git, no file, no clock.
//!
//! Owns the order of the decision's steps. Policies run in the worker, because a policy cannot be interrupted.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::completeness::{Completeness, Reason};
use crate::configuration::Configuration;
use crate::coordination::Known;
use crate::enforcement::graphs::renames;
use crate::enforcement::{RuleBook, SystemGraphs, judge, rego};
use crate::facts::ParseStatus;
use crate::facts::secrets::Redaction;
use crate::finding::draft::{Draft, Texts, fingerprinted};
use crate::finding::{Finding, RuleId, hex};
use crate::gate::described::described;
use crate::gate::evaluation::{Evaluations, evaluate, evaluate_review};
use crate::gate::handover::{asked, handover};
use crate::gate::heard;
use crate::gate::importing;
use crate::gate::reach::unsorted;
use crate::gate::review_input;
use crate::gate::saved::{SavedInput, tool};
use crate::gate::settled::{Settled, settled};
use crate::gate::specified::Specified;
use crate::impact::graph::Graphs;
use crate::imported;
use crate::outcome::{ChangeSummary, Deferred, Evaluated, Inputs, Outcome, SCHEMA, VerdictDocument};
use crate::policies::findings::compose;
use crate::policies::input::InputDocument;
use crate::policies::loader::NO_POLICIES;
use crate::policies::parts::{Part, parts};
use crate::policies::{Fault, Loaded, Package, PolicySet, Rule, Scope, is_of_others};
use crate::review::approvals;
use crate::review::decision_record::Records;
use crate::review::reached::{Reached, contract_requests};
use crate::review::state::ForgeFacts;
use crate::review::unread::unread_requests;
use crate::review::{Review, ReviewRequest, required};
use crate::specification::Specification;
use crate::specification::files::SpecificationFiles;
use crate::untrusted::Untrusted;
use crate::verdict::{self, Weight};
use crate::worker::Supervisor;

/// What rules read that look at approvals.
const REVIEW_APPROVALS: &str = "input.review.approvals";

/// Decides on what was collected.
///
/// `loaded` is what loading `saved.policies` gave; `texts` gives a changed file's text by path.
#[must_use]
pub(super) fn decide(
    saved: &SavedInput,
    specified: &Specified,
    graphs: Option<&Graphs>,
    loaded: &Loaded,
    supervisor: &mut Supervisor,
    texts: &Texts<'_>,
) -> Outcome {
    let mut reasons = saved.input.completeness.reasons.clone();
    reasons.extend(specified.reasons.iter().map(|reason| saved.proposed.beside(reason.clone())));
    // Without packs the rules of the specification are rules all the same.
    let idle = |fault: &&Fault| fault.code == NO_POLICIES && fault.path.is_empty() && !specified.book.rules.is_empty();
    reasons.extend(loaded.faults.iter().filter(|fault| !idle(fault)).map(reason));
    let (mut deferred, unasked) = deferred(&loaded.packages, &saved.forge, saved.input.change.others.known);
    reasons.extend(unasked);
    let skip: BTreeSet<RuleId> = deferred.iter().map(|deferred| deferred.rule.clone()).collect();
    let (awaited, absent) = importing::required(&saved.input, &saved.configuration, &saved.forge);
    deferred.extend(awaited);
    reasons.extend(absent);
    let (input_digest, unsent) = send(&saved.input, supervisor);
    reasons.extend(unsent);
    let evaluations = evaluate(&saved.input, loaded, &skip, supervisor);
    let mut micros = evaluations.micros(loaded);
    reasons.extend(evaluations.reasons.iter().cloned());
    reasons.extend(rego::check_loaded(&specified.book, loaded).iter().map(reason));
    let (specific, general): (Vec<_>, Vec<_>) =
        evaluations.of_packages(loaded).into_iter().partition(|(package, _)| rego::is_of_specification(package));
    let said = compose(&general, &saved.input, texts);
    let results = rego::results_by_rule(&specified.book, &specific);
    let resolved = graphs;
    let steps = saved.configuration.limits.link_steps;
    let graphs = graphs.map(|graphs| SystemGraphs::of(&specified.book, graphs, &renames(&saved.input), steps));
    let graphs = graphs.transpose().unwrap_or_else(|fault| {
        reasons.push(unsorted(&fault));
        None
    });
    reasons.extend(graphs.as_ref().and_then(SystemGraphs::unfinished).cloned());
    let unknown = saved.configuration.unknown;
    let enforced = judge(&specified.book, &saved.input, &results, unknown, texts, graphs.as_ref());
    let mut evaluated = evaluated(saved, &specified.book, loaded, &evaluations, &skip);
    let others = imported::drafts(&saved.input, &saved.configuration, texts);
    let general = [said.drafts, saved.proposed.drafts(), others].concat();
    let mut settled = settled(saved, &specified.book, (general, &layers(loaded)), enforced, resolved, texts);
    reasons.extend(settled.reasons.iter().cloned());
    evaluated.carried = settled.carried;
    let specification = &specified.book.specification;
    let broken = contract_requests(&saved.input.contracts, specification);
    let requests = [said.requests, settled.requests.clone(), unread_requests(&saved.input), broken].concat();
    let reached = Reached::of(&saved.input.files, &saved.moved, &specified.book.hosted, specification);
    let records = Records::of(&saved.input, &saved.forge, specification);
    let before = (&settled, &reached, &records);
    let mut asked = ask_for_review(saved, specified, loaded, &skip, before, requests, supervisor, texts);
    name_certificates(&mut asked.requests, specification);
    reasons.extend(asked.reasons);
    evaluated.packages = evaluated.packages.saturating_add(asked.packages);
    evaluated.rules = evaluated.rules.saturating_add(asked.rules);
    settled.judged.extend(fingerprinted(asked.drafts));
    settled.judged.sort_by_cached_key(|judged| judged.finding.order());
    reasons.extend(nothing_evaluated(&saved.input, &evaluated));
    micros.append(&mut asked.micros);
    let prints = [evaluations.prints, asked.prints].concat();
    let (forge, freshness, as_of) = (&saved.forge, &saved.freshness, saved.as_of.as_str());
    let pull_head = heard::pull_head(saved);
    let ground = approvals::Ground { forge, freshness, specification, input: &saved.input, pull_head, as_of };
    let review = approvals::judged(required(&asked.requests, &reached, &records), &ground);
    let outcome =
        conclude(saved, (review, specification), settled, deferred, reasons, evaluated, input_digest, prints, texts);
    let rules = described(&outcome.document.findings, loaded, &specified.book);
    // Policies see no secret; what one puts together, or decodes, is masked here.
    let document = Redaction::default().value(outcome.document);
    let notes = Redaction::default().value(outcome.notes);
    Outcome { document, notes, rules, micros, ..outcome }
}

/// The layers of the rules of packs and policies: who may approve an exception from them.
fn layers(loaded: &Loaded) -> BTreeMap<RuleId, u8> {
    let rules = loaded.packages.iter().flat_map(|package| &package.rules);
    rules.map(|rule| (rule.id.clone(), rule.layer)).collect()
}

/// What scope `review` adds.
#[derive(Default)]
struct Asked {
    requests: Vec<ReviewRequest>,
    reasons: Vec<Reason>,
    prints: Vec<Untrusted>,
    /// What rules say that only observe or advise.
    drafts: Vec<Draft>,
    micros: BTreeMap<String, u64>,
    packages: u32,
    rules: u32,
}

/// Lets the policies of scope `review` see everything that was judged, and adds what they ask for.
#[expect(clippy::too_many_arguments, reason = "scope `review` sees what every step before it made")]
fn ask_for_review(
    saved: &SavedInput,
    specified: &Specified,
    loaded: &Loaded,
    skip: &BTreeSet<RuleId>,
    (settled, reached, records): (&Settled, &Reached, &Records),
    requests: Vec<ReviewRequest>,
    supervisor: &mut Supervisor,
    texts: &Texts<'_>,
) -> Asked {
    let mut asked = Asked { requests, ..Asked::default() };
    if !loaded.packages.iter().any(|package| package.scope == Scope::Review) {
        return asked;
    }
    let before = review_input::Before {
        findings: settled.judged.iter().map(|judged| &judged.finding).collect(),
        touched: &settled.touched,
        agents: &settled.agents,
        layer: asked.requests.iter().map(|request| request.layer).max().unwrap_or(1),
        reached,
        records: records.cited.iter().map(|number| format!("ADR-{number:04}")).collect(),
    };
    let review = review_input::review_input(saved, &specified.book, &before);
    asked.reasons.extend(review_input::send(&review, supervisor));
    let evaluations = evaluate_review(&saved.input, loaded, skip, supervisor);
    asked.reasons.extend(evaluations.reasons.iter().cloned());
    let ran: Vec<&Package> = evaluations.packages().filter_map(|index| loaded.packages.get(index as usize)).collect();
    asked.packages = size(ran.len());
    asked.rules = size(ran.iter().map(|package| running(package, skip)).sum());
    let said = compose(&evaluations.of_packages(loaded), &saved.input, texts);
    asked.requests.extend(said.requests);
    asked.drafts = said.drafts;
    asked.micros = evaluations.micros(loaded);
    asked.prints = evaluations.prints;
    asked
}

/// Fills in which certificate is meant where a policy asks for "the" certificate: the specification says. Where it does
/// not, nobody holds it.
fn name_certificates(requests: &mut [ReviewRequest], specification: &Specification) {
    let usual = &specification.manifest.defaults.certification;
    for request in requests.iter_mut().filter(|request| request.certified == "*" && !usual.is_empty()) {
        request.certified.clone_from(usual);
    }
}

/// Counts the rules of a package that run.
fn running(package: &Package, skip: &BTreeSet<RuleId>) -> usize {
    package.rules.iter().filter(|rule| rule.status.runs() && !skip.contains(&rule.id)).count()
}

/// Sends the document to the worker, part by part, and returns the digest of the whole.
pub(super) fn send(input: &InputDocument, supervisor: &mut Supervisor) -> (String, Option<Reason>) {
    let mut sent = Ok(());
    let digest = parts(input, |part| {
        if sent.is_ok() {
            sent = match part {
                Part::Head(json) => supervisor.document(json),
                Part::Files(json) => supervisor.files(json),
            };
        }
    });
    match digest {
        Ok(digest) => (digest, sent.err().map(|error| error.reason())),
        Err(error) => {
            let remedy = "report this as a defect of portcullis";
            let reason = Reason::new("input-document", format!("it cannot be written: {error}"), remedy);
            (String::new(), Some(reason))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "the last step takes what every step before it made")]
fn conclude(
    saved: &SavedInput,
    (review, specification): (Review, &Specification),
    settled: Settled,
    mut deferred: Vec<Deferred>,
    reasons: Vec<Reason>,
    evaluated: Evaluated,
    input_digest: String,
    prints: Vec<Untrusted>,
    texts: &Texts<'_>,
) -> Outcome {
    let completeness = Completeness::of(reasons);
    let judged = settled.judged;
    deferred.extend(settled.deferred);
    deferred.sort();
    let weights = judged.iter().map(Weight::from);
    let verdict = verdict::decide(&completeness, weights, &review.requirements, saved.configuration.fail_on);
    let findings: Vec<Finding> = judged.into_iter().map(|judged| judged.finding).collect();
    let texts = frames(&findings, texts);
    let document = VerdictDocument {
        schema: SCHEMA.to_owned(),
        verdict,
        exit_code: verdict.exit_code(),
        change: summary(&saved.input),
        findings,
        waivers: settled.waivers,
        review,
        deferred,
        completeness,
        evaluated,
        inputs: Inputs {
            tool: tool(),
            trust: saved.trust.clone(),
            policies_digest: digest(&saved.policies),
            specification: saved.specification.as_ref().map(SpecificationFiles::identity).unwrap_or_default(),
            input_digest,
            as_of: saved.as_of.clone(),
        },
    };
    let mut notes = saved.notes.clone();
    // What the forge would not tell explains why somebody's approval is missing.
    notes.extend(saved.forge.obtained().iter().flat_map(|state| &state.gaps).map(|gap| Untrusted::new(gap.as_str())));
    let gaps = saved.input.change.others.gaps.iter();
    notes.extend(gaps.map(|gap| Untrusted::new(format!("other open changes: {}", gap.raw()))));
    notes.extend(prints);
    let handover = handover(&saved.input);
    let ask = asked(&document.review, specification);
    let (rules, again, micros) = (BTreeMap::new(), saved.again.clone(), BTreeMap::new());
    Outcome { document, texts, handover, rules, ask, notes, again, micros }
}

/// A fault of a policy makes the change undecided; its hint is the remedy.
#[must_use]
pub(super) fn reason(fault: &Fault) -> Reason {
    let place = if fault.line == 0 { String::new() } else { format!("line {}: ", fault.line) };
    // Several calls may stand on one line.
    let called = fault.column > 0 && fault.code == "forbidden-builtin";
    let column = if called { format!(" (column {})", fault.column) } else { String::new() };
    // Rules are read from base: a correction inside the change itself would not be seen.
    let usual = "correct it where the rules are read from, the base branch; `--trust worktree` tries yours";
    let remedy = if fault.hint.is_empty() { usual } else { &fault.hint };
    Reason::new(&fault.code, format!("{place}{}{column}", fault.message), remedy).at(fault.path.clone())
}

/// Rules that read the forge wait for CI; in CI, without its answers, they make the change undecided.
fn deferred(packages: &[Package], forge: &ForgeFacts, others: Known) -> (Vec<Deferred>, Vec<Reason>) {
    let missing = |rule: &Rule, input: &String| match forge {
        // Branches of this clone stand in for the forge, where somebody named them.
        _ if is_of_others(input) && others != Known::No => false,
        ForgeFacts::Obtained(_) if is_of_others(input) => rule.asks_for_others(),
        // An approval, or a refusal, that was not told is no empty list.
        ForgeFacts::Obtained(state) => state.opinions_missing && input == REVIEW_APPROVALS,
        ForgeFacts::Local | ForgeFacts::NotObtained(_) => true,
    };
    let lacking = |rule: &Rule| rule.forge_inputs.iter().any(|input| missing(rule, input));
    let asking = |rule: &&Rule| rule.status.runs() && lacking(rule);
    let rules: Vec<&Rule> = packages.iter().flat_map(|package| &package.rules).filter(asking).collect();
    // Who else works on the same may stay unknown to a rule that only advises.
    let told = |rule: &Rule| !rule.can_gate() && rule.forge_inputs.iter().all(|input| is_of_others(input));
    let local = matches!(forge, ForgeFacts::Local);
    let mut deferred: Vec<Deferred> = rules
        .iter()
        .map(|rule| Deferred {
            rule: rule.id.clone(),
            why: Untrusted::new(match told(rule) && !local {
                true => "the other open changes are not known".to_owned(),
                false => format!("decided in CI: it reads {}", rule.forge_inputs.join(", ")),
            }),
        })
        .collect();
    deferred.sort();
    let gating = rules.into_iter().filter(|rule| !told(rule));
    let reasons = match forge {
        ForgeFacts::NotObtained(why) => gating.map(|rule| unasked(rule, why)).collect(),
        ForgeFacts::Obtained(state) => {
            let why = match state.opinions_missing {
                true => "the token may not read what people said",
                false => "the other open changes are not known",
            };
            gating.map(|rule| unasked(rule, why)).collect()
        }
        ForgeFacts::Local => Vec::new(),
    };
    (deferred, reasons)
}

fn unasked(rule: &Rule, why: &str) -> Reason {
    Reason::new(
        "forge-not-asked",
        format!("{} reads {}, which the forge did not give: {why}", rule.id, rule.forge_inputs.join(", ")),
        format!("give the run a token and `--forge`, or set `rules: {{\"{}\": {{status: draft}}}}`", rule.id),
    )
    .at(rule.path.clone())
}

fn evaluated(
    saved: &SavedInput,
    book: &RuleBook,
    loaded: &Loaded,
    evaluations: &Evaluations,
    skip: &BTreeSet<RuleId>,
) -> Evaluated {
    let ran_packages: Vec<&Package> = evaluations
        .packages()
        .filter_map(|index| loaded.packages.get(index as usize))
        .filter(|package| !rego::is_of_specification(package))
        .collect();
    let parsed = saved.input.files.iter();
    Evaluated {
        packs: saved.packs.saturating_add(u32::from(saved.specification.is_some())),
        packages: size(ran_packages.len()),
        rules: size(ran_packages.iter().map(|package| running(package, skip)).sum::<usize>() + book.rules.len()),
        carried: 0,
        files: size(saved.input.files.len()),
        parsed: size(parsed.filter(|file| matches!(file.parsed.status, ParseStatus::Ok | ParseStatus::Errors)).count()),
    }
}

/// Nothing evaluated is never a pass: a typo in `packs:` or an empty folder must not look like a clean change.
fn nothing_evaluated(input: &InputDocument, evaluated: &Evaluated) -> Option<Reason> {
    (evaluated.rules == 0 && !input.files.is_empty()).then(|| {
        Reason::new(
            "nothing-evaluated",
            "no rule ran although files changed",
            "name at least one pack or policy folder in .portcullis.yaml",
        )
    })
}

fn summary(input: &InputDocument) -> ChangeSummary {
    ChangeSummary {
        base: input.change.base.clone(),
        head: input.change.head.clone(),
        merge_base: input.change.merge_base.clone(),
        files: input.change.totals.files,
        added: input.change.totals.added,
        removed: input.change.totals.removed,
    }
}

/// Keeps the texts that code frames are cut from.
fn frames(findings: &[Finding], texts: &Texts<'_>) -> BTreeMap<String, String> {
    let paths: BTreeSet<&str> = findings.iter().filter_map(|finding| Some(finding.path.as_ref()?.raw())).collect();
    paths.into_iter().filter_map(|path| Some((path.to_owned(), texts(path)?))).collect()
}

/// SHA-256 over the set and everything that the configuration says about rules.
pub(super) fn digest_with(set: &PolicySet, configuration: &Configuration) -> String {
    let told = serde_json::to_string(configuration).unwrap_or_default();
    hex(&Sha256::digest(format!("{}\0{}\0{told}", tool(), digest(set)).as_bytes()))
}

/// SHA-256 over every file of the set: pack, path and text, NUL between them.
fn digest(set: &PolicySet) -> String {
    let mut hash = Sha256::new();
    // What the configuration says about folders belongs to their rules; without it nothing is added.
    for (pack, terms) in &set.terms {
        for part in [pack.as_str(), &serde_json::to_string(terms).unwrap_or_default()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    let policies = set.policies.iter().map(|source| (&source.pack, &source.path, &source.text));
    let data = set.data.iter().map(|source| (&source.pack, &source.path, &source.text));
    let patterns = set.patterns.iter().map(|source| (&source.pack, &source.path, &source.text));
    for (pack, path, text) in policies.chain(data).chain(patterns) {
        for part in [pack, path, text] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    hex(&hash.finalize())
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
