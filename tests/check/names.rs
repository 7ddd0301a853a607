//! Names and texts that the author chose, from the git objects to the last byte of every report.
//!
//! The escapers are held one by one in `tests/reports/`; here the whole binary runs on a repository that is full of such
//! names, and a marker file shows whether a shell ever saw one.

use portcullis::reports::FORMATS;
use portcullis::untrusted::is_hidden;

use crate::naughty;
use crate::scene::{AS_OF, Run, Scene, Tree, portcullis, run, tree};

const CONFIGURATION: (&str, &str) = (".portcullis.yaml", "version: 1\npacks: [hidden-code, dangerous-calls]\n");

/// A call that a pack reports, so that every name stands in a finding.
const CODE: &str = "import os\nos.system(input())\neval(input())\n";

/// Names that try to reach whoever reads the report; none may do anything.
const NAMES: &[&str] = &[
    "a\n::error file=x::pwned.py",
    "b ##[stop-commands]x ##[add-mask]a.py",
    "c\r\t\u{7}\u{1B}[2J\u{1B}]8;;https:evil.example\u{7}link\u{1B}]8;;\u{7}.py",
    "e\u{202E}yp.txt\u{200B}.py",
    "$(touch marker).py",
    "`touch marker`.py",
    "-rf.py",
    "--output=marker.py",
    "'\"; touch marker; #.py",
    "f:g,h%0A%25::notice::x.py",
    "<img src=x onerror=alert(1)>.py",
    "[x](javascript:alert(1))|y.py",
    "@org/team Fixes #1 GH-2.py",
    "/approve.py",
];

fn scene_of(names: &[&str]) -> Scene {
    let base = tree(&[CONFIGURATION]);
    let mut head = base.clone();
    // A name that begins with `/` stands in a folder, because a tree has no empty name.
    head.extend(names.iter().map(|name| (name.trim_start_matches('/').to_owned(), CODE.into())));
    Scene::of(&base, &head)
}

/// Runs the check in every format and holds that nothing in it acts; returns the document.
fn inert(scene: &Scene) -> Run {
    for format in FORMATS {
        let told = run(&mut scene.command(&scene.check_arguments(&["--format", format.name])));
        for text in [told.text(), &told.err] {
            assert!(!text.contains(|c| c != '\n' && is_hidden(c)), "{}: {text:?}", format.name);
            let ours = |name: &str| format.name == "github" && ["error", "warning", "notice"].contains(&name);
            for line in text.lines() {
                let command = naughty::command(line).filter(|command| !ours(&command.name));
                assert_eq!(command, None, "{}: {line}", format.name);
            }
        }
    }
    let marker = scene.repository.root().join("marker");
    assert!(!marker.exists() && !std::path::Path::new("marker").exists(), "a shell saw a name");
    scene.check(&[])
}

#[test]
fn no_name_of_a_file_acts_in_any_report_rows_26_27_28_35_37_38() {
    let run = inert(&scene_of(NAMES));
    let findings = run.is("fail").findings().join("\n");
    assert!(findings.matches("dangerous-calls/").count() >= NAMES.len(), "{findings}");
}

#[test]
fn a_name_that_is_no_text_is_written_with_its_bytes_row_29() {
    let scene = Scene::new(&[CONFIGURATION], &[]);
    let blob = scene.repository.git_with(&["hash-object", "-w", "--stdin"], CODE.as_bytes());
    let listing = scene.repository.git_bytes(&["ls-tree", "-z", &scene.base]);
    let entry = [format!("100644 blob {blob}\t").as_bytes(), b"caf\xE9\\n.py\0"].concat();
    let tree = scene.repository.git_with(&["mktree", "-z"], &[listing, entry].concat());
    let head = scene.repository.git(&["commit-tree", "-m", "head", "-p", &scene.base, &tree]);
    let told = inert(&Scene { head, ..scene });
    let document = told.document();
    let paths: Vec<&str> =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["path"].as_str().unwrap()).collect();
    assert!(!paths.is_empty() && paths.iter().all(|path| *path == r"caf\xE9\\n.py"), "{paths:?}");
}

#[test]
fn a_name_that_is_shown_as_another_is_a_finding_row_30() {
    let names = ["invoice\u{202E}gpj.py", "pay\u{200B}ment.py", "tab\u{9}.py", "ok.py"];
    let findings = scene_of(&names).check(&[]).findings();
    let found: Vec<&String> = findings.iter().filter(|line| line.starts_with("hidden-code/file-name")).collect();
    assert_eq!(found.len(), 3, "{findings:?}");
    assert!(found.iter().all(|line| !line.contains("ok.py")), "{found:?}");
}

