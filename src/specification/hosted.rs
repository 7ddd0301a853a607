//! Which systems of the specification this repository holds, and where a rule's scope falls in it.
//!
//! Owns the meaning of `system:` in the configuration, and scopes as compiled globs.

use std::collections::BTreeMap;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

use super::Specification;
use super::rule::{Rule, Scope};
use crate::diagnostic::{UsageError, shortened};
use crate::finding::Status;
use crate::yaml::decode::suggestion;

/// One system that this repository holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HostedSystem {
    /// Its id in the specification.
    pub id: String,
    /// Its folder, without a slash at the end; empty when the repository is the system.
    pub root: String,
}

impl HostedSystem {
    /// Returns the path relative to the system's root, or none when it lies outside.
    #[must_use]
    pub fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        if self.root.is_empty() {
            return Some(path);
        }
        path.strip_prefix(self.root.as_str())?.strip_prefix('/')
    }
}

/// A rule's scope in this repository, compiled.
#[derive(Clone, Debug)]
pub struct ScopeIn {
    systems: Vec<(HostedSystem, Status)>,
    paths: Option<GlobSet>,
    exclude: GlobSet,
}

impl ScopeIn {
    /// Compiles the scope of a rule over the systems that this repository holds.
    ///
    /// # Errors
    /// When a glob is not one; the loader has refused such a specification before.
    pub fn of(rule: &Rule, hosted: &[HostedSystem]) -> Result<Self, globset::Error> {
        let Scope { systems, paths, exclude } = &rule.scope;
        let here = hosted.iter().filter(|hosted| systems.contains(&hosted.id));
        Ok(Self {
            systems: here.map(|hosted| (hosted.clone(), rule.status_in(&hosted.id))).collect(),
            paths: if paths.is_empty() { None } else { Some(globs(paths)?) },
            exclude: globs(exclude)?,
        })
    }

    /// Returns the systems of the scope that this repository holds, with the rule's status in each.
    #[must_use]
    pub fn systems(&self) -> &[(HostedSystem, Status)] {
        &self.systems
    }

    /// Returns the system whose part of the scope covers a path (from the root of the repository), and the rule's
    /// status there; of several the one with the longest root.
    #[must_use]
    pub fn covers(&self, path: &str) -> Option<(&HostedSystem, Status)> {
        let covering = self.systems.iter().filter(|(system, _)| {
            system.inside(path).is_some_and(|inside| {
                self.paths.as_ref().is_none_or(|paths| paths.is_match(inside)) && !self.exclude.is_match(inside)
            })
        });
        covering.max_by_key(|(system, _)| system.root.len()).map(|(system, status)| (system, *status))
    }

    /// Returns the strictest status of the rule in this repository, or none when it does not hold here.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.systems.iter().map(|(_, status)| *status).max()
    }
}

/// Returns the systems that a repository holds, sorted; `named` is the folder of each by id, as its configuration says.
///
/// A configuration that names none means the only system of the specification.
///
/// # Errors
/// When a named system is not in the specification, or when none is named and there is not exactly one.
pub fn systems_here(
    named: &BTreeMap<String, String>,
    specification: &Specification,
) -> Result<Vec<HostedSystem>, Vec<UsageError>> {
    let known: Vec<&str> = specification.systems.keys().map(String::as_str).collect();
    if named.is_empty() {
        return match known.as_slice() {
            [one] => Ok(vec![HostedSystem { id: (*one).to_owned(), root: String::new() }]),
            [] => Err(vec![UsageError::new("the specification has no system", "Add it to `systems.yaml`.")]),
            several => {
                let title = "`.portcullis.yaml` does not say which system of the specification this repository is";
                let help = format!("Write `system: NAME`; there are {}.", several.join(", "));
                Err(vec![UsageError::new(title, help)])
            }
        };
    }
    let mut errors = Vec::new();
    for id in named.keys().filter(|id| !known.contains(&id.as_str())) {
        let title = format!("`.portcullis.yaml` names the system `{}`, which the specification lacks", shortened(id));
        errors.push(UsageError::new(title, suggestion(id, known.iter().copied())));
    }
    let here = named.iter().map(|(id, root)| HostedSystem { id: id.clone(), root: root.clone() });
    if errors.is_empty() { Ok(here.collect()) } else { Err(errors) }
}

impl Specification {
    /// Returns the system that holds a path, of several the one with the longest root.
    #[must_use]
    pub fn system_of<'h>(hosted: &'h [HostedSystem], path: &str) -> Option<&'h HostedSystem> {
        hosted.iter().filter(|system| system.inside(path).is_some()).max_by_key(|system| system.root.len())
    }
}

/// Compiles one glob of a specification: `*` and `?` never cross a `/`.
///
/// # Errors
/// When it is not a glob.
pub fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build()
}

/// Compiles a list of globs.
///
/// # Errors
/// When one is not a glob.
pub fn globs<P: AsRef<str>>(patterns: &[P]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(glob(pattern.as_ref())?);
    }
    set.build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::systems_here;
    use crate::specification::Specification;
    use crate::specification::system::System;

    fn specification(ids: &[&str]) -> Specification {
        let systems = ids.iter().map(|id| ((*id).to_owned(), System { id: (*id).to_owned(), ..System::default() }));
        Specification { systems: systems.collect(), ..Specification::default() }
    }

    fn named(systems: &[(&str, &str)]) -> BTreeMap<String, String> {
        systems.iter().map(|(id, folder)| ((*id).to_owned(), (*folder).to_owned())).collect()
    }

    #[test]
    fn without_a_name_the_only_system_is_meant_and_of_several_one_must_be_named() {
        let only = systems_here(&named(&[]), &specification(&["orders"])).unwrap();
        assert_eq!((only.len(), only[0].id.as_str(), only[0].root.as_str()), (1, "orders", ""));
        let errors = systems_here(&named(&[]), &specification(&["orders", "web"])).unwrap_err();
        assert_eq!(errors[0].help, "Write `system: NAME`; there are orders, web.");
        assert!(systems_here(&named(&[]), &specification(&[])).is_err());
    }

    #[test]
    fn a_named_system_must_be_in_the_specification() {
        let both =
            systems_here(&named(&[("web", "web"), ("orders", "services/orders")]), &specification(&["orders", "web"]));
        let ids: Vec<_> = both.unwrap().into_iter().map(|system| (system.id, system.root)).collect();
        assert_eq!(ids, [("orders".to_owned(), "services/orders".to_owned()), ("web".to_owned(), "web".to_owned())]);
        let errors =
            systems_here(&named(&[("order", ""), ("wep", "w")]), &specification(&["orders", "web"])).unwrap_err();
        assert_eq!(errors.len(), 2);
        assert_eq!(errors[0].help, "Did you mean `orders`?");
    }
}
