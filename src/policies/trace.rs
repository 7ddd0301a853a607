//! Why a rule fired, or did not: its statements one after the other, and how many solutions each leaves.
//!
//! Owns the walk over clauses and into the helpers that a statement asks. Runs inside the worker. What it shows is found
//! by evaluating beginnings of the rule's own text beside it, so it never changes what the rule says.

mod observed;
mod rig;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::{Expr, Literal, Query, Rule, RuleHead};
use serde::{Deserialize, Serialize};

use super::checker::scope::{imports, pattern};
use super::evaluate::{Document, Engines};
use super::fault::Place;
use super::module::{self, ParsedModule, head_reference, rule_name, static_path};
use super::statements::{Step, steps, text};
use super::{Fault, PolicySet, loader};
use crate::clock::Deadline;
use crate::worker::protocol::Target;
use observed::{Seen, asked, every};
use rig::{Answer, Place as At, Rig};
use shown::{few, short};

/// How a rule came out on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracing {
    /// Its clauses, in the order of the text.
    pub clauses: Vec<Clause>,
    /// Why it could not be traced.
    pub faults: Vec<Fault>,
}

/// One clause of a rule or function: a head and a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The head as it is called: `deny`, `helper(x)`.
    pub name: String,
    /// The file.
    pub path: String,
    /// Number of the first line of `text`, from 1.
    pub line: u32,
    /// The lines of the clause.
    pub text: Vec<String>,
    /// Its statements, in the order in which they are evaluated.
    pub statements: Vec<Statement>,
    /// True when the arguments of the call do not fit the head, so that no statement was tried.
    pub unfit: bool,
    /// Solutions left behind the last statement; none when it could not be told.
    pub left: Option<u64>,
    /// The first few results of a clause that holds.
    pub made: Vec<String>,
    /// What must be known to read it: an `else`, a body that always holds.
    pub note: String,
}

/// One statement of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end: u32,
    /// Solutions left behind it; none when it could not be told, or nothing was left before it.
    pub left: Option<u64>,
    /// True when nothing is left behind it, and something was before.
    pub stops: bool,
    /// True when it waits for a name that a later line binds.
    pub late: bool,
    /// Why `left` could not be told, or what must be known.
    pub note: String,
    /// What it binds.
    pub binds: Vec<Named>,
    /// Where it stops: parts of it, and their values before it.
    pub seen: Vec<Named>,
    /// Where it stops: the clauses of helpers that it asks.
    pub helpers: Vec<Clause>,
}

/// A name or a part of a statement, and its first few distinct values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// As it is written.
    pub name: String,
    /// Values, shortened; none when it is undefined.
    pub values: Vec<String>,
    /// How many more there are.
    pub more: u64,
}

/// How deep helpers of helpers are followed.
const DEPTH: u8 = 3;
/// How many clauses of one helper are followed.
const CLAUSES: usize = 8;

impl Engines {
    /// Traces one rule of one package on one target.
    pub(crate) fn trace(
        &self,
        set: &PolicySet,
        (package, rule): (usize, usize),
        document: &Document,
        target: Target,
        focus: Option<&str>,
    ) -> Tracing {
        let found = self.packages.get(package).and_then(|prepared| Some((prepared, prepared.package.rules.get(rule)?)));
        let Some(((prepared, rule), (input, _))) = found.zip(document.input(target)) else {
            let fault = Place::file("").fault("unknown-target", "there is no such rule or input", "");
            return Tracing { faults: vec![fault], ..Tracing::default() };
        };
        let all: Vec<ParsedModule<'_>> =
            set.policies.iter().filter_map(|source| module::parse(source, &self.limits).ok()).collect();
        let own = |module: &&ParsedModule<'_>| {
            module.source.pack == prepared.package.pack && module.package_name() == prepared.package.name
        };
        let modules = loader::reached(&all, all.iter().filter(own).collect());
        let paths: BTreeSet<&str> = document.files.iter().map(|(path, _)| path.as_str()).collect();
        let mut tracer = Tracer {
            rig: Rig::new(&prepared.engine, &modules, input, Deadline::after_ms(self.limits.evaluation_ms)),
            modules: &modules,
            imports: modules.iter().map(|module| imports(module)).collect(),
            focus: focus.map(|focus| (focus, paths)),
        };
        let entry = [prepared.package.name.split('.').map(str::to_owned).collect(), vec![rule.entry.clone()]].concat();
        Tracing { clauses: tracer.clauses(&entry, None, DEPTH), faults: Vec::new() }
    }
}

