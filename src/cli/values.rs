//! The values that options take, and how they are written.
//!
//! Owns parsing of formats, reports and dates. Must not open the files that are named.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

use crate::clock;
use crate::yaml::nearest;

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// For a terminal: code frames, why, how to fix.
    Human,
    /// The stable contract `portcullis.verdict/v1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub workflow commands and the step summary.
    Github,
}

/// Where the rules are read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Trust {
    /// The base commit.
    #[default]
    Base,
    /// The work tree, for authors at their desk; refused when CI is set.
    Worktree,
}

/// Whether progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// On a terminal, when it takes longer than a second.
    #[default]
    Auto,
    /// Never.
    Never,
}

/// One `--report FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    /// The format.
    pub format: Format,
    /// The file to write.
    pub file: PathBuf,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').ok_or("write it as FORMAT=FILE, such as sarif=portcullis.sarif")?;
        let format = Format::from_str(name, false).map_err(|_| {
            let names: Vec<String> = Format::value_variants()
                .iter()
                .filter_map(Format::to_possible_value)
                .map(|v| v.get_name().to_owned())
                .collect();
            match nearest(name, names.iter().map(String::as_str)) {
                Some(near) => format!("there is no such format; did you mean `{near}`?"),
                None => format!("there is no such format; known: {}", names.join(", ")),
            }
        })?;
        if file.is_empty() {
            return Err("the file name after `=` is missing".to_owned());
        }
        Ok(Self { format, file: PathBuf::from(file) })
    }
}

/// A calendar date, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(String);

impl Date {
    /// Returns the date as `YYYY-MM-DD`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if clock::is_date(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err("write a calendar date as YYYY-MM-DD, such as 2026-01-31".to_owned())
        }
    }
}

/// Reads a severity from which findings fail the change.
pub(super) fn fail_on(text: &str) -> Result<crate::verdict::FailOn, String> {
    match text {
        "error" => Ok(crate::verdict::FailOn::Error),
        "warning" => Ok(crate::verdict::FailOn::Warning),
        "never" => Ok(crate::verdict::FailOn::Never),
        _ => Err("write error, warning or never".to_owned()),
    }
}

/// Reads a revision: anything git may resolve, but never an option.
pub(super) fn revision(text: &str) -> Result<String, String> {
    if text.is_empty() || text.starts_with('-') || text.chars().any(char::is_control) {
        return Err("a revision is a commit id, a branch or a tag".to_owned());
    }
    Ok(text.to_owned())
}

/// Reads a number of threads.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| (1..=256).contains(count)).ok_or_else(|| "write a number from 1 to 256".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Date, Format, Report};

    #[test]
    fn a_report_is_a_format_and_a_file() {
        let report: Report = "sarif=out/a=b.sarif".parse().unwrap();
        assert_eq!((report.format, report.file.to_str().unwrap()), (Format::Sarif, "out/a=b.sarif"));
        assert!("sarif".parse::<Report>().unwrap_err().contains("FORMAT=FILE"));
        assert!("sarf=a".parse::<Report>().unwrap_err().contains("`sarif`"));
        assert!("json=".parse::<Report>().unwrap_err().contains("missing"));
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert!("2026-02-28".parse::<Date>().is_ok());
        for wrong in ["2026-02-30", "2026-2-1", "20260201", "today", "2026-02-28T00:00"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
    }
}
