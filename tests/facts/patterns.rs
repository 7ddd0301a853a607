use crate::*;
use portcullis::facts::check_patterns;

const EVAL: &str = "id: eval\nlanguage: python\nrule: {pattern: eval($X)}\n---\nid: eval\nlanguage: TypeScript\nrule:\n  any:\n    - pattern: eval($X)\n    - pattern: new Function($$$)\n";

fn source(text: &str) -> PatternSource {
    PatternSource { pack: "pack".into(), path: "pack/patterns/a.yaml".into(), text: text.into() }
}

fn hits(facts: &FileFacts) -> Vec<(&str, u32, u32, FactChange)> {
    facts.matches.iter().map(|hit| (hit.pattern.as_str(), hit.start, hit.column, hit.change)).collect()
}

#[test]
fn one_id_may_serve_several_languages_and_columns_count_code_points() {
    let facts = read_with(&patient(), EVAL, &task("a.py", None, Some("x = '\u{E9}\u{1F600}'; eval( x )\n".as_bytes())));
    assert_eq!(hits(&facts), vec![("pack/eval", 1, 11, FactChange::Added)]);
    let hit = &facts.matches[0];
    assert_eq!((hit.end, hit.end_column, hit.text.as_str()), (1, 20, "eval( x )"));
    assert_eq!(hit.captures.get("X").map(String::as_str), Some("x"));
    let facts = read_with(&patient(), EVAL, &task("a.ts", None, Some(b"new Function(a, b);\nmodel.eval(x);\n")));
    assert_eq!(hits(&facts), vec![("pack/eval", 1, 1, FactChange::Added)]);
    assert_eq!(hits(&read_with(&patient(), EVAL, &task("a.rs", None, Some(b"fn f() { eval(x) }\n")))), vec![]);
}

#[test]
fn a_comment_in_the_code_suppresses_nothing() {
    let text = "# ast-grep-ignore\n# ast-grep-ignore: eval\neval(x)  # ast-grep-ignore\n";
    let facts = read_with(&patient(), EVAL, &task("a.py", None, Some(text.as_bytes())));
    assert_eq!(hits(&facts), vec![("pack/eval", 3, 1, FactChange::Added)]);
}

#[test]
fn a_hit_is_added_moved_removed_or_kept() {
    let base = b"eval(a)\neval(b)\neval(c)\nx = 1\n";
    let head = b"eval(a)\neval(d)\nx = 1\nif x:\n    eval( c )\n";
    let facts = read_with(&patient(), EVAL, &task("a.py", Some(base), Some(head)));
    let found: Vec<_> = facts.matches.iter().map(|hit| (hit.text.as_str(), hit.change)).collect();
    assert_eq!(
        found,
        vec![
            ("eval(a)", FactChange::Kept),
            ("eval(b)", FactChange::Removed),
            ("eval(d)", FactChange::Added),
            ("eval(c)", FactChange::Removed),
            ("eval( c )", FactChange::Added),
        ]
    );
    let moved = read_with(&patient(), EVAL, &task("a.py", Some(b"eval(c)\nx = 1\n"), Some(b"x = 1\neval(c)\n")));
    assert_eq!(moved.matches[0].change, FactChange::Moved);
}

#[test]
fn a_line_taken_out_of_a_hit_makes_it_part_of_the_change() {
    let rule = "id: run\nlanguage: python\nrule:\n  pattern: run($$$)\n";
    let facts = read_with(&patient(), rule, &task("a.py", Some(b"run(\n  a,\n  safe,\n)\n"), Some(b"run(\n  a,\n)\n")));
    assert_eq!(
        facts.matches.iter().map(|hit| hit.change).collect::<Vec<_>>(),
        [FactChange::Added, FactChange::Removed]
    );
}

#[test]
fn patterns_that_look_around_stop_at_their_depth_and_say_so() {
    let rule = "id: inside\nlanguage: python\nrule:\n  pattern: eval($X)\n  inside: {kind: function_definition, stopBy: end}\n";
    let flat = "def f():\n    eval(x)\neval(y)\n";
    let facts = read_with(&patient(), rule, &task("a.py", None, Some(flat.as_bytes())));
    assert_eq!(hits(&facts), vec![("pack/inside", 2, 5, FactChange::Added)]);
    assert_eq!(fault_codes(&facts), Vec::<&str>::new());
    let deep = format!("{flat}z = {}1{}\n", "(".repeat(1_500), ")".repeat(1_500));
    let facts = read_with(&patient(), rule, &task("a.py", None, Some(deep.as_bytes())));
    assert_eq!((hits(&facts), fault_codes(&facts)), (vec![], vec!["patterns-not-tried"]));
    assert_eq!(facts.calls.len(), 2);
}

