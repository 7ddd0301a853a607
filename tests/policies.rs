//! Loading, checking and evaluating policies.
//!
//! Most tests name a folder of `tests/cases/policies/`: `policies/` and `data/` are loaded, each package is evaluated
//! on `input.json` where there is one, and everything that is seen must be what `expect.txt` says. Set
//! `PORTCULLIS_BLESS=1` to write the files anew; then read the difference.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use portcullis::finding::{RuleId, SourceKind, Status};
use portcullis::limits::Limits;
use portcullis::policies::evaluate::{Document, Engines};
use portcullis::policies::unit_tests::{Outcome, run_tests};
use portcullis::policies::{
    DataSource, Evaluation, Fault, Loaded, PolicySet, PolicySource, RuleOverride, Scope, loader, schema,
};
use portcullis::worker::protocol::Target;
use serde_json::{Value, json};

fn source(path: &str, text: &str) -> PolicySource {
    let pack = path.split('/').next().unwrap().to_owned();
    PolicySource { pack, path: path.to_owned(), text: text.to_owned(), kind: SourceKind::Policy, v0: false }
}

fn set(files: &[(&str, &str)]) -> PolicySet {
    PolicySet { policies: files.iter().map(|(path, text)| source(path, text)).collect(), ..PolicySet::default() }
}

fn load(files: &[(&str, &str)]) -> (Loaded, Engines) {
    loader::load(&set(files), &BTreeMap::new(), &Limits::default())
}

fn load_limited(files: &[(&str, &str)], change: impl FnOnce(&mut Limits)) -> (Loaded, Engines) {
    let mut limits = Limits::default();
    change(&mut limits);
    loader::load(&set(files), &BTreeMap::new(), &limits)
}

/// An empty but complete document, with `patch` merged into it.
fn document(patch: &Value) -> Document {
    let mut value = complete(&schema::input_schema());
    let file = complete(&schema::input_schema()["$defs"]["FileEntry"]);
    merge(&mut value, patch);
    for entry in value["files"].as_array_mut().unwrap() {
        let mut full = file.clone();
        merge(&mut full, entry);
        *entry = full;
    }
    Document::from_json(value.to_string().as_bytes()).unwrap()
}

fn complete(node: &Value) -> Value {
    let root = schema::input_schema();
    let name = node.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next().map(str::to_owned));
    let node = name.map_or_else(|| node.clone(), |name| root["$defs"][name].clone());
    if let Some(word) =
        node.get("oneOf").map(|all| all[0]["const"].clone()).or_else(|| Some(node.get("enum")?[0].clone()))
    {
        return word;
    }
    match node["type"].as_str() {
        Some("object") => {
            let none = serde_json::Map::new();
            let fields = node["properties"].as_object().unwrap_or(&none);
            fields.iter().map(|(key, value)| (key.clone(), complete(value))).collect::<serde_json::Map<_, _>>().into()
        }
        Some("array") => json!([]),
        Some("integer") => json!(0),
        Some("boolean") => json!(false),
        _ => json!(""),
    }
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Reads a case: each folder of `policies/` is a pack, each file of `data/<pack>/` a data file of it.
fn read_case(folder: &Path) -> (PolicySet, BTreeMap<String, RuleOverride>) {
    let shown = |root: &Path, path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let mut set = PolicySet::default();
    let root = folder.join("policies");
    for path in files_below(&root).iter().filter(|path| !path.to_str().unwrap().ends_with("_test.rego")) {
        let mut policy = source(&shown(&root, path), &fs::read_to_string(path).unwrap());
        policy.v0 = policy.pack.ends_with("-v0");
        set.policies.push(policy);
    }
    let root = folder.join("data");
    for path in files_below(&root) {
        let name = shown(&root, &path);
        let mut parts: Vec<String> = name.split('/').map(str::to_owned).collect();
        let pack = parts.remove(0);
        parts.pop();
        let text = fs::read_to_string(&path).unwrap();
        set.data.push(DataSource { pack, path: format!("data/{name}"), at: parts, text });
    }
    let overrides = fs::read_to_string(folder.join("overrides.json"))
        .map_or_else(|_| BTreeMap::new(), |text| serde_json::from_str(&text).unwrap());
    (set, overrides)
}

