use crate::bench::{File, added, book, document, found, judged, modified};

const MONEY: &str = r#"
paths: ["src/**"]
enforce:
  ast:
    - {language: go, pattern: "float64($AMOUNT)", where: {AMOUNT: "(?i)amount|price|total"}}
    - {language: python, pattern: "float($AMOUNT)", where: {AMOUNT: "(?i)amount|price|total"}}
"#;

#[test]
fn a_shape_fires_on_added_code_in_scope_with_its_exact_columns() {
    let files = [
        added("src/a.py", "y = 1\n\u{E4} = float(order.total)\n"),
        added("src/b.go", "package b\nfunc f() {\n\tx := float64(o.Price)\n}\n"),
        added("src/c.py", "x = int(order.total)\ny = float(ratio)\nz = float(total, 2)\n"),
        added("other/a.py", "x = float(order.total)\n"),
        added("src/c.rs", "fn f() { float(total) }\n"),
    ];
    assert_eq!(found(MONEY, &files), ["src/a.py:2:5-2:23", "src/b.go:3:7-3:23"]);
}

#[test]
fn what_base_had_is_old_debt_and_what_moves_into_scope_is_new() {
    let old = "x = float(total)\ny = 1\n";
    assert_eq!(found(MONEY, &[modified("src/a.py", old, "x = float(total)\ny = 2\n")]), Vec::<String>::new());
    assert_eq!(found(MONEY, &[modified("src/a.py", old, "y = 1\nx = float(total)\n")]), Vec::<String>::new());
    assert_eq!(
        found(MONEY, &[modified("src/a.py", old, "x = float(total)\nz = float(price)\n")]),
        ["src/a.py:2:5-2:17"]
    );
    let moved = |from, to| File { paths: (from, to), texts: (Some(old), Some(old)) };
    assert_eq!(found(MONEY, &[moved("src/b.py", "src/a.py")]), Vec::<String>::new());
    assert_eq!(found(MONEY, &[moved("lib/a.py", "src/a.py")]), ["src/a.py:1:5-1:17"]);
    assert_eq!(found(MONEY, &[moved("src/a.py", "lib/a.py")]), Vec::<String>::new());
}

#[test]
fn unless_excuses_and_a_keyword_argument_may_stand_anywhere() {
    let rule = r#"
enforce:
  ast:
    - {language: python, pattern: "$C.charge($$$ARGS)", unless: "$C.charge($$$, idempotency_key=$K, $$$)"}
"#;
    let text = "client.charge(order, amount)\nclient.charge(order, idempotency_key=key)\n\
                c.charge(idempotency_key=k, amount=1)\nc.charge()\nc.recharge(order)\n";
    assert_eq!(found(rule, &[added("a.py", text)]), ["a.py:1:1-1:29", "a.py:4:1-4:11"]);
    let several =
        rule.replace("\"$C.charge($$$, idempotency_key=$K, $$$)\"", "[\"test.charge($$$)\", \"$C.charge()\"]");
    assert_eq!(found(&several, &[added("a.py", "test.charge(1)\nc.charge()\nc.charge(1)\n")]), ["a.py:3:1-3:12"]);
}

#[test]
fn a_formatted_string_is_told_from_a_plain_one() {
    let rule = "enforce: {ast: [{language: python, pattern: \"$C.execute(f$Q)\"}]}";
    let text = "db.execute(f\"select {x}\")\ndb.execute(\"select ?\", (x,))\ndb.execute(\"select f\")\n\
                db.execute(rf'{x}')\ndb.execute(\"a\" f\"{x}\")\ndb.execute(frame)\ndb.execute(F\"\"\"{x}\"\"\")\n";
    let lines: Vec<String> = found(rule, &[added("a.py", text)]);
    assert_eq!(lines, ["a.py:1:1-1:26", "a.py:4:1-4:20", "a.py:5:1-5:23", "a.py:7:1-7:23"]);
}

