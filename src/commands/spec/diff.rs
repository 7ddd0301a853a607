//! `spec diff`: which changes since a revision loosen, tighten, or only reword.

use serde::Serialize;

use super::desk::{self, Desk};
use crate::change::trusted::Tree;
use crate::change::{Mode, RangeError, RangeRequest, resolve};
use crate::cli::spec::{DiffArguments, TextFormat};
use crate::commands::output::closed;
use crate::commands::page::{Sheet, counted};
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::enforcement::comparison::KnownKinds;
use crate::error::Error;
use crate::limits::Limits;
use crate::specification::diff::{Effect, SpecificationChange, diff};
use crate::specification::files::{SpecificationFile, SpecificationFiles};
use crate::specification::{Specification, load};
use crate::untrusted::write_json;

/// Runs `spec diff`; a side that cannot be read has no answer, which is exit code 2.
pub(super) fn run(arguments: &DiffArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let head = Desk::open_sound(Some(&arguments.repo))?;
    let (commit, base) = base(arguments, surroundings, &head)?;
    let changes = diff(&base, &head.specification, &KnownKinds);
    match arguments.format {
        TextFormat::Json => json(&commit, &head, &changes)?,
        TextFormat::Human => human(arguments, &head, &changes, surroundings.width)?,
    }
    Ok(0)
}

/// Reads the specification of the revision: at the place where it lies now.
fn base(arguments: &DiffArguments, surroundings: &Surroundings, head: &Desk) -> Result<(String, Specification), Error> {
    let limits = Limits::default();
    let Some(repository) = desk::around(&arguments.repo)? else {
        let title = format!("`{}` is not inside a git repository", arguments.repo.display());
        return Err(UsageError::new(title, "There is nothing to compare with.").into());
    };
    let request = RangeRequest { base: Some(arguments.base.clone()), head: Some("HEAD".to_owned()), mode: Mode::Range };
    let range = resolve(&repository, &request, &surroundings.environment(), &limits).map_err(|error| match error {
        RangeError::Undecided(reason) => desk::refused(reason),
        other => UsageError::new(other.to_string(), "Name a branch, tag or commit of this repository.").into(),
    })?;
    let tree = Tree::at_commit(&repository, &range.merge_base, &limits).map_err(desk::refused)?;
    let folder = head.inside.clone().unwrap_or_default();
    let shown = format!("{}:{folder}", arguments.base);
    let mut files = std::collections::BTreeMap::new();
    for path in tree.list(&folder, &limits).map_err(desk::refused)?.unwrap_or_default() {
        let inside = if folder.is_empty() { path.as_str() } else { path.get(folder.len() + 1..).unwrap_or_default() };
        if let Some(bytes) = tree.read(&path, &limits).map_err(desk::refused)? {
            files.insert(inside.to_owned(), SpecificationFile(bytes));
        }
    }
    if files.is_empty() {
        let title = format!("`{}` has no specification at `{folder}`", arguments.base);
        return Err(UsageError::new(title, "Everything in it is new; `portcullis spec show` lists it.").into());
    }
    let files = SpecificationFiles { origin: shown.clone(), folder: shown, commit: range.merge_base.clone(), files };
    let (specification, faults) = load(&files);
    if faults.is_empty() { Ok((range.merge_base, specification)) } else { Err(faults.into()) }
}

fn human(arguments: &DiffArguments, head: &Desk, changes: &[SpecificationChange], width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    for effect in [Effect::Loosening, Effect::Tightening, Effect::Textual] {
        let rows: Vec<&SpecificationChange> = changes.iter().filter(|change| change.effect == effect).collect();
        if rows.is_empty() {
            continue;
        }
        sheet.gap();
        sheet.line(match effect {
            Effect::Loosening => "loosening (asks for layer 3)",
            Effect::Tightening => "tightening (asks the owners)",
            Effect::Textual => "textual",
        });
        for change in rows {
            let owners =
                if change.owners.is_empty() { String::new() } else { format!("  [{}]", change.owners.join(", ")) };
            let place = format!("{}:{}", head.files.shown(&change.file), change.line);
            sheet.line(&format!("  {place}{owners}"));
            sheet.prose(4, &format!("{} {} {}", change.what, change.id, change.why));
        }
    }
    sheet.gap();
    let count = |effect| changes.iter().filter(|change| change.effect == effect).count();
    sheet.line(&if changes.is_empty() {
        format!("nothing changed since {}", arguments.base)
    } else {
        format!(
            "{} since {}: {} loosening, {} tightening, {} textual",
            counted(changes.len(), "change"),
            arguments.base,
            count(Effect::Loosening),
            count(Effect::Tightening),
            count(Effect::Textual)
        )
    });
    sheet.print()
}

/// The document of `--format json`.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    base: &'a str,
    folder: &'a str,
    effect: Option<Effect>,
    changes: &'a [SpecificationChange],
}

fn json(commit: &str, head: &Desk, changes: &[SpecificationChange]) -> Result<(), Error> {
    let document = Document {
        schema: "portcullis.spec-diff/v1",
        base: commit,
        folder: &head.files.folder,
        effect: changes.iter().map(|change| change.effect).max(),
        changes,
    };
    let mut out = std::io::stdout().lock();
    write_json(&document, &mut out).or_else(closed)
}
