//! `policy import`: a folder as Conftest has it goes in, a pack that the gate runs comes out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

fn command(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1").args(arguments).output().unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"];
    assert!(command("git", folder, &[&settings, arguments].concat()).status.success(), "git {arguments:?}");
}

fn portcullis(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = command(env!("CARGO_BIN_EXE_portcullis"), folder, arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const FOLDER: &[(&str, &str)] = &[
    ("conftest.toml", "policy = \"policy\"\nnamespace = \"main\"\ndata = [\"exceptions\"]\nupdate = \"git::x\"\n"),
    (
        "policy/images.rego",
        "package main\n\nimport rego.v1\n\nimport data.lib\n\ndeny_tag contains msg if {\n\tlib.is_latest(input.image)\n\t\
         not input.image in data.images.allowed\n\tmsg := sprintf(\"%s has no version\", [input.image])\n}\n",
    ),
    ("policy/lib.rego", "package lib\n\nimport rego.v1\n\nis_latest(image) if endswith(image, \":latest\")\n"),
    ("policy/old.rego", "package main\n\nimport rego.v1\n\nwarn contains \"old\" if time.now_ns() > input.until\n"),
    ("policy/images_test.rego", "package main\n\nimport rego.v1\n\ntest_x if count(deny_tag) == 0 with input as {}\n"),
    ("exceptions/images/allowed.yaml", "allowed: [base:latest]\n"),
];

#[test]
fn a_folder_becomes_a_pack_and_what_does_not_carry_over_is_named() {
    let root = tempfile::tempdir().unwrap();
    let (from, to) = (root.path().join("infra-checks"), root.path().join("shop"));
    write(&from, FOLDER);
    write(&to, &[("README", "shop\n")]);
    git(&to, &["init", "--quiet"]);
    let from = from.to_str().unwrap();
    let (code, out, err) = portcullis(&to, &["policy", "import", from]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    for line in [
        "wrote policies/infra-checks/images.rego",
        "wrote policies/infra-checks/images_test.rego",
        "wrote policies/infra-checks-data/images/allowed.yaml",
        "  infra-checks/deny-tag",
        "    namespaces: [\"main\"]",
        "    data: [\"policies/infra-checks-data\"]",
    ] {
        assert!(out.lines().any(|found| found.trim_end() == line), "{line}\n{out}");
    }
    let named = out.split_once("not carried over:").unwrap().1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(named.contains("policies/infra-checks/old.rego:10:24: `time.now_ns` is not offered"), "{named}");
    assert!(named.contains("conftest.toml: `update`"), "{named}");
    let text = fs::read_to_string(to.join("policies/infra-checks/images.rego")).unwrap();
    assert!(text.contains("# METADATA\n# title: \"... has no version\"\n# custom:\n#   id: infra-checks/deny-tag\n"));
    let (code, _, err) = portcullis(&to, &["policy", "import", from]);
    assert_eq!(code, 2);
    assert!(err.contains("nothing is overwritten"), "{err}");
}

#[test]
fn an_imported_pack_judges_a_change() {
    let root = tempfile::tempdir().unwrap();
    let (from, to) = (root.path().join("policy"), root.path().join("shop"));
    let files: Vec<(&str, &str)> =
        FOLDER.iter().filter(|(path, _)| !path.contains("old") && *path != "conftest.toml").copied().collect();
    write(&from, &files);
    write(&to, &[("README", "shop\n")]);
    git(&to, &["init", "--quiet"]);
    let (code, out, _) = portcullis(&to, &["policy", "import", from.to_str().unwrap(), "--into", "policies/images"]);
    assert_eq!(code, 1, "a data file is named by nobody, so `data.images` is unknown: {out}");
    assert!(out.contains("data.images"), "{out}");
    write(&to, &[("images/images/allowed.yaml", "allowed: [base:latest]\n")]);
    let entry = "version: 1\npacks: []\npolicies: [{path: policies/images, scope: document, data: [images]}]\n";
    write(&to, &[(".portcullis.yaml", entry)]);
    git(&to, &["add", "--all"]);
    git(&to, &["commit", "--quiet", "--message", "base"]);
    write(&to, &[("a.yaml", "image: x:latest\n"), ("b.yaml", "image: base:latest\n"), ("c.yaml", "image: x:1\n")]);
    git(&to, &["add", "--all"]);
    git(&to, &["commit", "--quiet", "--message", "head"]);
    let (code, out, err) = portcullis(&to, &["check", "--base", "HEAD~1", "--head", "HEAD", "--format", "human"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("error[images/deny-tag] x:latest has no version\n --> a.yaml"), "{out}");
    assert!(!out.contains("b.yaml") && !out.contains("c.yaml"), "{out}");
}

#[test]
fn old_rego_without_a_package_main_names_its_packages_and_its_version() {
    let root = tempfile::tempdir().unwrap();
    let (from, to) = (root.path().join("checks"), root.path().join("shop"));
    let old = "package images\n\nimport data.lib\n\nviolation[msg] {\n  lib.bad\n  msg = \"bad image\"\n}\n";
    write(&from, &[("a.rego", old), ("lib.rego", "package lib\n\nbad = input.bad\n")]);
    write(&to, &[("README", "shop\n")]);
    git(&to, &["init", "--quiet"]);
    let (code, out, _) = portcullis(&to, &["policy", "import", from.to_str().unwrap()]);
    assert_eq!(code, 0, "{out}");
    for line in ["  checks/images/violation", "    namespaces: [\"images\"]", "    rego: v0"] {
        assert!(out.lines().any(|found| found == line), "{line}\n{out}");
    }
}

#[test]
fn conftests_own_examples_that_are_tried_have_documents_of_all_nine_formats() {
    use portcullis::documents::Format;
    let rows = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conftest/examples.txt")).unwrap();
    let rows: Vec<&str> = rows.lines().filter(|row| !row.starts_with('#')).collect();
    // What ends otherwise than in Conftest shows nothing about a format.
    let same = rows.iter().map(|row| row.split('|').map(str::trim).collect::<Vec<_>>()).filter(|row| row[1] == row[2]);
    let formats: std::collections::BTreeSet<&str> =
        same.flat_map(|row| row[5].split(' ').filter_map(Format::of).map(Format::word).collect::<Vec<_>>()).collect();
    let all = ["dockerfile", "dotenv", "hcl", "ini", "json", "properties", "toml", "xml", "yaml"];
    assert_eq!(formats.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn metadata_that_is_not_understood_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    let policy = "package main\n\nimport rego.v1\n\n# METADATA\n# title: x\n# severity: HIGH\ndeny contains \"x\" if input.kind == \"Pod\"\n";
    write(root, &[("other/policy/a.rego", policy)]);
    let (code, said, _) = portcullis(root, &["policy", "import", "other"]);
    assert_eq!(code, 1, "{said}");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("`severity` stands outside `custom`") && said.contains("runs with the defaults"), "{said}");
}
