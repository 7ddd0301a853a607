//! A GitHub in this process, with a memory: what is written can be read.
//!
//! Owns one repository (`acme/shop`), its people, teams and tokens. Every request is held against GitHub's published
//! description, and a test in which one does not fit fails when its hub ends. Faults and races are scripted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use portcullis::change::Environment;
use portcullis::forge::address::Address;
use portcullis::forge::github::{GitHub, Settings};
use portcullis::forge::publication::Publication;
use portcullis::forge::settings::Settings as Answers;
use portcullis::forge::token::Tokens;
use portcullis::forge::{Asked, Ends, Forge, ForgeError, Neighbour, OpenChange};
use portcullis::review::state::PullState;
use serde_json::{Value, json};

use super::contract::Contract;
use super::routes;
use super::server::{Reply, Request, Server};

pub const HEAD: &str = "1111111111111111111111111111111111111111";
pub const OTHER: &str = "2222222222222222222222222222222222222222";
pub const BASE: &str = "9999999999999999999999999999999999999999";

/// The word that every token holds, so that a scan finds any of them.
pub const SECRET: &str = "SECRET";
/// The token of the workflow.
pub const WORKFLOW: &str = "ghs_SECRETworkflow";
/// A token of a fork's run: it reads and never writes.
pub const FORK: &str = "ghs_SECRETfork";
/// A person's token.
pub const PERSON: &str = "ghp_SECRETperson";
/// The organisation's, for team membership.
pub const ORGANISATION: &str = "ghp_SECREThidden";

/// What a token may.
#[derive(Clone, Debug)]
pub struct Profile {
    pub login: &'static str,
    pub writes: bool,
    pub members: bool,
    /// Whether `/user` answers it.
    pub person: bool,
    /// Whether it is shown settings, and what it says of its scopes.
    pub admin: bool,
}

/// What goes wrong, for requests that fit.
pub struct Fault {
    pub method: &'static str,
    /// A part of path and query.
    pub part: &'static str,
    /// How often; requests after that are answered well.
    pub times: u32,
    pub reply: Reply,
}

/// Something that happens right after the first answer to a request that fits.
pub type Event = Box<dyn FnOnce(&mut State) + Send>;

/// The repository.
#[derive(Default)]
pub struct State {
    pub pulls: BTreeMap<u64, Value>,
    /// Files of pull requests, by number.
    pub files: BTreeMap<u64, Vec<Value>>,
    /// Tips of branches; where none is named, what a pull request into the branch says.
    pub tips: BTreeMap<String, String>,
    pub reviews: Vec<Value>,
    pub commits: Vec<Value>,
    pub permissions: BTreeMap<String, String>,
    pub teams: BTreeMap<String, Vec<Value>>,
    pub activity: Vec<Value>,
    pub issues: Vec<Value>,
    /// Events of the pull request.
    pub happened: Vec<Value>,
    pub statuses: Vec<Value>,
    pub runs: Vec<Value>,
    pub comments: Vec<Value>,
    pub labels: Vec<String>,
    pub requested: (Vec<String>, Vec<String>),
    /// Who cannot be asked for a review.
    pub outsiders: Vec<String>,
    pub sarifs: Vec<Value>,
    /// Entries of a page at most, whatever is asked for; 0 for what is asked.
    pub page: usize,
    /// What links of pages begin with instead of the hub's own address.
    pub link_base: Option<String>,
    pub faults: Vec<Fault>,
    pub events: Vec<(&'static str, Event)>,
    pub log: Vec<Request>,
    pub unchanged: usize,
    pub ids: u64,
    /// Settings of the branch and the repository.
    pub settings: super::settings::Settings,
    violations: Vec<String>,
    tokens: BTreeMap<String, Profile>,
}

/// A client of which every word is looked through for a token, in every test.
pub struct Watched(GitHub);

impl Watched {
    pub fn new(settings: Settings) -> Self {
        Self(GitHub::new(settings).unwrap())
    }

    fn heard<T: std::fmt::Debug>(said: T) -> T {
        let text = format!("{said:?}");
        assert!(!text.contains(SECRET), "a token in {text}");
        said
    }
}

impl Forge for Watched {
    fn pull(&self, asked: &Asked) -> Result<PullState, ForgeError> {
        Self::heard(self.0.pull(asked))
    }

