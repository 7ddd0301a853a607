//! The lock file that pins the specification.
//!
//! Owns its place. What another commit of the specification says is not part of this change, so it cannot be told here;
//! the same content under another commit is the same specification.

use super::lines::shown;
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};
use crate::specification::diff::Effect;
use crate::specification::lock::{FILE_NAME, Lock};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "lock", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &Places) -> bool {
    path.is(FILE_NAME)
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let read = |side: &[u8]| Lock::read(side, file.path).ok();
    match (file.base, file.head) {
        (None, _) => Judgement::harmless("a specification is pinned for the first time"),
        (Some(base), None) => {
            let was = read(base).map_or_else(|| "a pin that cannot be read".to_owned(), |lock| pin(&lock));
            Judgement::loosens(format!("the pin of the specification, {was}, is removed"))
        }
        (Some(base), Some(head)) => match (read(base), read(head)) {
            (Some(base), Some(head)) => compare(&base, &head),
            (_, None) => Judgement::loosens("head's lock cannot be read: what is pinned cannot be told"),
            (None, _) => Judgement::loosens("base's lock cannot be read: what was pinned cannot be told"),
        },
    }
}

fn compare(base: &Lock, head: &Lock) -> Judgement {
    let mut reasons = Vec::new();
    if base.digest != head.digest || base.schema != head.schema {
        let (was, is) = (pin(base), pin(head));
        reasons.push(format!(
            "{is} is pinned instead of {was}; whether it lets more through cannot be told here, \
                              `portcullis spec diff` between the two says it"
        ));
    } else if base.prompts != head.prompts {
        reasons.push("other prompts are pinned with the same specification".to_owned());
    }
    if base.url != head.url {
        reasons.push(format!("the specification comes from {} instead of {}", shown(&head.url), shown(&base.url)));
    }
    if !reasons.is_empty() {
        return Judgement::of(reasons, "");
    }
    let why = if base.commit == head.commit {
        "the same is pinned again"
    } else {
        "another commit with the same content is pinned"
    };
    Judgement::told(Effect::Textual, why)
}

/// Returns the full commit id, or else the digest.
fn pin(lock: &Lock) -> String {
    if lock.commit.is_empty() {
        format!("the digest {}", shown(&lock.digest))
    } else {
        format!("the commit {}", shown(&lock.commit))
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::specification::lock::Lock;

    fn lock(commit: &str, digest: &str) -> Lock {
        Lock { commit: commit.to_owned(), digest: digest.to_owned(), schema: 1, ..Lock::default() }
    }

    #[test]
    fn another_pin_cannot_be_told_and_names_both_commits() {
        let why = compare(&lock("aaa", "1"), &lock("bbb", "2")).loosens;
        assert!(why[0].starts_with("the commit `bbb` is pinned instead of the commit `aaa`"), "{why:?}");
        assert_eq!(compare(&lock("", "1"), &lock("", "2")).loosens.len(), 1);
        assert_eq!(compare(&lock("a", "1"), &Lock { url: "x".to_owned(), ..lock("a", "1") }).loosens.len(), 1);
    }

    #[test]
    fn the_same_content_is_the_same_specification() {
        assert!(compare(&lock("aaa", "1"), &lock("bbb", "1")).loosens.is_empty());
        let later = Lock { pinned: "2026-11-01".to_owned(), tag: "v2".to_owned(), ..lock("a", "1") };
        assert!(compare(&lock("a", "1"), &later).loosens.is_empty());
    }
}
