//! Which pull requests are open, and where they lead from and to.
//!
//! Owns the lists, and the tips of branches: `base.sha` of a pull request is what its branch was at the last push, and not
//! what it is. Must not judge.

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::{Ends, ForgeError, OpenChange};

use super::GitHub;
use super::line::{Method, trouble};
use super::pull::readable;
use super::wire::{Branch, Pull};

impl GitHub {
    /// Returns where a pull request leads from and to.
    pub(super) async fn read_ends(&self, number: u64) -> Result<Ends, ForgeError> {
        let patience = self.patience();
        let path = self.path(&format!("/pulls/{number}"));
        let pull: Pull = self.line.get(&patience, &path).await.map_err(readable)?;
        if pull.number != number || pull.head.sha.is_empty() || pull.base.branch.is_empty() {
            return Err(trouble(Method::Get, &path, 0, "the answer is not what was asked for".to_owned()).error);
        }
        Ok(Ends {
            number,
            open: pull.state == "open",
            head: pull.head.sha.to_ascii_lowercase(),
            base: self.tip(&patience, &pull.base.branch).await?,
            target_branch: pull.base.branch,
        })
    }

    /// Returns the tip of a branch, as this run found it first.
    pub(super) async fn tip(&self, patience: &Patience, branch: &str) -> Result<String, ForgeError> {
        if let Some(known) = self.tips.borrow().get(branch) {
            return Ok(known.clone());
        }
        let path = self.path(&format!("/branches/{}", escaped(branch)));
        let found: Branch = self.line.get(patience, &path).await.map_err(readable)?;
        if found.commit.sha.is_empty() {
            return Err(trouble(Method::Get, &path, 0, "the answer names no commit".to_owned()).error);
        }
        let tip = found.commit.sha.to_ascii_lowercase();
        self.tips.borrow_mut().insert(branch.to_owned(), tip.clone());
        Ok(tip)
    }

    /// Returns all open pull requests.
    pub(super) async fn list_open(&self) -> Result<Vec<OpenChange>, ForgeError> {
        let pulls = self.open(&self.patience()).await?;
        Ok(self.changes(pulls, |_| true))
    }

    /// Returns the open pull requests with this head.
    ///
    /// By commit GitHub finds what is in this repository, into whichever project; heads of forks are in the list only.
    pub(super) async fn sharing(
        &self,
        head: &str,
        known: Option<&[OpenChange]>,
    ) -> Result<Vec<OpenChange>, ForgeError> {
        let patience = self.patience();
        let fits = |pull: &Pull| pull.head.sha.eq_ignore_ascii_case(head);
        let mut changes = self.changes(self.by_commit(&patience, head).await?, fits);
        match known {
            Some(known) => changes.extend(known.iter().filter(|one| one.head.eq_ignore_ascii_case(head)).cloned()),
            None => changes.extend(self.changes(self.open(&patience).await?, fits)),
        }
        changes.sort();
        changes.dedup();
        Ok(changes)
    }

    /// Returns the one open pull request with this head.
    pub(super) async fn find_by_head(&self, head: &str) -> Result<u64, ForgeError> {
        let patience = self.patience();
        let fits = |pull: &Pull| pull.head.sha.eq_ignore_ascii_case(head);
        let ours = |pulls: Vec<Pull>| {
            let changes = self.changes(pulls, fits).into_iter();
            changes.filter(|change| !change.elsewhere).map(|change| change.number).collect::<Vec<u64>>()
        };
        let mut numbers = ours(self.by_commit(&patience, head).await?);
        if numbers.is_empty() {
            numbers = ours(self.open(&patience).await?);
        }
        let path = self.path(&format!("/commits/{}/pulls", escaped(head)));
        let refused = |why: &str| trouble(Method::Get, &path, 0, why.to_owned()).error;
        match numbers.as_slice() {
            [number] => Ok(*number),
            [] => Err(refused("no open pull request has this commit as its head")),
            _ => Err(refused("more than one open pull request has this commit as its head")),
        }
    }

    /// Returns the pull requests that GitHub connects with a commit; none for one that it does not know here.
    async fn by_commit(&self, patience: &Patience, head: &str) -> Result<Vec<Pull>, ForgeError> {
        let path = self.path(&format!("/commits/{}/pulls", escaped(head)));
        match self.line.all(patience, &path).await {
            Ok(pulls) => Ok(pulls),
            Err(trouble) if trouble.refused() || trouble.status == 422 => Ok(Vec::new()),
            Err(trouble) => Err(readable(trouble)),
        }
    }

    async fn open(&self, patience: &Patience) -> Result<Vec<Pull>, ForgeError> {
        // Oldest first: one that is opened meanwhile does not push another onto a page already read.
        let path = self.path("/pulls?state=open&sort=created&direction=asc");
        self.line.all(patience, &path).await.map_err(readable)
    }

    fn changes(&self, pulls: Vec<Pull>, fits: impl Fn(&Pull) -> bool) -> Vec<OpenChange> {
        let open = pulls.into_iter().filter(|pull| pull.state == "open" && fits(pull));
        let mut changes: Vec<OpenChange> = open
            .map(|pull| OpenChange {
                number: pull.number,
                // Whose project is not told counts as another one.
                elsewhere: !pull.base.repo.is_some_and(|it| it.full_name.eq_ignore_ascii_case(&self.settings.project)),
                target_branch: pull.base.branch,
                head: pull.head.sha.to_ascii_lowercase(),
            })
            .collect();
        changes.sort();
        changes.dedup();
        changes
    }
}
