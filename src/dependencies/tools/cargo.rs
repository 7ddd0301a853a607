//! Cargo: `Cargo.toml`, `Cargo.lock`, and the sources that `.cargo/config.toml` replaces.
//!
//! Owns what the tables of these files mean.

use super::{Text, Tool};
use crate::dependencies::address;
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    toml,
    tree::{Entry, Node},
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "cargo", ecosystem: "cargo", kind, read };

fn kind(name: &str, path: &str) -> DependencyKind {
    match name {
        "Cargo.toml" => DependencyKind::Manifest,
        "Cargo.lock" => DependencyKind::Lock,
        "config.toml" | "config" if in_settings(path) => DependencyKind::Settings,
        _ => DependencyKind::None,
    }
}

fn in_settings(path: &str) -> bool {
    path.rsplit('/').nth(1) == Some(".cargo")
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = toml::read(file.text, file.parts)?;
    match file.name() {
        "Cargo.toml" => read_manifest(&tree, manifest),
        "Cargo.lock" => read_lock(&tree, manifest),
        _ => settings(&tree, manifest),
    }
    Ok(())
}

/// The tables of dependencies, and what each is for.
const TABLES: [(&str, DependencyScope); 5] = [
    ("dependencies", DependencyScope::Runtime),
    ("dev-dependencies", DependencyScope::Dev),
    ("dev_dependencies", DependencyScope::Dev),
    ("build-dependencies", DependencyScope::Build),
    ("build_dependencies", DependencyScope::Build),
];

fn read_manifest(tree: &Node, manifest: &mut Manifest) {
    package(tree, manifest);
    let targets = tree.entries_at(&["target"]).iter().map(|entry| &entry.node);
    for holder in std::iter::once(tree).chain(targets) {
        for (table, scope) in TABLES {
            for entry in holder.entries_at(&[table]) {
                manifest.push(dependency(entry, scope));
            }
        }
    }
    for entry in tree.entries_at(&["workspace", "dependencies"]) {
        manifest.push(dependency(entry, DependencyScope::Catalog));
    }
    let patches = tree.entries_at(&["patch"]).iter().flat_map(|source| source.node.entries());
    for entry in patches.chain(tree.entries_at(&["replace"])) {
        let mut declared = dependency(entry, DependencyScope::Constraint);
        let name = declared.name.split(':').next().unwrap_or_default().to_owned();
        declared.name = name;
        manifest.push(declared);
    }
}

fn package(tree: &Node, manifest: &mut Manifest) {
    let Some(package) = tree.get("package").or_else(|| tree.get("project")) else { return };
    manifest.name = package.text_at(&["name"]).to_owned();
    let private = package.get("publish").is_some_and(|node| {
        node.text() == Some("false") || (node.text().is_none() && !node.is_map() && node.items().is_empty())
    });
    manifest.publishes = !private;
    for key in ["license", "license-file"] {
        let Some(node) = package.get(key) else { continue };
        let shown = node.text().unwrap_or(if node.is_map() { "of the workspace" } else { "" });
        if manifest.licence.is_empty() {
            manifest.licensed(shown, node.line);
        }
    }
    if let Some(build) = package.get("build").filter(|node| node.text().is_some_and(|text| text != "false")) {
        manifest.script("build", build.text().unwrap_or_default(), build.line);
    }
}

fn dependency(entry: &Entry, scope: DependencyScope) -> Declared {
    let node = &entry.node;
    if let Some(version) = node.text() {
        return Declared::direct(&entry.key, version, scope, entry.line);
    }
    let renamed = node.text_at(&["package"]);
    let name = if renamed.is_empty() { &entry.key } else { renamed };
    let scope = match scope {
        DependencyScope::Runtime if node.text_at(&["optional"]) == "true" => DependencyScope::Optional,
        other => other,
    };
    let declared = Declared::direct(name, node.text_at(&["version"]), scope, entry.line);
    let told = |key: &str| node.get(key).and_then(Node::text);
    if let Some(git) = told("git") {
        let at = ["rev", "tag", "branch"].iter().find_map(|key| told(key)).unwrap_or_default();
        let version = if at.is_empty() { declared.version.clone() } else { at.to_owned() };
        return Declared { version, ..declared }.from(DependencySource::Git, git);
    }
    if let Some(path) = told("path") {
        return declared.from(DependencySource::Path, path);
    }
    if told("workspace") == Some("true") {
        return declared.from(DependencySource::Workspace, "");
    }
    match told("registry-index").or_else(|| told("registry")) {
        Some(registry) => declared.from(DependencySource::Registry, registry),
        None => declared,
    }
}

