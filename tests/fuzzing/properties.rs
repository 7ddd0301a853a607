//! Properties of the decision over generated findings: more never lowers it, and order never matters.

use portcullis::completeness::{Completeness, Reason};
use portcullis::finding::{Severity, Status};
use portcullis::review::Requirement;
use portcullis::verdict::{FailOn, Verdict, Weight, decide};

use super::Dice;
use super::bodies::{escapers, naughty};

const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];
const STATUSES: [Status; 5] = [Status::Retired, Status::Draft, Status::Observe, Status::Advisory, Status::Enforced];
const FAIL_ONS: [FailOn; 3] = [FailOn::Error, FailOn::Warning, FailOn::Never];

/// What a decision is made of.
#[derive(Clone)]
struct Case {
    reasons: Vec<Reason>,
    weights: Vec<Weight>,
    requirements: Vec<Requirement>,
    fail_on: FailOn,
}

impl Case {
    fn of(dice: &mut Dice) -> Self {
        let weights = (0..dice.below(6)).map(|_| weight(dice)).collect();
        let requirements = (0..dice.below(4)).map(|_| requirement(dice)).collect();
        let reasons = (0..dice.below(8) / 7).map(|_| Reason::new("x", "y", "z")).collect();
        Self { reasons, weights, requirements, fail_on: FAIL_ONS[dice.below(3)] }
    }

    fn verdict(&self) -> Verdict {
        let completeness = Completeness::of(self.reasons.clone());
        decide(&completeness, self.weights.iter().copied(), &self.requirements, self.fail_on)
    }
}

fn weight(dice: &mut Dice) -> Weight {
    Weight {
        severity: SEVERITIES[dice.below(3)],
        status: STATUSES[dice.below(5)],
        waived: dice.below(2) == 0,
        gates: dice.below(2) == 0,
    }
}

fn requirement(dice: &mut Dice) -> Requirement {
    Requirement { met: dice.below(2) == 0, ..Requirement::default() }
}

fn shuffled<T: Clone>(items: &[T], dice: &mut Dice) -> Vec<T> {
    let mut rest = items.to_vec();
    let mut mixed = Vec::new();
    while !rest.is_empty() {
        mixed.push(rest.remove(dice.below(rest.len())));
    }
    mixed
}

#[test]
fn more_findings_reasons_and_requirements_never_lower_the_verdict() {
    let mut dice = Dice::new(1);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20_000 {
        let case = Case::of(&mut dice);
        let mut more = case.clone();
        match dice.below(3) {
            0 => more.weights.push(weight(&mut dice)),
            1 => more.requirements.push(requirement(&mut dice)),
            _ => more.reasons.push(Reason::new("x", "y", "z")),
        }
        assert!(more.verdict() >= case.verdict(), "{:?} and then {:?}", case.weights, more.weights);
        seen.insert(case.verdict());
    }
    assert_eq!(seen.len(), 4, "the generator reaches every verdict: {seen:?}");
}

#[test]
fn order_of_findings_and_requirements_never_matters() {
    let mut dice = Dice::new(2);
    for _ in 0..20_000 {
        let case = Case::of(&mut dice);
        let mut other = case.clone();
        other.weights = shuffled(&case.weights, &mut dice);
        other.requirements = shuffled(&case.requirements, &mut dice);
        assert_eq!(other.verdict(), case.verdict());
    }
}

#[test]
fn a_waiver_and_an_advisory_status_are_all_that_lowers_an_error() {
    let mut dice = Dice::new(3);
    for _ in 0..20_000 {
        let case = Case::of(&mut dice);
        let mut strict = case.clone();
        for weight in &mut strict.weights {
            (weight.waived, weight.gates, weight.status) = (false, true, Status::Enforced);
        }
        assert!(strict.verdict() >= case.verdict());
    }
}

#[test]
fn two_naughty_strings_together_reach_no_sink_either_rows_26_27_28_36_37_38() {
    let strings: Vec<String> = naughty::strings().into_iter().filter(|text| text.len() < 300).collect();
    let mut dice = Dice::new(4);
    for _ in 0..1_500 {
        let pair = [&strings[dice.below(strings.len())], &strings[dice.below(strings.len())]];
        let [first, second] = pair.map(String::as_str);
        escapers(format!("{first}{second}").as_bytes());
    }
}
