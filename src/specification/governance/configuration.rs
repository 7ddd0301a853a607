//! `.portcullis.yaml`: two meanings compared, not two texts.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Judgement, Settings};
use crate::configuration::{Configuration, FILE_NAME, UnknownLines};
use crate::limits::{LIMITS, Limits};
use crate::verdict::FailOn;

/// Compares what both sides mean; no file means the defaults, an unreadable one cannot be told.
pub(super) fn judge(base: Option<&[u8]>, head: Option<&[u8]>, settings: &Settings) -> Vec<Judgement> {
    let read = |side: Option<&[u8]>| match side {
        None => Some(Configuration::default()),
        Some(bytes) => Configuration::read(bytes, FILE_NAME, &settings.packs).ok(),
    };
    let (Some(base), Some(head)) = (read(base), read(head)) else {
        return vec![Judgement::loosens("one side cannot be read, so whether it lets more through cannot be told")];
    };
    let mut found = Vec::new();
    packs(&base, &head, settings, &mut found);
    policies(&base, &head, &mut found);
    rules(&base, &head, &mut found);
    paths(&base, &head, &mut found);
    limits(&base.limits, &head.limits, &mut found);
    rest(&base, &head, &mut found);
    if found.is_empty() {
        found.push(Judgement::harmless("both sides mean the same"));
    }
    found
}

fn packs(base: &Configuration, head: &Configuration, settings: &Settings, found: &mut Vec<Judgement>) {
    for pack in &settings.packs {
        match (base.packs.contains(pack), head.packs.contains(pack)) {
            (true, false) => found.push(Judgement::loosens(format!("the pack `{pack}` no longer runs"))),
            (false, true) => found.push(Judgement::harmless(format!("the pack `{pack}` runs from now on"))),
            _ => {}
        }
    }
    let all = |side: &Configuration| side.packs == crate::configuration::Packs::All;
    if all(base) && !all(head) {
        found.push(Judgement::loosens("packs of later versions no longer run by themselves"));
    }
}

fn policies(base: &Configuration, head: &Configuration, found: &mut Vec<Judgement>) {
    let old: BTreeSet<_> = base.policies.iter().collect();
    let new: BTreeSet<_> = head.policies.iter().collect();
    for folder in old.difference(&new) {
        let stays = head.policies.iter().any(|other| other.path == folder.path);
        let what = if stays { "is read in another way" } else { "is no longer read" };
        found.push(Judgement::loosens(format!("the policy folder `{}` {what}", folder.path)));
    }
    for folder in new.difference(&old).filter(|folder| base.policies.iter().all(|other| other.path != folder.path)) {
        if folder.data.is_empty() {
            found.push(Judgement::harmless(format!("the policy folder `{}` is read from now on", folder.path)));
        } else {
            let why = format!("the policy folder `{}` brings data; what it exempts cannot be told", folder.path);
            found.push(Judgement::loosens(why));
        }
    }
}

/// A rule without an override stands as its pack has it, which is not known here: only a raise to the top is harmless.
fn rules(base: &Configuration, head: &Configuration, found: &mut Vec<Judgement>) {
    for id in base.rules.keys().chain(head.rules.keys()).collect::<BTreeSet<_>>() {
        let (old, new) = (base.rules.get(id), head.rules.get(id));
        if old == new {
            continue;
        }
        let severity = step(old.and_then(|rule| rule.severity), new.and_then(|rule| rule.severity));
        let status = step(old.and_then(|rule| rule.status), new.and_then(|rule| rule.status));
        let id = id.as_str();
        found.push(match (severity, status) {
            (Some(Ordering::Less), _) => Judgement::loosens(format!("the severity of `{id}` is lowered")),
            (_, Some(Ordering::Less)) => Judgement::loosens(format!("the status of `{id}` is lowered")),
            (Some(_), Some(_)) => Judgement::harmless(format!("`{id}` is raised")),
            _ => Judgement::loosens(format!("`{id}` stands otherwise than its pack has it; the order cannot be told")),
        });
    }
}

/// Returns how the new value stands to the old one; nothing where the pack's own value decides.
fn step<T: Ord + Copy + Top>(old: Option<T>, new: Option<T>) -> Option<Ordering> {
    match (old, new) {
        (None, None) => Some(Ordering::Equal),
        (Some(old), Some(new)) => Some(new.cmp(&old)),
        (None, Some(new)) => new.at_top().then_some(Ordering::Greater),
        (Some(_), None) => None,
    }
}

trait Top {
    fn at_top(self) -> bool;
}

impl Top for crate::finding::Severity {
    fn at_top(self) -> bool {
        self == Self::Error
    }
}

impl Top for crate::finding::Status {
    fn at_top(self) -> bool {
        self == Self::Enforced
    }
}

