//! What the fake GitHub answers: one arm an operation.

use serde_json::{Value, json};

use super::hub::{Profile, State, user};
use super::server::{Reply, Request, decoded};
use super::settings;

pub fn route(state: &mut State, request: &Request, path: &str, profile: &Profile) -> Reply {
    let parts: Vec<String> = path.trim_start_matches('/').split('/').map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if request.method != "GET" && !profile.writes {
        return Reply::json(403, &json!({"message": "Resource not accessible by integration"}));
    }
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["user"]) if profile.person => Reply::json(200, &user(profile.login)),
        ("GET", ["user"]) => Reply::json(403, &json!({"message": "Resource not accessible by integration"})),
        ("GET", ["orgs", organisation, "teams", team, "members"]) => {
            match state.teams.get(&format!("{organisation}/{team}")).cloned() {
                Some(members) if profile.members => paged(state, request, &members),
                _ => Reply::json(404, &json!({"message": "Not Found"})),
            }
        }
        ("GET", ["apps", "github-actions"]) => Reply::json(200, &state.settings.actions),
        ("GET", ["orgs", _, "teams"]) if profile.members => Reply::json(200, &json!([])),
        ("GET", ["orgs", _, "teams"]) => {
            Reply::json(403, &json!({"message": "Resource not accessible by integration"}))
        }
        ("GET", ["repos", "acme", "shop", rest @ ..]) => {
            let asked = settings::answer(state, rest, profile);
            asked.unwrap_or_else(|list| {
                list.map_or_else(|| read(state, request, rest), |list| paged(state, request, &list))
            })
        }
        (_, ["repos", "acme", "shop", rest @ ..]) => write(state, request, rest, profile),
        _ => missing(),
    }
}

fn missing() -> Reply {
    Reply::json(404, &json!({"message": "Not Found"}))
}

fn read(state: &State, request: &Request, rest: &[&str]) -> Reply {
    let asked = |name: &str| request.query().into_iter().find(|(key, _)| key == name).map(|(_, value)| value);
    match rest {
        ["pulls"] => {
            let base = asked("base");
            let fits = |pull: &&Value| {
                pull["state"] == "open" && base.as_ref().is_none_or(|base| pull["base"]["ref"] == base.as_str())
            };
            let mut found: Vec<Value> = state.pulls.values().filter(fits).cloned().collect();
            if asked("sort").as_deref() == Some("updated") {
                found.reverse();
            }
            paged(state, request, &found)
        }
        ["pulls", number] => match state.pulls.get(&number.parse().unwrap()) {
            Some(pull) => Reply::json(200, pull),
            None => missing(),
        },
        ["pulls", number, "files"] => match state.files.get(&number.parse().unwrap()) {
            Some(files) => paged(state, request, files),
            None => missing(),
        },
        ["pulls", _, "reviews"] => paged(state, request, &state.reviews),
        ["pulls", _, "commits"] => {
            // GitHub lists 250 at most, whatever the number.
            paged(state, request, &state.commits[..state.commits.len().min(250)])
        }
        ["compare", _] => {
            let reply = paged(state, request, &state.commits);
            let commits: Value = serde_json::from_slice(&reply.body).unwrap();
            let wrapped = json!({"total_commits": state.commits.len(), "commits": commits, "files": []});
            Reply { body: serde_json::to_vec(&wrapped).unwrap(), ..reply }
        }
        ["pulls", _, "requested_reviewers"] => {
            let users: Vec<Value> = state.requested.0.iter().map(|login| user(login)).collect();
            let teams: Vec<Value> = state.requested.1.iter().map(|slug| json!({"slug": slug})).collect();
            Reply::json(200, &json!({"users": users, "teams": teams}))
        }
        ["collaborators", login, "permission"] => match state.permissions.get(*login) {
            Some(permission) => Reply::json(200, &json!({"permission": permission, "role_name": permission})),
            None => missing(),
        },
        ["activity"] => {
            let reference = asked("ref");
            let found = state.activity.iter().filter(|one| Some(one["ref"].as_str().unwrap()) == reference.as_deref());
            paged(state, request, &found.cloned().collect::<Vec<_>>())
        }
        ["issues"] => {
            let creator = asked("creator");
            let found = state.issues.iter().filter(|one| one["user"]["login"].as_str() == creator.as_deref());
            paged(state, request, &found.cloned().collect::<Vec<_>>())
        }
        ["issues", _, "events"] => paged(state, request, &state.happened),
        ["issues", _, "comments"] => paged(state, request, &state.comments),
        ["issues", _, "labels"] => {
            let labels: Vec<Value> = state.labels.iter().map(|name| json!({"name": name})).collect();
            paged(state, request, &labels)
        }
        ["branches", branch] => tip(state, branch),
        ["commits", sha, what] => of_commit(state, request, sha, what),
        _ => missing(),
    }
}

fn of_commit(state: &State, request: &Request, sha: &str, what: &str) -> Reply {
    match what {
        "pulls" => {
            // Heads of forks are not found by commit.
            let fits = |pull: &&Value| pull["head"]["sha"] == sha && pull["head"]["repo"]["full_name"] == "acme/shop";
            let found: Vec<Value> = state.pulls.values().filter(fits).cloned().collect();
            paged(state, request, &found)
        }
        "statuses" => {
            let of = |status: &&Value| status.get("sha").is_none_or(|at| *at == sha);
            let newest: Vec<Value> = state.statuses.iter().rev().filter(of).cloned().collect();
            paged(state, request, &newest)
        }
        "check-runs" => {
            let runs: Vec<&Value> = state.runs.iter().filter(|run| run["head_sha"] == sha).collect();
            Reply::json(200, &json!({"total_count": runs.len(), "check_runs": runs}))
        }
        _ => missing(),
    }
}

