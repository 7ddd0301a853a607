//! What can be said for certain about two globs: that one covers the other, or that they have no path in common.
//!
//! Sound and incomplete: where this says no, the answer is not known.

/// Characters that have a meaning in a glob.
const META: &[char] = &['*', '?', '[', ']', '{', '}', '\\', '!'];

/// Returns the globs of `these` that no glob of `those` is known to cover.
pub(super) fn uncovered<'t>(these: &'t [String], those: &[String]) -> Vec<&'t String> {
    these.iter().filter(|glob| !those.iter().any(|other| covers(other, glob))).collect()
}

/// Says whether every path that `glob` matches is known to be matched by `wide`.
pub(super) fn covers(wide: &str, glob: &str) -> bool {
    if wide == glob || wide == "**" || wide == "**/*" {
        return true;
    }
    let Some(folder) = wide.strip_suffix("/**").filter(|folder| !folder.contains(META)) else { return false };
    glob.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Says whether no path is known to match both.
pub(super) fn apart(one: &str, other: &str) -> bool {
    let (one, other) = (literal(one), literal(other));
    !one.starts_with(other) && !other.starts_with(one)
}

/// Returns what every path that the glob matches begins with.
fn literal(glob: &str) -> &str {
    glob.split(META).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{apart, covers};

    #[test]
    fn only_what_is_certain_is_covered() {
        for (wide, glob) in [("**", "a/*.py"), ("a/**", "a/b/**"), ("a/**", "a/*.py"), ("a", "a"), ("a/**", "a/{b,c}")]
        {
            assert!(covers(wide, glob), "{wide} {glob}");
        }
        for (wide, glob) in
            [("a/*", "a/b/c"), ("a/**", "ab/c"), ("a/**", "{a/b,c}"), ("a/**", "a"), ("[a]/**", "[a]/b")]
        {
            assert!(!covers(wide, glob), "{wide} {glob}");
        }
    }

    #[test]
    fn folders_beside_each_other_are_apart_and_nested_or_unclear_ones_are_not() {
        assert!(apart("src/api/**", "src/store/**"));
        for (one, other) in [("src/**", "src/store/**"), ("src/a*/**", "src/api/**"), ("**/a", "b/**"), ("a", "ab")] {
            assert!(!apart(one, other), "{one} {other}");
        }
    }
}
