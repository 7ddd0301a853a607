//! What happens when the way, the server or somebody on the way is bad.

use std::time::Duration;

use portcullis::clock::Stopwatch;
use portcullis::forge::{Forge as _, ForgeError};
use serde_json::json;

use super::hub::{FORK, HEAD, Hub, WORKFLOW, Watched, review};
use super::publishing::status;
use super::reading::asked;
use super::server::{Manner, Reply, Server};

fn failing(hub: &Hub) -> ForgeError {
    hub.client(FORK).pull(&asked()).expect_err("it must not be read")
}

#[test]
fn a_read_is_asked_again_and_a_write_is_not_row_135() {
    for status_code in [500, 502, 503, 504] {
        let hub = Hub::new();
        hub.fault("GET", "/reviews", 2, Reply::json(status_code, &json!({})));
        hub.fault("POST", "/statuses", 1, Reply::json(status_code, &json!({})));
        assert!(hub.client(WORKFLOW).pull(&asked()).is_ok(), "{status_code}");
        assert_eq!(hub.count("GET", "/reviews"), 3);
        let notices = hub.client(WORKFLOW).publish(&status());
        assert_eq!((notices.len(), hub.count("POST", "/statuses")), (1, 1), "{notices:?}");
    }
}

#[test]
fn a_server_that_stays_down_ends_the_reading_row_135() {
    let hub = Hub::new();
    hub.fault("GET", "/commits", 99, Reply::json(502, &json!({})));
    assert!(failing(&hub).why.contains("502"));
    assert_eq!(hub.count("GET", "/commits"), 4);
}

#[test]
fn an_answer_that_is_cut_off_or_never_comes_is_asked_for_again_row_135() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
    hub.fault("GET", "/reviews", 1, Reply::json(200, &json!([])).in_manner(Manner::Silent));
    hub.fault("GET", "/reviews", 1, Reply::json(200, &json!([{"state": "DISMISSED"}])).in_manner(Manner::Cut));
    assert_eq!(hub.client(FORK).pull(&asked()).unwrap().opinions.len(), 1);
    hub.fault("POST", "/statuses", 1, Reply::json(201, &json!({})).in_manner(Manner::Silent));
    let notices = hub.client(WORKFLOW).publish(&status());
    assert!(notices[0].contains("not sent twice"), "{notices:?}");
    assert_eq!(hub.count("POST", "/statuses"), 1);
}

#[test]
fn nobody_at_home_is_told_within_the_deadline_row_135() {
    let hub = Hub::new();
    let mut settings = hub.settings(FORK);
    settings.address = portcullis::forge::address::Address::parse("http://127.0.0.1:1").unwrap();
    let client = Watched::new(settings);
    assert_eq!(client.pull(&asked()).unwrap_err().why, "the forge cannot be reached");
    assert!(client.publish(&status())[0].contains("cannot be reached"));
}

#[test]
fn a_connection_that_cannot_be_encrypted_is_none_row_135() {
    let hub = Hub::new();
    let mut settings = hub.settings(FORK);
    let encrypted = settings.address.to_string().replace("http://", "https://");
    settings.address = portcullis::forge::address::Address::parse(&encrypted).unwrap();
    // On a machine without any certificates there is not even a client.
    if let Ok(client) = portcullis::forge::github::GitHub::new(settings) {
        assert_eq!(client.pull(&asked()).unwrap_err().why, "the forge cannot be reached");
    }
    assert_eq!(hub.count("GET", ""), 0);
}

#[test]
fn a_wait_that_is_asked_for_is_kept_row_134() {
    let hub = Hub::new();
    hub.fault("GET", "/reviews", 1, Reply::json(429, &json!({})).with("retry-after", "1"));
    hub.fault("POST", "/statuses", 1, Reply::json(403, &json!({})).with("retry-after", "1"));
    let start = Stopwatch::start();
    assert!(hub.client(WORKFLOW).pull(&asked()).is_ok());
    assert_eq!(hub.client(WORKFLOW).publish(&status()), Vec::<String>::new(), "a refusal for the rate did nothing");
    assert!(start.elapsed() >= Duration::from_secs(2));
}

