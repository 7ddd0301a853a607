//! The paths and manifests of one side, made ready for look-ups.
//!
//! Owns the look-ups and what they may cost in all: every look-up is a step, and when the steps of a graph are used up
//! nothing is found any more. Counting steps and not time keeps the same input at the same bytes. Hash tables are never
//! walked, so their order cannot show.

mod links;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::{folder_of, upwards};
use crate::impact::listing::{ImportListing, ListedFile, Presence, Side};
use links::Links;

/// Index of a path of one side; paths are sorted.
pub(crate) type PathId = u32;

/// Bytes of a manifest that cost as much as one look-up.
const BYTES_A_STEP: u64 = 8;

/// Path and text of manifests, sorted by path.
type Manifests<'a> = BTreeMap<&'a str, &'a str>;

/// All paths of one side, with the manifests that lead names to them.
pub(crate) struct SideFiles<'a> {
    tree: Rc<Tree<'a>>,
    manifests: Manifests<'a>,
    /// The manifests of the base side, where that side is another one.
    older: Option<Rc<Manifests<'a>>>,
    is_before: bool,
}

struct Tree<'a> {
    paths: Vec<&'a str>,
    files: Vec<Option<&'a ListedFile>>,
    by_path: HashMap<&'a str, PathId>,
    by_folder: HashMap<&'a str, Vec<PathId>>,
    folders: HashSet<&'a str>,
    links: Links<'a>,
    /// Files of no known language that only the head side has so.
    new_others: HashSet<&'a str>,
    /// Steps that are left.
    left: Cell<u64>,
}

impl<'a> SideFiles<'a> {
    /// Takes one side of a listing.
    pub(crate) fn of(listing: &'a ImportListing, side: Side) -> Self {
        let manifests_of = |side: Side| -> Manifests<'a> {
            let there = listing.manifests.iter().filter(|manifest| manifest.on.on(side));
            there.map(|manifest| (manifest.path.as_str(), &*manifest.text)).collect()
        };
        // Against nothing (a survey, the tree of an example) everything would be new.
        let compared = side == Side::Head && listing.files.iter().any(|file| file.on.on(Side::Base));
        Self {
            tree: Rc::new(Tree::of(listing, side)),
            manifests: manifests_of(side),
            older: compared.then(|| Rc::new(manifests_of(Side::Base))),
            is_before: false,
        }
    }

    /// Returns the same paths with the manifests that the base side has, or none where those of that kind are the same.
    pub(crate) fn before(&self, is: impl Fn(&str) -> bool) -> Option<Self> {
        let older = self.older.as_deref()?;
        let named = |rows: &Manifests<'a>| -> Vec<(&'a str, &'a str)> {
            rows.iter().filter(|(path, _)| is(name_of(path))).map(|(path, text)| (*path, *text)).collect()
        };
        let same = named(older) == named(&self.manifests);
        (!same).then(|| Self { tree: Rc::clone(&self.tree), manifests: older.clone(), older: None, is_before: true })
    }

    /// Says whether these are head's files with base's manifests: what lies in a new package has none here, which says
    /// nothing about it.
    pub(crate) fn is_before(&self) -> bool {
        self.is_before
    }

    /// Returns the same again, at no cost.
    pub(crate) fn again(&self) -> Self {
        Self {
            tree: Rc::clone(&self.tree),
            manifests: self.manifests.clone(),
            older: self.older.clone(),
            is_before: self.is_before,
        }
    }

    /// Takes so many steps; false when they are used up.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        self.tree.spend(steps)
    }

    /// Says whether the steps are used up: what was found since is not all.
    pub(crate) fn is_spent(&self) -> bool {
        self.tree.left.get() == 0
    }

    /// Returns the path of that index.
    pub(crate) fn path(&self, id: PathId) -> &'a str {
        self.tree.paths.get(id as usize).copied().unwrap_or_default()
    }

    /// Returns the file of that index, when it is of a known language.
    pub(crate) fn file(&self, id: PathId) -> Option<&'a ListedFile> {
        self.tree.files.get(id as usize).copied().flatten()
    }

    /// Says whether the change adds or alters that file.
    pub(crate) fn is_new(&self, id: PathId) -> bool {
        match self.file(id) {
            Some(file) => file.on == Presence::Head,
            None => self.tree.new_others.contains(self.path(id)),
        }
    }

    /// Returns all paths with their index, sorted.
    pub(crate) fn all(&self) -> impl Iterator<Item = (PathId, &'a str, Option<&'a ListedFile>)> + '_ {
        (0..).zip(&self.tree.paths).zip(&self.tree.files).map(|((id, path), file)| (id, *path, *file))
    }

    /// Returns all files of a family, sorted by path.
    pub(crate) fn of_family(&self, family: &'static str) -> impl Iterator<Item = (PathId, &'a ListedFile)> + '_ {
        let of = move |file: &ListedFile| crate::facts::family_of(&file.language) == Some(family);
        self.all().filter_map(move |(id, _, file)| Some((id, file.filter(|file| of(file))?)))
    }

    /// Returns the file at exactly this path.
    pub(crate) fn find(&self, path: &str) -> Option<PathId> {
        if !self.spend(1) {
            return None;
        }
        let plain = self.tree.by_path.get(path).copied();
        plain.or_else(|| self.tree.by_path.get(self.tree.real(path)?.0.as_str()).copied())
    }

    /// Returns the files of known languages directly in a folder, sorted.
    pub(crate) fn folder(&self, folder: &str) -> &[PathId] {
        if !self.spend(1) {
            return &[];
        }
        let plain = self.tree.by_folder.get(folder);
        plain.or_else(|| self.tree.by_folder.get(self.real(folder)?.as_str())).map_or(&[], Vec::as_slice)
    }

    /// Returns the files of known languages in a folder and below it, sorted; below a link none.
    pub(crate) fn below(&self, folder: &str) -> impl Iterator<Item = PathId> + '_ {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.tree.paths.partition_point(|path| *path < prefix.as_str());
        let paths = self.tree.paths.iter().zip(&self.tree.files).zip(0..).skip(start);
        let below = paths.take_while(move |((path, _), _)| path.starts_with(&prefix));
        below.filter(|((_, file), _)| file.is_some()).map(|(_, id)| id)
    }

    /// Says whether there is such a folder.
    pub(crate) fn is_folder(&self, folder: &str) -> bool {
        self.spend(1)
            && (self.tree.folders.contains(folder)
                || self.real(folder).is_some_and(|folder| self.tree.folders.contains(folder.as_str())))
    }

    /// Returns where a path with links in it leads, or none when it has no links, or leads nowhere or outside.
    pub(crate) fn real(&self, path: &str) -> Option<String> {
        self.tree.real(path).filter(|(_, sure)| *sure).map(|(real, _)| real)
    }

    /// Returns all folders, and the links to folders, sorted.
    pub(crate) fn folders(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.tree.folders.iter().copied().collect();
        all.extend(self.tree.links.all().filter(|link| self.is_folder(link)));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns all manifests with that file name, sorted by path: path and text.
    pub(crate) fn manifests(&self, is: impl Fn(&str) -> bool) -> impl Iterator<Item = (&'a str, &'a str)> {
        let cost = |text: &str| usize::try_from(text.len() as u64 / BYTES_A_STEP).unwrap_or(usize::MAX);
        self.manifests
            .iter()
            .filter(move |(path, _)| is(name_of(path)))
            .map(|(path, text)| (*path, *text))
            .take_while(move |(_, text)| self.spend(cost(text).saturating_add(1)))
    }
}

