//! What only an author at the desk is told: what will not work at run time, what is never used, what cannot be checked.
//!
//! Owns the questions that no gate depends on. Every answer has a severity; none of them stops a policy from loading.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{ArithOp, Expr, Rule, RuleHead};

use super::contradiction::contradictions;
use super::index::Index;
use super::paths::{Step, steps};
use super::results::misshapen;
use super::scope::{Reader, Use, Uses, pattern};
use super::walk::each_expression;
use super::{Shapes, foreign};
use crate::finding::Severity;
use crate::policies::module::{ParsedModule, head_reference, rule_name, static_path, string_value};
use crate::policies::schema::{Shape, input_schema};
use crate::policies::{Fault, Package};

/// What is said, and how bad it is.
pub(in crate::policies) type Advice = (Severity, Fault);

/// Returns everything that deserves a second look in these modules.
pub(in crate::policies) fn advise(modules: &[ParsedModule<'_>], packages: &[Package]) -> Vec<Advice> {
    let shapes = Shapes::of_schema(&input_schema());
    let index = Index::new(modules);
    let foreign = foreign(modules, packages);
    let mut used: Vec<BTreeSet<String>> = vec![BTreeSet::new(); modules.len()];
    let mut found = Vec::new();
    for definition in &index.definitions {
        let mut unchecked = BTreeSet::new();
        for clause in &definition.clauses {
            let Some((module, rule)) = index.clause(*clause) else { continue };
            let Some((_, imports)) = index.module(clause.0) else { continue };
            let reader = Reader { imports, input: shapes.of(definition, packages, &foreign) };
            let uses = reader.uses(rule);
            if let Some(names) = used.get_mut(clause.0) {
                names.extend(uses.uses.iter().filter_map(|used| base_name(used)));
            }
            unused_variables(module, &uses, &mut found);
            shadowed_rules(&index, module, &uses, &mut found);
            unchecked.extend(unchecked_paths(rule, &reader, &uses));
            each_expression(rule, |expr| values(module, expr, &mut found));
            contradictions(module, rule, &mut found);
        }
        found.extend(unchecked_note(&index, definition, &unchecked));
    }
    for (module, used) in modules.iter().zip(&used) {
        unused_imports(module, used, &mut found);
    }
    found.extend(misshapen(modules, packages).into_iter().map(|fault| (Severity::Error, fault)));
    found
}

/// Returns the name that a use begins with.
fn base_name(used: &Use<'_, '_>) -> Option<String> {
    match steps(used.expr).0 {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        _ => None,
    }
}

/// Declared and not read anywhere else in the rule.
fn unused_variables(module: &ParsedModule<'_>, uses: &Uses<'_, '_>, found: &mut Vec<Advice>) {
    let mut read: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for used in &uses.uses {
        if let Expr::Var { span, .. } = steps(used.expr).0 {
            read.entry(span.text()).or_default().insert(span.start);
        }
    }
    let parameters: BTreeSet<u32> = uses.parameters.iter().map(|span| span.start).collect();
    for local in uses.declared.iter().filter(|local| !parameters.contains(&local.span.start)) {
        let name = local.span.text();
        let elsewhere = read.get(name).is_some_and(|places| places.iter().any(|place| *place != local.span.start));
        if !elsewhere && !name.starts_with('_') {
            let message = format!("the variable `{name}` is never used");
            let hint = "use it, or write `_` in its place".to_owned();
            found.push((Severity::Warning, module.place(local.span).fault("unused-variable", message, hint)));
        }
    }
}

fn unused_imports(module: &ParsedModule<'_>, used: &BTreeSet<String>, found: &mut Vec<Advice>) {
    for import in &module.ast.imports {
        let (path, _) = static_path(&import.refr);
        let of_language = matches!(path.first().map(String::as_str), Some("rego" | "future"));
        let name = import.r#as.as_ref().map(|name| name.text().to_owned()).or_else(|| path.last().cloned());
        let Some(name) = name.filter(|name| !of_language && !used.contains(name)) else { continue };
        let message = format!("the import `{name}` is never used");
        found.push((Severity::Warning, module.place(&import.span).fault("unused-import", message, "delete the line")));
    }
}

/// A local of the name of a rule hides the rule for the rest of the body.
fn shadowed_rules(index: &Index<'_>, module: &ParsedModule<'_>, uses: &Uses<'_, '_>, found: &mut Vec<Advice>) {
    for local in &uses.declared {
        let name = local.span.text();
        let same = |definition: &&super::Definition| {
            definition.pack == module.source.pack
                && definition.package == module.package
                && definition.path.first().is_some_and(|first| first == name)
        };
        let Some(hidden) = index.definitions.iter().find(same) else { continue };
        let Some((other, rule)) = hidden.clauses.first().and_then(|clause| index.clause(*clause)) else { continue };
        let line = other.place(rule.span()).line;
        let message = format!("the local `{name}` hides the rule of that name ({}:{line})", other.source.path);
        let fault = module.place(local.span).fault("shadowed-rule", message, "rename one of the two");
        found.push((Severity::Warning, fault));
    }
}

/// Returns the paths that could not be held against the input document: those of parameters, and computed ones.
fn unchecked_paths<'s>(rule: &Rule, reader: &Reader<'s>, uses: &Uses<'_, 's>) -> BTreeSet<String> {
    let parameters: BTreeSet<&str> = match rule {
        Rule::Spec { head: RuleHead::Func { args, .. }, .. } => {
            args.iter().flat_map(|arg| pattern(arg)).map(regorus::unstable::Span::text).collect()
        }
        Rule::Spec { .. } | Rule::Default { .. } => BTreeSet::new(),
    };
    let mut paths = BTreeSet::new();
    for used in &uses.uses {
        let (base, steps) = steps(used.expr);
        let Expr::Var { span, .. } = base else { continue };
        let fields = steps.iter().map_while(|step| match step {
            Step::Field(name, _) => Some(name.as_str()),
            Step::Computed => None,
        });
        let path: Vec<&str> = std::iter::once(span.text()).chain(fields).collect();
        if parameters.contains(span.text()) && path.len() > 1 {
            paths.insert(path.join("."));
        } else if let Some(path) = computed(reader, used) {
            paths.insert(path);
        }
    }
    paths
}

