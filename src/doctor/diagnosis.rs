//! What `doctor` says: findings, what is not known, and the exit code.
//!
//! Owns the document and its order. Every text from outside stays as it is here; whoever prints it escapes it for his sink.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::checks::CHECKS;
use super::remedy::Fix;
use super::{Examined, Judgement};
use crate::forge::settings::{Gap, Reach, Read, Settings};

/// The name and version of the document.
pub const SCHEMA: &str = "portcullis.doctor/v1";

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "portcullis.doctor/v1")]
pub struct Diagnosis {
    /// `portcullis.doctor/v1`.
    pub schema: &'static str,
    /// 0 nothing found, 1 at least one way around, 4 something is not known (whatever was found).
    pub exit_code: u8,
    /// `github` or `gitlab`.
    pub forge: &'static str,
    /// `owner/name`, or the path of the project; empty where that is not known.
    pub project: String,
    /// The branch that changes want into; empty where that is not known.
    pub branch: String,
    /// Where the files were read: a commit, or the work tree.
    pub files: String,
    /// The ways around, sorted by check and place.
    pub findings: Vec<Finding>,
    /// What is not known, sorted.
    pub unknown: Vec<Unknown>,
    /// Checks that found nothing, sorted.
    pub held: Vec<&'static str>,
    /// What the token reaches, in the order in which the gate asks.
    pub reach: Vec<Reached>,
}

/// A way around the gate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Finding {
    /// The check.
    pub id: &'static str,
    /// A setting, or a file with its line.
    pub place: String,
    /// What somebody can do with it.
    pub what: String,
    /// What closes it.
    pub remedy: String,
    /// What closes it, ready to be copied.
    pub fix: Vec<Copied>,
    /// Whether `--accept` named the check; it then has no part in the exit code.
    pub accepted: bool,
}

/// Something to copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Copied {
    /// `command`, a line for a POSIX shell, or the name of a file.
    pub into: String,
    /// What is copied.
    pub text: String,
}

/// Something that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unknown {
    /// What was asked.
    pub request: String,
    /// Why there is no answer.
    pub why: String,
    /// What would tell.
    pub needs: String,
    /// The checks that cannot be answered without it, sorted.
    pub checks: Vec<&'static str>,
    /// Whether `--accept` named all of them; it then has no part in the exit code.
    pub accepted: bool,
}

/// A call that the gate makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reached {
    /// What it is for.
    pub call: &'static str,
    /// `yes`, `no`, or why that is not known.
    pub may: String,
    /// What it needs.
    pub needs: &'static str,
}

/// Returns the JSON Schema of the document.
#[must_use]
pub fn doctor_schema() -> serde_json::Value {
    schemars::schema_for!(Diagnosis).to_value()
}

/// The exit code where a way around was found.
const FOUND: u8 = 1;

/// The exit code where something is not known.
const UNKNOWN: u8 = 4;

/// Runs every check of the forge.
#[must_use]
pub fn diagnose(examined: &Examined, accepted: &BTreeSet<String>) -> Diagnosis {
    let mut findings = Vec::new();
    let mut gaps: BTreeMap<Gap, BTreeSet<&'static str>> = BTreeMap::new();
    let mut held = Vec::new();
    for check in CHECKS.iter().filter(|check| check.of.is(examined.forge)) {
        let judgement = (check.judge)(examined);
        if judgement == Judgement::holds() {
            held.push(check.id);
        }
        let is_accepted = accepted.contains(check.id);
        findings.extend(judgement.ways.into_iter().map(|way| Finding {
            id: check.id,
            place: way.place,
            what: way.what,
            remedy: way.remedy,
            fix: way.fixes.into_iter().map(copied).collect(),
            accepted: is_accepted,
        }));
        for gap in judgement.gaps {
            gaps.entry(gap).or_default().insert(check.id);
        }
    }
    findings.sort();
    findings.dedup();
    let unknown: Vec<Unknown> = gaps.into_iter().map(|(gap, checks)| unknown(gap, checks, accepted)).collect();
    let open = |accepted: bool| !accepted;
    let exit_code = match (unknown.iter().any(|one| open(one.accepted)), findings.iter().any(|one| open(one.accepted)))
    {
        (true, _) => UNKNOWN,
        (false, true) => FOUND,
        (false, false) => 0,
    };
    Diagnosis {
        schema: SCHEMA,
        exit_code,
        forge: examined.forge.name(),
        project: examined.project.clone(),
        branch: examined.branch.clone(),
        files: examined.files.source.clone(),
        findings,
        unknown,
        held,
        reach: reached(examined),
    }
}

fn copied(fix: Fix) -> Copied {
    match fix {
        Fix::Command(text) => Copied { into: "command".to_owned(), text },
        Fix::Edit(file, text) => Copied { into: file, text },
    }
}

fn unknown(gap: Gap, checks: BTreeSet<&'static str>, accepted: &BTreeSet<String>) -> Unknown {
    Unknown {
        request: gap.request,
        why: gap.why,
        needs: gap.needs,
        accepted: checks.iter().all(|id| accepted.contains(*id)),
        checks: checks.into_iter().collect(),
    }
}

fn reached(examined: &Examined) -> Vec<Reached> {
    let reach = match &examined.settings {
        Ok(Settings::Github(settings)) => settings.reach.as_slice(),
        Ok(Settings::Gitlab(settings)) => settings.reach.as_slice(),
        Err(_) => &[],
    };
    let word = |one: &Reach| match &one.may {
        Read::Known(true) => "yes".to_owned(),
        Read::Known(false) => "no".to_owned(),
        Read::Unknown(gap) => format!("not known: {}", gap.why),
    };
    reach.iter().map(|one| Reached { call: one.call, may: word(one), needs: one.needs }).collect()
}
