//! What the code says: one parse a side, one walk, facts with their line range and what the change did to them.
//!
//! Owns the fact types and their extraction. Runs inside the worker: it opens nothing and reads no clock but the
//! deadline it is given. Must not know policies or findings.

mod commented;
mod decode;
mod detect;
mod extract;
mod garbled;
mod imports;
mod languages;
mod learnt;
mod lines;
mod pair;
mod patterns;
mod plan;
mod preflight;
pub mod secrets;
mod side;
mod signature;
mod spelling;
mod testing;
mod twins;
mod walk;

pub use decode::source_text;
pub use detect::grammar_of;
pub use extract::Extractor;
pub use imports::{FileImports, ImportForm, ImportLine, families, family_of, language_of};
pub(crate) use imports::{go_names, java_names, python_names_changed, rust_names};
pub(crate) use languages::python::standard;
pub use learnt::VERSION;
pub use patterns::{
    CodePattern, CodePatternSet, QueryFault, Zones, ZonesBuilder, check_patterns, check_query, check_shape, check_text,
    example_file, file_name, language_id, language_ids, pattern_value,
};
pub use twins::{LEAST_LINES, Twin, TwinFile, may_take_blocks, twins};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::secrets::{SecretFact, Values};
use crate::change::Hunk;
use crate::dependencies::Dependencies;
use crate::documents::Sides;

/// What the change did to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FactChange {
    /// Only the head side has it.
    Added,
    /// Only the base side has it; its lines are those of the base.
    Removed,
    /// A symbol whose declaration differs.
    Signature,
    /// A symbol whose body differs and whose declaration does not.
    Body,
    /// The same text at another place of the same file.
    Moved,
    /// Both sides have it, untouched.
    Kept,
}

/// How far a file could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParseStatus {
    /// Parsed without a syntax error.
    Ok,
    /// Parsed, with syntax errors.
    Errors,
    /// Over a limit of size, nodes or depth.
    TooLarge,
    /// Over the time limit.
    Timeout,
    /// Over the memory limit.
    Memory,
    /// The grammar ended the worker process.
    Crash,
    /// No grammar for this file.
    Unsupported,
}

/// How far a file could be read, and whether a syntax error touches changed lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Parsed {
    /// How far the file could be read.
    pub status: ParseStatus,
    /// True when a syntax error overlaps a changed line.
    pub errors_in_change: bool,
}

/// A definition: function, type, constant, module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Symbol {
    /// Its own name.
    pub name: String,
    /// The name with its containers, joined by `.` (`Cart.total`), whichever the language.
    pub qualified: String,
    /// One of `function`, `method`, `class`, `struct`, `enum`, `interface`, `trait`, `type`, `constant`, `variable`,
    /// `field`, `module`, `macro`, `unknown`.
    pub kind: String,
    /// Visible outside its file or package.
    pub exported: bool,
    /// Has a documentation comment.
    pub documented: bool,
    /// The declaration with white space collapsed, without the body.
    pub signature: String,
    /// The signature on the base side, or empty.
    pub before: String,
    /// First line, from 1 (of the base side when removed).
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// What the change did.
    pub change: FactChange,
}

/// An import, include, use or require.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// What is imported as the source has it, one entry a name: `os.path`, `crate::a::B`, `./cart`.
    pub raw: String,
    /// The file or package it resolves to, or empty where that is not known.
    pub target: String,
    /// The module that holds the target, or empty.
    pub module: String,
    /// True when the target lies outside the repository; false also when not known.
    pub external: bool,
    /// Line, from 1.
    pub line: u32,
    /// What the change did.
    pub change: FactChange,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The called expression with white space collapsed, at most 200 characters: `logger.info`, `new Date`.
    pub callee: String,
    /// Line of the called name, from 1: in a chain over several lines that of its last part.
    pub line: u32,
    /// What the change did.
    pub change: FactChange,
}

/// A place where a pattern matched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// Id of the pattern rule, `<pack>/<id>`, or of the rule of the specification.
    pub pattern: String,
    /// First line, from 1.
    pub start: u32,
    /// First column in code points, from 1.
    pub column: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Column after the last character, on the last line, from 1.
    pub end_column: u32,
    /// The matched text, at most 500 characters.
    pub text: String,
    /// Text of each single metavariable, at most 200 characters each.
    pub captures: std::collections::BTreeMap<String, String>,
    /// What the change did.
    pub change: FactChange,
}

/// A character or encoding that makes the text read otherwise than it runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Hidden {
    /// Stable kebab-case kind: `bidi`, `invisible`, `homoglyph`, `mixed-script`, `lone-cr`, `nul`, `encoding`,
    /// `declared-encoding`, `unicode-escape`, `trigraph`, `bom`, `control`.
    pub kind: String,
    /// Line on the head side, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
    /// What the character is, in ASCII: `U+202E`, `utf-7`, `p\u{430}ypal`.
    pub detail: String,
    /// What the change did.
    pub change: FactChange,
}

