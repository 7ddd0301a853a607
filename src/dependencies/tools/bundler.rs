//! Bundler: `Gemfile`, `*.gemspec` and `Gemfile.lock`, read by their lines: nothing is run.
//!
//! Owns the words of these files. What a program puts together is not seen.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::lines::{self, Quoted};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "bundler", ecosystem: "rubygems", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    match name {
        "Gemfile" | "gems.rb" => DependencyKind::Manifest,
        "Gemfile.lock" | "gems.locked" => DependencyKind::Lock,
        _ if name.ends_with(".gemspec") => DependencyKind::Manifest,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    match file.name() {
        "Gemfile.lock" | "gems.locked" => locked(file.text, manifest),
        name if name.ends_with(".gemspec") => specification(file.text, manifest),
        _ => gemfile(file.text, manifest),
    }
    Ok(())
}

fn gemfile(text: &str, manifest: &mut Manifest) {
    // Blocks that are open: what a group, a source or a repository says holds until its `end`.
    let mut blocks: Vec<(DependencyScope, Option<(DependencySource, String)>)> = Vec::new();
    for (line, row) in lines::numbered(text) {
        let row = lines::uncommented(row, "#").trim();
        let texts = lines::quoted(row);
        let word = row.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let first = texts.first().map_or("", |first| first.text);
        match word {
            "gem" if !first.is_empty() => {
                let outer = blocks.last().cloned().unwrap_or_default();
                manifest.push(gem(first, row, &texts, outer, line));
            }
            "source" => manifest.registry(first, line),
            "end" => drop(blocks.pop()),
            _ => {}
        }
        if row.ends_with(" do") || row.contains(" do |") || matches!(word, "if" | "unless" | "case") {
            let outer = blocks.last().cloned().unwrap_or_default();
            let scope = if word == "group" && has_dev(row) { DependencyScope::Dev } else { outer.0 };
            let place = match word {
                "git" | "github" => Some((DependencySource::Git, place_of(first))),
                "path" => Some((DependencySource::Path, place_of(first))),
                "source" => Some((DependencySource::Registry, place_of(first))),
                _ => outer.1,
            };
            blocks.push((scope, place));
        }
    }
}

/// Returns an address, no longer than one is: each block and gem has a copy of it.
fn place_of(text: &str) -> String {
    text.chars().take(300).collect()
}

fn has_dev(row: &str) -> bool {
    [":development", ":test", ":ci", ":lint", ":doc"].iter().any(|group| row.contains(group))
}

