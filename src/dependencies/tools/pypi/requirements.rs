//! Requirement files of pip: one requirement or option a line.
//!
//! Owns the names of such files and their options. Files that they name with `-r` are files of their own.

use super::super::Text;
use crate::dependencies::address;
use crate::dependencies::declared::{Declared, DependencyScope, DependencySource, Manifest};
use crate::dependencies::reading::lines;

/// Says whether a path is a requirement file: `requirements*.txt`, `*-requirements.txt`, `requirements/*.txt`, also `.in`.
pub(super) fn is_one(name: &str, path: &str) -> bool {
    let Some((stem, "txt" | "in")) = name.rsplit_once('.') else { return false };
    let stem = stem.to_ascii_lowercase();
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let words = ["requirements", "constraints"];
    words.iter().any(|word| stem.starts_with(word) || stem.ends_with(word)) || folder == "requirements"
}

pub(super) fn read(file: &Text<'_>, manifest: &mut Manifest) {
    let scope = scope_of(file.name());
    let mut joined = String::new();
    let mut first = 0;
    for (line, row) in lines::numbered(file.text) {
        if joined.is_empty() {
            first = line;
        }
        // A comment begins a line, or behind a blank.
        let row = if row.trim_start().starts_with('#') { "" } else { row };
        let row = row.split(" #").next().unwrap_or_default();
        if let Some(part) = row.strip_suffix('\\') {
            joined.push_str(part);
            joined.push(' ');
            continue;
        }
        joined.push_str(row);
        one(joined.trim(), scope, first, manifest);
        joined.clear();
    }
    one(joined.trim(), scope, first, manifest);
}

fn scope_of(name: &str) -> DependencyScope {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if has(&["constraint"]) => DependencyScope::Constraint,
        () if has(&["dev", "test", "lint", "doc", "ci"]) => DependencyScope::Dev,
        () => DependencyScope::Runtime,
    }
}

/// Options that name a place of packages.
const PLACES: [&str; 5] = ["--extra-index-url", "--index-url", "-i", "--find-links", "-f"];

fn one(row: &str, scope: DependencyScope, line: u32, manifest: &mut Manifest) {
    let (first, rest) = row.split_once([' ', '=', '\t']).unwrap_or((row, ""));
    let rest = rest.trim_start_matches([' ', '=', '\t']).trim();
    if PLACES.contains(&first) {
        manifest.registry(rest, line);
    } else if matches!(first, "-e" | "--editable") {
        manifest.push(place(rest, scope, line));
    } else if first.starts_with('-') || row.is_empty() {
    } else if address::kind(row).is_some() || row.starts_with(['.', '/']) {
        manifest.push(place(row, scope, line));
    } else {
        let (wanted, options) = row.split_once(" --").unwrap_or((row, ""));
        if let Some(mut declared) = super::requirement(wanted, scope, line) {
            let mut hashes: Vec<&str> =
                options.split_whitespace().filter_map(|word| word.split_once("hash=")).map(|(_, hash)| hash).collect();
            hashes.sort_unstable();
            declared.integrity = hashes.join(" ");
            manifest.push(declared);
        }
    }
}

/// Reads an address or path that stands alone: its name is behind `#egg=`, or what the path ends in.
fn place(text: &str, scope: DependencyScope, line: u32) -> Declared {
    let bare = text.split_whitespace().next().unwrap_or_default();
    let (address, egg) = bare.split_once("#egg=").unwrap_or((bare, ""));
    let source = address::kind(address).unwrap_or(DependencySource::Path);
    let (address, version) = match source {
        DependencySource::Git => super::revision(address),
        _ => (address, ""),
    };
    let last = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = if matches!(last, "" | "." | "..") { "." } else { last.trim_end_matches(".git") };
    let name = egg.split(['&', '[']).next().filter(|name| !name.is_empty()).unwrap_or(last);
    Declared::direct(name, version, scope, line).from(source, address)
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{declared, entries, manifest};

    const TEXT: &str = "# a comment\nrequests==2.31.0 \\\n    --hash=sha256:bb \\\n    --hash=sha256:aa\n\
        Flask[async] >= 2, < 3 ; python_version < '3.9'  # why\n-r other.txt\n--extra-index-url https://host.example/simple\n\
        -e git+https://host.example/a.git@v1#egg=own\npkg @ https://host.example/pkg.whl\n./local\n--no-binary :all:\nnot a requirement\n";

    #[test]
    fn requirements_options_and_places_are_read() {
        assert_eq!(
            entries("requirements.txt", TEXT),
            [
                "2 requests ==2.31.0 registry runtime ",
                "5 Flask >= 2, < 3 registry runtime ",
                "8 own v1 git runtime git+https://host.example/a.git",
                "9 pkg  url runtime https://host.example/pkg.whl",
                "10 local  path runtime ./local",
            ]
        );
        assert_eq!(declared("requirements.txt", TEXT)[0].integrity, "sha256:aa sha256:bb");
        assert_eq!(manifest("requirements.txt", TEXT).registries[0].address, "https://host.example/simple");
    }
}
