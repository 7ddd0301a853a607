//! `decisions/NNNN-*.md`: decision records, MADR 4, tied both ways to the rules that enforce them.

use serde::Serialize;

use super::Specification;
use super::front_matter::{Markdown, cut};
use super::page::{Fields, Keys, Mention, Page, Subject, Tie, has_mail_address, value, values};
use crate::diagnostic::shortened;
use crate::yaml::{Placed, Value};

/// Those of MADR 4, and ours.
pub(super) const KEYS: &Keys = &[
    ("id", true),
    ("status", true),
    ("date", false),
    ("decision-makers", false),
    ("consulted", false),
    ("informed", false),
    ("enforced-by", false),
    ("not-enforced", false),
    ("supersedes", false),
];
pub(super) const STATUSES: &[&str] = &["proposed", "accepted", "rejected", "deprecated", "superseded"];

/// One decision record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Decision {
    /// `ADR-…`.
    pub id: String,
    /// The first heading.
    pub title: String,
    /// `proposed`, `accepted`, `rejected`, `deprecated` or `superseded`.
    pub status: String,
    /// `YYYY-MM-DD`, or empty.
    pub date: String,
    /// Teams that decided.
    pub decision_makers: Vec<String>,
    /// Rules that hold it up.
    pub enforced_by: Vec<String>,
    /// Why nothing enforces it, where nothing does.
    pub not_enforced: String,
    /// Decisions that it replaces.
    pub supersedes: Vec<String>,
    /// The file, relative to the root of the specification.
    pub file: String,
}

/// Folders whose numbered Markdown files are decision records where no specification says.
const FOLDERS: &[&str] = &["adr", "adrs", "decisions"];

/// Returns the number of the decision that a file is: in the specification's own folder of decisions where it has one in
/// this repository, else in a folder that is called so. `folder` is the specification's, or empty.
#[must_use]
pub fn record_number(path: &str, folder: &str) -> Option<u32> {
    let (inside, name) = path.rsplit_once('/')?;
    let own = match folder.is_empty() {
        false => inside.strip_prefix(folder).is_some_and(|rest| rest == "/decisions"),
        true => FOLDERS.contains(&inside.rsplit('/').next().unwrap_or(inside)),
    };
    let (digits, words) = name.split_once('-')?;
    let number = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if own && number && words.ends_with(".md") { digits.parse().ok() } else { None }
}

/// What a decision record says at a glance, whoever wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The first word of its status in lower case, or empty.
    pub status: String,
    /// Ids of the decisions that it replaces, sorted.
    pub supersedes: Vec<String>,
}

/// Reads what a record says, by its front matter, else by its section `Status`. What cannot be read is left out: the
/// record may be of a change that nobody has judged.
#[must_use]
pub fn glimpse(bytes: &[u8], file: &str) -> Glimpse {
    let first = |text: &str| text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let Ok(markdown) = cut(bytes, file) else {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines().map(str::trim).skip_while(|line| !line.eq_ignore_ascii_case("## status"));
        let status = lines.by_ref().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
        return Glimpse { status: first(status), supersedes: Vec::new() };
    };
    let text = |value: &Value| match value {
        Value::Plain(text) | Value::Quoted(text) => Some(text.clone()),
        _ => None,
    };
    let mut glimpse = Glimpse::default();
    let Value::Map(entries) = &markdown.front.value else { return glimpse };
    for (key, node) in entries {
        match (key.value.as_str(), &node.value) {
            ("status", value) => glimpse.status = first(&text(value).unwrap_or_default()),
            ("supersedes", Value::List(items)) => {
                glimpse.supersedes = items.iter().filter_map(|item| text(&item.value)).collect();
            }
            ("supersedes", value) => glimpse.supersedes = text(value).into_iter().collect(),
            _ => {}
        }
    }
    glimpse.supersedes.sort();
    glimpse.supersedes.dedup();
    glimpse
}

