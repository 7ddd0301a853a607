//! `Cargo.toml`: the part of it that resolution reads.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// One manifest.
#[derive(Default)]
pub(super) struct Manifest {
    /// Name of the package, or empty for a workspace alone.
    pub(super) package: String,
    /// Name that code uses for the library.
    pub(super) library: String,
    /// True for the edition of 2015, in which statements begin at the root of the crate.
    pub(super) is_2015: bool,
    /// Root file of the library where it is not `src/lib.rs`.
    pub(super) library_path: Option<String>,
    /// Root files that binaries, tests, examples and benches are given.
    pub(super) targets: Vec<String>,
    /// Dependencies of every kind, by the name that code uses.
    pub(super) dependencies: BTreeMap<String, Dependency>,
    /// Dependencies that members may inherit.
    pub(super) workspace: BTreeMap<String, Dependency>,
}

/// One dependency.
pub(super) struct Dependency {
    /// Name of the package, as the manifest has it.
    pub(super) package: String,
    /// Folder, from the manifest's.
    pub(super) path: Option<String>,
    /// True where the workspace says more.
    pub(super) from_workspace: bool,
}

/// Tables of dependencies.
const KINDS: &[&str] =
    &["dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies"];

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// With what the parser says.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let inner = |name: &str, key: &str| {
            let found = table.get(name).and_then(Value::as_table).and_then(|table| table.get(key));
            found.and_then(Value::as_str).map(str::to_owned)
        };
        let package = inner("package", "name").unwrap_or_default();
        let library = inner("lib", "name").unwrap_or_else(|| package.clone()).replace('-', "_");
        let edition = table.get("package").and_then(|package| package.get("edition"));
        let is_2015 = edition.is_none_or(|edition| edition.as_str() == Some("2015"));
        let mut manifest = Self { package, library, is_2015, library_path: inner("lib", "path"), ..Self::default() };
        for kind in ["bin", "test", "example", "bench"] {
            let list = table.get(kind).and_then(Value::as_array).into_iter().flatten();
            let paths = list.filter_map(|target| target.get("path").and_then(Value::as_str));
            manifest.targets.extend(paths.map(str::to_owned));
        }
        manifest.targets.extend(inner("package", "build"));
        let platforms = table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
        for table in std::iter::once(&table).chain(platforms.filter_map(Value::as_table)) {
            for kind in KINDS {
                take(table.get(*kind), &mut manifest.dependencies);
            }
        }
        let workspace = table.get("workspace").and_then(Value::as_table);
        take(workspace.and_then(|workspace| workspace.get("dependencies")), &mut manifest.workspace);
        Ok(manifest)
    }
}

fn take(table: Option<&Value>, into: &mut BTreeMap<String, Dependency>) {
    for (name, said) in table.and_then(Value::as_table).into_iter().flatten() {
        let text = |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned);
        let from_workspace = said.get("workspace").and_then(Value::as_bool).unwrap_or(false);
        let package = text("package").unwrap_or_else(|| name.clone());
        into.insert(name.replace('-', "_"), Dependency { package, path: text("path"), from_workspace });
    }
}
