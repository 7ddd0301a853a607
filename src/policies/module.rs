//! One parsed `.rego` file: the bracket and comment scan before parsing, the syntax tree, and its package.
//!
//! Owns the only call of the engine's parser for checking. Must not judge what the file says.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use regex::Regex;
use regorus::unstable::{Expr, Module, Parser, Rule, RuleHead, Source, Span};

use super::fault::{Place, from_engine};
use super::{Fault, PolicySource};
use crate::finding::SourceKind;
use crate::limits::Limits;

/// A comment outside strings; line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment<'a> {
    /// Line.
    pub(super) line: u32,
    /// Column of the `#`.
    pub(super) column: u32,
    /// The text after the `#`.
    pub(super) text: &'a str,
    /// True when nothing but white space stands before it.
    pub(super) alone: bool,
}

/// What the scan before parsing found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan<'a> {
    /// All comments, in order.
    pub(super) comments: Vec<Comment<'a>>,
    /// The deepest nesting of `[` and `{`.
    pub(super) depth: u64,
    /// Where the first bracket deeper than the limit stands.
    pub(super) too_deep: Option<(u32, u32)>,
    /// Where the sum of two to the depth of each outermost bracket gets over `PARSE_COST`.
    pub(super) too_costly: Option<(u32, u32)>,
}

/// How much the nested literals of one file may cost together: a second and a half of the engine's parser in a
/// development build. A rule of everyday shape costs 8 to 32.
const PARSE_COST: u64 = 1 << 20;

/// Scans a text for comments and bracket depth; strings, raw strings and comments hold no brackets.
///
/// The engine parses nested literals in exponential time, so the depth must be known before it sees the text.
pub(super) fn scan(text: &str, limit: u64) -> Scan<'_> {
    let mut found = Scan::default();
    let (mut line, mut line_start, mut depth) = (1_u32, 0_usize, 0_u64);
    let (mut peak, mut cost) = (0_u32, 0_u64);
    let mut chars = text.char_indices().peekable();
    let column = |start: usize, at: usize| {
        let before = text.get(start..at).unwrap_or("");
        u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1)
    };
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' => (line, line_start) = (line.saturating_add(1), at + 1),
            '#' => {
                let rest = text.get(at + 1..).unwrap_or("");
                let end = rest.find('\n').map_or(text.len(), |length| at + 1 + length);
                found.comments.push(Comment {
                    line,
                    column: column(line_start, at),
                    text: text.get(at + 1..end).unwrap_or("").trim_end_matches('\r'),
                    alone: text.get(line_start..at).unwrap_or("").trim().is_empty(),
                });
                while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            }
            '"' => {
                while let Some((_, c)) = chars.next_if(|(_, c)| *c != '\n') {
                    if c == '"' {
                        break;
                    }
                    if c == '\\' {
                        chars.next_if(|(_, c)| *c != '\n');
                    }
                }
            }
            '`' => {
                for (at, c) in chars.by_ref() {
                    match c {
                        '\n' => (line, line_start) = (line.saturating_add(1), at + 1),
                        '`' => break,
                        _ => {}
                    }
                }
            }
            '[' | '{' => {
                depth = depth.saturating_add(1);
                found.depth = found.depth.max(depth);
                peak = peak.max(u32::try_from(depth).unwrap_or(u32::MAX));
                if depth > limit && found.too_deep.is_none() {
                    found.too_deep = Some((line, column(line_start, at)));
                }
            }
            ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    cost = cost.saturating_add(1_u64.checked_shl(peak).unwrap_or(u64::MAX));
                    peak = 0;
                }
                if cost > PARSE_COST && found.too_costly.is_none() {
                    found.too_costly = Some((line, column(line_start, at)));
                }
            }
            _ => {}
        }
    }
    found
}

/// One parsed file.
pub(super) struct ParsedModule<'a> {
    /// The file.
    pub(super) source: &'a PolicySource,
    /// The syntax tree.
    pub(super) ast: Module,
    /// Components of the package's name, without `data`.
    pub(super) package: Vec<String>,
    /// All comments, in order.
    pub(super) comments: Vec<Comment<'a>>,
}

