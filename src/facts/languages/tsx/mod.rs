//! TypeScript with markup.

use super::Language;
use super::typescript::SHARED;

/// TSX.
pub(crate) static LANGUAGE: Language = Language {
    id: "tsx",
    extensions: &["tsx"],
    grammar: || tree_sitter_typescript::LANGUAGE_TSX.into(),
    identity: (400, 5_986),
    ..SHARED
};
