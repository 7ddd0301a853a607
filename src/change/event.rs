//! Which range a CI system asks for, from its variables.
//!
//! Owns the names of those variables and the shape of the event file. Must not read the process environment: the
//! variables are handed in. Every value here may have been chosen by the author of the change, so it is only ever
//! looked up as an object, never run or shown raw.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde::Deserialize;

/// The variables of the process, as the command line collected them.
pub type Environment = BTreeMap<String, String>;

/// Bytes of an event file that are read; real ones are under 100 kB.
const EVENT_BYTES: u64 = 20_000_000;

/// What a CI system says about the range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Where it was said, for notes and errors.
    pub(super) source: String,
    /// The base, or none when only the default branch can tell.
    pub(super) base: Option<String>,
    /// The head, or none for `HEAD`.
    pub(super) head: Option<String>,
    /// Name of the target or default branch.
    pub(super) branch: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    before: Option<String>,
    after: Option<String>,
    repository: Option<RepositoryEntry>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    base: End,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    sha: String,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    base_sha: String,
    head_sha: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RepositoryEntry {
    default_branch: Option<String>,
}

/// Returns what the CI system asks for; none outside CI.
///
/// # Errors
/// With a sentence when the event file is named and cannot be read, or names no ids where it must.
pub(super) fn asked(environment: &Environment) -> Result<Option<Asked>, String> {
    let set = |name: &str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
    if let Some(path) = set("GITHUB_EVENT_PATH") {
        return github(path).map(Some);
    }
    if set("GITLAB_CI").is_some() || set("CI_MERGE_REQUEST_DIFF_BASE_SHA").is_some() {
        return Ok(Some(gitlab(&set)));
    }
    Ok(None)
}

/// Reads the event file of GitHub Actions.
///
/// `GITHUB_SHA` is never used: on `pull_request` it is a test merge that only exists for the run, and on
/// `pull_request_target` it is the default branch, so that nothing of the change would be looked at.
fn github(path: &str) -> Result<Asked, String> {
    let mut text = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(EVENT_BYTES + 1).read_to_end(&mut text));
    read.map_err(|error| format!("the event file of GITHUB_EVENT_PATH cannot be read: {error}"))?;
    if text.len() as u64 > EVENT_BYTES {
        return Err("the event file of GITHUB_EVENT_PATH is larger than 20 MB".to_owned());
    }
    let event: Event = serde_json::from_slice(&text)
        .map_err(|error| format!("the event file of GITHUB_EVENT_PATH is not an event: {error}"))?;
    let branch = event.repository.and_then(|repository| repository.default_branch);
    if let Some(pull) = event.pull_request {
        let source = "the pull_request event".to_owned();
        return Ok(Asked { source, base: Some(pull.base.sha), head: Some(pull.head.sha), branch });
    }
    if let Some(group) = event.merge_group {
        let source = "the merge_group event".to_owned();
        return Ok(Asked { source, base: Some(group.base_sha), head: Some(group.head_sha), branch });
    }
    if let Some(after) = event.after {
        if is_null(&after) {
            return Err("the push event deletes a branch: there is nothing to check".to_owned());
        }
        let base = event.before.filter(|before| !is_null(before));
        return Ok(Asked { source: "the push event".to_owned(), base, head: Some(after), branch });
    }
    // SAFETY-OF-GATE: on other events (a comment, a schedule, `workflow_run`) the checkout is the default branch, and
    // comparing that with itself would be a green check on nothing.
    Err("the event of GITHUB_EVENT_PATH names no change: it is no pull request, merge group or push".to_owned())
}