#[test]
fn a_wait_of_an_hour_is_not_kept_row_134() {
    let date = "Thu, 01 Jan 2099 00:00:00 GMT";
    let limited = Reply::json(403, &json!({})).with("x-ratelimit-remaining", "0").with("date", date);
    for reply in [
        Reply::json(429, &json!({})).with("retry-after", "3600"),
        Reply::json(403, &json!({"message": "You have exceeded a secondary rate limit"})).with("retry-after", "3600"),
        limited.with("x-ratelimit-reset", "4070912400"),
    ] {
        let hub = Hub::new();
        hub.fault("GET", "/pulls/7", 1, reply);
        let start = Stopwatch::start();
        let error = failing(&hub);
        assert!(error.why.contains("the forge asks to wait 360"), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn the_deadline_holds_against_a_server_that_drips_row_135() {
    let hub = Hub::new();
    let long = json!(vec!["word"; 1_000]);
    hub.fault("GET", "/reviews", 99, Reply::json(200, &long).in_manner(Manner::Dripped));
    let mut settings = hub.settings(FORK);
    settings.task_ms = 700;
    let start = Stopwatch::start();
    let error = Watched::new(settings).pull(&asked()).unwrap_err();
    assert!(error.why.contains("in the time that this run may take"), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn half_a_list_is_no_list_row_136() {
    let hub = Hub::new();
    hub.state().page = 1;
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1), review("bob", "CHANGES_REQUESTED", HEAD, 2)];
    hub.fault("GET", "page=2", 99, Reply::json(500, &json!({})));
    assert_eq!(failing(&hub).request, "GET /repos/acme/shop/pulls/7/reviews");
}

#[test]
fn links_in_a_ring_end_the_list_row_136() {
    let hub = Hub::new();
    let base = hub.settings(FORK).address.below("/repos/acme/shop/pulls/7/reviews?per_page=100");
    let ring = Reply::json(200, &json!([])).with("link", &format!("<{base}>; rel=\"next\""));
    hub.fault("GET", "/reviews", 99, ring);
    assert_eq!(failing(&hub).why, "the list has no end");
    assert!(hub.count("GET", "/reviews") < 5);
}

#[test]
fn a_list_that_becomes_shorter_is_not_believed_row_136() {
    let hub = Hub::new();
    hub.state().page = 1;
    hub.state().reviews = (1..6).map(|minute| review("bob", "APPROVED", HEAD, minute)).collect();
    hub.after("/reviews", |state| {
        state.reviews.drain(..2);
    });
    assert_eq!(failing(&hub).why, "the list became shorter while it was read");
}

#[test]
fn what_is_not_json_or_another_thing_is_no_answer_row_137() {
    for body in ["", "<html>login</html>", "{\"state\":", "[1,2]", "null"] {
        let hub = Hub::new();
        let mut reply = Reply::json(200, &json!({}));
        reply.body = body.as_bytes().to_vec();
        hub.fault("GET", "/pulls/7", 99, reply);
        let error = failing(&hub);
        assert_eq!(error.why, "the answer is not what was asked for", "{body}");
    }
}

#[test]
fn an_answer_without_end_is_not_read_to_its_end_row_137() {
    let hub = Hub::new();
    hub.fault("GET", "/reviews", 1, Reply::json(200, &json!([])).in_manner(Manner::Endless));
    assert_eq!(failing(&hub).why, "the answer is too large");
}

#[test]
fn a_compressed_answer_is_not_unpacked_row_137() {
    let hub = Hub::new();
    hub.fault("GET", "/reviews", 1, Reply::json(200, &json!([])).with("content-encoding", "gzip"));
    // The bytes are taken as they are: no bomb goes off, and what is no JSON is no answer.
    assert!(hub.client(FORK).pull(&asked()).is_ok());
    assert!(hub.state().log.iter().all(|request| !request.headers.contains_key("accept-encoding")));
}

#[test]
fn the_token_never_goes_to_another_host_row_139() {
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&seen);
    let evil = Server::start(move |_| {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Reply::json(200, &json!([]))
    });
    let foreign = format!("http://127.0.0.1:{}/repos/acme/shop/pulls/7/reviews?page=2", evil.port);
    let linked = Hub::new();
    linked.fault(
        "GET",
        "/reviews",
        99,
        Reply::json(200, &json!([])).with("link", &format!("<{foreign}>; rel=\"next\"")),
    );
    assert_eq!(failing(&linked).why, "a page of the list is said to be on another host");
    for code in [301, 302, 307, 308] {
        let hub = Hub::new();
        hub.fault("GET", "/reviews", 99, Reply::json(code, &json!({})).with("location", &foreign));
        hub.fault("POST", "/statuses", 1, Reply::json(code, &json!({})).with("location", &foreign));
        assert_eq!(failing(&hub).why, "it is said to be on another host");
        assert!(hub.client(WORKFLOW).publish(&status())[0].contains("not followed"));
    }
    assert_eq!(seen.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[test]
fn a_repository_that_moved_on_the_same_host_is_read_row_139() {
    let hub = Hub::new();
    hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
    let here = hub.settings(FORK).address.below("/repos/acme/shop/pulls/7/reviews?per_page=99");
    hub.fault("GET", "/reviews?per_page=100", 1, Reply::json(301, &json!({})).with("location", &here));
    assert_eq!(hub.client(FORK).pull(&asked()).unwrap().opinions.len(), 1);
    let ring = hub.settings(FORK).address.below("/repos/acme/shop/pulls/7/reviews?per_page=100");
    hub.fault("GET", "/reviews", 99, Reply::json(302, &json!({})).with("location", &ring));
    assert_eq!(failing(&hub).why, "it is redirected without end");
}

#[test]
fn an_answer_that_nothing_has_changed_is_not_taken_where_nothing_was_known() {
    let hub = Hub::new();
    let mut reply = Reply::json(304, &json!({}));
    reply.body.clear();
    hub.fault("GET", "/reviews", 99, reply);
    assert_eq!(failing(&hub).why, "the answer is empty");
}
