use crate::bench::{all_faults, faults, specification};
use portcullis::enforcement::KINDS;

#[test]
fn every_kind_has_its_file_and_its_line_and_a_name_of_the_schema() {
    const NAMES: &[&str] = &[
        "acyclic",
        "ast",
        "contracts",
        "forbidden",
        "independence",
        "layers",
        "naming",
        "pattern",
        "protected",
        "public",
        "query",
        "rego",
        "review",
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/enforcement");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| std::fs::read_to_string(path).is_ok_and(|text| text.contains("const KIND: Kind")))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let rows: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(rows, files);
    assert!(rows.iter().all(|name| NAMES.contains(name)));
    for kind in KINDS {
        assert!((kind.schema)().is_object(), "{}", kind.name);
    }
}

#[test]
fn an_unknown_kind_is_told_with_the_nearest_one() {
    assert_eq!(faults("enforce: {asst: []}"), ["1:11 there is no kind of rule `asst`; Did you mean `ast`?"]);
}

#[track_caller]
fn ast(entry: &str, place: &str, words: &str) {
    let text = format!("enforce:\n  ast:\n    - {entry}\n");
    let found = faults(&text);
    assert_eq!(found.len(), 1, "{entry}: {found:?}");
    assert!(found[0].starts_with(place) && found[0].contains(words), "{found:?}");
}

#[test]
fn a_shape_that_cannot_work_is_a_fault_at_its_place() {
    ast("{language: pyhton, pattern: f($X)}", "3:18 ", "Did you mean `python`?");
    ast("{pattern: f($X)}", "3:7 ", "`language` is missing");
    ast("{language: python, pattern: \"f($X\", patern: x}", "3:43 ", "Did you mean `pattern`?");
    ast("{language: python, pattern: \"def f(:\"}", "3:35 ", "no python code");
    ast("{language: python, pattern: $X}", "3:35 ", "any node");
    ast("{language: python, pattern: f($X), where: {Y: a}}", "3:50 ", "no metavariable `$Y`; Known: `X`");
    ast("{language: python, pattern: f($AMOUNT), where: {AMOUNTS: a}}", "3:55 ", "Did you mean `AMOUNT`?");
    ast("{language: python, pattern: f($X), where: {X: \"(a\"}}", "3:53 ", "unclosed group");
    ast("{language: python, pattern: f($$$XS), where: {XS: a}}", "3:53 ", "stands for a list");
    ast("{language: python, pattern: f($X), inside: {kind: functoin}}", "3:50 ", "functoin");
    ast("{language: python, pattern: f($X), unless: \"g(f$Q)\"}", "3:50 ", "under `pattern` only");
    ast("{language: python, kind: nothing}", "3:32 ", "nothing");
    ast("{language: python, inside: {kind: module}}", "3:7 ", "`pattern` is missing");
    ast("{language: python, rule: {pattern: f($X)}, severity: error}", "3:50 ", "no effect");
    ast("{language: python, rule: {pattern: f($X)}, files: [a]}", "3:50 ", "scope: {paths");
    ast("{language: python, rule: {patern: f($X)}}", "3:32 ", "patern");
    ast("{language: python, rule: {pattern: f($X)}, constraint: {X: {regex: a}}}", "3:50 ", "constraints");
    assert_eq!(faults("enforce: {ast: []}").len(), 1);
    assert_eq!(faults("enforce: {ast: text}").len(), 1);
}

#[test]
fn all_faults_of_all_entries_are_told_at_once() {
    let text = "enforce:\n  ast:\n    - {language: pyton, pattern: f()}\n    - {language: go, pattern: \"f(\", wher: {}}\n    - {language: rust, pattern: $X}\n";
    assert_eq!(faults(text).len(), 3, "{:?}", faults(text));
}

#[test]
fn a_query_that_cannot_work_is_a_fault_with_the_place_inside() {
    let one = |scm: &str| faults(&format!("enforce: {{query: {{language: python, scm: '{scm}'}}}}"));
    assert!(one("(call").first().unwrap().contains("1:42 the query cannot be used: this is no query (line 1, column "));
    assert!(one("(cal) @x")[0].contains("has no node `cal`"), "{:?}", one("(cal) @x"));
    assert!(one("(call fun: (_)) @x")[0].contains("has no field `fun`"));
    assert!(one("(call)")[0].contains("captures nothing"));
    assert!(one("((call) @x (#gt? @x \"1\"))")[0].contains("`#gt?` is not supported"));
    assert!(one("((call) @x (#is? local))")[0].contains("`#is?` is not supported"));
    assert!(one("((call) @x (#set! a b))")[0].contains("`#set!` is not supported"));
    assert!(one("((call) @x (#match? @x \"(\"))")[0].contains("cannot be used"));
    assert_eq!(one("((call) @x (#any-of? @x \"f()\" \"g()\"))"), Vec::<String>::new());
    assert_eq!(faults("enforce: {query: {language: python}}").len(), 1);
}

#[test]
fn an_expression_that_cannot_work_is_a_fault() {
    let one = |regex: &str| faults(&format!("enforce: {{pattern: {{regex: '{regex}'}}}}"));
    assert!(one("(?=a)b")[0].contains("look-around"));
    assert!(one("a*")[0].contains("empty text"));
    assert_eq!(one("a+"), Vec::<String>::new());
    assert_eq!(faults("enforce: {pattern: {}}").len(), 0);
    assert_eq!(faults("enforce: {pattern: {rgex: a}}").len(), 2);
}

#[test]
fn an_enforced_rule_without_an_example_is_refused_and_an_advisory_one_is_not() {
    let rule = "enforce: {pattern: {regex: a}}";
    let needs = "1:11 an enforced rule of kind `pattern` needs `examples` with at least one `fail`";
    assert!(all_faults(specification(rule))[0].starts_with(needs));
    assert_eq!(all_faults(specification(&format!("status: advisory\n{rule}"))), Vec::<String>::new());
    assert_eq!(all_faults(specification(&format!("examples: {{fail: [a]}}\n{rule}"))), Vec::<String>::new());
    assert_eq!(all_faults(specification(&format!("examples: {{pass: [b]}}\n{rule}"))).len(), 1);
    assert_eq!(all_faults(specification("enforce: {review: {ask: \"Sure?\"}}")), Vec::<String>::new());
}
