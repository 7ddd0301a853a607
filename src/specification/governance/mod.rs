//! Changes to the gate's own rules, and to what surrounds the gate.
//!
//! Owns which paths are governed, and whether a change to one lets more through; one file per kind. A change of which
//! that cannot be told counts as loosening. Must not decide what follows from it: the governance pack and `verdict` do.

mod agent_instructions;
mod attributes;
mod baseline;
mod codeowners;
mod configuration;
mod lines;
mod lock;
mod path;
mod policy;
mod specification;
mod submodules;
mod waiver;
mod workflow;

use std::collections::BTreeSet;

use self::path::Folded;
pub use self::specification::SpecificationChanges;
use super::diff::Effect;
use crate::policies::input::{GovernanceChange, GovernanceEffect};

/// The kinds, sorted by name; one row is one file of this folder.
const KINDS: &[&Row] = &[
    &agent_instructions::KIND,
    &attributes::KIND,
    &baseline::KIND,
    &codeowners::KIND,
    &configuration::KIND,
    &lock::KIND,
    &policy::KIND,
    &specification::KIND,
    &submodules::KIND,
    &waiver::KIND,
    &workflow::KIND,
];

/// Largest side that is compared, in bytes; far above any file of these kinds that people write.
const MOST_BYTES: usize = 5_000_000;
/// Most reasons that are written out; the rest is counted.
const MOST_REASONS: usize = 12;

/// Everything about one kind.
struct Row {
    /// Its name in the input document.
    name: &'static str,
    /// How narrow its claim on a path is; of two kinds that claim one, the narrower has it.
    claim: Claim,
    /// Says whether a path is of this kind.
    covers: fn(&Folded, &Places) -> bool,
    /// Judges a change whose sides differ.
    judge: fn(&GovernedFile<'_>) -> Judgement,
}

/// How much of a repository a kind claims, narrowest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// Files or folders by their fixed names.
    Names,
    /// Folders that the configuration names.
    Configured,
    /// What is left of a folder.
    Rest,
}

/// Where base configuration says that the gate's own rules lie, from the root of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Folders and data folders of policies.
    pub policies: Vec<String>,
    /// The folder of the specification, in the repository or vendored; `.portcullis` counts beside it.
    pub specification: Option<String>,
    /// The baseline; `.portcullis/baseline.json` counts beside it.
    pub baseline: Option<String>,
}

impl Places {
    /// Returns the places of a configuration that names these policy folders only.
    #[must_use]
    pub fn of<const N: usize>(policies: [&str; N]) -> Self {
        Self { policies: policies.map(str::to_owned).to_vec(), ..Self::default() }
    }
}

/// What kind of governed file a path is.
#[derive(Clone, Copy)]
pub struct Kind {
    row: &'static Row,
    /// Where the path goes on inside the innermost policy folder that holds it, in bytes.
    inside: usize,
}

impl Kind {
    /// Returns its name, as in `governance.changed[].what`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row.name
    }

    /// Returns what follows the policy folder in a path; all of it when the folder is the file itself.
    fn inside(self, path: &str) -> &str {
        path.get(self.inside..).filter(|inside| !inside.is_empty()).unwrap_or(path)
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Kind {}

/// A governed file and both its sides; a rename is two of them, one that went and one that came.
#[derive(Clone, Copy, Debug)]
pub struct GovernedFile<'a> {
    /// The path that is governed.
    pub path: &'a str,
    /// What kind it is.
    pub kind: Kind,
    /// Base's bytes; nothing when base has no regular file there.
    pub base: Option<&'a [u8]>,
    /// Head's bytes; nothing when head has no regular file there.
    pub head: Option<&'a [u8]>,
    /// The policies of base.
    pub rules: &'a BaseRules,
}

/// What base's rules say, as far as a single file cannot be judged without them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseRules {
    /// The names that base's policies read or define: text added elsewhere may give one of them another meaning.
    names: BTreeSet<String>,
    /// What the change does to the specification, where it lies in the repository.
    specification: Option<SpecificationChanges>,
}

impl BaseRules {
    /// Returns the names of these policy texts.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self { names: texts.into_iter().flat_map(policy::names_read).collect(), specification: None }
    }

    /// Adds what the change does to the specification.
    #[must_use]
    pub fn with(mut self, specification: Option<SpecificationChanges>) -> Self {
        self.specification = specification;
        self
    }
}

