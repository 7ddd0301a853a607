//! `policy import`: a Conftest folder becomes a pack of this repository.
//!
//! Owns what is copied and where to, and the list of what could not be carried over. Never overwrites, and edits no
//! configuration: the lines for it are printed.

mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use self::settings::Settings;
use super::FAULTY;
use crate::cli::policy::ImportArguments;
use crate::commands::page::{Sheet, counted};
use crate::commands::spec::desk;
use crate::commands::surroundings::Surroundings;
use crate::diagnostic::UsageError;
use crate::error::Error;
use crate::finding::SourceKind;
use crate::limits::Limits;
use crate::policies::foreign::{described, reads_as};
use crate::policies::{DataSource, Fault, PolicySet, PolicySource, Scope, Terms, loader};

/// Most files that are read of one folder.
const FILES: usize = 10_000;

/// Runs `policy import`.
pub(super) fn run(arguments: &ImportArguments, surroundings: &Surroundings) -> Result<u8, Error> {
    let repository = desk::needed(&arguments.repo)?;
    let root = repository
        .work_tree()
        .ok_or_else(|| UsageError::new("a bare repository has no work tree", "Run it in a clone that has files."))?;
    let mut settings = Settings::of(&arguments.folder)?;
    let name = name_of(&arguments.folder);
    let into = match &arguments.into {
        Some(folder) => inside(folder)?,
        None => format!("policies/{name}"),
    };
    let pack = into.rsplit('/').next().unwrap_or(&into).to_owned();
    let mut taken = Taken { notes: settings.notes.clone(), ..Taken::default() };
    for folder in &settings.policy {
        taken.policies(&arguments.folder, folder, &into)?;
    }
    if taken.sources.is_empty() {
        let title = format!("there is no policy below {}", shown(&arguments.folder, &settings.policy));
        return Err(
            UsageError::new(title, "Name the folder with conftest.toml, or the one with the .rego files.").into()
        );
    }
    for folder in &settings.data {
        taken.data(&arguments.folder, folder, &into)?;
    }
    let v0 = taken.version(settings.v0);
    taken.describe(&pack, v0);
    let main = |package: &String| package == "main" || package.starts_with("main.");
    if settings.namespaces.is_empty() && !taken.packages.iter().any(main) {
        // Conftest runs these by `--namespace` or `--all-namespaces`.
        settings.namespaces = taken.packages.iter().cloned().collect();
    }
    let terms = Terms { namespaces: settings.namespaces.clone(), combine: settings.combine, files: Vec::new() };
    let faults = taken.check(&into, &terms, v0);
    write(&root, &taken.files)?;
    report(&Report { taken: &taken, faults: &faults, into: &into, settings: &settings, v0 }, surroundings.width)?;
    Ok(if faults.is_empty() && taken.notes.is_empty() { 0 } else { FAULTY })
}

/// Returns a folder below the root of the repository, with `/` between its parts.
fn inside(folder: &Path) -> Result<String, Error> {
    let parts: Option<Vec<String>> = folder
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            _ => None,
        })
        .collect();
    let parts = parts.filter(|parts| !parts.is_empty()).ok_or_else(|| {
        let title = format!("`{}` is no folder below the root of the repository", folder.display());
        UsageError::new(title, "Name it from there, such as `policies/kubernetes`.")
    })?;
    Ok(parts.join("/"))
}

/// Returns the name of a pack: that of the folder, or of the one around it where the folder is only called `policy`.
fn name_of(folder: &Path) -> String {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let own = |folder: &Path| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = match own(&folder) {
        Some(name) if !matches!(name.as_str(), "policy" | "policies") => name,
        name => folder.parent().and_then(own).or(name).unwrap_or_default(),
    };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    if plain.is_empty() { "imported".to_owned() } else { plain }
}

fn shown(folder: &Path, below: &[String]) -> String {
    below.iter().map(|part| folder.join(part).display().to_string()).collect::<Vec<_>>().join(", ")
}

