//! A replay for people: how it would have ended, rule by rule, with the newest examples.
//!
//! Owns the words and their order.

use std::time::Duration;

use crate::commands::page::{Sheet, counted};
use crate::error::Error;
use crate::replay::{Against, Example, Past, Report, Tally};

/// Characters of a commit id that people read.
const SHORT: usize = 10;

/// Changes that are listed where some could not be judged, or turned.
const LISTED: usize = 10;

/// Writes the page to standard output.
pub(super) fn write(report: &Report, took: Duration, width: usize) -> Result<(), Error> {
    let mut sheet = Sheet::new(width);
    head(report, took, &mut sheet);
    let (fired, quiet): (Vec<&Tally>, Vec<&Tally>) = report.rules.iter().partition(|tally| tally.fired > 0);
    for tally in fired {
        rule(tally, &mut sheet);
    }
    silent(&quiet, &mut sheet);
    undecided(report, &mut sheet);
    if let Some(against) = &report.against {
        difference(against, &mut sheet);
    }
    sheet.gap();
    sheet.line(&last_line(report));
    sheet.print()
}

fn head(report: &Report, took: Duration, sheet: &mut Sheet) {
    let ran = report.rules.iter().filter(|tally| tally.ran()).count();
    let (changes, rules) = (counted(report.changes as usize, "change"), counted(ran, "rule"));
    let span = match (&report.oldest, &report.newest) {
        (Some(oldest), Some(newest)) => format!(" from {} to {}", named(oldest), named(newest)),
        _ => String::new(),
    };
    sheet.prose(0, &format!("{changes}{span}, {rules}, in {:.1} s", took.as_secs_f64()));
    let parts: Vec<String> = ["pass", "review", "fail", "undecided"]
        .iter()
        .filter_map(|word| report.verdicts.get(*word).map(|count| format!("{word} {count}")))
        .collect();
    sheet.prose(0, &format!("would have been: {}", parts.join(", ")));
}

fn named(past: &Past) -> String {
    format!("{} ({})", short(&past.commit), past.date)
}

fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}

fn rule(tally: &Tally, sheet: &mut Sheet) {
    sheet.gap();
    sheet.line(&format!(
        "{}  {}, {}: {} on {}, {:.1} % of them, {} ms",
        tally.rule,
        tally.severity.word(),
        tally.status.word(),
        counted(tally.fired as usize, "time"),
        counted(tally.changes as usize, "change"),
        tally.share,
        tally.package_ms
    ));
    examples(&tally.newest, sheet);
}

fn examples(list: &[Example], sheet: &mut Sheet) {
    for example in list {
        let place = match (example.path.is_empty(), example.line) {
            (true, _) => "the whole change".to_owned(),
            (false, 0) => example.path.raw().to_owned(),
            (false, line) => format!("{}:{line}", example.path.raw()),
        };
        sheet.line(&format!("  {} {}  {place}", short(&example.past.commit), example.past.date));
        sheet.prose(4, example.message.raw());
    }
}

fn silent(quiet: &[&Tally], sheet: &mut Sheet) {
    let names = |wanted: bool| {
        let chosen = quiet.iter().filter(|tally| tally.needs_forge == wanted);
        chosen.map(|tally| tally.rule.as_str()).collect::<Vec<_>>()
    };
    for (names, what) in [(names(false), "never fired"), (names(true), "read the forge and did not run")] {
        if !names.is_empty() {
            sheet.gap();
            sheet.line(&format!("{} {what}", counted(names.len(), "rule")));
            sheet.prose(2, &names.join(", "));
        }
    }
}

fn undecided(report: &Report, sheet: &mut Sheet) {
    if report.undecided.is_empty() {
        return;
    }
    sheet.gap();
    sheet.line(&format!("{} could not be judged in full", counted(report.undecided.len(), "change")));
    for one in report.undecided.iter().take(LISTED) {
        let Some(reason) = one.reasons.first() else { continue };
        let place = if reason.path.is_empty() { String::new() } else { format!("{}: ", reason.path.raw()) };
        let more = one.reasons.len().saturating_sub(1);
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        sheet.line(&format!("  {} {}", short(&one.past.commit), one.past.date));
        sheet.prose(4, &format!("{place}{}{more}", reason.message.raw()));
    }
    rest(report.undecided.len(), sheet);
}

fn rest(count: usize, sheet: &mut Sheet) {
    if count > LISTED {
        sheet.line(&format!("  and {} more; `--format json` has them all", count - LISTED));
    }
}

fn difference(against: &Against, sheet: &mut Sheet) {
    sheet.gap();
    let revision = against.revision.raw();
    if against.rules.is_empty() && against.turned.is_empty() {
        sheet.line(&format!("the rules at {revision} say the same about every change"));
        return;
    }
    sheet.line(&format!("compared with the rules at {revision}"));
    for row in &against.rules {
        sheet.gap();
        sheet.line(&format!(
            "{}  {} -> {}: {} appeared, {} vanished",
            row.rule, row.before, row.now, row.appeared, row.vanished
        ));
        for (word, list) in [("appeared", &row.newest_appeared), ("vanished", &row.newest_vanished)] {
            if !list.is_empty() {
                sheet.line(&format!("  {word}"));
                examples(list, sheet);
            }
        }
    }
    if !against.turned.is_empty() {
        sheet.gap();
        sheet.line(&format!("{} would have ended differently", counted(against.turned.len(), "change")));
        for turned in against.turned.iter().take(LISTED) {
            let (before, now) = (turned.before.word(), turned.now.word());
            sheet.line(&format!("  {}  {before} -> {now}  {}", named(&turned.past), turned.past.subject.raw()));
        }
        rest(against.turned.len(), sheet);
    }
}

fn last_line(report: &Report) -> String {
    let example = report.rules.iter().find_map(|tally| tally.newest.first());
    let commit = example.map(|example| &example.past.commit).or(report.newest.as_ref().map(|past| &past.commit));
    match commit {
        Some(commit) => {
            let commit = short(commit);
            format!("see one in full: portcullis check --base {commit}^ --head {commit} --trust worktree")
        }
        None => String::new(),
    }
}
