//! What kind of file a path is.
//!
//! Owns the order of decision: generated, vendored and test as the base configuration declares them, then well-known
//! paths. A file is never generated or vendored because of its name or its first lines: those are chosen by the author
//! of the change.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::PathGlobs;
use crate::policies::input::FileClass;

/// Compiled globs of one configuration.
#[derive(Clone, Debug)]
pub struct Classifier {
    generated: GlobSet,
    vendored: GlobSet,
    test: GlobSet,
}

impl Classifier {
    /// Compiles the globs; one that does not compile matches nothing, which never relaxes a rule.
    #[must_use]
    pub fn new(paths: &PathGlobs) -> Self {
        Self { generated: set(&paths.generated), vendored: set(&paths.vendored), test: set(&paths.test) }
    }

    /// Says whether base configuration, and not only a well-known name, gives the path its class.
    #[must_use]
    pub fn declares(&self, path: &str) -> bool {
        [&self.generated, &self.vendored, &self.test].iter().any(|globs| globs.is_match(path))
    }

    /// Returns the class of a path (from the root of the repository, with `/`).
    #[must_use]
    pub fn classify(&self, path: &str) -> FileClass {
        if self.generated.is_match(path) {
            FileClass::Generated
        } else if self.vendored.is_match(path) {
            FileClass::Vendored
        } else if self.test.is_match(path) || is_test(path) {
            FileClass::Test
        } else {
            by_ending(path)
        }
    }
}

/// Compiles one glob as every part of the gate reads globs.
///
/// # Errors
/// When the glob is malformed.
pub(crate) fn glob(text: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build()
}

fn set(globs: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for compiled in globs.iter().filter_map(|text| glob(text).ok()) {
        builder.add(compiled);
    }
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

const TEST_FOLDERS: &[&str] = &["__tests__", "test", "testdata", "tests"];
const TEST_ENDINGS: &[&str] = &[
    ".spec.js",
    ".spec.jsx",
    ".spec.ts",
    ".spec.tsx",
    ".test.js",
    ".test.jsx",
    ".test.ts",
    ".test.tsx",
    "Test.java",
    "Tests.java",
    "_test.go",
    "_test.py",
    "_test.rs",
];

fn is_test(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let code = matches!(by_ending(path), FileClass::Source);
    folders.split('/').any(|folder| TEST_FOLDERS.contains(&folder)) && code
        || TEST_ENDINGS.iter().any(|ending| name.ends_with(ending))
        || (name.starts_with("test_") && name.ends_with(".py"))
        || name == "conftest.py"
}

const CONFIG_ENDINGS: &[&str] = &[
    "cfg",
    "conf",
    "csv",
    "env",
    "hcl",
    "ini",
    "json",
    "json5",
    "jsonc",
    "lock",
    "properties",
    "tf",
    "tfvars",
    "toml",
    "xml",
    "yaml",
    "yml",
];
const DOCS_ENDINGS: &[&str] = &["adoc", "asciidoc", "md", "mdx", "rst", "txt"];
const CONFIG_NAMES: &[&str] = &["codeowners", "go.mod", "go.sum", "go.work", "go.work.sum"];
/// Not prose, whatever the ending says: a build runs them, or installs what they name.
const SOURCE_NAMES: &[&str] = &["cmakelists.txt"];
const DOCS_NAMES: &[&str] = &["authors", "changelog", "copying", "license", "notice", "readme"];

fn by_ending(path: &str) -> FileClass {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    if SOURCE_NAMES.contains(&name.as_str()) {
        return FileClass::Source;
    }
    if CONFIG_NAMES.contains(&name.as_str()) || is_requirements(&name) {
        return FileClass::Config;
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name.as_str(), ""));
    if CONFIG_ENDINGS.contains(&ending) || stem.is_empty() {
        return FileClass::Config;
    }
    if DOCS_ENDINGS.contains(&ending) || (ending.is_empty() && DOCS_NAMES.contains(&name.as_str())) {
        return FileClass::Docs;
    }
    FileClass::Source
}

/// Says whether pip installs what the file of this lower-case name lists.
fn is_requirements(name: &str) -> bool {
    let pip = |stem: &str| stem.contains("requirements") || stem.contains("constraints");
    name.strip_suffix(".txt").is_some_and(pip)
}

#[cfg(test)]
mod tests {
    use super::Classifier;
    use crate::configuration::PathGlobs;
    use crate::policies::input::FileClass;

    fn class(paths: &PathGlobs, path: &str) -> FileClass {
        Classifier::new(paths).classify(path)
    }

    #[test]
    fn well_known_test_paths_are_tests_and_near_misses_are_source() {
        let none = PathGlobs::default();
        let tests = [
            "tests/a.rs",
            "pkg/test/a.py",
            "web/__tests__/a.tsx",
            "a_test.go",
            "x/test_a.py",
            "a.spec.ts",
            "b/a.test.tsx",
            "src/test/java/A.java",
            "conftest.py",
        ];
        for path in tests {
            assert_eq!(class(&none, path), FileClass::Test, "{path}");
        }
        for path in [
            "src/latest/a.rs",
            "contest.py",
            "a_tests.go",
            "testing.py",
            "src/tests.rs",
            "attestation/a.go",
            "api/spec/a.py",
        ] {
            assert_eq!(class(&none, path), FileClass::Source, "{path}");
        }
    }

    #[test]
    fn nothing_is_generated_or_vendored_without_configuration_row_62() {
        let none = PathGlobs::default();
        for path in ["vendor/a.go", "third_party/a.c", "a.pb.go", "node_modules/a/index.js", "dist/a.min.js"] {
            assert_eq!(class(&none, path), FileClass::Source, "{path}");
        }
    }

    #[test]
    fn generated_wins_over_vendored_over_test() {
        let all = vec!["a/**".to_owned()];
        let mut paths = PathGlobs { generated: all.clone(), vendored: all.clone(), test: all };
        assert_eq!(class(&paths, "a/b.go"), FileClass::Generated);
        paths.generated.clear();
        assert_eq!(class(&paths, "a/b.go"), FileClass::Vendored);
        paths.vendored.clear();
        assert_eq!(class(&paths, "a/b.go"), FileClass::Test);
    }

    #[test]
    fn a_star_never_crosses_a_folder() {
        let paths = PathGlobs { generated: vec!["gen/*.go".to_owned()], ..PathGlobs::default() };
        assert_eq!(class(&paths, "gen/a.go"), FileClass::Generated);
        assert_eq!(class(&paths, "gen/deep/a.go"), FileClass::Source);
    }

    #[test]
    fn endings_tell_configuration_and_prose_from_code() {
        let none = PathGlobs::default();
        assert_eq!(class(&none, "a/Cargo.lock"), FileClass::Config);
        assert_eq!(class(&none, ".gitignore"), FileClass::Config);
        assert_eq!(class(&none, "README.md"), FileClass::Docs);
        assert_eq!(class(&none, "tests/notes.md"), FileClass::Docs);
        assert_eq!(class(&none, "Makefile"), FileClass::Source);
        assert_eq!(class(&none, "src/CMakeLists.txt"), FileClass::Source);
        assert_eq!(class(&none, "requirements-dev.txt"), FileClass::Config);
        assert_eq!(class(&none, "tests/lint.requirements.txt"), FileClass::Config);
        assert_eq!(class(&none, "docs/notes.txt"), FileClass::Docs);
        assert_eq!(class(&none, "a/readme.py"), FileClass::Source);
    }
}
