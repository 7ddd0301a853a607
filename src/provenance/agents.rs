//! Agents of the specification: which of them a commit names.
//!
//! Owns the comparison of identities. A match is a claim of the commit, good for asking more of it, never for less.

use std::collections::BTreeMap;

use super::people::coauthors;
use crate::change::Commit;

/// How an agent of the specification is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentIdentity {
    /// The agent's id.
    pub id: String,
    /// Names of authors, or logins on the forge.
    pub authors: Vec<String>,
    /// Addresses.
    pub emails: Vec<String>,
    /// Trailer values by key.
    pub trailers: BTreeMap<String, String>,
}

/// Returns the ids of the agents that a commit names, sorted, each once: as author, committer or co-author by name,
/// login or address, or in a trailer.
///
/// Upper and lower case are the same. A trailer's value may go on after the agent's name: `refactor-bot:model-4`.
#[must_use]
pub fn agents_of(commit: &Commit, agents: &[AgentIdentity]) -> Vec<String> {
    let mut found: Vec<String> =
        agents.iter().filter(|agent| names(commit, agent)).map(|agent| agent.id.clone()).collect();
    found.sort();
    found.dedup();
    found
}

fn names(commit: &Commit, agent: &AgentIdentity) -> bool {
    let people = [commit.author.clone(), commit.committer.clone()].into_iter().chain(coauthors(commit));
    let listed =
        |list: &[String], text: &str| !text.is_empty() && list.iter().any(|one| one.eq_ignore_ascii_case(text));
    let identity = people.into_iter().any(|person| {
        listed(&agent.authors, person.name.trim())
            || listed(&agent.authors, login(&person.email))
            || listed(&agent.emails, person.email.trim())
    });
    identity
        || commit.trailers.iter().any(|trailer| {
            let wanted = agent.trailers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(&trailer.key));
            wanted.into_iter().any(|(_, value)| begins_with(&trailer.value, value))
        })
}

/// Returns the login in `12345+login@users.noreply.github.com`, else nothing.
fn login(email: &str) -> &str {
    let local = email.strip_suffix("@users.noreply.github.com").unwrap_or_default();
    local.split_once('+').map_or(local, |(_, login)| login)
}

/// Says whether `text` is `name`, or goes on after it with something that is no part of a name.
fn begins_with(text: &str, name: &str) -> bool {
    let (text, name) = (text.trim().to_lowercase(), name.trim().to_lowercase());
    let rest = text.strip_prefix(&name).filter(|_| !name.is_empty());
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '[');
    rest.is_some_and(|rest| !rest.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::{AgentIdentity, agents_of};
    use crate::change::{Commit, Person, Trailer};

    fn agents() -> [AgentIdentity; 2] {
        let bot = AgentIdentity {
            id: "refactor-bot".to_owned(),
            authors: vec!["refactor-bot[bot]".to_owned()],
            emails: vec!["refactor-bot@shop.example".to_owned()],
            trailers: [("Assisted-by".to_owned(), "refactor-bot".to_owned())].into(),
        };
        [
            bot,
            AgentIdentity {
                id: "docs-bot".to_owned(),
                authors: vec!["docs-bot".to_owned()],
                ..AgentIdentity::default()
            },
        ]
    }

    fn found(author: (&str, &str), trailer: (&str, &str)) -> Vec<String> {
        let person = |name: &str, email: &str| Person { name: name.to_owned(), email: email.to_owned() };
        let commit = Commit {
            id: String::new(),
            author: person(author.0, author.1),
            committer: person("Jo", "jo@example.org"),
            subject: String::new(),
            body: String::new(),
            trailers: vec![Trailer { key: trailer.0.to_owned(), value: trailer.1.to_owned() }],
        };
        agents_of(&commit, &agents())
    }

    #[test]
    fn an_agent_is_known_by_name_login_address_or_trailer() {
        let none = ("Refs", "SHOP-1");
        assert_eq!(found(("Refactor-Bot[bot]", "x@y"), none), ["refactor-bot"]);
        assert_eq!(found(("x", "77+refactor-bot[bot]@users.noreply.github.com"), none), ["refactor-bot"]);
        assert_eq!(found(("x", "Refactor-bot@Shop.Example"), none), ["refactor-bot"]);
        assert_eq!(found(("x", "x@y"), ("assisted-BY", "Refactor-Bot")), ["refactor-bot"]);
        assert_eq!(found(("x", "x@y"), ("Assisted-by", "refactor-bot:vendor-x/large-4")), ["refactor-bot"]);
        assert_eq!(found(("x", "x@y"), ("Co-authored-by", "docs-bot <d@y>")), ["docs-bot"]);
        assert_eq!(found(("docs-bot", "x@y"), ("Assisted-by", "refactor-bot")), ["docs-bot", "refactor-bot"]);
    }

    #[test]
    fn names_that_only_resemble_an_agent_are_not_it() {
        assert_eq!(found(("refactor-bot", "refactor-bot@example.org"), ("Refs", "refactor-bot")), [""; 0]);
        assert_eq!(found(("x", "x@y"), ("Assisted-by", "refactor-bot-2")), [""; 0]);
        assert_eq!(found(("x", "x@y"), ("Assisted-by", "not refactor-bot")), [""; 0]);
        assert_eq!(found(("", ""), ("Assisted-by", "")), [""; 0]);
    }
}
