//! What each fuzz target does with bytes from outside, and what must hold whatever they are.
//!
//! `tests/fuzzing.rs` runs the same bodies over the corpus and over mutations of it, so that they are held by a plain
//! `cargo test`; `fuzz_targets/` hands them to libFuzzer. A body panics where a property is broken, and must end soon.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use portcullis::change::{hunks, trailers, wire};
use portcullis::configuration::{Configuration, pinned_address, repinned};
use portcullis::dependencies::{Dependencies, DependencyChange, recognise};
use portcullis::documents::{FORMATS, read};
use portcullis::facts::{Extractor, check_patterns, check_query, check_text, source_text};
use portcullis::finding::SourceKind;
use portcullis::forge::address::{Address, linked};
use portcullis::forge::patience::Answered;
use portcullis::forge::target::Target;
use portcullis::gate::SavedInput;
use portcullis::impact::owners::{Dialect, Owners};
use portcullis::imported::{ReportTask, ToolReport, read as read_report, rule_id, tool_id};
use portcullis::limits::Limits;
use portcullis::policies::input::{FileClass, ImportKind};
use portcullis::policies::{PatternSource, PolicySet, PolicySource, loader};
use portcullis::replay::journal::Journal;
use portcullis::review::state::ForgeFacts;
use portcullis::specification::baseline::Baseline;
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::load;
use portcullis::specification::lock::Lock;
use portcullis::untrusted::{
    html, is_hidden, markdown, markdown_code, markdown_code_cell, markdown_fence, markdown_prose, terminal,
    terminal_lines, workflow_data, workflow_plain, workflow_property, write_json, xml,
};
use portcullis::worker::protocol::{Blob, ImportsTask, ReadTask, Reply, Request};
use portcullis::yaml::{plain, stream, tree};

#[allow(dead_code, reason = "the runner's command parser is used here, its strings are not")]
#[path = "../../tests/reports/naughty.rs"]
pub mod naughty;

