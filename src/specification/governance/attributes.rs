//! `.gitattributes`: how git and the forges show and ship a file.
//!
//! Owns which attributes hide text from people's diffs or change it on the way. The gate itself ignores them all.

use std::collections::BTreeSet;

use super::lines::{self, difference, shown};
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "attributes", claim: Claim::Names, covers, judge };

/// How often macros of macros are followed.
const ROUNDS: usize = 8;

fn covers(path: &Folded, _: &Places) -> bool {
    path.name() == ".gitattributes"
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let (base, head) = (lines::text(file.base), lines::text(file.head));
    let macros = hiding_macros(&head);
    let changed = difference(&base, &head, line);
    let added = changed.added.iter().flat_map(|line| {
        hiding(line, &macros).map(|word| format!("{} is added, which hides or alters text", shown(word)))
    });
    let removed = changed.removed.iter().flat_map(|line| attributes(line)).filter(|word| shows(word));
    let removed = removed.map(|word| format!("{} is removed, which kept text visible", shown(word)));
    let mut reasons: BTreeSet<String> = added.chain(removed).collect();
    let order = |text: &str| text.lines().filter_map(line).collect::<Vec<_>>();
    let same_lines = changed.added.is_empty() && changed.removed.is_empty();
    if same_lines
        && order(&base) != order(&head)
        && order(&head).iter().any(|line| hiding(line, &macros).next().is_some())
    {
        reasons.insert("lines change their order, and the last that matches wins".to_owned());
    }
    Judgement::of(reasons.into_iter().collect(), "attributes change; none hides or alters text")
}

fn line(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty() && !text.trim_start().starts_with('#')).then(|| words.join(" "))
}

/// Returns the words of a line that are attributes, or may be: a pattern in quotes may hold blanks.
fn attributes(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().skip(1)
}

fn hiding<'a>(line: &'a str, macros: &'a BTreeSet<String>) -> impl Iterator<Item = &'a str> {
    attributes(line).filter(|word| hides(word) || macros.contains(*word))
}

fn hides(word: &str) -> bool {
    let (name, value) = word.split_once('=').unwrap_or((word, "true"));
    match name {
        "-diff" | "binary" | "export-ignore" | "export-subst" => true,
        "diff" | "linguist-generated" | "gitlab-generated" => word != "diff" && value != "false",
        "filter" | "working-tree-encoding" | "encoding" => true,
        _ => false,
    }
}

fn shows(word: &str) -> bool {
    let (name, value) = word.split_once('=').unwrap_or((word, "true"));
    let bare = name.trim_start_matches(['-', '!']);
    let off = name != bare || value == "false";
    match bare {
        "diff" => !name.starts_with('-'),
        "binary" | "linguist-generated" | "gitlab-generated" | "filter" | "working-tree-encoding" | "export-ignore" => {
            off
        }
        _ => false,
    }
}

/// Returns the macros that hide text, those that use such a macro included.
fn hiding_macros(text: &str) -> BTreeSet<String> {
    let mut macros = BTreeSet::new();
    for _ in 0..ROUNDS {
        let found: BTreeSet<String> = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("[attr]"))
            .filter(|definition| hiding(definition, &macros).next().is_some())
            .filter_map(|definition| definition.split_whitespace().next().map(str::to_owned))
            .collect();
        if found == macros {
            break;
        }
        macros = found;
    }
    macros
}

#[cfg(test)]
mod tests {
    use super::{KIND, judge};
    use crate::specification::governance::{GovernedFile, Kind};

    fn why(base: &str, head: &str) -> Vec<String> {
        let kind = Kind { row: &KIND, inside: 0 };
        let file = GovernedFile {
            path: ".gitattributes",
            kind,
            base: Some(base.as_bytes()),
            head: Some(head.as_bytes()),
            rules: &crate::specification::governance::BaseRules::default(),
        };
        judge(&file).loosens
    }

    #[test]
    fn what_hides_text_loosens_and_what_does_not_stays_quiet() {
        for word in [
            "-diff",
            "binary",
            "linguist-generated",
            "linguist-generated=true",
            "filter=x",
            "working-tree-encoding=UTF-16",
            "export-ignore",
            "diff=pdf",
        ] {
            let head = format!("*.txt text\n*.rs  {word}\n");
            assert_eq!(why("*.txt text\n", &head), [format!("`{word}` is added, which hides or alters text")]);
        }
        let near = "# *.rs -diff\n*.rs diff text eol=lf -linguist-generated linguist-generated=false -binary linguist-language=C\n";
        assert_eq!(why("*.txt text\n", near), [""; 0]);
    }

    #[test]
    fn macros_are_followed() {
        let head = "[attr]quiet -diff\n[attr]calm quiet\n*.rs calm\n[attr]loud diff\n*.go loud\n";
        assert_eq!(why("", head).len(), 3);
        assert_eq!(why("[attr]quiet -diff\n", "[attr]quiet -diff\n*.rs text\n"), [""; 0]);
    }

    #[test]
    fn a_line_that_kept_text_visible_may_not_go_or_move() {
        assert_eq!(why("* -diff\n*.rs diff\n", "* -diff\n"), ["`diff` is removed, which kept text visible"]);
        assert_eq!(why("* -diff\n*.rs diff\n", "*.rs diff\n* -diff\n").len(), 1);
        assert_eq!(why("* -diff\n*.rs diff\n", "*.rs diff\n"), [""; 0]);
    }
}