fn shown_fault(fault: &Fault) -> String {
    let Fault { path, line, column, code, message, hint } = fault;
    format!("fault {path}:{line}:{column} {code}: {message} | {hint}\n")
}

fn shown_results(loaded: &Loaded, engines: &Engines, input: &Document, text: &mut String) {
    for (index, package) in loaded.packages.iter().enumerate() {
        let targets = match package.scope {
            Scope::File => (0..u32::try_from(input.files()).unwrap()).map(Target::File).collect(),
            _ => vec![Target::Change],
        };
        for target in targets {
            let evaluation = engines.evaluate(index, input, target, &BTreeSet::new());
            for result in evaluation.results {
                let id = &package.rules[result.rule as usize].id;
                writeln!(text, "result {id} {}:{} {}", result.path, result.line, result.message).unwrap();
            }
            evaluation.prints.iter().for_each(|print| writeln!(text, "print {print:?}").unwrap());
            evaluation.faults.iter().for_each(|fault| text.push_str(&shown_fault(fault)));
        }
    }
}

/// Runs one case and compares everything that is seen.
fn case(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/policies").join(name);
    let (set, overrides) = read_case(&folder);
    let (loaded, engines) = loader::load(&set, &overrides, &Limits::default());
    let mut text = String::new();
    for package in &loaded.packages {
        for rule in &package.rules {
            let (id, scope, severity, status) = (&rule.id, package.scope, rule.severity, rule.status);
            let reads = rule.forge_inputs.join(" ").replace("input.change.", "");
            writeln!(text, "rule {id} {scope:?} {severity:?} {status:?} layer {} reads [{reads}]", rule.layer).unwrap();
        }
    }
    loaded.faults.iter().for_each(|fault| text.push_str(&shown_fault(fault)));
    if let Ok(input) = fs::read_to_string(folder.join("input.json")) {
        shown_results(&loaded, &engines, &document(&serde_json::from_str(&input).unwrap()), &mut text);
    }
    let expected = folder.join("expect.txt");
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&expected).unwrap_or_default(), "case {name}");
}