#[test]
fn a_name_that_windows_reads_otherwise_is_a_finding_row_33() {
    let odd = ["CON", "src/aux.rs", "nul.tar.gz", "com1", "lib./a.py", "a.py.", "b.py ", "LPT9.py"];
    let fine = ["console.py", "auxiliary.rs", "nullable.py", "com10.py", "a.con", "..a.py"];
    let findings = scene_of(&[&odd[..], &fine[..]].concat()).check(&[]).findings();
    let found: Vec<&str> = findings.iter().filter_map(|line| line.strip_prefix("hidden-code/file-name ")).collect();
    for name in odd {
        assert!(found.iter().any(|line| line.starts_with(&format!("{name}:"))), "{name}: {found:?}");
    }
    assert_eq!(found.len(), odd.len(), "{found:?}");
}

#[test]
fn a_path_with_every_special_sign_comes_back_from_an_annotation_row_36() {
    let name = "a:b,c%0A%25=d.py";
    let scene = scene_of(&[name]);
    let told = run(&mut scene.command(&scene.check_arguments(&["--format", "github"])));
    let files: Vec<String> = told
        .text()
        .lines()
        .filter_map(naughty::command)
        .flat_map(|command| command.properties)
        .filter(|(key, _)| key == "file")
        .map(|(_, value)| value)
        .collect();
    assert!(!files.is_empty() && files.iter().all(|file| file == name), "{files:?}");
}

/// Commits that tree with an author and a message of the adversary's.
fn commit_as(scene: Scene, who: &str, message: &str) -> Scene {
    let tree = scene.repository.git(&["rev-parse", &format!("{}^{{tree}}", scene.head)]);
    let person = format!("{who} <a@example.org> 1704067260 +0000");
    let base = &scene.base;
    let text = format!("tree {tree}\nparent {base}\nauthor {person}\ncommitter {person}\n\n{message}");
    let head = scene.repository.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], text.as_bytes());
    Scene { head, ..scene }
}

#[test]
fn words_of_a_commit_and_names_of_its_author_are_inert_row_39() {
    let who = "Eve\u{1B}[2J\u{202E} ::error::x ##[add-mask]y `touch marker` @org/team";
    let message = "::error::x\r\n##[stop-commands]x\n\u{1B}[2J\u{7}\u{202E}\n<!-- hide --> @org/team Fixes #1\n/approve\n\n\
                   Co-authored-by: Claude ::add-mask::x <noreply@anthropic.com>\nOn-behalf-of: \u{200B}@org\n";
    let scene = commit_as(scene_of(&["a.py"]), who, message);
    inert(&scene).is("fail");
    let facts = run(&mut scene.command(&["facts", &format!("{}..{}", scene.base, scene.head)]));
    assert_eq!(facts.code, 0, "{}", facts.err);
    assert!(!facts.text().contains(|c| c != '\n' && is_hidden(c)), "{}", facts.text());
    let document: serde_json::Value = serde_json::from_slice(&facts.out).unwrap();
    assert!(document["change"]["commits"].to_string().contains("stop-commands"), "the words were there to show");
}

#[test]
fn the_name_of_a_branch_is_never_in_a_shell_row_40() {
    let scene = scene_of(&["a.py"]);
    let branch = "x;touch${IFS}marker;#$(touch${IFS}marker)\"'`touch${IFS}marker`";
    scene.repository.git(&["update-ref", &format!("refs/heads/{branch}"), &scene.head]);
    let by_name = ["check", "--base", &scene.base, "--head", branch, "--as-of", AS_OF, "--format", "json"];
    let event = [("CI", "true"), ("GITHUB_HEAD_REF", branch), ("GITHUB_REF_NAME", branch), ("GITHUB_BASE_REF", branch)];
    let told = run(portcullis(scene.repository.root(), &by_name).envs(event));
    assert_eq!(told.findings(), scene.check(&[]).is("fail").findings());
    for place in [scene.repository.root(), std::path::Path::new(".")] {
        assert!(!place.join("marker").exists(), "a shell saw the branch");
    }
}

#[test]
fn many_naughty_names_at_once_are_valid_and_bounded_row_41() {
    let base = tree(&[CONFIGURATION]);
    let mut head: Tree = base.clone();
    let fits = |text: &String| {
        !text.is_empty() && text.len() < 200 && !text.contains(['/', '\0', '\\']) && !text.contains("..") && text != "."
    };
    for (at, text) in naughty::strings().iter().filter(|text| fits(text)).enumerate() {
        head.insert(format!("n{at}{text}.py"), "eval(input())\n".into());
    }
    assert!(head.len() > 500, "{}", head.len());
    inert(&Scene::of(&base, &head)).document();
}

#[test]
fn the_doctor_asks_a_real_worker() {
    let told = run(&mut portcullis(std::path::Path::new("."), &["doctor", "--self"]));
    assert!(told.text().contains("The worker, in which"), "{}{}", told.text(), told.err);
    assert_eq!(told.code, i32::from(told.text().contains("MISSING") || told.text().contains("it could.")));
    run(&mut portcullis(std::path::Path::new("."), &["doctor", "--self", "--fix"])).is_usage("--fix");
}
