//! The way to GitLab and back: what is asked again, what is waited for, what is never believed, where no token goes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use portcullis::clock::Stopwatch;
use portcullis::forge::address::Address;
use portcullis::forge::gitlab::GitLab;
use portcullis::forge::{Asked, Forge};
use serde_json::{Value, json};

use crate::fake::{Fake, HEAD, PROJECT_TOKEN, ROOT, moved, told};
use crate::server::{Manner, Reply, Request, Server};

fn asked() -> Asked {
    Asked { number: 5, ..Asked::default() }
}

/// Returns an answer with one header.
fn with(status: u16, name: &str, value: &str, body: &Value) -> Reply {
    Reply::json(status, body).with(name, value)
}

/// Returns a body that is no JSON.
fn text(body: &[u8]) -> Reply {
    Reply { body: body.to_vec(), ..Reply::json(200, &Value::Null) }
}

fn hundred(fake: &Fake) -> Value {
    let request = fake.state().requests[0].clone();
    json!(vec![request; 100])
}

#[test]
fn a_read_is_asked_again_and_ends_after_a_few_times_row_135() {
    for reply in [
        Reply::json(500, &json!({})),
        Reply::json(504, &json!({})),
        text(b"").in_manner(Manner::Silent),
        text(b"{ }").in_manner(Manner::Cut),
    ] {
        let fake = Fake::new();
        fake.fail("merge_requests/5", 2, reply.clone());
        assert_eq!(fake.client(PROJECT_TOKEN).pull(&asked()).unwrap().head, HEAD);
        let fake = Fake::new();
        fake.fail("merge_requests/5", usize::MAX, reply);
        told(&fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err());
        assert_eq!(fake.sent("merge_requests/5").len(), 4);
    }
}

#[test]
fn a_refusal_is_not_asked_again() {
    for status in [400, 401, 403, 404, 409, 422] {
        let fake = Fake::new();
        fake.fail("merge_requests/5", usize::MAX, Reply::json(status, &json!({ "message": "SECRET" })));
        let error = fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err();
        assert!(told(&error).contains(&status.to_string()), "{error}");
        assert_eq!(fake.sent("").len(), 1);
    }
}

