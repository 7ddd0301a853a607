//! What one package of scope `document` looks at: both sides of one file, or of all of them together.
//!
//! Owns how several documents of a file are taken. Must not evaluate.

use regorus::Value;

use super::{Looks, items};
use crate::policies::Package;
use crate::policies::evaluate::Document;
use crate::policies::places::{Places, Touched};
use crate::worker::protocol::Target;

/// The place that Conftest gives all documents together.
const COMBINED: &str = "Combined";

/// What one package looks at, at once.
pub(in crate::policies) struct Subject {
    /// The path that findings stand at; empty for all documents together.
    pub(super) path: String,
    /// Inputs of the base side, one evaluation each.
    pub(super) base: Side,
    /// Inputs of the head side.
    pub(super) head: Side,
    /// Lines that the change touched at head.
    pub(super) touched: Touched,
}

/// One side of what is looked at.
pub(in crate::policies) struct Side {
    /// The path of the file on this side.
    pub(super) path: String,
    /// The documents, one evaluation each.
    pub(super) inputs: Vec<Value>,
    /// Where the parts of each document stand, as far as that is known.
    pub(super) places: Vec<Places>,
}

impl Document {
    /// Returns what a package of scope `document` looks at for a target; none where that is no document at head.
    pub(in crate::policies) fn subject_of(&self, package: &Package, target: Target) -> Option<Subject> {
        match target {
            Target::Document(file) => {
                let mut subject = self.subject(file)?;
                // What stood under a name that nobody looks at was never judged, so it is not old where it comes from there.
                if !Looks::of(package).at(&subject.base.path) {
                    subject.base.inputs.clear();
                }
                Some(subject)
            }
            Target::Combined => Some(self.combined(package)),
            Target::Change | Target::Review | Target::File(_) | Target::Empty => None,
        }
    }

    /// Returns the sides of one file; none when it has no document at head.
    fn subject(&self, index: u32) -> Option<Subject> {
        let (path, file) = self.files.get(index as usize)?;
        let side = |path: &str, key: &str, status: &str| {
            let read = read(file, status);
            let inputs = if read { split(&text_key(file, key)?) } else { Vec::new() };
            Some(Side { path: path.to_owned(), inputs, places: Vec::new() })
        };
        let old_path = text_key(file, "old_path").and_then(|path| path.as_string().ok().map(ToString::to_string))?;
        read(file, "head").then_some(())?;
        let mut head = side(path, "document", "head")?;
        head.places = places(&text_key(file, "document")?, text_key(file, "document_lines"));
        let base = side(&old_path, "old_document", "base")?;
        Some(Subject { path: path.clone(), base, head, touched: Touched::of(text_key(file, "hunks").as_ref()) })
    }

    /// Returns what a package of scope `document` is evaluated on.
    pub(in crate::policies) fn targets_of(&self, package: &Package) -> Vec<Target> {
        if package.combine {
            return vec![Target::Combined];
        }
        let looks = Looks::of(package);
        let files = (0_u32..).zip(&self.files).filter(|(_, (path, file))| looks.at(path) && read(file, "head"));
        files.map(|(index, _)| Target::Document(index)).collect()
    }

    /// Returns all documents that a package looks at as one input a side, sorted by path.
    fn combined(&self, package: &Package) -> Subject {
        let looks = Looks::of(package);
        let side = |path_key: &str, key: &str, status: &str| {
            let mut all: Vec<(String, Value)> = Vec::new();
            for (_, file) in self.files.iter().filter(|(_, file)| read(file, status)) {
                let path = text_key(file, path_key).and_then(|path| path.as_string().ok().map(ToString::to_string));
                let (Some(path), Some(contents)) = (path, text_key(file, key)) else { continue };
                if !looks.at(&path) {
                    continue;
                }
                all.extend(split(&contents).into_iter().map(|one| (path.clone(), one)));
            }
            let beside = text_key(&self.value, "documents");
            for one in beside.iter().flat_map(items) {
                let path = text_key(&one, "path").and_then(|path| path.as_string().ok().map(ToString::to_string));
                let (Some(path), Some(contents)) = (path, text_key(&one, "document")) else { continue };
                if looks.at(&path) {
                    all.extend(split(&contents).into_iter().map(|one| (path.clone(), one)));
                }
            }
            all.sort_by(|a, b| a.0.cmp(&b.0));
            let entries = all.into_iter().map(|(path, contents)| {
                let mut entry = Value::new_object();
                if let Ok(map) = entry.as_object_mut() {
                    map.insert(Value::from("contents"), contents);
                    map.insert(Value::from("path"), Value::from(path));
                }
                entry
            });
            let entries: Vec<Value> = entries.collect();
            let inputs = if entries.is_empty() { Vec::new() } else { vec![Value::from(entries)] };
            Side { path: COMBINED.to_owned(), inputs, places: Vec::new() }
        };
        let (base, head) = (side("old_path", "old_document", "base"), side("path", "document", "head"));
        Subject { path: String::new(), base, head, touched: Touched::default() }
    }
}

fn text_key(file: &Value, key: &str) -> Option<Value> {
    match file {
        Value::Object(map) => map.get(&Value::from(key)).cloned(),
        _ => None,
    }
}

/// Says whether a side of a file is a document that could be read.
fn read(file: &Value, side: &str) -> bool {
    let status = text_key(file, "document_reading").and_then(|reading| text_key(&reading, side));
    status.is_some_and(|status| status.as_string().is_ok_and(|status| status.as_ref() == "ok"))
}

/// A list at the root is a list of documents, whatever the format: each is looked at by itself.
fn split(document: &Value) -> Vec<Value> {
    match document {
        Value::Array(items) => items.iter().cloned().collect(),
        other => vec![other.clone()],
    }
}

/// Returns where the parts of each document of a file stand.
fn places(document: &Value, lines: Option<Value>) -> Vec<Places> {
    match (document, lines) {
        (Value::Array(_), Some(Value::Array(lines))) => {
            lines.iter().skip(1).map(|lines| Places::of(Some(lines.clone()))).collect()
        }
        (_, lines) => vec![Places::of(lines)],
    }
}
