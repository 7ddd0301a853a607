//! Names and kinds of decision rules, and packages that decide nothing.
//!
//! Owns what a rule must be called and look like to be evaluated at all. Must not look into bodies.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Rule, RuleHead, Span};

use super::index::{Index, Meaning};
use super::paths::steps;
use super::scope::{declared, pattern};
use super::walk::{Node, assigned, expression_parts, head_parts, statement_parts};
use crate::policies::Fault;
use crate::policies::fault::{did_you_mean, nearest};
use crate::policies::loader::data_references;
use crate::policies::module::{ParsedModule, decision_word, head_reference, rule_name};

/// Refuses decision rules that are no sets of results.
pub(crate) fn kinds(module: &ParsedModule<'_>, faults: &mut Vec<Fault>) {
    for (name, rule) in module.rules().filter(|(name, _)| decision_word(name).is_some()) {
        let Some((code, message)) = wrong_kind(&name, rule) else { continue };
        let element = match head_reference(rule) {
            Expr::RefBrack { index, .. } if code == "object-rule" => index.span().text().to_owned(),
            _ => "msg".to_owned(),
        };
        let hint = format!("write `{name} contains {element} if {{ ... }}`");
        faults.push(module.place(head_reference(rule).span()).fault(code, message, hint));
    }
}

/// How a rule of one value is named.
pub(crate) const SINGLE: &str = "a single value";

fn wrong_kind(name: &str, rule: &Rule) -> Option<(&'static str, String)> {
    let kind = |what: &str| Some(("decision-kind", format!("`{name}` is {what}, not a set of results")));
    match rule {
        Rule::Default { .. } => kind("given a default"),
        Rule::Spec { head, .. } => match head {
            RuleHead::Func { .. } => kind("a function"),
            RuleHead::Set { refr, key, .. } => match refr.as_ref() {
                Expr::Var { .. } if key.is_some() => None,
                _ => kind("split into parts"),
            },
            RuleHead::Compr { refr, .. } => match refr.as_ref() {
                Expr::RefBrack { .. } => {
                    Some(("object-rule", format!("`{name}[...] if` makes an object, not a set of results")))
                }
                Expr::RefDot { .. } => kind("split into parts"),
                _ => kind(SINGLE),
            },
        },
    }
}

/// Refuses rules that nobody uses and whose name is nearly that of a decision rule. Returns their packages.
pub(crate) fn near_misses(
    index: &Index<'_>,
    used: &BTreeSet<usize>,
    faults: &mut Vec<Fault>,
) -> BTreeSet<(String, Vec<String>)> {
    let mut found = BTreeSet::new();
    for (_, definition) in index.definitions.iter().enumerate().filter(|(number, _)| !used.contains(number)) {
        let Some((module, rule)) = definition.clauses.first().and_then(|clause| index.clause(*clause)) else {
            continue;
        };
        let name = rule_name(rule);
        let is_set = matches!(rule, Rule::Spec { head: RuleHead::Set { .. }, .. });
        let Some(meant) = near_decision(&name, is_set) else { continue };
        let message = format!("`{name}` is no decision rule and nobody uses it, so it never fires");
        let names = "decision rules are `deny`, `violation`, `warn` and `review`, with suffixes such as `deny_x1`";
        let hint = format!("did you mean `{meant}`? {names}");
        faults.push(module.place(head_reference(rule).span()).fault("decision-name", message, hint));
        found.insert((definition.pack.clone(), definition.package.clone()));
    }
    found
}

