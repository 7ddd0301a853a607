//! Waivers of the specification -> which findings they let through, and what is wrong with the waivers themselves.
//!
//! Owns when a waiver works: its own validity, and rule, system, path and fingerprint of a finding. What guards the rules
//! themselves (`governance`, agents, waivers) is never waived. All waivers come from the trusted side. Must not read a
//! clock: the only date is given.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::Standing;
use crate::change::FileStatus;
use crate::clock::{days_between, is_date};
use crate::diagnostic::shortened;
use crate::facts::ParseStatus;
use crate::finding::draft::{Draft, Judged, fingerprinted};
use crate::finding::{Finding, RuleId, Severity, Source, SourceKind, Status};
use crate::policies::input::FileEntry;
use crate::specification::Specification;
use crate::specification::hosted::HostedSystem;
use crate::specification::waiver::{Instance, LEAST_LAYER, Waiver, WaiverUse, is_outside};
use crate::untrusted::Untrusted;

/// The rules that guard the rules; an exception from them would be one from everything.
pub const GUARDS: &str = "governance/";

/// So many days before its end a waiver is reported.
pub const ENDING_DAYS: i64 = 14;
/// A waiver with more instances stands for a whole rule.
pub const MOST_INSTANCES: usize = 100;

/// How much of the repository was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What a change did.
    Change,
    /// Every file: what did not fire does not exist.
    Whole,
}

/// What waivers are held against.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The specification of the trusted side.
    pub specification: &'a Specification,
    /// The systems that this repository holds.
    pub hosted: &'a [HostedSystem],
    /// The changed files.
    pub files: &'a [FileEntry],
    /// What stands at head in changed files, where that was judged.
    pub standing: Option<&'a Standing>,
    /// How much was judged.
    pub reach: Reach,
    /// The layers of the rules of packs and policies that are loaded.
    pub layers: &'a BTreeMap<RuleId, u8>,
    /// The only date, `YYYY-MM-DD`.
    pub as_of: &'a str,
}

/// What is left after waivers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waived {
    /// All findings, those about waivers included, in the order of every list of findings.
    pub judged: Vec<Judged>,
    /// The waivers that were used, sorted.
    pub uses: Vec<WaiverUse>,
}

/// Something wrong with a waiver, so that it does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverFault {
    /// The last part of the finding's rule id: `ended`, `future`, ...
    pub name: &'static str,
    /// What is wrong, as a phrase that goes on after the waiver's id.
    pub why: String,
    /// What to do.
    pub fix: &'static str,
}

/// Sets `waived_by` where a waiver that works covers a finding, and adds findings about waivers.
#[must_use]
pub fn apply(mut judged: Vec<Judged>, ground: &Ground<'_>) -> Waived {
    let here = |waiver: &&Waiver| ground.hosted.iter().any(|system| system.id == waiver.system);
    let waivers: Vec<&Waiver> = ground.specification.waivers.values().filter(here).collect();
    let mut wanted: BTreeMap<&str, u32> = BTreeMap::new();
    let mut working: Vec<&Waiver> = Vec::new();
    let mut faulty: Vec<(&Waiver, Vec<WaiverFault>)> = Vec::new();
    for waiver in waivers {
        match faults(waiver, ground.specification, ground.layers, ground.as_of) {
            none if none.is_empty() => working.push(waiver),
            faults => faulty.push((waiver, faults)),
        }
    }
    let old_paths = renamed(ground.files);
    for one in &mut judged {
        for (waiver, _) in &faulty {
            if names(waiver, &one.finding, ground, &old_paths) {
                *wanted.entry(&waiver.id).or_default() += 1;
            }
        }
        let by = working.iter().find(|waiver| lets_through(waiver, &working, &one.finding, ground, &old_paths));
        if let Some(waiver) = by {
            one.finding.waived_by = Some(waiver.id.clone());
            *wanted.entry(&waiver.id).or_default() += 1;
        }
    }
    let mut drafts = Vec::new();
    for (waiver, faults) in &faulty {
        let depends = wanted.contains_key(waiver.id.as_str());
        if depends || looked_at(waiver, ground) {
            drafts.extend(faults.iter().map(|fault| about(waiver, fault, depends)));
        }
    }
    for waiver in &working {
        let used = wanted.contains_key(waiver.id.as_str());
        drafts.extend(ending(waiver, ground.as_of).filter(|_| used || looked_at(waiver, ground)));
        drafts.extend(stale(waiver, &judged, ground));
    }
    judged.extend(fingerprinted(drafts));
    judged.sort_by_cached_key(|one| one.finding.order());
    let uses = working.iter().filter_map(|waiver| Some(used(waiver, *wanted.get(waiver.id.as_str())?)));
    Waived { judged, uses: uses.collect() }
}