/// What was taken over.
#[derive(Default)]
struct Taken {
    /// Files to write, by path from the root of the repository.
    files: BTreeMap<String, String>,
    /// Policies and tests, under the paths that they will have.
    sources: Vec<PolicySource>,
    data: Vec<DataSource>,
    /// Folders of data, under the names that they will have.
    folders: BTreeSet<String>,
    /// Ids that rules were given.
    ids: Vec<String>,
    /// Packages with decision rules.
    packages: BTreeSet<String>,
    /// What could not be carried over, in words.
    notes: Vec<String>,
}

impl Taken {
    fn policies(&mut self, root: &Path, folder: &str, into: &str) -> Result<(), Error> {
        for (inside, text) in texts(&root.join(folder), &["rego"])? {
            let path = self.free(&format!("{into}/{inside}"));
            self.files.insert(path.clone(), text.clone());
            let (pack, kind, scope) = (into.to_owned(), SourceKind::Policy, Some(Scope::Document));
            self.sources.push(PolicySource { pack, path, text, kind, v0: false, scope });
        }
        Ok(())
    }

    /// Two folders of policies may have files of one name.
    fn free(&self, path: &str) -> String {
        let stem = path.trim_end_matches(".rego");
        let test = stem.strip_suffix("_test");
        let name = |number: usize| match (number, test) {
            (0, _) => path.to_owned(),
            (number, Some(stem)) => format!("{stem}_{number}_test.rego"),
            (number, None) => format!("{stem}_{number}.rego"),
        };
        let taken = |name: &String| self.files.contains_key(name);
        (0..=self.files.len()).map(name).find(|name| !taken(name)).unwrap_or_else(|| path.to_owned())
    }

    fn data(&mut self, root: &Path, folder: &str, into: &str) -> Result<(), Error> {
        let to = format!("{into}-data");
        for (inside, text) in texts(&root.join(folder), &["json", "yaml", "yml"])? {
            let path = format!("{to}/{inside}");
            if self.files.insert(path.clone(), text.clone()).is_some() {
                self.notes.push(format!("data: two files are called {inside}; only that of {folder} was taken"));
            }
            let mut at: Vec<String> = inside.split('/').map(str::to_owned).collect();
            at.pop();
            self.data.push(DataSource { pack: into.to_owned(), path, at, text });
            self.folders.insert(to.clone());
        }
        Ok(())
    }

    /// Returns whether the entry says `rego: v0`: where conftest.toml does, or a file is only that and all can be.
    fn version(&mut self, configured: bool) -> bool {
        let limits = Limits::default();
        let reads = |source: &PolicySource, v0: bool| reads_as(source, v0, &limits);
        let old = self.sources.iter().filter(|source| !reads(source, false) && reads(source, true));
        let old: Vec<&PolicySource> = old.collect();
        let only_new = self.sources.iter().any(|source| reads(source, false) && !reads(source, true));
        let v0 = configured || (!old.is_empty() && !only_new);
        if !v0 {
            let told = |source: &&PolicySource| {
                format!("{}: it is Rego of before version 1; rewrite it, or import it by itself", source.path)
            };
            let notes: Vec<String> = old.iter().map(told).collect();
            self.notes.extend(notes);
        }
        v0
    }

    fn describe(&mut self, pack: &str, v0: bool) {
        let mut seen = BTreeSet::new();
        for source in &mut self.sources {
            source.v0 = v0;
            if source.path.ends_with("_test.rego") {
                if source.text.contains("parse_config") || source.text.contains("parse_combined_config_files") {
                    let way = "write the parsed value into the test";
                    self.notes.push(format!("{}: tests that parse files do not run here; {way}", source.path));
                }
                continue;
            }
            // What cannot be read is copied as it is; the check says why.
            let Ok(found) = described(source, pack, &mut seen, &Limits::default()) else { continue };
            for rule in &found.left {
                self.notes
                    .push(format!("{}: `{rule}` keeps its METADATA; add `custom: {{id: ...}}` to it", source.path));
            }
            for fault in &found.faults {
                let way = "the rule runs with the defaults in its place";
                self.notes.push(format!("{}:{}: {}; {way}", fault.path, fault.line, fault.message));
            }
            if !found.ids.is_empty() || !found.left.is_empty() {
                self.packages.insert(found.package.clone());
            }
            self.ids.extend(found.ids);
            source.text = found.text;
            self.files.insert(source.path.clone(), source.text.clone());
        }
    }

