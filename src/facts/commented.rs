//! Comments that read as code: what somebody switched off and left behind.
//!
//! Owns which new comments are tried and what counts as code. A block is code when the grammar of its language reads all
//! of it without an error and it does something; prose hardly ever does. Documentation and examples in it are left alone.

use std::collections::HashSet;
use std::ops::Range;

use tree_sitter::Node;

use super::Commented;
use super::lines::{ChangedLines, cut};
use super::plan::Plan;
use super::side::{self, Budget};

/// Fewest lines of code in a block.
const LEAST_LINES: usize = 3;

/// Most bytes of one block, and most blocks of one file, that are tried.
const MOST_BYTES: usize = 20_000;
const MOST_BLOCKS: usize = 50;

/// Characters of the first line that are kept.
const TEXT_LIMIT: usize = 200;

/// Comments on lines of their own, one after the other.
struct Block {
    start: u32,
    end: u32,
    lines: Vec<String>,
}

/// Returns the blocks of new comments of head that read as code, sorted by place.
pub(super) fn commented(
    comments: &[Range<usize>],
    (old_text, new_text): (&str, &str),
    (old_lines, new_lines): (&ChangedLines, &ChangedLines),
    plan: &Plan,
    budget: &Budget<'_>,
) -> Vec<Commented> {
    let blocks = blocks(comments, new_text, new_lines, plan.language.id);
    if blocks.is_empty() {
        return Vec::new();
    }
    let mut removed: HashSet<&str> = HashSet::new();
    for (index, line) in old_text.lines().enumerate() {
        if old_lines.holds(super::lines::line(index)) {
            removed.insert(line.trim());
        }
    }
    let tried = blocks.into_iter().filter(|block| block.lines.len() >= LEAST_LINES).take(MOST_BLOCKS);
    tried.filter_map(|block| judged(block, &removed, plan, budget)).collect()
}

fn judged(mut block: Block, removed: &HashSet<&str>, plan: &Plan, budget: &Budget<'_>) -> Option<Commented> {
    // One line may say why the rest is switched off.
    if block.lines.first().is_some_and(|line| is_note(line)) {
        block.lines.remove(0);
        block.start = block.start.saturating_add(1);
    }
    if block.lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_example(line)) {
        return None;
    }
    let said: Vec<&str> = block.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let like_code = said.iter().filter(|line| looks_like_code(line)).count();
    let bytes: usize = block.lines.iter().map(String::len).sum();
    if said.len() < LEAST_LINES || like_code.saturating_mul(2) < said.len() || bytes > MOST_BYTES {
        return None;
    }
    if !is_code(&block.lines.join("\n"), plan, budget) {
        return None;
    }
    let known = said.iter().filter(|line| removed.contains(**line)).count();
    let first = said.first().copied().unwrap_or_default();
    Some(Commented {
        start: block.start,
        end: block.end,
        text: cut(first, TEXT_LIMIT).to_owned(),
        was_code: known.saturating_mul(2) > said.len(),
    })
}

/// Groups comments of which every line is new and stands by itself.
fn blocks(comments: &[Range<usize>], text: &str, changed: &ChangedLines, language: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut row, mut from, mut open) = (1_u32, 0_usize, false);
    for range in comments {
        let between = text.get(from..range.start).unwrap_or_default();
        row = row.saturating_add(count(between));
        from = range.start;
        let comment = text.get(range.clone()).unwrap_or_default().trim_end();
        let alone =
            text.get(..range.start).unwrap_or_default().rsplit('\n').next().is_none_or(|left| left.trim().is_empty());
        let last = row.saturating_add(count(comment));
        let lines = said(comment, language).filter(|_| alone && (row..=last).all(|line| changed.holds(line)));
        let Some(lines) = lines else {
            open = false;
            continue;
        };
        // `/* ... */` is a block of its own.
        let own = comment.starts_with("/*");
        match blocks.last_mut().filter(|block| open && !own && block.end.saturating_add(1) == row) {
            Some(block) => {
                block.lines.extend(lines);
                block.end = last;
            }
            None => blocks.push(Block { start: row, end: last, lines }),
        }
        open = !own;
    }
    blocks
}

