//! What a repository looks like: its languages, the folders that hold its code, and who owns it.
//!
//! Owns guesses for people to correct. Reads names only, never code.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::language_of;
use crate::impact::owners::Owners;

/// Most modules that are proposed.
const MOST_MODULES: usize = 24;
/// Most teams that are proposed.
const MOST_TEAMS: usize = 20;
/// A language with a smaller part of the files, in hundredths, is left out.
const SMALLEST_PART: usize = 3;
/// A folder with this part of the files beside it and in it, in hundredths, is where the code is.
const MAIN_PART: usize = 90;
/// Folders at any depth that hold no code of the system itself.
const BESIDE: &[&str] = &[
    "bench",
    "benches",
    "build",
    "cases",
    "dist",
    "doc",
    "docs",
    "example",
    "examples",
    "fixtures",
    "node_modules",
    "target",
    "test",
    "testdata",
    "tests",
    "third_party",
    "tools",
    "vendor",
];

/// A team as CODEOWNERS names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands::init) struct Team {
    pub(in crate::commands::init) id: String,
    pub(in crate::commands::init) handles: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::commands::init) struct Survey {
    /// The system's id.
    pub(in crate::commands::init) system: String,
    /// Languages, the one with most files first.
    pub(in crate::commands::init) languages: Vec<String>,
    /// Glob by module.
    pub(in crate::commands::init) modules: BTreeMap<String, String>,
    /// Modules that CODEOWNERS gives to another team than the system, with that team and their folder.
    pub(in crate::commands::init) apart: BTreeMap<String, (String, String)>,
    /// At least one; the first owns the system: the one that CODEOWNERS gives most of the code to.
    pub(in crate::commands::init) teams: Vec<Team>,
    /// Whether somebody named the teams, or they are a placeholder.
    pub(in crate::commands::init) teams_known: bool,
}

impl Survey {
    /// Looks at the name of the repository, its files and its CODEOWNERS.
    pub(in crate::commands::init) fn of(name: &str, paths: &[String], codeowners: Option<&str>) -> Self {
        let code: Vec<(&str, &str)> = paths
            .iter()
            .filter(|path| !path.split('/').rev().skip(1).any(|part| BESIDE.contains(&part) || part.starts_with('.')))
            .filter_map(|path| Some((path.as_str(), language_of(path, b"")?)))
            .collect();
        let (mut teams, teams_known) = teams(codeowners.unwrap_or_default());
        let owners = Owners::parse(codeowners.unwrap_or_default().as_bytes());
        let first = owner_of(code.iter().map(|(path, _)| *path), &owners, &teams);
        if let Some(owner) = &first {
            teams.sort_by_key(|team| team.id != *owner);
        }
        let modules = modules(&code);
        let apart = apart(&modules, &code, &owners, &teams);
        Self {
            system: plain_name(name).unwrap_or_else(|| "app".to_owned()),
            languages: languages(&code),
            modules,
            apart,
            teams,
            teams_known,
        }
    }
}

/// Most files that are asked of CODEOWNERS, evenly spread.
const MOST_ASKED: usize = 5_000;

/// Returns the team that answers for most of these files, where CODEOWNERS names teams for them.
fn owner_of<'p>(paths: impl Iterator<Item = &'p str>, owners: &Owners, teams: &[Team]) -> Option<String> {
    let paths: Vec<&str> = paths.collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths.iter().step_by((paths.len() / MOST_ASKED).max(1)) {
        let handles = owners.of(path);
        let named = |team: &&Team| team.handles.iter().any(|handle| handles.contains(handle));
        if let Some(team) = teams.iter().find(named) {
            *counts.entry(team.id.as_str()).or_default() += 1;
        }
    }
    counts.into_iter().max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0))).map(|(team, _)| team.to_owned())
}

fn apart(
    modules: &BTreeMap<String, String>,
    code: &[(&str, &str)],
    owners: &Owners,
    teams: &[Team],
) -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for (module, glob) in modules {
        let folder = glob.trim_end_matches("/**");
        let inside = |path: &&str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let owner = owner_of(code.iter().map(|(path, _)| *path).filter(inside), owners, teams);
        if let Some(owner) = owner.filter(|owner| teams.first().is_some_and(|first| first.id != *owner)) {
            found.insert(module.clone(), (owner, folder.to_owned()));
        }
    }
    found
}

fn languages(code: &[(&str, &str)]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, language) in code {
        *counts.entry(language).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.retain(|(_, count)| count * 100 >= code.len() * SMALLEST_PART);
    counts.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    counts.into_iter().map(|(language, _)| language.to_owned()).collect()
}

/// Goes down while nearly all code below lies in one folder; the folders side by side there are the modules.
fn modules(code: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut prefix = String::new();
    loop {
        let below = code.iter().filter_map(|(path, _)| path.strip_prefix(prefix.as_str()));
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for (folder, _) in below.filter_map(|path| path.split_once('/')) {
            *folders.entry(folder).or_default() += 1;
        }
        let all: usize = folders.values().sum();
        match folders.iter().max_by_key(|(_, count)| **count) {
            Some((main, count)) if count * 100 >= all * MAIN_PART => prefix = format!("{prefix}{main}/"),
            Some(_) => return named(&prefix, &folders.into_keys().collect()),
            None if prefix.is_empty() => return BTreeMap::new(),
            None => {
                let whole = prefix.trim_end_matches('/');
                let (parent, last) = whole.rsplit_once('/').unwrap_or(("", whole));
                let parent = if parent.is_empty() { String::new() } else { format!("{parent}/") };
                return named(&parent, &BTreeSet::from([last]));
            }
        }
    }
}

