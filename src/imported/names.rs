//! Names of tools and of their rules -> our rule ids.
//!
//! Owns the mapping, under which two rules of one tool never share an id. Must not know what a rule means.

use sha2::{Digest, Sha256};

use crate::finding::{RuleId, hex};
use crate::policies::packs;

/// The tool of every test report: the format names none.
pub(super) const JUNIT: &str = "junit";

/// What tools call themselves now, or in other editions, and how they are known.
const EDITIONS: &[(&str, &str)] = &[
    ("codeql-command-line-toolchain", "codeql"),
    ("semgrep-ce", "semgrep"),
    ("semgrep-oss", "semgrep"),
    ("semgrep-pro", "semgrep"),
];

/// Longest id of a tool in bytes; the mark included.
const TOOL_BYTES: usize = 60;
/// Longest id of a rule below its tool in bytes, the mark left out.
const RULE_BYTES: usize = 120;
/// What stands before the mark of an id that had to be changed.
const MARK: &str = ":x";
/// Hexadecimal digits of a mark.
const MARK_DIGITS: usize = 12;

/// Returns the id of a tool: its name in small letters with `-` for blanks. A name with other characters than letters,
/// digits, blanks and `-_.` has a mark at its end, so that it is nobody else's.
#[must_use]
pub fn tool_id(name: &str) -> String {
    let name = name.trim();
    let mut id = String::new();
    let mut odd = name.is_empty();
    for character in name.chars() {
        match character {
            'a'..='z' | '0'..='9' | '-' | '_' | '.' => id.push(character),
            'A'..='Z' => id.push(character.to_ascii_lowercase()),
            ' ' => id.push('-'),
            _ => {
                odd = true;
                id.push('-');
            }
        }
    }
    if odd || id.len() > TOOL_BYTES || !id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        id.truncate(TOOL_BYTES - MARK_DIGITS - 2);
        let cleaned = id.trim_matches('-');
        return format!("{}-x{}", if cleaned.is_empty() { "tool" } else { cleaned }, mark(name));
    }
    if let Some((_, known)) = EDITIONS.iter().find(|(edition, _)| *edition == id) {
        return (*known).to_owned();
    }
    // Ids of the packs inside the binary, and of the gate's own rules, belong to nobody else.
    if is_own(&id) { format!("{id}-tool") } else { id }
}

/// Says whether ids that begin so are the gate's own.
pub(crate) fn is_own(tool: &str) -> bool {
    const OWN: &[&str] = &["agents", "baseline", "imports", JUNIT, "portcullis", "specification", "waivers"];
    OWN.contains(&tool) || packs::names().any(|pack| pack == tool)
}

/// Returns the id of a tool's rule: `<tool>/<rule>`. What our ids cannot hold becomes `-` and a mark follows, made from
/// the whole name; a name that ends like a mark gets one too, so two names never share an id.
#[must_use]
pub fn rule_id(tool: &str, rule: &str) -> RuleId {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    let exact = !rule.is_empty() && rule.len() <= RULE_BYTES && rule.chars().all(plain) && !has_mark(rule);
    if let (true, Ok(id)) = (exact, RuleId::new(format!("{tool}/{rule}"))) {
        return id;
    }
    let mut cleaned: String = rule.chars().take(RULE_BYTES).map(|c| if plain(c) { c } else { '-' }).collect();
    if cleaned.is_empty() {
        cleaned.push_str("unnamed");
    }
    let id = format!("{tool}/{cleaned}{MARK}{}", mark(rule));
    RuleId::new(id).unwrap_or_else(|_| unnamed())
}

/// A tool's id is short and plain, so this is never reached; it is no panic all the same.
fn unnamed() -> RuleId {
    RuleId::new("imports/unnamed").expect("a plain id")
}

fn mark(name: &str) -> String {
    let mut digits = hex(&Sha256::digest(name.as_bytes()));
    digits.truncate(MARK_DIGITS);
    digits
}

fn has_mark(rule: &str) -> bool {
    let tail = rule.len().checked_sub(MARK.len() + MARK_DIGITS).and_then(|at| rule.get(at..));
    let digits = tail.and_then(|tail| tail.strip_prefix(MARK));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{JUNIT, rule_id, tool_id};

    #[test]
    fn names_of_known_tools_are_what_people_write() {
        let names = ["Semgrep OSS", "CodeQL", "gitleaks", "Trivy", "ESLint", "Bandit", "clippy", "golangci-lint"];
        let ids: Vec<String> = names.into_iter().map(tool_id).collect();
        assert_eq!(ids, ["semgrep", "codeql", "gitleaks", "trivy", "eslint", "bandit", "clippy", "golangci-lint"]);
    }

    #[test]
    fn a_tool_cannot_take_the_name_of_a_pack_or_of_test_reports() {
        assert_eq!(tool_id("hidden-code"), "hidden-code-tool");
        assert_eq!(tool_id("JUnit"), format!("{JUNIT}-tool"));
    }

    #[test]
    fn names_of_tools_that_lose_characters_stay_apart() {
        let names = ["C++ check", "C## check", "C   check", "\u{202E}", "", "::", "-x", &"a".repeat(300)];
        let ids: BTreeSet<String> = names.into_iter().map(tool_id).collect();
        assert_eq!(ids.len(), names.len());
        for id in &ids {
            assert!(rule_id(id, "r").as_str().starts_with(&format!("{id}/")), "{id}");
        }
    }

    #[test]
    fn two_rules_of_a_tool_never_share_an_id() {
        let odd = rule_id("t", "a b").as_str().strip_prefix("t/").unwrap().to_owned();
        let names = ["a b", "a-b", "a\tb", "a\u{0}b", "", "unnamed", &odd, &"a".repeat(130), &"a".repeat(131)];
        let ids: BTreeSet<String> = names.iter().map(|name| rule_id("t", name).as_str().to_owned()).collect();
        assert_eq!(ids.len(), names.len(), "{ids:?}");
        assert_eq!(
            rule_id("eslint", "@typescript/no-eval").as_str().split(":x").next(),
            Some("eslint/-typescript/no-eval")
        );
        assert_eq!(rule_id("semgrep", "python.lang.eval").as_str(), "semgrep/python.lang.eval");
    }
}
