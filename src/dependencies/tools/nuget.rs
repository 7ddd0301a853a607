//! NuGet: projects, central versions, `packages.config`, `packages.lock.json`, `nuget.config`.
//!
//! Owns what their elements mean. Properties stay as they are written, `$(Version)`.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    json,
    tree::{Entry, Node},
    xml,
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "nuget", ecosystem: "nuget", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    let lower = name.to_ascii_lowercase();
    let project = [".csproj", ".fsproj", ".vbproj", ".nuspec"].iter().any(|ending| lower.ends_with(ending));
    match lower.as_str() {
        "directory.packages.props" | "directory.build.props" | "directory.build.targets" | "packages.config" => {
            DependencyKind::Manifest
        }
        "packages.lock.json" => DependencyKind::Lock,
        "nuget.config" => DependencyKind::Settings,
        _ if project => DependencyKind::Manifest,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let name = file.name().to_ascii_lowercase();
    if name == "packages.lock.json" {
        locked(&json::read(file.text, file.parts)?, manifest);
        return Ok(());
    }
    let tree = xml::read(file.text, file.parts)?;
    match name.as_str() {
        "nuget.config" => {
            for entry in tree.entries_at(&["configuration", "packageSources"]) {
                manifest.registry(entry.node.text_at(&["-value"]), entry.line);
            }
        }
        "packages.config" => {
            for entry in tree.entries_at(&["packages"]).iter().filter(|entry| entry.key == "package") {
                let dev = entry.node.text_at(&["-developmentDependency"]) == "true";
                let scope = if dev { DependencyScope::Dev } else { DependencyScope::Runtime };
                let (id, version) = (entry.node.text_at(&["-id"]), entry.node.text_at(&["-version"]));
                manifest.push(Declared::direct(id, version, scope, entry.line));
            }
        }
        _ if name.ends_with(".nuspec") => specification(&tree, manifest),
        _ => project(&tree, manifest),
    }
    Ok(())
}

fn project(tree: &Node, manifest: &mut Manifest) {
    let Some(project) = tree.get("Project") else { return };
    // Choices and targets hold groups of items of their own.
    let mut pending: Vec<&Entry> = project.entries().iter().rev().collect();
    while let Some(entry) = pending.pop() {
        match entry.key.as_str() {
            "PackageReference" => item(entry, DependencyScope::Runtime, manifest),
            "PackageVersion" | "GlobalPackageReference" => item(entry, DependencyScope::Catalog, manifest),
            "PackageLicenseExpression" | "PackageLicenseFile" => {
                manifest.licensed(entry.node.text().unwrap_or_default(), entry.line);
            }
            "PackageId" => {
                entry.node.text().unwrap_or_default().clone_into(&mut manifest.name);
                manifest.publishes = true;
            }
            "IsPackable" if entry.node.text() == Some("false") => manifest.publishes = false,
            "RestoreSources" | "RestoreAdditionalProjectSources" => {
                manifest.registry(entry.node.text().unwrap_or_default(), entry.line);
            }
            _ => pending.extend(entry.node.entries().iter().rev()),
        }
    }
}

fn item(entry: &Entry, scope: DependencyScope, manifest: &mut Manifest) {
    let told = |key: &str| {
        let attribute = entry.node.text_at(&[&format!("-{key}")]);
        if attribute.is_empty() { entry.node.text_at(&[key]) } else { attribute }
    };
    let updated = told("Update");
    let name = if told("Include").is_empty() { updated } else { told("Include") };
    let version = if told("VersionOverride").is_empty() { told("Version") } else { told("VersionOverride") };
    let private = told("PrivateAssets").eq_ignore_ascii_case("all");
    let scope = if private && scope == DependencyScope::Runtime { DependencyScope::Build } else { scope };
    for name in name.split(';').map(str::trim) {
        manifest.push(Declared::direct(name, version, scope, entry.line));
    }
}

fn specification(tree: &Node, manifest: &mut Manifest) {
    let Some(metadata) = tree.at(&["package", "metadata"]) else { return };
    manifest.name = metadata.text_at(&["id"]).to_owned();
    manifest.publishes = true;
    if let Some(licence) = metadata.get("license").or_else(|| metadata.get("licenseUrl")) {
        manifest.licensed(licence.text().unwrap_or("told"), licence.line);
    }
    let mut pending: Vec<&Entry> = metadata.entries_at(&["dependencies"]).iter().rev().collect();
    while let Some(entry) = pending.pop() {
        if entry.key == "dependency" {
            let (id, version) = (entry.node.text_at(&["-id"]), entry.node.text_at(&["-version"]));
            manifest.push(Declared::direct(id, version, DependencyScope::Runtime, entry.line));
        }
        pending.extend(entry.node.entries().iter().rev());
    }
}

fn locked(tree: &Node, manifest: &mut Manifest) {
    for framework in tree.entries_at(&["dependencies"]) {
        for entry in framework.node.entries() {
            let node = &entry.node;
            let mut declared = Declared::locked(&entry.key, node.text_at(&["resolved"]), entry.line);
            declared.integrity = node.text_at(&["contentHash"]).to_owned();
            let inside = node.text_at(&["type"]).eq_ignore_ascii_case("project");
            manifest.push(if inside { declared.from(DependencySource::Workspace, "") } else { declared });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{declared, entries};

    #[test]
    fn projects_central_versions_and_old_lists_are_read() {
        let project = "<Project Sdk=\"x\">\n <ItemGroup Condition=\"y\">\n  <PackageReference Include=\"A.B\" Version=\"1.0\" />\n  \
            <PackageReference Include=\"C\"><Version>2</Version><PrivateAssets>all</PrivateAssets></PackageReference>\n  \
            <ProjectReference Include=\"../d.csproj\" />\n </ItemGroup>\n</Project>\n";
        assert_eq!(entries("a/b.csproj", project), ["3 A.B 1.0 registry runtime ", "4 C 2 registry build "]);
        let central = "<Project><ItemGroup>\n<PackageVersion Include=\"A\" Version=\"$(V)\" />\n</ItemGroup></Project>";
        assert_eq!(entries("Directory.Packages.props", central), ["2 A $(V) registry catalog "]);
        let old = "<packages>\n<package id=\"A\" version=\"1\" developmentDependency=\"true\" />\n</packages>";
        assert_eq!(entries("packages.config", old), ["2 A 1 registry dev "]);
    }

    #[test]
    fn a_lock_names_digests() {
        let lock = "{\"version\": 1, \"dependencies\": {\"net8.0\": {\n\"A\": {\"type\": \"Direct\", \"resolved\": \"1.0\", \"contentHash\": \"x\"}}}}";
        assert_eq!(entries("packages.lock.json", lock), ["2 A 1.0 registry runtime "]);
        assert_eq!(declared("packages.lock.json", lock)[0].integrity, "x");
    }
}
