//! Asking GitLab: repetition, pages, and what a refusal means.
//!
//! Owns the way from a call to its typed answer. A list is whole or an error, never a part. Must not know what an answer
//! is for. No error has a header, a query or a body of an answer in it.

use std::collections::BTreeSet;

use bytes::Bytes;
use gitlab::api::{ApiError, AsyncClient as _, Endpoint as _};
use http::{HeaderMap, Request, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::runtime::{Builder, Runtime};

use super::Settings;
use super::calls::{Call, PAGE};
use super::connection::{Broken, Connection};
use crate::clock::Deadline;
use crate::forge::address::linked;
use crate::forge::patience::{Answered, Attempt, Effect, Next, Patience};
use crate::forge::{ForgeError, NEIGHBOURS_MS};

/// No list has more pages than this.
const PAGES: usize = 200;

/// The pages of one list have no more bytes than this together.
const LIST_BYTES: usize = 100_000_000;

/// So many redirects of one read are followed.
const REDIRECTS: usize = 3;

/// GitLab, ready to be asked.
pub(super) struct Api {
    runtime: Runtime,
    connection: Connection,
    settings: Settings,
}

/// One task: several calls that end at one deadline.
pub(super) struct Asking<'a> {
    api: &'a Api,
    patience: Patience,
    /// Whether something is to be written in the end, for which reading rights would not do.
    writing: bool,
}

impl Api {
    pub(super) fn new(settings: Settings) -> Result<Self, ForgeError> {
        let connection = Connection::new(&settings)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| ForgeError {
            request: format!("connection to {}", settings.address.host()),
            why: format!("the system gives no event queue: {}", error.kind()),
            remedy: "run it again where the system has room".to_owned(),
        })?;
        Ok(Self { runtime, connection, settings })
    }

    /// Begins a task whose time starts now.
    pub(super) fn begin(&self) -> Asking<'_> {
        let deadline = Deadline::after_ms(self.settings.task_ms);
        let patience = Patience::new(deadline, self.settings.pause, &self.settings.seed);
        Asking { api: self, patience, writing: false }
    }

    /// Begins a task for whose answer nobody waits long.
    pub(super) fn begin_short(&self) -> Asking<'_> {
        let deadline = Deadline::after_ms(self.settings.task_ms.min(NEIGHBOURS_MS));
        let patience = Patience::new(deadline, self.settings.pause, &self.settings.seed);
        Asking { api: self, patience, writing: false }
    }

    /// Begins a task that writes something.
    pub(super) fn begin_writing(&self) -> Asking<'_> {
        Asking { writing: true, ..self.begin() }
    }

    /// Returns what the token may not do, as an error.
    fn refused(&self, call: &Call, status: u16, writing: bool) -> ForgeError {
        let job = self.settings.job_token;
        let needed = if call.reads() && !writing { "`read_api`" } else { "`api` and at least the role Developer" };
        let why = match status {
            401 | 403 | 404 if job => format!("GitLab answers {status}: CI_JOB_TOKEN may not do this"),
            401 => "GitLab answers 401: it does not know the token, or the token has ended".to_owned(),
            403 => "GitLab answers 403: the token may not do this".to_owned(),
            404 => "GitLab answers 404: there is no such thing, or the token may not see it".to_owned(),
            300..=399 => format!("GitLab answers {status} and names another place, which is not followed"),
            _ => format!("GitLab answers {status}"),
        };
        let remedy = match status {
            401 | 403 | 404 => {
                format!(
                    "put a project or group access token with the scope {needed} into GITLAB_TOKEN (or PORTCULLIS_TOKEN, which goes before it)"
                )
            }
            _ => String::new(),
        };
        ForgeError { request: call.name(), why, remedy }
    }
}

/// A whole answer, whatever its status.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// What became of something that was sent.
pub(super) enum Sent {
    Accepted,
    Refused(Box<Answer>, ForgeError),
}

impl Sent {
    /// Returns the error where it was refused.
    pub(super) fn accepted(self) -> Result<(), ForgeError> {
        match self {
            Self::Accepted => Ok(()),
            Self::Refused(_, error) => Err(error),
        }
    }
}

