//! Which names mean what inside a rule: locals, imports, rules, `input`; and every use of a name.
//!
//! Owns the one traversal that all checks share. Must not judge a use.

use std::collections::BTreeMap;
use std::rc::Rc;

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleBody, RuleHead, Span};

use super::paths::{Missing, Spot, steps};
use super::walk::{Node, assigned, expression_parts, head_parts, statement_parts};
use crate::policies::module::{ParsedModule, static_path};
use crate::policies::schema::Shape;

/// What a file imports: the path by the name it gets.
pub(crate) fn imports(module: &ParsedModule<'_>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for import in &module.ast.imports {
        let (path, complete) = static_path(&import.refr);
        let name = import.r#as.as_ref().map(|name| name.text().to_owned()).or_else(|| path.last().cloned());
        let root = path.first().map(String::as_str);
        if let Some(name) = name
            && complete
            && matches!(root, Some("data" | "input"))
        {
            found.insert(name, path);
        }
    }
    found
}

/// The locals of a body, and those around it.
#[derive(Debug, Default)]
pub(crate) struct Locals<'s> {
    /// Names declared here; with the place in the input document where that is known.
    names: BTreeMap<String, Option<Spot<'s>>>,
    outer: Option<Rc<Self>>,
}

impl<'s> Locals<'s> {
    /// Returns what a name is bound to here or further out; `None` when it is no declared local.
    pub(crate) fn get(&self, name: &str) -> Option<Option<Spot<'s>>> {
        let mut locals = Some(self);
        while let Some(here) = locals {
            if let Some(found) = here.names.get(name) {
                return Some(found.clone());
            }
            locals = here.outer.as_deref();
        }
        None
    }
}

/// How a name is used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role<'t> {
    /// For its value.
    Value,
    /// Bound to a local whose own uses count instead.
    Alias,
    /// Called.
    Callee {
        /// The arguments.
        params: &'t [Ref<Expr>],
        /// True when the call is a statement of its own, which may take its answer as a last argument.
        statement: bool,
    },
    /// Replaced by `with`.
    WithTarget,
    /// What `with` puts in its place.
    WithValue,
}

/// One use of a name: a whole reference, or a bare name.
pub(crate) struct Use<'t, 's> {
    /// The reference.
    pub(crate) expr: &'t Expr,
    /// The locals at this place.
    pub(crate) locals: Rc<Locals<'s>>,
    /// How it is used.
    pub(crate) role: Role<'t>,
    /// True below `with input...`: the path need not exist.
    pub(crate) mocked: bool,
}

/// A comparison of a reference with literals.
pub(crate) struct Compared<'t, 's> {
    /// What is compared.
    pub(crate) expr: &'t Expr,
    /// What it is compared with.
    pub(crate) literals: Vec<&'t Expr>,
    /// The locals at this place.
    pub(crate) locals: Rc<Locals<'s>>,
}