fn codes(loaded: &Loaded) -> Vec<&str> {
    loaded.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn evaluate(engines: &Engines, package: usize, target: Target, input: &Document) -> Evaluation {
    engines.evaluate(package, input, target, &BTreeSet::new())
}

/// The faults of loading a package `p` with this body.
fn faults_of(body: &str) -> Vec<(String, u32, String)> {
    let text = format!("package p\n\n{body}\n");
    let (loaded, _) = load(&[("p/p.rego", &text)]);
    loaded.faults.into_iter().map(|fault| (fault.code, fault.line, fault.hint)).collect()
}

fn assert_clean(body: &str) {
    assert_eq!(faults_of(body), [], "{body}");
}

fn assert_fault(body: &str, code: &str, line: u32) {
    let faults = faults_of(body);
    assert!(faults.iter().any(|(c, l, _)| c == code && *l == line), "{code} at {line} not in {faults:?}: {body}");
}

#[test]
fn packages_of_both_scopes_are_evaluated() {
    case("scopes");
}

// Row by row.

#[test]
fn a_syntax_error_names_its_line_and_other_files_are_still_read_row_91() {
    let (loaded, _) = load(&[
        ("p/a.rego", "package a\n\ndeny contains msg if {\n\tmsg := [1, }\n"),
        ("p/b.rego", "package b\n\ndeny contains msg if {\n\tmsg ==\n}\n"),
        ("p/c.rego", "package c\n\ndeny contains \"c\" if input.change.draft\n"),
    ]);
    let places: Vec<_> =
        loaded.faults.iter().map(|fault| (fault.path.as_str(), fault.line, fault.code.as_str())).collect();
    assert_eq!(places, [("p/a.rego", 4, "syntax"), ("p/b.rego", 5, "syntax")]);
    assert_eq!(loaded.packages.len(), 1);
}

#[test]
fn deeply_nested_literals_are_refused_before_parsing_row_92() {
    let nested = |depth: usize| {
        format!("package p\n\ndeny contains \"x\" if x\n\nx := {}1{}\n", "[".repeat(depth), "]".repeat(depth))
    };
    let (loaded, _) = load(&[("p/p.rego", &nested(400))]);
    assert_eq!((codes(&loaded), loaded.faults[0].line, loaded.faults[0].column), (vec!["too-deep"], 5, 22));
    let strings = format!("package p\n\n# {0}\ndeny contains \"{0}\" if `{0}` != \"\"\n", "[".repeat(100));
    assert_eq!(codes(&load(&[("p/p.rego", &strings)]).0), Vec::<&str>::new());
    let (loaded, _) = load_limited(&[("p/p.rego", &nested(7))], |limits| limits.literal_depth = 6);
    assert_eq!(codes(&loaded), ["too-deep"]);
    assert_eq!(codes(&load(&[("p/p.rego", &nested(7))]).0), Vec::<&str>::new());
}

#[test]
fn recursion_is_found_before_it_can_run_row_93() {
    case("recursion");
}

#[test]
fn loops_and_large_results_stop_at_their_limits_row_94() {
    let text = "package p\n\ndeny contains \"x\" if count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a == b + 5000]) > 0\n\nwarn contains \"y\"\n";
    let (loaded, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_ms = 200);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!(evaluation.faults[0].code, "evaluation-timeout");
    assert_eq!(evaluation.faults[0].message, "rule `p/deny`: its package ran longer than 200 ms");
    assert_eq!(evaluation.faults[1].message, "rule `p/warn`: it was not run: its package had used up its 200 ms");

    let text = "package p\n\ndeny contains msg if {\n\tsome n in numbers.range(1, 50)\n\tmsg := sprintf(\"%d %s\", [n, concat(\"\", [\"x\" | some _ in numbers.range(1, 1000)])])\n}\n";
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_bytes = 20_000);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.results.len()), ("too-many-bytes", 0));
}

#[test]
fn a_walk_over_a_big_input_stops_at_its_limit_row_95() {
    let text = "package p\n\ndeny contains \"x\" if {\n\twalk(input, [_, a])\n\twalk(input, [_, b])\n\t[a, b] == [\"never\", \"ever\"]\n}\n";
    let (loaded, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_ms = 200);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let files: Vec<Value> = (0..300).map(|n| json!({"path": format!("{n}.rs")})).collect();
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({ "files": files })));
    assert_eq!(evaluation.faults[0].code, "evaluation-timeout");
}

#[test]
fn oversized_patterns_are_refused_and_pathological_ones_are_linear_row_96() {
    assert_fault(r#"deny contains "x" if regex.match(`\w{1,50}\w{1,50}`, input.change.base)"#, "regex-size", 3);
    assert_fault(r#"deny contains "x" if regex.match("(", input.change.base)"#, "regex-syntax", 3);
    assert_clean(r#"deny contains "x" if regex.match(`[A-Za-z0-9_]{1,64}`, input.change.base)"#);
    let text = "package p\n\ndeny contains \"x\" if regex.match(`(a+)+$`, concat(\"\", [\"a\" | some _ in numbers.range(1, 20000)]))\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.faults.len(), evaluation.results.len()), (0, 1));
}

#[test]
fn a_misspelt_input_path_is_refused_row_97() {
    case("input-paths");
}

#[test]
fn a_decision_rule_of_the_wrong_kind_is_refused_row_98() {
    case("decision-kinds");
}

#[test]
fn a_near_miss_of_a_decision_name_is_refused_row_99() {
    case("decision-names");
}

#[test]
fn a_result_of_the_wrong_shape_names_its_rule_row_100() {
    case("result-shapes");
}

#[test]
fn a_builtin_error_is_a_fault_not_a_pass_row_101() {
    let text = "package p\n\ndeny contains \"x\" if to_number(input.change.base) > 1\n\nwarn contains \"still here\"\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "x"}})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.faults[0].line), ("evaluation-error", 3));
    assert!(evaluation.faults[0].message.contains("rule `p/deny`"), "{:?}", evaluation.faults);
    assert_eq!(evaluation.results.len(), 1, "the other rule is still evaluated");
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "7"}})));
    assert_eq!((evaluation.faults.len(), evaluation.results.len()), (0, 2));
}

