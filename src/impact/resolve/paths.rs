//! The paths and manifests of one side, made ready for look-ups.
//!
//! Owns the look-ups only. A symbolic link is another name for what it leads to; links to links are not followed. Hash tables are never walked, so their order cannot show.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{folder_of, upwards};
use crate::impact::listing::{ImportListing, ListedFile, Side};

/// Index of a path of one side; paths are sorted.
pub(crate) type PathId = u32;

/// All paths of one side.
pub(crate) struct SideFiles<'a> {
    paths: Vec<&'a str>,
    files: Vec<Option<&'a ListedFile>>,
    by_path: HashMap<&'a str, PathId>,
    by_folder: HashMap<&'a str, Vec<PathId>>,
    folders: HashSet<&'a str>,
    manifests: BTreeMap<&'a str, &'a str>,
    /// What links and the folders below them lead to.
    aliases: HashMap<String, PathId>,
    alias_folders: HashMap<String, Vec<PathId>>,
}

/// Names that links may give; a link to the root names everything again.
const ALIASES: usize = 100_000;

impl<'a> SideFiles<'a> {
    /// Takes one side of a listing.
    pub(crate) fn of(listing: &'a ImportListing, side: Side) -> Self {
        let mut all: BTreeMap<&str, Option<&ListedFile>> = BTreeMap::new();
        all.extend(listing.others.iter().filter(|path| path.on.on(side)).map(|path| (path.path.as_str(), None)));
        all.extend(listing.files.iter().filter(|file| file.on.on(side)).map(|file| (file.path.as_str(), Some(file))));
        let (paths, files): (Vec<&str>, Vec<Option<&ListedFile>>) = all.into_iter().unzip();
        let mut found = Self {
            by_path: HashMap::with_capacity(paths.len()),
            by_folder: HashMap::new(),
            folders: HashSet::new(),
            manifests: listing
                .manifests
                .iter()
                .filter(|manifest| manifest.on.on(side))
                .map(|manifest| (manifest.path.as_str(), manifest.text.as_str()))
                .collect(),
            aliases: HashMap::new(),
            alias_folders: HashMap::new(),
            paths,
            files,
        };
        for ((id, path), file) in (0..).zip(&found.paths).zip(&found.files) {
            found.by_path.insert(path, id);
            if file.is_some() {
                found.by_folder.entry(folder_of(path)).or_default().push(id);
            }
            for folder in upwards(folder_of(path)) {
                // Folders above a known folder are known.
                if !found.folders.insert(folder) {
                    break;
                }
            }
        }
        for link in listing.links.iter().filter(|link| link.on.on(side)) {
            found.add_link(&link.path, &link.to);
        }
        found
    }

    fn add_link(&mut self, link: &str, to: &str) {
        if let Some(id) = self.by_path.get(to) {
            self.aliases.insert(link.to_owned(), *id);
            return;
        }
        if !self.folders.contains(to) {
            return;
        }
        let prefix = if to.is_empty() { String::new() } else { format!("{to}/") };
        let start = self.paths.partition_point(|path| *path < prefix.as_str());
        let below = self.paths.iter().zip(0..).skip(start).take_while(|(path, _)| path.starts_with(&prefix));
        self.alias_folders.entry(link.to_owned()).or_default();
        for (path, id) in below {
            if self.aliases.len() >= ALIASES {
                return;
            }
            let alias = super::join(link, path.get(prefix.len()..).unwrap_or_default());
            for folder in upwards(folder_of(&alias)).take_while(|folder| folder.len() > link.len()) {
                self.alias_folders.entry(folder.to_owned()).or_default();
            }
            if self.files.get(id as usize).is_some_and(Option::is_some) {
                self.alias_folders.entry(folder_of(&alias).to_owned()).or_default().push(id);
            }
            self.aliases.insert(alias, id);
        }
    }

    /// Returns the path of that index.
    pub(crate) fn path(&self, id: PathId) -> &'a str {
        self.paths.get(id as usize).copied().unwrap_or_default()
    }

    /// Returns the file of that index, when it is of a known language.
    pub(crate) fn file(&self, id: PathId) -> Option<&'a ListedFile> {
        self.files.get(id as usize).copied().flatten()
    }

    /// Returns all paths with their index, sorted.
    pub(crate) fn all(&self) -> impl Iterator<Item = (PathId, &'a str, Option<&'a ListedFile>)> + '_ {
        (0..).zip(&self.paths).zip(&self.files).map(|((id, path), file)| (id, *path, *file))
    }

    /// Returns all files of a family, sorted by path.
    pub(crate) fn of_family(&self, family: &'static str) -> impl Iterator<Item = (PathId, &'a ListedFile)> + '_ {
        let of = move |file: &ListedFile| crate::facts::family_of(&file.language) == Some(family);
        self.all().filter_map(move |(id, _, file)| Some((id, file.filter(|file| of(file))?)))
    }

    /// Returns the file at exactly this path.
    pub(crate) fn find(&self, path: &str) -> Option<PathId> {
        self.by_path.get(path).or_else(|| self.aliases.get(path)).copied()
    }

    /// Returns the files of known languages directly in a folder, sorted.
    pub(crate) fn folder(&self, folder: &str) -> &[PathId] {
        self.by_folder.get(folder).or_else(|| self.alias_folders.get(folder)).map_or(&[], Vec::as_slice)
    }

    /// Returns the files of known languages in a folder and below it, sorted; below a link none.
    pub(crate) fn below(&self, folder: &str) -> impl Iterator<Item = PathId> + '_ {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.paths.partition_point(|path| *path < prefix.as_str());
        let paths = self.paths.iter().zip(&self.files).zip(0..).skip(start);
        let below = paths.take_while(move |((path, _), _)| path.starts_with(&prefix));
        below.filter(|((_, file), _)| file.is_some()).map(|(_, id)| id)
    }

    /// Says whether there is such a folder.
    pub(crate) fn is_folder(&self, folder: &str) -> bool {
        self.folders.contains(folder) || self.alias_folders.contains_key(folder)
    }

    /// Returns all folders, sorted.
    pub(crate) fn folders(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.folders.iter().copied().collect();
        all.extend(self.alias_folders.keys().map(String::as_str));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns all manifests with that file name, sorted by path: path and text.
    pub(crate) fn manifests(&self, is: impl Fn(&str) -> bool) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.manifests
            .iter()
            .filter(move |(path, _)| is(path.rsplit('/').next().unwrap_or(path)))
            .map(|(path, text)| (*path, *text))
    }
}
