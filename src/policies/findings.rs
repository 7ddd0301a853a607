//! Results of policies -> findings and review requests: places, fingerprints, order.
//!
//! Owns where a result stands and what identifies it over time. Must not weigh it.

use std::collections::BTreeMap;

use crate::finding::{Finding, Fingerprint, Position, Source, SourceKind, Status, collapse};
use crate::policies::input::{FileClass, FileEntry, InputDocument};
use crate::policies::{EntryKind, Evaluation, Package, Rule, RuleResult};
use crate::review::ReviewRequest;
use crate::untrusted::Untrusted;
use crate::verdict::Weight;

/// Gives the head text of a changed file (the base text of a deleted one) by its path.
pub type Texts<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A finding and whether its rule is one that gates.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// False for `warn` rules.
    pub gates: bool,
}

impl Judged {
    /// Returns what the verdict weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        Weight {
            severity: self.finding.severity,
            status: self.finding.status,
            waived: self.finding.waived_by.is_some(),
            gates: self.gates,
        }
    }
}

/// The built-in packs whose rules are advisory in test files: tests do on purpose what production code must not.
const ADVISORY_IN_TESTS: &[&str] = &["dangerous-calls"];

/// What all results together say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Findings, worst first.
    pub findings: Vec<Judged>,
    /// Requests for review, sorted.
    pub requests: Vec<ReviewRequest>,
}

/// A finding before its fingerprint is known: the fingerprint counts equal anchors of one file.
struct Draft {
    judged: Judged,
    fingerprint_path: String,
    anchor: String,
}

/// Turns the results of every evaluation into findings and review requests.
#[must_use]
pub fn compose(evaluations: &[(&Package, &Evaluation)], input: &InputDocument, texts: &Texts<'_>) -> Said {
    let files: BTreeMap<&str, &FileEntry> = input.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut seen: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut drafts = Vec::new();
    let mut requests = Vec::new();
    for (package, evaluation) in evaluations {
        for result in &evaluation.results {
            let Some(rule) = package.rules.get(result.rule as usize) else { continue };
            if rule.kind == EntryKind::Review {
                requests.push(request(rule, result));
                continue;
            }
            let text = seen.entry(result.path.clone()).or_insert_with(|| texts(&result.path)).as_deref();
            drafts.push(draft(package, rule, result, files.get(result.path.as_str()).copied(), text));
        }
    }
    requests.sort();
    requests.dedup();
    Said { findings: fingerprinted(drafts), requests }
}

fn request(rule: &Rule, result: &RuleResult) -> ReviewRequest {
    ReviewRequest {
        rule: rule.id.clone(),
        reason: Untrusted::new(placed(result)),
        layer: if result.layer == 0 { rule.layer.max(2) } else { result.layer },
        team: Untrusted::new(result.team.clone()),
        count: result.count.max(1),
    }
}

/// Returns the message with its place, unless the message names the file itself.
fn placed(result: &RuleResult) -> String {
    let RuleResult { message, path, line, .. } = result;
    match (path.as_str(), line) {
        ("", _) => message.clone(),
        (path, _) if message.contains(path) => message.clone(),
        (path, 0) => format!("{message} ({path})"),
        (path, line) => format!("{message} ({path}:{line})"),
    }
}

fn draft(package: &Package, rule: &Rule, result: &RuleResult, file: Option<&FileEntry>, text: Option<&str>) -> Draft {
    let place = (!result.path.is_empty()).then(|| Place::of(result, text));
    let fix = if result.fix.is_empty() { &rule.fix } else { &result.fix };
    let anchor = match (&place, result.symbol.is_empty()) {
        (_, false) => result.symbol.clone(),
        (Some(place), true) => place.snippet.clone(),
        (None, true) => String::new(),
    };
    let pure_rename = file.filter(|file| file.path != file.old_path && file.added + file.removed == 0);
    let fingerprint_path = pure_rename.map_or_else(|| result.path.clone(), |file| file.old_path.clone());
    let finding = Finding {
        rule: rule.id.clone(),
        title: Untrusted::new(rule.title.clone()),
        message: Untrusted::new(result.message.clone()),
        severity: result.severity.unwrap_or(rule.severity),
        status: status(package, rule, file),
        path: place.as_ref().map(|_| Untrusted::new(result.path.clone())),
        start: place.as_ref().map(|place| place.start),
        end: place.as_ref().map(|place| place.end),
        fix: Untrusted::new(fix.clone()),
        rationale: Untrusted::new(rule.rationale.clone()),
        source: Source { kind: package.kind, path: Untrusted::new(rule.path.clone()), line: rule.line },
        fingerprint: String::new(),
        waived_by: None,
    };
    Draft { judged: Judged { finding, gates: rule.kind != EntryKind::Warn }, fingerprint_path, anchor }
}

