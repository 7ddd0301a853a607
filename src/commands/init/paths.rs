//! Which files of a repository are no ordinary code: generated, copied from elsewhere, or tests by a name of their own.
//!
//! Owns proposals for people to read. A glob is proposed only where files have it, and for `generated` only where the
//! repository says so or the files do.

use std::collections::BTreeSet;

use crate::change::trusted::Tree;
use crate::configuration::{Classifier, PathGlobs};
use crate::limits::Limits;
use crate::policies::input::FileClass;

/// More folders of one name than this become one glob.
const FEW: usize = 3;
/// Most globs of one list.
const MOST: usize = 20;
/// Files of a folder that are opened to see whether they say that a program wrote them.
const SAMPLE: usize = 5;
/// How much of them is read for that, in bytes.
const HEAD: usize = 2_000;
/// Most folders that are looked into.
const MOST_FOLDERS: usize = 50;

/// Names that only programs give.
const GENERATED: &[&str] = &[
    "*.g.dart",
    "*.min.js",
    "*.min.css",
    "*.pb.cc",
    "*.pb.go",
    "*.pb.gw.go",
    "*.pb.h",
    "*_pb2.py",
    "*_pb2.pyi",
    "*_pb2_grpc.py",
    "zz_generated.*.go",
];
/// Folders that hold what others wrote, whatever stands around them.
const VENDORED: &[&str] = &["Godeps", "bower_components", "node_modules", "third_party"];
/// Tests by a name that is not known without configuration.
const TESTS: &[&str] = &[
    "*IT.java",
    "*Spec.groovy",
    "*Spec.scala",
    "*Test.kt",
    "*Test.php",
    "*Tests.cs",
    "*Tests.swift",
    "*_spec.rb",
    "*_test.dart",
    "*_test.exs",
    "tests.rs",
];
/// Folders of tests that are not known without configuration.
const TEST_FOLDERS: &[&str] = &[
    "__fixtures__",
    "__mocks__",
    "androidTest",
    "cypress",
    "e2e",
    "integration-test",
    "integration-tests",
    "integrationTest",
    "integration_test",
    "integration_tests",
    "testFixtures",
    "testlib",
    "testutil",
    "testutils",
];

/// A glob with the number of tracked files that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) glob: String,
    pub(super) files: usize,
}

/// What is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) generated: Vec<Counted>,
    pub(super) vendored: Vec<Counted>,
    pub(super) test: Vec<Counted>,
}

impl Classes {
    /// Looks at the names of all tracked files, at `.gitattributes`, and into a few files.
    pub(super) fn of(paths: &[String], tree: &Tree) -> Self {
        let attributes = tree.read(".gitattributes", &Limits::default()).ok().flatten().unwrap_or_default();
        let attributes = String::from_utf8_lossy(&attributes).into_owned();
        let anywhere = |names: &[&str]| names.iter().map(|name| format!("**/{name}")).collect::<Vec<_>>();
        let mut vendored = declared(&attributes, "linguist-vendored");
        for one in VENDORED {
            let found = folders(paths, |name, _| name == *one);
            vendored.extend(if found.len() > FEW { vec![format!("**/{one}/**")] } else { found });
        }
        vendored.extend(folders(paths, |name, above| name == "vendor" && (above.is_empty() || is_go(paths, above))));
        let vendored = counted(vendored, paths, &[]);
        let mut generated = declared(&attributes, "linguist-generated");
        generated.extend(anywhere(GENERATED));
        generated.extend(said_so(paths, tree));
        let generated = counted(generated, paths, &vendored);
        let known = Classifier::new(&PathGlobs::default());
        let unknown: Vec<String> =
            paths.iter().filter(|path| known.classify(path) == FileClass::Source).cloned().collect();
        let folders = TEST_FOLDERS.iter().map(|name| format!("**/{name}/**"));
        let elsewhere = [generated.clone(), vendored.clone()].concat();
        let test = counted(anywhere(TESTS).into_iter().chain(folders).collect(), &unknown, &elsewhere);
        Self { generated, vendored, test }
    }
}

/// Go's own list stands in every folder of vendored modules.
fn is_go(paths: &[String], above: &str) -> bool {
    let list = format!("{above}vendor/modules.txt");
    paths.binary_search(&list).is_ok()
}

/// Returns a glob for each outermost folder of which the name and what stands before it (with a slash at its end) say so.
fn folders(paths: &[String], is_one: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut found = BTreeSet::new();
    for path in paths {
        let mut above = 0;
        for (end, _) in path.match_indices('/') {
            let (before, name) = (path.get(..above).unwrap_or(""), path.get(above..end).unwrap_or(""));
            if is_one(name, before) {
                found.insert(format!("{}{}/**", globset::escape(before), globset::escape(name)));
                break;
            }
            above = end + 1;
        }
    }
    found.into_iter().collect()
}

