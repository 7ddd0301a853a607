//! Policies that were written for Conftest -> the same text with METADATA above their decision rules.
//!
//! Owns which rules get a block and what it says. Must not change what a policy decides, and reads no file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::module::{decision_word, parse};
use super::{Fault, PolicySource, metadata};
use crate::finding::RuleId;
use crate::limits::Limits;

/// A policy with its METADATA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The text.
    pub text: String,
    /// The name of its package.
    pub package: String,
    /// Ids that were given, sorted.
    pub ids: Vec<String>,
    /// Decision rules that have METADATA of their own, which was left as it is, sorted.
    pub left: Vec<String>,
    /// What is wrong with METADATA that was there: the rules run with the defaults in its place.
    pub faults: Vec<Fault>,
}

#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static TEXT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""((?:[^"\\\n]|\\.)+)""#).expect("constant pattern"));
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static BLANK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"%[-+# 0-9.]*[a-zA-Z]").expect("constant pattern"));

/// Adds METADATA above the first clause of every decision rule that has none; `seen` holds the rules (package and name)
/// that another file describes.
///
/// # Errors
/// When the text is not Rego of the version that `source` says.
pub fn described(
    source: &PolicySource,
    pack: &str,
    seen: &mut BTreeSet<(String, String)>,
    limits: &Limits,
) -> Result<Described, Fault> {
    let module = parse(source, limits)?;
    let package = module.package_name();
    let mut faults = Vec::new();
    let own = metadata::read(&module, &mut faults);
    let package_of = package.clone();
    let (ids, left) = (Vec::new(), Vec::new());
    let mut found = Described { text: String::new(), package: package_of, ids, left, faults };
    let mut blocks: Vec<(usize, String)> = Vec::new();
    for (name, rule) in module.rules().filter(|(name, _)| is_decision(name)) {
        if !seen.insert((package.clone(), name.clone())) {
            continue;
        }
        if own.rules.contains_key(&name) {
            found.left.push(name);
            continue;
        }
        let line = rule.span().line as usize;
        let id = id(pack, &package, &name);
        let title = title(&source.text, line).unwrap_or_else(|| name.replace('_', " "));
        // A text of JSON is one of YAML, with everything escaped that could end it.
        let title = serde_json::Value::from(title);
        blocks.push((line, format!("# METADATA\n# title: {title}\n# custom:\n#   id: {id}\n#   scope: document\n")));
        found.ids.push(id);
    }
    found.text = with(&source.text, &blocks);
    found.ids.sort();
    found.left.sort();
    Ok(found)
}

/// Says whether a text can be read as Rego of before version 1, or of version 1; many can as both.
#[must_use]
pub fn reads_as(source: &PolicySource, v0: bool, limits: &Limits) -> bool {
    parse(&PolicySource { v0, ..source.clone() }, limits).is_ok()
}

/// Conftest has no `review`.
fn is_decision(name: &str) -> bool {
    decision_word(name).is_some_and(|word| word != "review")
}

/// Returns `<pack>/<rule>`, with the package between where that is not `main`.
fn id(pack: &str, package: &str, name: &str) -> String {
    let rule = name.replace('_', "-");
    let id = if package == "main" { format!("{pack}/{rule}") } else { format!("{pack}/{package}/{rule}") };
    RuleId::new(id.as_str()).map_or_else(|_| format!("{pack}/{rule}"), String::from)
}

/// Returns the first text of the rule at that line that reads like a sentence, blanks of `sprintf` as dots.
fn title(text: &str, line: usize) -> Option<String> {
    let mut lines = text.lines().skip(line.saturating_sub(1));
    let first = lines.next()?;
    let body = lines.take_while(|line| line.starts_with(|c: char| c.is_whitespace()) || line.is_empty());
    for line in std::iter::once(first).chain(body) {
        for found in TEXT.captures_iter(line).filter_map(|found| found.get(1)) {
            let Ok(text) = serde_json::from_str::<String>(&format!("\"{}\"", found.as_str())) else { continue };
            let text = BLANK.replace_all(&text, "...").split_whitespace().collect::<Vec<_>>().join(" ");
            if text.contains(' ') && text.len() <= 200 {
                return Some(text);
            }
        }
    }
    None
}

/// Puts each block above its line; lines count from 1 and are sorted by the order of the rules.
fn with(text: &str, blocks: &[(usize, String)]) -> String {
    let mut result = String::with_capacity(text.len() + 200 * blocks.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        for (_, block) in blocks.iter().filter(|(at, _)| *at == index + 1) {
            result.push_str(block);
        }
        result.push_str(line);
    }
    result
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{described, reads_as};
    use crate::finding::SourceKind;
    use crate::limits::Limits;
    use crate::policies::PolicySource;

    fn source(text: &str, v0: bool) -> PolicySource {
        let (pack, path) = ("k8s".to_owned(), "k8s/a.rego".to_owned());
        PolicySource { pack, path, text: text.to_owned(), kind: SourceKind::Policy, v0, scope: None }
    }

    const TEXT: &str = "package main\n\nimport rego.v1\n\nhelper if input.a\n\n# why\ndeny_tag contains msg if {\n\thelper\n\t\
                        msg := sprintf(\"%s has \\\"no\\\" tag\", [input.name])\n}\n\ndeny_tag contains \"x\" if input.b\n\n\
                        # METADATA\n# title: kept\nwarn contains \"y\" if input.c\n";

    #[test]
    fn the_first_clause_of_each_rule_is_described_and_nothing_else_changes() {
        let mut seen = BTreeSet::new();
        let found = described(&source(TEXT, false), "k8s", &mut seen, &Limits::default()).unwrap();
        assert_eq!((found.ids, found.left), (vec!["k8s/deny-tag".to_owned()], vec!["warn".to_owned()]));
        let block =
            "# METADATA\n# title: \"... has \\\"no\\\" tag\"\n# custom:\n#   id: k8s/deny-tag\n#   scope: document\n";
        assert_eq!(found.text, TEXT.replacen("deny_tag contains msg", &format!("{block}deny_tag contains msg"), 1));
        let again = described(&source(TEXT, false), "k8s", &mut seen, &Limits::default()).unwrap();
        assert_eq!(again.text, TEXT, "another file of the package describes the rule");
    }

    #[test]
    fn old_rego_is_told_from_new() {
        let old = source("package main\n\ndeny[msg] {\n  msg = \"x\"\n}\n", false);
        let reads = |source: &PolicySource| [true, false].map(|v0| reads_as(source, v0, &Limits::default()));
        assert_eq!(reads(&old), [true, false]);
        let new = source("package main\n\ndeny contains \"x\" if input.a\n", false);
        assert!(reads(&new)[1], "the engine reads many a new text as an old one too");
        assert_eq!(reads(&source("package main\n\nx := 1\n", false)), [true, true]);
        assert_eq!(reads(&source("package main\n\ndeny[\n", false)), [false, false]);
        assert!(described(&PolicySource { v0: true, ..old }, "k8s", &mut BTreeSet::new(), &Limits::default()).is_ok());
    }
}
