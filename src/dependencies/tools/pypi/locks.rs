//! Locks of uv, Poetry, PDM, Pipenv, and PEP 751.
//!
//! Owns what their tables mean.

use super::super::Text;
use crate::dependencies::declared::{Declared, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{json, toml, tree::Node};
use crate::documents::Unread;

pub(super) fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = toml::read(file.text, file.parts)?;
    // PEP 751 has `packages`, all others `package`.
    for package in tree.items_at(&["package"]).iter().chain(tree.items_at(&["packages"])) {
        let line = package.get("name").map_or(package.line, |name| name.line);
        let mut declared = Declared::locked(package.text_at(&["name"]), package.text_at(&["version"]), line);
        declared.integrity = digests(package);
        let source = package.get("source");
        let archive = package.items_at(&["wheels"]).first().or_else(|| package.get("sdist"));
        let index = archive.map_or("", |archive| archive.text_at(&["url"]));
        manifest.push(match source {
            None => repository(declared, package, index),
            Some(source) => placed(declared, source, index),
        });
    }
    Ok(())
}

/// PDM and PEP 751 say in the package itself where it comes from.
fn repository(declared: Declared, package: &Node, index: &str) -> Declared {
    let told = |path: &[&str]| package.at(path).and_then(Node::text).map(str::to_owned);
    if let Some(git) = told(&["git"]).or_else(|| told(&["vcs", "url"])) {
        return declared.from(DependencySource::Git, git);
    }
    if let Some(path) = told(&["path"]).or_else(|| told(&["directory", "path"])) {
        return declared.from(DependencySource::Path, path);
    }
    match told(&["url"]).or_else(|| told(&["archive", "url"])) {
        Some(address) => declared.from(DependencySource::Url, address),
        None => declared.from(DependencySource::Registry, index),
    }
}

fn placed(declared: Declared, source: &Node, index: &str) -> Declared {
    let told = |key: &str| source.get(key).and_then(Node::text);
    // Poetry: `type` and `url`; uv: the kind is the key.
    let address = told("url").unwrap_or_default();
    match (told("type"), told("git"), told("registry")) {
        (Some("git"), ..) => declared.from(DependencySource::Git, address),
        (Some("url"), ..) => declared.from(DependencySource::Url, address),
        (Some("directory" | "file"), ..) => declared.from(DependencySource::Path, address),
        (Some(_), ..) => declared.from(DependencySource::Registry, address),
        (None, Some(git), _) => declared.from(DependencySource::Git, git),
        (None, None, Some(registry)) => {
            declared.from(DependencySource::Registry, if index.is_empty() { registry } else { index })
        }
        (None, None, None) if !address.is_empty() => declared.from(DependencySource::Url, address),
        (None, None, None) => {
            let inside = ["virtual", "editable", "directory", "path"].iter().find_map(|key| told(key));
            declared.from(DependencySource::Path, inside.unwrap_or_default())
        }
    }
}

/// Returns the digests of all archives, sorted, shortened to what tells them apart.
fn digests(package: &Node) -> String {
    let archives = ["wheels", "files"].iter().flat_map(|key| package.items_at(&[key])).chain(package.get("sdist"));
    let mut found: Vec<String> =
        archives.filter_map(|archive| archive.get("hash")).filter_map(Node::text).map(short).collect();
    found.sort();
    found.join(" ")
}

fn short(digest: &str) -> String {
    digest.rsplit(':').next().unwrap_or(digest).chars().take(8).collect()
}

pub(super) fn pipenv(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    let tree = json::read(file.text, file.parts)?;
    for (key, scope) in [("default", DependencyScope::Runtime), ("develop", DependencyScope::Dev)] {
        for entry in tree.entries_at(&[key]) {
            let node = &entry.node;
            let mut declared = Declared::locked(&entry.key, node.text_at(&["version"]), entry.line);
            declared.scope = scope;
            let mut digests: Vec<String> =
                node.items_at(&["hashes"]).iter().filter_map(Node::text).map(short).collect();
            digests.sort();
            declared.integrity = digests.join(" ");
            manifest.push(match (node.text_at(&["git"]), node.text_at(&["path"]), node.text_at(&["file"])) {
                ("", "", "") => declared,
                ("", "", address) => declared.from(DependencySource::Url, address),
                ("", path, _) => declared.from(DependencySource::Path, path),
                (git, ..) => declared.from(DependencySource::Git, git),
            });
        }
    }
    for source in tree.items_at(&["_meta", "sources"]) {
        if let Some(address) = source.get("url") {
            manifest.registry(address.text().unwrap_or_default(), address.line);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{declared, entries};

    #[test]
    fn a_lock_of_uv_names_archives_and_repositories() {
        let text = "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://host.example/simple\" }\n\
            wheels = [{ url = \"https://files.example/a.whl\", hash = \"sha256:0123456789\" }]\n[[package]]\nname = \"b\"\nversion = \"2\"\n\
            source = { git = \"https://host.example/b?rev=1#abc\" }\n[[package]]\nname = \"me\"\nversion = \"0\"\nsource = { virtual = \".\" }\n";
        assert_eq!(
            entries("uv.lock", text),
            [
                "3 a 1 registry runtime https://files.example/a.whl",
                "8 b 2 git runtime https://host.example/b?rev=1#abc",
                "12 me 0 path runtime .",
            ]
        );
        assert_eq!(declared("uv.lock", text)[0].integrity, "01234567");
    }

    #[test]
    fn locks_of_poetry_and_pipenv_are_read() {
        let poetry = "[[package]]\nname = \"a\"\nversion = \"1\"\nfiles = [{file = \"a.whl\", hash = \"sha256:aa\"}]\n\
            [package.source]\ntype = \"git\"\nurl = \"https://host.example/a\"\n";
        assert_eq!(entries("poetry.lock", poetry), ["2 a 1 git runtime https://host.example/a"]);
        let pipenv = "{\"default\": {\n\"a\": {\"version\": \"==1\", \"hashes\": [\"sha256:b\", \"sha256:a\"]}}}";
        assert_eq!(entries("Pipfile.lock", pipenv), ["2 a ==1 registry runtime "]);
        assert_eq!(declared("Pipfile.lock", pipenv)[0].integrity, "a b");
    }
}