/// A name and what it does with the bytes.
pub type Body = (&'static str, fn(&[u8]));

/// All bodies, sorted by name; `fuzz_targets/` and `corpus/` have one entry each.
pub const BODIES: &[Body] = &[
    ("baseline", baseline),
    ("codeowners", codeowners),
    ("commit", commit),
    ("configuration", configuration),
    ("diff", diff),
    ("documents", documents),
    ("escapers", escapers),
    ("event", event),
    ("facts", facts),
    ("forge", forge),
    ("frames", frames),
    ("imports", imports),
    ("journal", journal),
    ("lock", lock),
    ("manifests", manifests),
    ("metadata", metadata),
    ("patterns", patterns),
    ("policy", policy),
    ("reports", reports),
    ("saved", saved),
    ("specification", specification),
    ("yaml", yaml),
];

/// Takes one of `choices` by the first byte; the rest are the bytes.
fn chosen<'c, 'd, T>(choices: &'c [T], data: &'d [u8]) -> (&'c T, &'d [u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    (&choices[usize::from(*first) % choices.len()], rest)
}

fn limits() -> Limits {
    Limits { file_ms: 2_000, load_ms: 2_000, ..Limits::default() }
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// A file of this process with these bytes, for readers that want a path.
fn on_disk(name: &str, data: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("portcullis-fuzz-{}-{name}", std::process::id()));
    std::fs::write(&path, data).unwrap();
    path
}

/// A baseline that is read comes back from its own text.
pub fn baseline(data: &[u8]) {
    if let Ok(read) = Baseline::read(data, "baseline.json", None) {
        assert_eq!(Baseline::read(read.text().as_bytes(), "baseline.json", None).unwrap(), read);
    }
}

/// Owners of any path can be asked, in both dialects.
pub fn codeowners(data: &[u8]) {
    for dialect in [Dialect::GitHub, Dialect::GitLab] {
        let owners = Owners::parse_as(data, dialect);
        for path in ["a", "src/a.rs", "docs/b c.md", ".github/CODEOWNERS"] {
            let of = owners.of(path);
            assert!(of.is_sorted() && of.iter().all(|owner| !owner.is_empty()), "{of:?}");
        }
    }
}

/// Messages, names and paths of commits.
pub fn commit(data: &[u8]) {
    let message = text(data);
    for trailer in trailers(&message) {
        assert!(!trailer.key.is_empty(), "{trailer:?}");
    }
    let path = wire(data);
    assert_eq!(std::str::from_utf8(data).is_ok_and(|text| text == path), std::str::from_utf8(data).is_ok());
}

/// A configuration, and what `spec pin` edits in it.
pub fn configuration(data: &[u8]) {
    match Configuration::read(data, ".portcullis.yaml", &["governance", "size"]) {
        Ok(read) => {
            let _ = (read.notes(), read.classify("src/a.rs"));
        }
        Err(faults) => assert!(!faults.is_empty(), "refused without a fault"),
    }
    let text = text(data);
    let _ = (pinned_address(&text), repinned(&text, &"0".repeat(40)));
}

/// Lines outside of hunks are the same on both sides, and hunks are in order.
pub fn diff(data: &[u8]) {
    let middle = data.iter().position(|byte| *byte == 0).unwrap_or(data.len() / 2);
    let (old, new) = data.split_at(middle);
    let found = hunks(old, new);
    let lines = |side: &[u8]| side.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (before, after) = (lines(old), lines(new));
    let (mut at_old, mut at_new) = (1_usize, 1_usize);
    for hunk in &found.hunks {
        let [a, b, c, d] = [hunk.old_start, hunk.old_end, hunk.new_start, hunk.new_end].map(|line| line as usize);
        assert!(at_old <= a && a <= b && b <= before.len() + 1, "{hunk:?}");
        assert!(at_new <= c && c <= d && d <= after.len() + 1, "{hunk:?}");
        assert_eq!(before[at_old - 1..a - 1], after[at_new - 1..c - 1], "{hunk:?}");
        (at_old, at_new) = (b, d);
    }
    assert_eq!(before[at_old - 1..], after[at_new - 1..]);
}

/// A document is refused, or is JSON that every reader of JSON takes.
pub fn documents(data: &[u8]) {
    let ((name, format), rest) = chosen(FORMATS, data);
    if let Ok(value) = read(*format, rest, &limits()) {
        let written = serde_json::to_string(&value.value).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok(), "{name}: {written}");
    }
}

/// Whatever the text, reading what an escaper wrote as its sink does yields no command, link, mention or hidden character.
pub fn escapers(data: &[u8]) {
    let text = text(data);
    let markdowns = [markdown(&text), markdown_prose(&text), markdown_code_cell(&text)];
    let lines = [
        terminal(&text),
        workflow_plain(&text),
        workflow_data(&text),
        workflow_property(&text),
        markdown_code(&text),
        html(&text),
        xml(&text),
    ];
    for escaped in lines.iter().chain(&markdowns).chain(&terminal_lines(&text)) {
        assert!(!escaped.contains(is_hidden), "{text:?} -> {escaped:?}");
    }
    assert_eq!(terminal(&terminal(&text)), terminal(&text));
    assert_eq!(naughty::command(&workflow_plain(&text)), None, "{text:?}");
    runner(&text);
    markdowns.iter().for_each(|escaped| inert(&text, escaped));
    fence(&text);
    for escaped in [html(&text), xml(&text)] {
        assert!(!escaped.contains(['<', '>', '"', '\'']), "{text:?} -> {escaped:?}");
    }
    let mut bytes = Vec::new();
    write_json(&text, &mut bytes).unwrap();
    assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), text);
}

/// The runner of GitHub Actions reads our command as it was meant, and no other.
fn runner(text: &str) {
    for line in workflow_data(text).split("%0A") {
        assert_eq!(naughty::command(line), None, "{text:?}");
    }
    let line = format!("::error file={},title=t::{}", workflow_property(text), workflow_data(text));
    let read = naughty::command(&line).unwrap();
    let file = terminal(text).replace("##[", "##\\u{5b}");
    assert_eq!(read.name, "error");
    assert_eq!(read.properties, [("file".to_owned(), file), ("title".to_owned(), "t".to_owned())], "{text:?}");
}

/// Nothing that a forge acts on stands in one piece, and no tag is left that is not ours.
fn inert(text: &str, escaped: &str) {
    let pieces = escaped.replace("<span>", "\u{1}").replace("</span>", "\u{1}");
    let pieces = pieces.replace("<code>", "").replace("</code>", "");
    for piece in pieces.split('\u{1}') {
        assert!(!piece.contains(['@', '~', '$', '|', '<', '>', '\n']), "{text:?} -> {escaped:?}");
        assert!(!piece.contains("//") && !piece.replace("&#", "").contains('#'), "{text:?} -> {escaped:?}");
    }
    assert!(!escaped.trim_start().starts_with(['/', '-', '+', '=', '#', '>']), "{text:?} -> {escaped:?}");
}

