//! `--cache`: what base sides say may be kept between runs, and never changes what is said about the change.

use std::fs;

use crate::scene::{Scene, Tree, run, tree};

/// Code with symbols, imports, calls, pattern hits and a comment whose end decides what is code.
fn sides() -> (Tree, Tree) {
    let files = [
        ("a.py", "import os\n\n# note\ndef one(x):\n    return eval(x)\n\ndef two(x):\n    os.system('ls ' + x)\n"),
        ("b.js", "/* off\neval(a); */\nfunction f(a) { return eval(a); }\nexport { f };\n"),
        ("c.go", "package p\n\nimport \"os/exec\"\n\nfunc F(a string) { exec.Command(\"sh\", \"-c\", a) }\n"),
        ("D.java", "class D {\n  int one() { return g(1); }\n  int two() { return g(2); }\n}\n"),
        ("e.rs", "pub fn one() -> u8 { two() }\nfn two() -> u8 { 2 }\n"),
        ("f.ts", "export const f = (a: string) => eval(a);\nconst g = (((;\n"),
        ("gone.py", "def gone():\n    return eval('1')\n"),
        ("moved.js", "function f(a) {\n  return eval(a);\n}\nf(1);\nf(2);\n"),
    ];
    let edits = [
        ("a.py", "def two(x):", "def two(x, y):\n    eval(y)"),
        ("b.js", "/* off", "/* on */"),
        ("c.go", "func F(a string) {", "func G() { exec.Command(\"sh\") }\n\nfunc F(a string, b int) {"),
        ("D.java", "g(2)", "g(3)"),
        ("e.rs", "fn two", "pub fn two"),
        ("f.ts", "const g = (((;\n", ""),
        ("moved.js", "f(2)", "f(3)"),
    ];
    let base = tree(&files);
    let mut head = base.clone();
    for (path, from, to) in edits {
        let text = files.iter().find(|file| file.0 == path).unwrap().1;
        assert!(text.contains(from), "{path}");
        head.insert(path.to_owned(), text.replacen(from, to, 1).into());
    }
    head.remove("gone.py");
    // The same bytes in another language.
    let moved = head.remove("moved.js").unwrap();
    head.insert("moved.ts".to_owned(), moved);
    (base, head)
}

#[test]
fn the_bytes_are_the_same_without_a_cache_with_an_empty_a_full_and_a_damaged_one() {
    let (base, head) = sides();
    let scene = Scene::of(&base, &head);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new/folder");
    let file = place.join("portcullis-base-facts");
    let cache = place.to_str().unwrap().to_owned();
    let plain = scene.check(&[]);
    assert!(!plain.findings().is_empty());
    let cached = || scene.check(&["--cache", &cache]);
    let same = |what: &str| {
        let run = cached();
        assert_eq!((run.code, run.text()), (plain.code, plain.text()), "{what}");
    };
    same("without a file");
    let learnt = fs::read(&file).unwrap();
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    same("with a full one");
    assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), written, "everything was known");
    for damage in [learnt[..learnt.len() / 2].to_vec(), Vec::new(), vec![0xff; 4096], {
        let mut flipped = learnt.clone();
        *flipped.last_mut().unwrap() ^= 1;
        flipped
    }] {
        fs::write(&file, damage).unwrap();
        same("with a damaged one");
        assert_eq!(fs::read(&file).unwrap(), learnt, "a damaged one is replaced");
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    same("where the file cannot be written");
    let human = ["check", "--base", &scene.base, "--head", &scene.head, "--format", "human", "--cache", &cache];
    let said = run(&mut scene.command(&human));
    assert!(said.text().contains("the cache of base facts could not be written"), "{}", said.text());
}

#[test]
fn what_was_learnt_under_other_patterns_is_not_used() {
    let (base, head) = sides();
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_str().unwrap().to_owned();
    Scene::of(&base, &head).check(&["--cache", &cache]);
    let other = |tree: &Tree| {
        let mut tree = tree.clone();
        let pattern = "id: calls-g\nlanguage: java\nrule: {pattern: g($X)}\n";
        let rule = "package own\n\ndeny contains match.text if {\n\tsome file in input.files\n\tsome match in file.matches\n}\n";
        tree.insert(".portcullis.yaml".into(), "version: 1\npacks: []\npolicies: [policies]\n".into());
        tree.insert("policies/patterns/own.yaml".into(), pattern.into());
        tree.insert("policies/own.rego".into(), rule.into());
        tree
    };
    let scene = Scene::of(&other(&base), &other(&head));
    let (plain, cached) = (scene.check(&[]), scene.check(&["--cache", &cache]));
    assert_eq!(plain.text(), cached.text());
    assert!(!plain.findings().is_empty());
}
