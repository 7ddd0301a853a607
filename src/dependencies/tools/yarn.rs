//! Yarn: `yarn.lock` of version 1 and of Berry, and the registries of `.yarnrc` and `.yarnrc.yml`.
//!
//! Owns the lines of version 1; Berry's are YAML. `package.json` is npm's.

use super::npm::{before_version, resolved_from};
use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencySource, Manifest};
use crate::dependencies::reading::{lines, tree::Node, yaml};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "yarn", ecosystem: "npm", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    match name {
        "yarn.lock" => DependencyKind::Lock,
        ".yarnrc" | ".yarnrc.yml" => DependencyKind::Settings,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    match file.name() {
        ".yarnrc" => {
            for (line, row) in lines::numbered(file.text) {
                if let Some(("registry", address)) = row.trim().split_once(' ') {
                    manifest.registry(address.trim().trim_matches('"'), line);
                }
            }
            Ok(())
        }
        ".yarnrc.yml" => {
            settings(&yaml::read(file.text, file.parts)?, manifest);
            Ok(())
        }
        _ if file.text.contains("\n__metadata:") => {
            berry(&yaml::read(file.text, file.parts)?, manifest);
            Ok(())
        }
        _ => {
            classic(file.text, manifest);
            Ok(())
        }
    }
}

fn settings(tree: &Node, manifest: &mut Manifest) {
    let scopes = tree.entries_at(&["npmScopes"]).iter().map(|scope| &scope.node);
    for holder in std::iter::once(tree).chain(scopes) {
        if let Some(address) = holder.get("npmRegistryServer") {
            manifest.registry(address.text().unwrap_or_default(), address.line);
        }
    }
}

fn berry(tree: &Node, manifest: &mut Manifest) {
    for entry in tree.entries().iter().filter(|entry| entry.key != "__metadata") {
        let resolution = entry.node.text_at(&["resolution"]);
        let name = before_version(resolution);
        let place = resolution.get(name.len() + 1..).unwrap_or_default();
        let mut declared = Declared::locked(name, entry.node.text_at(&["version"]), entry.line);
        declared.integrity = entry.node.text_at(&["checksum"]).to_owned();
        manifest.push(match place.split_once(':') {
            Some(("npm", _)) => declared,
            Some(("workspace" | "portal" | "link" | "file", path)) => declared.from(DependencySource::Workspace, path),
            // A package of the registry with changes of this repository.
            Some(("patch", _)) => declared,
            Some(_) => resolved_from(declared, place),
            None => declared,
        });
    }
}

fn classic(text: &str, manifest: &mut Manifest) {
    let mut open: Option<(Declared, String)> = None;
    let mut close = |open: &mut Option<(Declared, String)>| {
        if let Some((declared, resolved)) = open.take() {
            manifest.push(resolved_from(declared, &resolved));
        }
    };
    for (line, row) in lines::numbered(text) {
        if row.starts_with('#') || row.trim().is_empty() {
            continue;
        }
        if !row.starts_with(' ') {
            close(&mut open);
            let first = row.trim_end_matches(':').split(',').next().unwrap_or_default().trim().trim_matches('"');
            // `name@npm:real@1` installs the other package.
            let name = before_version(first);
            let real = first.get(name.len() + 1..).and_then(|rest| rest.strip_prefix("npm:"));
            let name = real.filter(|real| real.contains('@')).map_or(name, before_version);
            open = Some((Declared::locked(name, "", line), String::new()));
            continue;
        }
        let own = row.strip_prefix("  ").filter(|row| !row.starts_with(' '));
        let (Some(own), Some((declared, resolved))) = (own, &mut open) else { continue };
        let (key, value) = own.split_once(' ').unwrap_or((own, ""));
        let value = value.trim().trim_matches('"');
        match key {
            "version" => value.clone_into(&mut declared.version),
            "resolved" => value.clone_into(resolved),
            "integrity" => value.clone_into(&mut declared.integrity),
            _ => {}
        }
    }
    close(&mut open);
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::entries;

    #[test]
    fn both_kinds_of_locks_are_read() {
        let classic = "# yarn lockfile v1\n\n\n\"@s/a@^1\", \"@s/a@^1.1\":\n  version \"1.1.0\"\n  resolved \"https://host.example/@s/a/-/a-1.1.0.tgz#aa\"\n  \
            integrity sha512-x\n  dependencies:\n    b \"^2\"\n\nb@^2, c@npm:b@2:\n  version \"2.0.0\"\n  resolved \"git+https://host.example/b.git#1\"\n";
        assert_eq!(
            entries("yarn.lock", classic),
            [
                "4 @s/a 1.1.0 registry runtime https://host.example/@s/a/-/a-1.1.0.tgz#aa",
                "11 b 2.0.0 git runtime git+https://host.example/b.git#1",
            ]
        );
        let berry = "# by yarn\n\n__metadata:\n  version: 8\n\n\"@s/a@npm:^1\":\n  version: 1.1.0\n  resolution: \"@s/a@npm:1.1.0\"\n  checksum: x\n\n\
            \"b@https://host.example/b.git\":\n  version: 2.0.0\n  resolution: \"b@https://host.example/b.git#commit=1\"\n";
        assert_eq!(
            entries("yarn.lock", berry),
            ["6 @s/a 1.1.0 registry runtime ", "11 b 2.0.0 git runtime https://host.example/b.git#commit=1"]
        );
    }
}
