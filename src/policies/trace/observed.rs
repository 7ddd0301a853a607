//! Which parts of a statement explain why it does not hold.
//!
//! Owns that choice, by syntax alone. Must not evaluate.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Literal, LiteralStmt};

use crate::policies::checker::walk::{Node, expression_parts, statement_parts};
use crate::policies::module::{static_path, string_value};
use crate::policies::statements::{base, text};

/// A part of a statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// As it is shown.
    pub(super) shown: String,
    /// As it is asked.
    pub(super) text: String,
    /// The path of a helper.
    pub(super) path: Vec<String>,
    /// The arguments of a call, as text.
    pub(super) arguments: Option<Vec<String>>,
}

/// How many parts of one statement are shown.
const PARTS: usize = 8;

/// Returns the parts of a statement whose values explain it, a literal left out.
pub(super) fn asked(statement: &LiteralStmt) -> Vec<Seen> {
    let mut parts: Vec<&Expr> = Vec::new();
    match &statement.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn { collection, .. } => whole(collection, &mut parts),
        Literal::Every { domain, .. } => whole(domain, &mut parts),
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => of(expr, &mut parts),
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for part in parts {
        let own = text(part.span()).trim();
        if !is_literal(part) && seen.insert(own.to_owned()) {
            let shown = own.split_whitespace().collect::<Vec<_>>().join(" ");
            found.push(Seen { shown, text: own.to_owned(), ..Seen::default() });
        }
    }
    found.truncate(PARTS);
    found
}

/// Adds the parts of a condition.
fn of<'t>(expr: &'t Expr, parts: &mut Vec<&'t Expr>) {
    match expr {
        Expr::BoolExpr { lhs, rhs, .. } | Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => {
            whole(lhs, parts);
            whole(rhs, parts);
        }
        Expr::AssignExpr { lhs, rhs, op, .. } => {
            if *op == regorus::unstable::AssignOp::Eq {
                whole(lhs, parts);
            }
            inner(rhs, parts);
        }
        Expr::Membership { value, collection, .. } => {
            whole(value, parts);
            whole(collection, parts);
        }
        Expr::Call { params, .. } => params.iter().for_each(|param| whole(param, parts)),
        _ => inner(expr, parts),
    }
}

/// Adds an expression, and what it is made of one level down.
fn whole<'t>(expr: &'t Expr, parts: &mut Vec<&'t Expr>) {
    parts.push(expr);
    if let Expr::Call { params, .. } = expr {
        parts.extend(params.iter().map(|param| param.as_ref()));
    }
    above(expr, parts);
}

/// Adds what an expression is made of: it has no value itself.
fn inner<'t>(expr: &'t Expr, parts: &mut Vec<&'t Expr>) {
    match expr {
        Expr::Call { params, .. } => params.iter().for_each(|param| parts.push(param)),
        Expr::BoolExpr { lhs, rhs, .. } | Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => {
            parts.extend([lhs.as_ref(), rhs.as_ref()]);
        }
        _ => whole(expr, parts),
    }
}

/// Adds what a reference looks into with its first bracket: a list that may be empty.
fn above<'t>(expr: &'t Expr, parts: &mut Vec<&'t Expr>) {
    let mut current = expr;
    let mut found = None;
    while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = current {
        if let Expr::RefBrack { index, .. } = current
            && string_value(index).is_none()
        {
            found = Some(refr.as_ref());
        }
        current = refr;
    }
    parts.extend(found);
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. } | Expr::Null { .. } => {
            true
        }
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().all(|item| is_plain(item)),
        Expr::Var { span, .. } => matches!(span.text(), "input" | "data" | "_"),
        _ => false,
    }
}

fn is_plain(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. } | Expr::Null { .. }
    )
}

/// Returns, of an `every`, the statements that give all elements and those for which its body holds, each with the
/// expression that names the element.
pub(super) fn every(statement: &LiteralStmt) -> Option<(Seen, Seen)> {
    let Literal::Every { key, value, domain, query, .. } = &statement.literal else { return None };
    let key = key.as_ref().map(|key| format!("{}, ", key.text())).unwrap_or_default();
    let some = format!("some {key}{} in {}", value.text(), text(domain.span()));
    let body: Vec<&str> = query.stmts.iter().map(|statement| text(&statement.span)).collect();
    let seen = |text: String| Seen { shown: value.text().to_owned(), text, ..Seen::default() };
    Some((seen(some.clone()), seen(format!("{some}\n{}", body.join("\n")))))
}

/// Returns the rules and functions that a statement asks, calls with their arguments.
///
/// What stands inside a comprehension or the body of `every` is asked about names of that body: it is not followed.
pub(super) fn helpers(statement: &LiteralStmt) -> Vec<Seen> {
    let mut pending = Vec::new();
    statement_parts(statement, &mut pending);
    pending.reverse();
    let mut found: Vec<Seen> = Vec::new();
    while let Some(node) = pending.pop() {
        let Node::Expr(expr) = node else { continue };
        let mut parts = Vec::new();
        match expr {
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => continue,
            Expr::Call { fcn, params, .. } => {
                let arguments = params.iter().map(|param| text(param.span()).to_owned()).collect();
                found.push(Seen { path: static_path(fcn).0, arguments: Some(arguments), ..Seen::default() });
                parts.extend(params.iter().map(|param| Node::Expr(param)));
            }
            Expr::RefDot { .. } | Expr::RefBrack { .. } | Expr::Var { .. } => {
                if matches!(base(expr), Expr::Var { .. }) {
                    found.push(Seen { path: static_path(expr).0, ..Seen::default() });
                }
                expression_parts(expr, &mut parts);
            }
            _ => expression_parts(expr, &mut parts),
        }
        parts.reverse();
        pending.extend(parts);
    }
    let mut known = BTreeSet::new();
    found.retain(|seen| known.insert((seen.path.clone(), seen.arguments.clone())));
    found
}
