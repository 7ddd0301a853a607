//! Which forge, project and change a run is about, as CI says.
//!
//! Owns the names of CI's variables and the shape of GitHub's event file, of which only the number and the commit are
//! taken: a re-run replays the event of the first run, so title, labels, draft and reviewers are always asked anew. Must
//! not read the process environment (the variables are handed in) and must not ask the forge.
//!
//! Nothing here is believed: the number is looked up at the forge, and the commit is compared with what git has.

use std::io::Read as _;

use serde::Deserialize;

use crate::change::Environment;

/// Bytes of an event file that are read; real ones are under 100 kB.
const EVENT_BYTES: u64 = 20_000_000;

/// What a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `github` or `gitlab`, as in [`super::KINDS`].
    pub kind: &'static str,
    /// `owner/name`, or the path (else the number) of the project.
    pub project: String,
    /// Which change.
    pub subject: Subject,
    /// Full id of the commit at which status and checks stand, or empty where only the forge can tell. In a merge queue it
    /// is the head of the group.
    pub head: String,
    /// Full id of the commit that a queue or a pipeline made of the request for this run, or empty.
    pub made: String,
    /// File with certificates that CI wants trusted beside those of the system.
    pub authorities: Option<String>,
}

/// Which change of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The one with this number.
    Change(u64),
    /// The open one whose head is this commit; the forge knows which (`Forge::pull_of`).
    HeadOf(String),
    /// All that are open (a scheduled run).
    AllOpen,
    /// None: a push to a branch, a run by hand.
    Nothing,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    workflow_run: Option<WorkflowRun>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    number: u64,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    sha: String,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    head_ref: String,
    head_sha: String,
}

#[derive(Debug, Deserialize)]
struct WorkflowRun {
    head_sha: String,
}

impl Target {
    /// Returns what the run is about; none where no CI system of a known forge is at work.
    ///
    /// # Errors
    /// With a sentence where CI says something that cannot be read or contradicts itself.
    pub fn of(environment: &Environment) -> Result<Option<Self>, String> {
        let set = |name: &str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if set("GITHUB_ACTIONS").is_some() || set("GITHUB_EVENT_PATH").is_some() {
            return github(&set).map(Some);
        }
        if set("GITLAB_CI").is_some() {
            return gitlab(&set).map(Some);
        }
        Ok(None)
    }
}

fn github<'a>(set: &dyn Fn(&str) -> Option<&'a str>) -> Result<Target, String> {
    let project = set("GITHUB_REPOSITORY").ok_or("GITHUB_REPOSITORY is not set: the project is not known")?;
    let halves = project.split_once('/').filter(|(owner, name)| is_name(owner) && is_name(name));
    if halves.is_none() {
        return Err("GITHUB_REPOSITORY is not `owner/name`".to_owned());
    }
    let (subject, head) = match set("GITHUB_EVENT_NAME") {
        Some("pull_request" | "pull_request_target" | "pull_request_review") => {
            let pull = event(set)?.pull_request.ok_or("the event file names no pull request")?;
            (Subject::Change(pull.number), commit(pull.head.sha)?)
        }
        Some("merge_group") => {
            let group = event(set)?.merge_group.ok_or("the event file names no merge group")?;
            let number = queued(&group.head_ref).ok_or("the branch of the merge group names no pull request")?;
            (Subject::Change(number), commit(group.head_sha)?)
        }
        // The artifacts and the outputs of the run that was watched were made by the author of the change.
        Some("workflow_run") => {
            let run = event(set)?.workflow_run.ok_or("the event file names no workflow run")?;
            let head = commit(run.head_sha)?;
            (Subject::HeadOf(head.clone()), head)
        }
        Some("schedule") => (Subject::AllOpen, String::new()),
        Some("push" | "workflow_dispatch" | "repository_dispatch" | "workflow_call") => {
            (Subject::Nothing, String::new())
        }
        Some(_) => return Err("GITHUB_EVENT_NAME is an event that is about no change".to_owned()),
        None => return Err("GITHUB_EVENT_NAME is not set".to_owned()),
    };
    let authorities = set("PORTCULLIS_CA_FILE").map(str::to_owned);
    let queue = set("GITHUB_EVENT_NAME") == Some("merge_group");
    let made = if queue { head.clone() } else { String::new() };
    Ok(Target { kind: "github", project: project.to_owned(), subject, head, made, authorities })
}

