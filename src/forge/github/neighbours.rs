//! The other open pull requests into a branch, and the paths that one of them changes.
//!
//! Owns two short questions: one page each, for nothing depends on the answers. Must not judge.

use crate::clock::Deadline;
use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::{ForgeError, NEIGHBOURS, NEIGHBOURS_MS, Neighbour};

use super::GitHub;
use super::pull::readable;
use super::wire::{Pull, PullFile};

impl GitHub {
    /// Returns the open pull requests into a branch, those that changed last.
    pub(super) async fn list_neighbours(&self, branch: &str) -> Result<Vec<Neighbour>, ForgeError> {
        let base = escaped(branch);
        let query = format!("state=open&base={base}&sort=updated&direction=desc&per_page={NEIGHBOURS}");
        let path = self.path(&format!("/pulls?{query}"));
        let pulls: Vec<Pull> = self.line.get(&self.short(), &path).await.map_err(readable)?;
        let open = pulls.into_iter().filter(|pull| pull.state == "open" && !pull.head.sha.is_empty());
        let neighbours = open.map(|pull| Neighbour {
            number: pull.number,
            title: pull.title,
            url: pull.html_url,
            author: pull.user.map(|user| user.login).unwrap_or_default(),
            head: pull.head.sha.to_ascii_lowercase(),
            draft: pull.draft,
        });
        Ok(neighbours.collect())
    }

    /// Returns the paths that a pull request changes, old names of moved files included, and whether these are all.
    pub(super) async fn list_paths(&self, number: u64) -> Result<(Vec<String>, bool), ForgeError> {
        let path = self.path(&format!("/pulls/{number}/files?per_page={NEIGHBOURS}"));
        let files: Vec<PullFile> = self.line.get(&self.short(), &path).await.map_err(readable)?;
        let whole = files.len() < NEIGHBOURS;
        let names = files.into_iter().flat_map(|file| [file.filename, file.previous_filename]);
        let mut paths: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        paths.sort();
        paths.dedup();
        Ok((paths, whole))
    }

    /// Returns less patience than for what a decision needs.
    fn short(&self) -> Patience {
        let deadline = Deadline::after_ms(self.settings.task_ms.min(NEIGHBOURS_MS));
        Patience::new(deadline, self.settings.pause, &self.settings.seed)
    }
}