fn paths(base: &Configuration, head: &Configuration, found: &mut Vec<Judgement>) {
    let lists = [
        ("generated", &base.paths.generated, &head.paths.generated),
        ("vendored", &base.paths.vendored, &head.paths.vendored),
        ("test", &base.paths.test, &head.paths.test),
    ];
    for (name, old, new) in lists {
        let added: Vec<String> =
            new.iter().filter(|glob| !old.contains(glob)).map(|glob| format!("`{glob}`")).collect();
        if !added.is_empty() {
            let why = format!("fewer rules hold in {}, which count as {name}", added.join(", "));
            found.push(Judgement::loosens(why));
        } else if old.iter().any(|glob| !new.contains(glob)) {
            found.push(Judgement::harmless(format!("fewer paths count as {name}")));
        }
    }
}

/// A higher limit decides where a lower one says undecided.
fn limits(base: &Limits, head: &Limits, found: &mut Vec<Judgement>) {
    for row in LIMITS {
        let (old, new) = (base.get(row.name).unwrap_or(row.default), head.get(row.name).unwrap_or(row.default));
        let text = format!("the limit `{}` changes from {old} to {new}", row.name);
        match new.cmp(&old) {
            Ordering::Greater => found.push(Judgement::loosens(text)),
            Ordering::Less => found.push(Judgement::harmless(text)),
            Ordering::Equal => {}
        }
    }
}

fn rest(base: &Configuration, head: &Configuration, found: &mut Vec<Judgement>) {
    let strictness = |side: FailOn| match side {
        FailOn::Never => 0,
        FailOn::Error => 1,
        FailOn::Warning => 2,
    };
    match strictness(head.fail_on).cmp(&strictness(base.fail_on)) {
        Ordering::Less => found.push(Judgement::loosens("`fail-on` lets findings pass that failed before")),
        Ordering::Greater => found.push(Judgement::harmless("`fail-on` is stricter")),
        Ordering::Equal => {}
    }
    match (base.unknown, head.unknown) {
        (UnknownLines::Ai, UnknownLines::Human) => {
            found.push(Judgement::loosens("lines of unknown making count as human: rules for AI no longer hold there"));
        }
        (UnknownLines::Human, UnknownLines::Ai) => {
            found.push(Judgement::harmless("lines of unknown making count as AI-made"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::says;

    fn of(base: &str, head: &str) -> (bool, String) {
        let text = |body: &str| format!("version: 1\n{body}");
        says(".portcullis.yaml", Some(&text(base)), Some(&text(head)))
    }

    #[test]
    fn every_way_to_let_more_through_loosens_row_67() {
        for (base, head, why) in [
            ("", "packs: [size]\n", "`hidden-code` no longer runs"),
            ("policies: [a, b]\n", "policies: [a]\n", "`b` is no longer read"),
            ("policies: [a]\n", "policies: [{path: a, namespaces: [x]}]\n", "`a` is read in another way"),
            ("", "rules: {\"hidden-code/bidi\": {severity: warning}}\n", "hidden-code/bidi"),
            ("", "rules: {\"hidden-code/bidi\": {status: observe}}\n", "hidden-code/bidi"),
            (
                "rules: {\"hidden-code/bidi\": {severity: error}}\n",
                "rules: {\"hidden-code/bidi\": {severity: info}}\n",
                "severity of `hidden-code/bidi` is lowered",
            ),
            ("rules: {\"size/too-many-files\": {status: enforced}}\n", "", "cannot be told"),
            ("", "paths: {generated: [\"src/**\"]}\n", "`src/**`"),
            ("", "paths: {test: [\"src/**\"]}\n", "count as test"),
            ("", "limits: {file-bytes: 9000000}\n", "file-bytes"),
            ("", "fail-on: never\n", "fail-on"),
            ("fail-on: warning\n", "fail-on: error\n", "fail-on"),
            ("", "provenance: {unknown: human}\n", "count as human"),
            ("", "nonsense: 1\n", "cannot be read"),
        ] {
            let (loosens, said) = of(base, head);
            assert!(loosens && said.contains(why), "{base} -> {head}: {said}");
        }
    }

    #[test]
    fn the_other_way_round_does_not() {
        for (base, head) in [
            ("packs: [size]\n", "packs: [size, hidden-code]\n"),
            ("policies: [a]\n", "policies: [a, b]\n"),
            ("", "rules: {\"size/too-many-files\": {severity: error, status: enforced}}\n"),
            ("paths: {generated: [\"src/**\"]}\n", ""),
            ("", "limits: {file-bytes: 1000000}\n"),
            ("fail-on: error\n", "fail-on: warning\n"),
            ("provenance: {unknown: human}\n", ""),
            ("fail-on: error\n", "# the default\nfail-on: error\n"),
        ] {
            assert!(!of(base, head).0, "{base} -> {head}: {}", of(base, head).1);
        }
    }

    #[test]
    fn a_new_or_deleted_file_is_compared_with_the_defaults_row_68() {
        assert!(says(".portcullis.yaml", Some("version: 1\npolicies: [a]\n"), None).0);
        assert!(!says(".portcullis.yaml", None, Some("version: 1\nfail-on: warning\n")).0);
        assert!(says(".portcullis.yaml", None, Some("version: 1\nfail-on: never\n")).0);
    }
}
