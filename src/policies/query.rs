//! An expression of an author, tried on a real change.
//!
//! Owns how an expression becomes a module, what it answers, and where its faults stand. Runs inside the worker. The
//! expression is checked as a policy is, and held to the same budgets.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use regorus::Value;
use regorus::unstable::{Expr, Literal, Parser, Query, Source};
use regorus::utils::limits::ExecutionTimerConfig;

use super::checker::{self, Surroundings};
use super::evaluate::{Document, Failure, evaluate_path};
use super::fault::{Place, did_you_mean, from_engine, nearest};
use super::module::{self, ParsedModule};
use super::probe::{Found, QUERY};
use super::statements::{self, Names};
use super::{Fault, Package, PolicySet, PolicySource, Scope, data, loader};
use crate::finding::SourceKind;
use crate::limits::Limits;
use crate::worker::protocol::Target;

/// The package of the module that is made of an expression; nobody else may have one below `portcullis`.
const PACKAGE: &str = "portcullis.query";
/// The rule that is the answer.
const ANSWERS: &str = "portcullis_answers";
/// The variable that a lone expression is bound to.
const VALUE: &str = "portcullis_value";
/// Lines of the module above the expression.
const ABOVE: u32 = 3;
/// The longest expression, in bytes.
const LONGEST: usize = 64 << 10;

/// Evaluates an expression on a target, with the policies of a set under `data`.
pub(crate) fn query(set: &PolicySet, limits: &Limits, text: &str, document: &Document, target: Target) -> Found {
    let found = prepared(set, limits, text, target)
        .and_then(|(engine, notes)| Ok((answer(engine, limits, text, document, target)?, notes)));
    match found {
        Ok(((json, count), notes)) => Found { json, count, notes, faults: Vec::new() },
        Err(mut faults) => {
            faults.sort();
            faults.dedup();
            Found { faults, ..Found::default() }
        }
    }
}

/// Reads and checks the expression, and builds an engine of it and of the policies that it names.
fn prepared(
    set: &PolicySet,
    limits: &Limits,
    text: &str,
    target: Target,
) -> Result<(regorus::Engine, Vec<Fault>), Vec<Fault>> {
    let query = parse(text, limits).map_err(|fault| vec![fault])?;
    misspelt(&query, text)?;
    let source = source(module_text(&query, text));
    let own = module::parse(&source, limits).map_err(|fault| vec![placed(fault, text)])?;
    let named = loader::data_references(&own);
    let (mut modules, mut told, mut unread) = (vec![own], Vec::new(), BTreeSet::new());
    for policy in set.policies.iter().filter(|_| !named.is_empty()) {
        match module::parse(policy, limits) {
            Ok(module) => modules.push(module),
            Err(fault) => {
                unread.insert(policy.pack.clone());
                told.push((policy.pack.as_str(), fault));
            }
        }
    }
    let mut unreadable = Vec::new();
    let mut data = data::read(&set.data, limits, &mut unreadable);
    let held = loader::reached(&modules, modules.first().into_iter().collect());
    let packs: BTreeSet<&str> = held.iter().map(|module| module.source.pack.as_str()).collect();
    let roots: Vec<&[String]> = named.iter().filter_map(|path| path.get(..1)).collect();
    let wanted = |(pack, value): &(&String, &serde_json::Value)| {
        packs.contains(pack.as_str()) || roots.iter().any(|root| data::defines(value, root))
    };
    let values: Vec<serde_json::Value> = data.iter().filter(wanted).map(|(_, value)| value.clone()).collect();
    let around_query = values.iter().filter_map(serde_json::Value::as_object).flatten();
    let around_query = around_query.map(|(key, value)| (key.clone(), value.clone())).collect();
    data.insert(QUERY.to_owned(), serde_json::Value::Object(around_query));
    let mut faults = checked(&modules, &data, &unread, target);
    let paths: BTreeSet<&str> = held.iter().map(|module| module.source.path.as_str()).collect();
    faults.retain(|fault| paths.contains(fault.path.as_str()));
    // What a file that cannot be read defines is not known; where it may be what is asked for, it is told.
    faults.extend(told.into_iter().filter(|(pack, _)| held.len() == 1 || packs.contains(pack)).map(|(_, fault)| fault));
    let (notes, faults): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| fault.code == "unknown-input" && fault.path == QUERY);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(|fault| placed(fault, text)).collect());
    }
    let sources: Vec<&PolicySource> = held.iter().map(|module| module.source).collect();
    let engine = loader::build(&sources, &values).map_err(|error| {
        let text_of = |path: &str| sources.iter().find(|of| of.path == path).map(|of| of.text.as_str());
        vec![placed(from_engine("expression", QUERY, &error, text_of), text)]
    })?;
    Ok((engine, notes.into_iter().map(|fault| placed(fault, text)).collect()))
}

