//! The other open merge requests into a branch, and the paths that one of them changes.
//!
//! Owns two short questions: one page each, for nothing depends on the answers. Must not judge.

use super::answers::{Difference, MergeRequest};
use super::api::Asking;
use super::calls::Project;
use crate::forge::{ForgeError, NEIGHBOURS, Neighbour};

/// Returns the open merge requests into a branch, those that changed last.
pub(super) fn list(asking: &Asking<'_>, project: &Project, branch: &str) -> Result<Vec<Neighbour>, ForgeError> {
    let requests: Vec<MergeRequest> = asking.ask(&project.newest_merge_requests(branch))?;
    let open = requests.into_iter().filter(|request| request.state == super::OPEN && !request.sha.is_empty());
    let neighbours = open.map(|request| Neighbour {
        number: request.iid,
        title: request.title,
        url: request.web_url,
        author: request.author.username,
        head: request.sha.to_ascii_lowercase(),
        draft: request.draft,
    });
    Ok(neighbours.collect())
}

/// Returns the paths that a merge request changes, old names of moved files included, and whether these are all.
pub(super) fn paths(asking: &Asking<'_>, project: &Project, number: u64) -> Result<(Vec<String>, bool), ForgeError> {
    let files: Vec<Difference> = asking.ask(&project.differences(number))?;
    let whole = files.len() < NEIGHBOURS;
    let names = files.into_iter().flat_map(|file| [file.new_path, file.old_path]);
    let mut paths: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    paths.sort();
    paths.dedup();
    Ok((paths, whole))
}
