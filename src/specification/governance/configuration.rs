//! `.portcullis.yaml`.
//!
//! Owns the comparison of two configurations as meant, not as written. Budgets are neutral in both directions: hitting
//! one makes a change undecided, never lets it through; only those of line origins are not, where unknown counts as
//! human. Must not apply a configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::shown;
use super::path::Folded;
use super::policy::{RuleMetadata, rules_of};
use super::{Claim, GovernedFile, Judgement, Places, Row};
use crate::configuration::{
    Configuration, FILE_NAME, ImportRules, Packs, PolicyFolder, RequiredImport, SpecificationSource, UnknownLines,
};
use crate::finding::{Severity, Status};
use crate::limits::Limits;
use crate::policies::RuleOverride;
use crate::policies::packs;
use crate::specification::source::DEFAULT_FOLDER;
use crate::verdict::FailOn;

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "configuration", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &Places) -> bool {
    path.is(FILE_NAME)
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let names: Vec<&str> = packs::names().collect();
    let read = |side: Option<&[u8]>| match side {
        None => Ok(Configuration::default()),
        Some(bytes) => Configuration::read(bytes, FILE_NAME, &names),
    };
    let (Ok(base), Ok(head)) = (read(file.base), read(file.head)) else {
        let side = if read(file.head).is_err() { "head's" } else { "base's" };
        return Judgement::loosens(format!("{side} configuration cannot be read: what changes cannot be told"));
    };
    let mut reasons = compare(&base, &head, &names);
    if file.head.is_none() && !reasons.is_empty() {
        reasons.insert(0, "the file is deleted or no longer a regular file".to_owned());
    }
    Judgement::of(reasons, otherwise(file, base.limits != head.limits))
}

fn otherwise(file: &GovernedFile<'_>, limits: bool) -> String {
    let what = match (file.base, file.head) {
        (None, _) => "a configuration is added",
        (_, None) => "the configuration is deleted, and the defaults are no weaker",
        _ => "the configuration changes",
    };
    let budgets =
        if limits { "; other limits are neutral, for a budget that is hit leaves the change undecided" } else { "" };
    format!("{what}; nothing in it lets more through{budgets}")
}

/// Returns why `head` lets more through than `base`, in the order of the file's documentation.
fn compare(base: &Configuration, head: &Configuration, names: &[&str]) -> Vec<String> {
    let mut reasons = packs_removed(&base.packs, &head.packs, names);
    reasons.extend(folders_changed(&base.policies, &head.policies));
    reasons.extend(rules_lowered(base, head, names));
    let lists = [
        ("generated", &base.paths.generated, &head.paths.generated),
        ("vendored", &base.paths.vendored, &head.paths.vendored),
        ("test", &base.paths.test, &head.paths.test),
    ];
    for (list, old, new) in lists {
        let added = new.iter().filter(|glob| !old.contains(glob));
        reasons.extend(added.map(|glob| format!("{} is declared {list}, where fewer rules run", shown(glob))));
    }
    if strictness(head.fail_on) < strictness(base.fail_on) {
        reasons.push("`fail-on` is lowered".to_owned());
    }
    if base.unknown == UnknownLines::Ai && head.unknown == UnknownLines::Human {
        reasons.push("lines of unknown making count as human".to_owned());
    }
    let origins = |limits: &Limits| [limits.origin_steps, limits.origin_bytes];
    let lowered = origins(&base.limits).iter().zip(origins(&head.limits)).any(|(old, new)| new < *old);
    if head.unknown == UnknownLines::Human && lowered {
        reasons.push("more lines stay of unknown making, which counts as human, by a lower limit".to_owned());
    }
    reasons.extend(intent_changed(base, head));
    reasons.extend(imports_changed(&base.imports, &head.imports));
    reasons
}

