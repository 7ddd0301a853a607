//! Every event, from a clone that lacks what it needs: what is fetched, how, and what is never done.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::runner::{Ended, Job};
use crate::scene::{Tree, tree, write_commit};
use crate::stage::{ASKS, Stage, shop};
use crate::support::TestRepository;
use crate::yard::{Yard, harmless, with};

/// Returns the verdict document.
fn document(ended: &Ended) -> Value {
    serde_json::from_slice(&std::fs::read(ended.output("report-json")).unwrap()).unwrap()
}

/// The job of an event, from a checkout of the branch that is one commit deep.
fn from_the_branch(yard: &Yard, event: &str, payload: &Value) -> Job {
    yard.check_out("refs/heads/main", &["--depth=1"]);
    assert!(!yard.has(&yard.stage.scene.head));
    yard.job(event, payload)
}

#[test]
fn pull_request_target_judges_the_head_and_checks_nothing_of_it_out() {
    let yard = Yard::new();
    let job = from_the_branch(&yard, "pull_request_target", &yard.pull_request());
    let ended = with(job, &[("publish", "status,comment")]).run();
    ended.is("review", 0);
    let change = &document(&ended)["change"];
    assert_eq!((&change["base"], &change["head"]), (&json!(yard.stage.scene.base), &json!(yard.stage.scene.head)));
    assert_eq!(yard.git(&["rev-parse", "HEAD"]), yard.stage.scene.base);
    assert_eq!(yard.git(&["status", "--porcelain"]), "");
    assert_eq!(yard.stage.comments().len(), 1);
}

#[test]
fn a_review_that_arrives_judges_again() {
    let yard = Yard::new();
    yard.stage.approve("bob", &yard.stage.scene.head);
    let mut payload = yard.pull_request();
    payload["action"] = json!("submitted");
    payload["review"] = json!({"state": "approved", "commit_id": yard.stage.scene.head, "user": {"login": "bob"}});
    with(yard.job("pull_request_review", &payload), &[("publish", "status")]).run().is("pass", 0);
}

#[test]
fn a_workflow_run_judges_the_commit_that_it_ran_on() {
    let yard = Yard::new();
    let payload = json!({
        "action": "completed",
        "workflow": {"name": "portcullis review arrived"},
        "workflow_run": {
            "head_sha": yard.stage.scene.head, "head_branch": "x\nverdict=pass", "event": "pull_request_review",
            "conclusion": "success", "pull_requests": [],
        },
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    });
    let ended = with(from_the_branch(&yard, "workflow_run", &payload), &[("publish", "status")]).run();
    ended.is("review", 0);
    yard.stage.approve("bob", &yard.stage.scene.head);
    let ended = with(from_the_branch(&yard, "workflow_run", &payload), &[("publish", "status")]).run();
    ended.is("pass", 0);
    assert!(yard.stage.statuses().last().unwrap().starts_with("success "), "{:?}", yard.stage.statuses());
}

#[test]
fn a_merge_group_judges_what_would_land_and_finds_the_request_by_its_branch() {
    let yard = Yard::new();
    let scene = &yard.stage.scene;
    let group = scene.repository.git(&["rev-parse", "refs/pull/7/merge"]);
    let branch = format!("refs/heads/gh-readonly-queue/main/pr-7-{}", scene.base);
    scene.repository.git(&["update-ref", &branch, &group]);
    let payload = json!({
        "action": "checks_requested",
        "merge_group": {
            "head_sha": group, "head_ref": branch, "base_sha": scene.base, "base_ref": "refs/heads/main",
            "head_commit": {"id": group, "message": "$(id)"},
        },
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    });
    yard.stage.approve("bob", &scene.head);
    yard.check_out(&branch, &["--depth=1"]);
    let ended = with(yard.job("merge_group", &payload), &[("publish", "status")]).run();
    ended.is("pass", 0);
    assert_eq!(document(&ended)["change"]["head"], json!(group));
    assert!(yard.has(&scene.head));
    assert!(yard.stage.hub.writes().iter().any(|write| write.ends_with(&format!("/statuses/{group}"))));
}

#[test]
fn a_push_judges_what_it_brought() {
    let yard = Yard::of(harmless());
    let scene = &yard.stage.scene;
    scene.repository.git(&["update-ref", "refs/heads/main", &scene.head]);
    yard.check_out("refs/heads/main", &["--depth=1"]);
    let payload = json!({
        "ref": "refs/heads/main", "before": scene.base, "after": scene.head, "commits": [{"message": "`id`"}],
        "repository": {"full_name": "acme/shop", "default_branch": "main"},
    });
    let ended = yard.job("push", &payload).run();
    ended.is("pass", 0);
    assert_eq!(document(&ended)["change"]["merge_base"], json!(scene.base));
}

