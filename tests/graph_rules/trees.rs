//! What stays the same over time, and whole trees held against one rule.

use portcullis::enforcement::RuleBook;
use portcullis::enforcement::graphs::tree_violations;

use crate::case::Case;

fn case(text: &str) -> Case {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.yaml");
    std::fs::write(&path, text).unwrap();
    Case::read(&path)
}

const RULES: &str = "systems: {s: {modules: {a: 'a/**', b: 'b/**'}}}\nrules:\n  - {id: INV-1, exclude: ['b/old/**'], enforce: {layers: {order: [a, b]}}}\n";

fn anchors(head: &str) -> Vec<(String, String)> {
    let enforced = case(&format!("{RULES}base:\n  a/x.py: ''\n  a/y.py: ''\n{head}")).judged().unwrap();
    enforced.drafts.into_iter().map(|draft| (draft.fingerprint_path, draft.anchor)).collect()
}

#[test]
fn a_fingerprint_survives_line_moves_and_other_words_for_the_same_import() {
    let one = anchors("head:\n  b/z.py: 'import a.x'\n");
    assert_eq!(one, [("b/z.py".to_owned(), "imports a/x.py".to_owned())]);
    assert_eq!(one, anchors("head:\n  b/z.py: \"import os\\n\\nfrom a import x as other\\n\"\n"));
    assert_ne!(one, anchors("head:\n  b/z.py: 'import a.y'\n"), "another file is another import");
}

#[test]
fn a_whole_tree_is_held_against_one_rule() {
    let violations = |text: &str| {
        let case = case(&format!("{RULES}head:\n  a/x.py: ''\n{text}"));
        let listing = case.listing();
        let (book, faults) = RuleBook::of(case.specification, case.hosted);
        assert_eq!(faults, []);
        let rule = book.rules.values().next().unwrap();
        let found = tree_violations(&book, rule, &listing).unwrap();
        found.into_iter().map(|violation| violation.path).collect::<Vec<_>>()
    };
    assert_eq!(violations("  b/z.py: 'import a.x'\n"), ["b/z.py"]);
    assert_eq!(violations("  b/old/z.py: 'import a.x'\n"), Vec::<String>::new());
    assert_eq!(violations("  b/z.py: 'import os'\n"), Vec::<String>::new());
}
