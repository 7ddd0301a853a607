//! What the engine does by itself, and what is put around it.

use super::*;

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

/// Answers of the bare engine; where one changes with an upgrade, the check for it can go.
#[test]
fn the_engine_still_diverges_where_the_checker_says_so() {
    let answer = |files: &[&str], rule: &str| {
        let mut engine = regorus::Engine::new();
        for (number, text) in files.iter().enumerate() {
            engine.add_policy(format!("{number}.rego"), (*text).to_owned()).map_err(|error| error.to_string())?;
        }
        engine.eval_rule(rule.to_owned()).map_err(|error| error.to_string())
    };
    let lib = "package lib\n\na := 1\n\nb := to_number(\"x\")\n\nf(x) := x\n\ng(x) := f(x)\n";
    let whole = "package p\n\nimport data.lib\n\nx if lib.a == 1\n";
    let one = "package p\n\nimport data.lib.a\n\nx if a == 1\n";
    assert!(answer(&[whole, lib], "data.p.x").is_err(), "an unrelated rule fails the import of a package");
    assert_eq!(answer(&[one, lib], "data.p.x").unwrap(), regorus::Value::from(true));
    let local = "package p\n\nimport data.lib.a\n\nx if { some a in [1]; a == 1 }\n";
    assert!(answer(&[local, lib], "data.p.x").is_err(), "a local named like an import");
    let inside = "package p\n\nx if { y := [y | some y in [1]]; y == [1] }\n";
    assert!(answer(&[inside], "data.p.x").is_err(), "a local declared inside its own value");
    let mocked = "package p\n\nimport data.lib\n\nx := y if y := lib.g(1) with lib.f as 9\n";
    assert_eq!(answer(&[mocked, lib], "data.p.x").unwrap(), regorus::Value::from(1u64), "a mock that does nothing");
    let object = "package p\n\ndeny[x] if x := 1\n";
    assert!(answer(&[object], "data.p.deny").unwrap().as_object().is_ok(), "an object, not a set");
}

#[test]
fn arithmetic_on_a_text_is_a_fault_and_shadowed_names_are_refused() {
    let (loaded, engines) = load(&[("p/p.rego", "package p\n\ndeny contains \"x\" if 1 + input.change.base > 1\n")]);
    assert_eq!(codes(&loaded), Vec::<&str>::new());
    let evaluation = evaluate(&engines, 0, Target::Change, &document(&json!({"change": {"base": "a"}})));
    assert_eq!((evaluation.faults[0].code.as_str(), evaluation.results.len()), ("evaluation-error", 0));
    assert_fault("deny contains \"x\" if {\n\tinput := 1\n\tinput == 1\n}", "syntax", 4);
    assert_fault("deny contains \"x\" if f(1)\n\nf(input) := input", "shadowed-name", 5);
    assert_fault("import data.p.a\nimport data.p.a\n\ndeny contains \"x\" if a == 1\n\na := 1", "syntax", 4);
    assert_clean("import data.p.a as b\n\ndeny contains \"x\" if b == 1\n\na := 1");
}
