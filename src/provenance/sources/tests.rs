use std::path::Path;

use super::SOURCES;

#[test]
fn the_list_is_sorted_and_holds_every_file_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/provenance/sources");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = files
        .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| name != "mod" && name != "tests")
        .collect();
    names.sort();
    assert_eq!(SOURCES.iter().map(|source| source.name).collect::<Vec<_>>(), names);
}
