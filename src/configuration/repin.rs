//! `.portcullis.yaml` as `spec pin` edits it: the address that is pinned, and the new commit in the place of the old.
//!
//! Owns an edit that leaves every other byte as it is. It reads less strictly than the gate, for what it replaces may be
//! the tag that the gate refuses.

use super::FILE_NAME;
use crate::yaml::{Node, Placed, Value, tree};

/// The pin as written.
struct Pin {
    address: Node,
    key: Placed<String>,
    rev: Option<Node>,
}

fn pin(text: &str) -> Option<Pin> {
    let root = tree(text.as_bytes(), FILE_NAME).ok()?;
    let Value::Map(entries) = root.value else { return None };
    let (_, spec) = entries.into_iter().find(|(key, _)| key.value == "spec")?;
    let Value::Map(entries) = spec.value else { return None };
    let rev = entries.iter().find(|(key, _)| key.value == "rev").map(|(_, rev)| rev.clone());
    let (key, address) = entries.into_iter().find(|(key, _)| key.value == "git")?;
    Some(Pin { address, key, rev })
}

/// Returns the address of the repository that a configuration pins, or none when it pins none.
#[must_use]
pub fn pinned_address(text: &str) -> Option<String> {
    match pin(text)?.address.value {
        Value::Plain(address) | Value::Quoted(address) if super::intent::is_address(&address) => Some(address),
        _ => None,
    }
}

/// Returns the configuration with `rev` set to a full commit id, or none when it pins no repository.
#[must_use]
pub fn repinned(text: &str, commit: &str) -> Option<String> {
    let pin = pin(text)?;
    let commit = if crate::yaml::is_ambiguous(commit) { format!("\"{commit}\"") } else { commit.to_owned() };
    let (start, end, new) = match pin.rev {
        Some(rev) => (rev.place.offset, rev.place.offset + rev.place.length, commit),
        None => {
            let end = pin.address.place.offset + pin.address.place.length;
            let before = text.get(..pin.key.place.offset)?;
            let line = before.rfind('\n').map_or(before, |newline| before.get(newline + 1..).unwrap_or_default());
            // In a block the key stands alone behind blanks; in braces something else is before it.
            let new = if line.chars().all(|c| c == ' ') {
                format!("\n{line}rev: {commit}")
            } else {
                format!(", rev: {commit}")
            };
            (end, end, new)
        }
    };
    Some(format!("{}{new}{}", text.get(..start)?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::{pinned_address, repinned};

    #[test]
    fn only_the_commit_changes() {
        let id = "4f1c0de2a7b95d8e3c6f0a1b2d3e4f5061728394";
        let text = "version: 1 # one\nspec: {git: \"file:///s\", rev: v1.0.0} # pinned\nsystem: a\n";
        assert_eq!(repinned(text, id).unwrap(), text.replace("v1.0.0", id));
        let block = "spec:\n  git: file:///s\nversion: 1\n";
        assert_eq!(repinned(block, id).unwrap(), format!("spec:\n  git: file:///s\n  rev: {id}\nversion: 1\n"));
        let flow = "version: 1\nspec: {git: file:///s}\n";
        assert_eq!(repinned(flow, id).unwrap(), format!("version: 1\nspec: {{git: file:///s, rev: {id}}}\n"));
        let digits = "1".repeat(40);
        assert!(repinned(flow, &digits).unwrap().contains(&format!("\"{digits}\"")));
    }

    #[test]
    fn a_configuration_without_a_pin_has_no_address() {
        assert_eq!(pinned_address("version: 1\nspec: {git: file:///s, rev: v1}\n").as_deref(), Some("file:///s"));
        assert_eq!(pinned_address("version: 1\nspec: {path: a}\n"), None);
        assert_eq!(pinned_address("version: 1\nspec: {git: \"ext::sh\"}\n"), None);
        assert_eq!(repinned("version: 1\n", "a"), None);
    }
}
