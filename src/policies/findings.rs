//! Results of policies -> findings and review requests: how a result reads as a violation.
//!
//! Owns what of a result becomes title, place, status and fix. Must not weigh it.

use std::collections::BTreeMap;

use crate::finding::draft::{Draft, Judged, Spot, Texts};
use crate::finding::{EXCEPTION, Finding, RuleId, Source, SourceKind, Status};
use crate::policies::input::{FileClass, FileEntry, InputDocument};
use crate::policies::{EntryKind, Evaluation, Package, Rule, RuleResult};
use crate::review::ReviewRequest;
use crate::untrusted::Untrusted;

/// The built-in packs whose rules are advisory in test files: tests do on purpose what production code must not.
const ADVISORY_IN_TESTS: &[&str] = &["dangerous-calls"];

/// What all results together say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Findings without their fingerprints yet.
    pub drafts: Vec<Draft>,
    /// Requests for review, sorted.
    pub requests: Vec<ReviewRequest>,
}

/// Turns the results of every evaluation into findings and review requests.
///
/// Packages of the specification are left out: what they say counts through the rules that name them, in their scope
/// and with their status.
#[must_use]
pub fn compose(evaluations: &[(&Package, &Evaluation)], input: &InputDocument, texts: &Texts<'_>) -> Said {
    let files: BTreeMap<&str, &FileEntry> = input.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut seen: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut drafts = Vec::new();
    let mut requests = Vec::new();
    for (package, evaluation) in evaluations.iter().filter(|(package, _)| package.kind != SourceKind::Specification) {
        for result in &evaluation.results {
            let Some(rule) = package.rules.get(result.rule as usize) else { continue };
            // What is only observed or advised asks nobody for anything; it is told like any finding.
            if rule.kind == EntryKind::Review && rule.status == Status::Enforced {
                requests.extend(asked(rule, result));
                continue;
            }
            let text = seen.entry(result.path.clone()).or_insert_with(|| texts(&result.path)).as_deref();
            drafts.push(draft(package, rule, result, files.get(result.path.as_str()).copied(), text));
        }
    }
    requests.sort();
    requests.dedup();
    Said { drafts, requests }
}

/// Returns the rule's request, and the same one of every rule that it asks on behalf of.
fn asked(rule: &Rule, result: &RuleResult) -> Vec<ReviewRequest> {
    let own = request(rule, result);
    let others = result.rules.iter().filter_map(|id| RuleId::new(id.as_str()).ok());
    let others: Vec<ReviewRequest> = others.map(|rule| ReviewRequest { rule, ..own.clone() }).collect();
    [vec![own], others].concat()
}

fn request(rule: &Rule, result: &RuleResult) -> ReviewRequest {
    ReviewRequest {
        rule: rule.id.clone(),
        reason: Untrusted::new(placed(result)),
        layer: if result.layer == 0 { rule.layer.max(2) } else { result.layer },
        team: Untrusted::new(result.team.clone()),
        count: result.count.max(1),
        certified: result.certified.clone(),
        paths: Some(result.path.clone()).filter(|path| !path.is_empty()).into_iter().collect(),
        record: result.record,
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
    let lines = (result.line, result.column, result.end_line, result.end_column);
    let place = (!result.path.is_empty()).then(|| Spot::of(lines, text));
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
        owner: Untrusted::default(),
        links: rule.links.iter().map(|link| Untrusted::new(link.clone())).collect(),
        related: Vec::new(),
        metadata: serde_json::from_str(&result.metadata).unwrap_or_default(),
        waived_by: result.excepted.then(|| format!("{EXCEPTION}{}", package.name)),
    };
    Draft { judged: Judged { finding, gates: rule.kind != EntryKind::Warn }, fingerprint_path, anchor }
}

/// Returns the rule's status; a pack that is advisory in tests never gates there, and is never raised.
fn status(package: &Package, rule: &Rule, file: Option<&FileEntry>) -> Status {
    let listed = package.kind == SourceKind::Builtin && ADVISORY_IN_TESTS.contains(&package.pack.as_str());
    let test = file.is_some_and(|file| file.class == FileClass::Test);
    if listed && test { rule.status.min(Status::Advisory) } else { rule.status }
}

#[cfg(test)]
mod tests {
    use super::compose;
    use crate::completeness::Completeness;
    use crate::finding::draft::{Judged, fingerprinted};
    use crate::finding::{RuleId, Severity, SourceKind, Status};
    use crate::policies::input::InputDocument;
    use crate::policies::{EntryKind, Evaluation, Package, Rule, RuleResult, Scope};
    use crate::review::ReviewRequest;

    struct Said {
        findings: Vec<Judged>,
        requests: Vec<ReviewRequest>,
    }

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
            reads_documents: false,
            reads_manifests: false,
            needs: Vec::new(),
            examples: super::super::Examples::default(),
        };
        let (pack, name) = ("policies".to_owned(), "shop".to_owned());
        Package {
            pack,
            name,
            scope: Scope::File,
            kind: SourceKind::Policy,
            rules: vec![rule],
            combine: false,
            files: Vec::new(),
        }
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
            certified: String::new(),
            record: false,
            rules: Vec::new(),
            metadata: String::new(),
            excepted: false,
        }
    }

    fn said(kind: EntryKind, results: Vec<RuleResult>, text: &str) -> Said {
        let evaluation = Evaluation { results, prints: Vec::new(), faults: Vec::new() };
        let input = InputDocument::nothing(Completeness::of(Vec::new()));
        let said = compose(&[(&package(kind), &evaluation)], &input, &|path| (path == "a.py").then(|| text.to_owned()));
        Said { findings: fingerprinted(said.drafts), requests: said.requests }
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
    fn a_review_rule_that_is_only_observed_asks_nobody_and_is_recorded() {
        let mut package = package(EntryKind::Review);
        package.rules[0].status = Status::Observe;
        let evaluation = Evaluation { results: vec![result(1, "look")], prints: Vec::new(), faults: Vec::new() };
        let input = InputDocument::nothing(Completeness::of(Vec::new()));
        let said = compose(&[(&package, &evaluation)], &input, &|_| None);
        assert_eq!((said.requests.len(), said.drafts.len()), (0, 1));
        assert_eq!(said.drafts[0].judged.finding.status, Status::Observe);
    }

    #[test]
    fn the_same_result_twice_is_one_finding() {
        assert_eq!(said(EntryKind::Deny, vec![result(1, "a"), result(1, "a")], "x\n").findings.len(), 1);
    }
}
