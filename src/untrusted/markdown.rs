//! Text for GitHub and GitLab Markdown that renders as itself and does nothing.
//!
//! Forges look for mentions, references, emoji and addresses in the *rendered* text, where a backslash or an entity is
//! already undone. So such a character stands alone in a `span`: no text node then holds the whole pattern, and
//! nothing changes for the eye.

use std::fmt::Write as _;

use super::terminal::{terminal, terminal_lines};
use super::workflow::log_line;

/// A run of this many hexadecimal digits is linked as a commit.
const COMMIT_DIGITS: usize = 7;

/// Returns `text` as inert inline Markdown in one line: no mention, reference, link, image, HTML, emphasis, table cell,
/// formula or slash command.
#[must_use]
pub fn markdown(text: &str) -> String {
    let chars: Vec<char> = one_line(text).chars().collect();
    let mut safe = String::with_capacity(chars.len() + 16);
    let mut hex_run = 0;
    let mut numbered = true;
    for (at, &c) in chars.iter().enumerate() {
        hex_run = if c.is_ascii_hexdigit() { hex_run + 1 } else { 0 };
        if hex_run == COMMIT_DIGITS {
            safe.push_str("<span></span>");
            hex_run = 1;
        }
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let after = chars.get(at + 1).copied();
        push(c, acts(c, before, after) || numbered && matches!(c, '.' | ')'), &mut safe);
        numbered &= c.is_ascii_digit();
    }
    safe
}

/// Returns `text` as by `markdown`, but what stands between two single back-ticks as code.
///
/// Who controls the back-ticks controls no more than what looks like code.
#[must_use]
pub fn markdown_prose(text: &str) -> String {
    let shown = one_line(text);
    let parts: Vec<&str> = shown.split('`').collect();
    let paired = parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|part| !part.trim().is_empty());
    if !paired {
        return markdown(&shown);
    }
    let mut safe = String::with_capacity(shown.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 1 {
            safe.push_str(&markdown_code_cell(part));
        } else {
            safe.push_str(if at > 0 && part.starts_with(' ') { " " } else { "" });
            safe.push_str(&markdown(part));
            safe.push_str(if part.len() > 1 && part.ends_with(' ') { " " } else { "" });
        }
    }
    safe
}

fn one_line(text: &str) -> String {
    text.split_whitespace().map(terminal).collect::<Vec<_>>().join(" ")
}

/// Says whether a forge might act on this character between these two.
fn acts(c: char, before: Option<char>, after: Option<char>) -> bool {
    let joined = after.is_some_and(|c| !c.is_whitespace());
    let after_word = before.is_some_and(char::is_alphanumeric);
    match c {
        // Mentions, issues, formulas, labels; at the start headings.
        '@' | '#' | '$' | '~' => true,
        // Merge requests, milestones, alerts and epics of GitLab; addresses and emoji.
        '!' | '%' | '^' | '&' | ':' => joined,
        // `www.` is an address without a scheme.
        '.' => joined && before.is_some_and(|c| c.eq_ignore_ascii_case(&'w')),
        // `GH-1` and ticket numbers; at the start lists.
        '-' => before.is_none() || after_word && after.is_some_and(|c| c.is_ascii_digit()),
        // Slash commands; addresses without a scheme.
        '/' => before.is_none_or(|c| c == '/'),
        // Lists and headings.
        '+' | '=' => before.is_none(),
        _ => false,
    }
}

fn push(c: char, acts: bool, safe: &mut String) {
    match c {
        // Writing to a `String` cannot fail.
        _ if acts => {
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
/// A line that begins with a slash and a letter gets a visible escape: bots obey it inside fences too. So does what the
/// runner of GitHub Actions would obey where the page is printed into its log.
#[must_use]
pub fn markdown_fence(text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    let mut block = format!("{fence}\n");
    for line in terminal_lines(text) {
        let line = log_line(&line);
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
    use super::{markdown, markdown_code, markdown_fence, markdown_prose};

    #[test]
    fn ordinary_prose_is_hardly_touched() {
        assert_eq!(
            markdown("Use a bound parameter, then run the tests."),
            "Use a bound parameter, then run the tests."
        );
        assert_eq!(markdown("a_b * c"), "a\\_b \\* c");
    }

    #[test]
    fn paired_back_ticks_make_code_and_others_stay() {
        assert_eq!(markdown_prose("Use `json.loads(x)` here"), "Use <code>json.loads(x)</code> here");
        assert_eq!(markdown_prose("`@a` and ` |"), "\\`<span>&#64;</span>a\\` and \\` &#124;");
        assert_eq!(markdown_prose("a ``` b"), "a \\`\\`\\` b");
        assert_eq!(markdown_prose("`a` or `b`"), "<code>a</code> or <code>b</code>");
        assert_eq!(markdown_prose("a ` b"), "a \\` b");
        assert_eq!(markdown_prose("`a` `b`s, `c`"), "<code>a</code> <code>b</code>s, <code>c</code>");
        assert_eq!(markdown_prose("`@a|b` c"), "<code><span>&#64;</span>a&#124;b</code> c");
    }

    #[test]
    fn a_text_that_begins_like_a_list_is_none() {
        assert_eq!(markdown("12. x) y."), "12<span>&#46;</span> x) y.");
        assert_eq!(markdown("- x - y"), "<span>&#45;</span> x - y");
        assert_eq!(markdown("+ x + y"), "<span>&#43;</span> x + y");
        assert_eq!(markdown("= x = y"), "<span>&#61;</span> x = y");
        assert_eq!(markdown("well-known A-1"), "well-known A<span>&#45;</span>1");
        assert_eq!(markdown("a & b"), "a &amp; b");
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
        assert_eq!(
            markdown("https://e.x www.e.x"),
            "https<span>&#58;</span>/<span>&#47;</span>e.x www<span>&#46;</span>e.x"
        );
    }

    #[test]
    fn a_code_span_outlasts_fifty_back_ticks_row_124() {
        let ticks = "`".repeat(50);
        assert_eq!(markdown_code(&ticks), format!("{0}` {0} {0}`", ticks));
        assert!(markdown_fence(&ticks).starts_with(&format!("{ticks}`\n{ticks}\n")));
        assert_eq!(markdown_code("a b"), "`a b`");
        assert_eq!((markdown_code("`a"), markdown_code("a ")), ("`` `a ``".to_owned(), "` a  `".to_owned()));
    }

    #[test]
    fn a_fence_holds_no_slash_command() {
        assert_eq!(markdown_fence("/approve\n//x\n /lgtm"), "```\n\\u{2f}approve\n//x\n \\u{2f}lgtm\n```\n");
    }
}
