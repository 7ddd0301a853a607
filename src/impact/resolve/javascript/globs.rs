//! Calls that take many files together: `import.meta.glob("./x/*.ts")` and `require.context("./x", true, /\.ts$/)`.
//!
//! Owns which files those are. Patterns that only take files away are not here, so there may be more than the bundler
//! takes. What is no code of the same family is no target.

use globset::GlobBuilder;
use regex::RegexBuilder;

use super::super::{Importer, Resolved, follow, join};
use super::JavaScript;
use crate::facts::family_of;

/// Bytes that a compiled expression may take.
const EXPRESSION: usize = 1 << 20;

impl JavaScript<'_> {
    /// Returns the files that a glob means, and after a line end in it an expression.
    pub(super) fn globbed(&self, from: Importer<'_>, written: &str) -> Resolved {
        let (glob, expression) = written.split_once('\n').unwrap_or((written, ""));
        let parts: Vec<&str> = glob.split('/').collect();
        let special = |part: &&str| part.contains(['*', '?', '[', '{', '(', '!']);
        let first = parts.iter().position(special).unwrap_or(parts.len());
        let fixed = parts.get(..first).unwrap_or_default().join("/");
        let rest = parts.get(first..).unwrap_or_default().join("/");
        let matcher = GlobBuilder::new(&rest).literal_separator(true).build().ok().map(|glob| glob.compile_matcher());
        let expression = RegexBuilder::new(expression).size_limit(EXPRESSION).build().ok();
        let mut found = Vec::new();
        for folder in self.places(from, &fixed) {
            let start = if folder.is_empty() { 0 } else { folder.len().saturating_add(1) };
            for id in self.files.below(&folder).take_while(|_| self.spend(1)) {
                let inner = self.files.path(id).get(start..).unwrap_or_default();
                let is_code = self.files.file(id).is_some_and(|file| family_of(&file.language) == Some("javascript"));
                let is_named = matcher.as_ref().is_none_or(|glob| glob.is_match(inner));
                let is_meant = expression.as_ref().is_none_or(|regex| regex.is_match(&format!("./{inner}")));
                if is_code && is_named && is_meant && id != from.id && !inner.contains("node_modules/") {
                    found.push(id);
                }
            }
        }
        Resolved::files(found)
    }

    /// Returns the folders that the beginning of a glob may mean.
    fn places(&self, from: Importer<'_>, fixed: &str) -> Vec<String> {
        if fixed.is_empty() || fixed.starts_with('/') {
            let root = self.own_package(from.folder()).map_or("", |(folder, _)| folder);
            return follow(root, fixed.trim_start_matches('/')).into_iter().collect();
        }
        if fixed.starts_with('.') {
            return follow(from.folder(), fixed).into_iter().collect();
        }
        let spend = |steps| self.spend(steps);
        let name = join(fixed, "x");
        let places = self.configs.places(from.folder(), &name, &spend).flat_map(|(_, places)| places.paths);
        places.filter_map(|path| path.strip_suffix("/x").map(str::to_owned)).collect()
    }
}
