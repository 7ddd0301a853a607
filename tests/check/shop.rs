//! The shop with its specification, where trees and an expectation are not enough: vendored copies and their lock,
//! every file of the specification in turn, replays. What fires and what does not, rule by rule, is data
//! (`tests/cases/check/shop-*`).

use portcullis::specification::files::{SpecificationFile, SpecificationFiles};
use portcullis::specification::pin::lock_of;
use serde_json::Value;

use crate::cases::shop;
use crate::sameness::replays;
use crate::scene::{Entry, Run, Scene, Tree, run};

/// Where the shop keeps its specification.
const SPECIFICATION: &str = ".portcullis/";
/// A day in the term of the shop's waiver and of its agent's contract.
const DAY: &str = "2026-11-02";
/// An import up the layers, which INV-ARCH-001 forbids.
const UPWARDS: (&str, &str) = ("orders/src/orders/store/totals.py", "from orders.checkout import price\n");
const UPWARDS_FOUND: &str = "INV-ARCH-001 orders/src/orders/store/totals.py:1:1 error enforced";

fn scene(base: &Tree, head: &Tree) -> Scene {
    Scene { as_of: DAY.to_owned(), ..Scene::of(base, head) }
}

fn with(mut files: Tree, more: &[(&str, &str)]) -> Tree {
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), Entry::from(*text))));
    files
}

fn text(files: &Tree, path: &str) -> String {
    let Entry::File(bytes) = &files[path] else { panic!("{path} is a file") };
    String::from_utf8(bytes.clone()).unwrap()
}

fn bytes(entry: &Entry) -> Vec<u8> {
    let Entry::File(bytes) = entry else { panic!("a file") };
    bytes.clone()
}

/// Moves the specification of the shop to `vendor/specs`, locked as it is.
fn vendored() -> Tree {
    let (own, mut files): (Tree, Tree) = shop().into_iter().partition(|(path, _)| path.starts_with(SPECIFICATION));
    let own: Vec<(&str, &Entry)> = own.iter().map(|(path, entry)| (&path[SPECIFICATION.len()..], entry)).collect();
    let read = own.iter().map(|(path, entry)| ((*path).to_owned(), SpecificationFile(bytes(entry)))).collect();
    let lock = lock_of(&SpecificationFiles { files: read, ..SpecificationFiles::default() }, None, DAY).unwrap();
    files.extend(own.into_iter().map(|(path, entry)| (format!("vendor/specs/{path}"), entry.clone())));
    let configuration = text(&files, ".portcullis.yaml") + "spec: {vendor: vendor/specs}\n";
    with(files, &[(".portcullis.yaml", &configuration), ("portcullis.lock", &lock.text())])
}

#[test]
fn a_vendored_specification_that_agrees_with_its_lock_is_enforced() {
    let base = vendored();
    let run = scene(&base, &with(base.clone(), &[UPWARDS])).check(&[]);
    assert_eq!(run.is("fail").findings(), [UPWARDS_FOUND]);
    let document = run.document();
    let source = &document["findings"][0]["source"];
    assert_eq!(
        (&source["kind"], &source["path"]),
        (&"specification".into(), &"vendor/specs/invariants/arch.yaml".into())
    );
}

#[test]
fn a_vendored_specification_that_is_not_what_the_lock_names_is_undecided() {
    let base = vendored();
    let teams = text(&base, "vendor/specs/teams.yaml") + "# one byte more\n";
    let mut unlocked = base.clone();
    unlocked.remove("portcullis.lock");
    let mut gone = base.clone();
    gone.retain(|path, _| !path.starts_with("vendor/"));
    for (base, reason) in [
        (with(base.clone(), &[("vendor/specs/teams.yaml", &teams)]), "specification-digest vendor/specs"),
        (unlocked, "specification-lock portcullis.lock"),
        (gone, "specification-missing vendor/specs"),
    ] {
        let run = scene(&base, &with(base.clone(), &[UPWARDS])).check(&[]);
        assert_eq!(run.is("undecided").reasons(), [reason]);
    }
}

#[test]
fn a_vendored_copy_changed_in_head_with_or_without_its_lock_is_judged_by_bases_row_67() {
    let base = vendored();
    let arch = text(&base, "vendor/specs/invariants/arch.yaml").replace("status: enforced", "status: observe");
    let edited = with(base.clone(), &[UPWARDS, ("vendor/specs/invariants/arch.yaml", &arch)]);
    let lock = text(&base, "portcullis.lock");
    let relocked = with(edited.clone(), &[("portcullis.lock", &lock.replace("schema: 1", "schema: 1 "))]);
    for head in [edited, relocked] {
        let run = scene(&base, &head).check(&[]);
        assert_eq!(run.is("fail").findings(), [UPWARDS_FOUND]);
        assert!(asks_for_loosening(&run), "{:?}", run.requirements());
    }
}

