//! Findings, requirements and completeness -> one verdict. A pure function in numbered steps.
//!
//! Owns the decision. Must not read, write, or know any rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::completeness::Completeness;
use crate::finding::draft::Judged;
use crate::finding::{Severity, Status};
use crate::review::Requirement;

/// The answer, least strict first; two are combined by `max`. There is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing stands against the change.
    Pass,
    /// People must look at it first.
    Review,
    /// A rule is violated.
    Fail,
    /// Something could not be checked.
    Undecided,
}

impl Verdict {
    /// Returns its word, as the document has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Fail => "fail",
            Self::Undecided => "undecided",
        }
    }

    /// Returns the exit code; 2 is kept for a wrong command line or configuration.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Fail => 1,
            Self::Review => 3,
            Self::Undecided => 4,
        }
    }
}

/// From which severity on an enforced finding fails the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings too.
    Warning,
    /// Nothing fails; findings are shown.
    Never,
}

/// What the verdict weighs of one finding; texts and places play no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// How bad it is.
    pub severity: Severity,
    /// How far its rule has been rolled out.
    pub status: Status,
    /// A waiver or an exception of the trusted side covers it.
    pub waived: bool,
    /// False for results of `warn` rules, which never gate.
    pub gates: bool,
}

impl From<&Judged> for Weight {
    fn from(Judged { finding, gates }: &Judged) -> Self {
        let waived = finding.waived_by.is_some();
        Self { severity: finding.severity, status: finding.status, waived, gates: *gates }
    }
}

/// Returns the verdict: the maximum over what each step says.
///
/// 1. Something could not be collected or loaded: `undecided`. What could be decided is reported all the same.
/// 2. A finding that gates: `fail`. Approvals never turn that into a pass; only a waiver does.
/// 3. and 4. A requirement of the review that is not met: `review`.
/// 5. The maximum of these, or `pass`.
#[must_use]
pub fn decide(
    completeness: &Completeness,
    findings: impl IntoIterator<Item = Weight>,
    requirements: &[Requirement],
    fail_on: FailOn,
) -> Verdict {
    let collected = if completeness.complete { Verdict::Pass } else { Verdict::Undecided };
    let findings = findings.into_iter().map(|weight| weigh(weight, fail_on)).max().unwrap_or(Verdict::Pass);
    let unmet = requirements.iter().any(|requirement| !requirement.met);
    let review = if unmet { Verdict::Review } else { Verdict::Pass };
    collected.max(findings).max(review)
}

/// Returns what one finding asks for.
fn weigh(weight: Weight, fail_on: FailOn) -> Verdict {
    let severe = match fail_on {
        FailOn::Error => weight.severity >= Severity::Error,
        FailOn::Warning => weight.severity >= Severity::Warning,
        FailOn::Never => false,
    };
    let blocks = weight.status == Status::Enforced && weight.gates && !weight.waived && severe;
    if blocks { Verdict::Fail } else { Verdict::Pass }
}

#[cfg(test)]
mod tests {
    use super::{FailOn, Verdict, Weight, decide, weigh};
    use crate::completeness::{Completeness, Reason};
    use crate::finding::{Severity, Status};
    use crate::review::Requirement;

    const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];
    const STATUSES: [Status; 5] = [Status::Retired, Status::Draft, Status::Observe, Status::Advisory, Status::Enforced];
    const FAIL_ONS: [FailOn; 3] = [FailOn::Error, FailOn::Warning, FailOn::Never];

    fn all_weights() -> Vec<Weight> {
        let mut weights = Vec::new();
        for severity in SEVERITIES {
            for status in STATUSES {
                for (waived, gates) in [(false, false), (false, true), (true, false), (true, true)] {
                    weights.push(Weight { severity, status, waived, gates });
                }
            }
        }
        weights
    }

    fn complete() -> Completeness {
        Completeness::of(Vec::new())
    }

    fn requirement(met: bool) -> Requirement {
        Requirement {
            id: "layer-3".to_owned(),
            layer: 3,
            team: "".into(),
            count: 1,
            reason: "".into(),
            rules: Vec::new(),
            met,
            ..Requirement::default()
        }
    }

    #[test]
    fn an_enforced_error_fails_and_an_advisory_one_does_not() {
        let mut weight = Weight { severity: Severity::Error, status: Status::Enforced, waived: false, gates: true };
        assert_eq!(weigh(weight, FailOn::Error), Verdict::Fail);
        weight.status = Status::Advisory;
        assert_eq!(weigh(weight, FailOn::Error), Verdict::Pass);
    }

    #[test]
    fn a_warn_rule_never_gates_even_when_warnings_fail() {
        let weight = Weight { severity: Severity::Warning, status: Status::Enforced, waived: false, gates: false };
        assert_eq!(weigh(weight, FailOn::Warning), Verdict::Pass);
        assert_eq!(weigh(Weight { gates: true, ..weight }, FailOn::Warning), Verdict::Fail);
    }

    #[test]
    fn adding_a_finding_never_lowers_the_verdict() {
        for fail_on in FAIL_ONS {
            for first in all_weights() {
                let alone = decide(&complete(), [first], &[], fail_on);
                for second in all_weights() {
                    assert!(decide(&complete(), [first, second], &[], fail_on) >= alone);
                    assert_eq!(
                        decide(&complete(), [first, second], &[], fail_on),
                        decide(&complete(), [second, first], &[], fail_on)
                    );
                }
            }
        }
    }

    #[test]
    fn a_waiver_and_nothing_else_turns_a_fail_into_a_pass() {
        let failing: Vec<Weight> =
            all_weights().into_iter().filter(|weight| weigh(*weight, FailOn::Warning) == Verdict::Fail).collect();
        assert_eq!(failing.len(), 2);
        for weight in failing {
            assert_eq!(weigh(Weight { waived: true, ..weight }, FailOn::Warning), Verdict::Pass);
            assert_eq!(decide(&complete(), [weight], &[requirement(true)], FailOn::Warning), Verdict::Fail);
        }
    }

    #[test]
    fn what_is_missing_outweighs_everything() {
        let missing = Completeness::of(vec![Reason::new("missing-object", "gone", "git fetch")]);
        for weight in all_weights() {
            assert_eq!(decide(&missing, [weight], &[requirement(false)], FailOn::Error), Verdict::Undecided);
        }
        assert_eq!(decide(&missing, [], &[], FailOn::Never), Verdict::Undecided);
    }

    #[test]
    fn an_unmet_requirement_asks_for_review_and_a_met_one_does_not() {
        assert_eq!(decide(&complete(), [], &[requirement(false)], FailOn::Error), Verdict::Review);
        assert_eq!(decide(&complete(), [], &[requirement(true)], FailOn::Error), Verdict::Pass);
        assert_eq!(decide(&complete(), [], &[requirement(true), requirement(false)], FailOn::Error), Verdict::Review);
    }

    #[test]
    fn verdicts_are_ordered_and_have_the_published_exit_codes() {
        let ordered = [Verdict::Pass, Verdict::Review, Verdict::Fail, Verdict::Undecided];
        assert!(ordered.is_sorted());
        assert_eq!(ordered.map(Verdict::exit_code), [0, 3, 1, 4]);
        assert_eq!(ordered.map(Verdict::word), ["pass", "review", "fail", "undecided"]);
    }
}
