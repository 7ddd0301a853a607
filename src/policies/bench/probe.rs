//! Why a test was not true: the first expression of its body that was not, and the values in it.
//!
//! Owns the probes: rules beside the test that hold the first lines of its body, and one expression of it. Must not
//! change how the test itself runs.

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, LiteralStmt, Rule};
use regorus::{Engine, Value};

use crate::clock::Deadline;
use crate::limits::Limits;
use crate::policies::PolicySource;
use crate::policies::evaluate::{evaluate_path, limited, rule_path};
use crate::policies::module::{self, ParsedModule, rule_name};
use crate::policies::trial::{Difference, Failure, Part, PlannedTest};

/// Statements that are tried at most.
const MOST_STEPS: usize = 200;
/// Letters of one value that are shown.
const LONGEST: usize = 400;
/// Differences between two values that are shown.
const MOST_DIFFERENCES: usize = 8;

/// Returns why a test was not true; none where its body does not tell.
pub(super) fn explain(engine: &Engine, source: &PolicySource, test: &PlannedTest, limits: &Limits) -> Option<Failure> {
    let module = module::parse(source, limits).ok()?;
    let rule = module.ast.policy.iter().find(|rule| rule_name(rule) == test.name)?;
    let Rule::Spec { bodies, .. } = rule.as_ref() else { return None };
    let statements: Vec<&LiteralStmt> = bodies.first()?.query.stmts.iter().take(MOST_STEPS).collect();
    let deadline = Deadline::after_ms(limits.evaluation_ms);
    let probe = Probe { engine, module: &module, test, deadline, statements: &statements };
    let at = probe.first_untrue()?;
    let statement = statements.get(at)?;
    let mut failure = Failure {
        path: source.path.clone(),
        line: module.place(&statement.span).line,
        expression: probe.text(statement.span.start, statement.span.end).to_owned(),
        ..Failure::default()
    };
    let parts = parts(probe.code(statement), &statement.literal, source.text.as_str());
    let values: Vec<Vec<Value>> = parts.iter().map(|part| probe.values(at, part)).collect();
    for (part, values) in parts.iter().zip(&values) {
        failure.values.push(Part { text: (*part).to_owned(), value: shown_all(values) });
    }
    if let ([left], [right], true) = (
        values.first().map_or(&[][..], Vec::as_slice),
        values.get(1).map_or(&[][..], Vec::as_slice),
        is_equation(&statement.literal),
    ) {
        failure.differences = differences(left, right);
    }
    Some(failure)
}

fn is_equation(literal: &Literal) -> bool {
    matches!(literal, Literal::Expr { expr, .. } if matches!(expr.as_ref(), Expr::BoolExpr { op: BoolOp::Eq, .. }))
}

/// Returns the parts of a statement whose values tell why it is not true, as they are written. `code` is the statement
/// without `with`, in `source`.
///
/// The engine's places of texts and objects are not those of their brackets, so the operator between two parts is
/// looked for.
fn parts<'s>(code: &'s str, literal: &Literal, source: &'s str) -> Vec<&'s str> {
    let behind = |end: u32, word: &str| {
        // Both are parts of one text.
        let start = (code.as_ptr() as usize).saturating_sub(source.as_ptr() as usize);
        let from = (end as usize).saturating_sub(start);
        let at = code.get(from..)?.find(word)?.saturating_add(from);
        Some((code.get(..at)?.trim(), code.get(at.saturating_add(word.len())..)?.trim()))
    };
    match literal {
        Literal::SomeVars { .. } => Vec::new(),
        Literal::SomeIn { value, .. } => {
            behind(value.span().end, " in ").map(|(_, rest)| vec![rest]).unwrap_or_default()
        }
        Literal::Every { value, .. } => {
            let domain = behind(value.end, " in ").and_then(|(_, rest)| rest.split_once('{'));
            domain.map(|(domain, _)| vec![domain.trim()]).unwrap_or_default()
        }
        Literal::NotExpr { .. } => code.strip_prefix("not").map(|rest| vec![rest.trim()]).unwrap_or_default(),
        Literal::Expr { expr, .. } => match expr.as_ref() {
            Expr::BoolExpr { op, lhs, .. } => {
                let word = match op {
                    BoolOp::Lt => "<",
                    BoolOp::Le => "<=",
                    BoolOp::Eq => "==",
                    BoolOp::Ge => ">=",
                    BoolOp::Gt => ">",
                    BoolOp::Ne => "!=",
                };
                behind(lhs.span().end, word).map(|(left, right)| vec![left, right]).unwrap_or_default()
            }
            Expr::Membership { value, key: None, .. } => {
                behind(value.span().end, " in ").map(|(left, right)| vec![left, right]).unwrap_or_default()
            }
            Expr::AssignExpr { op, lhs, .. } => {
                let word = if matches!(op, AssignOp::ColEq) { ":=" } else { "=" };
                behind(lhs.span().end, word).map(|(_, right)| vec![right]).unwrap_or_default()
            }
            Expr::Call { fcn, .. } => behind(fcn.span().end, "(").map(|(_, rest)| arguments(rest)).unwrap_or_default(),
            _ => vec![code],
        },
    }
}

