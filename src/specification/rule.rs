//! A rule: an invariant or a prohibited pattern, as written.
//!
//! Owns the type and how one is read. What stands under `enforce` stays a node: the kind that is named there reads it,
//! so that a new kind is one file under `enforcement/`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Specification;
use super::page::{Fields, Keys, Mention, Page, Subject, Tie, value, values};
use super::system::is_language;
use crate::configuration::words::{SEVERITIES, STATUSES};
use crate::diagnostic::shortened;
use crate::finding::{RuleId, Severity, Status};
use crate::yaml::{Node, Placed, Value};

pub(super) const KEYS: &Keys = &[
    ("id", true),
    ("title", true),
    ("status", true),
    ("severity", true),
    ("layer", true),
    ("owner", true),
    ("rationale", true),
    ("scope", true),
    ("enforce", true),
    ("instead", false),
    ("decision", false),
    ("applies-to", false),
    ("status-by-system", false),
    ("examples", false),
    ("baseline", false),
    ("links", false),
];
pub(super) const SCOPE_KEYS: &Keys = &[("systems", true), ("paths", false), ("exclude", false)];
pub(super) const EXAMPLES_KEYS: &Keys = &[("fail", false), ("pass", false)];
pub(super) const EXAMPLE_KEYS: &Keys = &[("language", true), ("code", true)];
pub(super) const APPLIES_TO: &[(&str, AppliesTo)] = &[("all", AppliesTo::All), ("ai", AppliesTo::Ai)];
pub(super) const BASELINE: &[(&str, bool)] = &[("allowed", true), ("refused", false)];

/// An invariant, or a prohibited pattern when `instead` is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `INV-…` or `PRO-…`.
    pub id: RuleId,
    /// The rule in one line.
    pub title: String,
    /// How far it has been rolled out, unless `status_by_system` says otherwise.
    pub status: Status,
    /// Roll-out by system.
    pub status_by_system: BTreeMap<String, Status>,
    /// How bad a violation is.
    pub severity: Severity,
    /// The review asked for when an enforced rule fires: 1 to 3.
    pub layer: u8,
    /// The team that answers for it.
    pub owner: String,
    /// Why it exists.
    pub rationale: String,
    /// What to do instead; of a prohibited pattern always there.
    pub instead: Option<String>,
    /// The decision record behind it.
    pub decision: Option<String>,
    /// Whose lines it covers.
    pub applies_to: AppliesTo,
    /// Where it holds.
    pub scope: Scope,
    /// What must fire and what must not.
    pub examples: Examples,
    /// Found debt may be carried in the baseline of an application repository.
    pub baseline: bool,
    /// Addresses for further reading.
    pub links: Vec<String>,
    /// How it is enforced.
    pub enforce: Enforce,
    /// The file, relative to the root of the specification.
    pub file: String,
    /// Line of the rule in its file, from 1.
    pub line: u32,
}

impl Rule {
    /// Returns the status in one system.
    #[must_use]
    pub fn status_in(&self, system: &str) -> Status {
        self.status_by_system.get(system).copied().unwrap_or(self.status)
    }
}

/// Whose lines a rule covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AppliesTo {
    /// Every line.
    #[default]
    All,
    /// Lines with evidence of an AI tool and, unless base configuration says otherwise, lines of unknown making.
    Ai,
}

/// Where a rule holds; globs are relative to the root of the system, and `*` never crosses a `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Systems, sorted; never empty.
    pub systems: Vec<String>,
    /// Globs; empty means every path.
    pub paths: Vec<String>,
    /// Globs taken out.
    pub exclude: Vec<String>,
}

/// What must fire (`fail`) and what must not (`pass`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// Each must fire in at least one language of the rule, or in its own.
    pub fail: Vec<Example>,
    /// None may fire.
    pub pass: Vec<Example>,
}

/// One example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// Its language, or none: then each language of the rule is tried.
    pub language: Option<String>,
    /// The text.
    pub code: String,
    /// Line of the example in its file, from 1.
    pub line: u32,
}

/// The one key of `enforce` and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enforce {
    /// The kind: `layers`, `ast`, …
    pub kind: Placed<String>,
    /// What stands under it; the kind reads it.
    pub value: Node,
}

/// Reads one file of rules.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    for node in page.entries(root, "rules", Subject::Rule) {
        if let Some(rule) = rule(page, node) {
            into.rules.entry(rule.id.clone()).or_insert(rule);
        }
    }
}