#[test]
fn inside_and_has_look_at_any_distance() {
    let rule = "enforce: {ast: [{language: python, pattern: \"eval($X)\", inside: {kind: function_definition}, has: \"input($$$)\"}]}";
    let text = "eval(input())\ndef f():\n    if x:\n        eval(g(input()))\n        eval(y)\n";
    assert_eq!(found(rule, &[added("a.py", text)]), ["a.py:4:9-4:25"]);
    let near = rule.replace("kind: function_definition", "kind: function_definition, stopBy: neighbor");
    assert_eq!(found(&near, &[added("a.py", text)]), Vec::<String>::new());
}

#[test]
fn a_whole_ast_grep_rule_is_taken_as_it_is() {
    let rule = r#"
enforce:
  ast:
    - id: no-bare-spawn
      language: Rust
      message: spawn with a name
      note: see the guide
      rule:
        any:
          - pattern: thread::spawn($$$)
          - pattern: std::thread::spawn($F)
        not: {inside: {kind: mod_item, stopBy: end}}
      constraints: {F: {kind: closure_expression}}
"#;
    let text = "fn f() { thread::spawn(g); std::thread::spawn(|| 1); std::thread::spawn(h); }\nmod t { fn g() { thread::spawn(h); } }\n";
    assert_eq!(found(rule, &[added("a.rs", text)]), ["a.rs:1:10-1:26", "a.rs:1:28-1:52"]);
}

#[test]
fn typescript_covers_tsx_and_javascript_covers_jsx() {
    let rule = "enforce: {ast: [{language: typescript, pattern: \"alert($X)\"}, {language: javascript, pattern: \"alert($X)\"}]}";
    let text = "alert(1)\n";
    let files =
        [added("a.ts", text), added("a.tsx", text), added("a.js", text), added("a.jsx", text), added("a.py", text)];
    let found = found(rule, &files);
    assert_eq!(found, ["a.js:1:1-1:9", "a.jsx:1:1-1:9", "a.ts:1:1-1:9", "a.tsx:1:1-1:9"]);
}

#[test]
fn a_comment_suppresses_nothing_and_generated_files_are_left_alone() {
    let rule = "enforce: {ast: [{language: python, pattern: \"eval($X)\"}]}";
    let files = [added("a.py", "# ast-grep-ignore\neval(x)  # noqa\n"), added("gen/a.py", "eval(x)\n")];
    assert_eq!(found(rule, &files), ["a.py:2:1-2:8"]);
}

#[test]
fn relational_patterns_stop_at_their_depth_and_say_so() {
    let rule = "enforce: {ast: [{language: python, pattern: \"eval($X)\", inside: {kind: function_definition}}]}";
    let deep = format!("def f():\n    eval(x)\nz = {}1{}\n", "(".repeat(1_500), ")".repeat(1_500));
    let book = book(rule);
    let limits = portcullis::limits::Limits { file_ms: 120_000, ..portcullis::limits::Limits::default() };
    let extractor = portcullis::facts::Extractor::new(&limits, &[]).0.with_code(&book.patterns());
    let blob = portcullis::worker::protocol::Blob { bytes: deep.into_bytes() };
    let task = portcullis::worker::protocol::ReadTask {
        path: "a.py".to_owned(),
        old_path: "a.py".to_owned(),
        class: portcullis::policies::input::FileClass::Source,
        old: None,
        new: Some(blob),
        known: None,
        learn: false,
    };
    let facts = extractor.read(&task);
    assert_eq!(facts.faults[0].0, "patterns-not-tried");
    assert!(facts.matches.is_empty());
}

