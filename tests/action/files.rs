//! The files that users copy or include: what they may do, what they take from elsewhere, and that a reader finds each part.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::runner::own_action;
use crate::scene::Scene;

/// What stands for the commit that a user fills in.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn read(path: &str) -> String {
    std::fs::read_to_string(own_action().join(path)).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// Returns the workflows of a folder, by name, as they are once they are filled in.
fn workflows(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(own_action().join(folder)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let text =
            read(&format!("{folder}/{name}")).replace("OWNER/portcullis@PORTCULLIS-COMMIT", &format!("a/b@{COMMIT}"));
        found.insert(name, text);
    }
    found
}

fn ready() -> BTreeMap<String, String> {
    let found = workflows("docs/workflows");
    assert_eq!(found.len(), 7);
    found
}

fn own() -> BTreeMap<String, String> {
    workflows(".github/workflows")
}

#[test]
fn the_pack_workflows_finds_nothing_in_any_of_them() {
    let mut files: Vec<(String, String)> = vec![
        ("action.yml".to_owned(), read("action.yml")),
        ("templates/portcullis.yml".to_owned(), read("templates/portcullis.yml")),
    ];
    for (name, text) in ready().into_iter().chain(own()) {
        files.push((format!(".github/workflows/{name}"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scene = Scene::new(&[(".portcullis.yaml", "version: 1\npacks: [workflows]\n")], &files);
    let run = scene.check(&[]);
    assert_eq!(run.findings(), Vec::<String>::new());
    // Only what is named is asked: somebody looks at each right to write.
    for requirement in run.is("review").requirements() {
        assert!(requirement.ends_with(": workflows/write-scope"), "{requirement}");
    }
}

#[test]
fn the_pack_workflows_sees_them() {
    let broken =
        read("action.yml").replace("bash \"$GITHUB_ACTION_PATH/action/judge.sh\"", "echo ${{ github.head_ref }}");
    let scene = Scene::new(&[(".portcullis.yaml", "version: 1\npacks: [workflows]\n")], &[("action.yml", &broken)]);
    assert!(scene.check(&[]).is("fail").findings()[0].starts_with("workflows/script-injection"));
    let broken = read("templates/portcullis.yml").replace("$[[ inputs.image ]]", "rust:latest");
    let scene = Scene::new(
        &[(".portcullis.yaml", "version: 1\npacks: [workflows]\n")],
        &[("templates/portcullis.yml", &broken)],
    );
    assert!(scene.check(&[]).findings()[0].starts_with("workflows/gitlab-component"));
}

#[test]
fn no_workflow_takes_a_right_that_it_does_not_name_or_code_that_moves() {
    for (name, text) in ready().into_iter().chain(own()) {
        let workflow = yaml(&text);
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name}");
        assert!(workflow["concurrency"].is_object(), "{name}");
        for (id, job) in workflow["jobs"].as_object().unwrap() {
            assert!(job["permissions"].is_object() && job["timeout-minutes"].is_number(), "{name}: {id}");
            assert!(job["if"].is_null(), "{name}: a skipped job reports success");
            for step in job["steps"].as_array().unwrap() {
                assert!(!step["run"].as_str().unwrap_or_default().contains("${{"), "{name}: an expression in a script");
                let Some(uses) = step["uses"].as_str() else { continue };
                let commit = uses.split_once('@').map_or("", |(_, commit)| commit);
                assert!(uses == "./" || commit.len() == 40, "{name}: {uses}");
                if uses.starts_with("actions/checkout@") {
                    assert_eq!(step["with"]["persist-credentials"], false, "{name}");
                    assert!(step["with"]["ref"].is_null() && step["with"]["repository"].is_null(), "{name}");
                }
                assert!(!uses.starts_with("actions/cache"), "{name}: the action has its own rules for that");
            }
        }
        for filter in ["paths:", "paths-ignore:", "branches-ignore:"] {
            assert!(!text.contains(filter), "{name}: a filtered workflow never reports");
        }
    }
}

#[test]
fn what_the_ready_workflows_hand_to_the_action_are_inputs_of_it() {
    let action = yaml(&read("action.yml"));
    let mut steps = 0;
    for (name, text) in ready() {
        for job in yaml(&text)["jobs"].as_object().unwrap().values() {
            for step in job["steps"].as_array().unwrap() {
                if !step["uses"].as_str().is_some_and(|uses| uses.starts_with("a/b@")) {
                    continue;
                }
                steps += 1;
                for input in step["with"].as_object().into_iter().flat_map(serde_json::Map::keys) {
                    assert!(action["inputs"].get(input).is_some(), "{name}: {input}");
                }
            }
        }
    }
    assert_eq!(steps, 6);
}

#[test]
fn every_input_and_output_is_explained() {
    let page = read("docs/github.md");
    let action = yaml(&read("action.yml"));
    for kind in ["inputs", "outputs"] {
        for name in action[kind].as_object().unwrap().keys() {
            assert!(page.contains(&format!("| `{name}` |")), "{kind}: {name}");
        }
    }
    for name in ready().keys() {
        assert!(page.contains(&format!("workflows/{name}")), "{name}");
    }
}

/// The header and the jobs of the component.
fn component() -> (Value, Value) {
    let text = read("templates/portcullis.yml");
    let (header, body) = text.split_once("\n---\n").unwrap();
    (yaml(header), yaml(body))
}

#[test]
fn inputs_of_the_component_have_a_shape_and_never_reach_a_script() {
    let (header, body) = component();
    let inputs = header["spec"]["inputs"].as_object().unwrap();
    let text = body.to_string();
    for (name, input) in inputs {
        let shaped = input["options"].is_array() || input["regex"].as_str().is_some_and(|regex| regex.starts_with('^'));
        assert!(shaped, "{name}: any text");
        let regex = input["regex"].as_str().unwrap_or("^$");
        assert!(regex.ends_with('$') && !regex.contains(".*"), "{name}: {regex}");
        assert!(text.contains(&format!("$[[ inputs.{name} ]]")), "{name} is not used");
        assert!(input["description"].is_string(), "{name}");
        if let (Some(usual), true) = (input["default"].as_str(), input["regex"].is_string()) {
            assert!(regex::Regex::new(regex).unwrap().is_match(usual), "{name}: {usual}");
        }
    }
    for (name, job) in body.as_object().unwrap() {
        for part in ["script", "before_script", "after_script", "rules"] {
            assert!(!job[part].to_string().contains("$[["), "{name}: an input becomes part of `{part}`");
        }
    }
    let page = read("docs/gitlab.md");
    for name in inputs.keys() {
        assert!(page.contains(&format!("| `{name}` |")), "{name} is not explained");
    }
}

#[test]
fn the_file_that_includes_the_component_gives_what_it_asks_and_is_the_one_that_the_page_shows() {
    let (header, _) = component();
    let text = read("docs/pipelines/gitlab.yml");
    let included = &yaml(&text)["include"][0];
    let address = "$CI_SERVER_FQDN/OWNER/portcullis/portcullis@PORTCULLIS-COMMIT";
    assert_eq!(included["component"], address);
    let inputs = header["spec"]["inputs"].as_object().unwrap();
    let given = included["inputs"].as_object().unwrap();
    for (name, input) in inputs {
        assert!(given.contains_key(name) || !input["default"].is_null(), "{name} is asked for");
    }
    for (name, value) in given {
        let regex = regex::Regex::new(inputs[name]["regex"].as_str().unwrap()).unwrap();
        // What is not filled in is refused by the component itself.
        assert_eq!(regex.is_match(value.as_str().unwrap()), value != "GATE-IMAGE", "{name}: {value}");
    }
    assert!(read("docs/gitlab.md").contains(&text), "docs/gitlab.md shows another file");
}

#[test]
fn the_component_runs_where_it_should() {
    let (_, body) = component();
    let rules = |name: &str| body[name]["rules"][0]["if"].as_str().unwrap_or_default().to_owned();
    let prefix = "$[[ inputs.job-prefix ]]";
    // One condition holds for plain merge request pipelines, merged results and trains.
    assert_eq!(rules(prefix), "$CI_PIPELINE_SOURCE == \"merge_request_event\"");
    let sweep = rules(&format!("{prefix}-sweep"));
    assert_eq!(sweep, "$CI_PIPELINE_SOURCE == \"schedule\" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH");
    for job in body.as_object().unwrap().values() {
        assert!(job["allow_failure"].is_null(), "a failure that counts for nothing");
    }
}

/// Runs a job of the component in `sh` with a gate that ends so; returns the code and the arguments that the gate got.
fn job(name: &str, gate: &str, more: &[(&str, &str)]) -> (i32, String) {
    let (_, body) = component();
    let template = &body[".$[[ inputs.job-prefix ]]"];
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let script = |job: &Value, part: &str| job[part][0].as_str().unwrap().to_owned();
    let whole = script(template, "before_script") + &script(&body[format!("$[[ inputs.job-prefix ]]{name}")], "script");
    std::fs::write(path("job.sh"), whole).unwrap();
    let tool = |file: &Path, text: &str| {
        std::fs::write(file, text).unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let calls: PathBuf = path("calls");
    let head = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >>'{}'\n", calls.display());
    tool(&path("gate"), &format!("{head}case $1 in --version | spec) exit 0 ;; esac\n{gate}\n"));
    std::fs::create_dir(path("tools")).unwrap();
    tool(&path("tools/git"), "#!/bin/sh\nexit 0\n");
    let mut command = crate::support::scrubbed("sh");
    command.arg(path("job.sh")).current_dir(folder.path());
    let tools = format!("{}:{}", path("tools").display(), std::env::var("PATH").unwrap());
    command.env("PATH", tools).env("PORTCULLIS_IN_IMAGE", path("gate")).env("PORTCULLIS_FOLDER", path("own"));
    let usual = [
        ("PORTCULLIS_VERSION", "image"),
        ("PORTCULLIS_MODE", "report"),
        ("PORTCULLIS_FAIL_ON", "error"),
        ("PORTCULLIS_POLICY", "local"),
        ("PORTCULLIS_PUBLISH", "status"),
        ("PORTCULLIS_TOKEN_VARIABLE", "OWN_TOKEN"),
        ("CI_COMMIT_SHA", COMMIT),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", COMMIT),
    ];
    let output = command.envs(usual).envs(more.iter().copied()).output().unwrap();
    let code = output.status.code().unwrap_or(137);
    (code, std::fs::read_to_string(calls).unwrap_or_default())
}

/// A gate that writes its documents and ends with that code.
fn writes(code: u8) -> String {
    format!("echo x >portcullis.json; echo x >gl-code-quality-report.json; exit {code}")
}

#[test]
fn a_job_of_the_component_ends_as_the_gate_does_and_is_never_green_without_its_document() {
    for code in [0, 1, 3, 4, 101] {
        assert_eq!(job("", &writes(code), &[]).0, i32::from(code));
    }
    assert_eq!(job("", "exit 0", &[]).0, 4);
    assert_ne!(job("", "kill -KILL $$", &[]).0, 0);
    let shadow = [("PORTCULLIS_MODE", "shadow")];
    for code in [0, 1, 3, 4] {
        assert_eq!(job("", &writes(code), &shadow).0, 0);
    }
    assert_eq!(job("", &writes(101), &shadow).0, 101);
    assert_eq!(job("", "exit 0", &shadow).0, 4);
}

#[test]
fn modes_and_policies_of_the_component_become_arguments() {
    let (_, calls) = job("", &writes(0), &[]);
    assert!(calls.contains("check --fail-on error") && calls.contains("--review report") && !calls.contains("spec"));
    let (_, calls) = job("", &writes(0), &[("PORTCULLIS_MODE", "block"), ("PORTCULLIS_POLICY", "fetch")]);
    assert!(!calls.contains("--review"), "{calls}");
    assert!(calls.contains(&format!("spec fetch --base {COMMIT} --head {COMMIT}")), "{calls}");
}

#[test]
fn a_sweep_of_the_component_needs_its_token_and_shows_it_to_nobody() {
    let (code, calls) = job("-sweep", "exit 0", &[]);
    assert_eq!((code, calls.contains("sweep")), (4, false));
    let token = [("OWN_TOKEN", "glpat-SECRET$(id)")];
    let (code, calls) = job("-sweep", "[ \"$GITLAB_TOKEN\" = 'glpat-SECRET$(id)' ]", &token);
    assert_eq!((code, calls.contains("SECRET")), (0, false), "{calls}");
    assert!(calls.contains("sweep --publish status"), "{calls}");
}

#[test]
fn digests_of_a_release_are_lines_that_the_action_reads() {
    let folder = tempfile::tempdir().unwrap();
    for target in ["x86_64-unknown-linux-musl", "x86_64-pc-windows-msvc"] {
        std::fs::write(folder.path().join(format!("portcullis-0.6.0-{target}.tar.gz")), target).unwrap();
    }
    let lines = |version: &str| {
        let mut command = crate::support::scrubbed("bash");
        command.arg(own_action().join("action/release/digests.sh")).arg(folder.path());
        let output = command.args([version, "https://github.com/a/b/releases/download/v0.6.0"]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = lines("0.6.0");
    assert_eq!(code, Some(0), "{text}");
    let line: Vec<&str> = text.lines().next().unwrap().split(' ').collect();
    assert_eq!((line[0], line[1], line[2].len()), ("0.6.0", "x86_64-pc-windows-msvc", 64));
    assert!(line[3].ends_with("/v0.6.0/portcullis-0.6.0-x86_64-pc-windows-msvc.tar.gz"));
    assert_eq!(lines("0.7.0").0, Some(4));
    assert_eq!(lines("0.6.0; id").0, Some(2));
}

/// Runs the script for coding agents with a gate that ends so; returns code, standard output and standard error.
fn agent_stop(how: &str, gate: &str, says: &str) -> (i32, String, String) {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = tempfile::tempdir().unwrap();
    if !gate.is_empty() {
        let file = folder.path().join("portcullis");
        std::fs::write(&file, format!("#!/bin/sh\n{gate}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = crate::support::scrubbed("sh");
    command.arg(own_action().join("docs/hooks/agent-stop.sh")).arg(how);
    command.env("PATH", format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap()));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(says.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_agent_gets_the_findings_in_the_form_that_it_reads() {
    let finds = "printf '%s\\n' '[1] error a/b' '  wrong | say \"no\" \\ to\tit'; exit 1";
    let (code, out, err) = agent_stop("exit", finds, "{}");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("[1] error a/b\n"), "{err}");
    for (how, key) in [("decision", "reason"), ("followup", "followup_message")] {
        let (code, out, _) = agent_stop(how, finds, "{\"stop_hook_active\": false}");
        let answer: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        assert_eq!(code, 0);
        assert_eq!(answer[key], "[1] error a/b\n  wrong | say \"no\" \\ to\tit\n");
    }
}

#[test]
fn an_agent_may_stop_where_nothing_is_found_or_nothing_can_be_said() {
    for (gate, says) in [
        ("exit 0", "{}"),
        ("echo bad; exit 2", "{}"),
        ("exit 101", "{}"),
        ("echo found; exit 1", "{\"stop_hook_active\":true}"),
    ] {
        for how in ["exit", "decision", "followup"] {
            let (code, out, _) = agent_stop(how, gate, says);
            assert_eq!((code, out.as_str()), (0, ""), "{gate} {how}");
        }
    }
}

#[test]
fn blocks_for_agents_are_json_and_name_the_script() {
    let page = read("docs/hooks.md");
    let blocks: Vec<&str> = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 6);
    for block in blocks {
        let value: Value = serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"));
        assert!(value["hooks"].is_object() && block.contains(".portcullis/agent-stop.sh "), "{block}");
    }
}

#[test]
fn the_hooks_for_pre_commit_run_before_a_push_and_take_no_files() {
    let hooks = yaml(&read(".pre-commit-hooks.yaml"));
    for hook in hooks.as_array().unwrap() {
        assert_eq!((&hook["entry"], &hook["pass_filenames"]), (&"portcullis hook run".into(), &false.into()));
        assert_eq!((&hook["stages"][0], &hook["always_run"]), (&"pre-push".into(), &true.into()));
    }
    assert_eq!(hooks.as_array().unwrap().len(), 2);
}
