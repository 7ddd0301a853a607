//! SARIF 2.1.0 as scanners write it.
//!
//! Owns what of a run is a finding, where it stands, and whether the run is a result at all. Runs inside the worker.

mod model;
mod rules;

use self::model::{ArtifactLocation, Invocation, Items, Location, Log, Notification, Region, Row, Run, items};
use self::rules::{Rules, severity};
use super::report::{Notice, Place, ToolResult, ToolRun, too_many};
use super::text::{HELP, MESSAGE, NAME, TITLE, bounded, first_line};
use super::uri::{below, of_uri};

/// Bases of bases that are followed.
const MOST_BASES: usize = 10;
/// Locations of one result that are looked at.
const MOST_PLACES: usize = 100;
/// Notices of one run that are kept; one is enough to make a run doubtful.
const MOST_NOTICES: usize = 100;

/// Returns the runs of a file with at most `most` results.
pub(super) fn read(text: &str, most: usize) -> Result<Vec<ToolRun>, String> {
    let log: Log = serde_json::from_str(text).map_err(|error| why(&error))?;
    if log.version != "2.1.0" && !log.version.starts_with("2.1.0-") {
        return Err("it is not SARIF of version 2.1.0".to_owned());
    }
    let runs = items(&log.runs);
    let results = runs.iter().fold(0_usize, |sum, run| sum.saturating_add(items(&run.results).len()));
    if results > most {
        return Err(too_many(most));
    }
    Ok(runs.iter().map(run).collect())
}

/// What is wrong, and where; never what the file says there.
fn why(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Eof => "it ends in the middle".to_owned(),
        Category::Syntax | Category::Io => "it is not JSON".to_owned(),
        Category::Data => {
            let text = error.to_string();
            let known = ["missing field", "duplicate field", "a list has more than"];
            match known.iter().any(|start| text.starts_with(start)) {
                true => format!("it is not SARIF: {}", text.split(" at line ").next().unwrap_or_default()),
                false => "it is not SARIF: a value is of another kind".to_owned(),
            }
        }
    };
    format!("{what} (line {}, column {})", error.line(), error.column())
}

fn run(run: &Run) -> ToolRun {
    let driver = &run.tool.driver;
    let version = driver.semantic_version.as_deref().or(driver.version.as_deref()).unwrap_or_default();
    let origins = items(&run.version_control_provenance).iter();
    let rules = Rules::of(&run.tool);
    let invocations = items(&run.invocations);
    let notices = invocations.iter().flat_map(notifications).filter(|notice| is_error(notice));
    ToolRun {
        name: bounded(&driver.name, NAME),
        version: bounded(version, NAME),
        revisions: origins.filter_map(|origin| Some(bounded(origin.revision_id.as_deref()?, NAME))).collect(),
        // The standard: absent when the tool did not look, empty when it looked and found nothing.
        ran: run.results.is_some(),
        failure: failure(run, invocations),
        notices: notices.take(MOST_NOTICES).map(|notice| told(notice, run, &rules)).collect(),
        results: items(&run.results).iter().filter(|row| is_finding(row)).map(|row| result(row, run, &rules)).collect(),
        passed: 0,
        skipped: 0,
    }
}

fn failure(run: &Run, invocations: &[Invocation]) -> String {
    let outside = run.external_property_file_references.as_ref();
    if invocations.iter().any(|one| one.execution_successful == Some(false)) {
        "the tool says that it did not succeed".to_owned()
    } else if outside.is_some_and(|outside| !items(&outside.results).is_empty()) {
        "its results stand in other files".to_owned()
    } else {
        String::new()
    }
}

fn notifications(invocation: &Invocation) -> impl Iterator<Item = &Notification> {
    let lists: [&Option<Items<Notification>>; 2] =
        [&invocation.tool_execution_notifications, &invocation.tool_configuration_notifications];
    lists.into_iter().flat_map(items)
}

fn is_error(notification: &Notification) -> bool {
    notification.level.as_deref() == Some("error")
}

fn told(notification: &Notification, run: &Run, rules: &Rules<'_>) -> Notice {
    let place = items(&notification.locations).iter().find_map(|location| place(location, run));
    let message = rules.text(notification.message.as_ref(), None);
    Notice { paths: place.map(|place| place.paths).unwrap_or_default(), message: first_line(&message, TITLE) }
}