/// The arguments that a function is called with: the call they stand in, and which solution of the caller is meant.
#[derive(Clone)]
struct Given {
    /// The list of arguments, as Rego.
    text: String,
}

struct Tracer<'m, 'a> {
    rig: Rig<'m, 'a>,
    modules: &'m [&'m ParsedModule<'a>],
    imports: Vec<BTreeMap<String, Vec<String>>>,
    /// The file that is asked about, and all changed ones.
    focus: Option<(&'m str, BTreeSet<&'m str>)>,
}

/// One body of a rule in its module.
#[derive(Clone, Copy)]
struct Body<'t> {
    module: usize,
    rule: &'t Rule,
    query: Option<&'t Query>,
    value: Option<&'t Expr>,
    is_else: bool,
}

/// A beginning of a body: the text of its statements so far, and the names that have a value behind it.
#[derive(Clone, Default)]
struct Prefix {
    text: String,
    bound: BTreeSet<String>,
}

impl Prefix {
    fn with(&self, statement: &str, bound: &BTreeSet<String>) -> Self {
        Self { text: format!("{}{statement}\n", self.text), bound: bound.clone() }
    }

    /// Returns a list of all solutions, each the names bound and one value more.
    fn list(&self, statement: &str, value: &str) -> String {
        let names: Vec<String> = self.bound.iter().map(|name| format!("\"{name}\": {name}")).collect();
        let text = if self.text.is_empty() && statement.is_empty() { "true\n" } else { &self.text };
        format!("[[{{{}}}, {value}] |\n{text}{statement}\n]", names.join(", "))
    }
}

impl<'m, 'a> Tracer<'m, 'a> {
    /// Traces the clauses of the rule or function at a path below `data`.
    fn clauses(&mut self, path: &[String], given: Option<&Given>, depth: u8) -> Vec<Clause> {
        let bodies = self.bodies(path);
        bodies.into_iter().take(CLAUSES).map(|body| self.clause(body, given, depth)).collect()
    }

