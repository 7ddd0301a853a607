//! Agents of the specification: which of them a commit names.
//!
//! Owns the comparison of identities. A match is a claim of the commit, good for asking more of it, never for less.

use std::collections::BTreeMap;

use super::marks::marks;
use super::people::{login, makers};
use crate::change::{Commit, Person};

/// What a forge puts behind the name of an application.
const BOT: &str = "[bot]";

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
/// Upper and lower case are the same. Lines that read like a trailer count wherever they stand, and an address counts
/// with and without what stands behind a `+`. A trailer's value may go on after the agent's name: `refactor-bot:model-4`.
#[must_use]
pub fn agents_of(commit: &Commit, agents: &[AgentIdentity]) -> Vec<String> {
    let mut found: Vec<String> =
        agents.iter().filter(|agent| names(commit, agent)).map(|agent| agent.id.clone()).collect();
    found.sort();
    found.dedup();
    found
}

fn names(commit: &Commit, agent: &AgentIdentity) -> bool {
    let people = [commit.author.clone(), commit.committer.clone()].into_iter().chain(makers(commit));
    people.into_iter().any(|person| is_agent(&person, agent))
        || marks(commit).iter().any(|mark| {
            let wanted = agent.trailers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(&mark.key));
            wanted.into_iter().any(|(_, value)| begins_with(&mark.value, value))
        })
}

fn is_agent(person: &Person, agent: &AgentIdentity) -> bool {
    let (name, email) = (person.name.trim(), person.email.trim());
    let (plain, tag) = without_tag(email);
    account(&agent.authors, name)
        || account(&agent.authors, login(email))
        || account(&agent.authors, tag)
        || listed(&agent.emails, email)
        || listed(&agent.emails, &plain)
}

/// An application acts under its name and `[bot]`; who lists the name alone means it as well.
fn account(authors: &[String], name: &str) -> bool {
    let end = name.len().saturating_sub(BOT.len());
    let application = name.get(end..).filter(|end| end.eq_ignore_ascii_case(BOT)).and_then(|_| name.get(..end));
    listed(authors, name) || application.is_some_and(|name| listed(authors, name))
}

fn listed(list: &[String], text: &str) -> bool {
    !text.is_empty() && list.iter().any(|one| one.trim().eq_ignore_ascii_case(text))
}

/// Takes `jo+bot@example.org` apart: the address that it is delivered to, and what stands behind the `+`.
fn without_tag(email: &str) -> (String, &str) {
    let Some((local, domain)) = email.rsplit_once('@') else { return (String::new(), "") };
    match local.split_once('+') {
        Some((local, tag)) if !local.is_empty() => (format!("{local}@{domain}"), tag),
        _ => (String::new(), ""),
    }
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

    fn person(name: &str, email: &str) -> Person {
        Person { name: name.to_owned(), email: email.to_owned() }
    }

    fn plain_commit() -> Commit {
        Commit {
            id: String::new(),
            author: person("Jo", "jo@example.org"),
            committer: person("Jo", "jo@example.org"),
            subject: String::new(),
            body: String::new(),
            trailers: Vec::new(),
        }
    }

    fn found(author: (&str, &str), trailer: (&str, &str)) -> Vec<String> {
        let trailer = Trailer { key: trailer.0.to_owned(), value: trailer.1.to_owned() };
        let commit = Commit { author: person(author.0, author.1), trailers: vec![trailer], ..plain_commit() };
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
    fn an_agent_is_known_by_accounts_of_other_forges_and_by_addresses_with_a_tag() {
        let none = ("Refs", "SHOP-1");
        assert_eq!(found(("Docs-Bot[bot]", "x@y"), none), ["docs-bot"]);
        assert_eq!(found(("x", "77+docs-bot[bot]@users.noreply.github.com"), none), ["docs-bot"]);
        assert_eq!(found(("x", "77-docs-bot@users.noreply.gitlab.example"), none), ["docs-bot"]);
        assert_eq!(found(("x", "refactor-bot+ci@shop.example"), none), ["refactor-bot"]);
        assert_eq!(found(("Jo", "jo+docs-bot@shop.example"), none), ["docs-bot"]);
        assert_eq!(found(("x", "x@y"), ("Co-developed-by", "docs-bot <d@y>")), ["docs-bot"]);
        assert_eq!(found(("x", "x@y"), ("Signed-off-by", "D <refactor-bot@shop.example>")), ["refactor-bot"]);
    }

    #[test]
    fn an_agent_is_known_by_lines_in_any_paragraph_that_quote_nobody() {
        let body = |body: &str| {
            let commit = Commit { body: body.to_owned(), ..plain_commit() };
            agents_of(&commit, &agents())
        };
        assert_eq!(body("Why.\n\nAssisted-by: refactor-bot\n\nThe end."), ["refactor-bot"]);
        assert_eq!(body("Co-Authored-By: docs-bot <d@y>\nprose\nprose\n\nThe end."), ["docs-bot"]);
        assert_eq!(body("> Assisted-by: refactor-bot\n\n    Assisted-by: refactor-bot\n\nThe end."), [""; 0]);
        assert_eq!(body("```\nAssisted-by: refactor-bot\n```\n\nReviewed-by: docs-bot <d@y>"), [""; 0]);
    }

    #[test]
    fn names_that_only_resemble_an_agent_are_not_it() {
        assert_eq!(found(("refactor-bot", "refactor-bot@example.org"), ("Refs", "refactor-bot")), [""; 0]);
        assert_eq!(found(("x", "x@y"), ("Assisted-by", "refactor-bot-2")), [""; 0]);
        assert_eq!(found(("x", "x@y"), ("Assisted-by", "not refactor-bot")), [""; 0]);
        assert_eq!(found(("", ""), ("Assisted-by", "")), [""; 0]);
        assert_eq!(found(("docs-bots[bot]", "docs-bot@example.org"), ("Reviewed-by", "docs-bot <d@y>")), [""; 0]);
        assert_eq!(found(("x", "other+ci@shop.example"), ("Refs", "docs-bot")), [""; 0]);
    }
}
