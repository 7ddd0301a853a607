//! Identities: the names and addresses of author, committer, co-authors and those who signed.
//!
//! Owns which identity is held against which rows. Names and addresses are the author's to choose.

use super::super::catalogue::Catalogue;
use super::super::evidence::{Evidence, MarkKind};
use super::super::people::makers;
use super::{Source, Subject};
use crate::provenance::people::login;

pub(super) const SOURCE: Source = Source { name: "identities", find };

fn find(catalogue: &Catalogue, subject: &Subject<'_>) -> Vec<Evidence> {
    let (author, committer) = (&subject.commit.author, &subject.commit.committer);
    let look = |kind, text: &str| catalogue.find(kind, text.trim(), SOURCE.name);
    let mut found = look(MarkKind::CoauthorEmail, &author.email);
    found.extend(look(MarkKind::AuthorName, &author.name));
    found.extend(look(MarkKind::CoauthorEmail, &committer.email));
    found.extend(look(MarkKind::Committer, &committer.name));
    found.extend(look(MarkKind::Committer, &committer.email));
    let makers = makers(subject.commit);
    for maker in &makers {
        found.extend(look(MarkKind::CoauthorEmail, &maker.email));
        found.extend(look(MarkKind::AuthorName, &maker.name));
    }
    // A login that ends in `[bot]` is no person's: nobody can register one.
    for person in makers.iter().chain([author, committer]) {
        let names = [person.name.trim(), login(&person.email)];
        for name in names.into_iter().filter(|name| name.to_ascii_lowercase().ends_with("[bot]")) {
            found.extend(look(MarkKind::AuthorLogin, name));
        }
    }
    found
}
