//! Go: `go.mod`, `go.work`, and their sums.
//!
//! Owns the lines of these files: a directive and its words, or a block of them.

use super::{Text, Tool};
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::lines;
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "go", ecosystem: "go", kind, read };

fn kind(name: &str, _: &str) -> DependencyKind {
    match name {
        "go.mod" | "go.work" => DependencyKind::Manifest,
        "go.sum" | "go.work.sum" => DependencyKind::Lock,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    if file.name().ends_with(".sum") {
        return sums(file.text, manifest);
    }
    let mut block = "";
    for (line, row) in lines::numbered(file.text) {
        let (code, comment) = row.split_once("//").unwrap_or((row, ""));
        let words: Vec<&str> = code.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match words.as_slice() {
            [] => {}
            [")"] => block = "",
            [directive, "("] => block = directive,
            words if !block.is_empty() => directive(block, words, comment, line, manifest),
            [name, words @ ..] => directive(name, words, comment, line, manifest),
        }
    }
    if block.is_empty() { Ok(()) } else { Err(Unread::at(0, format!("the block `{block}` does not end"))) }
}

fn directive(name: &str, words: &[&str], comment: &str, line: u32, manifest: &mut Manifest) {
    match (name, words) {
        ("module", [module, ..]) => (*module).clone_into(&mut manifest.name),
        ("require", [module, version, ..]) => {
            let mut declared = Declared::direct(module, version, DependencyScope::Runtime, line);
            declared.direct = !comment.trim_start().starts_with("indirect");
            manifest.push(declared);
        }
        ("replace", [module, rest @ ..]) => {
            let Some(arrow) = rest.iter().position(|word| *word == "=>") else { return };
            let (target, version) = match rest.get(arrow + 1..).unwrap_or_default() {
                [target, version, ..] => (*target, *version),
                [target] => (*target, ""),
                [] => return,
            };
            let folder = target.starts_with(['.', '/', '\\']) || target.as_bytes().get(1) == Some(&b':');
            let source = match () {
                () if folder => DependencySource::Path,
                // Another version of the same module.
                () if target == *module => DependencySource::Registry,
                () => DependencySource::Git,
            };
            let address = if source == DependencySource::Registry { "" } else { target };
            let declared = Declared::direct(module, version, DependencyScope::Constraint, line);
            manifest.push(declared.from(source, address));
        }
        _ => {}
    }
}

fn sums(text: &str, manifest: &mut Manifest) -> Result<(), Unread> {
    for (line, row) in lines::numbered(text) {
        let words: Vec<&str> = row.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            // Of a module whose code is not needed only the requirements are known.
            [_, version, _] if version.ends_with("/go.mod") => {}
            [module, version, digest] => {
                let mut declared = Declared::locked(module, version, line);
                (*digest).clone_into(&mut declared.integrity);
                manifest.push(declared);
            }
            _ => return Err(Unread::at(usize::try_from(line).unwrap_or(0), "a line has not three words")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{declared, entries, manifest};

    const MODULE: &str = "module host.example/shop\n\ngo 1.22\n\nrequire host.example/a v1.0.0\n\nrequire (\n\
        \thost.example/b v1.2.3 // indirect\n\thost.example/c/v2 v2.0.0\n)\n\nreplace host.example/a => ../a\n\n\
        replace (\n\thost.example/b v1.2.3 => fork.example/b v1.2.4\n\thost.example/c/v2 => host.example/c/v2 v2.0.1\n)\n";

    #[test]
    fn requirements_and_replacements_are_read() {
        assert_eq!(
            entries("a/go.mod", MODULE),
            [
                "5 host.example/a v1.0.0 registry runtime ",
                "8 host.example/b v1.2.3 registry runtime ",
                "9 host.example/c/v2 v2.0.0 registry runtime ",
                "12 host.example/a  path constraint ../a",
                "15 host.example/b v1.2.4 git constraint fork.example/b",
                "16 host.example/c/v2 v2.0.1 registry constraint ",
            ]
        );
        let direct: Vec<bool> = declared("a/go.mod", MODULE).iter().map(|one| one.direct).collect();
        assert_eq!(direct[..3], [true, false, true]);
        assert_eq!(manifest("go.mod", MODULE).name, "host.example/shop");
    }

    #[test]
    fn sums_of_requirements_alone_are_no_packages() {
        let text = "host.example/a v1.0.0 h1:x=\nhost.example/a v1.0.0/go.mod h1:y=\n";
        assert_eq!(entries("go.sum", text), ["1 host.example/a v1.0.0 registry runtime "]);
    }
}
