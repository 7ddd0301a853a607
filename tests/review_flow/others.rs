//! Other open changes: who else works on the same, told by the forge or by branches of the clone; advised, never more.

use std::process::Command;

use serde_json::{Value, json};

use crate::forge::hub::{WORKFLOW, pull};
use crate::forge::server::Reply;
use crate::lab::fake::{Fake, PROJECT_TOKEN};
use crate::scene::{AS_OF, Run, Scene, portcullis, run};
use crate::stage::{Stage, check_json};

/// Two functions of one file.
const CART: &str = "def add(cart, item):\n    cart.append(item)\n\n\ndef total(cart):\n    return sum(cart)\n";

const CONFIGURATION: &str = "version: 1\npacks: [hidden-code, coordination]\n";

fn base(configuration: &str) -> Vec<(&'static str, String)> {
    vec![
        (".portcullis.yaml", configuration.to_owned()),
        ("cart.py", CART.to_owned()),
        ("docs/adr/0007-cache.md", record("proposed")),
        ("docs.md", "# Shop\n".to_owned()),
    ]
}

fn record(status: &str) -> String {
    format!("---\nid: ADR-0007\nstatus: {status}\n---\n# Cache prices\n")
}

/// Our change: another body of `add`.
fn added() -> String {
    CART.replace("cart.append(item)", "cart.extend([item])")
}

fn scene(configuration: &str, head: &[(&str, &str)]) -> Scene {
    let base = base(configuration);
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Scene::new(&base, head)
}

fn stage(configuration: &str) -> Stage {
    let (base, added) = (base(configuration), added());
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Stage::of(&base, &[("cart.py", &added)])
}

