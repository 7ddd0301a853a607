//! Composer: `composer.json` and `composer.lock`.
//!
//! Owns what their keys mean.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{json, tree::Node};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "composer", ecosystem: "composer", kind, read };

fn kind(name: &str, path: &str) -> DependencyKind {
    if path.starts_with("vendor/") || path.contains("/vendor/") {
        return DependencyKind::None;
    }
    match name {
        "composer.json" => DependencyKind::Manifest,
        "composer.lock" => DependencyKind::Lock,
        _ => DependencyKind::None,
    }
}

/// What Composer runs by itself when it installs or updates.
const SCRIPTS: [&str; 8] = [
    "post-autoload-dump",
    "post-install-cmd",
    "post-package-install",
    "post-update-cmd",
    "pre-autoload-dump",
    "pre-install-cmd",
    "pre-package-install",
    "pre-update-cmd",
];

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = json::read(file.text, file.parts)?;
    if file.name() == "composer.lock" {
        for (key, scope) in [("packages", DependencyScope::Runtime), ("packages-dev", DependencyScope::Dev)] {
            for package in tree.items_at(&[key]) {
                manifest.push(Declared { scope, ..locked(package) });
            }
        }
    } else {
        read_manifest(&tree, manifest);
    }
    Ok(())
}

fn read_manifest(tree: &Node, manifest: &mut Manifest) {
    manifest.name = tree.text_at(&["name"]).to_owned();
    manifest.publishes = !manifest.name.is_empty() && tree.text_at(&["type"]) != "project";
    if let Some(licence) = tree.get("license") {
        let first = licence.items().first().unwrap_or(licence);
        manifest.licensed(first.text().unwrap_or_default(), licence.line);
    }
    for (key, scope) in [("require", DependencyScope::Runtime), ("require-dev", DependencyScope::Dev)] {
        for entry in tree.entries_at(&[key]) {
            // PHP itself and its extensions are no packages.
            if entry.key.contains('/') {
                manifest.push(Declared::direct(&entry.key, entry.node.text().unwrap_or_default(), scope, entry.line));
            }
        }
    }
    for entry in tree.entries_at(&["scripts"]) {
        if SCRIPTS.contains(&entry.key.as_str()) {
            let commands: Vec<&str> = entry.node.items().iter().filter_map(Node::text).collect();
            let command = entry.node.text().map_or_else(|| commands.join("; "), str::to_owned);
            manifest.script(&entry.key, &command, entry.line);
        }
    }
    let named = tree.entries_at(&["repositories"]).iter().map(|entry| &entry.node);
    for repository in named.chain(tree.items_at(&["repositories"])) {
        if let Some(address) = repository.get("url").filter(|_| repository.text_at(&["type"]) != "path") {
            manifest.registry(address.text().unwrap_or_default(), address.line);
        }
    }
}

fn locked(package: &Node) -> Declared {
    let line = package.get("name").map_or(package.line, |name| name.line);
    let mut declared = Declared::locked(package.text_at(&["name"]), package.text_at(&["version"]), line);
    declared.integrity = match package.text_at(&["dist", "shasum"]) {
        "" => package.text_at(&["dist", "reference"]).to_owned(),
        digest => digest.to_owned(),
    };
    match (package.text_at(&["dist", "type"]), package.text_at(&["dist", "url"])) {
        ("path", path) => declared.from(DependencySource::Path, path),
        ("", _) => declared.from(DependencySource::Git, package.text_at(&["source", "url"])),
        (_, address) => declared.from(DependencySource::Registry, address),
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    #[test]
    fn a_manifest_and_its_lock_are_read() {
        let text = "{\"name\": \"a/b\", \"license\": \"MIT\",\n\"require\": {\"php\": \"^8\",\n\"c/d\": \"^1\"},\n\"require-dev\": {\"e/f\": \"*\"},\n\
            \"repositories\": [{\"type\": \"vcs\",\n\"url\": \"https://host.example/c\"}],\n\"scripts\": {\"post-install-cmd\": [\"x\", \"y\"], \"test\": \"z\"}}";
        assert_eq!(entries("composer.json", text), ["3 c/d ^1 registry runtime ", "4 e/f * registry dev "]);
        let read = manifest("composer.json", text);
        assert_eq!((read.registries[0].line, read.scripts[0].command.as_str()), (6, "x; y"));
        let lock = "{\"packages\": [{\n\"name\": \"c/d\", \"version\": \"1.0\", \"dist\": {\"type\": \"zip\", \"url\": \"https://host.example/c.zip\", \"reference\": \"abc\"}}]}";
        assert_eq!(entries("composer.lock", lock), ["2 c/d 1.0 registry runtime https://host.example/c.zip"]);
    }
}
