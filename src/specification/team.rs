//! `teams.yaml`: teams, their members, the review layers they may approve, certificates with dates.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Specification;
use super::page::{Fields, Keys, Page, Subject, has_mail_address, values};
use crate::diagnostic::shortened;
use crate::yaml::{Node, Placed};

pub(super) const KEYS: &Keys =
    &[("id", true), ("title", true), ("handles", true), ("approves", true), ("members", false)];
pub(super) const MEMBER_KEYS: &Keys = &[("handle", true), ("certified", false)];

/// One team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Handles on the forge: `@shop/platform`.
    pub handles: Vec<String>,
    /// Review layers that it may approve.
    pub approves: Vec<u8>,
    /// Its members, where the specification lists them.
    pub members: Vec<Member>,
    /// Line in `teams.yaml`, from 1.
    pub line: u32,
}

/// One member of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Handle on the forge: `@ines`.
    pub handle: String,
    /// Certificates and the day each was given, `YYYY-MM-DD`.
    pub certified: BTreeMap<String, String>,
}

/// Reads the file.
pub(super) fn read(page: &mut Page<'_>, root: &Node, into: &mut Specification) {
    for node in page.entries(root, "teams", Subject::Team) {
        let fields = page.fields(node, "team", KEYS);
        let id = page.id(&fields, Subject::Team);
        let title = page.line(&fields, "title");
        if has_mail_address(&title)
            && let Some(node) = fields.get("title")
        {
            refuse_mail(page, &Placed { value: title.clone(), place: node.place });
        }
        let handles = page.texts(&fields, "handles");
        let handles = handles.into_iter().filter(|handle| is_handle(page, handle)).collect();
        let approves = approves(page, &fields);
        let members = fields.get("members").map(|node| members(page, node)).unwrap_or_default();
        let Some(id) = id else { continue };
        let team =
            Team { id: id.value.clone(), title, handles: values(handles), approves, members, line: node.place.line };
        into.teams.entry(id.value).or_insert(team);
    }
}

fn approves(page: &mut Page<'_>, fields: &Fields<'_>) -> Vec<u8> {
    let Some(node) = fields.get("approves") else { return Vec::new() };
    let items = page.faults.list(node, "approves");
    let mut layers: Vec<u8> =
        items.iter().map(|item| page.layer_of(item, "approves")).filter(|layer| *layer > 0).collect();
    layers.sort_unstable();
    layers.dedup();
    layers
}

fn members(page: &mut Page<'_>, node: &Node) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    let mut seen = BTreeSet::new();
    for node in page.faults.list(node, "members") {
        let fields = page.fields(node, "members", MEMBER_KEYS);
        let handle = fields.get("handle").and_then(|node| {
            let handle = Placed { value: page.faults.text(node, "handle")?, place: node.place };
            is_handle(page, &handle).then_some(handle)
        });
        let mut certified = BTreeMap::new();
        let given = fields.get("certified").map(|node| page.faults.map(node, "certified")).unwrap_or_default();
        for (certificate, date) in given {
            if let Some(date) = page.date_of(date, &shortened(&certificate.value)) {
                certified.insert(certificate.value.clone(), date.value);
            }
        }
        let Some(handle) = handle else { continue };
        if !seen.insert(handle.value.clone()) {
            let title = format!("the member `{}` stands twice", shortened(&handle.value));
            page.add(handle.place, title, "again", "Keep one of the two.");
            continue;
        }
        members.push(Member { handle: handle.value, certified });
    }
    members
}

fn refuse_mail(page: &mut Page<'_>, text: &Placed<String>) {
    let title = format!("`{}` is a mail address", shortened(&text.value));
    let help = "A specification is widely readable: name people by their handle on the forge, `@name`.";
    page.add(text.place, title, "a mail address", help);
}

/// A handle is `@name` or `@organisation/team`, and never a mail address.
fn is_handle(page: &mut Page<'_>, handle: &Placed<String>) -> bool {
    let part = |part: &str| {
        let name = part.strip_suffix("[bot]").unwrap_or(part);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !name.is_empty() && name.bytes().all(plain)
    };
    if handle.value.strip_prefix('@').is_some_and(|name| name.len() <= 200 && name.split('/').all(part)) {
        return true;
    }
    if has_mail_address(&handle.value) {
        refuse_mail(page, handle);
    } else {
        let title = format!("`{}` is no handle", shortened(&handle.value));
        page.add(handle.place, title, "not a handle", "Write it as `@name` or `@organisation/team`.");
    }
    false
}
