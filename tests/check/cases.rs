//! Cases that are data: two trees, arguments, and what must come of them. `tests/cases/README.md` says how to add one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use portcullis::untrusted::is_hidden;
use serde_json::{Map, Value, json};

use crate::scene::{Entry, Run, Scene, Tree, findings, reasons, requirements, run};

/// What a case's folder may hold; anything else is a typo.
const PARTS: &[&str] = &[
    "README",
    "arguments",
    "base",
    "deleted",
    "environment",
    "expect.json",
    "head",
    "message",
    "reports",
    "start",
    "step",
    "step-message",
];

/// The topics whose cases run the binary.
fn roots() -> [PathBuf; 2] {
    ["tests/cases/check", "tests/cases/document"].map(|topic| Path::new(env!("CARGO_MANIFEST_DIR")).join(topic))
}

fn folders() -> Vec<PathBuf> {
    let only = std::env::var("PORTCULLIS_CASE").unwrap_or_default();
    let entries = roots().into_iter().flat_map(|root| std::fs::read_dir(root).unwrap());
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir() && name(folder).contains(&only));
    folders.sort();
    assert!(!folders.is_empty(), "no case matches PORTCULLIS_CASE={only}");
    folders
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a name in ASCII")
}

/// Returns a file's text with Unix line ends, empty when there is no such file.
fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n")
}

/// Reads a tree of the case. `x.esc` is `x` with escapes decoded, `x.link` is a symbolic link to the text inside.
fn read_tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(folder).unwrap().to_str().expect("UTF-8").replace('\\', "/");
            let bytes = std::fs::read(&path).unwrap();
            let (inside, entry) = match (inside.strip_suffix(".esc"), inside.strip_suffix(".link")) {
                (Some(plain), _) => (plain.to_owned(), Entry::File(unescape(&String::from_utf8(bytes).unwrap()))),
                (_, Some(plain)) => {
                    (plain.to_owned(), Entry::Link(String::from_utf8(bytes).unwrap().trim_end().to_owned()))
                }
                _ => (inside, Entry::File(bytes)),
            };
            tree.insert(inside, entry);
        }
    }
    let decoded = |path: String| String::from_utf8(unescape(&path.replace('{', "\\u{"))).expect("a UTF-8 name");
    tree.into_iter().map(|(path, entry)| (decoded(path), entry)).collect()
}

/// Decodes `\u{...}`, `\xNN`, `\n`, `\r`, `\t` and `\\`; every other backslash is an error of the case.
pub fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let kind = after.chars().next().expect("something after a backslash");
        let after = &after[1..];
        rest = match kind {
            'n' | 'r' | 't' | '\\' => {
                bytes.push(match kind {
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    _ => b'\\',
                });
                after
            }
            'x' => {
                bytes.push(u8::from_str_radix(&after[..2], 16).expect("two hexadecimal digits after \\x"));
                &after[2..]
            }
            'u' => {
                let (digits, after) =
                    after.strip_prefix('{').and_then(|after| after.split_once('}')).expect("\\u{...}");
                let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).expect("a code point");
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                after
            }
            other => panic!("unknown escape \\{other}; a backslash is written \\\\"),
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// Puts head on top of base and takes away what `deleted` lists; a line that ends in `/` takes a whole folder.
fn head_of(folder: &Path, base: &Tree) -> Tree {
    let mut head = base.clone();
    for line in text(&folder.join("deleted")).lines().filter(|line| !line.is_empty()) {
        let before = head.len();
        head.retain(|path, _| path != line && !(line.ends_with('/') && path.starts_with(line)));
        assert!(head.len() < before, "`deleted` lists {line}, which base does not have");
    }
    head.extend(read_tree(&folder.join("head")));
    head
}

/// Returns the tree of the base commit: the shop of the demo where `start` says so, and `base/` on top of it.
fn base_of(folder: &Path) -> Tree {
    let mut base = match text(&folder.join("start")).trim() {
        "" => Tree::new(),
        "shop" => shop(),
        other => panic!("{}: `start` knows `shop` only, not `{other}`", name(folder)),
    };
    base.extend(read_tree(&folder.join("base")));
    base
}

/// Returns the shop with its specification as `demo` commits them, and one pack only, so that new packs change no case.
pub fn shop() -> Tree {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files = read_tree(&fixtures.join("shop/base"));
    let specification = read_tree(&fixtures.join("spec"));
    files.extend(specification.into_iter().map(|(path, entry)| (format!(".portcullis/{path}"), entry)));
    let Some(Entry::File(configuration)) = files.get_mut(".portcullis.yaml") else { panic!("the shop is configured") };
    configuration.extend_from_slice(b"packs: [governance]\n");
    files
}

/// Builds the repository: base, `step/` where there is one, head.
fn scene(folder: &Path, base: &Tree) -> Scene {
    let [first, second] = ["step-message", "message"].map(|name| text(&folder.join(name)));
    let step = read_tree(&folder.join("step"));
    let (mut before, has_step) = (base.clone(), !step.is_empty());
    before.extend(step);
    let head = head_of(folder, &before);
    let steps = [(first.as_str(), &before), (if second.is_empty() { "head" } else { &second }, &head)];
    Scene::steps(base, steps.get(usize::from(!has_step)..).unwrap())
}

