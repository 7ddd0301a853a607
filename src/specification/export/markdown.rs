//! A small part of Markdown as HTML: headings, paragraphs, lists, quotes, fenced code, emphasis, code.
//!
//! Owns what of a decision record a page shows as more than text. Whatever else stands there appears as it is written;
//! every character is escaped, so a text can never become markup of its own. Links are shown, not followed.

use crate::untrusted::Untrusted;

/// What kind of lines stand together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Paragraph,
    Bullets,
    Numbers,
    Quote,
}

impl Block {
    fn tags(self) -> (&'static str, &'static str) {
        match self {
            Self::Paragraph => ("<p>", "</p>"),
            Self::Bullets => ("<ul>", "</ul>"),
            Self::Numbers => ("<ol>", "</ol>"),
            Self::Quote => ("<blockquote>", "</blockquote>"),
        }
    }
}

/// Returns the text as HTML; its headings begin below `level`.
pub(super) fn html(text: &str, level: usize) -> String {
    let mut out = String::new();
    let mut open: Option<(Block, Vec<String>)> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(fence) = trimmed.strip_prefix("```").map(|_| "```").or(trimmed.strip_prefix("~~~").map(|_| "~~~")) {
            close(&mut open, &mut out);
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().starts_with(fence)).collect();
            out.push_str(&format!("<pre><code>{}</code></pre>\n", code_lines(&code.join("\n"))));
            continue;
        }
        let hashes = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        if (1..=6).contains(&hashes) && trimmed.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
            close(&mut open, &mut out);
            let depth = (hashes + level).min(6);
            let words = trimmed.get(hashes..).unwrap_or_default().trim();
            out.push_str(&format!("<h{depth}>{}</h{depth}>\n", inline(words)));
            continue;
        }
        match block_of(trimmed) {
            None => close(&mut open, &mut out),
            Some((block, words)) => {
                let continues = block == Block::Paragraph && open.is_some();
                match &mut open {
                    Some((_, items)) if continues => {
                        if let Some(last) = items.last_mut() {
                            last.push(' ');
                            last.push_str(words);
                        }
                    }
                    Some((current, items)) if *current == block => items.push(words.to_owned()),
                    _ => {
                        close(&mut open, &mut out);
                        open = Some((block, vec![words.to_owned()]));
                    }
                }
            }
        }
    }
    close(&mut open, &mut out);
    out
}

/// Says what a line belongs to, and its words; nothing for an empty one.
fn block_of(line: &str) -> Option<(Block, &str)> {
    if line.is_empty() {
        return None;
    }
    for bullet in ["- ", "* ", "+ "] {
        if let Some(words) = line.strip_prefix(bullet) {
            return Some((Block::Bullets, words));
        }
    }
    if let Some(words) = line.strip_prefix('>') {
        return Some((Block::Quote, words.trim()));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.get(digits..).and_then(|rest| rest.strip_prefix(". ")) {
        Some(words) if digits > 0 => Some((Block::Numbers, words)),
        _ => Some((Block::Paragraph, line)),
    }
}

fn close(open: &mut Option<(Block, Vec<String>)>, out: &mut String) {
    let Some((block, items)) = open.take() else { return };
    let (begin, end) = block.tags();
    out.push_str(begin);
    for (at, item) in items.iter().enumerate() {
        match block {
            Block::Bullets | Block::Numbers => out.push_str(&format!("<li>{}</li>", inline(item))),
            Block::Paragraph | Block::Quote => {
                out.push_str(if at > 0 { " " } else { "" });
                out.push_str(&inline(item));
            }
        }
    }
    out.push_str(end);
    out.push('\n');
}

/// Returns words with code between back-ticks and strong words between double stars.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::new();
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    for (at, part) in parts.iter().enumerate() {
        if !paired && at > 0 {
            out.push('`');
        }
        if paired && at % 2 == 1 {
            out.push_str(&format!("<code>{}</code>", escaped(part)));
        } else {
            out.push_str(&strong(part));
        }
    }
    out
}

fn strong(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let pieces = parts.iter().enumerate();
    let piece = |(at, part): (usize, &&str)| {
        if at % 2 == 1 { format!("<strong>{}</strong>", escaped(part)) } else { escaped(part) }
    };
    pieces.map(piece).collect()
}

/// Returns text as HTML content on one line.
pub(super) fn escaped(text: &str) -> String {
    Untrusted::new(text).html()
}

/// Returns the lines of code as HTML content.
pub(super) fn code_lines(code: &str) -> String {
    code.lines().map(|line| escaped(&line.replace('\t', "    "))).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn the_known_shapes_become_markup() {
        assert_eq!(html("# A\n\nb **c** `d`\ne\n", 2), "<h3>A</h3>\n<p>b <strong>c</strong> <code>d</code> e</p>\n");
        assert_eq!(
            html("- a\n  more\n- b\n\n1. c\n> q", 2),
            "<ul><li>a more</li><li>b</li></ul>\n<ol><li>c</li></ol>\n<blockquote>q</blockquote>\n"
        );
        assert_eq!(html("```sh\n<x>\n  y\n```\nz", 2), "<pre><code>&lt;x&gt;\n  y</code></pre>\n<p>z</p>\n");
    }

    #[test]
    fn nothing_of_a_text_becomes_markup_of_its_own() {
        for hostile in [
            "<script>x</script>",
            "[a](javascript:x)",
            "![i](http://x/y)",
            "`<b>",
            "**<b>",
            "- <b>",
            "# <b>",
            "\u{202E}<",
        ] {
            let shown = html(hostile, 2);
            let tags = ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<h3>", "</h3>"];
            let bare = tags.iter().fold(shown.trim().to_owned(), |text, tag| text.replace(tag, ""));
            assert!(!bare.contains('<') && !shown.contains('\u{202E}') && !shown.contains("href"), "{shown}");
        }
    }
}
