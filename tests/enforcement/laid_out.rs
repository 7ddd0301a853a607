//! A shape is found however the code is laid out: comments, white space and line continuations hide nothing.

use crate::bench::{added, found};

fn rule(language: &str, pattern: &str) -> String {
    format!("enforce: {{ast: [{{language: {language}, pattern: {pattern:?}}}]}}")
}

fn lines_of(rule: &str, file: &str, text: &str) -> Vec<u32> {
    let places = found(rule, &[added(file, text)]);
    places.iter().map(|place| place.split(':').nth(1).unwrap().parse().unwrap()).collect()
}

/// Lines of a file at which a pattern fires.
fn lines(language: &str, file: &str, pattern: &str, text: &str) -> Vec<u32> {
    lines_of(&rule(language, pattern), file, text)
}

#[test]
fn nothing_between_a_name_and_its_parentheses_hides_a_call_in_any_language() {
    let python = "float \\\n(x)\nfloat(x # why\n)\nfloats \\\n(x)\ny = (float # (\n (x))\n";
    assert_eq!(lines("python", "a.py", "float($X)", python), [1, 3, 7]);
    let python = "os\\\n.system(x)\nos.\\\nsystem (x)\n(os # a\n .system)(x)\nos.systems(x)\n";
    assert_eq!(lines("python", "a.py", "os.system($X)", python), [1, 3, 5]);
    let go = "package a\nfunc f() {\n\teval /**/ (x)\n\teval(/* a */ x)\n\tevil /**/ (x)\n\tdb.\n\t\tExec(x)\n\tdb. // a\n\t\tExec(x)\n}\n";
    assert_eq!(lines("go", "a.go", "eval($X)", go), [3, 4]);
    assert_eq!(lines("go", "a.go", "db.Exec($X)", go), [6, 8]);
    let java =
        "class A { void f() {\ndb /**/ .execute /**/ (x);\ndb // a\n.execute(x /**/);\ndb.query /**/ (x);\n} }\n";
    assert_eq!(lines("java", "A.java", "db.execute($X)", java), [2, 3]);
    let rust = "fn f() {\nexit /**/ (x);\nexit( // a\n x);\nquit /**/ (x);\nstd:: /**/ process::exit(x);\n}\n";
    assert_eq!(lines("rust", "a.rs", "exit($X)", rust), [2, 3]);
    assert_eq!(lines("rust", "a.rs", "std::process::exit($X)", rust), [6]);
    for (language, file) in [("javascript", "a.js"), ("typescript", "a.ts"), ("tsx", "a.tsx")] {
        let text = "eval/**/(x);\neval // a\n(x);\neval(/**/x);\nevil/**/(x);\nos /**/ . /**/ system(x);\n";
        assert_eq!(lines(language, file, "eval($X)", text), [1, 2, 4], "{language}");
        assert_eq!(lines(language, file, "os.system($X)", text), [6], "{language}");
    }
}

#[test]
fn a_comment_takes_no_place_in_a_list_and_is_no_argument() {
    assert_eq!(lines("javascript", "a.js", "f()", "f(/* a */);\nf(1);\n"), [1]);
    assert_eq!(lines("javascript", "a.js", "f($A)", "f(/* a */);\nf(1 /* b */);\n"), [2]);
    assert_eq!(
        lines(
            "python",
            "a.py",
            "try:\n    $A\nexcept Exception:\n    pass\n",
            "try:\n    f()\nexcept Exception:\n    # fine\n    pass\n"
        ),
        [1]
    );
    assert_eq!(lines("typescript", "a.ts", "$A === $A", "a /* b */ . c === a.c;\na.b === a.c;\n"), [1]);
}

#[test]
fn a_text_that_a_rule_looks_for_is_the_text_without_layout() {
    let rule = |kind: &str, regex: &str| {
        format!(
            "enforce: {{ast: [{{language: python, rule: {{kind: call, has: {{field: {kind}, regex: '{regex}'}}}}}}]}}"
        )
    };
    let text = "os.system(x)\nos\\\n .system(x)\n(os # a\n . system(x))\nos.systems(x)\n";
    assert_eq!(lines_of(&rule("function", "^os\\.system$"), "a.py", text), [1, 2, 4]);
    let text = "f(a, shell=True)\nf(a, shell= \\\n True)\nf(a, shell=None)\n";
    assert_eq!(lines_of(&rule("arguments", "shell\\s*=\\s*True"), "a.py", text), [1, 2]);
    let money = "enforce: {ast: [{language: javascript, pattern: \"$F($X)\", where: {F: \"^child\\\\.exec$\"}}]}";
    assert_eq!(lines_of(money, "a.js", "child /**/ . exec(x);\nchild.execs(x);\n"), [1]);
}

#[test]
fn a_rule_that_looks_for_comments_sees_them() {
    let kind = "enforce: {ast: [{language: python, rule: {kind: comment, regex: 'TODO'}}]}";
    assert_eq!(lines_of(kind, "a.py", "a = 1  # TODO\nb = 1  # done\n"), [1]);
    let unsafe_ =
        "enforce: {ast: [{language: rust, rule: {kind: unsafe_block, not: {has: {regex: 'SAFETY', stopBy: end}}}}]}";
    assert_eq!(lines_of(unsafe_, "a.rs", "fn f() {\nunsafe { /* SAFETY: a */ g() };\nunsafe { g() };\n}\n"), [3]);
    let head = "enforce: {ast: [{language: javascript, rule: {kind: program, not: {regex: 'Copyright'}}}]}";
    assert_eq!(lines_of(head, "a.js", "// Copyright\nf();\n"), Vec::<u32>::new());
    assert_eq!(lines("javascript", "a.js", "f(/* a */ $X)", "f(/* a */ 1);\nf(1);\n"), [1]);
}
