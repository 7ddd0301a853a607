//! The calls of GitLab's API that the gate makes, one function each, as endpoints of the `gitlab` crate.
//!
//! Owns paths, queries and bodies. Must not send. Every part of a path that comes from outside is escaped, slashes too.

use std::borrow::Cow;

use gitlab::api::endpoint_prelude::{BodyError, Endpoint, JsonParams, Method, QueryParams};
use serde_json::{Value, json};

use crate::forge::address::escaped;

/// One page of a list holds so many rows, the most that GitLab gives.
pub(super) const PAGE: usize = 100;

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// Whether a list has as many rows as GitLab says.
    counted: bool,
}

impl Endpoint for Call {
    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Cow<'static, str> {
        self.path.clone().into()
    }

    fn parameters(&self) -> QueryParams<'_> {
        let mut parameters = QueryParams::default();
        for (key, value) in &self.query {
            parameters.push(*key, value.as_str());
        }
        parameters
    }

    fn body(&self) -> Result<Option<(&'static str, Vec<u8>)>, BodyError> {
        self.body.as_ref().map_or(Ok(None), JsonParams::into_body)
    }
}

impl Call {
    fn get(path: String) -> Self {
        Self { method: Method::GET, path, query: Vec::new(), body: None, counted: false }
    }

    /// A list of which GitLab may leave out what the token may not see, after it has counted.
    fn list(path: String) -> Self {
        Self::get(path).with("per_page", PAGE)
    }

    /// A list that has as many rows as GitLab says.
    fn counted(path: String) -> Self {
        Self { counted: true, ..Self::list(path) }
    }

    fn post(path: String, body: Value) -> Self {
        Self { method: Method::POST, path, query: Vec::new(), body: Some(body), counted: false }
    }

    fn put(path: String, body: Value) -> Self {
        Self { method: Method::PUT, path, query: Vec::new(), body: Some(body), counted: false }
    }

    fn delete(path: String) -> Self {
        Self { method: Method::DELETE, path, query: Vec::new(), body: None, counted: false }
    }

    /// Adds a parameter of the query.
    pub(super) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.query.push((key, value.to_string()));
        self
    }

    /// Says whether it only reads, so that asking again does no harm.
    pub(super) fn reads(&self) -> bool {
        self.method == Method::GET
    }

    /// Says whether a list has as many rows as GitLab says.
    pub(super) fn is_counted(&self) -> bool {
        self.counted
    }

    /// Returns how it is called in an error: method and path, no query and no body.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The calls about one project.
#[derive(Clone, Debug)]
pub(super) struct Project {
    path: String,
    id: String,
}

impl Project {
    /// Returns the project of that path (`group/name`) or number.
    pub(super) fn new(id: &str) -> Self {
        Self { path: format!("projects/{}", escaped(id)), id: id.to_owned() }
    }

