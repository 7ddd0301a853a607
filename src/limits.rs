//! Every budget of the gate, in one table.
//!
//! Owns names, defaults and what happens when a limit is hit. Must not measure anything. A new limit is one row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One row of the table, for documentation and for `limits:` in the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Name in the configuration.
    pub name: &'static str,
    /// Default value.
    pub default: u64,
    /// What it counts.
    pub unit: &'static str,
    /// What happens when it is hit.
    pub when_hit: &'static str,
}

macro_rules! limits {
    ($($field:ident $name:literal = $default:literal $unit:literal $when:literal;)*) => {
        /// The budgets of one run.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub struct Limits {
            $(#[doc = concat!("`", $name, "` in ", $unit, ": ", $when)] pub $field: u64,)*
        }

        /// The table, sorted by name.
        pub const LIMITS: &[Limit] = &[
            $(Limit { name: $name, default: $default, unit: $unit, when_hit: $when },)*
        ];

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Limits {
            /// Sets the limit of that name; false when there is none.
            pub fn set(&mut self, name: &str, value: u64) -> bool {
                match name {
                    $($name => self.$field = value,)*
                    _ => return false,
                }
                true
            }

            /// Returns the limit of that name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<u64> {
                match name {
                    $($name => Some(self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

limits! {
    commits "commits" = 10_000 "commits" "the change is undecided; compare a shorter range";
    configuration_bytes "configuration-bytes" = 1_000_000 "bytes" "a configuration or policy file is refused";
    document_bytes "document-bytes" = 1_000_000 "bytes" "a configuration document is not read; policies that look at it are undecided";
    document_files "document-files" = 2_000 "files" "unchanged documents are not read for `combine`; policies that look at them are undecided";
    document_values "document-values" = 200_000 "values" "a configuration document is not read; policies that look at it are undecided";
    evaluation_bytes "evaluation-bytes" = 50_000_000 "bytes" "the results of one policy package are refused and the change is undecided";
    evaluation_ms "evaluation-ms" = 5_000 "milliseconds" "the policy package is stopped and the change is undecided";
    facts_per_file "facts-per-file" = 200_000 "facts" "the file counts as too large and the change is undecided";
    file_bytes "file-bytes" = 5_000_000 "bytes" "a file with a grammar is not parsed and the change is undecided";
    file_ms "file-ms" = 10_000 "milliseconds" "parsing and matching of the file stop and the change is undecided";
    files "files" = 50_000 "files" "the change is undecided; split it";
    findings "findings" = 100_000 "findings" "the results of one policy package are refused and the change is undecided";
    graph_bytes "graph-bytes" = 2_000_000_000 "bytes" "the import graph of the repository is not read; rules that need it are undecided";
    graph_files "graph-files" = 200_000 "files" "the import graph of the repository is not read; rules that need it are undecided";
    import_bytes "import-bytes" = 32_000_000 "bytes" "a file of another tool is not read and the change is undecided";
    import_files "import-files" = 2_000 "files" "the files of other tools are not read and the change is undecided";
    import_results "import-results" = 100_000 "results" "a file of another tool is not read and the change is undecided";
    link_steps "link-steps" = 200_000_000 "imported files, both sides, each scope of a rule counting anew" "the imports of the repository are not compared to the end; rules that need the graph are undecided";
    literal_depth "literal-depth" = 16 "levels" "a policy with deeper nested literals is refused";
    load_ms "load-ms" = 10_000 "milliseconds" "loading the policies stops and the change is undecided";
    manifest_bytes "manifest-bytes" = 20_000_000 "bytes" "a manifest or lock file is not read; rules about dependencies are undecided";
    manifest_values "manifest-values" = 1_000_000 "values" "a manifest or lock file is not read; rules about dependencies are undecided";
    nodes_per_file "nodes-per-file" = 5_000_000 "nodes" "the file counts as too large and the change is undecided";
    object_bytes "object-bytes" = 100_000_000 "bytes" "the file is not read and the change is undecided";
    origin_bytes "origin-bytes" = 300_000_000 "bytes, a line counting 20 more" "the commits are not compared further; lines without an origin are of unknown making";
    origin_steps "origin-steps" = 2_000_000 "commits times files" "the lines of the change, or of files that it moved, are of unknown making";
    relational_depth "relational-depth" = 1_000 "levels" "patterns with `inside` or `has` are not tried deeper and the change is undecided";
    rename_pairs "rename-pairs" = 1_000_000 "pairs" "renames are not paired, the change asks for review";
    resolve_steps "resolve-steps" = 100_000_000 "look-ups a side" "the imports of the repository are not resolved to the end; rules that need the graph are undecided";
    tree_depth "tree-depth" = 10_000 "levels" "the file counts as too large and the change is undecided";
    twin_bytes "twin-bytes" = 2_000_000 "bytes" "further files beside the change are not looked through for twins of its blocks";
    worker_bytes "worker-bytes" = 4_000_000_000 "bytes" "the worker's item fails with `memory` and the change is undecided";
}

#[cfg(test)]
mod tests {
    use super::{LIMITS, Limits};

    #[test]
    fn rows_are_sorted_and_settable_by_name() {
        assert!(LIMITS.is_sorted_by_key(|limit| limit.name));
        let mut limits = Limits::default();
        for row in LIMITS {
            assert_eq!(limits.get(row.name), Some(row.default));
            assert!(limits.set(row.name, row.default + 1));
            assert_eq!(limits.get(row.name), Some(row.default + 1));
        }
        assert!(!limits.set("file-byte", 1));
    }
}
