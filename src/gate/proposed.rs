//! Head's specification and configuration as subject matter: would the gate still know its rules once this is merged?
//!
//! Owns the finding about a change that breaks the specification, and the words for one that mends it. Head's
//! specification is loaded and its rules are compiled, none of them is asked.

use serde::{Deserialize, Serialize};

use crate::completeness::Reason;
use crate::configuration::FILE_NAME;
use crate::diagnostic::{UsageError, shortened};
use crate::enforcement::RuleBook;
use crate::enforcement::rego::faults::faults as policy_faults;
use crate::finding::draft::{Draft, Judged};
use crate::finding::{Finding, Position, RuleId, Severity, Source, SourceKind, Status};
use crate::specification::files::SpecificationFiles;
use crate::specification::hosted::HostedSystem;
use crate::specification::load;
use crate::untrusted::Untrusted;

/// The id of the finding.
pub(crate) const RULE: &str = "governance/broken-specification";
/// The same of the configuration.
pub(crate) const OF_CONFIGURATION: &str = "governance/broken-configuration";
/// The code of reasons that a specification which does not load gives.
const FAULT: &str = "specification-fault";
/// Faults that are findings of their own; one more says how many are left.
const MOST: usize = 50;

/// What the change makes of the specification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proposed {
    /// It is not touched, or loads before and after.
    #[default]
    Sound,
    /// Base's loads, or there is none, and head's does not.
    Breaks(Vec<ProposedFault>),
    /// Base's does not load, and head's does.
    Mends,
    /// Neither loads; the first fault that is left.
    Leaves(ProposedFault),
}

/// One fault of head's specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedFault {
    /// The file from the root of the repository, or empty.
    pub file: String,
    /// Line from 1, or 0.
    pub line: u32,
    /// Column from 1, or 0.
    pub column: u32,
    /// What is wrong.
    pub title: String,
    /// What to do.
    pub help: String,
}

impl From<&UsageError> for ProposedFault {
    fn from(fault: &UsageError) -> Self {
        let frame = fault.frame.as_ref();
        Self {
            file: frame.map(|frame| frame.file.clone()).unwrap_or_default(),
            line: frame.map_or(0, |frame| frame.place.line),
            column: frame.map_or(0, |frame| frame.place.column),
            title: fault.title.clone(),
            help: fault.help.clone(),
        }
    }
}

impl ProposedFault {
    fn place(&self) -> String {
        if self.file.is_empty() {
            return String::new();
        }
        format!("{}:{}:{}: ", shortened(&self.file), self.line, self.column)
    }
}

impl Proposed {
    /// Compares both sides; base is none where it has no specification.
    pub(super) fn of(base: Option<&SpecificationFiles>, head: &Result<SpecificationFiles, String>) -> Self {
        let broken = base.is_some_and(|base| !faults_of(base).is_empty());
        let faults: Vec<ProposedFault> = match head {
            Ok(head) => faults_of(head).iter().map(ProposedFault::from).collect(),
            Err(why) => vec![ProposedFault::from(&UsageError::new(
                why.clone(),
                "make the specification of the change readable",
            ))],
        };
        match (broken, faults.first()) {
            (false, None) => Self::Sound,
            (true, None) => Self::Mends,
            (false, Some(_)) => Self::Breaks(faults),
            (true, Some(first)) => Self::Leaves(first.clone()),
        }
    }

    /// Adds what is wrong with head's configuration.
    pub(super) fn with_configuration(self, faults: &[UsageError]) -> Self {
        if faults.is_empty() {
            return self;
        }
        let mut all: Vec<ProposedFault> = faults.iter().map(ProposedFault::from).collect();
        if let Self::Breaks(others) = self {
            all.extend(others);
        }
        Self::Breaks(all)
    }

    /// Returns the findings, without their fingerprints yet.
    pub(super) fn drafts(&self) -> Vec<Draft> {
        let Self::Breaks(faults) = self else { return Vec::new() };
        let mut drafts: Vec<Draft> = faults.iter().take(MOST).map(draft).collect();
        let left = faults.len().saturating_sub(MOST);
        if left > 0 {
            let title = format!("{left} more faults");
            drafts.push(draft(&ProposedFault::from(&UsageError::new(title, "Run `portcullis spec lint`."))));
        }
        drafts
    }

    /// Says beside a fault of base's specification what this change does about it.
    pub(super) fn beside(&self, reason: Reason) -> Reason {
        if reason.code != FAULT {
            return reason;
        }
        let remedy = match self {
            Self::Mends => "this change mends it: have its owners review it, and somebody merge it who may merge past \
                            this check (an administrator); no rule of a broken specification can be asked"
                .to_owned(),
            Self::Leaves(fault) => {
                format!("this change does not mend it yet: {}{}", fault.place(), shortened(&fault.title))
            }
            Self::Sound | Self::Breaks(_) => return reason,
        };
        Reason { remedy: remedy.into(), ..reason }
    }
}

/// Returns what is wrong with a specification by itself; which systems a repository holds is no part of that.
fn faults_of(files: &SpecificationFiles) -> Vec<UsageError> {
    let (specification, faults) = load(files);
    if !faults.is_empty() {
        return faults;
    }
    let systems = specification.systems.keys();
    let hosted = systems.map(|id| HostedSystem { id: id.clone(), root: String::new() }).collect();
    let (book, mut faults) = RuleBook::of(specification, hosted);
    faults.extend(policy_faults(&book, files));
    faults
}

