//! Holds 2,000 files against many rules of a specification and prints what it costs: the cost of a file should grow
//! with the rules in its scope and not with all rules.
#![allow(clippy::disallowed_methods, clippy::field_reassign_with_default, clippy::print_stdout, clippy::unwrap_used)]
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use portcullis::change::{Change, ChangedFile, FileStatus};
use portcullis::completeness::Completeness;
use portcullis::configuration::{Classifier, PathGlobs, UnknownLines};
use portcullis::enforcement::{RuleBook, judge};
use portcullis::facts::Extractor;
use portcullis::finding::{RuleId, Severity, Status};
use portcullis::impact::owners::Owners;
use portcullis::limits::Limits;
use portcullis::policies::document::{Collected, assemble};
use portcullis::policies::input::FileClass;
use portcullis::provenance::Provenance;
use portcullis::specification::Specification;
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::rule::{AppliesTo, Enforce, Examples, Rule, Scope};
use portcullis::worker::protocol::{Blob, ReadTask};
use portcullis::yaml::{Place, Placed, tree};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FILES: usize = 2_000;
const FOLDERS: usize = 1_000;

fn rule(index: usize, path: Option<String>) -> Rule {
    let text = format!("[{{language: python, pattern: \"forbidden_{index}($X)\", where: {{X: total}}}}]");
    let value = tree(text.as_bytes(), "bench.yaml").unwrap();
    Rule {
        id: RuleId::new(format!("INV-BENCH-{index:04}")).unwrap(),
        title: "A rule".to_owned(),
        status: Status::Advisory,
        status_by_system: BTreeMap::new(),
        severity: Severity::Error,
        layer: 2,
        owner: "platform".to_owned(),
        rationale: String::new(),
        instead: None,
        decision: None,
        applies_to: AppliesTo::All,
        scope: Scope { systems: vec!["shop".to_owned()], paths: path.into_iter().collect(), exclude: Vec::new() },
        examples: Examples::default(),
        baseline: false,
        links: Vec::new(),
        enforce: Enforce { kind: Placed { value: "ast".to_owned(), place: Place::default() }, value },
        file: "bench.yaml".to_owned(),
        line: 1,
    }
}

fn path(file: usize) -> String {
    format!("src/module_{}/file_{file}.py", file % FOLDERS)
}

fn text(file: usize) -> String {
    let function = format!("def f_{file}(a, b):\n    x = g(a)\n    return h(x, b.c(1), [d(i) for i in a])\n\n\n");
    format!("{}forbidden_{}(total)\n", function.repeat(40), file % FOLDERS)
}

/// Returns (reading the rules, building the extractor, reading the files, judging), and the findings.
fn run(rules: Vec<Rule>) -> ([Duration; 4], usize) {
    let mut specification = Specification::default();
    specification.rules = rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let hosted = vec![HostedSystem { id: "shop".to_owned(), root: String::new() }];
    let mut times = [Duration::ZERO; 4];
    let start = Instant::now();
    let (book, faults) = RuleBook::of(specification, hosted);
    assert!(faults.is_empty());
    times[0] = start.elapsed();
    let start = Instant::now();
    let limits = Limits::default();
    let extractor = Extractor::new(&limits, &[]).0.with_code(&book.patterns());
    times[1] = start.elapsed();
    let (mut change, mut facts) = (Change::default(), BTreeMap::new());
    let start = Instant::now();
    for file in 0..FILES {
        let (path, class) = (path(file), FileClass::Source);
        let new = Some(Blob { bytes: text(file).into_bytes() });
        facts.insert(
            path.clone(),
            extractor.read(&ReadTask {
                path: path.clone(),
                old_path: path.clone(),
                class,
                old: None,
                new,
                known: None,
                learn: false,
            }),
        );
        change.files.push(ChangedFile {
            path: path.clone(),
            old_path: path,
            status: FileStatus::Added,
            old: None,
            new: None,
        });
    }
    times[2] = start.elapsed();
    let input = assemble(Collected {
        change: &change,
        facts,
        classifier: &Classifier::new(&PathGlobs::default()),
        owners: &Owners::default(),
        provenance: Provenance::default(),
        governance: Vec::new(),
        completeness: Completeness::of(Vec::new()),
    });
    let start = Instant::now();
    let enforced = judge(&book, &input, &BTreeMap::new(), UnknownLines::Ai, &|_| None, None);
    times[3] = start.elapsed();
    (times, enforced.drafts.len())
}

fn main() {
    println!("| rules | in scope of a file | rules read | scopes compiled | 2,000 files read | judged | findings |");
    println!("|---|---|---|---|---|---|---|");
    let own = |index: usize| Some(format!("src/module_{index}/**"));
    let odd = |index: usize| Some(format!("src/*_{index}/f*.py"));
    let cases: [(&str, &str, Vec<Rule>); 6] = [
        ("none", "0", Vec::new()),
        ("10, a folder each", "0.01", (0..10).map(|index| rule(index, own(index))).collect()),
        ("1,000, a folder each", "1", (0..1_000).map(|index| rule(index, own(index))).collect()),
        ("1,000, a glob each", "1", (0..1_000).map(|index| rule(index, odd(index))).collect()),
        ("10, everywhere", "10", (0..10).map(|index| rule(index, None)).collect()),
        ("100, everywhere", "100", (0..100).map(|index| rule(index, None)).collect()),
    ];
    for (name, scope, rules) in cases {
        let (times, findings) = run(rules);
        let shown: Vec<String> = times.iter().map(|time| format!("{:.1} ms", time.as_secs_f64() * 1e3)).collect();
        println!("| {name} | {scope} | {} | {findings} |", shown.join(" | "));
    }
}
