//! Cases of a pack: folders `cases/<rule>/<name>/` that hold a small change and the findings that must come of it.
//!
//! Owns their form. Must not open files and must not judge: bytes by path in, cases out.
//!
//! A case folder holds files (all of them new), or `base/` and `head/`. A line of head that ends in ` fires` expects
//! the rule of the case there. `expect.txt` has a line a finding: `<rule> <path>:<line>`, or the rule alone when it is
//! about the whole change. `overlay.json` holds keys that are laid over the input document: what no file says by
//! itself; its `files` are by path. `modes.txt` has lines `<path> <base> <head>`, `collisions.txt` lines
//! `<path> <twin>`, `generate.txt` lines `<count> <path with {}> <lines>`. A file with the ending `.esc` has `\u{...}`
//! and `\xNN` decoded, in its name `{202E}`.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::fault::Place;

/// Files that one case may have, and lines that one made file may have.
const MOST_FILES: usize = 5_000;
const MOST_LINES: usize = 100_000;

/// Files that say something about the case and are not part of the change.
const SPECIAL: &[&str] =
    &["README", "README.md", "collisions.txt", "expect.txt", "generate.txt", "modes.txt", "overlay.json"];

/// One changed file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Its path.
    pub path: String,
    /// Its bytes before; none when it is new.
    pub old: Option<Vec<u8>>,
    /// Its bytes after; none when it is deleted.
    pub new: Option<Vec<u8>>,
    /// Its modes before and after, as git writes them.
    pub modes: (String, String),
}

impl CaseFile {
    fn of(path: &str) -> Self {
        let modes = ("100644".to_owned(), "100644".to_owned());
        Self { path: path.to_owned(), old: None, new: None, modes }
    }
}

/// A finding that must come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The rule as the case names it: an id, or the last part of one.
    pub rule: String,
    /// The path, or empty for the whole change.
    pub path: String,
    /// The line, or 0.
    pub line: u32,
}

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The pack or policy folder it belongs to.
    pub pack: String,
    /// Its folder as shown to people.
    pub folder: String,
    /// The name of the rule's folder.
    pub rule: String,
    /// The files, sorted by path.
    pub files: Vec<CaseFile>,
    /// Paths that some file systems take for one.
    pub collisions: Vec<(String, String)>,
    /// What must be found; nothing for a near miss.
    pub expected: BTreeSet<Expected>,
    /// Keys laid over the document, or null.
    pub overlay: serde_json::Value,
}

impl Case {
    /// Says whether the rule of that id is expected to fire.
    #[must_use]
    pub fn fires(&self, id: &str) -> bool {
        self.expected.iter().any(|expected| means(&expected.rule, id))
    }

    /// Says whether a file of the case, or all of it, must leave the rule of that id quiet.
    #[must_use]
    pub fn nearly_fires(&self, id: &str) -> bool {
        let own: Vec<&Expected> = self.expected.iter().filter(|expected| means(&expected.rule, id)).collect();
        let quiet = |path: &str| !own.iter().any(|expected| expected.path == path || expected.path.is_empty());
        own.is_empty() || self.files.iter().any(|file| quiet(&file.path))
    }
}

/// Says whether a name that a case uses means the rule of that id.
#[must_use]
pub fn means(name: &str, id: &str) -> bool {
    name == id || id.rsplit('/').next() == Some(name)
}

/// Reads all cases among the files of a pack: bytes by path as shown to people. Sorted by folder.
#[must_use]
pub fn read(pack: &str, files: &BTreeMap<String, Vec<u8>>) -> (Vec<Case>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut folders: BTreeMap<String, (String, Vec<Content<'_>>)> = BTreeMap::new();
    let roots = roots(pack, files);
    for (path, bytes) in files {
        let Some((rule, above)) = rule_folder(pack, path) else { continue };
        let Some(root) = case_root(path, above, &roots) else {
            if is_prose(path.rsplit('/').next().unwrap_or("")) {
                continue;
            }
            let hint = "a case is a folder of its own: `cases/<rule>/<name>/...`";
            faults.push(Place::file(path).fault("case-form", "this file belongs to no case", hint));
            continue;
        };
        let inside = path.get(root.len().saturating_add(1)..).unwrap_or("");
        let found = folders.entry(root.to_owned()).or_insert_with(|| (rule.to_owned(), Vec::new()));
        found.1.push((inside, bytes));
    }
    let mut cases = Vec::new();
    for (folder, (rule, files)) in folders {
        match case(pack, &folder, &rule, &files) {
            Ok(case) => cases.push(case),
            Err((path, why)) => {
                let hint = "the form of a case is described in docs/policies.md";
                faults.push(Place::file(&path).fault("case-form", why, hint));
            }
        }
    }
    (cases, faults)
}

/// Says whether a path lies in a folder of cases of that pack.
#[must_use]
pub fn is_case_file(pack: &str, path: &str) -> bool {
    rule_folder(pack, path).is_some()
}

/// Returns the name of the rule's folder that holds a path, and the length of the path up to it.
fn rule_folder<'p>(pack: &str, path: &'p str) -> Option<(&'p str, usize)> {
    let inside = path.strip_prefix(pack)?.strip_prefix('/')?;
    let start = path.len().saturating_sub(inside.len());
    let at = if inside.starts_with("cases/") { 0 } else { inside.find("/cases/")?.saturating_add(1) };
    let rest = inside.get(at.saturating_add("cases/".len())..)?;
    let (rule, _) = rest.split_once('/')?;
    let above = start.saturating_add(at).saturating_add("cases/".len()).saturating_add(rule.len());
    Some((rule, above))
}

