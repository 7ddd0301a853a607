//! Twins: new blocks of code that stand somewhere else already, letter for letter.
//!
//! Owns what counts as the same and as a block. Works on lines, in any language: white space, blank lines, comments,
//! imports and lone brackets play no part. Nothing is parsed here, so the texts may be anybody's.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lines::ChangedLines;
use crate::change::Hunk;

/// Fewest lines of a block, those that play no part not counted.
pub const LEAST_LINES: usize = 10;

/// Fewest different lines of a block, and fewest that are no plain data.
const LEAST_DIFFERENT: usize = 8;
const LEAST_ACTING: usize = 6;

/// Most twins of one file.
const MOST_TWINS: usize = 20;

/// Most places that are remembered of one text.
const MOST_PLACES: usize = 8;

/// A new block that stands somewhere else already.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Twin {
    /// First line of the new block, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// The file that holds the other one.
    pub path: String,
    /// First line of the other one, in head.
    pub at: u32,
    /// Lines that both have, those that play no part not counted.
    pub lines: u32,
}

/// A file in which new blocks, or their twins, are looked for.
pub struct TwinFile {
    path: String,
    head: Vec<Line>,
    /// The windows of head that are blocks, in order: where each begins, and its digest.
    blocks: Vec<(usize, u64)>,
    /// Windows of base of which the change takes lines away, by their digest.
    gone: Vec<u64>,
    changed: bool,
}

/// A line that plays a part.
#[derive(Clone, Copy)]
struct Line {
    number: u32,
    digest: u64,
    new: bool,
    acting: bool,
}

impl TwinFile {
    /// Reads a file that the change touches.
    #[must_use]
    pub fn changed(path: &str, base: &str, head: &str, hunks: &[Hunk]) -> Self {
        let new = ChangedLines::of_head(hunks);
        let head = lines(head, &|line| new.holds(line));
        let blocks = windows(&head).filter(|(_, window)| is_block(window));
        let blocks = blocks.map(|(at, window)| (at, digest_of(window))).collect();
        Self { path: path.to_owned(), head, blocks, gone: gone(base, hunks), changed: true }
    }

    /// Reads a file that the change leaves as it is.
    #[must_use]
    pub fn beside(path: &str, text: &str) -> Self {
        let (blocks, gone) = (Vec::new(), Vec::new());
        Self { path: path.to_owned(), head: lines(text, &|_| false), blocks, gone, changed: false }
    }

