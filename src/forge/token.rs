//! Tokens of a forge: taken from the environment once, shown to nobody.
//!
//! Owns the names of the variables and the one way to the secret. Must not read the process environment: the variables
//! are handed in. A token is never passed on: the worker and every git command start with an empty environment to which
//! a fixed list is added (`worker::command`, `change::remote`), and no error, report or record has a place for one.

use std::fmt;

use crate::change::Environment;

/// A secret that only this module's parent can see.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a secret; none where it is empty or could not stand in a header.
    #[must_use]
    pub fn new(secret: &str) -> Option<Self> {
        let secret = secret.trim();
        let plain = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
        plain.then(|| Self(secret.to_owned()))
    }

    /// Returns the secret, for the header of a request and nothing else.
    #[cfg(any(feature = "github", feature = "gitlab"))]
    pub(super) fn secret(&self) -> &str {
        &self.0
    }

    /// Says whether it begins like this: forges tell kinds of tokens apart by their first letters.
    #[must_use]
    pub fn begins_with(&self, prefix: &str) -> bool {
        self.0.starts_with(prefix)
    }
}

/// Says that there is one, never which.
impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(hidden)")
    }
}

/// The tokens of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// For the project.
    pub project: Option<Token>,
    /// For what only members of the organisation may see, where that takes another one.
    pub organisation: Option<Token>,
}

/// The variable that goes before every forge's own.
pub const TOKEN: &str = "PORTCULLIS_TOKEN";

/// The variable of the token for team membership.
pub const ORGANISATION_TOKEN: &str = "PORTCULLIS_ORG_TOKEN";

/// Returns the variable in which this kind of forge puts a token itself.
#[must_use]
pub fn own_variable(kind: &str) -> &'static str {
    if kind == "gitlab" { "GITLAB_TOKEN" } else { "GITHUB_TOKEN" }
}

impl Tokens {
    /// Returns what the environment holds for this kind of forge. A token of one forge is never shown to another.
    #[must_use]
    pub fn of(kind: &str, environment: &Environment) -> Self {
        let token = |name: &str| environment.get(name).and_then(|secret| Token::new(secret));
        let project = token(TOKEN).or_else(|| token(own_variable(kind)));
        Self { project, organisation: token(ORGANISATION_TOKEN) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};
    use crate::change::Environment;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_token_is_not_shown_row_143() {
        let tokens =
            Tokens::of("github", &environment(&[("GITHUB_TOKEN", "ghs_secret"), ("PORTCULLIS_ORG_TOKEN", "x1")]));
        let shown = format!("{tokens:?} {tokens:#?}");
        assert!(!shown.contains("secret") && !shown.contains("x1"), "{shown}");
        assert!(tokens.project.is_some_and(|token| token.begins_with("ghs_")));
    }

    #[test]
    fn own_variable_goes_first_and_a_token_of_one_forge_is_not_shown_to_another() {
        let both = environment(&[("GITHUB_TOKEN", "hub"), ("GITLAB_TOKEN", "lab"), ("PORTCULLIS_TOKEN", " own\n")]);
        assert_eq!(Tokens::of("github", &both).project, Token::new("own"));
        let hub = environment(&[("GITHUB_TOKEN", "hub")]);
        assert_eq!(Tokens::of("gitlab", &hub), Tokens::default());
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_no_token() {
        assert_eq!(Token::new("  "), None);
        assert_eq!(Token::new("a\r\nX-Evil: 1"), None);
    }
}
