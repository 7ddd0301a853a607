//! `portcullis.lock`: which commit and which bytes are meant, and the hashes of prompts; written by machine.
//!
//! Owns the format. Must not fetch anything.

use std::collections::BTreeMap;

use super::Specification;
use super::page::{Fields, Keys, Page};
use crate::diagnostic::{UsageError, shortened};
use crate::yaml::{self, Node};

/// Name of the file, at the root of the repository.
pub const FILE_NAME: &str = "portcullis.lock";

pub(super) const KEYS: &Keys = &[
    ("lock", true),
    ("digest", true),
    ("schema", true),
    ("pinned", true),
    ("commit", false),
    ("tag", false),
    ("url", false),
    ("prompts", false),
];
pub(super) const PROMPT_KEYS: &Keys = &[("version", true), ("hash", true)];

/// What was pinned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Address of the repository, or empty when the specification is not in another one.
    pub url: String,
    /// The full commit id, or empty.
    pub commit: String,
    /// The tag that was asked for, or empty; never used to find anything.
    pub tag: String,
    /// The tree digest of the specification.
    pub digest: String,
    /// Its schema number.
    pub schema: u32,
    /// The day on which somebody last pinned, `YYYY-MM-DD`.
    pub pinned: String,
    /// Prompts by id.
    pub prompts: BTreeMap<String, LockedPrompt>,
}

/// A prompt as it was when pinned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedPrompt {
    /// Its release.
    pub version: String,
    /// The hash of its body.
    pub hash: String,
}

impl Lock {
    /// Reads the bytes of a lock; `file` is its name as shown to people.
    ///
    /// # Errors
    /// All faults at once.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Vec<UsageError>> {
        let mut page = Page::new(file, file, bytes);
        let lock = read(&mut page, bytes);
        if page.faults.is_empty() { Ok(lock) } else { Err(page.into_errors()) }
    }

    /// Returns the text of the file: sorted, the same bytes for the same lock.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::from("# Written by `portcullis spec pin`.\nlock: 1\n");
        for (key, value) in [("url", &self.url), ("commit", &self.commit), ("tag", &self.tag)] {
            if !value.is_empty() {
                text.push_str(&format!("{key}: {}\n", quoted(value)));
            }
        }
        text.push_str(&format!("digest: {}\n", quoted(&self.digest)));
        text.push_str(&format!("schema: {}\npinned: {}\n", self.schema, self.pinned));
        if !self.prompts.is_empty() {
            text.push_str("prompts:\n");
        }
        for (id, prompt) in &self.prompts {
            text.push_str(&format!(
                "  {id}: {{version: {}, hash: {}}}\n",
                quoted(&prompt.version),
                quoted(&prompt.hash)
            ));
        }
        text
    }

    /// Returns why prompts of a specification are not those of the lock: another text under the same release.
    #[must_use]
    pub fn changed_prompts(&self, specification: &Specification) -> Vec<String> {
        let changed = |(id, locked): (&String, &LockedPrompt)| {
            let prompt = specification.prompts.get(id)?;
            let changed = prompt.version == locked.version && prompt.hash != locked.hash;
            changed.then(|| format!("the text of `{id}` changed and its version {} did not", prompt.version))
        };
        self.prompts.iter().filter_map(changed).collect()
    }
}

/// A text in quotes, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn read(page: &mut Page<'_>, bytes: &[u8]) -> Lock {
    let root = match yaml::tree(bytes, page.file) {
        Ok(root) => root,
        Err(fault) => {
            page.stop(fault, &[]);
            return Lock::default();
        }
    };
    let fields = page.fields(&root, "", KEYS);
    if page.number(&fields, "lock", u32::MAX).is_some_and(|number| number != 1)
        && let Some(node) = fields.get("lock")
    {
        page.add(node.place, "`lock` must be 1", "not a known version", "Run `portcullis spec pin`.");
    }
    Lock {
        url: page.line(&fields, "url"),
        commit: hexadecimal(page, &fields, "commit", &[40, 64]),
        tag: page.line(&fields, "tag"),
        digest: hexadecimal(page, &fields, "digest", &[64]),
        schema: page.number(&fields, "schema", u32::MAX).unwrap_or_default(),
        pinned: super::page::value(page.date(&fields, "pinned")),
        prompts: fields.get("prompts").map(|node| prompts(page, node)).unwrap_or_default(),
    }
}

fn hexadecimal(page: &mut Page<'_>, fields: &Fields<'_>, key: &str, lengths: &[usize]) -> String {
    let Some(node) = fields.get(key) else { return String::new() };
    let Some(text) = page.faults.text(node, key) else { return String::new() };
    if !is_hexadecimal(&text, lengths) {
        let title = format!("`{}` is no full {key}", shortened(&text));
        page.add(node.place, title, "hexadecimal digits wanted", "Run `portcullis spec pin`.");
    }
    text
}

/// Says whether a text is hexadecimal digits in lower case, of one of these lengths.
pub(super) fn is_hexadecimal(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

fn prompts(page: &mut Page<'_>, node: &Node) -> BTreeMap<String, LockedPrompt> {
    let mut prompts = BTreeMap::new();
    for (id, node) in page.faults.map(node, "prompts") {
        let fields = page.fields(node, &shortened(&id.value), PROMPT_KEYS);
        let version = super::manifest::version(page, &fields, "version");
        let hash = hexadecimal(page, &fields, "hash", &[64]);
        prompts.insert(id.value.clone(), LockedPrompt { version, hash });
    }
    prompts
}

/// Holds prompts against the lock that lies in the repository of the specification.
pub(super) fn check_prompts(page: &mut Page<'_>, bytes: &[u8], specification: &Specification) {
    let lock = read(page, bytes);
    let place = yaml::Place { line: 1, column: 1, ..Default::default() };
    for message in lock.changed_prompts(specification) {
        page.add(place, message, "another text under the same version", "Raise the prompt's version, and pin again.");
    }
}
