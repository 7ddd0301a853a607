//! Addresses of packages: what kind of place one names, its host, and whether a path leaves the repository.
//!
//! Owns no tool's syntax beyond addresses.

use super::declared::DependencySource;

/// Returns what kind of place an address names; nothing where it is none.
pub(super) fn kind(address: &str) -> Option<DependencySource> {
    let lower = address.to_ascii_lowercase();
    let git = lower.starts_with("git+")
        || lower.starts_with("git:")
        || lower.starts_with("git@")
        || lower.starts_with("ssh:")
        || ["hg+", "svn+", "bzr+"].iter().any(|system| lower.starts_with(system))
        || lower.split(['#', '?']).next().is_some_and(|path| path.contains("://") && path.ends_with(".git"));
    if git {
        return Some(DependencySource::Git);
    }
    if ["file:", "link:", "portal:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Some(DependencySource::Path);
    }
    (lower.starts_with("http://") || lower.starts_with("https://")).then_some(DependencySource::Url)
}

/// Returns the host of an address in small letters, without account and port; empty where it has none.
pub(super) fn host(address: &str) -> String {
    let Some((_, rest)) = address.split_once("://") else { return String::new() };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns the path behind `file:` and its like.
pub(super) fn path(address: &str) -> &str {
    let path = ["file:", "link:", "portal:"].iter().find_map(|scheme| address.strip_prefix(scheme)).unwrap_or(address);
    path.strip_prefix("//").unwrap_or(path)
}

/// Says whether a path, taken from the folder of a file, leads out of the repository.
pub(super) fn leaves(file: &str, path: &str) -> bool {
    let path = self::path(path);
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\', '~']) || drive {
        return true;
    }
    let mut depth = file.matches('/').count();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{DependencySource, host, kind, leaves};

    #[test]
    fn kinds_of_addresses() {
        for (address, expected) in [
            ("git+ssh://git@host/a/b.git#v1", Some(DependencySource::Git)),
            ("git@host:a/b.git", Some(DependencySource::Git)),
            ("https://host/a/b.git", Some(DependencySource::Git)),
            ("https://host/a.tgz", Some(DependencySource::Url)),
            ("file:../a", Some(DependencySource::Path)),
            ("^1.2.3", None),
        ] {
            assert_eq!(kind(address), expected, "{address}");
        }
    }

    #[test]
    fn the_host_is_behind_the_account() {
        assert_eq!(host("https://good.example@Evil.example:8080/a"), "evil.example");
        assert_eq!(host("sparse+https://a.example/index/"), "a.example");
        assert_eq!(host("x"), "");
    }

    #[test]
    fn paths_that_climb_above_the_root_leave_the_repository() {
        assert!(!leaves("a/b/Cargo.toml", "../../c"));
        assert!(leaves("a/b/Cargo.toml", "../../../c"));
        assert!(leaves("Cargo.toml", "x/../../c"));
        assert!(leaves("package.json", "file:/etc") && leaves("package.json", "C:\\x"));
        assert!(!leaves("package.json", "file:./x"));
    }
}