    /// Returns its path or number, as it was given.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    fn request(&self, number: u64) -> String {
        format!("{}/merge_requests/{number}", self.path)
    }

    pub(super) fn merge_request(&self, number: u64) -> Call {
        Call::get(self.request(number))
    }

    pub(super) fn open_merge_requests(&self) -> Call {
        let path = format!("{}/merge_requests", self.path);
        Call::counted(path)
            .with("state", "opened")
            .with("scope", "all")
            .with("order_by", "created_at")
            .with("sort", "asc")
    }

    /// The first page of those into a branch, the newest change first.
    pub(super) fn newest_merge_requests(&self, branch: &str) -> Call {
        Call::list(format!("{}/merge_requests", self.path))
            .with("state", "opened")
            .with("scope", "all")
            .with("target_branch", branch)
            .with("order_by", "updated_at")
            .with("sort", "desc")
    }

    /// The first page of the changed files.
    pub(super) fn differences(&self, number: u64) -> Call {
        Call::list(format!("{}/diffs", self.request(number)))
    }

    pub(super) fn merge_requests_of(&self, commit: &str) -> Call {
        Call::list(format!("{}/repository/commits/{}/merge_requests", self.path, escaped(commit)))
    }

    pub(super) fn settings(&self) -> Call {
        Call::get(self.path.clone())
    }

    pub(super) fn protected_branches(&self) -> Call {
        Call::counted(format!("{}/protected_branches", self.path))
    }

    pub(super) fn approval_configuration(&self) -> Call {
        Call::get(format!("{}/approvals", self.path))
    }

    pub(super) fn approval_rules(&self) -> Call {
        Call::counted(format!("{}/approval_rules", self.path))
    }

    pub(super) fn status_checks(&self) -> Call {
        Call::counted(format!("{}/external_status_checks", self.path))
    }

    pub(super) fn job_token_scope(&self) -> Call {
        Call::get(format!("{}/job_token_scope", self.path))
    }

    pub(super) fn approvals(&self, number: u64) -> Call {
        Call::get(format!("{}/approvals", self.request(number)))
    }

    pub(super) fn reviewers(&self, number: u64) -> Call {
        Call::get(format!("{}/reviewers", self.request(number)))
    }

    pub(super) fn versions(&self, number: u64) -> Call {
        Call::counted(format!("{}/versions", self.request(number)))
    }

    pub(super) fn commits(&self, number: u64) -> Call {
        Call::counted(format!("{}/commits", self.request(number)))
    }

    pub(super) fn branch(&self, name: &str) -> Call {
        Call::get(format!("{}/repository/branches/{}", self.path, escaped(name)))
    }

    pub(super) fn member(&self, user: u64) -> Call {
        Call::get(format!("{}/members/all/{user}", self.path))
    }

    pub(super) fn pushes(&self) -> Call {
        Call::list(format!("{}/events", self.path)).with("action", "pushed").with("sort", "desc")
    }

    pub(super) fn statuses(&self, commit: &str, name: &str) -> Call {
        let path = format!("{}/repository/commits/{}/statuses", self.path, escaped(commit));
        Call::list(path).with("name", name)
    }

    pub(super) fn set_status(&self, commit: &str, body: Value) -> Call {
        Call::post(format!("{}/statuses/{}", self.path, escaped(commit)), body)
    }

    pub(super) fn notes(&self, number: u64) -> Call {
        Call::list(format!("{}/notes", self.request(number))).with("order_by", "created_at").with("sort", "asc")
    }

    pub(super) fn write_note(&self, number: u64, body: &str) -> Call {
        Call::post(format!("{}/notes", self.request(number)), json!({ "body": body }))
    }

    pub(super) fn rewrite_note(&self, number: u64, note: u64, body: &str) -> Call {
        Call::put(format!("{}/notes/{note}", self.request(number)), json!({ "body": body }))
    }

    pub(super) fn delete_note(&self, number: u64, note: u64) -> Call {
        Call::delete(format!("{}/notes/{note}", self.request(number)))
    }

    pub(super) fn change(&self, number: u64, body: Value) -> Call {
        Call::put(self.request(number), body)
    }

    pub(super) fn discussions(&self, number: u64) -> Call {
        Call::list(format!("{}/discussions", self.request(number)))
    }

    pub(super) fn discuss(&self, number: u64, body: Value) -> Call {
        Call::post(format!("{}/discussions", self.request(number)), body)
    }

    pub(super) fn resolve(&self, number: u64, discussion: &str, resolved: bool) -> Call {
        let path = format!("{}/discussions/{}", self.request(number), escaped(discussion));
        Call::put(path, json!({ "resolved": resolved }))
    }

    pub(super) fn reword(&self, number: u64, discussion: &str, note: u64, body: &str) -> Call {
        let path = format!("{}/discussions/{}/notes/{note}", self.request(number), escaped(discussion));
        Call::put(path, json!({ "body": body }))
    }
}

/// Who the token belongs to.
pub(super) fn me() -> Call {
    Call::get("user".to_owned())
}

/// What the token itself may; the token of a job has no answer.
pub(super) fn token() -> Call {
    Call::get("personal_access_tokens/self".to_owned())
}

pub(super) fn user(id: u64) -> Call {
    Call::get(format!("users/{id}"))
}

pub(super) fn users_named(login: &str) -> Call {
    Call::get("users".to_owned()).with("username", login)
}

pub(super) fn users_found(text: &str) -> Call {
    Call::list("users".to_owned()).with("search", text)
}

pub(super) fn group_members(path: &str) -> Call {
    Call::list(format!("groups/{}/members/all", escaped(path)))
}

#[cfg(test)]
mod tests {
    use gitlab::api::endpoint_prelude::Endpoint;

    use super::{Project, group_members};

    #[test]
    fn parts_of_a_path_are_escaped_whole() {
        let project = Project::new("group/sub/name");
        assert_eq!(project.merge_request(3).name(), "GET projects/group%2Fsub%2Fname/merge_requests/3");
        assert_eq!(
            project.branch("a/../b?c#d").endpoint(),
            "projects/group%2Fsub%2Fname/repository/branches/a%2F..%2Fb%3Fc%23d"
        );
        assert_eq!(group_members("..").endpoint(), "groups/%252E%252E/members/all");
        assert_eq!(group_members("a\\..\\é.b").endpoint(), "groups/a%5C..%5C%C3%A9.b/members/all");
    }
}
