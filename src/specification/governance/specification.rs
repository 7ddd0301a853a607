//! The specification in the repository, its lock, waivers and baseline.
//!
//! Until specifications are read and compared, only additions of new files and removals of exceptions are known to let
//! nothing more through.

use super::{Judgement, Kind};

/// Judges by what the file is for: rules loosen when they change, exceptions when they appear.
pub(super) fn judge(kind: Kind, base: Option<&[u8]>, head: Option<&[u8]>) -> Vec<Judgement> {
    let judgement = match (kind, base, head) {
        (Kind::Waiver, _, None) => Judgement::harmless("an exception is gone"),
        (Kind::Waiver, None, _) => Judgement::loosens("a new exception lets findings through"),
        (Kind::Waiver, ..) => Judgement::loosens("an exception changes; whether it lets more through cannot be told"),
        (Kind::Baseline, _, None) => Judgement::harmless("old findings gate again"),
        (Kind::Baseline, ..) => Judgement::loosens("findings in the baseline do not gate"),
        (Kind::Lock, ..) => Judgement::loosens("another specification is pinned; what it lets through cannot be told"),
        (_, None, _) => Judgement::harmless("a new part of the specification"),
        (_, _, None) => Judgement::loosens("a part of the specification is gone"),
        _ => Judgement::loosens("the specification changes; whether it lets more through cannot be told"),
    };
    vec![judgement]
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    #[test]
    fn exceptions_loosen_when_they_appear() {
        assert!(says(".portcullis/waivers/a.yaml", None, Some("a")).0);
        assert!(says(".portcullis/waivers/a.yaml", Some("a"), Some("b")).0);
        assert!(!says(".portcullis/waivers/a.yaml", Some("a"), None).0);
        assert!(says(".portcullis/baseline.json", None, Some("[]")).0);
        assert!(!says(".portcullis/baseline.json", Some("[]"), None).0);
    }

    #[test]
    fn rules_loosen_when_they_change_or_go() {
        assert!(says(".portcullis/invariants/a.yaml", Some("a"), Some("b")).0);
        assert!(says(".portcullis/invariants/a.yaml", Some("a"), None).0);
        assert!(!says(".portcullis/invariants/a.yaml", None, Some("a")).0);
        assert!(says("portcullis.lock", Some("a"), Some("b")).0);
    }
}