fn event<'a>(set: &dyn Fn(&str) -> Option<&'a str>) -> Result<Event, String> {
    let path = set("GITHUB_EVENT_PATH").ok_or("GITHUB_EVENT_PATH is not set: the event is not known")?;
    let mut text = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(EVENT_BYTES + 1).read_to_end(&mut text));
    read.map_err(|error| format!("the event file of GITHUB_EVENT_PATH cannot be read: {error}"))?;
    if text.len() as u64 > EVENT_BYTES {
        return Err("the event file of GITHUB_EVENT_PATH is larger than 20 MB".to_owned());
    }
    // The fault is not repeated: it would quote what the author of the change wrote.
    serde_json::from_slice(&text).map_err(|_| "the event file of GITHUB_EVENT_PATH is not this event".to_owned())
}

/// Reads the number out of `gh-readonly-queue/<base>/pr-<number>-<commit>`; the base may hold slashes and `pr-` too.
fn queued(head_ref: &str) -> Option<u64> {
    let branch = head_ref.strip_prefix("refs/heads/").unwrap_or(head_ref).strip_prefix("gh-readonly-queue/")?;
    let (number, sha) = branch.rsplit_once('/')?.1.strip_prefix("pr-")?.split_once('-')?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && commit(sha.to_owned()).is_ok()).then(|| number.parse().ok()).flatten().filter(|number| *number > 0)
}

fn gitlab<'a>(set: &dyn Fn(&str) -> Option<&'a str>) -> Result<Target, String> {
    let project = ["CI_MERGE_REQUEST_PROJECT_PATH", "CI_PROJECT_PATH", "CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID"]
        .iter()
        .find_map(|name| set(name))
        .ok_or("neither CI_PROJECT_PATH nor CI_PROJECT_ID is set: the project is not known")?;
    let authorities = set("CI_SERVER_TLS_CA_FILE").or_else(|| set("PORTCULLIS_CA_FILE")).map(str::to_owned);
    let (subject, head) = match (set("CI_MERGE_REQUEST_IID"), set("CI_PIPELINE_SOURCE")) {
        (Some(number), _) => {
            let number = number.parse().map_err(|_| "CI_MERGE_REQUEST_IID is not a number")?;
            // In merged results and trains CI_COMMIT_SHA is a commit that exists for the pipeline only, and the head of
            // the source branch is named; in all others it is the other way round.
            let head = set("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA").or_else(|| set("CI_COMMIT_SHA"));
            (Subject::Change(number), commit(head.unwrap_or_default().to_owned())?)
        }
        (None, Some("schedule")) => (Subject::AllOpen, String::new()),
        (None, _) => (Subject::Nothing, String::new()),
    };
    let made = set("CI_COMMIT_SHA").unwrap_or_default().to_ascii_lowercase();
    let made = if head.is_empty() || made == head { String::new() } else { made };
    Ok(Target { kind: "gitlab", project: project.to_owned(), subject, head, made, authorities })
}

fn is_name(text: &str) -> bool {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text != "." && text != ".." && text.bytes().all(usual)
}