/// Returns the folder directly below a rule's that holds a path.
fn first_folder(path: &str, above: usize) -> Option<&str> {
    let below = path.get(above.saturating_add(1)..)?;
    path.get(..above.saturating_add(1).saturating_add(below.find('/')?))
}

/// Says whether a path shows that cases lie below its first folder, which only groups them: it has a file of a case's own,
/// a side, or a folder called `fires` or `quiet` deeper down.
fn groups(path: &str, first: &str) -> bool {
    let deeper: Vec<&str> = path.get(first.len().saturating_add(1)..).unwrap_or("").split('/').collect();
    let Some((name, folders)) = deeper.split_last() else { return false };
    let marked = !folders.is_empty() && SPECIAL.contains(name) && !is_prose(name);
    let side = folders.iter().skip(1).any(|folder| matches!(*folder, "base" | "head"));
    let called = folders.iter().any(|folder| *folder == "quiet" || folder.ends_with("fires"));
    let itself = folders.first().is_some_and(|folder| matches!(*folder, "base" | "head"));
    !itself && (marked || side || called)
}

/// Returns the folders that are cases: those directly below a rule's, and where one only groups others, the folders in it
/// that hold a file of their own, `base` or `head`.
fn roots<'f>(pack: &str, files: &'f BTreeMap<String, Vec<u8>>) -> BTreeSet<&'f str> {
    let mut found = BTreeSet::new();
    let first_of = |path: &'f str| Some((path, first_folder(path, rule_folder(pack, path)?.1)?));
    let firsts: Vec<(&str, &str)> = files.keys().filter_map(|path| first_of(path)).collect();
    let grouped: BTreeSet<&str> =
        firsts.iter().filter(|(path, first)| groups(path, first)).map(|(_, first)| *first).collect();
    found.extend(firsts.iter().map(|(_, first)| *first).filter(|first| !grouped.contains(first)));
    for path in files.keys() {
        let Some((_, above)) = rule_folder(pack, path) else { continue };
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        // What is told about a rule's cases is none.
        if !is_prose(name) || folder.len() > above {
            found.insert(folder);
        }
        for (at, _) in path.match_indices('/') {
            let rest = path.get(at.saturating_add(1)..).unwrap_or("");
            if rest.starts_with("base/") || rest.starts_with("head/") {
                found.extend(path.get(..at));
            }
        }
    }
    found
}

fn is_prose(name: &str) -> bool {
    matches!(name, "README" | "README.md")
}

/// Returns the outermost folder of a path that is one of `roots`, not above the rule's folder.
fn case_root<'p>(path: &'p str, above: usize, roots: &BTreeSet<&str>) -> Option<&'p str> {
    let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at >= above);
    ends.filter_map(|at| path.get(..at)).find(|folder| roots.contains(folder))
}

/// A path below the case's folder, and its bytes.
type Content<'f> = (&'f str, &'f [u8]);

/// A path, and why it is refused.
type Refused = (String, String);

