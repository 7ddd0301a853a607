//! Walking the syntax tree with a loop: a reference or a sum may be as deep as its file is long.
//!
//! Owns the order of visits and nothing else.

use regorus::unstable::{Expr, Literal, LiteralStmt, Query, Rule, RuleAssign, RuleHead};

use crate::policies::module::head_reference;

/// A part of the tree that still has to be visited.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    /// An expression.
    Expr(&'a Expr),
    /// A body.
    Query(&'a Query),
}

/// Pushes the direct parts of a statement, its `with` modifiers included.
pub(crate) fn statement_parts<'a>(statement: &'a LiteralStmt, parts: &mut Vec<Node<'a>>) {
    match &statement.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn { key, value, collection, .. } => {
            parts.extend(key.iter().map(|key| Node::Expr(key)));
            parts.extend([Node::Expr(value), Node::Expr(collection)]);
        }
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => parts.push(Node::Expr(expr)),
        Literal::Every { domain, query, .. } => parts.extend([Node::Expr(domain), Node::Query(query)]),
    }
    for modifier in &statement.with_mods {
        parts.extend([Node::Expr(&modifier.refr), Node::Expr(&modifier.r#as)]);
    }
}

/// Pushes the computed components of a reference, and its base unless that is a name.
///
/// A reference is visited once, as a whole: the shorter references inside it are not references of the policy.
fn reference_parts<'a>(refr: &'a Expr, parts: &mut Vec<Node<'a>>) {
    let mut current = refr;
    loop {
        match current {
            Expr::RefDot { refr, .. } => current = refr,
            Expr::RefBrack { refr, index, .. } => {
                parts.push(Node::Expr(index));
                current = refr;
            }
            Expr::Var { .. } => return,
            base => return parts.push(Node::Expr(base)),
        }
    }
}

/// Pushes the direct parts of an expression.
pub(crate) fn expression_parts<'a>(expr: &'a Expr, parts: &mut Vec<Node<'a>>) {
    match expr {
        Expr::String { .. }
        | Expr::RawString { .. }
        | Expr::Number { .. }
        | Expr::Bool { .. }
        | Expr::Null { .. }
        | Expr::Var { .. } => {}
        Expr::Array { items, .. } | Expr::Set { items, .. } => parts.extend(items.iter().map(|item| Node::Expr(item))),
        Expr::Object { fields, .. } => {
            parts.extend(fields.iter().flat_map(|(_, key, value)| [Node::Expr(key), Node::Expr(value)]));
        }
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            parts.extend([Node::Expr(term), Node::Query(query)]);
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            parts.extend([Node::Expr(key), Node::Expr(value), Node::Query(query)]);
        }
        Expr::Call { fcn, params, .. } => {
            parts.push(Node::Expr(fcn));
            parts.extend(params.iter().map(|param| Node::Expr(param)));
        }
        Expr::UnaryExpr { expr, .. } => parts.push(Node::Expr(expr)),
        Expr::RefDot { .. } | Expr::RefBrack { .. } => reference_parts(expr, parts),
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => parts.extend([Node::Expr(lhs), Node::Expr(rhs)]),
        Expr::Membership { key, value, collection, .. } => {
            parts.extend(key.iter().map(|key| Node::Expr(key)));
            parts.extend([Node::Expr(value), Node::Expr(collection)]);
        }
    }
}

/// Returns the value of an assignment in a head.
fn assigned(assign: Option<&RuleAssign>) -> Option<Node<'_>> {
    assign.map(|assign| Node::Expr(&assign.value))
}

/// Returns what a rule's head evaluates: arguments, element, value; not its own name.
pub(crate) fn head_parts(rule: &Rule) -> Vec<Node<'_>> {
    match rule {
        Rule::Default { value, .. } => vec![Node::Expr(value)],
        Rule::Spec { head, bodies, .. } => {
            let mut parts: Vec<Node<'_>> = match head {
                RuleHead::Compr { assign, .. } => assigned(assign.as_ref()).into_iter().collect(),
                RuleHead::Set { key, .. } => key.iter().map(|key| Node::Expr(key)).collect(),
                RuleHead::Func { args, assign, .. } => {
                    args.iter().map(|arg| Node::Expr(arg)).chain(assigned(assign.as_ref())).collect()
                }
            };
            reference_parts(head_reference(rule), &mut parts);
            parts.extend(bodies.iter().filter_map(|body| assigned(body.assign.as_ref())));
            parts
        }
    }
}

/// Visits every expression of a rule, outer ones before inner ones.
pub(crate) fn each_expression<'a>(rule: &'a Rule, mut visit: impl FnMut(&'a Expr)) {
    let mut pending = head_parts(rule);
    if let Rule::Spec { bodies, .. } = rule {
        pending.extend(bodies.iter().map(|body| Node::Query(&body.query)));
    }
    while let Some(node) = pending.pop() {
        match node {
            Node::Expr(expr) => {
                visit(expr);
                expression_parts(expr, &mut pending);
            }
            Node::Query(query) => query.stmts.iter().for_each(|statement| statement_parts(statement, &mut pending)),
        }
    }
}
