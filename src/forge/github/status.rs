//! The commit status.
//!
//! Owns when a new one is written: GitHub keeps 1,000 a commit and name, so the same is not written twice. Must not
//! decide what it says.

use serde_json::json;

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::publication::{STATUS_CONTEXT, Status, StatusState};

use super::GitHub;
use super::line::{Method, Trouble};
use super::publish::Whatever;
use super::wire;

/// Longest description that GitHub takes.
const DESCRIPTION: usize = 140;

/// Statuses that are looked at.
const PAGE: usize = 100;

/// Statuses of ours after which none is taken back any more: whoever can start runs would use up the thousand.
const RETRACTED: usize = 50;

impl GitHub {
    /// Writes the status, unless the latest one says the same.
    pub(super) async fn write_status(&self, patience: &Patience, head: &str, status: &Status) -> Result<(), Trouble> {
        let state = word(status.state);
        let description = cut(&status.description, DESCRIPTION);
        // The newest stands first, so that the first page is enough; what is not found there is written.
        let listed = self.path(&format!("/commits/{}/statuses?per_page={PAGE}", escaped(head)));
        let known = self.line.get::<Vec<wire::Status>>(patience, &listed).await.ok();
        let whole = known.as_ref().is_some_and(|known| known.len() < PAGE);
        let known = known.unwrap_or_default();
        let latest = known.iter().find(|known| known.context.eq_ignore_ascii_case(STATUS_CONTEXT));
        // What is not known may be a success.
        let success = latest.map_or(!whole, |latest| latest.state == word(StatusState::Success));
        let ours = known.iter().filter(|known| known.context.eq_ignore_ascii_case(STATUS_CONTEXT)).count();
        if status.retracts && (!success || ours > RETRACTED) {
            return Ok(());
        }
        // Which run says so is no news: a commit takes a thousand statuses of one name and then no more.
        let same = |known: &wire::Status| known.state == state && known.description == description;
        if latest.is_some_and(same) {
            return Ok(());
        }
        let mut body = json!({"state": state, "context": STATUS_CONTEXT, "description": description});
        if !status.target_url.is_empty()
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("target_url".to_owned(), json!(status.target_url));
        }
        let path = self.path(&format!("/statuses/{}", escaped(head)));
        self.line.write::<Whatever>(patience, Method::Post, &path, &body).await.map(|_| ())
    }
}

fn word(state: StatusState) -> &'static str {
    match state {
        StatusState::Pending => "pending",
        StatusState::Success => "success",
        StatusState::Failure => "failure",
        StatusState::Error => "error",
    }
}

/// Cuts a text after so many characters, with an ellipsis in the last place.
pub(super) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(characters.saturating_sub(1)).collect();
    short.push('\u{2026}');
    short
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_long_line_ends_in_an_ellipsis_within_its_limit() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab\u{2026}");
        assert_eq!(cut(&"\u{e4}".repeat(200), 140).chars().count(), 140);
    }
}