fn count(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// Returns what a comment says, line by line, without its marks; none of documentation and of words for tools.
fn said(comment: &str, language: &str) -> Option<Vec<String>> {
    if language == "python" {
        let rest = comment.strip_prefix('#')?;
        let special = rest.starts_with(['!', ':', '#', '%']);
        return (!special).then(|| vec![unspaced(rest)]);
    }
    if let Some(rest) = comment.strip_prefix("//") {
        let special = rest.starts_with(['/', '!', '#', '@']) || rest.starts_with("go:") || rest.starts_with("nolint");
        return (!special).then(|| vec![unspaced(rest)]);
    }
    let inner = comment.strip_prefix("/*")?.strip_suffix("*/")?;
    if inner.starts_with(['*', '!']) {
        return None;
    }
    let lines = inner.lines().map(|line| line.trim_end());
    Some(
        lines.map(|line| line.trim_start().strip_prefix("* ").map_or_else(|| line.to_owned(), str::to_owned)).collect(),
    )
}

fn unspaced(rest: &str) -> String {
    rest.strip_prefix(' ').unwrap_or(rest).trim_end().to_owned()
}

/// `Usage:` and its like: what follows is there to be read.
fn is_example(line: &str) -> bool {
    let small = line.trim().to_ascii_lowercase();
    ["example", "e.g", "for example", "for instance", "usage", "note", "see ", "such as", "like", "input", "output"]
        .iter()
        .any(|word| small.starts_with(word))
        || small.strip_suffix(':').is_some_and(|words| {
            words.chars().all(|letter| letter.is_alphanumeric() || letter == ' ')
                && !matches!(words, "else" | "try" | "finally" | "default")
        })
}

fn is_note(line: &str) -> bool {
    let small = line.trim().to_ascii_lowercase();
    ["todo", "fixme", "xxx", "hack", "disabled", "temporar", "commented out", "old ", "previous", "legacy", "removed"]
        .iter()
        .any(|word| small.starts_with(word))
}

/// Says whether a line has what code has and prose has not.
fn looks_like_code(line: &str) -> bool {
    let ends = line.ends_with([';', '{', '}', ')', ']', ':', '(', ',']);
    let call = line.find('(').is_some_and(|at| {
        line.get(..at).is_some_and(|left| left.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
    });
    ends && (call || line.len() < 3 || line.ends_with([';', '{', '}']))
        || call && line.ends_with(')')
        || [" = ", " := ", " == ", "return ", " += ", " => "].iter().any(|mark| line.contains(mark))
}

/// Says whether the grammar reads the text without an error, as statements or as members, and it does something.
fn is_code(text: &str, plan: &Plan, budget: &Budget<'_>) -> bool {
    let frames: &[(&str, &str)] = match plan.language.id {
        "go" => &[("package p\nfunc f() {\n", "\n}\n"), ("package p\n", "\n")],
        "java" => &[("class C {\nvoid f() {\n", "\n}\n}\n"), ("class C {\n", "\n}\n")],
        "rust" => &[("fn f() {\n", "\n}\n"), ("", "\n")],
        "python" => &[("", "\n")],
        _ => &[("async function f() {\n", "\n}\n"), ("class C {\n", "\n}\n")],
    };
    let text = if plan.language.id == "python" { unindented(text) } else { text.to_owned() };
    frames.iter().any(|(before, after)| {
        let framed = format!("{before}{text}{after}");
        side::parse(framed, plan, budget).is_ok_and(|document| {
            let root = document.root().get_doc().tree.root_node();
            !root.has_error() && does_something(root, plan)
        })
    })
}

fn unindented(text: &str) -> String {
    let margin = |line: &str| line.len().saturating_sub(line.trim_start().len());
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(margin).min().unwrap_or(0);
    text.lines().map(|line| line.get(least..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Says whether a tree holds two calls, definitions, assignments, returns or branches.
fn does_something(root: Node<'_>, plan: &Plan) -> bool {
    let (mut cursor, mut found, frame) = (root.walk(), 0_u32, if plan.language.id == "python" { 0 } else { 1 });
    loop {
        let kind = cursor.node().kind();
        let acts = [
            "call",
            "invocation",
            "assignment",
            "declaration",
            "definition",
            "import",
            "return",
            "if_",
            "for_",
            "item",
        ]
        .iter()
        .any(|word| kind.contains(word));
        found = found.saturating_add(u32::from(acts && cursor.node().is_named()));
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found >= frame + 2;
            }
        }
    }
}
