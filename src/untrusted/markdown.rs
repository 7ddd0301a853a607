//! Text for GitHub and GitLab Markdown that renders as itself and does nothing.
//!
//! Forges look for mentions, references, emoji and addresses in the *rendered* text, where a backslash or an entity is
//! already undone. So such a character stands alone in a `span`: no text node then holds the whole pattern, and
//! nothing changes for the eye.

use std::fmt::Write as _;

use super::terminal::{terminal, terminal_lines};

/// A run of this many hexadecimal digits is linked as a commit.
const COMMIT_DIGITS: usize = 7;

/// Returns `text` as inert inline Markdown in one line: no mention, reference, link, image, HTML, emphasis, table cell,
/// formula or slash command.
#[must_use]
pub fn markdown(text: &str) -> String {
    let one_line = text.split_whitespace().map(terminal).collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = one_line.chars().collect();
    let mut safe = String::with_capacity(one_line.len() + 16);
    let mut hex_run = 0;
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let after = chars.get(at + 1).copied();
        hex_run = if c.is_ascii_hexdigit() { hex_run + 1 } else { 0 };
        if hex_run == COMMIT_DIGITS {
            safe.push_str("<span></span>");
            hex_run = 0;
        }
        push(c, before, after, &mut safe);
    }
    safe
}

fn push(c: char, before: Option<char>, after: Option<char>, safe: &mut String) {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let joined = after.is_some_and(|c| !c.is_whitespace());
    let alone = match c {
        // Mentions, issues, formulas, labels, and at the start headings and lists.
        '@' | '#' | '$' | '~' => true,
        // Merge requests, milestones, alerts and epics of GitLab.
        '!' | '%' | '^' | '&' => joined,
        // Addresses and emoji; `www.`; `GH-1` and ticket numbers.
        ':' => joined,
        '.' => {
            before.is_some_and(|c| c.eq_ignore_ascii_case(&'w'))
                || word(before) && before.is_some_and(|c| c.is_ascii_digit()) && !joined
        }
        '-' => word(before) && after.is_some_and(|c| c.is_ascii_digit()) || before.is_none(),
        '+' | '=' | '/' => before.is_none(),
        ')' => before.is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    match c {
        // Writing to a `String` cannot fail.
        _ if alone => {
            let _ = write!(safe, "<span>&#{};</span>", u32::from(c));
        }
        '&' => safe.push_str("&amp;"),
        '<' => safe.push_str("&lt;"),
        '>' => safe.push_str("&gt;"),
        '|' => safe.push_str("&#124;"),
        '\\' | '`' | '*' | '_' | '[' | ']' => safe.extend(['\\', c]),
        _ => safe.push(c),
    }
}

/// Returns `text` as a code span in one line, its fence longer than any run of back-ticks inside. Not for tables.
#[must_use]
pub fn markdown_code(text: &str) -> String {
    let shown = terminal(text);
    if shown.trim().is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&shown, '`') + 1);
    let edge = |c: char| c == '`' || c == ' ';
    let pad = if shown.starts_with(edge) || shown.ends_with(edge) { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Returns `text` as code inside a table cell, where a code span cannot hold a pipe.
#[must_use]
pub fn markdown_code_cell(text: &str) -> String {
    format!("<code>{}</code>", markdown(text))
}

/// Returns `text` as a fenced block, its fence longer than any run of back-ticks inside.
///
/// A line that begins with a slash and a letter gets a visible escape: bots obey it inside fences too.
#[must_use]
pub fn markdown_fence(text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    let mut block = format!("{fence}\n");
    for line in terminal_lines(text) {
        let body = line.trim_start();
        let command = body.strip_prefix('/').filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        match command {
            Some(rest) => block.extend([&" ".repeat(line.len() - body.len()), "\\u{2f}", rest]),
            None => block.push_str(&line),
        }
        block.push('\n');
    }
    block + &fence + "\n"
}

/// Returns the length of the longest run of `c`.
fn longest_run(text: &str, c: char) -> usize {
    text.split(|other| other != c).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{markdown, markdown_code, markdown_fence};

    #[test]
    fn ordinary_prose_is_hardly_touched() {
        assert_eq!(
            markdown("Use a bound parameter, then run the tests."),
            "Use a bound parameter, then run the tests."
        );
        assert_eq!(markdown("a_b * c"), "a\\_b \\* c");
    }

    #[test]
    fn mentions_references_and_commands_stand_in_pieces_row_38() {
        assert_eq!(markdown("@org/team"), "<span>&#64;</span>org/team");
        assert_eq!(markdown("Fixes #1"), "Fixes <span>&#35;</span>1");
        assert_eq!(markdown("GH-12"), "GH<span>&#45;</span>12");
        assert_eq!(markdown("\n /approve"), "<span>&#47;</span>approve");
        assert_eq!(markdown("deadbeefcafe"), "deadbe<span></span>efcafe");
    }

    #[test]
    fn markup_and_links_are_inert_row_37() {
        assert_eq!(markdown("<img src=x>|"), "&lt;img src=x&gt;&#124;");
        assert_eq!(markdown("[x](javascript:y)"), "\\[x\\](javascript<span>&#58;</span>y)");
        assert_eq!(markdown("https://e.x www.e.x"), "https<span>&#58;</span>//e.x www<span>&#46;</span>e.x");
    }

    #[test]
    fn a_code_span_outlasts_fifty_back_ticks_row_124() {
        let ticks = "`".repeat(50);
        assert_eq!(markdown_code(&ticks), format!("{0}` {0} {0}`", ticks));
        assert!(markdown_fence(&ticks).starts_with(&format!("{ticks}`\n{ticks}\n")));
        assert_eq!(markdown_code("a b"), "`a b`");
    }

    #[test]
    fn a_fence_holds_no_slash_command() {
        assert_eq!(markdown_fence("/approve\n//x\n /lgtm"), "```\n\\u{2f}approve\n//x\n \\u{2f}lgtm\n```\n");
    }
}
