//! `facts --query` and `check --trace`: what authors ask about a real change.

use crate::scene::{Run, Scene, run};

const PRINTS: &str = r#"# METADATA
# title: No prints
# custom:
#   id: shop/no-print
#   scope: file
package shop.prints

printers := {"print", "pprint"}

deny contains finding if {
	some call in input.file.calls
	call.change == "added"
	is_printer(call)
	not allowed(input.file.path)
	finding := {"msg": sprintf("`%s` is debug output", [call.callee]), "line": call.line}
}

is_printer(call) if call.callee in printers

allowed(path) if {
	startswith(path, "scripts/")
}

allowed(path) if endswith(path, "_debug.py")
"#;

/// Rules of every shape that a body can have.
const SHAPES: &str = r#"# METADATA
# custom:
#   scope: file
#   status: advisory
package shop.shapes

deny_every contains "every call is known" if {
	count(input.file.calls) > 0
	every call in input.file.calls {
		call.callee in {"print", "sum"}
	}
}

deny_late contains sprintf("%d", [total]) if {
	some total
	total > 1
	total = count(input.file.calls)
}

deny_with contains "with" if {
	some call in input.file.calls
	input.file.path == "elsewhere" with input.file.path as "somewhere"
}

deny_else contains "else" if {
	kind == "quiet"
}

kind := "loud" if {
	input.file.added > 1
} else := "quiet" if {
	input.file.added == 0
}

deny_index contains "index" if {
	input.file.calls[i].callee == "sum"
	i > 5
}

deny_compared contains "compared" if {
	"logger.info" in called
	"no \"such\" call" in called
}

called := {call.callee | some call in input.file.calls; call.change == "added"}
"#;

fn scene_with(configuration: &str) -> Scene {
    let base = [
        (".portcullis.yaml", configuration),
        ("policies/shop.rego", PRINTS),
        ("policies/shapes.rego", SHAPES),
        ("src/app.py", "def total(prices):\n    return sum(prices)\n"),
        ("scripts/run.py", "x = 1\n"),
        ("gen/api.py", "x = 1\n"),
    ];
    let head = [
        ("src/app.py", "def total(prices):\n    print(prices)\n    logger.info(1)\n    return sum(prices)\n"),
        ("scripts/run.py", "x = 1\nprint(x)\n"),
        ("src/quiet.py", "def quiet():\n    return 1\n"),
        ("gen/api.py", "x = 1\nprint(x)\n"),
    ];
    Scene::new(&base, &head)
}

fn scene() -> Scene {
    scene_with("version: 1\npacks: [size]\npolicies: [policies]\npaths: {generated: [\"gen/**\"]}\n")
}

fn ask(scene: &Scene, query: &str, more: &[&str]) -> Run {
    let words = [&["facts", "--base", &scene.base, "--head", &scene.head, "--query", query], more].concat();
    run(&mut scene.command(&words))
}

#[track_caller]
fn answers(query: &str, more: &[&str], expected: &str) {
    let said = ask(&scene(), query, more);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{query}");
    let values: serde_json::Value = serde_json::from_str(said.text()).unwrap();
    assert_eq!(values, serde_json::from_str::<serde_json::Value>(expected).unwrap(), "{query}");
}

#[track_caller]
fn refused(query: &str, words: &[&str]) {
    let said = ask(&scene(), query, &[]);
    assert_eq!((said.code, said.text()), (2, ""), "{query}: {}", said.err);
    for word in words {
        assert!(said.err.contains(word), "{query}: {word} in {}", said.err);
    }
}

