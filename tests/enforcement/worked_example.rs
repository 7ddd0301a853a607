use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use portcullis::enforcement::RuleBook;
use portcullis::enforcement::examples::run;
use portcullis::limits::Limits;
use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::{Specification, load};

use crate::bench::{added, document, judged, places};

fn specification() -> Specification {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spec");
    let (mut files, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        let paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, SpecificationFile(std::fs::read(&path).unwrap()));
            }
        }
    }
    let files = SpecificationFiles { files, ..SpecificationFiles::default() };
    let (specification, faults) = load(&files);
    assert_eq!(faults, vec![]);
    specification
}

#[test]
fn every_example_of_the_worked_example_shows_what_it_must() {
    let specification = specification();
    let tried = run(&specification, &Limits { file_ms: 120_000, ..Limits::default() });
    assert!(tried.len() >= 4);
    for rule in tried {
        for outcome in &rule.outcomes {
            assert!(outcome.passed(), "{}: {outcome:?}", rule.rule);
        }
        assert_eq!(rule.unproven, Vec::<String>::new(), "{}", rule.rule);
    }
}

#[test]
fn rules_about_code_fire_in_their_system_and_not_in_another() {
    let hosted = |id: &str, root: &str| HostedSystem { id: id.to_owned(), root: root.to_owned() };
    let systems = vec![hosted("orders", "services/orders"), hosted("payments", "services/payments")];
    let (book, faults) = RuleBook::of(specification(), systems);
    assert_eq!(faults, vec![]);
    let sql = "db.execute(f\"select {x}\")\n";
    let files = [
        added("services/orders/src/orders/api/a.py", sql),
        added("services/orders/src/orders/tests/a.py", sql),
        added("services/orders/tool.py", sql),
        added("services/orders/src/orders/cart/b.py", "db.execute(\"select ?\", (x,))\ny = float(total)\n"),
        added("services/payments/charge.go", "package charge\nfunc f() float64 { return float64(amount) }\n"),
        added("services/web/a.py", sql),
    ];
    let input = document(&book, &files);
    let found = places(&judged(&book, &input, &files));
    assert_eq!(
        found,
        [
            "INV-PAY-002 services/orders/src/orders/cart/b.py:2:5-2:17",
            "INV-PAY-002 services/payments/charge.go:2:27-2:42",
            "PRO-001 services/orders/src/orders/api/a.py:1:1-1:26",
        ]
    );
}
