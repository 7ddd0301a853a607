//! Secrets are found, and no value leaves: not in a report, a saved input, a cache, a trace or on standard error.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::samples::{key, samples};
use crate::scene::{Entry, Run, Scene, Tree, run};

const FORMATS: &[&str] = &["agent", "github", "gitlab", "html", "human", "json", "junit", "markdown", "sarif"];

/// Texts that hold the secret the way files of all kinds do.
fn files(text: &str, value: &str) -> Vec<(&'static str, String)> {
    let line = value.lines().next().unwrap();
    vec![
        ("sample.txt", text.to_owned()),
        ("code.py", format!("KEY = '''{text}'''\n\n\ndef connect():\n    return eval('{line}')\n")),
        ("code.rs", format!("/// {line}\npub const KEY: &str = \"{line}\";\n")),
        ("code.js", format!("import x from '{line}';\nexport const key = `{line}`;\neval('{line}');\n")),
        ("code.go", format!("package p\n\n// {line}\nconst Key = \"{line}\"\n")),
        ("values.yaml", format!("one: \"{line}\"\nlist:\n  - \"{line}\"\n")),
        ("values.json", format!("{{\"one\": \"{line}\", \"{line}\": [\"{line}\"]}}\n")),
        (".env", format!("ONE={line}\n")),
        ("Dockerfile", format!("FROM alpine@sha256:{}\nENV ONE={line}\n", "ab12cd34ef560718".repeat(4))),
        ("binary.dat", format!("\0\0{text}\0")),
    ]
}

/// A change with one secret of each kind in files of all kinds, in its message, and on its base side.
fn scene() -> (Scene, Vec<String>) {
    let (mut base, mut head, mut message, mut values) =
        (Tree::new(), Tree::new(), "Ship it\n\n".to_owned(), Vec::new());
    base.insert("README".to_owned(), "a\n".into());
    let policy = "# METADATA\n# custom: {scope: document}\npackage main\n\ndeny contains msg if {\n\tsome key, value in input\n\tmsg := sprintf(\"%s is %v\", [key, value])\n}\n";
    base.insert("policies/main.rego".to_owned(), policy.into());
    let configuration = "version: 1\npolicies: [{path: policies, scope: document}]\n";
    base.insert(".portcullis.yaml".to_owned(), configuration.into());
    for (number, (id, text, value)) in samples().into_iter().enumerate() {
        // Every kind of file, and of secret, and not every pair of them.
        let files = files(&text, &value);
        let some = files.into_iter().enumerate().filter(|(at, _)| *at < 2 || (number + at) % 4 == 0);
        for (_, (name, text)) in some {
            head.insert(format!("{id}/{name}"), text.into());
        }
        base.insert(
            format!("gone/{id}.yaml"),
            format!("was: \"{}\"\nall: |\n  {}\n", value.lines().next().unwrap(), text.replace('\n', "\n  ")).into(),
        );
        // Code of the base side is what the cache keeps.
        let old = format!("def old(x):\n    return eval('{}' + x)\n", value.lines().next().unwrap());
        base.insert(format!("gone/{id}.py"), old.into());
        message.push_str(&text);
        values.extend(value.lines().map(str::to_owned));
    }
    let kept =
        base.iter().filter(|(path, _)| !path.starts_with("gone/")).map(|(path, entry)| (path.clone(), entry.clone()));
    head.extend(kept.collect::<Vec<_>>());
    (Scene::steps(&base, &[(&message, &head)]), values)
}

/// Every piece of twelve letters of the values that is not part of what a provider writes before each of its tokens.
fn pieces(values: &[String]) -> BTreeSet<String> {
    let windows = |value: &String| {
        let value: Vec<char> = value.chars().collect();
        value.windows(12).map(|window| window.iter().collect::<String>()).collect::<Vec<_>>()
    };
    let public = [
        "discord.com/api/webhooks/",
        "hooks.slack.com/services/",
        "acme.webhook.office.com/webhookb2/",
        "/IncomingWebhook/",
        "AGE-SECRET-KEY-1",
        "access_token$production$",
        "pypi-AgEIcHlwaS5vcmc",
        "sk-ant-api03-",
        "github_pat_",
    ];
    values.iter().flat_map(windows).filter(|piece| !public.iter().any(|known| known.contains(piece.as_str()))).collect()
}

