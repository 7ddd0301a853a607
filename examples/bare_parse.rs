//! Parses every file below the given folders with the gate's grammars and does nothing else: the physical limit that
//! `benches/compare` measures the gate against. Prints files, bytes and threads.
#![allow(clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::path::PathBuf;

use portcullis::facts::grammar_of;
use rayon::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn files(roots: impl Iterator<Item = String>) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders: Vec<PathBuf> = roots.map(PathBuf::from).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                found.push((path, bytes));
            }
        }
    }
    found.sort_by_key(|(path, bytes)| (std::cmp::Reverse(bytes.len()), path.clone()));
    found
}

fn main() {
    let files = files(std::env::args().skip(1));
    let parsed: Vec<usize> = files
        .par_iter()
        .filter_map(|(path, bytes)| {
            let language = grammar_of(&path.to_string_lossy(), bytes)?;
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&language).ok()?;
            parser.parse(bytes, None).map(|_| bytes.len())
        })
        .collect();
    println!(
        "{} files, {} bytes parsed, {} threads",
        parsed.len(),
        parsed.iter().sum::<usize>(),
        rayon::current_num_threads()
    );
}
