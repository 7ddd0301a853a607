//! Waivers and the baseline: which findings they let through, and when they themselves are findings.

use std::collections::{BTreeMap, BTreeSet};

use portcullis::change::FileStatus;
use portcullis::enforcement::debt::settle;
use portcullis::enforcement::standing::Standing;
use portcullis::enforcement::waivers::{Ground, Reach, Waived, apply, faults};
use portcullis::finding::draft::{Draft, Judged, fingerprinted};
use portcullis::finding::{Finding, Position, RuleId, Severity, Source, SourceKind, Status};
use portcullis::policies::input::FileEntry;
use portcullis::specification::baseline::{Baseline, Entry};
use portcullis::specification::hosted::HostedSystem;
use portcullis::specification::waiver::{Instance, Waiver};
use portcullis::specification::{Specification, load};

use crate::loading::example;

const PATH: &str = "src/orders/store/legacy.py";

fn draft(rule: &str, path: &str, line: u32, anchor: &str, message: &str) -> Draft {
    let at = Position { line, column: 1 };
    let finding = Finding {
        rule: RuleId::new(rule).unwrap(),
        title: "A rule".into(),
        message: message.into(),
        severity: Severity::Error,
        status: Status::Enforced,
        path: Some(path.into()),
        start: Some(at),
        end: Some(at),
        fix: "".into(),
        rationale: "".into(),
        source: Source { kind: SourceKind::Specification, path: "invariants/arch.yaml".into(), line: 1 },
        owner: "orders".into(),
        links: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: BTreeMap::new(),
        waived_by: None,
    };
    let judged = Judged { finding, gates: true };
    Draft { judged, fingerprint_path: path.to_owned(), anchor: anchor.to_owned() }
}

/// What stands, with all rules of the scenes judged.
fn standing(drafts: Vec<Draft>) -> Standing {
    let rules = ["INV-ARCH-001", "INV-ARCH-003"].map(|id| RuleId::new(id).unwrap());
    Standing::of(drafts, rules.into())
}

fn print_of(drafts: Vec<Draft>) -> String {
    fingerprinted(drafts)[0].finding.fingerprint.clone()
}

/// One finding of INV-ARCH-001, and the worked example with the waiver naming it.
struct Scene {
    specification: Specification,
    findings: Vec<Draft>,
    files: Vec<FileEntry>,
    reach: Reach,
    standing: Option<Standing>,
    layers: BTreeMap<RuleId, u8>,
}

impl Scene {
    fn new() -> Self {
        let (mut specification, faults) = load(&example(&[]));
        assert!(faults.is_empty());
        let findings = vec![draft("INV-ARCH-001", PATH, 3, "store -> api", "the store imports the API")];
        let waiver = specification.waivers.get_mut("WVR-0007").unwrap();
        waiver.at = vec![Instance { path: PATH.to_owned(), fingerprint: print_of(findings.clone()) }];
        Self {
            specification,
            findings,
            files: Vec::new(),
            reach: Reach::Change,
            standing: None,
            layers: BTreeMap::new(),
        }
    }

    fn with(change: impl FnOnce(&mut Waiver)) -> Self {
        let mut scene = Self::new();
        change(scene.specification.waivers.get_mut("WVR-0007").unwrap());
        scene
    }

    fn hosted() -> Vec<HostedSystem> {
        vec![HostedSystem { id: "orders".to_owned(), root: String::new() }]
    }

    fn on(&self, as_of: &str) -> Waived {
        let hosted = Self::hosted();
        apply(fingerprinted(self.findings.clone()), &self.ground(as_of, &hosted))
    }

    fn ground<'a>(&'a self, as_of: &'a str, hosted: &'a [HostedSystem]) -> Ground<'a> {
        Ground {
            specification: &self.specification,
            hosted,
            files: &self.files,
            standing: self.standing.as_ref(),
            reach: self.reach,
            layers: &self.layers,
            as_of,
        }
    }
}

fn waived(outcome: &Waived) -> usize {
    outcome.judged.iter().filter(|one| one.finding.waived_by.is_some()).count()
}

/// Returns rule and status of each finding about waivers or the baseline.
fn about(judged: &[Judged]) -> Vec<(String, Status)> {
    let own = judged.iter().filter(|one| one.finding.source.kind == SourceKind::Builtin);
    own.map(|one| (one.finding.rule.as_str().to_owned(), one.finding.status)).collect()
}

