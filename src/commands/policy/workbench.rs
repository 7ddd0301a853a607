//! The policies of a work tree, with their tests and cases, as their author has them open.
//!
//! Owns which folders are meant. Reads the work tree as it is, so it must never serve a decision on a change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::change::Repository;
use crate::change::trusted::Tree;
use crate::commands::spec::desk;
use crate::configuration::{Configuration, FILE_NAME, PolicyFolder};
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::finding::{SourceKind, hex};
use crate::limits::Limits;
use crate::policies::cases::{self, Case};
use crate::policies::folders::{Rules, read_workshelf};
pub(super) use crate::policies::inspect::within;
use crate::policies::inspect::{WrittenRule, written_rules};
use crate::policies::{Fault, PolicySet, PolicySource, packs};

/// Where policies lie when nothing is configured.
pub(super) const USUAL: &str = "policies";

/// Policies with everything beside them.
pub(super) struct Workbench {
    /// The policies, data and patterns that run together.
    pub(super) set: PolicySet,
    /// Their tests.
    pub(super) tests: Vec<PolicySource>,
    /// Their cases.
    pub(super) cases: Vec<Case>,
    /// What is wrong with the form of cases.
    pub(super) faults: Vec<Fault>,
    /// The folders that were asked for; each is a policy folder, or a part of one.
    pub(super) asked: Vec<String>,
    /// The policy folders that these are, or lie in.
    pub(super) packs: Vec<String>,
    /// The configuration of the repository, or the usual one.
    pub(super) configuration: Configuration,
    /// Folders that were asked for and that the configuration does not name.
    pub(super) unnamed: Vec<String>,
}

/// The work tree around a folder, and its configuration.
pub(super) struct Ground {
    /// Its root: of the repository, or the current folder outside of one.
    pub(super) root: PathBuf,
    /// What it configures; none without the file.
    pub(super) configuration: Option<Configuration>,
}

impl Ground {
    /// Finds the work tree around a folder, or around the current one. Outside of a repository the root is the current
    /// folder, or where the other lies.
    pub(super) fn around(near: Option<&Path>) -> Result<Self, Error> {
        let asked = near.unwrap_or(Path::new("."));
        let folder = if asked.is_dir() { Some(asked) } else { asked.parent().filter(|parent| parent.is_dir()) };
        let repository = desk::around(folder.unwrap_or(Path::new(".")))?;
        let root = match repository.as_ref().and_then(Repository::work_tree) {
            Some(root) => root,
            None => {
                let lost = |error| {
                    UsageError::new(
                        format!("there is no current folder: {error}"),
                        "Change into a folder that is there.",
                    )
                };
                let here = std::env::current_dir().map_err(lost)?;
                let there = near.and_then(|near| std::fs::canonicalize(near).ok());
                let below = |there: &PathBuf| there.starts_with(&here) && *there != here;
                let around = there.filter(|there| !below(there)).and_then(|there| there.parent().map(Path::to_owned));
                around.unwrap_or(here)
            }
        };
        let root = std::fs::canonicalize(&root).unwrap_or(root);
        let configuration = desk::configuration(&root)?;
        Ok(Self { root, configuration })
    }

    /// Returns a path of the command line from the root, with `/` between components.
    pub(super) fn inside(&self, path: &Path) -> Result<String, Error> {
        let outside = || {
            let title = format!("`{}` is not below {}", path.display(), self.root.display());
            Error::from(UsageError::new(title, "Name a folder of one repository, or change into the other."))
        };
        // A folder that does not exist yet is named by what stands above it.
        let there = path.ancestors().find(|above| above.exists() || above.as_os_str().is_empty()).unwrap_or(path);
        let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        let full = std::fs::canonicalize(there).map_err(|_| outside())?.join(rest);
        let inside = full.strip_prefix(&self.root).map_err(|_| outside())?;
        let parts: Option<Vec<&str>> = inside
            .components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| if let Component::Normal(name) = part { name.to_str() } else { None })
            .collect();
        parts.map(|parts| parts.join("/")).ok_or_else(outside)
    }
}

