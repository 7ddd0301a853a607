//! Who answers for a commit and for the change.
//!
//! Owns the order in which people are looked for. The names are claims of the author, for reports and for asking; no
//! right follows from them, and where more than one person could be meant nobody is named.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::marks::{marks, names_a_maker};
use crate::change::{Commit, Person, Trailer};
use crate::untrusted::Untrusted;

/// What aider adds to the name of the person who runs it.
const AIDER: &str = " (aider)";

/// Returns the people of a commit's `Co-authored-by` trailers, in its order.
fn coauthors(commit: &Commit) -> impl Iterator<Item = Person> {
    people_of(commit, "co-authored-by")
}

/// Returns everybody whom a line of the message, wherever it stands, names as having had a hand in the work.
pub(super) fn makers(commit: &Commit) -> Vec<Person> {
    marks(commit).iter().filter(|mark| names_a_maker(mark)).map(person_of).collect()
}

/// Returns the people of trailers with this key, in the order of the message; `key` is in lower case.
fn people_of<'a>(commit: &'a Commit, key: &'a str) -> impl Iterator<Item = Person> + 'a {
    let lines = commit.trailers.iter().filter(move |trailer| trailer.key.eq_ignore_ascii_case(key));
    lines.map(person_of)
}

/// Returns the login in an address that a forge gives out, `12345+login@users.noreply.<forge>` or with `-`, else nothing.
pub(super) fn login(email: &str) -> &str {
    let Some((local, domain)) = email.trim().rsplit_once('@') else { return "" };
    if !domain.to_ascii_lowercase().starts_with("users.noreply.") {
        return "";
    }
    let named = local.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = named.len() < local.len();
    named.strip_prefix(['+', '-']).filter(|_| numbered).unwrap_or(local)
}

/// Reads `Name <address>`.
fn person_of(trailer: &Trailer) -> Person {
    let (name, rest) = trailer.value.rsplit_once('<').unwrap_or((&trailer.value, ""));
    let email = rest.split_once('>').map_or(rest, |(email, _)| email);
    Person { name: name.trim().to_owned(), email: email.trim().to_owned() }
}

/// Returns who answers for one commit: its author; where a tool is the author, the one human co-author; else the one
/// human who signed it off. Nobody when there is none, or more than one.
pub(super) fn accountable(commit: &Commit) -> Option<Person> {
    let catalogue = Catalogue::get();
    let person = |person: &Person| catalogue.may_be_person(person);
    if person(&commit.author) {
        return Some(plain(&commit.author));
    }
    let candidates = [coauthors(commit).collect::<Vec<_>>(), people_of(commit, "signed-off-by").collect()];
    candidates.into_iter().find_map(|list| {
        let list: Vec<Person> = list.iter().filter(|one| person(one)).map(plain).collect();
        if list.is_empty() { None } else { Some(sole(list)) }
    })?
}

/// Returns who answers for the whole change: the one person who answers for each of its commits; else nothing.
pub(super) fn of_change(each: &[Option<Person>]) -> Untrusted {
    let all: Option<Vec<Person>> = each.iter().cloned().collect();
    all.and_then(sole).as_ref().map_or_else(Untrusted::default, shown)
}

/// Returns the person that all of them are, by address; the latest spelling of the name.
fn sole(people: Vec<Person>) -> Option<Person> {
    let mut by_address: BTreeMap<String, Person> = BTreeMap::new();
    for person in people {
        by_address.insert(person.email.to_ascii_lowercase(), person);
    }
    let mut people = by_address.into_values();
    people.next().filter(|_| people.next().is_none())
}

/// Returns a person without what a tool put into the name.
fn plain(person: &Person) -> Person {
    let name = person.name.strip_suffix(AIDER).unwrap_or(&person.name);
    Person { name: name.to_owned(), email: person.email.clone() }
}

/// Returns `Name <address>`.
pub(super) fn shown(person: &Person) -> Untrusted {
    Untrusted::new(format!("{} <{}>", person.name, person.email))
}

#[cfg(test)]
mod tests {
    use super::{accountable, of_change, shown};
    use crate::change::{Commit, Person, Trailer};

    fn commit(author: (&str, &str), trailers: &[(&str, &str)]) -> Commit {
        let person = |(name, email): (&str, &str)| Person { name: name.to_owned(), email: email.to_owned() };
        Commit {
            id: String::new(),
            author: person(author),
            committer: person(("GitHub", "noreply@github.com")),
            subject: String::new(),
            body: String::new(),
            trailers: trailers
                .iter()
                .map(|(key, value)| Trailer { key: (*key).to_owned(), value: (*value).to_owned() })
                .collect(),
        }
    }

    fn who(author: (&str, &str), trailers: &[(&str, &str)]) -> String {
        accountable(&commit(author, trailers)).map_or(String::new(), |person| shown(&person).raw().to_owned())
    }

    const JO: (&str, &str) = ("Jo", "jo@example.org");
    const TOOL: (&str, &str) = ("Claude", "noreply@anthropic.com");

    #[test]
    fn a_human_author_answers_also_beside_a_tool() {
        assert_eq!(who(JO, &[("Co-authored-by", "Claude <noreply@anthropic.com>")]), "Jo <jo@example.org>");
        assert_eq!(who(("Jo (aider)", "jo@example.org"), &[]), "Jo <jo@example.org>");
    }

    #[test]
    fn for_a_tool_the_one_human_beside_it_answers_and_two_are_nobody() {
        let (co, off) = (("co-authored-by", "Jo <jo@example.org>"), ("Signed-off-by", "Al <al@example.org>"));
        assert_eq!(who(TOOL, &[co, off]), "Jo <jo@example.org>");
        assert_eq!(who(TOOL, &[off]), "Al <al@example.org>");
        assert_eq!(who(TOOL, &[("Co-authored-by", "Al <al@example.org>"), co]), "");
        assert_eq!(who(TOOL, &[("Co-authored-by", "Codex <codex@openai.com>")]), "");
        assert_eq!(who(TOOL, &[]), "");
    }

    #[test]
    fn a_change_has_an_accountable_human_only_when_all_commits_agree() {
        let person = |email: &str| Some(Person { name: "Jo".to_owned(), email: email.to_owned() });
        assert_eq!(of_change(&[person("Jo@example.org"), person("jo@example.org")]).raw(), "Jo <jo@example.org>");
        assert_eq!(of_change(&[person("jo@example.org"), person("al@example.org")]).raw(), "");
        assert_eq!(of_change(&[person("jo@example.org"), None]).raw(), "");
        assert_eq!(of_change(&[]).raw(), "");
    }
}
