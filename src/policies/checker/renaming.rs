//! Names that a body inside another declares again, or shares with others by chance -> names of their own.
//!
//! Owns the renaming that lets policies for Conftest run as they are: the engine takes a name that is used before a body
//! inside declares it for the inner one, where Rego means the outer; and `some i` for one variable of all comprehensions. Lines stay as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Rule, RuleHead, Span};

use super::paths::steps;
use super::scope::pattern;
use super::walk::{Node, assigned, expression_parts, head_parts, statement_parts};
use crate::policies::module::ParsedModule;

/// What names are called in a body, and in those around it.
#[derive(Default)]
struct Names {
    own: BTreeMap<String, String>,
    /// Names of `own` that only comprehensions use: each of those has a variable of its own.
    loose: BTreeSet<String>,
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

    /// Returns the names that mean another variable in every comprehension.
    fn loose(&self) -> BTreeSet<String> {
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        let mut names = Some(self);
        while let Some(here) = names {
            let nearest = here.own.keys().filter(|name| seen.insert((*name).clone()));
            found.extend(nearest.filter(|name| here.loose.contains(*name)).cloned());
            names = here.outer.as_deref();
        }
        found
    }
}

struct Renaming<'a> {
    text: &'a str,
    /// True when the file defines the old name of `regex.match` itself.
    own_match: bool,
    pending: Vec<(Node<'a>, Rc<Names>)>,
    /// New texts by the first byte of the old.
    edits: BTreeMap<usize, (usize, String)>,
    /// New texts before a byte.
    inserts: BTreeMap<usize, String>,
    counter: u32,
}

/// Returns the text of a file with such names told apart; nothing when it has none. `text` is the file's own, or one in
/// which everything stands at the same place.
pub(crate) fn renamed(module: &ParsedModule<'_>, text: &str) -> Option<String> {
    let own_match = module.rules().any(|(name, _)| name == "re_match");
    let mut renaming =
        Renaming { text, own_match, pending: Vec::new(), edits: BTreeMap::new(), inserts: BTreeMap::new(), counter: 0 };
    for rule in &module.ast.policy {
        renaming.rule(rule);
    }
    let Renaming { edits, mut inserts, .. } = renaming;
    if edits.is_empty() && inserts.is_empty() {
        return None;
    }
    let places: BTreeSet<usize> = edits.keys().chain(inserts.keys()).copied().collect();
    let mut result = String::with_capacity(text.len() + 16 * places.len());
    let mut at = 0;
    for start in places {
        result.push_str(text.get(at..start)?);
        result.push_str(&inserts.remove(&start).unwrap_or_default());
        at = start;
        if let Some((end, new)) = edits.get(&start) {
            result.push_str(new);
            at = *end;
        }
    }
    result.push_str(text.get(at..)?);
    Some(result)
}

/// Says whether a body uses a name itself, and not only inside of comprehensions.
fn uses<'a>(query: &'a Query, terms: &[Node<'a>], name: &str) -> bool {
    let mut pending: Vec<Node<'a>> = terms.to_vec();
    query.stmts.iter().for_each(|statement| statement_parts(statement, &mut pending));
    while let Some(node) = pending.pop() {
        match node {
            Node::Expr(Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. }) => {}
            Node::Expr(expr) => {
                if matches!(steps(expr).0, Expr::Var { span, .. } if span.text() == name) {
                    return true;
                }
                expression_parts(expr, &mut pending);
            }
            Node::Query(query) => query.stmts.iter().for_each(|statement| statement_parts(statement, &mut pending)),
        }
    }
    false
}

/// Returns where a reference ends that begins at a byte: names, dots and brackets with what is in them.
fn reference_end(text: &str, start: usize) -> usize {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, letter) in text.get(start..).unwrap_or_default().char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') if depth > 0 => quote = Some(letter),
            (None, '[') => depth = depth.saturating_add(1),
            (None, ']') if depth > 0 => depth -= 1,
            (None, _) if depth > 0 || letter == '.' || letter == '_' || letter.is_alphanumeric() => {}
            _ => return start + at,
        }
    }
    text.len()
}

impl<'a> Renaming<'a> {
    fn rule(&mut self, rule: &'a Rule) {
        let Rule::Spec { head, bodies, .. } = rule else { return };
        let mut own = BTreeMap::new();
        if let RuleHead::Func { args, .. } = head {
            let names = args.iter().flat_map(|arg| pattern(arg)).map(|span| span.text().to_owned());
            own.extend(names.map(|name| (name.clone(), name)));
        }
        let arguments = Rc::new(Names { own, ..Names::default() });
        for (index, body) in bodies.iter().enumerate() {
            // What a body declares stands beside the arguments, not inside of them.
            let head = if index == 0 { head_parts(rule) } else { Vec::new() };
            let parts: Vec<Node<'a>> = head.into_iter().chain(assigned(body.assign.as_ref())).collect();
            let inner = self.query(&body.query, &parts, &arguments, false);
            self.pending.extend(parts.into_iter().map(|part| (part, Rc::clone(&inner))));
        }
        if bodies.is_empty() {
            self.pending.extend(head_parts(rule).into_iter().map(|part| (part, Rc::clone(&arguments))));
        }
        while let Some((node, names)) = self.pending.pop() {
            match node {
                Node::Expr(expr) => self.expression(expr, &names),
                Node::Query(query) => drop(self.query(query, &[], &names, true)),
            }
        }
        self.lower(rule);
    }

