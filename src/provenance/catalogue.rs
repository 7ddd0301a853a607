//! The catalogue of AI tools: which marks each one leaves, as data.
//!
//! Owns the compiled-in table `catalogue/ai-tools.yaml`, its strict reading, and finding its marks in a text. A row's
//! pattern is compiled only when a text holds the letters that the pattern cannot do without, so a change without
//! marks compiles nothing. Must not decide what a mark is worth for a commit.

mod literal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::evidence::{Class, Confidence, Evidence, MarkKind, kept};
use crate::change::Person;
use crate::untrusted::Untrusted;
use crate::yaml;

const TEXT: &str = include_str!("catalogue/ai-tools.yaml");

#[expect(clippy::expect_used, reason = "the table is compiled in, and a test reads it")]
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(sheet().expect("the table is well formed")));

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[expect(dead_code, reason = "checked by being there")]
    schema: u32,
    #[expect(dead_code, reason = "for readers of the file")]
    captured: String,
    tools: Vec<Entry>,
    declared: Vec<Entry>,
    denials: Vec<String>,
    negations: Vec<String>,
    affirmations: Vec<String>,
    reviewers: Vec<Account>,
    automation: Vec<Account>,
}

/// A tool, or a declaration that projects ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    vendor: String,
    #[expect(dead_code, reason = "for readers of the file")]
    #[serde(default)]
    owner: String,
    #[expect(dead_code, reason = "for readers of the file")]
    #[serde(default)]
    rule: String,
    #[expect(dead_code, reason = "for readers of the file")]
    #[serde(default)]
    default_mark: String,
    evidence: Vec<Mark>,
}

/// One row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    kind: MarkKind,
    pattern: String,
    class: Class,
    confidence: Confidence,
    #[cfg_attr(not(test), expect(dead_code, reason = "held against the pattern by a test"))]
    #[serde(default)]
    captures: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "every row names where it was seen; a test looks"))]
    source: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "run by a test"))]
    #[serde(default)]
    hit: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "run by a test"))]
    #[serde(default)]
    miss: Vec<String>,
}

/// An account that is no person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    login: String,
    #[expect(dead_code, reason = "for readers of the file: `[bot]` in an address says enough")]
    #[serde(default)]
    account: u64,
    #[serde(default)]
    email: String,
    #[expect(dead_code, reason = "for readers of the file")]
    #[serde(default)]
    note: String,
}

fn sheet() -> Result<Sheet, yaml::YamlFault> {
    yaml::read(TEXT.as_bytes(), "ai-tools.yaml")
}

/// One row, ready to be looked for.
#[derive(Debug)]
struct Row {
    /// The tool's id; empty for declarations, whose text names the tool.
    tool: String,
    vendor: String,
    class: Class,
    confidence: Confidence,
    pattern: String,
    /// Without one of these, in lower case, no text can match; none when nothing is certain.
    letters: Vec<String>,
    compiled: OnceLock<Option<Regex>>,
}

impl Row {
    /// Says whether a text in lower case is worth the pattern.
    fn may_match(&self, lower: &str) -> bool {
        self.letters.is_empty() || self.letters.iter().any(|letters| lower.contains(letters))
    }

    /// Returns the pattern; none only for a row that the tests would refuse.
    fn regex(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.pattern).case_insensitive(true).multi_line(true).build().ok();
        self.compiled.get_or_init(build).as_ref()
    }
}

/// The table by kind of mark.
#[derive(Debug)]
pub(super) struct Catalogue {
    rows: BTreeMap<MarkKind, Vec<Row>>,
    denials: BTreeSet<String>,
    negations: BTreeSet<String>,
    affirmations: BTreeSet<String>,
    /// Logins and addresses that are no person, in lower case.
    machines: BTreeSet<String>,
}

