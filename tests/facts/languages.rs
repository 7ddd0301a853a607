use crate::*;

/// One line a fact: easier to review than a document, and as exact.
fn table(facts: &FileFacts) -> serde_json::Value {
    let symbol = |s: &portcullis::facts::Symbol| {
        let flags = [(s.exported, "exported"), (s.documented, "documented")];
        let flags: Vec<&str> = flags.iter().filter(|flag| flag.0).map(|flag| flag.1).collect();
        let before = if s.before == s.signature { "" } else { &s.before };
        let (change, flags) = (word(s.change), flags.join(" "));
        format!("{change} {}-{} {} {} [{flags}] {} <- {before}", s.start, s.end, s.kind, s.qualified, s.signature)
    };
    serde_json::json!({
        "language": facts.language,
        "parsed": facts.parsed,
        "lines": format!("+{} -{}", facts.added, facts.removed),
        "symbols": facts.symbols.iter().map(symbol).collect::<Vec<_>>(),
        "imports": facts.imports.iter()
            .map(|i| format!("{} {} {}{}", word(i.change), i.line, i.raw, if i.external { " external" } else { "" }))
            .collect::<Vec<_>>(),
        "calls": facts.calls.iter().map(|c| format!("{} {} {}", word(c.change), c.line, c.callee)).collect::<Vec<_>>(),
        "hidden": facts.hidden,
        "faults": facts.faults,
    })
}

fn word(change: FactChange) -> String {
    serde_json::to_value(change).unwrap().as_str().unwrap().to_owned()
}

/// `UPDATE_EXPECT=1 cargo test --test facts` writes what is read now; review it line by line.
#[test]
fn each_language_says_what_its_expectation_says() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/facts");
    let mut folders: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), EVERY.len(), "one folder a language");
    for folder in folders {
        let file = |name: &str| {
            std::fs::read_dir(&folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .find(|path| path.file_stem().is_some_and(|stem| stem == name))
                .unwrap()
        };
        let (base, head) = (file("base"), file("head"));
        let facts = change(head.to_str().unwrap(), std::fs::read(base).unwrap(), std::fs::read(&head).unwrap());
        let actual = table(&facts);
        let expected = folder.join("expect.json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&expected, serde_json::to_string_pretty(&actual).unwrap() + "\n").unwrap();
        }
        let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(expected).unwrap()).unwrap();
        for key in ["language", "parsed", "lines", "symbols", "imports", "calls", "hidden", "faults"] {
            assert_eq!(actual[key], expected[key], "{key} of {}", folder.display());
        }
    }
}

#[test]
fn a_file_without_a_grammar_is_unknown_and_unsupported_row_58() {
    for (path, bytes) in [("a.xyz", "eval(x)"), ("README", "text"), ("run", "#!/bin/sh\nrm -rf /\n")] {
        let facts = add(path, bytes);
        assert_eq!((facts.language.as_str(), facts.parsed.status), ("unknown", ParseStatus::Unsupported));
        assert_eq!(facts.added, u32::try_from(bytes.lines().count()).unwrap());
        assert!(facts.faults.is_empty() && !facts.binary);
    }
    assert_eq!(add("run", "#!/usr/bin/env python3\neval(x)\n").calls[0].callee, "eval");
}

#[test]
fn content_of_another_language_is_read_as_the_name_says_row_59() {
    let facts = add("a.go", "import os\nos.system('x')\n");
    assert_eq!((facts.language.as_str(), facts.parsed.status), ("go", ParseStatus::Errors));
    assert!(facts.parsed.errors_in_change);
}

#[test]
fn embedded_languages_are_stated_as_unsupported_row_60() {
    for path in ["a.vue", "a.ipynb", "a.svelte"] {
        let facts = add(path, "<script>eval(x)</script>\n");
        assert_eq!((facts.language.as_str(), facts.parsed.status), ("unknown", ParseStatus::Unsupported));
    }
}

#[test]
fn the_whole_set_gives_the_same_bytes_in_any_order_and_number_of_threads_row_66() {
    let (extractor, _) = Extractor::new(&patient(), &[]);
    let tasks: Vec<ReadTask> = (0..40)
        .flat_map(|n| {
            EVERY.iter().map(move |(path, text)| {
                task(path, Some(text.as_bytes()), Some(format!("{text}\n{}", "\n".repeat(n)).as_bytes()))
            })
        })
        .collect();
    let one: Vec<String> = tasks.iter().map(|task| format!("{:?}", extractor.read(task))).collect();
    let (extractor, _) = Extractor::new(&patient(), &[]);
    let mut many = vec![String::new(); tasks.len()];
    std::thread::scope(|scope| {
        for (tasks, out) in tasks.chunks(18).zip(many.chunks_mut(18)) {
            let extractor = &extractor;
            scope.spawn(move || {
                for (task, out) in tasks.iter().zip(out).rev() {
                    *out = format!("{:?}", extractor.read(task));
                }
            });
        }
    });
    assert_eq!(one, many);
}