#[test]
fn a_schedule_sweeps_all_open_requests() {
    let yard = Yard::new();
    let payload = json!({
        "schedule": "17 * * * *", "repository": {"full_name": "acme/shop", "default_branch": "main"},
    });
    let ended = with(from_the_branch(&yard, "schedule", &payload), &[("publish", "status")]).run();
    ended.is("pass", 0);
    assert!(ended.log.contains("#7  review: waiting for"), "{}", ended.log);
    assert!(yard.stage.statuses()[0].starts_with("pending "), "{:?}", yard.stage.statuses());
    // One whose head is nowhere cannot be judged, and that is no pass.
    yard.stage.open(8, &"7".repeat(40), 1);
    with(from_the_branch(&yard, "schedule", &payload), &[("publish", "status")]).run().is("undecided", 4);
}

/// The tree of the shop with one more file.
fn shop_with(path: &str, content: &str) -> Tree {
    let files = shop(ASKS);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let mut whole = tree(&files);
    whole.insert(path.to_owned(), content.into());
    whole
}

/// Puts a line of so many commits on a branch, and returns its tip.
fn grow(repository: &TestRepository, branch: &str, from: &str, count: u64, name: &str) -> String {
    repository.git(&["update-ref", "refs/heads/start", from]);
    let mut stream = Vec::new();
    for at in 0..count {
        let whole = shop_with(name, &format!("{at}\n"));
        write_commit(&mut stream, branch, (at == 0).then_some("start"), &whole, 1_704_100_000 + at);
    }
    repository.git_with(&["fast-import", "--quiet", "--done"], &[stream, b"done\n".to_vec()].concat());
    repository.git(&["update-ref", "-d", "refs/heads/start"]);
    repository.git(&["rev-parse", branch])
}

#[test]
fn a_merge_base_that_lies_far_back_is_found_from_a_clone_of_depth_one() {
    let mut yard = Yard::of(harmless());
    let fork = yard.stage.scene.base.clone();
    let repository = &yard.stage.scene.repository;
    let tip = grow(repository, "main", &fork, 300, "news.md");
    let head = yard.stage.scene.head.clone();
    yard.publish(&tip, &head);
    yard.stage.hub.state().pulls.get_mut(&7).unwrap()["base"]["sha"] = json!(tip);
    yard.stage.scene.base = tip;
    yard.check_out("refs/pull/7/merge", &["--depth=1"]);
    let ended = yard.request().run();
    ended.is("pass", 0);
    assert_eq!(document(&ended)["change"]["merge_base"], json!(fork));
    assert_eq!(document(&ended)["change"]["files"], json!(1));
}

/// The author chooses the shape of his history: here the newest common commit lies behind a long way, an older one behind
/// a short one. Whoever stops at the first that he finds compares with the wrong one, and reads old rules there.
#[test]
fn an_older_common_commit_that_is_nearer_is_not_taken_for_the_merge_base() {
    let mut yard = Yard::of(harmless());
    let repository = &yard.stage.scene.repository;
    let older = yard.stage.scene.base.clone();
    let fork = grow(repository, "main", &older, 3, "news.md");
    let far = grow(repository, "far", &fork, 60, "docs.md");
    let content = repository.git(&["rev-parse", &format!("{far}^{{tree}}")]);
    let head = repository.commit_tree(&content, &[&older, &far], "two ways");
    repository.git(&["update-ref", "-d", "refs/heads/far"]);
    yard.publish(&fork, &head);
    yard.stage.open(7, &head, 2);
    yard.stage.hub.state().pulls.get_mut(&7).unwrap()["base"]["sha"] = json!(fork);
    (yard.stage.scene.base, yard.stage.scene.head) = (fork.clone(), head);
    yard.check_out("refs/pull/7/merge", &["--depth=1"]);
    let ended = yard.request().run();
    assert_eq!(document(&ended)["change"]["merge_base"], json!(fork), "{}", ended.log);
    ended.is("pass", 0);
}