/// Returns the sides of `==`, `!=` or `in`, each with what it is compared with.
fn comparisons(expr: &Expr) -> Vec<(&Expr, Vec<&Expr>)> {
    match expr {
        Expr::BoolExpr { op: BoolOp::Eq | BoolOp::Ne, lhs, rhs, .. } => {
            vec![(lhs.as_ref(), vec![rhs.as_ref()]), (rhs.as_ref(), vec![lhs.as_ref()])]
        }
        Expr::Membership { key: None, value, collection, .. } => match collection.as_ref() {
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                vec![(value.as_ref(), items.iter().map(AsRef::as_ref).collect())]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A local, where it is declared.
pub(crate) struct Declared<'t> {
    /// Its place and name.
    pub(crate) span: &'t Span,
    /// Set where the value that it gets declares the same name inside.
    pub(crate) inside: Option<&'t Expr>,
}

/// All uses and declarations of one rule.
pub(crate) struct Uses<'t, 's> {
    /// Uses, in no order that matters.
    pub(crate) uses: Vec<Use<'t, 's>>,
    /// Declarations, parameters included.
    pub(crate) declared: Vec<Declared<'t>>,
    /// Names of a function's arguments.
    pub(crate) parameters: Vec<&'t Span>,
    /// Comparisons with literals, but for those below `with input`.
    pub(crate) compared: Vec<Compared<'t, 's>>,
}

/// Knows what `input` and the imports of a file are.
pub(crate) struct Reader<'s> {
    /// Imports by name.
    pub(crate) imports: &'s BTreeMap<String, Vec<String>>,
    /// The shape of `input`.
    pub(crate) input: &'s Shape,
}

/// How deep comprehensions are followed to learn what a local holds.
const INFERENCE_DEPTH: u8 = 2;

impl<'s> Reader<'s> {
    /// Returns the place in the input document that a reference names, if it starts there.
    pub(crate) fn spot(&self, expr: &Expr, locals: &Locals<'s>) -> Option<Spot<'s>> {
        let (base, steps) = steps(expr);
        let mut spot = self.start(base, locals)?;
        for step in &steps {
            spot = spot.step(step).ok()??;
        }
        Some(spot)
    }

    /// Returns how far a reference can be followed into the input document, and the step that does not exist.
    pub(crate) fn reach<'t>(&self, expr: &'t Expr, locals: &Locals<'s>) -> (Option<Vec<String>>, Option<Missing<'t>>) {
        let (base, steps) = steps(expr);
        let Some(mut spot) = self.start(base, locals) else { return (None, None) };
        for step in &steps {
            let path = spot.path.clone();
            match spot.step(step) {
                Ok(Some(next)) => spot = next,
                Ok(None) => return (Some(path), None),
                Err(missing) => return (Some(path), Some(missing)),
            }
        }
        (Some(spot.path), None)
    }

    /// Returns the spot at which the base of a reference starts.
    fn start(&self, base: &Expr, locals: &Locals<'s>) -> Option<Spot<'s>> {
        let Expr::Var { span, .. } = base else { return None };
        let name = span.text();
        match locals.get(name) {
            Some(bound) => bound,
            None if name == "input" => Some(Spot::root(self.input)),
            None => self.imported(name),
        }
    }

    fn imported(&self, name: &str) -> Option<Spot<'s>> {
        let (root, path) = self.imports.get(name)?.split_first()?;
        let mut spot = Spot::root(self.input);
        for part in path {
            let Shape::Object(fields) = spot.shape else { return None };
            spot.shape = fields.get(part)?;
            spot.path.push(part.clone());
        }
        (root == "input").then_some(spot)
    }

    /// Returns what an assigned value is, if it is a reference into the input document or a comprehension of such.
    fn value(&self, expr: &Expr, locals: &Rc<Locals<'s>>, depth: u8) -> Option<Spot<'s>> {
        match expr {
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => self.spot(expr, locals),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let depth = depth.checked_sub(1)?;
                let inner = self.body(query, locals, depth);
                let mut spot = self.value(term, &inner, depth)?;
                spot.lists = spot.lists.saturating_add(1);
                Some(spot)
            }
            _ => None,
        }
    }

    /// Returns the locals of a body. Statements stand in any order, so the values are read until nothing changes.
    fn body(&self, query: &Query, outer: &Rc<Locals<'s>>, depth: u8) -> Rc<Locals<'s>> {
        let mut names: BTreeMap<String, Option<Spot<'s>>> = BTreeMap::new();
        for span in declared(query).iter().map(|declared| declared.span) {
            names.insert(span.text().to_owned(), None);
        }
        let mut locals = Rc::new(Locals { names, outer: Some(Rc::clone(outer)) });
        // Each round binds one name at least, or is the last.
        for _ in 0..=query.stmts.len() {
            let mut changed = false;
            let bound: Vec<_> =
                query.stmts.iter().filter_map(|statement| self.binding(statement, &locals, depth)).collect();
            for (name, spot) in bound {
                if let Some(here) = Rc::get_mut(&mut locals)
                    && let Some(slot @ None) = here.names.get_mut(&name)
                {
                    *slot = Some(spot);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        locals
    }

    /// Returns the name that a statement binds to a place in the input document.
    fn binding(&self, statement: &LiteralStmt, locals: &Rc<Locals<'s>>, depth: u8) -> Option<(String, Spot<'s>)> {
        let name = |expr: &Expr| match expr {
            Expr::Var { span, .. } => Some(span.text().to_owned()),
            _ => None,
        };
        match &statement.literal {
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                    Some((name(lhs)?, self.value(rhs, locals, depth)?))
                }
                _ => None,
            },
            Literal::SomeIn { value, collection, .. } => {
                Some((name(value)?, self.value(collection, locals, depth)?.element()?))
            }
            Literal::SomeVars { .. } | Literal::NotExpr { .. } | Literal::Every { .. } => None,
        }
    }

    /// Returns the locals of an `every` body: its key and value, then its own.
    fn every(&self, key: Option<&Span>, value: &Span, domain: &Expr, outer: &Rc<Locals<'s>>) -> Rc<Locals<'s>> {
        let mut names = BTreeMap::new();
        names.extend(key.map(|key| (key.text().to_owned(), None)));
        let spot = self.value(domain, outer, INFERENCE_DEPTH).and_then(Spot::element);
        names.insert(value.text().to_owned(), spot);
        Rc::new(Locals { names, outer: Some(Rc::clone(outer)) })
    }

    /// Returns every use and declaration of a rule.
    pub(crate) fn uses<'t>(&self, rule: &'t Rule) -> Uses<'t, 's> {
        let found = Uses { uses: Vec::new(), declared: Vec::new(), parameters: Vec::new(), compared: Vec::new() };
        let mut walk = Walk { reader: self, found, pending: Vec::new() };
        let mut names = BTreeMap::new();
        if let Rule::Spec { head: RuleHead::Func { args, .. }, .. } = rule {
            for arg in args {
                let spans = pattern(arg);
                names.extend(spans.iter().map(|span| (span.text().to_owned(), None)));
                walk.found.parameters.extend(spans.iter().copied());
                walk.found.declared.extend(spans.into_iter().map(|span| Declared { span, inside: None }));
            }
        }
        let outer = Rc::new(Locals { names, outer: None });
        let bodies: &[RuleBody] = if let Rule::Spec { bodies, .. } = rule { bodies } else { &[] };
        let mut around = Vec::new();
        for body in bodies {
            let locals = walk.query(&body.query, &outer, false);
            // The value of an `else` belongs to its own body, the head to all others.
            match assigned(body.assign.as_ref()) {
                Some(value) => walk.pending.push((value, locals, Role::Value, false)),
                None if body.is_else => {}
                None => around.push(locals),
            }
        }
        if bodies.is_empty() {
            around.push(outer);
        }
        for locals in around {
            for node in head_parts(rule) {
                walk.pending.push((node, Rc::clone(&locals), Role::Value, false));
            }
        }
        walk.run();
        walk.found
    }
}

/// The traversal of one rule.
struct Walk<'r, 't, 's> {
    reader: &'r Reader<'s>,
    found: Uses<'t, 's>,
    pending: Vec<(Node<'t>, Rc<Locals<'s>>, Role<'t>, bool)>,
}

impl<'t, 's> Walk<'_, 't, 's> {
    fn run(&mut self) {
        while let Some((node, locals, role, mocked)) = self.pending.pop() {
            match node {
                Node::Query(query) => {
                    self.query(query, &locals, mocked);
                }
                Node::Expr(expr) => self.expression(expr, &locals, role, mocked),
            }
        }
    }

    /// Queues the parts of a body and returns its locals.
    fn query(&mut self, query: &'t Query, outer: &Rc<Locals<'s>>, mocked: bool) -> Rc<Locals<'s>> {
        self.found.declared.extend(declared(query));
        let locals = self.reader.body(query, outer, INFERENCE_DEPTH);
        for statement in &query.stmts {
            self.statement(statement, &locals, mocked);
        }
        locals
    }

    fn push(&mut self, expr: &'t Expr, locals: &Rc<Locals<'s>>, role: Role<'t>, mocked: bool) {
        self.pending.push((Node::Expr(expr), Rc::clone(locals), role, mocked));
    }

    fn statement(&mut self, statement: &'t LiteralStmt, locals: &Rc<Locals<'s>>, mocked: bool) {
        let replaces_input = |path: &[String]| path.first().is_some_and(|root| root == "input");
        let mocks = statement.with_mods.iter().any(|modifier| replaces_input(&static_path(&modifier.refr).0));
        let below = mocked || mocks;
        for modifier in &statement.with_mods {
            self.push(&modifier.refr, locals, Role::WithTarget, true);
            self.push(&modifier.r#as, locals, Role::WithValue, mocked);
        }
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                if let Some(key) = key {
                    self.push(key, locals, Role::Value, below);
                }
                self.push(value, locals, Role::Value, below);
                self.push(collection, locals, Role::Value, below);
            }
            Literal::Expr { expr, .. } => self.statement_expression(expr, locals, below),
            Literal::NotExpr { expr, .. } => self.push(expr, locals, Role::Value, below),
            Literal::Every { key, value, domain, query, .. } => {
                self.push(domain, locals, Role::Value, below);
                self.found.declared.extend(key.iter().chain([value]).map(|span| Declared { span, inside: None }));
                let inner = self.reader.every(key.as_ref(), value, domain, locals);
                self.query(query, &inner, below);
            }
        }
    }

    fn statement_expression(&mut self, expr: &'t Expr, locals: &Rc<Locals<'s>>, mocked: bool) {
        match expr {
            Expr::Call { fcn, params, .. } => {
                self.push(fcn, locals, Role::Callee { params, statement: true }, mocked);
                for param in params {
                    self.push(param, locals, Role::Value, mocked);
                }
            }
            Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                let reference = matches!(rhs.as_ref(), Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. });
                let alias = reference && matches!(lhs.as_ref(), Expr::Var { .. });
                self.push(rhs, locals, if alias { Role::Alias } else { Role::Value }, mocked);
            }
            other => self.push(other, locals, Role::Value, mocked),
        }
    }

    fn expression(&mut self, expr: &'t Expr, locals: &Rc<Locals<'s>>, role: Role<'t>, mocked: bool) {
        match expr {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let inner = self.query(query, locals, mocked);
                return self.push(term, &inner, Role::Value, mocked);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                let inner = self.query(query, locals, mocked);
                self.push(key, &inner, Role::Value, mocked);
                return self.push(value, &inner, Role::Value, mocked);
            }
            Expr::Call { fcn, params, .. } => {
                self.push(fcn, locals, Role::Callee { params, statement: false }, mocked);
                for param in params {
                    self.push(param, locals, Role::Value, mocked);
                }
                return;
            }
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.found.uses.push(Use { expr, locals: Rc::clone(locals), role, mocked });
            }
            _ => {}
        }
        for (expr, literals) in comparisons(expr).into_iter().filter(|_| !mocked) {
            self.found.compared.push(Compared { expr, literals, locals: Rc::clone(locals) });
        }
        let mut parts = Vec::new();
        expression_parts(expr, &mut parts);
        for part in parts {
            self.pending.push((part, Rc::clone(locals), Role::Value, mocked));
        }
    }
}