#[test]
fn a_short_wait_is_kept_and_a_long_one_ends_the_run_at_once_row_134() {
    let fake = Fake::new();
    fake.fail("merge_requests/5", 1, with(429, "retry-after", "1", &json!({})));
    let start = Stopwatch::start();
    assert!(fake.client(PROJECT_TOKEN).pull(&asked()).is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
    let fake = Fake::new();
    fake.fail("merge_requests/5", usize::MAX, with(429, "retry-after", "3600", &json!({})));
    let error = fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err();
    assert!(told(&error).contains("3600 s"), "{error}");
    assert_eq!(fake.sent("").len(), 1);
}

#[test]
fn answers_that_come_a_byte_at_a_time_end_with_the_time_of_the_run_row_135() {
    let fake = Fake::new();
    fake.fail("merge_requests/5", usize::MAX, text(&[b' '; 5_000]).in_manner(Manner::Dripped));
    let mut settings = fake.settings(PROJECT_TOKEN);
    settings.task_ms = 400;
    let start = Stopwatch::start();
    told(&GitLab::new(settings).unwrap().pull(&asked()).unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_host_that_is_not_there_or_speaks_no_tls_is_an_error_row_135() {
    let fake = Fake::new();
    let secure = fake.base().replace("http://", "https://");
    for address in ["http://127.0.0.1:1/api/v4", secure.as_str()] {
        let mut settings = fake.settings(PROJECT_TOKEN);
        settings.address = Address::parse(address).unwrap();
        let error = GitLab::new(settings).unwrap().pull(&asked()).unwrap_err();
        assert!(
            told(&error).contains("cannot be reached") && told(&error).contains("CI_SERVER_TLS_CA_FILE"),
            "{error}"
        );
    }
}

#[test]
fn a_list_is_whole_or_an_error_row_136() {
    let first = format!(
        "<{ROOT}/projects/acme%2Fshop/merge_requests?page=2&order_by=created_at&per_page=100&scope=all\
                         &sort=asc&state=opened>; rel=\"next\""
    );
    let lists = [
        ("is refused", Reply::json(403, &json!({}))),
        ("ends early", with(200, "x-total", "105", &json!([]))),
        ("has another length than before", with(200, "x-total", "7", &json!([]))),
        ("is no list", Reply::json(200, &json!({ "message": "ok" }))),
        ("leads back", with(200, "link", &first, &json!([])).with("x-total", "105")),
        ("leads elsewhere", with(200, "link", "<https://evil.example/git/api/v4/x>; rel=\"next\"", &json!([]))),
    ];
    for (what, reply) in lists {
        let fake = Fake::new();
        for number in 6..110 {
            let request = fake.state().request(number, "ada", HEAD);
            fake.state().requests.push(request);
        }
        fake.fail("page=2", usize::MAX, reply);
        let error = fake.client(PROJECT_TOKEN).open_pulls().expect_err(what);
        told(&error);
    }
}

#[test]
fn a_list_without_end_ends_row_136() {
    let fake = Fake::new();
    let page = hundred(&fake);
    fake.fail("merge_requests?", usize::MAX, Reply::json(200, &page));
    let error = fake.client(PROJECT_TOKEN).open_pulls().unwrap_err();
    assert!(told(&error).contains("200 pages"), "{error}");
}

#[test]
fn what_is_no_answer_is_an_error_and_is_not_repeated_row_137() {
    let replies = [
        text(b"<html>sign in SECRET</html>"),
        text(b""),
        text(b"{\"iid\": 5"),
        text(&b"[".repeat(200_000)),
        with(200, "content-encoding", "gzip", &json!("\u{1f}")),
        Reply::json(200, &json!({ "iid": "SECRET" })),
        text(b"[").in_manner(Manner::Endless),
    ];
    for reply in replies {
        let fake = Fake::new();
        fake.fail("merge_requests/5", usize::MAX, reply);
        told(&fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err());
    }
}

#[test]
fn no_token_goes_to_another_host_by_redirect_or_by_link_row_139() {
    let seen = Arc::new(Mutex::new(Vec::<Request>::new()));
    let heard = Arc::clone(&seen);
    let elsewhere = Server::start(move |request| {
        heard.lock().unwrap().push(request.clone());
        Reply::json(200, &json!([]))
    });
    let other = format!("http://127.0.0.1:{}{ROOT}/x", elsewhere.port);
    for status in [301, 302, 303, 307, 308] {
        for place in [other.as_str(), "//127.0.0.1/x", "/git/api/v4/../../x", "https://evil.example/git/api/v4/x"] {
            let fake = Fake::new();
            fake.fail("", usize::MAX, moved(status, place));
            let client = fake.client(PROJECT_TOKEN);
            assert!(told(&client.pull(&asked()).unwrap_err()).contains("not followed"));
            assert_eq!(fake.sent("").len(), 1);
        }
    }
    let fake = Fake::new();
    let page = with(200, "link", &format!("<{other}>; rel=\"next\""), &hundred(&fake));
    fake.fail("merge_requests?", usize::MAX, page);
    assert!(told(&fake.client(PROJECT_TOKEN).open_pulls().unwrap_err()).contains("not on the forge's address"));
    assert_eq!(seen.lock().unwrap().len(), 0, "somebody else was asked");
}

#[test]
fn a_read_follows_a_few_redirects_within_the_forge_and_a_write_none() {
    let fake = Fake::new();
    let place = format!("{}/projects/7/merge_requests/5", fake.base());
    fake.fail("acme%2Fshop/merge_requests/5", 1, moved(301, &place));
    assert_eq!(fake.client(PROJECT_TOKEN).pull(&asked()).unwrap().head, HEAD);
    let fake = Fake::new();
    let place = format!("{}/projects/7/merge_requests/5", fake.base());
    fake.fail("merge_requests/5", usize::MAX, moved(302, &place));
    told(&fake.client(PROJECT_TOKEN).pull(&asked()).unwrap_err());
    assert_eq!(fake.sent("").len(), 4);
    let fake = Fake::new();
    let place = format!("{}/projects/7/merge_requests/5/notes", fake.base());
    fake.fail("POST ", usize::MAX, moved(307, &place));
    let what =
        portcullis::forge::publication::Publication { number: 5, comment: Some("x".to_owned()), ..Default::default() };
    assert_eq!(fake.client(PROJECT_TOKEN).publish(&what).len(), 1);
    assert_eq!(fake.sent("POST ").len(), 1);
}

#[test]
fn a_file_of_certificates_that_is_none_is_an_error() {
    let fake = Fake::new();
    let mut settings = fake.settings(PROJECT_TOKEN);
    for pem in [b"".to_vec(), b"no certificate".to_vec(), b"-----BEGIN CERTIFICATE-----\nAAAA\n".to_vec()] {
        settings.authorities = Some(pem);
        let error = GitLab::new(settings.clone()).map(drop).unwrap_err();
        assert!(told(&error).contains("PEM") || told(&error).contains("TLS"), "{error}");
    }
}
