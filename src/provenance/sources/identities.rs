//! Identities: the names and addresses of author, committer and co-authors.
//!
//! Owns which identity is held against which rows. Names and addresses are the author's to choose.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::super::people::coauthors;
use super::{Source, Subject};

pub(super) const SOURCE: Source = Source { name: "identities", find };

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    let (author, committer) = (&subject.commit.author, &subject.commit.committer);
    let look = |kind, text: &str| catalogue.find(kind, text.trim(), SOURCE.name);
    let mut found = look(MarkKind::CoauthorEmail, &author.email);
    found.extend(look(MarkKind::AuthorName, &author.name));
    found.extend(look(MarkKind::CoauthorEmail, &committer.email));
    found.extend(look(MarkKind::Committer, &committer.name));
    found.extend(look(MarkKind::Committer, &committer.email));
    for coauthor in coauthors(subject.commit) {
        found.extend(look(MarkKind::CoauthorEmail, &coauthor.email));
        found.extend(look(MarkKind::AuthorName, &coauthor.name));
    }
    found
}
