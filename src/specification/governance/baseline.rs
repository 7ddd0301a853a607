//! The baseline: findings that were there before the gate was.
//!
//! Owns its places. What stands in it does not gate, so one entry more loosens; it may only shrink.

use super::lines::shown;
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};
use crate::specification::baseline::Baseline;
use crate::specification::diff::Effect;

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "baseline", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, places: &Places) -> bool {
    let configured = places.baseline.as_ref().map(|place| Folded::new(place).as_str().to_owned());
    path.is(".portcullis/baseline.json") || configured.is_some_and(|place| path.is(&place))
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    if file.head.is_none() {
        return Judgement::told(Effect::Tightening, "the baseline is removed: its findings gate again");
    }
    let read = |side: Option<&[u8]>| match side {
        None => Some(Baseline::default()),
        Some(bytes) => Baseline::read(bytes, file.path, None).ok(),
    };
    let (Some(base), Some(head)) = (read(file.base), read(file.head)) else {
        let side = if read(file.head).is_none() { "head's" } else { "base's" };
        return Judgement::loosens(format!("{side} baseline cannot be read: whether it grows cannot be told"));
    };
    let grown = head.grown(&base);
    let Some(first) = grown.first() else {
        let gone = base.grown(&head).len();
        return match gone {
            0 => Judgement::told(Effect::Textual, "the baseline holds the same findings"),
            _ => Judgement::told(Effect::Tightening, format!("the baseline shrinks by {}", findings(gone))),
        };
    };
    let (rule, place) = (first.rule.as_str(), shown(&first.path));
    let more = match grown.len() {
        1 => "one finding that gates no longer,".to_owned(),
        count => format!("{} that gate no longer, such as", findings(count)),
    };
    Judgement::loosens(format!("the baseline grows by {more} {rule} in {place}"))
}

fn findings(count: usize) -> String {
    if count == 1 { "one finding".to_owned() } else { format!("{count} findings") }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::specification::governance::{BaseRules, GovernedFile, Kind, judge};

    const PRINT: &str = "9c41e07ab3d2f0681b5de4a7c3902f6e";

    fn file(paths: &[&str]) -> String {
        let entry =
            |path: &&str| format!("{{\"rule\": \"INV-A-1\", \"path\": \"{path}\", \"fingerprint\": \"{PRINT}\"}}");
        let entries: Vec<String> = paths.iter().map(entry).collect();
        format!("{{\"version\": 1, \"entries\": [{}]}}", entries.join(", "))
    }

    fn judged(base: Option<&str>, head: Option<&str>) -> (bool, String) {
        let kind = Kind { row: &KIND, inside: 0 };
        let (base, head) = (base.map(str::as_bytes), head.map(str::as_bytes));
        let change = judge(&GovernedFile { path: "b.json", kind, base, head, rules: &BaseRules::default() });
        (change.loosens, change.why)
    }

    #[test]
    fn growth_loosens_and_shrinking_does_not() {
        let (small, large) = (file(&["a"]), file(&["a", "b"]));
        let grown = judged(Some(&small), Some(&large));
        assert_eq!(grown.1, "the baseline grows by one finding that gates no longer, INV-A-1 in `b`");
        assert!(grown.0);
        assert_eq!(judged(Some(&large), Some(&small)), (false, "the baseline shrinks by one finding".to_owned()));
        assert!(judged(None, Some(&small)).0);
        assert!(!judged(None, Some(&file(&[]))).0);
        assert!(!judged(Some(&small), None).0);
        assert!(!judged(Some(&small), Some(&format!("{small}\n"))).0);
    }

    #[test]
    fn a_swapped_entry_loosens_and_an_unreadable_side_cannot_be_told() {
        assert!(judged(Some(&file(&["a"])), Some(&file(&["b"]))).0);
        assert!(judged(Some(&file(&["a"])), Some("{}")).1.starts_with("head's baseline cannot be read"));
        assert!(judged(Some("x"), Some(&file(&[]))).1.starts_with("base's baseline cannot be read"));
    }
}
