//! Symbolic links: another name for what they lead to.
//!
//! Owns the walk from a path with links in it to the path without: link after link as the kernel does it, `..` behind a
//! link included. What it may cost is the caller's.

use std::collections::{BTreeMap, HashSet};

use super::super::{folder_of, upwards};

/// Links that one path may lead over, as many as Linux follows; a cycle has more.
const FOLLOWED: usize = 40;

/// Parts of a place on the runner that may stand above the repository.
const PARTS: usize = 32;

/// Where a link leads.
struct Target<'a> {
    /// The path from the root of the repository; it may hold `..`.
    path: &'a str,
    /// False where the text names a place outside that may be the checkout itself.
    sure: bool,
}

/// The links of one side.
#[derive(Default)]
pub(super) struct Links<'a> {
    to: BTreeMap<&'a str, Target<'a>>,
    /// Folders that have a link somewhere below.
    above: HashSet<&'a str>,
}

impl<'a> Links<'a> {
    /// Takes links and where they lead; `known` says whether a path is that of a file or folder.
    pub(super) fn of(links: impl Iterator<Item = (&'a str, &'a str)>, known: impl Fn(&str) -> bool) -> Self {
        let rows: BTreeMap<&str, &str> = links.collect();
        let mut found = Self::default();
        for (link, to) in &rows {
            let is_known = |path: &str| known(path) || upwards(path).take(PARTS).any(|path| rows.contains_key(path));
            found.to.insert(link, placed(to, is_known));
            for folder in upwards(folder_of(link)) {
                if !found.above.insert(folder) {
                    break;
                }
            }
        }
        found
    }

    /// Returns the paths of all links, sorted.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.to.keys().copied()
    }

    /// Returns where a path with links in it leads, and whether that is sure; none when it has none or leads nowhere.
    pub(super) fn real(&self, path: &str, spend: &dyn Fn(usize) -> bool) -> Option<(String, bool)> {
        if self.to.is_empty() {
            return None;
        }
        let mut open: Vec<&str> = path.rsplit('/').collect();
        let (mut here, mut followed, mut all_sure) = (String::new(), 0, true);
        while let Some(part) = open.pop() {
            match part {
                "" | "." => continue,
                ".." if here.is_empty() => return None,
                ".." => {
                    here.truncate(folder_of(&here).len());
                    continue;
                }
                _ => {}
            }
            let may_be = self.above.contains(here.as_str());
            if !may_be && followed == 0 {
                return None;
            }
            if !here.is_empty() {
                here.push('/');
            }
            here.push_str(part);
            let Some(Target { path, sure }) = self.to.get(here.as_str()).filter(|_| may_be) else { continue };
            followed += 1;
            if followed > FOLLOWED || !spend(open.len().saturating_add(1)) {
                return None;
            }
            all_sure &= sure;
            here.clear();
            open.extend(path.rsplit('/'));
        }
        (followed > 0).then_some((here, all_sure))
    }
}

/// A target outside the repository may be the repository by its place on the runner: the longest ending of it that is
/// a path here is meant, and the root where there is none.
fn placed<'a>(to: &'a str, known: impl Fn(&str) -> bool) -> Target<'a> {
    let Some(mut rest) = to.strip_prefix('/') else { return Target { path: to, sure: true } };
    for _ in 0..PARTS {
        if !rest.is_empty() && known(rest) {
            return Target { path: rest, sure: true };
        }
        match rest.split_once('/') {
            Some((_, shorter)) => rest = shorter,
            None => break,
        }
    }
    Target { path: "", sure: false }
}

#[cfg(test)]
mod tests {
    use super::Links;

    fn real(rows: &[(&str, &str)], path: &str) -> Option<String> {
        let known = |path: &str| ["src", "src/store", "src/store/db.py"].contains(&path);
        Links::of(rows.iter().copied(), known).real(path, &|_| true).map(|found| found.0)
    }

    #[test]
    fn links_to_links_are_followed_and_cycles_lead_nowhere() {
        let rows = [("a", "b"), ("b", "src/c"), ("src/c", "src/store"), ("x", "y"), ("y", "x"), ("z", "z/z")];
        assert_eq!(real(&rows, "a/db.py").as_deref(), Some("src/store/db.py"));
        assert_eq!(real(&rows, "src/c").as_deref(), Some("src/store"));
        assert_eq!(real(&rows, "src/store/db.py"), None, "no link in it");
        for path in ["x", "y/db.py", "z"] {
            assert_eq!(real(&rows, path), None);
        }
        let long: Vec<(String, String)> = (0..41).map(|at| (format!("l{at}"), format!("l{}", at + 1))).collect();
        let long: Vec<(&str, &str)> = long.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(real(&long, "l1").as_deref(), Some("l41"), "as many as the kernel follows");
        assert_eq!(real(&long, "l0"), None, "one more");
    }

    #[test]
    fn dots_behind_a_link_go_up_from_where_it_leads() {
        let rows = [("deep", "src/store"), ("out", "deep/../store/db.py"), ("gone", "deep/../../../x")];
        assert_eq!(real(&rows, "out").as_deref(), Some("src/store/db.py"));
        assert_eq!(real(&rows, "gone"), None);
    }

    #[test]
    fn a_place_on_the_runner_is_the_ending_that_is_here() {
        let rows = [("a", "/srv/jobs/app/app/src/store"), ("b", "/srv/jobs/app"), ("c", "src/store")];
        assert_eq!(real(&rows, "a/db.py").as_deref(), Some("src/store/db.py"));
        assert_eq!(real(&rows, "b/src/store/db.py").as_deref(), Some("src/store/db.py"));
        assert_eq!(real(&rows, "b/c/db.py").as_deref(), Some("src/store/db.py"));
    }
}
