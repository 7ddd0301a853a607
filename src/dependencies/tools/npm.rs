//! npm: `package.json`, `package-lock.json` and `npm-shrinkwrap.json` of all versions, `.npmrc`.
//!
//! Owns what a version in `package.json` can be; pnpm and Yarn read the same file by these rules.

use super::{Text, Tool};
use crate::dependencies::address;
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    json, lines,
    tree::{Entry, Node},
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "npm", ecosystem: "npm", kind, read };

fn kind(name: &str, path: &str) -> DependencyKind {
    // What is installed here belongs to others.
    if path.starts_with("node_modules/") || path.contains("/node_modules/") {
        return DependencyKind::None;
    }
    match name {
        "package.json" => DependencyKind::Manifest,
        "package-lock.json" | "npm-shrinkwrap.json" => DependencyKind::Lock,
        ".npmrc" => DependencyKind::Settings,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    if file.name() == ".npmrc" {
        settings(file.text, manifest);
        return Ok(());
    }
    let tree = json::read(file.text, file.parts)?;
    if file.name() == "package.json" {
        read_manifest(&tree, manifest);
    } else {
        read_lock(&tree, manifest);
    }
    Ok(())
}

/// What npm runs of a package by itself: when it is installed, and of the root also before it is packed.
const SCRIPTS: [&str; 7] =
    ["install", "postinstall", "postprepare", "preinstall", "prepare", "preprepare", "prepublish"];

fn read_manifest(tree: &Node, manifest: &mut Manifest) {
    manifest.name = tree.text_at(&["name"]).to_owned();
    manifest.publishes =
        !manifest.name.is_empty() && !tree.text_at(&["version"]).is_empty() && tree.text_at(&["private"]) != "true";
    if let Some(licence) = tree.get("license").or_else(|| tree.get("licenses")) {
        let first = licence.items().first().unwrap_or(licence);
        manifest.licensed(first.text().unwrap_or_else(|| first.text_at(&["type"])), licence.line);
    }
    for entry in tree.entries_at(&["scripts"]) {
        if SCRIPTS.contains(&entry.key.as_str()) {
            manifest.script(&entry.key, entry.node.text().unwrap_or_default(), entry.line);
        }
    }
    let optional = |name: &str| tree.text_at(&["peerDependenciesMeta", name, "optional"]) == "true";
    for (table, scope) in [
        ("dependencies", DependencyScope::Runtime),
        ("devDependencies", DependencyScope::Dev),
        ("peerDependencies", DependencyScope::Peer),
        ("optionalDependencies", DependencyScope::Optional),
    ] {
        for entry in tree.entries_at(&[table]) {
            let scope =
                if scope == DependencyScope::Peer && optional(&entry.key) { DependencyScope::Optional } else { scope };
            manifest.push(dependency(&entry.key, entry.node.text().unwrap_or_default(), scope, entry.line));
        }
    }
    for entry in tree.entries_at(&["resolutions"]) {
        let name = resolved_name(&entry.key);
        manifest.push(dependency(name, entry.node.text().unwrap_or_default(), DependencyScope::Constraint, entry.line));
    }
    overrides(tree.entries_at(&["overrides"]), manifest);
    overrides(tree.entries_at(&["pnpm", "overrides"]), manifest);
}

/// Overrides nest: what holds for a package only below another one.
fn overrides(entries: &[Entry], manifest: &mut Manifest) {
    let mut pending: Vec<(&Entry, &str)> = entries.iter().map(|entry| (entry, "")).collect();
    while let Some((entry, above)) = pending.pop() {
        let name = if entry.key == "." { above } else { before_version(resolved_name(&entry.key)) };
        match entry.node.text() {
            // `$name` stands for what `dependencies` says.
            Some(version) if !version.starts_with('$') => {
                manifest.push(dependency(name, version, DependencyScope::Constraint, entry.line));
            }
            Some(_) => {}
            None => pending.extend(entry.node.entries().iter().map(|inner| (inner, name))),
        }
    }
}

/// Returns the package that a path like `a/**/b` or `a>b` ends in.
pub(super) fn resolved_name(path: &str) -> &str {
    let last = path.rsplit('>').next().unwrap_or(path);
    let parts: Vec<&str> = last.split('/').collect();
    let keep = match parts.as_slice() {
        [.., scope, _] if scope.starts_with('@') => 2,
        _ => 1,
    };
    let from: usize = parts.iter().rev().skip(keep).map(|part| part.len() + 1).sum();
    before_version(last.get(from..).unwrap_or(last))
}

/// Returns the name of `name@version`, whose first letter may be `@`.
pub(super) fn before_version(text: &str) -> &str {
    let at = text.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1);
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Reads what stands as a version: a range, an alias, an address, a path, a repository.
pub(super) fn dependency(name: &str, version: &str, scope: DependencyScope, line: u32) -> Declared {
    let version = version.trim();
    let elsewhere = |source, address: &str| Declared::direct(name, "", scope, line).from(source, address);
    if let Some(alias) = version.strip_prefix("npm:").filter(|alias| alias.chars().any(char::is_alphabetic)) {
        // What is installed is the other package.
        let real = before_version(alias);
        let wanted = alias.get(real.len() + 1..).unwrap_or_default();
        return Declared::direct(real, wanted, scope, line);
    }
    if version.starts_with("workspace:") || version.starts_with("catalog:") {
        return Declared::direct(name, version, scope, line).from(DependencySource::Workspace, "");
    }
    if let Some(repository) =
        ["github:", "gitlab:", "bitbucket:", "gist:"].iter().find_map(|host| version.strip_prefix(host))
    {
        let (address, at) = repository.split_once('#').unwrap_or((repository, ""));
        let host = version.split(':').next().unwrap_or_default();
        let declared = Declared::direct(name, at, scope, line);
        return declared.from(DependencySource::Git, format!("{host}:{address}"));
    }
    if let Some(source) = address::kind(version) {
        let (address, at) = match source {
            DependencySource::Git => version.split_once('#').unwrap_or((version, "")),
            _ => (version, ""),
        };
        let address = if source == DependencySource::Path { address::path(address) } else { address };
        return Declared { version: at.to_owned(), ..elsewhere(source, address) };
    }
    if version.starts_with(['/', '.', '~']) && version.contains('/') {
        return elsewhere(DependencySource::Path, version);
    }
    // `owner/name` is a repository of GitHub.
    let path = version.split('#').next().unwrap_or_default();
    if path.matches('/').count() == 1 && !version.contains(' ') && !version.contains(':') {
        let at = version.get(path.len() + 1..).unwrap_or_default();
        return Declared { version: at.to_owned(), ..elsewhere(DependencySource::Git, &format!("github:{path}")) };
    }
    Declared::direct(name, version, scope, line)
}

fn read_lock(tree: &Node, manifest: &mut Manifest) {
    let packages = tree.entries_at(&["packages"]);
    for entry in packages {
        let Some((_, installed)) = entry.key.rsplit_once("node_modules/") else { continue };
        let told = entry.node.text_at(&["name"]);
        let name = if told.is_empty() { installed } else { told };
        manifest.push(locked(name, &entry.node, entry.line));
    }
    if packages.is_empty() {
        // Version 1: what one package brings for itself nests below it.
        let mut pending: Vec<&Entry> = tree.entries_at(&["dependencies"]).iter().rev().collect();
        while let Some(entry) = pending.pop() {
            manifest.push(locked(&entry.key, &entry.node, entry.line));
            pending.extend(entry.node.entries_at(&["dependencies"]).iter().rev());
        }
    }
}

fn locked(name: &str, node: &Node, line: u32) -> Declared {
    let version = node.text_at(&["version"]);
    let mut declared = Declared::locked(name, version, line);
    declared.integrity = node.text_at(&["integrity"]).to_owned();
    declared.install_script = node.text_at(&["hasInstallScript"]) == "true";
    declared.scope = match () {
        () if node.text_at(&["dev"]) == "true" => DependencyScope::Dev,
        () if node.text_at(&["peer"]) == "true" => DependencyScope::Peer,
        () if node.text_at(&["optional"]) == "true" || node.text_at(&["devOptional"]) == "true" => {
            DependencyScope::Optional
        }
        () => DependencyScope::Runtime,
    };
    if node.text_at(&["link"]) == "true" {
        return declared.from(DependencySource::Workspace, node.text_at(&["resolved"]));
    }
    let resolved = node.text_at(&["resolved"]);
    resolved_from(declared, if resolved.is_empty() { version } else { resolved })
}

/// Says where an entry of a lock comes from, by the address that it was resolved to.
pub(super) fn resolved_from(declared: Declared, resolved: &str) -> Declared {
    match address::kind(resolved) {
        // Registries keep archives below `/-/` of a package, or below a path of their own.
        Some(DependencySource::Url) if is_registry_archive(&declared.name, resolved) => {
            declared.from(DependencySource::Registry, resolved)
        }
        Some(source) => declared.from(source, resolved),
        None => declared,
    }
}

fn is_registry_archive(name: &str, resolved: &str) -> bool {
    let path = resolved.split(['?', '#']).next().unwrap_or_default();
    let plain = name.rsplit('/').next().unwrap_or(name);
    path.contains("/-/") || path.contains(&format!("/npm/{plain}")) || path.contains("/download/")
}

fn settings(text: &str, manifest: &mut Manifest) {
    for (line, row) in lines::numbered(text) {
        let row = row.trim();
        if row.starts_with(['#', ';']) {
            continue;
        }
        let Some((key, value)) = row.split_once('=') else { continue };
        let key = key.trim();
        if key == "registry" || key.ends_with(":registry") {
            manifest.registry(value.trim().trim_matches('"'), line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::resolved_name;
    use crate::dependencies::tests::{declared, entries, manifest};

    const MANIFEST: &str = r#"{
  "name": "shop", "version": "1.0.0", "license": "MIT",
  "scripts": {"test": "x", "postinstall": "node a.js"},
  "dependencies": {
    "a": "^1.0.0",
    "b": "git+https://host.example/b.git#v1",
    "c": "owner/repo#main",
    "d": "https://host.example/d.tgz",
    "e": "file:../e",
    "f": "npm:@s/real@2",
    "g": "workspace:*",
    "h": "*"
  },
  "devDependencies": {"i": "1 || 2", "j": "~1.2.3"},
  "peerDependencies": {"k": ">=1"},
  "optionalDependencies": {"l": "latest"},
  "overrides": {"m": {"n": "1.0.0", ".": "2"}, "o@1": "$a"},
  "resolutions": {"x/**/@s/p": "3"}
}"#;

    #[test]
    fn every_table_and_form_of_a_manifest_is_read() {
        assert_eq!(
            entries("package.json", MANIFEST),
            [
                "5 a ^1.0.0 registry runtime ",
                "6 b v1 git runtime git+https://host.example/b.git",
                "7 c main git runtime github:owner/repo",
                "8 d  url runtime https://host.example/d.tgz",
                "9 e  outside runtime ../e",
                "10 @s/real 2 registry runtime ",
                "11 g workspace:* workspace runtime ",
                "12 h * registry runtime ",
                "14 i 1 || 2 registry dev ",
                "14 j ~1.2.3 registry dev ",
                "15 k >=1 registry peer ",
                "16 l latest registry optional ",
                "17 m 2 registry constraint ",
                "17 n 1.0.0 registry constraint ",
                "18 @s/p 3 registry constraint ",
            ]
        );
        let read = manifest("package.json", MANIFEST);
        assert_eq!((read.publishes, read.scripts[0].name.as_str()), (true, "postinstall"));
        assert_eq!(read.scripts.len(), 1);
    }

    #[test]
    fn locks_of_all_versions_are_read() {
        let new = r#"{"lockfileVersion": 3, "packages": {
 "": {"name": "shop", "dependencies": {"a": "1"}},
 "node_modules/a": {"version": "1.0.0", "resolved": "https://host.example/a/-/a-1.0.0.tgz", "integrity": "sha512-x", "hasInstallScript": true},
 "node_modules/a/node_modules/@s/b": {"version": "2.0.0", "resolved": "git+ssh://git@host.example/b.git#abc", "dev": true},
 "node_modules/c": {"resolved": "packages/c", "link": true},
 "packages/c": {"version": "1.0.0"}
}}"#;
        assert_eq!(
            entries("package-lock.json", new),
            [
                "3 a 1.0.0 registry runtime https://host.example/a/-/a-1.0.0.tgz",
                "4 @s/b 2.0.0 git dev git+ssh://git@host.example/b.git#abc",
                "5 c  workspace runtime packages/c",
            ]
        );
        let first = &declared("package-lock.json", new)[0];
        assert!(first.install_script && !first.direct && first.integrity == "sha512-x");
        let old = "{\"lockfileVersion\": 1, \"dependencies\": {\n\"a\": {\"version\": \"1.0.0\", \"dependencies\": {\n\"b\": {\"version\": \"2.0.0\"}}}}}";
        assert_eq!(entries("npm-shrinkwrap.json", old), ["2 a 1.0.0 registry runtime ", "3 b 2.0.0 registry runtime "]);
    }

    #[test]
    fn paths_of_overrides_end_in_the_package() {
        for (path, name) in [("a/**/b", "b"), ("a>@s/b@1", "@s/b"), ("@s/b", "@s/b"), ("b@^1", "b"), ("b", "b")] {
            assert_eq!(resolved_name(path), name);
        }
    }

    #[test]
    fn registries_of_settings_are_told() {
        let read =
            manifest(".npmrc", "# registry=x\nregistry = https://a.example/\n@s:registry=https://b.example/\nsave=1\n");
        let found: Vec<_> = read.registries.iter().map(|one| (one.address.as_str(), one.line)).collect();
        assert_eq!(found, [("https://a.example/", 2), ("https://b.example/", 3)]);
    }
}
