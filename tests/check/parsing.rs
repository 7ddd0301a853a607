//! Text that hurts parsers, through the whole binary: nothing dies, what could not be read is named, the rest is judged.

use crate::scene::{Entry, Run, Scene, Tree, tree};

const FOUND: &str = "hidden-code/bidi pay.go:3:20 error enforced";

/// One file of each language, with a comment sign.
const LANGUAGES: &[&str] = &["go", "java", "js", "py", "rs", "ts", "tsx"];

/// Judges these files, with a file beside them that must always give its finding.
fn judge(files: Vec<(String, Entry)>, limits: &str) -> Run {
    let base = tree(&[(".portcullis.yaml", &format!("version: 1\npacks: [hidden-code]\n{limits}"))]);
    let mut head: Tree = base.clone();
    head.extend(files);
    head.insert("pay.go".to_owned(), "package pay\n\nvar open = true // \u{202E}eslaf\n".into());
    let run = Scene::of(&base, &head).check(&[]);
    assert!(run.findings().contains(&FOUND.to_owned()), "{:?}", run.findings());
    run
}

fn in_every_language(text: &str) -> Vec<(String, Entry)> {
    LANGUAGES.iter().map(|end| (format!("src/a.{end}"), text.into())).collect()
}

/// Asserts that nothing crashed and no file is missing without a word.
fn nothing_died(run: &Run) {
    let reasons = run.reasons();
    let died = |reason: &&String| ["crash", "memory", "lost", "not-read"].iter().any(|word| reason.contains(word));
    assert_eq!(reasons.iter().filter(died).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_hundred_thousand_brackets_kill_nothing_in_any_language_row_42() {
    let run = judge(in_every_language(&format!("{}{}\n", "(".repeat(50_000), ")".repeat(50_000))), "");
    nothing_died(&run);
    assert_ne!(run.code, 0);
}

#[test]
fn a_file_deeper_than_the_limit_is_undecided_row_42() {
    let deep = format!("x = {}1{}\n", "(".repeat(300), ")".repeat(300));
    let run = judge(vec![("deep.py".to_owned(), deep.clone().into())], "limits: {tree-depth: 100}\n");
    assert_eq!(run.is("undecided").reasons().len(), 1, "{:?}", run.reasons());
    assert!(run.reasons()[0].ends_with(" deep.py"), "{:?}", run.reasons());
    judge(vec![("deep.py".to_owned(), deep.into())], "limits: {tree-depth: 1000}\n").is("fail");
}

#[test]
fn a_megabyte_of_additions_is_bounded_row_43() {
    let sum = format!("x = {}1\n", "1+".repeat(500_000));
    nothing_died(&judge(vec![("a.py".to_owned(), sum.clone().into()), ("a.js".to_owned(), sum.into())], ""));
}

#[test]
fn one_token_of_nearly_five_megabytes_is_read_or_named_row_45() {
    let token = format!("x = \"{}\"\n", "a".repeat(4_900_000));
    nothing_died(&judge(vec![("a.py".to_owned(), token.into())], ""));
}

#[test]
fn noise_kills_nothing_in_any_language_row_46() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let bytes: Vec<u8> = (0..40_000).map(|_| (next() >> 32) as u8).collect();
    let signs = b"(){}[]<>;:,.\"'`\\/*-+=&|!?#@$%^~ \n";
    let punctuation: Vec<u8> = (0..40_000).map(|_| signs[(next() >> 32) as usize % signs.len()]).collect();
    let mut files = Vec::new();
    for end in LANGUAGES {
        files.push((format!("bytes.{end}"), bytes.clone().into()));
        files.push((format!("signs.{end}"), punctuation.clone().into()));
    }
    let run = judge(files, "limits: {file-ms: 500}\n");
    nothing_died(&run);
    // Noise is never clean: each file is named by a finding, a request or a reason.
    let document = run.document().to_string();
    for end in LANGUAGES {
        assert!(document.contains(&format!("bytes.{end}")), "bytes.{end}");
    }
}

#[test]
fn a_file_that_takes_too_long_is_a_timeout_of_that_file_row_47() {
    let long: String = (0..60_000).map(|index| format!("def f{index}(a, b):\n    return [a, b, {index}]\n")).collect();
    let run = judge(vec![("long.py".to_owned(), long.into())], "limits: {file-ms: 100}\n");
    assert_eq!(run.is("undecided").reasons(), ["file-timeout long.py"]);
}

#[test]
fn a_file_that_takes_too_much_memory_is_named_and_the_rest_is_judged_row_48() {
    let long: String = (0..100_000).map(|index| format!("f({index})([a, b, [{index}]])\n")).collect();
    let run = judge(vec![("long.py".to_owned(), long.into())], "limits: {worker-bytes: 150000000, file-ms: 60000}\n");
    assert_eq!(run.is("undecided").reasons(), ["file-memory long.py"]);
}

#[test]
fn fifty_megabytes_are_named_unless_base_declares_them_generated_row_44() {
    let large: String = "x = 1  # 0123456789 0123456789 0123456789\n".repeat(1_200_000);
    let file = || vec![("gen/large.py".to_owned(), Entry::from(large.clone()))];
    let run = judge(file(), "");
    assert_eq!(run.is("undecided").reasons(), ["file-too-large gen/large.py"]);
    judge(file(), "paths: {generated: [\"gen/**\"]}\n").is("fail");
}

#[test]
fn a_name_says_the_language_and_the_content_does_not_row_59() {
    let run = judge(vec![("a.py".to_owned(), "package pay\n\nfunc Open() {}\n".into())], "");
    assert_eq!(run.requirements(), ["layer-2: portcullis/unparsed-change"]);
}
