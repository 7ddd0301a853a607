//! Which lines were evaluated, and which rules ran to their end.
//!
//! Owns the way from the engine's lines to rules: it knows lines only.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Engine;
use regorus::unstable::{Expr, Literal, Rule, RuleHead};

use crate::policies::module::{ParsedModule, rule_name};
use crate::policies::trial::Body;

/// Lines that were evaluated, by file.
pub(in crate::policies) type Covered = BTreeMap<String, BTreeSet<u32>>;

/// Returns the lines that an engine evaluated.
pub(in crate::policies) fn covered(engine: &Engine) -> Covered {
    let Ok(report) = engine.get_coverage_report() else { return BTreeMap::new() };
    report.files.into_iter().map(|file| (file.path, file.covered)).collect()
}

/// Returns the bodies of a file: one for each clause and each `else`.
pub(super) fn bodies(module: &ParsedModule<'_>) -> Vec<Body> {
    let mut found = Vec::new();
    for rule in &module.ast.policy {
        let Rule::Spec { head, bodies, .. } = rule.as_ref() else { continue };
        let mut add = |line: u32, lines: BTreeSet<u32>| {
            if !lines.is_empty() {
                let name = format!("{}.{}", module.package_name(), rule_name(rule));
                let (pack, path) = (module.source.pack.clone(), module.source.path.clone());
                found.push(Body { pack, path, line, name, lines });
            }
        };
        for body in bodies {
            let mut lines: BTreeSet<u32> =
                body.query.stmts.iter().filter_map(|statement| statement_line(&statement.literal)).collect();
            if lines.is_empty() {
                lines.extend(body.assign.as_ref().map(|assign| assign.value.span().line));
            }
            // The head is evaluated only where the body holds.
            lines.extend(if body.is_else { BTreeSet::new() } else { head_lines(head) });
            let line = if body.is_else { body.span.line } else { rule.span().line };
            add(line, lines);
        }
        if bodies.is_empty() {
            // A constant says nothing by itself; a function does.
            if let RuleHead::Func { assign: Some(assign), .. } = head {
                add(rule.span().line, value_lines(&assign.value));
            }
        }
    }
    found
}

/// Returns the line at which the engine counts a statement; a bare `some x` has none.
fn statement_line(literal: &Literal) -> Option<u32> {
    match literal {
        Literal::SomeVars { .. } => None,
        Literal::SomeIn { collection, .. } => Some(value_line(collection)),
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => Some(value_line(expr)),
        Literal::Every { domain, .. } => Some(value_line(domain)),
    }
}

/// Returns the line at which the engine counts an expression: of an assignment that of its value.
fn value_line(expr: &Expr) -> u32 {
    match expr {
        Expr::AssignExpr { rhs, .. } => rhs.span().line,
        other => other.span().line,
    }
}

/// Returns the lines of what a head gives; none where it gives nothing but `true`.
fn head_lines(head: &RuleHead) -> BTreeSet<u32> {
    match head {
        RuleHead::Set { key: Some(key), .. } => value_lines(key),
        RuleHead::Compr { assign: Some(assign), .. } | RuleHead::Func { assign: Some(assign), .. } => {
            value_lines(&assign.value)
        }
        RuleHead::Set { .. } | RuleHead::Compr { .. } | RuleHead::Func { .. } => BTreeSet::new(),
    }
}

/// Returns the lines at which the engine counts a value; it does not count the brackets of a comprehension.
fn value_lines(expr: &Expr) -> BTreeSet<u32> {
    match expr {
        Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
            query.stmts.iter().filter_map(|statement| statement_line(&statement.literal)).collect()
        }
        other => BTreeSet::from([value_line(other)]),
    }
}

/// Returns all lines of a rule.
pub(super) fn lines(module: &ParsedModule<'_>, rule: &Rule) -> std::ops::RangeInclusive<u32> {
    let span = rule.span();
    let text = module.source.text.get(span.start as usize..span.end as usize).unwrap_or("");
    let more = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
    span.line..=span.line.saturating_add(more)
}
