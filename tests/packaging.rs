//! What is published: one version, one list of targets, nothing that runs or downloads while installing. By structure
//! only; `packaging/dry-run` does it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Everything that `packaging/build` knows to build.
const TARGETS: [&str; 7] = [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap().replace("\r\n", "\n")
}

fn manifest() -> toml::Table {
    toml::from_str(&read("Cargo.toml")).unwrap()
}

fn release() -> Value {
    serde_json::from_str(&read("packaging/release.json")).unwrap()
}

fn targets(release: &Value) -> Vec<&Value> {
    release["targets"].as_array().unwrap().iter().collect()
}

fn name(target: &Value) -> &str {
    target["target"].as_str().unwrap()
}

/// Every file below a folder of the project, with its path.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((relative, text));
            }
        }
    }
    found.sort();
    found
}

/// What stands between `{{` and `}}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).map(|rest| rest.split_once("}}").unwrap().0).collect()
}

#[test]
fn only_cargo_toml_says_the_version() {
    let version = manifest()["package"]["version"].as_str().unwrap().to_owned();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    for (path, text) in files("packaging") {
        assert!(!text.contains(&version), "{path} says {version}; let a script fill it in");
    }
    let python: toml::Table = toml::from_str(&read("packaging/python/pyproject.toml")).unwrap();
    let project = python["project"].as_table().unwrap();
    assert_eq!(project["dynamic"].as_array().unwrap(), &[toml::Value::from("version")]);
    assert!(!project.contains_key("version"));
    let npm: Value = serde_json::from_str(&read("packaging/npm/package.json")).unwrap();
    assert_eq!(npm["version"], "{{version}}");
}

#[test]
fn the_changelog_and_the_lock_file_know_the_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("\n## {version}\n")));
    assert!(read("Cargo.lock").contains(&format!("\nname = \"portcullis\"\nversion = \"{version}\"\n")));
}

#[test]
fn the_description_is_the_same_everywhere() {
    let said = manifest()["package"]["description"].as_str().unwrap().to_owned();
    let python: toml::Table = toml::from_str(&read("packaging/python/pyproject.toml")).unwrap();
    assert_eq!(python["project"]["description"].as_str().unwrap(), said);
    let npm: Value = serde_json::from_str(&read("packaging/npm/package.json")).unwrap();
    assert_eq!(npm["description"], said.as_str());
    assert!(read("packaging/container/Containerfile").contains(&said));
    // Homebrew wants no article, and no more than eighty characters.
    let short = said.strip_prefix("A ").unwrap();
    let short = format!("{}{}", short[..1].to_uppercase(), &short[1..]);
    assert!(short.len() <= 80 && read("packaging/homebrew/portcullis.rb").contains(&format!("desc \"{short}\"")));
    for text in [read("packaging/python/pyproject.toml"), read("packaging/npm/package.json")] {
        assert!(text.contains(manifest()["package"]["license"].as_str().unwrap()));
    }
}

#[test]
fn the_targets_are_sorted_and_each_has_a_package_of_npm_that_fits_only_it() {
    let release = release();
    let found: Vec<&str> = targets(&release).into_iter().map(name).collect();
    assert_eq!(found, TARGETS);
    let mut packages = BTreeSet::new();
    for target in targets(&release) {
        let npm = &target["npm"];
        let parts: Vec<&str> = name(target).split('-').collect();
        let system = if parts[2] == "windows" { "win32" } else { parts[2] };
        let cpu = if parts[0] == "aarch64" { "arm64" } else { "x64" };
        assert_eq!((npm["os"].as_str(), npm["cpu"].as_str()), (Some(system), Some(cpu)), "{npm}");
        // The launcher puts this name together from what node says of itself.
        let libc = parts.get(3).filter(|_| system == "linux");
        let suffix = libc.map(|libc| format!("-{libc}")).unwrap_or_default();
        assert_eq!(npm["name"], format!("{system}-{cpu}{suffix}"));
        let expected = match libc {
            Some(&"gnu") => Value::from("glibc"),
            Some(libc) => Value::from(*libc),
            None => Value::Null,
        };
        assert_eq!(npm["libc"], expected);
        assert_eq!(target.get("glibc").is_some(), parts.get(3) == Some(&"gnu"));
        assert!(packages.insert(npm["name"].as_str().unwrap().to_owned()));
    }
}