impl Catalogue {
    /// Returns the compiled-in table, read on the first call.
    pub(super) fn get() -> &'static Self {
        &CATALOGUE
    }

    fn of(sheet: Sheet) -> Self {
        let mut rows: BTreeMap<MarkKind, Vec<Row>> = BTreeMap::new();
        let tools = sheet.tools.into_iter().map(|entry| (entry.id, entry.vendor, entry.evidence));
        let declared = sheet.declared.into_iter().map(|entry| (String::new(), String::new(), entry.evidence));
        for (tool, vendor, marks) in tools.chain(declared) {
            for mark in marks {
                rows.entry(mark.kind).or_default().push(Row {
                    tool: tool.clone(),
                    vendor: vendor.clone(),
                    class: mark.class,
                    confidence: mark.confidence,
                    letters: literal::required(&mark.pattern),
                    pattern: mark.pattern,
                    compiled: OnceLock::new(),
                });
            }
        }
        let accounts = sheet.reviewers.into_iter().chain(sheet.automation);
        let machines = accounts.flat_map(|account| [account.login, account.email]).filter(|name| !name.is_empty());
        Self {
            rows,
            denials: sheet.denials.into_iter().collect(),
            negations: sheet.negations.into_iter().collect(),
            affirmations: sheet.affirmations.into_iter().collect(),
            machines: machines.map(|name| name.to_ascii_lowercase()).collect(),
        }
    }

    /// Returns the evidence that the marks of one kind in `text` are, in the order of the table.
    pub(super) fn find(&self, kind: MarkKind, text: &str, source: &str) -> Vec<Evidence> {
        if text.is_empty() {
            return Vec::new();
        }
        let lower = text.to_ascii_lowercase();
        let rows = self.rows.get(&kind).into_iter().flatten();
        let near = rows.filter(|row| row.may_match(&lower));
        near.filter_map(|row| self.evidence(row, kind, text, source)).collect()
    }

    fn evidence(&self, row: &Row, kind: MarkKind, text: &str, source: &str) -> Option<Evidence> {
        let found = row.regex()?.captures(text)?;
        let group = |name: &str| found.name(name).map_or_else(Untrusted::default, |group| kept(group.as_str()));
        let whole = found.get(0).map_or(text, |whole| whole.as_str());
        if row.class == Class::Declared && self.denies(whole) {
            return None;
        }
        let named = Some(group("tool")).filter(|named| !self.affirmations.contains(&named.raw().to_ascii_lowercase()));
        let on_commit = !matches!(kind, MarkKind::AuthorLogin | MarkKind::PrBody | MarkKind::BranchPrefix);
        Some(Evidence {
            strength: row.class.strength(on_commit),
            confidence: row.confidence,
            class: row.class,
            kind,
            source: source.to_owned(),
            tool: if row.tool.is_empty() { named.unwrap_or_default() } else { Untrusted::new(row.tool.clone()) },
            vendor: row.vendor.clone(),
            model: group("model"),
            session: group("session"),
            human: group("human"),
            detail: kept(whole),
        })
    }

    /// Says whether a declaration, `Key: value`, takes itself back.
    fn denies(&self, declaration: &str) -> bool {
        let value = declaration.split_once(':').map_or(declaration, |(_, value)| value).to_ascii_lowercase();
        let mut words = value.split(|c: char| !c.is_alphanumeric());
        self.denials.contains(value.trim().trim_end_matches('.')) || words.any(|word| self.negations.contains(word))
    }

    /// Says whether a login is that of a tool's or robot's account.
    pub(super) fn is_machine_login(&self, login: &str) -> bool {
        !self.find(MarkKind::AuthorLogin, login, "").is_empty() || self.machines.contains(&login.to_ascii_lowercase())
    }

    /// Says whether an identity may be a person: it names one, and is no known tool, bot or forge.
    ///
    /// Names and addresses are claims; this only leaves out what is certainly nobody.
    pub(super) fn may_be_person(&self, person: &Person) -> bool {
        let (name, email) = (person.name.trim().to_ascii_lowercase(), person.email.trim().to_ascii_lowercase());
        let bot = name.ends_with("[bot]") || email.contains("[bot]@");
        let listed = self.machines.contains(&name) || self.machines.contains(&email);
        let tool = !self.find(MarkKind::CoauthorEmail, &email, "").is_empty();
        !name.is_empty() && email.contains('@') && !bot && !listed && !tool
    }
}

#[cfg(test)]
mod tests;
