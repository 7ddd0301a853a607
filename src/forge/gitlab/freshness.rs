//! At which head somebody approved: GitLab tells when, the versions of the merge request tell what stood there then.
//!
//! Owns that one step. Both times are GitLab's own, so no other clock has a part in it. What is not certain is empty, and
//! an approval of no known head counts nowhere.

use super::answers::{Note, Version};

/// Returns the head that stood when something was said at that time: the one of the newest version that was there
/// before. Empty where a time is missing or cannot be read, or where two things happened in the same moment.
pub(super) fn head_at(versions: &[Version], at: &str) -> String {
    known(versions, at).unwrap_or_default().to_owned()
}

fn known<'a>(versions: &'a [Version], at: &str) -> Option<&'a str> {
    let at = moment(at)?;
    let mut before = Vec::new();
    for version in versions {
        let made = moment(&version.created_at)?;
        if made == at {
            return None;
        }
        if made < at {
            before.push((made, version.head_commit_sha.as_str()));
        }
    }
    let newest = before.iter().map(|(made, _)| *made).max()?;
    let mut heads = before.iter().filter(|(made, _)| *made == newest).map(|(_, head)| *head);
    let head = heads.next()?;
    heads.all(|other| other == head).then_some(head)
}

/// Returns when this account approved last, as GitLab's own notes under the change tell; people cannot write such notes.
pub(super) fn noted_at(notes: &[Note], account: u64) -> &str {
    let told = |note: &&Note| note.system && account > 0 && note.author.id == account;
    let approved = notes.iter().filter(told).filter(|note| note.body.trim() == "approved this merge request");
    approved.max_by_key(|note| moment(&note.created_at)).map_or("", |note| &note.created_at)
}

/// Returns when the target branch was changed last, by hand or because it was deleted; empty where it never was.
pub(super) fn retargeted_at(notes: &[Note]) -> &str {
    let told = |note: &&Note| {
        let body = note.body.trim();
        let changed = body.starts_with("changed target branch") || body.contains("now targets the");
        note.system && changed
    };
    notes.iter().filter(told).max_by_key(|note| moment(&note.created_at)).map_or("", |note| &note.created_at)
}

fn moment(text: &str) -> Option<jiff::Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::head_at;
    use crate::forge::gitlab::answers::Version;

    fn version(head: &str, at: &str) -> Version {
        Version { head_commit_sha: head.to_owned(), created_at: at.to_owned() }
    }

    #[test]
    fn an_approval_belongs_to_the_newest_version_before_it_row_144() {
        let versions = [
            version("c", "2026-11-03T10:00:00.000Z"),
            version("a", "2026-11-01T10:00:00.000Z"),
            version("b", "2026-11-02T12:00:00.000+02:00"),
        ];
        assert_eq!(head_at(&versions, "2026-11-02T10:00:00.001Z"), "b");
        assert_eq!(head_at(&versions, "2026-11-03T11:00:00.500+01:00"), "c");
        assert_eq!(head_at(&versions, "2026-11-02T09:59:59.999Z"), "a");
        assert_eq!(head_at(&versions, "2026-10-31T10:00:00.000Z"), "");
    }

    #[test]
    fn a_tie_or_a_missing_time_is_no_head() {
        let versions = [version("b", "2026-11-02T10:00:00.000Z"), version("a", "2026-11-01T10:00:00Z")];
        assert_eq!(head_at(&versions, "2026-11-02T12:00:00.000+02:00"), "");
        assert_eq!(head_at(&versions, ""), "");
        assert_eq!(head_at(&versions, "yesterday"), "");
        assert_eq!(head_at(&[version("b", ""), version("a", "2026-11-01T10:00:00Z")], "2026-11-05T10:00:00Z"), "");
        assert_eq!(head_at(&[], "2026-11-05T10:00:00Z"), "");
    }

    #[test]
    fn two_versions_of_one_moment_are_no_head_unless_they_have_the_same() {
        let at = "2026-11-01T10:00:00Z";
        assert_eq!(head_at(&[version("a", at), version("b", at)], "2026-11-05T10:00:00Z"), "");
        assert_eq!(head_at(&[version("a", at), version("a", at)], "2026-11-05T10:00:00Z"), "a");
        let later = [version("a", at), version("b", at), version("c", "2026-11-02T10:00:00Z")];
        assert_eq!(head_at(&later, "2026-11-05T10:00:00Z"), "c");
    }
}
