//! Where the gate itself comes from, and that nothing is run whose digest nobody wrote down.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::runner::{Ended, Job, own_action};
use crate::yard::{Yard, harmless, with};

/// A gate that says pass, whatever it is asked.
const PASSES: &str = "#!/usr/bin/env bash\n[ \"$1\" = --version ] && { echo portcullis 0; exit 0; }\nfor argument in \"$@\"; do case \"$argument\" in json=*) \
printf '{\\n  \"schema\": \"x\",\\n  \"verdict\": \"pass\",\\n}\\n' >\"${argument#json=}\" ;; esac; done\n";

/// A copy of what the action is made of.
fn copy_of_the_action(yard: &Yard) -> PathBuf {
    let copy = yard.stage.file("action");
    std::fs::create_dir_all(copy.join("src")).unwrap();
    for folder in ["policies", "fixtures", "examples", "docs"] {
        std::fs::create_dir_all(copy.join(folder)).unwrap();
    }
    crate::support::copy(&own_action().join("action"), &copy.join("action"));
    for file in ["action.yml", "Cargo.toml", "Cargo.lock"] {
        std::fs::copy(own_action().join(file), copy.join(file)).unwrap();
    }
    std::fs::write(copy.join("src/main.rs"), "fn main() {}\n").unwrap();
    copy
}

/// A `cargo` that builds that gate, and notes how it was called.
fn cargo(yard: &Yard) -> PathBuf {
    let tools = yard.stage.file("tools");
    std::fs::create_dir_all(&tools).unwrap();
    let source = yard.stage.file("built");
    std::fs::write(&source, PASSES).unwrap();
    let script = format!(
        "#!/usr/bin/env bash\nprintf '%s %s %s\\n' \"$PWD\" \"$*\" \"${{RUSTFLAGS:-none}}\" >>'{0}.calls'\n\
         target=\"${{@: -1}}\"\nmkdir -p \"$target/release\"\ncp '{0}' \"$target/release/portcullis\"\nchmod +x \"$target/release/portcullis\"\n",
        source.display()
    );
    executable(&tools.join("cargo"), &script);
    tools
}

