//! A shape is found whatever an expression wears: parentheses, optional chaining, assertions of types.

use crate::bench::{added, found};

fn rule(language: &str, pattern: &str) -> String {
    format!("enforce: {{ast: [{{language: {language}, pattern: {pattern:?}}}]}}")
}

/// Lines of a file at which a pattern fires.
fn lines(language: &str, file: &str, pattern: &str, text: &str) -> Vec<u32> {
    lines_of(&rule(language, pattern), file, text)
}

fn lines_of(rule: &str, file: &str, text: &str) -> Vec<u32> {
    let places = found(rule, &[added(file, text)]);
    places.iter().map(|place| place.split(':').nth(1).unwrap().parse().unwrap()).collect()
}

#[test]
fn parentheses_hide_no_shape_in_any_language() {
    let python = "(float)(x)\n((float))(x)\nfloat((x))\n( # why\n float)(x)\n(int)(x)\nfloat\n(x)\n";
    assert_eq!(lines("python", "a.py", "float($X)", python), [1, 2, 3, 4]);
    let go = "package a\nfunc f() {\n\t(eval)(x)\n\t((db).Exec)((x))\n\t(db).Query(x)\n}\n";
    assert_eq!(lines("go", "a.go", "eval($X)", go), [3]);
    assert_eq!(lines("go", "a.go", "db.Exec($X)", go), [4]);
    let java = "class A { void f() {\n((db)).execute((x));\n(db).query(x);\n} }\n";
    assert_eq!(lines("java", "A.java", "db.execute($X)", java), [2]);
    let rust = "fn f() {\n(exit)(1);\n((std::process::exit))((1));\n(quit)(1);\n}\n";
    assert_eq!(lines("rust", "a.rs", "exit($X)", rust), [2]);
    assert_eq!(lines("rust", "a.rs", "std::process::exit($X)", rust), [3]);
    for (language, file) in [("javascript", "a.js"), ("typescript", "a.ts"), ("tsx", "a.tsx")] {
        let text = "(eval)(x);\n((eval))((x));\n((db).execute)(x);\n(evil)(x);\n";
        assert_eq!(lines(language, file, "eval($X)", text), [1, 2], "{language}");
        assert_eq!(lines(language, file, "db.execute($X)", text), [3], "{language}");
    }
}

#[test]
fn a_type_conversion_of_go_is_found_in_parentheses() {
    let go = "package a\nvar a = (float64)(x)\nvar b = float64((x))\nvar c = (float32)(x)\n";
    assert_eq!(lines("go", "a.go", "float64($X)", go), [2, 3]);
}

#[test]
fn captures_exceptions_and_surroundings_are_seen_bare_as_well() {
    let text = "db.execute((f\"select {x}\"))\n(db.execute)(((rf'{x}')))\ndb.execute((\"select ?\"))\n\
                db.execute(((\"a\" f\"{x}\")))\n";
    assert_eq!(lines("python", "a.py", "$C.execute(f$Q)", text), [1, 2, 4]);
    let money = "enforce: {ast: [{language: python, pattern: \"float($A)\", where: {A: \"^total\"}, unless: \"float(total_ok)\"}]}";
    assert_eq!(lines_of(money, "a.py", "float((total))\nfloat((ratio))\n(float)((total_ok))\n"), [1]);
    let around = "enforce: {ast: [{language: python, pattern: \"eval($X)\", inside: {kind: call, has: {field: function, \
                  regex: \"^run$\", stopBy: neighbor}}, has: \"input($$$)\"}]}";
    assert_eq!(lines_of(around, "a.py", "(run)((eval)((input)()))\n(ran)((eval)((input)()))\n"), [1]);
}

#[test]
fn the_nearest_neighbour_is_the_next_one_without_parentheses() {
    let near = "enforce: {ast: [{language: python, pattern: \"eval($X)\", inside: {kind: return_statement, stopBy: neighbor}}]}";
    assert_eq!(lines_of(near, "a.py", "def f():\n    return ((eval(x)))\ndef g():\n    return h((eval(x)))\n"), [2]);
}

#[test]
fn a_pattern_that_writes_parentheses_means_them() {
    let text = "def f():\n    return (x)\ndef g():\n    return x\n";
    assert_eq!(lines("python", "a.py", "return ($X)", text), [2]);
    assert_eq!(lines("python", "a.py", "($X)", text), [2]);
    let kind =
        "enforce: {ast: [{language: python, rule: {kind: return_statement, has: {kind: parenthesized_expression}}}]}";
    assert_eq!(lines_of(kind, "a.py", text), [2]);
    let regex = "enforce: {ast: [{language: python, rule: {kind: call, has: {field: function, regex: '^\\(f\\)$'}}}]}";
    assert_eq!(lines_of(regex, "a.py", "f(x)\n(f)(x)\n"), [2]);
    // Where the syntax demands them they say nothing.
    let text = "if ((eval)(x)) { y(); }\nif (evil(x)) { y(); }\n";
    assert_eq!(lines("javascript", "a.js", "if (eval($X)) { $$$ }", text), [1]);
    assert_eq!(lines("javascript", "a.js", "if ((eval($X))) { $$$ }", text), Vec::<u32>::new());
}

#[test]
fn optional_chaining_hides_no_call_and_may_be_asked_for() {
    for (language, file) in [("javascript", "a.js"), ("typescript", "a.ts"), ("tsx", "a.tsx")] {
        let text = "a?.charge(x);\na.charge?.(x);\na?.b?.charge?.(x);\na?.recharge(x);\na?.charge;\na.charge(x);\n";
        assert_eq!(lines(language, file, "$C.charge($$$)", text), [1, 2, 3, 6], "{language}");
        assert_eq!(lines(language, file, "$C?.charge($$$)", text), [1], "{language}");
    }
}

#[test]
fn types_that_run_as_nothing_hide_no_call() {
    for (language, file) in [("typescript", "a.ts"), ("tsx", "a.tsx")] {
        let text = "a!.charge(x);\na.charge!(x);\n(eval as any)(x);\n(eval satisfies F)(x!);\neval<string>(x);\n\
                    (eval<string>)(x);\n(evil as any)(x);\n(await a).charge(x);\nawait a.charge!(x);\n";
        assert_eq!(lines(language, file, "$C.charge($$$)", text), [1, 2, 8, 9], "{language}");
        assert_eq!(lines(language, file, "eval($X)", text), [3, 4, 5, 6], "{language}");
        assert_eq!(lines(language, file, "$X as any", text), [3, 7], "{language}");
    }
    assert_eq!(lines("typescript", "a.ts", "eval($X)", "(<any>eval)(x);\n(<any>evil)(x);\n"), [1]);
    assert_eq!(lines("rust", "a.rs", "run($X)", "fn f() {\nrun::<u8>(x);\nran::<u8>(x);\n}\n"), [2]);
    assert_eq!(lines("rust", "a.rs", "run::<$T>($X)", "fn f() {\nrun::<u8>(x);\nrun(x);\n}\n"), [2]);
    let java = "class A { void f() {\ndb.<X>execute(x);\ndb.<X>query(x);\n} }\n";
    assert_eq!(lines("java", "A.java", "db.execute($X)", java), [2]);
}