#[test]
fn a_query_answers_with_distinct_values_in_order() {
    answers("input.files[_].path", &[], r#"["gen/api.py", "scripts/run.py", "src/app.py", "src/quiet.py"]"#);
    answers("input.files[_].calls[_].callee", &[], r#"["print", "logger.info", "sum"]"#);
    answers("count(input.files)", &[], "[4]");
    answers("input.change.totals.files > 100", &[], "[false]");
    answers("not input.change.draft", &[], "[true]");
}

#[test]
fn a_query_that_binds_names_answers_with_them() {
    answers("input.files[i].path == \"src/app.py\"", &[], r#"[{"i": 2}]"#);
    let query = "some _f in input.files; path := _f.path; calls := count(_f.calls); calls > 1";
    answers(query, &[], r#"[{"path": "src/app.py", "calls": 3}]"#);
}

#[test]
fn a_query_reads_policies_and_the_input_of_one_file() {
    answers("data.shop.prints.printers", &[], r#"[["pprint", "print"]]"#);
    answers("data.shop.prints.deny[_].line", &["--file", "src/app.py"], "[2]");
    answers("input.file.path", &["--file", "src/quiet.py"], r#"["src/quiet.py"]"#);
}

#[test]
fn a_query_without_an_answer_says_so_and_names_a_path_that_does_not_exist() {
    let said = ask(&scene(), "input.files[_].paht", &[]);
    assert_eq!((said.code, said.text()), (0, "[]\n"));
    for word in ["query:1:16", "has no `paht`", "did you mean `path`?", "no answer"] {
        assert!(said.err.contains(word), "{word} in {}", said.err);
    }
    let near = ask(&scene(), "input.files[_].secrets[_]", &[]);
    assert_eq!((near.code, near.text()), (0, "[]\n"));
    assert!(!near.err.contains("has no `"), "{}", near.err);
}

#[test]
fn a_fault_of_a_query_points_at_its_column() {
    refused("http.send({})", &["query:1:1", "not offered"]);
    refused("1 == 1; coutn(input.files) > 1", &["query:1:9", "did you mean `count`?"]);
    refused("count(input.files, 1)", &["query:1:1", "takes 1 argument"]);
    refused("inptu.files", &["query:1:1", "did you mean `input`?"]);
    refused("input.files[_].path ==", &["query:1:"]);
    refused("1] x := [2", &["query:1:2"]);
    refused("", &["empty"]);
    refused("count(1)", &["query:1:7"]);
    refused("data.shop.prnts.deny", &["did you mean `data.shop.prints.deny`?"]);
    refused("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", &["nested deeper"]);
}

#[test]
fn a_query_that_would_not_end_or_fill_the_memory_is_stopped() {
    let text = "version: 1\npacks: [size]\nlimits: {evaluation-ms: 400}\n";
    let said = ask(
        &scene_with(text),
        "count([1 | some a in numbers.range(1, 20000); some b in numbers.range(1, 20000); a == b])",
        &[],
    );
    assert_eq!((said.code, said.text()), (2, ""));
    assert!(said.err.contains("longer than 400 ms") || said.err.contains("stopped"), "{}", said.err);
}

#[test]
fn a_file_that_was_not_changed_is_named_with_the_nearest() {
    let said = ask(&scene(), "1", &["--file", "app.py"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("`src/app.py`"), "{}", said.err);
}

fn trace(scene: &Scene, rule: &str, more: &[&str]) -> Run {
    run(&mut scene.command(&scene.check_arguments(&[&["--trace", rule], more].concat())))
}

/// Returns the line of the page that holds `text`, blanks at its ends taken away.
#[track_caller]
fn line<'r>(said: &'r Run, text: &str) -> &'r str {
    let found = said.text().lines().find(|line| line.contains(text));
    found.unwrap_or_else(|| panic!("no {text} in {}{}", said.text(), said.err)).trim()
}

#[test]
fn a_trace_counts_what_each_line_leaves_and_keeps_the_verdict() {
    let scene = scene();
    let said = trace(&scene, "shop/no-print", &["--trace-file", "src/app.py"]);
    assert_eq!(said.code, scene.check(&[]).code);
    assert!(line(&said, "some call in").starts_with("3 |"), "{}", said.text());
    assert!(line(&said, "call.change ==").starts_with("2 |"), "{}", said.text());
    assert!(line(&said, "  is_printer(call)").starts_with("1 |"), "{}", said.text());
    assert!(line(&said, "makes").contains("`print` is debug output"));
    assert!(line(&said, "src/app.py: fired").contains("1 result"));
    assert!(!said.text().contains("stops here") && !said.text().contains('\u{1b}'));
}

#[test]
fn a_trace_marks_where_nothing_is_left_and_follows_the_helper_that_said_so() {
    let said = trace(&scene(), "shop/no-print", &["--trace-file", "scripts/run.py"]);
    assert!(line(&said, "stops here").contains("not allowed(input.file.path)"), "{}", said.text());
    assert!(line(&said, "startswith(path").starts_with("1 |"), "{}", said.text());
    assert!(line(&said, "endswith(path").starts_with("0 |"), "{}", said.text());
    let quiet = trace(&scene(), "shop/no-print", &["--trace-file", "src/quiet.py"]);
    assert!(line(&quiet, "input.file.calls is").ends_with("is []"), "{}", quiet.text());
}

#[test]
fn a_trace_reads_every_shape_of_a_body() {
    let scene = scene();
    let of = |rule: &str| trace(&scene, rule, &["--trace-file", "src/app.py"]);
    let every = of("shop.shapes/deny_every");
    assert!(line(&every, "does not hold").contains("logger.info"), "{}", every.text());
    let late = of("shop.shapes/deny_late");
    assert!(line(&late, "total > 1").starts_with("1 |"), "{}", late.text());
    assert!(line(&late, "makes").ends_with("\"3\""), "{}", late.text());
    let with = of("shop.shapes/deny_with");
    assert!(line(&with, "input.file.path is").ends_with("\"somewhere\""), "{}", with.text());
    let other = of("shop.shapes/deny_else");
    assert!(line(&other, "kind is").ends_with("\"loud\""), "{}", other.text());
    assert!(line(&other, "an `else`").contains("kind"), "{}", other.text());
    let index = of("shop.shapes/deny_index");
    assert!(line(&index, "i is").ends_with('2') && line(&index, "stops here").contains("i > 5"), "{}", index.text());
    let compared = of("shop.shapes/deny_compared");
    assert!(line(&compared, "stops here").contains("such"), "{}", compared.text());
    assert!(line(&compared, "\"logger.info\" in called").starts_with("1 |"), "{}", compared.text());
    assert!(line(&compared, "called := {call.callee").contains("3 |") || compared.text().contains("a comprehension"));
}

#[test]
fn a_rule_that_did_not_run_says_why() {
    let words = |rule: &str, more: &[&str]| trace(&scene(), rule, more).text().to_owned();
    assert!(words("shop/no-print", &["--trace-file", "gen/api.py"]).contains("the file is generated"));
    assert!(words("hidden-code/bidi", &[]).contains("its pack `hidden-code` is not among"));
    assert!(words("waivers/ended", &[]).contains("rule of the gate itself"));
    let draft =
        scene_with("version: 1\npacks: [size]\npolicies: [policies]\nrules: {shop/no-print: {status: draft}}\n");
    assert!(trace(&draft, "shop/no-print", &[]).text().contains("its status is draft"));
    let unknown = trace(&scene(), "shop/no-prnt", &[]);
    assert_eq!((unknown.code, unknown.text()), (2, ""));
    assert!(unknown.err.contains("Did you mean `shop/no-print`?"), "{}", unknown.err);
    let absent = trace(&scene(), "shop/no-print", &["--trace-file", "src/ap.py"]);
    assert_eq!(absent.code, 2);
    assert!(absent.err.contains("`src/app.py`"), "{}", absent.err);
}

#[test]
fn rules_of_built_in_packs_are_traced_and_other_files_are_left_out() {
    let scene = scene();
    let said = trace(&scene, "size/too-many-files", &[]);
    assert!(line(&said, "max_files is").ends_with("50") && line(&said, "stops here").starts_with("0 |"));
    assert!(line(&said, "some file in input.files").starts_with("4 |"), "{}", said.text());
    let focused = trace(&scene, "size/too-many-files", &["--trace-file", "src/app.py"]);
    assert!(line(&focused, "stops here").contains("count(governed)"), "{}", focused.text());
}

#[test]
fn reports_are_written_beside_a_trace_and_it_can_be_read_by_programs() {
    let scene = scene();
    let folder = tempfile::tempdir().unwrap();
    let report = format!("json={}", folder.path().join("v.json").display());
    let said = trace(&scene, "shop/no-print", &["--format", "json", "--report", &report]);
    let traced: serde_json::Value = serde_json::from_str(said.text()).unwrap();
    assert_eq!(traced["schema"], "portcullis.trace/v1");
    assert_eq!(traced["targets"][0]["results"], 1);
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("v.json")).unwrap()).unwrap();
    assert_eq!(written["exit_code"], said.code);
    assert_eq!(trace(&scene, "shop/no-print", &["--format", "sarif"]).code, 2);
}

#[test]
fn the_same_question_twice_has_the_same_answer() {
    let scene = scene();
    assert_eq!(
        trace(&scene, "shop/no-print", &["--threads", "1"]),
        trace(&scene, "shop/no-print", &["--threads", "4"])
    );
}

#[test]
fn hostile_text_is_harmless_in_a_trace() {
    let policy = "package own\n\ndeny contains \"x\" if {\n\tsome file in input.files\n\tname := file.path\n\tname == \"x\"\n}\n";
    let base = [(".portcullis.yaml", "version: 1\npacks: []\npolicies: [policies]\n"), ("policies/own.rego", policy)];
    let said = trace(&Scene::new(&base, &[("a\u{1b}[31mb.py", "x = 1\n")]), "own/deny", &[]);
    assert!(said.text().contains("name") && !said.text().contains('\u{1b}'), "{}", said.text());
}

/// Returns what `explain` says in the work tree of these files.
fn explained(configuration: &str, words: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("policies")).unwrap();
    std::fs::write(folder.path().join(".portcullis.yaml"), configuration).unwrap();
    let examples = "#   examples:\n#     bad: |\n#       print(1)\n#     good: |\n#       log(1)\npackage shop.prints";
    let policy = PRINTS.replace("package shop.prints", examples).replace("input.file.path)", "input.change.title)");
    std::fs::write(folder.path().join("policies/shop.rego"), policy).unwrap();
    run(&mut crate::scene::portcullis(folder.path(), &[&["explain"], words].concat()))
}

const ALL: &str = "version: 1\npolicies: [policies]\n";

#[test]
fn a_rule_of_the_repository_is_explained_with_examples_and_the_lines_that_change_it() {
    let said = explained(ALL, &["shop/no-print"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for text in [
        "defined in    policies/shop.rego:15",
        "breaks it\n    print(1)\n",
        "is fine\n    log(1)\n",
        "rules:\n      \"shop/no-print\": {status: advisory}\n",
        "reads input.change.title; without the forge it waits for CI",
    ] {
        assert!(said.text().contains(text), "{text} in {}", said.text());
    }
    let observed = explained(&format!("{ALL}rules: {{shop/no-print: {{status: observe}}}}\n"), &["shop/no-print"]);
    assert!(observed.text().contains("nothing to waive") && !observed.text().contains("rules:"), "{}", observed.text());
}

#[test]
fn a_rule_of_a_pack_that_does_not_run_here_is_explained_all_the_same() {
    let said = explained(ALL, &["human-review/ai-lines"]);
    assert!(said.text().contains("packs: [..., human-review]"), "{}", said.text());
    let json = explained(ALL, &["size/too-many-files", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(json.text()).unwrap();
    assert_eq!((&value["schema"], &value["configured"]), (&"portcullis.explain/v1".into(), &true.into()));
    assert!(value["examples"]["bad"].as_str().unwrap().contains("60 files"));
    assert_eq!(value["waive"]["lines"], "rules:\n  \"size/too-many-files\": {status: observe}");
    assert_eq!(explained(ALL, &["size/too-many-fils"]).code, 2);
}

#[test]
fn options_of_a_question_need_the_question() {
    let scene = scene();
    assert_eq!(run(&mut scene.command(&["facts", "--file", "a.py"])).code, 2);
    assert_eq!(run(&mut scene.command(&["facts", "--trust", "worktree"])).code, 2);
    assert_eq!(run(&mut scene.command(&["check", "--trace-file", "a.py"])).code, 2);
    let mut command =
        scene.command(&["facts", "--base", &scene.base, "--head", &scene.head, "--query", "1", "--trust", "worktree"]);
    let said = run(command.env("CI", "true"));
    assert_eq!(said.code, 2);
    assert!(said.err.contains("refused in CI"), "{}", said.err);
}

#[test]
fn a_rule_of_a_tool_that_base_names_is_explained_as_far_as_it_is_known() {
    let configuration = "version: 1\npacks: []\nimports: {tools: {semgrep: enforced}}\n";
    let said = explained(configuration, &["semgrep/python.eval"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.text().contains("enforced for results of severity error"), "{}", said.text());
    assert!(said.text().contains("\"semgrep/python.eval\": {status: observe}"), "{}", said.text());
    let other = explained(configuration, &["trivy/python.eval"]);
    assert_eq!(other.code, 2, "a tool that base does not name: {}", other.text());
}
