//! The line to GitHub: one request at a time, patient, bounded, and never to another host.
//!
//! Owns repetition, the pages of a list, and what is remembered of an answer so that asking twice costs nothing.
//! Must not know what is asked. Answers are bytes that somebody else chose: their size is bounded, and of a refusal only
//! the status is told.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use octocrab::Octocrab;
use reqwest::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::forge::ForgeError;
use crate::forge::address::{Address, linked};
use crate::forge::patience::{Answered, Attempt, Effect, Next, Patience};
use crate::forge::token::Token;

use super::Settings;
use super::connection::{client, unsent};

/// Bytes of one answer that are read.
const ANSWER_BYTES: usize = 20_000_000;

/// Pages of one list that are read, 100 entries each.
const PAGES: usize = 100;

/// Answers that are remembered, and the bytes of one.
const REMEMBERED: usize = 256;
const REMEMBERED_BYTES: usize = 500_000;

/// Redirects of one read that are followed, on the same host.
const REDIRECTS: usize = 3;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    fn effect(self) -> Effect {
        if self == Self::Get { Effect::Read } else { Effect::Write }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug, Default)]
struct Answer {
    status: u16,
    etag: Option<String>,
    link: Option<String>,
    location: Option<String>,
    /// What a classic token may, as its owner chose it; other tokens have no such list.
    scopes: Option<String>,
    body: Vec<u8>,
}

/// Why there was no answer that can be used.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// Status of the refusal, or 0 where there was none.
    pub(super) status: u16,
    /// What is told.
    pub(super) error: ForgeError,
}

/// What to do where something answers that is no GitHub.
const OTHER: &str = "check the address (GITHUB_API_URL or `--forge-url`); that of a GitHub Enterprise ends in /api/v3";

impl Trouble {
    fn with(mut self, remedy: &str) -> Self {
        remedy.clone_into(&mut self.error.remedy);
        self
    }

    /// Says whether the forge answered that this token may not, or that there is no such thing.
    pub(super) fn refused(&self) -> bool {
        matches!(self.status, 401 | 403 | 404 | 410 | 451)
    }
}

/// A client for one token.
pub(super) struct Line {
    client: Octocrab,
    address: Address,
    remembered: RefCell<BTreeMap<String, Answer>>,
}

impl Line {
    /// Makes a line; nothing is sent yet.
    ///
    /// # Errors
    /// With a sentence where the certificates cannot be read.
    pub(super) fn new(settings: &Settings, token: Option<&Token>, runtime: &Runtime) -> Result<Self, String> {
        let client = client(settings, token, runtime)?;
        Ok(Self { client, address: settings.address.clone(), remembered: RefCell::default() })
    }

    /// Asks for one thing.
    pub(super) async fn get<T: DeserializeOwned>(&self, patience: &Patience, path: &str) -> Result<T, Trouble> {
        let answer = self.read(patience, path).await?;
        decoded(Method::Get, path, &answer.body)
    }

    /// Asks for one thing, and for the scopes of the token where it is one that has them.
    pub(super) async fn scoped<T: DeserializeOwned>(
        &self,
        patience: &Patience,
        path: &str,
    ) -> Result<(T, Option<String>), Trouble> {
        let answer = self.read(patience, path).await?;
        Ok((decoded(Method::Get, path, &answer.body)?, answer.scopes))
    }

    /// Asks for a list to its end.
    pub(super) async fn all<T: DeserializeOwned>(&self, patience: &Patience, path: &str) -> Result<Vec<T>, Trouble> {
        self.all_in(patience, path, |page: Vec<T>| page).await
    }

