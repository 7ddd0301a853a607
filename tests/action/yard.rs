//! Where the action is tried: the shop on a git server, a workspace as actions/checkout leaves it, and the job.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::forge::hub::WORKFLOW;
use crate::runner::{Job, own_action};
use crate::scene::Entry;
use crate::stage::{Stage, edited};
use crate::support::scrubbed;

/// The shop, its server and a job.
pub struct Yard {
    pub stage: Stage,
    /// Older commits of the base, oldest first.
    pub server: PathBuf,
    pub workspace: PathBuf,
}

impl Yard {
    /// A change of the payments, which their team must read; the workspace is a checkout of the merge, one commit deep.
    pub fn new() -> Self {
        Self::of(Stage::new())
    }

    /// That change on a server.
    pub fn of(stage: Stage) -> Self {
        let repository = &stage.scene.repository;
        let server = repository.beside("server");
        std::fs::create_dir_all(server.join("acme")).unwrap();
        std::os::unix::fs::symlink(repository.root(), server.join("acme/shop")).unwrap();
        for name in ["allowAnySHA1InWant", "allowFilter"] {
            repository.git(&["config", &format!("uploadpack.{name}"), "true"]);
        }
        let workspace = repository.beside("workspace");
        let yard = Self { stage, server, workspace };
        yard.publish(&yard.stage.scene.base.clone(), &yard.stage.scene.head.clone());
        yard.check_out("refs/pull/7/merge", &["--depth=1"]);
        yard
    }

    /// Puts the branch and the request where they are on GitHub.
    pub fn publish(&self, base: &str, head: &str) {
        let repository = &self.stage.scene.repository;
        repository.git(&["update-ref", "refs/heads/main", base]);
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        repository.git(&["update-ref", "refs/pull/7/head", head]);
        let tree = repository.git(&["rev-parse", &format!("{head}^{{tree}}")]);
        let merge = repository.commit_tree(&tree, &[base, head], "merge");
        repository.git(&["update-ref", "refs/pull/7/merge", &merge]);
        for name in ["base", "head"] {
            let _ = repository.command(&["update-ref", "-d", &format!("refs/heads/{name}")]).output();
        }
    }

    /// Makes the workspace anew, as actions/checkout does.
    pub fn check_out(&self, reference: &str, more: &[&str]) {
        let _ = std::fs::remove_dir_all(&self.workspace);
        std::fs::create_dir_all(&self.workspace).unwrap();
        self.git(&["init", "-q"]);
        self.git(&["remote", "add", "origin", &format!("{}/acme/shop", self.url())]);
        let refspec = format!("+{reference}:refs/remotes/checked/out");
        self.git(&[&["fetch", "-q", "--no-tags"], more, &["origin", &refspec]].concat());
        self.git(&["checkout", "-q", "--detach", "refs/remotes/checked/out"]);
    }

    /// Runs git in the workspace.
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = self.in_workspace(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Says whether the workspace has an object.
    pub fn has(&self, object: &str) -> bool {
        let mut command = self.in_workspace(&["cat-file", "-e", object]);
        command.env("GIT_NO_LAZY_FETCH", "1").output().unwrap().status.success()
    }

    fn in_workspace(&self, arguments: &[&str]) -> Command {
        let mut command = scrubbed("git");
        // A file of its own, never /dev/null: who may write there replaces it by what he writes.
        command.env("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig")).env("HOME", self.home());
        command.current_dir(&self.workspace).args(arguments);
        command
    }

    /// Where the server is.
    pub fn url(&self) -> String {
        format!("file://{}", self.server.display())
    }

    fn home(&self) -> PathBuf {
        self.stage.file("home")
    }

    /// Returns the job of an event, with the real gate.
    pub fn job(&self, event: &str, payload: &Value) -> Job {
        let temporary = self.stage.file("temporary");
        for folder in [&temporary, &self.home()] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let file = self.stage.file("event.json");
        std::fs::write(&file, payload.to_string()).unwrap();
        let path = std::env::var("PATH").unwrap();
        let text = |path: &Path| path.display().to_string();
        let environment = BTreeMap::from([
            ("PATH".to_owned(), path),
            ("HOME".to_owned(), text(&self.home())),
            ("CI".to_owned(), "true".to_owned()),
            ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
            ("GITHUB_ACTIONS".to_owned(), "true".to_owned()),
            ("GITHUB_API_URL".to_owned(), self.stage.address()),
            ("GITHUB_EVENT_NAME".to_owned(), event.to_owned()),
            ("GITHUB_EVENT_PATH".to_owned(), text(&file)),
            ("GITHUB_JOB".to_owned(), "policy".to_owned()),
            ("GITHUB_REPOSITORY".to_owned(), "acme/shop".to_owned()),
            ("GITHUB_RUN_ID".to_owned(), "81".to_owned()),
            ("GITHUB_SERVER_URL".to_owned(), self.url()),
            ("GITHUB_SHA".to_owned(), self.stage.scene.base.clone()),
            ("GITHUB_STEP_SUMMARY".to_owned(), text(&self.stage.file("summary.md"))),
            ("GITHUB_WORKSPACE".to_owned(), text(&self.workspace)),
            ("RUNNER_ARCH".to_owned(), "X64".to_owned()),
            ("RUNNER_OS".to_owned(), "Linux".to_owned()),
            ("RUNNER_TEMP".to_owned(), text(&temporary)),
        ]);
        Job {
            action: own_action(),
            environment,
            contexts: json!({
                "github": {"event": payload, "token": WORKFLOW},
                "runner": {"temp": text(&temporary)},
            }),
            with: BTreeMap::from([("binary".to_owned(), env!("CARGO_BIN_EXE_portcullis").to_owned())]),
            workspace: self.workspace.clone(),
            temporary: self.stage.file("temporary"),
            others: Box::new(|uses, _| panic!("no other action is used here: {uses}")),
        }
    }

    /// Returns the job of a `pull_request` event.
    pub fn request(&self) -> Job {
        self.job("pull_request", &self.pull_request())
    }

    /// Returns a payload in the shape of GitHub's, with what strangers write in it.
    pub fn pull_request(&self) -> Value {
        let scene = &self.stage.scene;
        let strange = "$(touch /tmp/pwned)`id`\"; exit 0 #";
        let end = |reference: &str, sha: &str| {
            json!({
                "label": format!("acme:{reference}"), "ref": reference, "sha": sha,
                "repo": {"full_name": "acme/shop", "default_branch": "main", "fork": false},
            })
        };
        json!({
            "action": "synchronize", "number": 7,
            "pull_request": {
                "number": 7, "state": "open", "title": strange, "body": strange, "draft": false, "labels": [],
                "base": end("main", &scene.base), "head": end(strange, &scene.head), "changed_files": 1, "commits": 1,
                "merge_commit_sha": null, "user": {"login": "ada", "type": "User"},
            },
            "repository": {"full_name": "acme/shop", "default_branch": "main"},
            "sender": {"login": "ada"},
        })
    }
}

/// Sets an input.
pub fn with(mut job: Job, pairs: &[(&str, &str)]) -> Job {
    job.with.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    job
}

/// A change that a rule refuses.
pub fn refused() -> Stage {
    let policy = "package own\n\ndeny contains \"never\" if count(input.files) > 0\n";
    Stage::changing(policy, &[("pay.py", &edited())])
}

/// A change that nobody has anything against.
pub fn harmless() -> Stage {
    Stage::changing(crate::stage::ASKS, &[("docs.md", "# The shop\n")])
}

/// A file with text.
pub fn text(content: &str) -> Entry {
    Entry::from(content)
}
