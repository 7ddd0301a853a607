//! PyPI, whichever tool writes the file: requirements, `pyproject.toml`, `setup.cfg`, `setup.py`, Pipfile, and the locks of
//! pip, uv, Poetry, PDM and Pipenv.
//!
//! Owns the form of one requirement (PEP 508) and which file is read how.

mod locks;
mod pyproject;
mod requirements;
mod setup;

use super::{Text, Tool};
use crate::dependencies::address;
use crate::dependencies::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest};
use crate::documents::Unread;

pub(super) const TOOL: Tool = Tool { id: "pypi", ecosystem: "pypi", kind, read };

fn kind(name: &str, path: &str) -> DependencyKind {
    match name {
        "pyproject.toml" | "setup.cfg" | "setup.py" | "Pipfile" => DependencyKind::Manifest,
        "uv.lock" | "poetry.lock" | "pdm.lock" | "Pipfile.lock" => DependencyKind::Lock,
        "pip.conf" | "pip.ini" => DependencyKind::Settings,
        _ if requirements::is_one(name, path) => DependencyKind::Manifest,
        _ if name.starts_with("pylock.") && name.ends_with(".toml") || name == "pylock.toml" => DependencyKind::Lock,
        _ => DependencyKind::None,
    }
}

fn read(file: &Text<'_>, manifest: &mut Manifest) -> Result<(), Unread> {
    match file.name() {
        "pyproject.toml" => pyproject::read(file, manifest),
        "Pipfile" => pyproject::pipfile(file, manifest),
        "setup.cfg" => {
            setup::configuration(file.text, manifest);
            Ok(())
        }
        "setup.py" => {
            setup::script(file.text, manifest);
            Ok(())
        }
        "pip.conf" | "pip.ini" => {
            setup::settings(file.text, manifest);
            Ok(())
        }
        "Pipfile.lock" => locks::pipenv(file, manifest),
        "uv.lock" | "poetry.lock" | "pdm.lock" => locks::read(file, manifest),
        name if name.ends_with(".toml") => locks::read(file, manifest),
        _ => {
            requirements::read(file, manifest);
            Ok(())
        }
    }
}

/// Returns a name as PyPI compares it: small letters, every run of `-`, `_` and `.` as one `-`.
pub(super) fn normal(name: &str) -> String {
    let mut shown = String::new();
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if shown.ends_with('-') => {}
            '-' | '_' | '.' => shown.push('-'),
            other => shown.push(other.to_ascii_lowercase()),
        }
    }
    shown
}

/// Reads one requirement: a name, extras, a version or an address, a marker. Nothing where it names none.
pub(super) fn requirement(text: &str, scope: DependencyScope, line: u32) -> Option<Declared> {
    let text = text.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    if let Some(place) = rest.strip_prefix('@') {
        let place = place.split(" ;").next().unwrap_or_default().trim();
        let (address, at) = match address::kind(place) {
            Some(DependencySource::Git) => revision(place),
            _ => (place, ""),
        };
        let source = address::kind(place).unwrap_or(DependencySource::Path);
        let address = if source == DependencySource::Path { address::path(address) } else { address };
        return Some(Declared::direct(name, at, scope, line).from(source, address));
    }
    let version = rest.split(';').next().unwrap_or_default().trim();
    let version = version.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(version);
    // Something else than a requirement, such as a sentence.
    if !(version.is_empty() || version.starts_with(['=', '<', '>', '~', '!'])) {
        return None;
    }
    Some(Declared::direct(name, version, scope, line))
}

/// Splits `git+https://host/path@revision#egg=x`.
fn revision(address: &str) -> (&str, &str) {
    let bare = address.split('#').next().unwrap_or_default();
    let from = bare.find("://").map_or(0, |at| at + 3);
    let path = bare.get(from..).and_then(|rest| rest.find('/')).map_or(bare.len(), |at| from + at);
    match bare.get(path..).and_then(|rest| rest.rfind('@')) {
        Some(at) => (bare.get(..path + at).unwrap_or(bare), bare.get(path + at + 1..).unwrap_or_default()),
        None => (bare, ""),
    }
}
