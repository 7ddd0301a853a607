//! Files that coding agents read before they write.
//!
//! Owns their names. What a sentence of prose permits cannot be told, and no such sentence binds the gate, so a change
//! is touched and never loosens.

use super::path::Folded;
use super::{Claim, GovernedFile, Judgement, Places, Row};

/// The row of this kind.
pub(super) const KIND: Row = Row { name: "agent-instructions", claim: Claim::Names, covers, judge };

const NAMES: &[&str] =
    &[".aider.conf.yml", ".cursorrules", ".windsurfrules", "agents.md", "claude.local.md", "claude.md", "gemini.md"];
const FOLDERS: &[&str] = &[".claude", ".cursor/rules", ".github/instructions", ".junie", ".kiro", ".windsurf/rules"];

fn covers(path: &Folded, _: &Places) -> bool {
    NAMES.contains(&path.name())
        || path.as_str().split('/').any(|part| part.starts_with(".clinerules"))
        || path.as_str() == ".github/copilot-instructions.md"
        || path.as_str().ends_with("/.github/copilot-instructions.md")
        || FOLDERS.iter().any(|folder| path.within_any(folder))
}

fn judge(file: &GovernedFile<'_>) -> Judgement {
    Judgement::harmless(match (file.base, file.head) {
        (None, _) => "instructions for coding agents are added: what they are told to do shapes later changes",
        (_, None) => "instructions for coding agents are removed: what they were told no longer reaches them",
        _ => "the instructions for coding agents change: what they are told to do shapes later changes",
    })
}
