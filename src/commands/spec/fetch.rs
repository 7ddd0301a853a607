//! `spec fetch`: downloads exactly what the lock names, and verifies it.

use super::desk;
use crate::change::trusted::Tree;
use crate::change::{Mode, RangeError, RangeRequest, resolve};
use crate::cli::spec::FetchArguments;
use crate::commands::page::print;
use crate::commands::surroundings::Surroundings;
use crate::configuration::{Configuration, FILE_NAME};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::limits::Limits;
use crate::policies::packs;
use crate::specification::pin::fetch;

/// Runs `spec fetch`.
pub(super) fn run(arguments: &FetchArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let limits = Limits::default();
    let environment = surroundings.environment();
    let repository = desk::needed(&arguments.repo)?;
    let tree = match &arguments.base {
        None => Tree::at_work_tree(&repository).map_err(desk::refused)?,
        Some(base) => {
            let head = arguments.head.clone().unwrap_or_else(|| "HEAD".to_owned());
            let request = RangeRequest { base: Some(base.clone()), head: Some(head), mode: Mode::Range };
            let range = resolve(&repository, &request, &environment, &limits).map_err(|error| match error {
                RangeError::Undecided(reason) => desk::refused(reason),
                other => UsageError::new(other.to_string(), "Name a branch, tag or commit of this repository.").into(),
            })?;
            Tree::at_commit(&repository, &range.merge_base, &limits).map_err(desk::refused)?
        }
    };
    let names: Vec<&str> = packs::names().collect();
    let bytes = tree.read(FILE_NAME, &limits).map_err(desk::refused)?;
    let configuration = bytes.map(|bytes| Configuration::read(&bytes, FILE_NAME, &names)).transpose()?;
    let configuration = configuration.unwrap_or_default();
    match fetch(&tree, &repository, &configuration, &environment).map_err(desk::refused)? {
        None => print("nothing to fetch: the specification does not come from another repository\n")?,
        Some(found) => {
            let word = if found.was_there { "was here already" } else { "fetched" };
            print(&format!("specification {} {word}, and has the digest {}\n", found.commit, found.digest))?;
        }
    }
    Ok(0)
}
