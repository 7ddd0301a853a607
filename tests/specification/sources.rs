//! Where a specification comes from, and what must agree before it is used.

use std::path::Path;

use portcullis::change::trusted::Tree;
use portcullis::change::{Environment, Repository};
use portcullis::completeness::Reason;
use portcullis::configuration::{Configuration, FILE_NAME, pinned_address, repinned};
use portcullis::limits::Limits;
use portcullis::specification::files::SpecificationFiles;
use portcullis::specification::lock::Lock;
use portcullis::specification::pin::{FetchedSpecification, PinRequest, fetch, lock_of, pin};
use portcullis::specification::{lint, source};

use crate::loading::example;
use crate::support::TestRepository;

const TODAY: &str = "2026-11-21";

/// An application repository and the one of its specification beside it.
struct Scene {
    shop: TestRepository,
    specs: TestRepository,
}

impl Scene {
    fn new() -> Self {
        let specs = TestRepository::new();
        for (path, file) in example(&[]).files {
            specs.write(&path, file.0);
        }
        specs.commit("release 1");
        specs.git(&["tag", "-a", "-m", "release", "v1.0.0"]);
        Self { shop: TestRepository::new(), specs }
    }

    fn url(&self) -> String {
        format!("file://{}", self.specs.root().display())
    }

    fn environment(&self) -> Environment {
        let mut environment: Environment = ["PATH", "TMPDIR"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)))
            .collect();
        environment.insert("HOME".into(), self.shop.beside("home").display().to_string());
        environment.insert("GIT_CONFIG_NOSYSTEM".into(), "1".into());
        environment.insert("GIT_CONFIG_GLOBAL".into(), "/nonexistent/portcullis/gitconfig".into());
        environment
    }

    fn pin(&self, revision: Option<&str>) -> Result<(Lock, SpecificationFiles), Vec<String>> {
        self.pin_over(revision, None)
    }

    fn pin_over(&self, revision: Option<&str>, old: Option<&Lock>) -> Result<(Lock, SpecificationFiles), Vec<String>> {
        let url = self.url();
        let request = PinRequest { url: &url, revision, old, today: TODAY };
        let pinned = pin(&request, &self.environment(), &Limits::default());
        pinned.map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    /// Commits a configuration that pins `rev`, and a lock.
    fn commit(&self, rev: &str, lock: Option<&Lock>) -> &Self {
        self.shop
            .write(FILE_NAME, format!("version: 1\nsystem: orders\nspec: {{git: \"{}\", rev: {rev}}}\n", self.url()));
        if let Some(lock) = lock {
            self.shop.write("portcullis.lock", lock.text());
        }
        self.shop.commit("pin");
        self
    }

    fn fetch(&self) -> Result<Option<FetchedSpecification>, Reason> {
        let (tree, repository, configuration) = opened(self.shop.root());
        fetch(&tree, &repository, &configuration, &self.environment())
    }

    fn read(&self) -> Result<Option<SpecificationFiles>, Reason> {
        read(self.shop.root())
    }
}

fn opened(root: &Path) -> (Tree, Repository, Configuration) {
    let repository = Repository::open(root).unwrap();
    let head = std::fs::read_to_string(root.join(".git/refs/heads/main")).unwrap();
    let tree = Tree::at_commit(&repository, head.trim(), &Limits::default()).unwrap();
    let bytes = tree.read(FILE_NAME, &Limits::default()).unwrap();
    let configuration = bytes.map(|bytes| Configuration::read(&bytes, FILE_NAME, &[]).unwrap()).unwrap_or_default();
    (tree, repository, configuration)
}

fn read(root: &Path) -> Result<Option<SpecificationFiles>, Reason> {
    let (tree, repository, configuration) = opened(root);
    source::read(&tree, &repository, &configuration)
}

fn code<T: std::fmt::Debug>(result: Result<T, Reason>) -> String {
    result.unwrap_err().code
}