impl ParsedModule<'_> {
    /// Returns the dotted name of the package.
    pub(super) fn package_name(&self) -> String {
        self.package.join(".")
    }

    /// Returns the place of a span in this file.
    pub(super) fn place(&self, span: &Span) -> Place<'_> {
        let before = self.source.text.get(..span.start as usize).unwrap_or("");
        let column = before.rsplit('\n').next().unwrap_or("").chars().count();
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1);
        Place { path: &self.source.path, line: span.line, column }
    }

    /// Returns the rules with their names, in order of the text.
    pub(super) fn rules(&self) -> impl Iterator<Item = (String, &Rule)> {
        self.ast.policy.iter().map(|rule| (rule_name(rule), rule.as_ref()))
    }
}

/// Returns the reference of a rule's head.
pub(super) fn head_reference(rule: &Rule) -> &Expr {
    match rule {
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        },
        Rule::Default { refr, .. } => refr,
    }
}

/// Returns the first name of a rule's head: `deny` of `deny.foo[x]`.
pub(super) fn rule_name(rule: &Rule) -> String {
    static_path(head_reference(rule)).0.into_iter().next().unwrap_or_default()
}

/// Returns the leading constant components of a reference, and whether those are all.
///
/// Follows the chain with a loop: a reference may be as long as its file.
pub(super) fn static_path(expr: &Expr) -> (Vec<String>, bool) {
    let mut components = Vec::new();
    let mut current = expr;
    loop {
        match current {
            Expr::RefDot { refr, field, .. } => {
                components.push(Some(field.0.text().to_owned()));
                current = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                components.push(string_value(index));
                current = refr;
            }
            Expr::Var { span, .. } => {
                components.push(Some(span.text().to_owned()));
                break;
            }
            _ => return (Vec::new(), false),
        }
    }
    let length = components.len();
    let path: Vec<String> = components.into_iter().rev().map_while(|part| part).collect();
    let complete = path.len() == length;
    (path, complete)
}

/// Returns the text of a string literal.
pub(super) fn string_value(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|text| text.to_string())
        }
        _ => None,
    }
}

/// Parses one file, or says why it cannot be parsed. Nothing is parsed that is too large or too deep.
pub(super) fn parse<'a>(source: &'a PolicySource, limits: &Limits) -> Result<ParsedModule<'a>, Fault> {
    let file = Place::file(&source.path);
    if source.text.len() as u64 > limits.configuration_bytes {
        let message = format!("the file has {} bytes; the limit is {}", source.text.len(), limits.configuration_bytes);
        return Err(file.fault("too-large", message, "split the file, or raise `limits: configuration-bytes`"));
    }
    if source.text.starts_with('\u{FEFF}') {
        let place = Place { path: &source.path, line: 1, column: 1 };
        return Err(place.fault("syntax", "the file begins with a byte order mark", "save it as UTF-8 without BOM"));
    }
    let scan = scan(&source.text, limits.literal_depth);
    if let Some((line, column)) = scan.too_deep {
        let message = format!("brackets are nested deeper than {} levels", limits.literal_depth);
        let hint = "name inner parts as rules of their own, or raise `limits: literal-depth`";
        return Err(Place { path: &source.path, line, column }.fault("too-deep", message, hint));
    }
    if let Some((line, column)) = scan.too_costly {
        let place = Place { path: &source.path, line, column };
        let hint = "move large values into a data file beside the policies";
        return Err(place.fault("too-deep", "the nested literals up to here take too long to parse", hint));
    }
    let parsed = catch_unwind(AssertUnwindSafe(|| parse_text(source)));
    let ast = match parsed {
        Ok(Ok(ast)) => ast,
        Ok(Err(text)) => return Err(syntax_fault(source, &text)),
        Err(_) => {
            return Err(file.fault("syntax", "the parser failed on this file", "simplify the newest change of it"));
        }
    };
    let (package, complete) = static_path(&ast.package.refr);
    if !complete || package.iter().any(|part| part.contains('.')) {
        return Err(file.fault("syntax", "the package's name has computed or dotted parts", "name it with letters"));
    }
    if package.first().is_some_and(|root| root == "portcullis") && source.kind != SourceKind::Builtin {
        return Err(file.fault("reserved-package", "`data.portcullis` is reserved", "choose another package name"));
    }
    Ok(ParsedModule { source, ast, package, comments: scan.comments })
}

fn parse_text(source: &PolicySource) -> Result<Module, String> {
    let text = Source::from_contents(source.path.clone(), source.text.clone()).map_err(|error| error.to_string())?;
    let mut parser = Parser::new(&text).map_err(|error| error.to_string())?;
    if !source.v0 {
        parser.enable_rego_v1().map_err(|error| error.to_string())?;
    }
    parser.parse().map_err(|error| error.to_string())
}

