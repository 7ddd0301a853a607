//! Examples of rules: each `fail` must fire, each `pass` must not.
//!
//! Owns the trial: an example becomes a change that adds one file, read and judged like any other. Runs on text of the
//! specification's own author, in this process, within the usual budgets.

use std::collections::{BTreeMap, BTreeSet};

use super::{EnforcedRule, Enforcement, Proof, Reading, RuleBook, reading, rego, spec_data};
use crate::change::{Change, ChangedFile, EntryKind, FileStatus, Side};
use crate::completeness::Completeness;
use crate::configuration::{Classifier, PathGlobs, UnknownLines};
use crate::facts::{Extractor, example_file, file_name, language_id};
use crate::finding::{RuleId, Status};
use crate::impact::owners::Owners;
use crate::limits::Limits;
use crate::policies::document::{Collected, assemble};
use crate::policies::evaluate::{Document, Engines};
use crate::policies::input::{FileClass, InputDocument};
use crate::policies::{DataSource, Evaluation, Loaded, PolicySet, RuleResult, Scope, loader};
use crate::provenance::Provenance;
use crate::specification::Specification;
use crate::specification::hosted::{HostedSystem, ScopeIn};
use crate::specification::rule::{AppliesTo, Example, Rule};
use crate::worker::protocol::{Blob, ReadTask, Target};
use crate::yaml::decode::Faults;

/// What the examples of one rule showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleExamples {
    /// The rule.
    pub rule: RuleId,
    /// Each example, in the order of the file: those that must fire first.
    pub outcomes: Vec<ExampleOutcome>,
    /// Languages of the rule in which no example fires, sorted.
    pub unproven: Vec<String>,
}

/// What one example showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleOutcome {
    /// The file of the specification.
    pub file: String,
    /// Line of the example in it.
    pub line: u32,
    /// True for a `fail`, which must fire.
    pub must_fire: bool,
    /// Languages in which it was tried; empty for a text in no language.
    pub tried: Vec<String>,
    /// Languages in which it fired; `text` for a text in no language.
    pub fired: Vec<String>,
    /// Why it could not be tried, or empty.
    pub error: String,
}

impl ExampleOutcome {
    /// Says whether the example showed what it must.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.error.is_empty() && self.fired.is_empty() != self.must_fire
    }
}

/// Tries every example of every rule but retired ones, whatever systems this repository holds.
///
/// Rules whose `enforce` has a fault are left out: reading the specification reports them.
#[must_use]
pub fn run(specification: &Specification, limits: &Limits) -> Vec<RuleExamples> {
    let mut bench = Bench { specification, limits, policies: None };
    let rules = specification.rules.values();
    let rules = rules.filter(|rule| rule.status != Status::Retired);
    rules
        .filter(|rule| !rule.examples.fail.is_empty() || !rule.examples.pass.is_empty())
        .filter_map(|rule| bench.rule(rule))
        .collect()
}

/// What all trials share.
struct Bench<'s> {
    specification: &'s Specification,
    limits: &'s Limits,
    policies: Option<(Loaded, Engines)>,
}

/// One rule alone in a repository that is nothing but its system.
struct Trial {
    book: RuleBook,
    extractor: Extractor,
    /// The rule's policy, or empty.
    policy: String,
}