fn unchecked_note(index: &Index<'_>, definition: &super::Definition, paths: &BTreeSet<String>) -> Option<Advice> {
    const SHOWN: usize = 8;
    let (module, rule) = definition.clauses.first().and_then(|clause| index.clause(*clause))?;
    if paths.is_empty() {
        return None;
    }
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    let more = match paths.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("`{}` reads what could not be checked: {}{more}", rule_name(rule), shown.join(", "));
    let hint = "a misspelt name there is undefined and nobody says so; a test should reach it";
    Some((Severity::Info, module.place(head_reference(rule).span()).fault("unchecked-path", message, hint)))
}

/// Returns the path up to a computed key of a mapping whose keys are known.
fn computed<'s>(reader: &Reader<'s>, used: &Use<'_, 's>) -> Option<String> {
    let (base, steps) = steps(used.expr);
    let mut spot = reader.spot(base, &used.locals)?;
    for step in &steps {
        if matches!((step, spot.shape), (Step::Computed, Shape::Object(_))) && spot.lists == 0 {
            let path: Vec<&str> = std::iter::once("input").chain(spot.path.iter().map(String::as_str)).collect();
            return Some(format!("{}[...]", path.join(".")));
        }
        spot = spot.step(step).ok()??;
    }
    None
}

/// Values of the wrong kind that are written down, and formats that the engine does not know.
fn values(module: &ParsedModule<'_>, expr: &Expr, found: &mut Vec<Advice>) {
    match expr {
        Expr::ArithExpr { op, lhs, rhs, .. } => {
            for side in [lhs, rhs] {
                let Some(kind) = kind_of(side) else { continue };
                let fits = kind == "a number" || (kind == "a set" && *op == ArithOp::Sub);
                if !fits {
                    let message = format!("arithmetic with {kind} ends the evaluation with an error");
                    let hint = "join texts with `concat` or `sprintf`; read numbers with `to_number`";
                    found.push((Severity::Error, module.place(side.span()).fault("arithmetic-kind", message, hint)));
                }
            }
        }
        Expr::Call { fcn, params, .. } => {
            let (path, complete) = static_path(fcn);
            let name = path.join(".");
            if let ([format, values], true, "sprintf") = (params.as_slice(), complete, name.as_str()) {
                formats(module, format, values, found);
            }
            for (param, wanted) in params.iter().zip(wanted(&name)) {
                let Some(kind) = kind_of(param).filter(|kind| !wanted.contains(kind)) else { continue };
                let message = format!("`{name}` takes {} here, not {kind}", wanted.join(" or "));
                let hint = "a wrong argument is an error at run time, and the gate is undecided";
                found.push((Severity::Error, module.place(param.span()).fault("argument-kind", message, hint)));
            }
        }
        _ => {}
    }
}

