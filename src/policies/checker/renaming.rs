//! Names that a body inside another declares again -> names of their own.
//!
//! Owns the renaming that lets policies for Conftest run as they are: the engine takes a name that is used before a body
//! inside declares it for the inner one, where Rego means the outer. Lines stay as they are.

use std::collections::BTreeMap;
use std::rc::Rc;

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Rule, RuleHead, Span};

use super::paths::steps;
use super::scope::pattern;
use super::walk::{Node, assigned, expression_parts, head_parts};
use crate::policies::module::ParsedModule;

/// What names are called in a body, and in those around it.
#[derive(Default)]
struct Names {
    own: BTreeMap<String, String>,
    outer: Option<Rc<Self>>,
}

impl Names {
    fn get(&self, name: &str) -> Option<&str> {
        let mut names = Some(self);
        while let Some(here) = names {
            if let Some(found) = here.own.get(name) {
                return Some(found);
            }
            names = here.outer.as_deref();
        }
        None
    }
}

struct Renaming<'a> {
    text: &'a str,
    pending: Vec<(Node<'a>, Rc<Names>)>,
    /// New names by the first byte of the old.
    edits: BTreeMap<usize, (usize, String)>,
    counter: u32,
}

/// Returns the text of a file with such names told apart; nothing when it has none.
pub(crate) fn renamed(module: &ParsedModule<'_>) -> Option<String> {
    let text = module.source.text.as_str();
    let mut renaming = Renaming { text, pending: Vec::new(), edits: BTreeMap::new(), counter: 0 };
    for rule in &module.ast.policy {
        renaming.rule(rule);
    }
    if renaming.edits.is_empty() {
        return None;
    }
    let mut result = String::with_capacity(text.len() + 16 * renaming.edits.len());
    let mut at = 0;
    for (start, (end, name)) in renaming.edits {
        result.push_str(text.get(at..start)?);
        result.push_str(&name);
        at = end;
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

impl<'a> Renaming<'a> {
    fn rule(&mut self, rule: &'a Rule) {
        let Rule::Spec { head, bodies, .. } = rule else { return };
        let mut own = BTreeMap::new();
        if let RuleHead::Func { args, .. } = head {
            let names = args.iter().flat_map(|arg| pattern(arg)).map(|span| span.text().to_owned());
            own.extend(names.map(|name| (name.clone(), name)));
        }
        let arguments = Rc::new(Names { own, outer: None });
        for (index, body) in bodies.iter().enumerate() {
            // What a body declares stands beside the arguments, not inside of them.
            let inner = self.query(&body.query, &arguments, false);
            let parts = if index == 0 { head_parts(rule) } else { Vec::new() };
            let parts = parts.into_iter().chain(assigned(body.assign.as_ref()));
            self.pending.extend(parts.map(|part| (part, Rc::clone(&inner))));
        }
        if bodies.is_empty() {
            self.pending.extend(head_parts(rule).into_iter().map(|part| (part, Rc::clone(&arguments))));
        }
        while let Some((node, names)) = self.pending.pop() {
            match node {
                Node::Expr(expr) => self.expression(expr, &names),
                Node::Query(query) => drop(self.query(query, &names, true)),
            }
        }
    }

    fn expression(&mut self, expr: &'a Expr, names: &Rc<Names>) {
        let (terms, query) = match expr {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => (vec![term], query),
            Expr::ObjectCompr { key, value, query, .. } => (vec![key, value], query),
            Expr::Call { params, .. } => {
                return self.pending.extend(params.iter().map(|param| (Node::Expr(param), Rc::clone(names))));
            }
            _ => {
                if let Expr::Var { span, .. } = steps(expr).0 {
                    self.edit(span, names);
                }
                let mut parts = Vec::new();
                expression_parts(expr, &mut parts);
                return self.pending.extend(parts.into_iter().map(|part| (part, Rc::clone(names))));
            }
        };
        let inner = self.query(query, names, true);
        self.pending.extend(terms.into_iter().map(|term| (Node::Expr(term), Rc::clone(&inner))));
    }

    /// Takes the statements in their order, and returns what names mean behind the last.
    fn query(&mut self, query: &'a Query, outer: &Rc<Names>, inside: bool) -> Rc<Names> {
        let mut names = Rc::clone(outer);
        for statement in &query.stmts {
            names = self.statement(statement, names, inside.then_some(outer));
        }
        names
    }

    /// `outer` holds the names around the body; none where the body is that of the rule itself.
    fn statement(&mut self, statement: &'a LiteralStmt, names: Rc<Names>, outer: Option<&Rc<Names>>) -> Rc<Names> {
        let mut inner = Rc::clone(&names);
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                inner = self.declare(vars.iter().collect(), &names, outer);
                vars.iter().for_each(|span| self.edit(span, &inner));
            }
            Literal::SomeIn { key, value, collection, .. } => {
                self.pending.push((Node::Expr(collection), Rc::clone(&names)));
                let places: Vec<&'a Expr> = key.iter().chain([value]).map(AsRef::as_ref).collect();
                inner = self.declare(places.iter().flat_map(|place| pattern(place)).collect(), &names, outer);
                self.pending.extend(places.into_iter().map(|place| (Node::Expr(place), Rc::clone(&inner))));
            }
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                    inner = self.declare(pattern(lhs), &names, outer);
                    // What the value declares inside is told apart from the name that it gets. A name of our own is not
                    // known there.
                    let same = inner.own.iter().all(|(old, new)| old == new);
                    self.pending.push((Node::Expr(rhs), Rc::clone(if same { &inner } else { &names })));
                    self.pending.push((Node::Expr(lhs), Rc::clone(&inner)));
                }
                _ => self.pending.push((Node::Expr(expr), Rc::clone(&names))),
            },
            Literal::NotExpr { expr, .. } => self.pending.push((Node::Expr(expr), Rc::clone(&names))),
            Literal::Every { key, value, domain, query, .. } => {
                self.pending.push((Node::Expr(domain), Rc::clone(&names)));
                let spans: Vec<&Span> = key.iter().chain([value]).collect();
                let each = self.declare(spans.clone(), &names, Some(&names));
                spans.into_iter().for_each(|span| self.edit(span, &each));
                self.pending.push((Node::Query(query), each));
            }
        }
        for modifier in &statement.with_mods {
            let parts = [Node::Expr(&modifier.refr), Node::Expr(&modifier.r#as)];
            self.pending.extend(parts.map(|part| (part, Rc::clone(&names))));
        }
        inner
    }

    /// Returns the names with those that a statement declares: what a body around has too is called something else.
    fn declare(&mut self, spans: Vec<&Span>, names: &Rc<Names>, outer: Option<&Rc<Names>>) -> Rc<Names> {
        let mut own = BTreeMap::new();
        for span in spans {
            let name = span.text().to_owned();
            let taken = outer.is_some_and(|outer| outer.get(&name).is_some());
            let new = if taken { self.free(&name) } else { name.clone() };
            own.insert(name, new);
        }
        Rc::new(Names { own, outer: Some(Rc::clone(names)) })
    }

    fn free(&mut self, name: &str) -> String {
        loop {
            self.counter = self.counter.saturating_add(1);
            let new = format!("{name}__{}", self.counter);
            if !self.text.contains(&new) {
                return new;
            }
        }
    }

    fn edit(&mut self, span: &Span, names: &Names) {
        let name = span.text();
        if let Some(new) = names.get(name).filter(|new| *new != name) {
            self.edits.insert(span.start as usize, (span.end as usize, new.to_owned()));
        }
    }
}
