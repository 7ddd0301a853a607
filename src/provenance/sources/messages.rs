//! Messages: how a subject begins, and footer lines that tools leave in the text.
//!
//! Owns looking at the prose of a commit message.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::{Source, Subject};

pub(super) const SOURCE: Source = Source { name: "messages", find };

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    let commit = subject.commit;
    let mut found = catalogue.find(MarkKind::MessagePrefix, &commit.subject, SOURCE.name);
    found.extend(catalogue.find(MarkKind::MessageSuffix, &commit.body, SOURCE.name));
    found
}