#[test]
fn builtins_that_are_not_pure_are_refused_row_102() {
    for call in [
        "http.send({\"method\": \"get\", \"url\": \"http://x\"}).status_code == 200",
        "time.now_ns() > 5",
        "rand.intn(\"x\", 5) > 1",
        "uuid.rfc4122(\"x\") != \"\"",
        "opa.runtime().env.HOME != \"\"",
        "net.cidr_contains(\"10.0.0.0/8\", \"10.0.0.1\")",
        "rego.parse_module(\"a\", \"b\").rules",
        "trace(\"x\")",
        "io.jwt.decode(\"x\")",
    ] {
        assert_fault(&format!("deny contains \"x\" if {{\n\t{call}\n}}"), "forbidden-builtin", 4);
        assert_fault(
            &format!("deny contains \"x\" if {{\n\t1 == 2\n\tnot f(1)\n}}\n\nf(_) if {call}"),
            "forbidden-builtin",
            8,
        );
    }
    assert_clean("deny contains \"x\" if time.parse_rfc3339_ns(\"2026-01-01T00:00:00Z\") > 5");
}

#[test]
fn with_replaces_no_builtin_and_no_foreign_function_row_103() {
    case("with");
}

#[test]
fn prints_are_collected_and_never_printed_row_104() {
    let text = "package p\n\ndeny contains \"x\" if print(\"::error::hi\", input.change.base)\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "\u{1b}[31m"}})));
    assert_eq!(evaluation.prints, ["p/p.rego:3: ::error::hi \u{1b}[31m"]);
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.evaluation_bytes = 80);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "x".repeat(100)}})));
    assert_eq!((evaluation.prints.len(), evaluation.faults[0].code.as_str()), (0, "too-many-bytes"));
}

#[test]
fn two_packs_with_one_rule_id_are_refused_row_105() {
    let rule = |package: &str| {
        format!(
            "# METADATA\n# custom:\n#   id: same/id\npackage {package}\n\ndeny contains \"x\" if input.change.draft\n"
        )
    };
    let (loaded, _) = load(&[("a/a.rego", &rule("a")), ("b/b.rego", &rule("b"))]);
    assert_eq!(codes(&loaded), ["duplicate-rule"]);
    assert!(loaded.faults[0].message.contains("a/a.rego"), "{:?}", loaded.faults);
    let one = format!("{}\nwarn contains \"y\" if input.change.draft\n", rule("a"));
    assert_eq!(codes(&load(&[("a/a.rego", &one)]).0), Vec::<&str>::new(), "one package may share its id");
}

#[test]
fn an_empty_pack_and_one_without_a_running_rule_are_refused_row_106() {
    assert_eq!(codes(&load(&[]).0), ["empty-pack"]);
    let rule = "package p\n\ndeny contains \"x\" if input.change.draft\n";
    let data = DataSource { pack: "q".into(), path: "q/a.json".into(), at: vec!["a".into()], text: "1".into() };
    let mut set = set(&[("p/p.rego", rule)]);
    set.data.push(data);
    let (loaded, _) = loader::load(&set, &BTreeMap::new(), &Limits::default());
    assert_eq!((codes(&loaded), loaded.faults[0].path.as_str()), (vec!["empty-pack"], "q"));
    set.data.clear();
    let off = RuleOverride { severity: None, status: Some(Status::Draft) };
    let (loaded, _) = loader::load(&set, &BTreeMap::from([("p/deny".to_owned(), off)]), &Limits::default());
    assert_eq!(codes(&loaded), ["empty-pack"]);
    let shown = RuleOverride { severity: None, status: Some(Status::Observe) };
    let (loaded, _) = loader::load(&set, &BTreeMap::from([("p/deny".to_owned(), shown)]), &Limits::default());
    assert_eq!(codes(&loaded), Vec::<&str>::new());
}

