//! What a statement of a body binds, and what it needs from the others.
//!
//! Owns that question for one body, by its syntax. Must not evaluate.

use std::collections::BTreeSet;

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Span};

use super::checker::scope::{declared, pattern};
use super::checker::walk::{Node, expression_parts, statement_parts};

/// The names of one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Declared by `:=` or `some ... in`: they have a value once the statement holds.
    pub(super) declares: BTreeSet<String>,
    /// Declared by `some x`: they have a value once another statement binds them.
    pub(super) announces: BTreeSet<String>,
    /// Bound where they have no value yet: `[i]`, or a side of `=`.
    pub(super) binds: BTreeSet<String>,
    /// All names that are mentioned, but for those that a body inside declares.
    pub(super) mentions: BTreeSet<String>,
}

/// Returns the names of a statement.
pub(super) fn names(statement: &LiteralStmt) -> Names {
    let mut names = Names::default();
    match &statement.literal {
        Literal::SomeVars { vars, .. } => names.announces.extend(vars.iter().map(|name| name.text().to_owned())),
        Literal::SomeIn { key, value, .. } => {
            let parts = key.iter().chain([value]).flat_map(|part| pattern(part));
            names.declares.extend(parts.map(|name| name.text().to_owned()));
        }
        Literal::Expr { expr, .. } => {
            if let Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() {
                names.declares.extend(pattern(lhs).iter().map(|name| name.text().to_owned()));
            }
        }
        Literal::NotExpr { .. } | Literal::Every { .. } => {}
    }
    let negated = matches!(statement.literal, Literal::NotExpr { .. } | Literal::Every { .. });
    let mut parts = Vec::new();
    statement_parts(statement, &mut parts);
    let own: BTreeSet<String> = match &statement.literal {
        Literal::Every { key, value, query, .. } => {
            let own = key.iter().chain([value]).map(|name| name.text().to_owned());
            own.chain(declared(query).iter().map(|name| name.span.text().to_owned())).collect()
        }
        _ => BTreeSet::new(),
    };
    let mut pending: Vec<(Node<'_>, BTreeSet<String>, bool)> =
        parts.into_iter().map(|part| (part, own.clone(), !negated)).collect();
    while let Some((node, local, binding)) = pending.pop() {
        match node {
            Node::Expr(expr) => visit(expr, local, binding, &mut names, &mut pending),
            Node::Query(query) => {
                let mut local = local;
                local.extend(declared(query).iter().map(|name| name.span.text().to_owned()));
                let mut parts = Vec::new();
                query.stmts.iter().for_each(|statement| statement_parts(statement, &mut parts));
                pending.extend(parts.into_iter().map(|part| (part, local.clone(), false)));
            }
        }
    }
    names
}

fn visit<'t>(
    expr: &'t Expr,
    local: BTreeSet<String>,
    binding: bool,
    names: &mut Names,
    pending: &mut Vec<(Node<'t>, BTreeSet<String>, bool)>,
) {
    let mention = |text: &str, names: &mut Names| {
        if text != "_" && !local.contains(text) {
            names.mentions.insert(text.to_owned());
        }
    };
    match expr {
        Expr::Var { span, .. } => mention(span.text(), names),
        Expr::RefDot { .. } | Expr::RefBrack { .. } => {
            if let Expr::Var { span, .. } = base(expr) {
                mention(span.text(), names);
            }
            if binding {
                names.binds.extend(indices(expr).into_iter().filter(|name| !local.contains(name)));
            }
        }
        Expr::AssignExpr { op: AssignOp::Eq, lhs, rhs, .. } if binding => {
            let sides = pattern(lhs).into_iter().chain(pattern(rhs)).map(|name| name.text().to_owned());
            names.binds.extend(sides.filter(|name| !local.contains(name)));
        }
        _ => {}
    }
    let mut parts = Vec::new();
    expression_parts(expr, &mut parts);
    let (mut local, mut callee) = (local, None);
    match expr {
        Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
            local.extend(declared(query).iter().map(|name| name.span.text().to_owned()));
        }
        // The name of a function is no value.
        Expr::Call { fcn, .. } => callee = Some(std::ptr::from_ref(fcn.as_ref())),
        _ => {}
    }
    let compound = matches!(expr, Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. });
    let is_callee = |part: &Node<'_>| matches!(part, Node::Expr(expr) if Some(std::ptr::from_ref(*expr)) == callee);
    let parts = parts.into_iter().filter(|part| !is_callee(part));
    pending.extend(parts.map(|part| (part, local.clone(), binding && !compound)));
}

/// Returns what a reference starts with.
pub(super) fn base(expr: &Expr) -> &Expr {
    let mut current = expr;
    while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = current {
        current = refr;
    }
    current
}

/// Returns the names in the brackets of a reference.
fn indices(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = expr;
    loop {
        match current {
            Expr::RefDot { refr, .. } => current = refr,
            Expr::RefBrack { refr, index, .. } => {
                found.extend(pattern(index).iter().map(|name| name.text().to_owned()));
                current = refr;
            }
            _ => return found,
        }
    }
}

/// One statement of a body in the order in which it can be evaluated.
#[derive(Debug)]
pub(super) struct Step<'t> {
    /// The statement.
    pub(super) statement: &'t LiteralStmt,
    /// The local names that have a value once it holds.
    pub(super) bound: BTreeSet<String>,
}

/// Returns the statements in an order in which each finds what it needs: that of the text, but a statement that
/// mentions a name before its declaration waits for it.
pub(super) fn steps<'t>(query: &'t Query, given: &BTreeSet<String>, is_global: &dyn Fn(&str) -> bool) -> Vec<Step<'t>> {
    let all: Vec<(&LiteralStmt, Names)> = query.stmts.iter().map(|statement| (statement, names(statement))).collect();
    let mut bindable: BTreeSet<String> = BTreeSet::new();
    for (_, names) in &all {
        bindable.extend(names.declares.iter().cloned());
        bindable.extend(names.announces.iter().cloned());
        bindable.extend(names.binds.iter().filter(|name| !is_global(name)).cloned());
    }
    let mut waiting = all;
    let (mut bound, mut order) = (given.clone(), Vec::new());
    while !waiting.is_empty() {
        let ready = |(_, names): &(&LiteralStmt, Names)| {
            let own = |name: &&String| names.declares.contains(*name) || names.binds.contains(*name);
            names.mentions.iter().filter(|name| bindable.contains(*name)).all(|name| bound.contains(name) || own(&name))
        };
        // Where none is ready the engine will say why; the order of the text is as good as any.
        let next = waiting.iter().position(ready).unwrap_or(0);
        let (statement, names) = waiting.remove(next);
        bound.extend(names.declares);
        bound.extend(names.binds.into_iter().filter(|name| bindable.contains(name)));
        order.push(Step { statement, bound: bound.clone() });
    }
    order
}

/// Returns the text of a span with the quotes at its ends, which the engine's spans of texts leave out.
pub(super) fn text(span: &Span) -> &str {
    let source = span.source.get_contents();
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let is_quote = |at: usize| matches!(source.as_bytes().get(at), Some(b'"' | b'`'));
    if start.checked_sub(1).is_some_and(is_quote) {
        start = start.saturating_sub(1);
    }
    if is_quote(end) {
        end = end.saturating_add(1);
    }
    source.get(start..end).unwrap_or("")
}