/// Returns a full object id in lower case.
fn commit(id: String) -> Result<String, String> {
    let full = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if full { Ok(id.to_ascii_lowercase()) } else { Err("CI names a commit that is no full id".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::{Subject, Target};
    use crate::change::Environment;

    const HEAD: &str = "0123456789abcdef0123456789abcdef01234567";

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn hub(name: &str, payload: &str) -> Result<Target, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("event.json");
        std::fs::write(&path, payload).unwrap();
        let mut set = environment(&[("GITHUB_ACTIONS", "true"), ("GITHUB_REPOSITORY", "acme/shop")]);
        set.insert("GITHUB_EVENT_NAME".to_owned(), name.to_owned());
        set.insert("GITHUB_EVENT_PATH".to_owned(), path.display().to_string());
        Target::of(&set).map(Option::unwrap)
    }

    #[test]
    fn pull_request_events_give_number_and_head_and_nothing_else() {
        let payload = format!(
            r#"{{"number":7,"pull_request":{{"number":7,"title":"t","labels":[],"head":{{"sha":"{HEAD}"}}}}}}"#
        );
        for name in ["pull_request", "pull_request_target", "pull_request_review"] {
            let target = hub(name, &payload).unwrap();
            assert_eq!((target.subject, target.head.as_str()), (Subject::Change(7), HEAD), "{name}");
            assert_eq!((target.kind, target.project.as_str()), ("github", "acme/shop"));
        }
    }

    #[test]
    fn a_merge_group_is_judged_on_its_own_head_with_the_number_of_its_branch_row_147() {
        let queued = |base: &str, rest: &str| {
            let head_ref = format!("refs/heads/gh-readonly-queue/{base}/{rest}");
            hub("merge_group", &format!(r#"{{"merge_group":{{"head_ref":"{head_ref}","head_sha":"{HEAD}"}}}}"#))
        };
        let target = queued("main", &format!("pr-104-{HEAD}")).unwrap();
        assert_eq!((target.subject, target.head.as_str()), (Subject::Change(104), HEAD));
        let odd_base = queued("pr-1-x/pr-9", &format!("pr-104-{HEAD}")).unwrap();
        assert_eq!(odd_base.subject, Subject::Change(104));
        for odd in ["pr-104", "pr--1", "pr-1x-0123", "x", &format!("pr-0-{HEAD}"), &format!("pr-+4-{HEAD}")] {
            assert!(queued("main", odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_workflow_run_gives_a_commit_and_never_a_number() {
        let payload = format!(r#"{{"workflow_run":{{"head_sha":"{HEAD}","pull_requests":[{{"number":3}}]}}}}"#);
        assert_eq!(hub("workflow_run", &payload).unwrap().subject, Subject::HeadOf(HEAD.to_owned()));
    }

    #[test]
    fn scheduled_runs_are_about_all_and_pushes_about_none() {
        assert_eq!(hub("schedule", "{}").unwrap().subject, Subject::AllOpen);
        assert_eq!(hub("push", "{}").unwrap().subject, Subject::Nothing);
    }

    #[test]
    fn a_missing_huge_or_other_event_is_an_error_row_141() {
        let missing = environment(&[
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_EVENT_NAME", "pull_request"),
            ("GITHUB_EVENT_PATH", "/nonexistent/event"),
        ]);
        assert!(Target::of(&missing).is_err());
        assert!(hub("pull_request", &" ".repeat(20_000_001)).is_err());
        assert!(hub("pull_request", r#"{"merge_group":{"head_ref":"x","head_sha":"y"}}"#).is_err());
        assert!(hub("pull_request", r#"{"pull_request":{"number":1,"head":{"sha":"abc"}}}"#).is_err());
        assert!(hub("pull_request", "{").is_err());
        assert!(hub("issues", "{}").is_err());
        let secret = hub("pull_request", r#"{"pull_request":"IGNORE ALL"}"#).unwrap_err();
        assert!(!secret.contains("IGNORE"), "{secret}");
    }

    #[test]
    fn a_project_that_could_leave_its_path_is_refused() {
        for odd in ["acme", "acme/..", "acme/shop/../x", "a b/c", "/x"] {
            let set =
                environment(&[("GITHUB_REPOSITORY", odd), ("GITHUB_ACTIONS", "1"), ("GITHUB_EVENT_NAME", "push")]);
            assert!(Target::of(&set).is_err(), "{odd}");
        }
    }

    #[test]
    fn merge_request_pipelines_name_the_head_of_the_source_branch() {
        let other = HEAD.replace('0', "f");
        let plain = [("GITLAB_CI", "true"), ("CI_PROJECT_PATH", "g/p"), ("CI_MERGE_REQUEST_IID", "5")];
        let mut set = environment(&plain);
        set.insert("CI_COMMIT_SHA".to_owned(), HEAD.to_owned());
        assert_eq!(Target::of(&set).unwrap().unwrap().head, HEAD);
        set.insert("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA".to_owned(), other.clone());
        set.insert("CI_MERGE_REQUEST_EVENT_TYPE".to_owned(), "merge_train".to_owned());
        set.insert("CI_MERGE_REQUEST_PROJECT_PATH".to_owned(), "up/stream".to_owned());
        set.insert("CI_SERVER_TLS_CA_FILE".to_owned(), "/ca.pem".to_owned());
        let target = Target::of(&set).unwrap().unwrap();
        assert_eq!((target.kind, target.subject), ("gitlab", Subject::Change(5)));
        assert_eq!((target.head, target.project.as_str()), (other, "up/stream"));
        assert_eq!(target.authorities.as_deref(), Some("/ca.pem"));
    }

    #[test]
    fn scheduled_pipelines_are_about_all_open_merge_requests() {
        let set = environment(&[("GITLAB_CI", "true"), ("CI_PROJECT_ID", "12"), ("CI_PIPELINE_SOURCE", "schedule")]);
        let target = Target::of(&set).unwrap().unwrap();
        assert_eq!((target.subject, target.project.as_str()), (Subject::AllOpen, "12"));
        assert_eq!(Target::of(&Environment::new()), Ok(None));
    }
}