/// A fence ends at its own end only.
fn fence(text: &str) {
    let block = markdown_fence(text);
    let lines: Vec<&str> = block.lines().collect();
    let (first, last) = (lines.first().unwrap(), lines.last().unwrap());
    assert!(first.len() >= 3 && first == last, "{text:?} -> {block:?}");
    assert!(lines[1..lines.len() - 1].iter().all(|line| !line.contains(first)), "{text:?} -> {block:?}");
    assert!(!block.contains(|c| c != '\n' && is_hidden(c)), "{text:?} -> {block:?}");
}

/// The event file of GitHub Actions.
pub fn event(data: &[u8]) {
    let (name, rest) = chosen(&["pull_request", "merge_group", "push", "workflow_run", "issue_comment"], data);
    let path = on_disk("event", rest).to_string_lossy().into_owned();
    let environment = BTreeMap::from(
        [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "org/shop"),
            ("GITHUB_EVENT_NAME", name),
            ("GITHUB_EVENT_PATH", path.as_str()),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned())),
    );
    let _ = Target::of(&environment);
}

/// One path of every grammar and of every kind of document.
const PATHS: &[&str] =
    &["a.py", "a.rs", "a.go", "a.java", "a.js", "a.ts", "a.tsx", "a.jsx", "a", "Dockerfile", "a.yaml", "a.tf", "a.xml"];

fn extractor() -> &'static Extractor {
    static EXTRACTOR: OnceLock<Extractor> = OnceLock::new();
    EXTRACTOR.get_or_init(|| Extractor::new(&limits(), &[]).0)
}

/// Facts of an added file, of one that grew, and of one whose learnt facts are garbage.
pub fn facts(data: &[u8]) {
    let (path, rest) = chosen(PATHS, data);
    let blob = |bytes: &[u8]| Some(Blob { bytes: bytes.to_vec() });
    let task = |old: Option<Blob>, known: Option<Blob>| ReadTask {
        path: (*path).to_owned(),
        old_path: (*path).to_owned(),
        class: FileClass::Source,
        old,
        new: blob(rest),
        known,
        learn: true,
    };
    let whole = extractor().read(&task(None, None));
    let lines = u32::try_from(source_text(rest).lines().count()).unwrap() + 1;
    for symbol in &whole.symbols {
        assert!(1 <= symbol.start && symbol.start <= symbol.end && symbol.end <= lines, "{symbol:?}");
    }
    let half = &rest[..rest.len() / 2];
    let _ = extractor().read(&task(blob(half), None));
    let _ = extractor().read(&task(blob(half), blob(rest)));
}

/// Headers, links, addresses and answers of a forge.
pub fn forge(data: &[u8]) {
    let text = text(data);
    let _ = (Address::parse(&text), linked(&text, "next"));
    let lines: Vec<&str> = text.lines().collect();
    let header = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    for status in [200, 403, 429, 503] {
        let _ = Answered::read(status, &header, &text);
    }
    if let Ok(said) = serde_json::from_slice::<ForgeFacts>(data) {
        assert_eq!(serde_json::from_slice::<ForgeFacts>(&serde_json::to_vec(&said).unwrap()).unwrap(), said);
    }
}

/// What either side of the worker's wire may receive.
pub fn frames(data: &[u8]) {
    let _ = postcard::take_from_bytes::<Reply>(data);
    let _ = postcard::take_from_bytes::<Request>(data);
}

/// What a file of the repository imports.
pub fn imports(data: &[u8]) {
    let (path, rest) = chosen(PATHS, data);
    let _ = extractor().imports(&ImportsTask { path: (*path).to_owned(), blob: Blob { bytes: rest.to_vec() } });
}

/// The journal of a replay that was interrupted.
pub fn journal(data: &[u8]) {
    let _ = Journal::open(&on_disk("journal", data));
}

/// A lock file that is read comes back from its own text.
pub fn lock(data: &[u8]) {
    if let Ok(read) = Lock::read(data, "portcullis.lock") {
        assert_eq!(Lock::read(read.text().as_bytes(), "portcullis.lock").unwrap(), read);
    }
}

fn loaded(text: String) {
    let source = PolicySource {
        pack: "own".to_owned(),
        path: "own/a.rego".to_owned(),
        text,
        kind: SourceKind::Policy,
        v0: false,
        scope: None,
    };
    let set = PolicySet { policies: vec![source], ..PolicySet::default() };
    let (first, _) = loader::load(&set, &BTreeMap::new(), &limits());
    assert!(!(first.faults.is_empty() && first.packages.is_empty()), "neither a package nor a fault");
}