    /// Moves a reference with variables from the head of a set into its bodies. In a head the engine fails where there is
    /// nothing to go through; in a body there is then no answer, as Rego says.
    fn lower(&mut self, rule: &'a Rule) {
        let Rule::Spec { head: RuleHead::Set { key: Some(key), .. }, bodies, .. } = rule else { return };
        let (root, parts) = steps(key);
        let (Expr::Var { span, .. }, false) = (root, parts.is_empty()) else { return };
        let start = span.start as usize;
        let end = reference_end(self.text, start);
        let Some(reference) = self.text.get(start..end).map(str::to_owned) else { return };
        let walks = reference.match_indices('[').any(|(at, _)| {
            let index = reference.get(at + 1..).unwrap_or_default().trim_start();
            index.starts_with(|letter: char| letter == '_' || letter.is_ascii_alphabetic())
        });
        let declared = bodies.iter().flat_map(|body| &body.query.stmts).any(|statement| match &statement.literal {
            Literal::SomeVars { vars, .. } => vars.iter().any(|var| reference.contains(var.text())),
            _ => false,
        });
        let places: Vec<usize> = bodies.iter().filter_map(|body| self.place_for(&reference, &body.query)).collect();
        let plain = !reference.contains('\n') && self.edits.range(start..end).next().is_none();
        if !walks || declared || !plain || places.is_empty() || places.len() != bodies.len() {
            return;
        }
        let name = self.free("head");
        for place in places {
            self.inserts.entry(place).or_default().push_str(&format!("{name} = {reference}; "));
        }
        self.edits.insert(start, (end, name));
    }

    /// Returns where in a body a reference can stand: behind what declares its names, before another statement. None in a
    /// body without braces, and where nothing stands behind.
    fn place_for(&self, reference: &str, query: &Query) -> Option<usize> {
        let first = query.stmts.first()?.span.start as usize;
        let braced = self.text.get(..first)?.trim_end().ends_with('{');
        let declares = |statement: &LiteralStmt| {
            let spans: Vec<Span> = match &statement.literal {
                Literal::SomeIn { key, value, .. } => {
                    key.iter().chain([value]).flat_map(|place| pattern(place)).cloned().collect()
                }
                Literal::Expr { expr, .. } => match expr.as_ref() {
                    Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } => pattern(lhs).into_iter().cloned().collect(),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            };
            spans.iter().any(|span| reference.contains(span.text()))
        };
        let behind = query.stmts.iter().rposition(declares).map_or(0, |at| at + 1);
        let place = query.stmts.get(behind)?.span.start as usize;
        braced.then_some(place)
    }

    fn expression(&mut self, expr: &'a Expr, names: &Rc<Names>) {
        let (terms, query) = match expr {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => (vec![term], query),
            Expr::ObjectCompr { key, value, query, .. } => (vec![key, value], query),
            Expr::Call { fcn, params, .. } => {
                // A file's own function of that name stands in its package, and is found there.
                if let Expr::Var { span, .. } = fcn.as_ref()
                    && span.text() == "re_match"
                    && !self.own_match
                {
                    self.edits.insert(span.start as usize, (span.end as usize, "regex.match".to_owned()));
                }
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
        let own: BTreeMap<String, String> =
            names.loose().into_iter().map(|name| (name.clone(), self.free(&name))).collect();
        let names = &Rc::new(Names { own, outer: Some(Rc::clone(names)), ..Names::default() });
        let terms: Vec<Node<'a>> = terms.into_iter().map(|term| Node::Expr(term)).collect();
        let inner = self.query(query, &terms, names, true);
        self.pending.extend(terms.into_iter().map(|term| (term, Rc::clone(&inner))));
    }

    /// Takes the statements in their order, and returns what names mean behind the last. `terms` is what the body is for.
    fn query(&mut self, query: &'a Query, terms: &[Node<'a>], outer: &Rc<Names>, inside: bool) -> Rc<Names> {
        let mut names = Rc::clone(outer);
        let first = query.stmts.first().map(|statement| statement.span.start as usize);
        for (index, statement) in query.stmts.iter().enumerate() {
            names = self.statement(statement, names, inside.then_some(outer));
            if let Literal::SomeVars { vars, span } = &statement.literal {
                if let Some(first) = first.filter(|_| index > 0) {
                    self.hoist(span, vars, &names, first);
                }
                let loose: BTreeSet<String> = vars.iter().map(|span| span.text().to_owned()).collect();
                let loose: BTreeSet<String> = loose.into_iter().filter(|name| !uses(query, terms, name)).collect();
                let own = loose.iter().map(|name| (name.clone(), names.get(name).unwrap_or(name).to_owned())).collect();
                names = Rc::new(Names { own, loose, outer: Some(names) });
            }
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

    /// Declares names at the start of their body. Behind a statement with several answers the engine declares them once an
    /// answer, and fails at the second.
    fn hoist(&mut self, span: &Span, vars: &[Span], names: &Names, first: usize) {
        let (start, end) = (span.start as usize, vars.last().map_or(span.end, |last| last.end) as usize);
        let lines = self.text.get(start..end).unwrap_or_default().matches('\n').count();
        self.edits.retain(|at, _| !(start..end).contains(at));
        self.edits.insert(start, (end, format!("true{}", "\n".repeat(lines))));
        let list: Vec<&str> = vars.iter().map(|var| names.get(var.text()).unwrap_or(var.text())).collect();
        self.inserts.entry(first).or_default().push_str(&format!("some {}; ", list.join(", ")));
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
        Rc::new(Names { own, outer: Some(Rc::clone(names)), ..Names::default() })
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
