//! The specification of the trusted side -> the rules that hold in this repository.
//!
//! Owns that a fault of the specification makes the change undecided. Must not judge anything.

use std::collections::BTreeSet;

use crate::completeness::Reason;
use crate::configuration::Configuration;
use crate::diagnostic::UsageError;
use crate::enforcement::{RuleBook, rego, specification_json};
use crate::policies::{DataSource, PolicySet, PolicySource};
use crate::specification::files::SpecificationFiles;
use crate::specification::hosted::systems_here;
use crate::specification::load;

/// The specification as read.
#[derive(Debug, Default)]
pub(super) struct Specified {
    /// The rules that hold here; none where there is no specification.
    pub(super) book: RuleBook,
    /// Its own policies, for the loader.
    policies: Vec<PolicySource>,
    /// What is wrong with it.
    pub(super) reasons: Vec<Reason>,
}

impl Specified {
    /// Reads the files of a specification; the same files give the same rules, in `check` and in `decide`.
    pub(super) fn of(files: Option<&SpecificationFiles>, configuration: &Configuration) -> Self {
        let Some(files) = files else { return Self::without(configuration) };
        let (specification, mut faults) = load(files);
        let hosted = systems_here(&configuration.systems, &specification).unwrap_or_else(|unknown| {
            // A specification that does not load has no systems to be named.
            if faults.is_empty() {
                faults.extend(unknown);
            }
            Vec::new()
        });
        let (book, more) = RuleBook::of(specification, hosted);
        faults.extend(more);
        let mut reasons: Vec<Reason> = faults.iter().map(reason).collect();
        reasons.sort();
        reasons.dedup();
        let policies = rego::policy_sources(&book, |path| files.shown(path));
        Self { book, policies, reasons }
    }

    /// Systems that are named where no specification is would silently hold nothing. One that is named and cannot be
    /// read has said so where it was read.
    fn without(configuration: &Configuration) -> Self {
        let mut specified = Self::default();
        if !configuration.systems.is_empty() && configuration.specification.is_none() {
            let remedy = "add `.portcullis/` or `spec:`, or take `system:` out of .portcullis.yaml";
            let message = "`system` is named, and there is no specification that could know it";
            specified.reasons.push(Reason::new("missing-specification", message, remedy));
        }
        specified
    }

    /// Returns the policies of packs and folders with those of the specification.
    pub(super) fn with_policies(&self, set: &PolicySet) -> PolicySet {
        let mut set = set.clone();
        set.policies.extend(self.policies.iter().cloned());
        set.policies.sort();
        set.data.extend(self.data(&set.policies));
        set.data.sort();
        set
    }

    /// Returns `data.spec` for every pack that reads it; without a specification its lists are empty, never absent.
    fn data(&self, policies: &[PolicySource]) -> Vec<DataSource> {
        let reading = policies.iter().filter(|policy| policy.text.contains("data.spec"));
        let packs: BTreeSet<&str> = reading.map(|policy| policy.pack.as_str()).collect();
        if packs.is_empty() {
            return Vec::new();
        }
        let text = specification_json(&self.book).to_string();
        let source = |pack: &str| DataSource {
            pack: pack.to_owned(),
            path: "specification.json".to_owned(),
            at: vec!["spec".to_owned()],
            text: text.clone(),
        };
        packs.into_iter().map(source).collect()
    }
}

/// A fault of the specification makes the change undecided; rules are read from base, so a correction inside the
/// change itself would not be seen.
fn reason(fault: &UsageError) -> Reason {
    let usual =
        "correct it where the specification is read from; `portcullis spec lint` shows every fault in its place";
    let remedy = if fault.help.is_empty() { usual } else { &fault.help };
    match &fault.frame {
        Some(frame) => {
            let message = format!("{}:{}: {}", frame.place.line, frame.place.column, fault.title);
            // The last line of a report has the remedy alone, and a question says nothing without its place.
            let place = format!("line {} of `{}`", frame.place.line, crate::diagnostic::shortened(&frame.file));
            let asks = remedy.starts_with("Did you mean");
            let remedy = if asks { format!("correct {place}: {remedy}") } else { remedy.to_owned() };
            Reason::new("specification-fault", message, remedy).at(frame.file.clone())
        }
        None => Reason::new("specification-fault", fault.title.clone(), remedy),
    }
}