/// Returns the findings without those about a specification that head breaks.
fn by_rules(run: &Run) -> Vec<String> {
    run.findings().into_iter().filter(|line| !line.starts_with("governance/broken-specification ")).collect()
}

fn asks_for_loosening(run: &Run) -> bool {
    run.requirements().iter().any(|line| line.starts_with("layer-3") && line.contains("governance/loosened"))
}

#[test]
fn a_specification_deleted_in_head_file_by_file_or_whole_is_judged_by_bases_row_67() {
    let base = shop();
    let mut whole = with(base.clone(), &[UPWARDS]);
    whole.retain(|path, _| !path.starts_with(SPECIFICATION));
    let files =
        ["invariants/arch.yaml", "systems.yaml", "teams.yaml", "portcullis-spec.yaml", "decisions/0003-layers.md"];
    let heads = files.map(|file| {
        let mut head = with(base.clone(), &[UPWARDS]);
        assert!(head.remove(&format!("{SPECIFICATION}{file}")).is_some(), "{file}");
        (file, head)
    });
    for (what, head) in heads.into_iter().chain([("everything", whole)]) {
        let run = scene(&base, &head).check(&[]);
        assert_eq!(by_rules(run.is("fail")), [UPWARDS_FOUND], "{what}");
        assert!(asks_for_loosening(&run), "{what}: {:?}", run.requirements());
        let said = run.text().contains("the whole specification is deleted");
        assert_eq!(said, what == "everything", "{what}");
    }
}

#[test]
fn a_specification_edited_in_head_is_judged_by_bases_row_67() {
    let base = shop();
    for (file, from, to) in [
        ("invariants/arch.yaml", "status: enforced", "status: retired"),
        ("invariants/arch.yaml", "systems: [orders]", "systems: [web]"),
        ("invariants/arch.yaml", "severity: error", "severity: info"),
        ("systems.yaml", "src/orders/store/**", "src/orders/elsewhere/**"),
        ("agents/refactor-bot.yaml", "files: 25", "files: 26"),
        ("portcullis-spec.yaml", "unknown-agent: deny", "unknown-agent: allow"),
        ("teams.yaml", "approves: [2]", "approves: [2, 3]"),
        ("waivers/2026-q4.yaml", "until: 2026-12-15", "until: 2026-12-16"),
        ("invariants/arch.yaml", "rules:", "rules: ["),
    ] {
        let path = format!("{SPECIFICATION}{file}");
        let before = text(&base, &path);
        assert!(before.contains(from), "{file}: {from}");
        let run = scene(&base, &with(base.clone(), &[UPWARDS, (&path, &before.replace(from, to))])).check(&[]);
        assert_eq!(by_rules(run.is("fail")), [UPWARDS_FOUND], "{file}: {to}");
        assert!(asks_for_loosening(&run), "{file}: {to}: {:?}", run.requirements());
    }
}

#[test]
fn policy_folders_deleted_in_head_still_judge_it_row_68() {
    let base = shop();
    let log = "package charge\n\nimport \"log\"\n\nfunc TraceCard(id string) {\n\tlog.Print(id)\n}\n";
    let refund = "def refund():\n    return 1\n";
    let mut head = with(
        base.clone(),
        &[("payments/internal/charge/trace.go", log), ("orders/src/orders/store/refunds.py", refund)],
    );
    head.retain(|path, _| !path.starts_with("policies/") && !path.starts_with(".portcullis/policies/"));
    let run = scene(&base, &head).check(&[]);
    let expected = [
        "shop/refunds-tested orders/src/orders/store/refunds.py:1:1 error enforced",
        "INV-SEC-002 payments/internal/charge/trace.go:6:2 error enforced",
    ];
    assert_eq!(by_rules(run.is("fail")), expected);
    assert!(asks_for_loosening(&run), "{:?}", run.requirements());
    assert!(
        run.findings().iter().any(|line| line.starts_with("governance/broken-specification .portcullis/invariants/"))
    );
}

#[test]
fn a_base_without_configuration_is_judged_by_the_built_in_packs_alone_row_69() {
    let mut base = shop();
    base.retain(|path, _| !path.starts_with('.') && !path.starts_with("policies/"));
    let hidden = "x = 1  # \u{202E}\n";
    // Everything that this change brings to judge changes with is its subject, and judges nothing yet.
    let mut head = with(shop(), &[UPWARDS, ("orders/src/orders/store/refunds.py", hidden)]);
    head.remove(".github/workflows/gate.yml");
    let run = scene(&base, &head).check(&[]);
    let found = run.is("fail").findings();
    assert!(found.contains(&"hidden-code/bidi orders/src/orders/store/refunds.py:1:10 error enforced".to_owned()));
    let built_in = |line: &String| line.starts_with("hidden-code/") || line.starts_with("size/");
    assert!(found.iter().all(built_in), "{found:?}");
    let document = run.document();
    assert_eq!(document["inputs"]["specification"], Value::from(""), "{:#}", document["inputs"]);
    assert!(run.requirements().iter().any(|line| line.contains("governance/")), "{:?}", run.requirements());
}