    fn ends(&self, number: u64) -> Result<Ends, ForgeError> {
        Self::heard(self.0.ends(number))
    }

    fn open_pulls(&self) -> Result<Vec<OpenChange>, ForgeError> {
        Self::heard(self.0.open_pulls())
    }

    fn with_head(&self, head: &str, known: Option<&[OpenChange]>) -> Result<Vec<OpenChange>, ForgeError> {
        Self::heard(self.0.with_head(head, known))
    }

    fn pull_of(&self, head: &str) -> Result<u64, ForgeError> {
        Self::heard(self.0.pull_of(head))
    }

    fn neighbours(&self, target_branch: &str) -> Result<Vec<Neighbour>, ForgeError> {
        Self::heard(self.0.neighbours(target_branch))
    }

    fn paths(&self, number: u64) -> Result<(Vec<String>, bool), ForgeError> {
        Self::heard(self.0.paths(number))
    }

    fn publish(&self, what: &Publication) -> Vec<String> {
        Self::heard(self.0.publish(what))
    }

    fn settings(&self, branch: &str) -> Answers {
        Self::heard(self.0.settings(branch))
    }
}

/// A running fake.
pub struct Hub {
    server: Server,
    state: Arc<Mutex<State>>,
    prefix: &'static str,
}

pub fn user(login: &str) -> Value {
    let kind = if login.ends_with("[bot]") { "Bot" } else { "User" };
    json!({"login": login, "type": kind, "id": 1})
}

pub fn pull(number: u64, author: &str, head: &str) -> Value {
    json!({
        "number": number, "state": "open", "title": "Add refunds", "body": "Why and how", "draft": false,
        "html_url": format!("https://github.com/acme/shop/pull/{number}"), "user": user(author),
        "labels": [{"name": "size/L"}, {"name": "bug"}], "commits": 1, "changed_files": 4,
        "head": {"ref": "refunds", "sha": head, "repo": {"full_name": "acme/shop"}},
        "base": {"ref": "main", "sha": BASE, "repo": {"full_name": "acme/shop"}},
    })
}

pub fn review(login: &str, state: &str, commit: &str, minute: u32) -> Value {
    let at = format!("2026-11-01T10:{minute:02}:00Z");
    json!({"id": minute, "user": user(login), "state": state, "commit_id": commit, "submitted_at": at})
}

pub fn commit(author: &str, message: &str) -> Value {
    let named = if author.is_empty() { Value::Null } else { user(author) };
    let signature = json!({"name": "N", "email": "n@example.org"});
    json!({
        "sha": HEAD, "author": named, "committer": user("web-flow"),
        "commit": {"message": message, "author": signature, "committer": signature},
    })
}

impl State {
    fn shop() -> Self {
        let profile = |login, writes, members, person| Profile { login, writes, members, person, admin: false };
        let person = Profile { admin: true, ..profile("gate-keeper", true, true, true) };
        let tokens = [
            (WORKFLOW, profile("github-actions[bot]", true, false, false)),
            (FORK, profile("github-actions[bot]", false, false, false)),
            (PERSON, person),
            (ORGANISATION, profile("org-reader", false, true, true)),
        ];
        let mut state = Self {
            tokens: tokens.into_iter().map(|(token, profile)| (token.to_owned(), profile)).collect(),
            ids: 100,
            ..Self::default()
        };
        state.pulls.insert(7, pull(7, "ada", HEAD));
        state.issues.push(json!({"number": 7, "pull_request": {}, "user": user("ada")}));
        state.commits.push(commit("ada", "Add refunds"));
        state.activity.push(json!({"after": HEAD, "ref": "refs/heads/refunds", "actor": user("ada")}));
        for (login, permission) in [("ada", "write"), ("bob", "write"), ("cy", "admin"), ("eve", "read")] {
            state.permissions.insert(login.to_owned(), permission.to_owned());
        }
        state.teams.insert("acme/payments".to_owned(), vec![user("bob"), user("cy")]);
        state
    }

    pub fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }
}

impl Hub {
    /// Starts one at the root of its host.
    pub fn new() -> Self {
        Self::below("")
    }

