//! `setup.py`, `setup.cfg` and the settings of pip, read by their lines: nothing is run.
//!
//! Owns which lists of texts are requirements. What a script computes is not seen.

use super::requirement;
use crate::dependencies::declared::{DependencyScope, Manifest};
use crate::dependencies::reading::lines;

/// Reads the lists of texts behind `install_requires=` and its like.
pub(super) fn script(text: &str, manifest: &mut Manifest) {
    let mut open: Option<DependencyScope> = None;
    for (line, row) in lines::numbered(text) {
        let code = lines::uncommented(row, "#");
        let mut rest = code;
        if open.is_none() {
            let keys = [
                ("install_requires", DependencyScope::Runtime),
                ("setup_requires", DependencyScope::Build),
                ("tests_require", DependencyScope::Dev),
            ];
            for (key, scope) in keys {
                let after = code.split_once(key).map(|(_, after)| after.trim_start());
                if let Some(list) =
                    after.and_then(|after| after.strip_prefix('=')).and_then(|list| list.trim_start().strip_prefix('['))
                {
                    (open, rest) = (Some(scope), list);
                }
            }
            if named(code, "cmdclass") {
                manifest.script("cmdclass", code.trim(), line);
            }
            if let Some(licence) = code.trim_start().strip_prefix("license=") {
                manifest.licensed(licence.trim_end_matches(',').trim_matches(['"', '\'']), line);
            }
        }
        let Some(scope) = open else { continue };
        let list = rest.split("],").next().unwrap_or(rest);
        for quoted in lines::quoted(list) {
            if let Some(declared) = requirement(quoted.text, scope, line) {
                manifest.push(declared);
            }
        }
        let behind = lines::quoted(rest)
            .last()
            .and_then(|last| rest.rfind(last.text).and_then(|at| rest.get(at + last.text.len()..)));
        if behind.unwrap_or(rest).contains(']') {
            open = None;
        }
    }
    manifest.publishes = text.contains("setup(");
}

/// Says whether a keyword argument of that name is given.
fn named(code: &str, key: &str) -> bool {
    code.split_once(key)
        .is_some_and(|(_, after)| after.trim_start().starts_with('=') && !after.trim_start().starts_with("=="))
}

pub(super) fn configuration(text: &str, manifest: &mut Manifest) {
    let (mut section, mut key) = ("", "");
    for (line, row) in lines::numbered(text) {
        if let Some(name) = row.strip_prefix('[').and_then(|row| row.split_once(']')) {
            (section, key) = (name.0, "");
            continue;
        }
        if row.starts_with(['#', ';']) {
            continue;
        }
        let indented = row.starts_with([' ', '\t']);
        let value = match row.split_once('=').filter(|_| !indented) {
            Some((name, value)) => {
                key = name.trim();
                value.trim()
            }
            None => row.trim(),
        };
        let scope = match (section, key) {
            ("options", "install_requires") => DependencyScope::Runtime,
            ("options", "setup_requires") => DependencyScope::Build,
            ("options", "tests_require") => DependencyScope::Dev,
            ("options.extras_require", _) => DependencyScope::Optional,
            ("options", "cmdclass") => {
                manifest.script("cmdclass", value, line);
                continue;
            }
            ("metadata", "license") => {
                manifest.licensed(value, line);
                continue;
            }
            ("metadata", "name") => {
                value.clone_into(&mut manifest.name);
                manifest.publishes = true;
                continue;
            }
            _ => continue,
        };
        if let Some(declared) = requirement(value, scope, line) {
            manifest.push(declared);
        }
    }
}

pub(super) fn settings(text: &str, manifest: &mut Manifest) {
    for (line, row) in lines::numbered(text) {
        let Some((key, value)) = row.split_once('=') else { continue };
        if matches!(key.trim(), "index-url" | "extra-index-url" | "find-links") {
            manifest.registry(value, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dependencies::tests::{entries, manifest};

    #[test]
    fn lists_of_texts_in_a_setup_script_are_read() {
        let text = "from setuptools import setup\nsetup(\n    name='a',\n    install_requires=['x[y]>=1', 'b'],\n    tests_require=[\n        'c',  # why\n    ],\n    cmdclass={'install': Own},\n    scripts=['d'],\n)\n";
        assert_eq!(
            entries("setup.py", text),
            ["4 x >=1 registry runtime ", "4 b  registry runtime ", "6 c  registry dev "]
        );
        assert_eq!(manifest("setup.py", text).scripts[0].line, 8);
    }

    #[test]
    fn options_of_a_setup_configuration_are_read() {
        let text = "[metadata]\nname = a\nlicense = MIT\n[options]\ninstall_requires =\n    x>=1\n    y\npackages = find:\n[options.extras_require]\nfast = z\n";
        assert_eq!(
            entries("setup.cfg", text),
            ["6 x >=1 registry runtime ", "7 y  registry runtime ", "10 z  registry optional "]
        );
    }
}
