//! `pyproject.toml` (PEP 621, dependency groups, Poetry, uv, PDM, Hatch) and `Pipfile`.
//!
//! Owns what the tables of these files mean.

use super::super::Text;
use super::requirement;
use crate::dependencies::declared::{Declared, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    toml,
    tree::{Entry, Node},
};
use crate::documents::Unread;

pub(super) fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = toml::read(file.text, file.parts)?;
    project(&tree, manifest);
    list(tree.items_at(&["build-system", "requires"]), DependencyScope::Build, manifest);
    list(tree.items_at(&["project", "dependencies"]), DependencyScope::Runtime, manifest);
    for group in tree.entries_at(&["project", "optional-dependencies"]) {
        list(group.node.items(), DependencyScope::Optional, manifest);
    }
    for groups in [&["dependency-groups"][..], &["tool", "pdm", "dev-dependencies"]] {
        for group in tree.entries_at(groups) {
            list(group.node.items(), DependencyScope::Dev, manifest);
        }
    }
    list(tree.items_at(&["tool", "uv", "dev-dependencies"]), DependencyScope::Dev, manifest);
    for key in ["override-dependencies", "constraint-dependencies"] {
        list(tree.items_at(&["tool", "uv", key]), DependencyScope::Constraint, manifest);
    }
    for environment in tree.entries_at(&["tool", "hatch", "envs"]) {
        for key in ["dependencies", "extra-dependencies"] {
            list(environment.node.items_at(&[key]), DependencyScope::Dev, manifest);
        }
    }
    sources(&tree, manifest);
    poetry(&tree, manifest);
    Ok(())
}

fn project(tree: &Node, manifest: &mut Manifest) {
    let Some(project) = tree.get("project").or_else(|| tree.at(&["tool", "poetry"])) else { return };
    manifest.name = project.text_at(&["name"]).to_owned();
    let classifiers = project.items_at(&["classifiers"]);
    let has = |prefix: &str| classifiers.iter().find(|one| one.text().is_some_and(|text| text.starts_with(prefix)));
    // Without a way to build it nobody can publish it.
    manifest.publishes = !manifest.name.is_empty() && tree.get("build-system").is_some() && has("Private ::").is_none();
    match (project.get("license"), has("License ::")) {
        (Some(licence), _) => {
            let told = ["text", "file"].iter().map(|key| licence.text_at(&[key])).find(|text| !text.is_empty());
            manifest.licensed(licence.text().or(told).unwrap_or_default(), licence.line);
        }
        (None, Some(classifier)) => manifest.licensed(classifier.text().unwrap_or_default(), classifier.line),
        (None, None) => {
            if let Some(files) = project.get("license-files") {
                manifest.licensed("in a file", files.line);
            }
        }
    }
}

fn list(items: &[Node], scope: DependencyScope, manifest: &mut Manifest) {
    for item in items {
        if let Some(declared) = requirement(item.text().unwrap_or_default(), scope, item.line) {
            manifest.push(declared);
        }
    }
}

/// Where uv takes packages from that `dependencies` names, and other indexes.
fn sources(tree: &Node, manifest: &mut Manifest) {
    for entry in tree.entries_at(&["tool", "uv", "sources"]) {
        let choices = if entry.node.is_map() { std::slice::from_ref(&entry.node) } else { entry.node.items() };
        for choice in choices {
            let declared = placed(&entry.key, choice, DependencyScope::Constraint, entry.line);
            if declared.source != DependencySource::Registry {
                manifest.push(declared);
            }
        }
    }
    for index in tree.items_at(&["tool", "uv", "index"]).iter().chain(tree.items_at(&["tool", "poetry", "source"])) {
        if let Some(address) = index.get("url") {
            manifest.registry(address.text().unwrap_or_default(), address.line);
        }
    }
    for key in ["index-url", "extra-index-url", "find-links"] {
        let Some(node) = tree.at(&["tool", "uv", key]) else { continue };
        for one in std::iter::once(node).chain(node.items()) {
            manifest.registry(one.text().unwrap_or_default(), one.line);
        }
    }
}