/// The keys `system`, `spec` and `baseline`; without `spec` the folder `.portcullis` counts, where one is there.
fn intent_changed(base: &Configuration, head: &Configuration) -> Vec<String> {
    let mut reasons = Vec::new();
    let usual = SpecificationSource::Path(DEFAULT_FOLDER.to_owned());
    let source = |side: &Configuration| side.specification.as_ref().map_or(usual.clone(), |place| place.source.clone());
    let age = |side: &Configuration| side.specification.as_ref().and_then(|place| place.max_age_days);
    let told = "whether it lets more through cannot be told";
    match (source(base), source(head)) {
        (old, new) if old == new => {}
        (SpecificationSource::Git { url: old, .. }, SpecificationSource::Git { url: new, .. }) if old == new => {
            reasons.push(format!("the specification is pinned to another commit; {told}"));
        }
        _ if base.specification.is_some() && head.specification.is_none() => {
            reasons.push("the specification is left out".to_owned());
        }
        _ => reasons.push(format!("another specification is named; {told}")),
    }
    if age(base).is_some_and(|old| age(head).is_none_or(|new| new > old)) {
        reasons.push("the pin of the specification may be older".to_owned());
    }
    for (id, folder) in &base.systems {
        match head.systems.get(id) {
            None => reasons.push(format!("the system {} is left out", shown(id))),
            Some(new) if new != folder => reasons.push(format!("the system {} has another folder", shown(id))),
            Some(_) => {}
        }
    }
    let narrowed = head.systems.iter().filter(|(_, folder)| base.systems.is_empty() && !folder.is_empty());
    reasons.extend(narrowed.map(|(id, folder)| format!("the system {} holds only {}", shown(id), shown(folder))));
    if head.baseline.is_some() && base.baseline != head.baseline {
        reasons.push("another baseline of old findings is named".to_owned());
    }
    reasons
}

/// Results of other tools: what they count for, and which must be there.
fn imports_changed(base: &ImportRules, head: &ImportRules) -> Vec<String> {
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let tools: BTreeSet<&String> = base.tools.keys().chain(head.tools.keys()).collect();
    let less = |tool: &&&String| severities.iter().any(|of| head.status(tool, *of) < base.status(tool, *of));
    let mut reasons: Vec<String> =
        tools.iter().filter(less).map(|tool| format!("the status of results of {} is lowered", shown(tool))).collect();
    for wanted in base.required.iter().filter(|wanted| !head.required.contains(wanted)) {
        let same = |other: &&RequiredImport| (&other.tool, other.kind) == (&wanted.tool, wanted.kind);
        let kept = head.required.iter().filter(same).any(|other| !fewer(&wanted.paths, &other.paths));
        if !kept {
            let what = if wanted.tool.is_empty() { wanted.kind.map_or("", |kind| kind.word()) } else { &wanted.tool };
            reasons.push(format!("results of {} are required for fewer files", shown(what)));
        }
    }
    reasons
}

fn strictness(fail_on: FailOn) -> u8 {
    match fail_on {
        FailOn::Never => 0,
        FailOn::Error => 1,
        FailOn::Warning => 2,
    }
}

fn packs_removed(base: &Packs, head: &Packs, names: &[&str]) -> Vec<String> {
    let runs = |packs: &Packs, name: &str| packs.contains(name, packs::is_usual(name));
    let gone = names.iter().filter(|name| runs(base, name) && !runs(head, name));
    let gone: Vec<String> = gone.map(|name| shown(name)).collect();
    // One clause, so that what else loosens is seen beside it.
    match gone.split_last() {
        None => Vec::new(),
        Some((only, [])) => vec![format!("the pack {only} is left out")],
        Some((last, others)) => vec![format!("the packs {} and {last} are left out", others.join(", "))],
    }
}

/// Says whether globs that mean everything where there are none may cover less than before.
fn fewer(old: &[String], new: &[String]) -> bool {
    !new.is_empty() && (old.is_empty() || old.iter().any(|glob| !new.contains(glob)))
}

