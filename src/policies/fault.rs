//! Faults: how they are made, and how the engine's own error texts become them.
//!
//! Owns the wording that does not belong to one check. Must not decide what a fault means for the verdict.

use super::Fault;

/// A place in a policy file; line and column count from 1, 0 means the whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place<'a> {
    /// Path as shown to people.
    pub(super) path: &'a str,
    /// Line.
    pub(super) line: u32,
    /// Column.
    pub(super) column: u32,
}

impl<'a> Place<'a> {
    /// Returns the place that is the whole file.
    pub(super) fn file(path: &'a str) -> Self {
        Self { path, line: 0, column: 0 }
    }

    /// Returns a fault at this place.
    pub(super) fn fault(self, code: &str, message: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault {
            path: self.path.to_owned(),
            line: self.line,
            column: self.column,
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// Returns the candidate nearest to `word`, when it is near enough to be what was meant.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = match length {
        0..=2 => return None,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the sentence that suggests `word`, or nothing.
pub(super) fn did_you_mean(word: Option<&str>) -> String {
    word.map_or_else(String::new, |word| format!("did you mean `{word}`?"))
}

/// Where and what an error text of the engine says: `--> file:line:col`, source, caret, `error: text`.
///
/// The arrow line is read from the right, because a path may hold colons. An error with several places repeats the
/// block; the first one counts.
pub(super) fn engine_error(text: &str) -> (Option<String>, u32, u32, String) {
    let arrow = text.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let message = text.lines().find_map(|line| line.strip_prefix("error: ")).map_or_else(
        || text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("").to_owned(),
        str::to_owned,
    );
    let Some(arrow) = arrow else { return (None, 0, 0, message) };
    let mut parts = arrow.rsplitn(3, ':');
    let column = parts.next().and_then(|part| part.trim().parse().ok()).unwrap_or(0);
    let line = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    (parts.next().map(str::to_owned), line, column, message)
}

/// Returns the fault for an error text of the engine; `path` where the text names none. `source` gives the text of a
/// file, for the column.
pub(super) fn from_engine<'s>(
    code: &str,
    path: &str,
    error: &str,
    source: impl FnOnce(&str) -> Option<&'s str>,
) -> Fault {
    let (file, line, column, message) = engine_error(error);
    let path = file.unwrap_or_else(|| path.to_owned());
    let text = source(&path).and_then(|text| text.lines().nth((line as usize).checked_sub(1)?));
    let column = text.map_or(column, |text| code_point_column(text, column));
    Place { path: &path, line, column }.fault(code, message, "")
}

/// Returns the column in code points for a column of the engine, which counts a tab as four.
fn code_point_column(line: &str, column: u32) -> u32 {
    let (mut engine, mut own) = (1_u32, 1_u32);
    for c in line.chars() {
        if engine >= column {
            break;
        }
        engine = engine.saturating_add(if c == '\t' { 4 } else { 1 });
        own = own.saturating_add(1);
    }
    if column == 0 { 0 } else { own }
}

#[cfg(test)]
mod tests {
    use super::{code_point_column, engine_error, nearest};

    #[test]
    fn a_tab_is_one_column() {
        assert_eq!(code_point_column("\t\tmsg := [", 9), 3);
        assert_eq!(code_point_column("abc", 2), 2);
        assert_eq!(code_point_column("abc", 0), 0);
    }

    #[test]
    fn an_arrow_line_is_read_from_the_right() {
        let text = "\n--> a:b.rego:3:7\n  |\n3 | x\n  |   ^\nerror: unexpected";
        assert_eq!(engine_error(text), (Some("a:b.rego".to_owned()), 3, 7, "unexpected".to_owned()));
        assert_eq!(engine_error("no place"), (None, 0, 0, "no place".to_owned()));
    }

    #[test]
    fn the_nearest_word_is_near_or_absent() {
        assert_eq!(nearest("severty", ["severity", "status"]), Some("severity"));
        assert_eq!(nearest("vioaltion", ["violation"]), Some("violation"));
        assert_eq!(nearest("owner", ["severity", "status"]), None);
    }
}
