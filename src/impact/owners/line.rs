//! One line of CODEOWNERS.
//!
//! Owns words, comments, owners and section headings. Must not know what a pattern matches.

use super::Dialect;

/// Longest line that is read, in bytes.
const LONGEST_LINE: usize = 20_000;
/// Most owners of one line; GitHub and GitLab allow fewer.
const MOST_OWNERS: usize = 500;

/// A pattern and whom it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The pattern as written, still escaped, without GitLab's `!`.
    pub(super) pattern: String,
    /// The owners; none means that the path has none.
    pub(super) owners: Vec<String>,
    /// The section in lower case; empty before the first heading.
    pub(super) section: String,
    /// Takes the path out of its section.
    pub(super) excludes: bool,
}

/// The heading under which a line stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// In lower case: headings that differ by case are one section.
    name: String,
    /// Whom a line without owners names.
    owners: Vec<String>,
}

/// What a line is.
pub(super) enum Line {
    /// Blank, or a comment.
    Nothing,
    /// A heading.
    Section(Section),
    /// A pattern; true when a part of the line was left out.
    Entry(Entry, bool),
    /// Not understood; the line plays no part.
    Fault,
}

/// Says whether only GitLab reads the line: a heading, an exclusion, a role.
pub(super) fn is_gitlab(text: &str) -> bool {
    let text = text.trim();
    let mut words = text.split_whitespace();
    heading(text).is_some()
        || (text.starts_with('!') && text.len() > 1)
        || words.next().is_some_and(|first| !first.starts_with('#')) && words.any(|word| word.starts_with("@@"))
}

/// Reads one line that stands under `section`.
pub(super) fn read(text: &str, dialect: Dialect, section: &Section) -> Line {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Line::Nothing;
    }
    if text.len() > LONGEST_LINE {
        return Line::Fault;
    }
    if dialect == Dialect::GitLab {
        if let Some((name, rest)) = heading(text) {
            let (owners, _) = owners(rest);
            return Line::Section(Section { name: name.to_lowercase(), owners });
        }
        if text.starts_with('[') || text.starts_with("^[") {
            return Line::Fault;
        }
    }
    entry(text, dialect, section)
}

fn entry(text: &str, dialect: Dialect, section: &Section) -> Line {
    let gitlab = dialect == Dialect::GitLab;
    let (pattern, rest) = first_word(text);
    let (excludes, pattern) = match pattern.strip_prefix('!') {
        Some(pattern) if gitlab => (true, pattern),
        Some(_) => return Line::Fault,
        None => (false, pattern),
    };
    if pattern.is_empty() {
        return Line::Fault;
    }
    let (mut owners, faulty) = owners(rest);
    // GitHub drops a line with one bad owner; GitLab drops the bad owner.
    if faulty && (!gitlab || owners.is_empty()) {
        return Line::Fault;
    }
    if owners.is_empty() && !excludes {
        owners.clone_from(&section.owners);
    }
    Line::Entry(Entry { pattern: pattern.to_owned(), owners, section: section.name.clone(), excludes }, faulty)
}

/// Splits after the first word; a white space behind a backslash belongs to the word.
fn first_word(text: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && !escaped {
            return text.split_at(at);
        }
        escaped = c == '\\' && !escaped;
    }
    (text, "")
}

/// Reads owners up to a comment; true when a word is none.
fn owners(text: &str) -> (Vec<String>, bool) {
    let words = text.split_whitespace().take_while(|word| !word.starts_with('#'));
    let (good, bad): (Vec<&str>, Vec<&str>) = words.take(MOST_OWNERS).partition(|word| is_owner(word));
    (good.into_iter().map(str::to_owned).collect(), !bad.is_empty())
}

/// `@user`, `@org/team`, `@group/sub/team`, `@@role`, or an e-mail address.
fn is_owner(word: &str) -> bool {
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+'))
    };
    if let Some(name) = word.strip_prefix('@') {
        let name = name.strip_prefix('@').unwrap_or(name);
        return name.split('/').all(plain);
    }
    word.split_once('@').is_some_and(|(who, domain)| !who.is_empty() && plain(domain))
}

/// Reads `[Name]`, `^[Name]`, `[Name][2]`; returns the name and what follows.
fn heading(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('^').unwrap_or(text);
    let (name, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = match rest.strip_prefix('[') {
        Some(count) => {
            let (count, rest) = count.split_once(']')?;
            count.parse::<u32>().ok()?;
            rest
        }
        None => rest,
    };
    let separate = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let owners_follow = rest.split_whitespace().all(|word| word.contains('@') || word.starts_with('#'))
        || rest.trim_start().contains('#');
    (separate && owners_follow && !name.trim().is_empty()).then(|| (name.trim(), rest))
}