impl Workbench {
    /// Reads the folders that are named, or those of the configuration.
    pub(super) fn open(folders: &[PathBuf]) -> Result<Self, Error> {
        let ground = Ground::around(folders.first().map(PathBuf::as_path))?;
        let configuration = ground.configuration.clone().unwrap_or_default();
        let asked = asked(&ground, &configuration, folders)?;
        let limits = configuration.limits.clone();
        let tree = Tree::at_folder(&ground.root);
        let named = |path: &String| {
            configuration.policies.iter().any(|folder| within(path, &folder.path) || within(&folder.path, path))
        };
        // A part of the usual folder is named by naming that.
        let whole = |path: &String| if within(path, USUAL) { USUAL.to_owned() } else { path.clone() };
        let unnamed: BTreeSet<String> = asked.iter().filter(|path| !named(path)).map(whole).collect();
        let unnamed = unnamed.into_iter().collect();
        let mut bench = Self {
            set: PolicySet::default(),
            tests: Vec::new(),
            cases: Vec::new(),
            faults: Vec::new(),
            packs: Vec::new(),
            unnamed,
            asked,
            configuration: Configuration::default(),
        };
        for folder in bench.loaded(&ground, &configuration) {
            bench.take(&tree, &folder, &limits)?;
        }
        bench.configuration = configuration;
        bench.set.policies.sort();
        bench.set.data.sort();
        bench.set.patterns.sort();
        Ok(bench)
    }

    /// Returns the folders that are read: those that are configured, as a run reads them, and those that are not.
    fn loaded(&self, ground: &Ground, configuration: &Configuration) -> Vec<PolicyFolder> {
        let mut folders = configuration.policies.clone();
        if folders.is_empty() && ground.root.join(USUAL).is_dir() && !self.asked.iter().any(|path| ships(path)) {
            folders.push(plain(USUAL));
        }
        for path in &self.asked {
            if !folders.iter().any(|folder| within(path, &folder.path) || within(&folder.path, path)) {
                folders.push(plain(path));
            }
        }
        folders
    }

    fn take(&mut self, tree: &Tree, folder: &PolicyFolder, limits: &Limits) -> Result<(), Error> {
        let mut shelf = read_workshelf(tree, folder, limits);
        let meant = self.asked.iter().any(|path| within(path, &folder.path) || within(&folder.path, path));
        let empty = |reason: &&crate::completeness::Reason| reason.code != "empty-pack";
        if let Some(reason) = shelf.rules.reasons.iter().find(empty).or(shelf.rules.reasons.first()).filter(|_| meant) {
            return Err(desk::refused(reason.clone()));
        }
        // The packs that ship may write below `data.portcullis`; here their author works on them.
        if ships(&folder.path) {
            let own = folder.path.rsplit('/').next().unwrap_or_default();
            // Patterns are known by the name of their pack.
            shelf.rules.set.patterns.iter_mut().for_each(|source| own.clone_into(&mut source.pack));
            let sources = shelf.rules.set.policies.iter_mut().chain(&mut shelf.tests);
            sources.for_each(|source| source.kind = SourceKind::Builtin);
        }
        let Rules { set, .. } = shelf.rules;
        self.set.policies.extend(set.policies);
        self.set.data.extend(set.data);
        self.set.patterns.extend(set.patterns);
        if meant {
            self.packs.push(folder.path.clone());
            self.tests.extend(shelf.tests);
            let (cases, faults) = cases::read(&folder.path, &shelf.cases);
            self.cases.extend(cases);
            self.faults.extend(faults.into_iter().filter(|fault| within_any(&fault.path, &self.asked)));
        }
        Ok(())
    }