/// Says whether a row tells of a violation that is there. What the tool says of suppressions plays no part.
fn is_finding(row: &Row) -> bool {
    let kind = row.kind.as_deref().unwrap_or("fail");
    let gone = row.baseline_state.as_deref() == Some("absent");
    !gone && !matches!(kind, "pass" | "open" | "notApplicable" | "informational")
}

fn result(row: &Row, run: &Run, rules: &Rules<'_>) -> ToolResult {
    let (id, rule) = rules.find(row);
    let text = |text: Option<&model::Text>| {
        text.and_then(|text| text.text.as_deref().or(text.markdown.as_deref())).unwrap_or_default().to_owned()
    };
    let short = text(rule.and_then(|rule| rule.short_description.as_ref()));
    let full = text(rule.and_then(|rule| rule.full_description.as_ref()));
    let help = text(rule.and_then(|rule| rule.help.as_ref()));
    let name = rule.and_then(|rule| rule.name.as_deref()).unwrap_or_default();
    let title = [short.as_str(), full.as_str(), name, id].map(|text| first_line(text, TITLE));
    let title =
        title.into_iter().find(|title| !title.is_empty()).unwrap_or_else(|| "a result without a rule".to_owned());
    let message = bounded(&rules.text(row.message.as_ref(), rule), MESSAGE);
    let fix = items(&row.fixes).iter().map(|fix| text(fix.description.as_ref())).find(|fix| !fix.trim().is_empty());
    let link = rule.and_then(|rule| rule.help_uri.as_deref()).filter(|link| link.starts_with("https://"));
    let places = items(&row.locations).iter().take(MOST_PLACES).filter_map(|location| place(location, run));
    ToolResult {
        rule: id.to_owned(),
        message: if message.is_empty() { title.clone() } else { message },
        rationale: Some(bounded(&full, HELP)).filter(|full| *full != title).unwrap_or_default(),
        title,
        severity: severity(row, rule),
        suppressed: !items(&row.suppressions).is_empty(),
        places: places.collect(),
        everywhere: false,
        subject: prints(row),
        fix: bounded(fix.as_deref().unwrap_or(&help), HELP),
        links: link.map(|link| bounded(link, NAME)).into_iter().collect(),
    }
}

/// Returns the tool's own fingerprints as one text.
fn prints(row: &Row) -> String {
    let all = [&row.fingerprints, &row.partial_fingerprints].into_iter().flatten().flatten();
    bounded(&all.map(|(key, print)| format!("{key}={print}")).collect::<Vec<_>>().join(" "), MESSAGE)
}

fn place(location: &Location, run: &Run) -> Option<Place> {
    let physical = location.physical_location.as_ref()?;
    let paths = of_uri(&address(physical.artifact_location.as_ref()?, run)?);
    // A name that is none of a file says nothing about where it stands.
    if paths.iter().all(|spoken| spoken.path.is_empty()) {
        return None;
    }
    let place = Place { paths, utf16: run.column_kind.as_deref() != Some("unicodeCodePoints"), ..Place::default() };
    Some(match &physical.region {
        Some(region) => lines(region, place),
        None => place,
    })
}

/// Fills in the lines; a region in bytes or characters only, and the one without width at the start of a file, mean the
/// whole file.
fn lines(region: &Region, place: Place) -> Place {
    let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok()).unwrap_or(0);
    let (line, column) = (number(region.start_line), number(region.start_column));
    let (end_line, end_column) = (number(region.end_line), number(region.end_column));
    let top = (line, column, end_column) == (1, 1, 1) && end_line <= 1;
    if line == 0 || top {
        return place;
    }
    Place { line, column, end_line: end_line.max(line), end_column, ..place }
}

/// Returns the name of an artifact with the bases that it stands below.
fn address(location: &ArtifactLocation, run: &Run) -> Option<String> {
    let listed = || {
        let index = usize::try_from(location.index?).ok()?;
        items(&run.artifacts).get(index)?.location.as_ref()
    };
    let location = if location.uri.is_some() { location } else { listed()? };
    let mut uri = location.uri.clone()?;
    let mut base = location.uri_base_id.as_deref();
    for _ in 0..MOST_BASES {
        let Some(parent) = base.and_then(|base| run.original_uri_base_ids.as_ref()?.get(base)) else { break };
        uri = below(parent.uri.as_deref().unwrap_or_default(), &uri);
        base = parent.uri_base_id.as_deref();
    }
    Some(uri)
}