fn case(pack: &str, folder: &str, rule: &str, contents: &[Content<'_>]) -> Result<Case, Refused> {
    let refused = |name: &str, why: String| (format!("{folder}/{name}"), why);
    let split = contents.iter().any(|(path, _)| path.starts_with("base/") || path.starts_with("head/"));
    let mut files: BTreeMap<String, CaseFile> = BTreeMap::new();
    let mut special: BTreeMap<&str, String> = BTreeMap::new();
    for (path, bytes) in contents {
        if SPECIAL.contains(path) {
            special.insert(path, String::from_utf8_lossy(bytes).into_owned());
            continue;
        }
        let (is_head, inside) = match (split, path.strip_prefix("head/"), path.strip_prefix("base/")) {
            (false, ..) => (true, *path),
            (true, Some(inside), _) => (true, inside),
            (true, _, Some(inside)) => (false, inside),
            _ => return Err(refused(path, "it lies beside `base` and `head`".to_owned())),
        };
        let (path, bytes) = decoded(inside, bytes).map_err(|why| refused(path, why))?;
        let file = files.entry(path.clone()).or_insert_with(|| CaseFile::of(&path));
        *(if is_head { &mut file.new } else { &mut file.old }) = Some(bytes);
    }
    let text = |name: &str| special.get(name).map_or("", String::as_str);
    generated(text("generate.txt"), &mut files).map_err(|why| refused("generate.txt", why))?;
    modes(text("modes.txt"), &mut files).map_err(|why| refused("modes.txt", why))?;
    if files.len() > MOST_FILES {
        return Err(refused("", format!("it has more than {MOST_FILES} files")));
    }
    let twins = |line: &str| line.split_once(' ').map(|(path, twin)| (path.to_owned(), twin.to_owned()));
    let collisions = text("collisions.txt").lines().filter_map(twins).collect();
    let mut expected = BTreeSet::new();
    for line in text("expect.txt").lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        expected.insert(finding(line).map_err(|why| refused("expect.txt", why))?);
    }
    for file in files.values() {
        let text = file.new.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        for (line, _) in (1_u32..).zip(text.split('\n')).filter(|(_, line)| line.trim_end().ends_with(" fires")) {
            expected.insert(Expected { rule: rule.to_owned(), path: file.path.clone(), line });
        }
    }
    let overlay = match text("overlay.json") {
        "" => serde_json::Value::Null,
        json => serde_json::from_str(json).map_err(|error| refused("overlay.json", error.to_string()))?,
    };
    let files = files.into_values().collect();
    Ok(Case {
        pack: pack.to_owned(),
        folder: folder.to_owned(),
        rule: rule.to_owned(),
        files,
        collisions,
        expected,
        overlay,
    })
}

fn generated(text: &str, files: &mut BTreeMap<String, CaseFile>) -> Result<(), String> {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let wrong = || format!("`{line}` is not `<count> <path with {{}}> <lines>`");
        let words: Vec<&str> = line.split_whitespace().collect();
        let [count, path, lines] = words.as_slice() else { return Err(wrong()) };
        let count = count.parse().ok().filter(|count| *count <= MOST_FILES).ok_or_else(wrong)?;
        let lines = lines.parse().ok().filter(|lines| *lines <= MOST_LINES).ok_or_else(wrong)?;
        for number in 1..=count {
            let path = path.replace("{}", &number.to_string());
            let new = Some("line\n".repeat(lines).into_bytes());
            files.insert(path.clone(), CaseFile { new, ..CaseFile::of(&path) });
        }
    }
    Ok(())
}

fn modes(text: &str, files: &mut BTreeMap<String, CaseFile>) -> Result<(), String> {
    const KNOWN: &[&str] = &["000000", "100644", "100755", "120000", "160000"];
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [path, old, new] = words.as_slice() else { return Err(format!("`{line}` is not `<path> <base> <head>`")) };
        if ![old, new].iter().all(|mode| KNOWN.contains(mode)) {
            return Err(format!("`{line}`: modes are {}", KNOWN.join(", ")));
        }
        let file = files.entry((*path).to_owned()).or_insert_with(|| CaseFile::of(path));
        file.modes = ((*old).to_owned(), (*new).to_owned());
        for (side, mode) in [(&mut file.old, old), (&mut file.new, new)] {
            if *mode != "000000" && side.is_none() {
                *side = Some(b"target".to_vec());
            }
        }
    }
    Ok(())
}

fn finding(line: &str) -> Result<Expected, String> {
    let Some((rule, place)) = line.split_once(' ') else {
        return Ok(Expected { rule: line.to_owned(), path: String::new(), line: 0 });
    };
    let numbered = place.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<u32>().ok()?)));
    let (path, line) = numbered.unwrap_or((place, 0));
    Ok(Expected { rule: rule.to_owned(), path: unescaped_name(path)?, line })
}

/// Returns a file with its name, both decoded where the name asks for it.
fn decoded(path: &str, bytes: &[u8]) -> Result<(String, Vec<u8>), String> {
    match path.strip_suffix(".esc") {
        Some(shown) => Ok((unescaped_name(shown)?, unescaped(bytes)?)),
        None => Ok((path.to_owned(), bytes.to_vec())),
    }
}