    /// Asks for a list whose pages are wrapped, to its end.
    pub(super) async fn all_in<P: DeserializeOwned, T>(
        &self,
        patience: &Patience,
        path: &str,
        entries: fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, Trouble> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{path}{joint}per_page=100"));
        let (mut found, mut seen, mut last) = (Vec::new(), BTreeSet::new(), 0);
        while let Some(page) = next {
            let broken = |why: &str| trouble(Method::Get, path, 0, why.to_owned());
            if seen.len() == PAGES || !seen.insert(page.clone()) {
                return Err(broken("the list has no end"));
            }
            let answer = self.read(patience, &page).await?;
            found.extend(entries(decoded::<P>(Method::Get, path, &answer.body)?));
            let link = answer.link.as_deref().unwrap_or_default();
            let pages = linked(link, "last").and_then(page_number).unwrap_or(0);
            // SAFETY-OF-GATE: entries that moved to a page already read would be missing without a word.
            if pages < last && linked(link, "next").is_some() {
                return Err(broken("the list became shorter while it was read"));
            }
            last = last.max(pages);
            next = match linked(link, "next") {
                Some(target) => {
                    let inside = self.address.inside(target);
                    Some(inside.ok_or_else(|| broken("a page of the list is said to be on another host"))?.to_owned())
                }
                None => None,
            };
        }
        Ok(found)
    }

