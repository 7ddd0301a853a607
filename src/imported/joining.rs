//! What tools say, held against the change -> the entries of the input document, and what cannot be relied on.
//!
//! Owns which results stand on the change and whether a run is one of this commit. Must not open a file.

use super::names::{rule_id, tool_id};
use super::places::{Checkout, touches};
use super::report::{Notice, Place, ToolReport, ToolResult, ToolRun};
use crate::completeness::Reason;
use crate::policies::input::{FileEntry, ImportEntry, ImportKind, ImportResult, ImportTotals};

/// What results are held against.
pub struct Ground<'a> {
    /// The changed files.
    pub files: &'a [FileEntry],
    /// The commit that is judged, or `worktree` or `index`.
    pub head: &'a str,
    /// The folders that this checkout is known by, as absolute paths.
    pub roots: &'a [String],
    /// Says whether the repository has a file of that path which the change leaves as it is.
    pub unchanged: &'a dyn Fn(&str) -> bool,
    /// Gives the text of a changed file.
    pub texts: &'a dyn Fn(&str) -> Option<String>,
}

/// What files of other tools come to.
#[derive(Debug, Default)]
pub struct Joined {
    /// One entry a run, or one for a file that could not be read.
    pub entries: Vec<ImportEntry>,
    /// What cannot be relied on.
    pub reasons: Vec<Reason>,
}

/// Returns what a file that could not be read comes to.
#[must_use]
pub fn lost(kind: ImportKind, file: &str, digest: &str, reason: Reason) -> Joined {
    let entry = ImportEntry {
        kind,
        file: file.to_owned(),
        digest: digest.to_owned(),
        problem: reason.message.raw().to_owned(),
        ..ImportEntry::default()
    };
    Joined { entries: vec![entry], reasons: vec![reason.at(file)] }
}

/// Returns what the runs of a file come to.
#[must_use]
pub fn join(kind: ImportKind, file: &str, digest: &str, report: ToolReport, ground: &Ground<'_>) -> Joined {
    if let Some(why) = report.fault {
        let remedy = "look at the step that writes the file, and run it again";
        return lost(kind, file, digest, Reason::new("import-unreadable", why, remedy));
    }
    if report.runs.is_empty() {
        let remedy = "look at the step that writes the file: no result is not no finding";
        let reason = Reason::new("import-without-run", "it tells of no run of a tool", remedy);
        return lost(kind, file, digest, reason);
    }
    let checkout = Checkout::new(ground.roots, ground.files, ground.unchanged);
    let mut joined = Joined::default();
    for (number, run) in (0_u32..).zip(report.runs) {
        let problem = problem(&run, &checkout, ground.head);
        let entry = ImportEntry { kind, file: file.to_owned(), digest: digest.to_owned(), run: number, ..entry(&run) };
        let other_commit = problem.as_ref().is_some_and(|problem| problem.code == OTHER_COMMIT);
        // Lines of another commit are other lines.
        let results = if other_commit { Vec::new() } else { results(&run, &entry.tool, &checkout, ground) };
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let totals = ImportTotals {
            results: count(run.results.len()),
            joined: count(results.len()),
            elsewhere: count(run.results.len().saturating_sub(results.len())),
            suppressed: count(run.results.iter().filter(|result| result.suppressed).count()),
            passed: run.passed,
            skipped: run.skipped,
        };
        let told = problem.as_ref().map(|problem| problem.message.raw().to_owned()).unwrap_or_default();
        joined.entries.push(ImportEntry { successful: problem.is_none(), problem: told, totals, results, ..entry });
        joined.reasons.extend(problem.map(|problem| problem.at(file)));
    }
    joined
}

fn entry(run: &ToolRun) -> ImportEntry {
    ImportEntry {
        tool: if run.name == super::names::JUNIT { run.name.clone() } else { tool_id(&run.name) },
        name: run.name.clone(),
        version: run.version.clone(),
        revision: run.revisions.first().cloned().unwrap_or_default(),
        ran: run.ran,
        ..ImportEntry::default()
    }
}

const OTHER_COMMIT: &str = "import-other-commit";

/// Returns why a run cannot be relied on.
fn problem(run: &ToolRun, checkout: &Checkout<'_>, head: &str) -> Option<Reason> {
    if !is_of(&run.revisions, head) {
        let said = run.revisions.join(", ");
        let message = format!("{} looked at {said}, and {head} is judged", named(run));
        let remedy = "run the tool on the commit that is judged: in a workflow of a pull request, check out its head";
        return Some(Reason::new(OTHER_COMMIT, message, remedy));
    }
    if !run.failure.is_empty() {
        let message = format!("{}: {}", named(run), run.failure);
        return Some(Reason::new("import-failed", message, "look at the step that runs the tool, and run it again"));
    }
    let concerns = |notice: &&Notice| notice.paths.is_empty() || !checkout.meant(&notice.paths).is_empty();
    let notice = run.notices.iter().find(concerns)?;
    let place = notice.paths.first().map(|spoken| format!(" in {}", spoken.path)).unwrap_or_default();
    let message = format!("{} reports an error of its own{place}: {}", named(run), notice.message);
    let remedy = "mend what the tool could not do, or take the file out of its scan";
    Some(Reason::new("import-incomplete", message, remedy))
}