/// Returns the rule's status; a pack that is advisory in tests never gates there, and is never raised.
fn status(package: &Package, rule: &Rule, file: Option<&FileEntry>) -> Status {
    let listed = package.kind == SourceKind::Builtin && ADVISORY_IN_TESTS.contains(&package.pack.as_str());
    let test = file.is_some_and(|file| file.class == FileClass::Test);
    if listed && test { rule.status.min(Status::Advisory) } else { rule.status }
}

/// Where a result stands, and the text there with white space collapsed.
struct Place {
    start: Position,
    end: Position,
    snippet: String,
}

impl Place {
    /// Without a line the place is the whole file: line 1, no width, no text.
    fn of(result: &RuleResult, text: Option<&str>) -> Self {
        let top = Position { line: 1, column: 1 };
        if result.line == 0 {
            return Self { start: top, end: top, snippet: String::new() };
        }
        let last = result.end_line.max(result.line);
        let line = |number: u32| text.and_then(|text| text.split('\n').nth(number as usize - 1)).unwrap_or("");
        let (first_line, last_line) = (line(result.line), line(last));
        let indent = first_line.chars().take_while(|c| c.is_whitespace()).count();
        let start_column = if result.column == 0 { count(indent) + 1 } else { result.column };
        let width = count(last_line.trim_end().chars().count());
        let end_column = if result.end_column == 0 { width + 1 } else { result.end_column };
        let floor = if last == result.line { start_column } else { 1 };
        let start = Position { line: result.line, column: start_column };
        let end = Position { line: last, column: end_column.max(floor) };
        Self { start, end, snippet: text.map(|text| snippet(text, start, end)).unwrap_or_default() }
    }
}

/// Returns the text between two positions, white space collapsed, at most 2,000 characters.
fn snippet(text: &str, start: Position, end: Position) -> String {
    let mut lines = text.split('\n').skip(start.line as usize - 1);
    let mut cut = String::new();
    for number in start.line..=end.line {
        let Some(line) = lines.next() else { break };
        let from = if number == start.line { start.column as usize - 1 } else { 0 };
        let to = if number == end.line { end.column as usize - 1 } else { usize::MAX };
        cut.extend(line.chars().take(to).skip(from));
        cut.push('\n');
        if cut.len() > 8_000 {
            break;
        }
    }
    collapse(&cut).chars().take(2_000).collect()
}

fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Sorts the findings and gives each the digest that counts equal anchors of one rule and file in order of place.
fn fingerprinted(mut drafts: Vec<Draft>) -> Vec<Judged> {
    drafts.sort_by(|a, b| {
        let key = |draft: &Draft| {
            let finding = &draft.judged.finding;
            (finding.path.clone(), finding.start, finding.end, finding.rule.clone(), finding.message.clone())
        };
        key(a).cmp(&key(b))
    });
    drafts.dedup_by(|a, b| a.judged == b.judged && a.anchor == b.anchor);
    let mut occurrences: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    let mut judged: Vec<Judged> = drafts
        .into_iter()
        .map(|Draft { mut judged, fingerprint_path, anchor }| {
            let key = (judged.finding.rule.as_str().to_owned(), fingerprint_path, anchor);
            let next = occurrences.entry(key.clone()).or_insert(0);
            let parts = Fingerprint { rule: &judged.finding.rule, path: &key.1, anchor: &key.2, occurrence: *next };
            judged.finding.fingerprint = parts.digest();
            *next += 1;
            judged
        })
        .collect();
    judged.sort_by_cached_key(|judged| judged.finding.order());
    judged
}

#[cfg(test)]
mod tests {
    use super::{Said, compose};
    use crate::completeness::Completeness;
    use crate::finding::{RuleId, Severity, SourceKind, Status};
    use crate::policies::input::InputDocument;
    use crate::policies::{EntryKind, Evaluation, Package, Rule, RuleResult, Scope};

    fn package(kind: EntryKind) -> Package {
        let rule = Rule {
            id: RuleId::new("shop/eval").unwrap(),
            entry: "deny".to_owned(),
            kind,
            title: "No eval".to_owned(),
            rationale: String::new(),
            fix: "the rule's fix".to_owned(),
            severity: Severity::Error,
            status: Status::Enforced,
            layer: 1,
            links: Vec::new(),
            controls: Vec::new(),
            path: "shop.rego".to_owned(),
            line: 3,
            forge_inputs: Vec::new(),
        };
        let (pack, name) = ("policies".to_owned(), "shop".to_owned());
        Package { pack, name, scope: Scope::File, kind: SourceKind::Policy, rules: vec![rule] }
    }

