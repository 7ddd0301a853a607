//! Two versions of one policy file.
//!
//! Owns cutting a file into statements, and what their difference means. Must not judge whether a rule text is
//! stricter than another: only a whole new rule is known to be.

use std::collections::{BTreeMap, BTreeSet};

use super::super::lines::{shown, without};
use super::Judgement;
use super::metadata::{self, RuleMetadata};
use super::scan::{Scanned, Token, scan};

/// A rule, import or package clause, with everything that has no meaning left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// The first word, or `default x`.
    pub(super) name: String,
    /// The line on which it starts, from 0.
    pub(super) line: usize,
    text: String,
    /// Adds results to a set of results, whatever its body says.
    adds_results: bool,
    /// The words that it holds, its own name left out.
    refers: BTreeSet<String>,
}

/// Judges two versions of a file; `read` holds the names that base's policies read or define, in any file.
pub(super) fn files(base: &[u8], head: &[u8], read: &BTreeSet<String>) -> Judgement {
    let (Some(old), Some(new)) = (scan(base), scan(head)) else {
        return Judgement::loosens("the file cannot be read rule by rule; whether it lets more through cannot be told");
    };
    let (old_statements, new_statements) = (statements(&old), statements(&new));
    let mut reasons = changed(&old_statements, &new_statements, read);
    reasons.extend(lowered(&metadata::read(&old, &old_statements), &metadata::read(&new, &new_statements)));
    let added = new_statements.len() > old_statements.len();
    let otherwise =
        if added { "rules are added; none changes" } else { "only comments, titles or layout change; no rule does" };
    Judgement::of(reasons, otherwise)
}

/// Judges a file that base does not have: it may give a meaning to a name that a rule of base reads.
pub(in super::super) fn added(head: &[u8], read: &BTreeSet<String>) -> Judgement {
    let Some(scanned) = scan(head) else {
        return Judgement::loosens(
            "the new file cannot be read rule by rule; whether it lets more through cannot be told",
        );
    };
    let read: BTreeSet<&str> = read.iter().map(String::as_str).collect();
    let mut reasons = BTreeMap::new();
    for statement in statements(&scanned) {
        let clause = matches!(statement.name.as_str(), "package" | "import");
        if !clause && !is_new(&statement, &BTreeSet::new(), &read) {
            let name = shown(&statement.name);
            let reason =
                format!("a new file adds to {name}, which rules of base read; what that does cannot be proved");
            reasons.insert(statement.name, reason);
        }
    }
    Judgement::of(reasons.into_values().collect(), "a policy file is added")
}

/// Returns the names that the policies of one file read or define, its decision rules' own names left out.
pub(in super::super) fn names_read(text: &str) -> BTreeSet<String> {
    let Some(scanned) = scan(text.as_bytes()) else { return BTreeSet::new() };
    let mut names = BTreeSet::new();
    for statement in statements(&scanned) {
        names.extend(statement.refers);
        let name = statement.name.strip_prefix("default ").unwrap_or(&statement.name);
        if !metadata::is_decision(name) {
            names.insert(name.to_owned());
        }
    }
    names
}

/// Says why the difference of statements may let more through.
fn changed(base: &[Statement], head: &[Statement], read: &BTreeSet<String>) -> Vec<String> {
    let texts = |statements: &[Statement]| statements.iter().map(|s| s.text.clone()).collect::<Vec<_>>();
    let (old, new) = (texts(base), texts(head));
    let gone: BTreeSet<String> = without(&old, &new).into_iter().collect();
    let come: BTreeSet<String> = without(&new, &old).into_iter().collect();
    let names: BTreeSet<&str> = head.iter().map(|statement| statement.name.as_str()).collect();
    let mut reasons = BTreeMap::new();
    for statement in base.iter().filter(|statement| gone.contains(&statement.text)) {
        let name = statement.name.as_str();
        let reason = if metadata::is_decision(name) && !names.contains(name) {
            format!("the rule {} is deleted", shown(name))
        } else {
            format!("the text of {} changed; whether it lets more through cannot be proved", shown(name))
        };
        reasons.entry(name).or_insert(reason);
    }
    let own = base.iter().flat_map(|statement| &statement.refers);
    let refers: BTreeSet<&str> = own.chain(read).map(String::as_str).collect();
    let defines: BTreeSet<&str> = base.iter().map(|statement| statement.name.as_str()).collect();
    for statement in head.iter().filter(|statement| come.contains(&statement.text)) {
        if !is_new(statement, &defines, &refers) {
            let reason =
                format!("text is added to {}; whether it lets more through cannot be proved", shown(&statement.name));
            reasons.entry(statement.name.as_str()).or_insert(reason);
        }
    }
    reasons.into_values().collect()
}