/// What must be said, and what is done to a waiver that was right.
type Fault = (&'static str, fn(&mut Waiver));

/// A finding of a pack's rule, and a waiver of it.
fn of_a_pack(rule: &str, kind: SourceKind, layer: u8) -> Scene {
    let mut scene = Scene::new();
    let mut finding = draft(rule, PATH, 3, "eval(x)", "evaluates a value");
    finding.judged.finding.source.kind = kind;
    scene.findings = vec![finding];
    let waiver = scene.specification.waivers.get_mut("WVR-0007").unwrap();
    waiver.rule = rule.to_owned();
    waiver.at = vec![Instance { path: PATH.to_owned(), fingerprint: print_of(scene.findings.clone()) }];
    scene.layers.insert(RuleId::new(rule).unwrap(), layer);
    scene
}

#[test]
fn a_waiver_works_on_findings_of_packs_policies_and_other_tools() {
    for (rule, kind) in [
        ("dangerous-calls/dynamic-evaluation", SourceKind::Builtin),
        ("shop/no-eval", SourceKind::Policy),
        ("semgrep/eval", SourceKind::Import),
    ] {
        assert_eq!(waived(&of_a_pack(rule, kind, 1).on("2026-11-21")), 1, "{rule}");
    }
}

#[test]
fn what_guards_the_rules_and_checks_of_the_gate_itself_are_not_waived() {
    let guard = of_a_pack("governance/loosened", SourceKind::Builtin, 3).on("2026-11-21");
    assert_eq!((waived(&guard), about(&guard.judged).len()), (0, 2), "the finding, and the waiver that names it");
    let mut scene = of_a_pack("agents/unknown", SourceKind::Builtin, 1);
    scene.layers.clear();
    assert_eq!(waived(&scene.on("2026-11-21")), 0, "no rule that a package holds");
}

#[test]
fn a_rule_of_a_pack_is_waived_by_a_team_that_may_approve_layer_2_or_its_own() {
    let on = |layer, approves: &[u8]| {
        let mut scene = of_a_pack("dangerous-calls/dynamic-evaluation", SourceKind::Builtin, layer);
        let approver = scene.specification.waivers["WVR-0007"].approved_by.clone();
        scene.specification.teams.get_mut(&approver).unwrap().approves = approves.to_vec();
        waived(&scene.on("2026-11-21"))
    };
    assert_eq!((on(1, &[2]), on(1, &[3]), on(3, &[2]), on(3, &[3])), (1, 0, 0, 1));
}

#[test]
fn a_waiver_works_on_its_first_and_its_last_day_and_not_beside_them_row_89() {
    let scene = Scene::new();
    for (day, works) in [
        ("2026-10-19", false),
        ("2026-10-20", true),
        ("2026-10-31", true),
        ("2026-11-01", true),
        ("2026-12-15", true),
        ("2026-12-16", false),
        ("2027-01-01", false),
        ("2025-12-01", false),
    ] {
        assert_eq!(waived(&scene.on(day)) == 1, works, "{day}");
    }
}

#[test]
fn every_use_is_listed_with_the_last_day() {
    let used = Scene::new().on("2026-11-01").uses;
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].id.as_str(), used[0].until.as_str(), used[0].findings), ("WVR-0007", "2026-12-15", 1));
    assert!(Scene::new().on("2027-11-01").uses.is_empty());
}

#[test]
fn an_ended_future_ownerless_long_wide_or_self_approved_waiver_is_a_finding_and_not_applied_row_88() {
    let cases: [Fault; 12] = [
        ("ended", |waiver| waiver.until = "2026-10-31".to_owned()),
        ("future", |waiver| waiver.from = "2026-11-02".to_owned()),
        ("ownerless", |waiver| waiver.requested_by = String::new()),
        ("too-long", |waiver| waiver.until = "2026-12-19".to_owned()),
        ("too-wide", |waiver| waiver.at[0].path = "src/orders/**".to_owned()),
        ("too-wide", |waiver| waiver.at.push(Instance { path: PATH.to_owned(), fingerprint: "*".to_owned() })),
        ("rule", |waiver| waiver.rule = "INV-ARCH-*".to_owned()),
        ("approver", |waiver| waiver.approved_by = "orders".to_owned()),
        ("approver", |waiver| waiver.approved_by = "payments".to_owned()),
        ("approver", |waiver| waiver.approved_by = "nobody".to_owned()),
        ("dates", |waiver| waiver.until = "2026-13-01".to_owned()),
        ("dates", |waiver| waiver.until = "2026-10-01".to_owned()),
    ];
    for (name, change) in cases {
        let mut scene = Scene::with(change);
        scene.reach = Reach::Whole;
        let outcome = scene.on("2026-11-01");
        assert_eq!(waived(&outcome), 0, "{name}");
        let names: Vec<String> = about(&outcome.judged).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(names, [format!("waivers/{name}")]);
    }
    // The longest that is allowed, both ends included, is sixty days.
    assert_eq!(waived(&Scene::with(|waiver| waiver.until = "2026-12-18".to_owned()).on("2026-11-01")), 1);
}

