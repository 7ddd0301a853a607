//! How deep the review of this change must be, and who must give it.
//!
//! Owns requirements and (later) the judgement of approvals. Must not ask a forge: approvals arrive as plain values.

pub mod state;
pub mod unread;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::RuleId;
use crate::untrusted::Untrusted;

/// A policy's wish that people look at the change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReviewRequest {
    /// The rule that asks.
    pub rule: RuleId,
    /// Why, as a sentence.
    pub reason: Untrusted,
    /// 1 automated, 2 team, 3 architecture.
    pub layer: u8,
    /// The team asked, or empty for anyone who may approve this layer.
    pub team: Untrusted,
    /// How many approvals.
    pub count: u32,
}

/// Who must approve, why, and whether that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// Stable id: `layer-<n>` or `layer-<n>/<team>`.
    pub id: String,
    /// 1 automated, 2 team, 3 architecture.
    pub layer: u8,
    /// The team asked, or empty for anyone who may approve this layer.
    pub team: Untrusted,
    /// How many approvals.
    pub count: u32,
    /// Why: one line a reason, sorted.
    pub reason: Untrusted,
    /// The rules that asked, sorted.
    pub rules: Vec<RuleId>,
    /// Whether enough approvals count.
    pub met: bool,
    /// Approvals seen, counted or not.
    pub approvals: Vec<Approval>,
}

/// One approval and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Who.
    pub login: Untrusted,
    /// Whether it counts.
    pub counts: bool,
    /// Why not, or empty.
    pub why_not: Untrusted,
}

/// The review that this change needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// The deepest layer asked for, at least 1.
    pub layer: u8,
    /// What must be met, deepest layer first.
    pub requirements: Vec<Requirement>,
}

impl Review {
    /// Returns the review that `requests` add up to: one requirement a layer and team, deepest layer first.
    ///
    /// A larger count or another reason joins the requirement of the same layer and team, so that no request is lost
    /// and none is asked twice. Nothing is met yet: approvals are judged where the forge was asked.
    #[must_use]
    pub fn of(requests: &[ReviewRequest]) -> Self {
        let mut grouped: BTreeMap<(Reverse<u8>, Untrusted), Vec<&ReviewRequest>> = BTreeMap::new();
        for request in requests.iter().filter(|request| request.layer > 1) {
            grouped.entry((Reverse(request.layer), request.team.clone())).or_default().push(request);
        }
        let requirements: Vec<Requirement> =
            grouped.into_iter().map(|((Reverse(layer), team), requests)| requirement(layer, team, &requests)).collect();
        let layer = requirements.iter().map(|requirement| requirement.layer).max().unwrap_or(1);
        Self { layer, requirements }
    }
}

fn requirement(layer: u8, team: Untrusted, requests: &[&ReviewRequest]) -> Requirement {
    // A reason is one line, so that a report can list them.
    let reasons: BTreeSet<String> =
        requests.iter().map(|request| request.reason.raw().replace(['\r', '\n'], " ")).collect();
    let rules: BTreeSet<&RuleId> = requests.iter().map(|request| &request.rule).collect();
    let id = if team.is_empty() { format!("layer-{layer}") } else { format!("layer-{layer}/{}", team.raw()) };
    Requirement {
        id,
        layer,
        team,
        count: requests.iter().map(|request| request.count.max(1)).max().unwrap_or(1),
        reason: Untrusted::new(reasons.into_iter().collect::<Vec<_>>().join("\n")),
        rules: rules.into_iter().cloned().collect(),
        met: false,
        approvals: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Review, ReviewRequest};
    use crate::finding::RuleId;

    fn request(rule: &str, layer: u8, team: &str, count: u32) -> ReviewRequest {
        ReviewRequest { rule: RuleId::new(rule).unwrap(), reason: rule.into(), layer, team: team.into(), count }
    }

    #[test]
    fn nothing_asked_is_layer_one_without_requirements() {
        assert_eq!(Review::of(&[]), Review { layer: 1, requirements: Vec::new() });
        assert_eq!(Review::of(&[request("a", 1, "", 1)]).requirements, Vec::new());
    }

    #[test]
    fn requests_of_one_layer_and_team_join_with_the_largest_count() {
        let review = Review::of(&[request("b", 2, "web", 1), request("a", 2, "web", 2), request("c", 3, "", 1)]);
        assert_eq!(review.layer, 3);
        let ids: Vec<&str> = review.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
        assert_eq!(ids, ["layer-3", "layer-2/web"]);
        assert_eq!(review.requirements[1].count, 2);
        assert_eq!(review.requirements[1].rules.len(), 2);
    }

    #[test]
    fn equal_reasons_are_told_once_and_every_reason_is_one_line() {
        let mut broken = request("c", 2, "", 1);
        broken.reason = "two\nlines; and more".into();
        let review = Review::of(&[broken, request("b", 2, "", 1), request("b", 2, "", 1)]);
        assert_eq!(review.requirements[0].reason.raw(), "b\ntwo lines; and more");
    }

    #[test]
    fn order_of_requests_never_matters() {
        let requests = [request("b", 2, "web", 1), request("a", 2, "", 2), request("c", 3, "", 1)];
        let mut reversed = requests.to_vec();
        reversed.reverse();
        assert_eq!(Review::of(&requests), Review::of(&reversed));
    }

    #[test]
    fn another_request_never_lowers_the_layer() {
        for layer in 1..=3 {
            let before = Review::of(&[request("a", layer, "", 1)]);
            for more in 1..=3 {
                assert!(Review::of(&[request("a", layer, "", 1), request("b", more, "", 1)]).layer >= before.layer);
            }
        }
    }
}
