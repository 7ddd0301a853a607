//! How long a large specification takes to load: `cargo run --release --example load_specification [RULES]`.
#![allow(clippy::print_stdout, reason = "a measurement prints")]

use std::collections::BTreeMap;

use portcullis::clock::Stopwatch;
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::load;

/// Rules in one file.
const IN_ONE_FILE: usize = 50;

fn rule(number: usize) -> String {
    format!(
        "  - id: INV-AREA-{number:04}
    title: Rule number {number}
    status: enforced
    severity: error
    layer: {layer}
    owner: team-{owner}
    rationale: The reason for rule {number}, in a sentence of the usual length.
    scope: {{systems: [system-{owner}], paths: [\"src/part{number}/**\"], exclude: [\"**/tests/**\"]}}
    enforce:
      ast:
        - {{language: python, pattern: \"float($AMOUNT)\", where: {{AMOUNT: \"(?i)amount|price|total\"}}}}
    examples: {{fail: [\"x = float(order.total)\"], pass: [\"x = int(order.total_minor)\"]}}
",
        layer = number % 3 + 1,
        owner = number % 10,
    )
}

fn specification(rules: usize) -> SpecificationFiles {
    let mut files = BTreeMap::new();
    let mut put = |path: String, text: String| files.insert(path, SpecificationFile(text.into_bytes()));
    put("portcullis-spec.yaml".into(), "schema: 1\nname: large\nversion: 1.0.0\n".into());
    let (mut teams, mut systems) = ("teams:\n".to_owned(), "systems:\n".to_owned());
    for number in 0..10 {
        teams += &format!("  - {{id: team-{number}, title: Team, handles: [\"@shop/team\"], approves: [2, 3]}}\n");
        systems += &format!("  - {{id: system-{number}, owner: team-{number}, languages: [python]}}\n");
    }
    put("teams.yaml".into(), teams);
    put("systems.yaml".into(), systems);
    for first in (0..rules).step_by(IN_ONE_FILE) {
        let text: String = (first..rules.min(first + IN_ONE_FILE)).map(rule).collect();
        put(format!("invariants/{first:05}.yaml"), format!("rules:\n{text}"));
    }
    SpecificationFiles { files, ..SpecificationFiles::default() }
}

fn main() {
    let rules = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(1_000);
    let files = specification(rules);
    let bytes: usize = files.files.values().map(|file| file.0.len()).sum();
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Stopwatch::start();
        let (specification, errors) = load(&files);
        times.push(start.elapsed());
        assert!(errors.is_empty() && specification.rules.len() == rules, "{errors:?}");
    }
    times.sort();
    let shown = |at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
    println!(
        "{rules} rules, {bytes} bytes: best {:.1} ms, median {:.1} ms, worst {:.1} ms",
        shown(0),
        shown(10),
        shown(19)
    );
}