#[test]
fn a_waiver_that_fails_its_finding_counts_and_one_that_nothing_needs_is_only_shown() {
    let ended = Scene::with(|waiver| waiver.until = "2026-10-31".to_owned());
    assert_eq!(about(&ended.on("2026-11-01").judged), [("waivers/ended".to_owned(), Status::Enforced)]);
    let mut unneeded = Scene::with(|waiver| waiver.until = "2026-10-31".to_owned());
    unneeded.findings.clear();
    assert_eq!(about(&unneeded.on("2026-11-01").judged), [], "its file is not in the change");
    unneeded.reach = Reach::Whole;
    assert_eq!(about(&unneeded.on("2026-11-01").judged), [("waivers/ended".to_owned(), Status::Advisory)]);
}

#[test]
fn a_waiver_is_reported_from_fourteen_days_before_its_end() {
    let scene = Scene::new();
    assert_eq!(about(&scene.on("2026-11-30").judged), []);
    for day in ["2026-12-01", "2026-12-15"] {
        let outcome = scene.on(day);
        assert_eq!(about(&outcome.judged), [("waivers/ending".to_owned(), Status::Advisory)], "{day}");
        assert_eq!(waived(&outcome), 1);
    }
}

#[test]
fn rule_system_path_and_fingerprint_must_all_be_equal() {
    let other: [fn(&mut Waiver); 4] = [
        |waiver| waiver.rule = "INV-ARCH-003".to_owned(),
        |waiver| waiver.system = "web".to_owned(),
        |waiver| waiver.at[0].path = "src/orders/store/legacy2.py".to_owned(),
        |waiver| waiver.at[0].fingerprint = "9c41e07ab3d2f0681b5de4a7c3902f6e".to_owned(),
    ];
    for change in other {
        assert_eq!(waived(&Scene::with(change).on("2026-11-01")), 0);
    }
    let mut pack = Scene::new();
    pack.findings[0].judged.finding.source.kind = SourceKind::Policy;
    assert_eq!(waived(&pack.on("2026-11-01")), 0, "a waiver is for rules of the specification");
}

#[test]
fn a_waived_finding_survives_line_moves_and_other_words() {
    let mut scene = Scene::new();
    scene.findings = vec![draft("INV-ARCH-001", PATH, 300, "store -> api", "other words")];
    assert_eq!(waived(&scene.on("2026-11-01")), 1);
}

#[test]
fn a_second_violation_like_a_waived_one_is_not_waived_with_it() {
    let mut scene = Scene::new();
    let like = |line| draft("INV-ARCH-001", PATH, line, "store -> api", "the store imports the API");
    scene.standing = Some(standing(vec![like(3), like(9)]));
    assert_eq!(waived(&scene.on("2026-11-01")), 0);
    scene.standing = Some(standing(vec![like(3)]));
    assert_eq!(waived(&scene.on("2026-11-01")), 1);
}

