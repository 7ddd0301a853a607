//! The same client against Prism, an independent reader of GitHub's description; `tests/forge/prism` starts it.

use std::time::Duration;

use portcullis::forge::address::Address;
use portcullis::forge::github::{GitHub, Settings};
use portcullis::forge::token::Tokens;
use portcullis::forge::{Asked, Forge as _};

use super::hub::PERSON;
use super::publishing::everything;

#[test]
#[ignore = "needs Prism; tests/forge/prism starts it"]
fn prism_takes_every_request_of_the_client() {
    let address = std::env::var("PORTCULLIS_PRISM").expect("tests/forge/prism sets it");
    let environment = [("GITHUB_TOKEN".to_owned(), PERSON.to_owned())].into();
    let settings = Settings {
        address: Address::parse(&address).unwrap(),
        project: "octocat/Hello-World".to_owned(),
        tokens: Tokens::of("github", &environment),
        authorities: None,
        account: None,
        task_ms: 60_000,
        pause: Duration::from_millis(50),
        seed: "prism".to_owned(),
    };
    let client = GitHub::new(settings).unwrap();
    // The number of GitHub's example.
    let asked = Asked { number: 1347, teams: vec!["octocat/justice-league".to_owned()], open_changes: true };
    let state = client.pull(&asked).unwrap();
    assert_eq!((state.number, state.author.as_str()), (1347, "octocat"));
    assert_eq!(state.opinions.len(), 1);
    assert!(!client.open_pulls().unwrap().is_empty());
    let unknown = client.pull_of("6dcb09b5b57875f334f61aebed695e2e4193db5e");
    assert!(unknown.is_ok() || unknown.is_err_and(|error| error.why.contains("no open pull request")));
    let notices = client.publish(&everything());
    assert_eq!(notices, ["reviewers: acme/payments is no team of octocat"]);
}
