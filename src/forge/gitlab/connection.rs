//! One request to GitLab and its answer: the `gitlab` crate's asynchronous client, over a connection of our own.
//!
//! Owns the socket. The crate's own client is not used, for three reasons that a gate cannot live with: it follows
//! redirects with its token (`PRIVATE-TOKEN` is not among the headers that are taken off for another host), it reads a
//! body of any size, and it asks before anybody asked it. Here nothing is followed, a body has a limit, and the token goes
//! to the base address only. Must not repeat a request (`patience` says when) and must not read an answer.

use std::future::Future;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use gitlab::api::{ApiError, AsyncClient, RestClient};
use http::{HeaderValue, Request, Response, request::Builder};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};

use super::Settings;
use crate::forge::ForgeError;
use crate::forge::address::Address;

/// No answer has more bytes than this.
const LARGEST: usize = 20_000_000;

/// How the gate names itself.
const AGENT: &str = concat!("portcullis/", env!("CARGO_PKG_VERSION"));

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    /// No connection came about: nothing was received.
    #[error("the forge cannot be reached")]
    NotSent,
    /// It was sent, and no whole answer came back.
    #[error("no whole answer came back")]
    Lost,
    /// The answer is longer than any real one.
    #[error("the answer has more than 20 MB")]
    TooLong,
    /// The address is not one of this forge; nothing was sent.
    #[error("the address is not one of the forge")]
    Elsewhere,
}

/// The way to one GitLab with one token.
pub(super) struct Connection {
    http: Client,
    address: Address,
    header: &'static str,
    secret: HeaderValue,
}

impl Connection {
    /// Returns a connection; nothing is sent yet.
    pub(super) fn new(settings: &Settings) -> Result<Self, ForgeError> {
        let unset = |why: &str, remedy: &str| ForgeError {
            request: format!("connection to {}", settings.address.host()),
            why: why.to_owned(),
            remedy: remedy.to_owned(),
        };
        let token = settings.tokens.project.as_ref().ok_or_else(|| {
            ForgeError {
            request: "settings for GitLab".to_owned(),
            why: "there is no token".to_owned(),
            remedy: "put a project or group access token with the scope `api` into GITLAB_TOKEN (or PORTCULLIS_TOKEN, which goes before it)".to_owned(),
        }
        })?;
        let mut secret = HeaderValue::from_str(token.secret())
            .map_err(|_| unset("the token cannot stand in a header", "check its variable"))?;
        secret.set_sensitive(true);
        let mut builder = Client::builder().user_agent(AGENT).redirect(Policy::none()).referer(false);
        // `Address` lets clear text go to this machine only, where a proxy has no part in it.
        if !settings.address.is_secure() {
            builder = builder.no_proxy();
        }
        if let Some(pem) = &settings.authorities {
            let bad = || unset("the file of certificates is not PEM", "check CI_SERVER_TLS_CA_FILE");
            let roots = Certificate::from_pem_bundle(pem).map_err(|_| bad())?;
            if roots.is_empty() {
                return Err(bad());
            }
            builder = builder.tls_certs_merge(roots);
        }
        let http =
            builder.build().map_err(|_| unset("TLS cannot be set up", "check the certificates of the system"))?;
        let header = if settings.job_token { "JOB-TOKEN" } else { "PRIVATE-TOKEN" };
        Ok(Self { http, address: settings.address.clone(), header, secret })
    }

    /// Returns the base address.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    async fn send(&self, request: Builder, body: Vec<u8>) -> Result<Response<Bytes>, Broken> {
        let request: Request<Vec<u8>> =
            request.header(self.header, self.secret.clone()).body(body).map_err(|_| Broken::Elsewhere)?;
        // Whoever built the request, the token stays with the forge.
        if self.address.inside(&request.uri().to_string()).is_none() {
            return Err(Broken::Elsewhere);
        }
        let request = reqwest::Request::try_from(request).map_err(|_| Broken::Elsewhere)?;
        let lost = |error: reqwest::Error| if error.is_connect() { Broken::NotSent } else { Broken::Lost };
        let mut answer = self.http.execute(request).await.map_err(lost)?;
        let mut whole = Response::new(Bytes::new());
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        let mut read = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| Broken::Lost)? {
            if read.len().saturating_add(chunk.len()) > LARGEST {
                return Err(Broken::TooLong);
            }
            read.extend_from_slice(&chunk);
        }
        *whole.body_mut() = read.freeze();
        Ok(whole)
    }
}

impl RestClient for Connection {
    type Error = Broken;

    fn rest_endpoint(&self, endpoint: &str) -> Result<Url, ApiError<Self::Error>> {
        Ok(Url::parse(&self.address.below(&format!("/{endpoint}")))?)
    }
}

// Written out, because that is what the crate's `async_trait` makes of its own declaration.
impl AsyncClient for Connection {
    fn rest_async<'a, 'b>(
        &'a self,
        request: Builder,
        body: Vec<u8>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, ApiError<Broken>>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move { self.send(request, body).await.map_err(ApiError::client) })
    }
}