fn folders_changed(base: &[PolicyFolder], head: &[PolicyFolder]) -> Vec<String> {
    let mut reasons = Vec::new();
    for old in base.iter().filter(|old| !head.contains(old)) {
        let name = shown(&old.path);
        let Some(new) = head.iter().find(|new| new.path == old.path) else {
            reasons.push(format!("the policy folder {name} is left out"));
            continue;
        };
        let missing = |namespace: &String| !new.namespaces.contains(namespace);
        let narrowed = !new.namespaces.is_empty() && (old.namespaces.is_empty() || old.namespaces.iter().any(missing));
        let changes = [
            (old.scope != new.scope, "another scope"),
            (narrowed, "fewer namespaces"),
            (old.v0 != new.v0, "another version of Rego"),
            (old.combine != new.combine, "another way of looking at documents"),
            (fewer(&old.files, &new.files), "fewer documents to look at"),
            (old.data.iter().any(|data| !new.data.contains(data)), "less data"),
        ];
        reasons.extend(
            changes.iter().filter(|(is, _)| *is).map(|(_, what)| format!("the policy folder {name} has {what}")),
        );
    }
    let data = |folders: &[PolicyFolder]| -> BTreeSet<String> {
        folders.iter().flat_map(|folder| folder.data.iter().cloned()).collect()
    };
    let (had, has) = (data(base), data(head));
    let told =
        |path: &String| format!("the data {} is added; whether rules let more through cannot be told", shown(path));
    reasons.extend(has.difference(&had).map(told));
    reasons
}

/// Compares what every overridden rule comes to; a rule that no pack has counts as the strictest that it could be.
fn rules_lowered(base: &Configuration, head: &Configuration, names: &[&str]) -> Vec<String> {
    if base.rules == head.rules {
        return Vec::new();
    }
    let known = pack_rules(names);
    let ids: BTreeSet<_> = base.rules.keys().chain(head.rules.keys()).collect();
    let mut reasons = Vec::new();
    for id in ids {
        let (old, new) = (base.rules.get(id), head.rules.get(id));
        let own = known.get(id.as_str());
        let severity = |rule: Option<&RuleOverride>| rule.and_then(|rule| rule.severity);
        let status = |rule: Option<&RuleOverride>| rule.and_then(|rule| rule.status);
        let own_severity = own.and_then(|rule| rule.severity);
        let own_status = own.and_then(|rule| rule.status);
        if is_lowered(severity(old), severity(new), own_severity, (Severity::Info, Severity::Error)) {
            reasons.push(format!("the severity of {} is lowered", shown(id.as_str())));
        }
        if is_lowered(status(old), status(new), own_status, (Status::Retired, Status::Enforced)) {
            reasons.push(format!("the status of {} is lowered", shown(id.as_str())));
        }
    }
    reasons
}

/// Says whether `new` may be less than `old`, where what is unsaid is the rule's own value, and that may be unknown.
fn is_lowered<T: Ord + Copy>(old: Option<T>, new: Option<T>, own: Option<T>, (least, most): (T, T)) -> bool {
    if old == new {
        return false;
    }
    new.or(own).unwrap_or(least) < old.or(own).unwrap_or(most)
}

fn pack_rules(names: &[&str]) -> BTreeMap<String, RuleMetadata> {
    let Ok(set) = packs::builtin(names) else { return BTreeMap::new() };
    let rules = set.policies.iter().flat_map(|policy| rules_of(&policy.text).into_values());
    rules.filter_map(|rule| Some((rule.id.clone()?, rule))).collect()
}

#[cfg(test)]
mod tests {
    use super::{KIND, judge};
    use crate::specification::governance::{GovernedFile, Kind};

    fn why(base: Option<&str>, head: Option<&str>) -> Vec<String> {
        let kind = Kind { row: &KIND, inside: 0 };
        let file = GovernedFile {
            path: ".portcullis.yaml",
            kind,
            base: base.map(str::as_bytes),
            head: head.map(str::as_bytes),
            rules: &crate::specification::governance::BaseRules::default(),
        };
        judge(&file).loosens
    }

    fn change(base: &str, head: &str) -> Vec<String> {
        why(Some(&format!("version: 1\n{base}\n")), Some(&format!("version: 1\n{head}\n")))
    }

    #[test]
    fn a_pack_left_out_loosens_and_one_taken_up_does_not() {
        assert_eq!(change("packs: [hidden-code]", "packs: []"), ["the pack `hidden-code` is left out"]);
        let several = change("packs: [size, hidden-code, secrets]", "packs: []\nfail-on: never");
        let packs = "the packs `hidden-code`, `secrets` and `size` are left out";
        assert_eq!(several, [packs, "`fail-on` is lowered"]);
        let all = change("", "packs: []");
        assert!(all.len() == 1 && all[0].contains("`hidden-code`") && all[0].ends_with(" are left out"), "{all:?}");
        assert_eq!(change("packs: []", "packs: [hidden-code]"), [""; 0]);
        assert_eq!(change("packs: []", ""), [""; 0]);
    }

