//! The keys `system`, `spec` and `baseline`: which written intent holds here, and where it is.
//!
//! Owns their types and their reading. Must not open the specification: whether a system exists is said later.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read::checked_path;
use crate::diagnostic::shortened;
use crate::yaml::decode::Faults;
use crate::yaml::{Node, Placed, Value};

pub(super) const SPEC_KEYS: &[&str] = &["git", "max-age-days", "path", "rev", "vendor"];
/// Longest address in bytes.
const LONGEST_URL: usize = 2_000;

/// Where the specification is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecificationPlace {
    /// Where it comes from.
    pub source: SpecificationSource,
    /// Days after which a pin counts as stale; none means never.
    pub max_age_days: Option<u32>,
}

/// Where a specification comes from; all of them are read on the trusted side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpecificationSource {
    /// A folder of this repository, maintained in it; empty is its root.
    Path(String),
    /// Another repository, pinned by the full id of a commit.
    Git {
        /// Its address.
        url: String,
        /// The full commit id, in lower case.
        rev: String,
    },
    /// A folder of this repository that holds a copy of another one; its digest must equal the lock.
    Vendor(String),
}

/// Reads `system`: the folder of each system by its id; the root of the repository is empty.
pub(super) fn systems(faults: &mut Faults<'_>, value: &Node) -> BTreeMap<String, String> {
    let mut systems: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let Value::Map(entries) = &value.value else {
        if let Value::List(_) = &value.value {
            let help = "Name the folder of each: `system: {orders: services/orders, web: web}`.";
            faults.add(value.place, "`system` must be one name, or a mapping of names to folders", "a list", help);
        } else if let Some(id) = faults.text(value, "system") {
            systems.insert(id, String::new());
        }
        return systems;
    };
    if entries.is_empty() {
        faults.add(value.place, "`system` names no system", "nothing here", "Write `system: NAME`, or remove the key.");
    }
    for (id, node) in entries {
        let Some(folder) = folder(faults, node, &shortened(&id.value)) else { continue };
        if let Some(other) = taken.insert(folder.clone(), &id.value) {
            let title = format!("the systems `{}` and `{}` have one folder", shortened(other), shortened(&id.value));
            faults.add(node.place, title, "the same folder", "Give each system a folder of its own.");
            continue;
        }
        systems.insert(id.value.clone(), folder);
    }
    systems
}

/// Returns a folder; `.` is the root.
fn folder(faults: &mut Faults<'_>, node: &Node, what: &str) -> Option<String> {
    let path = checked_path(faults, node, what)?;
    Some(if path == "." { String::new() } else { path })
}

/// Reads `spec`.
pub(super) fn specification(faults: &mut Faults<'_>, value: &Node) -> Option<SpecificationPlace> {
    let entries = faults.map(value, "spec");
    let get = |name: &str| entries.iter().find(|(key, _)| key.value == name);
    for (key, _) in entries.iter().filter(|(key, _)| !SPEC_KEYS.contains(&key.value.as_str())) {
        faults.unknown_key(key, SPEC_KEYS, "spec");
    }
    let named: Vec<&(Placed<String>, Node)> = ["path", "git", "vendor"].iter().filter_map(|name| get(name)).collect();
    let (key, node) = match named.as_slice() {
        [one] => *one,
        [] => {
            if matches!(&value.value, Value::Map(_)) {
                let help = "Write one of `path: FOLDER`, `git: ADDRESS` with `rev: COMMIT`, `vendor: FOLDER`.";
                faults.add(value.place, "`spec` says nowhere where the specification is", "no source", help);
            }
            return None;
        }
        [first, second, ..] => {
            let title = format!("`spec` holds both `{}` and `{}`", first.0.value, second.0.value);
            faults.add(second.0.place, title, "exactly one wanted", "Keep one of them.");
            return None;
        }
    };
    let pinned = key.value == "git";
    let rev = get("rev").map(|(key, node)| {
        if !pinned {
            faults.add(key.place, "`rev` is for `git` only", "means nothing here", "Remove it.");
        }
        (node, revision(faults, node))
    });
    let max_age_days = get("max-age-days").and_then(|(age, node)| {
        if key.value == "path" {
            let title = "`max-age-days` is for a pinned specification only";
            faults.add(age.place, title, "means nothing here", "Remove it: `path` is as fresh as this repository.");
        }
        faults.positive(node, "max-age-days").and_then(|days| u32::try_from(days).ok())
    });
    let source = match key.value.as_str() {
        "path" => SpecificationSource::Path(folder(faults, node, "path")?),
        "vendor" => SpecificationSource::Vendor(folder(faults, node, "vendor")?),
        _ => {
            let url = address(faults, node);
            if rev.is_none() {
                let help = "Run `portcullis spec pin`: it finds the commit and writes it here.";
                faults.add(key.place, "`git` needs the key `rev`", "no commit", help);
            }
            SpecificationSource::Git { url: url?, rev: rev?.1? }
        }
    };
    Some(SpecificationPlace { source, max_age_days })
}

/// Returns a full commit id. A tag or branch can be moved by others after it was reviewed.
fn revision(faults: &mut Faults<'_>, node: &Node) -> Option<String> {
    let text = faults.text(node, "rev")?;
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    if hexadecimal && matches!(text.len(), 40 | 64) {
        return Some(text);
    }
    let title = format!("`{}` is no full commit id", shortened(&text));
    let help = format!(
        "Tags and branches can be moved. Run `portcullis spec pin {}`: it finds the commit and writes it here.",
        shortened(&text)
    );
    faults.add(node.place, title, "a commit id of 40 or 64 digits wanted", help);
    None
}

/// Returns an address of a kind that git reaches without running anything that the address names.
fn address(faults: &mut Faults<'_>, node: &Node) -> Option<String> {
    let text = faults.text(node, "git")?;
    if is_address(&text) {
        return Some(text);
    }
    let title = format!("`{}` is no address that a specification is fetched from", shortened(&text));
    let help = "Write `https://...`, `ssh://...`, `file:///...` or `user@host:path`.";
    faults.add(node.place, title, "not such an address", help);
    None
}

pub(super) fn is_address(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= LONGEST_URL;
    let host = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    let known = ["https://", "ssh://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(host))
        || text.starts_with("file:///");
    // `user@host:path`; a host that starts with a dash would be an option to ssh, `x::y` a helper program.
    let short = text.split_once('@').is_some_and(|(user, rest)| {
        let name = !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
        name && host(rest)
            && rest.split_once(':').is_some_and(|(_, path)| !path.is_empty() && !path.starts_with([':', '-']))
    });
    plain && (known || short)
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn only_addresses_that_run_nothing_are_taken() {
        for address in [
            "https://git.shop.example/platform/specs",
            "ssh://git@git.shop.example:22/platform/specs",
            "git@git.shop.example:platform/specs.git",
            "file:///srv/specs.git",
        ] {
            assert!(is_address(address), "{address}");
        }
        for address in [
            "ext::sh -c id",
            "ext::id",
            "-uid",
            "ssh://-oProxyCommand=id/x",
            "git@-oProxyCommand=id:x",
            "git@host::x",
            "http://git.shop.example/specs",
            "git://git.shop.example/specs",
            "../specs",
            "/srv/specs",
            "https://",
            "",
        ] {
            assert!(!is_address(address), "{address}");
        }
    }
}
