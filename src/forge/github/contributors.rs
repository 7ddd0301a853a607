//! Who wrote, committed or co-wrote the commits of a pull request.
//!
//! Owns the list and how a co-author is read from a commit's words. What is listed here is kept from approving, so more
//! is safer than less. Must not judge.

use std::collections::BTreeSet;

use crate::forge::ForgeError;
use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::review::state::PullState;

use super::GitHub;
use super::line::Trouble;
use super::wire::{Commit, Comparison, Pull, User};

/// What to do where the commits cannot be read.
const READING: &str = "give the job `permissions: {contents: read, pull-requests: read}`";

/// The account in whose name GitHub itself commits.
const ITSELF: &str = "web-flow";

impl GitHub {
    /// Reads the contributors; where the list is not whole, that is a gap.
    pub(super) async fn read_contributors(
        &self,
        patience: &Patience,
        pull: &Pull,
        state: &mut PullState,
    ) -> Result<(), ForgeError> {
        let commits = match self.commits(patience, pull).await {
            Ok(commits) => commits,
            Err(trouble) if trouble.refused() => {
                state.gaps.push(format!("the commits cannot be read, so their authors are not known; {READING}"));
                state.contributors_missing = true;
                return Ok(());
            }
            Err(trouble) => return Err(trouble.error),
        };
        if pull.commits.is_none_or(|all| (commits.len() as u64) < all) {
            let listed = commits.len();
            state.gaps.push(format!("only {listed} commits are listed; who wrote the others is not known"));
            state.contributors_missing = true;
        }
        let mut found = BTreeSet::new();
        for commit in &commits {
            for user in [&commit.author, &commit.committer].into_iter().flatten() {
                if !user.login.is_empty() && user.login != ITSELF {
                    found.insert(Self::meet(Some(user), state));
                }
            }
            for login in written(commit, &self.noreply()) {
                let unseen = User { login, kind: String::new() };
                found.insert(Self::meet(Some(&unseen), state));
            }
        }
        state.contributors = found.into_iter().collect();
        Ok(())
    }

    /// Lists the commits; the list of the pull request ends at 250, the comparison of its ends does not.
    async fn commits(&self, patience: &Patience, pull: &Pull) -> Result<Vec<Commit>, Trouble> {
        let path = self.path(&format!("/pulls/{}/commits", pull.number));
        let listed: Vec<Commit> = self.line.all(patience, &path).await?;
        if pull.commits.is_none_or(|all| all <= listed.len() as u64) {
            return Ok(listed);
        }
        let ends = escaped(&format!("{}...{}", pull.base.sha, pull.head.sha));
        let path = self.path(&format!("/compare/{ends}"));
        let compared = self.line.all_in(patience, &path, |page: Comparison| page.commits).await?;
        Ok(if compared.len() > listed.len() { compared } else { listed })
    }

    /// Returns the host of addresses that name an account.
    fn noreply(&self) -> String {
        let host = self.settings.address.host();
        let host = host.split(':').next().unwrap_or_default();
        let host = if host == "api.github.com" { "github.com" } else { host.strip_prefix("api.").unwrap_or(host) };
        format!("users.noreply.{host}")
    }
}

/// Returns the accounts that a commit names by address: author, committer and co-authors.
fn written(commit: &Commit, noreply: &str) -> Vec<String> {
    let signed = [&commit.commit.author, &commit.commit.committer].into_iter().flatten();
    let signed = signed.map(|signature| signature.email.as_str());
    let co_authors = commit.commit.message.lines().filter_map(co_author);
    signed.chain(co_authors).filter_map(|address| account(address, noreply)).collect()
}

/// Returns the address of a co-author's line, wherever it stands in the message.
fn co_author(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    if !key.trim().eq_ignore_ascii_case("co-authored-by") {
        return None;
    }
    let after = value.rsplit_once('<').map_or(value, |(_, address)| address);
    Some(after.split('>').next().unwrap_or_default().trim())
}

/// Returns the account of `123+login@users.noreply.github.com` or `login@users.noreply.github.com`.
fn account(address: &str, noreply: &str) -> Option<String> {
    let (local, host) = address.rsplit_once('@')?;
    // GitHub's own host counts on Enterprise too, where commits come from both.
    let known = host.eq_ignore_ascii_case(noreply) || host.eq_ignore_ascii_case("users.noreply.github.com");
    let login = local.split_once('+').map_or(local, |(_, login)| login);
    (known && !login.is_empty()).then(|| login.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{account, co_author};

    const HOST: &str = "users.noreply.github.com";

    #[test]
    fn co_authors_are_read_from_noreply_addresses_row_145() {
        let of = |line: &str| co_author(line).and_then(|address| account(address, HOST));
        assert_eq!(of("Co-authored-by: Ann <123+ann@users.noreply.github.com>").as_deref(), Some("ann"));
        assert_eq!(of("  co-AUTHORED-by : x <bob@USERS.noreply.github.com> # y").as_deref(), Some("bob"));
        assert_eq!(of("Co-authored-by: cy@users.noreply.github.com").as_deref(), Some("cy"));
        assert_eq!(of("Co-authored-by: D <d@example.org>"), None);
        assert_eq!(of("Signed-off-by: Ann <123+ann@users.noreply.github.com>"), None);
        assert_eq!(of("Co-authored-by: E <e@users.noreply.github.com.evil.example>"), None);
    }
}