/// Returns the decision name that was probably meant. A set is nearly always meant to decide, so it may be further off.
fn near_decision(name: &str, is_set: bool) -> Option<String> {
    if decision_word(name).is_some() {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let (word, rest) = lower.split_once('_').map_or((lower.as_str(), ""), |(word, rest)| (word, rest));
    let rest = rest.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let known = ["deny", "review", "violation", "warn"];
    let begins = |known: &&str| is_set && word.starts_with(*known);
    let near = |known: &&str| {
        let distance = strsim::damerau_levenshtein(word, known);
        distance <= if is_set { 2 } else { 1 } && word.len() > 2 && word.get(..1) == known.get(..1)
    };
    let meant = known.into_iter().find(begins).or_else(|| known.into_iter().find(near))?;
    Some(if rest.is_empty() { meant.to_owned() } else { format!("{meant}_{rest}") })
}

/// Refuses packages that decide nothing and that no other package names.
pub(crate) fn unused_packages(
    index: &Index<'_>,
    unread: &BTreeSet<String>,
    excused: &BTreeSet<(String, Vec<String>)>,
    faults: &mut Vec<Fault>,
) {
    let mut packages: BTreeMap<(&str, &[String]), Vec<&ParsedModule<'_>>> = BTreeMap::new();
    for module in index.modules {
        packages.entry((&module.source.pack, &module.package)).or_default().push(module);
    }
    let mut named: BTreeSet<(&[String], Vec<String>)> = BTreeSet::new();
    for module in index.modules {
        named.extend(data_references(module).into_iter().map(|path| (module.package.as_slice(), path)));
    }
    for ((pack, package), modules) in packages {
        let decides = modules.iter().any(|module| module.rules().any(|(name, _)| decision_word(&name).is_some()));
        let reached =
            named.iter().any(|(from, path)| *from != package && package.iter().zip(path).all(|(a, b)| a == b));
        if decides || reached || unread.contains(pack) || excused.contains(&(pack.to_owned(), package.to_vec())) {
            continue;
        }
        if let Some(module) = modules.first() {
            let message = format!("package `{}` has no decision rule and nobody imports it", module.package_name());
            let hint = "name a rule `deny`, `violation`, `warn` or `review`, or delete the file";
            faults.push(module.place(&module.ast.package.span).fault("unused-package", message, hint));
        }
    }
}

/// Refuses locals that the engine confuses with an import or with themselves.
pub(crate) fn locals(
    module: &ParsedModule<'_>,
    imports: &BTreeMap<String, Vec<String>>,
    declared: &[super::scope::Declared<'_>],
    faults: &mut Vec<Fault>,
) {
    for local in declared {
        let name = local.span.text();
        if matches!(name, "data" | "input") {
            let message = format!("the local `{name}` hides the document of that name");
            faults.push(module.place(local.span).fault("shadowed-name", message, "rename the local"));
        }
        if imports.contains_key(name) {
            let message = format!("the local `{name}` has the name of an import");
            let hint = format!("rename the local, or `import ... as other_{name}`");
            faults.push(module.place(local.span).fault("shadowed-import", message, hint));
        }
        if local.inside.is_some_and(|value| super::scope::declares_inside(value, name)) {
            let message = format!("`{name}` is also declared inside the value that it gets");
            faults.push(module.place(local.span).fault(
                "reused-variable",
                message,
                format!("rename the inner `{name}`"),
            ));
        }
    }
}

/// Refuses names in a head that no part of the body binds; the engine complains only once the rule fires.
pub(crate) fn unbound_heads(index: &Index<'_>, number: usize, rule: &Rule, faults: &mut Vec<Fault>) {
    let (Rule::Spec { head, bodies, .. }, Some((module, _))) = (rule, index.module(number)) else { return };
    let mut bound: BTreeSet<&str> = BTreeSet::from(["_"]);
    if let RuleHead::Func { args, .. } = head {
        bound.extend(args.iter().flat_map(|arg| pattern(arg)).map(Span::text));
    }
    let mut pending: Vec<Node<'_>> = bodies.iter().map(|body| Node::Query(&body.query)).collect();
    while let Some(node) = pending.pop() {
        match node {
            Node::Expr(expr) => {
                bound.extend(base_name(expr).map(Span::text));
                expression_parts(expr, &mut pending);
            }
            Node::Query(query) => {
                bound.extend(declared(query).iter().map(|local| local.span.text()));
                query.stmts.iter().for_each(|statement| statement_parts(statement, &mut pending));
            }
        }
    }
    for span in head_names(rule) {
        let name = span.text().to_owned();
        if !bound.contains(name.as_str()) && index.meaning(number, std::slice::from_ref(&name), None) == Meaning::Free {
            let hint = did_you_mean(nearest(&name, bound.iter().copied()));
            let message = format!("nothing in the body gives `{name}` a value");
            faults.push(module.place(span).fault("unbound-variable", message, hint));
        }
    }
}

/// Returns the names that a head reads, comprehensions left out: those have bodies of their own.
fn head_names(rule: &Rule) -> Vec<&Span> {
    let mut names = Vec::new();
    let mut pending = head_parts(rule);
    if let Rule::Spec { bodies, .. } = rule {
        pending.extend(bodies.iter().filter_map(|body| assigned(body.assign.as_ref())));
    }
    while let Some(node) = pending.pop() {
        let Node::Expr(expr) = node else { continue };
        match expr {
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => {}
            Expr::Call { params, .. } => pending.extend(params.iter().map(|param| Node::Expr(param))),
            _ => {
                names.extend(base_name(expr));
                expression_parts(expr, &mut pending);
            }
        }
    }
    names
}

/// Returns the name that a reference starts with.
fn base_name(expr: &Expr) -> Option<&Span> {
    match steps(expr).0 {
        Expr::Var { span, .. } => Some(span),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::near_decision;

    #[test]
    fn near_names_are_told_from_others() {
        for (name, meant) in [
            ("denny", "deny"),
            ("vioaltion", "violation"),
            ("waring", "warn"),
            ("Deny", "deny"),
            ("deny_", "deny"),
            ("denyFoo", "deny"),
            ("warnings", "warn"),
            ("reveiw_big", "review_big"),
        ] {
            assert_eq!(near_decision(name, true).as_deref(), Some(meant), "{name}");
        }
        for name in ["deny", "deny_foo", "owners", "data_files", "limit", "allowed"] {
            assert_eq!(near_decision(name, true), None, "{name}");
        }
        assert_eq!(near_decision("denylist", false), None);
    }
}