#[test]
fn too_many_results_are_a_fault_and_never_cut_row_107() {
    let text = "package p\n\ndeny contains sprintf(\"%d\", [n]) if some n in numbers.range(1, 500)\n";
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.findings = 500);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.results.len(), evaluation.faults.len()), (500, 0));
    let (_, engines) = load_limited(&[("p/p.rego", text)], |limits| limits.findings = 499);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.results.len(), evaluation.faults[0].code.as_str()), (0, "too-many-results"));
    assert!(evaluation.faults[0].message.contains("500"), "{:?}", evaluation.faults);
}

#[test]
fn a_hostile_message_is_passed_on_unchanged_row_108() {
    let text = "package p\n\ndeny contains input.change.base\n";
    let hostile = "```\n@team ::error::x\r\n</details>";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": hostile}})));
    assert_eq!(evaluation.results[0].message, hostile, "escaping is the business of each report");
}

#[test]
fn old_syntax_gets_its_new_spelling_row_109() {
    case("old-syntax");
}

#[test]
fn the_language_that_packs_use_means_what_it_means_elsewhere_row_110() {
    case("language");
}

#[test]
fn a_pack_that_cannot_work_is_found_before_judging_row_111() {
    let text = "package p\n\ndeny contains \"x\" if to_number(input.change.base) > 1\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let faults = engines.self_check();
    assert_eq!((faults[0].code.as_str(), faults[0].path.as_str(), faults[0].line), ("self-check", "p/p.rego", 3));
    let text =
        "package p\n\ndeny contains \"x\" if {\n\tinput.change.base != \"\"\n\tto_number(input.change.base) > 1\n}\n";
    assert_eq!(load(&[("p/p.rego", text)]).1.self_check(), []);
}

// The engine.

#[test]
fn unicode_classes_and_case_folding_work_in_patterns() {
    let cases = [(r"^\d+$", "42"), (r"^\w+$", "stra\u{df}e"), ("(?i)^abc$", "ABC"), (r"^\p{L}$", "\u{e9}")];
    for (pattern, text) in cases {
        let policy = format!("package p\n\ndeny contains \"hit\" if regex.match(`{pattern}`, input.change.base)\n");
        let (loaded, engines) = load(&[("p/p.rego", &policy)]);
        assert_eq!(codes(&loaded), Vec::<&str>::new(), "{pattern}");
        let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": text}})));
        assert_eq!((evaluation.results.len(), evaluation.faults.len()), (1, 0), "{pattern}");
    }
}

#[test]
fn what_the_engine_does_not_check_is_checked_here() {
    case("engine-checks-nothing");
}

#[test]
fn divergences_of_the_engine_are_refused_with_a_rewrite() {
    case("divergences");
}

#[test]
fn a_panicking_builtin_is_a_fault_of_its_rule() {
    let text =
        "package p\n\ndeny contains \"x\" if strings.count(\"aaa\", input.change.base) > 0\n\nwarn contains \"y\"\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.results.len()), ("evaluation-panic", 1));
    let again = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "a"}})));
    assert_eq!((again.faults.len(), again.results.len()), (0, 2));
}

#[test]
fn the_same_input_gives_the_same_answer_on_many_threads() {
    let text = "package p\n\ndeny contains {\"msg\": s.name, \"path\": f.path, \"line\": s.start} if {\n\tsome f in input.files\n\tsome s in f.symbols\n}\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let symbol = |n: u32| json!({"name": format!("s{}", n % 7), "qualified": "q", "kind": "function", "start": n});
    let files: Vec<Value> =
        (0..20).map(|n| json!({"path": format!("{n}.rs"), "symbols": [symbol(n), symbol(n + 1)]})).collect();
    let input = document(&json!({ "files": files }));
    let first = evaluate(&engines, 0, Target::Change, &input);
    assert_eq!(first.results.len(), 40);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(evaluate(&engines, 0, Target::Change, &input), first));
        }
    });
}

// Loading.

#[test]
fn metadata_is_read_and_inherited_and_its_faults_have_places() {
    case("metadata");
}

