//! What a file must have before a rule can say anything about it: `some match in input.file.matches` says nothing of a
//! file without any.
//!
//! Owns the reading of bodies for that. A statement of a body that cannot hold makes the whole body say nothing, so each
//! one may only add to what is known. What is not understood adds nothing, and the rule is evaluated.

use std::collections::BTreeMap;

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleBody, RuleHead};

use super::index::{Definition, Index, Meaning};
use super::scope::declared;
use crate::policies::module::{static_path, string_value};
use crate::policies::{Need, NeededField};

/// How deep functions, and bodies in bodies, are followed.
const DEPTH: u8 = 8;

/// Most bodies that are read for one rule.
const MOST_BODIES: u32 = 500;

/// Returns for each clause of a rule what a file must have some of for it to say anything; nothing where one clause may
/// speak of any file.
pub(super) fn of_rule(index: &Index<'_>, definition: &Definition) -> Vec<Vec<Need>> {
    let mut seeker = Seeker { index, bodies: MOST_BODIES };
    let mut found = Vec::new();
    for clause in &definition.clauses {
        let Some((_, Rule::Spec { head: RuleHead::Set { .. }, bodies, .. })) = index.clause(*clause) else {
            return Vec::new();
        };
        let [RuleBody { query, is_else: false, .. }] = bodies.as_slice() else { return Vec::new() };
        let needs = seeker.of_query(clause.0, query, &Names::default(), DEPTH);
        if needs.is_empty() {
            return Vec::new();
        }
        found.push(needs);
    }
    found
}

/// What is known of a local.
#[derive(Clone, Debug, Default)]
struct Bound {
    /// Without one of these, there is nothing in it.
    needs: Vec<Need>,
    /// What it is, where that is a text of the policy.
    text: Option<String>,
    /// Which of the needs of the body it is an element of.
    element_of: Option<usize>,
}

type Names = BTreeMap<String, Bound>;

struct Seeker<'c, 'a> {
    index: &'c Index<'a>,
    bodies: u32,
}

