//! Scheduled runs: all open requests, each judged by itself.

use serde_json::json;

use crate::forge::hub::{WORKFLOW, pull};
use crate::scene::{AS_OF, Run, run, write_commit};
use crate::stage::Stage;

/// A stage with three open requests: 7 waits for its team, 8 asks nobody, 9 was not fetched.
fn three() -> (Stage, String) {
    let stage = Stage::new();
    let repository = &stage.scene.repository;
    let mut files = std::collections::BTreeMap::new();
    for (path, text) in crate::stage::shop(crate::stage::ASKS) {
        files.insert(path.to_owned(), text.into());
    }
    files.insert("docs.md".to_owned(), "# Docs\n".into());
    let mut stream = Vec::new();
    write_commit(&mut stream, "docs", Some("base"), &files, 1_704_067_320);
    repository.git_with(&["fast-import", "--quiet", "--done"], &[stream, b"done\n".to_vec()].concat());
    let docs = repository.git(&["rev-parse", "docs"]);
    {
        let mut state = stage.hub.state();
        for (number, head) in [(8, docs.as_str()), (9, &"7".repeat(40))] {
            let mut opened = pull(number, "ada", head);
            opened["base"]["sha"] = json!(stage.scene.base);
            opened["changed_files"] = json!(1);
            state.pulls.insert(number, opened);
        }
    }
    (stage, docs)
}

fn sweep(stage: &Stage, more: &[&str]) -> Run {
    let arguments = [&["sweep", "--as-of", AS_OF, "--publish", "status,comment"], more].concat();
    run(&mut stage.job("schedule", &json!({"schedule": "17 * * * *"}), WORKFLOW, &arguments))
}

#[test]
fn a_sweep_judges_every_open_request_and_says_which_it_could_not_row_142() {
    let (stage, docs) = three();
    let swept = sweep(&stage, &[]);
    let lines: Vec<&str> = swept.text().lines().collect();
    assert_eq!((swept.code, lines.len()), (4, 4), "{}{}", swept.text(), swept.err);
    assert_eq!(lines[0], "#7  review: waiting for layer-2/payments");
    assert_eq!(lines[1], "#8  pass");
    assert!(lines[2].starts_with("#9  undecided: ") && lines[2].contains(&"7".repeat(40)), "{}", lines[2]);
    assert_eq!(lines[3], "3 open, 1 could not be judged");
    let writes = stage.hub.writes();
    for head in [&stage.scene.head, &docs, &"7".repeat(40)] {
        assert!(writes.contains(&format!("POST /repos/acme/shop/statuses/{head}")), "{writes:?}");
    }
    let states: Vec<String> = stage.statuses().iter().map(|one| one.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(states, ["pending", "success", "error"]);
    assert!(swept.err.is_empty(), "{}", swept.err);
}

#[test]
fn a_sweep_uses_what_was_saved_for_a_head_and_an_approval_turns_it_green() {
    let (stage, docs) = three();
    stage.hub.state().pulls.remove(&9);
    let saved = stage.file("saved");
    std::fs::create_dir(&saved).unwrap();
    let file = saved.join(format!("{}.json", stage.scene.head));
    stage.check(&["--save-input", file.to_str().unwrap()]).is("review");
    stage.approve("bob", &stage.scene.head);
    let swept = sweep(&stage, &["--inputs", saved.to_str().unwrap()]);
    assert_eq!((swept.code, swept.text()), (0, "#7  pass\n#8  pass\n2 open, 0 could not be judged\n"), "{}", swept.err);
    // An input that was saved for one head under the name of another is not used for it.
    std::fs::copy(&file, saved.join(format!("{docs}.json"))).unwrap();
    assert_eq!(sweep(&stage, &["--inputs", saved.to_str().unwrap()]).text(), swept.text());
}

#[test]
fn a_run_without_a_token_says_what_is_missing_row_133() {
    let (stage, _) = three();
    let desk = |arguments: &[&str]| run(&mut stage.scene.command(arguments));
    for command in ["sweep", "review"] {
        let job = run(&mut stage.job("schedule", &json!({}), "", &[command, "--as-of", AS_OF]));
        if command == "review" {
            assert_eq!((job.code, job.text()), (3, ""), "{}", job.err);
            assert!(job.err.contains("there is no token") && job.err.contains("awaiting review"), "{}", job.err);
        } else {
            job.is_usage("there is no token");
        }
        desk(&[command, "--as-of", AS_OF]).is_usage("this is no CI job");
    }
    assert_eq!(stage.hub.state().log.len(), 0);
}

#[test]
fn a_saved_input_that_cannot_be_read_is_a_line_and_the_others_are_judged() {
    let (stage, docs) = three();
    stage.hub.state().pulls.remove(&9);
    let saved = stage.file("saved");
    std::fs::create_dir(&saved).unwrap();
    std::fs::write(saved.join(format!("{}.json", stage.scene.head)), "{").unwrap();
    let swept = sweep(&stage, &["--inputs", saved.to_str().unwrap()]);
    let lines: Vec<&str> = swept.text().lines().collect();
    assert_eq!(swept.code, 4);
    assert!(lines[0].starts_with("#7  not judged: ") && lines[0].contains("not a saved input"), "{lines:?}");
    assert_eq!(lines[1], "#8  pass");
    let states: Vec<String> = stage.statuses().iter().map(|one| one.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!((states, stage.comments().len()), (vec!["error".to_owned(), "success".to_owned()], 1), "{docs}");
}

#[test]
fn rules_that_changed_since_the_input_was_saved_are_not_believed_row_67() {
    let stage = Stage::new();
    let file = stage.file("saved.json");
    stage.check(&["--save-input", file.to_str().unwrap()]).is("review");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("startswith(file.path, \\\"pay\\\")", "startswith(file.path, \\\"xyz\\\")"))
        .unwrap();
    assert_ne!(text, std::fs::read_to_string(&file).unwrap());
    let review = ["review", "--input", file.to_str().unwrap(), "--as-of", AS_OF, "--format", "json"];
    let ended = run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &review));
    assert_eq!(ended.is("undecided").reasons(), ["saved-rules-differ"]);
}
