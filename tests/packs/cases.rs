//! The cases beside the packs, as data.
//!
//! A case is a folder below `policies/<pack>/cases/<rule>/` that holds files, or `base/` and `head/`. A name or text
//! with the ending `.esc` has `\u{...}` and `\xNN` decoded, so that no hidden character is ever committed raw.
//! `expect.txt` has one line a finding: `<rule> <path>:<line>`, or the rule alone when it is about the whole change.
//! A line of code that ends in ` fires` expects the rule of the case. `modes.txt` has lines `<path> <base> <head>`, `collisions.txt`
//! lines `<path> <twin>`.
//! `overlay.json` holds keys that are laid over the input document: what no file says by itself. Its `files` are by path.
//! `generate.txt` has lines `<count> <path with {}> <lines>`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub(crate) struct CaseFile {
    pub path: String,
    pub old: Option<Vec<u8>>,
    pub new: Option<Vec<u8>>,
    pub modes: (String, String),
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub name: String,
    pub pack: String,
    pub rule: String,
    pub files: Vec<CaseFile>,
    /// Paths that some file systems take for one, from `collisions.txt`: lines `<path> <twin>`.
    pub collisions: Vec<(String, String)>,
    pub expected: BTreeSet<(String, String, u32)>,
    /// Keys laid over the document, from `overlay.json`.
    pub overlay: serde_json::Value,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

pub(crate) fn sorted(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

pub(crate) fn cases() -> Vec<Case> {
    let mut found = Vec::new();
    for pack in sorted(&folder()) {
        for rule in sorted(&pack.join("cases")) {
            let mut pending = vec![rule.clone()];
            while let Some(place) = pending.pop() {
                let children = sorted(&place);
                let sides = children.iter().any(|child| child.ends_with("base") || child.ends_with("head"));
                if sides || children.iter().any(|child| child.is_file()) {
                    found.push(read(&pack, &rule, &place));
                } else {
                    pending.extend(children);
                }
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() > 80, "only {} cases", found.len());
    found
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

fn read(pack: &Path, rule: &Path, place: &Path) -> Case {
    let (pack_name, rule_name) = (name_of(pack), name_of(rule));
    let mut files: BTreeMap<String, CaseFile> = BTreeMap::new();
    let (base, head) = (place.join("base"), place.join("head"));
    let split = base.is_dir() || head.is_dir();
    for (side, is_head) in if split { vec![(base, false), (head, true)] } else { vec![(place.to_owned(), true)] } {
        for (path, bytes) in tree(&side) {
            let file = files.entry(path.clone()).or_insert_with(|| empty(&path));
            *(if is_head { &mut file.new } else { &mut file.old }) = Some(bytes);
        }
    }
    let text = |name: &str| std::fs::read_to_string(place.join(name)).unwrap_or_default();
    for line in text("generate.txt").lines() {
        let [count, path, lines] = *line.split(' ').collect::<Vec<_>>() else { panic!("{line}") };
        for number in 1..=count.parse::<usize>().unwrap() {
            let path = path.replace("{}", &number.to_string());
            let new = Some("line\n".repeat(lines.parse().unwrap()).into_bytes());
            files.insert(path.clone(), CaseFile { new, ..empty(&path) });
        }
    }
    for line in text("modes.txt").lines() {
        let [path, old, new] = *line.split(' ').collect::<Vec<_>>() else { panic!("{line}") };
        let file = files.entry(path.to_owned()).or_insert_with(|| empty(path));
        file.modes = (old.to_owned(), new.to_owned());
        let sides = [(&mut file.old, old), (&mut file.new, new)];
        for (side, mode) in sides {
            if mode != "000000" && side.is_none() {
                *side = Some(b"target".to_vec());
            }
        }
    }
    let twins = |line: &str| line.split_once(' ').map(|(path, twin)| (path.to_owned(), twin.to_owned()));
    let collisions = text("collisions.txt").lines().filter_map(twins).collect();
    let mut expected: BTreeSet<_> = text("expect.txt").lines().map(finding).collect();
    for file in files.values() {
        let text = file.new.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        for (row, _) in text.split('\n').enumerate().filter(|(_, line)| line.trim_end().ends_with(" fires")) {
            expected.insert((format!("{pack_name}/{rule_name}"), file.path.clone(), u32::try_from(row).unwrap() + 1));
        }
    }
    let overlay = match text("overlay.json").as_str() {
        "" => serde_json::Value::Null,
        json => serde_json::from_str(json).unwrap(),
    };
    let name = place.strip_prefix(folder()).unwrap().to_string_lossy().replace('\\', "/");
    Case { name, pack: pack_name, rule: rule_name, files: files.into_values().collect(), collisions, expected, overlay }
}

fn empty(path: &str) -> CaseFile {
    CaseFile { path: path.to_owned(), old: None, new: None, modes: ("100644".to_owned(), "100644".to_owned()) }
}

fn finding(line: &str) -> (String, String, u32) {
    let Some((rule, place)) = line.split_once(' ') else { return (line.to_owned(), String::new(), 0) };
    match place.rsplit_once(':') {
        Some((path, number)) => (rule.to_owned(), escaped(path), number.parse().unwrap()),
        None => (rule.to_owned(), escaped(place), 0),
    }
}

/// Decodes `{202E}` of a file name; a backslash could not be checked out everywhere.
fn escaped(text: &str) -> String {
    String::from_utf8(decode(text.replace('{', "\\u{").as_bytes())).unwrap()
}

fn tree(side: &Path) -> Vec<(String, Vec<u8>)> {
    let mut pending = vec![side.to_owned()];
    let mut files = Vec::new();
    while let Some(place) = pending.pop() {
        for path in sorted(&place) {
            let name = name_of(&path);
            if path.is_dir() {
                pending.push(path);
            } else if !["expect.txt", "generate.txt", "modes.txt", "overlay.json", "README"].contains(&name.as_str()) {
                let bytes = std::fs::read(&path).unwrap();
                let relative = path.strip_prefix(side).unwrap().to_string_lossy().replace('\\', "/");
                match relative.strip_suffix(".esc") {
                    Some(shown) => files.push((escaped(shown), decode(&bytes))),
                    None => files.push((relative, bytes)),
                }
            }
        }
    }
    files
}

/// Decodes `\u{...}` and `\xNN`; everything else stays as it is.
fn decode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"\\u{") {
            let end = after.iter().position(|byte| *byte == b'}').unwrap();
            let digits = std::str::from_utf8(&after[..end]).unwrap();
            let letter = char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap();
            out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &after[end + 1..];
        } else if let Some(after) = rest.strip_prefix(b"\\x") {
            out.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}