impl Answer {
    /// Says whether the refusal speaks of this; what it says is never repeated.
    pub(super) fn speaks_of(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(words)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ForgeError> {
        // The fault is not repeated: it would quote the answer.
        serde_json::from_slice(&self.body).map_err(|_| ForgeError {
            request: call.name(),
            why: "the answer is not what GitLab's interface gives".to_owned(),
            remedy: "check the address of the forge, and what stands between".to_owned(),
        })
    }
}

impl Asking<'_> {
    /// Asks for one thing, or sends one.
    pub(super) fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ForgeError> {
        let answer = self.answer(call)?;
        match answer.status {
            200..=299 => answer.read(call),
            status => Err(self.api.refused(call, status, self.writing)),
        }
    }

    /// Asks for one thing that may not be there.
    pub(super) fn ask_if_any<T: DeserializeOwned>(&self, call: &Call) -> Result<Option<T>, ForgeError> {
        let answer = self.answer(call)?;
        match answer.status {
            200..=299 => answer.read(call).map(Some),
            404 if !self.api.settings.job_token => Ok(None),
            status => Err(self.api.refused(call, status, self.writing)),
        }
    }

    /// Says whether the token is the one of a job, to which much answers as if it were not there.
    pub(super) fn is_job(&self) -> bool {
        self.api.settings.job_token
    }

    /// Asks for a whole list that may not be there.
    pub(super) fn list_if_any<T: DeserializeOwned>(&self, call: &Call) -> Result<Option<Vec<T>>, ForgeError> {
        match self.ask_if_any::<IgnoredAny>(call)? {
            Some(_) => self.list(call).map(Some),
            None => Ok(None),
        }
    }

    /// Sends something for its effect.
    pub(super) fn send(&self, call: &Call) -> Result<(), ForgeError> {
        self.try_send(call)?.accepted()
    }

    /// Sends something whose refusal may mean more than its error says.
    pub(super) fn try_send(&self, call: &Call) -> Result<Sent, ForgeError> {
        let answer = self.answer(call)?;
        Ok(match answer.status {
            200..=299 => Sent::Accepted,
            status => Sent::Refused(Box::new(answer), self.api.refused(call, status, self.writing)),
        })
    }

    /// Asks for a whole list.
    ///
    /// # Errors
    /// When a page is missing, comes twice, leads elsewhere, or the list changes its length meanwhile.
    pub(super) fn list<T: DeserializeOwned>(&self, call: &Call) -> Result<Vec<T>, ForgeError> {
        let partial = |why: &str| ForgeError {
            request: call.name(),
            why: format!("the list is not whole: {why}"),
            remedy: "run again".to_owned(),
        };
        let mut rows: Vec<T> = Vec::new();
        let mut url = self.url(call)?;
        let (mut asked, mut bytes, mut total) = (BTreeSet::new(), 0_usize, None);
        for number in 1..=PAGES {
            if !asked.insert(url.clone()) {
                return Err(partial("a page leads back to an earlier one"));
            }
            let answer = self.attempts(call, &url)?;
            if !(200..=299).contains(&answer.status) {
                return Err(self.api.refused(call, answer.status, self.writing));
            }
            bytes = bytes.saturating_add(answer.body.len());
            if bytes > LIST_BYTES {
                return Err(partial("it has more than 100 MB"));
            }
            let page: Vec<T> = answer.read(call)?;
            let full = page.len() >= PAGE;
            rows.extend(page);
            let says = answer.header("x-total").and_then(|value| value.trim().parse::<usize>().ok());
            if total.replace(says).is_some_and(|before| before != says) {
                return Err(partial("its length changed while it was read"));
            }
            match self.next(call, &answer, full, number).map_err(partial)? {
                Some(next) => url = next,
                None if call.is_counted() && says.is_some_and(|all| all != rows.len()) => {
                    return Err(partial("it has another length than GitLab says"));
                }
                None => return Ok(rows),
            }
        }
        Err(partial("it has more than 200 pages"))
    }