impl<'a> Tree<'a> {
    fn of(listing: &'a ImportListing, side: Side) -> Self {
        let mut all: BTreeMap<&str, Option<&ListedFile>> = BTreeMap::new();
        all.extend(listing.others.iter().filter(|path| path.on.on(side)).map(|path| (path.path.as_str(), None)));
        all.extend(listing.files.iter().filter(|file| file.on.on(side)).map(|file| (file.path.as_str(), Some(file))));
        let new_others = listing.others.iter().filter(|path| path.on == Presence::Head && side == Side::Head);
        let new_others = new_others.map(|path| path.path.as_str());
        let (paths, files): (Vec<&str>, Vec<Option<&ListedFile>>) = all.into_iter().unzip();
        let mut tree = Self {
            by_path: HashMap::with_capacity(paths.len()),
            by_folder: HashMap::new(),
            folders: HashSet::new(),
            links: Links::default(),
            new_others: new_others.collect(),
            left: Cell::new(listing.steps),
            paths,
            files,
        };
        for ((id, path), file) in (0..).zip(&tree.paths).zip(&tree.files) {
            tree.by_path.insert(path, id);
            if file.is_some() {
                tree.by_folder.entry(folder_of(path)).or_default().push(id);
            }
            for folder in upwards(folder_of(path)) {
                // Folders above a known folder are known.
                if !tree.folders.insert(folder) {
                    break;
                }
            }
        }
        let known = |path: &str| tree.by_path.contains_key(path) || tree.folders.contains(path);
        let links = listing.links.iter().filter(|link| link.on.on(side));
        tree.links = Links::of(links.map(|link| (link.path.as_str(), link.to.as_str())), known);
        tree.take_linked_files();
        tree
    }

    /// A folder with links to files holds them, as a package does.
    fn take_linked_files(&mut self) {
        let mut linked: BTreeMap<&'a str, Vec<PathId>> = BTreeMap::new();
        for link in self.links.all() {
            let id = self.real(link).filter(|(_, sure)| *sure).and_then(|(real, _)| self.by_path.get(real.as_str()));
            if let Some(id) = id.filter(|id| self.files.get(**id as usize).is_some_and(Option::is_some)) {
                linked.entry(folder_of(link)).or_default().push(*id);
            }
        }
        for (folder, ids) in linked {
            let held = self.by_folder.entry(folder).or_default();
            held.extend(ids);
            held.sort_unstable();
            held.dedup();
            for folder in upwards(folder) {
                self.folders.insert(folder);
            }
        }
    }

    fn spend(&self, steps: usize) -> bool {
        let left = self.left.get().saturating_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.left.set(left);
        left > 0
    }

    fn real(&self, path: &str) -> Option<(String, bool)> {
        self.links.real(path, &|steps| self.spend(steps))
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