/// Says whether a statement cannot change what the statements of base mean: it adds results to a set that no other
/// rule reads, or defines a name that occurs nowhere in base.
fn is_new(statement: &Statement, defines: &BTreeSet<&str>, refers: &BTreeSet<&str>) -> bool {
    if statement.adds_results {
        return !refers.contains(statement.name.as_str());
    }
    let reserved = ["input", "data", "exception", "import", "package", "default"];
    let own = |name: &str| !defines.contains(name) && !refers.contains(name) && !reserved.contains(&name);
    match statement.text.strip_prefix("import ") {
        Some(import) => {
            let bound = import.rsplit([' ', '.']).next().unwrap_or(import);
            own(bound) && !import.starts_with("future") && !import.starts_with("rego")
        }
        None => {
            let name = statement.name.strip_prefix("default ").unwrap_or(&statement.name);
            own(name) && !name.starts_with("exception") && !metadata::is_decision(name)
        }
    }
}

fn lowered(base: &BTreeMap<String, RuleMetadata>, head: &BTreeMap<String, RuleMetadata>) -> Vec<String> {
    let both = base.iter().filter_map(|(name, old)| head.get(name).map(|new| (name, old, new)));
    both.flat_map(|(name, old, new)| {
        old.lowered_to(new).into_iter().map(move |what| format!("{what} of {}", shown(name)))
    })
    .collect()
}

/// Cuts a file into statements: one starts at the first word of a line, outside all brackets, where the line before
/// is complete.
pub(super) fn statements(scanned: &Scanned<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut open: Vec<Token<'_>> = Vec::new();
    let mut depth = 0_usize;
    for token in &scanned.tokens {
        if token.first && depth == 0 && starts(token.text) && open.last().is_none_or(|last| !continues(last.text)) {
            statements.extend(statement(&open));
            open.clear();
        }
        match token.text {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        open.push(*token);
    }
    statements.extend(statement(&open));
    statements
}

const CONTINUING: &[&str] = &["as", "contains", "else", "every", "if", "in", "not", "some", "with"];

fn starts(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !CONTINUING.contains(&word)
}

/// Says whether something must follow this token.
fn continues(text: &str) -> bool {
    let operator = text.len() == 1 && !text.starts_with(|c: char| c.is_alphanumeric() || "_)]}".contains(c));
    operator || CONTINUING.contains(&text) || matches!(text, "default" | "import" | "package")
}

fn statement(tokens: &[Token<'_>]) -> Option<Statement> {
    let first = tokens.first()?;
    let word = |index: usize| tokens.get(index).map_or("", |token| token.text);
    let name = if first.text == "default" { format!("default {}", word(1)) } else { first.text.to_owned() };
    let adds_results = metadata::is_decision(&name) && matches!(word(1), "contains" | "[");
    let words = tokens.iter().skip(1).map(|token| token.text).filter(|text| starts(text));
    let refers = words.map(str::to_owned).collect();
    Some(Statement { name, line: first.line, text: normal(tokens), adds_results, refers })
}

/// Writes tokens with the white space that has meaning: line ends between complete lines, and blanks where two tokens
/// would read as one, or as a reference.
fn normal(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut last = "";
    for token in tokens {
        let closes = matches!(token.text, "}" | "]" | ")");
        let opens = matches!(last, "{" | "[" | "(" | "");
        if token.first && !closes && !opens {
            text.push('\n');
        } else if !last.is_empty()
            && ((is_wordlike(last) && is_wordlike(token.text)) || (token.spaced && tells(last, token.text)))
        {
            text.push(' ');
        }
        text.push_str(token.text);
        last = token.text;
    }
    text
}

fn is_wordlike(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || "_\"`".contains(c))
}

/// Says whether white space between two tokens may have meaning.
fn tells(last: &str, next: &str) -> bool {
    let operator = |text: &str| text.len() == 1 && text.starts_with(|c: char| ":=<>!|&+-*/%".contains(c));
    (operator(last) && operator(next)) || matches!(next, "[" | "(" | "." | "-") || matches!(last, "." | "-")
}
