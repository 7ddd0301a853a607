//! Gradle: build files in Groovy and Kotlin, catalogues of versions, `gradle.lockfile`.
//!
//! Owns a careful look at the texts in quotes of a build file: nothing is evaluated, and what is put together by the
//! program (`libs.x`, variables as names) is not seen.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::{
    lines, toml,
    tree::{Entry, Node},
};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "gradle", ecosystem: "maven", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    match name {
        "gradle.lockfile" | "buildscript-gradle.lockfile" | "settings-gradle.lockfile" => DependencyKind::Lock,
        _ if name.ends_with(".versions.toml") => DependencyKind::Manifest,
        _ if name.ends_with(".gradle") || name.ends_with(".gradle.kts") => DependencyKind::Manifest,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    if file.name().ends_with(".lockfile") {
        locked(file.text, manifest);
    } else if file.name().ends_with(".toml") {
        catalogue(&toml::read(file.text, file.parts)?, manifest);
    } else {
        build(file.text, manifest);
    }
    Ok(())
}

fn locked(text: &str, manifest: &mut Manifest) {
    for (line, row) in lines::numbered(text) {
        let coordinates = row.split('=').next().unwrap_or_default();
        if let [group, artifact, version] = *coordinates.split(':').collect::<Vec<_>>() {
            manifest.push(Declared::locked(&format!("{group}:{artifact}"), version, line));
        }
    }
}

fn catalogue(tree: &Node, manifest: &mut Manifest) {
    for entry in tree.entries_at(&["libraries"]) {
        let node = &entry.node;
        let (module, written) = match node.text() {
            Some(text) => text
                .rsplit_once(':')
                .map_or((text.to_owned(), String::new()), |(module, version)| (module.to_owned(), version.to_owned())),
            None => (module_of(node), version(tree, node)),
        };
        manifest.push(Declared::direct(&module, &written, DependencyScope::Catalog, entry.line));
    }
    for entry in tree.entries_at(&["plugins"]) {
        manifest.push(plugin(tree, entry));
    }
}

fn module_of(node: &Node) -> String {
    match node.text_at(&["module"]) {
        "" => format!("{}:{}", node.text_at(&["group"]), node.text_at(&["name"])),
        module => module.to_owned(),
    }
}

fn plugin(tree: &Node, entry: &Entry) -> Declared {
    let node = &entry.node;
    let (id, written) = match node.text() {
        Some(text) => text.rsplit_once(':').map_or((text, String::new()), |(id, version)| (id, version.to_owned())),
        None => (node.text_at(&["id"]), version(tree, node)),
    };
    Declared::direct(id, &written, DependencyScope::Build, entry.line)
}

/// Returns the version of an entry: its own, or the one that it refers to.
fn version(tree: &Node, node: &Node) -> String {
    let Some(version) = node.get("version") else { return String::new() };
    let own = |node: &Node| {
        let rich =
            ["strictly", "require", "prefer"].iter().map(|key| node.text_at(&[key])).find(|text| !text.is_empty());
        node.text().or(rich).unwrap_or_default().to_owned()
    };
    match version.text_at(&["ref"]) {
        "" => own(version),
        name => tree.at(&["versions", name]).map(own).unwrap_or_default(),
    }
}

fn build(text: &str, manifest: &mut Manifest) {
    let mut comment = false;
    // The block of repositories that is open, and how deep.
    let mut repositories = 0_usize;
    for (line, row) in lines::numbered(text) {
        let row = lines::uncommented(row, "//");
        let starts = row.trim_start();
        if comment || starts.starts_with("/*") || starts.starts_with('*') {
            comment = (comment || starts.starts_with("/*")) && !row.contains("*/");
            continue;
        }
        if repositories > 0 || starts.starts_with("repositories") {
            address(row, line, manifest);
            repositories = (repositories + row.matches('{').count()).saturating_sub(row.matches('}').count());
            continue;
        }
        statement(row, line, manifest);
    }
}

/// Takes addresses out of a line of a block `repositories`.
fn address(row: &str, line: u32, manifest: &mut Manifest) {
    for quoted in lines::quoted(row) {
        let place = quoted.text;
        if place.contains("://") {
            manifest.registry(place, line);
        }
    }
}

fn statement(row: &str, line: u32, manifest: &mut Manifest) {
    let texts = lines::quoted(row);
    let word = row.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    // `id 'x' version 'y'`, `id("x") version "y"`.
    if matches!(word, "id" | "kotlin")
        && texts.first().is_some_and(|first| first.before.trim().trim_end_matches('(').trim() == word)
    {
        let id = texts.first().map_or("", |first| first.text);
        let version =
            texts.get(1).filter(|second| lines::last_word(second.before) == "version").map_or("", |second| second.text);
        let name = if word == "kotlin" { format!("org.jetbrains.kotlin.{id}") } else { id.to_owned() };
        if name.contains('.') {
            manifest.push(Declared::direct(&name, version, DependencyScope::Build, line));
        }
        return;
    }
    // `group: 'g', name: 'a', version: 'v'`.
    let named = |key: &str| {
        let found = texts
            .iter()
            .find(|text| lines::last_word(text.before) == key && text.before.trim_end().ends_with([':', '=']));
        found.map(|text| text.text)
    };
    if let (Some(group), Some(name)) = (named("group"), named("name")) {
        let version = named("version").unwrap_or_default();
        manifest.push(Declared::direct(&format!("{group}:{name}"), version, scope_of(word), line));
        return;
    }
    for quoted in &texts {
        let Some((name, version)) = coordinates(quoted.text) else { continue };
        let configuration =
            quoted.before.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| is_configuration(word));
        let platform = quoted.before.contains("latform(");
        let scope = match configuration {
            Some(word) if !platform => scope_of(word),
            Some(_) | None => DependencyScope::Catalog,
        };
        // A dependency on nothing: what a configuration leaves out, what a task is named.
        if quoted.before.contains("exclude") || configuration.is_none() && version.is_empty() {
            continue;
        }
        manifest.push(Declared::direct(&name, version, scope, line).from(DependencySource::Registry, ""));
    }
}

