//! A section of CODEOWNERS: who answers for which path, from systems, modules, contracts and teams.
//!
//! Owns the order of its lines: the last one that matches wins on the forge, so they go from general to narrow. Agents
//! own nothing.

use super::Extent;
use crate::specification::Specification;
use crate::untrusted::Untrusted;

/// Returns the section's body; `folder` is where the specification itself lies in the repository, or empty when it
/// lies elsewhere.
#[must_use]
pub fn codeowners(specification: &Specification, extent: &Extent, folder: &str) -> String {
    let mut out = String::new();
    let mut lines = |heading: &str, rows: Vec<(String, Vec<String>)>| {
        let rows: Vec<_> = rows.into_iter().filter(|(_, owners)| !owners.is_empty()).collect();
        if rows.is_empty() {
            return;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("# {heading}\n"));
        let widest = rows.iter().map(|(pattern, _)| pattern.chars().count()).max().unwrap_or_default();
        for (pattern, owners) in rows {
            out.push_str(&format!("{pattern:widest$} {}\n", owners.join(" ")));
        }
    };
    // A folder inside another one is narrower, so it comes later.
    let mut systems: Vec<&(String, String)> = extent.systems.iter().collect();
    systems.sort_by_key(|(id, root)| (root.split('/').filter(|part| !part.is_empty()).count(), root, id));
    let of = |team: &str| handles(specification, team);
    let owner = |id: &str| specification.systems.get(id).map(|system| of(&system.owner)).unwrap_or_default();
    let whole = systems.iter().map(|(id, root)| {
        let pattern = if root.is_empty() { "*".to_owned() } else { format!("/{}/", escaped(root)) };
        (pattern, owner(id))
    });
    lines("Systems", whole.collect());
    for (id, _) in &systems {
        let Some(system) = specification.systems.get(id) else { continue };
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for glob in system.modules.values().flatten() {
            rows.extend(patterns(&extent.from_root(id, glob)).into_iter().map(|pattern| (pattern, owner(id))));
        }
        rows.sort_by_key(|(pattern, _)| narrowness(pattern));
        lines(&format!("Modules of {id}"), rows);
    }
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for contract in specification.contracts.values() {
        if !extent.systems.iter().any(|(id, _)| *id == contract.provider) {
            continue;
        }
        let mut owners = owner(&contract.provider);
        // An interface is also the business of those who approve its layer.
        for team in specification.teams.values().filter(|team| contract.layer == 3 && team.approves.contains(&3)) {
            owners.extend(of(&team.id));
        }
        let mut seen = std::collections::BTreeSet::new();
        owners.retain(|handle| seen.insert(handle.clone()));
        let globs = patterns(&extent.from_root(&contract.provider, &contract.source));
        rows.extend(globs.into_iter().map(|pattern| (pattern, owners.clone())));
    }
    rows.sort_by_key(|(pattern, _)| narrowness(pattern));
    rows.dedup();
    lines("Interfaces", rows);
    let architects: Vec<String> =
        specification.teams.values().filter(|team| team.approves.contains(&3)).flat_map(|team| of(&team.id)).collect();
    let mut rows =
        vec![("/.portcullis.yaml".to_owned(), architects.clone()), ("/portcullis.lock".to_owned(), architects.clone())];
    if !folder.is_empty() {
        rows.push((format!("/{}/", escaped(folder)), architects));
    }
    lines("The gate's own rules", rows);
    out
}

/// Returns the handles of a team, as far as a forge can read them.
fn handles(specification: &Specification, team: &str) -> Vec<String> {
    let Some(team) = specification.teams.get(team) else { return Vec::new() };
    let named = |c: char| c.is_ascii_alphanumeric() || "@/-_.".contains(c);
    let plain = |handle: &&String| handle.starts_with('@') && handle.chars().all(named);
    team.handles.iter().filter(plain).cloned().collect()
}

/// Returns the lines that mean the same as a glob of ours: braces, which CODEOWNERS does not know, become lines, and
/// what is below a folder is the folder.
fn patterns(glob: &str) -> Vec<String> {
    /// Lines that one glob may become.
    const MOST: usize = 64;
    let mut open = vec![glob.to_owned()];
    let mut done = Vec::new();
    while let Some(glob) = open.pop() {
        let braces = glob.find('{').and_then(|from| Some((from, from + glob.get(from..)?.find('}')?)));
        let Some((from, to)) = braces.filter(|_| open.len() + done.len() < MOST) else {
            done.push(glob);
            continue;
        };
        let (before, after) = (glob.get(..from).unwrap_or_default(), glob.get(to + 1..).unwrap_or_default());
        let inner = glob.get(from + 1..to).unwrap_or_default();
        open.extend(inner.split(',').rev().map(|word| format!("{before}{word}{after}")));
    }
    done.into_iter().map(|glob| anchored(&glob)).collect()
}

/// Returns a glob from the root as CODEOWNERS writes it.
fn anchored(glob: &str) -> String {
    let folder = glob.strip_suffix("/**").unwrap_or(glob);
    let slash = if folder.len() < glob.len() { "/" } else { "" };
    match folder {
        "**" | "" => "*".to_owned(),
        _ if folder.starts_with("**/") => format!("{}{slash}", escaped(folder)),
        _ => format!("/{}{slash}", escaped(folder)),
    }
}

/// A line end in a glob must not begin a line of its own: hidden characters become visible, and match nothing.
fn escaped(path: &str) -> String {
    Untrusted::new(path).terminal().replace(' ', "\\ ").replace('#', "\\#")
}

/// The order from general to narrow: fewer folders first, those with wild cards before those without.
fn narrowness(pattern: &str) -> (usize, bool, String) {
    let folders = pattern.split('/').filter(|part| !part.is_empty() && *part != "**").count();
    (folders, !pattern.contains('*'), pattern.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{handles, patterns};
    use crate::specification::Specification;
    use crate::specification::team::Team;

    #[test]
    fn globs_become_lines_of_codeowners() {
        assert_eq!(patterns("src/orders/api/**"), ["/src/orders/api/"]);
        assert_eq!(patterns("api/openapi.yaml"), ["/api/openapi.yaml"]);
        assert_eq!(patterns("**/migrations/**"), ["**/migrations/"]);
        assert_eq!(patterns("src/{a,b}/*.py"), ["/src/a/*.py", "/src/b/*.py"]);
        assert_eq!(patterns("**"), ["*"]);
        assert_eq!(patterns("a b/**"), ["/a\\ b/"]);
    }

    #[test]
    fn a_glob_cannot_begin_a_line_and_a_strange_handle_is_no_owner() {
        assert_eq!(patterns("a\n* @evil"), ["/a\\u{a}*\\ @evil"]);
        let team = |handles: &[&str]| Team {
            handles: handles.iter().map(|handle| (*handle).to_owned()).collect(),
            ..Team::default()
        };
        let teams = [("a".to_owned(), team(&["@a/b", "@x\n* @evil", "ines", "@\u{202E}b"]))];
        let specification = Specification { teams: teams.into(), ..Specification::default() };
        assert_eq!(handles(&specification, "a"), ["@a/b"]);
    }
}
