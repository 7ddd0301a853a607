//! What a rule is known to need of a file, by its text.

use super::*;

/// Returns what the rule `deny` of a policy of scope `file` needs: clauses parted by `|`, lists by `&`.
fn needs(policy: &str) -> String {
    let text = format!("# METADATA\n# custom:\n#   scope: file\npackage p\n\n{policy}\n");
    let (loaded, _) = load(&[("p/p.rego", &text)]);
    assert_eq!(codes(&loaded), Vec::<&str>::new(), "{policy}");
    let field = |field: &portcullis::policies::NeededField| {
        format!("{}{}{}", field.name, if field.prefix { "^=" } else { "=" }, field.text)
    };
    let need = |need: &portcullis::policies::Need| {
        let fields: Vec<String> = need.fields.iter().map(field).collect();
        if fields.is_empty() { need.list.clone() } else { format!("{}[{}]", need.list, fields.join(",")) }
    };
    let clause = |needs: &Vec<portcullis::policies::Need>| needs.iter().map(need).collect::<Vec<_>>().join("&");
    loaded.packages[0].rules[0].needs.iter().map(clause).collect::<Vec<_>>().join("|")
}

#[test]
fn a_rule_needs_what_each_of_its_clauses_iterates_over() {
    for (policy, expected) in [
        ("deny contains m.text if some m in input.file.matches", "matches"),
        (
            "deny contains m.text if {\n\tsome m in input.file.matches\n\tm.change == \"added\"\n\t\"p/x\" == m.pattern\n}",
            "matches[change=added,pattern=p/x]",
        ),
        (
            "deny contains m.text if {\n\tsome m in input.file.matches\n\tstartswith(m.pattern, sprintf(\"p/%s-\", [\"x\"]))\n}",
            "matches[pattern^=p/x-]",
        ),
        (
            "deny contains m.text if some m in input.file.matches\n\ndeny contains c.callee if some c in input.file.calls",
            "matches|calls",
        ),
        (
            "deny contains m.text if some m in of(\"x\")\n\nof(name) := [m |\n\tsome m in input.file.matches\n\tm.pattern == name\n]",
            "matches[pattern=x]",
        ),
        (
            "deny contains h.line if some h in lines(added)\n\nlines(list) := [h |\n\tordered := sort([e | some e in list])\n\tsome h in ordered\n]\n\nadded := [h | some h in input.file.hidden]",
            "hidden",
        ),
        (
            "deny contains m.text if {\n\tsome m in input.file.matches\n\tsome t in input.file.tests\n\tt.name == m.text\n}",
            "matches&tests",
        ),
        ("deny contains m.text if some m in found\n\nfound contains m if some m in input.file.matches", "matches"),
    ] {
        assert_eq!(needs(policy), expected, "{policy}");
    }
}

#[test]
fn a_rule_that_may_speak_of_any_file_needs_nothing() {
    for policy in [
        "deny contains \"x\" if input.file.added > 10",
        "deny contains \"x\" if count(input.file.matches) == 0",
        "deny contains \"x\" if {\n\tnot any_match\n}\n\nany_match if some m in input.file.matches",
        "deny contains \"x\" if every m in input.file.matches { m.change == \"kept\" }",
        "deny contains \"x\" if [m | some m in input.file.matches] == []",
        // One clause of two.
        "deny contains m.text if some m in input.file.matches\n\ndeny contains \"x\" if input.file.added > 10",
        // A function that says something else where the first clause says nothing.
        "deny contains m if some m in of(1)\n\nof(_) := [m | some m in input.file.matches; m.change == \"added\"] if input.file.added > 1\n\nof(_) := [\"x\"] if input.file.added < 2",
        "deny contains m if some m in of(1)\n\ndefault of(_) := [\"x\"]\n\nof(_) := [m | some m in input.file.matches] if input.file.added > 1",
        // A list that is not the file's own.
        "deny contains c if some c in input.change.commits",
        // What is shown to whoever looks for a mistake is shown for every file.
        "deny contains m.text if {\n\tprint(\"here\")\n\tsome m in input.file.matches\n}",
    ] {
        assert_eq!(needs(policy), "", "{policy}");
    }
}

#[test]
fn what_a_function_takes_is_followed_and_what_it_brings_is_not() {
    let called = "deny contains n if some n in of([m | some m in input.file.matches])\n\n\
                  of(list) := [m | some other in list; m := other.text]";
    assert_eq!(needs(called), "matches");
    let argument = "deny contains m if some m in of([x | some x in input.file.matches])\n\n\
                    of(list) := [n | other := list; count(other) >= 0; some n in [\"x\"]]";
    assert_eq!(needs(argument), "");
}

#[test]
fn a_rule_speaks_where_a_file_has_what_it_needs_and_nowhere_else() {
    let text = "# METADATA\n# custom:\n#   scope: file\npackage p\n\ndeny contains m.text if {\n\t\
                some m in input.file.matches\n\tm.change == \"added\"\n\tstartswith(m.pattern, \"p/\")\n}\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    let said = |matches: Value| {
        let input = document(&json!({"files": [{"path": "a.py", "matches": matches}]}));
        evaluate(&engines, 0, Target::File(0), &input).results.len()
    };
    let hit = |pattern: &str, change: &str| json!({"pattern": pattern, "change": change, "text": pattern});
    assert_eq!(said(json!([])), 0);
    assert_eq!(said(json!([hit("p/x", "kept"), hit("q/x", "added")])), 0);
    assert_eq!(said(json!([hit("p/x", "kept"), hit("p/y", "added"), hit("p/z", "added")])), 2);
}

/// A rule that fails must not look like one that has nothing to say.
#[test]
fn the_self_check_asks_every_rule() {
    let text = "# METADATA\n# custom:\n#   scope: file\npackage p\n\ndeny contains m.text if {\n\t\
                to_number(input.file.path) > 1\n\tsome m in input.file.matches\n}\n";
    let (_, engines) = load(&[("p/p.rego", text)]);
    assert_eq!(engines.self_check()[0].code, "self-check");
}