#[test]
fn the_npm_packages_run_nothing_and_need_nothing_while_installing() {
    let main: Value = serde_json::from_str(&read("packaging/npm/package.json")).unwrap();
    let keys: BTreeSet<&str> = main.as_object().unwrap().keys().map(String::as_str).collect();
    for forbidden in ["scripts", "dependencies", "devDependencies", "gypfile", "binary", "bundleDependencies"] {
        assert!(!keys.contains(forbidden), "{forbidden}");
    }
    assert!(!read("packaging/npm-packages").contains("\"scripts\""));
    let launcher = read("packaging/npm/portcullis.js");
    for forbidden in ["http", "fetch(", "execSync", "shell:", "process.exit(0)", "process.env"] {
        assert!(!launcher.contains(forbidden), "{forbidden}");
    }
    let modules: Vec<&str> = launcher.split("require(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(modules, ["node:child_process", "node:os", "./package.json"]);
}

#[test]
fn the_formula_asks_for_an_archive_and_its_digest_of_every_target_that_homebrew_has() {
    let template = read("packaging/homebrew/portcullis.rb");
    let release = release();
    let mut expected: BTreeSet<String> = ["version", "repository"].map(str::to_owned).into();
    for target in targets(&release).into_iter().filter(|target| target.get("homebrew").is_some()) {
        expected.extend([format!("archive {}", name(target)), format!("digest {}", name(target))]);
        let (on, cpu) = (target["homebrew"]["on"].as_str().unwrap(), target["homebrew"]["cpu"].as_str().unwrap());
        let system = template.split(&format!("on_{on} do\n")).nth(1).unwrap();
        let block = system.split(&format!("on_{cpu} do\n")).nth(1).unwrap().split("    end\n").next().unwrap();
        assert!(block.contains(&format!("url \"{{{{archive {}}}}}\"", name(target))), "{block}");
        assert!(block.contains(&format!("sha256 \"{{{{digest {}}}}}\"", name(target))), "{block}");
    }
    assert_eq!(placeholders(&template), expected.iter().map(String::as_str).collect());
    let count =
        |word: &str| template.lines().filter(|line| line.trim() == word || line.ends_with(&format!(" {word}"))).count();
    assert_eq!(count("do") + 2, count("end"), "each `do`, the class and the method end");
}

#[test]
fn the_container_holds_the_static_command_without_a_shell_or_rights() {
    let text = read("packaging/container/Containerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let said = |word: &str| lines.iter().filter(|line| line.starts_with(word)).copied().collect::<Vec<_>>();
    assert_eq!(said("FROM "), ["FROM scratch"]);
    assert_eq!(said("USER "), ["USER 65532:65532"]);
    assert_eq!(said("ENTRYPOINT "), ["ENTRYPOINT [\"/portcullis\"]"]);
    assert_eq!(said("COPY "), ["COPY ${TARGETARCH}/ /"]);
    assert!(said("RUN ").is_empty() && said("ADD ").is_empty() && said("ENV ").is_empty());
    for label in ["title", "description", "licenses", "version", "revision", "source"] {
        assert!(text.contains(&format!("org.opencontainers.image.{label}=")), "{label}");
    }
    let release = release();
    for target in targets(&release) {
        if let Some(processor) = target.get("container") {
            assert!(name(target).ends_with("-linux-musl"));
            assert_eq!(processor == "arm64", name(target).starts_with("aarch64"));
        }
    }
}

#[test]
fn what_the_binary_is_compiled_from_is_in_the_published_crate() {
    let manifest = manifest();
    let included: Vec<&str> =
        manifest["package"]["include"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    // `include_str!` reaches for these; each is named, and everything else has to be asked for.
    for expected in [
        "/src/**",
        "/policies/**/*.rego",
        "/policies/*/patterns/*.yaml",
        "/fixtures/**",
        "/docs/pipelines/*.yml",
        "/docs/workflows/*.yml",
    ] {
        assert!(included.contains(&expected), "{expected}");
    }
    // Modules of tests are not compiled into it.
    let tests = |path: &str| path.ends_with("/tests.rs") || path.contains("/tests/");
    for (path, text) in files("src").into_iter().filter(|(path, _)| !tests(path)) {
        let shipped = text.split("#[cfg(test)]").next().unwrap();
        for reached in shipped.split("include_str!(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(!reached.contains("..") && Path::new(&path).with_file_name(reached).exists(), "{path}: {reached}");
        }
    }
}

#[test]
fn a_release_workflow_builds_every_target() {
    // Where there is none, nothing is released but by hand; RELEASING.md says how.
    let Ok(workflow) = fs::read_to_string(root().join(".github/workflows/release.yml")) else { return };
    for target in TARGETS {
        assert!(workflow.contains(target) || workflow.contains("packaging/release.json"), "{target}");
    }
}

#[test]
fn the_release_workflow_builds_and_packs_as_a_person_does() {
    let workflow = read(".github/workflows/release.yml");
    let scripts = files("action/release");
    let calls = |script: &str, words: &str| {
        let (_, text) = scripts.iter().find(|(path, _)| path.ends_with(script)).unwrap();
        text.contains(words)
    };
    for (script, words) in [
        ("build.sh", "\npackaging/build \"$TARGET\" binaries\n"),
        ("pack.sh", "\npackaging/bundle binaries dist --run "),
        ("pack.sh", "\npackaging/image binaries context "),
        ("pack.sh", "packaging/inspect \"$target\" \"$binary\"\n"),
        ("publish.sh", "sha256sum --check --strict"),
    ] {
        assert!(calls(script, words), "{script}: {words}");
        assert!(workflow.contains(&format!("bash action/release/{script}")), "{script} is not called");
    }
    for (path, text) in &scripts {
        for other in ["cargo build", "cargo zigbuild", "gzip", "musl-tools"] {
            assert!(!text.contains(other), "{path} has a way of its own: {other}");
        }
        if text.contains("targets\"") {
            assert!(text.contains(&format!("-eq {} ]", TARGETS.len())), "{path} counts other targets");
        }
    }
}

#[test]
fn what_builds_a_release_is_named_by_version_and_digest() {
    let text = read("packaging/tools.txt").replace("\\\n", "");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let names: Vec<&str> = lines.iter().map(|line| line.split_once("==").unwrap().0).collect();
    assert_eq!(names, ["cargo-zigbuild", "maturin", "ziglang"]);
    for line in lines {
        // One for each processor that a Linux machine of the workflow has.
        let digests: Vec<&str> = line.split("--hash=sha256:").skip(1).map(str::trim).collect();
        assert_eq!(digests.len(), 2, "{line}");
        assert!(digests.iter().all(|digest| digest.len() == 64), "{line}");
    }
    let tools = read("action/release/tools.sh");
    assert!(tools.contains("--require-hashes") && tools.contains("--only-binary :all:"));
    let version = |text: &str| text.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>();
    let rust = tools.lines().find_map(|line| line.strip_prefix("rust=")).unwrap();
    assert!(version(rust) >= version(manifest()["package"]["rust-version"].as_str().unwrap()), "{rust}");
}

#[test]
fn every_script_is_called_by_somebody_and_says_how() {
    let callers: String = files("packaging").into_iter().map(|(_, text)| text).collect::<String>()
        + &read("RELEASING.md")
        + &read(".ci/run");
    for entry in fs::read_dir(root().join("packaging")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() || path.extension().is_some() || name.starts_with('.') {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("#!/usr/bin/env "), "{name}");
        assert!(text.contains(&format!("Usage: {name} ")), "{name} does not say how it is called");
        assert!(callers.contains(&format!("packaging/{name}")) || callers.contains(&format!("$here/{name}")), "{name}");
    }
}
