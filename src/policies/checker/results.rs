//! What decision rules visibly return: the shape of results that are written down.
//!
//! Owns the way from the syntax tree to the checks of `policies::results`, which are those of the run. What is computed
//! is left alone: the run sees it.

use std::collections::BTreeMap;

use regorus::Value;
use regorus::unstable::{AssignOp, Expr, Literal, Query, Rule, RuleHead, Span};

use crate::policies::module::{ParsedModule, rule_name, string_value};
use crate::policies::results::{ShapeError, check_field, check_keys};
use crate::policies::{EntryKind, Fault, Package, Scope};

/// Returns what is wrong with the results that decision rules write down.
pub(super) fn misshapen(modules: &[ParsedModule<'_>], packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages {
        let own =
            modules.iter().filter(|module| module.source.pack == package.pack && module.package_name() == package.name);
        for module in own {
            for rule in &module.ast.policy {
                let name = rule_name(rule);
                let decides = package.rules.iter().find(|known| known.entry == name);
                let Some(kind) = decides.map(|known| known.kind) else { continue };
                let judge = Judge { module, kind, scope: package.scope };
                each_result(rule, |expr| judge.result(expr, &mut faults));
            }
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

/// Visits what a rule adds to its set, a name that its body gives one value in place of the name.
fn each_result<'r>(rule: &'r Rule, mut visit: impl FnMut(&'r Expr)) {
    let Rule::Spec { head: RuleHead::Set { key: Some(key), .. }, bodies, .. } = rule else { return };
    let Expr::Var { span, .. } = key.as_ref() else { return visit(key) };
    for body in bodies {
        if let Some(value) = only_value(&body.query, span.text()) {
            visit(value);
        }
    }
}

/// Returns what a name is bound to, where one statement of the body does so.
fn only_value<'q>(query: &'q Query, name: &str) -> Option<&'q Expr> {
    let mut found = None;
    for statement in &query.stmts {
        let Literal::Expr { expr, .. } = &statement.literal else { continue };
        let Expr::AssignExpr { op: AssignOp::ColEq | AssignOp::Eq, lhs, rhs, .. } = expr.as_ref() else { continue };
        if matches!(lhs.as_ref(), Expr::Var { span, .. } if span.text() == name) {
            if found.is_some() {
                return None;
            }
            found = Some(rhs.as_ref());
        }
    }
    found
}

struct Judge<'j, 's> {
    module: &'j ParsedModule<'s>,
    kind: EntryKind,
    scope: Scope,
}

impl Judge<'_, '_> {
    fn result(&self, expr: &Expr, faults: &mut Vec<Fault>) {
        let mut fault = |span: &Span, error: ShapeError| {
            faults.push(self.module.place(span).fault("result-shape", error.message, error.hint));
        };
        let Expr::Object { span, fields, .. } = expr else {
            if let Some(kind) = never_a_result(expr) {
                let message = format!("a result is {kind}, not a text or an object with `msg`");
                let hint = "write `contains msg if { msg := \"...\" }`".to_owned();
                fault(expr.span(), ShapeError { message, hint });
            }
            return;
        };
        let keys: Option<BTreeMap<String, ()>> =
            fields.iter().map(|(_, key, _)| string_value(key).map(|key| (key, ()))).collect();
        // A key that is computed may be `msg`.
        if let Some(Err(error)) = keys.map(|keys| check_keys(keys.keys().map(String::as_str))) {
            fault(span, error);
        }
        for (_, key, value) in fields {
            let Some(name) = string_value(key) else { continue };
            if let Err(error) = check_field(&name, None, self.kind, self.scope) {
                // Said once: a word for `msg` has been named above.
                if !error.hint.contains("`msg`") {
                    fault(key.span(), error);
                }
            } else if let Some(Err(error)) =
                written(value).map(|value| check_field(&name, Some(&value), self.kind, self.scope))
            {
                fault(value.span(), error);
            }
        }
    }
}

/// Returns the kind of a value that can be no result.
fn never_a_result(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Number { .. } | Expr::ArithExpr { .. } => Some("a number"),
        Expr::Bool { .. } | Expr::BoolExpr { .. } | Expr::Membership { .. } => Some("a boolean"),
        Expr::Null { .. } => Some("null"),
        Expr::Array { .. } | Expr::ArrayCompr { .. } => Some("an array"),
        Expr::Set { .. } | Expr::SetCompr { .. } => Some("a set"),
        _ => None,
    }
}

/// Returns a value that is written down: a scalar, a list of them, or a mapping of them.
fn written(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Array { items, .. } => {
            Some(Value::from(items.iter().map(|item| scalar(item)).collect::<Option<Vec<_>>>()?))
        }
        Expr::Object { fields, .. } => {
            let mut value = Value::new_object();
            let map = value.as_object_mut().ok()?;
            for (_, key, value) in fields {
                map.insert(scalar(key)?, scalar(value)?);
            }
            Some(value)
        }
        other => scalar(other),
    }
}

fn scalar(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::String { value, .. }
        | Expr::RawString { value, .. }
        | Expr::Number { value, .. }
        | Expr::Bool { value, .. }
        | Expr::Null { value, .. } => Some(value.clone()),
        _ => None,
    }
}