fn holds_none(what: &str, bytes: &[u8], pieces: &BTreeSet<String>) {
    let text = String::from_utf8_lossy(bytes);
    // By byte windows and a set: the outputs are long and the pieces many.
    let found = text
        .as_bytes()
        .windows(12)
        .find(|window| std::str::from_utf8(window).is_ok_and(|piece| pieces.contains(piece)));
    if let Some(piece) = found {
        let at = text.find(std::str::from_utf8(piece).unwrap()).unwrap();
        let start = (0..=at.saturating_sub(200)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        panic!("{what} holds a secret: {:?}", text[start..].chars().take(300).collect::<String>());
    }
}

fn quiet(what: &str, run: &Run, pieces: &BTreeSet<String>) {
    holds_none(&format!("{what} (standard output)"), run.text().as_bytes(), pieces);
    holds_none(&format!("{what} (standard error)"), run.err.as_bytes(), pieces);
}

fn all_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn no_output_of_any_kind_holds_a_secret() {
    let (scene, values) = scene();
    let pieces = pieces(&values);
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (saved, cache) = (place("saved.json"), place("cache"));
    let sarif = place("tool.sarif");
    fs::write(&sarif, other_tool(&values)).unwrap();
    let import = format!("sarif={sarif}");
    let mut arguments =
        vec!["--save-input".to_owned(), saved.clone(), "--cache".to_owned(), cache, "--import".to_owned(), import];
    for format in FORMATS {
        arguments.extend(["--report".to_owned(), format!("{format}={}", place(&format!("report.{format}")))]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    quiet("check", &run(&mut scene.command(&scene.check_arguments(&arguments))), &pieces);
    fs::remove_file(&sarif).unwrap();
    for file in all_files(folder.path()) {
        holds_none(&file.display().to_string(), &fs::read(&file).unwrap(), &pieces);
    }
    for format in FORMATS {
        quiet(format, &run(&mut scene.command(&scene.check_arguments(&["--format", format]))), &pieces);
    }
    for rule in ["secrets/token", "main/deny", "hidden-code/invisible"] {
        quiet(rule, &run(&mut scene.command(&scene.check_arguments(&["--trace", rule]))), &pieces);
    }
    quiet("decide", &run(&mut scene.command(&["decide", &saved])), &pieces);
    let range = format!("{}..{}", scene.base, scene.head);
    let facts = run(&mut scene.command(&["facts", &range]));
    assert!(facts.text().contains("\"detector\""), "{}", facts.err);
    quiet("facts", &facts, &pieces);
}

/// What another scanner found: it writes down values without what they were known by.
fn other_tool(values: &[String]) -> String {
    let results = values.iter().map(|value| {
        let message = format!("found {value} here");
        serde_json::json!({
            "ruleId": "leak", "level": "error", "message": {"text": message},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "github-token/code.py"}, "region": {"startLine": 1, "snippet": {"text": value}},
            }}],
        })
    });
    let results: Vec<_> = results.collect();
    let run = serde_json::json!({"tool": {"driver": {"name": "scanner"}}, "results": results});
    serde_json::json!({"version": "2.1.0", "runs": [run]}).to_string()
}

#[test]
fn every_kind_is_found_at_its_place_and_in_the_message() {
    let mut head = Tree::new();
    let mut expected = BTreeSet::new();
    for (id, text, _) in samples() {
        head.insert(format!("{id}.txt"), text.into());
        expected.insert(format!("{id}.txt"));
    }
    let (_, _, token) = samples().into_iter().find(|(id, ..)| *id == "npm-token").unwrap();
    let base = Tree::from([("README".to_owned(), Entry::from("a\n"))]);
    let scene = Scene::steps(&base, &[(&format!("Log in\n\nwith {token}\n"), &head)]);
    let document = scene.check(&[]).document();
    let findings = document["findings"].as_array().unwrap();
    let of = |prefix: &str| {
        findings.iter().filter(|finding| finding["rule"].as_str().unwrap().starts_with(prefix)).collect::<Vec<_>>()
    };
    let paths: BTreeSet<String> =
        of("secrets/").iter().filter_map(|finding| Some(finding["path"].as_str()?.to_owned())).collect();
    assert_eq!(paths, expected);
    let spoken = of("secrets/in-message");
    assert_eq!(spoken.len(), 1);
    assert!(spoken[0]["message"].as_str().unwrap().contains("an npm token stands in the message of commit"));
    assert_eq!(document["verdict"], "fail");
}

#[test]
fn a_secret_that_moved_within_or_between_files_is_old_and_a_new_one_is_not() {
    let (_, _, token) = samples().into_iter().find(|(id, ..)| *id == "npm-token").unwrap();
    let (_, _, other) = samples().into_iter().find(|(id, ..)| *id == "github-token").unwrap();
    let old = format!("one\ntwo\n{token}\n");
    let base = [("moved.txt", old.as_str()), ("left.txt", old.as_str()), ("renamed.txt", old.as_str())];
    let (within, taken) = (format!("{token}\nthree\nfour\n"), format!("something else\n{token}\n"));
    let mut tree: Tree = base.iter().map(|(path, text)| ((*path).to_owned(), Entry::from(*text))).collect();
    let before = tree.clone();
    tree.insert("moved.txt".to_owned(), within.into());
    tree.insert("left.txt".to_owned(), "nothing\n".into());
    tree.insert("taken.txt".to_owned(), taken.into());
    let renamed = tree.remove("renamed.txt").unwrap();
    tree.insert("new-name.txt".to_owned(), renamed);
    let rules = |tree: &Tree| {
        let found = Scene::of(&before, tree).check(&[]).findings();
        found.into_iter().filter(|line| line.contains("secrets/")).collect::<Vec<_>>()
    };
    assert_eq!(rules(&tree), Vec::<String>::new());
    tree.insert("new.txt".to_owned(), format!("{other}\n").into());
    assert_eq!(rules(&tree).len(), 1);
}

#[test]
fn two_sixteen_bit_encodings_hide_no_secret() {
    let text = format!("\u{FEFF}key:\n{}\n", key("MIIE", "PRIVATE KEY", "\n"));
    for little in [true, false] {
        let unit = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        let bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
        let base = Tree::from([("README".to_owned(), Entry::from("a\n"))]);
        let mut head = base.clone();
        head.insert("key.txt".to_owned(), bytes.into());
        let findings = Scene::of(&base, &head).check(&[]).findings();
        assert!(
            findings.iter().any(|line| line.contains("secrets/private-key") && line.contains("key.txt:2")),
            "{findings:?}"
        );
    }
}
