//! A GitLab that remembers: people, groups, one project with merge requests, and what was written to it.
//!
//! Every request is held against the interface's description, and a test that sent a wrong one fails at its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use portcullis::forge::ForgeError;
use portcullis::forge::address::Address;
use portcullis::forge::gitlab::{GitLab, Settings};
use portcullis::forge::token::Token;
use serde_json::{Value, json};

use super::oracle::{decoded, faults, pair};
use super::server::{Reply, Request, Server};

/// Where the interface is below the host: a GitLab with a relative root.
pub(crate) const ROOT: &str = "/git/api/v4";
/// A project access token with the scope `api`; its account is `project_7_bot`.
pub(crate) const PROJECT_TOKEN: &str = "glpat-SECRETproject0000";
/// A token with the scope `read_api`.
pub(crate) const READER_TOKEN: &str = "glpat-SECRETreader00000";
/// The token of a job.
pub(crate) const JOB_TOKEN: &str = "glcbt-64_SECRETjob000000";
/// The number of the account that the project token has.
pub(crate) const BOT: u64 = 70;
pub(crate) const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const BASE: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
pub(crate) const NEXT: &str = "cccccccccccccccccccccccccccccccccccccccc";

/// An account.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: u64,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) bot: Option<bool>,
    pub(crate) state: String,
    pub(crate) mail: String,
}

/// How lists tell where they go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paging {
    /// `x-next-page` and `x-total`, and a `Link` as well.
    Both,
    /// `x-next-page` and `x-total` only.
    Number,
    /// A `Link` with a cursor only.
    Cursor,
    /// Nothing: a proxy took the headers away.
    Silent,
}

/// Something that goes wrong with requests whose method and target hold this text, so many times.
pub(crate) struct Fault {
    pub(crate) about: &'static str,
    pub(crate) times: usize,
    pub(crate) reply: Reply,
}

/// What the GitLab knows.
pub(crate) struct State {
    pub(crate) users: Vec<Account>,
    /// Roles in the project by account.
    pub(crate) roles: BTreeMap<u64, u64>,
    /// Members of groups; none where a group is not shown.
    pub(crate) groups: BTreeMap<String, Option<Vec<u64>>>,
    pub(crate) requests: Vec<Value>,
    pub(crate) approvals: Vec<Value>,
    pub(crate) reviewers: Vec<(u64, &'static str)>,
    pub(crate) versions: Vec<Value>,
    pub(crate) commits: Vec<Value>,
    pub(crate) events: Vec<Value>,
    pub(crate) notes: Vec<Value>,
    pub(crate) discussions: Vec<Value>,
    pub(crate) statuses: Vec<Value>,
    pub(crate) tip: String,
    /// Lines of head that the difference shows.
    pub(crate) lines: BTreeSet<(String, u64)>,
    /// Pipelines and the commits they stand at.
    pub(crate) pipelines: BTreeMap<u64, String>,
    pub(crate) most_reviewers: usize,
    pub(crate) paging: Paging,
    pub(crate) faults: Vec<Fault>,
    /// Runs before a request is answered.
    pub(crate) meanwhile: Option<fn(&mut State, &str)>,
    pub(crate) sent: Vec<String>,
    host: String,
    wrong: Vec<String>,
    minute: u64,
    id: u64,
}

/// A running GitLab.
pub(crate) struct Fake {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Fake {
    /// Returns a GitLab with the merge request 5 of `ada`, whose one commit she wrote.
    pub(crate) fn new() -> Self {
        let state = Arc::new(Mutex::new(State::new()));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| answer(&mut shared.lock().unwrap(), &request));
        Self { server, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}{ROOT}", self.server.port)
    }

    pub(crate) fn settings(&self, token: &str) -> Settings {
        Settings {
            address: Address::parse(&self.base()).unwrap(),
            project: "acme/shop".to_owned(),
            token: Token::new(token).unwrap(),
            job_token: token == JOB_TOKEN,
            authorities: None,
            pipeline: None,
            task_ms: 20_000,
            pause: std::time::Duration::from_millis(1),
            seed: String::new(),
        }
    }

    pub(crate) fn client(&self, token: &str) -> GitLab {
        GitLab::new(self.settings(token)).unwrap()
    }

    /// Returns the requests so far whose method and target hold this text.
    pub(crate) fn sent(&self, about: &str) -> Vec<String> {
        self.state().sent.iter().filter(|sent| sent.contains(about)).cloned().collect()
    }

