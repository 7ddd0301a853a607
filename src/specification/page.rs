//! One file of the specification while it is read: its faults, the ids that it gives, the names that it uses.
//!
//! Owns the checks that all kinds of files share: keys, ids, dates, globs, handles. Must not know what any file holds.

use std::collections::BTreeSet;

use super::hosted;
use crate::clock::is_date;
use crate::diagnostic::{UsageError, shortened};
use crate::yaml::decode::{Faults, Words};
use crate::yaml::{Node, Place, Placed, Value, YamlFault, nearest};

/// Longest id in bytes.
const LONGEST_ID: usize = 64;
/// Longest text on one line, in bytes.
const LONGEST_LINE: usize = 300;
/// Longest glob in bytes.
const LONGEST_GLOB: usize = 500;
/// Most entries of one list.
const MOST_ITEMS: usize = 1_000;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Team,
    System,
    Rule,
    Contract,
    Agent,
    Prompt,
    Decision,
    Waiver,
}

impl Subject {
    /// Returns its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::System => "system",
            Self::Rule => "rule",
            Self::Contract => "contract",
            Self::Agent => "agent",
            Self::Prompt => "prompt",
            Self::Decision => "decision",
            Self::Waiver => "waiver",
        }
    }

    /// Returns what its ids start with, or nothing for plain names in lower case.
    fn prefix(self, file: &str) -> &'static str {
        match self {
            Self::Team | Self::System | Self::Agent => "",
            Self::Rule if file.starts_with("prohibited/") => "PRO-",
            Self::Rule => "INV-",
            Self::Contract => "CON-",
            Self::Prompt => "PROMPT-",
            Self::Decision => "ADR-",
            Self::Waiver => "WVR-",
        }
    }
}

/// An id of one kind, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) subject: Subject,
    pub(super) id: Placed<String>,
}

/// The keys of a mapping; those with `true` must be there.
pub(super) type Keys = [(&'static str, bool)];

/// The entries of a mapping whose keys were checked.
#[derive(Clone, Copy)]
pub(super) struct Fields<'n> {
    entries: &'n [(Placed<String>, Node)],
    /// Where the mapping starts.
    pub(super) place: Place,
}

impl<'n> Fields<'n> {
    /// Returns the value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

/// One file while it is read.
pub(super) struct Page<'a> {
    /// Its path, from the root of the specification.
    pub(super) file: &'a str,
    pub(super) faults: Faults<'a>,
    /// What is wrong with an exception, so that it does not work; the rest of the specification stands.
    remarks: Faults<'a>,
    /// Ids that the file gives, in its order.
    pub(super) given: Vec<Mention>,
    /// Ids that the file refers to, in its order.
    pub(super) used: Vec<Mention>,
    /// Kinds of which this file may have given more ids than could be read.
    pub(super) unread: BTreeSet<Subject>,
    /// Rules and decisions that name each other, as this file says it.
    pub(super) ties: Vec<Tie>,
    /// Systems that a rule gives a status and that its scope does not hold.
    pub(super) outside: Vec<Placed<String>>,
    /// Rules and decisions of this file whose ties could not be read.
    pub(super) untied: BTreeSet<String>,
}

/// A rule and a decision that belong together, as one of them says it at `place`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) rule: String,
    pub(super) decision: String,
    /// The one that says it.
    pub(super) said_by: Subject,
    pub(super) place: Place,
}

impl<'a> Page<'a> {
    /// Starts with nothing found; `shown` is the name in faults.
    pub(super) fn new(file: &'a str, shown: &'a str, bytes: &[u8]) -> Self {
        let faults = Faults::of(bytes, shown);
        Self {
            file,
            faults,
            remarks: Faults::of(bytes, shown),
            given: Vec::new(),
            used: Vec::new(),
            unread: BTreeSet::new(),
            ties: Vec::new(),
            outside: Vec::new(),
            untied: BTreeSet::new(),
        }
    }