/// Returns why a policy that is added beside these of base may let more through: it gives a meaning to a name that they
/// read.
pub(super) fn added_policy<'t>(text: &str, base: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    policy::added(text.as_bytes(), &BaseRules::of(base).names).loosens
}

/// Judges one changed path; a rename is a file that went at the old path and one that came at the new one.
#[must_use]
pub fn changes(
    (old_path, path): (&str, &str),
    (base, head): (Option<&[u8]>, Option<&[u8]>),
    places: &Places,
    rules: &BaseRules,
) -> Vec<GovernanceChange> {
    let judged = |path: &str, base, head| {
        kind_of(path, places).map(|kind| judge(&GovernedFile { path, kind, base, head, rules }))
    };
    if old_path == path {
        return judged(path, base, head).into_iter().collect();
    }
    judged(old_path, base, None).into_iter().chain(judged(path, None, head)).collect()
}

/// What one kind says about a change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Judgement {
    /// Why it lets more through, or why that cannot be told; empty when it does not.
    loosens: Vec<String>,
    /// What to say when nothing loosens.
    otherwise: String,
    /// What it does when nothing loosens, where that is known.
    effect: Option<Effect>,
    /// The teams that answer for what changes, sorted; empty where the specification does not say.
    owners: Vec<String>,
}

impl Judgement {
    fn of(loosens: Vec<String>, otherwise: impl Into<String>) -> Self {
        Self { loosens, otherwise: otherwise.into(), effect: None, owners: Vec::new() }
    }

    fn told(effect: Effect, why: impl Into<String>) -> Self {
        Self { effect: Some(effect), ..Self::harmless(why) }
    }

    fn loosens(why: impl Into<String>) -> Self {
        Self::of(vec![why.into()], "")
    }

    fn harmless(why: impl Into<String>) -> Self {
        Self::of(Vec::new(), why)
    }
}

/// Returns the kind of a path (as the input document writes it), or nothing when the path is not governed.
///
/// Names that some file system takes for a governed one count as governed.
#[must_use]
pub fn kind_of(path: &str, places: &Places) -> Option<Kind> {
    let folded = Folded::new(path);
    let claims = KINDS.iter().filter(|row| (row.covers)(&folded, places));
    let row = claims.min_by_key(|row| row.claim)?;
    let ends = places.policies.iter().filter_map(|folder| {
        let rest = path.strip_prefix(folder.as_str())?.strip_prefix('/')?;
        Some(path.len() - rest.len())
    });
    Some(Kind { row, inside: ends.max().unwrap_or_default() })
}

/// Says what a change to a governed file does.
#[must_use]
pub fn judge(file: &GovernedFile<'_>) -> GovernanceChange {
    let judgement = match (file.base, file.head) {
        (None, None) => Judgement::loosens("neither side is a regular file: what it does cannot be told"),
        (Some(base), Some(head)) if base == head => Judgement::harmless("its content stays as it is"),
        (base, head) if base.into_iter().chain(head).any(|bytes| bytes.len() > MOST_BYTES) => {
            Judgement::loosens("the file is too large to compare: what the change does cannot be told")
        }
        _ => (file.kind.row.judge)(file),
    };
    let loosens = !judgement.loosens.is_empty();
    let why = if loosens { joined(&judgement.loosens) } else { judgement.otherwise };
    let effect = match judgement.effect {
        _ if loosens => GovernanceEffect::Loosening,
        Some(Effect::Tightening) => GovernanceEffect::Tightening,
        Some(Effect::Textual) => GovernanceEffect::Textual,
        _ => GovernanceEffect::Unknown,
    };
    let (what, path) = (file.kind.name().to_owned(), file.path.to_owned());
    GovernanceChange { what, path, loosens, why, effect, owners: judgement.owners }
}

fn joined(reasons: &[String]) -> String {
    let shown = reasons.iter().take(MOST_REASONS).map(String::as_str).collect::<Vec<_>>().join("; ");
    match reasons.len().saturating_sub(MOST_REASONS) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

#[cfg(test)]
mod tests;
