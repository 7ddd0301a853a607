//! `waivers/*.yaml`: accepted exceptions by a person, with an end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Specification;
use super::page::{Fields, Keys, Page, Subject, value};
use crate::clock::days_between;
use crate::diagnostic::shortened;
use crate::finding::RuleId;
use crate::yaml::{Node, Placed, Value};

pub(super) const KEYS: &Keys = &[
    ("id", true),
    ("rule", true),
    ("system", true),
    ("at", true),
    ("reason", true),
    ("requested-by", false),
    ("approved-by", true),
    ("from", true),
    ("until", true),
    ("ticket", false),
];
pub(super) const INSTANCE_KEYS: &Keys = &[("path", true), ("fingerprint", true)];

/// One waiver; `from` and `until` are both included, in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Waiver {
    /// `WVR-…`.
    pub id: String,
    /// The one rule.
    pub rule: String,
    /// The one system.
    pub system: String,
    /// The instances.
    pub at: Vec<Instance>,
    /// Why.
    pub reason: String,
    /// A ticket, or empty.
    pub ticket: String,
    /// The team that asked, and owns it.
    pub requested_by: String,
    /// The team that agreed.
    pub approved_by: String,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub until: String,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line in that file, from 1.
    pub line: u32,
}

/// One instance of a waived finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Instance {
    /// The file, relative to the root of the application repository.
    pub path: String,
    /// The finding's fingerprint, 32 hexadecimal digits.
    pub fingerprint: String,
}

/// A waiver that let findings of this change through: a green run still shows its waivers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct WaiverUse {
    /// `WVR-...`.
    pub id: String,
    /// The rule that it waives.
    pub rule: String,
    /// Its last day, `YYYY-MM-DD`.
    pub until: String,
    /// The team that asked for it, and owns it.
    pub owner: String,
    /// How many findings it let through.
    pub findings: u32,
}

/// The least layer at which a waiver of a rule outside the specification is approved: the rule may ask nobody, its
/// exception does.
pub const LEAST_LAYER: u8 = 2;

/// Says whether an id can be that of a rule outside the specification: of a pack, a policy, or another tool.
#[must_use]
pub fn is_outside(rule: &str) -> bool {
    rule.contains('/') && RuleId::new(rule).is_ok()
}

/// Reads one file of waivers; manifest, teams and rules were read before.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    for node in page.entries(root, "waivers", Subject::Waiver) {
        let fields = page.fields(node, "waiver", KEYS);
        let id = page.id(&fields, Subject::Waiver);
        let rule = rule(page, &fields);
        let system = page.name(&fields, "system", Subject::System);
        let at = fields.get("at").map(|node| instances(page, node)).unwrap_or_default();
        let requester = page.name(&fields, "requested-by", Subject::Team);
        if fields.get("requested-by").is_none() {
            let help = "Write `requested-by:` and the team that asked for it.";
            page.remark(node.place, "the waiver has no owner", "`requested-by` is missing", help);
        }
        let approver = page.name(&fields, "approved-by", Subject::Team);
        if let Some(approver) = &approver {
            check_approver(page, approver, requester.as_ref(), rule.as_ref(), into);
        }
        let (from, until) = (page.date(&fields, "from"), page.date(&fields, "until"));
        if let (Some(from), Some(until)) = (&from, &until) {
            check_span(page, from, until, into.manifest.defaults.waiver_max_days);
        }
        let waiver = Waiver {
            id: value(id.clone()),
            rule: value(rule),
            system: value(system),
            at,
            reason: page.text(&fields, "reason"),
            ticket: page.line(&fields, "ticket"),
            requested_by: value(requester),
            approved_by: value(approver),
            from: value(from),
            until: value(until),
            file: page.file.to_owned(),
            line: node.place.line,
        };
        if let Some(id) = id {
            into.waivers.entry(id.value).or_insert(waiver);
        }
    }
}

/// Returns the rule; one of the specification must be there, of others only the run that loads them knows.
fn rule(page: &mut Page<'_>, fields: &Fields<'_>) -> Option<Placed<String>> {
    let node = fields.get("rule")?;
    match &node.value {
        Value::Plain(text) | Value::Quoted(text) if is_outside(text) => {
            Some(Placed { value: text.clone(), place: node.place })
        }
        _ => page.name(fields, "rule", Subject::Rule),
    }
}