/// Reads one rule to its end, so that all its faults are found; none when one of them leaves it without meaning.
fn rule(page: &mut Page<'_>, node: &Node) -> Option<Rule> {
    let fields = page.fields(node, "rule", KEYS);
    let id = page.id(&fields, Subject::Rule);
    let title = page.line(&fields, "title");
    let status = page.word(&fields, "status", STATUSES);
    let severity = page.word(&fields, "severity", SEVERITIES);
    let layer = page.layer(&fields, "layer");
    let owner = value(page.name(&fields, "owner", Subject::Team));
    let rationale = page.text(&fields, "rationale");
    let instead = instead(page, &fields);
    let decision = decision(page, &fields, id.as_ref());
    let applies_to = page.word(&fields, "applies-to", APPLIES_TO).unwrap_or_default();
    let scope = fields.get("scope").map(|node| scope(page, node)).unwrap_or_default();
    let status_by_system = status_by_system(page, &fields, &scope);
    let examples = fields.get("examples").map(|node| examples(page, node)).unwrap_or_default();
    let baseline = page.word(&fields, "baseline", BASELINE).unwrap_or_default();
    let links = values(page.texts(&fields, "links"));
    let enforce = fields.get("enforce").and_then(|node| enforce(page, node));
    Some(Rule {
        id: RuleId::new(id?.value).ok()?,
        title,
        status: status?,
        status_by_system,
        severity: severity?,
        layer,
        owner,
        rationale,
        instead,
        decision,
        applies_to,
        scope,
        examples,
        baseline,
        links,
        enforce: enforce?,
        file: page.file.to_owned(),
        line: node.place.line,
    })
}

fn instead(page: &mut Page<'_>, fields: &Fields<'_>) -> Option<String> {
    if page.file.starts_with("prohibited/") && fields.get("instead").is_none() && fields.get("id").is_some() {
        let help = "A prohibition without a way out is worked around: say what to do instead.";
        let place = fields.get("id").map_or(fields.place, |node| node.place);
        page.add(place, "a prohibited pattern needs the key `instead`", "no way out", help);
    }
    fields.get("instead").and_then(|node| page.faults.text(node, "instead"))
}

fn decision(page: &mut Page<'_>, fields: &Fields<'_>, id: Option<&Placed<String>>) -> Option<String> {
    let decision = page.name(fields, "decision", Subject::Decision);
    match (id, &decision) {
        (Some(id), Some(decision)) => page.ties.push(Tie {
            rule: id.value.clone(),
            decision: decision.value.clone(),
            said_by: Subject::Rule,
            place: decision.place,
        }),
        (Some(id), None) if fields.get("decision").is_some() => drop(page.untied.insert(id.value.clone())),
        _ => {}
    }
    decision.map(|decision| decision.value)
}

fn scope(page: &mut Page<'_>, node: &Node) -> Scope {
    let fields = page.fields(node, "scope", SCOPE_KEYS);
    if let Some(Node { value: Value::List(items), place }) = fields.get("systems")
        && items.is_empty()
    {
        page.add(*place, "`systems` is empty: the rule would hold nowhere", "no system", "Name at least one system.");
    }
    let mut systems = values(page.names(&fields, "systems", Subject::System));
    systems.sort();
    Scope { systems, paths: page.globs(&fields, "paths"), exclude: page.globs(&fields, "exclude") }
}

fn status_by_system(page: &mut Page<'_>, fields: &Fields<'_>, scope: &Scope) -> BTreeMap<String, Status> {
    let mut statuses = BTreeMap::new();
    let Some(node) = fields.get("status-by-system") else { return statuses };
    for (system, word) in page.faults.map(node, "status-by-system") {
        page.used.push(Mention { subject: Subject::System, id: system.clone() });
        if let Some(status) = page.faults.word(word, &shortened(&system.value), STATUSES) {
            statuses.insert(system.value.clone(), status);
        }
        if !scope.systems.is_empty() && scope.systems.binary_search(&system.value).is_err() {
            // A name that leads nowhere is reported as such.
            page.outside.push(system.clone());
        }
    }
    statuses
}

fn examples(page: &mut Page<'_>, node: &Node) -> Examples {
    let fields = page.fields(node, "examples", EXAMPLES_KEYS);
    let mut list = |key: &str| {
        let items = fields.get(key).map(|node| page.faults.list(node, key)).unwrap_or_default();
        items.iter().filter_map(|item| example(page, item)).collect()
    };
    Examples { fail: list("fail"), pass: list("pass") }
}

fn example(page: &mut Page<'_>, node: &Node) -> Option<Example> {
    let line = node.place.line;
    let Value::Map(_) = &node.value else {
        return page.faults.text(node, "examples").map(|code| Example { language: None, code, line });
    };
    let fields = page.fields(node, "examples", EXAMPLE_KEYS);
    let language = fields.get("language").and_then(|node| {
        let language = Placed { value: page.faults.text(node, "language")?, place: node.place };
        is_language(page, &language).then_some(language.value)
    });
    let code = fields.get("code").and_then(|node| page.faults.text(node, "code"))?;
    Some(Example { language: Some(language?), code, line })
}

/// A choice is a mapping with exactly one key, so that every message can point at the exact place.
fn enforce(page: &mut Page<'_>, node: &Node) -> Option<Enforce> {
    let help = "Write the one kind of rule, such as `enforce: {review: {ask: \"...?\"}}`.";
    match page.faults.map(node, "enforce") {
        [(kind, value)] => return Some(Enforce { kind: kind.clone(), value: value.clone() }),
        [] if matches!(node.value, Value::Map(_)) => {
            page.add(node.place, "`enforce` holds no kind of rule", "exactly one key wanted", help);
        }
        [] => {}
        [(first, _), (second, _), ..] => {
            let title = format!(
                "`enforce` holds more than one kind: `{}` and `{}`",
                shortened(&first.value),
                shortened(&second.value)
            );
            page.add(second.place, title, "exactly one key wanted", "Make two rules of it.");
        }
    }
    None
}