    #[test]
    fn a_policy_folder_left_out_or_narrowed_loosens_and_one_added_does_not() {
        assert_eq!(change("policies: [a, b]", "policies: [b]"), ["the policy folder `a` is left out"]);
        let narrowed = change("policies: [{path: a}]", "policies: [{path: a, scope: file, rego: v0}]");
        assert_eq!(narrowed.len(), 2, "{narrowed:?}");
        assert_eq!(
            change("policies: [{path: a, data: [d]}]", "policies: [a]"),
            ["the policy folder `a` has less data"]
        );
        assert_eq!(change("policies: [a]", "policies: [{path: a, data: [d]}]").len(), 1);
        assert_eq!(change("policies: [a]", "policies: [b, {path: a}]"), [""; 0]);
        let all = "policies: [{path: a, scope: document}]";
        let some = "policies: [{path: a, scope: document, files: ['k8s/**'], combine: true}]";
        assert_eq!(change(all, some).len(), 2);
        assert_eq!(change(some, all), ["the policy folder `a` has another way of looking at documents"]);
    }

    #[test]
    fn a_lowered_rule_loosens_and_a_raised_one_does_not() {
        let rule = |text: &str| format!("rules: {{\"hidden-code/bidi\": {{{text}}}}}");
        assert_eq!(change("", &rule("severity: warning")), ["the severity of `hidden-code/bidi` is lowered"]);
        assert_eq!(
            change(&rule("status: enforced"), &rule("status: observe")),
            ["the status of `hidden-code/bidi` is lowered"]
        );
        assert_eq!(change(&rule("status: observe"), &rule("status: advisory")), [""; 0]);
        assert_eq!(change("", &rule("severity: error, status: enforced")), [""; 0]);
        assert_eq!(change(&rule("severity: error"), "").len(), 0, "the rule is an error by itself");
    }

    #[test]
    fn overrides_of_unknown_rules_compare_as_values() {
        let rule = |text: &str| format!("rules: {{\"x/y\": {{{text}}}}}");
        assert_eq!(change("", &rule("status: advisory")).len(), 1);
        assert_eq!(change(&rule("status: advisory"), "").len(), 1, "what it comes to cannot be told");
        assert_eq!(change("", &rule("status: enforced")), [""; 0]);
    }

    #[test]
    fn added_globs_loosen_and_removed_ones_do_not() {
        for list in ["generated", "vendored", "test"] {
            let paths = format!("paths: {{{list}: ['a/**']}}");
            assert_eq!(change("", &paths), [format!("`a/**` is declared {list}, where fewer rules run")]);
            assert_eq!(change(&paths, ""), [""; 0]);
        }
    }

    #[test]
    fn fail_on_and_unknown_lines_loosen_in_one_direction() {
        assert_eq!(change("", "fail-on: never"), ["`fail-on` is lowered"]);
        assert_eq!(change("fail-on: warning", ""), ["`fail-on` is lowered"]);
        assert_eq!(change("", "fail-on: warning"), [""; 0]);
        assert_eq!(change("", "provenance: {unknown: human}"), ["lines of unknown making count as human"]);
        assert_eq!(change("provenance: {unknown: human}", ""), [""; 0]);
    }

    #[test]
    fn another_specification_system_or_baseline_loosens_and_the_first_baseline_left_out_does_not() {
        let git = |rev: char| format!("spec: {{git: \"file:///s\", rev: \"{}\"}}", rev.to_string().repeat(40));
        let told = "whether it lets more through cannot be told";
        assert_eq!(change(&git('a'), &git('b')), [format!("the specification is pinned to another commit; {told}")]);
        assert_eq!(change(&git('a'), ""), ["the specification is left out"]);
        assert_eq!(change("", &git('a')), [format!("another specification is named; {told}")]);
        assert_eq!(change("", "spec: {path: .portcullis}"), [""; 0]);
        assert_eq!(change("system: {a: one, b: two}", "system: {b: two}"), ["the system `a` is left out"]);
        assert_eq!(change("system: {a: one}", "system: {a: two, b: three}"), ["the system `a` has another folder"]);
        assert_eq!(change("", "system: {a: one}"), ["the system `a` holds only `one`"]);
        assert_eq!(change("", "system: a"), [""; 0]);
        assert_eq!(change("", "baseline: b.json"), ["another baseline of old findings is named"]);
        assert_eq!(change("baseline: b.json", ""), [""; 0]);
        let aged = |days: u32| format!("spec: {{vendor: s, max-age-days: {days}}}");
        assert_eq!(change(&aged(9), &aged(10)), ["the pin of the specification may be older"]);
        assert_eq!(change(&aged(10), &aged(9)), [""; 0]);
    }

