//! `portcullis-spec.yaml`: schema number, release and defaults.

use serde::Serialize;

use super::Specification;
use super::page::{Fields, Keys, Page};
use crate::diagnostic::shortened;
use crate::yaml::{Node, Value};

/// The schema number that this tool reads.
pub const SCHEMA: u32 = 1;
/// Longest span of days that a default may name.
const MOST_DAYS: u32 = 3_650;

pub(super) const KEYS: &Keys =
    &[("schema", true), ("name", true), ("version", true), ("requires-tool", false), ("defaults", false)];
pub(super) const DEFAULT_KEYS: &Keys = &[
    ("waiver-max-days", false),
    ("certification", false),
    ("certification-max-age-days", false),
    ("unknown-agent", false),
];
pub(super) const UNKNOWN_AGENT: &[(&str, UnknownAgent)] =
    &[("allow", UnknownAgent::Allow), ("review", UnknownAgent::Review), ("deny", UnknownAgent::Deny)];

/// The specification's own header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// The schema number; this tool reads 1.
    pub schema: u32,
    /// Name of the specification.
    pub name: String,
    /// Its release, `major.minor.patch`.
    pub version: String,
    /// Lower bound on the tool, such as `>=0.3`; or empty.
    pub requires_tool: String,
    /// Defaults of other files.
    pub defaults: Defaults,
}

/// Defaults of other files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Defaults {
    /// Longest waiver in days, both ends included.
    pub waiver_max_days: u32,
    /// The certificate that people need who approve AI-assisted changes; or empty.
    pub certification: String,
    /// How many days a certificate holds.
    pub certification_max_age_days: u32,
    /// What an agent without a contract may do.
    pub unknown_agent: UnknownAgent,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            waiver_max_days: 90,
            certification: String::new(),
            certification_max_age_days: 365,
            unknown_agent: UnknownAgent::Review,
        }
    }
}

/// What a change made by an agent without a contract meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownAgent {
    /// Nothing of its own.
    Allow,
    /// It asks for the review of a team.
    Review,
    /// It is a finding.
    Deny,
}

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    let fields = page.fields(root, "", KEYS);
    into.manifest = Manifest {
        schema: schema(page, &fields),
        name: page.line(&fields, "name"),
        version: version(page, &fields, "version"),
        requires_tool: requires_tool(page, &fields),
        defaults: fields.get("defaults").map(|node| defaults(page, node)).unwrap_or_default(),
    };
}

fn schema(page: &mut Page<'_>, fields: &Fields<'_>) -> u32 {
    let Some(node) = fields.get("schema") else { return SCHEMA };
    if node.value != Value::Plain(SCHEMA.to_string()) {
        let help = format!("Write `schema: {SCHEMA}`, or take a release of portcullis that knows this schema.");
        page.add(node.place, format!("this release reads schema {SCHEMA} only"), "not a known schema", help);
        return 0;
    }
    SCHEMA
}

/// Returns a release as `major.minor.patch`.
pub(super) fn version(page: &mut Page<'_>, fields: &Fields<'_>, key: &str) -> String {
    let Some(node) = fields.get(key) else { return String::new() };
    let Some(text) = page.faults.text(node, key) else { return String::new() };
    let parts = numbers(&text);
    if parts.len() != 3 {
        let title = format!("`{}` is no release", shortened(&text));
        page.add(node.place, title, "major.minor.patch wanted", "Write three numbers, such as `1.4.0`.");
        return String::new();
    }
    text
}

/// Returns the numbers of a dotted release; nothing when it is not one.
fn numbers(text: &str) -> Vec<u32> {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits && (part == "0" || !part.starts_with('0'));
        if plain { part.parse().ok() } else { None }
    };
    text.split('.').map(number).collect::<Option<Vec<u32>>>().unwrap_or_default()
}

fn requires_tool(page: &mut Page<'_>, fields: &Fields<'_>) -> String {
    let Some(node) = fields.get("requires-tool") else { return String::new() };
    let Some(text) = page.faults.text(node, "requires-tool") else { return String::new() };
    let least = numbers(text.strip_prefix(">=").unwrap_or_default().trim_start());
    // Without what may follow the three numbers of a release that is still being made.
    let own = numbers(env!("CARGO_PKG_VERSION").split(['-', '+']).next().unwrap_or_default());
    if !(1..=3).contains(&least.len()) {
        let title = format!("`{}` is no lower bound on the tool", shortened(&text));
        page.add(node.place, title, "not such a bound", "Write it as `\">=0.3\"`.");
    } else if own < least {
        let title = format!(
            "this specification needs portcullis {}, and this is {}",
            shortened(&text),
            env!("CARGO_PKG_VERSION")
        );
        page.add(node.place, title, "newer than this tool", "Take a newer release of portcullis.");
    }
    text
}

fn defaults(page: &mut Page<'_>, node: &Node) -> Defaults {
    let fields = page.fields(node, "defaults", DEFAULT_KEYS);
    let fallback = Defaults::default();
    Defaults {
        waiver_max_days: page.number(&fields, "waiver-max-days", MOST_DAYS).unwrap_or(fallback.waiver_max_days),
        certification: page.line(&fields, "certification"),
        certification_max_age_days: page
            .number(&fields, "certification-max-age-days", MOST_DAYS)
            .unwrap_or(fallback.certification_max_age_days),
        unknown_agent: page.word(&fields, "unknown-agent", UNKNOWN_AGENT).unwrap_or(fallback.unknown_agent),
    }
}