    /// Writes, and returns what the forge made of it.
    pub(super) async fn write<T: DeserializeOwned>(
        &self,
        patience: &Patience,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, Trouble> {
        let answer = self.patiently(patience, method, path, Some(body)).await?;
        accepted(method, path, &answer)?;
        decoded(method, path, &answer.body)
    }

    /// Takes something away.
    pub(super) async fn delete(&self, patience: &Patience, path: &str) -> Result<(), Trouble> {
        let answer = self.patiently(patience, Method::Delete, path, None).await?;
        accepted(Method::Delete, path, &answer)
    }

    /// Reads one page, following redirects on the same host, and not again what has not changed.
    async fn read(&self, patience: &Patience, path: &str) -> Result<Answer, Trouble> {
        let mut place = path.to_owned();
        for _ in 0..=REDIRECTS {
            let answer = self.patiently(patience, Method::Get, &place, None).await?;
            if answer.status == 304 {
                let known = self.remembered.borrow().get(&place).cloned();
                return known.ok_or_else(|| trouble(Method::Get, path, 304, "the answer is empty".to_owned()));
            }
            if !matches!(answer.status, 301 | 302 | 307 | 308) {
                accepted(Method::Get, path, &answer)?;
                self.remember(&place, &answer);
                return Ok(answer);
            }
            let target = answer.location.as_deref().and_then(|location| self.address.inside(location));
            let foreign = || trouble(Method::Get, path, answer.status, "it is said to be on another host".to_owned());
            place = target.ok_or_else(foreign)?.to_owned();
        }
        Err(trouble(Method::Get, path, 0, "it is redirected without end".to_owned()))
    }

    fn remember(&self, place: &str, answer: &Answer) {
        let mut remembered = self.remembered.borrow_mut();
        if answer.etag.is_some() && answer.body.len() <= REMEMBERED_BYTES && remembered.len() < REMEMBERED {
            remembered.insert(place.to_owned(), answer.clone());
        }
    }

    /// Sends a request until it is answered or there is no reason to send it again.
    async fn patiently(
        &self,
        patience: &Patience,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Trouble> {
        let mut number = 0;
        loop {
            number += 1;
            let left = patience.left();
            let sent = if left.is_zero() { Err(Lost::Late) } else { self.once(left, method, path, body).await };
            let attempt = match &sent {
                Ok((_, answered)) => Attempt::Answered(answered.clone()),
                Err(Lost::Unsent) => Attempt::NotSent,
                Err(Lost::Unheard) => Attempt::Lost,
                Err(Lost::TooLarge) => return Err(trouble(method, path, 0, "the answer is too large".to_owned())),
                Err(Lost::Late) => {
                    let why = "the forge did not answer in the time that this run may take";
                    return Err(trouble(method, path, 0, why.to_owned()));
                }
            };
            match (patience.next(method.effect(), path, number, &attempt), sent) {
                (Next::Wait(pause), _) => tokio::time::sleep(pause).await,
                (Next::Stop(why), _) if attempt == Attempt::NotSent => {
                    let host = self.address.host();
                    let remedy = format!(
                        "is {host} right? Check GITHUB_API_URL or `--forge-url`, the proxy's variables and, for certificates \
                         of your own, PORTCULLIS_CA_FILE"
                    );
                    return Err(trouble(method, path, 0, why).with(&remedy));
                }
                (Next::Stop(why), _) => return Err(trouble(method, path, 0, why)),
                (Next::Take, Ok((answer, _))) => return Ok(answer),
                (Next::Take, Err(_)) => return Err(trouble(method, path, 0, "no answer came back".to_owned())),
            }
        }
    }

    async fn once(
        &self,
        left: Duration,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(Answer, Answered), Lost> {
        tokio::time::timeout(left, self.exchange(method, path, body)).await.unwrap_or(Err(Lost::Unheard))
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(Answer, Answered), Lost> {
        let uri = self.address.below(path);
        let response = match method {
            Method::Get => self.client._get_with_headers(uri, self.known(path)).await,
            Method::Post => self.client._post(uri, body).await,
            Method::Patch => self.client._patch(uri, body).await,
            Method::Delete => self.client._delete(uri, body).await,
        };
        let response = response.map_err(|error| if unsent(&error) { Lost::Unsent } else { Lost::Unheard })?;
        let response = reqwest::Response::from(response.map(reqwest::Body::wrap));
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let owned = |name: &str| header(name).map(str::to_owned);
        let mut answer = Answer {
            status: response.status().as_u16(),
            etag: owned("etag"),
            link: owned("link"),
            location: owned("location"),
            scopes: owned("x-oauth-scopes"),
            body: Vec::new(),
        };
        let headers = response.headers().clone();
        read_body(response, &mut answer.body).await?;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let text = if answer.status == 403 { String::from_utf8_lossy(&answer.body) } else { "".into() };
        let answered = Answered::read(answer.status, &header, &text);
        Ok((answer, answered))
    }

    /// Returns the header that asks only for what has changed.
    fn known(&self, path: &str) -> Option<HeaderMap> {
        let remembered = self.remembered.borrow();
        let etag = HeaderValue::from_str(remembered.get(path)?.etag.as_deref()?).ok()?;
        Some(HeaderMap::from_iter([(IF_NONE_MATCH, etag)]))
    }
}

/// How an exchange failed.
enum Lost {
    Unsent,
    Unheard,
    TooLarge,
    Late,
}

async fn read_body(mut response: reqwest::Response, body: &mut Vec<u8>) -> Result<(), Lost> {
    while let Some(chunk) = response.chunk().await.map_err(|_| Lost::Unheard)? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(Lost::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

fn accepted(method: Method, path: &str, answer: &Answer) -> Result<(), Trouble> {
    let remedy = match answer.status {
        200..=299 => return Ok(()),
        401 => "check the token in PORTCULLIS_TOKEN or GITHUB_TOKEN: it may have ended, or be one of another forge",
        300..=399 => OTHER,
        500.. => "run it again when the forge answers",
        _ => "",
    };
    let why = match answer.status {
        401 => "the token is missing or not accepted (401)".to_owned(),
        403 => "the token may not do this (403)".to_owned(),
        404 => "there is no such thing, or the token may not see it (404)".to_owned(),
        422 => "the forge does not accept what was sent (422)".to_owned(),
        status @ 300..=399 => format!("the forge points elsewhere, which is not followed ({status})"),
        status @ 500.. => format!("the forge failed ({status})"),
        status => format!("the forge refused ({status})"),
    };
    Err(trouble(method, path, answer.status, why).with(remedy))
}

fn decoded<T: DeserializeOwned>(method: Method, path: &str, body: &[u8]) -> Result<T, Trouble> {
    // The fault is not repeated: it quotes the answer.
    serde_json::from_slice(body)
        .map_err(|_| trouble(method, path, 0, "the answer is not what was asked for".to_owned()).with(OTHER))
}

/// Makes a trouble; the query is left out, as it may hold what nobody needs to see.
pub(super) fn trouble(method: Method, path: &str, status: u16, why: String) -> Trouble {
    let plain = path.split('?').next().unwrap_or_default();
    let request = format!("{} {plain}", method.word());
    Trouble { status, error: ForgeError { request, why, remedy: String::new() } }
}

fn page_number(link: &str) -> Option<u64> {
    let query = link.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("page="))?.parse().ok()
}