/// Decodes `{202E}` of a name; a backslash could not be checked out everywhere.
fn unescaped_name(name: &str) -> Result<String, String> {
    String::from_utf8(unescaped(name.replace('{', "\\u{").as_bytes())?).map_err(|_| "the name is no UTF-8".to_owned())
}

/// Decodes `\u{...}` and `\xNN`; everything else stays as it is.
fn unescaped(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let digits =
            |digits: Option<&[u8]>| std::str::from_utf8(digits?).ok().and_then(|d| u32::from_str_radix(d, 16).ok());
        if let Some(after) = rest.strip_prefix(b"\\u{") {
            let end = after.iter().position(|byte| *byte == b'}').ok_or("`\\u{` without an end")?;
            let letter = digits(after.get(..end)).and_then(char::from_u32).ok_or("`\\u{...}` names no character")?;
            out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after.get(end.saturating_add(1)..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix(b"\\x") {
            let byte =
                digits(after.get(..2)).and_then(|byte| u8::try_from(byte).ok()).ok_or("`\\x` needs two digits")?;
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Case, Fault, read};

    fn cases(files: &[(&str, &str)]) -> (Vec<Case>, Vec<Fault>) {
        let files: BTreeMap<String, Vec<u8>> =
            files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        read("p", &files)
    }

    #[test]
    fn sides_marks_and_expectations_are_read() {
        let (cases, faults) = cases(&[
            ("p/cases/no-print/fires/base/a.py", "x = 1\n"),
            ("p/cases/no-print/fires/head/a.py", "x = 1\nprint(x)  # fires\n"),
            ("p/cases/no-print/fires/expect.txt", "p/other b.py\np/whole\n"),
            ("p/deep/cases/no-print/flat/src/a.py", "x\n"),
            ("p/deep/cases/no-print/flat/README.md", "why\n"),
            ("p/deep/cases/no-print/README.md", "why\n"),
        ]);
        assert_eq!(faults, []);
        let shown: Vec<_> =
            cases.iter().map(|case| (case.folder.as_str(), case.files.len(), case.expected.len())).collect();
        assert_eq!(shown, [("p/cases/no-print/fires", 1, 3), ("p/deep/cases/no-print/flat", 1, 0)]);
        assert!(cases[0].fires("p/no-print") && !cases[0].nearly_fires("p/no-print"));
        assert!(cases[1].nearly_fires("p/no-print") && !cases[1].fires("p/no-print"));
        assert_eq!(cases[1].files[0].path, "src/a.py");
    }

    #[test]
    fn the_first_folder_is_the_case_unless_it_groups_others() {
        let (cases, faults) = cases(&[
            ("p/cases/a/near-miss/src/app.py", "x\n"),
            ("p/cases/a/near-miss/tests/test_app.py", "x\n"),
            ("p/cases/a/python/fires/src/app.py", "x\n"),
            ("p/cases/a/python/other/lib/app.py", "x\n"),
            ("p/cases/a/python/other/expect.txt", "p/a\n"),
        ]);
        assert_eq!(faults, []);
        let shown: Vec<_> = cases.iter().map(|case| (case.folder.as_str(), case.files.len())).collect();
        assert_eq!(shown[0], ("p/cases/a/near-miss", 2));
        assert!(shown.contains(&("p/cases/a/python/other", 1)), "{shown:?}");
        assert_eq!(cases[0].files[1].path, "tests/test_app.py");
    }

    #[test]
    fn what_is_written_wrongly_names_its_file() {
        let (cases, faults) = cases(&[
            ("p/cases/a/one/overlay.json", "{"),
            ("p/cases/a/two/modes.txt", "x 1 2\n"),
            ("p/cases/a/three/head/x.esc", "\\u{zz}"),
            ("p/cases/a/four/generate.txt", "9999999 x 1\n"),
            ("p/cases/a/five/beside.txt", "x"),
            ("p/cases/a/five/head/x", "x"),
        ]);
        assert_eq!(cases, []);
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "p/cases/a/five/beside.txt",
                "p/cases/a/four/generate.txt",
                "p/cases/a/one/overlay.json",
                "p/cases/a/three/head/x.esc",
                "p/cases/a/two/modes.txt",
            ]
        );
    }

    #[test]
    fn hidden_characters_are_written_in_ascii() {
        let (cases, _) = cases(&[("p/cases/a/one/a{202E}.py.esc", "x\\u{41}\\x42")]);
        assert_eq!(cases[0].files[0].path, "a\u{202E}.py");
        assert_eq!(cases[0].files[0].new.as_deref(), Some(b"xAB".as_slice()));
    }
}
