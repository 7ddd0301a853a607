//! The commits of a change and the words in them.

use portcullis::change::{Person, tickets};
use portcullis::limits::Limits;

use crate::support::TestRepository;
use crate::{change, change_within, codes};

fn subjects(change: &portcullis::change::Change) -> Vec<&str> {
    change.commits.iter().map(|commit| commit.subject.as_str()).collect()
}

#[test]
fn commits_have_people_words_and_trailers_oldest_first() {
    let repository = TestRepository::new();
    let base = repository.write("a", "1").commit("base");
    repository.write("a", "2").commit("PAY-7: one\n\nWhy so.\n\nAssisted-by: tool\nSigned-off-by: Ada <a@b>\n");
    let head = repository.write("a", "3").commit("two (#9)");
    let read = change(repository.root(), &base, &head);
    assert_eq!(subjects(&read), ["PAY-7: one", "two (#9)"]);
    let first = &read.commits[0];
    assert_eq!(first.author, Person { name: "Ada Author".into(), email: "ada@example.org".into() });
    assert_eq!(first.committer.name, "Cy Committer");
    assert!(first.body.starts_with("Why so."));
    let keys: Vec<&str> = first.trailers.iter().map(|trailer| trailer.key.as_str()).collect();
    assert_eq!(keys, ["Assisted-by", "Signed-off-by"]);
    assert_eq!(tickets(&read.commits), ["#9", "PAY-7"]);
}

#[test]
fn merged_base_commits_are_not_of_the_change_whatever_their_dates() {
    let repository = TestRepository::new();
    let tree = repository.tree(&[]);
    let commit = |parents: &[&str], seconds: i64, subject: &str| {
        let mut data = format!("tree {tree}\n");
        for parent in parents {
            data.push_str(&format!("parent {parent}\n"));
        }
        data.push_str(&format!("author A <a@b> {seconds} +0000\ncommitter A <a@b> {seconds} +0000\n\n{subject}\n"));
        repository.raw_commit(data)
    };
    let root = commit(&[], 1000, "root");
    let early = commit(&[&root], 1100, "early");
    let base = commit(&[&early], 1200, "base");
    // Dates before the root, far ahead, negative, and beyond 64 bits.
    let one = commit(&[&root], 5, "one");
    let two = commit(&[&one, &early], 4_000_000_000, "two");
    let three = commit(&[&two], -7, "three");
    let head = commit(&[&three, &base], 1300, "head");
    let read = change(repository.root(), &base, &head);
    assert_eq!(subjects(&read), ["one", "two", "three", "head"]);
    let listed = repository.git(&["rev-list", "--count", &format!("{base}..{head}")]);
    assert_eq!(listed, "4");
}

#[test]
fn odd_dates_and_bytes_in_a_commit_never_stop_the_reader() {
    let repository = TestRepository::new();
    let tree = repository.tree(&[]);
    let base = repository.commit_tree(&tree, &[], "base");
    let mut data =
        format!("tree {tree}\nparent {base}\nauthor \u{202E}x <y 99999999999999999999 +99999\n").into_bytes();
    data.extend_from_slice(b"committer \xff\xfe> <\nencoding nonsense\ngpgsig x\n y\n\n\xff subject\n\nbody\n");
    let head = repository.raw_commit(data);
    let read = change(repository.root(), &base, &head);
    assert_eq!((read.commits.len(), codes(&read)), (1, vec![]));
    assert_eq!(read.commits[0].subject, "\u{fffd} subject");
}

#[test]
fn more_commits_than_the_limit_are_undecided() {
    let repository = TestRepository::new();
    let base = repository.write("a", "1").commit("base");
    for number in 0..5 {
        repository.write("a", number.to_string()).commit("more");
    }
    let limits = |commits| Limits { commits, ..Limits::default() };
    assert_eq!(codes(&change_within(repository.root(), &base, "main", &limits(4))), ["too-many-commits"]);
    assert!(codes(&change_within(repository.root(), &base, "main", &limits(5))).is_empty());
}