/// One path for each reader of manifests.
const MANIFESTS: &[&str] = &[
    ".npmrc",
    ".yarnrc.yml",
    "Cargo.lock",
    "Cargo.toml",
    "Gemfile",
    "Gemfile.lock",
    "Pipfile",
    "Pipfile.lock",
    "a.csproj",
    "a.gemspec",
    "build.gradle",
    "composer.json",
    "composer.lock",
    "go.mod",
    "go.sum",
    "gradle.lockfile",
    "gradle/libs.versions.toml",
    "package-lock.json",
    "package.json",
    "packages.config",
    "packages.lock.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "pom.xml",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "uv.lock",
    "yarn.lock",
];

/// A manifest compared with itself has changed nothing, and one that came is all new.
pub fn manifests(data: &[u8]) {
    let (path, rest) = chosen(MANIFESTS, data);
    assert!(recognise(path).is_some(), "{path}");
    let lines = rest.iter().filter(|byte| **byte == b'\n').count() + 1;
    let same = Dependencies::read(Some((path, rest)), Some((path, rest)), &limits());
    let new = Dependencies::read(None, Some((path, rest)), &limits());
    assert!(same.entries.iter().all(|entry| entry.change == DependencyChange::Kept), "{path}");
    for entry in &new.entries {
        assert!(entry.change == DependencyChange::Added && !entry.name.is_empty(), "{path}");
        assert!(entry.line >= 1 && usize::try_from(entry.line).unwrap() <= lines + 1, "{path}: {entry:?}");
    }
}

/// METADATA above a rule that is right.
pub fn metadata(data: &[u8]) {
    let block: String = text(data).lines().map(|line| format!("# {line}\n")).collect();
    loaded(format!("# METADATA\n{block}package own\n\n# METADATA\n{block}deny contains \"x\" if input.change.draft\n"));
}

/// Pattern files, queries and expressions of policies and of the specification.
pub fn patterns(data: &[u8]) {
    let text = text(data);
    let _ = check_patterns(&[PatternSource {
        pack: "own".to_owned(),
        path: "own/patterns/a.yaml".to_owned(),
        text: text.clone(),
    }]);
    for language in ["python", "rust", "go", "java", "javascript", "typescript"] {
        let _ = check_query(language, &text);
    }
    let _ = check_text(&text);
}

/// A whole Rego file.
pub fn policy(data: &[u8]) {
    loaded(text(data));
}

/// A report of another tool is read the same twice, crosses the wire as it is, and its names become ids of ours.
pub fn reports(data: &[u8]) {
    let (kind, bytes) = chosen(&[ImportKind::Sarif, ImportKind::Junit], data);
    let task = ReportTask { kind: *kind, bytes: bytes.to_vec() };
    let report = read_report(&task, &limits());
    assert_eq!(report, read_report(&task, &limits()));
    let wire = postcard::to_stdvec(&report).unwrap();
    assert_eq!(postcard::from_bytes::<ToolReport>(&wire).unwrap(), report);
    let words = text(bytes);
    let (tool, rule) = words.split_once('\n').unwrap_or((&words, ""));
    let id = rule_id(&tool_id(tool), rule);
    assert!(id.as_str().len() < 1_000 && id.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{id}");
}

/// A saved input that is read comes back from its own text.
pub fn saved(data: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<SavedInput>(data) {
        assert_eq!(serde_json::from_slice::<SavedInput>(&serde_json::to_vec(&read).unwrap()).unwrap(), read);
    }
}

/// Every kind of file of a specification, waivers among them.
const KINDS: &[&str] = &[
    "portcullis-spec.yaml",
    "systems.yaml",
    "teams.yaml",
    "invariants/a.yaml",
    "prohibited/a.yaml",
    "waivers/a.yaml",
    "agents/a.yaml",
    "decisions/0001-a.md",
    "prompts/a.prompt.md",
    "contracts/a/contract.yaml",
];

/// One file of a specification beside a manifest that is right.
pub fn specification(data: &[u8]) {
    let (path, rest) = chosen(KINDS, data);
    let manifest = include_bytes!("../../fixtures/spec/portcullis-spec.yaml").to_vec();
    let mut files = BTreeMap::from([("portcullis-spec.yaml".to_owned(), SpecificationFile(manifest))]);
    files.insert((*path).to_owned(), SpecificationFile(rest.to_vec()));
    let _ = load(&SpecificationFiles { origin: ".portcullis".to_owned(), files, ..SpecificationFiles::default() });
}

/// The three readers of YAML.
pub fn yaml(data: &[u8]) {
    let _ = tree(data, "a.yaml");
    let text = text(data);
    let _ = (plain(&text), stream(&text, 64, 10_000));
}
