//! octocrab over a connection of our own.
//!
//! Owns the socket: certificates of the system and those that are named, proxies of the environment, one token in one
//! header for one host, no redirects and no repetition. octocrab's own stack is not used: it names itself as the user
//! agent, follows redirects and sends a write again after a failure. Must not know what is asked.

use std::time::Duration;

use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use reqwest::header::{ACCEPT, HeaderValue, USER_AGENT};
use tokio::runtime::Runtime;

use crate::forge::token::Token;

use super::Settings;

/// Makes a client; nothing is sent yet.
///
/// # Errors
/// With a sentence where the certificates cannot be read.
pub(super) fn client(settings: &Settings, token: Option<&Token>, runtime: &Runtime) -> Result<Octocrab, String> {
    let connection = ReqwestConnector::new(connection(settings)?);
    let headers = vec![
        (USER_AGENT, HeaderValue::from_static(concat!("portcullis/", env!("CARGO_PKG_VERSION")))),
        (ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
    ];
    let bearer = match token {
        Some(token) => {
            let text = format!("Bearer {}", token.secret());
            let mut value = HeaderValue::from_str(&text).map_err(|_| "the token cannot stand in a header")?;
            value.set_sensitive(true);
            Some(value)
        }
        None => None,
    };
    let base = |text: String| text.parse().map_err(|_| "the address of the forge is none");
    let base = base(settings.address.to_string())?;
    let authorised = AuthHeaderLayer::new(bearer, Clone::clone(&base), base);
    let _entered = runtime.enter();
    let built = OctocrabBuilder::new_empty()
        .with_service(connection)
        .with_layer(&ExtraHeadersLayer::new(headers.into()))
        .with_layer(&authorised)
        .with_auth(AuthState::None)
        .build();
    match built {
        Ok(client) => Ok(client),
        Err(never) => match never {},
    }
}

/// The connection: certificates of the system and those that are named, proxies of the environment, no redirects.
fn connection(settings: &Settings) -> Result<reqwest::Client, String> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(10));
    if !settings.address.is_secure() {
        // Only this machine is spoken to in clear text; there is no proxy on the way, and no certificate.
        builder = builder.no_proxy().tls_certs_only(Vec::new());
    }
    if let Some(pem) = &settings.authorities {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).unwrap_or_default();
        if certificates.is_empty() {
            return Err("the file of certificates holds none that can be read".to_owned());
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|_| "no certificates of the system can be read; SSL_CERT_FILE names a file".to_owned())
}

/// Says whether no connection came about, so that nothing can have been received.
pub(super) fn unsent(error: &octocrab::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    // The chain is ours and short; the bound is for a library that changes.
    for _ in 0..20 {
        let Some(error) = cause else { return false };
        if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect) {
            return true;
        }
        cause = error.source();
    }
    false
}