/// Returns the kind of a value that is written down, or that a builtin always gives.
fn kind_of(expr: &Expr) -> Option<&'static str> {
    const TEXTS: &[&str] =
        &["concat", "format_int", "lower", "replace", "sprintf", "substring", "trim", "trim_space", "upper"];
    match expr {
        Expr::String { .. } | Expr::RawString { .. } => Some("a text"),
        Expr::Number { .. } => Some("a number"),
        Expr::Bool { .. } => Some("a boolean"),
        Expr::Null { .. } => Some("null"),
        Expr::Array { .. } | Expr::ArrayCompr { .. } => Some("an array"),
        Expr::Set { .. } | Expr::SetCompr { .. } => Some("a set"),
        Expr::Object { .. } | Expr::ObjectCompr { .. } => Some("an object"),
        Expr::Call { fcn, .. } => {
            let (path, complete) = static_path(fcn);
            (complete && TEXTS.contains(&path.join(".").as_str())).then_some("a text")
        }
        _ => None,
    }
}

/// Returns what well-known builtins take, argument by argument.
fn wanted(name: &str) -> &'static [&'static [&'static str]] {
    const TEXT: &[&str] = &["a text"];
    const LIST: &[&str] = &["an array", "a set"];
    match name {
        "lower" | "upper" | "trim_space" => &[TEXT],
        "contains" | "endswith" | "indexof" | "split" | "startswith" | "trim" | "trim_left" | "trim_prefix"
        | "trim_right" | "trim_suffix" => &[TEXT, TEXT],
        "regex.match" => &[TEXT, TEXT],
        "replace" | "regex.replace" => &[TEXT, TEXT, TEXT],
        "concat" => &[TEXT, LIST],
        "sprintf" => &[TEXT, &["an array"]],
        "count" => &[&["an array", "a set", "an object", "a text"]],
        "sum" | "product" => &[LIST],
        "numbers.range" => &[&["a number"], &["a number"]],
        "array.concat" => &[&["an array"], &["an array"]],
        _ => &[],
    }
}

/// Checks a format against what the engine's `sprintf` can do, and against its values.
fn formats(module: &ParsedModule<'_>, format: &Expr, values: &Expr, found: &mut Vec<Advice>) {
    let Some(text) = string_value(format) else { return };
    let place = module.place(format.span());
    let mut verbs = 0_usize;
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('%') {
        let end = after.find(|c: char| !"0123456789.+-# *".contains(c)).unwrap_or(after.len());
        let (directive, tail) = after.split_at(end);
        let mut tail = tail.chars();
        let Some(verb) = tail.next() else {
            let message = "the format ends behind `%`";
            found.push((Severity::Error, place.fault("sprintf-verb", message, "write `%%` for a percent sign")));
            return;
        };
        rest = tail.as_str();
        if verb == '%' {
            continue;
        }
        verbs = verbs.saturating_add(1);
        if let Some((severity, why)) = unfit(directive, verb) {
            let message = format!("`%{directive}{verb}`: {why}");
            let hint = "`%s`, `%v`, `%d`, `%05d`, `%.2f` and `%x` work; lay text out in the report instead";
            found.push((severity, place.fault("sprintf-verb", message, hint)));
        }
    }
    let Expr::Array { items, .. } = values else { return };
    if items.len() != verbs {
        let (severity, what) =
            if items.len() < verbs { (Severity::Error, "an error") } else { (Severity::Warning, "left out") };
        let message = format!("the format has {verbs} places for {} values: what is over is {what}", items.len());
        found.push((severity, place.fault("sprintf-count", message, "name as many values as places")));
    }
}

/// Says why a directive does not do what it says.
fn unfit(directive: &str, verb: char) -> Option<(Severity, &'static str)> {
    let numeric = "doOxXfF".contains(verb);
    if directive.contains(|c: char| "+-# *".contains(c)) {
        Some((Severity::Error, "the engine knows no flags, and fails"))
    } else if directive.contains('.') && !directive.starts_with('.') {
        Some((Severity::Error, "the engine takes a width or decimals, not both, and fails"))
    } else if verb == 't' {
        Some((Severity::Warning, "the engine writes nothing for it"))
    } else if !"svbcdoOxXeEfFgq".contains(verb) {
        Some((Severity::Warning, "the engine does not know this verb"))
    } else if !directive.is_empty() && !numeric {
        Some((Severity::Warning, "the engine ignores the width of what is no number"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::unfit;

    #[test]
    fn directives_that_the_engine_does_not_know_are_told_from_others() {
        for (directive, verb) in [("-10", 's'), ("5.2", 'f'), ("", 't'), ("10", 's'), ("", 'w'), ("+", 'd')] {
            assert!(unfit(directive, verb).is_some(), "%{directive}{verb}");
        }
        for (directive, verb) in [("", 's'), ("", 'v'), ("05", 'd'), (".2", 'f'), ("", 'x'), ("", 'q'), ("4", 'd')] {
            assert!(unfit(directive, verb).is_none(), "%{directive}{verb}");
        }
    }
}
