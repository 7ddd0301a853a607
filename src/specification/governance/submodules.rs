//! `.gitmodules`: code that comes from elsewhere.
//!
//! Owns which settings run commands, read the machine, hide moves, or change the source. The gate itself ignores the
//! file: a moved submodule is a changed file.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{self, shown};
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "submodules", claim: Claim::Names, covers, judge };

fn covers(path: &Folded, _: &Places) -> bool {
    path.name() == ".gitmodules"
}

/// What loosens wherever it stands, in squeezed text, and why.
const ALARMS: &[(&str, &str)] = &[
    ("ext::", "an `ext::` address runs a command"),
    ("fd::", "an `fd::` address reads an open file of the machine"),
    ("file:", "a `file:` address reads the machine itself"),
    ("ignore=all", "`ignore = all` hides that the submodule moves"),
    ("update=!", "`update = !` runs a command"),
    ("url=-", "an address that starts with `-` is read as an option"),
    ("url=/", "the address is a folder of the machine itself"),
];

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let (base, head) = (squeezed(&lines::text(file.base)), squeezed(&lines::text(file.head)));
    let mut reasons: Vec<String> = ALARMS
        .iter()
        .filter(|(mark, _)| head.matches(mark).count() > base.matches(mark).count())
        .map(|(_, why)| (*why).to_owned())
        .collect();
    let (old, new) = (settings(&base), settings(&head));
    for ((module, key), values) in &old {
        let now = new.get(&(module.clone(), key.clone()));
        let kept = key != "url" && key != "branch" || now.is_none_or(|now| now == values);
        if !kept {
            reasons.push(format!("the {key} of the submodule {} changes", shown(module)));
        }
    }
    let paths = |settings: &Settings| -> BTreeMap<String, BTreeSet<String>> {
        let of = |module: &String| settings.get(&(module.clone(), "url".to_owned())).cloned().unwrap_or_default();
        let paths = settings.iter().filter(|((_, key), _)| key == "path");
        paths.flat_map(|((module, _), values)| values.iter().map(|path| (path.clone(), of(module)))).collect()
    };
    let (before, after) = (paths(&old), paths(&new));
    let moved = before.iter().filter(|(path, url)| after.get(*path).is_some_and(|now| now != *url));
    reasons.extend(moved.map(|(path, _)| format!("the source of {} changes", shown(path))));
    Judgement::of(reasons, "submodules are added or removed, or settings change that hide nothing")
}

type Settings = BTreeMap<(String, String), BTreeSet<String>>;

/// Removes what git's configuration reader removes or ignores: continued lines, quotes, backslashes, blanks, case of
/// keys; comment lines go, so that a comment raises no alarm.
fn squeezed(text: &str) -> String {
    let joined = text.replace("\\\n", "");
    let lines = joined.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let kept =
        lines.map(|line| line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\\')).collect::<String>());
    kept.map(|line| line.to_lowercase()).collect::<Vec<_>>().join("\n")
}

fn settings(squeezed: &str) -> Settings {
    let mut module = String::new();
    let mut settings = Settings::new();
    for line in squeezed.lines() {
        let mut rest = line;
        if let Some((heading, after)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            module = heading.strip_prefix("submodule").unwrap_or(heading).trim_start_matches('.').to_owned();
            rest = after;
        }
        if let Some((key, value)) = rest.split_once('=') {
            settings.entry((module.clone(), key.to_owned())).or_default().insert(value.to_owned());
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::{KIND, judge};
    use crate::specification::governance::{GovernedFile, Kind};

    fn why(base: &str, head: &str) -> Vec<String> {
        let kind = Kind { row: &KIND, inside: 0 };
        let file = GovernedFile {
            path: ".gitmodules",
            kind,
            base: Some(base.as_bytes()),
            head: Some(head.as_bytes()),
            rules: &crate::specification::governance::BaseRules::default(),
        };
        judge(&file).loosens
    }

    const BASE: &str = "[submodule \"a\"]\n\tpath = a\n\turl = https://example.com/a.git\n";

    #[test]
    fn settings_that_run_read_or_hide_loosen_row_9() {
        for line in [
            "url = ext::sh -c x",
            "url = \"e\"xt::sh",
            "url = file:///etc",
            "ignore = all",
            "IGNORE=\"al\"\\\nl",
            "update = !rm",
            "url = -x",
        ] {
            let head = format!("{BASE}[submodule \"b\"]\n\tpath = b\n\t{line}\n");
            assert_eq!(why(BASE, &head).len(), 1, "{line}: {:?}", why(BASE, &head));
        }
        let head = format!(
            "{BASE}# ignore = all\n[submodule \"b\"] path = b\n\turl = ../b.git\n\tignore = none\n\tshallow = true\n"
        );
        assert_eq!(why(BASE, &head), [""; 0]);
    }

    #[test]
    fn another_address_loosens_under_its_own_or_a_new_name() {
        assert_eq!(why(BASE, &BASE.replace("a.git", "z.git")).len(), 2);
        assert_eq!(why(BASE, &BASE.replace("\"a\"", "\"c\"").replace("a.git", "z.git")), ["the source of `a` changes"]);
        assert_eq!(why(BASE, &BASE.replace('\t', "  ")), [""; 0]);
        assert_eq!(why(BASE, ""), [""; 0]);
    }
}
