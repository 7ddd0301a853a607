//! Each check with what makes it fire and what comes near; the scenes are values, as the clients would have read them.

mod github;
mod gitlab;

use std::collections::BTreeSet;

use super::CHECKS;
use crate::change::trusted::Tree;
use crate::doctor::diagnosis::{Diagnosis, diagnose};
use crate::doctor::files::Files;
use crate::doctor::{Examined, Kind};
use crate::forge::settings::{Gap, GithubSettings, GitlabSettings, Settings};

/// A change of a sound scene.
type Edit = fn(&mut Examined);

/// A check, what makes it fire, and what comes near.
type Case = (&'static str, Edit, Edit);

/// Reads files as those of a tree.
fn files(kind: Kind, files: &[(&str, &str)]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Files::of(&Tree::at_folder(folder.path()), "a tree", kind)
}

fn hub(examined: &mut Examined) -> &mut GithubSettings {
    match &mut examined.settings {
        Ok(Settings::Github(settings)) => settings,
        _ => panic!("it is not GitHub's"),
    }
}

fn lab(examined: &mut Examined) -> &mut GitlabSettings {
    match &mut examined.settings {
        Ok(Settings::Gitlab(settings)) => settings,
        _ => panic!("it is not GitLab's"),
    }
}

fn judged(examined: &Examined) -> Diagnosis {
    diagnose(examined, &BTreeSet::new())
}

fn fired(diagnosis: &Diagnosis) -> BTreeSet<&str> {
    diagnosis.findings.iter().map(|finding| finding.id).collect()
}

/// Runs the cases of one forge, and holds that every check of it has one; `unspoken` can only say what is not known.
fn run(kind: Kind, sound: fn() -> Examined, cases: &[Case], unspoken: &[&'static str]) {
    let calm = judged(&sound());
    assert_eq!((fired(&calm), &calm.unknown, calm.exit_code), (BTreeSet::new(), &Vec::new(), 0));
    for (id, fires, near) in cases {
        let mut examined = sound();
        fires(&mut examined);
        let diagnosis = judged(&examined);
        assert!(fired(&diagnosis).contains(id), "{id} does not fire: {diagnosis:#?}");
        assert_ne!(diagnosis.exit_code, 0, "{id}");
        let mut examined = sound();
        near(&mut examined);
        let diagnosis = judged(&examined);
        assert!(!fired(&diagnosis).contains(id), "{id} fires at what comes near: {:#?}", diagnosis.findings);
    }
    let covered: BTreeSet<&str> = cases.iter().map(|(id, ..)| *id).chain(unspoken.iter().copied()).collect();
    let all: BTreeSet<&str> = CHECKS.iter().filter(|check| check.of.is(kind)).map(|check| check.id).collect();
    assert_eq!(covered, all, "every check of the forge has a case");
}

#[test]
fn the_table_is_sorted_and_every_name_stands_once() {
    let names: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    for check in CHECKS {
        assert!(check.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", check.id);
        assert!(!check.holds.ends_with('.') && !check.holds.is_empty(), "{}", check.id);
    }
}

#[test]
fn every_check_stands_in_the_documentation() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/doctor.md")).unwrap();
    for check in CHECKS {
        assert!(page.contains(&format!("| `{}` |", check.id)), "docs/doctor.md has no row for {}", check.id);
    }
    let rows = page.lines().filter(|line| line.starts_with("| `") && line.ends_with(" |")).count();
    assert!(rows >= CHECKS.len());
}

#[test]
fn where_nothing_was_read_nothing_is_in_order() {
    let gap = Gap { request: "settings".to_owned(), why: "nobody was asked".to_owned(), needs: "a token".to_owned() };
    for kind in [Kind::Github, Kind::Gitlab] {
        let examined = Examined {
            forge: kind,
            project: "acme/shop".to_owned(),
            branch: "main".to_owned(),
            settings: Err(gap.clone()),
            files: Files { gaps: vec![Gap { request: "files of CI".to_owned(), ..gap.clone() }], ..Files::default() },
            in_ci: true,
        };
        let diagnosis = judged(&examined);
        assert_eq!(diagnosis.exit_code, 4);
        let held: Vec<&str> = diagnosis.held.iter().copied().filter(|id| *id != "codeowners-missing").collect();
        assert_eq!(held, Vec::<&str>::new(), "{kind:?}");
        // Every field of the settings unread is the same as no settings at all.
        let settings = match kind {
            Kind::Github => {
                Settings::Github(Box::new(GithubSettings { branch: "main".to_owned(), ..Default::default() }))
            }
            Kind::Gitlab => {
                Settings::Gitlab(Box::new(GitlabSettings { branch: "main".to_owned(), ..Default::default() }))
            }
        };
        let diagnosis = judged(&Examined { settings: Ok(settings), in_ci: false, ..examined });
        let held: Vec<&str> = diagnosis.held.iter().copied().filter(|id| *id != "codeowners-missing").collect();
        assert_eq!((held, diagnosis.exit_code), (Vec::new(), 4), "{kind:?}");
    }
}

#[test]
fn what_is_accepted_stays_in_the_report_and_leaves_the_exit_code() {
    let mut examined = github::sound();
    hub(&mut examined).workflow_token =
        crate::forge::settings::Read::Known(crate::forge::settings::WorkflowToken { writes: true, approves: false });
    assert_eq!(judged(&examined).exit_code, 1);
    let diagnosis = diagnose(&examined, &BTreeSet::from(["actions-token-writes".to_owned()]));
    assert_eq!((diagnosis.exit_code, diagnosis.findings.len(), diagnosis.findings[0].accepted), (0, 1, true));
}

#[test]
fn the_order_of_what_was_read_never_matters_twice_the_same() {
    let mut examined = github::sound();
    hub(&mut examined).rules = crate::forge::settings::Read::Known(Vec::new());
    let (one, other) = (judged(&examined), judged(&examined));
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
    let mut sorted = one.findings.clone();
    sorted.sort();
    assert_eq!(sorted, one.findings);
}
