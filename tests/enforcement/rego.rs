use std::collections::BTreeMap;

use crate::bench::{File, all_faults, hosted, judged_with, places, specification};
use portcullis::configuration::UnknownLines;
use portcullis::enforcement::rego::{check_loaded, policy_sources, results_by_rule};
use portcullis::enforcement::{RuleBook, specification_json};
use portcullis::finding::Severity;
use portcullis::limits::Limits;
use portcullis::policies::evaluate::Document;
use portcullis::policies::findings::{Said, compose};
use portcullis::policies::{Evaluation, Package, PolicySet, loader};
use portcullis::specification::Specification;
use portcullis::worker::protocol::Target;

const POLICY: &str = "# METADATA\n# title: No card numbers in log calls\n# custom:\n#   id: INV-TEST-001\n#   severity: info\npackage shop.logging\n\ndeny contains finding if {\n\tsome file in input.files\n\tsome call in file.calls\n\tcall.change == \"added\"\n\tregex.match(`(?i)\\blog`, call.callee)\n\tfinding := {\"msg\": \"logs\", \"path\": file.path, \"line\": call.line}\n}\n";
const RULE: &str =
    "paths: [\"src/**\"]\nenforce: {rego: {policy: policies/logging.rego, rule: data.shop.logging.deny}}";

fn with_policies(rule: &str, policies: &[(&str, &str)]) -> Specification {
    let mut specification = specification(rule);
    for (path, text) in policies {
        specification.policies.insert((*path).to_owned(), (*text).to_owned());
    }
    specification
}

fn shop(policy: &str) -> RuleBook {
    let files = [("policies/logging.rego", policy), ("policies/logging_test.rego", "package shop.logging_test\n")];
    let (book, faults) = RuleBook::of(with_policies(RULE, &files), hosted());
    assert_eq!(faults, vec![]);
    book
}

#[test]
fn a_policy_decides_and_the_row_gives_scope_status_and_severity() {
    let book = shop(POLICY);
    let policies = policy_sources(&book, |path| format!(".portcullis/{path}"));
    assert_eq!(
        policies.iter().map(|source| source.path.as_str()).collect::<Vec<_>>(),
        [".portcullis/policies/logging.rego"]
    );
    let set = PolicySet { policies, ..PolicySet::default() };
    let (loaded, engines) = loader::load(&set, &BTreeMap::new(), &Limits::default());
    assert_eq!(loaded.faults, vec![]);
    assert_eq!(check_loaded(&book, &loaded), vec![]);
    let text = "import logging\nlogging.info(x)\n";
    let files = ["src/a.py", "lib/a.py"].map(|path| File { paths: (path, path), texts: (None, Some(text)) });
    let input = crate::bench::document(&book, &files);
    let document = Document::from_json(&serde_json::to_vec(&input).unwrap()).unwrap();
    let said = engines.evaluate(0, &document, Target::Change, &Default::default());
    assert_eq!((said.faults.len(), said.results.len()), (0, 2));
    let evaluations: Vec<(&Package, &Evaluation)> = vec![(&loaded.packages[0], &said)];
    let results = results_by_rule(&book, &evaluations);
    assert_eq!(compose(&evaluations, &input, &|_| None), Said::default(), "a rule's result is no finding by itself");
    let enforced = judged_with(&book, &input, &files, &results, UnknownLines::Ai);
    assert_eq!(places(&enforced), ["INV-TEST-001 src/a.py:2:1-2:16"]);
    assert_eq!(enforced.drafts[0].judged.finding.severity, Severity::Error);
}

#[test]
fn metadata_of_another_id_or_status_and_a_missing_rule_are_faults() {
    let codes = |policy: &str| {
        let book = shop(policy);
        let set = PolicySet { policies: policy_sources(&book, str::to_owned), ..PolicySet::default() };
        let (loaded, _) = loader::load(&set, &BTreeMap::new(), &Limits::default());
        assert!(loaded.faults.iter().all(|fault| fault.code == "empty-pack"), "{:?}", loaded.faults);
        check_loaded(&book, &loaded).into_iter().map(|fault| fault.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&POLICY.replace("INV-TEST-001", "INV-TEST-002")), ["rego-rule-id"]);
    assert_eq!(codes(&POLICY.replace("#   id: INV-TEST-001\n", "")), Vec::<String>::new());
    assert_eq!(codes(&POLICY.replace("severity: info", "status: draft")), ["rego-rule-status"]);
    let hidden = POLICY.replace("deny contains finding if", "warn contains finding if") + "\nx := `\ndeny if {\n`\n";
    assert_eq!(codes(&hidden), ["rego-rule-missing"]);
}

#[test]
fn a_row_that_names_no_decision_rule_is_a_fault_at_its_place() {
    let one = |rego: &str| {
        let files = [("policies/logging.rego", POLICY), ("policies/logging_test.rego", "package x\n")];
        let mut faults = all_faults(with_policies(&format!("enforce: {{rego: {{{rego}}}}}"), &files));
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    };
    assert!(
        one("policy: policies/loging.rego, rule: data.shop.logging.deny")
            .contains("Did you mean `policies/logging.rego`")
    );
    assert!(one("policy: policies/logging_test.rego, rule: data.x.deny").contains("there is no policy"));
    assert!(one("policy: policies/logging.rego, rule: data.shop.log.deny").contains("Write `data.shop.logging.deny`"));
    assert!(
        one("policy: policies/logging.rego, rule: data.shop.logging.violation").contains("has no rule `violation`")
    );
    assert!(one("policy: policies/logging.rego, rule: data.shop.logging.review").contains("asked for by"));
    assert!(one("policy: policies/logging.rego, rule: data.shop.logging.finding").contains("no rule that decides"));
    assert!(one("policy: policies/logging.rego, rule: deny").contains("names no decision rule"));
    assert!(one("policy: policies/logging.rego").contains("needs the key `rule`"));
}

#[test]
fn a_policy_without_test_or_example_proves_nothing() {
    let faults = all_faults(with_policies(RULE, &[("policies/logging.rego", POLICY)]));
    assert!(faults[0].contains("or a `_test.rego` beside its policy"), "{faults:?}");
}

#[test]
fn policies_see_the_specification_without_null() {
    let data = specification_json(&shop(POLICY));
    assert_eq!(data["rules"]["INV-TEST-001"]["instead"], "");
    assert_eq!(data["here"][0]["id"], "orders");
    assert!(data["defaults"]["waiver_max_days"].is_u64());
    let mut open = vec![&data];
    while let Some(value) = open.pop() {
        assert!(!value.is_null());
        open.extend(value.as_array().into_iter().flatten());
        open.extend(value.as_object().into_iter().flat_map(|map| map.values()));
    }
}