/// Returns the arguments of a call by the text behind its bracket.
fn arguments(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth) = (Vec::new(), 0_usize, 0_usize);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' | '`' => {
                while let Some((_, next)) = chars.next() {
                    if next == c {
                        break;
                    }
                    if next == '\\' && c == '"' {
                        chars.next();
                    }
                }
            }
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' if depth == 0 => {
                found.extend(text.get(start..at).map(str::trim).filter(|part| !part.is_empty()));
                return found;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(text.get(start..at).map(str::trim));
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    found
}

struct Probe<'p> {
    engine: &'p Engine,
    module: &'p ParsedModule<'p>,
    test: &'p PlannedTest,
    deadline: Deadline,
    statements: &'p [&'p LiteralStmt],
}

impl Probe<'_> {
    /// Returns a piece of the file. The engine's places of texts lie inside of their quotes.
    fn text(&self, start: u32, end: u32) -> &str {
        let text = &self.module.source.text;
        let (start, end) = (start as usize, end as usize);
        let quote = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'"' | b'`'));
        let before = usize::from(start > 0 && quote(text.as_bytes().get(start.saturating_sub(1))));
        let after = usize::from(quote(text.as_bytes().get(end)));
        text.get(start.saturating_sub(before)..end.saturating_add(after)).unwrap_or("")
    }

    /// Returns a statement without `with`.
    fn code(&self, statement: &LiteralStmt) -> &str {
        let end = statement.with_mods.first().map_or(statement.span.end, |first| first.span.start);
        self.text(statement.span.start, end).trim()
    }

    /// Returns the first statements, one a line.
    fn body(&self, count: usize) -> String {
        let lines = self.statements.iter().take(count);
        lines.map(|statement| format!("\t{}\n", self.text(statement.span.start, statement.span.end))).collect()
    }

    /// Returns the package and imports of the test's file.
    fn header(&self) -> String {
        let ast = &self.module.ast;
        let imports = ast.imports.iter().map(|import| self.text(import.span.start, import.span.end));
        let package = format!("package {}", ast.package.refr.span().text());
        std::iter::once(package.as_str()).chain(imports).collect::<Vec<_>>().join("\n")
    }

    fn evaluate(&self, rules: &str, name: &str) -> Option<Value> {
        let mut engine = self.engine.clone();
        engine.set_input(Value::new_object());
        engine.set_rego_v0(self.module.source.v0);
        let left = self.deadline.remaining();
        if left.is_zero() {
            return None;
        }
        limited(&mut engine, u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1));
        engine.add_policy("probe.rego".to_owned(), format!("{}\n\n{rules}", self.header())).ok()?;
        evaluate_path(&mut engine, &rule_path(self.test.package.split('.'), name)).ok()
    }

    /// Returns the first statement with which the body is not true any more.
    fn first_untrue(&self) -> Option<usize> {
        (0..self.statements.len()).find(|at| {
            let name = "portcullis_probe";
            let rule = format!("{name} if {{\n{}}}\n", self.body(at.saturating_add(1)));
            self.evaluate(&rule, name) != Some(Value::Bool(true))
        })
    }

    /// Returns the values that a part has where the statements before hold.
    fn values(&self, at: usize, value: &str) -> Vec<Value> {
        let Some(statement) = self.statements.get(at) else { return Vec::new() };
        let with = statement.with_mods.first().map_or("", |first| self.text(first.span.start, statement.span.end));
        let name = "portcullis_probe";
        let rule = format!(
            "{name} contains portcullis_value if {{\n{}\tportcullis_value := {value} {with}\n}}\n",
            self.body(at)
        );
        match self.evaluate(&rule, name) {
            Some(Value::Set(values)) => values.iter().take(3).cloned().collect(),
            _ => Vec::new(),
        }
    }
}