#[test]
fn data_files_are_strict_and_never_win_over_a_rule() {
    case("data");
}

#[test]
fn overrides_apply_and_unknown_rules_are_refused() {
    case("overrides");
}

#[test]
fn scopes_of_later_versions_are_refused() {
    case("later-scopes");
}

#[test]
fn forge_facts_are_found_through_helpers_and_locals() {
    case("forge");
}

#[test]
fn a_file_over_the_size_limit_is_not_read() {
    let text = format!("package p\n\n# {}\ndeny contains \"x\" if input.change.draft\n", "x".repeat(900));
    let (loaded, _) = load_limited(&[("p/p.rego", &text)], |limits| limits.configuration_bytes = 900);
    assert_eq!(codes(&loaded), ["too-large"]);
    let (loaded, _) = load_limited(&[("p/p.rego", &text)], |limits| limits.configuration_bytes = text.len() as u64);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
}

#[test]
fn a_package_in_two_packs_is_two_packages() {
    let (loaded, engines) = load(&[
        ("a/x.rego", "package lib\n\ndeny contains msg\n\nmsg := \"from a\"\n"),
        ("b/x.rego", "# METADATA\n# custom:\n#   id: b/lib\npackage lib\n\ndeny contains msg\n\nmsg := \"from b\"\n"),
    ]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let said = |package| evaluate(&engines, package, Target::Change, &document(&json!({}))).results[0].message.clone();
    assert_eq!((said(0), said(1)), ("from a".to_owned(), "from b".to_owned()));
}

#[test]
fn a_faulty_package_does_not_stop_the_others() {
    let (loaded, engines) = load(&[
        ("p/a.rego", "package a\n\nimport data.lib\n\ndeny contains \"a\" if lib.f(1)\n"),
        ("p/b.rego", "package b\n\ndeny contains \"b\" if true\n"),
        ("p/lib.rego", "package lib\n\nf(x) := f(x)\n"),
    ]);
    assert_eq!(codes(&loaded), ["recursion"]);
    assert_eq!(loaded.packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(evaluate(&engines, 0, Target::Change, &document(&json!({}))).results.len(), 1);
}

#[test]
fn skipped_rules_and_rules_that_do_not_run_give_nothing() {
    let text = "package p\n\ndeny contains \"d\"\n\n# METADATA\n# custom: {status: draft}\nwarn contains \"w\"\n\nreview contains {\"msg\": \"r\", \"layer\": 3}\n";
    let (loaded, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let input = document(&json!({}));
    let skip = BTreeSet::from([RuleId::new("p/deny").unwrap()]);
    let messages: Vec<String> =
        engines.evaluate(0, &input, Target::Change, &skip).results.into_iter().map(|result| result.message).collect();
    assert_eq!(messages, ["r"]);
    assert_eq!(evaluate(&engines, 0, Target::Change, &input).results.len(), 2);
}

#[test]
fn a_target_of_another_scope_is_a_fault() {
    let (_, engines) = load(&[("p/p.rego", "package p\n\ndeny contains \"x\" if input.change.draft\n")]);
    let input = document(&json!({"files": [{"path": "a"}]}));
    assert_eq!(evaluate(&engines, 0, Target::File(0), &input).faults[0].code, "unknown-target");
    assert_eq!(evaluate(&engines, 7, Target::Change, &input).faults[0].code, "unknown-package");
}

// Unit tests of policies.

#[test]
fn unit_tests_pass_fail_wait_and_err_each_by_itself() {
    let policy = "package p\n\ndeny contains \"x\" if input.change.draft\n";
    let tests = "package p_test\n\nimport data.p\n\ntest_fires if count(data.p.deny) == 1 with input as {\"change\": {\"draft\": true}}\n\ntest_wrong if count(data.p.deny) == 1 with input as {\"change\": {\"draft\": false}}\n\ntodo_test_later if false\n\ntest_errs if to_number(\"x\") == 1\n\nhelper := 1\n";
    let results = run_tests(&[source("p/p.rego", policy)], &[source("p/p_test.rego", tests)], &[]);
    let seen: Vec<_> = results.iter().map(|result| (result.name.as_str(), result.outcome.clone())).collect();
    assert_eq!(seen[1], ("test_fires", Outcome::Passed));
    assert_eq!(seen[2], ("test_wrong", Outcome::Failed));
    assert_eq!(seen[3], ("todo_test_later", Outcome::Todo));
    assert!(matches!(&seen[0], ("test_errs", Outcome::Error(text)) if text.contains("p/p_test.rego:11")), "{seen:?}");
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_test_that_mocks_in_vain_or_calls_nothing_is_an_error() {
    let policies = [
        source("p/lib.rego", "package lib\n\nf(x) := x\n"),
        source("p/p.rego", "package p\n\ndeny contains \"x\" if data.lib.f(1) == 2\n"),
    ];
    let run = |body: &str| {
        let text = format!("package p_test\n\n{body}\n");
        run_tests(&policies, &[source("p/p_test.rego", &text)], &[])
    };
    for body in [
        "test_a if count(data.p.deny) == 1 with data.lib.f as 2",
        "test_a if not no_such(1)",
        "test_a if count(data.p.denny) == 0",
        "f(x) := f(x)\n\ntest_a if f(1)",
    ] {
        let results = run(body);
        assert!(matches!(results.as_slice(), [only] if matches!(only.outcome, Outcome::Error(_))), "{results:?}");
    }
    assert_eq!(run("test_a if count(data.p.deny) == 0 with input as {}")[0].outcome, Outcome::Passed);
}

#[test]
fn unit_tests_of_one_pack_do_not_see_another() {
    let results = run_tests(
        &[source("a/p.rego", "package lib\n\nx := 1\n"), source("b/p.rego", "package lib\n\nx := 2\n")],
        &[
            source("a/p_test.rego", "package lib_test\n\ntest_x if data.lib.x == 1\n"),
            source("b/p_test.rego", "package lib_test\n\ntest_x if data.lib.x == 2\n"),
            source("c/p_test.rego", "package c\n\ntest_x if {\n"),
        ],
        &[],
    );
    let outcomes: Vec<&Outcome> = results.iter().map(|result| &result.outcome).collect();
    assert!(matches!(outcomes.as_slice(), [Outcome::Passed, Outcome::Passed, Outcome::Error(_)]), "{results:?}");
}
// Names that mean nothing.

#[test]
fn a_name_that_nothing_binds_is_refused() {
    assert_fault("deny contains mssg if {\n\tmsg := \"x\"\n}", "unbound-variable", 3);
    assert_fault("deny contains {\"msg\": m.text} if {\n\tmsg := \"x\"\n\tmsg != \"\"\n}", "unbound-variable", 3);
    assert_fault("deny contains \"x\" if {\n\t1 == 2\n\thelpr == 3\n}", "static-error", 5);
    assert_clean("deny contains msg if msg := \"x\"");
    assert_clean("deny contains input.files[i].path if input.files[i].binary");
    assert_clean(
        "deny contains {\"msg\": \"x\", \"fix\": own} if count([y | y = input.files[_].path]) > 3\n\nown := \"y\"",
    );
    assert_clean("deny contains concat(\"\", [p | p := input.files[i].path; i > 1]) if f(2)\n\nf(x) := x");
}

#[test]
fn a_data_path_that_nothing_defines_is_refused() {
    assert_fault("deny contains \"x\" if data.nowhere.foo == 3", "unknown-data", 3);
    assert_fault("deny contains \"x\" if data.p.helpr == 3\n\nhelper := 3", "unknown-data", 3);
    assert_fault("import data.lib.one\n\ndeny contains \"x\" if one == 3", "unknown-data", 5);
    assert_fault("deny contains \"x\" if limits.lwo == 3\n\nlimits.low := 3", "unknown-data", 3);
    assert_clean("deny contains \"x\" if data.p.helper == 3\n\nhelper := 3");
    assert_clean("deny contains \"x\" if limits.low == 3\n\nlimits.low := 3");
    assert_clean("deny contains \"x\" if data.spec.teams[_].id == \"x\"");
}
