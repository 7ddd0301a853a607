use std::collections::BTreeSet;

use super::{FAMILIES, follow, upwards};

#[test]
fn every_family_of_languages_has_one_file_and_one_sorted_line() {
    let ids: Vec<&str> = FAMILIES.iter().map(|family| family.id).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids, crate::facts::families());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/impact/resolve");
    let shared = BTreeSet::from(["jsonc", "paths", "tests"].map(str::to_owned));
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .filter(|name| !shared.contains(name))
        .collect();
    assert_eq!(files, ids.iter().map(|id| (*id).to_owned()).collect());
}

#[test]
fn a_relative_path_never_leaves_the_repository() {
    assert_eq!(follow("a/b", "../c/./d").as_deref(), Some("a/c/d"));
    assert_eq!(follow("a", "..").as_deref(), Some(""));
    assert_eq!(follow("a", "../../c"), None);
    assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
}
