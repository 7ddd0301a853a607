//! What forges and CI systems take at most, and documents of a later version.

use portcullis::finding::RuleId;
use portcullis::outcome::VerdictDocument;
use portcullis::reports::markdown::{CHECK_BYTES, COMMENT_BYTES, comment, page_of};
use serde_json::Value;

use super::{plain, render, samples, sarif_validator};

/// Returns a text of that many characters that a compressor can do little with.
fn noise(seed: u32, characters: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        char::from_u32(0x4E00 + state % 20_000).unwrap()
    };
    (0..characters).map(|_| next()).collect()
}

fn text_flood(count: u32) -> portcullis::outcome::Outcome {
    let mut outcome = samples::flood(count);
    for (at, finding) in outcome.document.findings.iter_mut().enumerate() {
        finding.message = noise(u32::try_from(at).unwrap(), 3_000).into();
    }
    outcome
}

#[test]
fn a_comment_that_would_be_too_long_is_cut_at_a_block_and_says_where_all_is_row_121() {
    let outcome = text_flood(60);
    let page = comment(&outcome);
    assert!(page.len() <= COMMENT_BYTES && page.len() > COMMENT_BYTES / 2, "{}", page.len());
    assert!(page.trim_end().ends_with("it became too long; the JSON report has everything."), "{page}");
    assert_eq!(page.matches("<details>").count(), page.matches("</details>").count());
}

#[test]
fn the_text_of_a_check_run_is_cut_likewise_row_122() {
    let page = page_of(&text_flood(60), CHECK_BYTES);
    assert!(page.chars().count() <= 65_535 && page.trim_end().ends_with("the JSON report has everything."));
}

#[test]
fn a_sarif_file_is_never_too_large_to_upload_however_its_texts_look_row_123() {
    let outcome = text_flood(6_000);
    let report = render("sarif", &outcome, plain(100));
    let log: Value = serde_json::from_str(&report).unwrap();
    // Below the limit of a compressed file without any compression, but for the blanks at the start of lines.
    let bytes: usize = report.lines().map(|line| line.trim_start().len() + 4).sum();
    assert!(bytes < 10_000_000, "{bytes}");
    let results = log["runs"][0]["results"].as_array().unwrap().len();
    assert!((500..5_000).contains(&results), "{results}");
    let notice = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    let left = 6_000 - results;
    assert_eq!(*notice, format!("{left} of 6000 results, the least severe ones, were left out of this file"));
}

#[test]
fn more_results_than_github_takes_are_cut_to_what_it_keeps_row_123() {
    let log: Value = serde_json::from_str(&render("sarif", &samples::flood(25_500), plain(100))).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 5_000);
    assert_eq!(log["runs"][0]["properties"]["findings"], 25_500);
    let notice = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notice, "20500 of 25500 results, the least severe ones, were left out of this file");
}

#[test]
fn every_result_has_its_own_rule_where_there_are_thousands_of_rules_row_123() {
    let mut outcome = samples::flood(5_000);
    for (at, finding) in outcome.document.findings.iter_mut().enumerate() {
        finding.rule = RuleId::new(format!("flood/rule-{}", at * 7_919 % 5_000)).unwrap();
    }
    let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
    assert!(sarif_validator().is_valid(&log));
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let row = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][row]["id"], result["ruleId"]);
    }
}

#[test]
fn a_finding_at_several_places_is_a_walk_through_them() {
    let log: Value = serde_json::from_str(&render("sarif", &samples::ring(), plain(100))).unwrap();
    let result = &log["runs"][0]["results"][0];
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let uris: Vec<_> =
        steps.iter().map(|step| &step["location"]["physicalLocation"]["artifactLocation"]["uri"]).collect();
    assert_eq!(uris, ["shop/pay.py", "shop/cart.py", "shop/list.py"]);
    let mut outcome = samples::ring();
    let place = outcome.document.findings[0].related[0].clone();
    outcome.document.findings[0].related = (1..5_000)
        .map(|line| {
            let mut next = place.clone();
            next.line = line;
            next
        })
        .collect();
    let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
    assert!(sarif_validator().is_valid(&log));
}