    /// Starts one below a path, as GitHub Enterprise is.
    pub fn below(prefix: &'static str) -> Self {
        let state = Arc::new(Mutex::new(State::shop()));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| answer(&mut shared.lock().unwrap(), request, prefix));
        state.lock().unwrap().link_base = Some(format!("http://127.0.0.1:{}{prefix}", server.port));
        Self { server, state, prefix }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn fault(&self, method: &'static str, part: &'static str, times: u32, reply: Reply) {
        self.state().faults.push(Fault { method, part, times, reply });
    }

    pub fn after(&self, part: &'static str, event: impl FnOnce(&mut State) + Send + 'static) {
        self.state().events.push((part, Box::new(event)));
    }

    /// How the client reaches it with this token.
    pub fn settings(&self, token: &str) -> Settings {
        let environment: Environment = [("GITHUB_TOKEN".to_owned(), token.to_owned())].into();
        Settings {
            address: Address::parse(&format!("http://127.0.0.1:{}{}", self.server.port, self.prefix)).unwrap(),
            project: "acme/shop".to_owned(),
            tokens: Tokens::of("github", &environment),
            authorities: None,
            account: None,
            task_ms: 60_000,
            pause: Duration::from_millis(1),
            seed: "test".to_owned(),
        }
    }

    pub fn client(&self, token: &str) -> Watched {
        Watched::new(self.settings(token))
    }

    /// How many requests of this method went to a path with this part.
    pub fn count(&self, method: &str, part: &str) -> usize {
        self.state().log.iter().filter(|request| request.method == method && request.target.contains(part)).count()
    }

    /// All writes, as method and path.
    pub fn writes(&self) -> Vec<String> {
        let state = self.state();
        let writes = state.log.iter().filter(|request| request.method != "GET");
        writes.map(|request| format!("{} {}", request.method, request.path())).collect()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = std::mem::take(&mut self.state().violations);
            assert!(violations.is_empty(), "requests against GitHub's description:\n{}", violations.join("\n"));
        }
    }
}

fn answer(state: &mut State, request: &Request, prefix: &str) -> Reply {
    state.log.push(request.clone());
    let Some(path) = request.path().strip_prefix(prefix).map(str::to_owned) else {
        state.violations.push(format!("{} is not below {prefix}", request.target));
        return Reply::json(404, &json!({}));
    };
    let faults = Contract::published().faults(request, &path).into_iter().chain(header_faults(request));
    let faults: Vec<String> = faults.map(|fault| format!("{} {}: {fault}", request.method, request.target)).collect();
    state.violations.extend(faults);
    let fits =
        |fault: &&mut Fault| fault.times > 0 && fault.method == request.method && request.target.contains(fault.part);
    if let Some(fault) = state.faults.iter_mut().find(fits) {
        fault.times -= 1;
        return fault.reply.clone();
    }
    let token = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let Some(profile) = token.and_then(|token| state.tokens.get(token)).cloned() else {
        return Reply::json(401, &json!({"message": "Bad credentials"}));
    };
    let reply = routes::route(state, request, &path, &profile);
    let happens = state.events.iter().position(|(part, _)| request.target.contains(part));
    if let Some(index) = happens {
        let (_, event) = state.events.remove(index);
        event(state);
    }
    tagged(state, request, reply)
}

/// Gives a read its tag, or says that nothing has changed since.
fn tagged(state: &mut State, request: &Request, reply: Reply) -> Reply {
    if request.method != "GET" || reply.status != 200 {
        return reply;
    }
    let sum = reply.body.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let tag = format!("W/\"{sum:x}\"");
    if request.headers.get("if-none-match") == Some(&tag) {
        state.unchanged += 1;
        return Reply { status: 304, headers: Vec::new(), body: Vec::new(), manner: reply.manner };
    }
    reply.with("etag", &tag)
}

fn header_faults(request: &Request) -> Vec<String> {
    let header = |name: &str| request.headers.get(name).map(String::as_str).unwrap_or_default();
    let expected = [
        ("user-agent", format!("portcullis/{}", env!("CARGO_PKG_VERSION"))),
        ("accept", "application/vnd.github+json".to_owned()),
        ("x-github-api-version", "2022-11-28".to_owned()),
    ];
    let wrong = expected.iter().filter(|(name, value)| header(name) != value);
    let mut faults: Vec<String> = wrong.map(|(name, _)| format!("{name} is {:?}", header(name))).collect();
    if !header("accept-encoding").is_empty() {
        faults.push("a compressed answer could be a bomb".to_owned());
    }
    faults
}