const CONFIGURATIONS: [&str; 18] = [
    "annotationProcessor",
    "androidTestImplementation",
    "api",
    "classpath",
    "compile",
    "compileOnly",
    "compileOnlyApi",
    "debugImplementation",
    "implementation",
    "kapt",
    "ksp",
    "releaseImplementation",
    "runtime",
    "runtimeOnly",
    "testCompile",
    "testCompileOnly",
    "testImplementation",
    "testRuntimeOnly",
];

fn is_configuration(word: &str) -> bool {
    CONFIGURATIONS.contains(&word) || word.ends_with("Implementation") || word.ends_with("RuntimeOnly")
}

fn scope_of(configuration: &str) -> DependencyScope {
    let lower = configuration.to_ascii_lowercase();
    match () {
        () if lower.contains("test") => DependencyScope::Dev,
        () if matches!(configuration, "classpath" | "annotationProcessor" | "kapt" | "ksp") => DependencyScope::Build,
        () if lower.starts_with("compileonly") => DependencyScope::Peer,
        () if is_configuration(configuration) => DependencyScope::Runtime,
        () => DependencyScope::Catalog,
    }
}

/// Splits `group:artifact:version`, `group:artifact`; a classifier and an ending are left out.
fn coordinates(text: &str) -> Option<(String, &str)> {
    let parts: Vec<&str> = text.split(':').collect();
    let (group, artifact, version) = match *parts.as_slice() {
        [group, artifact] => (group, artifact, ""),
        [group, artifact, version] | [group, artifact, version, _] => (group, artifact, version),
        _ => return None,
    };
    let plain =
        |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._-$+{}".contains(c)) && !text.is_empty();
    let version = version.split('@').next().unwrap_or_default();
    let is_version = version.is_empty() || version.starts_with(|c: char| c.is_ascii_digit() || "$[(+lv".contains(c));
    (plain(group) && plain(artifact) && is_version && group.starts_with(|c: char| c.is_ascii_lowercase()))
        .then(|| (format!("{group}:{artifact}"), version))
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    #[test]
    fn texts_of_a_build_file_are_read() {
        let text = "plugins {\n  id 'com.example.x' version '1.0'\n}\nrepositories {\n  maven { url 'https://host.example/m2' }\n}\ndependencies {\n  \
            implementation 'g.h:a:1.0' // why\n  testImplementation(\"g.h:t:$v\")\n  compile group: 'g', name: 'b', version: '2'\n  \
            implementation libs.other\n  implementation project(':shared')\n  /* implementation 'g:c:1' */\n  implementation platform('g.h:bom:3')\n  \
            runtimeOnly('g.h:e:1') { exclude group: 'g.h', module: 'q' }\n}\nversions += [ z: \"9\" ]\nlibs += [ z: \"o.z:z:$versions.z\" ]\nprintln 'a:b'\n";
        assert_eq!(
            entries("build.gradle", text),
            [
                "2 com.example.x 1.0 registry build ",
                "8 g.h:a 1.0 registry runtime ",
                "9 g.h:t $v registry dev ",
                "10 g:b 2 registry runtime ",
                "14 g.h:bom 3 registry catalog ",
                "15 g.h:e 1 registry runtime ",
                "18 o.z:z $versions.z registry catalog ",
            ]
        );
        assert_eq!(manifest("build.gradle", text).registries[0].line, 5);
    }

    #[test]
    fn a_catalogue_resolves_its_own_references() {
        let text = "[versions]\nx = \"1.2\"\n[libraries]\na = { module = \"g:a\", version.ref = \"x\" }\nb = \"g:b:2\"\nc = { group = \"g\", name = \"c\", version = { strictly = \"3\" } }\n[plugins]\np = { id = \"o.p\", version.ref = \"x\" }\n";
        assert_eq!(
            entries("gradle/libs.versions.toml", text),
            [
                "4 g:a 1.2 registry catalog ",
                "5 g:b 2 registry catalog ",
                "6 g:c 3 registry catalog ",
                "8 o.p 1.2 registry build "
            ]
        );
        let lock = "# comment\ng:a:1.0=compileClasspath,runtimeClasspath\nempty=\n";
        assert_eq!(entries("gradle.lockfile", lock), ["2 g:a 1.0 registry runtime "]);
    }
}