fn instances(page: &mut Page<'_>, node: &Node) -> Vec<Instance> {
    let items = page.faults.list(node, "at");
    if items.is_empty() && matches!(node.value, Value::List(_)) {
        let help = "Name each finding by `path` and `fingerprint`; to let a whole rule go, change the rule.";
        page.remark(node.place, "`at` is empty: a waiver names its instances", "no instance", help);
    }
    let mut instances: Vec<Instance> = items.iter().filter_map(|item| instance(page, item)).collect();
    instances.sort();
    instances.dedup();
    instances
}

fn instance(page: &mut Page<'_>, node: &Node) -> Option<Instance> {
    let fields = page.fields(node, "at", INSTANCE_KEYS);
    let path = plain_path(page, &fields);
    let fingerprint = fields.get("fingerprint").and_then(|node| {
        let text = page.faults.text(node, "fingerprint")?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        if digits && text.len() == 32 {
            return Some(text);
        }
        let title = format!("`{}` is no fingerprint", shortened(&text));
        page.add(node.place, title, "not a fingerprint", "Copy the 32 digits from the report.");
        None
    });
    Some(Instance { path: path?, fingerprint: fingerprint? })
}

/// A waiver holds for files by name; with a glob it would hold for findings that nobody has seen.
fn plain_path(page: &mut Page<'_>, fields: &Fields<'_>) -> Option<String> {
    let node = fields.get("path")?;
    let path = page.faults.text(node, "path")?;
    if path.contains(['*', '?', '[', '{']) {
        let title = format!("`{}` is a glob, and a waiver names files", shortened(&path));
        page.remark(node.place, title, "too wide", "Name each file with its own fingerprint.");
        return Some(path);
    }
    page.is_glob(&Placed { value: path.clone(), place: node.place }).then_some(path)
}

/// The approver is a team that may approve at the rule's layer, and not the one that asked.
fn check_approver(
    page: &mut Page<'_>,
    approver: &Placed<String>,
    requester: Option<&Placed<String>>,
    rule: Option<&Placed<String>>,
    specification: &Specification,
) {
    let name = shortened(&approver.value);
    if requester.is_some_and(|requester| requester.value == approver.value) {
        let title = format!("the team `{name}` approves what it asked for");
        page.remark(approver.place, title, "the requester itself", "Ask another team.");
        return;
    }
    let id = rule.and_then(|rule| RuleId::new(rule.value.clone()).ok());
    let layer = id.as_ref().and_then(|id| match specification.rules.get(id) {
        Some(rule) => Some(rule.layer),
        None => is_outside(id.as_str()).then_some(LEAST_LAYER),
    });
    let (Some(id), Some(layer), Some(team)) = (id, layer, specification.teams.get(&approver.value)) else { return };
    // Layer 1 needs nobody, so any team that may approve at all may.
    let may = team.approves.contains(&layer) || (layer == 1 && !team.approves.is_empty());
    if !may && layer > 0 {
        let title = format!("the team `{name}` may not approve at layer {layer}");
        let teams: Vec<String> = specification
            .teams
            .values()
            .filter(|team| team.approves.contains(&layer))
            .take(6)
            .map(|team| format!("`{}`", team.id))
            .collect();
        let help = if teams.is_empty() { "No team may.".to_owned() } else { format!("{} may.", teams.join(", ")) };
        page.remark(approver.place, title, &format!("{id} is of layer {layer}"), help);
    }
}

/// Both days count.
fn check_span(page: &mut Page<'_>, from: &Placed<String>, until: &Placed<String>, most: u32) {
    let Some(days) = days_between(&from.value, &until.value).map(|days| days + 1) else { return };
    if days < 1 {
        let title = format!("the waiver ends before it starts on {}", from.value);
        page.remark(until.place, title, "before its start", "`until` is the last day.");
    } else if days > i64::from(most) {
        let title = format!("the waiver lasts {days} days, over `waiver-max-days` of {most}");
        page.remark(until.place, title, "too long", "End it sooner, and renew it when that day comes.");
    }
}