impl<'a> Seeker<'_, 'a> {
    /// Returns what must be there for a body to hold.
    fn of_query(&mut self, module: usize, query: &Query, around: &Names, depth: u8) -> Vec<Need> {
        let (Some(depth), Some(left)) = (depth.checked_sub(1), self.bodies.checked_sub(1)) else { return Vec::new() };
        self.bodies = left;
        let mut names = around.clone();
        // An element of a list outside of the body narrows nothing here.
        names.values_mut().for_each(|bound| bound.element_of = None);
        for own in declared(query) {
            let name = own.span.text();
            if name == "input" {
                return Vec::new();
            }
            // Nothing is known of it, which is less than that it means something outside.
            names.insert(name.to_owned(), Bound::default());
        }
        let mut needs = Vec::new();
        for statement in query.stmts.iter().filter(|statement| statement.with_mods.is_empty()) {
            self.of_statement(module, statement, (&mut names, &mut needs), depth);
        }
        needs
    }

    fn of_statement(
        &mut self,
        module: usize,
        statement: &LiteralStmt,
        (names, needs): (&mut Names, &mut Vec<Need>),
        depth: u8,
    ) {
        match &statement.literal {
            Literal::SomeIn { value, collection, .. } => {
                let found = self.of_elements(module, collection, names, depth);
                if let Expr::Var { span, .. } = value.as_ref()
                    && let Some(bound) = names.get_mut(span.text())
                    && found.len() == 1
                {
                    bound.element_of = Some(needs.len());
                }
                needs.extend(found);
            }
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                    let (bound, text) = (self.of_elements(module, rhs, names, depth), self.text_of(module, rhs, names));
                    if let Expr::Var { span, .. } = lhs.as_ref() {
                        names.insert(span.text().to_owned(), Bound { needs: bound, text, element_of: None });
                    }
                }
                other => {
                    if let Some((at, field)) = self.condition(module, other, names)
                        && let Some(need) = needs.get_mut(at)
                    {
                        need.fields.push(field);
                    }
                }
            },
            Literal::SomeVars { .. } | Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }

    /// Returns which field of an element a statement asks for, and of which need.
    fn condition(&self, module: usize, expr: &Expr, names: &Names) -> Option<(usize, NeededField)> {
        let (field, text, prefix) = match expr {
            Expr::BoolExpr { op: BoolOp::Eq, lhs, rhs, .. } => match self.text_of(module, rhs, names) {
                Some(text) => (lhs.as_ref(), text, false),
                None => (rhs.as_ref(), self.text_of(module, lhs, names)?, false),
            },
            Expr::Call { fcn, params, .. } => match params.as_slice() {
                [field, prefix] if self.is_builtin(module, fcn, "startswith") => {
                    (field.as_ref(), self.text_of(module, prefix, names)?, true)
                }
                _ => return None,
            },
            _ => return None,
        };
        let Expr::RefDot { refr, field, .. } = field else { return None };
        let Expr::Var { span, .. } = refr.as_ref() else { return None };
        let at = names.get(span.text())?.element_of?;
        Some((at, NeededField { name: field.0.text().to_owned(), text, prefix }))
    }

    /// Returns what must be there for an expression to have elements.
    fn of_elements(&mut self, module: usize, expr: &Expr, names: &Names, depth: u8) -> Vec<Need> {
        match expr {
            Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
                self.of_query(module, query, names, depth)
            }
            Expr::Call { fcn, params, .. } => match params.as_slice() {
                [sorted] if self.is_builtin(module, fcn, "sort") => self.of_elements(module, sorted, names, depth),
                _ => self.of_call(module, fcn, params, names, depth),
            },
            Expr::Var { span, .. } => match names.get(span.text()) {
                Some(bound) => bound.needs.clone(),
                None => self.of_call(module, expr, &[], names, depth),
            },
            Expr::RefDot { .. } => match static_path(expr) {
                (path, true) => of_input(&path, names),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Returns what must be there for a function, or a rule, that has one clause to give elements.
    fn of_call(&mut self, module: usize, callee: &Expr, params: &[Ref<Expr>], names: &Names, depth: u8) -> Vec<Need> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let Some((number, rule)) = self.only_clause(module, callee) else { return Vec::new() };
        let Rule::Spec { head, bodies, .. } = rule else { return Vec::new() };
        let mut own = Names::default();
        let value = match head {
            RuleHead::Func { args, assign, .. } if args.len() == params.len() => {
                for (arg, param) in args.iter().zip(params) {
                    let Expr::Var { span, .. } = arg.as_ref() else { continue };
                    let needs = self.of_elements(module, param, names, depth);
                    let bound = Bound { needs, text: self.text_of(module, param, names), element_of: None };
                    own.insert(span.text().to_owned(), bound);
                }
                assign.as_ref().map(|assign| &assign.value)
            }
            RuleHead::Compr { assign, .. } if params.is_empty() => assign.as_ref().map(|assign| &assign.value),
            RuleHead::Set { .. } if params.is_empty() => None,
            _ => return Vec::new(),
        };
        let mut needs = match bodies.as_slice() {
            [] => Vec::new(),
            [RuleBody { query, is_else: false, assign: None, .. }] => self.of_query(number, query, &own, depth),
            _ => return Vec::new(),
        };
        if let Some(value) = value.filter(|_| bodies.is_empty()) {
            needs.extend(self.of_elements(number, value, &own, depth));
        }
        needs
    }

    /// Returns the clause that a name means, if that is one and there is no other.
    fn only_clause(&self, module: usize, callee: &Expr) -> Option<(usize, &'a Rule)> {
        let (path, true) = static_path(callee) else { return None };
        let Meaning::Data { path, definitions } = self.index.meaning(module, &path, None) else { return None };
        let [only] = definitions.as_slice() else { return None };
        let (_, found) = self.index.exact(&path, &[*only])?;
        let [clause] = found.clauses.as_slice() else { return None };
        Some((clause.0, self.index.clause(*clause)?.1))
    }

    /// Returns the text that an expression is whatever the change: a literal, a local that is one, or `sprintf` of such.
    fn text_of(&self, module: usize, expr: &Expr, names: &Names) -> Option<String> {
        match expr {
            Expr::Var { span, .. } => names.get(span.text())?.text.clone(),
            Expr::Call { fcn, params, .. } => {
                let [format, values] = params.as_slice() else { return None };
                let Expr::Array { items, .. } = values.as_ref() else { return None };
                if !self.is_builtin(module, fcn, "sprintf") {
                    return None;
                }
                let format = string_value(format)?;
                let mut parts = format.split("%s");
                let mut text = parts.next()?.to_owned();
                for item in items {
                    text.push_str(&self.text_of(module, item, names)?);
                    text.push_str(parts.next()?);
                }
                (parts.next().is_none() && !format.replace("%s", "").contains('%')).then_some(text)
            }
            literal => string_value(literal),
        }
    }

    fn is_builtin(&self, module: usize, callee: &Expr, name: &str) -> bool {
        let (path, complete) = static_path(callee);
        complete && path == [name] && self.index.meaning(module, &path, None) == Meaning::Free
    }
}

/// Returns what a list of the file itself needs, if the path names one.
fn of_input(path: &[String], names: &Names) -> Vec<Need> {
    match path {
        [input, file, list] if input == "input" && file == "file" && !names.contains_key("input") => {
            vec![Need { list: list.clone(), fields: Vec::new() }]
        }
        _ => Vec::new(),
    }
}
