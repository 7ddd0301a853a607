//! What each change to a specification does: cases as data, each also read backwards.

use std::fmt::Write as _;
use std::fs;

use portcullis::enforcement::comparison::KnownKinds;
use portcullis::specification::diff::{Effect, diff};
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::load;

use crate::loading::{example, root};

/// One case: edits of the worked example, and what `diff` says forwards (`=`) and backwards (`~`).
#[derive(Default)]
struct Case {
    title: String,
    file: String,
    /// File, what stands there, what stands there instead; nothing at both sides adds or removes the file.
    edits: Vec<(String, String, String)>,
    /// The lines that say what is edited, as written.
    input: String,
    /// Edits of both sides before.
    setup: Vec<(String, String, String)>,
    forwards: Vec<String>,
    backwards: Vec<String>,
}

/// Reads `# title`, `@ file`, `- text`, `+ text`, `= effect words`, `~ effect words`; `*` before `-` and `+` edits both
/// sides. A line of text ends where the next mark starts; `\n` in it is a line break.
fn cases(name: &str) -> Vec<Case> {
    let text = fs::read_to_string(root().join("tests/cases/specification-diff").join(name)).unwrap();
    let mut all: Vec<Case> = Vec::new();
    let (mut file, mut from, mut both_from) = (String::new(), None, None);
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.replace("\\n", "\n");
        match mark {
            "#" => all.push(Case { title: rest, file: name.to_owned(), ..Case::default() }),
            "@" => file = rest,
            "-" => from = Some(rest),
            "*-" => both_from = Some(rest),
            "+" => all.last_mut().unwrap().edits.push((file.clone(), from.take().unwrap_or_default(), rest)),
            "*+" => all.last_mut().unwrap().setup.push((file.clone(), both_from.take().unwrap_or_default(), rest)),
            "=" => all.last_mut().unwrap().forwards.push(rest),
            "~" => all.last_mut().unwrap().backwards.push(rest),
            other => panic!("{name}: {other}"),
        }
        if !matches!(mark, "=" | "~") {
            let case = all.last_mut().unwrap();
            case.input.push_str(&format!("{line}\n"));
        }
    }
    all
}

fn edited(mut files: SpecificationFiles, edits: &[(String, String, String)]) -> SpecificationFiles {
    for (path, from, to) in edits {
        let old = files.files.remove(path).map(|file| String::from_utf8(file.0).unwrap());
        let text = match &old {
            Some(text) if !from.is_empty() => {
                assert!(text.contains(from.as_str()), "{path} has no `{from}`");
                text.replacen(from.as_str(), to, 1)
            }
            _ => to.clone(),
        };
        if !text.is_empty() {
            files.files.insert(path.clone(), SpecificationFile(text.into_bytes()));
        }
    }
    files
}

fn said(base: &SpecificationFiles, head: &SpecificationFiles) -> Vec<String> {
    let ((base, wrong), (head, also)) = (load(base), load(head));
    let faults: Vec<String> = wrong.iter().chain(&also).map(|fault| format!("fault: {fault}")).collect();
    if !faults.is_empty() {
        return faults;
    }
    let changes = diff(&base, &head, &KnownKinds);
    assert!(changes.iter().all(|change| change.line > 0 && !change.why.is_empty() && !change.file.is_empty()));
    let shown = |effect: Effect| effect.word();
    changes.iter().map(|change| format!("{} {}", shown(change.effect), change.sentence())).collect()
}

#[test]
fn every_change_has_its_effect_and_its_reason_forwards_and_backwards() {
    let blessing = std::env::var_os("PORTCULLIS_BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for file in fs::read_dir(root().join("tests/cases/specification-diff")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let mut written = String::new();
        for case in cases(&name) {
            count += 1;
            let base = edited(example(&[]), &case.setup);
            let head = edited(base.clone(), &case.edits);
            let (forwards, backwards) = (said(&base, &head), said(&head, &base));
            if forwards != case.forwards || backwards != case.backwards {
                writeln!(wrong, "{}: {}\n= {forwards:#?}\n~ {backwards:#?}\n", case.file, case.title).unwrap();
            }
            let faults = forwards.iter().chain(&backwards).find(|line| line.starts_with("fault"));
            assert_eq!(faults, None, "{name}: {}", case.title);
            written.push_str(&case.input);
            forwards.iter().for_each(|line| written.push_str(&format!("= {line}\n")));
            backwards.iter().for_each(|line| written.push_str(&format!("~ {line}\n")));
            written.push('\n');
        }
        if blessing {
            fs::write(root().join("tests/cases/specification-diff").join(&name), written.trim_end().to_owned() + "\n")
                .unwrap();
        }
    }
    assert!(blessing || wrong.is_empty(), "what is said now:\n{wrong}");
    assert!(count > 60, "{count} cases");
}

#[test]
fn a_specification_has_no_change_to_itself() {
    assert_eq!(said(&example(&[]), &example(&[])), [""; 0]);
}

#[test]
fn a_change_of_each_rule_file_deleted_is_loosening_row_67() {
    let base = example(&[]);
    for path in base.files.keys().filter(|path| path.starts_with("invariants/") || path.starts_with("prohibited/")) {
        let mut head = base.clone();
        head.files.remove(path);
        let (old, _) = load(&base);
        let (new, _) = load(&head);
        let changes = diff(&old, &new, &KnownKinds);
        assert!(changes.iter().any(|change| change.effect == Effect::Loosening && change.what == "rule"), "{path}");
        assert!(changes.iter().filter(|change| change.what == "rule").all(|change| change.file == *path));
    }
}

#[test]
fn a_tightening_asks_the_owners_of_the_systems_in_scope_by_base() {
    let base = example(&[]);
    let head = edited(
        base.clone(),
        &[
            ("prohibited/patterns.yaml".into(), "exclude: [\"**/tests/**\"]".into(), "exclude: []".into()),
            ("systems.yaml".into(), "owner: orders".into(), "owner: web".into()),
        ],
    );
    let changes = diff(&load(&base).0, &load(&head).0, &KnownKinds);
    let rule = changes.iter().find(|change| change.id == "PRO-001").unwrap();
    assert_eq!((rule.effect, rule.owners.as_slice()), (Effect::Tightening, ["orders".to_owned()].as_slice()));
}
