//! Configuration and policies come from the trusted side only.

use portcullis::change::trusted::Tree;
use portcullis::limits::Limits;

use crate::open;
use crate::support::TestRepository;

/// Both implementations over the same committed files.
fn both(repository: &TestRepository) -> [Tree; 2] {
    let head = repository.git(&["rev-parse", "HEAD"]);
    let opened = open(repository.root());
    [Tree::at_commit(&opened, &head, &Limits::default()).unwrap(), Tree::at_work_tree(&opened).unwrap()]
}

fn code<T: std::fmt::Debug>(result: Result<T, portcullis::completeness::Reason>) -> String {
    result.unwrap_err().code
}

#[test]
fn files_and_listings_are_the_same_from_commit_and_work_tree() {
    let repository = TestRepository::new();
    repository.write(".portcullis.yaml", "version: 1\n").write("policies/b/x.rego", "x").write("policies/a.rego", "a");
    repository.commit("base");
    let limits = Limits::default();
    for tree in both(&repository) {
        assert_eq!(tree.read(".portcullis.yaml", &limits).unwrap().unwrap(), b"version: 1\n");
        assert_eq!(tree.read("absent.yaml", &limits), Ok(None));
        assert_eq!(tree.read(".portcullis.yaml/below", &limits), Ok(None));
        assert_eq!(tree.read("absent/below", &limits), Ok(None));
        let listed = tree.list("policies", &limits).unwrap().unwrap();
        assert_eq!(listed, ["policies/a.rego", "policies/b/x.rego"]);
        assert_eq!(tree.list("policies/", &limits).unwrap().unwrap(), listed);
        assert_eq!(tree.list("", &limits).unwrap().unwrap().len(), 3);
        assert_eq!(tree.list("absent", &limits), Ok(None));
        assert_eq!(code(tree.list("policies/a.rego", &limits)), "untrusted-path");
        assert_eq!(code(tree.read("policies", &limits)), "untrusted-path");
    }
}

#[test]
fn head_and_work_tree_do_not_reach_the_commit_side() {
    let repository = TestRepository::new();
    let base = repository.write(".portcullis.yaml", "base\n").commit("base");
    repository.write(".portcullis.yaml", "head\n").commit("head");
    repository.write(".portcullis.yaml", "dirty\n");
    let tree = Tree::at_commit(&open(repository.root()), &base, &Limits::default()).unwrap();
    assert_eq!(tree.read(".portcullis.yaml", &Limits::default()).unwrap().unwrap(), b"base\n");
}

#[test]
fn paths_that_leave_the_repository_are_refused() {
    let repository = TestRepository::new();
    std::fs::write(repository.beside("secret"), "s").unwrap();
    repository.write("a", "a").commit("base");
    for tree in both(&repository) {
        for path in ["../secret", "/etc/passwd", "a/../../secret", "", ".git/config", ".GIT/config", "a//b"] {
            assert_eq!(code(tree.read(path, &Limits::default())), "malformed-path", "{path:?}");
        }
        assert_eq!(code(tree.list("..", &Limits::default())), "malformed-path");
    }
}

#[cfg(unix)]
#[test]
fn links_on_the_trusted_side_are_refused() {
    let repository = TestRepository::new();
    std::fs::write(repository.beside("secret"), "s").unwrap();
    repository.write("real/a.rego", "a");
    for (target, link) in [("../secret", "linked.yaml"), ("real", "folder"), ("../real/a.rego", "holder/a.rego")] {
        let link = repository.root().join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, link).unwrap();
    }
    repository.commit("base");
    let limits = Limits::default();
    for tree in both(&repository) {
        assert_eq!(code(tree.read("linked.yaml", &limits)), "untrusted-path");
        assert_eq!(code(tree.read("folder/a.rego", &limits)), "untrusted-path");
        assert_eq!(code(tree.list("folder", &limits)), "untrusted-path");
        assert_eq!(code(tree.list("holder", &limits)), "untrusted-path");
        assert!(tree.read("real/a.rego", &limits).unwrap().is_some());
    }
}

#[test]
fn submodule_in_a_policy_folder_is_refused() {
    let repository = TestRepository::new();
    repository.index("160000", &"1".repeat(40), "policies/vendor");
    let base = repository.commit_index("base");
    let tree = Tree::at_commit(&open(repository.root()), &base, &Limits::default()).unwrap();
    assert_eq!(code(tree.list("policies", &Limits::default())), "untrusted-path");
    assert_eq!(code(tree.read("policies/vendor/x.rego", &Limits::default())), "untrusted-path");
}

#[test]
fn configuration_over_the_limit_is_refused() {
    let repository = TestRepository::new();
    repository.write(".portcullis.yaml", "version: 1\n").commit("base");
    let limits = Limits { configuration_bytes: 10, ..Limits::default() };
    for tree in both(&repository) {
        assert_eq!(code(tree.read(".portcullis.yaml", &limits)), "configuration-too-large");
    }
}

#[test]
fn missing_objects_on_the_trusted_side_are_undecided_and_never_absent() {
    let repository = TestRepository::new();
    let tree =
        repository.tree(&[("040000", b"policies", &"1".repeat(40)), ("100644", b".portcullis.yaml", &"2".repeat(40))]);
    let base = repository.commit_tree(&tree, &[], "base");
    let trusted = Tree::at_commit(&open(repository.root()), &base, &Limits::default()).unwrap();
    assert_eq!(code(trusted.read(".portcullis.yaml", &Limits::default())), "missing-object");
    assert_eq!(code(trusted.list("policies", &Limits::default())), "missing-object");
    let gone = Tree::at_commit(&open(repository.root()), &"3".repeat(40), &Limits::default());
    assert_eq!(code(gone), "missing-object");
}