#[test]
fn a_base_that_names_folders_which_it_does_not_have_is_undecided_row_69() {
    let mut base = shop();
    base.retain(|path, _| !path.starts_with("policies/"));
    let run = scene(&base, &with(shop(), &[UPWARDS])).check(&[]);
    assert_eq!(run.is("undecided").reasons(), ["missing-policy-folder policies"]);
    let mut base = shop();
    base.retain(|path, _| !path.starts_with(SPECIFICATION));
    let configuration = text(&base, ".portcullis.yaml") + "spec: {path: .portcullis}\n";
    let base = with(base, &[(".portcullis.yaml", &configuration)]);
    let run = scene(&base, &with(shop(), &[UPWARDS])).check(&[]);
    assert_eq!(run.is("undecided").reasons(), ["specification-missing .portcullis"]);
}

#[test]
fn a_file_of_the_specification_that_is_no_text_is_undecided_and_named_row_81() {
    let mut base = shop();
    let latin = [text(&base, ".portcullis/teams.yaml").as_bytes(), b"# caf\xe9\n"].concat();
    base.insert(".portcullis/teams.yaml".to_owned(), latin.into());
    names_the_file(&base, "teams.yaml");
}

#[test]
fn an_empty_or_odd_file_of_the_specification_is_undecided_and_named_row_80() {
    let teams = text(&shop(), ".portcullis/teams.yaml");
    for odd in ["", "# only a comment\n", "\0", "teams:\n\t- {id: platform}\n", &format!("{teams}# \0\n")] {
        names_the_file(&with(shop(), &[(".portcullis/teams.yaml", odd)]), "teams.yaml");
    }
    let marked = format!("\u{FEFF}{teams}");
    names_the_file(&with(shop(), &[(".portcullis/teams.yaml", &marked)]), "teams.yaml");
}

/// Asserts that a change over this base is undecided, and that the one reason names the file where it lies.
fn names_the_file(base: &Tree, file: &str) {
    let run = scene(base, &with(base.clone(), &[UPWARDS])).check(&[]);
    assert_eq!(run.is("undecided").reasons(), [format!("specification-fault {SPECIFICATION}{file}")]);
}

#[test]
fn a_fault_of_a_rule_is_undecided_at_its_place_row_77() {
    let path = ".portcullis/invariants/arch.yaml";
    for (from, to) in [
        ("severity:", "severty:"),
        ("modules: [vault]", "modules: [valt]"),
        ("between:", "betwen:"),
        ("order:", "ordr:"),
    ] {
        let base = with(shop(), &[(path, &text(&shop(), path).replacen(from, to, 1))]);
        names_the_file(&base, "invariants/arch.yaml");
    }
}