#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static V0_SET: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\s*(\w+)\s*\[([^\]]+)\]").expect("constant pattern"));
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static V0_BARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(\w[\w.]*(?:\([^)]*\))?(?:\s*:?=\s*[^{]+?)?)\s*\{").expect("constant pattern"));
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static DASHED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*((?:deny|violation|warn|review)(?:[-.]\w+)+)").expect("constant pattern"));

#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static TEMPLATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?:^|[\s(\[{,=:])\$["`]"#).expect("constant pattern"));

/// Returns the fault for a text of the parser; what looks like Rego v0 or a dashed rule name gets its rewrite.
fn syntax_fault(source: &PolicySource, text: &str) -> Fault {
    let mut fault = from_engine("syntax", &source.path, text, |_| Some(&source.text));
    let line = (fault.line as usize).checked_sub(1).and_then(|index| source.text.lines().nth(index)).unwrap_or("");
    let previous = (fault.line as usize).checked_sub(2).and_then(|index| source.text.lines().nth(index)).unwrap_or("");
    if let Some(dashed) = DASHED.captures(line).or_else(|| DASHED.captures(previous)).and_then(|found| found.get(1))
        && dashed.as_str().contains('-')
    {
        "decision-name".clone_into(&mut fault.code);
        fault.message = format!("`{}` is no name of a rule", dashed.as_str());
        fault.hint = format!("a name has no `-`; write `{}`", dashed.as_str().replace('-', "_"));
    } else if TEMPLATE.is_match(line) {
        "template-string".clone_into(&mut fault.code);
        "template strings are not offered: the engine does not know them".clone_into(&mut fault.message);
        "write `sprintf(\"... %v\", [value])`".clone_into(&mut fault.hint);
    } else if fault.message.contains("keyword is required") {
        "v0-syntax".clone_into(&mut fault.code);
        fault.message = format!("this is Rego v0; policies are Rego v1 ({})", fault.message);
        fault.hint = v1_rewrite(line);
    }
    fault
}

/// Returns the Rego v1 spelling of a rule's first line.
fn v1_rewrite(line: &str) -> String {
    let part =
        |found: &regex::Captures<'_>, index: usize| found.get(index).map_or("", |part| part.as_str()).trim().to_owned();
    if let Some(found) = V0_SET.captures(line) {
        return format!("write `{} contains {} if {{`", part(&found, 1), part(&found, 2));
    }
    if let Some(found) = V0_BARE.captures(line) {
        let head = part(&found, 1);
        if decision_word(&head).is_some() {
            return format!("write `{head} contains msg if {{`");
        }
        return format!("write `{head} if {{`");
    }
    "write `if` before the body, and `contains` before the element of a set".to_owned()
}

/// Returns the decision word that a rule's name begins with, when the name is one of a decision rule.
pub(super) fn decision_word(name: &str) -> Option<&'static str> {
    let (word, suffixes) = name.split_once('_').map_or((name, None), |(word, rest)| (word, Some(rest)));
    let known = ["deny", "review", "violation", "warn"].into_iter().find(|known| *known == word)?;
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    suffixes.is_none_or(|suffixes| suffixes.split('_').all(plain)).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::{decision_word, scan, v1_rewrite};

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let text = "package p\n# [[[[\nx := \"[[\\\"[[\"\ny := `[[\n# METADATA\n[[`\nz := [{1}]\n";
        let found = scan(text, 16);
        assert_eq!(found.depth, 2);
        assert_eq!(found.comments.len(), 1);
        assert_eq!(scan(text, 1).too_deep, Some((7, 7)));
    }

    #[test]
    fn a_comment_after_code_is_not_alone() {
        let found = scan("x := 1 # METADATA\n  # METADATA\n", 16);
        assert_eq!(found.comments.iter().map(|comment| comment.alone).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn decision_names_are_the_conftest_ones_and_review() {
        for name in ["deny", "warn_a", "violation_a_b2", "review_x"] {
            assert!(decision_word(name).is_some(), "{name}");
        }
        for name in ["denny", "deny_", "deny__a", "deny_a_", "denya", "helper"] {
            assert!(decision_word(name).is_none(), "{name}");
        }
    }

    #[test]
    fn old_heads_get_their_new_spelling() {
        assert_eq!(v1_rewrite("deny[msg] {"), "write `deny contains msg if {`");
        assert_eq!(v1_rewrite("deny {"), "write `deny contains msg if {`");
        assert_eq!(v1_rewrite("helper(x) = y {"), "write `helper(x) = y if {`");
    }
}
