//! JavaScript, with or without markup.

use super::Language;
use super::typescript::{SHARED, kinds};

/// JavaScript.
pub(crate) static LANGUAGE: Language = Language {
    id: "javascript",
    aliases: &["js", "jsx"],
    extensions: &["js", "jsx", "mjs", "cjs", "es6"],
    file_names: &["Jakefile"],
    interpreters: &["node", "nodejs", "bun"],
    grammar: || tree_sitter_javascript::LANGUAGE.into(),
    identity: (265, 1_870),
    definitions: kinds::PLAIN,
    imports: kinds::PLAIN_IMPORTS,
    dressings: kinds::PLAIN_DRESSINGS,
    ..SHARED
};
