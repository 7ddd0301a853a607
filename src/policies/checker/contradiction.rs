//! Bodies that can never hold, because one path would have to be two values at once.
//!
//! Owns the one form of it that is always right: `==` with a value that is written down, twice, on the same path without
//! anything computed in it, in one body. Whatever is computed may differ each time.

use std::collections::BTreeMap;

use regorus::Value;
use regorus::unstable::{BoolOp, Expr, Literal, Rule};

use super::advice::Advice;
use crate::finding::Severity;
use crate::policies::module::{ParsedModule, static_path};

/// Adds the second of two statements that contradict each other.
pub(super) fn contradictions(module: &ParsedModule<'_>, rule: &Rule, found: &mut Vec<Advice>) {
    let Rule::Spec { bodies, .. } = rule else { return };
    for body in bodies {
        let mut first: BTreeMap<Vec<String>, (&Value, u32)> = BTreeMap::new();
        // What `with` replaces is another value.
        for statement in body.query.stmts.iter().filter(|statement| statement.with_mods.is_empty()) {
            let Literal::Expr { expr, .. } = &statement.literal else { continue };
            let Some((path, value)) = equation(expr) else { continue };
            let line = module.place(&statement.span).line;
            match first.get(&path) {
                Some((other, above)) if *other != value => {
                    let name = path.join(".");
                    let message = format!("`{name}` is something else in line {above}, so the body never holds");
                    let hint = format!("write `{name} in {{..., ...}}` where either will do, or two rules");
                    found
                        .push((Severity::Warning, module.place(&statement.span).fault("contradiction", message, hint)));
                }
                Some(_) => {}
                None => drop(first.insert(path, (value, line))),
            }
        }
    }
}

/// Returns the path and the value of `path == value`, either way round.
fn equation(expr: &Expr) -> Option<(Vec<String>, &Value)> {
    let Expr::BoolExpr { op: BoolOp::Eq, lhs, rhs, .. } = expr else { return None };
    let (refr, value) = match (scalar(lhs), scalar(rhs)) {
        (None, Some(value)) => (lhs, value),
        (Some(value), None) => (rhs, value),
        _ => return None,
    };
    if !matches!(refr.as_ref(), Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. }) {
        return None;
    }
    let (path, complete) = static_path(refr);
    (complete && !path.is_empty() && path.iter().all(|part| part != "_")).then_some((path, value))
}

fn scalar(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::String { value, .. }
        | Expr::RawString { value, .. }
        | Expr::Number { value, .. }
        | Expr::Bool { value, .. } => Some(value),
        _ => None,
    }
}