#[test]
fn a_folder_is_read_from_the_commit_and_by_its_usual_name_without_a_word() {
    let shop = TestRepository::new();
    shop.write("a.py", "").commit("nothing");
    assert_eq!(read(shop.root()), Ok(None));
    shop.write(".portcullis/portcullis-spec.yaml", "schema: 1\nname: a\nversion: 1.0.0\n");
    shop.write(".portcullis/baseline.json", "{}").commit("a specification");
    shop.write(".portcullis/teams.yaml", "uncommitted");
    let files = read(shop.root()).unwrap().unwrap();
    assert_eq!((files.folder.as_str(), files.commit.as_str()), (".portcullis", ""));
    assert_eq!(files.files.keys().collect::<Vec<_>>(), ["baseline.json", "portcullis-spec.yaml"]);
    shop.remove(".portcullis/teams.yaml")
        .write(FILE_NAME, "version: 1\nbaseline: .portcullis/baseline.json\n")
        .commit("b");
    assert_eq!(read(shop.root()).unwrap().unwrap().files.len(), 1, "the baseline is no part of it");
    shop.write(FILE_NAME, "version: 1\nspec: {path: .}\n").commit("c");
    assert!(read(shop.root()).unwrap().unwrap().files.contains_key(".portcullis/portcullis-spec.yaml"));
}

#[test]
fn a_folder_that_is_named_and_missing_is_undecided() {
    let shop = TestRepository::new();
    shop.write(FILE_NAME, "version: 1\nspec: {path: specs}\n").commit("named");
    assert_eq!(code(read(shop.root())), "specification-missing");
}

#[test]
fn links_and_submodules_inside_a_specification_are_refused_row_90() {
    let shop = TestRepository::new();
    shop.write(".portcullis/portcullis-spec.yaml", "schema: 1\n");
    let target = shop.blob("/etc/passwd");
    shop.git(&["add", "-A"]);
    shop.index("120000", &target, ".portcullis/teams.yaml").commit_index("a link");
    assert_eq!(code(read(shop.root())), "untrusted-path");
    let shop = TestRepository::new();
    shop.write(".portcullis/portcullis-spec.yaml", "schema: 1\n").git(&["add", "-A"]);
    shop.index("160000", &"1".repeat(40), ".portcullis/invariants").commit_index("a submodule");
    assert_eq!(code(read(shop.root())), "untrusted-path");
}

#[test]
fn a_vendored_copy_must_have_the_digest_of_the_lock() {
    let shop = TestRepository::new();
    let files = example(&[]);
    for (path, file) in &files.files {
        shop.write(&format!("specs/{path}"), &file.0);
    }
    shop.write(FILE_NAME, "version: 1\nspec: {vendor: specs}\n").commit("vendored");
    assert_eq!(code(read(shop.root())), "specification-lock", "no lock");
    let lock = lock_of(&files, None, TODAY).unwrap();
    shop.write("portcullis.lock", lock.text()).commit("locked");
    assert_eq!(read(shop.root()).unwrap().unwrap().digest(), lock.digest);
    shop.write("specs/teams.yaml", "teams: []\n").commit("tampered");
    assert_eq!(code(read(shop.root())), "specification-digest");
    shop.git(&["rm", "-rq", "specs"]);
    shop.commit_index("gone");
    assert_eq!(code(read(shop.root())), "specification-missing");
    shop.write("portcullis.lock", "lock: 2\n").commit("another lock");
    assert_eq!(code(read(shop.root())), "specification-lock");
}