    fn result(line: u32, message: &str) -> RuleResult {
        RuleResult {
            rule: 0,
            message: message.to_owned(),
            path: "a.py".to_owned(),
            line,
            column: 0,
            end_line: 0,
            end_column: 0,
            symbol: String::new(),
            fix: String::new(),
            severity: None,
            layer: 0,
            team: String::new(),
            count: 0,
        }
    }

    fn said(kind: EntryKind, results: Vec<RuleResult>, text: &str) -> Said {
        let evaluation = Evaluation { results, prints: Vec::new(), faults: Vec::new() };
        let input = InputDocument::nothing(Completeness::of(Vec::new()));
        compose(&[(&package(kind), &evaluation)], &input, &|path| (path == "a.py").then(|| text.to_owned()))
    }

    fn fingerprints(said: &Said) -> Vec<&str> {
        said.findings.iter().map(|judged| judged.finding.fingerprint.as_str()).collect()
    }

    #[test]
    fn a_fingerprint_survives_moved_lines_indentation_and_rewording() {
        let before = said(EntryKind::Deny, vec![result(1, "no eval here")], "eval(x)\n");
        let after = said(EntryKind::Deny, vec![result(3, "eval is dangerous")], "\n\n    eval(x)  \n");
        assert_eq!(fingerprints(&before), fingerprints(&after));
        assert_eq!(fingerprints(&before)[0].len(), 32);
    }

    #[test]
    fn another_text_rule_or_file_has_another_fingerprint() {
        let one = said(EntryKind::Deny, vec![result(1, "")], "eval(x)\n");
        let other = said(EntryKind::Deny, vec![result(1, "")], "eval(y)\n");
        assert_ne!(fingerprints(&one), fingerprints(&other));
    }

    #[test]
    fn equal_texts_of_one_file_are_counted() {
        let twice = said(EntryKind::Deny, vec![result(1, ""), result(2, "")], "eval(x)\neval(x)\n");
        let once = said(EntryKind::Deny, vec![result(1, "")], "eval(x)\n");
        assert_ne!(fingerprints(&twice)[0], fingerprints(&twice)[1]);
        assert_eq!(fingerprints(&twice)[0], fingerprints(&once)[0]);
    }

    #[test]
    fn a_line_without_columns_spans_its_text_in_code_points() {
        let said = said(EntryKind::Deny, vec![result(1, "")], "  \u{e4}\u{e4}(x) \n");
        let finding = &said.findings[0].finding;
        assert_eq!((finding.start.unwrap().column, finding.end.unwrap().column), (3, 8));
        assert_eq!(finding.fix.raw(), "the rule's fix");
    }

    #[test]
    fn a_finding_about_a_file_stands_at_line_one_and_one_about_the_change_nowhere() {
        let whole_file = said(EntryKind::Deny, vec![result(0, "")], "x\n");
        let start = whole_file.findings[0].finding.start.unwrap();
        assert_eq!((start.line, start.column), (1, 1));
        let change = RuleResult { path: String::new(), ..result(0, "") };
        let whole_change = said(EntryKind::Deny, vec![change], "x\n");
        let finding = &whole_change.findings[0].finding;
        assert!(finding.path.is_none() && finding.start.is_none() && finding.end.is_none());
    }

    #[test]
    fn a_line_that_the_text_does_not_have_is_no_panic() {
        let far = RuleResult { column: 7, end_line: 4_000_000_000, end_column: 9, ..result(3_999_999_999, "") };
        assert_eq!(said(EntryKind::Deny, vec![far], "x\n").findings.len(), 1);
    }

    #[test]
    fn warn_never_gates_and_review_is_a_request() {
        assert!(!said(EntryKind::Warn, vec![result(1, "")], "x\n").findings[0].gates);
        assert!(said(EntryKind::Violation, vec![result(1, "")], "x\n").findings[0].gates);
        let review = said(EntryKind::Review, vec![result(1, "look")], "x\n");
        assert!(review.findings.is_empty());
        assert_eq!((review.requests[0].layer, review.requests[0].count), (2, 1));
    }

    #[test]
    fn the_same_result_twice_is_one_finding() {
        assert_eq!(said(EntryKind::Deny, vec![result(1, "a"), result(1, "a")], "x\n").findings.len(), 1);
    }
}