fn gem(
    name: &str,
    row: &str,
    texts: &[Quoted<'_>],
    (scope, place): (DependencyScope, Option<(DependencySource, String)>),
    line: u32,
) -> Declared {
    let named = |key: &str| {
        let found = texts.iter().find(|text| {
            let before = text.before.trim_end().trim_end_matches("=>").trim_end();
            lines::last_word(before) == key && (before.ends_with(':') || text.before.contains("=>"))
        });
        found.map(|text| text.text)
    };
    let versions = texts.iter().skip(1).take_while(|text| text.before.trim().trim_end_matches('[').trim_end() == ",");
    let version = versions.map(|text| text.text).collect::<Vec<_>>().join(", ");
    let grouped = row.contains("group") && has_dev(row);
    let scope = if grouped { DependencyScope::Dev } else { scope };
    let declared = Declared::direct(name, &version, scope, line);
    let at = ["ref", "tag", "branch"].iter().find_map(|key| named(key)).unwrap_or_default();
    if let Some(git) = named("git") {
        return Declared { version: at.to_owned(), ..declared }.from(DependencySource::Git, git);
    }
    if let Some(repository) = named("github") {
        return Declared { version: at.to_owned(), ..declared }
            .from(DependencySource::Git, format!("github:{repository}"));
    }
    if let Some(path) = named("path") {
        return declared.from(DependencySource::Path, path);
    }
    match named("source").map(|source| (DependencySource::Registry, source.to_owned())).or(place) {
        Some((source, address)) => declared.from(source, address),
        None => declared,
    }
}

fn specification(text: &str, manifest: &mut Manifest) {
    manifest.publishes = true;
    for (line, row) in lines::numbered(text) {
        let row = lines::uncommented(row, "#").trim();
        let texts = lines::quoted(row);
        let Some(first) = texts.first() else { continue };
        let scope = match lines::last_word(first.before) {
            "add_dependency" | "add_runtime_dependency" => DependencyScope::Runtime,
            "add_development_dependency" => DependencyScope::Dev,
            "name" if first.before.contains(".name") => {
                first.text.clone_into(&mut manifest.name);
                continue;
            }
            "license" | "licenses" => {
                manifest.licensed(first.text, line);
                continue;
            }
            "extensions" => {
                manifest.script("extensions", first.text, line);
                continue;
            }
            _ => continue,
        };
        let version = texts.iter().skip(1).map(|text| text.text).collect::<Vec<_>>().join(", ");
        manifest.push(Declared::direct(first.text, &version, scope, line));
    }
}

fn locked(text: &str, manifest: &mut Manifest) {
    let (mut section, mut remote) = ("", "");
    for (line, row) in lines::numbered(text) {
        let indent = row.len() - row.trim_start().len();
        let words = row.trim();
        match indent {
            0 => (section, remote) = (words, ""),
            2 if words.starts_with("remote:") => remote = words.trim_start_matches("remote:").trim(),
            4 if matches!(section, "GEM" | "GIT" | "PATH") => {
                let (name, version) = words.split_once(' ').unwrap_or((words, ""));
                let declared = Declared::locked(name, version.trim_matches(['(', ')']), line);
                let source = match section {
                    "GIT" => DependencySource::Git,
                    "PATH" => DependencySource::Path,
                    _ => DependencySource::Registry,
                };
                manifest.push(declared.from(source, remote));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    #[test]
    fn gems_groups_and_places_are_read() {
        let text = "source 'https://host.example'\ngem 'rails', '~> 7.0', '>= 7.0.1'\ngem \"own\", git: 'https://host.example/own.git', branch: 'main'\n\
            gem 'hub', github: 'a/b' # why\ngroup :development, :test do\n  gem 'rspec'\nend\npath '../x' do\n  gem 'near'\nend\n# gem 'no'\ngem 'last', :path => 'y'\n";
        assert_eq!(
            entries("a/Gemfile", text),
            [
                "2 rails ~> 7.0, >= 7.0.1 registry runtime ",
                "3 own main git runtime https://host.example/own.git",
                "4 hub  git runtime github:a/b",
                "6 rspec  registry dev ",
                "9 near  path runtime ../x",
                "12 last  path runtime y",
            ]
        );
        assert_eq!(manifest("Gemfile", text).registries[0].address, "https://host.example");
    }

    #[test]
    fn specifications_and_locks_are_read() {
        let text = "Gem::Specification.new do |s|\n  s.name = 'x'\n  s.add_dependency 'a', '>= 1'\n  s.add_development_dependency(\"b\")\n  s.license = 'MIT'\nend\n";
        assert_eq!(entries("x.gemspec", text), ["3 a >= 1 registry runtime ", "4 b  registry dev "]);
        assert_eq!(manifest("x.gemspec", text).licence, "MIT");
        let lock = "GIT\n  remote: https://host.example/g.git\n  revision: abc\n  specs:\n    g (1.0)\n\nGEM\n  remote: https://host.example/\n  specs:\n    a (2.0)\n      b (>= 1)\n\nDEPENDENCIES\n  a\n";
        assert_eq!(
            entries("Gemfile.lock", lock),
            ["5 g 1.0 git runtime https://host.example/g.git", "10 a 2.0 registry runtime https://host.example/"]
        );
    }
}
