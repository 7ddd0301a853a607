//! Which rule of a run a result is of, how bad it is, and what it says.
//!
//! Owns ids, indices, extensions, levels and messages. Where two answers are possible, the worse one counts.

use std::collections::BTreeMap;

use super::model::{Component, Message, Properties, Row, Rule, Score, Tool, items};
use crate::finding::Severity;

/// Most characters of a message before it is cut; a placeholder may repeat an argument.
const MOST_FILLED: usize = 20_000;

/// The rules of one run, by id.
pub(super) struct Rules<'a> {
    tool: &'a Tool,
    by_id: BTreeMap<&'a str, &'a Rule>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(tool: &'a Tool) -> Self {
        let mut by_id = BTreeMap::new();
        // The driver's rules come first and win.
        for component in std::iter::once(&tool.driver).chain(items(&tool.extensions)) {
            for rule in items(&component.rules) {
                by_id.entry(rule.id.as_str()).or_insert(rule);
            }
        }
        Self { tool, by_id }
    }

    /// Returns the id of a result's rule, and the rule where the run describes it.
    pub(super) fn find(&self, row: &'a Row) -> (&'a str, Option<&'a Rule>) {
        let reference = row.rule.as_ref();
        let id = row.rule_id.as_deref().or_else(|| reference?.id.as_deref());
        let index = row.rule_index.or_else(|| reference?.index).and_then(|index| usize::try_from(index).ok());
        let listed = index.and_then(|index| items(&self.component(row)?.rules).get(index));
        // An id may go on below that of its rule: `CA1000/1` is of rule `CA1000`.
        let belongs = |rule: &&Rule| id.is_none_or(|id| id == rule.id || is_below(id, &rule.id));
        let rule = listed.filter(belongs).or_else(|| self.named(id?));
        (id.or(rule.map(|rule| rule.id.as_str())).unwrap_or_default(), rule)
    }

    fn named(&self, id: &str) -> Option<&'a Rule> {
        let parents = std::iter::successors(Some(id), |id| id.rsplit_once('/').map(|(parent, _)| parent));
        parents.take(16).find_map(|id| self.by_id.get(id).copied())
    }

    /// Returns the part of the tool that holds the result's rule.
    fn component(&self, row: &Row) -> Option<&'a Component> {
        let Some(reference) = row.rule.as_ref().and_then(|rule| rule.tool_component.as_ref()) else {
            return Some(&self.tool.driver);
        };
        let extensions = items(&self.tool.extensions);
        match (reference.index.and_then(|index| usize::try_from(index).ok()), &reference.name) {
            (Some(index), _) => extensions.get(index),
            (None, Some(name)) => extensions.iter().find(|part| part.name == *name).or(Some(&self.tool.driver)),
            (None, None) => Some(&self.tool.driver),
        }
    }

    /// Returns what a message says, in plain text.
    pub(super) fn text(&self, message: Option<&Message>, rule: Option<&Rule>) -> String {
        let Some(message) = message else { return String::new() };
        let by_id = || {
            let id = message.id.as_deref()?;
            let own = rule.and_then(|rule| rule.message_strings.as_ref()?.get(id));
            let text = own.or_else(|| self.tool.driver.global_message_strings.as_ref()?.get(id))?;
            text.text.as_deref().or(text.markdown.as_deref())
        };
        let text = message.text.as_deref().or_else(by_id).or(message.markdown.as_deref()).unwrap_or_default();
        without_links(&filled(text, items(&message.arguments)))
    }
}

fn is_below(id: &str, parent: &str) -> bool {
    id.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns the worse of what the level and the security score say.
pub(super) fn severity(row: &Row, rule: Option<&Rule>) -> Severity {
    let level = row.level.as_deref();
    let usual = || rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
    let by_level = match level.or_else(usual) {
        Some("note" | "none") => Severity::Info,
        // Without a word the standard says warning.
        None if row.kind.as_deref().is_some_and(|kind| kind != "fail") => Severity::Info,
        None | Some("warning") => Severity::Warning,
        // `error`, and words that the standard does not have.
        Some(_) => Severity::Error,
    };
    let scores = [row.properties.as_ref(), rule.and_then(|rule| rule.properties.as_ref())];
    scores.into_iter().flatten().filter_map(by_score).fold(by_level, Severity::max)
}

/// As GitHub sorts them: from 7 on high and critical, from 4 on medium.
fn by_score(properties: &Properties) -> Option<Severity> {
    let score = match properties.security_severity.as_ref()? {
        Score::Text(text) => text.trim().parse().ok()?,
        Score::Number(number) => *number,
        Score::Other(_) => return None,
    };
    Some(match score {
        score if score >= 7.0 => Severity::Error,
        score if score >= 4.0 => Severity::Warning,
        _ => Severity::Info,
    })
}

/// Puts the arguments in the place of `{0}`, `{1}`, ...; doubled braces stand for one.
fn filled(text: &str, arguments: &[String]) -> String {
    if arguments.is_empty() || !text.contains('{') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let inside = after.split_once('}').filter(|(digits, _)| digits.len() < 4);
        let argument = inside.and_then(|(digits, _)| arguments.get(digits.parse::<usize>().ok()?));
        match (argument, inside) {
            (Some(argument), Some((_, tail))) => {
                out.push_str(argument);
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
        if out.len() > MOST_FILLED {
            return out;
        }
    }
    out.push_str(rest);
    out
}

/// Takes the target from links to places of the same result, `[text](1)`: no reader of ours can follow them.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let target = after.split_once(')').filter(|(id, _)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
        match (before.rsplit_once('['), target) {
            (Some((before, words)), Some((_, tail))) => {
                out.push_str(before);
                out.push_str(words);
                rest = tail;
            }
            _ => {
                out.push_str(before);
                out.push_str("](");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{filled, without_links};

    #[test]
    fn arguments_go_to_their_places() {
        let arguments = ["x".to_owned(), "y".to_owned()];
        assert_eq!(filled("{1} before {0}, {2} and {", &arguments), "y before x, {2} and {");
        assert_eq!(filled("{0}", &[]), "{0}");
    }

    #[test]
    fn links_to_places_are_words() {
        assert_eq!(without_links("depends on [a value](1) and [b](2)."), "depends on a value and b.");
        assert_eq!(without_links("see [docs](https://x.example) ]("), "see [docs](https://x.example) ](");
    }
}