fn poetry(tree: &Node, manifest: &mut Manifest) {
    let Some(poetry) = tree.at(&["tool", "poetry"]) else { return };
    for entry in poetry.entries_at(&["dependencies"]) {
        let scope = if entry.node.text_at(&["optional"]) == "true" {
            DependencyScope::Optional
        } else {
            DependencyScope::Runtime
        };
        table(entry, scope, manifest);
    }
    let groups = poetry.entries_at(&["group"]).iter().flat_map(|group| group.node.entries_at(&["dependencies"]));
    for entry in groups.chain(poetry.entries_at(&["dev-dependencies"])) {
        table(entry, DependencyScope::Dev, manifest);
    }
}

pub(super) fn pipfile(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = toml::read(file.text, file.parts)?;
    for (key, scope) in [("packages", DependencyScope::Runtime), ("dev-packages", DependencyScope::Dev)] {
        for entry in tree.entries_at(&[key]) {
            table(entry, scope, manifest);
        }
    }
    for source in tree.items_at(&["source"]) {
        if let Some(address) = source.get("url") {
            manifest.registry(address.text().unwrap_or_default(), address.line);
        }
    }
    Ok(())
}

/// Reads a name with a version, a table, or a list of tables for different surroundings.
fn table(entry: &Entry, scope: DependencyScope, manifest: &mut Manifest) {
    // Poetry lists the interpreter among them.
    if entry.key == "python" {
        return;
    }
    let choices = if entry.node.items().is_empty() { std::slice::from_ref(&entry.node) } else { entry.node.items() };
    for choice in choices {
        manifest.push(placed(&entry.key, choice, scope, entry.line));
    }
}

fn placed(name: &str, node: &Node, scope: DependencyScope, line: u32) -> Declared {
    let told = |key: &str| node.get(key).and_then(Node::text);
    let version = node.text().or_else(|| told("version")).unwrap_or_default();
    let declared = Declared::direct(name, version, scope, line);
    if let Some(git) = told("git") {
        let at = ["rev", "ref", "tag", "branch"].iter().find_map(|key| told(key)).unwrap_or_default();
        return Declared { version: at.to_owned(), ..declared }.from(DependencySource::Git, git);
    }
    match (told("url").or_else(|| told("file")), told("path"), told("workspace")) {
        (Some(address), ..) => declared.from(DependencySource::Url, address),
        (_, Some(path), _) => declared.from(DependencySource::Path, path),
        (.., Some("true")) => declared.from(DependencySource::Workspace, ""),
        _ => declared,
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    const PROJECT: &str = r#"
[build-system]
requires = ["hatchling>=1"]
[project]
name = "shop"
license = {text = "MIT"}
dependencies = [
  "requests>=2; python_version < '3.9'",
  "own @ git+https://host.example/own.git@abc",
]
[project.optional-dependencies]
fast = ["uvloop"]
[dependency-groups]
dev = ["pytest ~= 8.0", {include-group = "lint"}]
[tool.uv.sources]
requests = { git = "https://host.example/requests", tag = "v1" }
[tool.poetry.dependencies]
python = "^3.9"
django = "^5"
near = { path = "../near" }
[tool.poetry.group.dev.dependencies]
black = { version = "*", optional = true }
[[tool.poetry.source]]
name = "x"
url = "https://host.example/simple"
"#;

    #[test]
    fn every_table_of_a_project_is_read() {
        assert_eq!(
            entries("a/pyproject.toml", PROJECT),
            [
                "3 hatchling >=1 registry build ",
                "8 requests >=2 registry runtime ",
                "9 own abc git runtime git+https://host.example/own.git",
                "12 uvloop  registry optional ",
                "14 pytest ~= 8.0 registry dev ",
                "16 requests v1 git constraint https://host.example/requests",
                "19 django ^5 registry runtime ",
                "20 near  path runtime ../near",
                "22 black * registry dev ",
            ]
        );
        let read = manifest("a/pyproject.toml", PROJECT);
        assert_eq!((read.publishes, read.licence.as_str(), read.registries.len()), (true, "MIT", 1));
    }

    #[test]
    fn a_pipfile_is_read() {
        let text = "[[source]]\nurl = \"https://host.example/simple\"\n[packages]\na = \"*\"\nb = {git = \"https://host.example/b\", ref = \"v1\"}\n";
        assert_eq!(entries("Pipfile", text), ["4 a * registry runtime ", "5 b v1 git runtime https://host.example/b"]);
    }
}
