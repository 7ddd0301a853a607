//! Rules that are laid beside those of a policy for as long as a trace takes.
//!
//! Owns the engine of a trace: one question is one rule in the module's own package, under its own imports.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use crate::clock::Deadline;
use crate::policies::evaluate::{Failure, evaluate_path, rule_path};
use crate::policies::fault::engine_error;
use crate::policies::module::ParsedModule;

/// What is asked, and in which module: an expression whose value is a list.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Index of the module.
    pub(super) module: usize,
    /// The expression.
    pub(super) text: String,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// The elements of the list; none when it is undefined.
    Values(Vec<Value>),
    /// It could not be told, and why.
    Failed(String),
}

/// The engine of a trace.
pub(super) struct Rig<'m, 'a> {
    engine: Engine,
    modules: &'m [&'m ParsedModule<'a>],
    deadline: Deadline,
    kept: Vec<(String, Place)>,
    next: usize,
}

impl<'m, 'a> Rig<'m, 'a> {
    /// Returns an engine that holds what a prepared one holds.
    pub(super) fn new(
        prepared: &Engine,
        modules: &'m [&'m ParsedModule<'a>],
        input: Value,
        deadline: Deadline,
    ) -> Self {
        let mut engine = prepared.clone();
        engine.set_input(input);
        Self { engine, modules, deadline, kept: Vec::new(), next: 0 }
    }

    /// Keeps a question for those that come later; returns the name of its rule.
    pub(super) fn keep(&mut self, place: Place) -> String {
        let name = self.name();
        self.kept.push((name.clone(), place));
        name
    }

    fn name(&mut self) -> String {
        self.next = self.next.saturating_add(1);
        format!("portcullis_probe_{}", self.next)
    }

    /// Asks all questions at once; where the engine refuses one, they are asked in halves until it stands alone.
    pub(super) fn ask(&mut self, places: &[Place]) -> Vec<Answer> {
        let named: Vec<(String, Place)> = places.iter().map(|place| (self.name(), place.clone())).collect();
        let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
        let mut pending = vec![named.as_slice()];
        while let Some(group) = pending.pop() {
            match self.with(group) {
                Ok(mut engine) => {
                    for (name, place) in group {
                        answers.insert(name.clone(), self.evaluate(&mut engine, name, place));
                    }
                }
                Err(why) => match group {
                    [] => {}
                    [(name, _)] => {
                        answers.insert(name.clone(), Answer::Failed(format!("not counted: {why}")));
                    }
                    more => {
                        let (left, right) = more.split_at(more.len() / 2);
                        pending.extend([left, right]);
                    }
                },
            }
        }
        let unasked = || Answer::Failed("not counted".to_owned());
        named.iter().map(|(name, _)| answers.remove(name).unwrap_or_else(unasked)).collect()
    }

    /// Returns the engine with a rule for each question.
    fn with(&self, group: &[(String, Place)]) -> Result<Engine, String> {
        let mut texts: BTreeMap<usize, String> = BTreeMap::new();
        for (name, place) in self.kept.iter().chain(group) {
            let Some(module) = self.modules.get(place.module) else { continue };
            let text = texts.entry(place.module).or_insert_with(|| head(module));
            text.push_str(&format!("\n{name} := {}\n", place.text));
        }
        let mut engine = self.engine.clone();
        let built = catch_unwind(AssertUnwindSafe(|| {
            for (module, text) in texts {
                engine.set_rego_v0(self.modules.get(module).is_some_and(|module| module.source.v0));
                let path = format!("trace-{module}");
                engine.add_policy(path, text).map_err(|error| engine_error(&error.to_string()).3)?;
            }
            engine.eval_query("true".to_owned(), false).map_err(|error| engine_error(&error.to_string()).3)?;
            Ok(())
        }));
        match built {
            Ok(result) => result.map(|()| engine),
            Err(_) => Err("the engine failed while it analysed the statement".to_owned()),
        }
    }

    fn evaluate(&self, engine: &mut Engine, name: &str, place: &Place) -> Answer {
        let Some(module) = self.modules.get(place.module) else { return Answer::Values(Vec::new()) };
        let limit = self.deadline.remaining();
        if limit.is_zero() {
            return Answer::Failed(
                "not counted: the time of a package was used up (`limits: evaluation-ms`)".to_owned(),
            );
        }
        let check_interval = NonZeroU32::MIN.saturating_add(999);
        engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval });
        match evaluate_path(engine, &rule_path(module.package.iter().map(String::as_str), name)) {
            Ok(Value::Array(values)) => Answer::Values(values.iter().cloned().collect()),
            Ok(_) => Answer::Values(Vec::new()),
            Err(Failure::Time) => Answer::Failed("not counted: it takes too long (`limits: evaluation-ms`)".to_owned()),
            Err(Failure::Panic) => Answer::Failed("a builtin failed inside the engine here".to_owned()),
            Err(Failure::Engine(text)) => Answer::Failed(format!("an error: {}", engine_error(&text).3)),
        }
    }
}

/// Returns the beginning of a module in the same package, with the same imports.
fn head(module: &ParsedModule<'_>) -> String {
    let package = module.ast.package.refr.span().text();
    let mut text = format!("package {package}\n");
    for import in &module.ast.imports {
        text.push_str(&format!("import {}", import.refr.span().text()));
        if let Some(name) = &import.r#as {
            text.push_str(&format!(" as {}", name.text()));
        }
        text.push('\n');
    }
    text
}