    /// Says whether it holds a new block that could have a twin.
    #[must_use]
    pub fn has_blocks(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// Returns the twins of each file in the order given; of two new blocks that are alike only the later one has a twin.
#[must_use]
pub fn twins(files: &[TwinFile]) -> Vec<Vec<Twin>> {
    let gone: HashSet<u64> = files.iter().flat_map(|file| file.gone.iter().copied()).collect();
    let mut wanted: HashSet<u64> = HashSet::new();
    for file in files {
        wanted.extend(file.blocks.iter().map(|(_, digest)| *digest).filter(|digest| !gone.contains(digest)));
    }
    let mut places: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
    if !wanted.is_empty() {
        for (index, file) in files.iter().enumerate() {
            for (at, window) in windows(&file.head) {
                let digest = digest_of(window);
                if wanted.contains(&digest) {
                    let known = places.entry(digest).or_default();
                    if known.len() < MOST_PLACES {
                        known.push((index, at));
                    }
                }
            }
        }
    }
    (0..files.len()).map(|index| of_file(index, files, &places, &gone)).collect()
}

fn of_file(
    index: usize,
    files: &[TwinFile],
    places: &HashMap<u64, Vec<(usize, usize)>>,
    gone: &HashSet<u64>,
) -> Vec<Twin> {
    let mut found = Vec::new();
    let Some(file) = files.get(index).filter(|file| file.changed && !places.is_empty()) else { return found };
    let mut told = 0_usize;
    for (at, digest) in &file.blocks {
        if *at < told || gone.contains(digest) {
            continue;
        }
        if found.len() == MOST_TWINS {
            break;
        }
        let here = (index, *at);
        let others = places.get(digest).map(Vec::as_slice).unwrap_or_default();
        let longest = others.iter().filter_map(|there| Some((shared(files, here, *there)?, *there)));
        let Some((count, there)) = longest.max_by_key(|(count, there)| (*count, std::cmp::Reverse(*there))) else {
            continue;
        };
        found.extend(twin(files, here, there, count));
        told = here.1.saturating_add(count);
    }
    found
}

fn twin(files: &[TwinFile], here: (usize, usize), there: (usize, usize), count: usize) -> Option<Twin> {
    let (file, other) = (files.get(here.0)?, files.get(there.0)?);
    let last = here.1.saturating_add(count).saturating_sub(1);
    Some(Twin {
        start: file.head.get(here.1)?.number,
        end: file.head.get(last)?.number,
        path: other.path.clone(),
        at: other.head.get(there.1)?.number,
        lines: u32::try_from(count).unwrap_or(u32::MAX),
    })
}

/// Returns how many lines two places share, the first ones new; none where they overlap, or where the second one is as
/// new and stands later.
fn shared(files: &[TwinFile], here: (usize, usize), there: (usize, usize)) -> Option<usize> {
    if here == there {
        return None;
    }
    let (own, other) = (&files.get(here.0)?.head, &files.get(there.0)?.head);
    let (own, other) = (own.get(here.1..)?, other.get(there.1..)?);
    let room = if here.0 == there.0 { here.1.abs_diff(there.1) } else { usize::MAX };
    let pairs = own.iter().zip(other).take_while(|(own, other)| own.new && own.digest == other.digest);
    let count = pairs.count().min(room);
    let new = other.get(..count)?.iter().all(|line| line.new);
    (count >= LEAST_LINES && (!new || there < here)).then_some(count)
}

fn windows(lines: &[Line]) -> impl Iterator<Item = (usize, &[Line])> {
    lines.windows(LEAST_LINES).enumerate()
}

/// Says whether a window is new as a whole, and no table of data or of the same line over and over.
fn is_block(window: &[Line]) -> bool {
    if !window.iter().all(|line| line.new) || window.iter().filter(|line| line.acting).count() < LEAST_ACTING {
        return false;
    }
    let different = |(at, line): &(usize, &Line)| window.iter().take(*at).all(|other| other.digest != line.digest);
    window.iter().enumerate().filter(different).count() >= LEAST_DIFFERENT
}

/// Says whether a change takes so many lines away that a block may be among them; if not, its base need not be read.
#[must_use]
pub fn may_take_blocks(hunks: &[Hunk]) -> bool {
    hunks.iter().map(|hunk| hunk.old_end.saturating_sub(hunk.old_start) as usize).sum::<usize>() >= LEAST_LINES
}

/// Returns the windows of base of which the change takes every line away.
fn gone(base: &str, hunks: &[Hunk]) -> Vec<u64> {
    let old = ChangedLines::of_base(hunks);
    let base = lines(base, &|line| old.holds(line));
    windows(&base)
        .filter(|(_, window)| window.iter().all(|line| line.new))
        .map(|(_, window)| digest_of(window))
        .collect()
}

fn digest_of(window: &[Line]) -> u64 {
    window.iter().fold(SEED, |digest, line| (digest ^ line.digest).wrapping_mul(PRIME).rotate_left(29))
}

/// FNV-1a's numbers: the same on every machine and in every run.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Returns the lines that play a part.
fn lines(text: &str, new: &dyn Fn(u32) -> bool) -> Vec<Line> {
    let (mut found, mut aside) = (Vec::new(), None);
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(end) = aside {
            aside = (!line.contains(end)).then_some(end);
            continue;
        }
        aside = opened(line);
        if aside.is_some() || !plays_a_part(line) {
            continue;
        }
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let mut digest = SEED;
        for byte in line.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            digest = (digest ^ u64::from(byte)).wrapping_mul(PRIME);
        }
        found.push(Line { number, digest, new: new(number), acting: !is_data(line) });
    }
    found
}

/// Returns what ends the comment, or the text of several lines, that begins on a line and goes on after it.
fn opened(line: &str) -> Option<&'static str> {
    if line.strip_prefix("/*").is_some_and(|rest| !rest.contains("*/")) {
        return Some("*/");
    }
    if !line.bytes().any(|byte| matches!(byte, b'"' | b'\'')) {
        return None;
    }
    let odd = |mark: &&&str| line.matches(**mark).count() % 2 == 1;
    ["\"\"\"", "'''"].iter().find(odd).copied()
}

