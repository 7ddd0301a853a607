//! CODEOWNERS: who is asked.
//!
//! Owns the comparison of lines by pattern and section; `impact` owns what they match. Added lines may hand files from
//! one owner to another, which is what they are for; those that take owners away from everything, from the gate's own
//! files, or from anything without naming others, loosen.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{self, shown};
use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "codeowners", claim: Claim::Names, covers, judge };

const PLACES: &[&str] = &[".github/codeowners", ".gitlab/codeowners", "codeowners", "docs/codeowners"];

fn covers(path: &Folded, _: &Places) -> bool {
    PLACES.contains(&path.as_str())
}

/// A line by what it covers: section and pattern, and whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    key: (String, String),
    owners: BTreeSet<String>,
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    let Some(head) = file.head else {
        return Judgement::loosens("the owners file is deleted or moved away");
    };
    let (base, head) = (rules(file.base), rules(Some(head)));
    let mut reasons = taken_away(&base, &head);
    reasons.extend(taken_over(&base, &head));
    let otherwise =
        if file.base.is_none() { "owners are named for the first time here" } else { "lines or owners are added" };
    Judgement::of(reasons, otherwise)
}

fn rules(side: Option<&[u8]>) -> Vec<Rule> {
    let mut section = String::new();
    let mut rules = Vec::new();
    for line in lines::text(side).lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let heading = line.starts_with('[') || line.starts_with("^[");
        let pattern_end = if heading { line.rfind(']').map(|at| at + 1) } else { None };
        let (pattern, rest) = line.split_at(pattern_end.unwrap_or_else(|| first_space(line)));
        if heading {
            section = pattern.to_lowercase();
        }
        let owners = rest.split_whitespace().take_while(|word| !word.starts_with('#'));
        let owners = owners.map(str::to_lowercase).collect();
        rules.push(Rule { key: (section.clone(), pattern.to_owned()), owners });
    }
    rules
}

/// Returns where the first word ends; a white space behind a backslash belongs to it.
fn first_space(line: &str) -> usize {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    line.len()
}

/// Returns what base has and head lacks: lines, owners, and the order that decides between them.
fn taken_away(base: &[Rule], head: &[Rule]) -> Vec<String> {
    let mut now: BTreeMap<&(String, String), &Rule> = BTreeMap::new();
    let mut place = BTreeMap::new();
    for (index, rule) in head.iter().enumerate() {
        now.insert(&rule.key, rule);
        place.insert(&rule.key, index);
    }
    let mut reasons = Vec::new();
    for rule in base {
        let name = shown(&rule.key.1);
        match now.get(&rule.key) {
            None => reasons.push(format!("the line {name} is removed")),
            Some(new) => {
                let gone: Vec<&str> = rule.owners.difference(&new.owners).map(String::as_str).collect();
                if !gone.is_empty() {
                    reasons.push(format!("{name} loses {}", shown(&gone.join(" "))));
                }
            }
        }
    }
    let mut last_of_base = BTreeMap::new();
    for (index, rule) in base.iter().enumerate() {
        last_of_base.insert(&rule.key, index);
    }
    let mut order: Vec<(usize, &&(String, String))> = last_of_base.iter().map(|(key, index)| (*index, key)).collect();
    order.sort();
    let moved = order.iter().filter_map(|(_, key)| place.get(**key)).collect::<Vec<_>>();
    if !moved.is_sorted() {
        reasons.push("lines change their order, and the last that matches wins".to_owned());
    }
    reasons
}

/// Returns the added lines that take paths away from those who had them.
fn taken_over(base: &[Rule], head: &[Rule]) -> Vec<String> {
    let known: BTreeSet<&(String, String)> = base.iter().map(|rule| &rule.key).collect();
    let first = head.iter().position(|rule| known.contains(&rule.key));
    let later = head.iter().skip(first.map_or(head.len(), |first| first + 1));
    let mut reasons = Vec::new();
    for rule in later.filter(|rule| !known.contains(&rule.key)) {
        let pattern = rule.key.1.as_str();
        let name = shown(pattern);
        let folded = pattern.to_lowercase();
        if pattern.starts_with('!')
            || (rule.owners.is_empty() && rule.key.0 != rule.key.1.to_lowercase() && rule.key.0.is_empty())
        {
            reasons.push(format!("{name} is left without owners"));
        } else if pattern.trim_matches('/').chars().all(|c| matches!(c, '*' | '/' | '?' | '.')) {
            reasons.push(format!("{name} takes over every path from the lines before it"));
        } else if ["codeowners", "portcullis", ".github", ".gitlab", "policies"]
            .iter()
            .any(|word| folded.contains(word))
        {
            reasons.push(format!("{name} takes over files that guard the code from the lines before it"));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::{KIND, judge};
    use crate::specification::governance::{GovernedFile, Kind};

    fn why(base: &str, head: Option<&str>) -> Vec<String> {
        let kind = Kind { row: &KIND, inside: 0 };
        judge(&GovernedFile {
            path: "CODEOWNERS",
            kind,
            base: Some(base.as_bytes()),
            head: head.map(str::as_bytes),
            rules: &crate::specification::governance::BaseRules::default(),
        })
        .loosens
    }

    #[test]
    fn lines_and_owners_that_go_loosen_and_those_that_come_do_not() {
        let base = "* @core\n/docs/ @docs @writers # both\n";
        assert_eq!(why(base, Some("* @core\n")), ["the line `/docs/` is removed"]);
        assert_eq!(why(base, Some("* @core\n/docs/ @docs\n")), ["`/docs/` loses `@writers`"]);
        assert_eq!(why(base, None), ["the owners file is deleted or moved away"]);
        assert_eq!(why(base, Some("# new\n* @core @two\n/docs/   @writers @docs\n/api/ @api\n")), [""; 0]);
    }

    #[test]
    fn an_added_line_that_takes_owners_away_loosens() {
        let base = "* @core\n";
        assert_eq!(why(base, Some("* @core\n/api/\n")), ["`/api/` is left without owners"]);
        assert_eq!(why(base, Some("* @core\n** @me\n")).len(), 1);
        assert_eq!(why(base, Some("* @core\n/.github/ @me\n")).len(), 1);
        assert_eq!(why(base, Some("* @core\n!x.rb\n")).len(), 1);
        assert_eq!(why(base, Some("/.github/ @me\n* @core\n")), [""; 0], "the later line still has it");
        assert_eq!(why("/a/ @a\n* @core\n", Some("* @core\n/a/ @a\n")).len(), 1);
        assert_eq!(why(base, Some("* @core\n* @me\n")), ["`*` loses `@core`"]);
    }

    #[test]
    fn a_section_that_asks_for_fewer_loosens_and_a_new_one_does_not() {
        assert_eq!(why("[S][2] @a\nx/\n", Some("[S] @a\nx/\n")).len(), 2);
        assert_eq!(why("[S] @a\nx/\n", Some("^[S] @a\nx/\n")).len(), 2);
        assert_eq!(why("[S] @a\nx/\n", Some("[S] @a\nx/\n[T] @b\ny/\n")), [""; 0]);
    }
}
