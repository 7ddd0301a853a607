//! Where a path stands, where it leads, and how far names are followed on the way.

use std::cell::{Cell, RefCell};

use super::super::PathId;
use super::modules::Place;

/// Where a path leads before files are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Led {
    /// To a path of modules and what they hold, from the root of a crate of the repository.
    Inside(PathId, Vec<String>),
    /// To something of this file itself.
    Own(PathId),
    /// To a package outside.
    Outside(String),
}

impl Led {
    pub(super) fn inside(root: PathId, module: &[String], rest: &[&str]) -> Self {
        Self::Inside(root, module.to_vec()).with(rest)
    }

    /// Goes on from there.
    pub(super) fn with(mut self, rest: &[&str]) -> Self {
        if let Self::Inside(_, path) = &mut self {
            path.extend(rest.iter().map(|part| (*part).to_owned()));
        }
        self
    }
}

/// Where a path stands.
#[derive(Clone)]
pub(super) struct Spot<'p> {
    pub(super) file: PathId,
    /// The path of that file.
    pub(super) path: &'p str,
    pub(super) place: Place,
    /// False while a wildcard's own path is followed.
    pub(super) globs: bool,
    /// True for the path of a statement.
    pub(super) statement: bool,
}

/// A name in a module of a file.
type Name = (PathId, String, String);

/// How far names are followed yet: in a row, and in all.
#[derive(Clone, Copy)]
pub(super) struct Left<'c> {
    pub(super) depth: usize,
    pub(super) steps: &'c Cell<usize>,
    /// Names that are being followed: none is asked of itself.
    pub(super) open: &'c RefCell<Vec<Name>>,
}

impl Left<'_> {
    /// Begins to follow a name; false where that is done already.
    pub(super) fn enter(self, spot: &Spot<'_>, name: &str) -> bool {
        let name = (spot.file, spot.place.within.clone(), name.to_owned());
        let mut open = self.open.borrow_mut();
        let is_new = !open.contains(&name);
        if is_new {
            open.push(name);
        }
        is_new
    }

    pub(super) fn leave(self) {
        self.open.borrow_mut().pop();
    }
}

/// Returns the module that `crate`, `self` or `super` names, and what follows; none for any other path.
pub(super) fn anchored<'m, 'p, 's>(place: &'m Place, parts: &'p [&'s str]) -> Option<(&'m [String], &'p [&'s str])> {
    match *parts.first()? {
        "crate" | "$crate" => Some((&[], parts.get(1..)?)),
        "self" | "super" => {
            let own = usize::from(parts.first() == Some(&"self"));
            let ups = parts.get(own..)?.iter().take_while(|part| **part == "super").count();
            let keep = place.module.len().checked_sub(ups)?;
            Some((place.module.get(..keep)?, parts.get(own + ups..)?))
        }
        _ => None,
    }
}

/// Splits a path; a wildcard stands for the module itself.
pub(super) fn split(raw: &str) -> Vec<&str> {
    raw.split("::").map(|part| part.trim_start_matches("r#")).filter(|part| !part.is_empty() && *part != "*").collect()
}
