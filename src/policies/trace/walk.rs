//! The walk over the clauses of a rule, and into the helpers that a statement asks.
//!
//! Owns what is asked of the engine, and in which order. Recursion is bounded by how deep helpers are followed.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::{Literal, Query, Rule, RuleHead};

use super::observed::{Seen, asked, every, helpers};
use super::rig::{Answer, Place as At, Rig};
use super::shown::{few, short};
use super::written::{Body, comprehension, extent, modifiers, written};
use super::{Clause, Named, Statement};
use crate::policies::checker::scope::pattern;
use crate::policies::module::{ParsedModule, head_reference, static_path};
use crate::policies::statements::{Step, steps, text};

/// How deep helpers of helpers are followed.
pub(super) const DEPTH: u8 = 3;
/// How many clauses of one helper are followed.
const CLAUSES: usize = 8;

/// The arguments that a function is called with: the call they stand in, and which solution of the caller is meant.
#[derive(Clone)]
pub(super) struct Given {
    /// The list of arguments, as Rego.
    text: String,
}

/// Traces clauses.
pub(super) struct Tracer<'m, 'a> {
    /// The engine.
    pub(super) rig: Rig<'m, 'a>,
    /// The modules that the engine holds.
    pub(super) modules: &'m [&'m ParsedModule<'a>],
    /// What each imports.
    pub(super) imports: Vec<BTreeMap<String, Vec<String>>>,
    /// The file that is asked about, and all changed ones.
    pub(super) focus: Option<(&'m str, BTreeSet<&'m str>)>,
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
    pub(super) fn clauses(&mut self, path: &[String], given: Option<&Given>, depth: u8) -> Vec<Clause> {
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
            clause.made = distinct.take(FIRST).map(short).collect();
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
        for Seen { path, arguments, .. } in helpers(step.statement) {
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
