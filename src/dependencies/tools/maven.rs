//! Maven: `pom.xml`. Properties stay as they are written, `${a.version}`.
//!
//! Owns what its elements mean. What a parent brings is not seen.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    tree::{Entry, Node},
    xml,
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "maven", ecosystem: "maven", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    if name == "pom.xml" || name.ends_with(".pom") { DependencyKind::Manifest } else { DependencyKind::None }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = xml::read(file.text, file.parts)?;
    let Some(project) = tree.get("project") else { return Err(Unread::at(0, "it has no element `project`")) };
    manifest.name = project.text_at(&["artifactId"]).to_owned();
    if let Some(licence) = project.at(&["licenses", "license"]) {
        manifest.licensed(licence.text_at(&["name"]), licence.line);
    }
    let profiles = project.entries_at(&["profiles"]).iter().map(|profile| &profile.node);
    for holder in std::iter::once(project).chain(profiles) {
        part(holder, manifest);
    }
    if let Some(parent) = project.get("parent") {
        // The usual parent is a file of the repository; an empty path says that it is not.
        let source = match parent.get("relativePath").map(|path| path.text().unwrap_or_default()) {
            Some("") => DependencySource::Registry,
            _ => DependencySource::Workspace,
        };
        manifest.push(coordinates(parent, DependencyScope::Build, parent.line).from(source, ""));
    }
    Ok(())
}

fn part(holder: &Node, manifest: &mut Manifest) {
    for entry in holder.entries_at(&["dependencies"]) {
        manifest.push(dependency(entry, None));
    }
    for entry in holder.entries_at(&["dependencyManagement", "dependencies"]) {
        manifest.push(dependency(entry, Some(DependencyScope::Catalog)));
    }
    for path in [&["build", "plugins"][..], &["build", "pluginManagement", "plugins"], &["build", "extensions"]] {
        for entry in holder.entries_at(path) {
            let mut declared = coordinates(&entry.node, DependencyScope::Build, entry.line);
            if declared.name.starts_with(':') {
                declared.name = format!("org.apache.maven.plugins{}", declared.name);
            }
            manifest.push(declared);
            for inner in entry.node.entries_at(&["dependencies"]) {
                manifest.push(dependency(inner, Some(DependencyScope::Build)));
            }
        }
    }
    for path in ["repositories", "pluginRepositories"] {
        for entry in holder.entries_at(&[path]) {
            let address = entry.node.get("url");
            manifest.registry(address.and_then(Node::text).unwrap_or_default(), entry.line);
        }
    }
}

fn dependency(entry: &Entry, scope: Option<DependencyScope>) -> Declared {
    let node = &entry.node;
    let scope = scope.unwrap_or_else(|| match node.text_at(&["scope"]) {
        "test" => DependencyScope::Dev,
        "provided" => DependencyScope::Peer,
        "import" => DependencyScope::Catalog,
        _ if node.text_at(&["optional"]) == "true" => DependencyScope::Optional,
        _ => DependencyScope::Runtime,
    });
    let declared = coordinates(node, scope, entry.line);
    let group = node.text_at(&["groupId"]);
    if group == "${project.groupId}" || group == "${pom.groupId}" || node.text_at(&["version"]) == "${project.version}"
    {
        return declared.from(DependencySource::Workspace, "");
    }
    match node.text_at(&["systemPath"]) {
        "" => declared,
        path => declared.from(DependencySource::Path, path),
    }
}

fn coordinates(node: &Node, scope: DependencyScope, line: u32) -> Declared {
    let name = format!("{}:{}", node.text_at(&["groupId"]), node.text_at(&["artifactId"]));
    Declared::direct(if name == ":" { "" } else { &name }, node.text_at(&["version"]), scope, line)
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    #[test]
    fn dependencies_plugins_and_management_are_read() {
        let text = "<project>\n <artifactId>shop</artifactId>\n <dependencies>\n  <dependency>\n   <groupId>g</groupId><artifactId>a</artifactId>\n   \
            <version>${a.version}</version>\n  </dependency>\n  <dependency><groupId>g</groupId><artifactId>t</artifactId><scope>test</scope></dependency>\n \
            </dependencies>\n <dependencyManagement><dependencies>\n  <dependency><groupId>g</groupId><artifactId>m</artifactId><version>1</version></dependency>\n \
            </dependencies></dependencyManagement>\n <build><plugins>\n  <plugin><artifactId>maven-x-plugin</artifactId><version>2</version></plugin>\n \
            </plugins></build>\n <repositories>\n  <repository><url>https://host.example/m2</url></repository>\n </repositories>\n</project>\n";
        assert_eq!(
            entries("pom.xml", text),
            [
                "4 g:a ${a.version} registry runtime ",
                "8 g:t  registry dev ",
                "11 g:m 1 registry catalog ",
                "14 org.apache.maven.plugins:maven-x-plugin 2 registry build ",
            ]
        );
        assert_eq!(manifest("pom.xml", text).registries[0].address, "https://host.example/m2");
    }
}
