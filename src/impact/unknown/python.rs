//! Python: the first word of a name is the standard library's, the repository's, or that of a package.
//!
//! Owns where it is looked for. A package is often imported by another name than it is installed by: a manifest that holds
//! the word anywhere, or one of its usual other names, names it.

use super::{Tree, UnknownImport, folders_around, holds_word, imported_beside, join};
use crate::facts::{Import, standard};

/// Folders in which packages often begin.
const ROOTS: &[&str] = &["", "src", "lib", "python", "tests", "test"];

/// What runs a file of tests is there, whoever brings it.
const RUNNERS: &[&str] = &["pytest", "_pytest"];

/// Names that a package is imported by, and a word of the name that it is installed by.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("attr", "attrs"),
    ("bs4", "beautifulsoup"),
    ("cv2", "opencv"),
    ("Crypto", "pycrypto"),
    ("Cryptodome", "pycryptodome"),
    ("dateutil", "dateutil"),
    ("docx", "python-docx"),
    ("dotenv", "dotenv"),
    ("fitz", "pymupdf"),
    ("git", "gitpython"),
    ("github", "pygithub"),
    ("jose", "python-jose"),
    ("jwt", "pyjwt"),
    ("magic", "python-magic"),
    ("MySQLdb", "mysqlclient"),
    ("OpenSSL", "pyopenssl"),
    ("OpenGL", "pyopengl"),
    ("PIL", "pillow"),
    ("pkg_resources", "setuptools"),
    ("psycopg2", "psycopg"),
    ("serial", "pyserial"),
    ("skimage", "scikit-image"),
    ("sklearn", "scikit-learn"),
    ("usb", "pyusb"),
    ("win32api", "pywin32"),
    ("win32con", "pywin32"),
    ("yaml", "yaml"),
    ("zmq", "pyzmq"),
];

/// Returns what an import of Python names that exists nowhere.
pub(super) fn unknown(path: &str, lines: &[&str], import: &Import, tree: &mut dyn Tree) -> Option<UnknownImport> {
    if !always_runs(lines, import.line) {
        return None;
    }
    let dots = import.raw.bytes().take_while(|byte| *byte == b'.').count();
    let words: Vec<&str> = import.raw.get(dots..)?.split('.').collect();
    let first = words.first().filter(|first| !first.is_empty())?;
    let around = folders_around(path);
    if dots > 0 {
        return name_in(around.get(dots.saturating_sub(1))?, &words, import.line, tree);
    }
    if standard::has(first) {
        return None;
    }
    let mut own = false;
    for folder in &around {
        for root in ROOTS {
            let root = if root.is_empty() { (*folder).to_owned() } else { join(folder, root) };
            if holds_module(&root, first, tree) {
                own = true;
                if let Some(unknown) = name_in(&root, &words, import.line, tree) {
                    return Some(unknown);
                }
            }
        }
    }
    if own || RUNNERS.contains(first) {
        return None;
    }
    let unknown = package(&around, first, import.line, tree)?;
    let texts = [format!("import {first}"), format!("from {first}")];
    (!imported_beside(path, &[".py"], &texts, tree)).then_some(unknown)
}

/// Says whether the import stands at the margin: one in a block may be tried, or for the checker of types only.
fn always_runs(lines: &[&str], line: u32) -> bool {
    let upto = lines.get(..line as usize).unwrap_or(lines);
    let begins = |line: &&&str| ["from ", "import "].iter().any(|word| line.trim_start().starts_with(word));
    upto.iter().rev().take(100).find(begins).is_some_and(|line| !line.starts_with([' ', '\t']))
}

fn holds_module(root: &str, name: &str, tree: &mut dyn Tree) -> bool {
    let names = tree.folder(root);
    [".py", ".pyi", ".so", ".pyx", ".pyd", "/"].iter().any(|ending| names.contains(&format!("{name}{ending}")))
}

/// Follows a name through folders to a file; says so where the file does not hold what comes after it.
fn name_in(root: &str, words: &[&str], line: u32, tree: &mut dyn Tree) -> Option<UnknownImport> {
    let (name, modules) = words.split_last()?;
    let mut folder = root.to_owned();
    for (at, word) in modules.iter().enumerate() {
        let names = tree.folder(&folder);
        if names.contains(&format!("{word}/")) {
            folder = join(&folder, word);
            continue;
        }
        let last = at.saturating_add(1) == modules.len();
        let file = join(&folder, &format!("{word}.py"));
        let alone = names.contains(&format!("{word}.py")) && !names.contains(&format!("{word}.pyi"));
        return if last && alone { lacks(&file, name, line, tree) } else { None };
    }
    let names = tree.folder(&folder);
    let module = names.iter().any(|entry| entry.split(['.', '/']).next() == Some(name));
    // Without a file of its own a package may go on in another folder.
    if module || modules.is_empty() || !names.contains("__init__.py") || names.contains("__init__.pyi") {
        return None;
    }
    lacks(&join(&folder, "__init__.py"), name, line, tree)
}

fn lacks(file: &str, name: &str, line: u32, tree: &mut dyn Tree) -> Option<UnknownImport> {
    let text = tree.text(file)?;
    let dynamic = ["import *", "__getattr__", "globals()", "setattr(", "exec(", "__dict__", "sys.modules", "locals()"];
    let special = name.starts_with("__") || *name == *"*";
    if special || holds_word(&text, name) || dynamic.iter().any(|word| text.contains(word)) {
        return None;
    }
    Some(UnknownImport { line, kind: "name".to_owned(), name: name.to_owned(), from: file.to_owned() })
}

fn is_manifest(name: &str) -> bool {
    let listed = matches!(
        name,
        "pyproject.toml"
            | "setup.py"
            | "setup.cfg"
            | "Pipfile"
            | "tox.ini"
            | "noxfile.py"
            | "uv.lock"
            | "poetry.lock"
            | "pdm.lock"
            | "Pipfile.lock"
            | "BUILD"
            | "BUILD.bazel"
            | "meta.yaml"
    );
    let requirements = name.contains("requirements") || name.contains("constraints") || name.starts_with("environment");
    listed || (requirements && [".txt", ".in", ".yml", ".yaml"].iter().any(|ending| name.ends_with(ending)))
}

/// Says so where there are manifests above the file and none holds the word.
fn package(around: &[&str], first: &str, line: u32, tree: &mut dyn Tree) -> Option<UnknownImport> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '.'], "-");
    let words: Vec<String> = OTHER_NAMES
        .iter()
        .filter(|(name, _)| *name == first)
        .map(|(_, installed)| (*installed).to_owned())
        .chain([plain(first)])
        .collect();
    let mut nearest: Option<String> = None;
    for folder in around {
        let mut beside: Vec<String> = vec![(*folder).to_owned()];
        let names = tree.folder(folder);
        beside.extend(
            names
                .iter()
                .filter(|name| name.contains("require"))
                .filter_map(|name| Some(join(folder, name.strip_suffix('/')?))),
        );
        for place in beside {
            for name in tree
                .folder(&place)
                .iter()
                .filter(|name| is_manifest(name) || (place != **folder && name.ends_with(".txt")))
            {
                let manifest = join(&place, name);
                let text = plain(&tree.text(&manifest)?);
                if words.iter().any(|word| text.contains(word.as_str())) {
                    return None;
                }
                nearest.get_or_insert(manifest);
            }
        }
    }
    let from = nearest?;
    Some(UnknownImport { line, kind: "package".to_owned(), name: first.to_owned(), from })
}
