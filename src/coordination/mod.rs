//! What this change and other open changes do to the same thing: symbol, contract, module, decision.
//!
//! Owns the comparison of two changes that are told as plain values, and the words for what both do. Must not read git, ask
//! a forge or parse code (`gate` does), and must not judge: the pack `coordination` says what deserves a word. What other
//! changes say was chosen by strangers, and is open today and merged tomorrow: nothing of it may ever gate.

mod compare;
mod decisions;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::untrusted::Untrusted;

pub use compare::{Part, PartFile, PartSymbol, changed_symbols, overlaps};
pub use decisions::{DecisionEdit, edit, is_record};

/// What two changes have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OverlapKind {
    /// A decision record that they treat differently.
    Decision,
    /// A contract whose source both change.
    Contract,
    /// A symbol that both change.
    Symbol,
    /// A module that both change.
    Module,
}

/// Another open change.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct OtherChange {
    /// Its number at the forge, or 0 for a branch.
    pub number: u64,
    /// How people call it: `#12`, `!12`, or the name of the branch.
    pub label: Untrusted,
    /// Its title; of a branch the first line of its newest commit.
    pub title: Untrusted,
    /// Its address at the forge of this change, or empty.
    pub url: Untrusted,
    /// Who opened it; of a branch the author of its newest commit.
    pub author: Untrusted,
    /// Full id of its head.
    pub head: String,
    /// Whether it is a draft.
    pub draft: bool,
}

/// One thing that this change and another open one have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Overlap {
    /// What kind of thing.
    pub kind: OverlapKind,
    /// The other change.
    pub change: OtherChange,
    /// Qualified name of the symbol, id of the contract or decision, name of the module (empty where a file has none).
    pub name: String,
    /// Files of this change in which it is, sorted; of a module those that both changes touch.
    pub paths: Vec<String>,
    /// Line of the symbol in the first of them, from 1 (1 where this change removes it), or 0.
    pub line: u32,
    /// What this change does to it: of a symbol `added`, `removed`, `signature` or `body`; of a decision a verb.
    pub ours: String,
    /// What the other does to it, in the same words, or `unknown` where only its paths are known.
    pub theirs: String,
    /// Both in one sentence.
    pub note: Untrusted,
}

/// Whether the other open changes were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// They were not asked for, or could not be listed.
    #[default]
    No,
    /// Some of them, or parts of some: `gaps` says what is missing.
    Partly,
    /// All of them, whole.
    Yes,
}

/// What is known of the other open changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Others {
    /// Whether they were looked at.
    pub known: Known,
    /// How many of them were compared with this change.
    pub compared: u32,
    /// What is missing, a sentence each, sorted.
    pub gaps: Vec<Untrusted>,
}

/// Returns the address of another change where it is the one that this change's own address tells; else nothing, for it
/// will be a link that people follow.
#[must_use]
pub fn beside(own: &str, number: u64, said: &str) -> String {
    let stem = own.trim_end_matches(|c: char| c.is_ascii_digit());
    let expected = format!("{stem}{number}");
    if stem.ends_with('/') && expected == said { expected } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn only_the_address_beside_our_own_is_kept() {
        let own = "https://github.com/acme/shop/pull/7";
        assert_eq!(beside(own, 12, "https://github.com/acme/shop/pull/12"), "https://github.com/acme/shop/pull/12");
        assert_eq!(beside(own, 12, "https://evil.example/acme/shop/pull/12"), "");
        assert_eq!(beside(own, 12, "https://github.com/acme/shop/pull/13"), "");
        assert_eq!(beside("", 12, "12"), "");
        assert_eq!(beside(own, 12, "javascript:alert(1)"), "");
    }
}
