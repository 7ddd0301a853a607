//! Which paths are governed, and what all kinds have in common.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{BaseRules, GovernedFile, KINDS, MOST_BYTES, Places, changes, judge, kind_of};
use crate::policies::input::GovernanceChange;

fn name(path: &str) -> Option<&'static str> {
    kind_of(path, &Places::of(["policies", ".portcullis/rules"])).map(super::Kind::name)
}

fn change(path: &str, base: Option<&str>, head: Option<&str>) -> GovernanceChange {
    let kind = kind_of(path, &Places::of(["policies"])).unwrap();
    judge(&GovernedFile {
        path,
        kind,
        base: base.map(str::as_bytes),
        head: head.map(str::as_bytes),
        rules: &BaseRules::default(),
    })
}

fn loosens(path: &str, base: Option<&str>, head: Option<&str>) -> bool {
    let change = change(path, base, head);
    assert!(!change.why.is_empty(), "{path}");
    change.loosens
}

#[test]
fn the_list_of_kinds_is_sorted_and_is_the_folder() {
    assert!(KINDS.is_sorted_by_key(|row| row.name));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/specification/governance");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shared = ["lines", "mod", "path", "tests"];
    let found: BTreeSet<String> = files
        .filter_map(|file| file.strip_suffix(".rs").map(|stem| stem.replace('_', "-")))
        .filter(|stem| !shared.contains(&stem.as_str()))
        .collect();
    assert_eq!(KINDS.iter().map(|row| row.name.to_owned()).collect::<BTreeSet<_>>(), found);
}

#[test]
fn every_place_has_its_kind_and_near_misses_have_none() {
    let places = [
        (".portcullis.yaml", "configuration"),
        ("policies/a/b.rego", "policy"),
        (".portcullis/rules/x.rego", "policy"),
        (".portcullis/invariants/a.yaml", "specification"),
        (".portcullis/waivers/a.yaml", "waiver"),
        (".portcullis/baseline.json", "baseline"),
        ("portcullis.lock", "lock"),
        (".github/workflows/a.yml", "workflow"),
        (".gitlab-ci.yml", "workflow"),
        (".gitlab/ci/a.yml", "workflow"),
        ("Jenkinsfile", "workflow"),
        (".circleci/config.yml", "workflow"),
        ("azure-pipelines.yml", "workflow"),
        (".buildkite/p.yml", "workflow"),
        (".ci/run", "workflow"),
        ("docs/CODEOWNERS", "codeowners"),
        (".gitlab/CODEOWNERS", "codeowners"),
        ("a/AGENTS.md", "agent-instructions"),
        ("a/.cursor/rules/x.mdc", "agent-instructions"),
        (".clinerules-code", "agent-instructions"),
        ("x/.clinerules/a.md", "agent-instructions"),
        (".github/copilot-instructions.md", "agent-instructions"),
        ("policies/CLAUDE.md", "agent-instructions"),
        ("a/.gitattributes", "attributes"),
        (".gitmodules", "submodules"),
    ];
    for (path, kind) in places {
        assert_eq!(name(path), Some(kind), "{path}");
    }
    for path in [
        "src/portcullis.yaml",
        "policies2/a.rego",
        "a/CODEOWNERS",
        "CONVENTIONS.md",
        "action.yml",
        ".github/ISSUE_TEMPLATE/a.md",
        "gitattributes",
        "agents.rs",
        "src/lib.rs",
    ] {
        assert_eq!(name(path), None, "{path}");
    }
}

#[test]
fn twins_by_case_or_hidden_characters_are_governed() {
    for (path, kind) in [
        (".GITHUB/Workflows/x.yml", "workflow"),
        (".Portcullis.yaml", "configuration"),
        ("Policies/x.rego", "policy"),
        ("Agents.MD", "agent-instructions"),
        (".git\u{200C}modules", "submodules"),
        ("codeowners", "codeowners"),
    ] {
        assert_eq!(name(path), Some(kind), "{path:?}");
    }
}

