//! What a project depends on: manifests and lock files of package managers -> names, versions and where they come from.
//!
//! Owns which paths are manifests, one reader a tool, and what the change did to each entry. Runs inside the worker:
//! every byte is hostile, nothing is evaluated, nothing is asked of a registry. Must not know policies.

mod address;
mod declared;
mod known;
mod pair;
mod reading;
mod sides;
mod tools;

pub use self::declared::{Declared, DependencyKind, DependencyScope, DependencySource, Manifest, Registry, Script};
pub use self::sides::{
    Dependencies, Dependency, DependencyChange, ManifestFacts, ReadStatus, RegistryChange, ScriptChange, prune,
};
pub use self::tools::{Recognised, recognise};

use crate::documents::Unread;
use crate::limits::Limits;

/// Reads one manifest or lock file; nothing where its path is neither.
///
/// # Errors
/// When the bytes are over a budget, no UTF-8, or not of the format that the path promises.
pub fn read(path: &str, bytes: &[u8], limits: &Limits) -> Option<Result<Manifest, Unread>> {
    let (recognised, tool) = tools::of(path)?;
    Some(read_as(recognised, tool, path, bytes, limits))
}

fn read_as(
    recognised: Recognised,
    tool: &tools::Tool,
    path: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Manifest, Unread> {
    let too_large = |message: String| Unread { message, line: 0, column: 0, too_large: true };
    if bytes.len() as u64 > limits.manifest_bytes {
        let message = format!("{} bytes; the limit `manifest-bytes` is {}", bytes.len(), limits.manifest_bytes);
        return Err(too_large(message));
    }
    if crate::change::lfs_pointer(bytes) {
        return Err(Unread::at(0, "its content is in Git LFS, not in the repository"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Unread::at(before.iter().filter(|byte| **byte == b'\n').count() + 1, "the file is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let parts = usize::try_from(limits.manifest_values).unwrap_or(usize::MAX);
    let mut manifest = Manifest::new(recognised);
    (tool.read)(&tools::Text { path, text, parts }, &mut manifest)?;
    if manifest.dependencies.len() as u64 > limits.manifest_values {
        return Err(too_large("it names more packages than the limit `manifest-values` allows".to_owned()));
    }
    manifest.settle(path);
    Ok(manifest)
}

#[cfg(test)]
mod tests;