    /// Returns what the loader says about the pack as it will be.
    fn check(&self, into: &str, terms: &Terms, v0: bool) -> Vec<Fault> {
        let policies = self.sources.iter().filter(|source| !source.path.ends_with("_test.rego"));
        let policies = policies.map(|source| PolicySource { v0, ..source.clone() }).collect();
        let terms = BTreeMap::from([(into.to_owned(), terms.clone())]);
        let set = PolicySet { policies, data: self.data.clone(), terms, ..PolicySet::default() };
        loader::load(&set, &BTreeMap::new(), &Limits::default()).0.faults
    }
}

/// Reads all files with one of those endings at or below a path: their paths below it and their texts, sorted.
fn texts(place: &Path, endings: &[&str]) -> Result<BTreeMap<String, String>, Error> {
    let wrong = |path: &Path, why: String| {
        UsageError::new(format!("{}: {why}", path.display()), "Mend that file, or leave it out of the folder.")
    };
    let mut found = BTreeMap::new();
    let mut pending = vec![place.to_owned()];
    while let Some(path) = pending.pop() {
        let kind = std::fs::symlink_metadata(&path).map_err(|error| wrong(&path, error.to_string()))?;
        if kind.is_dir() {
            let entries = std::fs::read_dir(&path).map_err(|error| wrong(&path, error.to_string()))?;
            pending.extend(entries.filter_map(|entry| Some(entry.ok()?.path())));
            continue;
        }
        let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        // A link may lead anywhere.
        if !kind.is_file() || !endings.contains(&ending.as_str()) {
            continue;
        }
        if found.len() >= FILES {
            return Err(wrong(place, format!("more than {FILES} files")).into());
        }
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(&path, error.to_string()))?;
        found.insert(below(&path, place), text);
    }
    Ok(found)
}

fn below(path: &Path, place: &Path) -> String {
    let inside = path.strip_prefix(place).ok().filter(|inside| !inside.as_os_str().is_empty());
    let inside = inside.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn write(root: &Path, files: &BTreeMap<String, String>) -> Result<(), Error> {
    let place = |path: &String| -> PathBuf { root.join(path) };
    if let Some(path) = files.keys().find(|path| std::fs::symlink_metadata(place(path)).is_ok()) {
        let title = format!("`{path}` is there already, and nothing is overwritten");
        return Err(UsageError::new(title, "Name another folder with `--into`.").into());
    }
    for (path, text) in files {
        let file = place(path);
        let written = file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text));
        written.map_err(|error| {
            UsageError::new(
                format!("{} cannot be written: {error}", file.display()),
                "Check the folder's rights and the free space.",
            )
        })?;
    }
    Ok(())
}

struct Report<'a> {
    taken: &'a Taken,
    faults: &'a [Fault],
    into: &'a str,
    settings: &'a Settings,
    v0: bool,
}

fn report(report: &Report<'_>, width: usize) -> Result<(), Error> {
    let Report { taken, faults, into, settings, v0 } = report;
    let mut sheet = Sheet::new(width);
    for path in taken.files.keys() {
        sheet.line(&format!("wrote {path}"));
    }
    sheet.gap();
    sheet.line(&format!("{} got METADATA:", counted(taken.ids.len(), "rule")));
    taken.ids.iter().for_each(|id| sheet.line(&format!("  {id}")));
    sheet.gap();
    sheet.line("add to .portcullis.yaml:");
    sheet.code(0, &settings.entry(into, &taken.folders, *v0));
    if !(faults.is_empty() && taken.notes.is_empty()) {
        sheet.gap();
        sheet.line("not carried over:");
        for fault in *faults {
            let place = match (fault.line, fault.column) {
                (0, _) => fault.path.clone(),
                (line, column) => format!("{}:{line}:{column}", fault.path),
            };
            let hint = if fault.hint.is_empty() { String::new() } else { format!("; {}", fault.hint) };
            sheet.prose(2, &format!("{place}: {}{hint}", fault.message));
        }
        taken.notes.iter().for_each(|note| sheet.prose(2, note));
    }
    sheet.gap();
    sheet.line("next: read the titles, add the entry, then portcullis check --trust worktree");
    sheet.print()
}