    #[test]
    fn a_tool_lowered_or_no_longer_required_loosens_and_one_raised_does_not() {
        let tool = |status: &str| format!("imports: {{tools: {{semgrep: {status}}}}}");
        let lowered = ["the status of results of `semgrep` is lowered"];
        assert_eq!(change(&tool("enforced"), &tool("advisory")), lowered);
        assert_eq!(change(&tool("enforced"), &tool("{error: enforced}")), lowered);
        assert_eq!(change(&tool("enforced"), ""), lowered);
        assert_eq!(change("", &tool("observe")), lowered);
        assert_eq!(change("", &tool("enforced")), [""; 0]);
        let wants = |paths: &str| format!("imports: {{required: [{{tool: semgrep{paths}}}]}}");
        let fewer = ["results of `semgrep` are required for fewer files"];
        assert_eq!(change(&wants(""), ""), fewer);
        assert_eq!(change(&wants(""), &wants(", paths: ['**/*.py']")), fewer);
        assert_eq!(change(&wants(", kind: sarif"), &wants(", kind: junit")), fewer);
        assert_eq!(change(&wants(", paths: ['**/*.py']"), &wants("")), [""; 0]);
        assert_eq!(change("", &wants("")), [""; 0]);
    }

    #[test]
    fn limits_are_neutral_in_both_directions() {
        assert_eq!(change("", "limits: {file-bytes: 9000000}"), [""; 0]);
        assert_eq!(change("", "limits: {file-bytes: 9}"), [""; 0]);
        assert_eq!(change("", "limits: {origin-steps: 9}"), [""; 0]);
    }

    #[test]
    fn a_lower_limit_of_line_origins_loosens_where_unknown_counts_as_human() {
        let human = "provenance: {unknown: human}";
        let lower = format!("{human}\nlimits: {{origin-bytes: 9}}");
        assert_eq!(change(human, &lower).len(), 1);
        assert_eq!(change(&lower, human), [""; 0]);
    }

    #[test]
    fn a_first_configuration_is_held_against_the_defaults() {
        assert_eq!(why(None, Some("version: 1\npolicies: [a]\n")), [""; 0]);
        assert_eq!(why(None, Some("version: 1\nfail-on: never\n")), ["`fail-on` is lowered"]);
    }

    #[test]
    fn a_deleted_configuration_loosens_when_it_was_stricter() {
        let reasons = why(Some("version: 1\npolicies: [a]\n"), None);
        assert_eq!(reasons, ["the file is deleted or no longer a regular file", "the policy folder `a` is left out"]);
        assert_eq!(why(Some("version: 1\nfail-on: never\n"), None), [""; 0]);
    }

    #[test]
    fn an_unreadable_side_cannot_be_told() {
        assert_eq!(
            change("", "fail-on: sometimes"),
            ["head's configuration cannot be read: what changes cannot be told"]
        );
        assert_eq!(change("polcies: [a]", ""), ["base's configuration cannot be read: what changes cannot be told"]);
        assert_eq!(why(None, Some("\u{0}")).len(), 1);
    }

    #[test]
    fn all_reasons_are_given_in_one_order() {
        let reasons = change("policies: [b]", "provenance: {unknown: human}\nfail-on: never\npaths: {test: [x]}\n");
        let order = ["the policy folder `b`", "`x` is declared test", "`fail-on`", "lines of unknown"];
        assert_eq!(reasons.len(), 4);
        assert!(reasons.iter().zip(order).all(|(reason, start)| reason.starts_with(start)), "{reasons:?}");
    }
}
