//! New imports of what exists nowhere: a package that no manifest names, a name that its module does not hold.
//!
//! Owns what is asked, and when the answer is certain. Must not open anything: the tree is a trait. Wherever the text
//! leaves a way for the name to exist, nothing is said: manifests and modules are searched for the word, not understood.

mod javascript;
mod python;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::{FactChange, Import};

/// An import of what exists nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct UnknownImport {
    /// Line, from 1.
    pub line: u32,
    /// `package`: no manifest names it; `name`: the module, a file of this repository, does not hold it.
    pub kind: String,
    /// The package, or the name.
    pub name: String,
    /// The nearest manifest that does not name it, or the file that does not hold it.
    pub from: String,
}

/// Head's tree, as far as somebody asks.
pub trait Tree {
    /// Returns the names of the entries of a folder; of folders with `/` behind it. Nothing where there is no folder, or
    /// where it cannot be known.
    fn folder(&mut self, folder: &str) -> BTreeSet<String>;

    /// Returns the text of a file, or nothing where there is none or it may not be read.
    fn text(&mut self, path: &str) -> Option<String>;
}

/// A changed file whose imports are held against the tree.
#[derive(Clone, Copy, Debug)]
pub struct Importing<'a> {
    /// Its path in head.
    pub path: &'a str,
    /// Its language.
    pub language: &'a str,
    /// Its text in head.
    pub text: &'a str,
    /// Its imports.
    pub imports: &'a [Import],
}

