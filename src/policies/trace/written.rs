//! Clauses and statements as they are written, nothing tried yet.

use regorus::unstable::{Expr, Query, Rule, RuleHead};

use super::{Clause, Statement};
use crate::policies::module::{ParsedModule, rule_name};
use crate::policies::statements::{Step, text};

/// One body of a rule in its module.
#[derive(Clone, Copy)]
pub(super) struct Body<'t> {
    /// Index of the module.
    pub(super) module: usize,
    /// The rule.
    pub(super) rule: &'t Rule,
    /// Its statements; none where it always holds.
    pub(super) query: Option<&'t Query>,
    /// What stands for its results.
    pub(super) value: Option<&'t Expr>,
    /// True for an `else`.
    pub(super) is_else: bool,
}

/// Returns the body of a comprehension, and what stands for its elements.
pub(super) fn comprehension(expr: &Expr) -> Option<(&Query, &Expr)> {
    match expr {
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            Some((query.as_ref(), term.as_ref()))
        }
        Expr::ObjectCompr { value, query, .. } => Some((query.as_ref(), value.as_ref())),
        _ => None,
    }
}

/// Returns the clause as it is written, nothing tried yet.
pub(super) fn written(module: &ParsedModule<'_>, body: Body<'_>) -> Clause {
    let Rule::Spec { span, head, .. } = body.rule else { return Clause::default() };
    let mut name = rule_name(body.rule);
    if let RuleHead::Func { args, .. } = head {
        let args: Vec<&str> = args.iter().map(|arg| text(arg.span())).collect();
        name = format!("{name}({})", args.join(", "));
    }
    let at = body.query.filter(|_| body.is_else).map_or(span, |query| &query.span);
    let end = body.query.map_or(span.end, |query| query.span.end.max(span.start));
    let end = if body.is_else { end } else { end.max(at.start) };
    let text = module.source.text.get(..end as usize).unwrap_or(&module.source.text);
    let skipped = (at.line as usize).saturating_sub(1);
    let last = text.lines().count();
    let lines = module.source.text.lines().take(last).skip(skipped);
    let note = if body.is_else { "an `else`: it is tried only where no body above it holds" } else { "" };
    Clause {
        name,
        path: module.source.path.clone(),
        line: at.line,
        text: lines.map(str::to_owned).collect(),
        note: note.to_owned(),
        ..Clause::default()
    }
}

/// Returns where a statement stands.
pub(super) fn extent(module: &ParsedModule<'_>, step: &Step<'_>) -> Statement {
    let span = &step.statement.span;
    let inside = module.source.text.get(span.start as usize..span.end as usize).unwrap_or("");
    let more = u32::try_from(inside.trim_end().matches('\n').count()).unwrap_or(0);
    Statement { line: span.line, end: span.line.saturating_add(more), ..Statement::default() }
}

/// Returns the `with` part of a statement, with a blank before it.
pub(super) fn modifiers(step: &Step<'_>) -> String {
    let parts = step.statement.with_mods.iter().map(|modifier| text(&modifier.span));
    parts.fold(String::new(), |all, part| format!("{all} {part}"))
}
