//! Everything that is published, each part by itself.
//!
//! Owns the order and the one line that is told of a part that could not be written. A refusal is what a fork's token
//! meets every day: it is told, never an error, and never changes the verdict. Must not render.

use serde_json::Value;

use crate::forge::patience::Patience;
use crate::forge::publication::Publication;

use super::GitHub;
use super::line::Trouble;

impl GitHub {
    /// Writes all parts that are asked for; returns a line for each that could not be written.
    pub(super) async fn publish_all(&self, what: &Publication) -> Vec<String> {
        let patience = self.patience();
        let mut notices = Vec::new();
        let mut told = |part: &str, permission: &str, outcome: Result<(), Trouble>| {
            if let Err(trouble) = outcome {
                notices.push(notice(part, permission, &trouble));
            }
        };
        if let Some(status) = &what.status {
            told("status", "statuses: write", self.write_status(&patience, &what.head, status).await);
        }
        if let Some(check) = &what.check {
            told("check", "checks: write", self.write_check(&patience, &what.head, check).await);
        }
        if let Some(sarif) = &what.sarif {
            told("sarif", "security-events: write", self.write_sarif(&patience, &what.head, sarif).await);
        }
        if what.number > 0 {
            if let Some(text) = &what.comment {
                told("comment", "pull-requests: write", self.write_comment(&patience, what.number, text).await);
            }
            if let Some(labels) = &what.labels {
                told("labels", "pull-requests: write", self.write_labels(&patience, what.number, labels).await);
            }
            if let Some(reviewers) = &what.reviewers {
                let lines = self.request_reviews(&patience, what, reviewers).await;
                notices.extend(lines);
            }
        } else if what.comment.is_some() || what.labels.is_some() || what.reviewers.is_some() {
            notices.push("comment, labels and reviewers: not written, as this run is about no pull request".to_owned());
        }
        notices
    }
}

/// Says that a part could not be written, and which permission it takes.
pub(super) fn notice(part: &str, permission: &str, trouble: &Trouble) -> String {
    let why = &trouble.error.why;
    if trouble.refused() {
        format!("{part}: not written: {why}; it takes the permission `{permission}`, which a token of a fork never has")
    } else {
        format!("{part}: not written: {why}")
    }
}

/// An answer that nobody looks at.
pub(super) type Whatever = Value;

/// Says whether two ends of a task leave it any time.
pub(super) fn out_of_time(patience: &Patience) -> bool {
    patience.left().is_zero()
}