    /// Returns where the next page is: as the `Link` says, else by the number that GitLab gives, else the next number
    /// after a full page.
    fn next(&self, call: &Call, answer: &Answer, full: bool, number: usize) -> Result<Option<String>, &'static str> {
        let numbered = |page: usize| self.url(&call.clone().with("page", page)).map(Some).map_err(|_| "a bad address");
        if let Some(links) = answer.header("link") {
            let Some(link) = linked(links, "next") else { return Ok(None) };
            let address = self.api.connection.address();
            let below = address.inside(link).ok_or("its next page is not on the forge's address")?;
            return Ok(Some(address.below(below)));
        }
        match answer.header("x-next-page").map(str::trim) {
            Some("") => Ok(None),
            Some(page) => numbered(page.parse().map_err(|_| "its next page has no number")?),
            // A proxy may take headers away; an empty page ends the list then.
            None if full => numbered(number.saturating_add(1)),
            None => Ok(None),
        }
    }

    fn url(&self, call: &Call) -> Result<String, ForgeError> {
        let built = call.url_base().endpoint_for(&self.api.connection, &call.endpoint());
        let mut url = built.map_err(|_| ForgeError {
            request: call.name(),
            why: "the address of the forge and this path make no address".to_owned(),
            remedy: String::new(),
        })?;
        call.parameters().add_to_url(&mut url);
        Ok(url.as_str().trim_end_matches('?').to_owned())
    }

    fn answer(&self, call: &Call) -> Result<Answer, ForgeError> {
        self.attempts(call, &self.url(call)?)
    }

    /// Sends until there is an answer to take, or none to be had; follows a read within the forge's own address.
    fn attempts(&self, call: &Call, url: &str) -> Result<Answer, ForgeError> {
        let address = self.api.connection.address();
        let mut url = url.to_owned();
        for _ in 0..=REDIRECTS {
            let answer = self.repeated(call, &url)?;
            let moved = matches!(answer.status, 301 | 302 | 307 | 308) && call.reads();
            match answer.header("location").filter(|_| moved).and_then(|place| address.inside(place)) {
                Some(below) => url = address.below(below),
                None => return Ok(answer),
            }
        }
        Err(ForgeError {
            request: call.name(),
            why: "GitLab sends from place to place".to_owned(),
            remedy: "check the address of the forge (CI_API_V4_URL or `--forge-url`)".to_owned(),
        })
    }

    fn repeated(&self, call: &Call, url: &str) -> Result<Answer, ForgeError> {
        let error = |why: String| ForgeError {
            request: call.name(),
            why,
            remedy: "run again when the forge answers".to_owned(),
        };
        let effect = if call.reads() { Effect::Read } else { Effect::Write };
        let mut number = 0;
        loop {
            number += 1;
            let (attempt, answer) = match self.once(call, url) {
                Ok(answer) => (Attempt::Answered(answered(&answer)), Some(answer)),
                Err(Broken::NotSent) => (Attempt::NotSent, None),
                Err(Broken::Lost) => (Attempt::Lost, None),
                Err(broken @ (Broken::TooLong | Broken::Elsewhere)) => return Err(error(broken.to_string())),
            };
            match (self.patience.next(effect, &call.name(), number, &attempt), answer) {
                (Next::Take, Some(answer)) => return Ok(answer),
                (Next::Wait(pause), _) => self.api.runtime.block_on(async { tokio::time::sleep(pause).await }),
                (Next::Stop(why), _) if attempt == Attempt::NotSent => {
                    let remedy = "check the address, the proxy's variables and, for certificates of your own, \
                                  CI_SERVER_TLS_CA_FILE";
                    return Err(ForgeError { remedy: remedy.to_owned(), ..error(why) });
                }
                (Next::Stop(why), _) => return Err(error(why)),
                (Next::Take, None) => return Err(error(Broken::Lost.to_string())),
            }
        }
    }

    fn once(&self, call: &Call, url: &str) -> Result<Answer, Broken> {
        let left = self.patience.left();
        if left.is_zero() {
            return Err(Broken::NotSent);
        }
        let mut request = Request::builder().method(call.method()).uri(url);
        let body = call.body().map_err(|_| Broken::Elsewhere)?;
        if let Some((kind, _)) = &body {
            request = request.header(http::header::CONTENT_TYPE, *kind);
        }
        let sent = self.api.connection.rest_async(request, body.map_or_else(Vec::new, |(_, bytes)| bytes));
        let answer = self.api.runtime.block_on(async { tokio::time::timeout(left, sent).await });
        let answer: Response<Bytes> = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(ApiError::Client { source })) => return Err(source),
            Ok(Err(_)) => return Err(Broken::Elsewhere),
            Err(_) => return Err(Broken::Lost),
        };
        let (parts, body) = answer.into_parts();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

fn answered(answer: &Answer) -> Answered {
    let text = if answer.status == 403 { String::from_utf8_lossy(&answer.body) } else { "".into() };
    Answered::read(answer.status, &|name| answer.header(name), &text)
}
