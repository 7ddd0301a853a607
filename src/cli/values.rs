//! Values that several subcommands take.
//!
//! Owns their parsers: each says what is allowed.

use std::path::PathBuf;

use super::init::GateSource;
use crate::clock::is_date;
use crate::imported::ImportFile;
use crate::policies::input::ImportKind;
use crate::reports::{FORMATS, Format};
use crate::verdict::FailOn;

/// Parses the name of a report format.
pub(super) fn format(text: &str) -> Result<&'static Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    Format::named(text).ok_or_else(|| format!("formats are {}", names.join(", ")))
}

/// Parses `FORMAT=FILE`.
pub(super) fn report(text: &str) -> Result<(&'static Format, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("write FORMAT=FILE, e.g. sarif=portcullis.sarif")?;
    if file.is_empty() {
        return Err("a file name must follow `=`".to_owned());
    }
    Ok((format(name)?, PathBuf::from(file)))
}

/// Parses `KIND=FILE`.
pub(super) fn import(text: &str) -> Result<ImportFile, String> {
    let (kind, file) = text.split_once('=').ok_or("write KIND=FILE, e.g. sarif=semgrep.sarif")?;
    let kind = match kind {
        "sarif" => ImportKind::Sarif,
        "junit" => ImportKind::Junit,
        _ => return Err("kinds are sarif, junit".to_owned()),
    };
    if file.is_empty() {
        return Err("a file name must follow `=`".to_owned());
    }
    Ok(ImportFile { kind, path: PathBuf::from(file) })
}

/// Parses a revision; one that begins with `-` is an option that lost its way, and no name of git's.
pub(super) fn revision(text: &str) -> Result<String, String> {
    if text.is_empty() || text.starts_with('-') {
        return Err("a revision is a branch, tag or commit id, and never begins with `-`".to_owned());
    }
    Ok(text.to_owned())
}

/// Parses a date `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Result<String, String> {
    if is_date(text) { Ok(text.to_owned()) } else { Err("write a date as YYYY-MM-DD, e.g. 2026-11-21".to_owned()) }
}

/// Parses a number of threads.
pub(super) fn threads(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(count @ 1..=256) => Ok(count),
        _ => Err("threads are 1 to 256".to_owned()),
    }
}

/// Parses how many changes.
pub(super) fn count(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(count @ 1..=100_000) => Ok(count),
        _ => Err("write a number from 1 to 100000".to_owned()),
    }
}

/// Parses a number of tokens: fewer than the least could not hold a single finding.
pub(super) fn tokens(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(count @ 300..=1_000_000) => Ok(count),
        _ => Err("write a number of tokens from 300 to 1000000".to_owned()),
    }
}

/// Parses from which severity on findings fail.
pub(super) fn fail_on(text: &str) -> Result<FailOn, String> {
    match text {
        "error" => Ok(FailOn::Error),
        "warning" => Ok(FailOn::Warning),
        "never" => Ok(FailOn::Never),
        _ => Err("values are error, warning, never".to_owned()),
    }
}

/// Parses the name of a new policy: it becomes a folder, an id and the name of a Rego package.
pub(super) fn policy_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let words = text.split('-').all(|word| !word.is_empty());
    if text.len() <= 60 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain) && words {
        Ok(text.to_owned())
    } else {
        Err("a name is small letters, digits and single `-`, and begins with a letter: `no-debug-print`".to_owned())
    }
}

/// Parses a regular expression.
pub(super) fn pattern(text: &str) -> Result<regex::Regex, String> {
    regex::Regex::new(text)
        .map_err(|error| error.to_string().lines().last().unwrap_or("").trim_start_matches("error: ").to_owned())
}

/// Parses where the source of the gate lies: what a shell or a YAML file could read otherwise is refused.
pub(super) fn gate(text: &str) -> Result<GateSource, String> {
    let wrong = "write OWNER/NAME@COMMIT or URL@COMMIT with the full commit id of 40 digits";
    let (place, commit) = text.rsplit_once('@').ok_or(wrong)?;
    let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    let named = place.contains('/') && place.starts_with(|c: char| c.is_ascii_alphanumeric());
    if matches!(commit.len(), 40 | 64) && commit.chars().all(hex) && named && place.chars().all(plain) {
        Ok(GateSource { place: place.to_owned(), commit: commit.to_owned() })
    } else {
        Err(wrong.to_owned())
    }
}