/// Folders and files called `generated`, where a few of their files say that a program wrote them.
fn said_so(paths: &[String], tree: &Tree) -> Vec<String> {
    let mut globs = folders(paths, |name, _| name == "generated");
    globs.truncate(MOST_FOLDERS);
    globs.retain(|glob| {
        let Some(folder) = glob.strip_suffix("**") else { return false };
        let below: Vec<&String> = paths.iter().filter(|path| globset::escape(path).starts_with(folder)).collect();
        let step = (below.len() / SAMPLE).max(1);
        below.iter().step_by(step).take(SAMPLE).all(|path| says_generated(tree, path))
    });
    let named = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.rsplit_once('.').is_some_and(|(stem, _)| stem == "generated")
    };
    let files = paths.iter().filter(named).take(MOST_FOLDERS).filter(|path| says_generated(tree, path));
    globs.extend(files.map(|path| globset::escape(path)));
    globs
}

fn says_generated(tree: &Tree, path: &str) -> bool {
    let bytes = tree.read(path, &Limits::default()).ok().flatten().unwrap_or_default();
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(&bytes)).to_lowercase();
    ["@generated", "generated by", "generated from", "generated file", "generated code", "code generated"]
        .iter()
        .any(|words| head.contains(words))
}

/// Patterns of `.gitattributes` that set an attribute, as globs.
fn declared(text: &str, attribute: &str) -> Vec<String> {
    let set = |word: &str| word == attribute || word == format!("{attribute}=true");
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', '"', '[']));
    let patterns = lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        let pattern = words.next()?;
        words.any(set).then_some(pattern)
    });
    let glob = |pattern: &str| {
        let inside = pattern.trim_start_matches('/');
        let anywhere = !pattern.trim_end_matches('/').contains('/');
        let below = if inside.ends_with('/') { "**" } else { "" };
        format!("{}{inside}{below}", if anywhere { "**/" } else { "" })
    };
    patterns.map(glob).collect()
}

/// Keeps the globs that match files not covered by `others` or by a glob before them.
fn counted(globs: Vec<String>, paths: &[String], others: &[Counted]) -> Vec<Counted> {
    let compiled = |text: &str| crate::configuration::glob(text).ok().map(|glob| glob.compile_matcher());
    let mut left: Vec<&str> = paths.iter().map(String::as_str).collect();
    for matcher in others.iter().filter_map(|other| compiled(&other.glob)) {
        left.retain(|path| !matcher.is_match(path));
    }
    let mut found: Vec<Counted> = Vec::new();
    for glob in globs {
        let Some(matcher) = compiled(&glob) else { continue };
        let before = left.len();
        left.retain(|path| !matcher.is_match(path));
        let files = before - left.len();
        // A glob over everything would switch the gate off.
        if files > 0 && files < paths.len() {
            found.push(Counted { glob, files });
        }
    }
    found.sort_by(|a, b| (b.files, &a.glob).cmp(&(a.files, &b.glob)));
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::{Classes, declared};
    use crate::change::trusted::Tree;

    fn classes(files: &[(&str, &str)]) -> Classes {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let mut paths: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        paths.sort();
        Classes::of(&paths, &Tree::at_folder(&std::fs::canonicalize(folder.path()).unwrap()))
    }

    fn globs(found: &[super::Counted]) -> Vec<&str> {
        found.iter().map(|found| found.glob.as_str()).collect()
    }

    #[test]
    fn a_folder_called_generated_counts_only_when_its_files_say_so() {
        let found = classes(&[
            ("a/generated/x.rs", "//! Generated by `cargo codegen`, do not edit\n"),
            ("b/generated/y.rs", "fn hand_written() {}\n"),
            ("src/main.rs", "fn main() {}\n"),
            ("api/orders.pb.go", ""),
        ]);
        assert_eq!(globs(&found.generated), ["**/*.pb.go", "a/generated/**"]);
    }

    #[test]
    fn a_package_called_vendor_is_code_and_one_of_go_modules_is_not() {
        let found = classes(&[
            ("src/shop/vendor/Vendor.java", ""),
            ("tool/vendor/modules.txt", ""),
            ("tool/vendor/x/x.go", ""),
            ("web/node_modules/a/index.js", ""),
        ]);
        assert_eq!(globs(&found.vendored), ["tool/vendor/**", "web/node_modules/**"]);
    }

    #[test]
    fn tests_are_named_only_where_their_name_is_not_known_anyway() {
        let found = classes(&[("tests/a.rs", ""), ("src/tests.rs", ""), ("web/e2e/login.ts", ""), ("src/a.rs", "")]);
        assert_eq!(globs(&found.test), ["**/e2e/**", "**/tests.rs"]);
    }

    #[test]
    fn attributes_of_git_become_globs_and_a_cleared_one_does_not() {
        let text = "*.snap linguist-generated\n/gen/ linguist-generated=true\na/b.ts text linguist-generated\n\
                    # x linguist-generated\n*.y -linguist-generated\n*.z linguist-generated=false\n";
        assert_eq!(declared(text, "linguist-generated"), ["**/*.snap", "gen/**", "a/b.ts"]);
        assert!(classes(&[(".gitattributes", "* linguist-generated\n"), ("a.py", "")]).generated.is_empty());
    }
}
