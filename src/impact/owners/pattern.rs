//! One pattern of CODEOWNERS as globs.
//!
//! Owns anchoring, folders and escapes of both dialects. globset's automata never backtrack, whatever the pattern.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::Dialect;

/// Longest pattern that is read, in bytes.
const LONGEST: usize = 1_000;

/// Returns the globs that together match what the pattern covers, or nothing when it is malformed.
pub(super) fn globs(pattern: &str, dialect: Dialect) -> Option<Vec<Glob>> {
    if pattern.len() > LONGEST || pattern.contains('\0') {
        return None;
    }
    let anchored = match dialect {
        Dialect::GitHub => pattern.trim_end_matches('/').contains('/'),
        Dialect::GitLab => pattern.starts_with('/'),
    };
    let folder = pattern.ends_with('/');
    let body = translated(pattern.trim_matches('/'), dialect)?;
    let start = if anchored || body.is_empty() || body.starts_with("**/") { "" } else { "**/" };
    let texts = match (body.as_str(), folder) {
        ("", true) => vec!["**".to_owned()],
        ("", false) => return None,
        (_, true) => vec![format!("{start}{body}/**")],
        // GitHub reads `docs/*` as the files directly inside; any other name may be a folder.
        (_, false) if dialect == Dialect::GitLab || body.ends_with("/*") || (body == "*" && anchored) => {
            vec![format!("{start}{body}")]
        }
        _ => vec![format!("{start}{body}"), format!("{start}{body}/**")],
    };
    texts.iter().map(|text| glob(text).ok()).collect()
}

/// Compiles globs into one automaton.
///
/// # Errors
/// When it grows too large.
pub(super) fn set<'a>(globs: impl IntoIterator<Item = &'a Glob>) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob.clone());
    }
    builder.build()
}

fn glob(text: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build()
}

/// Writes a pattern in globset's dialect: braces are text, stars that share a component are one star.
fn translated(pattern: &str, dialect: Dialect) -> Option<String> {
    let mut text = String::with_capacity(pattern.len() + 8);
    let parts: Vec<&str> = pattern.split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push('/');
        }
        if *part == "**" {
            text.push_str("**");
        } else {
            component(part, dialect, &mut text)?;
        }
    }
    Some(text)
}

fn component(part: &str, dialect: Dialect, into: &mut String) -> Option<()> {
    let mut characters = part.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                into.push('\\');
                into.push(characters.next()?);
            }
            '*' => {
                while characters.next_if_eq(&'*').is_some() {}
                into.push('*');
            }
            '{' | '}' => into.extend(['\\', c]),
            // Ranges do not work on GitHub; whoever wrote one meant something that nobody reads.
            '[' | ']' if dialect == Dialect::GitHub => return None,
            other => into.push(other),
        }
    }
    Some(())
}
