//! The one comment of the gate.
//!
//! Owns how it is found again: by its marker *and* its author, because anybody can write the marker. Must not render it.

use serde_json::json;

use crate::forge::patience::Patience;
use crate::forge::publication::COMMENT_MARKER;

use super::GitHub;
use super::line::{Method, Trouble};
use super::publish::Whatever;
use super::status::cut;
use super::wire::{Comment, User};

/// Characters that GitHub takes in a comment.
const BODY: usize = 65_536;

/// The account behind the token of a workflow.
const WORKFLOW: &str = "github-actions[bot]";

impl GitHub {
    /// Writes the comment: changes the one that is there, else makes one.
    pub(super) async fn write_comment(&self, patience: &Patience, number: u64, text: &str) -> Result<(), Trouble> {
        let body = cut(&format!("{COMMENT_MARKER}\n{text}"), BODY);
        let account = self.account(patience).await;
        if let Some(known) = self.own_comment(patience, number, &account).await? {
            return self.rewrite(patience, &known, &body).await;
        }
        let path = self.path(&format!("/issues/{number}/comments"));
        let made: Comment = self.line.write(patience, Method::Post, &path, &json!({"body": body})).await?;
        // Two runs at once both found none: the older comment stays, for both.
        match self.own_comment(patience, number, &account).await {
            Ok(Some(oldest)) if oldest.id < made.id => {
                self.line.delete(patience, &self.path(&format!("/issues/comments/{}", made.id))).await?;
                self.rewrite(patience, &oldest, &body).await
            }
            _ => Ok(()),
        }
    }

    async fn rewrite(&self, patience: &Patience, known: &Comment, body: &str) -> Result<(), Trouble> {
        // GitHub may keep line ends of its own.
        if known.body.replace("\r\n", "\n") == body {
            return Ok(());
        }
        let path = self.path(&format!("/issues/comments/{}", known.id));
        self.line.write::<Whatever>(patience, Method::Patch, &path, &json!({"body": body})).await.map(|_| ())
    }

    /// Returns the oldest comment that begins with the marker and is by this account.
    async fn own_comment(&self, patience: &Patience, number: u64, account: &str) -> Result<Option<Comment>, Trouble> {
        let path = self.path(&format!("/issues/{number}/comments"));
        let comments: Vec<Comment> = self.line.all(patience, &path).await?;
        let own = |comment: &Comment| {
            let by = comment.user.as_ref().map(|user| user.login.as_str()).unwrap_or_default();
            comment.body.starts_with(COMMENT_MARKER) && by.eq_ignore_ascii_case(account)
        };
        Ok(comments.into_iter().filter(own).min_by_key(|comment| comment.id))
    }

    /// Returns the login of the account behind the token.
    ///
    /// A token of an installation cannot ask who it is: it is the workflow's, unless the run says whose.
    async fn account(&self, patience: &Patience) -> String {
        if let Some(account) = &self.settings.account {
            return account.clone();
        }
        let installed = self.settings.tokens.project.as_ref().is_some_and(|token| token.begins_with("ghs_"));
        if installed {
            return WORKFLOW.to_owned();
        }
        let user: Option<User> = self.line.get(patience, "/user").await.ok();
        user.map(|user| user.login).filter(|login| !login.is_empty()).unwrap_or_else(|| WORKFLOW.to_owned())
    }
}