impl Bench<'_> {
    fn rule(&mut self, rule: &Rule) -> Option<RuleExamples> {
        let mut faults = Faults::of(&[], &rule.file);
        let mut reading = Reading { faults: &mut faults, specification: self.specification, rule };
        let (kind, enforcement) = reading::read(&mut reading)?;
        let tried = matches!(kind.proof, Proof::Examples | Proof::ExamplesOrPolicyTest);
        let languages = self.languages(rule, enforcement.as_ref());
        let trial = tried.then(|| self.trial(rule, enforcement)).flatten();
        let of = |example: &Example, must_fire: bool| ExampleOutcome {
            file: rule.file.clone(),
            line: example.line,
            must_fire,
            tried: Vec::new(),
            fired: Vec::new(),
            error: String::new(),
        };
        let examples = rule.examples.fail.iter().map(|example| (example, true));
        let examples = examples.chain(rule.examples.pass.iter().map(|example| (example, false)));
        let mut outcomes = Vec::new();
        for (example, must_fire) in examples {
            let mut outcome = of(example, must_fire);
            match &trial {
                Some(trial) => self.example(trial, example, &languages, &mut outcome),
                None => outcome.error = format!("examples prove nothing for rules of kind `{}`", kind.name),
            }
            outcomes.push(outcome);
        }
        let proven: BTreeSet<&String> =
            outcomes.iter().filter(|outcome| outcome.must_fire).flat_map(|outcome| &outcome.fired).collect();
        let languages = if trial.is_some() { languages } else { Vec::new() };
        let unproven = languages.into_iter().filter(|language| !proven.contains(language)).collect();
        Some(RuleExamples { rule: rule.id.clone(), outcomes, unproven })
    }

    /// Returns the languages that the rule is about; none for an expression over text.
    fn languages(&self, rule: &Rule, enforcement: &dyn Enforcement) -> Vec<String> {
        let patterns = enforcement.patterns();
        let mut languages: BTreeSet<String> =
            patterns.iter().filter_map(|pattern| pattern.language().map(str::to_owned)).collect();
        if languages.contains("typescript") {
            // Covered along with the other; whoever wrote the rule did not name it.
            languages.remove("tsx");
        }
        if patterns.is_empty() {
            let systems = rule.scope.systems.iter().filter_map(|id| self.specification.systems.get(id));
            let named = systems.flat_map(|system| &system.languages);
            languages.extend(named.filter_map(|name| language_id(name)).map(str::to_owned));
        }
        languages.into_iter().collect()
    }

    /// Prepares the rule as if it were enforced everywhere.
    fn trial(&self, rule: &Rule, enforcement: Box<dyn Enforcement>) -> Option<Trial> {
        let mut rule = rule.clone();
        rule.status = Status::Enforced;
        rule.status_by_system.clear();
        rule.applies_to = AppliesTo::All;
        rule.scope.paths.clear();
        rule.scope.exclude.clear();
        let id = rule.scope.systems.first().cloned().unwrap_or_default();
        let hosted = vec![HostedSystem { id, root: String::new() }];
        let scope = ScopeIn::of(&rule, &hosted).ok()?;
        let policy = enforcement.policy().map_or(String::new(), |(_, name)| name.to_owned());
        let rules = std::iter::once((rule.id.clone(), EnforcedRule { rule, scope, enforcement })).collect();
        let book = RuleBook { specification: Specification::default(), hosted, rules };
        let (extractor, _) = Extractor::new(self.limits, &[]);
        let extractor = extractor.with_code(&book.patterns());
        Some(Trial { book, extractor, policy })
    }

    fn example(&mut self, trial: &Trial, example: &Example, languages: &[String], outcome: &mut ExampleOutcome) {
        let own = example.language.as_deref().map(|name| language_id(name).unwrap_or(name).to_owned());
        outcome.tried = own.map_or_else(|| languages.to_vec(), |own| vec![own]);
        let plain = outcome.tried.is_empty();
        let tried = if plain { vec!["text".to_owned()] } else { outcome.tried.clone() };
        for language in tried {
            let text = example_file(&language, &example.code);
            match self.fires(trial, &file_name(&language), text) {
                Ok(true) => outcome.fired.push(language),
                Ok(false) => {}
                Err(error) => outcome.error = error,
            }
        }
    }

    /// Says whether the rule finds something in a change that adds one file.
    fn fires(&mut self, trial: &Trial, path: &str, text: String) -> Result<bool, String> {
        let new = Some(Blob { bytes: text.clone().into_bytes() });
        let (path, class) = (path.to_owned(), FileClass::Source);
        let (old_path, known) = (path.clone(), None);
        let task = ReadTask { path: path.clone(), old_path, class, old: None, new, known, learn: false };
        let facts = trial.extractor.read(&task);
        if let Some((code, message)) = facts.faults.first() {
            return Err(format!("{code}: {message}"));
        }
        let mut change = Change::default();
        let side = Side { id: String::new(), kind: EntryKind::File };
        let file = ChangedFile {
            path: path.clone(),
            old_path: path.clone(),
            status: FileStatus::Added,
            old: None,
            new: Some(side),
        };
        change.files = vec![file];
        let input = assemble(Collected {
            change: &change,
            facts: std::iter::once((path.clone(), facts)).collect(),
            classifier: &Classifier::new(&PathGlobs::default()),
            owners: &Owners::default(),
            provenance: Provenance::default(),
            governance: Vec::new(),
            completeness: Completeness::of(Vec::new()),
        });
        let results = if trial.policy.is_empty() { BTreeMap::new() } else { self.results(trial, &input)? };
        let texts = |wanted: &str| (wanted == path).then(|| text.clone());
        let enforced = super::judge(&trial.book, &input, &results, UnknownLines::Ai, &texts, None);
        Ok(!enforced.drafts.is_empty())
    }

    /// Evaluates the rule's policy.
    fn results(&mut self, trial: &Trial, input: &InputDocument) -> Result<BTreeMap<RuleId, Vec<RuleResult>>, String> {
        let (loaded, engines) = self.policies();
        if let Some(fault) = loaded.faults.first() {
            return Err(format!("{}:{}: {}", fault.path, fault.line, fault.message));
        }
        let json = serde_json::to_vec(input).map_err(|error| error.to_string())?;
        let document = Document::from_json(&json)?;
        let mut evaluations: Vec<(&crate::policies::Package, Evaluation)> = Vec::new();
        for (index, package) in loaded.packages.iter().enumerate() {
            let target = match package.scope {
                Scope::File => Target::File(0),
                Scope::Change | Scope::Document | Scope::Review => Target::Change,
            };
            if package.rules.iter().any(|rule| format!("data.{}.{}", package.name, rule.entry) == trial.policy) {
                evaluations.push((package, engines.evaluate(index, &document, target, &BTreeSet::new())));
            }
        }
        let faults = evaluations.iter().flat_map(|(_, evaluation)| &evaluation.faults);
        if let Some(fault) = faults.into_iter().next() {
            return Err(format!("{}:{}: {}", fault.path, fault.line, fault.message));
        }
        let evaluations: Vec<_> = evaluations.iter().map(|(package, evaluation)| (*package, evaluation)).collect();
        Ok(rego::results_by_rule(&trial.book, &evaluations))
    }

    fn policies(&mut self) -> &(Loaded, Engines) {
        let Self { specification, limits, policies } = self;
        policies.get_or_insert_with(|| {
            let spec = spec_data::json_of(specification, &[]);
            let data = DataSource {
                pack: rego::PACK.to_owned(),
                path: "specification.json".to_owned(),
                at: vec!["spec".to_owned()],
                text: spec.to_string(),
            };
            let policies = rego::sources(specification, str::to_owned);
            let set = PolicySet { policies, data: vec![data], ..PolicySet::default() };
            loader::load(&set, &BTreeMap::new(), limits)
        })
    }
}