/// Reads the variables of GitLab CI.
///
/// In pipelines of merged results and merge trains `CI_COMMIT_SHA` is the tree that would land, on top of
/// `CI_MERGE_REQUEST_TARGET_BRANCH_SHA`, which is empty in all others.
fn gitlab<'a>(set: &dyn Fn(&str) -> Option<&'a str>) -> Asked {
    let text = |name: &str| set(name).map(str::to_owned);
    let head = text("CI_COMMIT_SHA");
    let branch = text("CI_MERGE_REQUEST_TARGET_BRANCH_NAME").or_else(|| text("CI_DEFAULT_BRANCH"));
    let base = text("CI_MERGE_REQUEST_TARGET_BRANCH_SHA").or_else(|| text("CI_MERGE_REQUEST_DIFF_BASE_SHA"));
    if base.is_some() {
        return Asked { source: "the merge request variables".to_owned(), base, head, branch };
    }
    let before = text("CI_COMMIT_BEFORE_SHA").filter(|before| !is_null(before));
    Asked { source: "the pipeline variables".to_owned(), base: before, head, branch }
}

/// Says whether an id is the all-zero one that stands for "there was none".
fn is_null(id: &str) -> bool {
    id.is_empty() || id.bytes().all(|byte| byte == b'0')
}

#[cfg(test)]
mod tests {
    use super::{Asked, Environment, asked};

    fn event(json: &str, more: &[(&str, &str)]) -> Result<Option<Asked>, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("event.json");
        std::fs::write(&path, json).expect("written");
        let mut environment: Environment =
            more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        environment.insert("GITHUB_EVENT_PATH".to_owned(), path.display().to_string());
        asked(&environment)
    }

    fn ends(asked: Result<Option<Asked>, String>) -> (Option<String>, Option<String>) {
        let asked = asked.expect("readable").expect("in CI");
        (asked.base, asked.head)
    }

    fn both(base: &str, head: &str) -> (Option<String>, Option<String>) {
        (Some(base.to_owned()), Some(head.to_owned()))
    }

    #[test]
    fn pull_request_ids_come_from_the_event_and_never_from_github_sha() {
        let json = r#"{"pull_request":{"base":{"sha":"b1","x":[1]},"head":{"sha":"h1"},"extra":null},"after":"zz"}"#;
        assert_eq!(ends(event(json, &[("GITHUB_SHA", "merge")])), both("b1", "h1"));
    }

    #[test]
    fn merge_group_and_push_have_their_own_ids() {
        assert_eq!(ends(event(r#"{"merge_group":{"base_sha":"b","head_sha":"h"}}"#, &[])), both("b", "h"));
        assert_eq!(ends(event(r#"{"before":"b","after":"h"}"#, &[])), both("b", "h"));
        assert_eq!(ends(event(r#"{"before":"0000","after":"h"}"#, &[])), (None, Some("h".to_owned())));
    }

    #[test]
    fn event_without_a_change_is_an_error_and_not_the_default_branch() {
        assert!(event(r#"{"workflow_run":{"head_sha":"h"},"repository":{"default_branch":"main"}}"#, &[]).is_err());
        assert!(event(r#"{"comment":{},"issue":{"pull_request":{"url":"u"}}}"#, &[]).is_err());
    }

    #[test]
    fn broken_or_deleting_event_is_an_error_not_a_guess() {
        assert!(event("{", &[]).is_err());
        assert!(event(r#"{"pull_request":{"base":{}}}"#, &[]).is_err());
        assert!(event(r#"{"before":"b","after":"0000"}"#, &[]).is_err());
        let missing = Environment::from([("GITHUB_EVENT_PATH".to_owned(), "/nonexistent/event".to_owned())]);
        assert!(asked(&missing).is_err());
    }

    #[test]
    fn merge_request_variables_prefer_the_merged_result() {
        let plain = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", "d"), ("CI_COMMIT_SHA", "c")];
        let environment = |pairs: &[(&str, &str)]| -> Environment {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(ends(asked(&environment(&plain))), both("d", "c"));
        let mut merged = environment(&plain);
        merged.insert("CI_MERGE_REQUEST_TARGET_BRANCH_SHA".to_owned(), "t".to_owned());
        assert_eq!(ends(asked(&merged)), both("t", "c"));
        assert_eq!(asked(&Environment::new()), Ok(None));
    }
}
