//! What the static checker says about the policies of a specification, with a frame at each place.

use std::collections::BTreeMap;

use super::{PACK, check_loaded, policy_sources};
use crate::diagnostic::{Frame, UsageError};
use crate::enforcement::{RuleBook, specification_json};
use crate::limits::Limits;
use crate::policies::{DataSource, Fault, PolicySet, loader};
use crate::specification::files::SpecificationFiles;
use crate::yaml::Place;

/// Returns every fault of every policy, and of rules that name one.
#[must_use]
pub fn faults(book: &RuleBook, files: &SpecificationFiles) -> Vec<UsageError> {
    let policies = policy_sources(book, str::to_owned);
    if policies.is_empty() {
        return Vec::new();
    }
    let data = DataSource {
        pack: PACK.to_owned(),
        path: "specification.json".to_owned(),
        at: vec!["spec".to_owned()],
        text: specification_json(book).to_string(),
    };
    let set = PolicySet { policies, data: vec![data], ..PolicySet::default() };
    let (loaded, _) = loader::load(&set, &BTreeMap::new(), &Limits::default());
    let all = loaded.faults.iter().cloned().chain(check_loaded(book, &loaded));
    all.map(|fault| framed(&fault, book, files)).collect()
}

fn framed(fault: &Fault, book: &RuleBook, files: &SpecificationFiles) -> UsageError {
    let text = book.specification.texts.get(&fault.path).map(String::as_str).unwrap_or_default();
    let frame = Frame {
        file: files.shown(&fault.path),
        text: text.into(),
        place: place(text, fault.line.max(1), fault.column.max(1)),
        label: fault.code.clone(),
    };
    UsageError { title: fault.message.clone(), why: String::new(), frame: Some(frame), help: fault.hint.clone() }
}

/// Returns the word that begins at a line and column, both counting from 1.
fn place(text: &str, line: u32, column: u32) -> Place {
    let before: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let inside = rest.char_indices().nth(column as usize - 1).map_or(0, |(at, _)| at);
    let word = rest.get(inside..).unwrap_or_default();
    let length = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len()).max(1);
    Place { line, column, offset: before + inside, length }
}