#[test]
fn two_rules_that_cannot_both_hold_are_undecided_and_both_named_row_87() {
    let rule = "  - id: INV-ARCH-009
    title: Orders code is layered the other way
    status: enforced
    severity: error
    layer: 3
    owner: orders
    rationale: Somebody else thought so.
    scope: {systems: [orders]}
    enforce: {layers: {order: [store, \"cart | catalogue\", checkout, api], closed: true}}
";
    let base = shop();
    let arch = text(&base, ".portcullis/invariants/arch.yaml") + rule;
    let base = with(base, &[(".portcullis/invariants/arch.yaml", &arch)]);
    let run = scene(&base, &with(base.clone(), &[UPWARDS])).check(&[]);
    let document = run.is("undecided").document();
    let reasons = document["completeness"]["reasons"].to_string();
    assert!(reasons.contains("INV-ARCH-001") && reasons.contains("INV-ARCH-009"), "{reasons}");
}

#[test]
fn a_specification_that_was_not_fetched_is_undecided_row_70() {
    let mut base = shop();
    base.retain(|path, _| !path.starts_with(SPECIFICATION));
    let rev = "4f1c0de2a7b95d8e3c6f0a1b2d3e4f5061728394";
    let url = "file:///nowhere/specs";
    let configuration = format!("{}spec: {{git: \"{url}\", rev: {rev}}}\n", text(&base, ".portcullis.yaml"));
    let lock = format!(
        "lock: 1\nurl: \"{url}\"\ncommit: {rev}\ndigest: \"{}\"\nschema: 1\npinned: 2026-11-01\n",
        "0".repeat(64)
    );
    let base = with(base, &[(".portcullis.yaml", &configuration), ("portcullis.lock", &lock)]);
    let run = scene(&base, &with(base.clone(), &[UPWARDS])).check(&[]);
    assert_eq!(run.is("undecided").reasons(), ["specification-not-fetched"]);
}

/// A change over the shop in which a waiver, the baseline, the import graph and rules about code all have their say.
fn busy() -> Scene {
    let print = |base: &Tree, head: &Tree, rule: &str| {
        let document = scene(base, head).check(&[]).document();
        let found = document["findings"].as_array().unwrap();
        found.iter().find(|one| one["rule"] == rule).unwrap()["fingerprint"].as_str().unwrap().to_owned()
    };
    let legacy = ("orders/src/orders/store/legacy.py", "from orders.checkout import price\n");
    let ring = ("web/src/client/links.ts", "import { OrdersPage } from \"../pages/orders\";\n");
    let base = shop();
    let waived = print(&base, &with(base.clone(), &[legacy]), "INV-ARCH-001");
    let carried = print(&base, &with(base.clone(), &[ring]), "INV-ARCH-003");
    let waivers = text(&base, ".portcullis/waivers/2026-q4.yaml")
        .replace("path: src/", "path: orders/src/")
        .replace("9c41e07ab3d2f0681b5de4a7c3902f6e", &format!("\"{waived}\""));
    let baseline = format!(
        "{{\"version\": 1, \"entries\": [{{\"rule\": \"INV-ARCH-003\", \"path\": \"{}\", \"fingerprint\": \"{carried}\"}}]}}\n",
        ring.0
    );
    let configuration = text(&base, ".portcullis.yaml") + "baseline: .portcullis/baseline.json\n";
    let base = with(
        base,
        &[
            (".portcullis.yaml", &configuration),
            (".portcullis/baseline.json", &baseline),
            (".portcullis/waivers/2026-q4.yaml", &waivers),
        ],
    );
    let money = ("orders/src/orders/checkout/tax.py", "def tax(order):\n    return float(order.total)\n");
    let migration = ("orders/migrations/0002.sql", "ALTER TABLE orders ADD COLUMN note TEXT;\n");
    let head = with(base.clone(), &[UPWARDS, legacy, ring, money, migration]);
    scene(&base, &head)
}

#[test]
fn specification_waiver_baseline_and_import_graph_are_decided_again_to_the_byte_row_151() {
    let scene = busy();
    let expected = [
        "INV-PAY-002 orders/src/orders/checkout/tax.py:2:12 error enforced",
        "INV-ARCH-001 orders/src/orders/store/legacy.py:1:1 error enforced waived by WVR-0007",
        UPWARDS_FOUND,
    ];
    assert_eq!(scene.check(&[]).is("fail").findings(), expected);
    replays(&scene, "fail", &[]);
}

#[test]
fn threads_change_no_byte_of_a_run_with_a_specification_row_66() {
    let scene = busy();
    for format in ["human", "json", "sarif"] {
        let with =
            |threads| run(&mut scene.command(&scene.check_arguments(&["--format", format, "--threads", threads])));
        assert_eq!(with("1"), with("16"), "{format}");
    }
}

#[test]
fn the_terminal_shows_the_fingerprints_of_what_a_waiver_could_let_through_and_no_others() {
    let hidden = ("orders/src/orders/store/refunds.py", "x = 1  # \u{202E}\n");
    let shown = |scene: &Scene| {
        let human = run(&mut scene.command(&scene.check_arguments(&["--format", "human"])));
        let mut prints: Vec<String> = human
            .text()
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("fingerprint: "))
            .map(str::to_owned)
            .collect();
        prints.sort();
        prints
    };
    let configuration =
        text(&shop(), ".portcullis.yaml").replace("packs: [governance]", "packs: [governance, hidden-code]");
    let base = with(shop(), &[(".portcullis.yaml", &configuration)]);
    let scene_with = scene(&base, &with(base.clone(), &[UPWARDS, hidden]));
    let document = scene_with.check(&[]).is("fail").document();
    let found = document["findings"].as_array().unwrap();
    assert!(found.iter().any(|one| one["source"]["kind"] == "specification"), "{found:#?}");
    assert!(found.iter().any(|one| one["rule"] == "hidden-code/bidi"), "{found:#?}");
    let blocks = found.iter().filter(|one| one["status"] == "enforced" && !one["path"].is_null());
    let mut wanted: Vec<String> = blocks.map(|one| one["fingerprint"].as_str().unwrap().to_owned()).collect();
    wanted.sort();
    assert_eq!(shown(&scene_with), wanted);
    // Where no specification governs, there is no place for a waiver.
    let mut base = shop();
    base.retain(|path, _| !path.starts_with('.') && !path.starts_with("policies/"));
    let scene_without = scene(&base, &with(base.clone(), &[hidden]));
    assert!(scene_without.check(&[]).is("fail").findings()[0].starts_with("hidden-code/bidi "));
    assert_eq!(shown(&scene_without), [""; 0]);
}
