//! Every report of every sample, byte for byte.
//!
//! `PORTCULLIS_BLESS=1 cargo test --test reports` writes the expected files anew; read the difference before committing.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "reports/samples.rs"]
mod samples;

use std::path::{Path, PathBuf};

use portcullis::outcome::Outcome;
use portcullis::reports::github::step_summary;
use portcullis::reports::{FORMATS, Format, Style};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/reports")
}

fn render(name: &str, outcome: &Outcome, style: Style) -> String {
    let mut bytes = Vec::new();
    (Format::named(name).unwrap().render)(outcome, &style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn plain(width: usize) -> Style {
    Style { colour: false, width }
}

fn hold(case: &str, file: &str, actual: &str) {
    let path = cases().join(case).join(file);
    if std::env::var_os("PORTCULLIS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected.replace("\r\n", "\n"), actual, "{}", path.display());
}

#[test]
fn every_report_of_every_sample_is_as_expected() {
    for (case, sample) in samples::SAMPLES {
        let outcome = sample();
        hold(case, "human.txt", &render("human", &outcome, plain(100)));
        hold(case, "narrow.txt", &render("human", &outcome, plain(60)));
        hold(case, "json.json", &render("json", &outcome, plain(100)));
        hold(case, "sarif.json", &render("sarif", &outcome, plain(100)));
        hold(case, "github.txt", &render("github", &outcome, plain(100)));
        hold(case, "summary.md", &step_summary(&outcome));
    }
}

#[test]
fn every_folder_of_expected_reports_has_a_sample() {
    let mut folders: Vec<_> = std::fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    folders.sort();
    assert_eq!(folders, samples::SAMPLES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

#[test]
fn the_list_of_formats_is_sorted_and_is_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/reports");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str().unwrap().strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod")
        .collect();
    files.sort();
    assert_eq!(files, FORMATS.iter().map(|format| format.name).collect::<Vec<_>>());
}

#[test]
fn the_json_report_is_valid_against_its_schema_row_128() {
    let schema = portcullis::reports::verdict_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (case, sample) in samples::SAMPLES {
        let document = serde_json::from_str(&render("json", &sample(), plain(100))).unwrap();
        assert!(validator.is_valid(&document), "{case}");
    }
}