/// Returns the new imports of what exists nowhere, sorted by place. Knows Python, JavaScript and TypeScript.
#[must_use]
pub fn unknown_imports(file: Importing<'_>, tree: &mut dyn Tree) -> Vec<UnknownImport> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for import in file.imports.iter().filter(|import| import.change == FactChange::Added) {
        match file.language {
            "python" => found.extend(python::unknown(file.path, &lines, import, tree)),
            "javascript" | "typescript" | "tsx" => found.extend(javascript::unknown(file.path, &lines, import, tree)),
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Returns the folder of a path, and those around it, the nearest first; the last is the root, `""`.
fn folders_around(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some((folder, _)) = rest.rsplit_once('/') {
        found.push(folder);
        rest = folder;
    }
    found.push("");
    found
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Most files beside a file that are asked whether they import the same.
const MOST_BESIDE: usize = 20;

/// Says whether a file beside this one, or one folder up, holds one of the texts: what others here import is known.
fn imported_beside(path: &str, endings: &[&str], texts: &[String], tree: &mut dyn Tree) -> bool {
    for folder in folders_around(path).into_iter().take(2) {
        let entries = tree.folder(folder);
        let code = entries.iter().filter(|name| endings.iter().any(|ending| name.ends_with(ending)));
        for name in code.take(MOST_BESIDE) {
            let other = join(folder, name);
            if other != path && tree.text(&other).is_some_and(|text| texts.iter().any(|part| text.contains(part))) {
                return true;
            }
        }
    }
    false
}

/// Says whether a text holds a word, with no letter, digit or `_` beside it.
fn holds_word(text: &str, word: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|left| left.chars().next_back());
        let after = text.get(at.saturating_add(word.len())..).and_then(|right| right.chars().next());
        !part(before) && !part(after)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Importing, Tree, UnknownImport, unknown_imports};
    use crate::facts::{FactChange, Import};

    struct Files(BTreeMap<&'static str, &'static str>);

    impl Tree for Files {
        fn folder(&mut self, folder: &str) -> BTreeSet<String> {
            let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let below = self.0.keys().filter_map(|path| path.strip_prefix(&prefix));
            below.map(|rest| rest.split_once('/').map_or(rest.to_owned(), |(name, _)| format!("{name}/"))).collect()
        }

        fn text(&mut self, path: &str) -> Option<String> {
            self.0.get(path).map(|text| (*text).to_owned())
        }
    }

    fn found(
        path: &str,
        language: &str,
        line: &str,
        raws: &[&str],
        files: &[(&'static str, &'static str)],
    ) -> Vec<String> {
        let import = |raw: &&str| Import {
            raw: (*raw).to_owned(),
            target: String::new(),
            module: String::new(),
            external: false,
            line: 1,
            change: FactChange::Added,
        };
        let imports: Vec<Import> = raws.iter().map(import).collect();
        let file = Importing { path, language, text: line, imports: &imports };
        let mut tree = Files(files.iter().copied().collect());
        let said = |unknown: UnknownImport| format!("{} {} {}", unknown.kind, unknown.name, unknown.from);
        unknown_imports(file, &mut tree).into_iter().map(said).collect()
    }

    const PYTHON: &[(&str, &str)] = &[
        ("pyproject.toml", "[project]\ndependencies = [\"requests>=2\", \"PyYAML\"]\n"),
        ("shop/__init__.py", ""),
        ("shop/cart.py", "def total(): ...\n"),
        ("shop/all.py", "from .cart import *\n"),
    ];

    fn python(line: &str, raw: &str) -> Vec<String> {
        found("shop/orders.py", "python", line, &[raw], PYTHON)
    }

    #[test]
    fn a_package_that_no_manifest_names_is_unknown() {
        assert_eq!(python("import fastshop", "fastshop"), ["package fastshop pyproject.toml"]);
        for known in ["requests", "yaml", "os.path", "shop.cart", "requests.adapters.X"] {
            assert_eq!(python(&format!("import {known}"), known), [""; 0], "{known}");
        }
    }

    #[test]
    fn a_name_that_its_module_does_not_hold_is_unknown() {
        assert_eq!(python("from shop.cart import sums", "shop.cart.sums"), ["name sums shop/cart.py"]);
        assert_eq!(python("from .cart import sums", ".cart.sums"), ["name sums shop/cart.py"]);
        for known in [".cart.total", "shop.cart.total", "shop.all.sums", ".all.sums", ".cart"] {
            assert_eq!(python("from x import y", known), [""; 0], "{known}");
        }
    }

    #[test]
    fn an_import_that_may_fail_is_left_alone() {
        assert_eq!(python("    import fastshop", "fastshop"), [""; 0]);
        assert_eq!(found("a.py", "python", "import fastshop", &["fastshop"], &[("a.py", "")]), [""; 0]);
    }

    const SCRIPT: &[(&str, &str)] = &[
        ("package.json", "{\"name\": \"shop\", \"dependencies\": {\"react\": \"19\", \"@shop/bank\": \"1\"}}"),
        ("src/cart.ts", "export function total() {}\n"),
        ("src/all.ts", "export * from './cart';\n"),
        ("tsconfig.json", "{\"compilerOptions\": {\"paths\": {\"@app/*\": [\"./src/*\"]}}}"),
    ];

    fn script(line: &str, raw: &str) -> Vec<String> {
        found("src/orders.ts", "typescript", line, &[raw], SCRIPT)
    }

    #[test]
    fn a_package_of_javascript_that_no_manifest_names_is_unknown() {
        assert_eq!(script("import a from 'fast-shop/cart'", "fast-shop/cart"), ["package fast-shop package.json"]);
        assert_eq!(script("import a from '@fast/shop'", "@fast/shop"), ["package @fast/shop package.json"]);
        for known in
            ["react", "react/jsx-runtime", "@shop/bank/x", "fs", "node:fs", "fs/promises", "@app/cart", "#x", "~/x"]
        {
            assert_eq!(script(&format!("import a from '{known}'"), known), [""; 0], "{known}");
        }
    }

    #[test]
    fn a_name_that_a_module_of_javascript_does_not_hold_is_unknown() {
        assert_eq!(script("import { total, sums as x } from './cart'", "./cart"), ["name sums src/cart.ts"]);
        for known in [
            "import { total } from './cart'",
            "import cart, { type total } from './cart.js'",
            "import * as a from './cart'",
        ] {
            assert_eq!(script(known, "./cart"), [""; 0], "{known}");
        }
        assert_eq!(script("import { sums } from './all'", "./all"), [""; 0]);
        assert_eq!(script("import { sums } from './gen'", "./gen"), [""; 0]);
    }
}