#[test]
fn clones_without_files_or_folders_are_completed() {
    for filter in ["--filter=blob:none", "--filter=tree:0"] {
        let yard = Yard::new();
        let blob = yard.stage.scene.repository.git(&["rev-parse", &format!("{}:pay.py", yard.stage.scene.head)]);
        for (reference, depth) in [("refs/heads/main", "--depth=1"), ("refs/heads/main", "--depth=50")] {
            yard.check_out(reference, &[depth, filter]);
            yard.git(&["config", "remote.origin.promisor", "true"]);
            yard.git(&["config", "remote.origin.partialclonefilter", filter.trim_start_matches("--filter=")]);
            assert!(!yard.has(&blob));
            let ended = yard.job("pull_request_target", &yard.pull_request()).run();
            assert!(yard.has(&blob), "{filter}: {}", ended.log);
            ended.is("review", 3);
        }
    }
}

#[test]
fn a_head_that_was_pushed_over_is_fetched_by_its_id_and_judged_as_the_event_says() {
    let yard = Yard::of(harmless());
    let repository = &yard.stage.scene.repository;
    let whole = repository.git(&["rev-parse", &format!("{}^{{tree}}", yard.stage.scene.base)]);
    let newer = repository.commit_tree(&whole, &[&yard.stage.scene.base], "newer");
    repository.git(&["update-ref", "refs/pull/7/head", &newer]);
    yard.check_out("refs/heads/main", &["--depth=1"]);
    let ended = yard.job("pull_request_target", &yard.pull_request()).run();
    assert_eq!(document(&ended)["change"]["head"], json!(yard.stage.scene.head), "{}", ended.log);
    ended.is("pass", 0);
}

#[test]
fn commits_that_the_server_does_not_give_are_undecided() {
    let mut yard = Yard::of(harmless());
    yard.stage.scene.head = "7".repeat(40);
    let ended = yard.request().run();
    ended.is("undecided", 4);
    assert!(ended.log.contains("cannot be fetched"), "{}", ended.log);
    // Neither is what is no id looked up as anything else.
    for odd in ["main", "--upload-pack=touch /tmp/x", "HEAD", "777"] {
        yard.stage.scene.head = odd.to_owned();
        let ended = yard.request().run();
        assert_eq!((ended.output("verdict"), ended.code), ("undecided", 4), "{odd}: {}", ended.log);
        assert!(ended.log.contains("no full id"), "{}", ended.log);
    }
}