/// How much an assertion says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// What exactly comes out: `assertEqual`, `toEqual`, `assert_eq!`.
    Exact,
    /// That something comes out: `assertIsNotNone`, `toBeTruthy`.
    Loose,
    /// Anything else.
    Other,
}

/// An assertion that a change takes out of a test, or puts into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Assertion {
    /// Line, from 1; of the base side where it was taken out.
    pub line: u32,
    /// Its text with white space collapsed, at most 200 characters.
    pub text: String,
    /// How much it says.
    pub strength: Strength,
}

/// A test in a file of tests, or in a Rust file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Test {
    /// Its name; of a test that is a call its title after those of its groups, joined by ` > `.
    pub name: String,
    /// Its name on the base side, or empty; another one where it is the same test by its text.
    pub before: String,
    /// First line, from 1 (of the base side when removed).
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// True when head says that it is not run, whatever the machine, or that it is to fail.
    pub skipped: bool,
    /// True when base says so.
    pub was_skipped: bool,
    /// Calls and statements in it that assert, by their names.
    pub assertions: u32,
    /// True when its declaration says what must happen, or it asserts nothing itself and calls what may: a helper of this
    /// file that does, or one that is not in sight.
    pub helped: bool,
    /// Assertions that only its base side has, at most 50.
    pub lost: Vec<Assertion>,
    /// Assertions that only its head side has, at most 50; none of a new test.
    pub gained: Vec<Assertion>,
    /// What the change did: `added`, `removed`, `body` or `kept`.
    pub change: FactChange,
}

/// A block of comments that reads as code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Commented {
    /// First line, from 1.
    pub start: u32,
    /// Last line, inclusive.
    pub end: u32,
    /// Its first line of code, at most 200 characters.
    pub text: String,
    /// True when base has most of its lines as code: the change put them into comments.
    pub was_code: bool,
}

/// Everything that was read out of one changed file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Id of the language, or `unknown`.
    pub language: String,
    /// True when either side is binary.
    pub binary: bool,
    /// True when the head side is a Git LFS pointer.
    pub lfs_pointer: bool,
    /// Added lines.
    pub added: u32,
    /// Removed lines.
    pub removed: u32,
    /// Changed line ranges, both sides.
    pub hunks: Vec<Hunk>,
    /// How far the file could be read.
    pub parsed: Parsed,
    /// Lines of syntax errors on the head side, at most 20.
    pub error_lines: Vec<u32>,
    /// Definitions, sorted by place.
    pub symbols: Vec<Symbol>,
    /// Imports, sorted by place.
    pub imports: Vec<Import>,
    /// Calls, sorted by place.
    pub calls: Vec<Call>,
    /// Pattern hits, sorted by place.
    pub matches: Vec<Match>,
    /// Tests, sorted by place; of files of tests and of Rust only.
    pub tests: Vec<Test>,
    /// Blocks of new comments that read as code, sorted by place.
    pub commented: Vec<Commented>,
    /// Deceiving characters and encodings, sorted by place.
    pub hidden: Vec<Hidden>,
    /// Secrets of the head side, sorted by place.
    pub secrets: Vec<SecretFact>,
    /// What they are, for the supervisor alone.
    pub values: Values,
    /// Both sides as configuration documents.
    pub documents: Sides,
    /// What it says about packages.
    pub dependencies: Dependencies,
    /// What could not be read: (code, message).
    pub faults: Vec<(String, String)>,
    /// What the base side says by itself, for later runs; empty unless asked for.
    #[serde(with = "serde_bytes")]
    pub learnt: Vec<u8>,
}

impl FileFacts {
    /// The facts of an entry that has no bytes of its own to read: a submodule, or a file that could not be read.
    #[must_use]
    pub fn unread() -> Self {
        Self {
            language: "unknown".to_owned(),
            binary: false,
            lfs_pointer: false,
            added: 0,
            removed: 0,
            hunks: Vec::new(),
            parsed: Parsed { status: ParseStatus::Unsupported, errors_in_change: false },
            error_lines: Vec::new(),
            symbols: Vec::new(),
            imports: Vec::new(),
            calls: Vec::new(),
            matches: Vec::new(),
            tests: Vec::new(),
            commented: Vec::new(),
            hidden: Vec::new(),
            secrets: Vec::new(),
            values: Values::default(),
            documents: Sides::default(),
            dependencies: Dependencies::default(),
            faults: Vec::new(),
            learnt: Vec::new(),
        }
    }
}
