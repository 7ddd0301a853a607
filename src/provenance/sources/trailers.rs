//! Trailers: what the last paragraph of a commit message says.
//!
//! Owns looking at whole trailer lines. The addresses inside co-author trailers are the business of `identities`.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::{Source, Subject};

pub(super) const SOURCE: Source = Source { name: "trailers", find };

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    let lines = subject.commit.trailers.iter().map(|trailer| format!("{}: {}", trailer.key, trailer.value));
    lines.flat_map(|line| catalogue.find(MarkKind::Trailer, &line, SOURCE.name)).collect()
}