fn shown_all(values: &[Value]) -> String {
    if values.is_empty() {
        return "undefined".to_owned();
    }
    values.iter().map(shown).collect::<Vec<_>>().join(" or ")
}

/// Returns a value as Rego would write it, cut where it is long.
fn shown(value: &Value) -> String {
    let json = |value: &Value| serde_json::to_string(value).unwrap_or_else(|_| "what JSON cannot say".to_owned());
    let text = match value {
        Value::Undefined => "undefined".to_owned(),
        Value::Set(items) if items.is_empty() => "set()".to_owned(),
        // JSON has no sets; only the braces tell one from a list.
        Value::Set(items) => format!("{{{}}}", items.iter().map(json).collect::<Vec<_>>().join(",")),
        other => json(other),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain("...".chars()).collect()
}

fn difference(path: &str, left: &Value, right: &Value) -> Difference {
    Difference { path: path.trim_start_matches('.').to_owned(), left: shown(left), right: shown(right) }
}

/// Returns where two values differ, as paths. Only the places are named at which something stands that the other lacks.
fn differences(left: &Value, right: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut pending = vec![(String::new(), left.clone(), right.clone())];
    while let Some((path, left, right)) = pending.pop() {
        if left == right || found.len() >= MOST_DIFFERENCES {
            continue;
        }
        match (&left, &right) {
            (Value::Object(a), Value::Object(b)) => {
                let mut keys: Vec<Value> = a.iter_sorted().chain(b.iter_sorted()).map(|(key, _)| key.clone()).collect();
                keys.sort();
                keys.dedup();
                let of = |map: &Value, key: &Value| match map {
                    Value::Object(map) => map.get(key).cloned().unwrap_or(Value::Undefined),
                    _ => Value::Undefined,
                };
                for key in keys.into_iter().rev() {
                    let name = key.as_string().map_or_else(|_| shown(&key), |name| name.to_string());
                    pending.push((format!("{path}.{name}"), of(&left, &key), of(&right, &key)));
                }
            }
            (Value::Array(a), Value::Array(b)) => {
                for at in (0..a.len().max(b.len())).rev() {
                    let of = |list: &Value| list.as_array().ok().and_then(|list| list.get(at).cloned());
                    let (a, b) = (of(&left).unwrap_or(Value::Undefined), of(&right).unwrap_or(Value::Undefined));
                    pending.push((format!("{path}[{at}]"), a, b));
                }
            }
            (Value::Set(a), Value::Set(b)) => {
                let only = |of: Vec<&Value>| match of.as_slice() {
                    [] => Value::Undefined,
                    [only] => (*only).clone(),
                    more => Value::from(more.iter().map(|item| (*item).clone()).collect::<Vec<Value>>()),
                };
                let left = only(a.iter().filter(|item| !b.contains(item)).collect());
                let right = only(b.iter().filter(|item| !a.contains(item)).collect());
                let inner = !matches!((&left, &right), (Value::Undefined, _) | (_, Value::Undefined));
                if inner {
                    pending.push((format!("{path}[_]"), left, right));
                } else {
                    found.push(difference(&format!("{path}[_]"), &left, &right));
                }
            }
            // Scalars of the whole are shown already.
            _ if path.is_empty() => {}
            _ => found.push(difference(&path, &left, &right)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use regorus::Value;

    use super::{arguments, differences};

    #[test]
    fn arguments_end_at_their_own_commas() {
        assert_eq!(arguments("\"a,(\\\"\", f(x, y), {1, 2}) == 3"), ["\"a,(\\\"\"", "f(x, y)", "{1, 2}"]);
        assert_eq!(arguments(")"), Vec::<&str>::new());
    }

    #[test]
    fn only_what_differs_is_named() {
        let value = |text: &str| Value::from_json_str(text).unwrap();
        let left = value(r#"{"a": [1, 2], "b": {"c": "x"}, "same": true}"#);
        let right = value(r#"{"a": [1, 3, 4], "b": {}, "same": true}"#);
        let found = differences(&left, &right);
        let shown: Vec<String> = found.iter().map(|one| format!("{} {} {}", one.path, one.left, one.right)).collect();
        assert_eq!(shown, ["a[1] 2 3", "a[2] undefined 4", "b.c \"x\" undefined"]);
        assert!(differences(&value("1"), &value("2")).is_empty());
    }
}
