//! The files that have a part in whether the gate runs: CI, CODEOWNERS, the gate's own configuration.
//!
//! Owns which files are read, from one tree. A file that cannot be read or understood is said, and leaves every check that
//! needs it without an answer. Must not follow anything out of the tree.

use crate::change::trusted::Tree;
use crate::completeness::Reason;
use crate::configuration::{Configuration, FILE_NAME, SpecificationSource};
use crate::forge::settings::Gap;
use crate::impact::owners::{Dialect, Owners, PLACES};
use crate::limits::Limits;
use crate::policies::packs;
use crate::specification::source::DEFAULT_FOLDER;
use crate::yaml::{Lined, stream};

use super::Kind;

/// Most files of CI that are read.
const MOST: usize = 300;
/// Deepest nesting and most values of one.
const DEPTH: usize = 60;
const VALUES: usize = 200_000;

/// Where GitHub looks for workflows.
pub(super) const WORKFLOWS: &str = ".github/workflows";
/// Where GitLab looks for the pipeline.
pub(super) const PIPELINE: &str = ".gitlab-ci.yml";
/// Where a security policy project has its policies.
pub(super) const SECURITY_POLICY: &str = ".gitlab/security-policies/policy.yml";

/// The first file of a specification, and what pins one of another repository.
const SPECIFICATION: &str = "portcullis-spec.yaml";
const LOCK: &str = "portcullis.lock";

/// A document of CI.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its path from the root.
    pub path: String,
    /// What it holds.
    pub read: Lined,
}

impl Eq for Document {}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Where: a commit, or the work tree.
    pub source: String,
    /// The documents of CI, sorted by path.
    pub documents: Vec<Document>,
    /// Where CODEOWNERS is, and its text.
    pub owners: Option<(String, String)>,
    /// The paths by which the gate is ruled, sorted: configuration, policies, specification.
    pub ruling: Vec<String>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

impl Files {
    /// Reads a tree.
    #[must_use]
    pub fn of(tree: &Tree, source: &str, kind: Kind) -> Self {
        let mut files = Self { source: source.to_owned(), ..Self::default() };
        let paths = match kind {
            Kind::Github => files.listed(tree, WORKFLOWS),
            Kind::Gitlab => {
                [vec![PIPELINE.to_owned(), SECURITY_POLICY.to_owned()], files.listed(tree, ".gitlab")].concat()
            }
        };
        let mut paths: Vec<String> = paths.into_iter().filter(|path| is_yaml(path)).collect();
        paths.sort();
        paths.dedup();
        if paths.len() > MOST {
            files.gap(WORKFLOWS, format!("there are more than {MOST} files of CI"), "fewer files");
            paths.truncate(MOST);
        }
        for path in paths {
            files.document(tree, path);
        }
        if kind == Kind::Gitlab {
            files.read_included(tree);
        }
        files.read_owners(tree, kind);
        files.read_ruling(tree);
        files
    }

    /// Returns the owners of paths, in the dialect of the forge.
    #[must_use]
    pub fn owners(&self, kind: Kind) -> Option<Owners> {
        let dialect = if kind == Kind::Github { Dialect::GitHub } else { Dialect::GitLab };
        self.owners.as_ref().map(|(_, text)| Owners::parse_as(text.as_bytes(), dialect))
    }

    fn gap(&mut self, file: &str, why: impl Into<String>, needs: &str) {
        self.gaps.push(Gap { request: file.to_owned(), why: why.into(), needs: needs.to_owned() });
    }

    fn refused(&mut self, file: &str, reason: &Reason) {
        self.gap(file, reason.message.raw(), reason.remedy.raw());
    }

    fn listed(&mut self, tree: &Tree, folder: &str) -> Vec<String> {
        match tree.list(folder, &Limits::default()) {
            Ok(listed) => listed.unwrap_or_default(),
            Err(reason) => {
                self.refused(folder, &reason);
                Vec::new()
            }
        }
    }

    fn text(&mut self, tree: &Tree, path: &str) -> Option<String> {
        match tree.read(path, &Limits::default()) {
            Ok(bytes) => bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            Err(reason) => {
                self.refused(path, &reason);
                None
            }
        }
    }

    fn document(&mut self, tree: &Tree, path: String) {
        let Some(text) = self.text(tree, &path) else { return };
        match stream(&text, DEPTH, VALUES) {
            Ok(read) => self.documents.push(Document { path, read }),
            Err(fault) => {
                let why = format!("line {}: {}", fault.line, fault.message);
                self.gap(&path, why, "a file that is YAML");
            }
        }
    }

    /// Reads what the pipeline includes of the same project, and what that includes.
    fn read_included(&mut self, tree: &Tree) {
        let mut at = 0;
        while let Some(document) = self.documents.get(at) {
            at += 1;
            for path in super::pipeline::included(document) {
                let known = self.documents.iter().any(|one| one.path == path);
                if !known && self.documents.len() < MOST {
                    self.document(tree, path);
                }
            }
        }
        self.documents.sort_by(|one, other| one.path.cmp(&other.path));
    }

    /// The first place that has one counts, as on the forges.
    fn read_owners(&mut self, tree: &Tree, kind: Kind) {
        let other = if kind == Kind::Github { ".gitlab/" } else { ".github/" };
        for place in PLACES.iter().filter(|place| !place.starts_with(other)) {
            if let Some(text) = self.text(tree, place) {
                self.owners = Some(((*place).to_string(), text));
                return;
            }
        }
    }

    fn read_ruling(&mut self, tree: &Tree) {
        let names: Vec<&str> = packs::names().collect();
        let mut ruling = vec![FILE_NAME.to_owned()];
        let Some(text) = self.text(tree, FILE_NAME) else {
            self.ruling = ruling;
            return;
        };
        match Configuration::read(text.as_bytes(), FILE_NAME, &names) {
            Ok(configuration) => {
                ruling.extend(configuration.policies.iter().map(|folder| format!("{}/any.rego", folder.path)));
                ruling.extend(configuration.baseline.clone());
                match configuration.specification.as_ref().map(|place| &place.source) {
                    Some(SpecificationSource::Path(folder) | SpecificationSource::Vendor(folder)) => {
                        ruling.push(format!("{folder}/{SPECIFICATION}"));
                    }
                    Some(SpecificationSource::Git { .. }) => ruling.push(LOCK.to_owned()),
                    None => {
                        let usual = format!("{DEFAULT_FOLDER}/{SPECIFICATION}");
                        if self.text(tree, &usual).is_some() {
                            ruling.push(usual);
                        }
                    }
                }
            }
            Err(errors) => {
                let why = errors.first().map_or_else(|| "it cannot be read".to_owned(), ToString::to_string);
                self.gap(FILE_NAME, why, "a configuration that can be read");
            }
        }
        ruling.sort();
        ruling.dedup();
        self.ruling = ruling;
    }
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yml") || path.ends_with(".yaml")
}