fn used(waiver: &Waiver, findings: u32) -> WaiverUse {
    WaiverUse {
        id: waiver.id.clone(),
        rule: waiver.rule.clone(),
        until: waiver.until.clone(),
        owner: waiver.requested_by.clone(),
        findings,
    }
}

/// Returns what keeps a waiver from working on that day; nothing when it works.
#[must_use]
pub fn faults(
    waiver: &Waiver,
    specification: &Specification,
    layers: &BTreeMap<RuleId, u8>,
    as_of: &str,
) -> Vec<WaiverFault> {
    let mut found = Vec::new();
    let mut add = |name, why: String, fix| found.push(WaiverFault { name, why, fix });
    let rule = specification.rules.values().find(|rule| rule.id.as_str() == waiver.rule);
    let name = shortened(&waiver.rule);
    match rule {
        None if waiver.rule.starts_with(GUARDS) => {
            let fix = "Change what it guards by the review that it asks for.";
            add("rule", format!("names `{name}`, which guards the rules and is never waived"), fix);
        }
        None if is_outside(&waiver.rule) => {
            let layer =
                layers.iter().find(|(id, _)| id.as_str() == waiver.rule).map_or(LEAST_LAYER, |(_, layer)| *layer);
            if let Some(why) = unapproved(waiver, layer.max(LEAST_LAYER), specification) {
                add("approver", why, "Have it approved by another team that may approve that layer.");
            }
        }
        None => add("rule", format!("names no rule of the specification: `{name}`"), "Name one rule by its id."),
        Some(rule) if !rule.scope.systems.contains(&waiver.system) => {
            let system = shortened(&waiver.system);
            add("rule", format!("names `{name}`, which does not hold in `{system}`"), "Name a system of the rule.");
        }
        Some(rule) => {
            if let Some(why) = unapproved(waiver, rule.layer, specification) {
                add("approver", why, "Have it approved by another team that may approve the rule's layer.");
            }
        }
    }
    if !specification.teams.contains_key(&waiver.requested_by) {
        add("ownerless", "has no owner: `requested-by` names no team".to_owned(), "Name the team that asked for it.");
    }
    if let Some(why) = too_wide(waiver) {
        add("too-wide", why, "Name each place by its path and fingerprint, or change the rule.");
    }
    if let Some((name, why, fix)) = out_of_time(waiver, specification, as_of) {
        add(name, why, fix);
    }
    found
}

fn unapproved(waiver: &Waiver, layer: u8, specification: &Specification) -> Option<String> {
    let team = shortened(&waiver.approved_by);
    let Some(approver) = specification.teams.get(&waiver.approved_by) else {
        return Some("is approved by no team".to_owned());
    };
    if waiver.approved_by == waiver.requested_by {
        return Some(format!("is approved by `{team}`, which asked for it"));
    }
    // Nobody approves layer 1, the automated one: there any team that may approve something is enough.
    let may = approver.approves.contains(&layer) || (layer <= 1 && !approver.approves.is_empty());
    (!may).then(|| format!("is approved by `{team}`, which may not approve layer {layer}, the rule's"))
}

