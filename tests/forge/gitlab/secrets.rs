//! Tokens stay where they belong.
//!
//! Every token of the fake holds one word. What the client says is looked through for it in every way that it says
//! anything, while the forge repeats all tokens in all its answers.

use portcullis::change::Environment;
use portcullis::forge::gitlab::{GitLab, Settings};
use portcullis::forge::target::{Subject, Target};
use portcullis::forge::token::Token;
use portcullis::forge::{Asked, Forge};
use serde_json::json;

use super::fake::{Fake, GROUP_TOKEN, HEAD, JOB_TOKEN, PROJECT_TOKEN, READER_TOKEN, no_token, told};
use super::publishing::everything;
use super::server::{Manner, Reply};

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn target(subject: Subject, authorities: Option<&str>) -> Target {
    Target {
        kind: "gitlab",
        project: "acme/shop".to_owned(),
        subject,
        head: HEAD.to_owned(),
        made: String::new(),
        authorities: authorities.map(str::to_owned),
    }
}

#[test]
fn no_token_is_in_anything_that_is_said_row_143() {
    let echo = json!({ "message": format!("{PROJECT_TOKEN} {READER_TOKEN} {JOB_TOKEN} {GROUP_TOKEN} SECRET") });
    let scenes = [
        None,
        Some(Reply::json(400, &echo)),
        Some(Reply::json(401, &echo)),
        Some(Reply::json(403, &echo)),
        Some(Reply::json(404, &echo)),
        Some(Reply::json(429, &echo).with("retry-after", "3600")),
        Some(Reply::json(500, &echo)),
        Some(Reply::json(200, &echo)),
        Some(Reply::json(302, &echo).with("location", "https://evil.example/SECRET")),
        Some(Reply::json(200, &json!([])).with("link", "<https://evil.example/SECRET>; rel=\"next\"")),
        Some(Reply::json(200, &echo).in_manner(Manner::Cut)),
        Some(Reply::json(200, &echo).in_manner(Manner::Silent)),
    ];
    for scene in scenes {
        for token in [PROJECT_TOKEN, READER_TOKEN, JOB_TOKEN, "glpat-SECRETwrong"] {
            let fake = Fake::new();
            if let Some(reply) = &scene {
                fake.fail("", usize::MAX, reply.clone());
            }
            let mut settings = fake.settings(token);
            settings.tokens.organisation = Token::new(GROUP_TOKEN);
            no_token(&format!("{settings:?} {settings:#?}"));
            let client = GitLab::new(settings).unwrap();
            let asked = Asked { number: 5, teams: vec!["acme/platform".to_owned()], open_changes: true };
            match client.pull(&asked) {
                Ok(state) => no_token(&format!("{state:?} {}", serde_json::to_string(&state).unwrap())),
                Err(error) => no_token(&told(&error)),
            }
            no_token(&format!(
                "{:?} {:?} {:?} {:?}",
                client.open_pulls(),
                client.pull_of(HEAD),
                client.ends(5),
                client.with_head(HEAD, None)
            ));
            no_token(&format!("{:?}", client.publish(&everything())));
        }
    }
}

#[test]
fn a_project_token_goes_before_the_token_of_the_job() {
    let of = |pairs: &[(&str, &str)], subject| Settings::of(&target(subject, None), None, &environment(pairs)).unwrap();
    let job = ("CI_JOB_TOKEN", JOB_TOKEN);
    let settings = of(&[job, ("CI_PIPELINE_ID", "41"), ("CI_JOB_ID", "9")], Subject::Change(5));
    assert_eq!((settings.job_token, settings.tokens.project), (true, Token::new(JOB_TOKEN)));
    assert_eq!((settings.pipeline, settings.seed.as_str()), (Some(41), "9"));
    let settings = of(&[job, ("GITLAB_TOKEN", PROJECT_TOKEN), ("CI_PIPELINE_ID", "41")], Subject::AllOpen);
    assert_eq!((settings.job_token, settings.tokens.project), (false, Token::new(PROJECT_TOKEN)));
    assert_eq!(settings.pipeline, None, "a scheduled pipeline is none of a merge request");
    assert!(of(&[("CI_JOB_TOKEN", "old"), ("GITLAB_TOKEN", "old")], Subject::AllOpen).job_token, "the same by value");
    let settings = of(&[("CI_API_V4_URL", "https://git.corp/below/api/v4")], Subject::AllOpen);
    assert_eq!(settings.address.to_string(), "https://git.corp/below/api/v4");
    let error = GitLab::new(settings).map(drop).unwrap_err();
    assert!(told(&error).contains("there is no token") && told(&error).contains("PORTCULLIS_TOKEN"));
}

#[test]
fn settings_that_cannot_be_used_are_an_error_row_143() {
    let none = target(Subject::Nothing, Some("/nonexistent/ca.pem"));
    let secret = environment(&[("GITLAB_TOKEN", PROJECT_TOKEN)]);
    assert!(told(&Settings::of(&none, None, &secret).unwrap_err()).contains("CI_SERVER_TLS_CA_FILE"));
    let address = Some("https://user:SECRET@git.corp/api/v4");
    told(&Settings::of(&target(Subject::Nothing, None), address, &secret).unwrap_err());
    told(&Settings::of(&target(Subject::Nothing, None), Some("http://git.corp/api/v4"), &secret).unwrap_err());
}