    /// Returns the rules of the built-in packs: their ids are taken.
    pub(super) fn taken(&self) -> Vec<WrittenRule> {
        let own: BTreeSet<&str> = self.asked.iter().filter_map(|pack| pack.rsplit('/').next()).collect();
        let names: Vec<&str> = packs::names().filter(|name| !own.contains(name)).collect();
        // The names are the packs' own.
        let set = packs::builtin(&names).unwrap_or_default();
        written_rules(&set.policies, &Limits::default())
    }

    /// Returns how many files of policies and tests were asked for.
    pub(super) fn files(&self) -> usize {
        let sources = self.set.policies.iter().chain(&self.tests);
        sources.filter(|source| within_any(&source.path, &self.asked)).count()
    }

    /// Returns what tells these files from any others.
    pub(super) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        for (path, text) in self.texts() {
            add(path.as_bytes());
            add(text.as_bytes());
        }
        for case in &self.cases {
            add(case.folder.as_bytes());
            add(format!("{:?}{:?}{}", case.expected, case.collisions, case.overlay).as_bytes());
            for file in &case.files {
                add(format!("{}{:?}", file.path, file.modes).as_bytes());
                add(file.old.as_deref().unwrap_or(b"-"));
                add(file.new.as_deref().unwrap_or(b"-"));
            }
        }
        add(format!("{:?}{:?}", self.faults, self.configuration).as_bytes());
        hex(&hash.finalize())
    }

    /// Returns the texts of all files by path.
    pub(super) fn texts(&self) -> BTreeMap<&str, &str> {
        let policies = self.set.policies.iter().chain(&self.tests).map(|source| (&source.path, &source.text));
        let data = self.set.data.iter().map(|source| (&source.path, &source.text));
        let patterns = self.set.patterns.iter().map(|source| (&source.path, &source.text));
        policies.chain(data).chain(patterns).map(|(path, text)| (path.as_str(), text.as_str())).collect()
    }
}

/// Says whether a path is one of these folders, or lies in one.
pub(super) fn within_any(path: &str, folders: &[String]) -> bool {
    folders.iter().any(|folder| within(path, folder))
}

/// Says whether a folder has the name of a pack that ships.
fn ships(path: &str) -> bool {
    packs::names().any(|name| Some(name) == path.rsplit('/').next())
}

/// Returns the folders that are meant, from the root.
fn asked(ground: &Ground, configuration: &Configuration, folders: &[PathBuf]) -> Result<Vec<String>, Error> {
    if folders.is_empty() {
        if !configuration.policies.is_empty() {
            return Ok(configuration.policies.iter().map(|folder| folder.path.clone()).collect());
        }
        if !ground.root.join(USUAL).is_dir() {
            let title = format!("{FILE_NAME} names no policies, and there is no folder `{USUAL}`");
            return Err(UsageError::new(title, "`portcullis policy new NAME` writes a first policy.").into());
        }
        return Ok(vec![USUAL.to_owned()]);
    }
    let mut asked: Vec<String> = Vec::new();
    for folder in folders {
        let path = ground.inside(folder)?;
        if !ground.root.join(&path).exists() {
            let title = format!("there is no `{}`", folder.display());
            return Err(UsageError::new(title, "`portcullis policy new NAME` writes a first policy.").into());
        }
        // Tests and cases lie beside a file, so the folder around it is meant.
        let configured = configuration.policies.iter().any(|known| known.path == path);
        let path = match path.rsplit_once('/') {
            _ if configured || !path.ends_with(".rego") => path,
            Some((folder, _)) => folder.to_owned(),
            None => String::new(),
        };
        if path.is_empty() {
            let title = format!("`{}` stands for the whole repository", folder.display());
            return Err(UsageError::new(title, "Policies need a folder of their own; name that.").into());
        }
        if !asked.contains(&path) {
            asked.push(path);
        }
    }
    Ok(asked)
}

fn plain(path: &str) -> PolicyFolder {
    PolicyFolder::at(path)
}