/// Commits another change: one file with another text, on top of a commit.
fn commit(scene: &Scene, parent: &str, (path, text): (&str, &str), message: &str) -> String {
    let git = &scene.repository;
    let blob = git.blob(text);
    let index = git.beside("other.index");
    let staged = |arguments: &[&str]| {
        let output = git.command(arguments).env("GIT_INDEX_FILE", &index).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    staged(&["read-tree", parent]);
    staged(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
    let tree = staged(&["write-tree"]);
    git.commit_tree(&tree, &[parent], message)
}

/// Opens another pull request with that head.
fn open(stage: &Stage, number: u64, author: &str, title: &str, head: &str) {
    let mut opened = pull(number, author, head);
    opened["title"] = json!(title);
    opened["base"]["sha"] = json!(stage.scene.base);
    stage.hub.state().pulls.insert(number, opened);
}

/// Returns the findings of the pack: rule, place and message.
fn told(run: &Run) -> Vec<String> {
    let document = run.document();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let line = |one: &Value| {
        assert_eq!(one["status"], "advisory", "{one}");
        format!("{} {}:{} {}", word(one, "rule"), word(one, "path"), one["start"]["line"], word(one, "message"))
    };
    let mut lines: Vec<String> = document["findings"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

/// Returns the report for people.
fn page(stage: &Stage, format: &str) -> String {
    let arguments = ["check", "--as-of", AS_OF, "--format", format];
    run(&mut stage.job("pull_request", &stage.pull_request(), WORKFLOW, &arguments)).text().to_owned()
}

#[test]
fn the_same_symbol_is_told_with_a_link_and_another_symbol_of_the_file_is_at_most_a_note() {
    let stage = stage(CONFIGURATION);
    let (scene, base) = (&stage.scene, stage.scene.base.clone());
    let renamed = CART.replace("def add(cart, item)", "def add(cart, item, count=1)");
    let total = CART.replace("sum(cart)", "sum(cart, 0)");
    open(&stage, 12, "bob", "Count items", &commit(scene, &base, ("cart.py", &renamed), "count"));
    open(&stage, 13, "cy", "Sum from zero", &commit(scene, &base, ("cart.py", &total), "sum"));
    open(&stage, 14, "cy", "Words", &commit(scene, &base, ("docs.md", "# The shop\n"), "words"));
    let ended = stage.check(&[]);
    assert_eq!(
        told(ended.is("pass")),
        [
            "coordination/same-module cart.py:1 cart.py changes in #13 \"Sum from zero\" (cy) too, in other parts",
            "coordination/same-symbol cart.py:1 `add` changes in #12 \"Count items\" (bob) too: here its body changes, \
             there its signature changes",
        ]
    );
    let markdown = page(&stage, "markdown");
    assert!(markdown.contains("](https://github.com/acme/shop/pull/12) Count items (bob): symbol `add`"), "{markdown}");
    assert!(markdown.contains("](https://github.com/acme/shop/pull/13)"), "{markdown}");
    assert!(!markdown.contains("pull/14"), "{markdown}");
    let human = page(&stage, "human");
    let human = human.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(human.contains("(bob): symbol add https://github.com/acme/shop/pull/12"), "{human}");
    assert!(page(&stage, "html").contains("<bdi>https://github.com/acme/shop/pull/12</bdi>"));
}

#[test]
fn a_saved_input_holds_what_was_known_and_decides_the_same_offline() {
    let stage = stage(CONFIGURATION);
    let other = commit(&stage.scene, &stage.scene.base, ("cart.py", &CART.replace("append", "insert")), "insert");
    open(&stage, 12, "bob", "Insert", &other);
    let saved = stage.file("saved.json");
    let online = stage.check(&["--save-input", saved.to_str().unwrap()]);
    assert_eq!(told(online.is("pass")).len(), 1);
    let input: Value = serde_json::from_slice(&std::fs::read(&saved).unwrap()).unwrap();
    let change = &input["input"]["change"];
    assert_eq!(change["others"], json!({"known": "yes", "compared": 1, "gaps": []}));
    assert_eq!(
        (&change["overlaps"][0]["kind"], &change["overlaps"][0]["change"]["number"]),
        (&json!("symbol"), &json!(12))
    );
    stage.hub.state().pulls.remove(&12);
    let decide = ["decide", saved.to_str().unwrap(), "--format", "json"];
    let offline = run(&mut portcullis(stage.scene.repository.root(), &decide));
    assert_eq!(offline.out, online.out);
}

#[test]
fn of_a_change_that_the_clone_lacks_the_paths_are_known_and_it_is_said() {
    let stage = stage(CONFIGURATION);
    open(&stage, 12, "eve", "From a fork", &"3".repeat(40));
    open(&stage, 13, "eve", "From another fork", &"4".repeat(40));
    let file = |path: &str, before: &str| json!({"filename": path, "previous_filename": before});
    stage.hub.state().files.insert(12, vec![file("basket.py", "cart.py"), file("x.py", "")]);
    stage.hub.state().files.insert(13, vec![file("x.py", "")]);
    let ended = stage.check(&[]);
    let expected = "coordination/same-module cart.py:1 cart.py changes in #12 \"From a fork\" (eve) too; which parts there \
                    is not known";
    assert_eq!(told(ended.is("pass")), [expected]);
    let notes = page(&stage, "human");
    let notes = notes.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(notes.contains("of 2 open changes only the paths are known: this clone lacks their commits"), "{notes}");
}

#[test]
fn where_the_others_cannot_be_read_the_verdict_stays_and_one_line_says_so_row_133() {
    let stage = stage(CONFIGURATION);
    let fault = || crate::forge::hub::Fault {
        method: "GET",
        part: "sort=updated",
        times: 99,
        reply: Reply::json(403, &json!({})),
    };
    stage.hub.state().faults.push(fault());
    let ended = stage.check(&[]);
    assert_eq!(told(ended.is("pass")), [""; 0]);
    let deferred = ended.document()["deferred"].clone();
    assert_eq!(deferred.as_array().unwrap().len(), 4);
    assert_eq!(deferred[0]["why"], "the other open changes are not known");
    let notes = page(&stage, "markdown");
    assert!(notes.contains("other open changes: GET /repos/acme/shop/pulls: the token may not do this"), "{notes}");
    // Without a token nothing is asked, and nothing is undecided for that.
    let job = run(&mut stage.job("pull_request", &stage.pull_request(), "", &check_json()));
    job.is("pass");
}

#[test]
fn a_rule_that_blocks_by_other_changes_is_undecided_without_them() {
    let policy = "package own\n\ndeny contains \"somebody else is at it\" if {\n\tsome overlap in input.change.overlaps\n\toverlap.kind == \"symbol\"\n}\n";
    let mut base = base("version: 1\npacks: [hidden-code]\npolicies: [policies]\n");
    base.push(("policies/own.rego", policy.to_owned()));
    let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let stage = Stage::of(&base, &[("cart.py", &added())]);
    stage.check(&[]).is("pass");
    let other = commit(&stage.scene, &stage.scene.base, ("cart.py", &CART.replace("append", "insert")), "insert");
    open(&stage, 12, "bob", "Insert", &other);
    stage.check(&[]).is("fail");
    stage.hub.state().faults.push(crate::forge::hub::Fault {
        method: "GET",
        part: "sort=updated",
        times: 99,
        reply: Reply::json(403, &json!({})),
    });
    assert_eq!(stage.check(&[]).is("undecided").reasons(), ["forge-not-asked policies/own.rego"]);
}

#[test]
fn nobody_is_asked_where_no_rule_looks_at_other_changes() {
    let stage = stage("version: 1\npacks: [hidden-code]\n");
    open(&stage, 12, "bob", "Insert", &"3".repeat(40));
    stage.check(&[]).is("pass");
    assert!(stage.hub.state().log.iter().all(|request| !request.target.contains("sort=updated")));
}

#[test]
fn what_strangers_write_is_neither_a_link_nor_a_mention_nor_a_command() {
    let stage = stage(CONFIGURATION);
    let other = commit(&stage.scene, &stage.scene.base, ("cart.py", &CART.replace("append", "insert")), "insert");
    let title = "](https://evil.example) @acme/payments <img src=x>\n::error::x";
    open(&stage, 12, "bob", title, &other);
    stage.hub.state().pulls.get_mut(&12).unwrap()["html_url"] = json!("https://evil.example/acme/shop/pull/12");
    for format in ["markdown", "html", "human", "github", "agent"] {
        let page = page(&stage, format);
        assert!(page.contains("evil.example"), "{format}: the title is shown, and inert:\n{page}");
        // Elsewhere that is text like any other.
        assert!(format != "markdown" || !page.contains("](https://evil.example"), "{format}\n{page}");
        assert!(!page.contains("href=\"https://evil.example"), "{format}\n{page}");
        assert!(
            !page.contains("<img src=x>\n::error::x") && !page.lines().any(|line| line == "::error::x"),
            "{format}\n{page}"
        );
    }
}

fn locally(scene: &Scene, more: &[&str]) -> Run {
    run(&mut scene.command(&[&scene.check_arguments(&["--format", "json"])[..], more].concat()))
}

#[test]
fn at_the_desk_branches_stand_in_and_stacked_and_merged_ones_are_left_out() {
    let added = added();
    let scene = scene(CONFIGURATION, &[("cart.py", &added)]);
    let other = commit(&scene, &scene.base, ("cart.py", &CART.replace("append", "insert")), "Insert items");
    let above = commit(&scene, &scene.head, ("cart.py", &added.replace("extend", "insert")), "on ours");
    let git = &scene.repository;
    for (name, head) in [("insert", &other), ("above", &above), ("old", &scene.base)] {
        git.git(&["update-ref", &format!("refs/remotes/origin/{name}"), head]);
    }
    assert_eq!(locally(&scene, &[]).is("pass").document()["deferred"].as_array().unwrap().len(), 4);
    let ended = locally(&scene, &["--against", "origin/*"]);
    let found = told(ended.is("pass"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`add` changes in origin/insert \"Insert items\""), "{found:?}");
    assert_eq!(ended.document()["deferred"], json!([]));
    let named = locally(&scene, &["--against", "origin/insert", "--against", &other]);
    assert_eq!(told(named.is("pass")).len(), 1, "one commit is one change");
    let wrong = locally(&scene, &["--against", "origin/nobody"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    assert!(wrong.err.contains("--against: `origin/nobody` is not a revision"), "{}", wrong.err);
}

#[test]
fn what_a_branch_took_over_from_the_target_is_not_its_own() {
    let added = added();
    let scene = scene(CONFIGURATION, &[("cart.py", &added)]);
    // The target moved on in our file, and the other branch merged that in.
    let target = commit(&scene, &scene.base, ("cart.py", &CART.replace("append", "insert")), "moved on");
    let other = commit(&scene, &target, ("docs.md", "# The shop\n"), "words");
    let arguments = ["check", "--base", &target, "--head", &scene.head, "--as-of", AS_OF, "--format", "json"];
    let ended = run(&mut scene.command(&[&arguments[..], &["--against", &other]].concat()));
    assert_eq!(told(ended.is("pass")), [""; 0]);
    // Two branches that share a commit which is not merged differ by what each adds to it.
    let shared = commit(&scene, &scene.head, ("docs.md", "# Ours\n"), "shared");
    let ours = commit(&scene, &shared, ("ours.md", "x\n"), "ours");
    let theirs = commit(&scene, &shared, ("theirs.md", "x\n"), "theirs");
    let arguments = ["check", "--base", &scene.base, "--head", &ours, "--as-of", AS_OF, "--format", "json"];
    let ended = run(&mut scene.command(&[&arguments[..], &["--against", &theirs]].concat()));
    assert_eq!(told(ended.is("pass")), [""; 0]);
}

#[test]
fn opposite_decisions_are_told_and_the_same_one_is_not() {
    let accepted = record("accepted");
    let scene = scene(CONFIGURATION, &[("docs/adr/0007-cache.md", &accepted)]);
    let path = "docs/adr/0007-cache.md";
    let rejects = commit(&scene, &scene.base, (path, &record("rejected")), "No cache");
    let found = told(locally(&scene, &["--against", &rejects]).is("pass"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("coordination/opposite-decisions docs/adr/0007-cache.md:1 ADR-0007"), "{found:?}");
    assert!(found[0].ends_with("opposite: this change accepts it, the other rejects it"), "{found:?}");
    let same = commit(&scene, &scene.base, (path, &accepted), "Cache");
    let found = told(locally(&scene, &["--against", &same]).is("pass"));
    assert!(found.iter().all(|one| !one.contains("opposite-decisions")), "{found:?}");
}

#[test]
fn the_source_of_a_contract_is_met_by_its_globs() {
    let specification = "schema: 1\nname: shop\nversion: 1.0.0\n";
    let teams = "teams:\n  - {id: core, title: Core, handles: ['@acme/core'], approves: [2, 3]}\n";
    let systems = "systems:\n  - {id: shop, owner: core, repo: git.example/shop, languages: [python], tier: standard, modules: {api: 'api/**', code: 'src/**'}}\n  - {id: web, owner: core, repo: git.example/web, languages: [python], tier: standard, modules: {all: '**'}}\n";
    let contract = "id: CON-API\ntitle: The interface\nkind: openapi\nprovider: shop\nsource: api/*.yaml\npublished: openapi.yaml\ncompatibility: backward\nstability: stable\nlayer: 2\nconsumers:\n  - {system: web, uses: []}\n";
    let configuration = "version: 1\nsystem: shop\npacks: [coordination]\nspec: {path: spec}\n";
    let base = [
        (".portcullis.yaml", configuration),
        ("spec/portcullis-spec.yaml", specification),
        ("spec/teams.yaml", teams),
        ("spec/systems.yaml", systems),
        ("spec/contracts/api/contract.yaml", contract),
        ("spec/contracts/api/openapi.yaml", "openapi: 3.1.0\n"),
        ("api/openapi.yaml", "openapi: 3.1.0\n"),
        ("api/more.yaml", "a: 1\n"),
        ("api/README.md", "# The interface\n"),
    ];
    let scene = Scene::new(&base, &[("api/openapi.yaml", "openapi: 3.1.1\n")]);
    let same = commit(&scene, &scene.base, ("api/more.yaml", "a: 2\n"), "More");
    let ended = locally(&scene, &["--against", &same]);
    let found = told(&ended);
    assert_eq!(found.len(), 1, "{found:?} {}", ended.err);
    assert!(
        found[0].starts_with("coordination/same-contract api/openapi.yaml:1 the source of CON-API changes in"),
        "{found:?}"
    );
    // The same module alone is told to no one, and stands in the document.
    let words = commit(&scene, &scene.base, ("api/README.md", "# Interface\n"), "Words");
    let saved = scene.repository.beside("saved.json");
    let ended = locally(&scene, &["--against", &words, "--save-input", saved.to_str().unwrap()]);
    assert_eq!(told(&ended), [""; 0]);
    let input: Value = serde_json::from_slice(&std::fs::read(&saved).unwrap()).unwrap();
    let overlap = &input["input"]["change"]["overlaps"][0];
    assert_eq!((&overlap["kind"], &overlap["name"], &overlap["paths"]), (&json!("module"), &json!("api"), &json!([])));
}

#[test]
fn a_merge_request_is_told_of_the_others_by_gitlab() {
    let added = added();
    let scene = scene(CONFIGURATION, &[("cart.py", &added)]);
    let other = commit(&scene, &scene.base, ("cart.py", &CART.replace("append", "insert")), "insert");
    let fake = Fake::new();
    {
        let mut state = fake.state();
        state.push(&scene.head, "ada");
        state.requests[0]["changes_count"] = json!("1");
        state.requests[0]["diff_refs"]["base_sha"] = json!(scene.base);
        state.tip.clone_from(&scene.base);
        for (number, head) in [(8, other.as_str()), (9, &"3".repeat(40))] {
            let request = state.request(number, "bo", head);
            state.requests.push(request);
        }
        state.differences = vec![json!({"new_path": "cart.py", "old_path": "cart.py"})];
    }
    let job = |arguments: &[&str]| -> Command {
        let mut command = portcullis(scene.repository.root(), arguments);
        command.envs([
            ("CI", "true"),
            ("GITLAB_CI", "true"),
            ("CI_API_V4_URL", fake.base().as_str()),
            ("CI_PROJECT_PATH", "acme/shop"),
            ("CI_PROJECT_ID", "7"),
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
            ("CI_MERGE_REQUEST_IID", "5"),
            ("CI_MERGE_REQUEST_PROJECT_PATH", "acme/shop"),
            ("CI_MERGE_REQUEST_EVENT_TYPE", "detached"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", &scene.base),
            ("CI_COMMIT_SHA", &scene.head),
            ("GITLAB_TOKEN", PROJECT_TOKEN),
        ]);
        command
    };
    let ended = run(&mut job(&check_json()));
    let found = told(ended.is("pass"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("cart.py changes in !9") && found[0].contains("(bo, draft)"), "{found:?}");
    assert!(found[1].contains("`add` changes in !8"), "{found:?}");
    let markdown = run(&mut job(&["check", "--as-of", AS_OF, "--format", "markdown"]));
    let markdown = markdown.text();
    assert!(markdown.contains("](https://git.example/acme/shop/-/merge_requests/8)"), "{markdown}");
}