fn changed(path: &str, status: FileStatus) -> FileEntry {
    let json = serde_json::json!({
        "path": path, "old_path": path, "status": status, "mode_change": "", "kind": "file", "language": "python",
        "module": "", "owners": [], "class": "source", "declared": false, "binary": false, "lfs_pointer": false,
        "added": 1, "removed": 0, "hunks": [], "parsed": {"status": "ok", "errors_in_change": false}, "symbols": [],
        "imports": [], "calls": [], "matches": [], "tests": [], "commented": [], "twins": [], "unknown": [], "hidden": [], "secrets": [], "dependencies": [],
        "manifest": portcullis::dependencies::ManifestFacts::default(),
        "document": {}, "old_document": {},
        "document_lines": {},
        "document_reading": {"format": "", "head": "none", "base": "none", "message": "", "line": 0},
        "provenance": {"ai_lines": 0, "human_lines": 0, "unknown_lines": 1, "spans": []}
    });
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_waiver_is_stale_only_where_its_finding_is_known_to_be_gone() {
    let mut scene = Scene::new();
    scene.findings.clear();
    let stale = [("waivers/stale".to_owned(), Status::Advisory)];
    assert_eq!(about(&scene.on("2026-11-01").judged), [], "another file changed");
    scene.files = vec![changed(PATH, FileStatus::Modified)];
    assert_eq!(about(&scene.on("2026-11-01").judged), [], "an untouched line is not reported, and may be there");
    scene.standing = Some(standing(vec![draft("INV-ARCH-001", PATH, 3, "store -> api", "")]));
    assert_eq!(about(&scene.on("2026-11-01").judged), [], "it stands");
    scene.standing = Some(Standing::default());
    assert_eq!(about(&scene.on("2026-11-01").judged), [], "its rule was not judged");
    scene.standing = Some(standing(Vec::new()));
    assert_eq!(about(&scene.on("2026-11-01").judged), stale);
    scene.files[0].parsed.status = portcullis::facts::ParseStatus::Timeout;
    assert_eq!(about(&scene.on("2026-11-01").judged), [], "the file was not read");
    scene.standing = None;
    scene.files = vec![changed(PATH, FileStatus::Deleted)];
    assert_eq!(about(&scene.on("2026-11-01").judged), stale);
    scene.files = Vec::new();
    scene.reach = Reach::Whole;
    assert_eq!(about(&scene.on("2026-11-01").judged), stale);
}

#[test]
fn the_waiver_of_the_worked_example_has_no_fault_in_its_time() {
    let scene = Scene::new();
    assert!(
        faults(&scene.specification.waivers["WVR-0007"], &scene.specification, &scene.layers, "2026-11-21").is_empty()
    );
}

fn debt(drafts: &[Draft]) -> Baseline {
    let entries = fingerprinted(drafts.to_vec()).iter().filter_map(|one| Entry::of(&one.finding)).collect();
    Baseline { entries }
}

#[test]
fn old_debt_leaves_the_list_and_is_counted_only_for_rules_that_allow_it() {
    let mut scene = Scene::new();
    let cycle = draft("INV-ARCH-003", "src/orders/a.py", 1, "a -> b", "a cycle");
    let layer = draft("INV-ARCH-001", "src/orders/a.py", 2, "a -> c", "a layer");
    scene.findings = vec![cycle.clone(), layer.clone()];
    let hosted = Scene::hosted();
    let baseline = debt(&scene.findings);
    let ground = scene.ground("2026-11-01", &hosted);
    let settled = settle(fingerprinted(scene.findings.clone()), &baseline, "b.json", &ground);
    assert_eq!(settled.carried, 1);
    let left: BTreeSet<&str> = settled.judged.iter().map(|one| one.finding.rule.as_str()).collect();
    assert_eq!(left, ["INV-ARCH-001"].into());
    let moved = draft("INV-ARCH-003", "src/orders/a.py", 90, "a -> b", "said otherwise");
    assert_eq!(settle(fingerprinted(vec![moved]), &baseline, "b.json", &ground).carried, 1);
    let other = draft("INV-ARCH-003", "src/orders/a.py", 1, "a -> d", "a cycle");
    assert_eq!(settle(fingerprinted(vec![other]), &baseline, "b.json", &ground).carried, 0);
}

#[test]
fn an_entry_whose_finding_is_mended_in_the_change_is_reported() {
    let mut scene = Scene::new();
    let baseline = debt(&[draft("INV-ARCH-003", PATH, 1, "a -> b", "a cycle")]);
    scene.files = vec![changed(PATH, FileStatus::Modified)];
    let hosted = Scene::hosted();
    let stale =
        |scene: &Scene| about(&settle(Vec::new(), &baseline, "b.json", &scene.ground("2026-11-01", &hosted)).judged);
    assert_eq!(stale(&scene), []);
    scene.standing = Some(standing(Vec::new()));
    assert_eq!(stale(&scene), [("baseline/stale".to_owned(), Status::Advisory)]);
}
