//! The check run with its annotations.
//!
//! Owns the batches: GitHub takes 50 annotations a request and appends those of later ones, so the run is completed with
//! the last. A completed run is not reopened; another result is another run, and the same result is no new run. Must not
//! decide what it says.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::forge::address::escaped;
use crate::forge::patience::Patience;
use crate::forge::publication::{Annotation, CHECK_NAME, Check};

use super::GitHub;
use super::line::{Method, Trouble};
use super::status::cut;
use super::wire::{CheckRun, CheckRuns};

/// Annotations of one request.
const BATCH: usize = 50;

/// Annotations of one run; the report has all of them.
const MOST: usize = 1_000;

/// Characters that GitHub takes in a summary, a title and a message.
const SUMMARY: usize = 65_535;
const TITLE: usize = 255;
/// 64 kB of UTF-8, in characters of at most four bytes.
const MESSAGE: usize = 16_000;

impl GitHub {
    /// Writes a completed check run, unless the same stands there already.
    pub(super) async fn write_check(&self, patience: &Patience, head: &str, check: &Check) -> Result<(), Trouble> {
        let identity = identity(head, check);
        if self.stands(patience, head, check, &identity).await {
            return Ok(());
        }
        let annotations: Vec<Value> = check.annotations.iter().take(MOST).map(annotation).collect();
        let mut batches: Vec<&[Value]> = annotations.chunks(BATCH).collect();
        if batches.is_empty() {
            batches.push(&[]);
        }
        let last = batches.len() - 1;
        let (mut method, mut path) = (Method::Post, self.path("/check-runs"));
        for (index, batch) in batches.iter().enumerate() {
            let output = json!({
                "title": cut(&check.title, TITLE),
                "summary": cut(&check.summary, SUMMARY),
                "annotations": batch,
            });
            let mut body = json!({"name": CHECK_NAME, "output": output});
            if let Some(fields) = body.as_object_mut() {
                if method == Method::Post {
                    fields.insert("head_sha".to_owned(), json!(head));
                }
                if index == last {
                    fields.insert("status".to_owned(), json!("completed"));
                    fields.insert("conclusion".to_owned(), json!(check.conclusion));
                    fields.insert("external_id".to_owned(), json!(identity));
                } else {
                    fields.insert("status".to_owned(), json!("in_progress"));
                }
            }
            let run: CheckRun = self.line.write(patience, method, &path, &body).await?;
            (method, path) = (Method::Patch, self.path(&format!("/check-runs/{}", run.id)));
        }
        Ok(())
    }

    /// Says whether the newest run of this name is this very one.
    async fn stands(&self, patience: &Patience, head: &str, check: &Check, identity: &str) -> bool {
        let name = escaped(CHECK_NAME);
        let query = format!("/commits/{}/check-runs?check_name={name}&filter=latest&per_page=100", escaped(head));
        let known = self.line.get::<CheckRuns>(patience, &self.path(&query)).await.unwrap_or_default();
        let newest = known.check_runs.into_iter().filter(|run| run.name == CHECK_NAME).max_by_key(|run| run.id);
        newest.is_some_and(|run| {
            run.status == "completed" && run.conclusion == check.conclusion && run.external_id == identity
        })
    }
}

/// Returns what identifies a result: the same result has the same.
fn identity(head: &str, check: &Check) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add(head);
    add(check.conclusion);
    add(&check.title);
    add(&check.summary);
    for annotation in &check.annotations {
        add(&format!("{annotation:?}"));
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn annotation(annotation: &Annotation) -> Value {
    let end_line = annotation.end_line.max(annotation.start_line);
    let mut body = json!({
        "path": annotation.path,
        "start_line": annotation.start_line.max(1),
        "end_line": end_line.max(1),
        "annotation_level": annotation.level,
        "title": cut(&annotation.title, TITLE),
        "message": cut(&annotation.message, MESSAGE),
    });
    // GitHub refuses columns over several lines.
    let columns = annotation.start_column > 0 && annotation.end_column >= annotation.start_column;
    if columns
        && annotation.start_line == end_line
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("start_column".to_owned(), json!(annotation.start_column));
        fields.insert("end_column".to_owned(), json!(annotation.end_column));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::{annotation, identity};
    use crate::forge::publication::{Annotation, Check};

    fn note() -> Annotation {
        Annotation {
            path: "a".to_owned(),
            old_path: "a".to_owned(),
            start_line: 3,
            end_line: 3,
            start_column: 2,
            end_column: 5,
            level: "warning",
            title: "t".to_owned(),
            message: "m".to_owned(),
            fingerprint: "f".to_owned(),
        }
    }

    #[test]
    fn columns_are_told_on_one_line_only() {
        assert_eq!(annotation(&note())["start_column"], 2);
        assert!(annotation(&Annotation { end_line: 4, ..note() }).get("start_column").is_none());
        assert!(annotation(&Annotation { start_column: 0, ..note() }).get("start_column").is_none());
        assert_eq!(annotation(&Annotation { start_line: 0, end_line: 0, ..note() })["start_line"], 1);
    }

    #[test]
    fn another_result_has_another_identity() {
        let check =
            Check { conclusion: "failure", title: "t".to_owned(), summary: "s".to_owned(), annotations: vec![note()] };
        let other = Check { annotations: vec![Annotation { message: "n".to_owned(), ..note() }], ..check.clone() };
        assert_eq!(identity("h", &check), identity("h", &check.clone()));
        assert_ne!(identity("h", &check), identity("h", &other));
        assert_ne!(identity("h", &check), identity("i", &check));
    }
}
