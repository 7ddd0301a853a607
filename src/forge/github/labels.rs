//! The labels of the gate.
//!
//! Owns those that begin with its prefix, and touches no other. Must not choose them.

use std::collections::BTreeSet;

use serde_json::json;

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::publication::LABEL_PREFIX;

use super::GitHub;
use super::line::{Method, Trouble};
use super::publish::Whatever;
use super::wire::Label;

impl GitHub {
    /// Makes the gate's own labels those that are wanted.
    pub(super) async fn write_labels(
        &self,
        patience: &Patience,
        number: u64,
        labels: &[String],
    ) -> Result<(), Trouble> {
        let path = self.path(&format!("/issues/{number}/labels"));
        let there: Vec<Label> = self.line.all(patience, &path).await?;
        let folded = |text: &str| text.to_lowercase();
        let wanted: BTreeSet<String> = labels.iter().map(|label| folded(label)).collect();
        let known: BTreeSet<String> = there.iter().map(|label| folded(&label.name)).collect();
        let own = |text: &str| folded(text).starts_with(LABEL_PREFIX);
        for label in there.iter().filter(|label| own(&label.name) && !wanted.contains(&folded(&label.name))) {
            let gone = self.line.delete(patience, &format!("{path}/{}", escaped(&label.name))).await;
            // Somebody else may have taken it away meanwhile.
            gone.or_else(|trouble| if trouble.status == 404 { Ok(()) } else { Err(trouble) })?;
        }
        let missing: Vec<&String> =
            labels.iter().filter(|label| own(label) && !known.contains(&folded(label))).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let body = json!({"labels": missing});
        self.line.write::<Whatever>(patience, Method::Post, &path, &body).await.map(|_| ())
    }
}