/// Puts the files of other tools into `reports/`, where the binary runs; `$HEAD` in them becomes the commit that is judged.
fn lay_out(scene: &Scene, folder: &Path) {
    for (path, entry) in read_tree(folder) {
        let Entry::File(bytes) = entry else { panic!("{path}: a report is a file") };
        let place = scene.repository.root().join("reports").join(&path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text.replace("$HEAD", &scene.head).into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        std::fs::write(place, bytes).unwrap();
    }
}

/// Builds the repository, runs the binary and returns what came of it.
fn observe(folder: &Path) -> Value {
    let base = base_of(folder);
    let mut scene = scene(folder, &base);
    let more = text(&folder.join("arguments"));
    let mut more: Vec<&str> = more.lines().filter(|line| !line.is_empty()).collect();
    more.retain(|argument| match argument.strip_prefix("--as-of=") {
        Some(date) => {
            date.clone_into(&mut scene.as_of);
            false
        }
        None => true,
    });
    lay_out(&scene, &folder.join("reports"));
    let variables = text(&folder.join("environment"));
    let variables: Vec<(&str, &str)> = variables.lines().filter_map(|line| line.split_once('=')).collect();
    let with = |more: &[&str]| run(scene.command(&scene.check_arguments(more)).envs(variables.iter().copied()));
    let human = with(&more);
    if human.code == 2 {
        human.is_usage("");
        return json!({ "exit_code": 2, "diagnostic": human.err.lines().collect::<Vec<_>>() });
    }
    let judged = with(&[&["--format", "json"], &more[..]].concat());
    assert_eq!(human.code, judged.code, "the exit code is the same in every format");
    summary(&judged, &human)
}

fn summary(judged: &Run, human: &Run) -> Value {
    let document = judged.document();
    let deferred: Vec<&Value> = document["deferred"].as_array().unwrap().iter().map(|rule| &rule["rule"]).collect();
    let mut summary = Map::new();
    summary.insert("exit_code".to_owned(), judged.code.into());
    summary.insert("verdict".to_owned(), document["verdict"].clone());
    summary.insert("findings".to_owned(), findings(&document).into());
    summary.insert("requirements".to_owned(), requirements(&document).into());
    summary.insert("reasons".to_owned(), reasons(&document).into());
    summary.insert("deferred".to_owned(), json!(deferred));
    summary.insert("notes".to_owned(), notes(human.text()).into());
    Value::Object(summary)
}

/// Returns the notes of a human report, each joined to one line again.
fn notes(human: &str) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut inside = false;
    for line in human.lines() {
        match line.strip_prefix("note: ") {
            Some(note) => notes.push(note.to_owned()),
            None if inside && line.starts_with("  ") => {
                let note = notes.last_mut().expect("inside a note");
                *note = format!("{note} {}", line.trim_start());
            }
            None => {
                inside = false;
                continue;
            }
        }
        inside = true;
    }
    notes
}

/// Holds one case against its expectation; returns the difference as text.
fn hold(folder: &Path) -> Result<(), String> {
    let file = folder.join("expect.json");
    let shown = format!("{:#}\n", observe(folder));
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        std::fs::write(&file, &shown).unwrap();
    }
    let expected = text(&file);
    if expected == shown {
        return Ok(());
    }
    Err(format!("{}\n-- expected\n{expected}-- came\n{shown}", name(folder)))
}

#[test]
fn every_case_ends_as_expected() {
    let folders = folders();
    let queue = Mutex::new(folders.iter());
    let failures = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(folder) = queue.lock().unwrap().next() else { return };
                    let held = std::panic::catch_unwind(|| hold(folder))
                        .unwrap_or_else(|_| Err(format!("{}: panicked, see above", name(folder))));
                    if let Err(difference) = held {
                        failures.lock().unwrap().insert(name(folder), difference);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    let shown: Vec<&str> = failures.values().map(String::as_str).collect();
    assert!(failures.is_empty(), "{} of {} cases\n\n{}", failures.len(), folders.len(), shown.join("\n"));
}

#[test]
fn every_case_says_why_it_exists_and_has_only_known_parts() {
    for folder in folders() {
        let readme = text(&folder.join("README"));
        assert_eq!(readme.trim().lines().count(), 1, "{}: README is one line: why it exists", name(&folder));
        assert!(["base", "head", "start"].iter().any(|part| folder.join(part).exists()), "{}: no tree", name(&folder));
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert!(PARTS.contains(&name(&path)), "{}: `{}` is not part of a case", name(&folder), name(&path));
        }
    }
}

#[test]
fn every_case_is_ascii_so_that_nothing_in_it_is_hidden() {
    let mut folders = folders();
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            assert!(name(&path).is_ascii(), "{}", path.display());
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}: use .esc", path.display()));
                // Diagnostics are drawn with lines; nothing else may leave ASCII.
                let drawn = |letter: char| name(&path) == "expect.json" && !is_hidden(letter);
                let plain = |letter: char| matches!(letter, '\n' | '\r' | '\t' | ' '..='~') || drawn(letter);
                assert!(text.chars().all(plain), "{}: use .esc", path.display());
            }
        }
    }
}

#[test]
fn escapes_are_decoded_and_unknown_ones_refused() {
    assert_eq!(unescape("a\\u{202E}b\\x00\\xff\\r\\n\\\\"), b"a\xe2\x80\xaeb\x00\xff\r\n\\");
    assert!(std::panic::catch_unwind(|| unescape("\\q")).is_err());
}
