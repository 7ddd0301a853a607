//! Places in a configuration document: a path of keys and indexes -> a line.
//!
//! Owns how a result of scope `document` names a part of its document (`_at`), and which lines the change touched. Must
//! not know formats: the lines come with the document.

use regorus::Value;

/// The head side of one document of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    lines: Option<Value>,
}

impl Places {
    /// Takes the lines of one document; see `FileEntry::document_lines`.
    pub(super) fn of(lines: Option<Value>) -> Self {
        Self { lines }
    }

    /// Returns the line of the part that the steps lead to, or of the last one on the way that is there; 0 when no line
    /// is known. A number behind a literal text counts its lines, from 0.
    pub(super) fn line(&self, steps: &[Value]) -> u32 {
        let Some(mut node) = self.lines.as_ref() else { return 0 };
        let mut line = own(node);
        for step in steps {
            match (node, step) {
                (Value::Object(map), Value::Number(number)) => {
                    let first = map.get(&Value::from("|")).and_then(|first| first.as_u32().ok());
                    let down = number.as_u64().and_then(|down| u32::try_from(down).ok());
                    return first.zip(down).map_or(line, |(first, down)| first.saturating_add(down));
                }
                (Value::Object(map), step) => match map.get(step) {
                    Some(next) => node = next,
                    None => return line,
                },
                (Value::Array(items), Value::Number(number)) => {
                    let index = number.as_u64().and_then(|index| usize::try_from(index).ok());
                    match index.and_then(|index| items.get(index.saturating_add(1))) {
                        Some(next) => node = next,
                        None => return line,
                    }
                }
                _ => return line,
            }
            line = own(node);
        }
        line
    }
}

fn own(node: &Value) -> u32 {
    let line = match node {
        Value::Object(map) => map.get(&Value::from("")),
        Value::Array(items) => items.first(),
        other => Some(other),
    };
    line.and_then(|line| line.as_u32().ok()).unwrap_or_default()
}

/// Returns the steps of an `_at`: a list of keys and indexes.
pub(super) fn steps(value: &Value) -> Option<&[Value]> {
    let Value::Array(steps) = value else { return None };
    let step = |step: &Value| matches!(step, Value::String(_)) || step.as_u32().is_ok();
    steps.iter().all(step).then_some(steps.as_slice())
}

/// The lines that a change touched, each range with both its ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched(Vec<(u32, u32)>);

impl Touched {
    /// Reads the `hunks` of a file.
    pub(super) fn of(hunks: Option<&Value>) -> Self {
        let Some(Value::Array(hunks)) = hunks else { return Self::default() };
        let number = |hunk: &Value, key: &str| match hunk {
            Value::Object(map) => map.get(&Value::from(key)).and_then(|number| number.as_u32().ok()),
            _ => None,
        };
        Self(hunks.iter().filter_map(|hunk| number(hunk, "start").zip(number(hunk, "end"))).collect())
    }

    /// Says whether a line is one of them.
    pub(super) fn holds(&self, line: u32) -> bool {
        self.0.iter().any(|(start, end)| (*start..=*end).contains(&line))
    }
}

#[cfg(test)]
mod tests {
    use regorus::Value;
    use serde_json::json;

    use super::{Places, Touched, steps};
    use crate::documents::{Format, read};
    use crate::limits::Limits;

    const TEXT: &str = "# first\n\ndefaults: &d\n  image: a\njobs:\n  build:\n    <<: *d\n    steps:\n    - uses: x\n      with:\n        a: 1\n\
                        \x20   - run: |\n\n        one\n        two\n    - run: >\n        three\n    use: *d\n";

    fn line(text: &str, at: serde_json::Value) -> u32 {
        let one = read(Format::Yaml, text.as_bytes(), &Limits::default()).unwrap();
        let at = Value::from(at);
        Places::of(Some(Value::from(one.lines))).line(steps(&at).unwrap())
    }

    #[test]
    fn each_part_stands_where_its_key_or_item_begins() {
        for (at, expected) in [
            (json!(["jobs"]), 5),
            (json!(["jobs", "build"]), 6),
            (json!(["jobs", "build", "steps"]), 8),
            (json!(["jobs", "build", "steps", 0]), 9),
            (json!(["jobs", "build", "steps", 0, "with", "a"]), 11),
            (json!(["jobs", "build", "steps", 1, "run"]), 12),
            (json!(["jobs", "build", "steps", 2, "run"]), 16),
        ] {
            assert_eq!(line(TEXT, at.clone()), expected, "{at}");
        }
    }

    #[test]
    fn a_line_of_a_literal_text_is_counted_from_its_first_and_of_a_folded_one_it_is_not() {
        assert_eq!(line(TEXT, json!(["jobs", "build", "steps", 1, "run", 0])), 13);
        assert_eq!(line(TEXT, json!(["jobs", "build", "steps", 1, "run", 2])), 15);
        assert_eq!(line(TEXT, json!(["jobs", "build", "steps", 2, "run", 0])), 16);
    }

    #[test]
    fn what_an_alias_brings_stands_at_the_anchor_and_the_alias_where_it_is_used() {
        assert_eq!(line(TEXT, json!(["jobs", "build", "image"])), 4);
        assert_eq!(line(TEXT, json!(["jobs", "build", "use"])), 18);
        assert_eq!(line(TEXT, json!(["jobs", "build", "use", "image"])), 4);
    }

    #[test]
    fn a_path_that_leads_nowhere_stands_at_the_last_part_that_is_there() {
        assert_eq!(line(TEXT, json!(["jobs", "none", "steps"])), 5);
        assert_eq!(line(TEXT, json!(["jobs", "build", "steps", 9])), 8);
        assert_eq!(line(TEXT, json!(["jobs", "build", "image", "x", 4])), 4);
        assert_eq!(line(TEXT, json!([])), 3);
        assert_eq!(Places::default().line(&[]), 0);
        assert!(steps(&Value::from(json!(["a", {}]))).is_none() && steps(&Value::from(json!(["a", -1]))).is_none());
    }

    #[test]
    fn several_documents_have_lines_of_the_file() {
        let text = "a: 1\n---\nb:\n  c: 2\n";
        assert_eq!(line(text, json!([1, "b", "c"])), 4);
        assert_eq!(line("a: 1\r\nb: |\r\n  x\r\n  y\r\n", json!(["b", 1])), 4);
    }

    #[test]
    fn hunks_hold_their_ends_and_a_deletion_holds_nothing() {
        let touched = Touched::of(Some(&Value::from(json!([{"start": 3, "end": 4}, {"start": 9, "end": 8}]))));
        assert_eq!((1..10).filter(|line| touched.holds(*line)).collect::<Vec<_>>(), [3, 4]);
    }
}