    /// Records the fault that stopped the reading of the file, which would have given ids of these kinds.
    pub(super) fn stop(&mut self, mut fault: YamlFault, subjects: &[Subject]) {
        if fault.message == "the file is empty" {
            "Fill it, or delete it.".clone_into(&mut fault.help);
        }
        self.faults.stop(fault);
        self.unread.extend(subjects);
    }

    /// Records what makes one entry void and nothing else.
    pub(super) fn remark(&mut self, place: Place, title: impl Into<String>, label: &str, help: impl Into<String>) {
        self.remarks.add(place, title, label, help);
    }

    /// Takes the remarks, in the order of the file.
    pub(super) fn take_remarks(&mut self) -> Vec<UsageError> {
        let none = Faults::of(b"", self.file);
        std::mem::replace(&mut self.remarks, none).into_errors()
    }

    /// Returns the faults in the order of the file.
    pub(super) fn into_errors(self) -> Vec<UsageError> {
        self.faults.into_errors()
    }

    /// Records a fault.
    pub(super) fn add(&mut self, place: Place, title: impl Into<String>, label: &str, help: impl Into<String>) {
        self.faults.add(place, title, label, help);
    }

    /// Returns the entries of a mapping after checking which keys it has; `what` is empty for the whole file.
    ///
    /// A key that is missing because it was misspelt is one fault.
    pub(super) fn fields<'n>(&mut self, node: &'n Node, what: &str, keys: &Keys) -> Fields<'n> {
        let Value::Map(entries) = &node.value else {
            let named = if what.is_empty() { self.file } else { what };
            self.faults.map(node, named);
            return Fields { entries: &[], place: node.place };
        };
        let known: Vec<&'static str> = keys.iter().map(|(key, _)| *key).collect();
        let mut misspelt = Vec::new();
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&key.value.as_str())) {
            self.faults.unknown_key(key, &known, what);
            misspelt.extend(nearest(&key.value, known.iter().copied()));
        }
        let fields = Fields { entries, place: node.place };
        for (key, _) in keys.iter().filter(|(key, required)| *required && fields.get(key).is_none()) {
            if misspelt.contains(key) {
                continue;
            }
            let place = entries.first().map_or(node.place, |(first, _)| first.place);
            let inside = if what.is_empty() { String::new() } else { format!(" in `{what}`") };
            self.add(place, format!("the key `{key}` is missing{inside}"), "in this entry", format!("Add `{key}:`."));
        }
        fields
    }

    /// Returns the list under the only key of a file that gives ids of one kind.
    pub(super) fn entries<'n>(&mut self, root: &'n Node, key: &'static str, subject: Subject) -> &'n [Node] {
        let fields = self.fields(root, "", &[(key, true)]);
        match fields.get(key).map(|node| (node, &node.value)) {
            Some((_, Value::List(items))) => items,
            other => {
                self.unread.insert(subject);
                if let Some((node, _)) = other {
                    self.faults.list(node, key);
                }
                &[]
            }
        }
    }

    /// Returns text, or nothing when it is missing or faulty.
    pub(super) fn text(&mut self, fields: &Fields<'_>, key: &str) -> String {
        fields.get(key).and_then(|node| self.faults.text(node, key)).unwrap_or_default()
    }

    /// Returns text that must stand on one line.
    pub(super) fn line(&mut self, fields: &Fields<'_>, key: &str) -> String {
        let text = self.text(fields, key);
        if (text.contains('\n') || text.len() > LONGEST_LINE)
            && let Some(node) = fields.get(key)
        {
            let title = format!("`{key}` must be one line of at most {LONGEST_LINE} bytes");
            self.add(node.place, title, "too long", "Say the rest in `rationale` or a decision.");
        }
        text
    }

    /// Returns the texts of a list, without those that stand twice.
    pub(super) fn texts(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Placed<String>> {
        fields.get(key).map(|node| self.texts_of(node, key)).unwrap_or_default()
    }

    /// Returns the texts of a list node, without those that stand twice.
    pub(super) fn texts_of(&mut self, node: &Node, what: &str) -> Vec<Placed<String>> {
        let mut seen = BTreeSet::new();
        let mut texts = self.faults.texts(node, what);
        if texts.len() > MOST_ITEMS {
            self.add(node.place, format!("`{what}` holds more than {MOST_ITEMS} entries"), "too many", "");
            texts.truncate(MOST_ITEMS);
        }
        texts.retain(|text| {
            let fresh = seen.insert(text.value.clone());
            if !fresh {
                let title = format!("`{}` stands twice in `{what}`", shortened(&text.value));
                self.faults.add(text.place, title, "again", "Keep one of the two.");
            }
            fresh
        });
        texts
    }

    /// Returns the meaning of one of a few words.
    pub(super) fn word<T: Copy>(&mut self, fields: &Fields<'_>, key: &str, words: &Words<T>) -> Option<T> {
        self.faults.word(fields.get(key)?, key, words)
    }

    /// Returns one of a few words as it is written.
    pub(super) fn one_of(&mut self, fields: &Fields<'_>, key: &str, words: &[&'static str]) -> String {
        let words: Vec<(&'static str, &'static str)> = words.iter().map(|word| (*word, *word)).collect();
        self.word(fields, key, &words).unwrap_or_default().to_owned()
    }

    /// Returns a whole number from 1 to `most`.
    pub(super) fn number(&mut self, fields: &Fields<'_>, key: &str, most: u32) -> Option<u32> {
        let node = fields.get(key)?;
        let number = self.faults.positive(node, key)?;
        match u32::try_from(number) {
            Ok(number) if number <= most => Some(number),
            _ => {
                self.add(node.place, format!("`{key}` must be at most {most}"), "too large", "");
                None
            }
        }
    }

    /// Returns a review layer, or 0 when it is missing or faulty.
    pub(super) fn layer(&mut self, fields: &Fields<'_>, key: &str) -> u8 {
        fields.get(key).map_or(0, |node| self.layer_of(node, key))
    }

    /// Returns the review layer of a node, or 0 when it is faulty.
    pub(super) fn layer_of(&mut self, node: &Node, what: &str) -> u8 {
        match &node.value {
            Value::Plain(digit) if matches!(digit.as_str(), "1" | "2" | "3") => digit.parse().unwrap_or_default(),
            _ => {
                let help = "Write 1 (automated), 2 (team) or 3 (architecture).";
                self.add(node.place, format!("`{what}` must be a review layer, 1 to 3"), "no review layer", help);
                0
            }
        }
    }

    /// Returns a day of the calendar.
    pub(super) fn date(&mut self, fields: &Fields<'_>, key: &str) -> Option<Placed<String>> {
        fields.get(key).and_then(|node| self.date_of(node, key))
    }

    /// Returns the day of the calendar that a node holds.
    pub(super) fn date_of(&mut self, node: &Node, what: &str) -> Option<Placed<String>> {
        let date = self.faults.text(node, what)?;
        if is_date(&date) {
            return Some(Placed { value: date, place: node.place });
        }
        let title = format!("`{}` is no day of the calendar", shortened(&date));
        self.add(node.place, title, "no such day", "Write it as YYYY-MM-DD.");
        None
    }

    /// Returns the globs of a list, each checked.
    pub(super) fn globs(&mut self, fields: &Fields<'_>, key: &str) -> Vec<String> {
        let texts = self.texts(fields, key);
        texts.into_iter().filter(|glob| self.is_glob(glob)).map(|glob| glob.value).collect()
    }

    /// Checks one glob over paths.
    pub(super) fn is_glob(&mut self, glob: &Placed<String>) -> bool {
        let text = glob.value.as_str();
        let shown = shortened(text);
        let fault = if text.len() > LONGEST_GLOB {
            "is too long"
        } else if text.starts_with(['/', '~']) || text.as_bytes().get(1) == Some(&b':') {
            "is not relative"
        } else if text.split(['/', '\\']).any(|part| part == "..") {
            "leaves the repository"
        } else if text.starts_with("./")
            || text.contains("//")
            || text.contains("/./")
            || text.ends_with('/')
            || text.trim() != text
        {
            "matches no file"
        } else {
            let Err(error) = hosted::glob(text) else { return true };
            let help = "`*` stays within a folder, `**/` crosses folders, `{a,b}` is either.";
            self.add(glob.place, format!("`{shown}` is no glob: {}", error.kind()), "not a glob", help);
            return false;
        };
        let help = "Write it from the root, with `/` between folders, such as `src/**`.";
        self.add(glob.place, format!("the glob `{shown}` {fault}"), fault, help);
        false
    }

    /// Returns the id that an entry gives itself.
    pub(super) fn id(&mut self, fields: &Fields<'_>, subject: Subject) -> Option<Placed<String>> {
        let id = fields.get("id").and_then(|node| {
            let id = Placed { value: self.faults.text(node, "id")?, place: node.place };
            self.is_id(&id, subject).then_some(id)
        });
        match &id {
            Some(id) => self.given.push(Mention { subject, id: id.clone() }),
            // Who names the entry that this id was meant for is not to blame.
            None => drop(self.unread.insert(subject)),
        }
        id
    }

    fn is_id(&mut self, id: &Placed<String>, subject: Subject) -> bool {
        let prefix = subject.prefix(self.file);
        let (fine, help) = if prefix.is_empty() {
            (is_plain_name(&id.value), "Lower case letters, digits and `-`, such as `orders-api`.".to_owned())
        } else {
            let rest = id.value.strip_prefix(prefix).unwrap_or_default();
            let part =
                |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            let digits = matches!(subject, Subject::Decision | Subject::Waiver);
            let fine = rest.split('-').all(part) && (!digits || rest.bytes().all(|byte| byte.is_ascii_digit()));
            let sample = match subject {
                Subject::Decision | Subject::Waiver => "0001",
                Subject::Rule => "AREA-001",
                _ => "AREA-NAME",
            };
            (fine, format!("Write it as `{prefix}{sample}`: capitals, digits and `-`."))
        };
        let fine = fine && id.value.len() <= LONGEST_ID;
        if !fine {
            let title = format!("`{}` is no id of a {}", shortened(&id.value), subject.name());
            self.add(id.place, title, "not such an id", help);
        }
        fine
    }

    /// Returns a name that must lead somewhere.
    pub(super) fn name(&mut self, fields: &Fields<'_>, key: &str, subject: Subject) -> Option<Placed<String>> {
        let node = fields.get(key)?;
        let id = Placed { value: self.faults.text(node, key)?, place: node.place };
        self.used.push(Mention { subject, id: id.clone() });
        Some(id)
    }

    /// Returns names that must all lead somewhere.
    pub(super) fn names(&mut self, fields: &Fields<'_>, key: &str, subject: Subject) -> Vec<Placed<String>> {
        let names = self.texts(fields, key);
        self.used.extend(names.iter().map(|id| Mention { subject, id: id.clone() }));
        names
    }
}

/// Says whether a text may name a team, a system, a module or an agent.
pub(super) fn is_plain_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(plain) && text.len() <= LONGEST_ID
}

/// Says whether a text holds what looks like a mail address.
pub(super) fn has_mail_address(text: &str) -> bool {
    let at = |(index, _): (usize, &str)| {
        let before = text.get(..index).and_then(|before| before.chars().next_back());
        let after = text.get(index + 1..).and_then(|after| after.chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    };
    text.match_indices('@').any(at)
}

/// Drops the places of texts.
pub(super) fn values(texts: Vec<Placed<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// Drops the place of a text; nothing becomes empty.
pub(super) fn value(text: Option<Placed<String>>) -> String {
    text.map(|text| text.value).unwrap_or_default()
}