/// Returns the locals that a body declares.
pub(crate) fn declared(query: &Query) -> Vec<Declared<'_>> {
    let mut found = Vec::new();
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                found.extend(vars.iter().map(|span| Declared { span, inside: None }));
            }
            Literal::SomeIn { key, value, .. } => {
                let spans = key.iter().chain([value]).flat_map(|expr| pattern(expr));
                found.extend(spans.map(|span| Declared { span, inside: None }));
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } = expr.as_ref() {
                    found.extend(pattern(lhs).into_iter().map(|span| Declared { span, inside: Some(rhs) }));
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }
    found
}

/// Returns the names that a pattern binds.
pub(crate) fn pattern(expr: &Expr) -> Vec<&Span> {
    let mut found = Vec::new();
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        match expr {
            Expr::Var { span, .. } if span.text() != "_" => found.push(span),
            Expr::Array { items, .. } => pending.extend(items.iter().map(AsRef::as_ref)),
            Expr::Object { fields, .. } => pending.extend(fields.iter().map(|(_, _, value)| value.as_ref())),
            _ => {}
        }
    }
    found
}

/// Says whether a body anywhere inside an expression declares the name.
pub(crate) fn declares_inside(expr: &Expr, name: &str) -> bool {
    let mut pending = vec![Node::Expr(expr)];
    while let Some(node) = pending.pop() {
        match node {
            Node::Expr(expr) => expression_parts(expr, &mut pending),
            Node::Query(query) => {
                if declared(query).iter().any(|declared| declared.span.text() == name) {
                    return true;
                }
                query.stmts.iter().for_each(|statement| statement_parts(statement, &mut pending));
            }
        }
    }
    false
}
