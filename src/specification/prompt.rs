//! `prompts/*.prompt.md`: canonical prompts, with id, version and the hash of their body.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Specification;
use super::front_matter::Markdown;
use super::manifest::version;
use super::page::{Keys, Page, Subject, value};
use crate::finding::hex;

/// Ours are `name`, `description` and `metadata`; the others belong to the formats that prompts are shared in.
pub(super) const KEYS: &Keys = &[
    ("name", true),
    ("description", true),
    ("metadata", true),
    ("agent", false),
    ("allowed-tools", false),
    ("argument-hint", false),
    ("compatibility", false),
    ("config", false),
    ("input", false),
    ("license", false),
    ("model", false),
    ("output", false),
    ("tools", false),
    ("variant", false),
];
pub(super) const METADATA_KEYS: &Keys =
    &[("id", true), ("version", true), ("owner", true), ("status", true), ("tests", false)];
pub(super) const STATUSES: &[&str] = &["draft", "approved", "retired"];

/// One prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// `PROMPT-…`.
    pub id: String,
    /// Its short name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `major.minor.patch`.
    pub version: String,
    /// The team that answers for it.
    pub owner: String,
    /// `draft`, `approved` or `retired`.
    pub status: String,
    /// SHA-256 over the body with LF endings and no trailing blanks.
    pub hash: String,
    /// The file, relative to the root of the specification.
    pub file: String,
}

/// Reads one prompt.
pub(super) fn read(page: &mut Page<'_>, markdown: &Markdown<'_>, into: &mut Specification) {
    let fields = page.fields(&markdown.front, "", KEYS);
    let (name, description) = (page.line(&fields, "name"), page.text(&fields, "description"));
    if markdown.body.trim().is_empty() {
        page.add(markdown.body_place, "the prompt has no text", "nothing here", "Write it below the front matter.");
    }
    let Some(metadata) = fields.get("metadata") else {
        page.unread.insert(Subject::Prompt);
        return;
    };
    let metadata = page.fields(metadata, "metadata", METADATA_KEYS);
    let id = page.id(&metadata, Subject::Prompt);
    let prompt = Prompt {
        id: value(id.clone()),
        name,
        description,
        version: version(page, &metadata, "version"),
        owner: value(page.name(&metadata, "owner", Subject::Team)),
        status: page.one_of(&metadata, "status", STATUSES),
        hash: body_hash(markdown.body),
        file: page.file.to_owned(),
    };
    if let Some(id) = id {
        into.prompts.entry(id.value).or_insert(prompt);
    }
}

/// Returns SHA-256 over a prompt's body: lines end in LF, without blanks at their ends; no empty lines around it.
#[must_use]
pub fn body_hash(body: &str) -> String {
    let mut hash = Sha256::new();
    for line in body.trim_matches(['\r', '\n', ' ', '\t']).split('\n') {
        hash.update(line.trim_end_matches(['\r', ' ', '\t']).as_bytes());
        hash.update(b"\n");
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::body_hash;

    #[test]
    fn line_ends_and_trailing_blanks_do_not_change_a_prompt_and_words_do() {
        assert_eq!(body_hash("Do this.\n\nThen that.\n"), body_hash("\r\nDo this.  \r\n\t\r\nThen that.\r\n\r\n"));
        assert_ne!(body_hash("Do this.\n"), body_hash("Do that.\n"));
        assert_ne!(body_hash("a\n  b\n"), body_hash("a\nb\n"), "indentation has a meaning");
    }
}