/// What is said of a fault.
struct Words {
    rule: &'static str,
    title: &'static str,
    fails: &'static str,
    why: &'static str,
    help: &'static str,
}

const SPECIFICATION: Words = Words {
    rule: RULE,
    title: "The specification must load",
    fails: "specification does not load",
    why: "Once merged, a specification that does not load leaves every change undecided, also the one that mends it.",
    help: "Correct it; `portcullis spec lint` shows every fault.",
};

const CONFIGURATION: Words = Words {
    rule: OF_CONFIGURATION,
    title: "The configuration must be readable",
    fails: "configuration cannot be read",
    why: "Once merged, a configuration that cannot be read ends every check, also that of the change that mends it.",
    help: "Correct it; `portcullis check --trust worktree --worktree` shows every fault.",
};

fn draft(fault: &ProposedFault) -> Draft {
    let at = Position { line: fault.line.max(1), column: fault.column.max(1) };
    let placed = !fault.file.is_empty();
    let words = if fault.file == FILE_NAME { &CONFIGURATION } else { &SPECIFICATION };
    let help = if fault.help.is_empty() { words.help } else { &fault.help };
    let finding = Finding {
        rule: RuleId::new(words.rule).expect("letters, hyphens and a slash"),
        title: words.title.into(),
        message: Untrusted::new(format!("head's {}: {}{}", words.fails, fault.place(), fault.title)),
        severity: Severity::Error,
        status: Status::Enforced,
        path: placed.then(|| Untrusted::new(fault.file.clone())),
        start: placed.then_some(at),
        end: placed.then_some(at),
        fix: help.into(),
        rationale: words.why.into(),
        source: Source { kind: SourceKind::Builtin, path: Untrusted::new("governance"), line: 0 },
        owner: Untrusted::default(),
        links: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        metadata: std::collections::BTreeMap::new(),
        waived_by: None,
    };
    let anchor = fault.title.clone();
    Draft { judged: Judged { finding, gates: true }, fingerprint_path: fault.file.clone(), anchor }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{MOST, Proposed, ProposedFault};
    use crate::completeness::Reason;
    use crate::specification::files::{SpecificationFile, SpecificationFiles};

    fn files(teams: &str) -> SpecificationFiles {
        let manifest = "schema: 1\nname: shop\nversion: 1.0.0\n";
        let texts = [("portcullis-spec.yaml", manifest), ("teams.yaml", teams)];
        let files = texts.map(|(path, text)| (path.to_owned(), SpecificationFile(text.as_bytes().to_vec())));
        SpecificationFiles { files: BTreeMap::from(files), folder: "spec".to_owned(), ..SpecificationFiles::default() }
    }

    const GOOD: &str = "teams:\n  - {id: core, title: Core, handles: [\"@acme/core\"], approves: [2, 3]}\n";
    const BAD: &str = "teams: no\n";

    #[test]
    fn breaking_is_a_finding_at_its_place_and_mending_is_none() {
        let (bad, none) = (files(BAD), Ok(files(GOOD)));
        let sound = none.clone().unwrap();
        let broken = Proposed::of(Some(&sound), &Ok(bad.clone()));
        let (Proposed::Breaks(faults), drafts) = (&broken, broken.drafts()) else { panic!("{broken:?}") };
        assert_eq!((faults[0].file.as_str(), faults[0].line), ("spec/teams.yaml", 1));
        let message = drafts[0].judged.finding.message.raw();
        assert!(message.contains("spec/teams.yaml:1:"), "{message}");
        assert!(drafts[0].judged.gates);
        assert_eq!(Proposed::of(Some(&sound), &none), Proposed::Sound);
        assert_eq!(Proposed::of(Some(&bad), &none), Proposed::Mends);
        assert!(Proposed::Mends.drafts().is_empty());
        assert!(matches!(Proposed::of(None, &Ok(bad.clone())), Proposed::Breaks(_)), "a first one must load as well");
        assert!(matches!(Proposed::of(Some(&bad), &Ok(bad.clone())), Proposed::Leaves(_)));
    }

    #[test]
    fn a_reason_says_what_the_change_does_about_it_and_another_reason_stays() {
        let fault = Reason::new("specification-fault", "x", "correct it");
        let other = Reason::new("missing-object", "x", "fetch it");
        let mended = Proposed::Mends.beside(fault.clone());
        assert!(mended.remedy.raw().starts_with("this change mends it"), "{mended:?}");
        assert!(mended.remedy.raw().contains("merge past this check"));
        assert_eq!(Proposed::Mends.beside(other.clone()), other);
        assert_eq!(Proposed::Sound.beside(fault.clone()), fault);
    }

    #[test]
    fn many_faults_are_counted_past_a_bound() {
        let fault = ProposedFault { file: "a".into(), line: 1, column: 1, title: "x".into(), help: String::new() };
        let drafts = Proposed::Breaks(vec![fault; MOST + 7]).drafts();
        assert_eq!(drafts.len(), MOST + 1);
        assert!(drafts[MOST].judged.finding.message.raw().ends_with("7 more faults"));
    }
}
