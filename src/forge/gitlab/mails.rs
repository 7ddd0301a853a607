//! Whose mail addresses stand in the commits: GitLab's commits name nobody else.
//!
//! Owns the ways from an address to a login: GitLab's own private address, the author of the merge request, an account
//! that shows exactly this address, and else none, which is a gap; and from a name to those who are known by it. Addresses and names are chosen by whoever
//! wrote the commit; all that follows from one is that somebody's approval counts *less*.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::{Commit, User};
use super::api::Asking;
use super::calls;
use crate::change::trailers;
use crate::forge::ForgeError;

/// So many distinct addresses are looked up; commits of one change name a handful.
const LOOKED_UP: usize = 50;

/// Somebody who is named in a commit: name by address in lower case.
type Named = BTreeMap<String, BTreeSet<String>>;

/// Who is behind the commits.
pub(super) struct Makers {
    pub(super) logins: BTreeSet<String>,
    /// How many addresses belong to nobody that is known.
    pub(super) unknown: usize,
    /// What could not be told, a sentence each.
    pub(super) gaps: Vec<String>,
}

/// Returns who is behind the commits.
pub(super) fn makers(asking: &Asking<'_>, author: &User, commits: &[Commit]) -> Makers {
    let (mut logins, mut gaps) = (BTreeSet::new(), Vec::new());
    let (mut unknown, mut left) = (0_usize, LOOKED_UP);
    for (mail, names) in named(commits) {
        if let Some((id, login)) = private_address(&mail) {
            // The account may have another name by now; the old one stays on the list either way.
            logins.insert(login.to_owned());
            let user = (left > 0).then(|| asking.ask_if_any::<User>(&calls::user(id))).transpose();
            left = left.saturating_sub(1);
            match user.map(Option::flatten) {
                Ok(user) => logins.extend(user.map(|user| user.username).filter(|login| !login.is_empty())),
                Err(error) => {
                    left = 0;
                    gaps.push(format!("the account behind a commit could not be read ({error})"));
                }
            }
            continue;
        }
        if names.iter().any(|name| is_author(author, &mail, name)) {
            logins.insert(author.username.clone());
            continue;
        }
        let found = if left == 0 { Ok(None) } else { account(asking, &mail) };
        left = left.saturating_sub(1);
        match found {
            Ok(Some(login)) => drop(logins.insert(login)),
            Ok(None) => unknown += 1,
            Err(error) => {
                // The next search would be refused as well.
                (unknown, left) = (unknown + 1, 0);
                gaps.push(format!("accounts could not be searched ({error})"));
            }
        }
    }
    if unknown > 0 {
        let people = if unknown == 1 { "1 mail address".to_owned() } else { format!("{unknown} mail addresses") };
        gaps.push(format!("{people} in the commits belong to no account that the token can see"));
    }
    gaps.sort();
    gaps.dedup();
    Makers { logins, unknown, gaps }
}

/// Returns the accounts that show a name which a commit gives, or have it as login: most people's addresses are shown to
/// nobody, and two people of one name are told apart by nobody either.
pub(super) fn namesakes(commits: &[Commit], shown: &BTreeMap<String, String>) -> BTreeSet<String> {
    let given: BTreeSet<String> = named(commits).into_values().flatten().map(|name| name.to_lowercase()).collect();
    let is_given = |name: &str| !name.trim().is_empty() && given.contains(&name.trim().to_lowercase());
    let named = shown.iter().filter(|(login, name)| is_given(login) || is_given(name));
    named.map(|(login, _)| login.clone()).collect()
}

/// Returns everybody whom the commits name: authors, committers and co-authors.
fn named(commits: &[Commit]) -> Named {
    let mut named = Named::new();
    let mut note = |name: &str, mail: &str| {
        let mail = mail.trim().to_lowercase();
        if !mail.is_empty() {
            named.entry(mail).or_default().insert(name.trim().to_owned());
        }
    };
    for commit in commits {
        note(&commit.author_name, &commit.author_email);
        note(&commit.committer_name, &commit.committer_email);
        for trailer in trailers(&commit.message) {
            if trailer.key.eq_ignore_ascii_case("co-authored-by") {
                let (name, mail) = trailer.value.rsplit_once('<').unwrap_or((&trailer.value, ""));
                note(name, mail.trim_end().trim_end_matches('>'));
            }
        }
    }
    named
}

/// Reads `<id>-<login>@users.noreply.<host>`.
///
/// The host is not compared: each instance chooses its own, and a wrong one takes an approval away and never gives one.
fn private_address(mail: &str) -> Option<(u64, &str)> {
    let (local, host) = mail.split_once('@')?;
    let (id, login) = local.split_once('-')?;
    host.starts_with("users.noreply.").then_some(())?;
    let id = id.parse().ok()?;
    (!login.is_empty()).then_some((id, login))
}

fn is_author(author: &User, mail: &str, name: &str) -> bool {
    let shown = [&author.public_email, &author.email].iter().any(|own| own.eq_ignore_ascii_case(mail));
    shown || (!name.is_empty() && (name == author.name || name == author.username))
}

/// Returns the one account that shows exactly this address.
fn account(asking: &Asking<'_>, mail: &str) -> Result<Option<String>, ForgeError> {
    let found: Vec<User> = asking.list(&calls::users_found(mail))?;
    let shows = |user: &&User| [&user.public_email, &user.email].iter().any(|own| own.eq_ignore_ascii_case(mail));
    let mut exact = found.iter().filter(shows);
    Ok(exact.next().filter(|_| exact.next().is_none()).map(|user| user.username.clone()))
}

#[cfg(test)]
mod tests {
    use super::{is_author, named, private_address};
    use crate::forge::gitlab::answers::{Commit, User};

    #[test]
    fn authors_committers_and_co_authors_are_named_once_an_address() {
        let commit = Commit {
            author_name: "Ada".to_owned(),
            author_email: "Ada@Example.org".to_owned(),
            committer_name: "Ada L.".to_owned(),
            committer_email: "ada@example.org ".to_owned(),
            message: "Mend it\n\nco-authored-by: Bo B <bo@example.org>\nCo-authored-by: nobody\n".to_owned(),
            ..Commit::default()
        };
        let named = named(&[commit]);
        assert_eq!(named.keys().collect::<Vec<_>>(), ["ada@example.org", "bo@example.org"]);
        assert_eq!(named["ada@example.org"].len(), 2);
    }

    #[test]
    fn private_addresses_hold_number_and_login() {
        assert_eq!(private_address("123-ada-l@users.noreply.gitlab.com"), Some((123, "ada-l")));
        for odd in ["ada@users.noreply.gitlab.com", "12-@users.noreply.x", "12-ada@noreply.x", "x-ada@users.noreply.x"]
        {
            assert_eq!(private_address(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_empty_name_or_address_is_never_the_authors() {
        let author = User { username: "ada".to_owned(), ..User::default() };
        assert!(is_author(&author, "x@y", "ada"));
        assert!(!is_author(&author, "x@y", ""));
        assert!(!is_author(&author, "x@y", "Ada"));
    }
}