/// Reads one decision record.
pub(super) fn read(page: &mut Page<'_>, markdown: &Markdown<'_>, into: &mut Specification) {
    let fields = page.fields(&markdown.front, "", KEYS);
    let id = page.id(&fields, Subject::Decision);
    if let Some(id) = &id {
        check_file_name(page, id);
    }
    for key in ["consulted", "informed"] {
        for name in page.texts(&fields, key).into_iter().filter(|name| has_mail_address(&name.value)) {
            let title = format!("`{}` is a mail address", shortened(&name.value));
            page.add(name.place, title, "a mail address", "Name people by their handle on the forge, `@name`.");
        }
    }
    let decision = Decision {
        id: value(id.clone()),
        title: title(page, markdown),
        status: status(page, &fields),
        date: value(page.date(&fields, "date")),
        decision_makers: values(page.names(&fields, "decision-makers", Subject::Team)),
        enforced_by: enforced_by(page, &fields, id.as_ref()),
        not_enforced: page.text(&fields, "not-enforced"),
        supersedes: values(page.names(&fields, "supersedes", Subject::Decision)),
        file: page.file.to_owned(),
    };
    if decision.status == "accepted" {
        check_enforcer(page, &fields);
    }
    if let Some(id) = id {
        into.decisions.entry(id.value).or_insert(decision);
    }
}

/// `0003-layers.md` holds `ADR-0003`.
fn check_file_name(page: &mut Page<'_>, id: &Placed<String>) {
    let name = page.file.strip_prefix("decisions/").unwrap_or(page.file);
    let number = name.split('-').next().unwrap_or_default();
    if id.value.strip_prefix("ADR-") != Some(number) {
        let help = format!("Name the file `{}-<words>.md`.", id.value.trim_start_matches("ADR-"));
        page.add(id.place, format!("`{}` lies in a file of another number", id.value), "not the file's number", help);
    }
}

/// Returns the status; MADR writes `superseded by ADR-0005`.
fn status(page: &mut Page<'_>, fields: &Fields<'_>) -> String {
    let Some(node) = fields.get("status") else { return String::new() };
    if let Value::Plain(text) | Value::Quoted(text) = &node.value
        && let Some(by) = text.strip_prefix("superseded by ")
    {
        let id = Placed { value: by.trim().to_owned(), place: node.place };
        page.used.push(Mention { subject: Subject::Decision, id });
        return "superseded".to_owned();
    }
    page.one_of(fields, "status", STATUSES)
}

fn enforced_by(page: &mut Page<'_>, fields: &Fields<'_>, id: Option<&Placed<String>>) -> Vec<String> {
    let rules = page.names(fields, "enforced-by", Subject::Rule);
    let Some(id) = id else { return values(rules) };
    let written = fields.get("enforced-by").map(|node| &node.value);
    let all = match written {
        None => true,
        Some(Value::List(items)) => items.len() == rules.len(),
        Some(_) => false,
    };
    if !all {
        page.untied.insert(id.value.clone());
    }
    let ties = rules.iter().map(|rule| Tie {
        rule: rule.value.clone(),
        decision: id.value.clone(),
        said_by: Subject::Decision,
        place: rule.place,
    });
    page.ties.extend(ties);
    values(rules)
}

/// An accepted decision that nothing holds up is forgotten in a year.
fn check_enforcer(page: &mut Page<'_>, fields: &Fields<'_>) {
    let named = fields.get("enforced-by").is_some_and(|node| match &node.value {
        Value::List(items) => !items.is_empty(),
        // The shape is a fault of its own.
        _ => true,
    });
    let place = fields.get("status").map_or(fields.place, |node| node.place);
    match (named, fields.get("not-enforced")) {
        (false, None) => {
            let help = "Name the rules under `enforced-by`, or say under `not-enforced` why there is none.";
            page.add(place, "an accepted decision that nothing enforces", "who holds it up?", help);
        }
        (true, Some(node)) => {
            let title = "`not-enforced` stands beside `enforced-by`";
            page.add(node.place, title, "one of the two", "Remove it, or the rules.");
        }
        _ => {}
    }
}

/// Returns the first heading of the body.
fn title(page: &mut Page<'_>, markdown: &Markdown<'_>) -> String {
    let heading = markdown.body.lines().find_map(|line| line.strip_prefix("# "));
    if heading.is_none() {
        page.add(markdown.body_place, "the decision has no heading", "no `# ` line", "Write `# <the decision>`.");
    }
    heading.unwrap_or_default().trim().to_owned()
}
