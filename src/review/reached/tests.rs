use std::collections::BTreeMap;

use super::{Reached, contract_requests};
use crate::policies::input::{ContractEntry, FileEntry};
use crate::review::sample;
use crate::specification::Specification;
use crate::specification::hosted::HostedSystem;
use crate::specification::system::System;
use crate::specification::team::Team;

fn file(path: &str, old_path: &str, owners: &[&str]) -> FileEntry {
    let owners = owners.iter().map(|owner| (*owner).to_owned()).collect();
    FileEntry { old_path: old_path.to_owned(), owners, ..sample::file(path) }
}

fn specification() -> Specification {
    let system = |id: &str, owner: &str| System { id: id.to_owned(), owner: owner.to_owned(), ..System::default() };
    let systems = [system("orders", "orders-team"), system("web", "web-team")];
    Specification {
        systems: systems.into_iter().map(|system| (system.id.clone(), system)).collect(),
        ..Specification::default()
    }
}

fn hosted() -> Vec<HostedSystem> {
    vec![HostedSystem { id: "orders".to_owned(), root: "services/orders".to_owned() }]
}

fn owners(reached: &Reached) -> Vec<(&str, Vec<&str>)> {
    reached.owners.iter().map(|(owner, paths)| (owner.as_str(), paths.iter().map(String::as_str).collect())).collect()
}

#[test]
fn the_system_that_holds_a_file_comes_before_codeowners_and_codeowners_before_nobody() {
    let files = [
        file("services/orders/a.rs", "services/orders/a.rs", &["@ada"]),
        file("tools/b.sh", "tools/b.sh", &["@shop/web", "@ada", "@ada"]),
        file("README.md", "README.md", &[]),
    ];
    let reached = Reached::of(&files, &BTreeMap::new(), &hosted(), &specification());
    let expected = [("@ada | @shop/web", vec!["tools/b.sh"]), ("orders-team", vec!["services/orders/a.rs"])];
    assert_eq!(owners(&reached), expected);
    assert!(reached.unowned.iter().eq(["README.md"]));
}

#[test]
fn an_owner_of_codeowners_that_is_a_team_of_the_specification_is_that_team() {
    let mut specification = specification();
    let handles = vec!["@shop/docs".to_owned()];
    specification.teams.insert("docs".to_owned(), Team { id: "docs".to_owned(), handles, ..Team::default() });
    let files = [file("README.md", "README.md", &["@Shop/Docs"]), file("b", "b", &["@shop/docs", "@ada"])];
    let reached = Reached::of(&files, &BTreeMap::new(), &hosted(), &specification);
    assert_eq!(owners(&reached), [("@ada | docs", vec!["b"]), ("docs", vec!["README.md"])]);
}

#[test]
fn a_file_that_moved_reaches_the_owners_of_both_places() {
    let files = [file("tools/a.rs", "services/orders/a.rs", &["@ada"]), file("b", "secret/b", &["@ada"])];
    let moved = BTreeMap::from([("secret/b".to_owned(), vec!["@vault".to_owned()])]);
    let reached = Reached::of(&files, &moved, &hosted(), &specification());
    let expected = [
        ("@ada", vec!["b", "tools/a.rs"]),
        ("@vault", vec!["secret/b"]),
        ("orders-team", vec!["services/orders/a.rs"]),
    ];
    assert_eq!(owners(&reached), expected);
    // Who owned the old place and is not told is nobody that is known.
    let untold = Reached::of(&files, &BTreeMap::new(), &hosted(), &specification());
    assert!(untold.unowned.contains("secret/b"));
}

#[test]
fn a_broken_contract_asks_the_owner_of_each_consumer_and_a_touched_one_nobody() {
    let contract = |verdict: &str| ContractEntry {
        id: "CON-1".to_owned(),
        format: "proto".to_owned(),
        provider: "orders".to_owned(),
        consumers: vec!["web".to_owned(), "elsewhere".to_owned()],
        verdict: verdict.to_owned(),
    };
    let requests = contract_requests(&[contract("breaking")], &specification());
    let asked: Vec<_> = requests.iter().map(|request| (request.layer, request.team.raw())).collect();
    assert_eq!(asked, [(3, ""), (3, "web-team")]);
    for near in ["unknown", "compatible", "unchanged", "unreadable"] {
        assert!(contract_requests(&[contract(near)], &specification()).is_empty(), "{near}");
    }
}
