//! The bodies of the fuzz targets over their corpus and over mutations of it: what fuzzing has found stays found, and a
//! broken property shows without a fuzzer.
//!
//! Mutations are the same in every run. `PORTCULLIS_FUZZ_SECONDS=60 cargo test --test fuzzing mutations -- --nocapture`
//! goes on with other ones for that long a body (`PORTCULLIS_FUZZ_BODY` takes one of them), and says how many it tried;
//! `fuzz/run` does the same under libFuzzer where there is a C++ compiler.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]
#![allow(clippy::disallowed_methods, unreachable_pub, reason = "a test; it measures its own time")]

#[path = "../fuzz/src/bodies.rs"]
mod bodies;
#[path = "fuzzing/properties.rs"]
mod properties;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bodies::{BODIES, Body};
use portcullis::clock::Stopwatch;

/// Mutations of a body in an ordinary run: together a few seconds of a debug build.
const MUTATIONS: u64 = 150;

/// The longest input of a mutation, in bytes.
const LONGEST: usize = 16_000;

/// What the readers' grammars and the sinks know; put into inputs whole.
const WORDS: &[&str] = &[
    "\0",
    "\n",
    "\r",
    "\t",
    "\u{FEFF}",
    "\u{202E}",
    "\u{1B}[2J",
    "::",
    "##[",
    "%0A",
    "@a",
    "#1",
    "<",
    ">",
    "&",
    "'",
    "\"",
    "`",
    "```",
    "|",
    "\\",
    "\\u0000",
    "[[[[[[[[",
    "{{{{{{{{",
    "((((((((",
    "]]",
    "}}",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "--- ",
    "...",
    "#",
    "//",
    "/*",
    "*/",
    "<<EOF\n",
    "${",
    "%{",
    "0x",
    "1e999",
    "-0",
    "9223372036854775808",
    "nan",
    "null",
    "true",
    "\u{E9}",
    "\u{1F600}",
    "e\u{301}",
    "package a\n",
    "deny contains x if {",
    "with input as ",
    "data.",
    "input.",
    "# METADATA\n",
    "[a](b)",
    "https://",
    "/approve",
    "\u{2028}",
    "\u{AD}",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder().join("corpus").join(name))
        .unwrap_or_else(|error| panic!("fuzz/corpus/{name}: {error}"))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A generator with a seed, so that every run of a body tries the same.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Returns a number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % bound.max(1)
    }

    /// Returns a range inside `length`.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = (length - start).min(1 + self.below(64));
        start..start + self.below(most + 1)
    }
}

/// Returns one input changed in a few places.
pub(crate) fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut input = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(input.len() + 1);
        match dice.below(8) {
            0 if !input.is_empty() => {
                let at = dice.below(input.len());
                input[at] ^= 1 << dice.below(8);
            }
            1 => input.insert(at, u8::try_from(dice.below(256)).unwrap()),
            2 => drop(input.drain(dice.range(input.len()))),
            3 => {
                let piece = input[dice.range(input.len())].repeat(1 + dice.below(8));
                input.splice(at..at, piece);
            }
            4 => {
                let other = &seeds[dice.below(seeds.len())];
                input.splice(at..at, other[dice.range(other.len())].iter().copied());
            }
            5 => input.truncate(at),
            _ => {
                let word = WORDS[dice.below(WORDS.len())].repeat(1 + dice.below(3));
                input.splice(at..at, word.into_bytes());
            }
        }
        input.truncate(LONGEST);
    }
    input
}

/// Runs a body and says on which bytes it failed.
fn holds((name, body): Body, input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| body(input))).is_err() {
        panic!("`{name}` does not hold for b\"{}\"; put the bytes into fuzz/corpus/{name}/", input.escape_ascii());
    }
}

#[test]
fn every_body_holds_over_its_corpus() {
    for body in BODIES {
        let seeds = corpus(body.0);
        assert!(!seeds.is_empty() && seeds.len() <= 20, "{} has {} seeds", body.0, seeds.len());
        seeds.iter().for_each(|seed| holds(*body, seed));
        holds(*body, b"");
    }
}

#[test]
fn every_body_holds_over_mutations_of_its_corpus() {
    let seconds = std::env::var("PORTCULLIS_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let only = std::env::var("PORTCULLIS_FUZZ_BODY").ok();
    let seed: u64 = std::env::var("PORTCULLIS_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_default();
    for (index, body) in BODIES.iter().enumerate().filter(|(_, body)| only.as_deref().is_none_or(|only| only == body.0))
    {
        let seeds = corpus(body.0);
        let mut dice = Dice::new(seed * 1_000 + index as u64 + 1);
        let clock = Stopwatch::start();
        let mut count = 0_u64;
        let more = |count| seconds.map_or(count < MUTATIONS, |limit| clock.elapsed() < Duration::from_secs(limit));
        let last = std::env::temp_dir().join(format!("portcullis-fuzz-{}-last", std::process::id()));
        while more(count) {
            let input = mutated(&seeds, &mut dice);
            if seconds.is_some() {
                // A death that cannot be caught leaves its input behind.
                fs::write(&last, &input).unwrap();
            }
            holds(*body, &input);
            count += 1;
        }
        println!("{}: {count} inputs in {:?}", body.0, clock.elapsed());
    }
}

#[test]
fn every_body_is_a_fuzz_target_with_a_small_corpus() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let names: Vec<&str> = BODIES.iter().map(|(name, _)| *name).collect();
    assert!(names.is_sorted());
    for (kind, ending) in [("fuzz_targets", ".rs"), ("corpus", "")] {
        let mut found: Vec<String> = fs::read_dir(folder().join(kind))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(ending).to_owned())
            .collect();
        found.sort();
        assert_eq!(found, names, "fuzz/{kind}");
    }
    for name in &names {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let target = fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("portcullis_fuzz::bodies::{name}(data)")), "{target}");
    }
    for words in fs::read_dir(folder().join("words")).unwrap() {
        let words = words.unwrap().file_name().into_string().unwrap();
        assert!(words.strip_suffix(".dict").is_some_and(|name| names.contains(&name)), "fuzz/words/{words}");
    }
    let bytes: usize = names.iter().flat_map(|name| corpus(name)).map(|seed| seed.len()).sum();
    assert!(bytes < 50_000, "{bytes} bytes of corpus");
}

#[test]
fn seeds_that_are_whole_are_read() {
    let saved = fs::read(folder().join("corpus/saved/whole.json")).unwrap();
    assert!(serde_json::from_slice::<portcullis::gate::SavedInput>(&saved).is_ok(), "save it again");
}
