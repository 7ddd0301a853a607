//! pnpm: `pnpm-lock.yaml` of versions 5 to 9, and the catalogues of `pnpm-workspace.yaml`.
//!
//! Owns how a key of its lock names a package; `package.json` is npm's.

use super::npm::{before_version, dependency, resolved_from};
use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    tree::{Entry, Node},
    yaml,
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "pnpm", ecosystem: "npm", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    match name {
        "pnpm-lock.yaml" => DependencyKind::Lock,
        "pnpm-workspace.yaml" => DependencyKind::Manifest,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = yaml::read(file.text, file.parts)?;
    if file.name() == "pnpm-workspace.yaml" {
        workspace(&tree, manifest);
    } else {
        // Of several documents the last one is that of the project.
        let documents = if tree.items().is_empty() { std::slice::from_ref(&tree) } else { tree.items() };
        for document in documents {
            for entry in document.entries_at(&["packages"]) {
                manifest.push(locked(entry));
            }
        }
    }
    Ok(())
}

fn workspace(tree: &Node, manifest: &mut Manifest) {
    let named = tree.entries_at(&["catalogs"]).iter().flat_map(|catalogue| catalogue.node.entries());
    for entry in tree.entries_at(&["catalog"]).iter().chain(named) {
        let version = entry.node.text().unwrap_or_default();
        manifest.push(dependency(&entry.key, version, DependencyScope::Catalog, entry.line));
    }
    for entry in tree.entries_at(&["overrides"]) {
        let version = entry.node.text().unwrap_or_default();
        let name = super::npm::resolved_name(&entry.key);
        manifest.push(dependency(name, version, DependencyScope::Constraint, entry.line));
    }
    // Packages whose scripts may run when they are installed.
    for item in tree.items_at(&["onlyBuiltDependencies"]) {
        manifest.script(&format!("build of {}", item.text().unwrap_or_default()), "allowed", item.line);
    }
}

fn locked(entry: &Entry) -> Declared {
    let node = &entry.node;
    let (name, version) = key(&entry.key);
    let told = node.text_at(&["name"]);
    let name = if told.is_empty() { name } else { told };
    let version = match node.text_at(&["version"]) {
        "" => version,
        told => told,
    };
    let mut declared = Declared::locked(name, version, entry.line);
    declared.integrity = node.text_at(&["resolution", "integrity"]).to_owned();
    declared.install_script = node.text_at(&["requiresBuild"]) == "true";
    if node.text_at(&["dev"]) == "true" {
        declared.scope = DependencyScope::Dev;
    }
    let (repository, archive) = (node.text_at(&["resolution", "repo"]), node.text_at(&["resolution", "tarball"]));
    match (repository, archive, node.text_at(&["resolution", "directory"])) {
        ("", "", "") => declared,
        ("", "", directory) => declared.from(DependencySource::Path, directory),
        ("", archive, _) => resolved_from(declared, archive),
        (repository, ..) => declared.from(DependencySource::Git, repository),
    }
}

/// Splits `/name/1.0.0_peers` (version 5), `/name@1.0.0(peers)` (6) and `name@1.0.0` (9).
fn key(key: &str) -> (&str, &str) {
    let bare = key.split('(').next().unwrap_or_default();
    let plain = bare.strip_prefix('/').unwrap_or(bare);
    let old = plain.rsplit_once('/').map(|(name, rest)| (name, rest.split('_').next().unwrap_or_default()));
    let is_version = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('@');
    if let Some((name, version)) = old.filter(|(_, version)| bare.starts_with('/') && is_version(version)) {
        return (name, version);
    }
    let name = before_version(plain);
    (name, plain.get(name.len() + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::entries;

    #[test]
    fn keys_of_all_versions_are_read() {
        let text = "lockfileVersion: '9.0'\npackages:\n  '@s/a@1.0.0':\n    resolution: {integrity: sha512-x}\n  /b/2.0.0_c@1:\n    \
            requiresBuild: true\n  /d@3.0.0(e@1):\n    resolution: {integrity: x}\n  https://host.example/f.tgz:\n    \
            resolution: {tarball: https://host.example/f.tgz}\n    name: f\n    version: 4.0.0\n";
        assert_eq!(
            entries("pnpm-lock.yaml", text),
            [
                "3 @s/a 1.0.0 registry runtime ",
                "5 b 2.0.0 registry runtime ",
                "7 d 3.0.0 registry runtime ",
                "9 f 4.0.0 url runtime https://host.example/f.tgz",
            ]
        );
    }

    #[test]
    fn catalogues_are_read() {
        let text = "packages: ['a/*']\ncatalog:\n  react: ^18.0.0\ncatalogs:\n  old:\n    vue: npm:other@2\n";
        assert_eq!(
            entries("pnpm-workspace.yaml", text),
            ["3 react ^18.0.0 registry catalog ", "6 other 2 registry catalog "]
        );
    }
}