fn checked(
    modules: &[ParsedModule<'_>],
    data: &BTreeMap<String, serde_json::Value>,
    unread: &BTreeSet<String>,
    target: Target,
) -> Vec<Fault> {
    let scope = if matches!(target, Target::File(_)) { Scope::File } else { Scope::Change };
    let (pack, name) = (QUERY.to_owned(), PACKAGE.to_owned());
    let package =
        Package { pack, name, scope, kind: SourceKind::Builtin, rules: Vec::new(), combine: false, files: Vec::new() };
    let mut faults = Vec::new();
    checker::check(modules, &Surroundings { data, unread }, &mut [package], &mut faults);
    // An expression need not decide anything.
    faults.retain(|fault| fault.code != "unused-package");
    faults
}

/// Parses the expression by itself, so that it cannot close a bracket that it has not opened.
fn parse(text: &str, limits: &Limits) -> Result<regorus::unstable::Ref<Query>, Fault> {
    let whole = Place { path: QUERY, line: 1, column: 1 };
    if text.trim().is_empty() {
        return Err(whole.fault("syntax", "the expression is empty", "e.g. `input.files[_].path`"));
    }
    if text.len() > LONGEST {
        let message = format!("the expression has {} bytes; the limit is {LONGEST}", text.len());
        return Err(whole.fault("too-large", message, "write it as a policy, and look at `data.<package>.<rule>`"));
    }
    let scan = module::scan(text, limits.literal_depth);
    if let Some((line, column)) = scan.too_deep.or(scan.too_costly) {
        let message = format!("brackets are nested deeper than {} levels", limits.literal_depth);
        return Err(Place { path: QUERY, line, column }.fault("too-deep", message, "write inner parts as variables"));
    }
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let source = Source::from_contents(QUERY.to_owned(), text.to_owned()).map_err(|error| error.to_string())?;
        let parser = || {
            let mut parser = Parser::new(&source).map_err(|error| error.to_string())?;
            parser.enable_rego_v1().map_err(|error| error.to_string())?;
            Ok::<_, String>(parser)
        };
        // Of a first statement the parser of bodies says only that it is none; that of statements says where it ends.
        parser()?.parse_user_query().map_err(|error| match parser().map(|mut parser| parser.parse_literal_stmt()) {
            Ok(Err(nearer)) => nearer.to_string(),
            Ok(Ok(_)) | Err(_) => error.to_string(),
        })
    }));
    match parsed {
        Ok(Ok(query)) => Ok(query),
        Ok(Err(error)) => Err(from_engine("syntax", QUERY, &error, |_| Some(text))),
        Err(_) => Err(whole.fault("syntax", "the parser failed on this expression", "simplify it")),
    }
}

