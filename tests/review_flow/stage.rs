//! A shop whose payments are read by people, its request on GitHub, and the jobs that judge it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::forge::hub::{Hub, WORKFLOW, commit, pull};
use crate::scene::{AS_OF, Run, Scene, portcullis, run};

/// Asks the payments team whenever its code changes, and nobody for anything else.
pub const ASKS: &str = r#"# METADATA
# title: Payments are read by their team
# custom:
#   id: own/payments
package own

review contains {"msg": sprintf("%s changes", [file.path]), "layer": 2, "team": "payments", "path": file.path} if {
	some file in input.files
	startswith(file.path, "pay")
}
"#;

/// The team, whose members are listed.
pub const TEAMS: &str = "teams:
  - {id: payments, title: Payments, handles: ['@acme/payments'], approves: [2], members: [{handle: '@bob'}, {handle: '@bo'}, {handle: '@cy'}, {handle: '@ada'}, {handle: '@eve'}]}
  - {id: core, title: Core, handles: ['@acme/core'], approves: [2, 3], members: [{handle: '@dan'}]}
";

/// A file of eight lines, so that edits at both ends merge.
pub const PAY: &str = "def charge(card):\n    one(card)\n    two(card)\n    three(card)\n    four(card)\n    five(card)\n    six(card)\n    seven(card)\n";

/// Returns the files of the base: rules, team, code.
pub fn shop(policy: &str) -> Vec<(&'static str, String)> {
    let specification = "schema: 1\nname: shop\nversion: 1.0.0\ndefaults: {unknown-agent: deny}\n";
    // The system of the specification is in a folder of its own, so that only the policy says whom a file concerns.
    let systems = "systems:\n  - {id: depot, owner: core, repo: git.example/depot, languages: [python], tier: standard, modules: {all: '**'}}\n";
    let configuration =
        "version: 1\nsystem: {depot: depot}\npacks: [hidden-code]\npolicies: [policies]\nspec: {path: .portcullis}\n";
    vec![
        (".portcullis.yaml", configuration.to_owned()),
        (".portcullis/portcullis-spec.yaml", specification.to_owned()),
        (".portcullis/systems.yaml", systems.to_owned()),
        (".portcullis/teams.yaml", TEAMS.to_owned()),
        ("policies/own.rego", policy.to_owned()),
        ("pay.py", PAY.to_owned()),
        ("docs.md", "# Shop\n".to_owned()),
    ]
}

/// A repository, a forge that has its request, and the files of a job.
pub struct Stage {
    pub scene: Scene,
    pub hub: Hub,
}

impl Stage {
    /// A change of the payments, which their team must read.
    pub fn new() -> Self {
        Self::changing(ASKS, &[("pay.py", &edited())])
    }

    /// A change under that policy.
    pub fn changing(policy: &str, head: &[(&str, &str)]) -> Self {
        let base = shop(policy);
        let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
        Self::of(&base, head)
    }

    /// A change of these files.
    pub fn of(base: &[(&str, &str)], head: &[(&str, &str)]) -> Self {
        let scene = Scene::new(base, head);
        let hub = Hub::new();
        let stage = Self { scene, hub };
        stage.open(7, &stage.scene.head, u64::try_from(head.len()).unwrap());
        stage
    }

    /// Opens a request of `ada` for that head.
    pub fn open(&self, number: u64, head: &str, files: u64) {
        let mut state = self.hub.state();
        let mut opened = pull(number, "ada", head);
        opened["base"]["sha"] = json!(self.scene.base);
        opened["changed_files"] = json!(files);
        state.pulls.insert(number, opened);
        state.commits = vec![commit("ada", "Add refunds")];
        state.activity = vec![
            json!({"after": head, "ref": "refs/heads/refunds", "actor": {"login": "ada", "type": "User", "id": 1}}),
        ];
    }

    /// Says that somebody approved this commit.
    pub fn approve(&self, login: &str, commit: &str) {
        let mut state = self.hub.state();
        let minute = u32::try_from(state.reviews.len()).unwrap() + 1;
        state.reviews.push(crate::forge::hub::review(login, "APPROVED", commit, minute));
    }

    /// Where the interface is.
    pub fn address(&self) -> String {
        self.hub.settings(WORKFLOW).address.to_string()
    }

    /// Returns a file beside the repository.
    pub fn file(&self, name: &str) -> PathBuf {
        self.scene.repository.beside(name)
    }

    /// Returns a job of GitHub Actions for an event, with this token.
    pub fn job(&self, event: &str, payload: &Value, token: &str, arguments: &[&str]) -> Command {
        let file = self.file("event.json");
        std::fs::write(&file, payload.to_string()).unwrap();
        let mut command = portcullis(self.scene.repository.root(), arguments);
        command.envs([
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_EVENT_NAME", event),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_RUN_ID", "81"),
            ("GITHUB_JOB", "gate"),
            ("GITHUB_API_URL", &self.address()),
        ]);
        command.env("GITHUB_EVENT_PATH", file).env("GITHUB_STEP_SUMMARY", self.file("summary.md"));
        if !token.is_empty() {
            command.env("GITHUB_TOKEN", token);
        }
        command
    }

    /// Runs `check` in the job of a `pull_request` event, as JSON.
    pub fn check(&self, more: &[&str]) -> Run {
        let payload = self.pull_request();
        run(&mut self.job("pull_request", &payload, WORKFLOW, &[&check_json()[..], more].concat()))
    }

    /// Returns the payload of a `pull_request` event.
    pub fn pull_request(&self) -> Value {
        let end = |sha: &str| json!({"sha": sha, "repo": {"full_name": "acme/shop"}});
        json!({
            "action": "synchronize", "number": 7,
            "pull_request": {
                "number": 7, "title": "An old title", "labels": [], "draft": true,
                "base": end(&self.scene.base), "head": end(&self.scene.head),
            },
        })
    }

    /// Returns the commit statuses so far: state and description.
    pub fn statuses(&self) -> Vec<String> {
        let state = self.hub.state();
        let told = |status: &Value| {
            assert_eq!(status["context"], "portcullis/review");
            format!("{} {}", status["state"].as_str().unwrap(), status["description"].as_str().unwrap())
        };
        state.statuses.iter().map(told).collect()
    }

    /// Returns the comments as they are now.
    pub fn comments(&self) -> Vec<String> {
        let state = self.hub.state();
        state.comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    }
}

/// The payments, with an edit at their beginning.
pub fn edited() -> String {
    PAY.replace("one(card)", "first(card)")
}

pub fn check_json() -> [&'static str; 5] {
    ["check", "--as-of", AS_OF, "--format", "json"]
}

/// Returns the approvals of the only requirement: who, whether it counts, and why not.
pub fn approvals(run: &Run) -> Vec<(String, bool, String)> {
    let document = run.document();
    let requirements = document["review"]["requirements"].as_array().unwrap();
    assert_eq!(requirements.len(), 1, "{document:#}");
    let told = |one: &Value| {
        let word = |key: &str| one[key].as_str().unwrap().to_owned();
        (word("login"), one["counts"].as_bool().unwrap(), word("why_not"))
    };
    requirements[0]["approvals"].as_array().unwrap().iter().map(told).collect()
}
