//! From the variables of CI to a client.

use portcullis::change::Environment;
use portcullis::forge::connect::connect;
use portcullis::forge::github::Settings;
use portcullis::forge::target::Target;

use super::hub::{HEAD, SECRET};

fn environment(more: &[(&str, &str)]) -> Environment {
    let usual = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_EVENT_NAME", "schedule"),
        ("GITHUB_RUN_ID", "4711"),
        ("GITHUB_TOKEN", "ghs_SECRETworkflow"),
    ];
    let pairs = usual.iter().chain(more);
    pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings(more: &[(&str, &str)]) -> Result<Settings, String> {
    let environment = environment(more);
    let target = Target::of(&environment).unwrap().unwrap();
    Settings::of(&target, None, &environment).map_err(|error| format!("{error} {error:?}"))
}

#[test]
fn the_address_follows_from_the_server_and_an_option_goes_first() {
    assert_eq!(settings(&[]).unwrap().address.to_string(), "https://api.github.com");
    let enterprise = [("GITHUB_API_URL", "https://git.corp/api/v3")];
    assert_eq!(settings(&enterprise).unwrap().address.to_string(), "https://git.corp/api/v3");
    let environment = environment(&enterprise);
    let target = Target::of(&environment).unwrap().unwrap();
    let given = Settings::of(&target, Some("http://127.0.0.1:1"), &environment).unwrap();
    assert_eq!(given.address.to_string(), "http://127.0.0.1:1");
}

#[test]
fn what_cannot_be_used_is_an_error_that_shows_no_secret_row_143() {
    let folder = tempfile::tempdir().unwrap();
    let nonsense = folder.path().join("ca.pem");
    std::fs::write(&nonsense, "no certificate").unwrap();
    let faults = [
        ("GITHUB_API_URL", "http://git.corp/api/v3"),
        ("GITHUB_API_URL", "https://user:SECRETword@git.corp/api/v3"),
        ("GITHUB_TOKEN", ""),
        ("PORTCULLIS_CA_FILE", "/nonexistent/ca.pem"),
        ("PORTCULLIS_CA_FILE", nonsense.to_str().unwrap()),
    ];
    for fault in faults {
        let environment = environment(&[fault]);
        let target = Target::of(&environment).unwrap().unwrap();
        let Err(error) = connect(&target, None, None, &environment) else { panic!("{fault:?} is open") };
        let said = format!("{error} {error:?}");
        assert!(!said.contains(SECRET) && !error.why.is_empty(), "{said}");
    }
}

#[test]
fn a_client_is_opened_for_what_ci_says() {
    // The certificates of the system may be missing where tests run; this address needs none.
    let environment = environment(&[]);
    let target = Target { head: HEAD.to_owned(), ..Target::of(&environment).unwrap().unwrap() };
    assert!(connect(&target, Some("http://127.0.0.1:1"), None, &environment).is_ok());
}