#[test]
fn no_hook_runs_and_no_submodule_is_fetched() {
    let modules = "[submodule \"m\"]\n\tpath = m\n\turl = file:///nonexistent/of/stranger\n\tupdate = !touch marker\n";
    let mut base = shop_with("docs.md", "# Shop\n");
    base.insert(".gitmodules".to_owned(), modules.into());
    base.insert("m".to_owned(), crate::scene::Entry::Module("1".repeat(40)));
    let mut head = base.clone();
    head.insert("docs.md".to_owned(), "# The shop\n".into());
    head.insert("m".to_owned(), crate::scene::Entry::Module("2".repeat(40)));
    let scene = crate::scene::Scene::of(&base, &head);
    let stage = Stage { scene, hub: crate::forge::hub::Hub::new() };
    stage.open(7, &stage.scene.head.clone(), 2);
    let yard = Yard::of(stage);
    let marker = yard.stage.file("marker");
    for name in ["reference-transaction", "post-checkout", "post-merge", "pre-auto-gc"] {
        let hook = yard.workspace.join(".git/hooks").join(name);
        std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
        std::fs::write(&hook, format!("#!/bin/sh\ntouch '{}'\n", marker.display())).unwrap();
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    yard.git(&["config", "fetch.recurseSubmodules", "true"]);
    yard.git(&["config", "submodule.recurse", "true"]);
    yard.git(&["config", "submodule.m.active", "true"]);
    let ended = yard.request().run();
    assert!(yard.has(&yard.stage.scene.head), "{}", ended.log);
    assert!(!marker.exists() && !ended.log.contains("nonexistent/of/stranger"), "{}", ended.log);
    assert_ne!(ended.output("report-json"), "", "{}", ended.log);
}

#[test]
fn a_token_reaches_git_in_a_header_for_one_server_and_nothing_else() {
    let yard = Yard::of(harmless());
    let tools = yard.stage.file("tools");
    std::fs::create_dir_all(&tools).unwrap();
    let (seen, real) = (yard.stage.file("seen"), which("git"));
    // Standard git, with a look at what it was given.
    let wrapper = format!(
        "#!/usr/bin/env bash\nprintf '%s\\n' \"$*\" >>'{0}.arguments'\nenv >>'{0}.environment'\nexec '{1}' \"$@\"\n",
        seen.display(),
        real
    );
    std::fs::write(tools.join("git"), wrapper).unwrap();
    std::fs::set_permissions(tools.join("git"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut job = with(yard.request(), &[("git-token", "ghs_SECRETgit"), ("org-token", "ghp_SECREThidden")]);
    let path = format!("{}:{}", tools.display(), job.environment["PATH"]);
    job.environment.insert("PATH".to_owned(), path);
    let ended = job.run();
    ended.is("pass", 0);
    let arguments = std::fs::read_to_string(format!("{}.arguments", seen.display())).unwrap();
    let environment = std::fs::read_to_string(format!("{}.environment", seen.display())).unwrap();
    assert!(arguments.contains("fetch") && !arguments.contains("SECRET") && !arguments.contains("basic "));
    // Only the header, in base 64, and only for the server of the run.
    assert!(!environment.contains("SECRET"), "a token stands in the environment of git");
    assert!(environment.contains("AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46Z2hzX1NFQ1JFVGdpdA=="));
    assert!(environment.contains(&format!("=http.{}/.extraheader", yard.url())));
    assert!(!ended.log.contains("SECRET") && !ended.log.contains("eC1hY2Nlc3M"), "{}", ended.log);
}

fn which(program: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.unwrap().display().to_string()
}

/// A shop whose specification is another repository's, pinned by the base.
fn pinned(specification: &TestRepository) -> Stage {
    for (path, text) in shop(ASKS) {
        if let Some(path) = path.strip_prefix(".portcullis/") {
            specification.write(path, text);
        }
    }
    specification.commit("specification");
    specification.git(&["tag", "v1.0.0"]);
    let url = format!("file://{}", specification.root().display());
    let application = TestRepository::new();
    let configuration = format!(
        "version: 1\nsystem: {{depot: depot}}\npacks: [hidden-code]\npolicies: [policies]\nspec: {{git: \"{url}\"}}\n"
    );
    application.write(".portcullis.yaml", configuration);
    application.commit("configuration");
    let ran = crate::scene::run(&mut crate::scene::portcullis(application.root(), &["spec", "pin", "v1.0.0"]));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read = |path: &str| std::fs::read_to_string(application.root().join(path)).unwrap();
    let mut files: BTreeMap<&str, String> = shop(ASKS).into_iter().collect();
    files.retain(|path, _| !path.starts_with(".portcullis/"));
    files.insert(".portcullis.yaml", read(".portcullis.yaml"));
    files.insert("portcullis.lock", read("portcullis.lock"));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Stage::of(&files, &[("pay.py", &crate::stage::edited())])
}

#[test]
fn the_specification_that_the_base_pins_is_fetched_for_every_kind_of_run() {
    let specification = TestRepository::new();
    let yard = Yard::of(pinned(&specification));
    let ended = with(yard.request(), &[("spec-token", "ghs_SECRETspec")]).run();
    ended.is("review", 3);
    assert!(ended.log.contains("has the digest"), "{}", ended.log);
    assert!(!ended.log.contains("SECRET"), "{}", ended.log);
    let left: Vec<_> = std::fs::read_dir(yard.stage.file("temporary")).unwrap().flatten().collect();
    for entry in left.iter().filter(|entry| entry.path().is_dir()) {
        assert!(!entry.path().join("config").exists(), "a token is left behind");
    }
    // A sweep does not know beforehand which commits it compares.
    let payload = json!({"schedule": "1 * * * *", "repository": {"default_branch": "main"}});
    let ended = from_the_branch(&yard, "schedule", &payload).run();
    assert!(ended.log.contains("has the digest") && ended.log.contains("#7  review"), "{}", ended.log);
    // Where it cannot be had, nothing is decided.
    std::fs::remove_dir_all(specification.root()).unwrap();
    yard.check_out("refs/pull/7/merge", &["--depth=1"]);
    let ended = yard.request().run();
    ended.is("undecided", 4);
    assert!(ended.log.contains("cannot be fetched"), "{}", ended.log);
}

#[test]
fn a_folder_without_a_repository_says_what_is_missing() {
    let yard = Yard::of(harmless());
    std::fs::remove_dir_all(yard.workspace.join(".git")).unwrap();
    let ended = yard.request().run();
    ended.is("undecided", 2);
    assert!(ended.log.contains("actions/checkout"), "{}", ended.log);
}

#[test]
fn the_checkout_may_lie_in_a_folder_of_its_own() {
    let mut yard = Yard::of(harmless());
    let workspace = yard.stage.file("outer");
    std::fs::create_dir_all(&workspace).unwrap();
    std::fs::rename(&yard.workspace, workspace.join("repo")).unwrap();
    yard.workspace = workspace;
    with(yard.request(), &[("working-directory", "repo")]).run().is("pass", 0);
}