/// Refuses a name that begins a reference and means nothing: `inptu.files`.
fn misspelt(query: &Query, text: &str) -> Result<(), Vec<Fault>> {
    let all: Vec<Names> = query.stmts.iter().map(statements::names).collect();
    let has_value = |name: &str| {
        matches!(name, "input" | "data" | "_")
            || all.iter().any(|names| {
                names.declares.contains(name) || names.announces.contains(name) || names.binds.contains(name)
            })
    };
    let mut faults = Vec::new();
    for name in all.iter().flat_map(|names| &names.mentions).filter(|name| !has_value(name)) {
        let at = word(text, name).unwrap_or(0);
        let before = text.get(..at).unwrap_or("");
        let line = u32::try_from(before.matches('\n').count()).unwrap_or(0).saturating_add(1);
        let column = before.rsplit('\n').next().unwrap_or("").chars().count();
        let place = Place { path: QUERY, line, column: u32::try_from(column).unwrap_or(0).saturating_add(1) };
        let known = all.iter().flat_map(|names| names.declares.iter().map(String::as_str)).chain(["input", "data"]);
        let near = nearest(name, known);
        let hint = near.map_or_else(
            || "a query begins at `input` or at `data`, or binds a name itself: `x := ...`".to_owned(),
            |near| did_you_mean(Some(near)),
        );
        faults.push(place.fault("unknown-name", format!("nothing gives `{name}` a value"), hint));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Returns where a whole word first stands in a text, strings not left out.
fn word(text: &str, name: &str) -> Option<usize> {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(name.len())..).and_then(|after| after.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// What an expression answers with.
enum Form {
    /// A lone expression: its values.
    Value,
    /// Statements: what they bind.
    Bindings(BTreeSet<String>),
}

fn form(query: &Query) -> Form {
    let mut bound = BTreeSet::new();
    for names in query.stmts.iter().map(statements::names) {
        bound.extend(names.declares.into_iter().chain(names.announces).chain(names.binds));
    }
    bound.retain(|name| !matches!(name.as_str(), "input" | "data"));
    match query.stmts.as_slice() {
        [only] if bound.is_empty() && only.with_mods.is_empty() => match &only.literal {
            Literal::Expr { expr, .. } if !matches!(expr.as_ref(), Expr::AssignExpr { .. }) => Form::Value,
            _ => Form::Bindings(bound),
        },
        _ => {
            bound.retain(|name| !name.starts_with('_'));
            Form::Bindings(bound)
        }
    }
}

/// Returns the module; the expression stands in it letter for letter, on lines of its own.
fn module_text(query: &Query, text: &str) -> String {
    let (answer, opening, closing) = match form(query) {
        Form::Value => (VALUE.to_owned(), format!("{VALUE} := ("), ")"),
        Form::Bindings(names) if names.is_empty() => ("true".to_owned(), String::new(), ""),
        Form::Bindings(names) => {
            let pairs: Vec<String> = names.iter().map(|name| format!("\"{name}\": {name}")).collect();
            (format!("{{{}}}", pairs.join(", ")), String::new(), "")
        }
    };
    format!("package {PACKAGE}\n{ANSWERS} := [{answer} |\n{opening}\n{text}\n{closing}\n]\n")
}

fn source(text: String) -> PolicySource {
    let (pack, path) = (QUERY.to_owned(), QUERY.to_owned());
    PolicySource { pack, path, text, kind: SourceKind::Builtin, v0: false, scope: None }
}

/// Moves a fault of the module to where the expression has it.
fn placed(mut fault: Fault, text: &str) -> Fault {
    if fault.path == QUERY {
        let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX).max(1);
        fault.line = fault.line.saturating_sub(ABOVE).clamp(1, lines);
    }
    fault
}

/// Evaluates the expression; what it says is bounded.
fn answer(
    mut engine: regorus::Engine,
    limits: &Limits,
    text: &str,
    document: &Document,
    target: Target,
) -> Result<(String, u64), Vec<Fault>> {
    let whole = Place { path: QUERY, line: 1, column: 1 };
    let Some((input, _)) = document.input(target) else {
        return Err(vec![whole.fault("unknown-target", "there is no such input", "")]);
    };
    engine.set_input(input);
    let limit = Duration::from_millis(limits.evaluation_ms);
    let check_interval = NonZeroU32::MIN.saturating_add(999);
    engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
    let value = evaluate_path(&mut engine, &format!("data.{PACKAGE}.{ANSWERS}")).map_err(|failure| {
        vec![match failure {
            Failure::Time => {
                let message = format!("the expression ran longer than {} ms", limits.evaluation_ms);
                whole.fault("evaluation-timeout", message, "loop over less, or raise `limits: evaluation-ms`")
            }
            Failure::Panic => whole.fault("evaluation-panic", "a builtin failed inside the engine", "guard its values"),
            Failure::Engine(error) => {
                let own = module_lines(text);
                placed(from_engine("evaluation-error", QUERY, &error, |path| (path == QUERY).then_some(&own)), text)
            }
        }]
    })?;
    let Value::Array(values) = value else { return Ok(("[]".to_owned(), 0)) };
    let mut seen = BTreeSet::new();
    let (mut json, mut count) = ("[".to_owned(), 0_u64);
    for value in values.iter().filter(|value| seen.insert(*value)) {
        let one = value.to_json_str().map_err(|error| {
            vec![whole.fault("expression", format!("a value cannot be written as JSON: {error}"), "")]
        })?;
        if count > 0 {
            json.push(',');
        }
        json.push_str(&one);
        count = count.saturating_add(1);
        if json.len() as u64 > limits.evaluation_bytes {
            let message = format!("the answer has more than {} bytes", limits.evaluation_bytes);
            return Err(vec![whole.fault(
                "too-many-bytes",
                message,
                "ask for less, or raise `limits: evaluation-bytes`",
            )]);
        }
    }
    json.push(']');
    Ok((json, count))
}

/// Returns the expression with as many lines above it as the module has.
fn module_lines(text: &str) -> String {
    format!("{}{text}", "\n".repeat(ABOVE as usize))
}