    /// Returns the bodies of the rule or function at a path below `data`, in the order of files and text.
    fn bodies(&self, path: &[String]) -> Vec<Body<'m>> {
        let mut found = Vec::new();
        let modules: &'m [&'m ParsedModule<'a>] = self.modules;
        for (number, module) in modules.iter().enumerate() {
            let Some(rest) = path.strip_prefix(module.package.as_slice()) else { continue };
            for rule in &module.ast.policy {
                let rule: &'m Rule = rule.as_ref();
                if rest.is_empty() || static_path(head_reference(rule)).0 != rest {
                    continue;
                }
                let Rule::Spec { head, bodies, .. } = rule else { continue };
                let value = match head {
                    RuleHead::Set { key, .. } => key.as_deref(),
                    RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
                        assign.as_ref().map(|assign| assign.value.as_ref())
                    }
                };
                if bodies.is_empty() {
                    found.push(Body { module: number, rule, query: None, value, is_else: false });
                }
                found.extend(bodies.iter().map(|body| Body {
                    module: number,
                    rule,
                    query: Some(body.query.as_ref()),
                    value: body.assign.as_ref().map(|assign| assign.value.as_ref()).or(if body.is_else {
                        None
                    } else {
                        value
                    }),
                    is_else: body.is_else,
                }));
            }
        }
        found
    }

    fn clause(&mut self, body: Body<'m>, given: Option<&Given>, depth: u8) -> Clause {
        let Some(module) = self.modules.get(body.module) else { return Clause::default() };
        let mut clause = written(module, body);
        let mut prefix = Prefix::default();
        let Rule::Spec { head, .. } = body.rule else { return clause };
        if let RuleHead::Func { args, .. } = head {
            let Some(given) = given else {
                clause.note = "a function is followed from a call only".to_owned();
                return clause;
            };
            let texts: Vec<&str> = args.iter().map(|arg| text(arg.span())).collect();
            let names = args.iter().flat_map(|arg| pattern(arg)).map(|name| name.text().to_owned()).collect();
            prefix = prefix.with(&format!("[{}] = {}", texts.join(", "), given.text), &names);
            let fits = self.rig.ask(&[At { module: body.module, text: prefix.list("", "0") }]);
            if matches!(fits.first(), Some(Answer::Values(values)) if values.is_empty()) {
                clause.unfit = true;
                clause.left = Some(0);
                return clause;
            }
        }
        let inside = body.value.filter(|_| body.query.is_none()).and_then(comprehension);
        if let Some((query, element)) = inside {
            clause.note = "a comprehension: each solution is an element".to_owned();
            self.body(&mut clause, Body { value: Some(element), ..body }, query, &prefix, depth);
            return clause;
        }
        let Some(query) = body.query else {
            clause.note = "it has no body: it always holds".to_owned();
            self.made(&mut clause, body, &prefix);
            return clause;
        };
        self.body(&mut clause, body, query, &prefix, depth);
        clause
    }

    /// Counts what is left behind each statement, and looks closer at the one behind which nothing is.
    fn body(&mut self, clause: &mut Clause, body: Body<'m>, query: &'m Query, first: &Prefix, depth: u8) {
        let Some(module) = self.modules.get(body.module).copied() else { return };
        let names = self.imports.get(body.module).cloned().unwrap_or_default();
        let rules: BTreeSet<String> = self
            .modules
            .iter()
            .filter(|other| other.package == module.package)
            .flat_map(|other| other.rules().map(|(name, _)| name).collect::<Vec<_>>())
            .collect();
        let is_global =
            |name: &str| matches!(name, "input" | "data") || names.contains_key(name) || rules.contains(name);
        let steps: Vec<Step<'m>> = steps(query, &first.bound, &is_global);
        let mut prefixes = vec![first.clone()];
        for step in &steps {
            let before = prefixes.last().cloned().unwrap_or_default();
            prefixes.push(before.with(text(&step.statement.span), &step.bound));
        }
        let asked: Vec<At> =
            prefixes.iter().skip(1).map(|prefix| At { module: body.module, text: prefix.list("", "0") }).collect();
        let answers = self.rig.ask(&asked);
        let (mut before, mut line, mut over) = (None, 0, false);
        for (number, (step, answer)) in steps.iter().zip(answers).enumerate() {
            let mut statement = extent(module, step);
            statement.late = statement.line < line;
            line = line.max(statement.line);
            if over {
                clause.statements.push(statement);
                continue;
            }
            let known = prefixes.get(number).map(|prefix| prefix.bound.clone()).unwrap_or_default();
            match answer {
                Answer::Values(values) => {
                    let values = self.about(values);
                    statement.left = Some(values.len() as u64);
                    statement.stops = values.is_empty();
                    statement.binds = bound(&values, step.bound.difference(&known));
                }
                Answer::Failed(why) => {
                    over = why.starts_with("an error");
                    statement.note = why;
                }
            }
            clause.left = statement.left;
            if statement.stops && before != Some(0) {
                over = true;
                if let Some(prefix) = prefixes.get(number) {
                    self.look(&mut statement, body, step, prefix, depth);
                }
            }
            before = statement.left;
            clause.statements.push(statement);
        }
        if !over
            && clause.left.is_some_and(|left| left > 0)
            && let Some(last) = prefixes.last()
        {
            self.made(clause, body, last);
        }
    }

    /// Evaluates the head behind the last statement.
    fn made(&mut self, clause: &mut Clause, body: Body<'m>, prefix: &Prefix) {
        let value = body.value.map_or("true", |value| text(value.span()));
        let list = prefix.list(&format!("portcullis_made := {value}"), "portcullis_made");
        if let Some(Answer::Values(values)) = self.rig.ask(&[At { module: body.module, text: list }]).pop() {
            let values = self.about(values);
            clause.left = Some(values.len() as u64);
            let mut seen = BTreeSet::new();
            let distinct = values.iter().filter_map(second).filter(|value| seen.insert((*value).clone()));
            clause.made = distinct.take(FIRST).map(|value| short(value)).collect();
        }
    }

    /// Looks at the statement behind which nothing is left: what its parts are, and what its helpers say.
    fn look(&mut self, statement: &mut Statement, body: Body<'m>, step: &Step<'m>, prefix: &Prefix, depth: u8) {
        let with = modifiers(step);
        let parts = asked(step.statement);
        let texts: Vec<At> = parts
            .iter()
            .map(|part| At {
                module: body.module,
                text: prefix.list(&format!("portcullis_seen := {}{with}", part.text), "portcullis_seen"),
            })
            .collect();
        for (part, answer) in parts.iter().zip(self.rig.ask(&texts)) {
            let seen = match answer {
                Answer::Values(values) => few(&part.shown, self.about(values).iter().filter_map(second)),
                // It needs a name that only a later statement binds.
                Answer::Failed(why) if why.starts_with("not counted") => continue,
                Answer::Failed(why) => Named { name: part.shown.clone(), values: vec![why], more: 0 },
            };
            statement.seen.push(seen);
        }
        if let Literal::Every { .. } = &step.statement.literal
            && let Some((all, held)) = every(step.statement)
        {
            self.exceptions(statement, body, prefix, &all, &held);
        }
        if depth == 0 {
            return;
        }
        if !with.is_empty() {
            statement.note = "helpers are not followed through `with`".to_owned();
            return;
        }
        for Seen { path, arguments, .. } in observed::helpers(step.statement) {
            let Some(target) = self.resolve(body.module, &path) else { continue };
            let given = match arguments {
                None => None,
                Some(arguments) => match self.given(body.module, prefix, &arguments) {
                    Some(given) => Some(given),
                    None => continue,
                },
            };
            let clauses = self.clauses(&target, given.as_ref(), depth.saturating_sub(1));
            // A value without a body has been shown already.
            statement
                .helpers
                .extend(clauses.into_iter().filter(|clause| !clause.statements.is_empty() || clause.unfit));
        }
    }

    /// Names the first elements for which the body of `every` does not hold.
    fn exceptions(&mut self, statement: &mut Statement, body: Body<'m>, prefix: &Prefix, all: &Seen, held: &Seen) {
        let at = |seen: &Seen| At { module: body.module, text: prefix.list(&seen.text, &seen.shown) };
        let mut answers = self.rig.ask(&[at(all), at(held)]).into_iter();
        let (Some(Answer::Values(all)), Some(Answer::Values(held))) = (answers.next(), answers.next()) else { return };
        let held: BTreeSet<Value> = self.about(held).iter().filter_map(second).cloned().collect();
        let all = self.about(all);
        let failing = all.iter().filter_map(second).filter(|value| !held.contains(value));
        statement.seen.push(few("an element for which it does not hold", failing));
    }

    /// Keeps the arguments of a call, as the first solution before it has them.
    fn given(&mut self, module: usize, prefix: &Prefix, arguments: &[String]) -> Option<Given> {
        let list = prefix.list("", &format!("[{}]", arguments.join(", ")));
        let name = self.rig.keep(At { module, text: list });
        let package = self.modules.get(module)?.ast.package.refr.span().text().to_owned();
        let values = match self.rig.ask(&[At { module, text: name.clone() }]).pop()? {
            Answer::Values(values) => values,
            Answer::Failed(_) => return None,
        };
        let first = values.iter().position(|value| !self.is_of_another(value))?;
        let package = package.strip_prefix("data.").unwrap_or(&package).to_owned();
        Some(Given { text: format!("data.{package}.{name}[{first}][1]") })
    }

    /// Returns the path below `data` of a rule or function that a name means in a module.
    fn resolve(&self, module: usize, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        if first == "data" {
            return Some(rest.to_vec());
        }
        if let Some((root, target)) = self.imports.get(module)?.get(first).and_then(|target| target.split_first()) {
            return (root == "data").then(|| target.iter().chain(rest).cloned().collect());
        }
        let own = self.modules.get(module)?;
        let known = self.modules.iter().filter(|other| other.package == own.package);
        let known = known.flat_map(|other| other.rules().map(|(name, _)| name)).any(|name| name == *first);
        known.then(|| own.package.iter().chain(path).cloned().collect())
    }

    /// Leaves out what is about other files than the one that is asked about.
    fn about(&self, values: Vec<Value>) -> Vec<Value> {
        values.into_iter().filter(|value| !self.is_of_another(value)).collect()
    }

    /// Says whether a solution names another changed file, and not the one that is asked about.
    fn is_of_another(&self, solution: &Value) -> bool {
        let Some((focus, paths)) = &self.focus else { return false };
        let Some(Value::Object(names)) = first(solution) else { return false };
        let path = |value: &Value| match value {
            Value::String(text) => Some(text.to_string()),
            Value::Object(fields) => {
                fields.get(&Value::from("path")).and_then(|path| path.as_string().ok()).map(ToString::to_string)
            }
            _ => None,
        };
        let named: Vec<String> = names
            .iter_sorted()
            .filter_map(|(_, value)| path(value))
            .filter(|path| paths.contains(path.as_str()))
            .collect();
        !named.is_empty() && named.iter().all(|path| path != focus)
    }
}

