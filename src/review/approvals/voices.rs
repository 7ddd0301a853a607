//! What each person said last.
//!
//! Owns the order of opinions: words alone leave a stance as it was, everything else replaces it. Must not know who may
//! approve.

use std::collections::BTreeMap;

use super::folded;
use crate::review::state::{Opinion, Stance};

/// Somebody who approved at some time, or whose approval was taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Voice<'a> {
    /// Who, as the forge spells it.
    pub(super) login: &'a str,
    /// The head at which the approval was given, or empty.
    pub(super) commit: &'a str,
    /// When it was given, or empty.
    pub(super) at: &'a str,
    /// Why it ended, where it did.
    pub(super) ended: Option<&'static str>,
}

/// Returns who approved, sorted by login without regard to case; `opinions` are oldest first.
pub(super) fn voices(opinions: &[Opinion]) -> Vec<Voice<'_>> {
    let mut latest: BTreeMap<String, (&Opinion, bool)> = BTreeMap::new();
    for opinion in opinions.iter().filter(|opinion| opinion.stance != Stance::Commented) {
        let entry = latest.entry(folded(&opinion.login)).or_insert((opinion, false));
        entry.0 = opinion;
        // A dismissal stands in the place of the approval that it took away.
        entry.1 |= matches!(opinion.stance, Stance::Approved | Stance::Dismissed);
    }
    latest
        .into_values()
        .filter(|(_, approved)| *approved)
        .map(|(opinion, _)| Voice {
            login: &opinion.login,
            commit: &opinion.commit,
            at: &opinion.at,
            ended: ended(opinion.stance),
        })
        .collect()
}

fn ended(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::Approved => None,
        Stance::Dismissed => Some("dismissed, or taken back"),
        Stance::ChangesRequested => Some("asked for changes since"),
        Stance::Commented | Stance::Unknown => Some("followed by a review of a kind that is not known"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Voice, voices};
    use crate::review::state::{Opinion, Stance};

    fn said(login: &str, stance: Stance, commit: &str) -> Opinion {
        Opinion { login: login.to_owned(), stance, commit: commit.to_owned(), at: String::new() }
    }

    #[test]
    fn the_latest_stance_holds_and_words_alone_leave_it() {
        let opinions = [
            said("ines", Stance::Approved, "a"),
            said("ines", Stance::Commented, "b"),
            said("mei", Stance::ChangesRequested, "a"),
            said("mei", Stance::Approved, "b"),
        ];
        let expected = [
            Voice { login: "ines", commit: "a", at: "", ended: None },
            Voice { login: "mei", commit: "b", at: "", ended: None },
        ];
        assert_eq!(voices(&opinions), expected);
    }

    #[test]
    fn dismissal_a_request_for_changes_and_an_unknown_stance_end_an_approval_row_144() {
        for stance in [Stance::Dismissed, Stance::ChangesRequested, Stance::Unknown] {
            let opinions = [said("ines", Stance::Approved, "a"), said("ines", stance, "a")];
            assert!(voices(&opinions)[0].ended.is_some(), "{stance:?}");
        }
        assert!(voices(&[said("ines", Stance::Dismissed, "a")])[0].ended.is_some());
    }

    #[test]
    fn who_never_approved_has_no_voice() {
        let opinions =
            [said("a", Stance::Commented, ""), said("b", Stance::ChangesRequested, ""), said("c", Stance::Unknown, "")];
        assert!(voices(&opinions).is_empty());
    }

    #[test]
    fn one_login_in_two_spellings_is_one_person() {
        let opinions = [said("Ines", Stance::Approved, "a"), said("ines", Stance::Dismissed, "a")];
        assert_eq!(voices(&opinions).len(), 1);
        assert!(voices(&opinions)[0].ended.is_some());
    }
}