fn read_lock(tree: &Node, manifest: &mut Manifest) {
    for package in tree.items_at(&["package"]) {
        let line = package.get("name").map_or(package.line, |name| name.line);
        let source = package.text_at(&["source"]);
        let mut declared = Declared::locked(package.text_at(&["name"]), package.text_at(&["version"]), line);
        declared.integrity = package.text_at(&["checksum"]).to_owned();
        manifest.push(match source.split_once('+') {
            None => declared.from(DependencySource::Workspace, ""),
            Some(("git", address)) => declared.from(DependencySource::Git, address),
            Some((_, address)) => declared.from(DependencySource::Registry, address),
        });
    }
}

fn settings(tree: &Node, manifest: &mut Manifest) {
    for source in tree.entries_at(&["source"]) {
        for key in ["registry", "replace-with", "git", "directory", "local-registry"] {
            if let Some(node) = source.node.get(key) {
                manifest.registry(node.text().unwrap_or_default(), node.line);
            }
        }
    }
    for registry in tree.entries_at(&["registries"]) {
        if let Some(index) = registry.node.get("index") {
            manifest.registry(index.text().unwrap_or_default(), index.line);
        }
    }
    for entry in tree.entries_at(&["patch"]).iter().flat_map(|source| source.node.entries()) {
        manifest.push(dependency(entry, DependencyScope::Constraint));
    }
    for path in tree.items_at(&["paths"]) {
        let text = path.text().unwrap_or_default();
        if address::leaves("Cargo.toml", text) {
            manifest.registry(text, path.line);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{declared, entries, manifest};

    const MANIFEST: &str = r#"
[package]
name = "shop"
license = "MIT"
publish = false

[dependencies]
serde = "1"
tokio = { version = "1.40", optional = true }
yaml = { package = "serde_yaml", version = "0.9" }
shared = { workspace = true }
local = { path = "../local" }
far = { path = "../../far" }
fork = { git = "https://host.example/fork", rev = "abc" }

[target.'cfg(unix)'.dependencies]
libc = "0.2"

[dev-dependencies.insta]
version = "1"

[workspace.dependencies]
anyhow = "1"

[patch.crates-io]
log = { git = "https://host.example/log" }
"#;

    #[test]
    fn every_table_of_a_manifest_is_read() {
        assert_eq!(
            entries("a/Cargo.toml", MANIFEST),
            [
                "8 serde 1 registry runtime ",
                "9 tokio 1.40 registry optional ",
                "10 serde_yaml 0.9 registry runtime ",
                "11 shared  workspace runtime ",
                "12 local  path runtime ../local",
                "13 far  outside runtime ../../far",
                "14 fork abc git runtime https://host.example/fork",
                "17 libc 0.2 registry runtime ",
                "19 insta 1 registry dev ",
                "23 anyhow 1 registry catalog ",
                "26 log  git constraint https://host.example/log",
            ]
        );
        let read = manifest("a/Cargo.toml", MANIFEST);
        assert_eq!((read.name.as_str(), read.publishes, read.licence.as_str()), ("shop", false, "MIT"));
    }

    #[test]
    fn a_lock_names_source_and_checksum() {
        let text = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    source = \"registry+https://host.example/index\"\nchecksum = \"aa\"\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\n";
        assert_eq!(
            entries("Cargo.lock", text),
            ["4 a 1.0.0 registry runtime https://host.example/index", "10 me 0.1.0 workspace runtime "]
        );
        assert_eq!(declared("Cargo.lock", text)[0].integrity, "aa");
    }
}
