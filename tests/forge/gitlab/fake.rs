//! A GitLab that remembers: people, groups, one project with merge requests, and what was written to it.
//!
//! Every request is held against the interface's description, and a test that sent a wrong one fails at its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use portcullis::forge::ForgeError;
use portcullis::forge::address::Address;
use portcullis::forge::gitlab::{GitLab, Settings};
use portcullis::forge::token::{Token, Tokens};
use serde_json::{Value, json};

use super::routes::answer;
use super::server::{Reply, Server};

/// Where the interface is below the host: a GitLab with a relative root.
pub(crate) const ROOT: &str = "/git/api/v4";
/// A project access token with the scope `api`; its account is `project_7_bot`.
pub(crate) const PROJECT_TOKEN: &str = "glpat-SECRETproject0000";
/// A token with the scope `read_api`.
pub(crate) const READER_TOKEN: &str = "glpat-SECRETreader00000";
/// The token of a job.
pub(crate) const JOB_TOKEN: &str = "glcbt-64_SECRETjob000000";
/// A token that sees groups, and nothing of the project.
pub(crate) const GROUP_TOKEN: &str = "glpat-SECRETgroup000000";
/// The number of the account that the project token has.
pub(crate) const BOT: u64 = 70;
pub(crate) const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const BASE: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
pub(crate) const NEXT: &str = "cccccccccccccccccccccccccccccccccccccccc";
pub(crate) const LAST: &str = "dddddddddddddddddddddddddddddddddddddddd";

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
    /// Settings of the project and of the branch `main`.
    pub(crate) settings: super::settings::Settings,
    pub(crate) paging: Paging,
    pub(crate) faults: Vec<Fault>,
    /// Changed files of every merge request.
    pub(crate) differences: Vec<Value>,
    /// Runs before a request is answered.
    pub(crate) meanwhile: Option<fn(&mut Self, &str)>,
    pub(crate) sent: Vec<String>,
    pub(crate) host: String,
    pub(crate) wrong: Vec<String>,
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
        let server = Server::start(move |request| answer(&mut shared.lock().unwrap(), request));
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
            tokens: Tokens { project: Token::new(token), organisation: None },
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

/// Returns a redirect.
pub(crate) fn moved(status: u16, place: &str) -> Reply {
    Reply::json(status, &Value::Null).with("location", place)
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
            settings: super::settings::Settings::default(),
            paging: Paging::Both,
            faults: Vec::new(),
            meanwhile: None,
            sent: Vec::new(),
            host: String::new(),
            wrong: Vec::new(),
            differences: Vec::new(),
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

    pub(crate) fn next_id(&mut self) -> u64 {
        self.id += 1;
        self.id
    }

    pub(crate) fn account(&self, login: &str) -> &Account {
        self.users.iter().find(|account| account.login == login).unwrap()
    }

    pub(crate) fn shown(&self, id: u64) -> Value {
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

    /// Returns a note of GitLab's own about what an account did.
    pub(crate) fn system_note(&mut self, about: u64, body: &str) -> Value {
        let at = self.moment();
        let mut note = self.note(about, body);
        note["system"] = json!(true);
        note["created_at"] = json!(at);
        note
    }

    /// Returns a note, as a list shows it.
    pub(crate) fn note(&mut self, author: u64, body: &str) -> Value {
        let id = self.next_id();
        json!({ "id": id, "body": body, "author": self.shown(author), "system": false, "created_at": "2026-11-20T23:00:00Z", "resolved": false, "resolved_by": null })
    }
}