#[test]
fn a_pinned_repository_is_fetched_once_verified_and_then_read_offline() {
    let scene = Scene::new();
    let (lock, files) = scene.pin(Some("v1.0.0")).unwrap();
    assert_eq!(lock.commit, scene.specs.git(&["rev-parse", "HEAD"]), "the commit behind the tag");
    assert_eq!((lock.tag.as_str(), lock.schema, lock.pinned.as_str()), ("v1.0.0", 1, TODAY));
    assert_eq!(lock.digest, example(&[]).digest());
    assert_eq!(lock.prompts["PROMPT-REFACTOR"].version, "2.1.0");
    assert_eq!(Lock::read(lock.text().as_bytes(), "portcullis.lock").unwrap(), lock, "read as it was written");
    assert!(files.origin.ends_with(&lock.commit));

    scene.commit(&lock.commit, Some(&lock));
    assert_eq!(code(scene.read()), "specification-not-fetched", "check never fetches");
    let status = scene.shop.git(&["status", "--porcelain", "--ignored"]);
    assert!(!scene.fetch().unwrap().unwrap().was_there);
    assert!(scene.fetch().unwrap().unwrap().was_there);
    assert_eq!(scene.shop.git(&["status", "--porcelain", "--ignored"]), status, "nothing else changes");
    std::fs::remove_dir_all(scene.specs.root()).unwrap();
    assert_eq!(scene.read().unwrap().unwrap().files, files.files, "offline");
}

#[test]
fn a_stored_copy_that_was_touched_is_undecided_and_fetched_anew() {
    let scene = Scene::new();
    let (lock, files) = scene.pin(None).unwrap();
    scene.commit(&lock.commit, Some(&lock)).fetch().unwrap();
    let stored = scene.shop.root().join(".git/portcullis/spec").join(&lock.commit);
    std::fs::write(stored.join("teams.yaml"), "teams: []\n").unwrap();
    assert_eq!(code(scene.read()), "specification-digest");
    assert!(!scene.fetch().unwrap().unwrap().was_there);
    assert_eq!(scene.read().unwrap().unwrap().files, files.files);
}

#[test]
fn a_specification_that_cannot_be_reached_is_undecided_row_70() {
    let scene = Scene::new();
    let (lock, _) = scene.pin(None).unwrap();
    scene.commit(&lock.commit, Some(&lock));
    std::fs::remove_dir_all(scene.specs.root()).unwrap();
    assert_eq!(code(scene.fetch()), "specification-unreachable");
    assert_eq!(code(scene.read()), "specification-not-fetched");
    assert!(scene.pin(None).unwrap_err()[0].contains("ls-remote failed"));
}

#[test]
fn lock_and_configuration_must_name_one_commit_of_one_repository() {
    let scene = Scene::new();
    let (lock, _) = scene.pin(None).unwrap();
    scene.commit(&lock.commit, None);
    assert_eq!((code(scene.read()), code(scene.fetch())), ("specification-lock".into(), "specification-lock".into()));
    scene.commit(&"a".repeat(40), Some(&lock));
    assert_eq!((code(scene.read()), code(scene.fetch())), ("specification-lock".into(), "specification-lock".into()));
    let elsewhere = Lock { url: "file:///elsewhere".into(), ..lock.clone() };
    scene.commit(&lock.commit, Some(&elsewhere));
    assert_eq!((code(scene.read()), code(scene.fetch())), ("specification-lock".into(), "specification-lock".into()));
    let other = Lock { digest: "0".repeat(64), ..lock.clone() };
    scene.commit(&lock.commit, Some(&other));
    assert_eq!(code(scene.fetch()), "specification-digest");
    assert_eq!(code(scene.read()), "specification-not-fetched", "nothing unverified was stored");
}

#[test]
fn a_commit_outside_every_branch_and_tag_is_refused_row_72() {
    let scene = Scene::new();
    let (lock, _) = scene.pin(None).unwrap();
    // The server has the object and gives it to everybody who names it, as forges do with commits of forks.
    scene.specs.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let tree = scene.specs.git(&["rev-parse", "HEAD^{tree}"]);
    let foreign = scene.specs.commit_tree(&tree, &[&lock.commit], "from a fork");
    scene.specs.git(&["update-ref", "refs/pull/1/head", &foreign]);
    scene.commit(&foreign, Some(&Lock { commit: foreign.clone(), ..lock }));
    assert_eq!(code(scene.fetch()), "specification-foreign-commit");
    assert!(scene.pin(Some(&foreign)).unwrap_err()[0].contains("no branch and no tag"));
    assert_eq!(code(scene.read()), "specification-not-fetched");
}