#[test]
fn whole_files_of_each_kind_loosen_or_not() {
    assert!(
        loosens(".portcullis/waivers/a.yaml", None, Some("x"))
            && !loosens(".portcullis/waivers/a.yaml", Some("x"), None)
    );
    assert!(
        loosens(".portcullis/baseline.json", Some("x"), Some("y"))
            && !loosens(".portcullis/baseline.json", Some("x"), None)
    );
    assert!(loosens("portcullis.lock", Some("x"), Some("y")) && !loosens("portcullis.lock", None, Some("y")));
    assert!(loosens(".portcullis/a.yaml", Some("x"), None) && !loosens(".portcullis/a.yaml", None, Some("y")));
    // The first systems take the question who is asked out of CODEOWNERS.
    assert!(
        loosens(".portcullis/systems.yaml", None, Some("y")) && !loosens(".portcullis/teams.yaml", None, Some("y"))
    );
    assert!(!loosens("AGENTS.md", Some("x"), Some("y")));
    assert!(change("AGENTS.md", Some("x"), Some("y")).why.contains("instructions for coding agents"));
}

#[test]
fn what_has_no_regular_side_or_is_too_large_cannot_be_told_and_equal_sides_are_quiet() {
    assert!(loosens("AGENTS.md", None, None));
    let large = "x".repeat(MOST_BYTES + 1);
    assert!(loosens("AGENTS.md", Some("x"), Some(&large)));
    assert!(!loosens("portcullis.lock", Some("x"), Some("x")));
}

#[test]
fn many_reasons_are_counted() {
    let head: String = (0..20).map(|n| format!("*.{n} filter=f{n}\n")).collect();
    assert!(change(".gitattributes", Some(""), Some(&head)).why.ends_with("; and 8 more"));
}

#[test]
fn hostile_bytes_never_panic() {
    let kinds = [
        ".portcullis.yaml",
        "policies/a.rego",
        "policies/a.yaml",
        ".github/workflows/a.yml",
        "CODEOWNERS",
        ".gitattributes",
        ".gitmodules",
    ];
    let texts: [&[u8]; 9] =
        [b"", b"\xFF\xFE", b"\0", b"]]]}}}", b"[[[[\"", b"\r\r", b"# METADATA\n# a: [", b"[\n]\n=", b"deny[\xC3"];
    for path in kinds {
        let kind = kind_of(path, &Places::of(["policies"])).unwrap();
        for base in texts {
            for head in texts {
                let _ = judge(&GovernedFile {
                    path,
                    kind,
                    base: Some(base),
                    head: Some(head),
                    rules: &BaseRules::default(),
                });
                let _ = judge(&GovernedFile { path, kind, base: None, head: Some(head), rules: &BaseRules::default() });
                let _ = judge(&GovernedFile { path, kind, base: Some(base), head: None, rules: &BaseRules::default() });
            }
        }
    }
}

#[test]
fn large_hostile_sides_end() {
    let pieces = [
        "# METADATA\n# a: b\n",
        "deny contains 1\n",
        "[attr]a b\n",
        "[submodule \"a\"]\nurl=ext::\n",
        "* @a\n",
        "if: x\n",
        "[[",
        "a: [",
        "\"",
        "*/",
    ];
    for path in [
        ".portcullis.yaml",
        "policies/a.rego",
        ".github/workflows/a.yml",
        "CODEOWNERS",
        ".gitattributes",
        ".gitmodules",
    ] {
        for piece in pieces {
            let head = format!("portcullis\n{}", piece.repeat(300_000 / piece.len()));
            assert!(!change(path, Some("portcullis\n"), Some(&head)).why.is_empty());
        }
    }
}

#[test]
fn a_new_file_that_gives_a_meaning_to_a_name_of_base_loosens() {
    let rules = BaseRules::of(["package shop\n\ndeny contains \"x\" if {\n\tnot exempt\n}\n"]);
    let folders = Places::of(["policies"]);
    let added = |text: &str| {
        let found = changes(("policies/b.rego", "policies/b.rego"), (None, Some(text.as_bytes())), &folders, &rules);
        found[0].loosens
    };
    assert!(added("package shop\n\nexempt := true\n"));
    assert!(added("package shop\n\n exempt if {\n\tinput.change.draft\n}\n"));
    assert!(!added("package shop\n\nwarn_late contains \"y\" if {\n\tinput.files[_].binary\n}\n"));
    assert!(!added("package other\n\nimport data.lib\n\nhelper := 1\n\ndeny contains \"y\" if helper == 1\n"));
}