fn tip(state: &State, branch: &str) -> Reply {
    let known = state.pulls.values().find(|pull| pull["base"]["ref"] == branch);
    let known = known.map(|pull| pull["base"]["sha"].as_str().unwrap().to_owned());
    match state.tips.get(branch).cloned().or(known) {
        Some(sha) => {
            let settings = &state.settings;
            let statuses = settings.protection.as_ref().map(|one| one["required_status_checks"].clone());
            let summary = json!({"enabled": settings.protection.is_some(), "required_status_checks": statuses});
            let commit = json!({"sha": sha});
            let protected = settings.protected;
            Reply::json(200, &json!({"name": branch, "commit": commit, "protected": protected, "protection": summary}))
        }
        None => missing(),
    }
}

fn write(state: &mut State, request: &Request, rest: &[&str], profile: &Profile) -> Reply {
    let body = request.json();
    match (request.method.as_str(), rest) {
        ("POST", ["statuses", sha]) => {
            let mut status = body;
            status["sha"] = json!(sha);
            state.statuses.push(status);
            Reply::json(201, state.statuses.last().unwrap())
        }
        ("POST", ["check-runs"]) => {
            let mut run = body;
            run["id"] = json!(state.next_id());
            state.runs.push(run);
            Reply::json(201, state.runs.last().unwrap())
        }
        ("PATCH", ["check-runs", id]) => update_run(state, id, body),
        ("POST", ["issues", _, "comments"]) => {
            let comment = json!({"id": state.next_id(), "body": body["body"], "user": user(profile.login)});
            state.comments.push(comment.clone());
            Reply::json(201, &comment)
        }
        ("PATCH", ["issues", "comments", id]) => {
            let id: u64 = id.parse().unwrap();
            let Some(comment) = state.comments.iter_mut().find(|one| one["id"] == id) else { return missing() };
            comment["body"] = body["body"].clone();
            Reply::json(200, comment)
        }
        ("DELETE", ["issues", "comments", id]) => {
            let id: u64 = id.parse().unwrap();
            state.comments.retain(|one| one["id"] != id);
            Reply { status: 204, headers: Vec::new(), body: Vec::new(), manner: super::server::Manner::Whole }
        }
        ("POST", ["issues", _, "labels"]) => {
            let added = body["labels"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned());
            state.labels.extend(added.collect::<Vec<_>>());
            Reply::json(200, &json!([]))
        }
        ("DELETE", ["issues", _, "labels", name]) => {
            let before = state.labels.len();
            state.labels.retain(|label| label != name);
            if state.labels.len() == before { missing() } else { Reply::json(200, &json!([])) }
        }
        ("POST", ["pulls", _, "requested_reviewers"]) => request_reviews(state, &body),
        ("POST", ["code-scanning", "sarifs"]) => {
            state.sarifs.push(body);
            Reply::json(202, &json!({"id": "47177e22", "url": "https://api.github.com/x"}))
        }
        _ => missing(),
    }
}

fn update_run(state: &mut State, id: &str, body: Value) -> Reply {
    let id: u64 = id.parse().unwrap();
    let Some(run) = state.runs.iter_mut().find(|run| run["id"] == id) else { return missing() };
    let mut annotations = run["output"]["annotations"].as_array().cloned().unwrap_or_default();
    annotations.extend(body["output"]["annotations"].as_array().cloned().unwrap_or_default());
    for (key, value) in body.as_object().unwrap() {
        run[key] = value.clone();
    }
    run["output"]["annotations"] = json!(annotations);
    Reply::json(200, run)
}

fn request_reviews(state: &mut State, body: &Value) -> Reply {
    let texts = |key: &str| -> Vec<String> {
        let entries = body[key].as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| entry.as_str().unwrap().to_owned()).collect()
    };
    let (people, teams) = (texts("reviewers"), texts("team_reviewers"));
    let author = state.pulls[&7]["user"]["login"].clone();
    let refused = |login: &String| state.outsiders.contains(login) || author == login.as_str();
    if people.iter().chain(&teams).any(refused) {
        return Reply::json(422, &json!({"message": "Reviews may only be requested from collaborators."}));
    }
    state.requested.0.extend(people);
    state.requested.1.extend(teams);
    Reply::json(201, &json!({}))
}

/// A page of a list, with the links to others.
fn paged(state: &State, request: &Request, entries: &[Value]) -> Reply {
    let number = |name: &str, default: usize| {
        let found = request.query().into_iter().find(|(key, _)| key == name);
        found.map_or(default, |(_, value)| value.parse().unwrap())
    };
    let asked = number("per_page", 30);
    let size = if state.page == 0 { asked } else { asked.min(state.page) };
    let (page, last) = (number("page", 1), entries.len().div_ceil(size).max(1));
    let shown: Vec<&Value> = entries.iter().skip((page - 1) * size).take(size).collect();
    let reply = Reply::json(200, &json!(shown));
    if page >= last {
        return reply;
    }
    let base = state.link_base.as_deref().unwrap_or_default();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let below = path.strip_prefix("/api/v3").unwrap_or(path);
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("page=")).collect();
    let link = |page: usize| format!("<{base}{below}?{}&page={page}>", kept.join("&"));
    reply.with("link", &format!("{}; rel=\"next\", {}; rel=\"last\"", link(page + 1), link(last)))
}