/// How many values of a name are shown.
const FIRST: usize = 3;

fn first(solution: &Value) -> Option<&Value> {
    if let Value::Array(pair) = solution { pair.first() } else { None }
}

fn second(solution: &Value) -> Option<&Value> {
    if let Value::Array(pair) = solution { pair.get(1) } else { None }
}

/// Returns the first few values of names that a statement binds.
fn bound<'n>(values: &[Value], names: impl Iterator<Item = &'n String>) -> Vec<Named> {
    let mut found = Vec::new();
    for name in names {
        let key = Value::from(name.as_str());
        let values = values.iter().filter_map(first).filter_map(|names| match names {
            Value::Object(names) => names.get(&key),
            _ => None,
        });
        found.push(few(name, values));
    }
    found
}

/// Returns the body of a comprehension, and what stands for its elements.
fn comprehension(expr: &Expr) -> Option<(&Query, &Expr)> {
    match expr {
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            Some((query.as_ref(), term.as_ref()))
        }
        Expr::ObjectCompr { value, query, .. } => Some((query.as_ref(), value.as_ref())),
        _ => None,
    }
}

/// Returns the clause as it is written, nothing tried yet.
fn written(module: &ParsedModule<'_>, body: Body<'_>) -> Clause {
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
fn extent(module: &ParsedModule<'_>, step: &Step<'_>) -> Statement {
    let span = &step.statement.span;
    let inside = module.source.text.get(span.start as usize..span.end as usize).unwrap_or("");
    let more = u32::try_from(inside.trim_end().matches('\n').count()).unwrap_or(0);
    Statement { line: span.line, end: span.line.saturating_add(more), ..Statement::default() }
}

/// Returns the `with` part of a statement, with a blank before it.
fn modifiers(step: &Step<'_>) -> String {
    let parts = step.statement.with_mods.iter().map(|modifier| text(&modifier.span));
    parts.fold(String::new(), |all, part| format!("{all} {part}"))
}

/// A rule over a change: why it fired, or did not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTrace {
    /// [`SCHEMA`].
    pub schema: String,
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// The file that defines it; empty for rules that are no policy.
    pub path: String,
    /// The line, from 1, or 0.
    pub line: u32,
    /// Status, severity and scope, in words.
    pub terms: String,
    /// Why it did not run at all; else empty.
    pub why_not: String,
    /// What it looked at, one entry each; what it fired on comes first.
    pub targets: Vec<TargetTrace>,
    /// What became of its results.
    pub notes: Vec<String>,
}

/// The name and version of the JSON form.
pub const SCHEMA: &str = "portcullis.trace/v1";

/// A rule on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetTrace {
    /// The changed file, or empty for the whole change.
    pub path: String,
    /// Results of all clauses together.
    pub results: u64,
    /// Why the rule did not look at it; else empty.
    pub why_not: String,
    /// The clauses of the rule.
    pub clauses: Vec<Clause>,
}

impl TargetTrace {
    /// Returns how many statements of its best clause held: the further, the nearer it was to firing.
    #[must_use]
    pub fn reach(&self) -> usize {
        let held = |clause: &Clause| clause.statements.iter().filter(|of| of.left.is_some_and(|left| left > 0)).count();
        self.clauses.iter().map(held).max().unwrap_or(0)
    }
}