fn named(prefix: &str, folders: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut modules = BTreeMap::new();
    for folder in folders.iter().take(MOST_MODULES) {
        if let Some(name) = plain_name(folder) {
            modules.entry(name).or_insert_with(|| format!("{prefix}{}/**", globset::escape(folder)));
        }
    }
    modules
}

/// Returns a name as the specification allows it: lower case letters, digits and `-`, a letter first.
fn plain_name(text: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(plain).collect();
    let name = name.trim_matches(|c: char| c == '-').trim_start_matches(|c: char| !c.is_ascii_lowercase());
    (!name.is_empty()).then(|| name.chars().take(60).collect())
}

/// Returns the teams of CODEOWNERS, the owner of everything first; people without a team become one.
fn teams(codeowners: &str) -> (Vec<Team>, bool) {
    let mut found: Vec<Team> = Vec::new();
    let mut people: Vec<String> = Vec::new();
    let mut first = None;
    for line in codeowners.lines().map(str::trim).filter(|line| !line.starts_with(['#', '['])) {
        let mut words = line.split_whitespace();
        let everything = words.next() == Some("*");
        for handle in words.take_while(|word| !word.starts_with('#')).filter(|word| word.starts_with('@')) {
            let handle = handle.trim_start_matches("@@");
            let Some(id) = handle.rsplit_once('/').and_then(|(_, team)| plain_name(team)) else {
                if handle.len() > 1 && handle.starts_with('@') && !people.contains(&handle.to_owned()) {
                    people.push(handle.to_owned());
                }
                continue;
            };
            if everything && first.is_none() {
                first = Some(id.clone());
            }
            match found.iter_mut().find(|team| team.id == id) {
                Some(team) if !team.handles.contains(&handle.to_owned()) => team.handles.push(handle.to_owned()),
                Some(_) => {}
                None => found.push(Team { id, handles: vec![handle.to_owned()] }),
            }
        }
    }
    found.sort_by_key(|team| Some(&team.id) != first.as_ref());
    found.truncate(MOST_TEAMS);
    people.truncate(MOST_TEAMS);
    let known = !found.is_empty() || !people.is_empty();
    if found.is_empty() {
        found.push(Team { id: "maintainers".to_owned(), handles: people });
    }
    (found, known)
}

#[cfg(test)]
mod tests {
    use super::Survey;

    fn survey(paths: &[&str], codeowners: &str) -> Survey {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        Survey::of("My_Shop", &paths, Some(codeowners))
    }

    #[test]
    fn modules_are_the_folders_side_by_side_below_the_one_that_holds_all_code() {
        let found =
            survey(&["src/orders/api/a.py", "src/orders/Store/b.py", "tests/t.py", "setup.py", "docs/x.go"], "");
        let modules: Vec<_> = found.modules.iter().map(|(name, glob)| (name.as_str(), glob.as_str())).collect();
        assert_eq!(modules, [("api", "src/orders/api/**"), ("store", "src/orders/Store/**")]);
        assert_eq!((found.system.as_str(), found.languages), ("my-shop", vec!["python".to_owned()]));
        assert_eq!(survey(&["a/x.go", "b/y.go"], "").modules.len(), 2);
        let mut mostly: Vec<String> =
            (0..20).map(|n| format!("src/{}/{n}.rs", if n < 9 { "a" } else { "b" })).collect();
        mostly.push("script/x.py".to_owned());
        let mostly: Vec<&str> = mostly.iter().map(String::as_str).collect();
        assert_eq!(survey(&mostly, "").modules.into_keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(survey(&["src/only.rs"], "").modules["src"], "src/**");
        assert!(survey(&["README.md"], "").modules.is_empty());
    }

    #[test]
    fn the_system_is_owned_by_who_owns_most_of_it_and_other_owners_are_told() {
        let paths = ["services/pay/a.go", "services/web/b.go", "services/web/c.go", "services/web/d.go"];
        let found = survey(&paths, "* @acme/core\n/services/web/ @acme/front\n/services/pay/ @acme/payments\n");
        assert_eq!(found.teams[0].id, "front");
        let apart = ("payments".to_owned(), "services/pay".to_owned());
        assert_eq!(found.apart.into_iter().collect::<Vec<_>>(), [("pay".to_owned(), apart)]);
        assert!(survey(&paths, "* @acme/core\n").apart.is_empty());
    }

    #[test]
    fn the_owner_of_everything_comes_first_and_people_without_a_team_are_one() {
        let found = survey(&[], "/docs/ @acme/writers # @x\n* @acme/core @ines\n[Section]\n!a @acme/no\n");
        let ids: Vec<_> = found.teams.iter().map(|team| team.id.as_str()).collect();
        assert_eq!(ids, ["core", "writers", "no"]);
        let found = survey(&[], "* @ines @kofi\n");
        assert_eq!(
            (found.teams[0].id.as_str(), found.teams[0].handles.len(), found.teams_known),
            ("maintainers", 2, true)
        );
        assert!(!survey(&[], "").teams_known);
    }
}