#[test]
fn a_query_marks_the_violation_and_text_predicates_hold() {
    let rule = r##"
enforce:
  query:
    language: python
    scm: |
      (call function: (identifier) @name arguments: (argument_list (string) @violation)
        (#match? @name "^(run|exec)$") (#not-eq? @violation "'ok'"))
"##;
    let text = "run('ls')\nrun('ok')\nexec('x', 'y')\nruns('ls')\nrun(ls)\n";
    let found_in = found(rule, &[added("a.py", text)]);
    assert_eq!(found_in, ["a.py:1:5-1:9", "a.py:3:11-3:14", "a.py:3:6-3:9"]);
    let first =
        "enforce: {query: {language: python, scm: \"(call function: (identifier) @f (#eq? @f \\\"eval\\\"))\"}}";
    assert_eq!(found(first, &[modified("a.py", "eval(1)\n", "eval(1)\nval(2)\neval(3)\n")]), ["a.py:3:1-3:5"]);
}

#[test]
fn an_expression_runs_over_any_text_across_lines() {
    let rule = "enforce: {pattern: {regex: \"except( Exception)?:\\\\s*\\\\n\\\\s*pass\\\\b\"}}";
    let bad = "try:\r\n    f()\r\nexcept Exception:\r\n    pass\r\n";
    assert_eq!(found(rule, &[added("a.py", bad)]), ["a.py:3:1-4:9"]);
    assert_eq!(found(rule, &[added("a.unknown", bad)]), ["a.unknown:3:1-4:9"]);
    assert_eq!(found(rule, &[added("a.py", "try:\n    f()\nexcept KeyError:\n    pass\n")]), Vec::<String>::new());
    assert_eq!(found(rule, &[modified("a.txt", bad, &format!("{bad}more\n"))]), Vec::<String>::new());
    assert_eq!(
        found(rule, &[modified("a.txt", "except:\n    go()\n    pass\n", "except:\n    pass\n")]),
        ["a.txt:1:1-2:9"]
    );
    assert_eq!(found(rule, &[added("gen/a.py", bad)]), Vec::<String>::new());
}

#[test]
fn a_nul_byte_hides_no_text_from_an_expression() {
    let rule = "enforce: {pattern: {regex: \"^FROM .*:latest$\"}}";
    assert_eq!(found(rule, &[added("Dockerfile", "\0\nFROM a:latest\n")]), ["Dockerfile:2:1-2:14"]);
    assert_eq!(
        found(rule, &[modified("Dockerfile", "\0\nFROM a:latest\n", "\0\0\nFROM a:latest\n")]),
        Vec::<String>::new()
    );
}

#[test]
fn a_finding_carries_the_rule_and_shows_the_code() {
    let rule = "title: No eval\ninstead: Parse it.\nenforce: {ast: [{language: python, pattern: \"eval($X)\"}]}";
    let book = book(rule);
    let files = [added("a.py", "eval(\n  x)\n")];
    let input = document(&book, &files);
    let enforced = judged(&book, &input, &files);
    let finding = &enforced.drafts[0].judged.finding;
    assert_eq!(finding.message.raw(), "No eval: `eval( ...`");
    assert_eq!((finding.fix.raw(), finding.owner.raw()), ("Parse it.", "platform"));
    assert_eq!(enforced.requests[0].layer, 2);
    assert_eq!(enforced.touched.len(), 1);
}

#[test]
fn a_rule_that_is_a_draft_in_one_system_and_enforced_in_another_runs_in_the_other_only() {
    use portcullis::specification::hosted::HostedSystem;
    let rules = "- {id: INV-A-1, systems: [orders, payments], enforce: {pattern: {regex: bad}}}\n\
                 - {id: INV-A-2, systems: [orders, payments], enforce: {review: {ask: Sure?}}}\n";
    let mut specification = crate::bench::specification(rules);
    for rule in specification.rules.values_mut() {
        rule.status_by_system.insert("orders".to_owned(), portcullis::finding::Status::Draft);
    }
    let hosted = ["orders", "payments"].map(|id| HostedSystem { id: id.to_owned(), root: id.to_owned() });
    let (book, _) = portcullis::enforcement::RuleBook::of(specification, hosted.to_vec());
    let seen = |paths: &[&'static str]| {
        let files: Vec<File<'_>> = paths.iter().map(|path| added(path, "bad\n")).collect();
        let enforced = judged(&book, &document(&book, &files), &files);
        let reasons = enforced.requests.iter().map(|request| request.reason.raw().to_owned()).collect::<Vec<_>>();
        (crate::bench::places(&enforced), reasons, enforced.touched.len())
    };
    assert_eq!(seen(&["orders/a.txt"]), (vec![], vec![], 0));
    let (places, reasons, touched) = seen(&["orders/a.txt", "payments/a.txt"]);
    assert_eq!(places, ["INV-A-1 payments/a.txt:1:1-1:4"]);
    assert_eq!(
        (reasons, touched),
        (vec!["A test rule (payments/a.txt)".to_owned(), "Sure? (payments/a.txt)".to_owned()], 2)
    );
}
