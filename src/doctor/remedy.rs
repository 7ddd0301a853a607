//! What closes a way around, ready to be copied: commands for `gh` and `glab`, and lines of YAML.
//!
//! Owns quoting. Names of branches and projects come from outside: in a path they are escaped byte by byte, in a body they
//! are JSON in plain ASCII, and whatever is no plain word is quoted for a POSIX shell. Must not run anything.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Examined, Kind};
use crate::forge::address::escaped;

/// The name of the ruleset that closes what a ruleset can.
const RULESET: &str = "portcullis";

/// Something to copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fix {
    /// A line for a POSIX shell.
    Command(String),
    /// Lines for a file: its name, and what belongs there.
    Edit(String, String),
}

/// Returns a word as a POSIX shell reads it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:=@%+,-".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Returns JSON in which every sign beyond ASCII is written by its number, so that none is lost or hides.
fn ascii(body: &Value) -> String {
    let mut text = String::new();
    for c in body.to_string().chars() {
        if c.is_ascii_graphic() || c == ' ' {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// Returns a call of one of the two programs; a body is handed over on standard input.
fn call(program: &str, method: &str, path: &str, fields: &[&str], body: Option<&str>) -> Fix {
    let mut line = format!("{program} api --method {method} {}", quoted(path));
    for field in fields {
        line.push_str(&format!(" -F {}", quoted(field)));
    }
    match body {
        Some(body) => Fix::Command(format!("printf '%s' {} | {line} --input -", quoted(body))),
        None => Fix::Command(line),
    }
}

/// `owner/name`, escaped; none where it is not known.
fn repository(examined: &Examined) -> Option<String> {
    let (owner, name) = examined.project.split_once('/')?;
    Some(format!("repos/{}/{}", escaped(owner), escaped(name)))
}

/// Returns a call about the repository on GitHub.
pub(super) fn github(examined: &Examined, method: &str, below: &str, fields: &[&str]) -> Option<Fix> {
    let path = format!("{}{below}", repository(examined)?);
    Some(call("gh", method, &path, fields, None))
}

/// Returns a call about the protection of the branch on GitHub.
pub(super) fn protection(examined: &Examined, method: &str, below: &str, fields: &[&str]) -> Option<Fix> {
    let below = format!("/branches/{}/protection{below}", escaped(&examined.branch));
    (!examined.branch.is_empty()).then(|| github(examined, method, &below, fields)).flatten()
}

/// Returns a call about a ruleset, which is its owner's.
pub(super) fn ruleset(examined: &Examined, source: (&str, &str), id: u64, body: &Value) -> Option<Fix> {
    let path = match source {
        ("Organization", organisation) => format!("orgs/{}/rulesets/{id}", escaped(organisation)),
        ("Enterprise", _) => return None,
        _ => format!("{}/rulesets/{id}", repository(examined)?),
    };
    Some(call("gh", "PUT", &path, &[], Some(&ascii(body))))
}

/// Returns the ruleset that closes on GitHub what a ruleset can. Rules add up, so that it takes nothing away; one command
/// for all checks, so that it is needed once. `app` is the App of the status: a number, or the words to replace.
pub(super) fn whole_ruleset(examined: &Examined, statuses: &[String], app: Option<&str>) -> Option<Fix> {
    let (branch, path) = (&examined.branch, repository(examined)?);
    if branch.is_empty() {
        return None;
    }
    let required: Vec<Value> = statuses.iter().map(|context| json!({ "context": context })).collect();
    let owned = examined.files.owners.is_some();
    let review = json!({
        "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": true,
        "require_code_owner_review": owned, "require_last_push_approval": true,
        "required_review_thread_resolution": false,
    });
    let checks = json!({ "strict_required_status_checks_policy": true, "required_status_checks": required });
    let body = json!({
        "name": RULESET, "target": "branch", "enforcement": "active", "bypass_actors": [],
        "conditions": { "ref_name": { "include": [format!("refs/heads/{branch}")], "exclude": [] } },
        "rules": [
            { "type": "deletion" },
            { "type": "non_fast_forward" },
            { "type": "pull_request", "parameters": review },
            { "type": "required_status_checks", "parameters": checks },
        ],
    });
    let mut text = ascii(&body);
    if let Some(app) = app {
        // Words to replace make it no JSON, so that nobody runs it as it is.
        for context in statuses {
            let plain = ascii(&json!({ "context": context }));
            let pinned = plain.replacen('}', &format!(",\"integration_id\":{app}}}"), 1);
            text = text.replace(&plain, &pinned);
        }
    }
    Some(call("gh", "POST", &format!("{path}/rulesets"), &[], Some(&text)))
}

/// Returns a call about the project on GitLab.
pub(super) fn gitlab(examined: &Examined, method: &str, below: &str, fields: &[&str]) -> Option<Fix> {
    if examined.forge != Kind::Gitlab || examined.project.is_empty() {
        return None;
    }
    let path = format!("projects/{}{below}", escaped(&examined.project));
    Some(call("glab", method, &path, fields, None))
}

/// Returns a call about the project on GitLab with a body of JSON.
pub(super) fn gitlab_body(examined: &Examined, method: &str, below: &str, body: &Value) -> Option<Fix> {
    if examined.forge != Kind::Gitlab || examined.project.is_empty() {
        return None;
    }
    let path = format!("projects/{}{below}", escaped(&examined.project));
    let Fix::Command(line) = call("glab", method, &path, &[], Some(&ascii(body))) else { return None };
    Some(Fix::Command(format!("{line} --header 'Content-Type: application/json'")))
}

#[cfg(test)]
mod tests;