#[test]
fn a_pattern_that_compares_subtrees_does_not_recurse_with_their_depth() {
    let rule = "id: same\nlanguage: python\nrule:\n  pattern: $A == $A\n";
    let side = format!("{}1{}", "(".repeat(4_000), ")".repeat(4_000));
    let facts = read_with(&patient(), rule, &task("a.py", None, Some(format!("{side} == {side}\n").as_bytes())));
    assert_eq!(fault_codes(&facts), vec!["patterns-not-tried"]);
    assert_eq!(hits(&read_with(&patient(), rule, &task("a.py", None, Some(b"x.y == x.y\nx == y\n")))).len(), 1);
}

#[test]
fn metavariables_work_in_every_language() {
    for (path, text) in EVERY {
        let language = match path.rsplit('.').next().unwrap() {
            "py" => "python",
            "rs" => "rust",
            other => other,
        };
        let language = if language == "js" { "javascript" } else { language };
        let rule = format!("id: call\nlanguage: {language}\nrule: {{pattern: $F()}}\n");
        let rule = if language == "go" {
            "id: call\nlanguage: go\nrule: {pattern: {context: 'func a() { $F() }', selector: call_expression}}\n"
                .into()
        } else {
            rule
        };
        let facts = read_with(&patient(), &rule, &task(path, None, Some(text.as_bytes())));
        let captures: Vec<_> = facts.matches.iter().map(|hit| hit.captures["F"].as_str()).collect();
        assert_eq!(captures, vec!["g"], "{path}");
    }
}

#[test]
fn faults_of_pattern_files_name_file_and_line() {
    let lines = |text: &str| {
        let faults = check_patterns(&[source(text)]);
        faults.into_iter().map(|fault| (fault.line, fault.code)).collect::<Vec<_>>()
    };
    let fine = "id: a\nlanguage: go\nrule: {kind: call_expression}\n";
    assert_eq!(lines(fine), vec![]);
    assert_eq!(lines(&format!("---\n{fine}---\n{fine}")), vec![(6, "pattern-duplicate".into())]);
    assert_eq!(lines(&format!("{fine}---\nid: b\nlanguage: cobol\nrule: {{kind: x}}\n"))[0].1, "pattern-syntax");
    assert_eq!(
        lines(&format!("{fine}---\n\nid: b\nlanguage: go\nrule: {{kind: nothing}}\n")),
        vec![(6, "pattern-invalid".into())]
    );
    assert_eq!(lines("language: go\nrule: {kind: call_expression}\n"), vec![(1, "pattern-id".into())]);
    assert_eq!(
        lines("id: a\nlanguage: go\nfiles: [a]\nrule: {kind: call_expression}\n"),
        vec![(3, "pattern-scope".into())]
    );
    assert_eq!(lines("id: a\nlanguage: go\nrool: {kind: call_expression}\n")[0].1, "pattern-syntax");
    assert_eq!(lines("id: a\nlanguage: go\nrule: {pattern: $A}\n")[0].1, "pattern-invalid");
    assert_eq!(lines("# nothing\n"), vec![(1, "pattern-empty".into())]);
    assert_eq!(lines("id: a\nlanguage: [go\n")[0].1, "pattern-syntax");
    let unknown = check_patterns(&[source(&format!("{fine}---\nid: b\nlanguage: cobol\nrule: {{kind: x}}\n"))]);
    assert!(unknown[0].message.contains("cobol") && unknown[0].line >= 5, "{unknown:?}");
}

#[test]
fn a_pattern_that_does_not_compile_is_a_fault_on_the_files_of_its_language_only() {
    let text = "id: a\nlanguage: go\nrule: {kind: nothing}\n";
    let (extractor, faults) = Extractor::new(&patient(), &[source(text)]);
    assert_eq!(faults, vec![]);
    assert_eq!(fault_codes(&extractor.read(&task("a.go", None, Some(b"package a\n")))), vec!["pattern-invalid"]);
    assert_eq!(fault_codes(&extractor.read(&task("a.py", None, Some(b"x = 1\n")))), Vec::<&str>::new());
}
