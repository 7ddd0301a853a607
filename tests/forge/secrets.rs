//! Tokens stay where they belong.
//!
//! All tokens of the fake hold the word that is looked for. What the client says is looked through in every way it says
//! anything: errors, notices, states, shapes printed for debugging.

use std::fmt::Write as _;

use portcullis::forge::github::GitHub;
use portcullis::forge::token::Token;
use portcullis::forge::{Asked, Forge as _};
use serde_json::json;

use super::hub::{FORK, HEAD, Hub, ORGANISATION, PERSON, WORKFLOW, review};
use super::publishing::everything;
use super::server::{Manner, Reply};

const WORD: &str = "SECRET";

/// Returns everything that a client says in one scene.
fn said(hub: &Hub, token: &str) -> String {
    let mut settings = hub.settings(token);
    settings.tokens.organisation = Token::new(ORGANISATION);
    settings.task_ms = 2_000;
    let mut text = format!("{settings:?} {settings:#?}");
    let client = GitHub::new(settings).unwrap();
    let asked = Asked { number: 7, teams: vec!["acme/payments".to_owned()], open_changes: true };
    let pull = client.pull(&asked);
    write!(text, "{pull:?}").unwrap();
    match &pull {
        Ok(state) => text.push_str(&serde_json::to_string(state).unwrap()),
        Err(error) => write!(text, "{error} {:?}", std::error::Error::source(error)).unwrap(),
    }
    write!(text, "{:?} {:?}", client.open_pulls("main"), client.pull_of(HEAD)).unwrap();
    write!(text, "{:?}", client.publish(&everything())).unwrap();
    text
}

#[test]
fn no_token_is_in_anything_that_is_said_row_143() {
    let echo = json!({"message": format!("Bad credentials: {WORKFLOW} {PERSON} {FORK} {ORGANISATION}")});
    let scenes = [
        None,
        Some(Reply::json(401, &echo)),
        Some(Reply::json(403, &echo)),
        Some(Reply::json(422, &echo)),
        Some(Reply::json(429, &echo).with("retry-after", "3600")),
        Some(Reply::json(500, &echo)),
        Some(Reply::json(200, &echo)),
        Some(Reply::json(302, &echo).with("location", &format!("https://evil.example/{PERSON}"))),
        Some(Reply::json(200, &echo).in_manner(Manner::Cut)),
        Some(Reply::json(200, &echo).in_manner(Manner::Silent)),
    ];
    for (index, scene) in scenes.into_iter().enumerate() {
        for token in [WORKFLOW, PERSON, FORK, "ghs_SECRETwrong"] {
            let hub = Hub::new();
            hub.state().reviews = vec![review("bob", "APPROVED", HEAD, 1)];
            if let Some(reply) = &scene {
                for method in ["GET", "POST"] {
                    hub.fault(method, "/", u32::MAX, reply.clone());
                }
            }
            let said = said(&hub, token);
            assert!(!said.contains(WORD), "scene {index}: {said}");
        }
    }
}

#[test]
fn a_token_goes_in_one_header_and_nowhere_else_row_143() {
    let hub = Hub::new();
    said(&hub, WORKFLOW);
    for request in &hub.state().log {
        let authorised = &request.headers["authorization"];
        assert!(authorised.starts_with("Bearer ghs_SECRET") || authorised.ends_with(ORGANISATION), "{request:?}");
        assert!(!request.target.contains(WORD));
        assert!(!String::from_utf8_lossy(&request.body).contains(WORD));
        let elsewhere = request.headers.iter().filter(|(name, value)| *name != "authorization" && value.contains(WORD));
        assert_eq!(elsewhere.count(), 0, "{request:?}");
        let organisation = authorised.ends_with(ORGANISATION);
        assert_eq!(organisation, request.target.starts_with("/orgs/"), "each token is sent for its own purpose");
    }
}