    /// Returns how many requests so far were to write something.
    pub(crate) fn writes(&self) -> usize {
        self.state().sent.iter().filter(|sent| !sent.starts_with("GET ")).count()
    }

    pub(crate) fn fail(&self, about: &'static str, times: usize, reply: Reply) {
        self.state().faults.push(Fault { about, times, reply });
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let wrong = self.state.lock().map(|state| state.wrong.clone()).unwrap_or_default();
        assert!(thread::panicking() || wrong.is_empty(), "requests that GitLab does not have: {wrong:#?}");
    }
}

/// Holds that no token is in a text.
pub(crate) fn no_token(text: &str) {
    assert!(!text.contains("SECRET"), "a token is shown: {text}");
}

/// Returns the whole of an error, which holds no token and no query.
pub(crate) fn told(error: &ForgeError) -> String {
    let text = format!("{error}; {} {error:?}", error.remedy);
    no_token(&text);
    assert!(!error.request.contains('?'), "{}", error.request);
    text
}

/// Returns an answer with a body.
pub(crate) fn says(status: u16, body: &Value) -> Reply {
    Reply::Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

/// Returns an answer without a body.
pub(crate) fn moved(status: u16, place: &str) -> Reply {
    Reply::Answer { status, headers: vec![("location".to_owned(), place.to_owned())], body: Vec::new() }
}

impl State {
    fn new() -> Self {
        let account = |id, login: &str, bot| Account {
            id,
            login: login.to_owned(),
            name: format!("{login} name"),
            bot: Some(bot),
            state: "active".to_owned(),
            mail: format!("{login}@example.org"),
        };
        let mut users = vec![account(1, "ada", false), account(2, "bo", false), account(3, "cy", false)];
        users.push(account(BOT, "project_7_bot", true));
        let mut state = Self {
            users,
            roles: [(1, 30), (2, 40), (3, 20), (BOT, 30)].into(),
            groups: [("acme/platform".to_owned(), Some(vec![2, 3])), ("acme/hidden".to_owned(), None)].into(),
            requests: Vec::new(),
            approvals: Vec::new(),
            reviewers: Vec::new(),
            versions: Vec::new(),
            commits: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            discussions: Vec::new(),
            statuses: Vec::new(),
            tip: BASE.to_owned(),
            lines: [("a.py".to_owned(), 3)].into(),
            pipelines: BTreeMap::new(),
            most_reviewers: 100,
            paging: Paging::Both,
            faults: Vec::new(),
            meanwhile: None,
            sent: Vec::new(),
            host: String::new(),
            wrong: Vec::new(),
            minute: 0,
            id: 900,
        };
        let request = state.request(5, "ada", HEAD);
        state.requests.push(request);
        state.push(HEAD, "ada");
        state.commit("ada name", "ada@example.org", "");
        state
    }

    /// Returns a later moment than the one before.
    pub(crate) fn moment(&mut self) -> String {
        self.minute += 1;
        format!("2026-11-20T{:02}:{:02}:00.000Z", 8 + self.minute / 60, self.minute % 60)
    }

    fn next_id(&mut self) -> u64 {
        self.id += 1;
        self.id
    }

    pub(crate) fn account(&self, login: &str) -> &Account {
        self.users.iter().find(|account| account.login == login).unwrap()
    }

    fn shown(&self, id: u64) -> Value {
        let account = self.users.iter().find(|account| account.id == id).unwrap();
        json!({ "id": id, "username": account.login, "name": account.name, "state": account.state, "locked": false })
    }

    /// Returns an open merge request, as a list shows it.
    pub(crate) fn request(&self, number: u64, author: &str, head: &str) -> Value {
        json!({
            "id": 1000 + number, "iid": number, "project_id": 7, "title": "Draft: mend it", "description": "why",
            "state": "opened", "labels": ["zeta", "alpha"], "draft": true, "author": self.shown(self.account(author).id),
            "source_project_id": 7, "target_project_id": 7, "source_branch": "mend", "target_branch": "main",
            "sha": head, "web_url": format!("https://git.example/acme/shop/-/merge_requests/{number}"),
            "changes_count": "3", "reviewers": [], "references": { "full": format!("acme/shop!{number}") },
            "diff_refs": { "base_sha": BASE, "start_sha": BASE, "head_sha": head },
            "new_in_a_later_gitlab": { "a": [null] },
        })
    }

    /// Gives the merge request 5 a new head.
    pub(crate) fn push(&mut self, head: &str, by: &str) {
        let (at, id) = (self.moment(), self.account(by).id);
        let version = json!({ "id": self.next_id(), "head_commit_sha": head, "created_at": at, "state": "collected" });
        self.versions.insert(0, version);
        let push = json!({ "commit_to": head, "ref": "mend", "ref_type": "branch", "action": "pushed" });
        let event =
            json!({ "action_name": "pushed to", "author": self.shown(id), "author_username": by, "push_data": push });
        self.events.insert(0, event);
        self.requests[0]["sha"] = json!(head);
        self.requests[0]["diff_refs"]["head_sha"] = json!(head);
    }

    pub(crate) fn approve(&mut self, by: &str) {
        let (at, user) = (self.moment(), self.shown(self.account(by).id));
        self.approvals.push(json!({ "user": user, "approved_at": at }));
    }

    pub(crate) fn commit(&mut self, name: &str, mail: &str, trailers: &str) {
        self.commits.push(json!({
            "id": HEAD, "author_name": name, "author_email": mail, "committer_name": name, "committer_email": mail,
            "message": format!("Mend it\n\n{trailers}"),
        }));
    }

    /// Returns a note, as a list shows it.
    pub(crate) fn note(&mut self, author: u64, body: &str) -> Value {
        let id = self.next_id();
        json!({ "id": id, "body": body, "author": self.shown(author), "system": false, "resolved": false, "resolved_by": null })
    }
}

fn answer(state: &mut State, request: &Request) -> Reply {
    let line = format!("{} {}", request.method, request.target);
    state.sent.push(line.clone());
    state.host = request.header("host").unwrap_or_default().to_owned();
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
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let query: BTreeMap<String, String> = query.split('&').filter(|part| !part.is_empty()).map(pair).collect();
    let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if let Some(refused) = refused(request, &parts) {
        return refused;
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match request.method.as_str() {
        "GET" => get(state, &parts, &query),
        "PUT" => put(state, &parts, &body),
        "DELETE" => {
            state.notes.retain(|note| parts.last().is_none_or(|id| note["id"].to_string() != *id));
            Reply::Answer { status: 204, headers: Vec::new(), body: Vec::new() }
        }
        _ => post(state, &parts, &body),
    }
}

/// Holds a request against what its token may.
fn refused(request: &Request, parts: &[&str]) -> Option<Reply> {
    let refuse = |status: u16, why: &str| Some(says(status, &json!({ "message": why })));
    let reads = request.method == "GET";
    match (request.header("private-token"), request.header("job-token")) {
        (Some(PROJECT_TOKEN), None) => None,
        (Some(READER_TOKEN), None) if reads => None,
        (Some(READER_TOKEN), None) => refuse(403, "403 insufficient_scope"),
        (None, Some(JOB_TOKEN)) => match parts {
            ["projects", _, "merge_requests"] | ["projects", _, "merge_requests", _] if reads => None,
            ["projects", _, "merge_requests", _, "commits" | "notes"] if reads => None,
            _ => refuse(401, "401 Unauthorized"),
        },
        _ => refuse(401, "401 Unauthorized"),
    }
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
                        && asks("author_id").is_none_or(|id| request["author"]["id"].to_string() == id)
                };
                state.requests.iter().filter(wanted).cloned().collect()
            }
            ["repository", "commits", sha, "merge_requests"] => {
                state.requests.iter().filter(|request| request["sha"] == *sha || *sha == NEXT).cloned().collect()
            }
            ["repository", "commits", sha, "statuses"] => statuses(state, sha, asks("name"), asks("pipeline_id")),
            ["repository", "branches", branch] => {
                let tip = state.tip.clone();
                let branch = (*branch == "main").then(|| json!({ "name": "main", "commit": { "id": tip } }));
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
    state.requests.iter().find(|request| request["iid"].to_string() == number).cloned()
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
            && pipeline.is_none_or(|id| status["pipeline_id"].to_string() == id)
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
    Reply::Answer { status: 200, headers, body: json!(shown).to_string().into_bytes() }
}

fn put(state: &mut State, parts: &[&str], body: &Value) -> Reply {
    let missing = || says(404, &json!({ "message": "404 Not found" }));
    let ["projects", "acme/shop" | "7", "merge_requests", number, rest @ ..] = parts else { return missing() };
    let Some(at) = state.requests.iter().position(|request| request["iid"].to_string() == *number) else {
        return missing();
    };
    match rest {
        [] => {
            change(state, at, body);
            return says(200, &state.requests[at]);
        }
        ["notes", id] => {
            for note in state.notes.iter_mut().filter(|note| note["id"].to_string() == *id) {
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