#[test]
fn a_rule_comes_with_its_help_its_examples_and_an_address_of_its_own_only() {
    let mut outcome = samples::ring();
    let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["helpUri"], "https://wiki.example/rings");
    assert_eq!(rule["properties"]["problem.severity"], "error");
    assert_eq!(
        rule["properties"]["tags"],
        serde_json::json!(["INV-ARCH-002", "specification", "enforced", "SOC2 CC8.1"])
    );
    for part in ["Modules in a ring", "Turn one import round", "import b", "import c", "explain INV-ARCH-002"] {
        assert!(rule["help"]["text"].as_str().unwrap().contains(part), "{part}");
        assert!(rule["help"]["markdown"].as_str().unwrap().contains(part), "{part}");
    }
    // An address that only a finding brings may come from the change or from another tool.
    outcome.rules.clear();
    let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"], Value::Null);
    for bad in ["http://wiki.example", "javascript:alert(1)", "https://", "https://a b", "https://x.example/\u{202E}"] {
        let mut outcome = samples::ring();
        outcome.rules.values_mut().for_each(|note| note.links = vec![bad.into()]);
        let log: Value = serde_json::from_str(&render("sarif", &outcome, plain(100))).unwrap();
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"], Value::Null, "{bad}");
    }
}

#[test]
fn a_junit_file_is_never_longer_than_a_ci_system_reads_and_says_what_is_missing_row_123() {
    let report = render("junit", &text_flood(6_000), plain(100));
    assert!(report.len() < 30_000_000, "{}", report.len());
    super::markup::hold_cases(&report, portcullis::verdict::Verdict::Fail, "flood");
    assert!(report.contains("the least severe ones, were left out of this file"));
}

#[test]
fn cases_of_one_place_and_of_long_names_are_told_apart_row_130() {
    let mut outcome = samples::flood(300);
    for (at, finding) in outcome.document.findings.iter_mut().enumerate() {
        finding.path = Some(if at % 2 == 0 { "a.py".into() } else { format!("{}{at}", "x".repeat(900)).into() });
    }
    super::markup::hold_cases(&render("junit", &outcome, plain(100)), portcullis::verdict::Verdict::Fail, "same place");
}

#[test]
fn the_page_shows_the_worst_and_counts_the_rest_row_122() {
    let report = render("html", &text_flood(3_000), plain(100));
    assert!(report.len() < 12_000_000, "{}", report.len());
    assert!(report.contains("2500 more findings are not shown here"));
}

#[test]
fn a_document_of_a_later_version_is_read_and_is_valid_row_128() {
    let mut document: Value = serde_json::from_str(&render("json", &samples::ring(), plain(100))).unwrap();
    document["later"] = serde_json::json!({"more": [1]});
    document["findings"][0]["later"] = Value::Null;
    let schema = portcullis::reports::verdict_schema();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&document));
    let read: VerdictDocument = serde_json::from_value(document).unwrap();
    assert_eq!(read, samples::ring().document);
}

#[test]
fn the_document_shows_every_format_and_what_really_comes_out() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("docs/reports.md")).unwrap().replace("\r\n", "\n");
    for format in portcullis::reports::FORMATS {
        assert!(document.contains(&format!("\n| `{}` |", format.name)), "{} has no row", format.name);
    }
    let mut count = 0;
    for part in document.split("<!-- ").skip(1) {
        let (file, rest) = part.split_once(" -->\n```").unwrap();
        let example = rest.split_once('\n').unwrap().1.split("```").next().unwrap();
        let report = std::fs::read_to_string(root.join(file)).unwrap().replace("\r\n", "\n");
        assert!(report.contains(example), "{file} has no\n{example}");
        count += 1;
    }
    assert_eq!(count, 3);
}