#[test]
fn a_commit_in_the_history_of_a_branch_is_taken_though_nothing_names_it() {
    let scene = Scene::new();
    let first = scene.specs.write("README.md", "one").commit("between");
    scene.specs.write("README.md", "two").commit("after");
    let (lock, files) = scene.pin(Some(&first)).unwrap();
    assert_eq!((lock.commit, lock.tag.as_str()), (first, ""));
    assert_eq!(files.files["README.md"].0, b"one");
}

#[test]
fn what_is_no_faultless_specification_is_not_pinned() {
    let scene = Scene::new();
    scene.specs.write("teams.yaml", "teams: no\n").commit("broken");
    assert_eq!(scene.pin(None).unwrap_err(), ["teams.yaml:1:8: `teams` must be a list, not a single value"]);
    assert!(scene.pin(Some("v1.0.0")).is_ok());
    assert_eq!(scene.pin(Some("v1.0.1")).unwrap_err(), ["the repository has no tag or branch `v1.0.1`"]);
}

#[test]
fn a_prompt_of_another_text_under_the_same_version_is_not_pinned() {
    let scene = Scene::new();
    let (lock, _) = scene.pin(None).unwrap();
    let path = "prompts/refactor.prompt.md";
    let text = String::from_utf8(example(&[]).files[path].0.clone()).unwrap();
    scene.specs.write(path, text.replace("Keep", "Break")).commit("another text");
    let errors = scene.pin_over(None, Some(&lock)).unwrap_err();
    assert_eq!(errors, ["the text of `PROMPT-REFACTOR` changed and its version 2.1.0 did not"]);
    scene.specs.write(path, text.replace("Keep", "Break").replace("2.1.0", "2.2.0")).commit("and version");
    assert_eq!(scene.pin_over(None, Some(&lock)).unwrap().0.prompts["PROMPT-REFACTOR"].version, "2.2.0");
}

#[test]
fn hooks_and_configuration_of_both_repositories_do_not_run() {
    let scene = Scene::new();
    let marker = scene.shop.beside("ran");
    let script = format!("#!/bin/sh\ntouch {}\n", marker.display());
    for repository in [&scene.shop, &scene.specs] {
        for hook in ["post-checkout", "reference-transaction", "post-merge", "pre-auto-gc"] {
            let path = repository.root().join(".git/hooks").join(hook);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &script).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
    }
    scene.shop.git(&["config", "url.file:///nowhere.insteadOf", &scene.url()]);
    let (lock, _) = scene.pin(None).unwrap();
    scene.commit(&lock.commit, Some(&lock));
    std::fs::remove_file(&marker).ok();
    scene.fetch().unwrap();
    assert!(!marker.exists());
}

#[test]
fn a_pin_that_nobody_looked_at_for_too_long_is_stale_row_73() {
    let text = format!("version: 1\nspec: {{git: \"file:///s\", rev: \"{}\", max-age-days: 30}}\n", "a".repeat(40));
    let configuration = Configuration::read(text.as_bytes(), FILE_NAME, &[]).unwrap();
    let lock = Lock { pinned: "2026-10-22".into(), ..Lock::default() };
    assert_eq!(source::stale(&configuration, &lock, "2026-11-21"), None, "thirty days are allowed");
    let advice: lint::Advice = source::stale(&configuration, &lock, "2026-11-22").unwrap();
    assert_eq!(advice.code, "stale-spec");
    assert_eq!(source::stale(&Configuration::default(), &lock, "2036-11-22"), None);
}

#[test]
fn the_configuration_takes_the_new_commit_and_keeps_every_other_byte() {
    let scene = Scene::new();
    let text = format!("# ours\nversion: 1\nspec:\n  git: {}   # specs\n  rev: v1.0.0\n", scene.url());
    assert_eq!(pinned_address(&text), Some(scene.url()));
    let (lock, _) = scene.pin(Some("v1.0.0")).unwrap();
    let new = repinned(&text, &lock.commit).unwrap();
    assert_eq!(new, text.replace("v1.0.0", &lock.commit));
    assert!(Configuration::read(new.as_bytes(), FILE_NAME, &[]).is_ok());
}
