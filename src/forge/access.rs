//! How a forge is reached in one run: where, about which project, with which tokens, for how long.
//!
//! Owns the values that every client is made of. Must not open a connection.

use crate::change::Environment;
use crate::forge::ForgeError;
use crate::forge::address::Address;
use crate::forge::target::Target;
use crate::forge::token::Tokens;

/// How a forge is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Base address of its interface.
    pub address: Address,
    /// `owner/name`, or the path or number of the project.
    pub project: String,
    /// The tokens.
    pub tokens: Tokens,
    /// File with certificates (PEM) that are trusted beside those of the system.
    pub authorities: Option<String>,
    /// Login of the account that the token stands for, where the forge will not tell.
    pub account: Option<String>,
    /// Longest time for one task (reading a change, publishing) in milliseconds, waits included.
    pub budget_ms: u64,
    /// First pause before a request is repeated, in milliseconds.
    pub pause_ms: u64,
    /// What tells this run from others, so that their pauses differ.
    pub run: String,
}

/// Longest time for one task.
pub const BUDGET_MS: u64 = 120_000;

/// First pause before a request is repeated.
pub const PAUSE_MS: u64 = 500;

/// The variable with the login of the account that the token stands for, e.g. `my-app[bot]`.
pub const ACCOUNT: &str = "PORTCULLIS_ACCOUNT";

impl Access {
    /// Returns how the forge of `target` is reached; `option` is an address that goes before what CI says.
    ///
    /// # Errors
    /// When the address is none.
    pub fn of(target: &Target, option: Option<&str>, environment: &Environment) -> Result<Self, ForgeError> {
        let address = Address::of(target.kind, option, environment).map_err(|why| ForgeError {
            request: "address of the forge".to_owned(),
            why,
            remedy: String::new(),
        })?;
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let run = ["GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "CI_JOB_ID"].iter().filter_map(|name| set(name));
        Ok(Self {
            address,
            project: target.project.clone(),
            tokens: Tokens::of(target.kind, environment),
            authorities: target.authorities.clone(),
            account: set(ACCOUNT),
            budget_ms: BUDGET_MS,
            pause_ms: PAUSE_MS,
            run: run.collect::<Vec<_>>().join("/"),
        })
    }
}
