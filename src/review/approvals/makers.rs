//! Who made the change: nobody approves his or her own work.
//!
//! Owns who counts as a maker: who opened it, who pushed last, everyone whom the forge connects with a commit, and
//! everyone whom a commit itself names by a no-reply address or a handle. Names in commits are claims, good for asking
//! more, never for less: whoever is named falsely cannot approve this change, and nobody gains a right.

use std::collections::BTreeSet;

use super::folded;
use crate::change::Person;
use crate::policies::input::CommitEntry;
use crate::review::state::PullState;

/// Trailers that name somebody who wrote a part.
const COAUTHORS: &[&str] = &["co-authored-by", "co-developed-by"];

/// Lines of one message that are looked at.
const MOST_LINES: usize = 5_000;

/// Hosts of no-reply addresses begin so, on either forge, self-managed ones included.
const NO_REPLY: &str = "users.noreply.";

/// The makers of one change, by login as compared.
pub(super) struct Makers {
    author: String,
    last_pusher: String,
    contributors: BTreeSet<String>,
    /// Whether there are more whom nobody named.
    missing: bool,
}

impl Makers {
    pub(super) fn of(state: &PullState, commits: &[CommitEntry]) -> Self {
        let mut contributors: BTreeSet<String> = state.contributors.iter().map(|login| folded(login)).collect();
        for commit in commits {
            let coauthors = commit.trailers.iter().filter(|trailer| is_coauthor(&trailer.key));
            let people = [commit.author.clone(), commit.committer.clone()].into_iter();
            let people = people.chain(coauthors.map(|trailer| person(&trailer.value)));
            // A squash leaves the trailers of its commits between paragraphs.
            let lines = commit.body.lines().take(MOST_LINES).filter_map(|line| line.split_once(':'));
            let inside = lines.filter(|(key, _)| is_coauthor(key.trim())).map(|(_, value)| person(value));
            contributors.extend(people.chain(inside).flat_map(|person| logins(&person)));
        }
        contributors.remove("");
        Self {
            author: folded(&state.author),
            last_pusher: folded(&state.last_pusher),
            contributors,
            missing: state.contributors_missing,
        }
    }

    /// Says whether anybody may have pushed the head.
    pub(super) fn last_pusher_unknown(&self) -> bool {
        self.last_pusher.is_empty()
    }

    /// Says why this person made the change, or none.
    pub(super) fn why_not(&self, id: &str) -> Option<String> {
        if self.author.is_empty() {
            return Some("it is not known who opened the change".to_owned());
        }
        if self.author == id {
            return Some("the author of the change".to_owned());
        }
        if self.contributors.contains(id) {
            return Some("author, committer or co-author of a commit of the change".to_owned());
        }
        if self.last_pusher == id {
            return Some("pushed to the change last".to_owned());
        }
        // SAFETY-OF-GATE: behind a list of commits that was cut short, anybody may be a maker.
        self.missing.then(|| "the forge does not tell who wrote all commits of the change".to_owned())
    }
}

fn is_coauthor(key: &str) -> bool {
    COAUTHORS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

fn person(value: &str) -> Person {
    let (name, rest) = value.split_once('<').unwrap_or((value, ""));
    let email = rest.split_once('>').map_or(rest, |(email, _)| email);
    Person { name: name.trim().to_owned(), email: email.trim().to_owned() }
}

/// Returns the logins that a name and an address of a commit stand for.
fn logins(person: &Person) -> Vec<String> {
    let mut found = vec![folded(&person.name)];
    let Some((local, host)) = person.email.trim().rsplit_once('@') else {
        // An address that is a handle.
        found.push(folded(&person.email));
        return found;
    };
    if local.is_empty() {
        found.push(folded(host));
    }
    if !host.to_ascii_lowercase().starts_with(NO_REPLY) {
        return found;
    }
    found.push(folded(local));
    // `12345+login` on GitHub, `12345-login` on GitLab.
    for separator in ['+', '-'] {
        if let Some((number, login)) = local.split_once(separator)
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            found.push(folded(login));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Makers, logins};
    use crate::change::Person;
    use crate::review::sample::commit;
    use crate::review::state::PullState;

    fn of(name: &str, email: &str) -> Vec<String> {
        logins(&Person { name: name.to_owned(), email: email.to_owned() })
    }

    #[test]
    fn no_reply_addresses_of_both_forges_and_handles_are_logins_row_145() {
        for (name, email) in [
            ("Ines", "81+Ines@users.noreply.github.com"),
            ("I. M.", "81+ines@USERS.noreply.github.com"),
            ("I. M.", "ines@users.noreply.github.com"),
            ("I. M.", "81-ines@users.noreply.gitlab.com"),
            ("I. M.", "81-ines@users.noreply.git.example.org"),
            ("@ines", "i@example.org"),
            ("I. M.", "@ines"),
            ("ines", ""),
        ] {
            assert!(of(name, email).contains(&"ines".to_owned()), "{name} {email}");
        }
    }

    #[test]
    fn a_co_author_anywhere_in_a_message_is_one_row_145() {
        let body = "* first\n\nco-authored-by: I. M. <81+ines@users.noreply.github.com>\n\n* second: with @mei\nReviewed-by: @lars\n";
        let state = PullState { author: "ada".to_owned(), ..PullState::default() };
        let makers = Makers::of(&state, &[commit("Squash", body, &["@kofi"])]);
        assert!(makers.why_not("ines").is_some() && makers.why_not("kofi").is_some());
        assert!(makers.why_not("mei").is_none() && makers.why_not("lars").is_none());
    }

    #[test]
    fn an_ordinary_address_is_no_login() {
        assert!(!of("I. M.", "ines@example.org").contains(&"ines".to_owned()));
        assert!(!of("I. M.", "ines@noreply.example.org").contains(&"ines".to_owned()));
    }
}