fn named(run: &ToolRun) -> &str {
    if run.name.is_empty() { "the tool" } else { &run.name }
}

/// Says whether one of the commits is the one that is judged; the work tree is no commit, and has no name to hold it to.
fn is_of(revisions: &[String], head: &str) -> bool {
    let is_commit = head.len() >= 40 && head.bytes().all(|byte| byte.is_ascii_hexdigit());
    revisions.is_empty() || !is_commit || revisions.iter().any(|revision| revision.eq_ignore_ascii_case(head))
}

fn results(run: &ToolRun, tool: &str, checkout: &Checkout<'_>, ground: &Ground<'_>) -> Vec<ImportResult> {
    let mut texts = Texts { read: ground.texts, last: None };
    let mut joined: Vec<ImportResult> = Vec::new();
    for result in &run.results {
        let Some(spot) = spot(result, checkout, &mut texts) else { continue };
        joined.push(ImportResult {
            rule: rule_id(tool, &result.rule).as_str().to_owned(),
            title: result.title.clone(),
            message: result.message.clone(),
            severity: result.severity,
            suppressed: result.suppressed,
            subject: result.subject.clone(),
            fix: result.fix.clone(),
            rationale: result.rationale.clone(),
            links: result.links.clone(),
            ..spot
        });
    }
    joined.sort();
    joined.dedup();
    joined
}

/// The text of the file that was asked for last: results of one file mostly stand together.
struct Texts<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    last: Option<(String, Option<String>)>,
}

impl Texts<'_> {
    fn of(&mut self, path: &str) -> Option<&str> {
        if self.last.as_ref().is_none_or(|(known, _)| known != path) {
            self.last = Some((path.to_owned(), (self.read)(path)));
        }
        self.last.as_ref()?.1.as_deref()
    }
}

/// Returns where a result stands on the change, its words left out; nothing when it stands elsewhere.
fn spot(result: &ToolResult, checkout: &Checkout<'_>, texts: &mut Texts<'_>) -> Option<ImportResult> {
    for place in &result.places {
        for file in checkout.meant(&place.paths) {
            let place = fitted(place, texts.of(&file.path));
            if touches(file, &place) || (result.everywhere && file.status != crate::change::FileStatus::Deleted) {
                let Place { line, column, end_line, end_column, .. } = place;
                return Some(ImportResult { path: file.path.clone(), line, column, end_line, end_column, ..nowhere() });
            }
        }
    }
    (result.everywhere || result.places.is_empty()).then(nowhere)
}

fn nowhere() -> ImportResult {
    ImportResult {
        path: String::new(),
        line: 0,
        column: 0,
        end_line: 0,
        end_column: 0,
        rule: String::new(),
        title: String::new(),
        message: String::new(),
        severity: crate::finding::Severity::Error,
        suppressed: false,
        subject: String::new(),
        fix: String::new(),
        rationale: String::new(),
        links: Vec::new(),
    }
}

/// Fits a place to the text: columns in code points; a line that the text does not have is no line.
fn fitted(place: &Place, text: Option<&str>) -> Place {
    let mut place = place.clone();
    let Some(text) = text else { return place };
    let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    if place.line > lines {
        return Place { paths: place.paths, ..Place::default() };
    }
    place.end_line = place.end_line.min(lines);
    if place.utf16 {
        place.column = code_points(text, place.line, place.column);
        place.end_column = code_points(text, place.end_line, place.end_column);
    }
    place
}

/// Returns a column of UTF-16 code units as one of code points; what is behind the line's end keeps its distance.
fn code_points(text: &str, line: u32, column: u32) -> u32 {
    let row = text.split('\n').nth((line as usize).saturating_sub(1)).filter(|_| line > 0);
    let Some(mut units) = column.checked_sub(1) else { return 0 };
    let mut points = 0_u32;
    for character in row.unwrap_or_default().chars() {
        if units == 0 {
            break;
        }
        units = units.saturating_sub(u32::try_from(character.len_utf16()).unwrap_or(1));
        points = points.saturating_add(1);
    }
    points.saturating_add(units).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::code_points;

    #[test]
    fn columns_of_utf_16_become_code_points() {
        let text = "a\n\u{1F600}\u{e4}x\n";
        assert_eq!([1, 3, 4, 5, 9].map(|column| code_points(text, 2, column)), [1, 2, 3, 4, 8]);
        assert_eq!((code_points(text, 2, 0), code_points(text, 9, 3)), (0, 3));
    }
}