fn too_wide(waiver: &Waiver) -> Option<String> {
    let digits =
        |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let wide = |at: &&Instance| {
        at.path.is_empty() || at.path.ends_with('/') || at.path.contains('*') || !digits(&at.fingerprint)
    };
    if waiver.at.is_empty() {
        return Some("names no place, and so a whole rule".to_owned());
    }
    if waiver.at.len() > MOST_INSTANCES {
        return Some(format!("names {} places, more than {MOST_INSTANCES}", waiver.at.len()));
    }
    let place = waiver.at.iter().find(wide)?;
    Some(format!("names a place that is more than one finding: `{}`", shortened(&place.path)))
}

/// Both ends are included, in UTC. Dates of the one checked spelling compare as text.
fn out_of_time(
    waiver: &Waiver,
    specification: &Specification,
    as_of: &str,
) -> Option<(&'static str, String, &'static str)> {
    let Waiver { from, until, .. } = waiver;
    let fix = "Write `from` and `until` as days of the calendar, `YYYY-MM-DD`.";
    if !is_date(from) || !is_date(until) || !is_date(as_of) {
        return Some(("dates", "has dates that are no days of the calendar".to_owned(), fix));
    }
    if until < from {
        return Some(("dates", format!("ends on {until}, before it starts on {from}"), fix));
    }
    let most = specification.manifest.defaults.waiver_max_days;
    let days = days_between(from, until).and_then(|days| u32::try_from(days).ok()).unwrap_or(u32::MAX);
    if days.saturating_add(1) > most {
        let why = format!("lasts {} days, and {most} are the most", days.saturating_add(1));
        return Some(("too-long", why, "Shorten it; a waiver that must last is a change of the rule."));
    }
    if as_of < from.as_str() {
        return Some((
            "future",
            format!("starts only on {from}"),
            "Wait for that day, or have its start approved anew.",
        ));
    }
    if as_of > until.as_str() {
        return Some(("ended", format!("ended on {until}"), "Mend what it covered, or have a new one approved."));
    }
    None
}

/// Returns the old path of each renamed file: a pure rename keeps the fingerprints of its old path.
fn renamed(files: &[FileEntry]) -> BTreeMap<&str, &str> {
    let moved = files.iter().filter(|file| file.path != file.old_path);
    moved.map(|file| (file.path.as_str(), file.old_path.as_str())).collect()
}

/// Says whether a waiver names this finding.
fn names(waiver: &Waiver, finding: &Finding, ground: &Ground<'_>, old_paths: &BTreeMap<&str, &str>) -> bool {
    let Some(path) = finding.path.as_ref().map(Untrusted::raw) else { return false };
    let named = |at: &Instance| {
        at.fingerprint == finding.fingerprint && (at.path == path || old_paths.get(path) == Some(&at.path.as_str()))
    };
    finding.rule.as_str() == waiver.rule
        && Specification::system_of(ground.hosted, path).is_some_and(|system| system.id == waiver.system)
        && waiver.at.iter().any(named)
}

/// Says whether findings like this one can be waived at all: checks of the gate itself cannot.
#[must_use]
pub fn may_be_waived(finding: &Finding, layers: &BTreeMap<RuleId, u8>) -> bool {
    match finding.source.kind {
        SourceKind::Specification | SourceKind::Import => true,
        SourceKind::Builtin | SourceKind::Policy => {
            layers.contains_key(&finding.rule) && !finding.rule.as_str().starts_with(GUARDS)
        }
    }
}

fn lets_through(
    waiver: &Waiver,
    working: &[&Waiver],
    finding: &Finding,
    ground: &Ground<'_>,
    old_paths: &BTreeMap<&str, &str>,
) -> bool {
    if !may_be_waived(finding, ground.layers) || !names(waiver, finding, ground, old_paths) {
        return false;
    }
    let same_rule = || working.iter().filter(|other| other.rule == waiver.rule && other.system == waiver.system);
    let accepted = |print: &str| same_rule().flat_map(|other| &other.at).any(|at| at.fingerprint == print);
    ground.standing.is_none_or(|standing| standing.all_accepted(&finding.fingerprint, accepted))
}