fn executable(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A job of the copy, with that `cargo` and no gate given.
fn job(yard: &Yard) -> Job {
    let mut job = yard.request();
    job.action = copy_of_the_action(yard);
    job.with.remove("binary");
    let path = format!("{}:{}", cargo(yard).display(), job.environment["PATH"]);
    job.environment.insert("PATH".to_owned(), path);
    job.environment.insert("RUSTFLAGS".to_owned(), "-C linker=/tmp/evil".to_owned());
    job
}

fn calls(yard: &Yard) -> Vec<String> {
    let text = std::fs::read_to_string(yard.stage.file("built.calls")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Notes what is asked of the cache, and puts this into it before it answers.
fn cache(job: &mut Job, holds: Option<&str>) -> Rc<RefCell<Vec<(String, String)>>> {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let (noted, holds) = (Rc::clone(&asked), holds.map(str::to_owned));
    job.others = Box::new(move |uses, with| {
        let (name, commit) = uses.split_once('@').unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "not pinned: {uses}");
        assert_eq!(with.keys().collect::<Vec<_>>(), ["key", "path"], "no other key may answer");
        noted.borrow_mut().push((name.to_owned(), with["key"].clone()));
        if let (true, Some(text)) = (name.ends_with("/restore"), &holds) {
            std::fs::create_dir_all(&with["path"]).unwrap();
            executable(&Path::new(&with["path"]).join("portcullis"), text);
        }
        BTreeMap::new()
    });
    asked
}

fn sha256(yard: &Yard) -> String {
    let mut command = crate::support::scrubbed("sha256sum");
    let output = command.arg(yard.stage.file("built")).output().unwrap();
    String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap().to_owned()
}

fn steps(ended: &Ended) -> Vec<&str> {
    ended.ran.iter().map(String::as_str).filter(|name| name.contains("cache")).collect()
}

#[test]
fn without_a_release_the_gate_is_built_beside_the_repository_and_kept() {
    let yard = Yard::of(harmless());
    let mut job = job(&yard);
    let asked = cache(&mut job, None);
    let ended = job.run();
    ended.is("pass", 0);
    let calls = calls(&yard);
    assert_eq!(calls.len(), 1);
    let action = std::fs::canonicalize(&job.action).unwrap();
    assert!(calls[0].starts_with(&action.display().to_string()), "{calls:?}");
    assert!(calls[0].contains("--locked") && calls[0].ends_with(" none"), "{calls:?}");
    // Nothing was taken from a cache whose content nobody wrote down; what was built is kept under its own digest.
    assert_eq!(steps(&ended), ["Keep the gate in the cache"]);
    let asked = asked.borrow();
    assert!(asked[0].1.starts_with("portcullis-x86_64-unknown-linux-musl-") && asked[0].1.ends_with(&sha256(&yard)));
    assert!(ended.log.contains(&format!("set the input sha256: {}", sha256(&yard))), "{}", ended.log);
}

#[test]
fn the_cache_is_used_only_for_the_digest_that_the_workflow_names() {
    let yard = Yard::of(harmless());
    let mut job = job(&yard);
    let digest = sha256(&yard);
    let asked = cache(&mut job, Some(PASSES));
    let job = with(job, &[("sha256", &digest)]);
    job.run().is("pass", 0);
    assert_eq!(calls(&yard).len(), 0, "it was there");
    assert_eq!(asked.borrow().len(), 1);
    assert!(asked.borrow()[0].1.ends_with(&digest));
}

/// Whoever runs code in a job of the repository can write an entry of any name.
#[test]
fn a_poisoned_cache_is_never_run() {
    let yard = Yard::of(harmless());
    let mut job = job(&yard);
    let marker = yard.stage.file("poisoned");
    let poison = format!("#!/usr/bin/env bash\ntouch '{}'\nexit 0\n", marker.display());
    let digest = sha256(&yard);
    cache(&mut job, Some(&poison));
    let job = with(job, &[("sha256", &digest)]);
    let ended = job.run();
    ended.is("pass", 0);
    assert!(!marker.exists(), "{}", ended.log);
    assert_eq!(calls(&yard).len(), 1, "it was built instead");
    assert!(ended.log.contains("the cache does not hold the gate"), "{}", ended.log);
}

#[test]
fn the_cache_can_be_left_out() {
    let yard = Yard::of(harmless());
    let mut job = job(&yard);
    let asked = cache(&mut job, None);
    let digest = sha256(&yard);
    with(job, &[("cache", "false"), ("sha256", &digest)]).run().is("pass", 0);
    assert_eq!(asked.borrow().len(), 0);
}

#[test]
fn the_key_follows_the_source_and_the_lock_file() {
    let key = |change: Option<(&str, &str)>| {
        let yard = Yard::of(harmless());
        let mut job = job(&yard);
        if let Some((path, text)) = change {
            std::fs::write(job.action.join(path), text).unwrap();
        }
        let asked = cache(&mut job, None);
        job.run().is("pass", 0);
        let keys = asked.borrow();
        keys[0].1.clone()
    };
    let usual = key(None);
    assert_eq!(usual, key(None));
    for change in [("src/main.rs", "fn main() { }\n"), ("Cargo.lock", "\n"), ("policies/a.rego", "package a\n")] {
        assert_ne!(usual, key(Some(change)), "{change:?}");
    }
    assert_eq!(usual, key(Some(("action/digests", "# nothing\n"))));
}

#[test]
fn a_gate_that_cannot_be_built_blocks() {
    let yard = Yard::of(harmless());
    let mut job = job(&yard);
    cache(&mut job, None);
    executable(&yard.stage.file("tools").join("cargo"), "#!/usr/bin/env bash\nexit 101\n");
    let ended = job.run();
    ended.is("undecided", 4);
    assert!(ended.log.contains("could not be built"), "{}", ended.log);
    assert_eq!(ended.ran.len(), 2);
}

/// Puts a release beside the action, and its digest into it; returns the job.
fn released(yard: &Yard, archive_of: &str, digest_of: &str) -> Job {
    let mut job = job(yard);
    let folder = yard.stage.file("release");
    let archive = |text: &str| {
        std::fs::create_dir_all(&folder).unwrap();
        executable(&folder.join("portcullis"), text);
        let mut tar = crate::support::scrubbed("tar");
        tar.args(["-czf", "archive.tar.gz", "--mtime=@0", "--owner=0", "--group=0", "portcullis"]);
        assert!(tar.current_dir(&folder).status().unwrap().success());
        let sum = crate::support::scrubbed("sha256sum").arg(folder.join("archive.tar.gz")).output().unwrap();
        String::from_utf8_lossy(&sum.stdout).split(' ').next().unwrap().to_owned()
    };
    let digest = archive(digest_of);
    archive(archive_of);
    let line = format!("0.6.0 x86_64-unknown-linux-musl {digest} file://{}/archive.tar.gz\n", folder.display());
    std::fs::write(job.action.join("action/digests"), format!("# releases\n{line}")).unwrap();
    cache(&mut job, None);
    job
}

#[test]
fn a_release_is_downloaded_and_held_against_the_digest_of_the_action() {
    let yard = Yard::of(harmless());
    released(&yard, PASSES, PASSES).run().is("pass", 0);
    assert_eq!(calls(&yard).len(), 0);
    let yard = Yard::of(harmless());
    let marker = yard.stage.file("poisoned");
    let other = format!("#!/usr/bin/env bash\ntouch '{}'\n", marker.display());
    let ended = released(&yard, &other, PASSES).run();
    ended.is("undecided", 4);
    assert!(!marker.exists() && ended.log.contains("not the release"), "{}", ended.log);
}

#[test]
fn a_runner_without_a_release_of_its_own_builds() {
    let yard = Yard::of(harmless());
    let mut job = released(&yard, PASSES, PASSES);
    job.environment.insert("RUNNER_ARCH".to_owned(), "ARM64".to_owned());
    job.run().is("pass", 0);
    assert_eq!(calls(&yard).len(), 1);
}

#[test]
fn a_gate_that_is_given_is_held_against_its_digest() {
    let yard = Yard::of(harmless());
    let path = yard.stage.file("own gate");
    executable(&path, PASSES);
    cargo(&yard);
    let path = path.to_str().unwrap();
    with(yard.request(), &[("binary", path), ("sha256", &sha256(&yard))]).run().is("pass", 0);
    let ended = with(yard.request(), &[("binary", path), ("sha256", &"0".repeat(64))]).run();
    ended.is("undecided", 4);
    with(yard.request(), &[("binary", "portcullis")]).run().is("undecided", 2);
    with(yard.request(), &[("binary", "/nowhere/portcullis")]).run().is("undecided", 4);
}