fn plays_a_part(line: &str) -> bool {
    const LEFT_OUT: &[&str] =
        &["//", "/*", "* ", "*/", "# ", "import ", "from ", "use ", "pub use ", "package ", "#include", "export {"];
    line.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !LEFT_OUT.iter().any(|start| line.starts_with(start))
        && line != "#"
}

/// Says whether a line is a row of a table: a literal, or a name with one.
fn is_data(line: &str) -> bool {
    let Some(first) = line.bytes().next() else { return true };
    if matches!(first, b'"' | b'\'' | b'`' | b'{' | b'[' | b'-' | b'0'..=b'9') {
        return true;
    }
    let (name, rest) = match line.find([':', '=']) {
        Some(at) => (line.get(..at).unwrap_or_default().trim(), line.get(at.saturating_add(1)..).unwrap_or_default()),
        None => return !line.contains('(') && line.ends_with(','),
    };
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.\"' ,".contains(&byte));
    plain(name) && !name.contains(' ') && (rest.trim().ends_with(',') || plain(rest)) && !rest.contains('(')
}

#[cfg(test)]
mod tests {
    use super::{Twin, TwinFile, twins};
    use crate::change::{Hunk, hunks};

    const BLOCK: &str = "fn total(cart) {\n  let sum = zero();\n  for line in cart.lines() {\n    if line.free() {\n      \
                         skip(line);\n    }\n    sum.add(line.price());\n    sum.add(line.taxes());\n  }\n  \
                         sum.subtract(cart.discount());\n  if sum.negative() {\n    fail(cart);\n  }\n  return sum;\n}\n";

    fn all_new(text: &str) -> Vec<Hunk> {
        hunks(b"", text.as_bytes()).hunks
    }

    fn found(files: &[TwinFile]) -> Vec<Twin> {
        twins(files).concat()
    }

    #[test]
    fn a_new_block_beside_an_old_twin_is_found_whatever_its_margin_and_comments() {
        let new = format!("// another one\n{}", BLOCK.replace("  ", "\t").replace("sum.add", "// why\nsum.add"));
        let files = [
            TwinFile::beside("a.x", &format!("start();\n{BLOCK}")),
            TwinFile::changed("b.x", "", &new, &all_new(&new)),
        ];
        assert_eq!(found(&files), [Twin { start: 2, end: 17, path: "a.x".to_owned(), at: 2, lines: 11 }]);
    }

    #[test]
    fn a_block_that_moves_has_no_twin() {
        let base = hunks(BLOCK.as_bytes(), b"").hunks;
        let files = [
            TwinFile::beside("a.x", BLOCK),
            TwinFile::changed("b.x", BLOCK, "", &base),
            TwinFile::changed("c.x", "", BLOCK, &all_new(BLOCK)),
        ];
        assert_eq!(found(&files), []);
    }

    #[test]
    fn of_two_new_blocks_the_later_one_has_the_twin() {
        let files = [
            TwinFile::changed("a.x", "", BLOCK, &all_new(BLOCK)),
            TwinFile::changed("b.x", "", BLOCK, &all_new(BLOCK)),
        ];
        let found = twins(&files);
        assert_eq!((found[0].len(), found[1].len()), (0, 1));
    }

    #[test]
    fn a_block_twice_in_one_new_file_is_found_once() {
        let text = format!("{BLOCK}{BLOCK}");
        let found = found(&[TwinFile::changed("a.x", "", &text, &all_new(&text))]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].start, found[0].at), (16, 1));
    }

    #[test]
    fn nine_lines_and_tables_and_one_line_over_and_over_are_no_blocks() {
        let nine: String = BLOCK.lines().take(11).map(|line| format!("{line}\n")).collect();
        let table: String = (0..30).map(|row| format!("  \"row {row}\": [{row}, \"x\"],\n")).collect();
        let same = "push(line);\n".repeat(30);
        let (licence, prose) = (format!("/*\n{BLOCK}*/\n"), format!("ABOUT = r'''\n{BLOCK}'''\n"));
        for text in [nine, table, same, licence, prose] {
            let files = [TwinFile::beside("a.x", &text), TwinFile::changed("b.x", "", &text, &all_new(&text))];
            assert!(!files[1].has_blocks() || found(&files).is_empty(), "{text}");
        }
    }
}