/// Says whether this run is about the waiver: its files changed, or everything was judged.
fn looked_at(waiver: &Waiver, ground: &Ground<'_>) -> bool {
    ground.reach == Reach::Whole
        || waiver.at.iter().any(|at| ground.files.iter().any(|file| file.path == at.path || file.old_path == at.path))
}

fn ending(waiver: &Waiver, as_of: &str) -> Option<Draft> {
    let left = days_between(as_of, &waiver.until).filter(|left| *left <= ENDING_DAYS)?;
    let when = if left == 0 { "today".to_owned() } else { format!("in {left} days, on {}", waiver.until) };
    let fix = "Mend what it covers, or have a new one approved.";
    let fault = WaiverFault { name: "ending", why: format!("ends {when}"), fix };
    let mut draft = about(waiver, &fault, false);
    draft.judged.finding.severity = Severity::Info;
    Some(draft)
}

/// Returns the places that no longer have the finding, as far as this run can know.
fn stale(waiver: &Waiver, judged: &[Judged], ground: &Ground<'_>) -> Vec<Draft> {
    let fires: BTreeSet<&str> = judged.iter().map(|one| one.finding.fingerprint.as_str()).collect();
    let gone = |at: &&Instance| {
        !fires.contains(at.fingerprint.as_str()) && gone_at(&waiver.rule, &at.path, &at.fingerprint, ground)
    };
    let places = waiver.at.iter().filter(gone).map(|at| {
        let fault = WaiverFault {
            name: "stale",
            why: format!(
                "matches no finding in `{}`: it is mended, or the fingerprint is another's",
                shortened(&at.path)
            ),
            fix: "Take the place out of the waiver, or withdraw it.",
        };
        let mut draft = about(waiver, &fault, false);
        draft.anchor = format!("{} {} {}", waiver.id, at.path, at.fingerprint);
        draft
    });
    places.collect()
}

/// Says whether an accepted finding that this run did not report is known to be gone.
pub(super) fn gone_at(rule: &str, path: &str, fingerprint: &str, ground: &Ground<'_>) -> bool {
    let whole = ground.reach == Reach::Whole;
    let Some(file) = ground.files.iter().find(|file| file.old_path == path || file.path == path) else { return whole };
    let judged = matches!(file.parsed.status, ParseStatus::Ok | ParseStatus::Errors | ParseStatus::Unsupported);
    if file.status == FileStatus::Deleted || (file.path != path && file.added + file.removed > 0) {
        return true;
    }
    judged && (whole || ground.standing.is_some_and(|standing| standing.lacks(rule, fingerprint)))
}

/// One finding about a waiver; it stands at no place of the change, and a finding that depends on it makes it count.
fn about(waiver: &Waiver, fault: &WaiverFault, depends: bool) -> Draft {
    let id = shortened(&waiver.id);
    let tail = if depends { "; it does not let its finding through" } else { "" };
    let finding = Finding {
        rule: rule_id("waivers", fault.name),
        title: "Waivers are dated, owned and narrow".into(),
        message: Untrusted::new(format!("{id} {}{tail}", fault.why)),
        severity: Severity::Warning,
        status: if depends { Status::Enforced } else { Status::Advisory },
        path: None,
        start: None,
        end: None,
        fix: fault.fix.into(),
        rationale: "An exception that nobody owns, or that has no end, is a rule that was given up unseen.".into(),
        source: Source { kind: SourceKind::Builtin, path: Untrusted::new(waiver.file.clone()), line: waiver.line },
        owner: Untrusted::new(waiver.requested_by.clone()),
        links: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    };
    let anchor = waiver.id.clone();
    Draft { judged: Judged { finding, gates: true }, fingerprint_path: String::new(), anchor }
}

/// Returns the id of a check of the gate itself.
pub(super) fn rule_id(group: &str, name: &str) -> RuleId {
    RuleId::new(format!("{group}/{name}")).expect("both are fixed words of letters and hyphens")
}
