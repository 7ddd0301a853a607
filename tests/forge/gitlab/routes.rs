//! What the GitLab that remembers answers, and to whom.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::fake::{Account, BOT, GROUP_TOKEN, JOB_TOKEN, NEXT, PROJECT_TOKEN, Paging, READER_TOKEN, ROOT, State};
use super::oracle::faults;
use super::server::{Manner, Reply, Request, decoded};

/// Returns an answer with a body.
fn says(status: u16, body: &Value) -> Reply {
    Reply::json(status, body)
}

/// Says whether a number is the one that a path or query names.
fn is(number: &Value, named: &str) -> bool {
    named.parse().is_ok_and(|named: u64| *number == named)
}

pub(crate) fn answer(state: &mut State, request: &Request) -> Reply {
    let line = format!("{} {}", request.method, request.target);
    state.sent.push(line.clone());
    state.host = request.headers["host"].clone();
    if let Some(meanwhile) = state.meanwhile {
        meanwhile(state, &line);
    }
    if let Some(fault) = state.faults.iter_mut().find(|fault| fault.times > 0 && line.contains(fault.about)) {
        fault.times -= 1;
        return fault.reply.clone();
    }
    let Some(below) = request.target.strip_prefix(ROOT) else {
        state.wrong.push(format!("{line}: it is not below the address"));
        return says(404, &json!({ "error": "404 Not Found" }));
    };
    let wrong = faults(request, below);
    if !wrong.is_empty() {
        state.wrong.extend(wrong);
        return says(400, &json!({ "error": "the interface has no such request" }));
    }
    let path = below.split('?').next().unwrap();
    let query: BTreeMap<String, String> = request.query().into_iter().collect();
    let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if let Some(refused) = refused(request, &parts) {
        return refused;
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match request.method.as_str() {
        "GET" => match settled(state, &parts, &query) {
            Some(reply) => reply,
            None => get(state, &parts, &query),
        },
        "PUT" => put(state, &parts, &body),
        "DELETE" => {
            state.notes.retain(|note| !parts.last().is_some_and(|id| is(&note["id"], id)));
            Reply { status: 204, headers: Vec::new(), body: Vec::new(), manner: Manner::Whole }
        }
        _ => post(state, &parts, &body),
    }
}

/// Holds a request against what its token may.
fn refused(request: &Request, parts: &[&str]) -> Option<Reply> {
    let refuse = |status: u16, why: &str| Some(says(status, &json!({ "message": why })));
    let reads = request.method == "GET";
    let token = |name: &str| request.headers.get(name).map(String::as_str);
    match (token("private-token"), token("job-token")) {
        (Some(PROJECT_TOKEN), None) => None,
        (Some(GROUP_TOKEN), None) if parts.first() == Some(&"groups") => None,
        (Some(READER_TOKEN), None) if reads && !maintained(parts) => None,
        (Some(READER_TOKEN), None) => refuse(403, "403 insufficient_scope"),
        (None, Some(JOB_TOKEN)) => match parts {
            ["projects", _, "merge_requests"] | ["projects", _, "merge_requests", _] if reads => None,
            ["projects", _, "merge_requests", _, "commits" | "notes"] | ["projects", _] if reads => None,
            _ => refuse(401, "401 Unauthorized"),
        },
        _ => refuse(401, "401 Unauthorized"),
    }
}

/// Says whether only a maintainer is shown it.
fn maintained(parts: &[&str]) -> bool {
    matches!(parts, ["projects", _, "approvals" | "approval_rules" | "external_status_checks" | "job_token_scope"])
}

/// Answers about a setting; none where it is about something else.
fn settled(state: &mut State, parts: &[&str], query: &BTreeMap<String, String>) -> Option<Reply> {
    let missing = || says(404, &json!({ "message": "404 Not found" }));
    let one = |value: Option<&Value>| value.map_or_else(missing, |value| says(200, value));
    let settings = &state.settings;
    let rows = match parts {
        ["personal_access_tokens", "self"] => {
            return Some(says(200, &json!({ "id": 9, "name": "gate", "active": true, "scopes": settings.scopes })));
        }
        ["projects", "acme/shop" | "7"] => return Some(one(Some(&settings.project))),
        ["projects", "acme/shop" | "7", "approvals"] => return Some(one(settings.approvals.as_ref())),
        ["projects", "acme/shop" | "7", "job_token_scope"] => return Some(one(Some(&settings.job_token_scope))),
        ["projects", "acme/shop" | "7", "protected_branches"] => Some(settings.protected_branches.clone()),
        ["projects", "acme/shop" | "7", "approval_rules"] => settings.approval_rules.clone(),
        ["projects", "acme/shop" | "7", "external_status_checks"] => settings.status_checks.clone(),
        _ => return None,
    };
    Some(rows.map_or_else(missing, |rows| page(state, &rows, parts, query)))
}

fn get(state: &mut State, parts: &[&str], query: &BTreeMap<String, String>) -> Reply {
    let missing = || says(404, &json!({ "message": "404 Not found" }));
    let asks = |key: &str| query.get(key).map(String::as_str);
    let one = |value: Option<Value>| value.map_or_else(missing, |value| says(200, &value));
    let rows = match parts {
        ["user"] => return says(200, &state.shown(BOT)),
        ["users", id] => {
            let id: u64 = id.parse().unwrap();
            let account = state.users.iter().find(|account| account.id == id);
            return one(account.map(|account| {
                let mut user = state.shown(id);
                user["bot"] = json!(account.bot);
                user["public_email"] = json!(account.mail);
                user
            }));
        }
        ["users"] => found(state, asks("username"), asks("search")),
        ["groups", group, "members", "all"] => match state.groups.get(*group) {
            Some(Some(members)) => members.iter().map(|id| member(state, *id, 30)).collect(),
            _ => return missing(),
        },
        ["projects", "acme/shop" | "7", rest @ ..] => match rest {
            ["merge_requests"] => {
                let wanted = |request: &&Value| {
                    asks("state").is_none_or(|word| request["state"] == word)
                        && asks("target_branch").is_none_or(|branch| request["target_branch"] == branch)
                        && asks("author_id").is_none_or(|id| is(&request["author"]["id"], id))
                };
                state.requests.iter().filter(wanted).cloned().collect()
            }
            ["repository", "commits", sha, "merge_requests"] => {
                state.requests.iter().filter(|request| request["sha"] == *sha || *sha == NEXT).cloned().collect()
            }
            ["repository", "commits", sha, "statuses"] => statuses(state, sha, asks("name"), asks("pipeline_id")),
            ["repository", "branches", branch] => {
                let tip = state.tip.clone();
                let branch =
                    matches!(*branch, "main" | "release").then(|| json!({ "name": "main", "commit": { "id": tip } }));
                return one(branch);
            }
            ["members", "all", id] => {
                let id: u64 = id.parse().unwrap();
                return one(state.roles.get(&id).map(|role| member(state, id, *role)));
            }
            ["events"] => state.events.clone(),
            ["merge_requests", number, rest @ ..] => match (rest, request_of(state, number)) {
                ([], request) => return one(request),
                (_, None) => return missing(),
                (["approvals"], _) => {
                    return says(200, &json!({ "approved_by": state.approvals, "approvals_left": 0 }));
                }
                (["reviewers"], _) => {
                    let row = |(id, word): &(u64, &str)| json!({ "user": state.shown(*id), "state": word });
                    state.reviewers.iter().map(row).collect()
                }
                (["diffs"], _) => state.differences.clone(),
                (["versions"], _) => state.versions.clone(),
                (["commits"], _) => state.commits.clone(),
                (["notes"], _) => state.notes.clone(),
                (["discussions"], _) => state.discussions.clone(),
                _ => return missing(),
            },
            _ => return missing(),
        },
        _ => return missing(),
    };
    page(state, &rows, parts, query)
}

fn request_of(state: &State, number: &str) -> Option<Value> {
    state.requests.iter().find(|request| is(&request["iid"], number)).cloned()
}

fn member(state: &State, id: u64, role: u64) -> Value {
    let mut member = state.shown(id);
    member["access_level"] = json!(role);
    member["membership_state"] = json!("active");
    member
}

fn found(state: &State, login: Option<&str>, text: Option<&str>) -> Vec<Value> {
    let wanted = |account: &&Account| match (login, text) {
        (Some(login), _) => account.login.eq_ignore_ascii_case(login),
        (_, Some(text)) => account.mail.eq_ignore_ascii_case(text) || account.name.contains(text),
        _ => true,
    };
    let row = |account: &Account| {
        let mut row = state.shown(account.id);
        row["public_email"] = json!(account.mail);
        row
    };
    state.users.iter().filter(wanted).map(row).collect()
}

/// Returns the latest status of each pipeline, as GitLab does without `all`.
fn statuses(state: &State, sha: &str, name: Option<&str>, pipeline: Option<&str>) -> Vec<Value> {
    let wanted = |status: &&Value| {
        status["sha"] == sha
            && name.is_none_or(|name| status["name"] == name)
            && pipeline.is_none_or(|id| is(&status["pipeline_id"], id))
    };
    let mut latest: Vec<Value> = Vec::new();
    for status in state.statuses.iter().filter(wanted) {
        latest.retain(|other| other["pipeline_id"] != status["pipeline_id"]);
        latest.push(status.clone());
    }
    latest
}

fn page(state: &State, rows: &[Value], parts: &[&str], query: &BTreeMap<String, String>) -> Reply {
    let paging = state.paging;
    let number = |key: &str, usual: usize| query.get(key).and_then(|value| value.parse().ok()).unwrap_or(usual);
    let (size, at) = (number("per_page", 20), number("page", number("cursor", 1)));
    let shown: Vec<&Value> = rows.iter().skip((at - 1) * size).take(size).collect();
    let more = at * size < rows.len();
    let mut headers = Vec::new();
    if matches!(paging, Paging::Both | Paging::Number) {
        headers.push(("x-total".to_owned(), rows.len().to_string()));
        headers.push(("x-next-page".to_owned(), if more { (at + 1).to_string() } else { String::new() }));
    }
    if more && matches!(paging, Paging::Both | Paging::Cursor) {
        let word = if paging == Paging::Cursor { "cursor" } else { "page" };
        let path = parts.iter().map(|part| part.replace('/', "%2F")).collect::<Vec<_>>().join("/");
        let kept: String =
            query.iter().filter(|(key, _)| *key != word).map(|(key, value)| format!("&{key}={value}")).collect();
        let list = format!("http://{}{ROOT}/{path}", state.host);
        let next = format!("<{list}?{word}={}{kept}>; rel=\"next\"", at + 1);
        headers.push(("link".to_owned(), format!("<{list}?x=1>; rel=\"first\", {next}")));
    }
    Reply { headers, ..says(200, &json!(shown)) }
}

fn put(state: &mut State, parts: &[&str], body: &Value) -> Reply {
    let missing = || says(404, &json!({ "message": "404 Not found" }));
    let ["projects", "acme/shop" | "7", "merge_requests", number, rest @ ..] = parts else { return missing() };
    let Some(at) = state.requests.iter().position(|request| is(&request["iid"], number)) else {
        return missing();
    };
    match rest {
        [] => {
            change(state, at, body);
            return says(200, &state.requests[at]);
        }
        ["notes", id] => {
            for note in state.notes.iter_mut().filter(|note| is(&note["id"], id)) {
                note["body"] = body["body"].clone();
            }
        }
        ["discussions", id] => {
            let (me, resolved) = (state.shown(BOT), body["resolved"].clone());
            for discussion in state.discussions.iter_mut().filter(|discussion| discussion["id"] == *id) {
                discussion["notes"][0]["resolved"] = resolved.clone();
                discussion["notes"][0]["resolved_by"] = if resolved == true { me.clone() } else { Value::Null };
            }
        }
        ["discussions", id, "notes", _] => {
            for discussion in state.discussions.iter_mut().filter(|discussion| discussion["id"] == *id) {
                discussion["notes"][0]["body"] = body["body"].clone();
            }
        }
        _ => return missing(),
    }
    says(200, &json!({}))
}

fn change(state: &mut State, at: usize, body: &Value) {
    let list = |key: &str| -> Vec<String> {
        body[key].as_str().map(|text| text.split(',').map(str::to_owned).collect()).unwrap_or_default()
    };
    let mut labels: BTreeSet<String> = state.requests[at]["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| label.as_str().unwrap().to_owned())
        .collect();
    labels.extend(list("add_labels"));
    for label in list("remove_labels") {
        labels.remove(&label);
    }
    state.requests[at]["labels"] = json!(labels);
    if let Some(ids) = body["reviewer_ids"].as_array() {
        let ids: Vec<u64> = ids.iter().map(|id| id.as_u64().unwrap()).take(state.most_reviewers).collect();
        let reviewers: Vec<Value> = ids.iter().map(|id| state.shown(*id)).collect();
        state.requests[at]["reviewers"] = json!(reviewers);
    }
}

fn post(state: &mut State, parts: &[&str], body: &Value) -> Reply {
    match parts {
        ["projects", "acme/shop" | "7", "statuses", sha] => set_status(state, sha, body),
        ["projects", "acme/shop" | "7", "merge_requests", _, "notes"] => {
            let note = state.note(BOT, body["body"].as_str().unwrap());
            state.notes.push(note.clone());
            says(201, &note)
        }
        ["projects", "acme/shop" | "7", "merge_requests", _, "discussions"] => {
            let position = &body["position"];
            let line = (position["new_path"].as_str().unwrap().to_owned(), position["new_line"].as_u64().unwrap());
            if !state.lines.contains(&line) || position["head_sha"] != state.requests[0]["sha"] {
                return says(400, &json!({ "message": "400 Bad request - Note {:line_code=>[\"can't be blank\"]}" }));
            }
            let note = state.note(BOT, body["body"].as_str().unwrap());
            let discussion = json!({ "id": format!("{:040x}", state.next_id()), "notes": [note] });
            state.discussions.push(discussion.clone());
            says(201, &discussion)
        }
        _ => says(404, &json!({ "message": "404 Not found" })),
    }
}

/// A pending status is changed in place, a finished one is followed by another; no state follows itself while pending.
fn set_status(state: &mut State, sha: &str, body: &Value) -> Reply {
    let pipeline = body["pipeline_id"].as_u64().unwrap_or(1);
    if body.get("pipeline_id").is_some() && state.pipelines.get(&pipeline).is_none_or(|commit| commit != sha) {
        return says(404, &json!({ "message": "404 Pipeline for pipeline_id, sha and ref Not Found" }));
    }
    let mut status = json!({
        "id": state.next_id(), "sha": sha, "status": body["state"], "name": body["name"], "pipeline_id": pipeline,
        "description": body["description"], "target_url": body["target_url"],
    });
    let ours = |other: &&mut Value| {
        other["sha"] == sha
            && other["name"] == body["name"]
            && other["pipeline_id"] == pipeline
            && other["status"] == "pending"
    };
    match state.statuses.iter_mut().find(ours) {
        Some(there) if there["status"] == body["state"] => {
            return says(400, &json!({ "message": "Cannot transition status via :enqueue from :pending" }));
        }
        Some(there) => std::mem::swap(there, &mut status),
        None => state.statuses.push(status.clone()),
    }
    says(201, &status)
}
