//! Saved inputs: what of them is believed, and what git and the base say instead.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::forge::hub::WORKFLOW;
use crate::scene::{AS_OF, Run, run};
use crate::stage::{ASKS, Stage, edited, shop};

/// A stage with the saved input of its approved request.
fn saved(more: &[&str]) -> (Stage, PathBuf) {
    let stage = Stage::new();
    stage.approve("bob", &stage.scene.head);
    let file = save(&stage, more);
    (stage, file)
}

fn save(stage: &Stage, more: &[&str]) -> PathBuf {
    let file = stage.file("saved.json");
    stage.check(&[&["--save-input", file.to_str().unwrap()], more].concat());
    file
}

fn review(stage: &Stage, file: &std::path::Path) -> Run {
    let arguments = ["review", "--input", file.to_str().unwrap(), "--as-of", AS_OF, "--format", "json"];
    run(&mut stage.job("pull_request_review", &stage.pull_request(), WORKFLOW, &arguments))
}

#[test]
fn a_saved_input_is_not_looser_than_the_settings_of_the_base() {
    let hidden = format!("{}# \u{202E}\n", edited());
    for (setting, asked, verdict) in [
        ("error", "never", "fail"),
        ("never", "error", "fail"),
        ("warning", "never", "fail"),
        ("never", "never", "pass"),
    ] {
        let mut base = shop(ASKS);
        base[0].1.push_str(&format!("fail-on: {setting}\n"));
        let base: Vec<(&str, &str)> = base.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let stage = Stage::of(&base, &[("pay.py", &hidden)]);
        stage.approve("bob", &stage.scene.head);
        let file = save(&stage, &["--fail-on", asked]);
        assert_eq!(review(&stage, &file).is(verdict).reasons(), [""; 0], "{setting} {asked}");
    }
}

/// A way to forge a saved input.
type Forgery = fn(&mut Value);

#[test]
fn what_git_shows_of_a_change_is_not_believed_from_a_saved_input_row_67() {
    let forgeries: [(&str, Forgery); 9] = [
        ("the files", |saved| saved["input"]["files"] = json!([])),
        ("the files", |saved| saved["input"]["files"][0]["path"] = json!("docs.md")),
        ("the files", |saved| saved["input"]["files"][0]["owners"] = json!(["@bob"])),
        ("the files", |saved| saved["input"]["files"][0]["class"] = json!("generated")),
        ("the files", |saved| saved["moved"] = json!({"docs.md": ["@bob"]})),
        ("the commits", |saved| saved["input"]["change"]["commits"] = json!([])),
        ("the commits", |saved| saved["input"]["change"]["commits"][0]["author"]["email"] = json!("x@example.org")),
        ("the commits", |saved| saved["input"]["change"]["commits"][0]["body"] = json!("ADR-0001")),
        ("the ends", |saved| saved["input"]["change"]["base"] = saved["input"]["change"]["head"].clone()),
    ];
    let (stage, file) = saved(&[]);
    review(&stage, &file).is("pass");
    let text = std::fs::read_to_string(&file).unwrap();
    for (at, (what, forge)) in forgeries.iter().enumerate() {
        let mut forged: Value = serde_json::from_str(&text).unwrap();
        forge(&mut forged);
        std::fs::write(&file, forged.to_string()).unwrap();
        let ended = review(&stage, &file);
        let reasons = ended.is("undecided").document()["completeness"]["reasons"].as_array().unwrap().clone();
        let found = reasons.iter().find(|reason| reason["code"] == "saved-facts-differ");
        let message = found.unwrap()["message"].as_str().unwrap();
        assert!(message.starts_with(what), "{at}: {message}");
    }
}
