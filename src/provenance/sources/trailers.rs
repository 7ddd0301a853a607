//! Trailers: what lines of a commit message say that read like one.
//!
//! Owns looking at whole lines. The addresses inside co-author trailers are the business of `identities`.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::super::marks::marks;
use super::{Source, Subject};

pub(super) const SOURCE: Source = Source { name: "trailers", find };

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    let lines = marks(subject.commit).into_iter().map(|mark| format!("{}: {}", mark.key, mark.value));
    lines.flat_map(|line| catalogue.find(MarkKind::Trailer, &line, SOURCE.name)).collect()
}
