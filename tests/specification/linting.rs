//! Advice about a specification without a fault, on both sides of each day.

use portcullis::finding::Severity;
use portcullis::specification::files::SpecificationFiles;
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::{lint, load, unmatched};

use crate::loading::{edited, example};

fn codes(files: &SpecificationFiles, as_of: &str) -> Vec<String> {
    let (specification, errors) = load(files);
    assert!(errors.is_empty(), "{errors:?}");
    let shown = |advice: &lint::Advice| format!("{}:{} {}", advice.file, advice.line, advice.code);
    lint(&specification, as_of).iter().map(shown).collect()
}

fn waiver_codes(as_of: &str) -> Vec<String> {
    codes(&example(&[]), as_of).into_iter().filter(|code| code.contains("waiver")).collect()
}

#[test]
fn the_worked_example_is_quiet_in_autumn() {
    assert_eq!(codes(&example(&[]), "2026-10-25"), [""; 0]);
}

#[test]
fn a_waiver_works_from_its_first_to_its_last_day_in_utc_rows_88_and_89() {
    assert_eq!(waiver_codes("2026-10-19"), ["waivers/2026-q4.yaml:2 waiver-future"]);
    assert_eq!(waiver_codes("2026-10-20"), [""; 0]);
    assert_eq!(waiver_codes("2026-11-30"), [""; 0]);
    assert_eq!(waiver_codes("2026-12-01"), ["waivers/2026-q4.yaml:2 waiver-ending"]);
    assert_eq!(waiver_codes("2026-12-15"), ["waivers/2026-q4.yaml:2 waiver-ending"]);
    assert_eq!(waiver_codes("2026-12-16"), ["waivers/2026-q4.yaml:2 waiver-ended"]);
}

#[test]
fn certificates_end_after_their_days_and_are_announced() {
    let of = |as_of: &str| -> Vec<String> {
        codes(&example(&[]), as_of).into_iter().filter(|code| code.contains("certificate")).collect()
    };
    // Mei's is of 2025-12-19 and holds for 365 days.
    assert_eq!(of("2026-12-05"), [""; 0]);
    assert_eq!(of("2026-12-06"), ["teams.yaml:15 certificate-ending"]);
    assert_eq!(of("2026-12-19"), ["teams.yaml:15 certificate-ending"]);
    assert_eq!(of("2026-12-20"), ["teams.yaml:15 certificate-ended"]);
    assert_eq!(of("2026-06-29"), ["teams.yaml:9 certificate-future"]);
}

#[test]
fn the_contract_of_an_agent_ends_after_its_day() {
    let of = |as_of: &str| -> Vec<String> {
        codes(&example(&[]), as_of).into_iter().filter(|code| code.contains("agent")).collect()
    };
    assert_eq!(of("2027-01-16"), [""; 0]);
    assert_eq!(of("2027-01-17"), ["agents/refactor-bot.yaml:1 agent-ending"]);
    assert_eq!(of("2027-01-31"), ["agents/refactor-bot.yaml:1 agent-ending"]);
    assert_eq!(of("2027-02-01"), ["agents/refactor-bot.yaml:1 agent-ended"]);
}

#[test]
fn drafts_and_what_outlived_its_reason_are_named() {
    let day = "2026-10-25";
    let rules = "invariants/arch.yaml";
    assert_eq!(
        codes(&edited(rules, "status: enforced", "status: draft"), day),
        ["decisions/0003-layers.md:1 decision-idle", "invariants/arch.yaml:2 rule-draft",]
    );
    let retired = codes(&edited(rules, "status: enforced", "status: retired"), day);
    assert_eq!(retired, ["decisions/0003-layers.md:1 decision-idle", "waivers/2026-q4.yaml:2 waiver-stale"]);
    let superseded = edited("decisions/0003-layers.md", "accepted", "superseded by ADR-0001");
    assert_eq!(codes(&superseded, day), ["invariants/arch.yaml:2 rule-outlived"]);
    let elsewhere = edited("waivers/2026-q4.yaml", "system: orders", "system: web");
    assert_eq!(codes(&elsewhere, day), ["waivers/2026-q4.yaml:2 waiver-stale"]);
    let unparsed = edited("systems.yaml", "languages: [go]", "languages: [go, cobol]");
    assert_eq!(codes(&unparsed, day), ["systems.yaml:2 language-unparsed"]);
}

#[test]
fn what_must_be_mended_is_an_error_and_the_rest_is_not() {
    let (specification, _) = load(&example(&[]));
    let severities: Vec<Severity> =
        lint(&specification, "2026-12-16").into_iter().map(|advice| advice.severity).collect();
    assert_eq!(severities, [Severity::Info, Severity::Error]);
}

#[test]
fn a_rule_or_module_that_matches_no_file_is_named_and_one_that_matches_is_not_row_86() {
    let (specification, _) =
        load(&edited("invariants/code.yaml", "paths: [\"**/migrations/**\"]", "paths: [\"db/**\"]"));
    let hosted = [HostedSystem { id: "orders".into(), root: "services/orders".into() }];
    let codes = |paths: &[&str]| -> Vec<String> {
        let found = unmatched(&specification, &hosted, paths);
        found.iter().map(|advice| format!("{}:{} {}", advice.file, advice.line, advice.message)).collect()
    };
    let mut paths: Vec<String> = ["api", "checkout", "cart", "catalogue", "store"]
        .map(|module| format!("services/orders/src/orders/{module}/a.py"))
        .to_vec();
    paths.push("db/elsewhere.sql".into());
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_eq!(codes(&paths), ["invariants/code.yaml:41 the scope of INV-DATA-001 covers no file"]);
    assert_eq!(
        codes(&[&paths[1..], &["services/orders/db/1.sql"][..]].concat()),
        ["systems.yaml:11 the module `api` of `orders` holds no file",]
    );
}

#[test]
fn identities_that_no_commit_can_have_are_told_and_real_ones_are_not() {
    let of = |authors: &str| -> Vec<String> {
        let files = edited("agents/refactor-bot.yaml", "authors: [\"refactor-bot\", \"refactor-bot[bot]\"]", authors);
        codes(&files, "2026-10-25").into_iter().filter(|code| code.contains("identity")).collect()
    };
    let told = ["agents/refactor-bot.yaml:1 identity-unmatched"];
    assert_eq!(of("authors: [\"*[bot]\"]"), told);
    assert_eq!(of("authors: [\"@refactor-bot\"]"), told);
    assert_eq!(of("authors: [\"bot@shop.example\"]"), told);
    assert_eq!(of("authors: [\"refactor-bot\", \"Refactor Bot\", \"jo@work\"]"), [""; 0]);
}

#[test]
fn a_language_goes_by_one_name_and_one_that_is_not_parsed_is_no_fault() {
    let said = |languages: &str| -> Vec<(String, String)> {
        let errors = load(&edited("systems.yaml", "languages: [python]", languages)).1;
        errors.into_iter().map(|error| (error.title, error.help)).collect()
    };
    for (word, name) in [("py", "python"), ("golang", "go"), ("ts", "typescript"), ("js", "javascript"), ("rs", "rust")]
    {
        let expected = (format!("unknown language `{word}`"), format!("Did you mean `{name}`?"));
        assert_eq!(said(&format!("languages: [{word}]")), [expected]);
    }
    assert_eq!(said("languages: [kotlin]"), []);
}
